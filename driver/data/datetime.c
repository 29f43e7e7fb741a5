/* Owns the text of dates and times and the Gregorian calendar. Knows no cell, no C type and no time zone
 * but UTC. */
#include "data/datetime.h"

#include <string.h>
#include <time.h>

#include "base/text.h"
#include "data/number.h"

enum { SECONDS_A_DAY = 86400, LAST_YEAR = 9999 };

static bool is_leap(int32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

enum ca_conversion ca_datetime_conversion(enum ca_datetime_error error, enum ca_conversion syntax)
{
    switch (error) {
    case CA_DATETIME_OK:
        return CA_CONVERTED;
    case CA_DATETIME_FIELD:
        return CA_CONVERT_DATETIME_FORMAT;
    case CA_DATETIME_OVERFLOW:
        return CA_CONVERT_DATETIME_RANGE;
    default:
        return syntax;
    }
}

bool ca_date_is_valid(int32_t year, uint32_t month, uint32_t day)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || year > LAST_YEAR || month < 1 || month > 12 || day < 1)
        return false;
    return day <= days[month - 1] || (month == 2 && day == 29 && is_leap(year));
}

bool ca_time_is_valid(uint32_t hour, uint32_t minute, uint32_t second)
{
    return hour < 24 && minute < 60 && second < 62;
}

/* Days since 1970-01-01. March is taken as the first month, so that the leap day ends a year; eras of 400
 * years all have the same length. */
static int64_t days_of_date(int32_t year, uint32_t month, uint32_t day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t month_from_march = month > 2 ? (int64_t)month - 3 : (int64_t)month + 9;
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + (int64_t)day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static void set_date_of_days(struct ca_datetime *value, int64_t days)
{
    int64_t shifted = days + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    value->day = (uint32_t)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    value->month = (uint32_t)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    value->year = (int32_t)(year_of_era + era * 400 + (value->month <= 2));
}

void ca_datetime_set_today(struct ca_datetime *value)
{
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_REALTIME, &now);
    set_date_of_days(value, now.tv_sec / SECONDS_A_DAY);
    value->has_date = true;
}

struct reader {
    const char *at;
    const char *end;
};

static bool read_char(struct reader *reader, char c)
{
    if (reader->at == reader->end || *reader->at != c)
        return false;
    reader->at++;
    return true;
}

static bool read_digits(struct reader *reader, int count, uint32_t *value)
{
    *value = 0;
    if (reader->end - reader->at < count)
        return false;
    for (; count > 0; count--, reader->at++) {
        if (!ca_is_digit(*reader->at))
            return false;
        *value = *value * 10 + (uint32_t)(*reader->at - '0');
    }
    return true;
}

static bool read_date(struct reader *reader, struct ca_datetime *value)
{
    uint32_t year;
    if (!read_digits(reader, 4, &year) || !read_char(reader, '-') || !read_digits(reader, 2, &value->month) ||
        !read_char(reader, '-') || !read_digits(reader, 2, &value->day))
        return false;
    value->year = (int32_t)year;
    value->has_date = true;
    return true;
}

static void read_fraction(struct reader *reader, struct ca_datetime *value)
{
    uint32_t place = 100000000;
    for (; reader->at < reader->end && ca_is_digit(*reader->at); reader->at++, place /= 10) {
        uint32_t digit = (uint32_t)(*reader->at - '0');
        value->fraction += digit * place;
        value->inexact |= place == 0 && digit != 0;
    }
}

static bool read_time(struct reader *reader, struct ca_datetime *value)
{
    if (!read_digits(reader, 2, &value->hour) || !read_char(reader, ':') ||
        !read_digits(reader, 2, &value->minute))
        return false;
    value->has_time = true;
    if (!read_char(reader, ':'))
        return true;
    if (!read_digits(reader, 2, &value->second))
        return false;
    if (read_char(reader, '.'))
        read_fraction(reader, value);
    return true;
}

/* Minutes east of UTC. */
static bool read_offset(struct reader *reader, int32_t *minutes)
{
    uint32_t hour = 0;
    uint32_t minute = 0;
    *minutes = 0;
    if (reader->at == reader->end || read_char(reader, 'Z') || read_char(reader, 'z'))
        return true;
    bool west = *reader->at == '-';
    if (!west && *reader->at != '+')
        return false;
    reader->at++;
    if (!read_digits(reader, 2, &hour))
        return false;
    if (reader->at < reader->end) {
        read_char(reader, ':');
        if (!read_digits(reader, 2, &minute))
            return false;
    }
    if (hour > 23 || minute > 59)
        return false;
    *minutes = (int32_t)(hour * 60 + minute) * (west ? -1 : 1);
    return true;
}

/* The inside of `{d '…'}`, `{t '…'}`, `{ts '…'}`; text without braces as it is. */
static struct reader strip_escape(const char *text, size_t octets)
{
    struct reader reader = {text, text + octets};
    if (octets < 2 || text[0] != '{' || text[octets - 1] != '}')
        return reader;
    size_t inner = octets - 2;
    const char *at = ca_text_trim(text + 1, &inner);
    while (inner && (ca_text_lower(*at) == 'd' || ca_text_lower(*at) == 't' || ca_text_lower(*at) == 's')) {
        at++;
        inner--;
    }
    at = ca_text_trim(at, &inner);
    if (inner >= 2 && at[0] == '\'' && at[inner - 1] == '\'')
        reader = (struct reader){at + 1, at + inner - 1};
    return reader;
}

static enum ca_datetime_error to_utc(struct ca_datetime *value, int32_t offset_minutes)
{
    int64_t minutes = (int64_t)value->hour * 60 + value->minute - offset_minutes;
    int64_t days = minutes < 0 ? -1 : minutes / (24 * 60);
    minutes -= days * 24 * 60;
    value->hour = (uint32_t)(minutes / 60);
    value->minute = (uint32_t)(minutes % 60);
    if (days != 0 && value->has_date) {
        set_date_of_days(value, days_of_date(value->year, value->month, value->day) + days);
        if (value->year < 1 || value->year > LAST_YEAR)
            return CA_DATETIME_OVERFLOW;
    }
    return CA_DATETIME_OK;
}

enum ca_datetime_error ca_datetime_read(const char *text, size_t octets, struct ca_datetime *value)
{
    struct reader reader = strip_escape(text, octets);
    int32_t offset = 0;
    *value = (struct ca_datetime){0};
    bool dated = reader.end - reader.at > 4 && reader.at[4] == '-';
    if (dated) {
        if (!read_date(&reader, value))
            return CA_DATETIME_SYNTAX;
        if (read_char(&reader, 'T') || read_char(&reader, 't') || read_char(&reader, ' '))
            dated = false; /* a time must follow */
    }
    if (!dated && !read_time(&reader, value))
        return CA_DATETIME_SYNTAX;
    if (!read_offset(&reader, &offset) || reader.at != reader.end)
        return CA_DATETIME_SYNTAX;
    if (value->has_date && !ca_date_is_valid(value->year, value->month, value->day))
        return CA_DATETIME_FIELD;
    if (!ca_time_is_valid(value->hour, value->minute, value->second))
        return CA_DATETIME_FIELD;
    return offset && value->has_time ? to_utc(value, offset) : CA_DATETIME_OK;
}

size_t ca_date_write(const struct ca_datetime *value, char *text)
{
    ca_write_padded(text, (uint32_t)value->year, 4);
    text[4] = '-';
    ca_write_padded(text + 5, value->month, 2);
    text[7] = '-';
    ca_write_padded(text + 8, value->day, 2);
    return 10;
}

int ca_fraction_digits(uint32_t fraction, int least)
{
    int digits = 9;
    while (digits > least && fraction % 10 == 0) {
        fraction /= 10;
        digits--;
    }
    return digits;
}

size_t ca_time_write(const struct ca_datetime *value, int digits, char *text)
{
    char fraction[9];
    ca_write_padded(text, value->hour, 2);
    text[2] = ':';
    ca_write_padded(text + 3, value->minute, 2);
    text[5] = ':';
    ca_write_padded(text + 6, value->second, 2);
    if (digits <= 0)
        return 8;
    ca_write_padded(fraction, value->fraction, 9);
    text[8] = '.';
    memcpy(text + 9, fraction, (size_t)digits);
    return 9 + (size_t)digits;
}
