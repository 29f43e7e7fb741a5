/* Owns the writing of dates, times, timestamps and intervals as parameter values. The service has no interval
 * type: intervals go as the text of their literal.
 * Rules: ODBC reference, appendix D, "C to SQL: Date", "Time", "Timestamp", "Day-Time Intervals",
 * "Year-Month Intervals"; SERVICE.md section 1. */
#include "data/type.h"
#include "data/writer.h"

enum { TOO_FINE = 100 }; /* billionths below the last digit that the service keeps */

static bool is_valid_datetime(const struct ca_datetime *value)
{
    return (!value->has_date || ca_date_is_valid(value->year, value->month, value->day)) &&
           (!value->has_time ||
            (ca_time_is_valid(value->hour, value->minute, value->second) && value->fraction < 1000000000));
}

enum ca_conversion ca_datetime_as_text(const struct ca_writing *target, struct ca_value *value)
{
    const struct ca_datetime *datetime = &value->datetime;
    char text[CA_DATETIME_TEXT];
    size_t octets = 0;
    if (!is_valid_datetime(datetime))
        return CA_CONVERT_DATETIME_RANGE;
    if (datetime->has_date)
        octets = ca_date_write(datetime, text);
    if (datetime->has_date && datetime->has_time)
        text[octets++] = ' ';
    if (datetime->has_time)
        octets += ca_time_write(datetime, ca_fraction_digits(datetime->fraction, 0), text + octets);
    return ca_write_ascii(target, text, octets);
}

static enum ca_conversion lacking(const struct ca_value *value)
{
    return value->text ? CA_CONVERT_TEXT : CA_CONVERT_UNSUPPORTED;
}

enum ca_conversion ca_datetime_as_date(const struct ca_writing *target, struct ca_value *value)
{
    const struct ca_datetime *datetime = &value->datetime;
    char text[CA_DATETIME_TEXT];
    if (!datetime->has_date)
        return lacking(value);
    if (!is_valid_datetime(datetime))
        return CA_CONVERT_DATETIME_FORMAT;
    if (datetime->hour || datetime->minute || datetime->second || datetime->fraction || datetime->inexact)
        return CA_CONVERT_DATETIME_RANGE;
    return ca_write_quoted(target, text, ca_date_write(datetime, text));
}

enum ca_conversion ca_datetime_as_time(const struct ca_writing *target, struct ca_value *value)
{
    const struct ca_datetime *datetime = &value->datetime;
    char text[CA_DATETIME_TEXT];
    if (!datetime->has_time)
        return lacking(value);
    if (!is_valid_datetime(datetime))
        return CA_CONVERT_DATETIME_FORMAT;
    if (datetime->inexact || datetime->fraction % TOO_FINE)
        return CA_CONVERT_DATETIME_RANGE;
    return ca_write_quoted(target, text, ca_time_write(datetime, CA_TYPE_FRACTION_DIGITS, text));
}

enum ca_conversion ca_datetime_as_timestamp(const struct ca_writing *target, struct ca_value *value)
{
    struct ca_datetime *datetime = &value->datetime;
    char text[2 * CA_DATETIME_TEXT];
    if (!datetime->has_date)
        ca_datetime_set_today(datetime);
    if (!is_valid_datetime(datetime))
        return CA_CONVERT_DATETIME_FORMAT;
    if (datetime->inexact || datetime->fraction % TOO_FINE)
        return CA_CONVERT_DATETIME_RANGE;
    size_t octets = ca_date_write(datetime, text);
    text[octets++] = 'T';
    octets += ca_time_write(datetime, CA_TYPE_FRACTION_DIGITS, text + octets);
    text[octets++] = 'Z';
    return ca_write_quoted(target, text, octets);
}

enum ca_conversion ca_interval_as_text(const struct ca_writing *target, struct ca_value *value)
{
    char text[CA_INTERVAL_TEXT];
    return ca_write_ascii(target, text, ca_interval_write(&value->interval, value->interval_code, text));
}

/* The fields may be others of the same kind; none may be lost on the way. */
enum ca_conversion ca_interval_as_interval(const struct ca_writing *target, struct ca_value *value)
{
    int code = target->parameter->sql_type - SQL_INTERVAL_YEAR + SQL_CODE_YEAR;
    char text[CA_INTERVAL_TEXT];
    SQL_INTERVAL_STRUCT fields;
    if (value->interval.year_month != ca_interval_is_year_month(code))
        return value->text ? CA_CONVERT_TEXT : CA_CONVERT_UNSUPPORTED;
    if (ca_interval_spread(&value->interval, code, 0, 9, &fields) != CA_CONVERTED)
        return CA_CONVERT_INTERVAL_RANGE;
    return ca_write_quoted(target, text, ca_interval_write(&value->interval, code, text));
}

enum ca_conversion ca_number_as_interval(const struct ca_writing *target, struct ca_value *value)
{
    int code = target->parameter->sql_type - SQL_INTERVAL_YEAR + SQL_CODE_YEAR;
    struct ca_interval interval;
    uint64_t count;
    if (value->approximate || !ca_interval_is_single(code))
        return CA_CONVERT_UNSUPPORTED;
    if (ca_number_whole(&value->number, &count) != CA_CONVERTED ||
        !ca_interval_of_count(count, code, &interval))
        return CA_CONVERT_INTERVAL_RANGE;
    interval.negative = value->number.negative;
    value->interval = interval;
    return ca_interval_as_interval(target, value);
}
