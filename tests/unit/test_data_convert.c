/* Proves that a cell of every service type comes out of every converter as appendix D of the ODBC reference
 * and SERVICE.md section 4 say: content, length and result. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "base/utf.h"
#include "data_cases.h"
#include "data/type.h"

struct conversion_case {
    int line;
    int code;
    const char *token;
    SQLSMALLINT c_type;
    SQLLEN capacity; /* characters for SQL_C_WCHAR */
    const char *content;
    SQLLEN length; /* characters for SQL_C_WCHAR */
    enum ca_conversion result;
    struct ca_target target;
};

/* Intervals have a leading precision of 2 and a seconds precision of 6 by default. */
/* clang-format off */
#define CASE(code, token, c_type, capacity, content, length, result)                                         \
    {__LINE__, CA_TYPE_##code, token, SQL_C_##c_type, capacity, content, length, CA_##result, {0, 2, 6, 6}}
#define SCALED(code, token, precision, scale, content, result)                                               \
    {__LINE__, CA_TYPE_##code, token, SQL_C_NUMERIC, 0, content, sizeof(SQL_NUMERIC_STRUCT), CA_##result,    \
     {0, precision, scale, 6}}
#define TEXT_SCALE(scale, token, content)                                                                    \
    {__LINE__, CA_TYPE_TIMESTAMP, token, SQL_C_CHAR, 40, content, sizeof content - 1, CA_CONVERTED,          \
     {0, 0, 0, scale}}
/* clang-format on */

static const struct conversion_case cases[] = {
#include "data_cases.def"
};

static SQLLEN unit_of(SQLSMALLINT c_type)
{
    return c_type == SQL_C_WCHAR ? (SQLLEN)sizeof(ca_wide) : 1;
}

/* Runs one case on a buffer of exactly the promised size. */
static void run_case(const struct conversion_case *row)
{
    struct ca_cell cell = make_cell(row->token);
    struct ca_target target = row->target;
    SQLLEN fixed = ca_c_type_octets(row->c_type);
    SQLLEN length = -99;
    char shown[256];
    if (row->c_type == SQL_C_NUMERIC && target.precision == 2)
        target.precision = target.scale = 0;
    target.capacity = row->capacity * unit_of(row->c_type);
    size_t octets = (size_t)(fixed ? fixed : target.capacity);
    char *data = malloc(octets ? octets : 1);
    assert_non_null(data);
    memset(data, 0x55, octets ? octets : 1);
    ca_converter *convert = ca_converter_find(row->code, row->c_type);
    assert_non_null(convert);
    enum ca_conversion result = convert(&cell, &target, data, &length, NULL);
    if (result != row->result)
        fail_msg("data_cases.def:%d: %s gives %d, not %d", row->line, row->token, (int)result,
                 (int)row->result);
    if (result < CA_CONVERT_FIRST_ERROR && length != row->length * unit_of(row->c_type))
        fail_msg("data_cases.def:%d: %s has length %ld", row->line, row->token, (long)length);
    if (row->content) {
        SQLLEN given = length < target.capacity ? length : target.capacity;
        show(row->c_type, data, (size_t)given, shown, sizeof shown);
        if (strcmp(shown, row->content) != 0)
            fail_msg("data_cases.def:%d: %s gives %s, not %s", row->line, row->token, shown, row->content);
    }
    free(data);
    free_cell(&cell);
}

static void converts_every_case_of_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        run_case(&cases[i]);
}

static void first_call_of_getdata_agrees_with_fetch(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct conversion_case *row = &cases[i];
        struct ca_cell cell = make_cell(row->token);
        struct ca_target target = row->target;
        struct ca_part part = {0};
        char data[256];
        SQLLEN length = -99;
        if (row->c_type == SQL_C_NUMERIC && target.precision == 2)
            target.precision = target.scale = 0;
        target.capacity = row->capacity * unit_of(row->c_type);
        ca_converter *convert = ca_converter_find(row->code, row->c_type);
        SQLLEN empty = row->c_type == SQL_C_BINARY ? 0 : unit_of(row->c_type);
        bool probe = target.capacity <= empty && row->result == CA_CONVERT_RANGE;
        enum ca_conversion result = convert(&cell, &target, data, &length, &part);
        if (ca_c_type_octets(row->c_type) == 0 && probe)
            assert_int_equal(result, CA_CONVERT_TRUNCATED);
        else
            assert_int_equal(result, row->result);
        if (result == CA_CONVERTED || result == CA_CONVERT_FRACTION_LOST)
            assert_int_equal(convert(&cell, &target, data, &length, &part), CA_CONVERT_NO_DATA);
        free_cell(&cell);
    }
}

/* Loops over rows, and the short ways of text, give what the long way gives. */
static void short_ways_agree_with_the_long_one(void **state)
{
    enum { ROWS = 3, ROOM = 256 };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct conversion_case *row = &cases[i];
        struct ca_cell cell = make_cell(row->token);
        struct ca_target target = row->target;
        char whole[ROOM] = {0};
        char other[ROWS][ROOM] = {{0}};
        SQLLEN length = -99;
        SQLLEN lengths[ROWS];
        target.capacity = row->capacity * unit_of(row->c_type);
        ca_run_converter *run = ca_run_converter_find(row->code, row->c_type);
        enum ca_conversion result =
            ca_converter_find(row->code, row->c_type)(&cell, &target, whole, &length, NULL);
        if (run) {
            struct ca_run rows = {.cell = &cell,
                                  .rows = ROWS,
                                  .data = other[0],
                                  .data_stride = ROOM,
                                  .length = (char *)lengths,
                                  .length_stride = sizeof lengths[0]};
            size_t done = run(&rows, &target);
            assert_true(done == 0 || (done == ROWS && result == CA_CONVERTED));
            for (size_t k = 0; k < done; k++) {
                assert_int_equal(lengths[k], length);
                assert_memory_equal(other[k], whole, (size_t)length);
            }
        }
        memset(other[0], 0, sizeof other[0]);
        if (ca_c_type_octets(row->c_type) == 0 && row->c_type != SQL_C_BINARY && result == CA_CONVERTED) {
            struct ca_target probe = {.capacity = unit_of(row->c_type), .text_scale = target.text_scale};
            struct ca_part part = {0};
            ca_converter *convert = ca_converter_find(row->code, row->c_type);
            convert(&cell, &probe, other[0], &lengths[0], &part); /* what follows takes no short way */
            assert_int_equal(lengths[0], length);
            enum ca_conversion again = convert(&cell, &target, other[0], &lengths[0], &part);
            if (again != CA_CONVERTED && (again != CA_CONVERT_NO_DATA || length != 0))
                fail_msg("data_cases.def:%d: %s gives %d the long way", row->line, row->token, (int)again);
            if (again == CA_CONVERTED &&
                (lengths[0] != length ||
                 memcmp(other[0], whole, (size_t)(length + unit_of(row->c_type))) != 0))
                fail_msg("data_cases.def:%d: %s is another text the long way", row->line, row->token);
        }
        free_cell(&cell);
    }
}

/* NULL for data and length: nothing is written, the length alone is given. */
static void length_alone_can_be_asked_for(void **state)
{
    (void)state;
    static const SQLSMALLINT c_types[] = {SQL_C_CHAR, SQL_C_WCHAR, SQL_C_BINARY};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t k = 0; k < 3; k++) {
            struct ca_cell cell = make_cell(cases[i].token);
            struct ca_target target = {0, 0, 0, 6};
            struct ca_target large = {256, 0, 0, 6};
            struct ca_part part = {0};
            char data[256];
            SQLLEN length = -99;
            SQLLEN whole = -98;
            ca_converter *convert = ca_converter_find(cases[i].code, c_types[k]);
            enum ca_conversion asked = convert(&cell, &target, NULL, &length, &part);
            enum ca_conversion given = convert(&cell, &large, data, &whole, NULL);
            if (given < CA_CONVERT_FIRST_ERROR && asked < CA_CONVERT_FIRST_ERROR) {
                assert_int_equal(length, whole);
                assert_false(part.started);
            }
            convert(&cell, &large, data, NULL, &part);
            free_cell(&cell);
        }
    }
}

/* The octets that a truncated piece holds in front of its terminator. */
static size_t piece_octets(SQLSMALLINT c_type, const char *data, size_t capacity)
{
    ca_wide unit = 1;
    size_t octets = 0;
    if (c_type == SQL_C_BINARY)
        return capacity;
    if (c_type == SQL_C_CHAR)
        return strnlen(data, capacity);
    for (; octets + sizeof unit <= capacity; octets += sizeof unit) {
        memcpy(&unit, data + octets, sizeof unit);
        if (unit == 0)
            return octets;
    }
    return 0;
}

/* Reads one cell in pieces of `capacity` octets and joins them; false if a piece makes no progress. */
static bool read_parts(ca_converter *convert, const struct ca_cell *cell, SQLSMALLINT c_type, SQLLEN capacity,
                       struct ca_buffer *whole)
{
    struct ca_target target = {capacity, 0, 0, 6};
    struct ca_part part = {0};
    char *data = malloc((size_t)capacity);
    SQLLEN expected = -1;
    bool progress = true;
    assert_non_null(data);
    while (progress) {
        SQLLEN length = -1;
        enum ca_conversion result = convert(cell, &target, data, &length, &part);
        if (result == CA_CONVERT_NO_DATA)
            break;
        assert_true(result == CA_CONVERTED || result == CA_CONVERT_TRUNCATED);
        assert_true(expected < 0 || length == expected);
        size_t given = result == CA_CONVERTED ? (size_t)length : piece_octets(c_type, data, (size_t)capacity);
        progress = result == CA_CONVERTED || given > 0;
        assert_true(ca_buffer_add(whole, data, given));
        expected = length - (SQLLEN)given;
    }
    free(data);
    return progress;
}

static void parts_of_every_size_equal_the_whole(void **state)
{
    (void)state;
    static const char *const tokens[] = {
        "\"plain ASCII text of some length, to be cut anywhere\"",
        "\"Größe 😀 Straße €\"",
        "\"esc\\n\\u00e4\\uD83D\\uDE00\\\"x\\uD800y\"",
        "\"\"",
    };
    static const SQLSMALLINT c_types[] = {SQL_C_CHAR, SQL_C_WCHAR, SQL_C_BINARY};
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        for (size_t k = 0; k < 3; k++) {
            struct ca_cell cell = make_cell(tokens[i]);
            ca_converter *convert = ca_converter_find(CA_TYPE_VARCHAR, c_types[k]);
            struct ca_buffer whole = CA_BUFFER_INIT(10000);
            assert_true(read_parts(convert, &cell, c_types[k], 1000, &whole));
            for (SQLLEN capacity = 1; capacity < 120; capacity++) {
                struct ca_buffer parts = CA_BUFFER_INIT(10000);
                if (read_parts(convert, &cell, c_types[k], capacity, &parts)) {
                    assert_int_equal(parts.length, whole.length);
                    assert_memory_equal(ca_buffer_text(&parts), ca_buffer_text(&whole), whole.length);
                } else {
                    assert_true(capacity < 5 * (SQLLEN)sizeof(ca_wide));
                }
                ca_buffer_free(&parts);
            }
            ca_buffer_free(&whole);
            free_cell(&cell);
        }
    }
}

static void binary_parts_of_every_size_equal_the_whole(void **state)
{
    (void)state;
    static const char *const tokens[] = {
        "\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMw==\"",
        "\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBka\\/x\\u002B\\/IiMkJSYnKCkqKywtLi8wMTI\"",
    };
    static const SQLSMALLINT c_types[] = {SQL_C_CHAR, SQL_C_WCHAR, SQL_C_BINARY};
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; k < 3; k++) {
            struct ca_cell cell = make_cell(tokens[i]);
            ca_converter *convert = ca_converter_find(CA_TYPE_BINARY, c_types[k]);
            struct ca_buffer whole = CA_BUFFER_INIT(10000);
            assert_true(read_parts(convert, &cell, c_types[k], 1000, &whole));
            assert_true(whole.length >= 40);
            for (SQLLEN capacity = 3 * (SQLLEN)sizeof(ca_wide); capacity < 120; capacity++) {
                struct ca_buffer parts = CA_BUFFER_INIT(10000);
                SQLLEN room = capacity; /* whole pairs of digits only, as the converter fills it */
                if (c_types[k] == SQL_C_CHAR)
                    room = (capacity - 1) / 2 * 2 + 1;
                if (c_types[k] == SQL_C_WCHAR)
                    room = ((capacity / (SQLLEN)sizeof(ca_wide)) - 1) / 2 * 2 * (SQLLEN)sizeof(ca_wide) +
                           (SQLLEN)sizeof(ca_wide);
                assert_true(read_parts(convert, &cell, c_types[k], room, &parts));
                assert_int_equal(parts.length, whole.length);
                assert_memory_equal(ca_buffer_text(&parts), ca_buffer_text(&whole), whole.length);
                ca_buffer_free(&parts);
            }
            ca_buffer_free(&whole);
            free_cell(&cell);
        }
    }
}

static void time_takes_the_current_date(void **state)
{
    (void)state;
    static const struct {
        int code;
        const char *token;
    } times[] = {{CA_TYPE_TIME, "\"01:02:03.5000000\""}, {CA_TYPE_VARCHAR, "\"01:02:03.5\""}};
    for (size_t i = 0; i < 2; i++) {
        struct ca_cell cell = make_cell(times[i].token);
        SQL_TIMESTAMP_STRUCT stamp;
        struct tm before;
        struct tm after;
        time_t now = time(NULL);
        gmtime_r(&now, &before);
        assert_int_equal(ca_converter_find(times[i].code, SQL_C_TYPE_TIMESTAMP)(&cell, &(struct ca_target){0},
                                                                                &stamp, NULL, NULL),
                         CA_CONVERTED);
        now = time(NULL);
        gmtime_r(&now, &after);
        assert_int_equal(stamp.fraction, 500000000);
        assert_int_equal(stamp.hour, 1);
        if (before.tm_mday == after.tm_mday) {
            assert_int_equal(stamp.year, before.tm_year + 1900);
            assert_int_equal(stamp.month, before.tm_mon + 1);
            assert_int_equal(stamp.day, before.tm_mday);
        }
        free_cell(&cell);
    }
}

/* 07006 where appendix D has no conversion, and every C type known with its size. */
static void pairs_are_those_of_the_reference(void **state)
{
    (void)state;
    static const struct {
        int first;
        int last;
        SQLSMALLINT c_type;
        bool convertible;
    } pairs[] = {
        {CA_TYPE_BINARY, CA_TYPE_UUID, SQL_C_CHAR, true},
        {CA_TYPE_BINARY, CA_TYPE_UUID, SQL_C_WCHAR, true},
        {CA_TYPE_BINARY, CA_TYPE_UUID, SQL_C_BINARY, true},
        {CA_TYPE_BINARY, 4, SQL_C_SLONG, false},
        {CA_TYPE_VARCHAR, CA_TYPE_BOOLEAN, SQL_C_SLONG, true},
        {CA_TYPE_VARCHAR, CA_TYPE_BOOLEAN, SQL_C_NUMERIC, true},
        {CA_TYPE_DATE, CA_TYPE_UUID, SQL_C_SLONG, false},
        {CA_TYPE_TINYINT, CA_TYPE_BOOLEAN, SQL_C_TYPE_DATE, false},
        {CA_TYPE_DATE, CA_TYPE_DATE, SQL_C_TYPE_TIME, false},
        {CA_TYPE_TIME, CA_TYPE_TIME, SQL_C_TYPE_DATE, false},
        {CA_TYPE_DATE, CA_TYPE_TIMESTAMP, SQL_C_TIMESTAMP, true},
        {CA_TYPE_TINYINT, CA_TYPE_TIMESTAMP, SQL_C_GUID, false},
        {CA_TYPE_FLOAT, CA_TYPE_DOUBLE, SQL_C_INTERVAL_DAY, false},
        {CA_TYPE_BOOLEAN, CA_TYPE_UUID, SQL_C_INTERVAL_DAY, false},
        {CA_TYPE_TINYINT, CA_TYPE_BIGINT, SQL_C_INTERVAL_DAY, true},
        {CA_TYPE_DECIMAL, CA_TYPE_NUMERIC, SQL_C_INTERVAL_MINUTE_TO_SECOND, true},
        {CA_TYPE_VARCHAR, CA_TYPE_VARCHAR, SQL_C_INTERVAL_MINUTE_TO_SECOND, true},
        {CA_TYPE_VARCHAR, CA_TYPE_VARCHAR, 12345, false},
        {CA_TYPE_VARCHAR, CA_TYPE_VARCHAR, SQL_C_DEFAULT, false},
        {99, 120, SQL_C_WCHAR, true},
        {-5, 0, SQL_C_WCHAR, true},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        for (int code = pairs[i].first; code <= pairs[i].last; code++)
            assert_int_equal(ca_converter_find(code, pairs[i].c_type) != NULL, pairs[i].convertible);
    assert_ptr_equal(ca_converter_find(77, SQL_C_CHAR), ca_converter_find(CA_TYPE_VARCHAR, SQL_C_CHAR));
    assert_int_equal(ca_c_type_octets(SQL_C_SLONG), 4);
    assert_int_equal(ca_c_type_octets(SQL_C_NUMERIC), 19);
    assert_int_equal(ca_c_type_octets(SQL_C_INTERVAL_DAY), sizeof(SQL_INTERVAL_STRUCT));
    assert_int_equal(ca_c_type_octets(SQL_C_WCHAR), 0);
    assert_int_equal(ca_c_type_octets(1234), -1);
    assert_int_equal(ca_c_type_default(SQL_WVARCHAR), SQL_C_WCHAR);
    assert_int_equal(ca_c_type_default(SQL_DECIMAL), SQL_C_CHAR);
    assert_int_equal(ca_c_type_default(SQL_TYPE_TIMESTAMP), SQL_C_TYPE_TIMESTAMP);
    assert_int_equal(ca_c_type_default(SQL_TIMESTAMP), SQL_C_TIMESTAMP);
}

static void every_result_has_its_sqlstate(void **state)
{
    (void)state;
    assert_string_equal(ca_conversion_state(CA_CONVERTED), "");
    assert_string_equal(ca_conversion_state(CA_CONVERT_TRUNCATED), "01004");
    assert_string_equal(ca_conversion_state(CA_CONVERT_TEXT), "22018");
    for (int result = CA_CONVERT_TRUNCATED; result <= CA_CONVERT_LENGTH; result++) {
        size_t length = result == CA_CONVERT_NO_DATA ? 0 : 5;
        assert_int_equal(strlen(ca_conversion_state((enum ca_conversion)result)), length);
        assert_int_equal(*ca_conversion_text((enum ca_conversion)result) != '\0', length > 0);
    }
}

/* clang-format off */
static const char *const hostile_tokens[] = {
    "\"\"", "\"-\"", "\"\\u\"", "\"\\\"", "\"\\uD8\"", "\"\xF0\x9F\"", "\"{\"", "\"{}\"", "\"{d\"",
    "\"{ts '\"", "\"INTERVAL '\"", "\"INTERVAL ''\"", "1e", "1e+", ".", "-.", "+", "[", "{}", "true", "false",
    "\"e5\"", "\"=\"", "\"====\"", "\"1:2:3\"", "\"2024-\"", "\"2024-01-01T\"",
    "\"{00000000-0000-0000-0000-00000000000}\"",
    "\"99999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999\"",
    "\"0.00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001\"",
    "1e999999999999999999999999", "-1e-999999999999999999999999", "\"\\u0000\\u0000\"", "\"    \"",
};
/* clang-format on */

/* One token through one converter, at every small capacity, whole and in parts. */
static void try_converter(const char *token, ca_converter *convert, SQLSMALLINT c_type)
{
    SQLLEN fixed = ca_c_type_octets(c_type);
    for (SQLLEN capacity = fixed; capacity <= (fixed ? fixed : 9); capacity++) {
        struct ca_cell cell = make_cell(token);
        struct ca_target target = {capacity, 5, 3, 6};
        struct ca_part part = {0};
        char *data = malloc(capacity ? (size_t)capacity : 1);
        SQLLEN length = 0;
        convert(&cell, &target, data, &length, NULL);
        for (int call = 0; call < 5; call++)
            convert(&cell, &target, data, &length, &part);
        free(data);
        free_cell(&cell);
    }
}

/* Whatever the token, no converter may crash, read too far, or write behind the buffer. */
static void hostile_cells_do_no_harm(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hostile_tokens / sizeof *hostile_tokens; i++) {
        for (int code = 1; code <= 19; code++) {
            for (SQLSMALLINT c_type = -50; c_type <= 120; c_type++) {
                ca_converter *convert = ca_converter_find(code, c_type);
                if (convert)
                    try_converter(hostile_tokens[i], convert, c_type);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(converts_every_case_of_the_table),
        cmocka_unit_test(first_call_of_getdata_agrees_with_fetch),
        cmocka_unit_test(short_ways_agree_with_the_long_one),
        cmocka_unit_test(length_alone_can_be_asked_for),
        cmocka_unit_test(parts_of_every_size_equal_the_whole),
        cmocka_unit_test(binary_parts_of_every_size_equal_the_whole),
        cmocka_unit_test(time_takes_the_current_date),
        cmocka_unit_test(pairs_are_those_of_the_reference),
        cmocka_unit_test(every_result_has_its_sqlstate),
        cmocka_unit_test(hostile_cells_do_no_harm),
    };
    return cmocka_run_group_tests_name("data: cell to C buffer", tests, NULL, NULL);
}
