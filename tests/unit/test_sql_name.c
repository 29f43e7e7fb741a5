/* Proves the reading and writing of names of one to three parts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sql/name.h"

struct name_case {
    const char *text;
    const char *catalog;
    const char *schema;
    const char *name;
    const char *written;
};

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void names_are_read_and_written(void **state)
{
    static const struct name_case cases[] = {
        {"a", NULL, NULL, "a", "[a]"},
        {"a.b", NULL, "a", "b", "[a].[b]"},
        {"a.b.c", "a", "b", "c", "[a].[b].[c]"},
        {"[a].[b].[c]", "a", "b", "c", "[a].[b].[c]"},
        {"\"a\".\"b\".\"c\"", "a", "b", "c", "[a].[b].[c]"},
        {"`a`.`b`.`c`", "a", "b", "c", "[a].[b].[c]"},
        {"a.[b.c].\"d e\"", "a", "b.c", "d e", "[a].[b.c].[d e]"},
        {" a /* x */ . -- y\n b ", NULL, "a", "b", "[a].[b]"},
        {"[a]]b]", NULL, NULL, "a]b", "[a]]b]"},
        {"\"a\"\"b\"", NULL, NULL, "a\"b", "[a\"b]"},
        {"`a``b`", NULL, NULL, "a`b", "[a`b]"},
        {"\"]\"", NULL, NULL, "]", "[]]]"},
        {"\xC3\xA9.\xD0\x96", NULL, "\xC3\xA9", "\xD0\x96", "[\xC3\xA9].[\xD0\x96]"},
        {"t_1.#x", NULL, "t_1", "#x", "[t_1].[#x]"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ca_sql_name name;
        struct ca_error error = CA_ERROR_INIT;
        struct ca_buffer text = CA_BUFFER_INIT(1024);
        if (!ca_sql_name_parse(cases[i].text, strlen(cases[i].text), &name, &error))
            fail_msg("%s: %s", cases[i].text, ca_error_text(&error));
        assert_true(same(name.catalog, cases[i].catalog));
        assert_true(same(name.schema, cases[i].schema));
        assert_true(same(name.name, cases[i].name));
        assert_true(ca_sql_name_write(&text, &name));
        assert_string_equal(ca_buffer_text(&text), cases[i].written);
        ca_buffer_free(&text);
        ca_sql_name_free(&name);
    }
}

static void what_is_no_name_is_refused(void **state)
{
    static const char *const cases[] = {"",     " ",   "a.",  ".a",    "a..b", "a.b.c.d", "[]",
                                        "\"\"", "a b", "'a'", "a.'b'", "1",    "a.1b",    "?",
                                        "a.*",  "[a",  "a(",  "a;",    "--",   "/* x"};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ca_sql_name name;
        struct ca_error error = CA_ERROR_INIT;
        if (ca_sql_name_parse(cases[i], strlen(cases[i]), &name, &error))
            fail_msg("%s was taken", cases[i]);
        assert_string_equal(error.state, "42000");
        assert_null(name.name);
        ca_error_clear(&error);
    }
    struct ca_sql_name name;
    struct ca_error error = CA_ERROR_INIT;
    assert_false(ca_sql_name_parse("[a\0b]", 5, &name, &error));
    ca_error_clear(&error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_read_and_written),
        cmocka_unit_test(what_is_no_name_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
