/*
 * Proves that what only reads is sent again after a failure, as often as MaxRetries says and not before the
 * service wants it, and that nothing which may write is ever sent twice, whatever goes wrong: the service's
 * own record of requests is the witness.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define SETTINGS "[PostgreSQL1].[public].[settings]"

static SQLCHAR *sql_text(const char *text)
{
    return (SQLCHAR *)(uintptr_t)text;
}

/* ---- ways to read ---- */

static SQLRETURN tables(SQLHSTMT stmt)
{
    return SQLTables(stmt, sql_text("Salesforce"), SQL_NTS, NULL, 0, sql_text("Account"), SQL_NTS, NULL, 0);
}

static SQLRETURN columns(SQLHSTMT stmt)
{
    return SQLColumns(stmt, sql_text("Salesforce"), SQL_NTS, NULL, 0, sql_text("Account"), SQL_NTS, NULL, 0);
}

static SQLRETURN describe(SQLHSTMT stmt)
{
    SQLSMALLINT count;
    SQLRETURN code =
        SQLPrepare(stmt, sql_text("SELECT Id FROM [Bench].[Bench].[Narrow] WHERE Id < 5"), SQL_NTS);

    return SQL_SUCCEEDED(code) ? SQLNumResultCols(stmt, &count) : code;
}

/* ---- ways to write; each has MARK in what is sent, but for the call ---- */

static SQLRETURN prepared_insert(SQLHSTMT stmt)
{
    SQLLEN length = SQL_NTS;
    SQLRETURN code =
        SQLPrepare(stmt, sql_text("INSERT INTO " SETTINGS " (name, value) VALUES ('MARK', ?)"), SQL_NTS);

    if (SQL_SUCCEEDED(code))
        code = SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 10, 0, sql_text("x"), 0,
                                &length);
    return SQL_SUCCEEDED(code) ? SQLExecute(stmt) : code;
}

static SQLRETURN batch_insert(SQLHSTMT stmt)
{
    static char names[3][8] = {"MARK1", "MARK2", "MARK3"};
    static SQLLEN lengths[3] = {SQL_NTS, SQL_NTS, SQL_NTS};

    SQLSetStmtAttr(stmt, SQL_ATTR_PARAMSET_SIZE, (SQLPOINTER)3, 0);
    SQLRETURN code =
        SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 10, 0, names, 8, lengths);
    if (SQL_SUCCEEDED(code))
        code = exec(stmt, "INSERT INTO " SETTINGS " (name, value) VALUES (?, 'y')");
    return code;
}

static SQLRETURN call(SQLHSTMT stmt)
{
    return exec(stmt, "{call [PostgreSQL1].[public].[insert_note]('MARK', 'body')}");
}

/* One way, and where its request goes. */
struct way {
    const char *text; /* NULL: run */
    SQLRETURN (*run)(SQLHSTMT stmt);
    const char *path, *body;
    const char *extra; /* keywords of the connection */
};

static SQLRETURN go(const struct way *way, SQLHSTMT stmt)
{
    return way->text != NULL ? exec(stmt, way->text) : way->run(stmt);
}

static void set_fault(const struct service_process *service, const struct way *way, const char *more)
{
    char *rule = text_format("{'path': '%s', 'body': '%s', %s}", way->path, way->body, more);

    faults_clear(service);
    faults_set(service, rule);
    free(rule);
}

static const char *name_of(const struct way *way)
{
    return way->text != NULL ? way->text : way->path;
}

/* ---- reading ---- */

static const struct way readers[] = {
    {"SELECT 'MARK' AS a", NULL, "/query", "MARK", ""},
    {"  select 'MARK' AS a;", NULL, "/query", "MARK", ""},
    {"SELECT 'MARK;' AS a", NULL, "/query", "MARK", ""},
    {"/* first */ SELECT 'MARK' AS a -- last", NULL, "/query", "MARK", ""},
    {NULL, tables, "/query", "sys_tables", "MetadataSource=system;MetadataCacheSeconds=0"},
    {NULL, tables, "/tables", "", "MetadataSource=endpoints;MetadataCacheSeconds=0"},
    {NULL, columns, "/columns", "", "MetadataCacheSeconds=0"},
    {NULL, describe, "/query", "schemaOnly", ""},
};

static void reading_is_tried_again(void **state)
{
    static const char *const faults[] = {
        "'count': 2, 'status': 503",      "'count': 2, 'status': 503, 'headers': {'Retry-After': '0'}",
        "'count': 2, 'status': 429",      "'count': 2, 'status': 502, 'html': true",
        "'count': 2, 'status': 500",      "'count': 2, 'reset': 'before'",
        "'count': 2, 'cutAfterBytes': 0",
    };
    struct harness *h = *state;
    int wrong = 0;

    for (size_t i = 0; i < COUNT_OF(readers) * COUNT_OF(faults); i++) {
        const struct way *way = &readers[i / COUNT_OF(faults)];
        const char *fault = faults[i % COUNT_OF(faults)];
        char *extra = text_format("MaxRetries=3;RetryDelay=1;%s", way->extra);
        struct session s;
        session_open(h, &s, extra);
        set_fault(&h->service, way, fault);
        requests_clear(&h->service);
        SQLRETURN code = go(way, s.stmt);
        char *records = diagnostics(SQL_HANDLE_STMT, s.stmt);
        size_t sent = requests_count(&h->service, NULL, way->path, way->body);
        if (code != SQL_SUCCESS || sent != 3) {
            wrong++;
            print_error("%s, %s: %c, sent %zu times\n%s\n", name_of(way), fault, return_letter(code), sent,
                        records);
        }
        free(records);
        free(extra);
        faults_clear(&h->service);
        session_close(&s);
    }
    assert_int_equal(wrong, 0);
}

static void number_of_retries(void **state)
{
    struct harness *h = *state;

    for (int retries = 0; retries <= 4; retries++)
        for (int reset = 0; reset < 2; reset++) {
            char *extra = text_format("RetryDelay=1;MaxRetries=%d", retries);
            struct session s;
            session_open(h, &s, extra);
            set_fault(&h->service, &readers[0], reset ? "'reset': 'before'" : "'status': 503");
            requests_clear(&h->service);
            expect_stmt("E", s.stmt, go(&readers[0], s.stmt));
            expect_state(SQL_HANDLE_STMT, s.stmt, reset ? "08S01" : "HY000");
            /* the first goes over a kept connection: libcurl must not repeat it on its own */
            assert_int_equal(requests_count(&h->service, NULL, "/query", "MARK"), retries + 1);
            faults_clear(&h->service);
            expect_usable(s.stmt);
            session_close(&s);
            free(extra);
        }
}

/* The wait is the service's where it names one, else the option's; never longer than the query may take. */
static void time_between_retries(void **state)
{
    static const struct {
        const char *fault, *extra;
        SQLULEN timeout; /* seconds, SQL_ATTR_QUERY_TIMEOUT */
        const char *letters;
        int64_t from_ms, to_ms;
    } cases[] = {
        {"'count': 1, 'status': 503, 'headers': {'Retry-After': '1'}", "RetryDelay=1", 0, "S", 900, 2500},
        {"'count': 1, 'status': 429, 'headers': {'Retry-After': '1'}", "RetryDelay=1", 0, "S", 900, 2500},
        {"'count': 1, 'status': 503, 'headers': {'Retry-After': '0'}", "RetryDelay=60000", 0, "S", 0, 1500},
        {"'count': 1, 'status': 503", "RetryDelay=600", 0, "S", 250, 1500},
        {"'count': 1, 'status': 503, 'headers': {'Retry-After': 'soon'}", "RetryDelay=1", 0, "S", 0, 900},
        {"'count': 1, 'status': 503, 'headers': {'Retry-After': '-5'}", "RetryDelay=1", 0, "S", 0, 900},
        {"'status': 503, 'headers': {'Retry-After': '3600'}", "RetryDelay=1", 1, "E", 0, 1900},
        {"'status': 503, 'headers': {'Retry-After': '99999999999999999999'}", "RetryDelay=1", 1, "E", 0,
         1900},
        {"'status': 503", "RetryDelay=600000", 1, "E", 0, 1900},
    };
    struct harness *h = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct session s;
        session_open(h, &s, cases[i].extra);
        SQLSetStmtAttr(s.stmt, SQL_ATTR_QUERY_TIMEOUT, (SQLPOINTER)cases[i].timeout, 0);
        set_fault(&h->service, &readers[0], cases[i].fault);
        int64_t begin = now_ms();
        SQLRETURN code = go(&readers[0], s.stmt);
        int64_t took = now_ms() - begin;
        expect_return(cases[i].letters, SQL_HANDLE_STMT, s.stmt, code, cases[i].fault, __FILE__, __LINE__);
        if (took < cases[i].from_ms || took > cases[i].to_ms)
            fail_at(__FILE__, __LINE__, "%s: %d ms", cases[i].fault, (int)took);
        faults_clear(&h->service);
        session_close(&s);
    }
}

static void retry_after_a_date(void **state)
{
    struct harness *h = *state;
    time_t then = time(NULL) + 2;
    struct tm parts;
    char date[64];
    struct session s;

    gmtime_r(&then, &parts);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    char *fault = text_format("'count': 1, 'status': 503, 'headers': {'Retry-After': '%s'}", date);
    session_open(h, &s, "RetryDelay=1");
    set_fault(&h->service, &readers[0], fault);
    int64_t begin = now_ms();
    expect_stmt("S", s.stmt, go(&readers[0], s.stmt));
    assert_in_range(now_ms() - begin, 500, 3500);
    session_close(&s);
    free(fault);
}

/* Rows that were handed out are not asked for again. */
static void no_retry_behind_rows(void **state)
{
    struct harness *h = *state;
    struct session s;
    SQLRETURN last;

    session_open(h, &s, "RetryDelay=1");
    faults_set(&h->service, "{'body': 'Narrow', 'cutAfterRows': 25, 'count': 1}");
    control_options(&h->service, "{'gzip': false}");
    requests_clear(&h->service);
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT Id FROM [Bench].[Bench].[Narrow] LIMIT 2000"));
    assert_int_equal(count_rows(s.stmt, &last), 25);
    expect_stmt("E", s.stmt, last);
    expect_state(SQL_HANDLE_STMT, s.stmt, "08S01");
    assert_int_equal(requests_count(&h->service, NULL, "/query", "Narrow"), 1);
    session_close(&s);
}

/* ---- writing ---- */

static const struct way writers[] = {
    {"INSERT INTO " SETTINGS " (name, value) VALUES ('MARK', 'x')", NULL, "/query", "MARK", ""},
    {"UPDATE " SETTINGS " SET value = 'y' WHERE name = 'MARK'", NULL, "/query", "MARK", ""},
    {"DELETE FROM " SETTINGS " WHERE name = 'MARK'", NULL, "/query", "MARK", ""},
    {"UPSERT INTO " SETTINGS " (name, value) VALUES ('MARK', 'x')", NULL, "/query", "MARK", ""},
    {"EXECUTE [PostgreSQL1].[public].[insert_note] @title = 'MARK'", NULL, "", "MARK", ""},
    {"SELECT 1; DELETE FROM " SETTINGS " WHERE name = 'MARK'", NULL, "/query", "MARK", ""},
    {"SELECT 1; SELECT 'MARK'", NULL, "/query", "MARK", ""},
    {"/* SELECT */ DELETE FROM " SETTINGS " WHERE name = 'MARK'", NULL, "/query", "MARK", ""},
    {"-- SELECT\nDELETE FROM " SETTINGS " WHERE name = 'MARK'", NULL, "/query", "MARK", ""},
    {"(DELETE FROM " SETTINGS " WHERE name = 'MARK')", NULL, "/query", "MARK", ""},
    {"SELECTED 'MARK'", NULL, "/query", "MARK", ""},
    {"[SELECT] 'MARK'", NULL, "/query", "MARK", ""},
    {NULL, prepared_insert, "/query", "MARK", ""},
    {NULL, batch_insert, "/batch", "MARK", ""},
    {NULL, call, "/exec", "MARK", ""},
};

/* How a write can fail, and what is said of it; `unknown`: it may have been done. */
static const struct {
    const char *fault, *state;
    bool unknown;
} write_faults[] = {
    {"'status': 503, 'headers': {'Retry-After': '0'}", "HY000", false},
    {"'status': 429, 'headers': {'Retry-After': '0'}", "HY000", false},
    {"'status': 500", "HY000", false},
    {"'status': 502, 'html': true", "HY000", false},
    {"'status': 504", "HYT00", false},
    {"'reset': 'before'", "08S01", true},
    {"'reset': 'during', 'cutAfterBytes': 10", "08S01", true},
    {"'cutAfterBytes': 0", "08S01", true},
    {"'cutAfterBytes': 5", "08S01", true},
    {"'html': true", "08S01", true},
    {"'reply': ''", "08S01", true},
    {"'reply': '{'", "08S01", true},
    {"'redirect': 'http://127.0.0.1:1/api/query'", NULL, false},
    {"'hang': true", "HYT00", false},
};

/* `warm`: over a connection that has carried a request before, which is where a client library is tempted to
 * repeat. */
static bool check_write(struct harness *h, const struct way *way, size_t fault, bool warm)
{
    struct session s;
    bool hang = strstr(write_faults[fault].fault, "hang") != NULL;

    session_open(h, &s, "RetryDelay=1;MaxRetries=3");
    if (warm)
        expect_usable(s.stmt);
    if (hang)
        expect_stmt("S", s.stmt, SQLSetStmtAttr(s.stmt, SQL_ATTR_QUERY_TIMEOUT, (SQLPOINTER)1, 0));
    set_fault(&h->service, way, write_faults[fault].fault);
    requests_clear(&h->service);
    SQLRETURN code = go(way, s.stmt);
    SQLSMALLINT columns = 0;
    if (SQL_SUCCEEDED(code) && SQL_SUCCEEDED(SQLNumResultCols(s.stmt, &columns)) && columns > 0)
        count_rows(s.stmt, &code);
    char *records = diagnostics(SQL_HANDLE_STMT, s.stmt);
    size_t sent = requests_count(&h->service, NULL, way->path, "MARK");
    const char *wanted = write_faults[fault].state;
    bool right = code == SQL_ERROR && sent == 1 && (wanted == NULL || strncmp(records, wanted, 5) == 0) &&
                 (!write_faults[fault].unknown || strcasestr(records, "outcome is unknown") != NULL);
    if (!right)
        print_error("%s, %s, %s: %c, sent %zu times\n%s\n", name_of(way), write_faults[fault].fault,
                    warm ? "warm" : "cold", return_letter(code), sent, records);
    free(records);
    faults_clear(&h->service);
    SQLFreeStmt(s.stmt, SQL_CLOSE);
    session_close(&s);
    return right;
}

static void writing_is_sent_once(void **state)
{
    int wrong = 0;

    for (size_t i = 0; i < COUNT_OF(writers) * COUNT_OF(write_faults); i++) {
        size_t fault = i % COUNT_OF(write_faults);
        bool hang = strstr(write_faults[fault].fault, "hang") != NULL;
        /* hanging takes a second each: the first writers and the endpoints of their own are enough */
        if (hang && i / COUNT_OF(write_faults) > 1 && i / COUNT_OF(write_faults) < COUNT_OF(writers) - 2)
            continue;
        wrong += !check_write(*state, &writers[i / COUNT_OF(write_faults)], fault, true);
        if (i < COUNT_OF(write_faults))
            wrong += !check_write(*state, &writers[0], fault, false);
    }
    assert_int_equal(wrong, 0);
}

/* What was written is there once. */
static void writing_is_done_once_all_is_well(void **state)
{
    struct harness *h = *state;
    struct session s;
    SQLLEN count = 0;

    session_open(h, &s, NULL);
    expect_stmt("S", s.stmt, exec(s.stmt, "INSERT INTO " SETTINGS " (name, value) VALUES ('once', 'x')"));
    expect_stmt("S", s.stmt, SQLRowCount(s.stmt, &count));
    assert_int_equal(count, 1);
    expect_rows(s.stmt, "SELECT COUNT(*) FROM " SETTINGS " WHERE name = 'once'", "1\n");
    expect_stmt("S", s.stmt, exec(s.stmt, "DELETE FROM " SETTINGS " WHERE name = 'once'"));
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_is_tried_again),
        cmocka_unit_test(number_of_retries),
        cmocka_unit_test(time_between_retries),
        cmocka_unit_test(retry_after_a_date),
        cmocka_unit_test(no_retry_behind_rows),
        cmocka_unit_test(writing_is_sent_once),
        cmocka_unit_test(writing_is_done_once_all_is_well),
    };

    return harness_main("test_retry", NULL, tests, COUNT_OF(tests));
}
