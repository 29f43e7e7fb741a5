/*
 * Proves how connections to the service are kept: used again by statements, by later ODBC connections and
 * through the driver manager's own pool; bounded in number and time; left alone by a child process; and that
 * one which died while it was kept costs a read nothing and never sends anything twice.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NARROW "SELECT Id FROM [Bench].[Bench].[Narrow] LIMIT 500"

enum { MOST_KEPT = 16, CROWD = 24, WAIT_MS = 20000, ATTEMPTS = 5 };

/* The client's port of the last request recorded: it tells connections apart. */
static int64_t last_port(struct harness *h)
{
    json_object *list = requests_read(&h->service, false);
    size_t count = json_object_array_length(list);

    assert_true(count > 0);
    json_object *last = json_object_array_get_idx(list, count - 1);
    int64_t port = json_object_get_int64(json_object_object_get(last, "clientPort"));
    json_object_put(list);
    return port;
}

/* Runs a query and fetches so many rows (-1: all) before closing. */
static void run(SQLHSTMT stmt, const char *query, long rows)
{
    SQLRETURN code = exec(stmt, query);

    for (long i = 0; SQL_SUCCEEDED(code) && i != rows; i++)
        code = SQLFetch(stmt);
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
}

/* However a small result ends, the next request goes over the same connection. */
static void kept_by_statements(void **state)
{
    static const struct {
        const char *query, *fault;
        long rows;
    } cases[] = {
        {NARROW, NULL, -1},
        {NARROW, NULL, 1},
        {NARROW, NULL, 0},
        {"SELECT * FROM [Salesforce].[Salesforce].[Nope]", NULL, 0},
        {"SELECT 1; SELECT 2", NULL, 1},
        {NARROW, "{'body': 'Narrow', 'status': 403}", 0},
        {NARROW, "{'body': 'Narrow', 'status': 500}", 0},
        {NARROW, "{'body': 'Narrow', 'errorAfterRows': 10}", 5},
        {NARROW, "{'body': 'Narrow', 'html': true}", 0},
    };
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, "MaxRetries=0");
    expect_usable(s.stmt);
    int64_t port = last_port(h);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        /* What is left of a reply has a short time to come: on a busy machine it may take more than one. */
        bool kept = false;
        for (int attempt = 0; attempt < ATTEMPTS && !kept; attempt++) {
            if (cases[i].fault != NULL)
                faults_set(&h->service, cases[i].fault);
            run(s.stmt, cases[i].query, cases[i].rows);
            faults_clear(&h->service);
            expect_usable(s.stmt);
            kept = last_port(h) == port;
            port = last_port(h);
        }
        if (!kept)
            fail_at(__FILE__, __LINE__, "another connection after %s, %s", cases[i].query, cases[i].fault);
    }
    session_close(&s);
}

static void kept_by_later_connections(void **state)
{
    struct harness *h = *state;
    struct session s;
    int64_t port = 0;

    for (int i = 0; i < 3; i++) {
        session_open(h, &s, NULL);
        expect_usable(s.stmt);
        if (i > 0)
            assert_int_equal(last_port(h), port);
        port = last_port(h);
        session_close(&s);
    }
    /* what is another way to the service is another connection; VerifyCertificate is part of it */
    session_open(h, &s, "VerifyCertificate=0");
    expect_usable(s.stmt);
    assert_int_not_equal(last_port(h), port);
    session_close(&s);
}

/* Waits for the service to see at most so many connections, its own control connection among them. */
static void expect_connections(struct harness *h, int64_t most)
{
    int64_t seen = 0;

    for (int64_t begin = now_ms(); now_ms() - begin < WAIT_MS; sleep_ms(10))
        if ((seen = service_statistic(&h->service, "connections")) <= most)
            return;
    fail_at(__FILE__, __LINE__, "%d connections are open, not %d", (int)seen, (int)most);
}

static void bounded_in_number(void **state)
{
    struct harness *h = *state;
    SQLHSTMT stmts[CROWD];
    struct session s;

    control_options(&h->service, "{'gzip': false}");
    faults_set(&h->service,
               "{'body': 'Rows', 'dripBytes': 4000, 'dripMs': 60000}"); /* begins, and stands still */
    session_open(h, &s, NULL);
    for (int i = 0; i < CROWD; i++) {
        stmts[i] = statement_open(s.dbc);
        expect_stmt("S", stmts[i], exec(stmts[i], "SELECT * FROM [Bench].[Bench].[Rows]"));
        expect_stmt("S", stmts[i], SQLFetch(stmts[i]));
    }
    assert_true(service_statistic(&h->service, "connections") >= CROWD);
    for (int i = 0; i < CROWD; i++)
        expect_stmt("S", stmts[i], SQLFreeStmt(stmts[i], SQL_CLOSE));
    expect_connections(h, 1 + MOST_KEPT);
    /* results that end are kept, up to the bound */
    for (int i = 0; i < CROWD; i++) {
        expect_stmt("S", stmts[i], exec(stmts[i], "SELECT * FROM [Bench].[Bench].[Rows]"));
        expect_stmt("S", stmts[i], SQLFetch(stmts[i]));
        SQLHSTMT held = statement_open(s.dbc);
        run(held, NARROW, -1);
        expect_stmt("S", held, SQLFreeHandle(SQL_HANDLE_STMT, held));
    }
    for (int i = 0; i < CROWD; i++)
        expect_stmt("S", stmts[i], SQLFreeHandle(SQL_HANDLE_STMT, stmts[i]));
    expect_connections(h, 1 + MOST_KEPT);
    session_close(&s);
}

/* A connection that idled long enough is closed when the pool is used next; 0 keeps none. */
static void bounded_in_time(void **state)
{
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, "KeepAliveSeconds=1");
    expect_usable(s.stmt);
    int64_t port = last_port(h);
    sleep_ms(1050);
    expect_usable(s.stmt);
    assert_int_not_equal(last_port(h), port);
    session_close(&s);
    session_open(h, &s, "KeepAliveSeconds=0");
    expect_usable(s.stmt);
    port = last_port(h);
    expect_usable(s.stmt);
    assert_int_not_equal(last_port(h), port);
    session_close(&s);
}

/* ---- a kept connection that is dead ---- */

static SQLRETURN columns(SQLHSTMT stmt)
{
    return SQLColumns(stmt, (SQLCHAR *)(uintptr_t) "Salesforce", SQL_NTS, NULL, 0,
                      (SQLCHAR *)(uintptr_t) "Account", SQL_NTS, NULL, 0);
}

/* The service closes it as the request arrives. libcurl would send again on its own; here the driver does,
 * counted, for what reads, and at once: with this RetryDelay a wait would be noticed. */
static void died_while_kept(void **state)
{
    static const struct {
        const char *text; /* NULL: SQLColumns, a GET */
        const char *path, *extra, *letters;
        size_t sent;
    } cases[] = {
        {"SELECT 1 AS MARK", "/query", "MaxRetries=0", "E", 1},
        {"SELECT 1 AS MARK", "/query", "MaxRetries=1", "S", 2},
        {NULL, "/columns", "MaxRetries=0", "E", 1},
        {NULL, "/columns", "MaxRetries=1", "S", 2},
        {"DELETE FROM [PostgreSQL1].[public].[settings] WHERE name = 'MARK'", "/query", "MaxRetries=5", "E",
         1},
    };
    struct harness *h = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct session s;
        char *extra = text_format("RetryDelay=600000;MetadataCacheSeconds=0;%s", cases[i].extra);
        char *rule = text_format("{'path': '%s', 'count': 1, 'reset': 'before'}", cases[i].path);
        session_open(h, &s, extra);
        expect_usable(s.stmt);
        faults_set(&h->service, rule);
        requests_clear(&h->service);
        SQLRETURN code = cases[i].text != NULL ? exec(s.stmt, cases[i].text) : columns(s.stmt);
        expect_return(cases[i].letters, SQL_HANDLE_STMT, s.stmt, code, rule, __FILE__, __LINE__);
        if (code == SQL_ERROR)
            expect_state(SQL_HANDLE_STMT, s.stmt, "08S01");
        assert_int_equal(requests_count(&h->service, NULL, cases[i].path, NULL), cases[i].sent);
        faults_clear(&h->service);
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        session_close(&s);
        free(rule);
        free(extra);
    }
}

/* ---- fork ---- */

/* In the child: what the parent began is refused, what the child begins works. 0 if so. */
static int child_work(SQLHDBC dbc, SQLHSTMT half_read)
{
    SQLHSTMT own = SQL_NULL_HSTMT;
    SQLRETURN code = SQL_SUCCESS;
    char state[6] = "";

    /* rows that were received before may still come */
    for (long i = 0; SQL_SUCCEEDED(code) && i < 10000000; i++)
        code = SQLFetch(half_read);
    if (code != SQL_ERROR || !diagnostic(SQL_HANDLE_STMT, half_read, 1, state, NULL, NULL) ||
        strcmp(state, "08S01") != 0)
        return 2;
    if (SQLFreeHandle(SQL_HANDLE_STMT, half_read) != SQL_SUCCESS)
        return 3;
    if (SQLAllocHandle(SQL_HANDLE_STMT, dbc, &own) != SQL_SUCCESS || exec(own, NARROW) != SQL_SUCCESS)
        return 4;
    if (count_rows(own, &code) != 500 || code != SQL_NO_DATA)
        return 5;
    return SQLFreeHandle(SQL_HANDLE_STMT, own) == SQL_SUCCESS && SQLDisconnect(dbc) == SQL_SUCCESS ? 0 : 6;
}

static void a_child_opens_its_own(void **state)
{
    struct harness *h = *state;
    struct session s;
    int status = -1;

    control_options(&h->service, "{'gzip': false}"); /* more than the driver takes at once */
    session_open(h, &s, NULL);
    expect_usable(s.stmt); /* a kept connection, too */
    int64_t port = last_port(h);
    SQLHSTMT half_read = statement_open(s.dbc);
    expect_stmt("S", half_read, exec(half_read, "SELECT Id FROM [Bench].[Bench].[Narrow] LIMIT 60000"));
    expect_stmt("S", half_read, SQLFetch(half_read));
    expect_usable(s.stmt);
    int64_t second_port = last_port(h);
    pid_t child = fork();
    if (child == 0)
        _exit(child_work(s.dbc, half_read));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    int64_t child_port = last_port(h);
    assert_int_not_equal(child_port, port);
    assert_int_not_equal(child_port, second_port);
    /* the parent goes on as if nothing had been */
    SQLRETURN last;
    assert_int_equal(count_rows(half_read, &last), 60000 - 1);
    expect_stmt("N", half_read, last);
    expect_usable(s.stmt);
    assert_int_equal(last_port(h), second_port);
    expect_stmt("S", half_read, SQLFreeHandle(SQL_HANDLE_STMT, half_read));
    session_close(&s);
}

/* ---- the driver manager's own pool ---- */

/* How many logins the driver has seen: its log is the witness. */
static int logins(const char *log)
{
    char *text = read_file(log);
    int found = 0;

    for (const char *p = text; (p = strstr(p, "SQLDriverConnect")) != NULL; p++)
        found++;
    free(text);
    return found;
}

static void connect_pooled(struct harness *h, SQLHENV env, const char *extra, const char *fault)
{
    struct session s;

    session_open_in(h, env, &s, extra);
    expect_usable(s.stmt);
    if (fault != NULL) {
        faults_set(&h->service, fault);
        assert_int_equal(exec(s.stmt, "SELECT 1"), SQL_ERROR);
        faults_clear(&h->service);
    }
    session_close(&s);
}

/* With CPTimeout the driver manager keeps connections of its own: it gets them back as they were, and asks
 * SQL_ATTR_CONNECTION_DEAD before it uses one again. */
static void through_the_driver_manager(void **state)
{
    struct harness *h = *state;
    char *ini = harness_path(h, "odbcinst.ini"), *log = harness_path(h, "pooled.log");
    char *text =
        text_format("[ODBC]\nPooling=Yes\n\n[%s]\nDriver=%s\nCPTimeout=60\n", HARNESS_DRIVER, h->driver);
    char *extra = text_format("MaxRetries=0;Verbosity=4;Logfile=%s", log);

    remove(log);
    write_file(ini, text, 0600);
    sleep_ms(1100); /* the manager reads its files again after a second */
    SQLHENV env = environment_open(SQL_OV_ODBC3);
    connect_pooled(h, env, extra, NULL);
    assert_int_equal(logins(log), 1);
    connect_pooled(h, env, extra, NULL);
    assert_int_equal(logins(log), 1);
    connect_pooled(h, env, extra, "{'path': '/query', 'reset': 'before'}");
    assert_int_equal(logins(log), 1);
    connect_pooled(h, env, extra, NULL);
    assert_int_equal(logins(log), 2);
    expect_env("S", env, SQLFreeHandle(SQL_HANDLE_ENV, env));
    free(extra);
    free(text);
    free(log);
    free(ini);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(kept_by_statements),
        cmocka_unit_test(kept_by_later_connections),
        cmocka_unit_test(bounded_in_number),
        cmocka_unit_test(bounded_in_time),
        cmocka_unit_test(died_while_kept),
        cmocka_unit_test(a_child_opens_its_own),
        cmocka_unit_test(through_the_driver_manager),
    };

    return harness_main("test_pool", NULL, tests, COUNT_OF(tests));
}
