/*
 * Statements: executing once and many times, row counts, several results, DDL, names with and without
 * defaults, SQLNativeSql, the option ReadOnly.
 *
 * Must not know the translator's insides; what it must give is in the service's dialect documentation.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#define ARG(text) (SQLCHAR *)(uintptr_t)(text), SQL_NTS
#define SETTINGS  "[PostgreSQL1].[public].[settings]"

static SQLLEN row_count(SQLHSTMT stmt)
{
    SQLLEN count = -77;

    expect_stmt("S", stmt, SQLRowCount(stmt, &count));
    return count;
}

static void a_write_counts_its_rows(void **state)
{
    static const struct {
        const char *sql, *letter;
        SQLLEN count;
    } steps[] = {
        {"DELETE FROM " SETTINGS " WHERE name LIKE 'count%'", NULL, 0},
        {"INSERT INTO " SETTINGS " (name, value) VALUES ('count 1', 'a')", "S", 1},
        {"INSERT INTO " SETTINGS " (name, value) VALUES ('count 2', 'b')", "S", 1},
        {"INSERT INTO " SETTINGS " (name, value) VALUES ('count 3', NULL)", "S", 1},
        {"UPDATE " SETTINGS " SET value = 'c' WHERE name LIKE 'count%'", "S", 3},
        {"UPDATE " SETTINGS " SET value = 'd' WHERE name = 'count 2'", "S", 1},
        {"UPDATE " SETTINGS " SET value = 'd' WHERE name = 'count 9'", "N", 0},
        {"DELETE FROM " SETTINGS " WHERE name = 'count 9'", "N", 0},
        {"DELETE FROM " SETTINGS " WHERE name LIKE 'count%'", "S", 3},
    };
    struct session s;

    session_open(*state, &s, NULL);
    for (int prepared = 0; prepared <= 1; prepared++)
        for (size_t i = 0; i < COUNT_OF(steps); i++) {
            const char *letter = steps[i].letter ? steps[i].letter : "SN";
            if (prepared) {
                expect_stmt("S", s.stmt, SQLPrepare(s.stmt, ARG(steps[i].sql)));
                expect_stmt(letter, s.stmt, SQLExecute(s.stmt));
            } else {
                expect_stmt(letter, s.stmt, exec(s.stmt, steps[i].sql));
            }
            /* iODBC lets nobody ask where SQL_NO_DATA was the answer. */
            if (steps[i].letter && !(HARNESS_IODBC && *steps[i].letter == 'N'))
                assert_int_equal(row_count(s.stmt), steps[i].count);
            expect_stmt("N", s.stmt, SQLMoreResults(s.stmt));
        }
    session_close(&s);
}

static void an_odbc_2_program_sees_success_where_nothing_was_hit(void **state)
{
    SQLHENV env = environment_open(SQL_OV_ODBC2);
    struct session s;

    session_open_in(*state, env, &s, NULL);
    expect_stmt("S", s.stmt, exec(s.stmt, "DELETE FROM " SETTINGS " WHERE name = 'nothing'"));
    assert_int_equal(row_count(s.stmt), 0);
    session_close(&s);
    SQLFreeHandle(SQL_HANDLE_ENV, env);
}

static void a_query_has_no_row_count(void **state)
{
    struct session s;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT 1 AS One"));
    assert_int_equal(row_count(s.stmt), -1);
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    expect_stmt("N", s.stmt, SQLMoreResults(s.stmt));
    session_close(&s);
}

static void a_prepared_query_runs_many_times_at_one_request_each(void **state)
{
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, NULL);
    expect_stmt("S", s.stmt,
                SQLPrepare(s.stmt, ARG("SELECT Id FROM [Types].[Types].[AllTypes] ORDER BY Id")));
    requests_clear(&h->service);
    for (size_t turn = 1; turn <= 25; turn++) {
        expect_stmt("S", s.stmt, SQLExecute(s.stmt));
        /* Now and then only a part of the rows. */
        for (size_t row = 0; row < turn % 9; row++)
            expect_stmt("S", s.stmt, SQLFetch(s.stmt));
        expect_stmt("S", s.stmt, SQLCloseCursor(s.stmt));
    }
    assert_int_equal(requests_count(&h->service, "POST", NULL, NULL), 25);
    session_close(&s);
}

static void several_results_are_walked_in_order(void **state)
{
    struct session s;
    SQLSMALLINT columns;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt,
                exec(s.stmt, "SELECT 1 AS A; SELECT 'x' AS B, 2 AS C; INSERT INTO " SETTINGS
                             " (name, value) VALUES ('several', '1'); SELECT 3 AS D WHERE 1 = 0; "
                             "DELETE FROM " SETTINGS " WHERE name = 'several'; SELECT 4 AS E"));
    char *rows = rows_text(s.stmt);
    expect_text(rows, "1\n");
    free(rows);
    expect_stmt("S", s.stmt, SQLMoreResults(s.stmt));
    expect_stmt("S", s.stmt, SQLNumResultCols(s.stmt, &columns));
    assert_int_equal(columns, 2);
    expect_stmt("S", s.stmt, SQLFetch(s.stmt)); /* and the rest of this result is passed over */
    expect_stmt("S", s.stmt, SQLMoreResults(s.stmt));
    expect_stmt("S", s.stmt, SQLNumResultCols(s.stmt, &columns));
    assert_int_equal(columns, 0);
    assert_int_equal(row_count(s.stmt), 1);
    expect_stmt("S", s.stmt, SQLMoreResults(s.stmt));
    expect_stmt("N", s.stmt, SQLFetch(s.stmt));
    expect_stmt("S", s.stmt, SQLMoreResults(s.stmt));
    assert_int_equal(row_count(s.stmt), 1);
    expect_stmt("S", s.stmt, SQLMoreResults(s.stmt));
    rows = rows_text(s.stmt);
    expect_text(rows, "4\n");
    free(rows);
    expect_stmt("N", s.stmt, SQLMoreResults(s.stmt));
    expect_stmt("N", s.stmt, SQLMoreResults(s.stmt));
    expect_usable(s.stmt);
    session_close(&s);
}

static void a_source_with_ddl_of_its_own_is_reached(void **state)
{
    static const char *const statements[] = {
        "CREATE TABLE [SQLite1].[main].[made] (id INTEGER PRIMARY KEY, name TEXT)",
        "INSERT INTO [SQLite1].[main].[made] (name) VALUES ('one')",
        "INSERT INTO [SQLite1].[main].[made] (name) VALUES ('two')",
    };
    struct session s;

    session_open(*state, &s, "MetadataCacheSeconds=0;");
    for (size_t i = 0; i < COUNT_OF(statements); i++) {
        expect_stmt("S", s.stmt, exec(s.stmt, statements[i]));
        expect_stmt("N", s.stmt, SQLMoreResults(s.stmt));
    }
    expect_rows(s.stmt, "SELECT id, name FROM [SQLite1].[main].[made] ORDER BY id", "1|one\n2|two\n");
    expect_stmt("S", s.stmt, SQLTables(s.stmt, ARG("SQLite1"), ARG("main"), ARG("made"), NULL, 0));
    assert_int_equal(count_rows(s.stmt, NULL), 1);
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    expect_stmt("S", s.stmt, exec(s.stmt, "DROP TABLE [SQLite1].[main].[made]"));
    expect_stmt("E", s.stmt, exec(s.stmt, "SELECT * FROM [SQLite1].[main].[made]"));
    expect_state(SQL_HANDLE_STMT, s.stmt, "42S02");
    session_close(&s);
}

static void names_are_completed_from_the_defaults(void **state)
{
    static const struct {
        const char *keywords, *sql, *rows;
    } cases[] = {
        {NULL, "SELECT Id FROM [Types].[Types].[AllTypes] WHERE Id = 1", "1\n"},
        {NULL, "SELECT Id FROM Types.Types.AllTypes WHERE Id = 1", "1\n"},
        {NULL, "SELECT \"Id\" FROM \"Types\".\"Types\".\"AllTypes\" WHERE \"Id\" = 1", "1\n"},
        {"DefaultCatalog=Types;", "SELECT Id FROM Types.AllTypes WHERE Id = 1", "1\n"},
        {"Database=Types;DefaultSchema=Types;", "SELECT Id FROM AllTypes WHERE Id = 1", "1\n"},
        {"DefaultCatalog=Wide Names;DefaultSchema=Odd Schema;", "SELECT \"from\" FROM \"select\"", "here\n"},
        {NULL, "SELECT \"dou\"\"ble\" FROM [Wide Names].[Odd Schema].\"quo\"\"te's\"", "1\n"},
        {NULL, "SELECT \"clos]ing\" FROM [Wide Names].[Odd Schema].\"brack]et\"", "a]b\n"},
        {NULL, "SELECT [Größe] FROM [Wide Names].[Odd Schema].[Ümläutß]", "180\n"},
        {NULL, "SELECT [💰] FROM [Wide Names].[Odd Schema].[emoji 🙂]", "9.99\n"},
        {NULL, "SELECT '\"not a name\" ? {fn x}' AS T", "\"not a name\" ? {fn x}\n"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct session s;
        session_open(*state, &s, cases[i].keywords);
        expect_rows(s.stmt, cases[i].sql, cases[i].rows);
        expect_stmt("S", s.stmt, exec_wide(s.stmt, cases[i].sql));
        char *rows = rows_text(s.stmt);
        expect_text(rows, cases[i].rows);
        free(rows);
        session_close(&s);
    }
}

static void a_read_only_connection_refuses_writes(void **state)
{
    static const char *const writes[] = {
        "INSERT INTO " SETTINGS " (name) VALUES ('no')",
        "update " SETTINGS " set value = 'no'",
        "/* a comment */ DELETE FROM " SETTINGS,
        "CREATE TABLE [SQLite1].[main].[no] (id INTEGER)",
        "{call [PostgreSQL1].[public].[insert_note]('no')}",
        "SELECT 1; DELETE FROM " SETTINGS,
    };
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, "ReadOnly=1;");
    requests_clear(&h->service);
    for (size_t i = 0; i < COUNT_OF(writes); i++) {
        SQLRETURN rc = exec(s.stmt, writes[i]);
        if (rc != SQL_ERROR)
            fail_msg("%s was run", writes[i]);
        expect_state(SQL_HANDLE_STMT, s.stmt, "42000");
    }
    assert_int_equal(requests_count(&h->service, NULL, NULL, NULL), 0);
    expect_rows(s.stmt, "SELECT 1 AS One", "1\n");
    session_close(&s);
}

static void native_sql_shows_what_would_be_sent(void **state)
{
    static const struct {
        const char *odbc, *native;
    } cases[] = {
        {"SELECT 1", "SELECT 1"},
        {"SELECT \"a b\" FROM \"t\"", "SELECT [a b] FROM [t]"},
        {"SELECT \"a\"\"b\"", "SELECT [a\"b]"},
        {"SELECT {d '2024-02-29'}", "SELECT '2024-02-29'"},
        {"SELECT {ts '2024-02-29 10:00:00'}, {t '10:00:00'}", "SELECT '2024-02-29 10:00:00', '10:00:00'"},
        {"SELECT {fn UCASE(name)} FROM t", "SELECT UPPER(name) FROM t"},
        {"SELECT '{fn UCASE(x)}'", "SELECT '{fn UCASE(x)}'"},
        {"SELECT * FROM {oj a LEFT JOIN b ON a.x = b.x}", NULL},
    };
    struct session s;
    char native[200];
    SQLINTEGER length;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        expect_dbc("S", s.dbc,
                   SQLNativeSql(s.dbc, ARG(cases[i].odbc), (SQLCHAR *)native, sizeof native, &length));
        if (cases[i].native)
            expect_text(native, cases[i].native);
        assert_null(strstr(native, "{oj"));
        assert_int_equal(length, strlen(native));
    }
    static const SQLINTEGER sizes[] = {1, 2, 8, 9};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        memset(native, 'z', sizeof native);
        expect_dbc(sizes[i] > 8 ? "S" : "I", s.dbc,
                   SQLNativeSql(s.dbc, ARG("SELECT 1"), (SQLCHAR *)native, sizes[i], &length));
        assert_int_equal(length, 8);
        assert_int_equal(strlen(native), sizes[i] - 1);
        assert_int_equal(native[sizes[i]], 'z');
    }
    UNIXODBC_ONLY("gives a buffer without room for none",
                  expect_dbc("S", s.dbc, SQLNativeSql(s.dbc, ARG("SELECT 1"), NULL, 0, &length));
                  assert_int_equal(length, 8);)
    session_close(&s);
}

static void cursors_have_names(void **state)
{
    struct session s;
    SQLHSTMT other;
    char name[130];
    SQLSMALLINT length;

    session_open(*state, &s, NULL);
    other = statement_open(s.dbc);
    expect_stmt("S", s.stmt, SQLGetCursorName(s.stmt, (SQLCHAR *)name, sizeof name, &length));
    assert_int_equal(strncmp(name, "SQL_CUR", 7), 0);
    assert_int_equal(length, strlen(name));
    expect_stmt("S", s.stmt, SQLSetCursorName(s.stmt, ARG("Mine")));
    expect_stmt("S", s.stmt, SQLGetCursorName(s.stmt, (SQLCHAR *)name, sizeof name, &length));
    expect_text(name, "Mine");
    expect_stmt("I", s.stmt, SQLGetCursorName(s.stmt, (SQLCHAR *)name, 3, &length));
    expect_state(SQL_HANDLE_STMT, s.stmt, "01004");
    assert_int_equal(length, 4);
    expect_stmt("E", other, SQLSetCursorName(other, ARG("Mine")));
    expect_state(SQL_HANDLE_STMT, other, "3C000");
    expect_stmt("E", other, SQLSetCursorName(other, ARG("SQL_CURx")));
    expect_state(SQL_HANDLE_STMT, other, "34000");
    expect_stmt("E", other, SQLSetCursorName(other, ARG("")));
    expect_state(SQL_HANDLE_STMT, other, "34000");
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT 1 AS One"));
    expect_stmt("E", s.stmt, SQLSetCursorName(s.stmt, ARG("Late")));
    expect_state(SQL_HANDLE_STMT, s.stmt, "24000");
    expect_stmt("S", other, SQLFreeHandle(SQL_HANDLE_STMT, other));
    session_close(&s);
}

static void statements_of_one_connection_are_independent(void **state)
{
    struct session s;
    SQLHSTMT others[5];

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        others[i] = statement_open(s.dbc);
        expect_stmt("S", others[i], exec(others[i], "SELECT Id FROM [Bench].[Bench].[Narrow]"));
    }
    for (int turn = 0; turn < 100; turn++)
        for (size_t i = 0; i < COUNT_OF(others); i++)
            expect_stmt("S", others[i], SQLFetch(others[i]));
    expect_usable(s.stmt);
    for (size_t i = 0; i < COUNT_OF(others); i++)
        expect_stmt("S", others[i], SQLFreeHandle(SQL_HANDLE_STMT, others[i]));
    expect_usable(s.stmt);
    session_close(&s);
}

static void transactions_are_accepted_without_effect(void **state)
{
    struct session s;
    SQLUINTEGER autocommit = 9;

    session_open(*state, &s, NULL);
    expect_dbc("I", s.dbc, SQLSetConnectAttr(s.dbc, SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF, 0));
    expect_state(SQL_HANDLE_DBC, s.dbc, "01S02");
    expect_dbc("S", s.dbc, SQLGetConnectAttr(s.dbc, SQL_ATTR_AUTOCOMMIT, &autocommit, 0, NULL));
    assert_int_equal(autocommit, SQL_AUTOCOMMIT_ON);
    expect_dbc("S", s.dbc, SQLEndTran(SQL_HANDLE_DBC, s.dbc, SQL_COMMIT));
    expect_dbc("S", s.dbc, SQLEndTran(SQL_HANDLE_DBC, s.dbc, SQL_ROLLBACK));
    /* What was written stays written, and the program is told. */
    expect_stmt("S", s.stmt, exec(s.stmt, "INSERT INTO " SETTINGS " (name) VALUES ('rollback')"));
    expect_dbc("I", s.dbc, SQLEndTran(SQL_HANDLE_DBC, s.dbc, SQL_ROLLBACK));
    expect_state(SQL_HANDLE_DBC, s.dbc, "01000");
    expect_stmt("S", s.stmt, exec(s.stmt, "DELETE FROM " SETTINGS " WHERE name = 'rollback'"));
    expect_dbc("S", s.dbc, SQLEndTran(SQL_HANDLE_DBC, s.dbc, SQL_COMMIT));
    session_close(&s);
    session_open(*state, &s, "StrictTransactions=1;");
    expect_dbc("E", s.dbc, SQLSetConnectAttr(s.dbc, SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF, 0));
    expect_state(SQL_HANDLE_DBC, s.dbc, "HYC00");
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_write_counts_its_rows),
        cmocka_unit_test(an_odbc_2_program_sees_success_where_nothing_was_hit),
        cmocka_unit_test(a_query_has_no_row_count),
        cmocka_unit_test(a_prepared_query_runs_many_times_at_one_request_each),
        cmocka_unit_test(several_results_are_walked_in_order),
        cmocka_unit_test(a_source_with_ddl_of_its_own_is_reached),
        cmocka_unit_test(names_are_completed_from_the_defaults),
        cmocka_unit_test(a_read_only_connection_refuses_writes),
        cmocka_unit_test(native_sql_shows_what_would_be_sent),
        UNIXODBC_ONLY("knows no name of a cursor that is not open", cmocka_unit_test(cursors_have_names), )
            cmocka_unit_test(statements_of_one_connection_are_independent),
        cmocka_unit_test(transactions_are_accepted_without_effect),
    };

    return harness_main("test_statement", NULL, tests, COUNT_OF(tests));
}
