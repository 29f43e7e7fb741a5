#include "conversions.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

const char conversions_head[] =
    "Every type of the service as every C type, by SQLGetData and in a bound block of rows (\"bound:\" where "
    "the two\n"
    "differ). Written and compared by tests/odbc/test_conversions.c, which says how to keep a new outcome.\n"
    "\n"
    "Above each block: the type, and the value as the service sends it. Its lines: the return code (S "
    "success, I\n"
    "success with information, E error), the SQLSTATE, the indicator (\"size\": that of the C type), the "
    "value, the C\n"
    "types for which this is so. C[n] has room for n characters with the terminator, or for n octets.\n";

/* ---- the types ---- */

#define WIDE_TEXT                            \
    {"WCHAR", SQL_C_WCHAR, 0, 60, false},    \
    {                                        \
        "WCHAR[5]", SQL_C_WCHAR, 0, 5, false \
    }
#define FIXED(name, type)                           \
    {                                               \
#name, SQL_C_##name, sizeof(type), 0, false \
    }
#define INTERVAL(name)                                                                 \
    {                                                                                  \
        "INTERVAL_" #name, SQL_C_INTERVAL_##name, sizeof(SQL_INTERVAL_STRUCT), 0, true \
    }

const struct c_type c_types[] = {
    {"CHAR", SQL_C_CHAR, 0, 60, false},
    {"CHAR[5]", SQL_C_CHAR, 0, 5, false},
    WIDE_TEXT,
    {"BINARY", SQL_C_BINARY, 0, 240, false},
    {"BINARY[4]", SQL_C_BINARY, 0, 4, false},
    {"DEFAULT", SQL_C_DEFAULT, 0, 240, false},
    FIXED(BIT, SQLCHAR),
    FIXED(TINYINT, SQLSCHAR),
    FIXED(STINYINT, SQLSCHAR),
    FIXED(UTINYINT, SQLCHAR),
    FIXED(SHORT, SQLSMALLINT),
    FIXED(SSHORT, SQLSMALLINT),
    FIXED(USHORT, SQLUSMALLINT),
    FIXED(LONG, SQLINTEGER),
    FIXED(SLONG, SQLINTEGER),
    FIXED(ULONG, SQLUINTEGER),
    FIXED(SBIGINT, SQLBIGINT),
    FIXED(UBIGINT, SQLUBIGINT),
    FIXED(FLOAT, SQLREAL),
    FIXED(DOUBLE, SQLDOUBLE),
    FIXED(NUMERIC, SQL_NUMERIC_STRUCT),
    FIXED(TYPE_DATE, SQL_DATE_STRUCT),
    FIXED(TYPE_TIME, SQL_TIME_STRUCT),
    FIXED(TYPE_TIMESTAMP, SQL_TIMESTAMP_STRUCT),
    FIXED(GUID, SQLGUID),
    INTERVAL(YEAR),
    INTERVAL(MONTH),
    INTERVAL(DAY),
    INTERVAL(HOUR),
    INTERVAL(MINUTE),
    INTERVAL(SECOND),
    INTERVAL(YEAR_TO_MONTH),
    INTERVAL(DAY_TO_HOUR),
    INTERVAL(DAY_TO_MINUTE),
    INTERVAL(DAY_TO_SECOND),
    INTERVAL(HOUR_TO_MINUTE),
    INTERVAL(HOUR_TO_SECOND),
    INTERVAL(MINUTE_TO_SECOND),
};
const size_t c_type_count = COUNT_OF(c_types);

#define VALUES(...)               \
    (const char *const[])         \
    {                             \
        "null", __VA_ARGS__, NULL \
    }
#define UUID_TEXT "01234567-890a-bcde-f012-34567890abcd"

const struct service_type service_types[] = {
    {"BINARY", 1, SQL_C_BINARY, "'length':100",
     VALUES("''", "'AA=='", "'3q2+7w=='", "'AAECAwQFBgcICQ=='", "'QQ'", "'!!!'", "5")},
    {"VARCHAR", 5, SQL_C_WCHAR, "'length':100",
     VALUES("''", "'abc'", "'gr\xc3\xbcn \xf0\x9f\x99\x82'", "'0'", "'1'", "' 42 '", "'-12.75'", "'1e3'",
            "'300'", "'99999999999999999999'", "'1e400'", "'2024-02-29'", "'2024-02-30'", "'13:14:15.5'",
            "'2024-02-29 13:14:15.123456789'", "'2024-02-29 00:00:00'", "'" UUID_TEXT "'", "'5-3'",
            "'DEADBEEF'", "12.50", "true")},
    {"TINYINT", 6, SQL_C_TINYINT, "'precision':3",
     VALUES("0", "1", "2", "127", "-128", "200", "256", "'5'", "'x'", "1.5")},
    {"SMALLINT", 7, SQL_C_SHORT, "'precision':5", VALUES("0", "1", "32767", "-32768", "40000", "'5'", "'x'")},
    {"INTEGER", 8, SQL_C_LONG, "'precision':10",
     VALUES("0", "1", "2147483647", "-2147483648", "3000000000", "'5'", "'x'")},
    {"BIGINT", 9, SQL_C_SBIGINT, "'precision':19",
     VALUES("0", "1", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "'5'", "'x'")},
    {"FLOAT", 10, SQL_C_DOUBLE, "'precision':15",
     VALUES("0", "1", "1.5", "-0.25", "3.4028234663852886e38", "1e39", "1e-46", "'NaN'", "'Infinity'",
            "'x'")},
    {"DOUBLE", 11, SQL_C_DOUBLE, "'precision':15",
     VALUES("0", "1", "1.5", "-2.75", "1e20", "1.7976931348623157e308", "5e-324", "1e309", "'NaN'",
            "'-Infinity'", "'x'")},
    {"DECIMAL", 12, SQL_C_CHAR, "'precision':38,'scale':10",
     VALUES("'0'", "'1'", "'123.4567890000'", "'-0.5'", "'255.0'", "'1E+5'", "'-99999999999999999999'",
            "'9999999999999999999999999999.9999999999'", "'0.00000000000000000001'", "12.5", "'x'")},
    {"NUMERIC", 13, SQL_C_CHAR, "'precision':38,'scale':0",
     VALUES("'0'", "'1'", "'-42'", "'1.5'", "'99999999999999999999999999999999999999'", "'1e40'", "'x'")},
    {"BOOLEAN", 14, SQL_C_BIT, "'precision':1", VALUES("true", "false", "1", "0", "'true'", "2", "'x'")},
    {"DATE", 15, SQL_C_TYPE_DATE, "'length':10",
     VALUES("'2024-02-29'", "'0001-01-01'", "'9999-12-31'", "'2024-02-29T10:00:00Z'", "'2024-02-30'", "'x'",
            "5")},
    {"TIME", 16, SQL_C_TYPE_TIME, "'scale':7",
     VALUES("'00:00:00'", "'13:14:15'", "'23:59:59.9999999'", "'13:14:15.123456789'", "'24:00:00'", "'x'",
            "5")},
    {"TIMESTAMP", 17, SQL_C_TYPE_TIMESTAMP, "'scale':7",
     VALUES("'2024-02-29T13:14:15.1234567Z'", "'2024-02-29T00:00:00Z'", "'0001-01-01T00:00:00.0000000Z'",
            "'9999-12-31T23:59:59.999999999Z'", "'2024-02-29 13:14:15+02:00'", "'2024-02-30T00:00:00Z'",
            "'x'", "5")},
    {"UUID", 18, SQL_C_GUID, "'length':36",
     VALUES("'{" UUID_TEXT "}'", "'" UUID_TEXT "'", "'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF'", "'{0123}'",
            "'x'", "5")},
};
const size_t service_type_count = COUNT_OF(service_types);

/* ---- outcomes ---- */

struct outcome outcome_init(void)
{
    struct outcome o = {.code = SQL_ERROR, .indicator = NO_INDICATOR};

    memset(o.data, CANARY, sizeof o.data);
    return o;
}

static SQLSMALLINT effective(const struct c_type *c, const struct service_type *type)
{
    return c->id == SQL_C_DEFAULT ? type->by_default : c->id;
}

/* Raw octets of wide text are as wide as SQLWCHAR is. */
static bool is_raw_text(const struct c_type *c, const struct service_type *type)
{
    return effective(c, type) == SQL_C_BINARY && type->by_default == SQL_C_WCHAR;
}

SQLLEN capacity_of(const struct c_type *c, const struct service_type *type)
{
    if (c->octets != 0 || c->id == SQL_C_DEFAULT)
        return c->capacity;
    bool wide = c->id == SQL_C_WCHAR || (is_raw_text(c, type) && c->capacity < 100);
    return c->capacity * (wide ? (SQLLEN)sizeof(SQLWCHAR) : 1);
}

/* The size of a value of a type of fixed size; 0: it has none. */
static size_t fixed_octets(SQLSMALLINT id)
{
    for (size_t i = 0; i < COUNT_OF(c_types); i++)
        if (c_types[i].id == id)
            return c_types[i].octets;
    return 0;
}

size_t stride_of(const struct c_type *c, const struct service_type *type)
{
    size_t octets = fixed_octets(effective(c, type));

    return octets != 0 ? octets : (size_t)capacity_of(c, type);
}

static void show_numeric(const SQL_NUMERIC_STRUCT *n, char *text, size_t size)
{
    unsigned __int128 value = 0;
    char digits[48], *p = digits + sizeof digits - 1;

    for (int i = SQL_MAX_NUMERIC_LEN - 1; i >= 0; i--)
        value = value << 8 | n->val[i];
    *p = '\0';
    do
        *--p = (char)('0' + (int)(value % 10));
    while ((value /= 10) != 0);
    snprintf(text, size, "%s%s scale %d precision %d", n->sign == 0 ? "-" : "", p, n->scale, n->precision);
}

static void show_interval(const SQL_INTERVAL_STRUCT *i, char *text, size_t size)
{
    const char *sign = i->interval_sign == SQL_TRUE ? "-" : "";

    if (i->interval_type == SQL_IS_YEAR || i->interval_type == SQL_IS_MONTH ||
        i->interval_type == SQL_IS_YEAR_TO_MONTH)
        snprintf(text, size, "%s%u-%u", sign, (unsigned)i->intval.year_month.year,
                 (unsigned)i->intval.year_month.month);
    else
        snprintf(text, size, "%s%u %u:%u:%u.%u", sign, (unsigned)i->intval.day_second.day,
                 (unsigned)i->intval.day_second.hour, (unsigned)i->intval.day_second.minute,
                 (unsigned)i->intval.day_second.second, (unsigned)i->intval.day_second.fraction);
}

/* A time becomes a timestamp of the current date, which differs from run to run. */
static bool is_today(const SQL_TIMESTAMP_STRUCT *stamp)
{
    for (int day = -1; day <= 1; day++) {
        time_t moment = time(NULL) + day * 24 * 60 * 60;
        struct tm date;
        gmtime_r(&moment, &date);
        if (stamp->year == date.tm_year + 1900 && stamp->month == date.tm_mon + 1 &&
            stamp->day == date.tm_mday)
            return true;
    }
    return false;
}

static void show_moment(SQLSMALLINT id, const void *data, char *text, size_t size)
{
    SQL_DATE_STRUCT date;
    SQL_TIME_STRUCT time;
    SQL_TIMESTAMP_STRUCT stamp;

    memcpy(&date, data, sizeof date);
    memcpy(&time, data, sizeof time);
    memcpy(&stamp, data, sizeof stamp);
    if (id == SQL_C_TYPE_DATE)
        snprintf(text, size, "%04d-%02u-%02u", date.year, date.month, date.day);
    else if (id == SQL_C_TYPE_TIME)
        snprintf(text, size, "%02u:%02u:%02u", time.hour, time.minute, time.second);
    else if (is_today(&stamp))
        snprintf(text, size, "today %02u:%02u:%02u.%09u", stamp.hour, stamp.minute, stamp.second,
                 (unsigned)stamp.fraction);
    else
        snprintf(text, size, "%04d-%02u-%02u %02u:%02u:%02u.%09u", stamp.year, stamp.month, stamp.day,
                 stamp.hour, stamp.minute, stamp.second, (unsigned)stamp.fraction);
}

static void show_guid(const void *data, char *text, size_t size)
{
    SQLGUID g;

    memcpy(&g, data, sizeof g);
    snprintf(text, size, "%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x", (unsigned)g.Data1, g.Data2,
             g.Data3, g.Data4[0], g.Data4[1], g.Data4[2], g.Data4[3], g.Data4[4], g.Data4[5], g.Data4[6],
             g.Data4[7]);
}

static int64_t whole_number(SQLSMALLINT id, const void *data)
{
    union {
        SQLSCHAR tiny;
        SQLCHAR utiny;
        SQLSMALLINT small;
        SQLUSMALLINT usmall;
        SQLINTEGER integer;
        SQLUINTEGER uinteger;
        SQLBIGINT big;
    } u;

    memcpy(&u, data, sizeof u);
    switch (id) {
    case SQL_C_TINYINT:
    case SQL_C_STINYINT:
        return u.tiny;
    case SQL_C_BIT:
    case SQL_C_UTINYINT:
        return u.utiny;
    case SQL_C_SHORT:
    case SQL_C_SSHORT:
        return u.small;
    case SQL_C_USHORT:
        return u.usmall;
    case SQL_C_LONG:
    case SQL_C_SLONG:
        return u.integer;
    case SQL_C_ULONG:
        return u.uinteger;
    default:
        return u.big;
    }
}

static void show_fixed(SQLSMALLINT id, const void *data, char *text, size_t size)
{
    SQLREAL real;
    SQLDOUBLE number;
    SQL_NUMERIC_STRUCT numeric;
    SQL_INTERVAL_STRUCT interval;

    memcpy(&real, data, sizeof real);
    memcpy(&number, data, sizeof number);
    memcpy(&numeric, data, sizeof numeric);
    memcpy(&interval, data, sizeof interval);
    if (id == SQL_C_FLOAT)
        snprintf(text, size, "%.9g", (double)real);
    else if (id == SQL_C_DOUBLE)
        snprintf(text, size, "%.17g", number);
    else if (id == SQL_C_NUMERIC)
        show_numeric(&numeric, text, size);
    else if (id == SQL_C_GUID)
        show_guid(data, text, size);
    else if (id == SQL_C_TYPE_DATE || id == SQL_C_TYPE_TIME || id == SQL_C_TYPE_TIMESTAMP)
        show_moment(id, data, text, size);
    else if (id >= SQL_C_INTERVAL_YEAR && id <= SQL_C_INTERVAL_MINUTE_TO_SECOND)
        show_interval(&interval, text, size);
    else if (id == SQL_C_UBIGINT)
        snprintf(text, size, "%llu", (unsigned long long)whole_number(id, data));
    else
        snprintf(text, size, "%lld", (long long)whole_number(id, data));
}

/* Characters that are two units of UTF-16. */
static SQLLEN count_pairs(const char *value)
{
    SQLLEN pairs = 0;

    for (; *value != '\0'; value++)
        pairs += (*value & 0xF8) == 0xF0;
    return pairs;
}

static void show_wide(const struct outcome *o, bool terminated, char *text, size_t size)
{
    SQLWCHAR wide[DATA_OCTETS / sizeof(SQLWCHAR)];
    char *narrow;

    memcpy(wide, o->data, sizeof wide);
    narrow = narrow_from(wide, terminated ? SQL_NTS : o->indicator / (SQLLEN)sizeof(SQLWCHAR));
    snprintf(text, size, "%s\"%s\"", terminated ? "" : "wide ", narrow);
    free(narrow);
}

static void show_octets(const struct outcome *o, SQLLEN count, char *text, size_t size)
{
    char *out = text;

    snprintf(out, size, "X'");
    out += 2;
    for (SQLLEN i = 0; i < count && out + 4 < text + size; i++)
        out += snprintf(out, 4, "%02X", o->data[i]);
    snprintf(out, 2, "'");
}

static void show_value(const struct outcome *o, const struct c_type *c, const struct service_type *type,
                       char *text, size_t size)
{
    SQLSMALLINT id = effective(c, type);
    SQLLEN capacity = capacity_of(c, type);
    struct outcome cut = *o;

    cut.indicator = o->indicator < capacity ? o->indicator : capacity;
    if (id == SQL_C_CHAR)
        snprintf(text, size, "\"%s\"", (const char *)o->data);
    else if (id == SQL_C_WCHAR || is_raw_text(c, type))
        show_wide(&cut, id == SQL_C_WCHAR, text, size);
    else if (id == SQL_C_BINARY)
        show_octets(o, cut.indicator, text, size);
    else
        show_fixed(id, o->data, text, size);
}

void outcome_show(const struct outcome *o, const struct c_type *c, const struct service_type *type,
                  const char *sent, char *text, size_t size)
{
    SQLSMALLINT id = effective(c, type);
    size_t octets = fixed_octets(id);
    char indicator[24] = "", value[300] = "";
    bool wide = id == SQL_C_WCHAR || is_raw_text(c, type);

    if (SQL_SUCCEEDED(o->code) && o->indicator == SQL_NULL_DATA) {
        snprintf(indicator, sizeof indicator, "null");
    } else if (SQL_SUCCEEDED(o->code)) {
        SQLLEN length = wide ? o->indicator / (SQLLEN)sizeof(SQLWCHAR) : o->indicator;
        show_value(o, c, type, value, sizeof value);
        if (wide && sizeof(SQLWCHAR) == 4)
            length += count_pairs(sent);
        if (octets != 0 && o->indicator == (SQLLEN)octets)
            snprintf(indicator, sizeof indicator, "size");
        else
            snprintf(indicator, sizeof indicator, "%ld", (long)length);
    }
    snprintf(text, size, "%c %-5s %4s  %s", return_letter(o->code), o->state, indicator, value);
    text[strcspn(text, "\n")] = '\0';
}
