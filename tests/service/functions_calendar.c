/* The date functions of the dialect (SERVICE.md section 5). See functions_parts.h. */
#include "functions_parts.h"

#include <string.h>
#include <strings.h>
#include <time.h>

enum part {
    PART_YEAR,
    PART_QUARTER,
    PART_MONTH,
    PART_DAYOFYEAR,
    PART_DAY,
    PART_WEEK,
    PART_WEEKDAY,
    PART_HOUR,
    PART_MINUTE,
    PART_SECOND,
    PART_MILLISECOND,
    PART_MICROSECOND,
    PART_NANOSECOND,
};

static const struct part_name {
    const char *name;
    enum part part;
} part_names[] = {
    {"year", PART_YEAR},
    {"yy", PART_YEAR},
    {"yyyy", PART_YEAR},
    {"quarter", PART_QUARTER},
    {"qq", PART_QUARTER},
    {"q", PART_QUARTER},
    {"month", PART_MONTH},
    {"mm", PART_MONTH},
    {"m", PART_MONTH},
    {"dayofyear", PART_DAYOFYEAR},
    {"dy", PART_DAYOFYEAR},
    {"y", PART_DAYOFYEAR},
    {"day", PART_DAY},
    {"dd", PART_DAY},
    {"d", PART_DAY},
    {"week", PART_WEEK},
    {"wk", PART_WEEK},
    {"ww", PART_WEEK},
    {"weekday", PART_WEEKDAY},
    {"dw", PART_WEEKDAY},
    {"hour", PART_HOUR},
    {"hh", PART_HOUR},
    {"minute", PART_MINUTE},
    {"mi", PART_MINUTE},
    {"n", PART_MINUTE},
    {"second", PART_SECOND},
    {"ss", PART_SECOND},
    {"s", PART_SECOND},
    {"millisecond", PART_MILLISECOND},
    {"ms", PART_MILLISECOND},
    {"microsecond", PART_MICROSECOND},
    {"mcs", PART_MICROSECOND},
    {"nanosecond", PART_NANOSECOND},
    {"ns", PART_NANOSECOND},
};

static const int64_t ns_per_day = 86400 * (int64_t)1000000000;

/* Nanoseconds of the parts that have a fixed length of at most a week; 0 for the rest. */
static const int64_t part_ns[] = {
    [PART_DAYOFYEAR] = 86400 * (int64_t)1000000000,
    [PART_DAY] = 86400 * (int64_t)1000000000,
    [PART_WEEK] = 7 * 86400 * (int64_t)1000000000,
    [PART_WEEKDAY] = 86400 * (int64_t)1000000000,
    [PART_HOUR] = 3600 * (int64_t)1000000000,
    [PART_MINUTE] = 60 * (int64_t)1000000000,
    [PART_SECOND] = 1000000000,
    [PART_MILLISECOND] = 1000000,
    [PART_MICROSECOND] = 1000,
    [PART_NANOSECOND] = 1,
};

/* Months of the parts that are made of months. */
static const int64_t part_months[] = {
    [PART_YEAR] = 12, [PART_QUARTER] = 3, [PART_MONTH] = 1, [PART_NANOSECOND] = 0};

static bool find_part(sqlite3_value *value, enum part *out)
{
    struct slice name = slice_of(value);

    for (size_t i = 0; i < sizeof part_names / sizeof *part_names; i++)
        if (strlen(part_names[i].name) == name.octets &&
            strncasecmp(part_names[i].name, name.data, name.octets) == 0) {
            *out = part_names[i].part;
            return true;
        }
    return false;
}

static bool need_part(sqlite3_context *context, sqlite3_value *value, enum part *out)
{
    if (find_part(value, out))
        return true;
    sqlite3_result_error(context, "The name of a date part is expected, as in 'day'.", -1);
    return false;
}

static void result_moment(sqlite3_context *context, const struct moment *moment)
{
    char room[MOMENT_ROOM];
    size_t octets = moment_write(moment, -1, room);

    result_slice(context, (struct slice){room, octets});
}

static int64_t weekday_of(int64_t day)
{
    return (day + 1) % 7; /* 0001-01-01 was a Monday; Sunday is 0 */
}

static struct moment now(void)
{
    struct timespec at;
    struct moment moment = {.has_date = true, .has_time = true};

    (void)clock_gettime(CLOCK_REALTIME, &at);
    moment.day = at.tv_sec / 86400 + 719162; /* days from 0001-01-01 to 1970-01-01 */
    moment.ns = at.tv_sec % 86400 * 1000000000 + at.tv_nsec / 100 * 100;
    return moment;
}

void date_now(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct moment moment = now();

    (void)count;
    (void)values;
    result_moment(context, &moment);
}

void date_today(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct moment moment = now();

    (void)count;
    (void)values;
    moment.has_time = false;
    result_moment(context, &moment);
}

/* `amount` times `months` later, the day cut to the month's last. */
static bool add_months(struct moment *moment, int64_t amount, int64_t months)
{
    struct civil civil = moment_civil(moment->day);
    int64_t month = (int64_t)civil.year * 12 + civil.month - 1;
    int64_t day = civil.day;

    if (amount > 120000 || amount < -120000) /* ten thousand years */
        return false;
    month += amount * months;
    if (month < 12)
        return false;
    while (day > 0 && !moment_day(month / 12, month % 12 + 1, day, &moment->day))
        day--;
    return day > 0;
}

static bool add_ns(struct moment *moment, int64_t amount, int64_t unit)
{
    int64_t per_day = ns_per_day / unit; /* 0 for weeks */
    int64_t days;

    if (per_day == 0) {
        if (amount > 600000 || amount < -600000)
            return false;
        moment->day += amount * (unit / ns_per_day);
        return true;
    }
    days = amount / per_day;
    if (days > 4000000 || days < -4000000)
        return false;
    moment->day += days;
    moment->ns += amount % per_day * unit;
    if (moment->ns < 0) {
        moment->ns += ns_per_day;
        moment->day--;
    } else if (moment->ns >= ns_per_day) {
        moment->ns -= ns_per_day;
        moment->day++;
    }
    return true;
}

void date_add(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct moment moment;
    enum part part;
    int64_t amount = sqlite3_value_int64(values[1]);
    bool date_only;
    bool fits;

    (void)count;
    if (!need_part(context, values[0], &part) || !moment_read(slice_of(values[2]), &moment))
        return;
    date_only = moment.has_date && !moment.has_time && (part_ns[part] == 0 || part_ns[part] >= ns_per_day);
    if (!moment.has_date)
        moment.day = 1000000; /* a time of day: its date is of no account */
    fits = part_ns[part] == 0 ? add_months(&moment, amount, part_months[part])
                              : add_ns(&moment, amount, part_ns[part]);
    if (!fits || (moment.has_date && !moment_in_range(&moment)))
        return;
    if (moment.has_date)
        moment.has_time = !date_only;
    result_moment(context, &moment);
}

/* Units begun between two moments: whole days, hours … on the clock, not elapsed ones. */
void date_diff(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct moment from;
    struct moment to;
    enum part part;
    int64_t per_day;

    (void)count;
    if (!need_part(context, values[0], &part))
        return;
    if (part != PART_DAY && part != PART_HOUR && part != PART_MINUTE && part != PART_SECOND &&
        part != PART_MILLISECOND) {
        sqlite3_result_error(context, "DATEDIFF knows day, hour, minute, second and millisecond.", -1);
        return;
    }
    if (!moment_read(slice_of(values[1]), &from) || !moment_read(slice_of(values[2]), &to))
        return;
    per_day = ns_per_day / part_ns[part];
    sqlite3_result_int64(context,
                         (to.day - from.day) * per_day + to.ns / part_ns[part] - from.ns / part_ns[part]);
}

void date_from_parts(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct moment moment = {.has_date = true};

    (void)count;
    if (moment_day(sqlite3_value_int64(values[0]), sqlite3_value_int64(values[1]),
                   sqlite3_value_int64(values[2]), &moment.day))
        result_moment(context, &moment);
}

static int64_t day_of_year(int64_t day)
{
    int64_t first = 0;

    (void)moment_day(moment_civil(day).year, 1, 1, &first);
    return day - first + 1;
}

/* Weeks begin on `first_weekday` (Sunday 0); the first holds the 1st of January. */
static int64_t week_of(int64_t day, int64_t first_weekday)
{
    int64_t in_year = day_of_year(day) - 1;
    int64_t before = (weekday_of(day - in_year) - first_weekday + 7) % 7;

    return (in_year + before) / 7 + 1;
}

static int64_t part_value(const struct moment *moment, enum part part, int64_t first_weekday)
{
    struct civil civil = moment_civil(moment->day);
    int64_t seconds = moment->ns / 1000000000;

    switch (part) {
    case PART_YEAR:
        return civil.year;
    case PART_QUARTER:
        return (civil.month + 2) / 3;
    case PART_MONTH:
        return civil.month;
    case PART_DAYOFYEAR:
        return day_of_year(moment->day);
    case PART_DAY:
        return civil.day;
    case PART_WEEK:
        return week_of(moment->day, first_weekday);
    case PART_WEEKDAY:
        return (weekday_of(moment->day) - first_weekday + 7) % 7 + 1;
    case PART_HOUR:
        return seconds / 3600;
    case PART_MINUTE:
        return seconds / 60 % 60;
    case PART_SECOND:
        return seconds % 60;
    default:
        return moment->ns % 1000000000 / part_ns[part];
    }
}

static bool is_of_date(enum part part)
{
    return part <= PART_WEEKDAY;
}

/* Reads the moment and gives the part, NULL where the text has none. */
static void result_part(sqlite3_context *context, sqlite3_value *value, enum part part, int64_t first_weekday)
{
    struct moment moment;

    if (moment_read(slice_of(value), &moment) && (moment.has_date || !is_of_date(part)))
        sqlite3_result_int64(context, part_value(&moment, part, first_weekday));
}

void date_part(sqlite3_context *context, int count, sqlite3_value **values)
{
    /* The third argument is the first day of the week, Monday 1 to Sunday 7. */
    int64_t first = count > 2 ? sqlite3_value_int64(values[2]) : 7;
    enum part part;

    if (need_part(context, values[0], &part))
        result_part(context, values[1], part, (first % 7 + 7) % 7);
}

void date_name(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct moment moment;
    enum part part;

    (void)count;
    if (!need_part(context, values[0], &part) || !moment_read(slice_of(values[1]), &moment) ||
        (!moment.has_date && is_of_date(part)))
        return;
    if (part == PART_MONTH) {
        sqlite3_result_text(context, moment_months[moment_civil(moment.day).month - 1], -1, SQLITE_STATIC);
    } else if (part == PART_WEEKDAY) {
        sqlite3_result_text(context, moment_weekdays[weekday_of(moment.day)], -1, SQLITE_STATIC);
    } else {
        char *text = sqlite3_mprintf("%lld", part_value(&moment, part, 0));

        if (text)
            sqlite3_result_text(context, text, -1, sqlite3_free);
        else
            sqlite3_result_error_nomem(context);
    }
}

/* DATE_TRUNC(date, part); the other order is taken as well. */
void date_truncate(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct moment moment;
    struct civil civil;
    enum part part;
    bool swapped = find_part(values[0], &part);

    (void)count;
    if (!swapped && !need_part(context, values[1], &part))
        return;
    if (!moment_read(slice_of(values[swapped ? 1 : 0]), &moment) || (!moment.has_date && is_of_date(part)))
        return;
    civil = moment_civil(moment.day);
    if (part == PART_YEAR)
        (void)moment_day(civil.year, 1, 1, &moment.day);
    else if (part == PART_QUARTER)
        (void)moment_day(civil.year, (civil.month - 1) / 3 * 3 + 1, 1, &moment.day);
    else if (part == PART_MONTH)
        (void)moment_day(civil.year, civil.month, 1, &moment.day);
    else if (part == PART_WEEK)
        moment.day -= moment.day >= weekday_of(moment.day) ? weekday_of(moment.day) : moment.day;
    moment.ns = is_of_date(part) ? 0 : moment.ns / part_ns[part] * part_ns[part];
    result_moment(context, &moment);
}

/* EOMONTH(date [, months]), LAST_DAY(date). */
void date_end_of_month(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct moment moment;
    struct civil civil;
    int64_t months = count > 1 ? sqlite3_value_int64(values[1]) : 0;

    if (!moment_read(slice_of(values[0]), &moment) || !moment.has_date || !add_months(&moment, months, 1))
        return;
    civil = moment_civil(moment.day);
    for (int64_t last = 31; last > 27 && !moment_day(civil.year, civil.month, last, &moment.day); last--)
        continue;
    moment.has_time = false;
    result_moment(context, &moment);
}

#define PART_FUNCTION(name, part)                                          \
    void name(sqlite3_context *context, int count, sqlite3_value **values) \
    {                                                                      \
        (void)count;                                                       \
        result_part(context, values[0], part, 0);                          \
    }

PART_FUNCTION(date_day, PART_DAY)
PART_FUNCTION(date_dayofweek, PART_WEEKDAY)
PART_FUNCTION(date_dayofyear, PART_DAYOFYEAR)
PART_FUNCTION(date_hour, PART_HOUR)
PART_FUNCTION(date_minute, PART_MINUTE)
PART_FUNCTION(date_month, PART_MONTH)
PART_FUNCTION(date_quarter, PART_QUARTER)
PART_FUNCTION(date_second, PART_SECOND)
PART_FUNCTION(date_week, PART_WEEK)
PART_FUNCTION(date_year, PART_YEAR)
