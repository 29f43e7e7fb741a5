/* Dates and times: read in every form the service takes, written in its own. See functions_parts.h. */
#include "functions_parts.h"

#include <string.h>

enum { NS_DIGITS = 9 };
static const int64_t ns_per_second = 1000000000;
static const int64_t ns_per_day = 86400 * (int64_t)1000000000;
static const int64_t last_day = 3652058; /* 9999-12-31 */

const char *const moment_months[12] = {"January", "February", "March",     "April",   "May",      "June",
                                       "July",    "August",   "September", "October", "November", "December"};
const char *const moment_weekdays[7] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                        "Thursday", "Friday", "Saturday"};

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days of the year before the month, 1 to 12; 13: all. */
static int64_t days_before(int64_t year, int64_t month)
{
    static const int16_t days[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

    return days[month - 1] + (month > 2 && is_leap(year) ? 1 : 0);
}

bool moment_day(int64_t year, int64_t month, int64_t day, int64_t *out)
{
    int64_t before = year - 1;

    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > days_before(year, month + 1) - days_before(year, month))
        return false;
    *out = before * 365 + before / 4 - before / 100 + before / 400 + days_before(year, month) + day - 1;
    return true;
}

struct civil moment_civil(int64_t day)
{
    /* Cycles of 400, 100, 4 and 1 years; the last day of a long cycle belongs to its last year. */
    int64_t n400 = day / 146097;
    int64_t n100 = day % 146097 / 36524;
    int64_t n4;
    int64_t n1;
    int64_t year;
    int64_t month = 12;

    if (n100 == 4)
        n100 = 3;
    day -= n400 * 146097 + n100 * 36524;
    n4 = day / 1461;
    day -= n4 * 1461;
    n1 = day / 365;
    if (n1 == 4)
        n1 = 3;
    day -= n1 * 365;
    year = n400 * 400 + n100 * 100 + n4 * 4 + n1 + 1;
    while (days_before(year, month) > day)
        month--;
    return (struct civil){(int)year, (int)month, (int)(day - days_before(year, month)) + 1};
}

bool moment_in_range(const struct moment *moment)
{
    return moment->day >= 0 && moment->day <= last_day && moment->ns >= 0 && moment->ns < ns_per_day;
}

/* A run of digits, between `least` and `most` of them; -1: none. */
static int64_t read_digits(struct slice *text, size_t least, size_t most)
{
    int64_t value = 0;
    size_t n = 0;

    while (n < most && n < text->octets && text->data[n] >= '0' && text->data[n] <= '9')
        value = value * 10 + (text->data[n++] - '0');
    if (n < least)
        return -1;
    text->data += n;
    text->octets -= n;
    return value;
}

static bool skip(struct slice *text, char c)
{
    if (text->octets == 0 || *text->data != c)
        return false;
    text->data++;
    text->octets--;
    return true;
}

/* yyyy-MM-dd or yyyy/MM/dd; MM-dd-yyyy and MM/dd/yyyy as the service's examples have them. */
static bool read_date(struct slice *text, struct moment *out)
{
    struct slice start = *text;
    char mark;
    int64_t year = read_digits(text, 4, 4);
    int64_t month;
    int64_t day;

    if (year >= 0 && text->octets > 0 && (*text->data == '-' || *text->data == '/')) {
        mark = *text->data;
        skip(text, mark);
        month = read_digits(text, 1, 2);
        if (!skip(text, mark))
            return false;
        day = read_digits(text, 1, 2);
        return moment_day(year, month, day, &out->day);
    }
    *text = start;
    month = read_digits(text, 1, 2);
    if (month < 0 || text->octets == 0 || (*text->data != '-' && *text->data != '/'))
        return false;
    mark = *text->data;
    skip(text, mark);
    day = read_digits(text, 1, 2);
    if (!skip(text, mark))
        return false;
    year = read_digits(text, 4, 4);
    return moment_day(year, month, day, &out->day);
}

static bool read_fraction(struct slice *text, int64_t *ns)
{
    size_t digits = 0;

    if (text->octets == 0 || *text->data < '0' || *text->data > '9')
        return false;
    while (text->octets > 0 && *text->data >= '0' && *text->data <= '9') {
        if (digits++ < NS_DIGITS)
            *ns = *ns * 10 + (*text->data - '0');
        text->data++;
        text->octets--;
    }
    for (; digits < NS_DIGITS; digits++)
        *ns *= 10;
    return true;
}

/* HH:mm[:ss[.f…]]. */
static bool read_time(struct slice *text, struct moment *out)
{
    int64_t hour = read_digits(text, 1, 2);
    int64_t minute;
    int64_t second = 0;
    int64_t ns = 0;

    if (hour < 0 || hour > 23 || !skip(text, ':'))
        return false;
    minute = read_digits(text, 1, 2);
    if (minute < 0 || minute > 59)
        return false;
    if (skip(text, ':')) {
        second = read_digits(text, 1, 2);
        if (second < 0 || second > 59)
            return false;
        if (skip(text, '.') && !read_fraction(text, &ns))
            return false;
    }
    out->ns = (hour * 3600 + minute * 60 + second) * ns_per_second + ns;
    return true;
}

/* Z, +hh:mm, -hhmm, or nothing. */
static bool read_offset(struct slice *text, int64_t *minutes)
{
    bool west;
    int64_t hour;
    int64_t minute;

    *minutes = 0;
    skip(text, ' ');
    if (skip(text, 'Z') || skip(text, 'z') || text->octets == 0)
        return true;
    west = skip(text, '-');
    if (!west && !skip(text, '+'))
        return false;
    hour = read_digits(text, 2, 2);
    skip(text, ':');
    minute = read_digits(text, 2, 2);
    if (hour < 0 || hour > 14 || minute < 0 || minute > 59)
        return false;
    *minutes = (hour * 60 + minute) * (west ? -1 : 1);
    return true;
}

static void normalize(struct moment *moment)
{
    int64_t days = moment->ns / ns_per_day;

    if (moment->ns % ns_per_day < 0)
        days--;
    moment->ns -= days * ns_per_day;
    if (moment->has_date)
        moment->day += days;
}

bool moment_read(struct slice text, struct moment *out)
{
    struct slice rest = text;
    int64_t offset = 0;

    *out = (struct moment){0};
    while (skip(&rest, ' '))
        continue;
    while (rest.octets > 0 && rest.data[rest.octets - 1] == ' ')
        rest.octets--;
    text = rest;
    out->has_date = read_date(&rest, out);
    if (!out->has_date)
        rest = text;
    else if (rest.octets == 0)
        return true;
    else if (!skip(&rest, 'T') && !skip(&rest, 't') && !skip(&rest, ' '))
        return false;
    out->has_time = true;
    if (!read_time(&rest, out) || !read_offset(&rest, &offset) || rest.octets > 0)
        return false;
    out->ns -= offset * 60 * ns_per_second;
    normalize(out);
    return !out->has_date || moment_in_range(out);
}

static char *put(char *p, int64_t value, int digits)
{
    for (int i = digits - 1; i >= 0; i--, value /= 10)
        p[i] = (char)('0' + value % 10);
    return p + digits;
}

size_t moment_write(const struct moment *moment, int digits, char room[MOMENT_ROOM])
{
    char *p = room;

    if (moment->has_date) {
        struct civil civil = moment_civil(moment->day);

        p = put(p, civil.year, 4);
        *p++ = '-';
        p = put(p, civil.month, 2);
        *p++ = '-';
        p = put(p, civil.day, 2);
    }
    if (moment->has_date && moment->has_time)
        *p++ = 'T';
    if (moment->has_time) {
        int64_t seconds = moment->ns / ns_per_second;
        int64_t fraction = moment->ns % ns_per_second;

        p = put(p, seconds / 3600, 2);
        *p++ = ':';
        p = put(p, seconds / 60 % 60, 2);
        *p++ = ':';
        p = put(p, seconds % 60, 2);
        if (digits < 0)
            for (digits = fraction == 0 ? 0 : NS_DIGITS; digits > 0 && fraction % 10 == 0; fraction /= 10)
                digits--;
        else
            for (int i = digits; i < NS_DIGITS; i++)
                fraction /= 10;
        if (digits > 0) {
            *p++ = '.';
            p = put(p, fraction, digits > NS_DIGITS ? NS_DIGITS : digits);
        }
        if (moment->has_date)
            *p++ = 'Z';
    }
    *p = '\0';
    return (size_t)(p - room);
}
