/* Proves the kind of statements, whether they may be sent twice, the reading of procedure calls, and what the
 * reader does with texts that are huge, deep, or met by a lack of memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "sql/statement.h"

static const struct ca_sql_options plain = {.catalog = "c", .user = "u"};

struct kind_case {
    const char *text;
    enum ca_sql_kind kind;
    bool single_select;
    bool several;
};

static void the_first_word_tells_the_kind(void **state)
{
    static const struct kind_case cases[] = {
        {"SELECT 1", CA_SQL_SELECT, true, false},
        {" -- c\n /* d */ ((select 1))", CA_SQL_SELECT, true, false},
        {"SELECT 1;", CA_SQL_SELECT, true, false},
        {"SELECT 1 ; -- c\n ;; /* d */", CA_SQL_SELECT, true, false},
        {"SELECT ';'", CA_SQL_SELECT, true, false},
        {"SELECT 1; SELECT 2", CA_SQL_SELECT, false, true},
        {"SELECT 1; DELETE FROM t", CA_SQL_SELECT, false, true},
        {"SELECT 1; ?", CA_SQL_SELECT, false, true},
        {"SELECT 1; {fn NOW()}", CA_SQL_SELECT, false, true},
        {"SELECT a INTO b FROM c", CA_SQL_SELECT, false, false},
        {"SELECT 1 DELETE FROM t", CA_SQL_SELECT, false, false},
        {"SELECT [delete], 'delete', t.delete, \"update\" FROM t -- delete", CA_SQL_SELECT, true, false},
        {"SELECT {fn INSERT(a,1,2,'x')}, {fn TRUNCATE(b,1)} FROM t", CA_SQL_SELECT, true, false},
        {"SELECT {fn LEFT((SELECT a INTO b), 1)}", CA_SQL_SELECT, false, false},
        {"SELECTED", CA_SQL_OTHER, false, false},
        {"[SELECT] 1", CA_SQL_OTHER, false, false},
        {"@SELECT", CA_SQL_OTHER, false, false},
        {"{fn NOW()} SELECT", CA_SQL_OTHER, false, false},
        {"; SELECT 1", CA_SQL_OTHER, false, true},
        {"", CA_SQL_OTHER, false, false},
        {"WITH a AS (SELECT 1) SELECT * FROM a", CA_SQL_SELECT, true, false},
        {"(WITH a AS (SELECT 1), b AS (SELECT 2) SELECT * FROM a)", CA_SQL_SELECT, true, false},
        {"WITH a AS (SELECT 1) DELETE FROM t", CA_SQL_DELETE, false, false},
        {"WITH a AS (DELETE FROM t) SELECT 1", CA_SQL_SELECT, false, false},
        {"WITH a AS (SELECT 1)", CA_SQL_OTHER, false, false},
        {"insert INTO t VALUES (1)", CA_SQL_INSERT, false, false},
        {"UPDATE t SET a = 1", CA_SQL_UPDATE, false, false},
        {"DELETE FROM t", CA_SQL_DELETE, false, false},
        {"UPSERT INTO t (a) VALUES (1)", CA_SQL_UPSERT, false, false},
        {"EXEC p", CA_SQL_EXEC, false, false},
        {"EXECUTE p", CA_SQL_EXEC, false, false},
        {"{call p}", CA_SQL_CALL, false, false},
        {" /* c */ { ? = CALL p ( ) } ; ", CA_SQL_CALL, false, false},
        {"CREATE VIEW v AS SELECT 1", CA_SQL_DDL, false, false},
        {"ALTER VIEW v", CA_SQL_DDL, false, false},
        {"DROP VIEW v", CA_SQL_DDL, false, false},
        {"GETDELETED FROM t", CA_SQL_OTHER, false, false},
        {"MERGE INTO t", CA_SQL_OTHER, false, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ca_sql_statement statement;
        struct ca_error error = CA_ERROR_INIT;
        if (!ca_sql_read(cases[i].text, strlen(cases[i].text), &plain, &statement, &error))
            fail_msg("%s\nrefused: %s", cases[i].text, ca_error_text(&error));
        if (statement.kind != cases[i].kind || statement.single_select != cases[i].single_select ||
            statement.several != cases[i].several)
            fail_msg("%s\nkind %d, single select %d, several %d", cases[i].text, statement.kind,
                     statement.single_select, statement.several);
        ca_sql_statement_free(&statement);
    }
}

struct call_case {
    const char *text;
    const char *wanted; /* the call, spelled; NULL: none */
    unsigned markers;
};

static const char *const argument_kinds[] = {"default", "marker",  "null", "string", "integer",   "decimal",
                                             "double",  "boolean", "date", "time",   "timestamp", "guid"};

/* Spells a call as `[?=]catalog|schema|name argument …`. */
static void spell(struct ca_buffer *text, const struct ca_sql_call *call)
{
    const char *catalog = call->procedure.catalog;
    const char *schema = call->procedure.schema;
    ca_buffer_add_format(text, "%s%s|%s|%s", call->has_return ? "?=" : "", catalog ? catalog : "",
                         schema ? schema : "", call->procedure.name);
    for (size_t i = 0; i < call->count; i++) {
        const struct ca_sql_argument *argument = &call->arguments[i];
        ca_buffer_add_char(text, ' ');
        if (argument->name)
            ca_buffer_add_format(text, "%s=", argument->name);
        ca_buffer_add_text(text, argument_kinds[argument->kind]);
        if (argument->kind == CA_SQL_ARGUMENT_MARKER)
            ca_buffer_add_format(text, ":%u", argument->marker);
        if (argument->text) {
            assert_int_equal(argument->octets, strlen(argument->text));
            ca_buffer_add_format(text, ":%s", argument->text);
        }
    }
}

static void check_calls(const struct ca_sql_options *options, const struct call_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct ca_sql_statement statement;
        struct ca_error error = CA_ERROR_INIT;
        struct ca_buffer spelled = CA_BUFFER_INIT(4096);
        if (!ca_sql_read(cases[i].text, strlen(cases[i].text), options, &statement, &error))
            fail_msg("%s\nrefused: %s", cases[i].text, ca_error_text(&error));
        if (statement.call)
            spell(&spelled, statement.call);
        if (strcmp(ca_buffer_text(&spelled), cases[i].wanted ? cases[i].wanted : "") != 0)
            fail_msg("%s\nread as: %s", cases[i].text, ca_buffer_text(&spelled));
        assert_int_equal(statement.markers, cases[i].markers);
        ca_buffer_free(&spelled);
        ca_sql_statement_free(&statement);
    }
}

static void calls_are_read(void **state)
{
    static const struct call_case cases[] = {
        {"{call p}", "||p", 0},
        {"{call p()}", "||p", 0},
        {"{ CALL c.\"s s\".[p]]q] ( ? , ? ) } ;", "c|s s|p]q marker:1 marker:2", 2},
        {"{?=call `s`.p(?)}", "?=|s|p marker:2", 2},
        {"{call call(1)}", "||call integer:1", 0},
        {"{call p(?,,?,)}", "||p marker:1 default marker:2 default", 2},
        {"{call p(DEFAULT, NULL, true, False)}", "||p default null boolean:true boolean:False", 0},
        {"{call p('it''s', '', -1, +2.50, - .5e-3, 12345678901234567890123456789012345678)}",
         "||p string:it's string: integer:-1 decimal:2.50 double:-.5e-3 "
         "integer:12345678901234567890123456789012345678",
         0},
        {"{call p({d '2020-01-02'},{t '03:04:05'}, {ts '2020-01-02 03:04:05.6'},\n"
         "{guid '6F9619FF-8B86-D011-B42D-00C04FC964FF'})}",
         "||p date:2020-01-02 time:03:04:05 timestamp:2020-01-02 03:04:05.6 "
         "guid:6F9619FF-8B86-D011-B42D-00C04FC964FF",
         0},
        {"-- c\n{call /* x */ p -- y\n (1)}", "||p integer:1", 0},
    };
    static const struct call_case execs[] = {
        {"EXEC p", "||p", 0},
        {"EXECUTE [c].[s].[p] @a = ?, @b = 1;", "c|s|p a=marker:1 b=integer:1", 1},
        {"exec p ?, 'x', @n = NULL, DEFAULT", "||p marker:1 string:x n=null default", 1},
        {"EXEC ? = p @a = {d '2020-01-01'}", "?=||p a=date:2020-01-01", 1},
        {"(EXEC;", NULL, 0},
        {"EXEC", NULL, 0},
        {"EXEC p @a", NULL, 0},
        {"EXEC p @a = @b", NULL, 0},
        {"EXEC p @a = ? OUTPUT", NULL, 1},
        {"EXEC p @a = 1 + 1", NULL, 0},
        {"EXEC p @a = {fn NOW()}", NULL, 0},
        {"EXEC p(1)", NULL, 0},
        {"EXEC p 1,", NULL, 0},
        {"EXEC p 1;;", NULL, 0},
        {"EXEC p 1; EXEC q ?", NULL, 1},
        {"EXEC a.b.c.d", NULL, 0},
        {"EXEC ('SELECT 1')", NULL, 0},
        {"EXEC ? p", NULL, 1},
    };
    static const struct ca_sql_options noscan = {.noscan = true};
    static const struct call_case left[] = {
        {"EXEC p {d 'x'}, ?", NULL, 1},
        {"EXEC p ?", "||p marker:1", 1},
        {"{call p(?)}", NULL, 1},
    };
    (void)state;
    check_calls(&plain, cases, sizeof cases / sizeof cases[0]);
    check_calls(&plain, execs, sizeof execs / sizeof execs[0]);
    check_calls(&noscan, left, sizeof left / sizeof left[0]);
}

static void calls_are_written_as_execute(void **state)
{
    static const char *const cases[][2] = {
        {"{call p}", "EXECUTE [p]"},
        {"{?=call c.s.p(?,1,,'it''s',NULL,TRUE)}",
         "EXECUTE @p1 = [c].[s].[p] @p2, 1, DEFAULT, 'it''s', NULL, TRUE"},
        {"{call \"@p\"(?, {d '2020-01-01'})}", "EXECUTE [@p] @p_1, '2020-01-01'"},
        {"EXEC p @a = ?, @b = \"x\"", "EXEC p @a = @p1, @b = [x]"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ca_sql_statement statement;
        struct ca_error error = CA_ERROR_INIT;
        assert_true(ca_sql_read(cases[i][0], strlen(cases[i][0]), &plain, &statement, &error));
        assert_string_equal(statement.text, cases[i][1]);
        ca_sql_statement_free(&statement);
    }
}

static void wrong_calls_are_refused(void **state)
{
    static const char *const cases[][3] = {
        {"{call}", "42000", "ends at character 6"},
        {"{call p(}", "42000", "ends at character 9"},
        {"{call p(1)", "42000", "not of the form"},
        {"{call p(1}", "42000", "not of the form"},
        {"{call p 1}", "42000", "not of the form"},
        {"{call p(a)}", "42000", "ends at character 9"},
        {"{call p(1+1)}", "42000", "not of the form"},
        {"{call p({fn NOW()})}", "42000", "not of the form"},
        {"{call p(\"a\")}", "42000", "not of the form"},
        {"{call p(@a = 1)}", "42000", "not of the form"},
        {"{call a.b.c.d(1)}", "42000", "not of the form"},
        {"{call a..p(1)}", "42000", "not of the form"},
        {"{call [](1)}", "42000", "not of the form"},
        {"{call 'p'(1)}", "42000", "not of the form"},
        {"{?call p(1)}", "42000", "not of the form"},
        {"{? = p(1)}", "42000", "not of the form"},
        {"{?}", "42000", "not of the form"},
        {"{call p(1)} x", "42000", "not of the form"},
        {"{call p(1)}; {call q}", "42000", "not of the form"},
        {"{call p(- )}", "42000", "not of the form"},
        {"{call p({d 'x'})}", "22007", "date"},
        {"{call p({guid 'x'})}", "22018", "GUID"},
        {"{call p('x)}", "42000", "string that begins at character 9"},
        {"{call p(-'x)}", "42000", "string that begins at character 10"},
        {"{call p(1'x)}", "42000", "string that begins at character 10"},
        {"{call p({'x)}", "42000", "string that begins at character 10"},
        {"{call p('x'", "42000", "not of the form"},
        {"{call 'x", "42000", "string that begins at character 7"},
        {"{call p 'x", "42000", "string that begins at character 9"},
        {"{?'x", "42000", "string that begins at character 3"},
        {"{call p(1)} 'x", "42000", "string that begins at character 13"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ca_sql_statement statement;
        struct ca_error error = CA_ERROR_INIT;
        if (ca_sql_read(cases[i][0], strlen(cases[i][0]), &plain, &statement, &error))
            fail_msg("%s\nwas taken: %s", cases[i][0], statement.text);
        if (strcmp(error.state, cases[i][1]) != 0 || !strstr(ca_error_text(&error), cases[i][2]))
            fail_msg("%s\nsaid %s %s", cases[i][0], error.state, ca_error_text(&error));
        ca_error_clear(&error);
    }
}

/* Reads a text; *state is "" where it succeeds. */
static void read_large(const char *text, size_t octets, bool targets, char state[6])
{
    struct ca_sql_statement statement;
    struct ca_error error = CA_ERROR_INIT;
    if (ca_sql_read(text, octets, &plain, &statement, &error)) {
        if (targets)
            assert_true(ca_sql_marker_targets(&statement, &error));
        ca_sql_statement_free(&statement);
    }
    memcpy(state, error.state, 6);
    ca_error_clear(&error);
}

static char *repeat(const char *head, const char *piece, size_t count, const char *tail, size_t *octets)
{
    struct ca_buffer text = CA_BUFFER_INIT((size_t)1 << 28);
    ca_buffer_add_text(&text, head);
    for (size_t i = 0; i < count; i++)
        ca_buffer_add_text(&text, piece);
    ca_buffer_add_text(&text, tail);
    *octets = text.length;
    return ca_buffer_take(&text);
}

/* What took a number of steps that grows with the square of the text would not end before the runner's limit.
 */
static void megabytes_are_read_to_the_end(void **state)
{
    static const char *const cases[][3] = {
        {"SELECT ", "?,", "1"},
        {"SELECT ", "{fn UCASE(a)},", "1"},
        {"SELECT ", "{fn f(a)},", "1"},
        {"SELECT ", "{d '2020-01-01'},", "1"},
        {"SELECT ", "{oj a},", "1"},
        {"SELECT ", "{oj a} \xC3\xA9 ", "{x"},
        {"SELECT {fn CONCAT(", "x,", "1)}"},
        {"SELECT {fn UCASE(", "(a),(?)", ")}"},
        {"SELECT ", "\"a\"\"b\",", "1"},
        {"SELECT \"", "]\"\"", "\""},
        {"SELECT ", "(", ""},
        {"SELECT ", "a.", "b = ?"},
        {"SELECT ", "@p1_ @p_ @p2_ ", "?"},
        {"SELECT ", "@", "?"},
        {"SELECT ", "/* */ -- \n", "?"},
        {"SELECT '", "''", "'"},
        {"SELECT '", "''", ""},
        {"SELECT * FROM t WHERE a IN (", "?,", "?)"},
        {"SELECT * FROM t WHERE a IN (", "? IN (", "?"},
        {"SELECT * FROM t WHERE ", "a = ? AND ", "b = ?"},
        {"SELECT * FROM t WHERE ", "a.a.a.a.a.a.a.a = ", "?"},
        {"INSERT INTO t (a, b) VALUES ", "(?,?),", "(?,?)"},
        {"INSERT INTO t (", "a,", "a) VALUES (?)"},
        {"{call p(", "?,", "?)}"},
        {"{call ", "a.", "p}"},
        {"EXEC p ", "?,", "?"},
        {"SELECT * FROM t WHERE ", "a LIKE 'x' {escape '!'} AND ", "1=1"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t octets;
        char sqlstate[6];
        size_t length = strlen(cases[i][1]);
        char *text = repeat(cases[i][0], cases[i][1], (1u << 19) / length, cases[i][2], &octets);
        read_large(text, octets, true, sqlstate);
        assert_true(!*sqlstate || strcmp(sqlstate, "42000") == 0);
        ca_free(text);
    }
}

static void nesting_is_bounded(void **state)
{
    static const char *const pieces[] = {"{oj ", "{fn UCASE(", "{fn f(", "{fn SUBSTRING(x,1,",
                                         "{fn LOCATE(a,b,"};
    static const char *const closers[] = {"}", ")}", ")}", ")}", ")}"};
    char sqlstate[6];
    (void)state;
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        for (size_t levels = 200; levels <= 201; levels++) {
            size_t octets;
            size_t tail_octets;
            char *tail = repeat("1", closers[i], levels, "", &tail_octets);
            char *text = repeat("", pieces[i], levels, tail, &octets);
            read_large(text, octets, false, sqlstate);
            assert_string_equal(sqlstate, levels == 200 ? "" : "42000");
            ca_free(text);
            ca_free(tail);
        }
        size_t octets;
        char *text = repeat("", pieces[i], 1000000, "", &octets);
        read_large(text, octets, false, sqlstate);
        assert_string_equal(sqlstate, "42000");
        ca_free(text);
    }
}

#ifdef CA_TEST_ALLOC
static void every_lack_of_memory_is_reported(void **state)
{
    static const char *const texts[] = {
        "SELECT \"a\", ?, {fn LOCATE('x', {fn UCASE(?)}, 2)}, @p, @p_ FROM c.s.t WHERE b = ? AND d IN (?, ?)",
        "INSERT INTO c.s.t (a, b, c) VALUES (?, ?, ?)",
        "{?=call c.s.p(?, 'x', -1.5, {d '2020-01-01'}, TRUE, 1, 2, 3, 4, 5, 6)}",
        "EXEC c.s.p @a = ?, @b = 'x', @c = {d '2020-01-01'}",
        "SELECT {fn TIMESTAMPDIFF(SQL_TSI_WEEK, a, b)}",
        "SELECT {fn LEFT(a)}",
        "SELECT 'x",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        for (unsigned long number = 1;; number++) {
            struct ca_sql_statement statement;
            struct ca_error error = CA_ERROR_INIT;
            ca_alloc_fail_at(number);
            bool read = ca_sql_read(texts[i], strlen(texts[i]), &plain, &statement, &error) &&
                        ca_sql_marker_targets(&statement, &error);
            bool failed = ca_alloc_count() >= number;
            ca_alloc_fail_at(0);
            assert_int_equal(read, !ca_error_is_set(&error));
            if (failed && read)
                fail_msg("%s: the lack of allocation %lu goes unnoticed", texts[i], number);
            if (failed && strcmp(error.state, "HY001") != 0)
                assert_string_equal(error.state, "42000");
            ca_sql_statement_free(&statement);
            ca_error_clear(&error);
            if (!failed)
                break;
        }
    }
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_word_tells_the_kind),    cmocka_unit_test(calls_are_read),
        cmocka_unit_test(calls_are_written_as_execute),     cmocka_unit_test(wrong_calls_are_refused),
        cmocka_unit_test(megabytes_are_read_to_the_end),    cmocka_unit_test(nesting_is_bounded),
#ifdef CA_TEST_ALLOC
        cmocka_unit_test(every_lack_of_memory_is_reported),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
