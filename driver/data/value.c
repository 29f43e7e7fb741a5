/* Owns the reading of C buffers bound to parameters, which may lie at any address. Knows no SQL type.
 * Rules: ODBC reference, appendix D, "C Data Types". */
#include "data/value.h"

#include <string.h>

#include "data/double.h"

#define READER(name)                                                                              \
    static enum ca_conversion read_##name(const struct ca_parameter *parameter, const void *data, \
                                          SQLLEN length, struct ca_value *value)

static enum ca_conversion set_number(struct ca_value *value, uint64_t magnitude, bool negative)
{
    value->kind = CA_VALUE_NUMBER;
    value->number = (struct ca_number){.digits = magnitude, .negative = negative};
    return CA_CONVERTED;
}

#define WHOLE_READER(name, type)                                                  \
    READER(name)                                                                  \
    {                                                                             \
        type number;                                                              \
        (void)parameter, (void)length;                                            \
        memcpy(&number, data, sizeof number);                                     \
        bool negative = number < (type)1 && number != 0;                          \
        uint64_t magnitude = (uint64_t)number;                                    \
        return set_number(value, negative ? 0 - magnitude : magnitude, negative); \
    }

WHOLE_READER(stinyint, SQLSCHAR)
WHOLE_READER(utinyint, SQLCHAR)
WHOLE_READER(sshort, SQLSMALLINT)
WHOLE_READER(ushort, SQLUSMALLINT)
WHOLE_READER(slong, SQLINTEGER)
WHOLE_READER(ulong, SQLUINTEGER)
WHOLE_READER(sbigint, SQLBIGINT)
WHOLE_READER(ubigint, SQLUBIGINT)

READER(bit)
{
    (void)parameter, (void)length;
    return set_number(value, *(const SQLCHAR *)data != 0, false);
}

READER(double)
{
    SQLDOUBLE number;
    (void)parameter, (void)length;
    memcpy(&number, data, sizeof number);
    value->kind = CA_VALUE_NUMBER;
    value->approximate = true;
    ca_number_of_double(number, &value->number);
    return CA_CONVERTED;
}

READER(float)
{
    SQLREAL number;
    (void)parameter, (void)length;
    memcpy(&number, data, sizeof number);
    value->kind = CA_VALUE_NUMBER;
    value->approximate = true;
    ca_number_of_float(number, &value->number);
    return CA_CONVERTED;
}

/* The scale is the descriptor's (C Data Types, note f); applications that set only the structure's are
 * understood too. */
READER(numeric)
{
    SQL_NUMERIC_STRUCT numeric;
    (void)length;
    memcpy(&numeric, data, sizeof numeric);
    value->kind = CA_VALUE_NUMBER;
    ca_number_of_numeric(&numeric, parameter->scale ? parameter->scale : numeric.scale, &value->number);
    return CA_CONVERTED;
}

READER(date)
{
    SQL_DATE_STRUCT date;
    (void)parameter, (void)length;
    memcpy(&date, data, sizeof date);
    value->kind = CA_VALUE_DATETIME;
    value->datetime =
        (struct ca_datetime){.year = date.year, .month = date.month, .day = date.day, .has_date = true};
    return CA_CONVERTED;
}

READER(time)
{
    SQL_TIME_STRUCT time;
    (void)parameter, (void)length;
    memcpy(&time, data, sizeof time);
    value->kind = CA_VALUE_DATETIME;
    value->datetime = (struct ca_datetime){
        .hour = time.hour, .minute = time.minute, .second = time.second, .has_time = true};
    return CA_CONVERTED;
}

READER(timestamp)
{
    SQL_TIMESTAMP_STRUCT stamp;
    (void)parameter, (void)length;
    memcpy(&stamp, data, sizeof stamp);
    value->kind = CA_VALUE_DATETIME;
    value->datetime = (struct ca_datetime){.year = stamp.year,
                                           .month = stamp.month,
                                           .day = stamp.day,
                                           .hour = stamp.hour,
                                           .minute = stamp.minute,
                                           .second = stamp.second,
                                           .fraction = stamp.fraction,
                                           .has_date = true,
                                           .has_time = true};
    return CA_CONVERTED;
}

READER(guid)
{
    (void)parameter, (void)length;
    value->kind = CA_VALUE_GUID;
    memcpy(&value->guid, data, sizeof value->guid);
    return CA_CONVERTED;
}

READER(interval)
{
    SQL_INTERVAL_STRUCT fields;
    (void)length;
    memcpy(&fields, data, sizeof fields);
    value->kind = CA_VALUE_INTERVAL;
    value->interval_code = parameter->c_type - SQL_C_INTERVAL_YEAR + SQL_CODE_YEAR;
    bool valid = ca_interval_of_struct(&fields, value->interval_code, parameter->scale, &value->interval);
    return valid ? CA_CONVERTED : CA_CONVERT_INTERVAL_RANGE;
}

static size_t wide_octets(const char *data)
{
    size_t octets = 0;
    for (ca_wide unit = 1;; octets += sizeof unit) {
        memcpy(&unit, data + octets, sizeof unit);
        if (unit == 0)
            return octets;
    }
}

/* Text and binary data, whose length the indicator says: octets, or SQL_NTS. */
static enum ca_conversion read_variable(enum ca_value_kind kind, const void *data, SQLLEN length,
                                        struct ca_value *value)
{
    value->kind = kind;
    value->data = data ? data : "";
    if (length == SQL_NTS && kind != CA_VALUE_BINARY && data)
        value->octets = kind == CA_VALUE_TEXT ? strlen(data) : wide_octets(data);
    else if (length > 0 && data)
        value->octets = (size_t)length;
    else if (length != 0)
        return CA_CONVERT_LENGTH;
    if (kind == CA_VALUE_WIDE && value->octets % sizeof(ca_wide) != 0)
        return CA_CONVERT_LENGTH;
    return CA_CONVERTED;
}

READER(text)
{
    (void)parameter;
    return read_variable(CA_VALUE_TEXT, data, length, value);
}

READER(wide)
{
    (void)parameter;
    return read_variable(CA_VALUE_WIDE, data, length, value);
}

READER(octets)
{
    (void)parameter;
    return read_variable(CA_VALUE_BINARY, data, length, value);
}

static const struct {
    SQLSMALLINT c_type;
    ca_value_reader *read;
} readers[] = {
    {SQL_C_CHAR, read_text},           {SQL_C_WCHAR, read_wide},
    {SQL_C_BINARY, read_octets},       {SQL_C_BIT, read_bit},
    {SQL_C_TINYINT, read_stinyint},    {SQL_C_STINYINT, read_stinyint},
    {SQL_C_UTINYINT, read_utinyint},   {SQL_C_SHORT, read_sshort},
    {SQL_C_SSHORT, read_sshort},       {SQL_C_USHORT, read_ushort},
    {SQL_C_LONG, read_slong},          {SQL_C_SLONG, read_slong},
    {SQL_C_ULONG, read_ulong},         {SQL_C_SBIGINT, read_sbigint},
    {SQL_C_UBIGINT, read_ubigint},     {SQL_C_FLOAT, read_float},
    {SQL_C_DOUBLE, read_double},       {SQL_C_NUMERIC, read_numeric},
    {SQL_C_DATE, read_date},           {SQL_C_TYPE_DATE, read_date},
    {SQL_C_TIME, read_time},           {SQL_C_TYPE_TIME, read_time},
    {SQL_C_TIMESTAMP, read_timestamp}, {SQL_C_TYPE_TIMESTAMP, read_timestamp},
    {SQL_C_GUID, read_guid},
};

ca_value_reader *ca_value_reader_find(SQLSMALLINT c_type)
{
    if (c_type >= SQL_C_INTERVAL_YEAR && c_type <= SQL_C_INTERVAL_MINUTE_TO_SECOND)
        return read_interval;
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        if (readers[i].c_type == c_type)
            return readers[i].read;
    return NULL;
}

enum ca_conversion ca_value_read(ca_value_reader *read, const struct ca_parameter *parameter,
                                 const void *data, SQLLEN length, struct ca_value *value)
{
    bool variable = read == read_text || read == read_wide || read == read_octets;
    value->approximate = false;
    value->text = false;
    value->octets = 0;
    if (!read)
        return CA_CONVERT_UNSUPPORTED;
    return data || variable ? read(parameter, data, length, value) : CA_CONVERT_LENGTH;
}
