/* Proves what text the reader of statements sends for what text: markers, quoted names, every escape, every
 * refusal. One line of a table a case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sql/statement.h"

struct text_case {
    const char *given;
    const char *wanted; /* NULL: the same */
};

struct refusal_case {
    const char *given;
    const char *state;
    const char *said; /* occurs in the message */
};

static const struct ca_sql_options plain = {.catalog = "Sales'Force", .user = "o'hara@example.com"};
static const struct ca_sql_options noscan = {.noscan = true};

static void check(const struct ca_sql_options *options, const char *given, const char *wanted)
{
    struct ca_sql_statement statement;
    struct ca_error error = CA_ERROR_INIT;
    if (!ca_sql_read(given, strlen(given), options, &statement, &error))
        fail_msg("%s\nrefused: %s %s", given, error.state, ca_error_text(&error));
    if (strcmp(statement.text, wanted) != 0)
        fail_msg("%s\nbecame: %s\nwanted: %s", given, statement.text, wanted);
    assert_int_equal(statement.octets, strlen(wanted));
    assert_int_equal(statement.changed, strcmp(given, wanted) != 0);
    ca_sql_statement_free(&statement);
}

static void check_all(const struct ca_sql_options *options, const struct text_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check(options, cases[i].given, cases[i].wanted ? cases[i].wanted : cases[i].given);
}

static void refuse_all(const struct refusal_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct ca_sql_statement statement;
        struct ca_error error = CA_ERROR_INIT;
        if (ca_sql_read(cases[i].given, strlen(cases[i].given), &plain, &statement, &error))
            fail_msg("%s\nwas taken: %s", cases[i].given, statement.text);
        if (strcmp(error.state, cases[i].state) != 0 || !strstr(ca_error_text(&error), cases[i].said))
            fail_msg("%s\nsaid %s %s\nwanted %s …%s…", cases[i].given, error.state, ca_error_text(&error),
                     cases[i].state, cases[i].said);
        assert_null(statement.text);
        ca_error_clear(&error);
    }
}

#define CHECK(options, cases) check_all(options, cases, sizeof(cases) / sizeof(cases)[0])
#define REFUSE(cases)         refuse_all(cases, sizeof(cases) / sizeof(cases)[0])

static void text_that_needs_nothing_is_sent_as_it_stands(void **state)
{
    static const struct text_case cases[] = {
        {"", NULL},
        {" \t\r\n\f\v", NULL},
        {"SELECT 1", NULL},
        {"SELECT 1;", NULL},
        {"SELECT 'a ? {fn x()} \"q\" -- /* [ `' FROM [t ? {d} ''] ]]x]", NULL},
        {"SELECT `a?\"b``c` /* ? {x \" ' */ , 1 -- ? {y \" '\n FROM t", NULL},
        {"SELECT 1 --(*vendor(Microsoft),product(ODBC) d '2020-01-01' *)--\n", NULL},
        {"SELECT 'it''s', @user, @pp FROM t WHERE a <> 1.5e-3 AND b >= .5", NULL},
        {"SELECT \xC3\xA9t\xC3\xA9, '\xE2\x82\xAC' FROM [\xD0\x96]", NULL},
        {"SELECT \xFF\xFE '\xFF' FROM t", NULL},
        {"SELECT a } FROM t ) ]", NULL},
        {"EXECUTE p @a = 1, @b = 'x'", NULL},
        {"SELECT 1 -- at the end", NULL},
        {"SELECT a - -1, b / c * 2", NULL},
    };
    (void)state;
    CHECK(&plain, cases);
    CHECK(&noscan, cases);
}

static void markers_become_named_parameters(void **state)
{
    static const struct text_case cases[] = {
        {"SELECT ?", "SELECT @p1"},
        {"INSERT INTO t VALUES (?,?, ?)", "INSERT INTO t VALUES (@p1,@p2, @p3)"},
        {"a=?AND b=?", "a=@p1 AND b=@p2"},
        {"LIKE?", "LIKE @p1"},
        {"5?", "5 @p1"},
        {"@?", "@ @p1"},
        {"??", "@p1 @p2"},
        {"? -- ?\n /* ? */ '?' \"?\" [?] `?` ?", "@p1 -- ?\n /* ? */ '?' [?] [?] `?` @p2"},
        {"SELECT @p1, ?", "SELECT @p1, @p_1"},
        {"SELECT @Price, ?", "SELECT @Price, @p_1"},
        {"SELECT @p_x, ?", "SELECT @p_x, @p1_1"},
        {"SELECT @p_, @P1_1, @p3_, ?", "SELECT @p_, @P1_1, @p3_, @p2_1"},
        {"SELECT @p_, @p01_, ?", "SELECT @p_, @p01_, @p1_1"},
        {"SELECT '@p' , ?", "SELECT '@p' , @p_1"},
        {"SELECT @x@p9, ? @", "SELECT @x@p9, @p_1 @"},
        {"SELECT @p99999999999999999999999_ ?", "SELECT @p99999999999999999999999_ @p_1"},
    };
    (void)state;
    CHECK(&plain, cases);
    CHECK(&noscan, cases);
}

static void double_quotes_become_brackets(void **state)
{
    static const struct text_case cases[] = {
        {"SELECT \"a\" FROM \"c\".\"s\".\"t\"", "SELECT [a] FROM [c].[s].[t]"},
        {"SELECT\"a\"FROM t", "SELECT[a]FROM t"},
        {"\"a\"\"b]c\"", "[a\"b]]c]"},
        {"\"\"", "[]"},
        {"\"a\"]", "[a] ]"},
        {"\"a ? {d '1'} 'x'\"", "[a ? {d '1'} 'x']"},
        {"\"\xC3\xA9\"", "[\xC3\xA9]"},
        {"'\"a\"' \"b\" [\"c\"]", "'\"a\"' [b] [\"c\"]"},
    };
    (void)state;
    CHECK(&plain, cases);
    CHECK(&noscan, cases);
}

static void literal_escapes_become_strings(void **state)
{
    static const struct text_case cases[] = {
        {"{d '2020-02-29'}", "'2020-02-29'"},
        {"{ D  '0001-01-01' }", "'0001-01-01'"},
        {"{t '23:59:59'}", "'23:59:59'"},
        {"{t '00:00:00.123456789'}", "'00:00:00.123456789'"},
        {"{ts '2020-01-02 03:04:05'}", "'2020-01-02 03:04:05'"},
        {"{ts'2020-01-02 03:04:05.1234567'}", "'2020-01-02 03:04:05.1234567'"},
        {"{ts '2020-01-02T03:04:05.1'}", "'2020-01-02T03:04:05.1'"},
        {"{guid '6F9619FF-8B86-D011-b42d-00c04fc964ff'}", "'6F9619FF-8B86-D011-b42d-00c04fc964ff'"},
        {"{guid '{6F9619FF-8B86-D011-B42D-00C04FC964FF}'}", "'{6F9619FF-8B86-D011-B42D-00C04FC964FF}'"},
        {"{/* c */d -- x\n '2000-02-29' /* y */}", "'2000-02-29'"},
        {"a={d '2020-01-01'}AND b={t '01:02:03'}", "a='2020-01-01'AND b='01:02:03'"},
        {"'x'{d '2020-01-01'}'y'", "'x' '2020-01-01' 'y'"},
        {"{d '2020-01-01'}{d '2020-01-01'}", "'2020-01-01' '2020-01-01'"},
    };
    static const struct refusal_case refused[] = {
        {"{d '2021-02-29'}", "22007", "'2021-02-29'"},
        {"{d '1900-02-29'}", "22007", "yyyy-mm-dd"},
        {"{d '2020-13-01'}", "22007", "date"},
        {"{d '2020-00-01'}", "22007", "date"},
        {"{d '2020-04-31'}", "22007", "date"},
        {"{d '2020-04-00'}", "22007", "date"},
        {"{d '0000-01-01'}", "22007", "date"},
        {"{d '2020-1-1'}", "22007", "date"},
        {"{d ''}", "22007", "date"},
        {"{d '2020-01-01 '}", "22007", "date"},
        {"{d '2020-01-0''1'}", "22007", "date"},
        {"SELECT \xC3\xA9, {d 'x'}", "22007", "character 14"},
        {"{t '24:00:00'}", "22007", "time"},
        {"{t '1:00:00'}", "22007", "time"},
        {"{t '00:60:00'}", "22007", "time"},
        {"{t '00:00:60'}", "22007", "time"},
        {"{t '00:00:00.'}", "22007", "time"},
        {"{t '00:00:00.1234567890'}", "22007", "time"},
        {"{t '00:00:00,5'}", "22007", "time"},
        {"{t '00:00:00.x'}", "22007", "time"},
        {"{ts '2020-01-01'}", "22007", "timestamp"},
        {"{ts '2020-01-01 00:00'}", "22007", "timestamp"},
        {"{ts '2020-01-01 00:00:00Z'}", "22007", "timestamp"},
        {"{ts '2020-02-30 00:00:00'}", "22007", "timestamp"},
        {"{guid '6F9619FF8B86D011B42D00C04FC964FF'}", "22018", "GUID"},
        {"{guid '6F9619FF-8B86-D011-B42D-00C04FC964FG'}", "22018", "GUID"},
        {"{guid '{6F9619FF-8B86-D011-B42D-00C04FC964FF'}", "22018", "GUID"},
        {"{d 2020}", "42000", "{d …}"},
        {"{d ?}", "42000", "{d …}"},
        {"{d \"2020-01-01\"}", "42000", "literal in single quotes"},
        {"{d '2020-01-01' x}", "42000", "{d …}"},
        {"{ts}", "42000", "{ts …}"},
    };
    (void)state;
    CHECK(&plain, cases);
    REFUSE(refused);
}

static void outer_joins_lose_their_braces(void **state)
{
    static const struct text_case cases[] = {
        {"SELECT * FROM {oj a LEFT OUTER JOIN b ON a.x = b.x} WHERE 1=1",
         "SELECT * FROM a LEFT OUTER JOIN b ON a.x = b.x WHERE 1=1"},
        {"FROM{oj a}WHERE", "FROM a WHERE"},
        {"FROM {OJ \"a\" RIGHT OUTER JOIN {oj b FULL OUTER JOIN c ON ? = 1 } ON ? = {d '2020-01-01'} } w",
         "FROM [a] RIGHT OUTER JOIN b FULL OUTER JOIN c ON @p1 = 1 ON @p2 = '2020-01-01' w"},
        {"{oj}", ""},
        {"-{oj - a}", "- - a"},
        {"/{oj * a}", "/ * a"},
        {"{oj a -- }\n}b", "a -- }\nb"},
    };
    (void)state;
    CHECK(&plain, cases);
}

static void like_escape_goes_where_it_changes_nothing(void **state)
{
    static const struct text_case cases[] = {
        {"a LIKE 'x%' {escape '\\'}", "a LIKE 'x%'"},
        {"a LIKE 'x%' {escape '\\'} AND b", "a LIKE 'x%' AND b"},
        {"a LIKE 'x%'{ESCAPE '\\'}AND b", "a LIKE 'x%'AND b"},
        {"a NOT LIKE 'x%' /* c */ { escape '!' }", "a NOT LIKE 'x%' /* c */"},
        {"a LIKE 'x\\_%'", NULL},
        {"a LIKE 'x%' {escape '\xC3\xA9'}", "a LIKE 'x%'"},
        {"a LIKE 'x%' {escape ''''}", "a LIKE 'x%'"},
    };
    static const struct refusal_case refused[] = {
        {"a LIKE 'x\\_%' {escape '\\'}", "42000", "no escape character"},
        {"a LIKE 'x''_%' {escape ''''}", "42000", "no escape character"},
        {"a LIKE ? {escape '\\'}", "42000", "no escape character"},
        {"a LIKE b {escape '\\'}", "42000", "character 10"},
        {"a LIKE 'b' + 'c' {escape '\\'}", "42000", "no escape character"},
        {"a LIKE {fn LTRIM('x\\_' {escape '\\'})}", "42000", "no escape character"},
        {"a LIKE 'x' {escape ''}", "22019", "not one character"},
        {"a LIKE 'x' {escape 'ab'}", "22019", "not one character"},
        {"a LIKE 'x' {escape ?}", "42000", "literal in single quotes"},
        {"{escape '\\'}", "42000", "no escape character"},
    };
    (void)state;
    CHECK(&plain, cases);
    REFUSE(refused);
}

static void escapes_that_cannot_be_sent_are_refused(void **state)
{
    static const struct refusal_case refused[] = {
        {"{interval '163' HOUR(3)}", "HYC00", "interval"},
        {"SELECT {INTERVAL '1-2' YEAR TO MONTH}", "HYC00", "character 8"},
        {"{vendor x}", "42000", "{vendor …}"},
        {"SELECT {limit 10}", "42000", "{limit …} at character 8"},
        {"{}", "42000", "{} …}"},
        {"{'x'}", "42000", "not known"},
        {"SELECT {call p(1)}", "42000", "whole statement"},
        {"SELECT {? = call p(1)}", "42000", "whole statement"},
        {"{", "42000", "character 1 is not closed"},
        {"  {fn", "42000", "escape that begins at character 3 is not closed"},
        {"{oj a", "42000", "character 1 is not closed"},
        {"{oj {oj a}", "42000", "character 1 is not closed"},
        {"{fn PI()", "42000", "not closed"},
        {"{fn unknown(1)", "42000", "not closed"},
        {"{d '2020-01-01'", "42000", "{d …}"},
        {"SELECT 'abc", "42000", "string that begins at character 8 is not closed"},
        {"SELECT 'abc''", "42000", "string that begins at character 8 is not closed"},
        {"'\xE2\x82\xAC' [abc]]", "42000", "name in brackets that begins at character 5"},
        {"\"abc", "42000", "name in double quotes that begins at character 1"},
        {"a `b", "42000", "name in backticks that begins at character 3"},
        {"a /* b", "42000", "comment that begins at character 3"},
        {"a /*/", "42000", "comment that begins at character 3"},
        {"{oj 'a}", "42000", "string that begins at character 5"},
        {"{d 'a}", "42000", "string that begins at character 4"},
        {"{fn LEFT('a}", "42000", "string"},
        {"{fn LEFT(a, 1}", "42000", "lacks its closing )"},
        {"{fn LEFT(a, (1}", "42000", "lacks its closing )"},
        {"{fn LEFT(a, 1", "42000", "lacks its closing )"},
        {"{fn LEFT(a, 1) + 1}", "42000", "nothing but one function"},
        {"{'a", "42000", "string that begins at character 2"},
        {"{fn 'a", "42000", "string that begins at character 5"},
        {"{fn LEFT 'a", "42000", "string that begins at character 10"},
        {"{fn LEFT(a, 1) 'a", "42000", "string that begins at character 16"},
        {"{escape 'a", "42000", "string that begins at character 9"},
    };
    (void)state;
    REFUSE(refused);
}

static void noscan_leaves_braces_alone(void **state)
{
    static const struct text_case cases[] = {
        {"SELECT {fn NOW()}, {d 'x'}", NULL},
        {"{call p(?)}", "{call p(@p1)}"},
        {"{?=call p}", "{@p1=call p}"},
        {"SELECT {x ?} \"y\" {", "SELECT {x @p1} [y] {"},
    };
    (void)state;
    CHECK(&noscan, cases);
}

/* Any text made of pieces without a marker, double quote or brace comes out as it went in. */
static void text_without_escapes_is_unchanged(void **state)
{
    static const char *const pieces[] = {"SELECT", " ",    "'a''b'",   "[x]]y]",   "`z`",  "--?\n", "/* c */",
                                         "1.5e+3", "@pq",  "\xC3\xA9", "(",        ")",    ",",     ".",
                                         "=",      "\t\n", ";",        "'{d'",     "[\"]", "}",     "-",
                                         "/",      "*",    "0x1F",     "\x80\xFF", "FROM", "a:b",   "]"};
    uint32_t seed = 1;
    char text[1024];
    (void)state;
    for (int round = 0; round < 20000; round++) {
        size_t length = 0;
        while (length < 200) {
            seed = seed * 1664525u + 1013904223u;
            const char *piece = pieces[(seed >> 16) % (sizeof pieces / sizeof pieces[0])];
            memcpy(text + length, piece, strlen(piece));
            length += strlen(piece);
        }
        text[length] = '\0';
        struct ca_sql_statement statement;
        struct ca_error error = CA_ERROR_INIT;
        /* Two pieces may open a comment (`/` and `*`) that nothing closes. */
        if (ca_sql_read(text, length, &plain, &statement, &error)) {
            assert_false(statement.changed);
            assert_string_equal(statement.text, text);
            ca_sql_statement_free(&statement);
        } else {
            assert_string_equal(error.state, "42000");
        }
        ca_error_clear(&error);
    }
}

static void an_octet_of_zero_is_no_end(void **state)
{
    static const char given[] = "SELECT ?\0?, \"a\0b\" \0";
    static const char wanted[] = "SELECT @p1\0@p2, [a\0b] \0";
    struct ca_sql_statement statement;
    struct ca_error error = CA_ERROR_INIT;
    (void)state;
    assert_true(ca_sql_read(given, sizeof given - 1, &plain, &statement, &error));
    assert_int_equal(statement.octets, sizeof wanted - 1);
    assert_memory_equal(statement.text, wanted, sizeof wanted);
    ca_sql_statement_free(&statement);
    assert_true(ca_sql_read(NULL, 0, &plain, &statement, &error));
    assert_string_equal(statement.text, "");
    ca_sql_statement_free(&statement);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_that_needs_nothing_is_sent_as_it_stands),
        cmocka_unit_test(markers_become_named_parameters),
        cmocka_unit_test(double_quotes_become_brackets),
        cmocka_unit_test(literal_escapes_become_strings),
        cmocka_unit_test(outer_joins_lose_their_braces),
        cmocka_unit_test(like_escape_goes_where_it_changes_nothing),
        cmocka_unit_test(escapes_that_cannot_be_sent_are_refused),
        cmocka_unit_test(noscan_leaves_braces_alone),
        cmocka_unit_test(text_without_escapes_is_unchanged),
        cmocka_unit_test(an_octet_of_zero_is_no_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
