/*
 * Proves that many threads may use statements of one connection, connections of one environment, and
 * environments of their own, all at once: each sees its own rows and its own errors. Made to be run under the
 * thread sanitizer too. The threads do not fail the test themselves; they count what was wrong.
 */
#include "harness.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

enum { THREADS = 8, ROUNDS = 12 };

/* What the threads of a test share. */
struct crowd {
    struct harness *harness;
    SQLHENV env; /* SQL_NULL_HENV: each thread has its own */
    SQLHDBC dbc; /* SQL_NULL_HDBC: each thread has its own */
    atomic_int wrong;
};

struct worker {
    pthread_t thread;
    struct crowd *crowd;
    int number;
};

static bool right(struct worker *w, bool fine, const char *what)
{
    if (!fine) {
        atomic_fetch_add(&w->crowd->wrong, 1);
        fprintf(stderr, "thread %d: %s\n", w->number, what);
    }
    return fine;
}

/* Rows that only this thread asked for. */
static void read_rows(struct worker *w, SQLHSTMT stmt, int round)
{
    int first = w->number * 1000 + round * 10, limit = 20 + w->number;
    char *text = text_format("SELECT Id, Quantity FROM [Bench].[Bench].[Narrow] WHERE Id >= %d LIMIT %d",
                             first, limit);
    SQLBIGINT id = 0;
    int rows = 0;

    if (right(w, exec(stmt, text) == SQL_SUCCESS, "execute")) {
        SQLRETURN code = SQL_SUCCESS;
        while ((code = SQLFetch(stmt)) == SQL_SUCCESS) {
            SQLGetData(stmt, 1, SQL_C_SBIGINT, &id, 0, NULL);
            right(w, id == first + rows, "a row of somebody else");
            rows++;
        }
        right(w, code == SQL_NO_DATA && rows == limit, "number of rows");
    }
    SQLFreeStmt(stmt, SQL_CLOSE);
    free(text);
}

/* An error that only this thread made. */
static void make_error(struct worker *w, SQLHSTMT stmt)
{
    char *name = text_format("Nope%d", w->number),
         *text = text_format("SELECT * FROM [Salesforce].[Salesforce].[%s]", name);
    char state[6] = "", *message = NULL;

    right(w, exec(stmt, text) == SQL_ERROR, "an error");
    right(w,
          diagnostic(SQL_HANDLE_STMT, stmt, 1, state, NULL, &message) && strcmp(state, "42S02") == 0 &&
              strstr(message, name) != NULL,
          "an error of somebody else");
    free(message);
    free(text);
    free(name);
}

/* Prepared, with a parameter; catalog functions; a cursor that is closed early. */
static void use_others(struct worker *w, SQLHSTMT stmt)
{
    SQLINTEGER value = 100 + w->number, back = 0;
    SQLLEN length = 0;

    right(w,
          SQLPrepare(stmt, (SQLCHAR *)(uintptr_t) "SELECT CAST(? AS INTEGER) AS a", SQL_NTS) == SQL_SUCCESS,
          "prepare");
    right(w,
          SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &value, 0, &length) ==
              SQL_SUCCESS,
          "bind");
    right(w, SQLExecute(stmt) == SQL_SUCCESS && SQLFetch(stmt) == SQL_SUCCESS, "execute with a parameter");
    SQLGetData(stmt, 1, SQL_C_SLONG, &back, 0, NULL);
    right(w, back == value, "a parameter of somebody else");
    SQLFreeStmt(stmt, SQL_CLOSE);
    SQLFreeStmt(stmt, SQL_RESET_PARAMS);
    right(w,
          SQLColumns(stmt, (SQLCHAR *)(uintptr_t) "Salesforce", SQL_NTS, NULL, 0,
                     (SQLCHAR *)(uintptr_t) "Account", SQL_NTS, NULL, 0) == SQL_SUCCESS &&
              SQLFetch(stmt) == SQL_SUCCESS,
          "columns");
    SQLFreeStmt(stmt, SQL_CLOSE);
    right(w,
          exec(stmt, "SELECT * FROM [Bench].[Bench].[Rows]") == SQL_SUCCESS && SQLFetch(stmt) == SQL_SUCCESS,
          "a result without end");
    SQLFreeStmt(stmt, SQL_CLOSE);
}

static void *work(void *context)
{
    struct worker *w = context;
    struct crowd *crowd = w->crowd;
    SQLHENV env = crowd->env != SQL_NULL_HENV ? crowd->env : environment_open(SQL_OV_ODBC3);
    char *text = connection_string(NULL);

    for (int round = 0; round < ROUNDS; round++) {
        SQLHDBC dbc = crowd->dbc;
        SQLHSTMT stmt = SQL_NULL_HSTMT;
        if (dbc == SQL_NULL_HDBC &&
            (!right(w, SQLAllocHandle(SQL_HANDLE_DBC, env, &dbc) == SQL_SUCCESS, "allocate a connection") ||
             !right(w,
                    SQLDriverConnect(dbc, NULL, (SQLCHAR *)text, SQL_NTS, NULL, 0, NULL,
                                     SQL_DRIVER_NOPROMPT) == SQL_SUCCESS,
                    "connect")))
            break;
        if (right(w, SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt) == SQL_SUCCESS, "allocate a statement")) {
            read_rows(w, stmt, round);
            make_error(w, stmt);
            use_others(w, stmt);
            right(w, SQLFreeHandle(SQL_HANDLE_STMT, stmt) == SQL_SUCCESS, "free a statement");
        }
        if (crowd->dbc == SQL_NULL_HDBC) {
            right(w, SQLDisconnect(dbc) == SQL_SUCCESS, "disconnect");
            right(w, SQLFreeHandle(SQL_HANDLE_DBC, dbc) == SQL_SUCCESS, "free a connection");
        }
    }
    if (crowd->env == SQL_NULL_HENV)
        SQLFreeHandle(SQL_HANDLE_ENV, env);
    free(text);
    return NULL;
}

static void run_crowd(struct crowd *crowd)
{
    struct worker workers[THREADS];

    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.crowd = crowd, .number = i + 1};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(workers[i].thread, NULL);
    assert_int_equal(atomic_load(&crowd->wrong), 0);
}

static void statements_of_one_connection(void **state)
{
    struct session s;

    session_open(*state, &s, NULL);
    struct crowd crowd = {.harness = *state, .env = s.harness->env, .dbc = s.dbc};
    run_crowd(&crowd);
    expect_usable(s.stmt);
    session_close(&s);
}

static void connections_of_one_environment(void **state)
{
    struct harness *h = *state;
    struct crowd crowd = {.harness = h, .env = h->env};

    run_crowd(&crowd);
}

static void environments_of_their_own(void **state)
{
    struct crowd crowd = {.harness = *state};

    run_crowd(&crowd);
}

/* ---- one statement, cancelled from elsewhere all the time ---- */

/* The driver without the driver manager, whose own SQLCancel is not made for many threads at once. */
struct driver {
    void *library;
    __typeof__(SQLAllocHandle) *alloc;
    __typeof__(SQLFreeHandle) *release;
    __typeof__(SQLSetEnvAttr) *set_env;
    __typeof__(SQLDriverConnect) *connect;
    __typeof__(SQLDisconnect) *disconnect;
    __typeof__(SQLExecDirect) *execute;
    __typeof__(SQLFetch) *fetch;
    __typeof__(SQLFreeStmt) *free_statement;
    __typeof__(SQLCancel) *cancel;
    __typeof__(SQLGetDiagRec) *record;
    SQLHANDLE env, dbc, stmt;
    atomic_bool stop;
    atomic_int refused;
};

static void driver_open(struct harness *h, struct driver *d)
{
    char *text = text_format("URL=%s/api;UID=%s;PWD=%s", h->service.base, HARNESS_USER, HARNESS_TOKEN);
    const struct {
        const char *name;
        void *place;
    } functions[] = {
        {"SQLAllocHandle", &d->alloc},     {"SQLFreeHandle", &d->release},
        {"SQLSetEnvAttr", &d->set_env},    {"SQLDriverConnect", &d->connect},
        {"SQLDisconnect", &d->disconnect}, {"SQLExecDirect", &d->execute},
        {"SQLFetch", &d->fetch},           {"SQLFreeStmt", &d->free_statement},
        {"SQLCancel", &d->cancel},         {"SQLGetDiagRec", &d->record},
    };

    d->library = dlopen(h->driver, RTLD_NOW | RTLD_LOCAL);
    assert_non_null(d->library);
    for (size_t i = 0; i < COUNT_OF(functions); i++) {
        void *function = dlsym(d->library, functions[i].name);
        assert_non_null(function);
        memcpy(functions[i].place, &function, sizeof function);
    }
    assert_int_equal(d->alloc(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &d->env), SQL_SUCCESS);
    assert_int_equal(d->set_env(d->env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0), SQL_SUCCESS);
    assert_int_equal(d->alloc(SQL_HANDLE_DBC, d->env, &d->dbc), SQL_SUCCESS);
    assert_int_equal(d->connect(d->dbc, NULL, (SQLCHAR *)text, SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT),
                     SQL_SUCCESS);
    assert_int_equal(d->alloc(SQL_HANDLE_STMT, d->dbc, &d->stmt), SQL_SUCCESS);
    free(text);
}

static void driver_close(struct driver *d)
{
    assert_int_equal(d->release(SQL_HANDLE_STMT, d->stmt), SQL_SUCCESS);
    assert_int_equal(d->disconnect(d->dbc), SQL_SUCCESS);
    assert_int_equal(d->release(SQL_HANDLE_DBC, d->dbc), SQL_SUCCESS);
    assert_int_equal(d->release(SQL_HANDLE_ENV, d->env), SQL_SUCCESS);
    dlclose(d->library);
}

static void *cancel_again_and_again(void *context)
{
    struct driver *d = context;

    while (!atomic_load(&d->stop)) {
        if (d->cancel(d->stmt) != SQL_SUCCESS)
            atomic_fetch_add(&d->refused, 1);
        sleep_ms(2);
    }
    return NULL;
}

/* Runs a query to its end; true where that was the end of the rows, or a cancel. */
static bool run_or_be_cancelled(struct driver *d, int *ended)
{
    static const char query[] = "SELECT * FROM [Bench].[Bench].[Rows] LIMIT 300";
    SQLCHAR state[6] = "", text[256];
    SQLINTEGER native;
    SQLSMALLINT length;
    SQLRETURN code = d->execute(d->stmt, (SQLCHAR *)(uintptr_t)query, SQL_NTS);

    while (SQL_SUCCEEDED(code))
        code = d->fetch(d->stmt);
    *ended += code == SQL_NO_DATA;
    if (code == SQL_ERROR)
        d->record(SQL_HANDLE_STMT, d->stmt, 1, state, &native, text, sizeof text, &length);
    d->free_statement(d->stmt, SQL_CLOSE);
    return code == SQL_NO_DATA || strcmp((char *)state, "HY008") == 0;
}

/* Whatever was cut short says so; nothing else goes wrong, and in the end the statement works. */
static void cancelled_all_the_time(void **state)
{
    struct driver d = {0};
    pthread_t threads[THREADS / 2];
    int strange = 0, ended = 0;

    driver_open(*state, &d);
    for (int i = 0; i < THREADS / 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, cancel_again_and_again, &d), 0);
    for (int round = 0; round < 60; round++)
        strange += !run_or_be_cancelled(&d, &ended);
    atomic_store(&d.stop, true);
    for (int i = 0; i < THREADS / 2; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(strange, 0);
    assert_int_equal(atomic_load(&d.refused), 0);
    ended = 0;
    assert_true(run_or_be_cancelled(&d, &ended));
    assert_int_equal(ended, 1);
    driver_close(&d);
}

/* ---- a statement that moves from thread to thread ---- */

struct passing {
    SQLHSTMT stmt;
    SQLRETURN code;
};

static void *fetch_one(void *context)
{
    struct passing *p = context;

    p->code = SQLFetch(p->stmt);
    return NULL;
}

static void handles_belong_to_no_thread(void **state)
{
    struct session s;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT Id FROM [Bench].[Bench].[Narrow] LIMIT 20"));
    for (int row = 1; row <= 20; row++) {
        struct passing p = {.stmt = s.stmt};
        pthread_t thread;
        SQLINTEGER id = 0;
        assert_int_equal(pthread_create(&thread, NULL, fetch_one, &p), 0);
        pthread_join(thread, NULL);
        expect_stmt("S", s.stmt, p.code);
        expect_stmt("S", s.stmt, SQLGetData(s.stmt, 1, SQL_C_SLONG, &id, 0, NULL));
        assert_int_equal(id, row);
    }
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_of_one_connection), cmocka_unit_test(connections_of_one_environment),
        cmocka_unit_test(environments_of_their_own),    cmocka_unit_test(cancelled_all_the_time),
        cmocka_unit_test(handles_belong_to_no_thread),
    };

    return harness_main("test_threads", NULL, tests, COUNT_OF(tests));
}
