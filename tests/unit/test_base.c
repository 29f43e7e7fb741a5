/* The room base/: buffers, text, UTF, connection-string syntax. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/keyword.h"
#include "base/text.h"
#include "base/utf.h"

static void test_buffer_keeps_its_maximum_and_remembers_failure(void **state)
{
    struct ca_buffer buffer = CA_BUFFER_INIT(10);
    (void)state;
    assert_true(ca_buffer_add_text(&buffer, "12345"));
    assert_false(ca_buffer_add_text(&buffer, "123456"));
    assert_int_equal(buffer.failure, CA_BUFFER_TOO_BIG);
    assert_false(ca_buffer_add_char(&buffer, 'x'));
    assert_string_equal(ca_buffer_text(&buffer), "12345");
    assert_null(ca_buffer_take(&buffer));
    assert_true(ca_buffer_add_format(&buffer, "%d-%s", 7, "ab"));
    char *taken = ca_buffer_take(&buffer);
    assert_string_equal(taken, "7-ab");
    ca_free(taken);
    struct ca_buffer reserved = CA_BUFFER_INIT(10);
    assert_true(ca_buffer_reserve(&reserved, 0));
    assert_string_equal(ca_buffer_text(&reserved), "");
    ca_buffer_free(&reserved);
}

static void test_integers(void **state)
{
    static const struct {
        const char *text;
        bool valid;
        int64_t value;
    } cases[] = {{"0", true, 0},
                 {"-0", true, 0},
                 {"+7", true, 7},
                 {"9223372036854775807", true, INT64_MAX},
                 {"-9223372036854775808", true, INT64_MIN},
                 {"9223372036854775808", false, 0},
                 {"-9223372036854775809", false, 0},
                 {"", false, 0},
                 {"-", false, 0},
                 {"1 ", false, 0},
                 {"1.0", false, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t value = 0;
        assert_int_equal(ca_text_integer(cases[i].text, strlen(cases[i].text), &value), cases[i].valid);
        if (cases[i].valid)
            assert_true(value == cases[i].value);
    }
}

static void test_names_compare_without_case(void **state)
{
    static const struct {
        const char *a;
        const char *b;
        int sign;
    } cases[] = {{"Account", "aCCOUNT", 0},
                 {"Größe", "GRÖßE", 0},
                 {"Заказ", "ЗАКАЗ", 0},
                 {"Ωmega", "ωMEGA", 0},
                 {"a", "b", -1},
                 {"b", "A", 1},
                 {"ab", "a", 1},
                 {"", "a", -1}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int result = ca_text_compare_fold(cases[i].a, strlen(cases[i].a), cases[i].b, strlen(cases[i].b));
        assert_int_equal((result > 0) - (result < 0), cases[i].sign);
    }
}

/* Invalid UTF-8 becomes U+FFFD; nothing is read past the end. */
static void test_utf8_to_wide(void **state)
{
    static const struct {
        const char *text;
        size_t octets;
        uint32_t characters[6];
        size_t count;
    } cases[] = {{"aé", 3, {'a', 0xE9}, 2},        {"\xF0\x9F\x99\x82!", 5, {0x1F642, '!'}, 2},
                 {"\xC3", 1, {0xFFFD}, 1},         {"\xC0\x80", 2, {0xFFFD, 0xFFFD}, 2},
                 {"\xED\xA0\x80", 3, {0xFFFD}, 1}, {"\xF4\x90\x80\x80", 4, {0xFFFD}, 1},
                 {"\xE2\x82", 2, {0xFFFD}, 1},     {"\xFFz", 2, {0xFFFD, 'z'}, 2}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *copy = malloc(cases[i].octets); /* exact, so that a sanitizer sees a read past the end */
        memcpy(copy, cases[i].text, cases[i].octets);
        size_t at = 0;
        size_t count = 0;
        while (at < cases[i].octets) {
            uint32_t character;
            at += ca_utf8_read(copy + at, cases[i].octets - at, &character);
            assert_true(count < cases[i].count);
            assert_int_equal(character, cases[i].characters[count]);
            count++;
        }
        assert_int_equal(count, cases[i].count);
        assert_int_equal(at, cases[i].octets);
        free(copy);
    }
}

static void test_wide_round_trip_of_every_character(void **state)
{
    (void)state;
    for (uint32_t c = 1; c <= 0x10FFFF; c++) {
        char octets[4];
        ca_wide units[2];
        size_t taken;
        uint32_t back;
        if (c == 0xD800)
            c = 0xE000;
        size_t length = ca_utf8_write(octets, c);
        size_t count = ca_utf8_to_wide(units, 2, octets, length, &taken);
        assert_int_equal(taken, length);
        assert_int_equal(ca_wide_read(units, count, &back), count);
        assert_int_equal(back, c);
    }
}

static void test_a_cut_never_splits_a_sequence(void **state)
{
    const char *text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x99\x82";
    static const size_t expected[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10};
    (void)state;
    for (size_t limit = 0; limit <= 10; limit++)
        assert_int_equal(ca_utf8_cut(text, 10, limit), expected[limit]);
}

static void read_keywords(const char *text, struct ca_buffer *seen)
{
    struct ca_keyword_reader reader;
    struct ca_keyword keyword;
    enum ca_keyword_result result;
    ca_keyword_reader_init(&reader, text, strlen(text));
    while ((result = ca_keyword_next(&reader, &keyword)) != CA_KEYWORD_END) {
        if (result == CA_KEYWORD_MALFORMED) {
            ca_buffer_add_text(seen, "!|");
            continue;
        }
        ca_buffer_add(seen, keyword.name, keyword.name_octets);
        ca_buffer_add_char(seen, '=');
        ca_keyword_value(&keyword, seen);
        ca_buffer_add_char(seen, '|');
    }
}

static void test_connection_strings(void **state)
{
    static const char *const cases[][2] = {
        {"", ""},
        {";;", ""},
        {"A=1", "A=1|"},
        {" A = 1 ; B=2;", "A=1|B=2|"},
        {"A={x;y}}z};B={}", "A=x;y}z|B=|"},
        {"A={a}}}", "A=a}|"},
        {"A=x=y;B={=}", "A=x=y|B==|"},
        {"A;B=2", "!|B=2|"},
        {"=1;B=2", "!|B=2|"},
        {"A={open;B=2", "!|"},
        {"A={x}y;B=2", "!|B=2|"},
        {"A={x} ;B=2", "A=x|B=2|"},
        {"A=", "A=|"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ca_buffer seen = CA_BUFFER_INIT(1000);
        read_keywords(cases[i][0], &seen);
        assert_string_equal(ca_buffer_text(&seen), cases[i][1]);
        ca_buffer_free(&seen);
    }
}

/* Whatever a value holds, writing and reading gives it back. */
static void test_connection_string_values_round_trip(void **state)
{
    static const char alphabet[] = "a;{}=[]()?*!@, \t'\"\\";
    unsigned seed = 1;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        char value[12];
        size_t length = (size_t)round % sizeof value;
        for (size_t i = 0; i < length; i++) {
            seed = seed * 1103515245 + 12345;
            value[i] = alphabet[(seed >> 16) % (sizeof alphabet - 1)];
        }
        value[length < sizeof value ? length : length - 1] = '\0';
        struct ca_buffer text = CA_BUFFER_INIT(1000);
        struct ca_buffer seen = CA_BUFFER_INIT(1000);
        struct ca_buffer expected = CA_BUFFER_INIT(1000);
        ca_keyword_write(&text, "K", value);
        ca_keyword_write(&text, "L", "2");
        read_keywords(ca_buffer_text(&text), &seen);
        ca_buffer_add_format(&expected, "K=%s|L=2|", value);
        assert_string_equal(ca_buffer_text(&seen), ca_buffer_text(&expected));
        ca_buffer_free(&text);
        ca_buffer_free(&seen);
        ca_buffer_free(&expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_buffer_keeps_its_maximum_and_remembers_failure),
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_names_compare_without_case),
        cmocka_unit_test(test_utf8_to_wide),
        cmocka_unit_test(test_wide_round_trip_of_every_character),
        cmocka_unit_test(test_a_cut_never_splits_a_sequence),
        cmocka_unit_test(test_connection_strings),
        cmocka_unit_test(test_connection_string_values_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
