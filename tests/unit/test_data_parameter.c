/* Proves that a C buffer of every type becomes the JSON that SERVICE.md section 1 describes, with the results
 * of appendix D of the ODBC reference. */
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

#define ROW(text, type, size, digits, json, result)                 \
    {                                                               \
        __LINE__, text, SQL_##type, size, digits, json, CA_##result \
    }

/* Text, given as SQL_C_CHAR and as SQL_C_WCHAR. */
static const struct text_case text_cases[] = {
#include "data_cases_text.def"
};

static void check(int line, const struct ca_parameter *parameter, const void *data, SQLLEN length,
                  const char *json, enum ca_conversion result)
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
        char *exact =
            malloc(octets ? octets : 1); /* no terminator: a sanitizer sees what is read behind it */
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
static const SQL_NUMERIC_STRUCT full_numeric = {
    38,
    0,
    1,
    {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}};
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
static const SQL_INTERVAL_STRUCT days = {
    .interval_type = SQL_IS_DAY, .interval_sign = SQL_TRUE, .intval.day_second = {.day = 5}};
static const SQL_INTERVAL_STRUCT seconds = {.interval_type = SQL_IS_SECOND,
                                            .intval.day_second = {.second = 7, .fraction = 250000}};
static const SQL_INTERVAL_STRUCT span = {
    .interval_type = SQL_IS_DAY_TO_SECOND,
    .intval.day_second = {.day = 3, .hour = 4, .minute = 5, .second = 6, .fraction = 500000}};

#define FIXED(data, c_type, type, size, digits, json, result)                                  \
    {                                                                                          \
        __LINE__, &(data), {SQL_C_##c_type, SQL_##type, size, digits, 0, 0}, json, CA_##result \
    }

static const struct {
    int line;
    const void *data;
    struct ca_parameter parameter;
    const char *json;
    enum ca_conversion result;
} fixed_cases[] = {
#include "data_cases_fixed.def"
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
        assert_int_equal(ca_parameter_write(&json, &parameter, wide, (SQLLEN)(units * sizeof *wide)),
                         CA_CONVERTED);
        assert_int_equal(json.length, length);
        assert_memory_equal(json.data, expected, length);
        ca_buffer_free(&json);
    }
#if CA_WIDE_OCTETS == 2
    const ca_wide lone[] = {'a', 0xD800, 'b', 0xDC00, 0xD83D};
    struct ca_parameter parameter = {SQL_C_WCHAR, SQL_WVARCHAR, 0, 0, 0, 0};
    check(__LINE__, &parameter, lone, sizeof lone,
          "\"a\xEF\xBF\xBD"
          "b\xEF\xBF\xBD\xEF\xBF\xBD\"",
          CA_CONVERTED);
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
            enum ca_conversion result =
                ca_parameter_write(&json, &fixed_cases[i].parameter, fixed_cases[i].data, 0);
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
