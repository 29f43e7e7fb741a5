/* Proves which columns markers are told to stand for, and that nothing is told where it could be wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "sql/statement.h"

struct target_case {
    const char *text;
    const char *wanted; /* catalog|schema|table: columns, `-` = unknown */
};

static const struct ca_sql_options options = {.noscan = false};

static void spell(struct ca_buffer *text, const struct ca_sql_statement *statement)
{
    const struct ca_sql_name *table = &statement->targets->table;
    if (table->name)
        ca_buffer_add_format(text, "%s|%s|%s:", table->catalog ? table->catalog : "",
                             table->schema ? table->schema : "", table->name);
    for (unsigned i = 0; i < statement->markers; i++)
        ca_buffer_add_format(text, " %s",
                             statement->targets->columns[i] ? statement->targets->columns[i] : "-");
}

static const struct target_case targets[] = {
    {"INSERT INTO t (a, b) VALUES (?, ?)", "||t: a b"},
    {"INSERT INTO \"c\".[s].`t` ([a b], \"c]d\") VALUES (?, ?), (?, 1), (1, ?)", "c|s|t: a b c]d a b c]d"},
    {"INSERT t (a, b, c, d) VALUES (f(?, 1), ?, ? + 1, 'x')", "||t: - b -"},
    {"UPSERT INTO t (a) VALUES (?)", "||t: a"},
    {"INSERT INTO t (a) VALUES (?, ?)", "||t: a -"},
    {"INSERT INTO t (a) VALUES ({fn UCASE(?)}, ?)", "||t: - -"},
    {"INSERT INTO t (a, b) VALUES ((?), ?)", "||t: - b"},
    {"INSERT INTO t VALUES (?)", " -"},
    {"INSERT INTO t (a) SELECT ?", " -"},
    {"INSERT INTO t (a.b) VALUES (?)", " -"},
    {"INSERT INTO t () VALUES (?)", " -"},
    {"INSERT INTO t (a) VALUES (?", "||t: -"},
    {"UPDATE c.s.t SET a = ?, [b b] = ? WHERE k = ? AND t.l <> ?", "c|s|t: a b b k l"},
    {"UPDATE t AS x SET a = ? + 1, b = (?) WHERE x.k >= ?", "||t: - - k"},
    {"DELETE FROM t WHERE a = ? OR (b < ? AND NOT c != ?)", "||t: a b c"},
    {"DELETE t WHERE a = ?", " -"},
    {"SELECT * FROM s.t WHERE a = ?", "|s|t: a"},
    {"SELECT TOP ? a FROM t x WHERE x.a >= ? LIMIT ?", "||t: - a -"},
    {"SELECT a FROM t WHERE ? = a AND ? < t.b AND ? = f(b) AND ? = b + 1", "||t: a b - -"},
    {"SELECT a FROM t WHERE a IN (?, 1, ?) AND b NOT IN (?)", "||t: a a b"},
    {"SELECT a FROM t WHERE a IN (? + 1, ?)", "||t: - -"},
    {"SELECT a FROM t WHERE a BETWEEN ? AND ? AND b NOT BETWEEN 1 AND ?", "||t: a a b"},
    {"SELECT a FROM t WHERE a LIKE ? AND NOT b LIKE ? AND c NOT LIKE ?", "||t: a b c"},
    {"SELECT a FROM t WHERE f(a) = ? AND a + b = ? AND -a = ? AND a * 2 = ?", "||t: - - - -"},
    {"SELECT a FROM t WHERE f(a = ?) AND g(b, c = ?)", "||t: a c"},
    {"SELECT CASE WHEN a = ? THEN ? END FROM t WHERE {fn UCASE(a)} = ?", "||t: a - -"},
    {"SELECT EXTRACT(YEAR FROM d) FROM t WHERE d = ? GROUP BY e HAVING e > ?", "||t: d e"},
    {"SELECT SUBSTRING(a FROM ? FOR ?) FROM t WHERE b = ?", "||t: - - b"},
    {"(SELECT a FROM t WHERE a = ?)", "||t: a"},
    {"SELECT a FROM t WHERE a = ?;", "||t: a"},
    {"SELECT a FROM t WHERE a = ?; SELECT 1", " -"},
    {"SELECT a FROM t, u WHERE a = ?", " -"},
    {"SELECT a FROM t x JOIN u y ON x.a = ? WHERE y.b = ?", " - -"},
    {"SELECT a FROM t WHERE a = ? UNION SELECT a FROM u WHERE a = ?", " - -"},
    {"SELECT a FROM (SELECT b FROM t) x WHERE a = ?", " -"},
    {"SELECT a FROM t WHERE b IN (SELECT c FROM u WHERE c = ?)", " -"},
    {"SELECT a FROM f(?) WHERE a = ?", " - -"},
    {"SELECT a FROM a.b.c.d WHERE a = ?", " -"},
    {"SELECT a FROM t WHERE NULL = ? AND TRUE = ? AND ? IS NULL", "||t: - - -"},
    {"SELECT a FROM t WHERE @x = ? AND a = @x", "||t: -"},
    {"SELECT @p1 FROM t WHERE a = ?", "||t: a"},
    {"SELECT a FROM t WHERE a = -?", "||t: -"},
    {"SELECT a FROM t WHERE a = ? || 'x'", "||t: -"},
    {"SELECT ?", " -"},
    {"WITH x AS (SELECT 1) SELECT * FROM x WHERE a = ?", " -"},
    {"EXEC p @a = ?", " -"},
    {"{call p(?)}", " -"},
    {"SELECT 1", ""},
};

static void markers_find_their_columns(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        struct ca_sql_statement statement;
        struct ca_error error = CA_ERROR_INIT;
        struct ca_buffer spelled = CA_BUFFER_INIT(4096);
        assert_true(ca_sql_read(targets[i].text, strlen(targets[i].text), &options, &statement, &error));
        assert_true(ca_sql_marker_targets(&statement, &error));
        assert_true(ca_sql_marker_targets(&statement, &error));
        spell(&spelled, &statement);
        if (strcmp(ca_buffer_text(&spelled), targets[i].wanted) != 0)
            fail_msg("%s\ntold: %s\nwanted: %s", targets[i].text, ca_buffer_text(&spelled),
                     targets[i].wanted);
        ca_buffer_free(&spelled);
        ca_sql_statement_free(&statement);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markers_find_their_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
