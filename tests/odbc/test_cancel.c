/*
 * Proves that waiting ends when it is told to: SQLCancel from another thread, timeouts, closing a cursor
 * whose result has no end. Each comes back at once and leaves a connection that works.
 */
#include "harness.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define ENDLESS_QUERY "SELECT * FROM [Bench].[Bench].[Rows]"

/* ---- ways to wait ---- */

static SQLRETURN wait_execute(SQLHSTMT stmt)
{
    return exec(stmt, "SELECT 1 AS waits");
}

static SQLRETURN wait_prepared(SQLHSTMT stmt)
{
    SQLRETURN code = SQLPrepare(stmt, (SQLCHAR *)(uintptr_t) "SELECT 1 AS waits", SQL_NTS);

    return SQL_SUCCEEDED(code) ? SQLExecute(stmt) : code;
}

static SQLRETURN wait_describe(SQLHSTMT stmt)
{
    SQLSMALLINT columns;
    SQLRETURN code = SQLPrepare(stmt, (SQLCHAR *)(uintptr_t) "SELECT 1 AS waits", SQL_NTS);

    return SQL_SUCCEEDED(code) ? SQLNumResultCols(stmt, &columns) : code;
}

static SQLRETURN wait_columns(SQLHSTMT stmt)
{
    return SQLColumns(stmt, (SQLCHAR *)(uintptr_t) "Salesforce", SQL_NTS, NULL, 0,
                      (SQLCHAR *)(uintptr_t) "Case", SQL_NTS, NULL, 0);
}

static SQLRETURN wait_tables(SQLHSTMT stmt)
{
    return SQLTables(stmt, NULL, 0, NULL, 0, NULL, 0, NULL, 0);
}

static SQLRETURN wait_insert(SQLHSTMT stmt)
{
    return exec(stmt, "INSERT INTO [PostgreSQL1].[public].[settings] (name, value) VALUES ('waits', 'x')");
}

static SQLRETURN wait_call(SQLHSTMT stmt)
{
    return exec(stmt, "{call [PostgreSQL1].[public].[insert_note]('waits', 'body')}");
}

static SQLRETURN fetch_all(SQLHSTMT stmt)
{
    SQLRETURN code = exec(stmt, "SELECT * FROM [Bench].[Bench].[Rows] LIMIT 5000");

    if (SQL_SUCCEEDED(code))
        count_rows(stmt, &code);
    return code;
}

struct waiting {
    const char *name;
    SQLRETURN (*wait)(SQLHSTMT stmt);
    const char *fault;
};

static const struct waiting waitings[] = {
    {"execute, no reply", wait_execute, "{'path': '/query', 'hang': true}"},
    {"prepared, no reply", wait_prepared, "{'path': '/query', 'hang': true}"},
    {"describe, no reply", wait_describe, "{'path': '/query', 'hang': true}"},
    {"columns, no reply", wait_columns, "{'path': '/api', 'hang': true}"},
    {"tables, no reply", wait_tables, "{'path': '/api', 'hang': true}"},
    {"insert, no reply", wait_insert, "{'path': '/query', 'hang': true}"},
    {"call, no reply", wait_call, "{'path': '/exec', 'hang': true}"},
    {"execute, reply in drops", wait_execute, "{'path': '/query', 'dripBytes': 1, 'dripMs': 500}"},
    {"fetch, reply in drops", fetch_all, "{'path': '/query', 'dripBytes': 50, 'dripMs': 50}"},
    {"waiting to try again", wait_execute, "{'path': '/query', 'status': 503}"},
    {"waiting as long as the service says", wait_execute,
     "{'path': '/query', 'status': 429, 'headers': {'Retry-After': '20'}}"},
};

static void cancelled_by_another_thread(void **state)
{
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, "RetryDelay=20000;MetadataCacheSeconds=0");
    for (size_t i = 0; i < COUNT_OF(waitings) * 2; i++) {
        struct canceller c;
        faults_set(&h->service, waitings[i / 2].fault);
        canceller_start(&c, s.stmt, 120, i % 2 != 0);
        canceller_check(&c, waitings[i / 2].wait(s.stmt), waitings[i / 2].name);
        faults_clear(&h->service);
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        expect_usable(s.stmt);
    }
    session_close(&s);
}

/* The service learns of it: nothing goes on running there. */
static void cancel_ends_the_request(void **state)
{
    struct harness *h = *state;
    struct session s;
    struct canceller c;

    session_open(h, &s, NULL);
    faults_set(&h->service, "{'path': '/query', 'dripBytes': 50, 'dripMs': 20}");
    requests_clear(&h->service);
    canceller_start(&c, s.stmt, 100, false);
    canceller_check(&c, fetch_all(s.stmt), "fetch");
    faults_clear(&h->service);
    json_object *list = requests_read(&h->service, false);
    json_object *end = json_object_object_get(json_object_array_get_idx(list, 0), "end");
    assert_non_null(end);
    assert_string_not_equal(json_object_get_string(end), "complete");
    json_object_put(list);
    session_close(&s);
}

/* Cancelling when nothing waits succeeds and harms nothing, not even the next call. */
static void cancel_of_the_idle(void **state)
{
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, NULL);
    expect_stmt("S", s.stmt, SQLCancel(s.stmt));
    expect_usable(s.stmt);
    expect_stmt("S", s.stmt, SQLPrepare(s.stmt, (SQLCHAR *)(uintptr_t) "SELECT 5 AS a", SQL_NTS));
    expect_stmt("S", s.stmt, SQLCancel(s.stmt));
    expect_stmt("S", s.stmt, SQLExecute(s.stmt));
    expect_stmt("S", s.stmt, SQLCancel(s.stmt));
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    expect_usable(s.stmt);
    /* on an open cursor, half-read */
    expect_stmt("S", s.stmt, exec(s.stmt, ENDLESS_QUERY));
    for (int i = 0; i < 10; i++)
        expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    expect_stmt("S", s.stmt, SQLCancel(s.stmt));
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    expect_usable(s.stmt);
    session_close(&s);
}

/* What SQLPutData has begun is given up. */
static void cancel_of_data_at_execution(void **state)
{
    struct session s;
    SQLLEN at_execution = SQL_DATA_AT_EXEC;
    SQLPOINTER token;
    char piece[] = "half";

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, SQLPrepare(s.stmt, (SQLCHAR *)(uintptr_t) "SELECT ? AS a", SQL_NTS));
    expect_stmt("S", s.stmt,
                SQLBindParameter(s.stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 100, 0, piece, 0,
                                 &at_execution));
    expect_stmt("D", s.stmt, SQLExecute(s.stmt));
    expect_stmt("D", s.stmt, SQLParamData(s.stmt, &token));
    expect_stmt("S", s.stmt, SQLPutData(s.stmt, piece, 4));
    expect_stmt("S", s.stmt, SQLCancel(s.stmt));
    expect_stmt("D", s.stmt, SQLExecute(s.stmt));
    expect_stmt("S", s.stmt, SQLCancel(s.stmt));
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_RESET_PARAMS));
    session_close(&s);
}

/* ---- cursors that are closed early ---- */

enum { CLOSE_BY_CURSOR, CLOSE_BY_FREE_STMT, CLOSE_BY_FREE_HANDLE, CLOSINGS };

static void close_by(struct session *s, int way)
{
    switch (way) {
    case CLOSE_BY_CURSOR:
        expect_stmt("S", s->stmt, SQLCloseCursor(s->stmt));
        break;
    case CLOSE_BY_FREE_STMT:
        expect_stmt("S", s->stmt, SQLFreeStmt(s->stmt, SQL_CLOSE));
        break;
    default:
        expect_stmt("S", s->stmt, SQLFreeHandle(SQL_HANDLE_STMT, s->stmt));
        s->stmt = statement_open(s->dbc);
    }
}

static void closing_a_result_without_end(void **state)
{
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, NULL);
    for (int i = 0; i < CLOSINGS * 2; i++) {
        /* the reply comes as fast as it can, or stands still */
        faults_clear(&h->service);
        if (i % 2 != 0)
            faults_set(&h->service, "{'body': 'Bench', 'dripBytes': 100000, 'dripMs': 1500}");
        expect_stmt("S", s.stmt, exec(s.stmt, ENDLESS_QUERY));
        for (int row = 0; row < 5; row++)
            expect_stmt("S", s.stmt, SQLFetch(s.stmt));
        int64_t begin = now_ms();
        close_by(&s, i / 2);
        int64_t took = now_ms() - begin;
        if (took > HARNESS_PROMPT_MS)
            fail_at(__FILE__, __LINE__, "closing %d took %d ms", i, (int)took);
        expect_usable(s.stmt);
    }
    session_close(&s);
}

/* Disconnecting with an open cursor ends it too. */
static void disconnecting_from_a_result_without_end(void **state)
{
    struct session s;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, exec(s.stmt, ENDLESS_QUERY));
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    int64_t begin = now_ms();
    expect_dbc("S", s.dbc, SQLDisconnect(s.dbc));
    assert_in_range(now_ms() - begin, 0, 2 * HARNESS_PROMPT_MS);
    expect_dbc("S", s.dbc, SQLFreeHandle(SQL_HANDLE_DBC, s.dbc));
}

/* ---- timeouts ---- */

static void timeouts(void **state)
{
    static const struct {
        const char *extra, *fault, *error;
        SQLRETURN (*wait)(SQLHSTMT stmt);
        SQLULEN query_timeout; /* seconds, statement attribute; 0: not set */
        SQLULEN connection_timeout;
    } cases[] = {
        {"", "{'path': '/query', 'hang': true}", "HYT00", wait_execute, 1, 0},
        {"Timeout=1", "{'path': '/query', 'hang': true}", "HYT00", wait_execute, 0, 0},
        {"Timeout=60", "{'path': '/query', 'hang': true}", "HYT00", wait_execute, 1, 0},
        {"", "{'path': '/query', 'hang': true}", "HYT00", wait_insert, 1, 0},
        {"", "{'path': '/exec', 'hang': true}", "HYT00", wait_call, 1, 0},
        {"", "{'path': '/query', 'dripBytes': 1, 'dripMs': 100}", "HYT00", wait_execute, 1, 0},
        {"IdleTimeout=1", "{'path': '/query', 'hang': true}", "HYT01", wait_execute, 0, 0},
        {"", "{'path': '/query', 'hang': true}", "HYT01", wait_execute, 0, 1},
        {"IdleTimeout=1", "{'path': '/query', 'dripBytes': 20000, 'dripMs': 9000}", "HYT01", fetch_all, 0, 0},
    };
    struct harness *h = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct session s;
        session_open(h, &s, cases[i].extra);
        if (cases[i].query_timeout != 0)
            expect_stmt(
                "S", s.stmt,
                SQLSetStmtAttr(s.stmt, SQL_ATTR_QUERY_TIMEOUT, (SQLPOINTER)cases[i].query_timeout, 0));
        if (cases[i].connection_timeout != 0)
            expect_dbc("S", s.dbc,
                       SQLSetConnectAttr(s.dbc, SQL_ATTR_CONNECTION_TIMEOUT,
                                         (SQLPOINTER)cases[i].connection_timeout, 0));
        faults_set(&h->service, cases[i].fault);
        int64_t begin = now_ms();
        SQLRETURN code = cases[i].wait(s.stmt);
        int64_t took = now_ms() - begin;
        expect_return("E", SQL_HANDLE_STMT, s.stmt, code, cases[i].fault, __FILE__, __LINE__);
        expect_state_at(SQL_HANDLE_STMT, s.stmt, cases[i].error, cases[i].fault, (int)i);
        if (took < 900 || took > 1000 + 8 * HARNESS_PROMPT_MS)
            fail_at(__FILE__, __LINE__, "case %zu took %d ms", i, (int)took);
        faults_clear(&h->service);
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        expect_usable(s.stmt);
        session_close(&s);
    }
}

/* A reply that keeps coming is not idle, however long it takes. */
static void slow_is_not_idle(void **state)
{
    struct harness *h = *state;
    struct session s;
    SQLRETURN last;

    session_open(h, &s, "IdleTimeout=1");
    faults_set(&h->service, "{'body': 'Narrow', 'dripBytes': 200, 'dripMs': 150}");
    control_options(&h->service, "{'gzip': false}");
    int64_t begin = now_ms();
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT * FROM [Bench].[Bench].[Narrow] LIMIT 200"));
    assert_int_equal(count_rows(s.stmt, &last), 200);
    expect_stmt("N", s.stmt, last);
    assert_true(now_ms() - begin > 1500);
    session_close(&s);
}

/* The application may take its time between fetches: the clocks stand still, the rest of the rows is there.
 */
static void slow_application(void **state)
{
    struct session s;
    SQLRETURN last;

    session_open(*state, &s, "IdleTimeout=1");
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT * FROM [Bench].[Bench].[Rows] LIMIT 60000"));
    for (int i = 0; i < 10; i++)
        expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    sleep_ms(2500);
    long rows = count_rows(s.stmt, &last);
    expect_stmt("N", s.stmt, last);
    assert_int_equal(rows, 60000 - 10);
    session_close(&s);
}

/* The service ends a statement that runs longer than it was told: a timeout too, and never the end of the
 * rows. */
static void timeout_of_the_service(void **state)
{
    struct session s;
    SQLRETURN last;

    session_open(*state, &s, "Timeout=1");
    expect_stmt("S", s.stmt, exec(s.stmt, ENDLESS_QUERY));
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    sleep_ms(2000);
    count_rows(s.stmt, &last);
    expect_stmt("E", s.stmt, last);
    expect_state(SQL_HANDLE_STMT, s.stmt, "HYT00");
    session_close(&s);
}

/* More than the service takes becomes what it takes. */
static void query_timeout_values(void **state)
{
    struct harness *h = *state;
    struct session s;
    SQLULEN value = 0;

    session_open(h, &s, NULL);
    expect_stmt("I", s.stmt, SQLSetStmtAttr(s.stmt, SQL_ATTR_QUERY_TIMEOUT, (SQLPOINTER)301, 0));
    expect_state(SQL_HANDLE_STMT, s.stmt, "01S02");
    expect_stmt("S", s.stmt, SQLGetStmtAttr(s.stmt, SQL_ATTR_QUERY_TIMEOUT, &value, 0, NULL));
    assert_int_equal(value, 300);
    expect_stmt("S", s.stmt, SQLSetStmtAttr(s.stmt, SQL_ATTR_QUERY_TIMEOUT, (SQLPOINTER)7, 0));
    requests_clear(&h->service);
    expect_usable(s.stmt);
    assert_int_equal(requests_count(&h->service, "POST", "/query", "\"timeout\":7"), 1);
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(cancelled_by_another_thread),
        cmocka_unit_test(cancel_ends_the_request),
        cmocka_unit_test(cancel_of_the_idle),
        cmocka_unit_test(cancel_of_data_at_execution),
        cmocka_unit_test(closing_a_result_without_end),
        cmocka_unit_test(disconnecting_from_a_result_without_end),
        cmocka_unit_test(timeouts),
        cmocka_unit_test(slow_is_not_idle),
        cmocka_unit_test(slow_application),
        cmocka_unit_test(timeout_of_the_service),
        cmocka_unit_test(query_timeout_values),
    };

    return harness_main("test_cancel", NULL, tests, COUNT_OF(tests));
}
