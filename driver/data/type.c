/* Owns the table of data types and what ODBC says about a column of each. Knows no value, no handle and
 * no network. Sizes follow the ODBC reference, appendix D, "Column size, decimal digits, transfer octet
 * length, and display size"; names and codes follow SERVICE.md section 4. */
#include "data/type.h"

#include "base/utf.h"

enum {
    LARGEST_SIZE = 2147483647, /* what ODBC's 32-bit sizes can say */
    LARGEST_PRECISION = 38,
    /* Scale of a DECIMAL whose precision the service does not know: applications that believe the scale
     * cut behind it, so 0 would lose every fraction; 28 whole digits stay. */
    UNKNOWN_SCALE = 10,
    SMALLEST_TIMESTAMP_DISPLAY = 27 /* the wire's seven digits show even where fewer are declared */
};

#define TEXT(type, size)                                                                                   \
    {                                                                                                      \
        CA_TYPE_VARCHAR, "VARCHAR", type, size, "'", "'", "length", true, SQL_SEARCHABLE, false, false, 0, \
            0, 0, 0, 0                                                                                     \
    }
/* Searchable: whether a source can compare binary data is not known, so the row promises nothing. */
#define OCTETS(type, size)                                                                                 \
    {                                                                                                      \
        CA_TYPE_BINARY, "BINARY", type, size, NULL, NULL, "length", false, SQL_PRED_NONE, false, false, 0, \
            0, 0, 0, 0                                                                                     \
    }
#define INTEGER(code, name, type, digits, display, octets)                                            \
    {                                                                                                 \
        code, name, type, digits, NULL, NULL, NULL, false, SQL_ALL_EXCEPT_LIKE, true, true, 0, 0, 10, \
            display, octets                                                                           \
    }
#define EXACT(code, name, type)                                                                         \
    {                                                                                                   \
        code, name, type, LARGEST_PRECISION, NULL, NULL, "precision,scale", false, SQL_ALL_EXCEPT_LIKE, \
            true, true, 0, LARGEST_PRECISION, 10, 0, 0                                                  \
    }
#define FLOATING(code, name, type, digits, display, octets)                                            \
    {                                                                                                  \
        code, name, type, digits, NULL, NULL, NULL, false, SQL_ALL_EXCEPT_LIKE, true, false, 0, 0, 10, \
            display, octets                                                                            \
    }
#define DATETIME(code, name, type, size, prefix, digits, display, octets)                               \
    {                                                                                                   \
        code, name, type, size, prefix, "'}", NULL, false, SQL_ALL_EXCEPT_LIKE, false, (digits) > 0, 0, \
            digits, 0, display, octets                                                                  \
    }

/* Sorted by SQL type; SQLGetTypeInfo gives the rows in this order. */
/* clang-format off */
static const struct ca_type types[] = {
    {CA_TYPE_UUID, "UUID", SQL_GUID, 36, "'", "'", NULL, false, SQL_ALL_EXCEPT_LIKE, false, false, 0, 0, 0,
     36, 16},
    TEXT(SQL_WLONGVARCHAR, LARGEST_SIZE),
    TEXT(SQL_WVARCHAR, CA_TYPE_LONGEST_TEXT),
    TEXT(SQL_WCHAR, CA_TYPE_LONGEST_TEXT),
    {CA_TYPE_BOOLEAN, "BOOLEAN", SQL_BIT, 1, NULL, NULL, NULL, false, SQL_ALL_EXCEPT_LIKE, false, true, 0, 0, 0,
     1, 1},
    INTEGER(CA_TYPE_TINYINT, "TINYINT", SQL_TINYINT, 3, 4, 1),
    INTEGER(CA_TYPE_BIGINT, "BIGINT", SQL_BIGINT, 19, 20, 8),
    OCTETS(SQL_LONGVARBINARY, LARGEST_SIZE),
    OCTETS(SQL_VARBINARY, CA_TYPE_LONGEST_BINARY),
    OCTETS(SQL_BINARY, CA_TYPE_LONGEST_BINARY),
    TEXT(SQL_LONGVARCHAR, LARGEST_SIZE),
    TEXT(SQL_CHAR, CA_TYPE_LONGEST_TEXT),
    EXACT(CA_TYPE_NUMERIC, "NUMERIC", SQL_NUMERIC),
    EXACT(CA_TYPE_DECIMAL, "DECIMAL", SQL_DECIMAL),
    INTEGER(CA_TYPE_INTEGER, "INTEGER", SQL_INTEGER, 10, 11, 4),
    INTEGER(CA_TYPE_SMALLINT, "SMALLINT", SQL_SMALLINT, 5, 6, 2),
    FLOATING(CA_TYPE_FLOAT, "FLOAT", SQL_FLOAT, 15, 24, 8),
    FLOATING(CA_TYPE_FLOAT, "FLOAT", SQL_REAL, 7, 14, 4),
    FLOATING(CA_TYPE_DOUBLE, "DOUBLE", SQL_DOUBLE, 15, 24, 8),
    TEXT(SQL_VARCHAR, CA_TYPE_LONGEST_TEXT),
    DATETIME(CA_TYPE_DATE, "DATE", SQL_TYPE_DATE, 10, "{d '", 0, 10, 6),
    DATETIME(CA_TYPE_TIME, "TIME", SQL_TYPE_TIME, 9 + CA_TYPE_FRACTION_DIGITS, "{t '",
             CA_TYPE_FRACTION_DIGITS, 9 + CA_TYPE_FRACTION_DIGITS, 6),
    DATETIME(CA_TYPE_TIMESTAMP, "TIMESTAMP", SQL_TYPE_TIMESTAMP, 20 + CA_TYPE_FRACTION_DIGITS, "{ts '",
             CA_TYPE_FRACTION_DIGITS, 0, 16),
};
/* clang-format on */

/* The SQL type of columns of a service code; the index is the code. 2..4 are undocumented binary types. */
static const SQLSMALLINT sql_types[] = {
    0,           SQL_VARBINARY, SQL_VARBINARY, SQL_VARBINARY, SQL_VARBINARY, SQL_WVARCHAR,
    SQL_TINYINT, SQL_SMALLINT,  SQL_INTEGER,   SQL_BIGINT,    SQL_FLOAT,     SQL_DOUBLE,
    SQL_DECIMAL, SQL_NUMERIC,   SQL_BIT,       SQL_TYPE_DATE, SQL_TYPE_TIME, SQL_TYPE_TIMESTAMP,
    SQL_GUID,
};

static const struct {
    SQLSMALLINT odbc2;
    SQLSMALLINT odbc3;
} datetime_types[] = {
    {SQL_DATE, SQL_TYPE_DATE},
    {SQL_TIME, SQL_TYPE_TIME},
    {SQL_TIMESTAMP, SQL_TYPE_TIMESTAMP},
};

enum { TYPE_COUNT = sizeof types / sizeof *types, DATETIME_TYPE_COUNT = 3 };

static const struct ca_type *find_sql(SQLSMALLINT sql_type)
{
    for (size_t i = 0; i < TYPE_COUNT; i++)
        if (types[i].sql_type == sql_type)
            return &types[i];
    return NULL;
}

static bool is_interval(SQLSMALLINT sql_type)
{
    return sql_type >= SQL_INTERVAL_YEAR && sql_type <= SQL_INTERVAL_MINUTE_TO_SECOND;
}

const struct ca_type *ca_type_find(int service_code)
{
    bool known = service_code > 0 && service_code < (int)(sizeof sql_types / sizeof *sql_types);
    return find_sql(known ? sql_types[service_code] : SQL_WVARCHAR);
}

const struct ca_type *ca_type_rows(size_t *count)
{
    *count = TYPE_COUNT;
    return types;
}

SQLSMALLINT ca_type_odbc2(SQLSMALLINT concise_type)
{
    for (size_t i = 0; i < DATETIME_TYPE_COUNT; i++)
        if (datetime_types[i].odbc3 == concise_type)
            return datetime_types[i].odbc2;
    return concise_type;
}

SQLSMALLINT ca_type_odbc3(SQLSMALLINT concise_type)
{
    for (size_t i = 0; i < DATETIME_TYPE_COUNT; i++)
        if (datetime_types[i].odbc2 == concise_type)
            return datetime_types[i].odbc3;
    return concise_type;
}

int ca_type_code_of_sql(SQLSMALLINT sql_type)
{
    if (is_interval(sql_type))
        return CA_TYPE_VARCHAR; /* the service has no intervals: they travel as text */
    const struct ca_type *type = find_sql(ca_type_odbc3(sql_type));
    return type ? type->code : 0;
}

static bool is_wide(SQLSMALLINT sql_type)
{
    return sql_type == SQL_WCHAR || sql_type == SQL_WVARCHAR || sql_type == SQL_WLONGVARCHAR;
}

static void describe_text(const struct ca_type *type, SQLULEN size, struct ca_type_description *description)
{
    description->column_size = size;
    description->display_size = (SQLLEN)size;
    description->octet_length = (SQLLEN)size * (is_wide(type->sql_type) ? CA_WIDE_OCTETS : 1);
    description->char_octet_length = description->octet_length;
}

static void describe_octets(SQLULEN size, struct ca_type_description *description)
{
    description->column_size = size;
    description->display_size = (SQLLEN)size * 2; /* two hexadecimal digits an octet */
    description->octet_length = (SQLLEN)size;
    description->char_octet_length = (SQLLEN)size;
}

static void describe_number(const struct ca_type *type, SQLULEN precision, SQLSMALLINT scale,
                            struct ca_type_description *description)
{
    bool sized = type->display_size == 0; /* DECIMAL and NUMERIC: sign and point come on top */
    description->column_size = precision;
    description->precision = (SQLSMALLINT)precision;
    description->scale = scale;
    description->decimal_digits = scale;
    description->has_decimal_digits = type->has_scale;
    description->display_size = sized ? (SQLLEN)precision + 2 : type->display_size;
    description->octet_length = sized ? (SQLLEN)precision + 2 : type->octets;
}

static void describe_datetime(const struct ca_type *type, SQLSMALLINT digits,
                              struct ca_type_description *description)
{
    SQLULEN whole = type->sql_type == SQL_TYPE_TIMESTAMP ? 19 : 8;
    bool dated = type->sql_type == SQL_TYPE_DATE;
    description->verbose_type = SQL_DATETIME;
    description->datetime_code = (SQLSMALLINT)(type->sql_type - SQL_TYPE_DATE + SQL_CODE_DATE);
    description->column_size = dated ? 10 : digits ? whole + 1 + (SQLULEN)digits : whole;
    description->display_size = (SQLLEN)description->column_size;
    if (type->sql_type == SQL_TYPE_TIMESTAMP && description->display_size < SMALLEST_TIMESTAMP_DISPLAY)
        description->display_size = SMALLEST_TIMESTAMP_DISPLAY;
    description->octet_length = type->octets;
    description->decimal_digits = digits;
    description->precision = digits;
    description->has_decimal_digits = !dated;
}

/* A size of 0 and digits of -1 mean "not known". */
static void describe(const struct ca_type *type, SQLULEN size, SQLSMALLINT digits,
                     struct ca_type_description *description)
{
    *description = (struct ca_type_description){.concise_type = type->sql_type,
                                                .verbose_type = type->sql_type,
                                                .radix = type->radix,
                                                .display_size = type->display_size,
                                                .octet_length = type->octets};
    SQLSMALLINT scale = digits < 0 ? 0 : digits;
    switch (type->code) {
    case CA_TYPE_VARCHAR:
        describe_text(type, size ? size : type->maximum_size, description);
        break;
    case CA_TYPE_BINARY:
        describe_octets(size ? size : type->maximum_size, description);
        break;
    case CA_TYPE_DECIMAL:
    case CA_TYPE_NUMERIC:
        describe_number(type, size ? size : type->maximum_size, scale, description);
        break;
    case CA_TYPE_DATE:
    case CA_TYPE_TIME:
    case CA_TYPE_TIMESTAMP:
        describe_datetime(type, type->maximum_scale && digits < 0 ? type->maximum_scale : scale, description);
        break;
    case CA_TYPE_UUID:
        description->column_size = type->maximum_size;
        break;
    default:
        describe_number(type, type->maximum_size, 0, description);
    }
}

/* The size rule for text (CLIENTS.md section 5): clients allocate by the declared size, so it is never 0
 * and large only where the data is known to be long. */
static SQLSMALLINT text_size(int64_t length, const struct ca_type_options *options, SQLULEN *size)
{
    if (length > CA_TYPE_LONGEST_TEXT) {
        SQLULEN longest = options->long_string_size ? options->long_string_size : LARGEST_SIZE;
        *size = (SQLULEN)length < longest ? (SQLULEN)length : longest;
    } else if (length > 0) {
        *size = (SQLULEN)length;
    } else {
        *size = options->default_string_size ? options->default_string_size : CA_TYPE_LONGEST_TEXT;
    }
    return *size > CA_TYPE_LONGEST_TEXT ? SQL_WLONGVARCHAR : SQL_WVARCHAR;
}

static SQLSMALLINT binary_size(int64_t length, SQLULEN *size)
{
    *size = length <= 0 ? CA_TYPE_LONGEST_BINARY : length > LARGEST_SIZE ? LARGEST_SIZE : (SQLULEN)length;
    return *size > CA_TYPE_LONGEST_BINARY ? SQL_LONGVARBINARY : SQL_VARBINARY;
}

static SQLSMALLINT decimal_scale(const struct ca_type_spec *spec, SQLULEN *precision)
{
    bool known = spec->precision > 0 && spec->precision <= LARGEST_PRECISION;
    *precision = known ? (SQLULEN)spec->precision : LARGEST_PRECISION;
    if (spec->scale <= 0)
        return known ? 0 : UNKNOWN_SCALE;
    return spec->scale > (int32_t)*precision ? (SQLSMALLINT)*precision : (SQLSMALLINT)spec->scale;
}

void ca_type_describe(const struct ca_type_spec *spec, const struct ca_type_options *options,
                      struct ca_type_description *description)
{
    const struct ca_type *type = ca_type_find(spec->code);
    SQLSMALLINT digits = -1;
    SQLULEN size = 0;
    switch (type->code) {
    case CA_TYPE_VARCHAR:
        type = find_sql(text_size(spec->length, options, &size));
        break;
    case CA_TYPE_BINARY:
        type = find_sql(binary_size(spec->length, &size));
        break;
    case CA_TYPE_DECIMAL:
    case CA_TYPE_NUMERIC:
        digits = decimal_scale(spec, &size);
        break;
    case CA_TYPE_TIMESTAMP:
        digits = options->timestamp_scale < 0   ? 0
                 : options->timestamp_scale > 9 ? 9
                                                : options->timestamp_scale;
        break;
    default:
        break;
    }
    describe(type, size, digits, description);
}

static void describe_interval(SQLSMALLINT sql_type, SQLULEN size, SQLSMALLINT digits,
                              struct ca_type_description *description)
{
    *description = (struct ca_type_description){.concise_type = sql_type,
                                                .verbose_type = SQL_INTERVAL,
                                                .column_size = size,
                                                .decimal_digits = digits,
                                                .has_decimal_digits = true,
                                                .precision = digits,
                                                .display_size = (SQLLEN)size,
                                                .octet_length = (SQLLEN)sizeof(SQL_INTERVAL_STRUCT)};
    description->datetime_code = (SQLSMALLINT)(sql_type - SQL_INTERVAL_YEAR + SQL_CODE_YEAR);
}

void ca_type_describe_sql(SQLSMALLINT sql_type, SQLULEN column_size, SQLSMALLINT decimal_digits,
                          struct ca_type_description *description)
{
    SQLULEN size = column_size > LARGEST_SIZE ? LARGEST_SIZE : column_size;
    if (is_interval(sql_type)) {
        describe_interval(sql_type, size, decimal_digits, description);
        return;
    }
    const struct ca_type *type = find_sql(ca_type_odbc3(sql_type));
    if (!type)
        type = find_sql(SQL_WVARCHAR);
    bool exact = type->code == CA_TYPE_DECIMAL || type->code == CA_TYPE_NUMERIC;
    if (exact && size > LARGEST_PRECISION)
        size = LARGEST_PRECISION;
    describe(type, size, decimal_digits, description);
}
