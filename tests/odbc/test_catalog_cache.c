/*
 * What a connection keeps of the service's lists: callers who want the same wait for one request, a failure
 * is nobody else's, and what may have changed is asked for again.
 *
 * The threads do not fail the test themselves; they leave what they saw.
 */
#include "catalog_calls.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

enum { CALLERS = 8, HIGHEST_WAIT_MS = 20000 };

/* ---- callers at once ---- */

struct caller {
    pthread_t thread;
    SQLHSTMT stmt;
    SQLRETURN code;
    long rows;
    atomic_bool done;
};

static void *list_tables(void *context)
{
    struct caller *caller = context;

    caller->code = SQLTables(caller->stmt, NONE, NONE, NONE, NONE);
    if (SQL_SUCCEEDED(caller->code))
        caller->rows = count_rows(caller->stmt, NULL);
    atomic_store(&caller->done, true);
    return NULL;
}

static void start(struct caller *caller, SQLHDBC dbc)
{
    *caller = (struct caller){.stmt = statement_open(dbc)};
    assert_int_equal(pthread_create(&caller->thread, NULL, list_tables, caller), 0);
}

static void finish(struct caller *caller)
{
    assert_int_equal(pthread_join(caller->thread, NULL), 0);
}

static void callers_who_want_the_same_wait_for_one_request(void **state)
{
    struct harness *h = *state;
    struct caller callers[CALLERS];
    struct session s;

    session_open(h, &s, NULL);
    faults_set(&h->service, "{'body': 'sys_tables', 'delayMs': 300}");
    requests_clear(&h->service);
    for (int i = 0; i < CALLERS; i++)
        start(&callers[i], s.dbc);
    for (int i = 0; i < CALLERS; i++) {
        finish(&callers[i]);
        assert_int_equal(callers[i].code, SQL_SUCCESS);
        assert_int_equal(callers[i].rows, callers[0].rows);
        SQLFreeHandle(SQL_HANDLE_STMT, callers[i].stmt);
    }
    assert_true(callers[0].rows > 30);
    assert_int_equal(requests_count(&h->service, NULL, NULL, NULL), 1);
    session_close(&s);
}

/* Those who waited ask themselves: one of them, for all. */
static void a_failure_is_the_error_of_one_caller_alone(void **state)
{
    struct harness *h = *state;
    struct caller callers[CALLERS];
    struct session s;
    int failed = 0;

    session_open(h, &s, "MaxRetries=0;");
    faults_set(&h->service, "[{'body': 'sys_tables', 'delayMs': 300, 'status': 500, 'count': 1},"
                            " {'body': 'sys_tables', 'delayMs': 100}]");
    requests_clear(&h->service);
    for (int i = 0; i < CALLERS; i++)
        start(&callers[i], s.dbc);
    for (int i = 0; i < CALLERS; i++) {
        finish(&callers[i]);
        failed += callers[i].code == SQL_ERROR;
        if (callers[i].code == SQL_ERROR)
            expect_state(SQL_HANDLE_STMT, callers[i].stmt, "HY000");
        else
            assert_true(callers[i].rows > 30);
        SQLFreeHandle(SQL_HANDLE_STMT, callers[i].stmt);
    }
    assert_int_equal(failed, 1);
    assert_int_equal(requests_count(&h->service, NULL, NULL, NULL), 2);
    session_close(&s);
}

static void who_waits_can_be_cancelled_alone(void **state)
{
    struct harness *h = *state;
    struct caller first, second;
    struct session s;

    session_open(h, &s, NULL);
    faults_set(&h->service, "{'body': 'sys_tables', 'hang': true, 'count': 1}");
    requests_clear(&h->service);
    start(&first, s.dbc);
    assert_true(requests_wait(&h->service, "/query", "sys_tables", 1));
    start(&second, s.dbc);
    /* A cancel that comes before the call does nothing. */
    for (int64_t begin = now_ms(); !atomic_load(&second.done) && now_ms() - begin < HIGHEST_WAIT_MS;
         sleep_ms(10))
        SQLCancel(second.stmt);
    finish(&second);
    assert_int_equal(second.code, SQL_ERROR);
    expect_state(SQL_HANDLE_STMT, second.stmt, "HY008");
    assert_false(atomic_load(&first.done));
    assert_int_equal(requests_count(&h->service, NULL, NULL, NULL), 1);
    expect_stmt("S", first.stmt, SQLCancel(first.stmt));
    finish(&first);
    assert_int_equal(first.code, SQL_ERROR);
    expect_state(SQL_HANDLE_STMT, first.stmt, "HY008");
    /* Nobody is left asking: the next call does. */
    expect_stmt("S", second.stmt, SQLTables(second.stmt, NONE, NONE, NONE, NONE));
    assert_true(count_rows(second.stmt, NULL) > 30);
    SQLFreeHandle(SQL_HANDLE_STMT, first.stmt);
    SQLFreeHandle(SQL_HANDLE_STMT, second.stmt);
    session_close(&s);
}

/* ---- what is asked for again ---- */

static SQLRETURN create_table(struct session *s)
{
    return exec(s->stmt, "CREATE TABLE [SQLite1].[main].[fresh] (id INTEGER PRIMARY KEY)");
}
static SQLRETURN drop_table(struct session *s)
{
    return exec(s->stmt, "DROP TABLE [SQLite1].[main].[fresh]");
}
static SQLRETURN set_catalog(struct session *s)
{
    return SQLSetConnectAttr(s->dbc, SQL_ATTR_CURRENT_CATALOG, (SQLCHAR *)"Types", SQL_NTS);
}
static SQLRETURN reset(struct session *s)
{
    return SQLSetConnectAttr(s->dbc, SQL_ATTR_RESET_CONNECTION, (SQLPOINTER)SQL_RESET_CONNECTION_YES, 0);
}
static SQLRETURN select_rows(struct session *s)
{
    return exec(s->stmt, "SELECT 1 AS a");
}
static SQLRETURN update_rows(struct session *s)
{
    return exec(s->stmt, "UPDATE [SQLite1].[main].[items] SET id = id WHERE id = 1");
}

static void what_may_have_changed_is_asked_for_again(void **state)
{
    static const struct {
        const char *name;
        SQLRETURN (*act)(struct session *s);
        bool again;
    } acts[] = {
        {"create table", create_table, true}, {"drop table", drop_table, true},
        {"set catalog", set_catalog, true},   {"reset", reset, true},
        {"select", select_rows, false},       {"update", update_rows, false},
    };
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(acts); i++) {
        for (int turn = 0; turn < 2; turn++) {
            expect_stmt("S", s.stmt, SQLTables(s.stmt, NONE, NONE, ARG("fresh"), NONE));
            assert_int_equal(count_rows(s.stmt, NULL), i == 1 ? 1 : 0);
            expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
            if (turn == 0) {
                requests_clear(&h->service);
                continue;
            }
            assert_int_equal(requests_count(&h->service, NULL, NULL, NULL), 0);
        }
        expect_stmt("S", s.stmt, acts[i].act(&s));
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        requests_clear(&h->service);
        expect_stmt("S", s.stmt, SQLTables(s.stmt, NONE, NONE, ARG("fresh"), NONE));
        assert_int_equal(count_rows(s.stmt, NULL), i == 0 ? 1 : 0);
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        if ((requests_count(&h->service, NULL, NULL, NULL) > 0) != acts[i].again)
            fail_msg("after %s: %zu requests", acts[i].name, requests_count(&h->service, NULL, NULL, NULL));
    }
    session_close(&s);
}

static void each_connection_keeps_its_own(void **state)
{
    struct harness *h = *state;
    struct session one, other;

    session_open(h, &one, NULL);
    session_open(h, &other, "Workspace=Sales;");
    expect_stmt("S", one.stmt, SQLTables(one.stmt, NONE, NONE, NONE, NONE));
    expect_stmt("S", other.stmt, SQLTables(other.stmt, NONE, NONE, NONE, NONE));
    long all = count_rows(one.stmt, NULL), some = count_rows(other.stmt, NULL);
    assert_true(some > 0 && some < all);
    session_close(&one);
    session_close(&other);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(callers_who_want_the_same_wait_for_one_request),
        cmocka_unit_test(a_failure_is_the_error_of_one_caller_alone),
        cmocka_unit_test(who_waits_can_be_cancelled_alone),
        cmocka_unit_test(what_may_have_changed_is_asked_for_again),
        cmocka_unit_test(each_connection_keeps_its_own),
    };

    return harness_main("test_catalog_cache", NULL, tests, COUNT_OF(tests));
}
