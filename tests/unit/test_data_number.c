/* Proves the arithmetic below the converters against independent oracles: 128-bit integers, the C library's
 * strtod and strtof, and the round trip of what is written. The random numbers are the same in every run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf.h"
#include "data/converter.h"
#include "data/datetime.h"
#include "data/double.h"
#include "data/jsontext.h"
#include "data/number.h"
#include "data_cases.h"

enum { ROUNDS = 200000 };

static uint64_t random_bits(void)
{
    static uint64_t state = 88172645463325252U; /* xorshift */
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static double double_of_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* A literal of one of several shapes: every double, few digits, many digits, halfway cases, subnormals. */
static void write_random_literal(int shape, char *text, size_t size)
{
    uint64_t bits = random_bits();
    double value = double_of_bits(bits & ~(UINT64_C(1) << 62));
    switch (shape % 6) {
    case 0:
        snprintf(text, size, "%.17g", isfinite(value) ? value : 1.0);
        break;
    case 1:
        snprintf(text, size, "%.*g", (int)(bits % 30) + 1, isfinite(value) ? value : 1.0);
        break;
    case 2:
        snprintf(text, size, "%llu.%llu", (unsigned long long)(bits >> 44),
                 (unsigned long long)(random_bits() >> 9));
        break;
    case 3:
        snprintf(text, size, "%llue%d", (unsigned long long)bits, (int)(random_bits() % 660) - 340);
        break;
    case 4:
        snprintf(text, size, "%.40g", ldexp((double)(bits >> 11) + 0.5, (int)(random_bits() % 40) - 20));
        break;
    default:
        snprintf(text, size, "%.*g", (int)(random_bits() % 25) + 1, double_of_bits(bits >> 10));
    }
}

static void doubles_are_read_as_strtod_reads_them(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        char text[128];
        struct ca_number number;
        double value = 0;
        float narrow = 0;
        write_random_literal(i, text, sizeof text);
        assert_true(ca_number_read(text, strlen(text), &number));
        double expected = strtod(text, NULL);
        float expected_narrow = strtof(text, NULL);
        enum ca_conversion result = ca_double_of_number(&number, text, strlen(text), &value);
        if (result != (isinf(expected) ? CA_CONVERT_RANGE : CA_CONVERTED) ||
            memcmp(&value, &expected, sizeof value))
            fail_msg("%s is read as %a, not %a", text, value, expected);
        result = ca_float_of_number(&number, text, strlen(text), &narrow);
        if (result != (isinf(expected_narrow) ? CA_CONVERT_RANGE : CA_CONVERTED) ||
            (result == CA_CONVERTED && narrow != expected_narrow))
            fail_msg("%s is read as %a, not %a", text, (double)narrow, (double)expected_narrow);
    }
}

static void doubles_with_hundreds_of_digits_are_exact(void **state)
{
    (void)state;
    for (int i = 0; i < 2000; i++) {
        char text[1200];
        struct ca_number number;
        double value;
        double half = ldexp((double)(random_bits() >> 11) + 0.5, -(int)(random_bits() % 1070));
        int length = snprintf(text, sizeof text, "%.1100f", half);
        if (i % 3 == 1)
            text[length - 1] = '1'; /* just above the middle */
        assert_true(ca_number_read(text, (size_t)length, &number));
        assert_int_equal(ca_double_of_number(&number, text, (size_t)length, &value), CA_CONVERTED);
        double expected = strtod(text, NULL);
        assert_memory_equal(&value, &expected, sizeof value);
    }
}

static void short_way_of_doubles_agrees_with_the_long_one(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        char text[64 + CA_CELL_PADDING] = {0};
        int length = snprintf(text, 64, "%s%llu.%0*llu", i % 2 ? "-" : "",
                              (unsigned long long)(random_bits() >> (i % 60)), i % 17 + 1,
                              (unsigned long long)(random_bits() >> (i % 61)));
        struct ca_short_number read = ca_number_read_short(text, (size_t)length);
        if (!read.valid) {
            assert_true(length > 20);
            continue;
        }
        struct ca_number number;
        assert_true(ca_number_read(text, (size_t)length, &number));
        assert_true(number.digits == read.digits && number.exponent == read.exponent &&
                    number.negative == read.negative);
        char wrong[64 + CA_CELL_PADDING];
        memcpy(wrong, text, sizeof wrong);
        wrong[random_bits() % (uint64_t)length] = "/:e. \x80-+"[random_bits() % 8];
        assert_true(!ca_number_read_short(wrong, (size_t)length).valid ||
                    ca_number_read(wrong, (size_t)length, &number));
        double value = ca_double_of_digits(read.digits, read.exponent);
        value = read.negative ? -value : value;
        double expected = strtod(text, NULL);
        assert_memory_equal(&value, &expected, sizeof value);
    }
}

static void written_doubles_are_shortest_and_read_back(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        char text[CA_NUMBER_TEXT + 1];
        char shortest[40];
        double value = double_of_bits(random_bits() >> (i % 12 == 0 ? 12 : 0));
        float narrow = (float)value;
        if (i % 3 == 0)
            value = (double)(int64_t)(random_bits() >> 20) / 1000;
        if (!isfinite(value) || value == 0)
            continue;
        text[ca_double_write(value, text)] = '\0';
        double back = strtod(text, NULL);
        assert_memory_equal(&back, &value, sizeof value);
        if (isfinite(narrow) && narrow != 0) {
            text[ca_float_write(narrow, text)] = '\0';
            assert_true(strtof(text, NULL) == narrow);
        }
        if (i % 16)
            continue;
        int digits = 1;
        while (snprintf(shortest, sizeof shortest, "%.*e", digits - 1, value),
               strtod(shortest, NULL) != value)
            digits++;
        struct ca_number number;
        ca_number_of_double(value, &number);
        uint64_t significant = (uint64_t)number.digits;
        while (significant % 10 == 0)
            significant /= 10;
        char count[24];
        assert_int_equal(ca_number_write_digits(significant, count), digits);
    }
}

static void written_numbers_have_their_usual_form(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } rows[] = {
        {0, "0"},
        {-0.0, "0"},
        {1, "1"},
        {0.1, "0.1"},
        {-2.5, "-2.5"},
        {123456.789, "123456.789"},
        {100, "100"},
        {1e16, "10000000000000000"},
        {1e17, "1e17"},
        {1e-6, "0.000001"},
        {1e-7, "1e-7"},
        {1.7976931348623157e308, "1.7976931348623157e308"},
        {5e-324, "5e-324"},
        {1.5e300, "1.5e300"},
        {9007199254740993.0, "9007199254740992"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[CA_NUMBER_TEXT + 1];
        text[ca_double_write(rows[i].value, text)] = '\0';
        assert_string_equal(text, rows[i].text);
    }
    char text[CA_NUMBER_TEXT + 1];
    text[ca_float_write(0.1F, text)] = '\0';
    assert_string_equal(text, "0.1");
}

static ca_uint128 random_digits(int count)
{
    ca_uint128 value = 0;
    while (count-- > 0)
        value = value * 10 + random_bits() % 10;
    return value;
}

static size_t write_uint128(ca_uint128 value, char *text)
{
    char reversed[40];
    size_t count = 0;
    do
        reversed[count++] = (char)('0' + (int)(value % 10));
    while (value /= 10);
    for (size_t i = 0; i < count; i++)
        text[i] = reversed[count - 1 - i];
    return count;
}

static ca_uint128 power(int exponent)
{
    ca_uint128 value = 1;
    while (exponent-- > 0)
        value *= 10;
    return value;
}

/* A literal of random whole and fraction digits into SQL_C_NUMERIC of a random scale. */
static void decimals_agree_with_128_bit_arithmetic(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        int whole_digits = (int)(random_bits() % 20);
        int fraction_digits = (int)(random_bits() % 18) + 1;
        int scale = (int)(random_bits() % 18);
        char text[100];
        char fraction_text[40];
        ca_uint128 whole = random_digits(whole_digits);
        ca_uint128 fraction = random_digits(fraction_digits);
        size_t length = 0;
        if (i % 2)
            text[length++] = '-';
        length += write_uint128(whole, text + length);
        text[length++] = '.';
        size_t count = write_uint128(fraction, fraction_text);
        memset(text + length, '0', (size_t)fraction_digits - count);
        memcpy(text + length + (size_t)fraction_digits - count, fraction_text, count);
        length += (size_t)fraction_digits;

        ca_uint128 expected = whole * power(scale);
        bool lost = false;
        if (scale >= fraction_digits) {
            expected += fraction * power(scale - fraction_digits);
        } else {
            expected += fraction / power(fraction_digits - scale);
            lost = fraction % power(fraction_digits - scale) != 0;
        }
        struct ca_number number;
        SQL_NUMERIC_STRUCT numeric;
        assert_true(ca_number_read(text, length, &number));
        enum ca_conversion result = ca_number_numeric(&number, 38, (SQLSMALLINT)scale, &numeric);
        assert_int_equal(result, lost ? CA_CONVERT_FRACTION_LOST : CA_CONVERTED);
        ca_uint128 got = 0;
        memcpy(&got, numeric.val, sizeof got);
        assert_true(got == expected);
        assert_int_equal(numeric.sign, i % 2 == 0 || expected == 0);

        struct ca_number back;
        ca_number_of_numeric(&numeric, scale, &back);
        assert_true(back.digits == expected && back.exponent == -scale);
        uint64_t magnitude;
        result = ca_number_whole(&number, &magnitude);
        if (whole <= UINT64_MAX) {
            assert_int_equal(result, fraction ? CA_CONVERT_FRACTION_LOST : CA_CONVERTED);
            assert_true(magnitude == (uint64_t)whole);
        } else {
            assert_int_equal(result, CA_CONVERT_RANGE);
        }
    }
}

static void written_numbers_read_back(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS / 4; i++) {
        char text[CA_NUMBER_TEXT];
        struct ca_number number = {.digits = random_digits(1 + i % 38),
                                   .exponent = (int64_t)(random_bits() % 160) - 80};
        struct ca_number back;
        number.negative = i % 2 && number.digits;
        size_t length = i % 3 ? ca_number_write(&number, text) : ca_number_write_short(&number, text);
        assert_in_range(length, 1, CA_NUMBER_TEXT);
        assert_true(ca_number_read(text, length, &back));
        assert_int_equal(back.negative, number.negative);
        assert_false(back.inexact);
        /* Compare as digits × 10^min(exponents). */
        while (number.digits && number.digits % 10 == 0) {
            number.digits /= 10;
            number.exponent++;
        }
        while (back.digits && back.digits % 10 == 0) {
            back.digits /= 10;
            back.exponent++;
        }
        assert_true(back.digits == number.digits);
        assert_true(number.digits == 0 || back.exponent == number.exponent);
    }
}

static void integers_of_every_length_are_read(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        char text[64];
        char wrong[64];
        uint64_t value = random_bits() >> (i % 64);
        memset(text, (int)(random_bits() % 256), sizeof text);
        size_t length = ca_number_write_digits(value, text);
        struct ca_digits read = ca_digits_read(text, length);
        assert_int_equal(read.valid, length <= 19);
        assert_true(!read.valid || read.value == value);
        memcpy(wrong, text, sizeof wrong);
        wrong[random_bits() % length] = (char)(random_bits() % 2 ? '0' - 1 - (int)(random_bits() % 40)
                                                                 : '9' + 1 + (int)(random_bits() % 190));
        assert_false(ca_digits_read(wrong, length).valid);
    }
    assert_false(ca_digits_read((char[CA_CELL_PADDING]){0}, 0).valid);
}

static void literals_are_told_from_text(void **state)
{
    (void)state;
    static const char *const good[] = {"0",   "-0",    "+1",       "1.",    ".5",
                                       "1e5", "1E+05", "-1.5e-10", "00012", "1e0"};
    static const char *const bad[] = {"",    "-",    ".",     "e5",  "1e",    "1e+", "1 ",
                                      "1,5", "0x10", "1.2.3", "--1", "1e5.0", "NaN"};
    struct ca_number number;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(ca_number_read(good[i], strlen(good[i]), &number));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(ca_number_read(bad[i], strlen(bad[i]), &number));
}

/* Every day of 400 years and more, by moving it over midnight with an offset. */
static void offsets_move_dates_as_the_calendar_does(void **state)
{
    (void)state;
    char previous[32] = "1899-12-31";
    for (int32_t year = 1900; year <= 2301; year++) {
        for (uint32_t month = 1; month <= 12; month++) {
            for (uint32_t day = 1; day <= 31; day++) {
                struct ca_datetime value;
                char text[64];
                char moved[32] = {0};
                if (!ca_date_is_valid(year, month, day))
                    continue;
                int length = snprintf(text, sizeof text, "%04d-%02u-%02uT00:30:00+01:00", year, month, day);
                assert_int_equal(ca_datetime_read(text, (size_t)length, &value), CA_DATETIME_OK);
                ca_date_write(&value, moved);
                assert_string_equal(moved, previous);
                assert_int_equal(value.hour, 23);
                length = snprintf(text, sizeof text, "%sT23:45:00-00:15", previous);
                assert_int_equal(ca_datetime_read(text, (size_t)length, &value), CA_DATETIME_OK);
                assert_true(value.year == year && value.month == month && value.day == day &&
                            value.hour == 0);
                snprintf(previous, sizeof previous, "%04d-%02u-%02u", year, month, day);
            }
        }
    }
}

/* The quick way of timestamps and ca_datetime_read agree on every text that is nearly one. */
static void quick_way_of_timestamps_agrees_with_the_slow_one(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        char text[64 + CA_CELL_PADDING] = {0};
        static const char *const forms[] = {"%04d-%02d-%02dT%02d:%02d:%02d.%07dZ",
                                            "%04d-%02d-%02dT%02d:%02d:%02d", "%04d-%02d-%02dT%02d:%02d:%02dZ",
                                            "%04d-%02d-%02dT%02d:%02d:%02d.%03d"};
        int fields[7] = {(int)(random_bits() % 10000), (int)(random_bits() % 14), (int)(random_bits() % 33),
                         (int)(random_bits() % 25),    (int)(random_bits() % 61), (int)(random_bits() % 62),
                         (int)(random_bits() % 1000)};
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        int length = snprintf(text, 64, forms[i % 4], fields[0], fields[1], fields[2], fields[3], fields[4],
                              fields[5], fields[6]);
#pragma GCC diagnostic pop
        if (i % 5 == 0)
            text[random_bits() % (uint64_t)length] = "0:-TZ. 9x"[random_bits() % 9];
        struct ca_cell cell = {text, (size_t)length, CA_CELL_STRING, false};
        SQL_TIMESTAMP_STRUCT stamp;
        struct ca_datetime slow;
        enum ca_conversion result = ca_datetime_to_timestamp(&cell, NULL, &stamp, NULL, NULL);
        struct ca_literal trimmed = ca_literal_trim(text, (size_t)length);
        enum ca_datetime_error error = ca_datetime_read(trimmed.text, trimmed.octets, &slow);
        if ((error == CA_DATETIME_OK) != (result == CA_CONVERTED))
            fail_msg("%s: %d %d", text, (int)error, (int)result);
        if (result == CA_CONVERTED && slow.has_date)
            assert_true(stamp.year == slow.year && stamp.month == slow.month && stamp.day == slow.day &&
                        stamp.hour == slow.hour && stamp.minute == slow.minute &&
                        stamp.second == slow.second && stamp.fraction == slow.fraction);
    }
}

/* Random characters as JSON text, escaped here and there, out as UTF-8 and as wide text. */
static void text_survives_every_encoding(void **state)
{
    (void)state;
    for (int round = 0; round < 5000; round++) {
        char token[1200 + CA_CELL_PADDING] = {0};
        char utf8[400];
        ca_wide wide[200];
        size_t token_length = 0;
        size_t utf8_length = 0;
        size_t units = 0;
        bool escaped = false;
        for (int i = 0; i < round % 50; i++) {
            static const uint32_t limits[] = {0x7F, 0x7FF, 0xFFFF, 0x10FFFF};
            uint32_t character = (uint32_t)(random_bits() % limits[random_bits() % 4]) + 1;
            bool surrogate = character >= 0xD800 && character <= 0xDFFF;
            if (surrogate || character < 0x20)
                character = 'a';
            utf8_length += ca_utf8_write(utf8 + utf8_length, character);
            units += ca_wide_write(wide + units, character);
            bool escape = random_bits() % 8 == 0 || character == '"' || character == '\\';
            escaped |= escape;
            if (escape && character >= 0x10000)
                token_length +=
                    (size_t)snprintf(token + token_length, 16, "\\u%04x\\u%04X",
                                     0xD800 + ((character - 0x10000) >> 10), 0xDC00 + (character & 0x3FF));
            else if (escape)
                token_length += (size_t)snprintf(token + token_length, 16, "\\u%04X", character);
            else
                token_length += ca_utf8_write(token + token_length, character);
        }
        struct ca_cell cell = {token, token_length, CA_CELL_STRING, escaped};
        char out[1000];
        SQLLEN length;
        struct ca_target target = {sizeof out, 0, 0, 0};
        assert_int_equal(ca_text_to_char(&cell, &target, out, &length, NULL), CA_CONVERTED);
        assert_int_equal(length, utf8_length);
        assert_memory_equal(out, utf8, utf8_length);
        assert_int_equal(ca_text_to_wide(&cell, &target, out, &length, NULL), CA_CONVERTED);
        assert_int_equal(length, units * sizeof *wide);
        assert_memory_equal(out, wide, units * sizeof *wide);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubles_are_read_as_strtod_reads_them),
        cmocka_unit_test(doubles_with_hundreds_of_digits_are_exact),
        cmocka_unit_test(short_way_of_doubles_agrees_with_the_long_one),
        cmocka_unit_test(written_doubles_are_shortest_and_read_back),
        cmocka_unit_test(written_numbers_have_their_usual_form),
        cmocka_unit_test(decimals_agree_with_128_bit_arithmetic),
        cmocka_unit_test(written_numbers_read_back),
        cmocka_unit_test(integers_of_every_length_are_read),
        cmocka_unit_test(literals_are_told_from_text),
        cmocka_unit_test(offsets_move_dates_as_the_calendar_does),
        cmocka_unit_test(quick_way_of_timestamps_agrees_with_the_slow_one),
        cmocka_unit_test(text_survives_every_encoding),
    };
    return cmocka_run_group_tests_name("data: numbers, dates, text", tests, NULL, NULL);
}
