/* The functions of the service's dialect: the one table of them. See functions.h. */
#include "functions.h"
#include "functions_parts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct function {
    struct service_function is;
    function_body *body; /* NULL: SQLite's own does it */
    bool takes_null;
    bool varies; /* gives another value each time */
};

#define OWN(name, engine, least, most, type)                        \
    {                                                               \
        {name, engine, least, most, false, type}, NULL, true, false \
    }
#define AGGREGATE(name, least, most, type)                       \
    {                                                            \
        {name, name, least, most, true, type}, NULL, true, false \
    }
#define OURS(name, engine, least, most, type, body)                  \
    {                                                                \
        {name, engine, least, most, false, type}, body, false, false \
    }

/* In order of name, _ before letters. The second column is SQLite's name: another one where SQLite has a
 * function or a keyword of the documented name that does something else. */
static const struct function functions[] = {
    OWN("ABS", "ABS", 1, 1, 0),
    OWN("ACOS", "ACOS", 1, 1, SERVICE_DOUBLE),
    OURS("ASCII", "ASCII", 1, 1, SERVICE_INTEGER, text_ascii),
    OWN("ASIN", "ASIN", 1, 1, SERVICE_DOUBLE),
    OWN("ATAN", "ATAN", 1, 1, SERVICE_DOUBLE),
    OWN("ATN2", "ATAN2", 2, 2, SERVICE_DOUBLE),
    AGGREGATE("AVG", 1, 1, SERVICE_DOUBLE),
    OWN("CEILING", "CEILING", 1, 1, 0),
    OWN("CHAR", "CHAR", 1, 1, SERVICE_VARCHAR),
    OWN("CHAR_LENGTH", "LENGTH", 1, 1, SERVICE_INTEGER),
    OURS("CHARINDEX", "CHARINDEX", 2, 3, SERVICE_INTEGER, text_charindex),
    OWN("COALESCE", "COALESCE", 2, -1, 0),
    {{"CONCAT", "CONCAT", 1, -1, false, SERVICE_VARCHAR}, text_concat, true, false},
    OURS("CONTAINS", "CONTAINS", 2, 2, SERVICE_BOOLEAN, text_contains),
    OWN("COS", "COS", 1, 1, SERVICE_DOUBLE),
    OURS("COT", "COT", 1, 1, SERVICE_DOUBLE, number_cot),
    AGGREGATE("COUNT", 0, 1, SERVICE_BIGINT),
    {{"CURRENT_DATE", "connect_current_date", 0, 0, false, SERVICE_DATE}, date_today, false, true},
    {{"CURRENT_TIMESTAMP", "connect_current_timestamp", 0, 0, false, SERVICE_TIMESTAMP},
     date_now,
     false,
     true},
    OURS("DATE_TRUNC", "DATE_TRUNC", 2, 2, SERVICE_TIMESTAMP, date_truncate),
    OURS("DATEADD", "DATEADD", 3, 3, SERVICE_TIMESTAMP, date_add),
    OURS("DATEDIFF", "DATEDIFF", 3, 3, SERVICE_BIGINT, date_diff),
    OURS("DATEFROMPARTS", "DATEFROMPARTS", 3, 3, SERVICE_DATE, date_from_parts),
    OURS("DATENAME", "DATENAME", 2, 2, SERVICE_VARCHAR, date_name),
    OURS("DATEPART", "DATEPART", 2, 3, SERVICE_INTEGER, date_part),
    OURS("DAY", "DAY", 1, 1, SERVICE_INTEGER, date_day),
    OURS("DAYOFMONTH", "DAYOFMONTH", 1, 1, SERVICE_INTEGER, date_day),
    OURS("DAYOFWEEK", "DAYOFWEEK", 1, 1, SERVICE_INTEGER, date_dayofweek),
    OURS("DAYOFYEAR", "DAYOFYEAR", 1, 1, SERVICE_INTEGER, date_dayofyear),
    OWN("DEGREES", "DEGREES", 1, 1, SERVICE_DOUBLE),
    AGGREGATE("DENSE_RANK", 0, 0, SERVICE_BIGINT),
    OURS("ENDSWITH", "ENDSWITH", 2, 2, SERVICE_BOOLEAN, text_endswith),
    OURS("EOMONTH", "EOMONTH", 1, 2, SERVICE_DATE, date_end_of_month),
    OWN("EXP", "EXP", 1, 1, SERVICE_DOUBLE),
    AGGREGATE("FIRST_VALUE", 1, 1, 0),
    OWN("FLOOR", "FLOOR", 1, 1, 0),
    OURS("FORMAT", "connect_format", 2, 3, SERVICE_VARCHAR, text_format),
    {{"GETDATE", "GETDATE", 0, 0, false, SERVICE_TIMESTAMP}, date_now, false, true},
    {{"GETUTCDATE", "GETUTCDATE", 0, 0, false, SERVICE_TIMESTAMP}, date_now, false, true},
    OURS("GREATEST", "GREATEST", 1, -1, 0, number_greatest),
    OURS("HOUR", "HOUR", 1, 1, SERVICE_INTEGER, date_hour),
    OURS("INDEXOF", "INDEXOF", 2, 3, SERVICE_INTEGER, text_indexof),
    OWN("ISNULL", "IFNULL", 2, 2, 0),
    OWN("JSON_EXTRACT", "JSON_EXTRACT", 2, 2, SERVICE_VARCHAR),
    AGGREGATE("LAG", 1, 3, 0),
    OURS("LAST_DAY", "LAST_DAY", 1, 1, SERVICE_DATE, date_end_of_month),
    AGGREGATE("LAST_VALUE", 1, 1, 0),
    AGGREGATE("LEAD", 1, 3, 0),
    OURS("LEAST", "LEAST", 1, -1, 0, number_least),
    OURS("LEFT", "connect_left", 2, 2, SERVICE_VARCHAR, text_left),
    OWN("LEN", "LENGTH", 1, 1, SERVICE_INTEGER),
    OURS("LOCATE", "LOCATE", 2, 2, SERVICE_INTEGER, text_locate),
    OURS("LOG", "connect_log", 1, 2, SERVICE_DOUBLE, number_log),
    OWN("LOG10", "LOG10", 1, 1, SERVICE_DOUBLE),
    OURS("LOWER", "connect_lower", 1, 1, SERVICE_VARCHAR, text_lower),
    OWN("LTRIM", "LTRIM", 1, 1, SERVICE_VARCHAR),
    AGGREGATE("MAX", 1, 1, 0),
    AGGREGATE("MIN", 1, 1, 0),
    OURS("MINUTE", "MINUTE", 1, 1, SERVICE_INTEGER, date_minute),
    OURS("MOD", "connect_mod", 2, 2, 0, number_mod),
    OURS("MONTH", "MONTH", 1, 1, SERVICE_INTEGER, date_month),
    OWN("NCHAR", "CHAR", 1, 1, SERVICE_VARCHAR),
    OURS("NEGATE", "NEGATE", 1, 1, 0, number_negate),
    AGGREGATE("NTILE", 1, 1, SERVICE_BIGINT),
    OWN("NULLIF", "NULLIF", 2, 2, 0),
    OURS("OCTET_LENGTH", "connect_octet_length", 1, 1, SERVICE_INTEGER, text_octet_length),
    OURS("PATINDEX", "PATINDEX", 2, 2, SERVICE_INTEGER, text_patindex),
    OWN("PI", "PI", 0, 0, SERVICE_DOUBLE),
    /* Its form is POSITION(a IN b), which dialect_call.c writes as LOCATE; with a list it is no call. */
    OWN("POSITION", "POSITION", 1, 1, SERVICE_INTEGER),
    OWN("POWER", "POWER", 2, 2, SERVICE_DOUBLE),
    OURS("QUARTER", "QUARTER", 1, 1, SERVICE_INTEGER, date_quarter),
    OURS("QUOTENAME", "QUOTENAME", 1, 2, SERVICE_VARCHAR, text_quotename),
    OWN("RADIANS", "RADIANS", 1, 1, SERVICE_DOUBLE),
    {{"RAND", "RAND", 0, 1, false, SERVICE_DOUBLE}, number_rand, false, true},
    AGGREGATE("RANK", 0, 0, SERVICE_BIGINT),
    OWN("REPLACE", "REPLACE", 3, 3, SERVICE_VARCHAR),
    OURS("REPLICATE", "REPLICATE", 2, 2, SERVICE_VARCHAR, text_replicate),
    OURS("REVERSE", "REVERSE", 1, 1, SERVICE_VARCHAR, text_reverse),
    OURS("RIGHT", "connect_right", 2, 2, SERVICE_VARCHAR, text_right),
    OURS("ROUND", "connect_round", 1, 3, 0, number_round),
    AGGREGATE("ROW_NUMBER", 0, 0, SERVICE_BIGINT),
    OWN("RTRIM", "RTRIM", 1, 1, SERVICE_VARCHAR),
    OURS("SECOND", "SECOND", 1, 1, SERVICE_INTEGER, date_second),
    OWN("SIGN", "SIGN", 1, 1, SERVICE_INTEGER),
    OWN("SIN", "SIN", 1, 1, SERVICE_DOUBLE),
    OURS("SOUNDEX", "connect_soundex", 1, 1, SERVICE_VARCHAR, text_soundex),
    OURS("SPACE", "SPACE", 1, 1, SERVICE_VARCHAR, text_space),
    OURS("SPLIT", "SPLIT", 3, 3, SERVICE_VARCHAR, text_split),
    OWN("SQRT", "SQRT", 1, 1, SERVICE_DOUBLE),
    OURS("SQUARE", "SQUARE", 1, 1, SERVICE_DOUBLE, number_square),
    OURS("STARTSWITH", "STARTSWITH", 2, 2, SERVICE_BOOLEAN, text_startswith),
    OURS("STR", "STR", 1, 3, SERVICE_VARCHAR, text_str),
    OURS("STUFF", "STUFF", 4, 4, SERVICE_VARCHAR, text_stuff),
    OURS("SUBSTRING", "connect_substring", 2, 3, SERVICE_VARCHAR, text_substring),
    AGGREGATE("SUM", 1, 1, 0),
    OWN("TAN", "TAN", 1, 1, SERVICE_DOUBLE),
    {{"TOSTRING", "TOSTRING", 1, 1, false, SERVICE_VARCHAR}, text_tostring, true, false},
    OWN("TRIM", "TRIM", 1, 1, SERVICE_VARCHAR),
    OURS("TRUNC", "connect_trunc", 1, 2, 0, number_trunc),
    OWN("UNICODE", "UNICODE", 1, 1, SERVICE_INTEGER),
    OURS("UPPER", "connect_upper", 1, 1, SERVICE_VARCHAR, text_upper),
    OURS("WEEK", "WEEK", 1, 1, SERVICE_INTEGER, date_week),
    OURS("YEAR", "YEAR", 1, 1, SERVICE_INTEGER, date_year),
};

/* What CAST is written as; see dialect_cast.c. */
static const struct function conversions[] = {
    OURS("BINARY", "connect_binary", 1, 2, SERVICE_BINARY, cast_binary),
    OURS("VARCHAR", "connect_varchar", 1, 2, SERVICE_VARCHAR, cast_varchar),
    OURS("BIGINT", "connect_integer", 2, 2, SERVICE_BIGINT, cast_integer),
    OURS("DOUBLE", "connect_double", 1, 1, SERVICE_DOUBLE, cast_double),
    OURS("DECIMAL", "connect_decimal", 1, 3, SERVICE_DECIMAL, cast_decimal),
    OURS("BOOLEAN", "connect_boolean", 1, 1, SERVICE_BOOLEAN, cast_boolean),
    OURS("DATE", "connect_date", 1, 1, SERVICE_DATE, cast_date),
    OURS("TIME", "connect_time", 1, 2, SERVICE_TIME, cast_time),
    OURS("TIMESTAMP", "connect_timestamp", 1, 2, SERVICE_TIMESTAMP, cast_timestamp),
    OURS("UUID", "connect_uuid", 1, 1, SERVICE_UUID, cast_uuid),
};

/* NULL in, NULL out, for the functions that say nothing else of it. */
static void call(sqlite3_context *context, int count, sqlite3_value **values)
{
    const struct function *function = sqlite3_user_data(context);

    if (count < function->is.min_args || (function->is.max_args >= 0 && count > function->is.max_args)) {
        sqlite3_result_error(context, "wrong number of arguments", -1);
        return;
    }
    if (!function->takes_null)
        for (int i = 0; i < count; i++)
            if (sqlite3_value_type(values[i]) == SQLITE_NULL)
                return; /* the result is NULL unless set */
    function->body(context, count, values);
}

static int register_one(sqlite3 *db, const struct function *function)
{
    int flags = SQLITE_UTF8 | SQLITE_INNOCUOUS | (function->varies ? 0 : SQLITE_DETERMINISTIC);

    if (!function->body)
        return SQLITE_OK;
    return sqlite3_create_function_v2(db, function->is.engine, -1, flags, (void *)(uintptr_t)function, call,
                                      NULL, NULL, NULL);
}

int functions_register(sqlite3 *db)
{
    int rc = collations_register(db);

    for (size_t i = 0; i < sizeof functions / sizeof *functions && rc == SQLITE_OK; i++)
        rc = register_one(db, &functions[i]);
    for (size_t i = 0; i < sizeof conversions / sizeof *conversions && rc == SQLITE_OK; i++)
        rc = register_one(db, &conversions[i]);
    return rc;
}

static int compare_name(const void *name, const void *function)
{
    return strcasecmp(name, ((const struct function *)function)->is.name);
}

const struct service_function *functions_find(const char *name)
{
    const struct function *found =
        bsearch(name, functions, sizeof functions / sizeof *functions, sizeof *functions, compare_name);

    return found ? &found->is : NULL;
}

int functions_result_type(const char *name)
{
    const struct service_function *function = functions_find(name);

    return function ? function->type : SERVICE_UNKNOWN;
}
