/*
 * Text in and out: UTF-8 through the narrow functions, UTF-16 through the wide ones, every kind of length,
 * invalid sequences, output buffers of every size.
 *
 * Must not know the driver's converters.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#define GREETING "grün, 中文, 🙂"

/* A connection made by the wide function: the manager hands the wide calls of such a connection on as they
 * are. */
static void open_wide(struct harness *h, SQLHDBC *dbc, SQLHSTMT *stmt)
{
    char *narrow = connection_string(NULL);
    SQLWCHAR *wide = wide_from(narrow);

    assert_int_equal(SQLAllocHandle(SQL_HANDLE_DBC, h->env, dbc), SQL_SUCCESS);
    expect_dbc("SI", *dbc, SQLDriverConnectW(*dbc, NULL, wide, SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT));
    *stmt = statement_open(*dbc);
    free(wide);
    free(narrow);
}

static void close_wide(SQLHDBC dbc, SQLHSTMT stmt)
{
    expect_stmt("S", stmt, SQLFreeHandle(SQL_HANDLE_STMT, stmt));
    expect_dbc("S", dbc, SQLDisconnect(dbc));
    SQLFreeHandle(SQL_HANDLE_DBC, dbc);
}

static void statement_text_has_every_kind_of_length(void **state)
{
    static const char text[] = "SELECT '" GREETING "' AS V AND MORE";
    struct harness *h = *state;
    struct session s;
    SQLHDBC dbc;
    SQLHSTMT stmt;
    SQLINTEGER octets = (SQLINTEGER)(sizeof text - 1 - strlen(" AND MORE"));
    /* iODBC goes by the length where it should go by the characters. */
    char *narrow = text_format("%.*s%s", (int)octets, text, HARNESS_IODBC ? "" : " AND MORE");
    SQLWCHAR *wide = wide_from(text);
    SQLINTEGER units = (SQLINTEGER)(wide_length(wide) - strlen(" AND MORE"));

    session_open(h, &s, NULL);
    open_wide(h, &dbc, &stmt);
    for (int prepared = 0; prepared <= 1; prepared++) {
        char *seen;
        if (prepared) {
            expect_stmt("S", s.stmt, SQLPrepare(s.stmt, (SQLCHAR *)narrow, octets));
            expect_stmt("S", s.stmt, SQLExecute(s.stmt));
            expect_stmt("S", stmt, SQLPrepareW(stmt, wide, units));
            expect_stmt("S", stmt, SQLExecute(stmt));
        } else {
            expect_stmt("S", s.stmt, SQLExecDirect(s.stmt, (SQLCHAR *)narrow, octets));
            expect_stmt("S", stmt, SQLExecDirectW(stmt, wide, units));
        }
        seen = rows_text(s.stmt);
        expect_text(seen, GREETING "\n");
        free(seen);
        seen = rows_text(stmt);
        expect_text(seen, GREETING "\n");
        free(seen);
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    }
    static const SQLINTEGER bad[] = {-1, -2, -100};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        expect_stmt("E", s.stmt, SQLExecDirect(s.stmt, (SQLCHAR *)(uintptr_t)text, bad[i]));
        expect_state(SQL_HANDLE_STMT, s.stmt, "HY090");
        expect_stmt("E", stmt, SQLPrepareW(stmt, wide, bad[i]));
        expect_state(SQL_HANDLE_STMT, stmt, "HY090");
    }
    expect_stmt("E", s.stmt, SQLExecDirect(s.stmt, NULL, SQL_NTS));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY009");
    expect_stmt("E", s.stmt, SQLExecDirect(s.stmt, (SQLCHAR *)"", SQL_NTS));
    expect_stmt("E", s.stmt, SQLExecDirect(s.stmt, (SQLCHAR *)"   ", SQL_NTS));
    close_wide(dbc, stmt);
    session_close(&s);
    free(wide);
    free(narrow);
}

/* A sequence that is no text must not reach the service as such, nor stop the program. */
static void invalid_sequences_are_replaced_or_refused(void **state)
{
    static const char *const narrow[] = {"\xC3",     "\xFF\xFE", "\xED\xA0\x80", "\xF5\x80\x80\x80",
                                         "\xC0\xAF", "\x80 x"};
    static const SQLWCHAR lone[][3] = {{0xD83D, 0}, {0xDE42, 0}, {0xD83D, 'x', 0}, {0xDE42, 0xD83D, 0}};
    struct harness *h = *state;
    struct session s;
    SQLHDBC dbc;
    SQLHSTMT stmt;

    session_open(h, &s, NULL);
    open_wide(h, &dbc, &stmt);
    for (size_t i = 0; i < COUNT_OF(narrow); i++) {
        char *sql = text_format("SELECT 'a%sb' AS V", narrow[i]);
        if (expect_stmt("SE", s.stmt, exec(s.stmt, sql)) == SQL_SUCCESS) {
            char *rows = rows_text(s.stmt);
            assert_non_null(strstr(rows, "\xEF\xBF\xBD"));
            free(rows);
        }
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        free(sql);
    }
    for (size_t i = 0; i < COUNT_OF(lone); i++) {
        SQLLEN length = SQL_NTS;
        expect_stmt("S", stmt,
                    SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_WCHAR, SQL_WVARCHAR, 10, 0,
                                     (SQLPOINTER)(uintptr_t)lone[i], 0, &length));
        if (expect_stmt("SE", stmt, exec_wide(stmt, "SELECT ? AS V")) == SQL_SUCCESS) {
            char *rows = rows_text(stmt);
            assert_non_null(strstr(rows, "\xEF\xBF\xBD"));
            free(rows);
        }
        expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    }
    close_wide(dbc, stmt);
    session_close(&s);
}

#define NAME "名前 Größe 💰"

static void a_column_name_fits_every_narrow_buffer(void **state)
{
    static const char name[] = NAME;
    enum { FULL = sizeof name - 1 };
    struct session s;
    char buffer[FULL + 8];

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT 1 AS [" NAME "]"));
    for (SQLSMALLINT size = 0; size <= FULL + 2; size++) {
        SQLSMALLINT length = -1;
        memset(buffer, 0x5A, sizeof buffer);
        SQLRETURN rc = SQLDescribeCol(s.stmt, 1, (SQLCHAR *)buffer, size, &length, NULL, NULL, NULL, NULL);
        expect_stmt(size > FULL ? "S" : "I", s.stmt, rc);
        assert_int_equal(length, FULL);
        assert_int_equal(buffer[size], 0x5A);
        if (size == 0)
            continue;
        size_t kept = strlen(buffer);
        assert_true(kept < (size_t)size);
        assert_memory_equal(buffer, name, kept);
        /* Cut between characters. */
        assert_int_not_equal(name[kept] & 0xC0, 0x80);
        if (rc == SQL_SUCCESS_WITH_INFO)
            expect_state(SQL_HANDLE_STMT, s.stmt, "01004");
    }
    expect_stmt("S", s.stmt, SQLDescribeCol(s.stmt, 1, NULL, 0, NULL, NULL, NULL, NULL, NULL));
    expect_stmt("E", s.stmt, SQLDescribeCol(s.stmt, 1, (SQLCHAR *)buffer, -1, NULL, NULL, NULL, NULL, NULL));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY090");
    session_close(&s);
}

static void a_column_name_fits_every_wide_buffer(void **state)
{
    SQLHDBC dbc;
    SQLHSTMT stmt;
    SQLWCHAR *name = wide_from(NAME), buffer[40];
    SQLSMALLINT full = (SQLSMALLINT)wide_length(name);

    open_wide(*state, &dbc, &stmt);
    expect_stmt("S", stmt, exec_wide(stmt, "SELECT 1 AS [" NAME "]"));
    for (SQLSMALLINT size = 0; size <= full + 2; size++) {
        SQLSMALLINT length = -1, octets = -1;
        for (int attribute = 0; attribute <= 1; attribute++) {
            memset(buffer, 0x5A, sizeof buffer);
            SQLRETURN rc =
                attribute ? SQLColAttributeW(stmt, 1, SQL_DESC_NAME, buffer,
                                             (SQLSMALLINT)(size * (SQLSMALLINT)sizeof *buffer), &octets, NULL)
                          : SQLDescribeColW(stmt, 1, buffer, size, &length, NULL, NULL, NULL, NULL);
            expect_stmt(size > full ? "S" : "I", stmt, rc);
            assert_memory_equal(&buffer[size], "ZZZZ", sizeof *buffer);
            if (size == 0)
                continue;
            size_t kept = wide_length(buffer);
            assert_true(kept < (size_t)size);
            assert_memory_equal(buffer, name, kept * sizeof *name);
            /* A pair is not cut in two. */
            assert_false(kept > 0 && buffer[kept - 1] >= 0xD800 && buffer[kept - 1] < 0xDC00);
        }
        assert_int_equal(length, full);
        assert_int_equal(octets, full * (SQLSMALLINT)sizeof *buffer);
    }
    close_wide(dbc, stmt);
    free(name);
}

/* The same statement and the same cells through both families of functions and both C types. */
static void narrow_and_wide_tell_the_same(void **state)
{
    struct harness *h = *state;
    struct session s;
    SQLHDBC dbc;
    SQLHSTMT stmt;

    session_open(h, &s, NULL);
    open_wide(h, &dbc, &stmt);
    expect_stmt("S", s.stmt,
                exec(s.stmt, "SELECT VarcharCol FROM [Types].[Types].[AllTypes] WHERE Id < 8 ORDER BY Id"));
    expect_stmt(
        "S", stmt,
        exec_wide(stmt, "SELECT VarcharCol FROM [Types].[Types].[AllTypes] WHERE Id < 8 ORDER BY Id"));
    while (SQLFetch(s.stmt) == SQL_SUCCESS) {
        expect_stmt("S", stmt, SQLFetch(stmt));
        char *narrow = cell_text(s.stmt, 1), *wide = cell_wide_text(s.stmt, 1),
             *other = cell_wide_text(stmt, 1);
        expect_text(narrow, wide);
        expect_text(narrow, other);
        free(narrow);
        free(wide);
        free(other);
    }
    close_wide(dbc, stmt);
    session_close(&s);
}

static void arguments_of_catalog_functions_have_every_kind_of_length(void **state)
{
    struct harness *h = *state;
    struct session s;
    SQLHDBC dbc;
    SQLHSTMT stmt;
    SQLWCHAR *catalog = wide_from("Wide Names and more"), *table = wide_from("emoji 🙂 and more");

    session_open(h, &s, NULL);
    open_wide(h, &dbc, &stmt);
    expect_stmt("S", stmt, SQLTablesW(stmt, catalog, 10, NULL, 0, table, HARNESS_IODBC ? 7 : 8, NULL, 0));
    assert_int_equal(count_rows(stmt, NULL), 1);
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    UNIXODBC_ONLY("goes by the length where it should go by the characters",
                  expect_stmt("S", s.stmt,
                              SQLTables(s.stmt, (SQLCHAR *)"Wide Names and more", 10, NULL, 0,
                                        (SQLCHAR *)"emoji 🙂 and more", 10, NULL, 0));
                  assert_int_equal(count_rows(s.stmt, NULL), 1);
                  expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));)
    expect_stmt("E", stmt, SQLColumnsW(stmt, catalog, -5, NULL, 0, NULL, 0, NULL, 0));
    expect_state(SQL_HANDLE_STMT, stmt, "HY090");
    close_wide(dbc, stmt);
    session_close(&s);
    free(catalog);
    free(table);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(statement_text_has_every_kind_of_length),
        cmocka_unit_test(invalid_sequences_are_replaced_or_refused),
        UNIXODBC_ONLY("cuts narrow text that is not ASCII",
                      cmocka_unit_test(a_column_name_fits_every_narrow_buffer), )
            cmocka_unit_test(a_column_name_fits_every_wide_buffer),
        cmocka_unit_test(narrow_and_wide_tell_the_same),
        cmocka_unit_test(arguments_of_catalog_functions_have_every_kind_of_length),
    };

    return harness_main("test_text", NULL, tests, COUNT_OF(tests));
}
