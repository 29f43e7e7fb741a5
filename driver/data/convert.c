/* Owns the table of converters: a row for each kind of service type, a column for each C type. Knows no
 * conversion itself. Pairs that are missing are 07006 as in appendix D of the ODBC reference, with one
 * addition: every type converts to SQL_C_BINARY, in its raw C form (integers and doubles in the
 * machine's own, dates and UUIDs as their structures), text as the octets of its wide form and DECIMAL, which
 * has no raw form that all applications agree on, as its digits. */
#include "data/convert.h"

#include "base/utf.h"
#include "data/converter.h"
#include "data/type.h"

enum row {
    FROM_TEXT,
    FROM_TINYINT,
    FROM_SMALLINT,
    FROM_INTEGER,
    FROM_BIGINT,
    FROM_FLOATING,
    FROM_DECIMAL,
    FROM_BOOLEAN,
    FROM_DATE,
    FROM_TIME,
    FROM_TIMESTAMP,
    FROM_UUID,
    FROM_BINARY
};

enum column {
    TO_CHAR,
    TO_WCHAR,
    TO_BINARY,
    TO_BIT,
    TO_STINYINT,
    TO_UTINYINT,
    TO_SSHORT,
    TO_USHORT,
    TO_SLONG,
    TO_ULONG,
    TO_SBIGINT,
    TO_UBIGINT,
    TO_FLOAT,
    TO_DOUBLE,
    TO_NUMERIC,
    TO_DATE,
    TO_TIME,
    TO_TIMESTAMP,
    TO_GUID,
    TO_INTERVAL,
    COLUMN_COUNT = TO_INTERVAL + 13,
    NO_COLUMN
};

static const uint8_t rows[] = {
    [CA_TYPE_BINARY] = FROM_BINARY,
    [2] = FROM_BINARY,
    [3] = FROM_BINARY,
    [4] = FROM_BINARY,
    [CA_TYPE_VARCHAR] = FROM_TEXT,
    [CA_TYPE_TINYINT] = FROM_TINYINT,
    [CA_TYPE_SMALLINT] = FROM_SMALLINT,
    [CA_TYPE_INTEGER] = FROM_INTEGER,
    [CA_TYPE_BIGINT] = FROM_BIGINT,
    [CA_TYPE_FLOAT] = FROM_FLOATING,
    [CA_TYPE_DOUBLE] = FROM_FLOATING,
    [CA_TYPE_DECIMAL] = FROM_DECIMAL,
    [CA_TYPE_NUMERIC] = FROM_DECIMAL,
    [CA_TYPE_BOOLEAN] = FROM_BOOLEAN,
    [CA_TYPE_DATE] = FROM_DATE,
    [CA_TYPE_TIME] = FROM_TIME,
    [CA_TYPE_TIMESTAMP] = FROM_TIMESTAMP,
    [CA_TYPE_UUID] = FROM_UUID,
};

static const struct {
    SQLSMALLINT c_type;
    uint8_t column;
    uint8_t octets; /* 0: of variable length */
} c_types[] = {
    {SQL_C_CHAR, TO_CHAR, 0},
    {SQL_C_WCHAR, TO_WCHAR, 0},
    {SQL_C_BINARY, TO_BINARY, 0},
    {SQL_C_BIT, TO_BIT, sizeof(SQLCHAR)},
    {SQL_C_TINYINT, TO_STINYINT, sizeof(SQLSCHAR)},
    {SQL_C_STINYINT, TO_STINYINT, sizeof(SQLSCHAR)},
    {SQL_C_UTINYINT, TO_UTINYINT, sizeof(SQLCHAR)},
    {SQL_C_SHORT, TO_SSHORT, sizeof(SQLSMALLINT)},
    {SQL_C_SSHORT, TO_SSHORT, sizeof(SQLSMALLINT)},
    {SQL_C_USHORT, TO_USHORT, sizeof(SQLUSMALLINT)},
    {SQL_C_LONG, TO_SLONG, sizeof(SQLINTEGER)},
    {SQL_C_SLONG, TO_SLONG, sizeof(SQLINTEGER)},
    {SQL_C_ULONG, TO_ULONG, sizeof(SQLUINTEGER)},
    {SQL_C_SBIGINT, TO_SBIGINT, sizeof(SQLBIGINT)},
    {SQL_C_UBIGINT, TO_UBIGINT, sizeof(SQLUBIGINT)},
    {SQL_C_FLOAT, TO_FLOAT, sizeof(SQLREAL)},
    {SQL_C_DOUBLE, TO_DOUBLE, sizeof(SQLDOUBLE)},
    {SQL_C_NUMERIC, TO_NUMERIC, sizeof(SQL_NUMERIC_STRUCT)},
    {SQL_C_DATE, TO_DATE, sizeof(SQL_DATE_STRUCT)},
    {SQL_C_TYPE_DATE, TO_DATE, sizeof(SQL_DATE_STRUCT)},
    {SQL_C_TIME, TO_TIME, sizeof(SQL_TIME_STRUCT)},
    {SQL_C_TYPE_TIME, TO_TIME, sizeof(SQL_TIME_STRUCT)},
    {SQL_C_TIMESTAMP, TO_TIMESTAMP, sizeof(SQL_TIMESTAMP_STRUCT)},
    {SQL_C_TYPE_TIMESTAMP, TO_TIMESTAMP, sizeof(SQL_TIMESTAMP_STRUCT)},
    {SQL_C_GUID, TO_GUID, sizeof(SQLGUID)},
};

struct entry {
    ca_converter *convert;
    ca_run_converter *run;
};

#define QUICK(source, target)                                      \
    {                                                              \
        ca_##source##_to_##target, ca_##source##_to_##target##_run \
    }
#define ONE(converter)  \
    {                   \
        converter, NULL \
    }

#define NUMERIC_TARGETS(source)                                                      \
    [TO_BIT] = QUICK(source, bit), [TO_STINYINT] = QUICK(source, stinyint),          \
    [TO_UTINYINT] = QUICK(source, utinyint), [TO_SSHORT] = QUICK(source, sshort),    \
    [TO_USHORT] = QUICK(source, ushort), [TO_SLONG] = QUICK(source, slong),          \
    [TO_ULONG] = QUICK(source, ulong), [TO_SBIGINT] = QUICK(source, sbigint),        \
    [TO_UBIGINT] = QUICK(source, ubigint), [TO_FLOAT] = ONE(ca_##source##_to_float), \
    [TO_DOUBLE] = QUICK(source, double), [TO_NUMERIC] = ONE(ca_##source##_to_numeric)

/* The order is that of the codes SQL_CODE_YEAR … SQL_CODE_MINUTE_TO_SECOND. */
#define SINGLE_INTERVALS(source)                                                                   \
    [TO_INTERVAL] = ONE(ca_##source##_to_year), [TO_INTERVAL + 1] = ONE(ca_##source##_to_month),   \
    [TO_INTERVAL + 2] = ONE(ca_##source##_to_day), [TO_INTERVAL + 3] = ONE(ca_##source##_to_hour), \
    [TO_INTERVAL + 4] = ONE(ca_##source##_to_minute), [TO_INTERVAL + 5] = ONE(ca_##source##_to_second)

#define EXACT_TARGETS                                                                          \
    [TO_CHAR] = QUICK(exact, char), [TO_WCHAR] = QUICK(exact, wide), NUMERIC_TARGETS(number),  \
    SINGLE_INTERVALS(exact), [TO_INTERVAL + 6] = ONE(ca_exact_to_fields),                      \
    [TO_INTERVAL + 7] = ONE(ca_exact_to_fields), [TO_INTERVAL + 8] = ONE(ca_exact_to_fields),  \
    [TO_INTERVAL + 9] = ONE(ca_exact_to_fields), [TO_INTERVAL + 10] = ONE(ca_exact_to_fields), \
    [TO_INTERVAL + 11] = ONE(ca_exact_to_fields), [TO_INTERVAL + 12] = ONE(ca_exact_to_fields)

/* clang-format off */
static const struct entry entries[][COLUMN_COUNT] = {
    [FROM_TEXT] = {
        [TO_CHAR] = QUICK(text, char), [TO_WCHAR] = QUICK(text, wide), [TO_BINARY] = ONE(ca_text_to_binary),
        NUMERIC_TARGETS(text), [TO_DATE] = QUICK(text, date), [TO_TIME] = ONE(ca_text_to_time),
        [TO_TIMESTAMP] = QUICK(text, timestamp), [TO_GUID] = ONE(ca_text_to_guid), SINGLE_INTERVALS(text),
        [TO_INTERVAL + 6] = ONE(ca_text_to_year_to_month), [TO_INTERVAL + 7] = ONE(ca_text_to_day_to_hour),
        [TO_INTERVAL + 8] = ONE(ca_text_to_day_to_minute), [TO_INTERVAL + 9] = ONE(ca_text_to_day_to_second),
        [TO_INTERVAL + 10] = ONE(ca_text_to_hour_to_minute), [TO_INTERVAL + 11] = ONE(ca_text_to_hour_to_second),
        [TO_INTERVAL + 12] = ONE(ca_text_to_minute_to_second),
    },
    [FROM_TINYINT] = {EXACT_TARGETS, [TO_BINARY] = ONE(ca_tinyint_to_binary)},
    [FROM_SMALLINT] = {EXACT_TARGETS, [TO_BINARY] = ONE(ca_smallint_to_binary)},
    [FROM_INTEGER] = {EXACT_TARGETS, [TO_BINARY] = ONE(ca_integer_to_binary)},
    [FROM_BIGINT] = {EXACT_TARGETS, [TO_BINARY] = ONE(ca_bigint_to_binary)},
    [FROM_DECIMAL] = {EXACT_TARGETS, [TO_BINARY] = ONE(ca_exact_to_binary)},
    [FROM_FLOATING] = {
        [TO_CHAR] = QUICK(floating, char), [TO_WCHAR] = QUICK(floating, wide),
        [TO_BINARY] = ONE(ca_floating_to_binary), NUMERIC_TARGETS(number),
    },
    [FROM_BOOLEAN] = {
        [TO_CHAR] = QUICK(boolean, char), [TO_WCHAR] = QUICK(boolean, wide),
        [TO_BINARY] = ONE(ca_boolean_to_binary), NUMERIC_TARGETS(boolean),
    },
    [FROM_DATE] = {
        [TO_CHAR] = QUICK(date, char), [TO_WCHAR] = QUICK(date, wide), [TO_BINARY] = ONE(ca_date_to_binary),
        [TO_DATE] = QUICK(datetime, date), [TO_TIMESTAMP] = QUICK(datetime, timestamp),
    },
    [FROM_TIME] = {
        [TO_CHAR] = QUICK(time, char), [TO_WCHAR] = QUICK(time, wide), [TO_BINARY] = ONE(ca_time_to_binary),
        [TO_TIME] = ONE(ca_datetime_to_time), [TO_TIMESTAMP] = QUICK(datetime, timestamp),
    },
    [FROM_TIMESTAMP] = {
        [TO_CHAR] = QUICK(timestamp, char), [TO_WCHAR] = QUICK(timestamp, wide),
        [TO_BINARY] = ONE(ca_timestamp_to_binary), [TO_DATE] = QUICK(datetime, date),
        [TO_TIME] = ONE(ca_datetime_to_time), [TO_TIMESTAMP] = QUICK(datetime, timestamp),
    },
    [FROM_UUID] = {
        [TO_CHAR] = QUICK(uuid, char), [TO_WCHAR] = QUICK(uuid, wide), [TO_BINARY] = ONE(ca_uuid_to_binary),
        [TO_GUID] = ONE(ca_uuid_to_guid),
    },
    [FROM_BINARY] = {
        [TO_CHAR] = ONE(ca_binary_to_char), [TO_WCHAR] = ONE(ca_binary_to_wide), [TO_BINARY] = QUICK(binary, binary),
    },
};
/* clang-format on */

static bool is_interval(SQLSMALLINT type)
{
    return type >= SQL_C_INTERVAL_YEAR && type <= SQL_C_INTERVAL_MINUTE_TO_SECOND;
}

static enum column find_column(SQLSMALLINT c_type, SQLLEN *octets)
{
    if (is_interval(c_type)) {
        *octets = (SQLLEN)sizeof(SQL_INTERVAL_STRUCT);
        return (enum column)(TO_INTERVAL + (c_type - SQL_C_INTERVAL_YEAR));
    }
    for (size_t i = 0; i < sizeof c_types / sizeof *c_types; i++) {
        if (c_types[i].c_type == c_type) {
            *octets = c_types[i].octets;
            return c_types[i].column;
        }
    }
    *octets = -1;
    return NO_COLUMN;
}

static const struct entry *find_entry(int service_code, SQLSMALLINT c_type)
{
    static const struct entry none = {NULL, NULL};
    bool known = service_code >= CA_TYPE_BINARY && service_code <= CA_TYPE_UUID;
    SQLLEN octets;
    enum column column = find_column(c_type, &octets);
    return column == NO_COLUMN ? &none : &entries[known ? rows[service_code] : FROM_TEXT][column];
}

ca_converter *ca_converter_find(int service_code, SQLSMALLINT c_type)
{
    return find_entry(service_code, c_type)->convert;
}

ca_run_converter *ca_run_converter_find(int service_code, SQLSMALLINT c_type)
{
    return find_entry(service_code, c_type)->run;
}

SQLLEN ca_c_type_octets(SQLSMALLINT c_type)
{
    SQLLEN octets;
    find_column(c_type, &octets);
    return octets;
}

SQLSMALLINT ca_c_type_default(SQLSMALLINT sql_type)
{
    static const struct {
        SQLSMALLINT sql_type;
        SQLSMALLINT c_type;
    } defaults[] = {
        {SQL_WCHAR, SQL_C_WCHAR},
        {SQL_WVARCHAR, SQL_C_WCHAR},
        {SQL_WLONGVARCHAR, SQL_C_WCHAR},
        {SQL_BINARY, SQL_C_BINARY},
        {SQL_VARBINARY, SQL_C_BINARY},
        {SQL_LONGVARBINARY, SQL_C_BINARY},
        {SQL_BIT, SQL_C_BIT},
        {SQL_TINYINT, SQL_C_STINYINT},
        {SQL_SMALLINT, SQL_C_SSHORT},
        {SQL_INTEGER, SQL_C_SLONG},
        {SQL_BIGINT, SQL_C_SBIGINT},
        {SQL_REAL, SQL_C_FLOAT},
        {SQL_FLOAT, SQL_C_DOUBLE},
        {SQL_DOUBLE, SQL_C_DOUBLE},
        {SQL_DATE, SQL_C_DATE},
        {SQL_TIME, SQL_C_TIME},
        {SQL_TIMESTAMP, SQL_C_TIMESTAMP},
        {SQL_TYPE_DATE, SQL_C_TYPE_DATE},
        {SQL_TYPE_TIME, SQL_C_TYPE_TIME},
        {SQL_TYPE_TIMESTAMP, SQL_C_TYPE_TIMESTAMP},
        {SQL_GUID, SQL_C_GUID},
    };
    if (is_interval(sql_type))
        return sql_type;
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
        if (defaults[i].sql_type == sql_type)
            return defaults[i].c_type;
    return SQL_C_CHAR; /* character types, DECIMAL and NUMERIC */
}

static const struct {
    const char *state;
    const char *text;
} outcomes[] = {
    [CA_CONVERTED] = {"", ""},
    [CA_CONVERT_TRUNCATED] = {"01004", "String data, right truncated"},
    [CA_CONVERT_FRACTION_LOST] = {"01S07", "Fractional truncation"},
    [CA_CONVERT_NO_DATA] = {"", ""},
    [CA_CONVERT_RANGE] = {"22003", "Numeric value out of range"},
    [CA_CONVERT_TEXT] = {"22018", "Invalid character value for cast specification"},
    [CA_CONVERT_DATETIME_FORMAT] = {"22007", "Invalid datetime format"},
    [CA_CONVERT_DATETIME_RANGE] = {"22008", "Datetime field overflow"},
    [CA_CONVERT_INTERVAL_RANGE] = {"22015", "Interval field overflow"},
    [CA_CONVERT_UNSUPPORTED] = {"07006", "Restricted data type attribute violation"},
    [CA_CONVERT_STRING_TOO_LONG] = {"22001", "String data, right truncated"},
    [CA_CONVERT_NO_MEMORY] = {"HY001", "Memory allocation error"},
    [CA_CONVERT_LENGTH] = {"HY090", "Invalid string or buffer length"},
};

const char *ca_conversion_state(enum ca_conversion conversion)
{
    return outcomes[conversion].state;
}

const char *ca_conversion_text(enum ca_conversion conversion)
{
    return outcomes[conversion].text;
}
