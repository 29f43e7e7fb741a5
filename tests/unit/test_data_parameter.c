/* Proves that a C buffer of every type becomes the JSON that SERVICE.md section 1 describes, with the results of
 * appendix D of the ODBC reference. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utf.h"
#include "data/parameter.h"

struct text_case {
    int line;
    const char *text;
    SQLSMALLINT sql_type;
    SQLULEN size;
    SQLSMALLINT digits;
    const char *json;
    enum ca_conversion result;
};

#define ROW(text, type, size, digits, json, result)                                                            \
    {__LINE__, text, SQL_##type, size, digits, json, CA_##result},

/* Text, given as SQL_C_CHAR and as SQL_C_WCHAR. */
static const struct text_case text_cases[] = {
    ROW("abc", VARCHAR, 0, 0, "\"abc\"", CONVERTED)
    ROW("", WVARCHAR, 10, 0, "\"\"", CONVERTED)
    ROW("abc", WVARCHAR, 3, 0, "\"abc\"", CONVERTED)
    ROW("abcd", WVARCHAR, 3, 0, NULL, CONVERT_STRING_TOO_LONG)
    ROW("äöü", VARCHAR, 3, 0, "\"äöü\"", CONVERTED)
    ROW("äöü", CHAR, 2, 0, NULL, CONVERT_STRING_TOO_LONG)
    ROW("😀x", WLONGVARCHAR, 2, 0, "\"😀x\"", CONVERTED)
    ROW("q\"b\\s/\n\r\t\x01", VARCHAR, 0, 0, "\"q\\\"b\\\\s/\\n\\r\\t\\u0001\"", CONVERTED)
    ROW("'); DROP", VARCHAR, 0, 0, "\"'); DROP\"", CONVERTED)
    ROW("42", INTEGER, 0, 0, "42", CONVERTED)
    ROW(" +042 ", INTEGER, 0, 0, "42", CONVERTED)
    ROW("-0", INTEGER, 0, 0, "0", CONVERTED)
    ROW("42.00", SMALLINT, 0, 0, "42", CONVERTED)
    ROW("42.5", SMALLINT, 0, 0, NULL, CONVERT_STRING_TOO_LONG)
    ROW("40000", SMALLINT, 0, 0, NULL, CONVERT_STRING_TOO_LONG)
    ROW("-32768", SMALLINT, 0, 0, "-32768", CONVERTED)
    ROW("255", TINYINT, 0, 0, "255", CONVERTED)
    ROW("256", TINYINT, 0, 0, NULL, CONVERT_STRING_TOO_LONG)
    ROW("9223372036854775807", BIGINT, 0, 0, "9223372036854775807", CONVERTED)
    ROW("9223372036854775808", BIGINT, 0, 0, NULL, CONVERT_STRING_TOO_LONG)
    ROW("x", BIGINT, 0, 0, NULL, CONVERT_TEXT)
    ROW("", INTEGER, 0, 0, NULL, CONVERT_TEXT)
    ROW("1}", DOUBLE, 0, 0, NULL, CONVERT_TEXT)
    ROW("123.4500", DECIMAL, 10, 4, "123.4500", CONVERTED)
    ROW("123.4500", DECIMAL, 10, 2, "123.45", CONVERTED)
    ROW("123.456", DECIMAL, 10, 2, NULL, CONVERT_STRING_TOO_LONG)
    ROW("12345678.9", NUMERIC, 9, 2, NULL, CONVERT_STRING_TOO_LONG)
    ROW("123.456", NUMERIC, 0, 0, "123.456", CONVERTED)
    ROW("-.5", DECIMAL, 0, 0, "-0.5", CONVERTED)
    ROW("5.", DECIMAL, 0, 0, "5", CONVERTED)
    ROW("1e3", DECIMAL, 0, 0, "1000", CONVERTED)
    ROW("1.5e-3", DECIMAL, 0, 0, "0.0015", CONVERTED)
    ROW("1e40", DECIMAL, 0, 0, NULL, CONVERT_STRING_TOO_LONG)
    ROW("99999999999999999999999999999999999999", DECIMAL, 38, 0, "99999999999999999999999999999999999999", CONVERTED)
    ROW("0.12345678901234567890123456789012345678", NUMERIC, 38, 38, "0.12345678901234567890123456789012345678", CONVERTED)
    ROW("0", NUMERIC, 1, 1, "0", CONVERTED)
    ROW("0.1", DOUBLE, 0, 0, "0.1", CONVERTED)
    ROW("1E300", DOUBLE, 0, 0, "1e300", CONVERTED)
    ROW("1E400", FLOAT, 0, 0, NULL, CONVERT_RANGE)
    ROW("1E39", REAL, 0, 0, NULL, CONVERT_RANGE)
    ROW("0", BIT, 0, 0, "false", CONVERTED)
    ROW("1", BIT, 0, 0, "true", CONVERTED)
    ROW("0.5", BIT, 0, 0, NULL, CONVERT_STRING_TOO_LONG)
    ROW("2", BIT, 0, 0, NULL, CONVERT_RANGE)
    ROW("yes", BIT, 0, 0, NULL, CONVERT_TEXT)
    ROW("0aFF10", VARBINARY, 3, 0, "\"Cv8Q\"", CONVERTED)
    ROW("0aFF1", BINARY, 3, 0, "\"Cv8=\"", CONVERTED)
    ROW("0aFF", VARBINARY, 1, 0, NULL, CONVERT_STRING_TOO_LONG)
    ROW("0g", VARBINARY, 0, 0, NULL, CONVERT_TEXT)
    ROW("ä0", VARBINARY, 0, 0, NULL, CONVERT_TEXT)
    ROW("", LONGVARBINARY, 0, 0, "\"\"", CONVERTED)
    ROW("2024-02-29", TYPE_DATE, 0, 0, "\"2024-02-29\"", CONVERTED)
    ROW("{d '2024-02-29'}", TYPE_DATE, 0, 0, "\"2024-02-29\"", CONVERTED)
    ROW("2024-02-29 00:00:00", DATE, 0, 0, "\"2024-02-29\"", CONVERTED)
    ROW("2024-02-29 00:00:01", TYPE_DATE, 0, 0, NULL, CONVERT_DATETIME_RANGE)
    ROW("2024-02-30", TYPE_DATE, 0, 0, NULL, CONVERT_DATETIME_FORMAT)
    ROW("12:00:00", TYPE_DATE, 0, 0, NULL, CONVERT_TEXT)
    ROW("today", TYPE_DATE, 0, 0, NULL, CONVERT_TEXT)
    ROW("12:34:56", TYPE_TIME, 0, 0, "\"12:34:56.0000000\"", CONVERTED)
    ROW("12:34:56.1234567", TYPE_TIME, 0, 0, "\"12:34:56.1234567\"", CONVERTED)
    ROW("12:34:56.12345678", TIME, 0, 0, NULL, CONVERT_DATETIME_RANGE)
    ROW("2024-02-29", TYPE_TIME, 0, 0, NULL, CONVERT_TEXT)
    ROW("2024-02-29 12:34:56.5", TYPE_TIMESTAMP, 0, 0, "\"2024-02-29T12:34:56.5000000Z\"", CONVERTED)
    ROW("2024-02-29", TYPE_TIMESTAMP, 0, 0, "\"2024-02-29T00:00:00.0000000Z\"", CONVERTED)
    ROW("2024-02-29T12:34:56+02:00", TIMESTAMP, 0, 0, "\"2024-02-29T10:34:56.0000000Z\"", CONVERTED)
    ROW("{ts '2024-02-29 12:34:56'}", TYPE_TIMESTAMP, 0, 0, "\"2024-02-29T12:34:56.0000000Z\"", CONVERTED)
    ROW("0001-01-01 00:00:00+01:00", TYPE_TIMESTAMP, 0, 0, NULL, CONVERT_DATETIME_RANGE)
    ROW("2024-02-29 12:34:56.123456789", TYPE_TIMESTAMP, 0, 0, NULL, CONVERT_DATETIME_RANGE)
    ROW("01234567-890A-bcde-f012-34567890abcd", GUID, 0, 0, "\"{01234567-890A-bcde-f012-34567890abcd}\"", CONVERTED)
    ROW("{01234567-890a-bcde-f012-34567890abcd}", GUID, 0, 0, "\"{01234567-890a-bcde-f012-34567890abcd}\"", CONVERTED)
    ROW("01234567-890a-bcde-f012", GUID, 0, 0, NULL, CONVERT_TEXT)
    ROW("3 04:05:06.5", INTERVAL_DAY_TO_SECOND, 0, 0, "\"3 04:05:06.5\"", CONVERTED)
    ROW("INTERVAL -'1-2' YEAR TO MONTH", INTERVAL_YEAR_TO_MONTH, 0, 0, "\"-1-02\"", CONVERTED)
    ROW("3 04:05:06.5", INTERVAL_DAY_TO_HOUR, 0, 0, NULL, CONVERT_INTERVAL_RANGE)
    ROW("x", INTERVAL_DAY, 0, 0, NULL, CONVERT_TEXT)
    ROW("x", VARCHAR - 12000, 0, 0, NULL, CONVERT_UNSUPPORTED)
};

static void check(int line, const struct ca_parameter *parameter, const void *data, SQLLEN length, const char *json,
                  enum ca_conversion result)
{
    struct ca_buffer buffer = CA_BUFFER_INIT(100000);
    ca_buffer_add_text(&buffer, "[");
    enum ca_conversion got = ca_parameter_write(&buffer, parameter, data, length);
    if (got != result)
        fail_msg("line %d: result %d, not %d (%s)", line, (int)got, (int)result, ca_buffer_text(&buffer));
    if (strcmp(ca_buffer_text(&buffer) + 1, json ? json : "") != 0)
        fail_msg("line %d: %s, not %s", line, ca_buffer_text(&buffer) + 1, json ? json : "nothing");
    ca_buffer_free(&buffer);
}

static void text_becomes_every_type(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof text_cases / sizeof *text_cases; i++) {
        const struct text_case *row = &text_cases[i];
        struct ca_parameter parameter = {SQL_C_CHAR, row->sql_type, row->size, row->digits, 0, 0};
        size_t octets = strlen(row->text);
        char *exact = malloc(octets ? octets : 1); /* no terminator: a sanitizer sees what is read behind it */
        assert_non_null(exact);
        memcpy(exact, row->text, octets);
        check(row->line, &parameter, exact, (SQLLEN)octets, row->json, row->result);
        check(row->line, &parameter, row->text, SQL_NTS, row->json, row->result);
        free(exact);

        ca_wide wide[200];
        size_t taken;
        size_t units = ca_utf8_to_wide(wide, 199, row->text, octets, &taken);
        wide[units] = 0;
        parameter.c_type = SQL_C_WCHAR;
        char *odd = malloc((units + 1) * sizeof *wide + 1); /* at an odd address, as in packed rows */
        assert_non_null(odd);
        memcpy(odd + 1, wide, (units + 1) * sizeof *wide);
        check(row->line, &parameter, odd + 1, (SQLLEN)(units * sizeof *wide), row->json, row->result);
        check(row->line, &parameter, odd + 1, SQL_NTS, row->json, row->result);
        free(odd);
    }
}

static const int8_t minus_one8 = -1;
static const uint8_t most8 = 255;
static const int16_t least16 = INT16_MIN;
static const uint16_t most16 = UINT16_MAX;
static const int32_t least32 = INT32_MIN;
static const uint32_t most32 = UINT32_MAX;
static const int64_t least64 = INT64_MIN;
static const uint64_t most64 = UINT64_MAX;
static const int32_t one = 1;
static const int32_t two = 2;
static const uint8_t bit = 1;
static const double tenth = 0.1;
static const double half = 0.5;
static const double large = 1e300;
static const double eighteen = 123456789012345678.0;
static const double not_a_number = NAN;
static const double infinite = -INFINITY;
static const float tenth_float = 0.1F;
static const SQL_NUMERIC_STRUCT numeric = {5, 2, 1, {0x39, 0x30}};          /* 123.45 */
static const SQL_NUMERIC_STRUCT negative_numeric = {5, 0, 0, {0x39, 0x30}}; /* -12345 */
static const SQL_NUMERIC_STRUCT full_numeric = {38, 0, 1, {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                                           0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}};
static const SQL_DATE_STRUCT date = {2024, 2, 29};
static const SQL_DATE_STRUCT no_date = {2023, 2, 29};
static const SQL_TIME_STRUCT clock_time = {12, 34, 56};
static const SQL_TIME_STRUCT no_time = {24, 0, 0};
static const SQL_TIMESTAMP_STRUCT stamp = {2024, 2, 29, 12, 34, 56, 123456700};
static const SQL_TIMESTAMP_STRUCT fine_stamp = {2024, 2, 29, 12, 34, 56, 123456789};
static const SQL_TIMESTAMP_STRUCT midnight = {2024, 2, 29, 0, 0, 0, 0};
static const SQL_TIMESTAMP_STRUCT no_stamp = {2024, 13, 1, 0, 0, 0, 0};
static const SQL_TIMESTAMP_STRUCT no_fraction = {2024, 1, 1, 0, 0, 0, 4000000000U};
static const SQLGUID guid = {0x01234567, 0x890a, 0xbcde, {0xf0, 0x12, 0x34, 0x56, 0x78, 0x90, 0xab, 0xcd}};
static const SQL_INTERVAL_STRUCT days = {.interval_type = SQL_IS_DAY, .interval_sign = SQL_TRUE, .intval.day_second = {.day = 5}};
static const SQL_INTERVAL_STRUCT seconds = {.interval_type = SQL_IS_SECOND, .intval.day_second = {.second = 7, .fraction = 250000}};
static const SQL_INTERVAL_STRUCT span = {.interval_type = SQL_IS_DAY_TO_SECOND,
                                         .intval.day_second = {.day = 3, .hour = 4, .minute = 5, .second = 6, .fraction = 500000}};

#define FIXED(data, c_type, type, size, digits, json, result)                                                  \
    {__LINE__, &(data), {SQL_C_##c_type, SQL_##type, size, digits, 0, 0}, json, CA_##result},

static const struct {
    int line;
    const void *data;
    struct ca_parameter parameter;
    const char *json;
    enum ca_conversion result;
} fixed_cases[] = {
    FIXED(minus_one8, STINYINT, INTEGER, 0, 0, "-1", CONVERTED)
    FIXED(minus_one8, TINYINT, TINYINT, 0, 0, "-1", CONVERTED)
    FIXED(most8, UTINYINT, TINYINT, 0, 0, "255", CONVERTED)
    FIXED(least16, SSHORT, SMALLINT, 0, 0, "-32768", CONVERTED)
    FIXED(least16, SHORT, TINYINT, 0, 0, NULL, CONVERT_RANGE)
    FIXED(most16, USHORT, INTEGER, 0, 0, "65535", CONVERTED)
    FIXED(most16, USHORT, SMALLINT, 0, 0, NULL, CONVERT_RANGE)
    FIXED(least32, SLONG, INTEGER, 0, 0, "-2147483648", CONVERTED)
    FIXED(least32, LONG, VARCHAR, 11, 0, "\"-2147483648\"", CONVERTED)
    FIXED(least32, LONG, VARCHAR, 10, 0, NULL, CONVERT_STRING_TOO_LONG)
    FIXED(most32, ULONG, BIGINT, 0, 0, "4294967295", CONVERTED)
    FIXED(most32, ULONG, INTEGER, 0, 0, NULL, CONVERT_RANGE)
    FIXED(least64, SBIGINT, BIGINT, 0, 0, "-9223372036854775808", CONVERTED)
    FIXED(most64, UBIGINT, DECIMAL, 20, 0, "18446744073709551615", CONVERTED)
    FIXED(most64, UBIGINT, DECIMAL, 19, 0, NULL, CONVERT_RANGE)
    FIXED(most64, UBIGINT, BIGINT, 0, 0, NULL, CONVERT_RANGE)
    FIXED(most64, UBIGINT, DOUBLE, 0, 0, "18446744073709551615", CONVERTED)
    FIXED(one, SLONG, BIT, 0, 0, "true", CONVERTED)
    FIXED(two, SLONG, BIT, 0, 0, NULL, CONVERT_RANGE)
    FIXED(two, SLONG, INTERVAL_DAY, 0, 0, "\"2\"", CONVERTED)
    FIXED(two, SLONG, INTERVAL_DAY_TO_HOUR, 0, 0, NULL, CONVERT_UNSUPPORTED)
    FIXED(two, SLONG, TYPE_DATE, 0, 0, NULL, CONVERT_UNSUPPORTED)
    FIXED(two, SLONG, VARBINARY, 0, 0, NULL, CONVERT_UNSUPPORTED)
    FIXED(two, SLONG, GUID, 0, 0, NULL, CONVERT_UNSUPPORTED)
    FIXED(bit, BIT, BIT, 0, 0, "true", CONVERTED)
    FIXED(bit, BIT, INTEGER, 0, 0, "1", CONVERTED)
    FIXED(bit, BIT, VARCHAR, 0, 0, "\"1\"", CONVERTED)
    FIXED(tenth, DOUBLE, DOUBLE, 0, 0, "0.1", CONVERTED)
    FIXED(tenth, DOUBLE, DECIMAL, 10, 2, "0.1", CONVERTED)
    FIXED(tenth, DOUBLE, INTEGER, 0, 0, "0", CONVERT_FRACTION_LOST)
    FIXED(tenth, DOUBLE, DECIMAL, 10, 0, "0", CONVERT_FRACTION_LOST)
    FIXED(tenth, DOUBLE, VARCHAR, 0, 0, "\"0.1\"", CONVERTED)
    FIXED(half, DOUBLE, BIT, 0, 0, NULL, CONVERT_STRING_TOO_LONG)
    FIXED(half, DOUBLE, INTERVAL_DAY, 0, 0, NULL, CONVERT_UNSUPPORTED)
    FIXED(large, DOUBLE, DOUBLE, 0, 0, "1e300", CONVERTED)
    FIXED(large, DOUBLE, REAL, 0, 0, NULL, CONVERT_RANGE)
    FIXED(large, DOUBLE, DECIMAL, 0, 0, NULL, CONVERT_RANGE)
    FIXED(large, DOUBLE, BIGINT, 0, 0, NULL, CONVERT_RANGE)
    FIXED(eighteen, DOUBLE, DECIMAL, 38, 0, "123456789012345680", CONVERTED)
    FIXED(not_a_number, DOUBLE, DOUBLE, 0, 0, "\"NaN\"", CONVERTED)
    FIXED(infinite, DOUBLE, FLOAT, 0, 0, "\"-Infinity\"", CONVERTED)
    FIXED(not_a_number, DOUBLE, DECIMAL, 0, 0, NULL, CONVERT_RANGE)
    FIXED(not_a_number, DOUBLE, INTEGER, 0, 0, NULL, CONVERT_RANGE)
    FIXED(tenth_float, FLOAT, REAL, 0, 0, "0.1", CONVERTED)
    FIXED(tenth_float, FLOAT, DOUBLE, 0, 0, "0.1", CONVERTED)
    FIXED(numeric, NUMERIC, DECIMAL, 5, 2, "123.45", CONVERTED)
    FIXED(numeric, NUMERIC, DECIMAL, 5, 1, "123.4", CONVERT_FRACTION_LOST)
    FIXED(numeric, NUMERIC, DECIMAL, 4, 2, NULL, CONVERT_RANGE)
    FIXED(numeric, NUMERIC, VARCHAR, 10, 0, "\"123.45\"", CONVERTED)
    FIXED(numeric, NUMERIC, INTEGER, 0, 0, "123", CONVERT_FRACTION_LOST)
    FIXED(negative_numeric, NUMERIC, NUMERIC, 0, 0, "-12345", CONVERTED)
    FIXED(full_numeric, NUMERIC, NUMERIC, 0, 0, NULL, CONVERT_RANGE)
    FIXED(full_numeric, NUMERIC, VARCHAR, 0, 0, "\"340282366920938463463374607431768211455\"", CONVERTED)
    FIXED(date, TYPE_DATE, TYPE_DATE, 0, 0, "\"2024-02-29\"", CONVERTED)
    FIXED(date, DATE, TYPE_TIMESTAMP, 0, 0, "\"2024-02-29T00:00:00.0000000Z\"", CONVERTED)
    FIXED(date, TYPE_DATE, VARCHAR, 10, 0, "\"2024-02-29\"", CONVERTED)
    FIXED(date, TYPE_DATE, VARCHAR, 9, 0, NULL, CONVERT_STRING_TOO_LONG)
    FIXED(date, TYPE_DATE, TYPE_TIME, 0, 0, NULL, CONVERT_UNSUPPORTED)
    FIXED(date, TYPE_DATE, INTEGER, 0, 0, NULL, CONVERT_UNSUPPORTED)
    FIXED(no_date, TYPE_DATE, TYPE_DATE, 0, 0, NULL, CONVERT_DATETIME_FORMAT)
    FIXED(no_date, TYPE_DATE, VARCHAR, 0, 0, NULL, CONVERT_DATETIME_RANGE)
    FIXED(clock_time, TYPE_TIME, TYPE_TIME, 0, 0, "\"12:34:56.0000000\"", CONVERTED)
    FIXED(clock_time, TIME, WVARCHAR, 8, 0, "\"12:34:56\"", CONVERTED)
    FIXED(clock_time, TYPE_TIME, TYPE_DATE, 0, 0, NULL, CONVERT_UNSUPPORTED)
    FIXED(no_time, TYPE_TIME, TYPE_TIME, 0, 0, NULL, CONVERT_DATETIME_FORMAT)
    FIXED(stamp, TYPE_TIMESTAMP, TYPE_TIMESTAMP, 0, 0, "\"2024-02-29T12:34:56.1234567Z\"", CONVERTED)
    FIXED(stamp, TIMESTAMP, VARCHAR, 0, 0, "\"2024-02-29 12:34:56.1234567\"", CONVERTED)
    FIXED(stamp, TYPE_TIMESTAMP, TYPE_TIME, 0, 0, "\"12:34:56.1234567\"", CONVERTED)
    FIXED(stamp, TYPE_TIMESTAMP, TYPE_DATE, 0, 0, NULL, CONVERT_DATETIME_RANGE)
    FIXED(midnight, TYPE_TIMESTAMP, TYPE_DATE, 0, 0, "\"2024-02-29\"", CONVERTED)
    FIXED(midnight, TYPE_TIMESTAMP, CHAR, 19, 0, "\"2024-02-29 00:00:00\"", CONVERTED)
    FIXED(fine_stamp, TYPE_TIMESTAMP, TYPE_TIMESTAMP, 0, 0, NULL, CONVERT_DATETIME_RANGE)
    FIXED(no_stamp, TYPE_TIMESTAMP, TYPE_TIMESTAMP, 0, 0, NULL, CONVERT_DATETIME_FORMAT)
    FIXED(no_fraction, TYPE_TIMESTAMP, TYPE_TIMESTAMP, 0, 0, NULL, CONVERT_DATETIME_FORMAT)
    FIXED(guid, GUID, GUID, 0, 0, "\"{01234567-890a-bcde-f012-34567890abcd}\"", CONVERTED)
    FIXED(guid, GUID, VARCHAR, 36, 0, "\"01234567-890a-bcde-f012-34567890abcd\"", CONVERTED)
    FIXED(guid, GUID, VARCHAR, 35, 0, NULL, CONVERT_STRING_TOO_LONG)
    FIXED(guid, GUID, BINARY, 0, 0, NULL, CONVERT_UNSUPPORTED)
    FIXED(days, INTERVAL_DAY, VARCHAR, 0, 0, "\"-5\"", CONVERTED)
    FIXED(days, INTERVAL_DAY, INTEGER, 0, 0, "-5", CONVERTED)
    FIXED(days, INTERVAL_DAY, INTERVAL_HOUR, 0, 0, "\"-120\"", CONVERTED)
    FIXED(days, INTERVAL_DAY, INTERVAL_YEAR, 0, 0, NULL, CONVERT_UNSUPPORTED)
    FIXED(days, INTERVAL_DAY, DOUBLE, 0, 0, NULL, CONVERT_UNSUPPORTED)
    {__LINE__, &seconds, {SQL_C_INTERVAL_SECOND, SQL_DECIMAL, 0, 0, 2, 6}, "7.25", CA_CONVERTED},
    {__LINE__, &span, {SQL_C_INTERVAL_DAY_TO_SECOND, SQL_VARCHAR, 0, 0, 2, 6}, "\"3 04:05:06.5\"", CA_CONVERTED},
    {__LINE__, &span, {SQL_C_INTERVAL_DAY_TO_SECOND, SQL_INTEGER, 0, 0, 2, 6}, NULL, CA_CONVERT_UNSUPPORTED},
    {__LINE__, &numeric, {SQL_C_NUMERIC, SQL_DECIMAL, 0, 0, 38, 3}, "12.345", CA_CONVERTED},
    {__LINE__, &one, {SQL_C_DEFAULT, SQL_INTEGER, 0, 0, 0, 0}, NULL, CA_CONVERT_UNSUPPORTED},
};

static void structures_and_numbers_become_every_type(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof fixed_cases / sizeof *fixed_cases; i++)
        check(fixed_cases[i].line, &fixed_cases[i].parameter, fixed_cases[i].data, 0, fixed_cases[i].json,
              fixed_cases[i].result);
}

static void binary_data_becomes_base64_or_its_raw_value(void **state)
{
    (void)state;
    struct ca_parameter parameter = {SQL_C_BINARY, SQL_VARBINARY, 0, 0, 0, 0};
    check(__LINE__, &parameter, "\x01\x02\x03\xFF", 4, "\"AQID/w==\"", CA_CONVERTED);
    check(__LINE__, &parameter, "\x01\x02\x03", 3, "\"AQID\"", CA_CONVERTED);
    check(__LINE__, &parameter, "", 0, "\"\"", CA_CONVERTED);
    check(__LINE__, &parameter, NULL, 0, "\"\"", CA_CONVERTED);
    check(__LINE__, &parameter, "abc", SQL_NTS, NULL, CA_CONVERT_LENGTH);
    parameter.column_size = 2;
    check(__LINE__, &parameter, "abc", 3, NULL, CA_CONVERT_STRING_TOO_LONG);
    parameter = (struct ca_parameter){SQL_C_BINARY, SQL_INTEGER, 0, 0, 0, 0};
    check(__LINE__, &parameter, &least32, 4, "-2147483648", CA_CONVERTED);
    check(__LINE__, &parameter, &least32, 3, NULL, CA_CONVERT_RANGE);
    parameter.sql_type = SQL_DOUBLE;
    check(__LINE__, &parameter, &tenth, 8, "0.1", CA_CONVERTED);
    parameter.sql_type = SQL_BIT;
    check(__LINE__, &parameter, &bit, 1, "true", CA_CONVERTED);
    parameter.sql_type = SQL_TYPE_TIMESTAMP;
    check(__LINE__, &parameter, &stamp, 16, "\"2024-02-29T12:34:56.1234567Z\"", CA_CONVERTED);
    parameter.sql_type = SQL_TYPE_DATE;
    check(__LINE__, &parameter, &date, 6, "\"2024-02-29\"", CA_CONVERTED);
    parameter.sql_type = SQL_DECIMAL;
    check(__LINE__, &parameter, "12.5", 4, "12.5", CA_CONVERTED);
    parameter.sql_type = SQL_VARCHAR;
    check(__LINE__, &parameter, "a\xFF", 2, "\"a\xEF\xBF\xBD\"", CA_CONVERTED);
    parameter.sql_type = SQL_GUID;
    check(__LINE__, &parameter, &guid, 16, NULL, CA_CONVERT_UNSUPPORTED);
}

static void null_and_lengths_are_taken_from_the_indicator(void **state)
{
    (void)state;
    struct ca_parameter parameter = {SQL_C_CHAR, SQL_INTEGER, 0, 0, 0, 0};
    check(__LINE__, &parameter, NULL, SQL_NULL_DATA, "null", CA_CONVERTED);
    parameter.sql_type = SQL_VARCHAR;
    check(__LINE__, &parameter, "abcdef", 3, "\"abc\"", CA_CONVERTED);
    check(__LINE__, &parameter, "a\0b", 3, "\"a\\u0000b\"", CA_CONVERTED);
    check(__LINE__, &parameter, NULL, 0, "\"\"", CA_CONVERTED);
    check(__LINE__, &parameter, NULL, 5, NULL, CA_CONVERT_LENGTH);
    check(__LINE__, &parameter, NULL, SQL_NTS, NULL, CA_CONVERT_LENGTH);
    check(__LINE__, &parameter, "abc", -17, NULL, CA_CONVERT_LENGTH);
    parameter.c_type = SQL_C_WCHAR;
    check(__LINE__, &parameter, "abc", 3, NULL, CA_CONVERT_LENGTH);
    parameter.c_type = SQL_C_SLONG;
    check(__LINE__, &parameter, NULL, 0, NULL, CA_CONVERT_LENGTH);
    parameter.c_type = SQL_C_SLONG;
    check(__LINE__, &parameter, &one, -9999, "\"1\"", CA_CONVERTED);
}

static void surrogates_are_not_parted_by_blocks(void **state)
{
    (void)state;
    for (size_t lead = 0; lead < 140; lead++) {
        ca_wide wide[400];
        char expected[1200];
        size_t units = 0;
        size_t length = 0;
        struct ca_buffer json = CA_BUFFER_INIT(10000);
        struct ca_parameter parameter = {SQL_C_WCHAR, SQL_WVARCHAR, 0, 0, 0, 0};
        expected[length++] = '"';
        for (size_t i = 0; i < lead + 60; i++) {
            uint32_t character = i < lead ? 'x' : 0x1F600;
            units += ca_wide_write(wide + units, character);
            length += ca_utf8_write(expected + length, character);
        }
        expected[length++] = '"';
        assert_int_equal(ca_parameter_write(&json, &parameter, wide, (SQLLEN)(units * sizeof *wide)), CA_CONVERTED);
        assert_int_equal(json.length, length);
        assert_memory_equal(json.data, expected, length);
        ca_buffer_free(&json);
    }
#if CA_WIDE_OCTETS == 2
    const ca_wide lone[] = {'a', 0xD800, 'b', 0xDC00, 0xD83D};
    struct ca_parameter parameter = {SQL_C_WCHAR, SQL_WVARCHAR, 0, 0, 0, 0};
    check(__LINE__, &parameter, lone, sizeof lone, "\"a\xEF\xBF\xBD" "b\xEF\xBF\xBD\xEF\xBF\xBD\"", CA_CONVERTED);
#endif
}

static void time_takes_the_current_date(void **state)
{
    (void)state;
    struct ca_buffer json = CA_BUFFER_INIT(1000);
    struct ca_parameter parameter = {SQL_C_TYPE_TIME, SQL_TYPE_TIMESTAMP, 0, 0, 0, 0};
    char expected[64];
    time_t now = time(NULL);
    struct tm today;
    assert_int_equal(ca_parameter_write(&json, &parameter, &clock_time, 0), CA_CONVERTED);
    gmtime_r(&now, &today);
    strftime(expected, sizeof expected, "\"%Y-%m-%dT12:34:56.0000000Z\"", &today);
    assert_string_equal(ca_buffer_text(&json), expected);
    ca_buffer_free(&json);
}

static void a_full_buffer_is_reported_and_left_as_it_was(void **state)
{
    (void)state;
    for (size_t maximum = 1; maximum < 40; maximum++) {
        for (size_t i = 0; i < sizeof fixed_cases / sizeof *fixed_cases; i++) {
            struct ca_buffer json = CA_BUFFER_INIT(maximum);
            ca_buffer_add_text(&json, "[");
            enum ca_conversion result = ca_parameter_write(&json, &fixed_cases[i].parameter, fixed_cases[i].data, 0);
            bool fits = !fixed_cases[i].json || strlen(fixed_cases[i].json) < maximum;
            assert_int_equal(result, fits ? fixed_cases[i].result : CA_CONVERT_NO_MEMORY);
            if (!fits)
                assert_string_equal(ca_buffer_text(&json), "[");
            ca_buffer_free(&json);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_becomes_every_type),
        cmocka_unit_test(structures_and_numbers_become_every_type),
        cmocka_unit_test(binary_data_becomes_base64_or_its_raw_value),
        cmocka_unit_test(null_and_lengths_are_taken_from_the_indicator),
        cmocka_unit_test(surrogates_are_not_parted_by_blocks),
        cmocka_unit_test(time_takes_the_current_date),
        cmocka_unit_test(a_full_buffer_is_reported_and_left_as_it_was),
    };
    return cmocka_run_group_tests_name("data: C buffer to JSON", tests, NULL, NULL);
}
