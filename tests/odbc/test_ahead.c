/*
 * Proves that reading ahead (ReadAhead) changes when octets are received and nothing else: the same rows, the
 * same errors at the same place, the same waiting and cancelling; and that its thread is gone with its
 * cursor, with the process, and in a child of the process.
 */
#include "harness.h"

#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Reading ahead begins behind the first MiB of a reply. */
#define MIXED "SELECT * FROM [Bench].[Bench].[Rows] LIMIT 40000"
#define IDS   "SELECT Id FROM [Bench].[Bench].[Narrow] LIMIT 400000"

enum { ARRAY = 300, CELL_OCTETS = 256, MIXED_COLUMNS = 8, BEHIND_THE_BEGINNING = 150000 };

static int threads_of_process(void)
{
    DIR *directory = opendir("/proc/self/task");
    int found = 0;

    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
        found += *entry->d_name != '.';
    closedir(directory);
    return found;
}

/* A machine with one processor has nobody to read ahead. */
static int threads_expected(int asked)
{
    cpu_set_t processors;

    assert_int_equal(sched_getaffinity(0, sizeof processors, &processors), 0);
    int most = CPU_COUNT(&processors) - 1;
    return asked < most ? asked : most;
}

/* Fetches so many rows of one number, which must count on from `from`. The number of the last. */
static SQLBIGINT fetch_ids(SQLHSTMT stmt, SQLBIGINT from, SQLBIGINT count)
{
    SQLBIGINT id = 0;

    for (SQLBIGINT i = 1; i <= count; i++) {
        expect_stmt("S", stmt, SQLFetch(stmt));
        expect_stmt("S", stmt, SQLGetData(stmt, 1, SQL_C_SBIGINT, &id, 0, NULL));
        if (id != from + i)
            fail_at(__FILE__, __LINE__, "row %ld has the Id %ld", (long)(from + i), (long)id);
    }
    return from + count;
}

/* Compressed content is handed over between pulls, plain content in the middle of one. */
static void compress(struct harness *h, int gzip)
{
    control_options(&h->service, gzip ? "{'gzip':true}" : "{'gzip':false}");
}

/* Opens IDS and reads on until the thread is there. */
static void open_ids(struct harness *h, struct session *s, const char *extra)
{
    session_open(h, s, extra);
    expect_stmt("S", s->stmt, exec(s->stmt, IDS));
    fetch_ids(s->stmt, 0, BEHIND_THE_BEGINNING);
}

/* ---- the same rows ---- */

/* All cells of all rows in order, as one number (FNV-1a), fetched in arrays of text. */
static uint64_t digest(SQLHSTMT stmt, long *rows)
{
    static char cells[MIXED_COLUMNS][ARRAY][CELL_OCTETS];
    static SQLLEN lengths[MIXED_COLUMNS][ARRAY];
    SQLULEN fetched = 0;
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    SQLRETURN code;

    expect_stmt("S", stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)ARRAY, 0));
    expect_stmt("S", stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0));
    for (SQLUSMALLINT i = 0; i < MIXED_COLUMNS; i++)
        expect_stmt("S", stmt, SQLBindCol(stmt, i + 1, SQL_C_CHAR, cells[i], CELL_OCTETS, lengths[i]));
    *rows = 0;
    while ((code = SQLFetch(stmt)) != SQL_NO_DATA) {
        expect_stmt("S", stmt, code);
        *rows += (long)fetched;
        for (SQLULEN row = 0; row < fetched; row++)
            for (int i = 0; i < MIXED_COLUMNS; i++)
                for (const char *c = lengths[i][row] == SQL_NULL_DATA ? "\1" : cells[i][row]; *c; c++)
                    hash = (hash ^ (unsigned char)*c) * UINT64_C(0x100000001B3);
    }
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_UNBIND));
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    return hash;
}

static void rows_are_the_same(void **state)
{
    static const char *const options[] = {"ReadAhead=0", "ReadAhead=1", "ReadAhead=1;ResultMode=spool"};
    static const char *const forms[] = {"", ", 'chunkBytes': 3001",
                                        ", 'rowsFirst': true, 'chunkBytes': 70001"};
    struct harness *h = *state;
    uint64_t expected = 0;
    long rows;

    for (size_t i = 0; i < COUNT_OF(options) * COUNT_OF(forms) * 2; i++) {
        struct session s;
        const char *form = forms[i / 2 % COUNT_OF(forms)];
        char *rule = text_format("{'body': 'Bench'%s}", form);
        compress(h, i % 2 == 0);
        faults_clear(&h->service);
        faults_set(&h->service, rule);
        session_open(h, &s, options[i / 2 / COUNT_OF(forms)]);
        expect_stmt("S", s.stmt, exec(s.stmt, MIXED));
        uint64_t actual = digest(s.stmt, &rows);
        expected = i == 0 ? actual : expected;
        if (rows != 40000 || actual != expected)
            fail_at(__FILE__, __LINE__, "%s %s: %ld rows, %s", options[i / 2 / COUNT_OF(forms)], rule, rows,
                    actual == expected ? "the same" : "others");
        session_close(&s);
        free(rule);
    }
}

/* Rows longer than what a thread reads at once, and short ones between them. */
static void rows_of_any_length(void **state)
{
    static const int lengths[] = {1, 60000, 66000, 200000, 3, 1500000, 7, 300000, 128 * 1024, 64 * 1024, 2};
    struct harness *h = *state;

    for (int gzip = 0; gzip < 2; gzip++) {
        struct session s;
        char *query = text_format("SELECT 1 AS Id, REPLICATE('x', 1200000) AS t");
        for (size_t i = 0; i < COUNT_OF(lengths) * 4; i++) {
            char *longer = text_format("%s UNION ALL SELECT %d, REPLICATE('%c', %d)", query, (int)i + 2,
                                       (char)('a' + i % 26), lengths[i % COUNT_OF(lengths)]);
            free(query);
            query = longer;
        }
        compress(h, gzip);
        session_open(h, &s, NULL);
        expect_stmt("S", s.stmt, exec(s.stmt, query));
        expect_stmt("S", s.stmt, SQLFetch(s.stmt));
        for (size_t i = 0; i < COUNT_OF(lengths) * 4; i++) {
            expect_stmt("S", s.stmt, SQLFetch(s.stmt));
            char *text = cell_text(s.stmt, 2);
            const char letter[] = {(char)('a' + i % 26), '\0'};
            assert_int_equal(strlen(text), lengths[i % COUNT_OF(lengths)]);
            assert_int_equal(strspn(text, letter), strlen(text));
            free(text);
        }
        expect_stmt("N", s.stmt, SQLFetch(s.stmt));
        session_close(&s);
        free(query);
    }
}

/* ---- the thread ---- */

static void a_thread_for_a_long_result(void **state)
{
    int before = threads_of_process();
    struct session s, none;

    open_ids(*state, &none, "ReadAhead=0");
    assert_int_equal(threads_of_process(), before);
    open_ids(*state, &s, NULL);
    assert_int_equal(threads_of_process(), before + threads_expected(1));
    /* as much as is wanted may be read on the one beside it */
    fetch_ids(none.stmt, BEHIND_THE_BEGINNING, 50000);
    fetch_ids(s.stmt, BEHIND_THE_BEGINNING, 50000);
    /* gone with the cursor; the connection can be used again */
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    assert_int_equal(threads_of_process(), before);
    expect_usable(s.stmt);
    assert_int_equal(threads_of_process(), before);
    session_close(&s);
    session_close(&none);
}

static void more_results_than_processors(void **state)
{
    enum { STATEMENTS = 12 };
    int before = threads_of_process();
    struct session s[STATEMENTS];
    SQLBIGINT at = BEHIND_THE_BEGINNING;

    for (int i = 0; i < STATEMENTS; i++)
        open_ids(*state, &s[i], NULL);
    assert_int_equal(threads_of_process(), before + threads_expected(STATEMENTS));
    while (at < 400000) {
        for (int i = 0; i < STATEMENTS; i++)
            fetch_ids(s[i].stmt, at, 50000);
        at += 50000;
    }
    for (int i = 0; i < STATEMENTS; i++) {
        expect_stmt("N", s[i].stmt, SQLFetch(s[i].stmt));
        session_close(&s[i]);
    }
    assert_int_equal(threads_of_process(), before);
}

/* ---- what goes wrong ---- */

/* A break anywhere is an error behind good rows, as without reading ahead. */
static void breaks(void **state)
{
    static const char *const rules[] = {
        "'cutAfterRows': 200000",
        "'cutAfterRows': 399999",
        "'cutAfterRows': 250000, 'chunkBytes': 5000",
        "'cutAfterBytes': 500000, 'chunkBytes': 50000", /* behind the first MiB if it is compressed */
        "'reset': 'during', 'cutAfterRows': 200000",
    };
    struct harness *h = *state;

    for (size_t i = 0; i < COUNT_OF(rules) * 4; i++) {
        struct session s;
        SQLBIGINT id = 0, rows = 0;
        SQLRETURN code;
        char *rule = text_format("{'body': 'Narrow', %s}", rules[i / 4]);
        compress(h, i % 2 == 0);
        session_open(h, &s, i / 2 % 2 == 0 ? "ReadAhead=1" : "ReadAhead=0");
        faults_clear(&h->service);
        faults_set(&h->service, rule);
        expect_stmt("S", s.stmt, exec(s.stmt, IDS));
        while (SQL_SUCCEEDED(code = SQLFetch(s.stmt))) {
            expect_stmt("S", s.stmt, SQLGetData(s.stmt, 1, SQL_C_SBIGINT, &id, 0, NULL));
            assert_int_equal(id, ++rows);
        }
        expect_stmt("E", s.stmt, code);
        expect_state(SQL_HANDLE_STMT, s.stmt, "08S01");
        assert_in_range(rows, 1, 399999);
        if (strstr(rule, "cutAfterRows") != NULL && strstr(rule, "reset") == NULL && i % 2 != 0)
            assert_int_equal(rows, atoi(strstr(rule, "Rows': ") + 7));
        expect_stmt("E", s.stmt, SQLFetch(s.stmt)); /* and not the end */
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        faults_clear(&h->service);
        expect_usable(s.stmt);
        session_close(&s);
        free(rule);
    }
}

/* An error of the service behind the rows, and text that is no JSON. */
static void errors_behind_rows(void **state)
{
    static const struct {
        const char *reply, *more, *state, *text;
    } cases[] = {
        {NULL, "'errorAfterRows': 300000, 'errorCode': '25', 'errorMessage': 'Gone.'", "HY000", "Gone."},
        {"{'results':[{'schema':[{'columnName':'Id','dataType':5}],'rows':[@[1],x]}]}",
         "'repeat': '[1],', 'times': 300000", "08S01", "JSON"},
        {"{'results':[{'schema':[{'columnName':'Id','dataType':5}],'rows':[@[1]",
         "'repeat': '[1],', 'times': 300000", "08S01", "ends early"},
    };
    struct harness *h = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct session s;
        SQLRETURN code;
        session_open(h, &s, NULL);
        faults_clear(&h->service);
        char *rule = text_format("{'body': 'Narrow', %s}", cases[i].more);
        if (cases[i].reply != NULL)
            fault_reply(&h->service, cases[i].reply, cases[i].more);
        else
            faults_set(&h->service, rule);
        expect_stmt("S", s.stmt, exec(s.stmt, IDS));
        long rows = count_rows(s.stmt, &code);
        expect_stmt("E", s.stmt, code);
        assert_true(rows >= 300000);
        expect_state(SQL_HANDLE_STMT, s.stmt, cases[i].state);
        expect_message(SQL_HANDLE_STMT, s.stmt, cases[i].text);
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        faults_clear(&h->service);
        expect_usable(s.stmt);
        session_close(&s);
        free(rule);
    }
}

/* What comes behind a row that is no good is not heard of: the reply is not asked for again because of it. */
static void a_bad_reply_is_asked_for_once(void **state)
{
    struct harness *h = *state;

    for (int i = 0; i < 10; i++) {
        struct session s;
        session_open(h, &s,
                     i % 2 == 0 ? "ResultMode=spool;RetryDelay=1"
                                : "ReadAhead=0;ResultMode=spool;RetryDelay=1");
        faults_clear(&h->service);
        requests_clear(&h->service);
        fault_reply(&h->service,
                    "{'results':[{'schema':[{'columnName':'Id','dataType':5}],'rows':[@[1,2],[3]",
                    "'repeat': '[1],', 'times': 330000, 'cutAfterBytes': 1320090");
        expect_stmt("E", s.stmt, exec(s.stmt, IDS));
        expect_state(SQL_HANDLE_STMT, s.stmt, "08S01");
        expect_message(SQL_HANDLE_STMT, s.stmt, "more than 1 values");
        assert_int_equal(requests_count(&h->service, "POST", "/query", NULL), 1);
        session_close(&s);
    }
}

/* ---- waiting ---- */

/* The service pauses in the middle: the thread waits for it, the application for the thread. */
static void waiting_ends(void **state)
{
    static const struct {
        const char *extra;
        long timeout;
        bool cancel;
        const char *state; /* NULL: all rows come */
    } cases[] = {
        {"", 0, true, "HY008"},
        {"IdleTimeout=1", 0, false, "HYT01"},
        {"IdleTimeout=20", 20, false, NULL},
    };
    struct harness *h = *state;

    compress(h, false);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct session s;
        struct canceller c;
        SQLRETURN code;
        session_open(h, &s, cases[i].extra);
        expect_stmt("S", s.stmt,
                    SQLSetStmtAttr(s.stmt, SQL_ATTR_QUERY_TIMEOUT, (SQLPOINTER)cases[i].timeout, 0));
        faults_clear(&h->service);
        faults_set(&h->service, cases[i].state == NULL
                                    ? "{'body': 'Narrow', 'pauseAfterBytes': 2000000, 'pauseMs': 1500}"
                                    : "{'body': 'Narrow', 'pauseAfterBytes': 2000000, 'pauseMs': 30000}");
        expect_stmt("S", s.stmt, exec(s.stmt, IDS));
        fetch_ids(s.stmt, 0, BEHIND_THE_BEGINNING);
        int64_t began = now_ms();
        if (cases[i].cancel)
            canceller_start(&c, s.stmt, 500, false);
        long rows = count_rows(s.stmt, &code);
        if (cases[i].cancel)
            canceller_check(&c, code, "waiting for the thread");
        if (cases[i].state == NULL) {
            expect_stmt("N", s.stmt, code);
            assert_int_equal(rows, 400000 - BEHIND_THE_BEGINNING);
        } else {
            expect_stmt("E", s.stmt, code);
            expect_state(SQL_HANDLE_STMT, s.stmt, cases[i].state);
            assert_in_range(rows, 10000, 399999 - BEHIND_THE_BEGINNING);
            if (now_ms() - began > 1000 + 8 * HARNESS_PROMPT_MS)
                fail_at(__FILE__, __LINE__, "%s after %d ms", cases[i].state, (int)(now_ms() - began));
        }
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        faults_clear(&h->service);
        expect_usable(s.stmt);
        session_close(&s);
    }
}

/* IdleTimeout is about the service's silence, not the application's: no more than a few blocks are read
 * ahead, and the rest comes after the pause. */
static void an_application_may_pause(void **state)
{
    for (int gzip = 0; gzip < 2; gzip++) {
        struct session s;
        compress(*state, gzip);
        open_ids(*state, &s, "IdleTimeout=1");
        sleep_ms(2500);
        fetch_ids(s.stmt, BEHIND_THE_BEGINNING, 400000 - BEHIND_THE_BEGINNING);
        expect_stmt("N", s.stmt, SQLFetch(s.stmt));
        session_close(&s);
    }
}

/* ---- the process ---- */

#ifndef __SANITIZE_THREAD__ /* it knows no threads of a child whose parent had some */

/* In the child: what was read ahead is the parent's. */
static int child_of_a_reader(struct session *s)
{
    SQLRETURN code = SQL_SUCCESS;
    char state[6] = "";

    for (long i = 0; SQL_SUCCEEDED(code) && i < 400000; i++)
        code = SQLFetch(s->stmt);
    if (code != SQL_ERROR || !diagnostic(SQL_HANDLE_STMT, s->stmt, 1, state, NULL, NULL) ||
        strcmp(state, "08S01") != 0)
        return 2;
    if (SQLFreeStmt(s->stmt, SQL_CLOSE) != SQL_SUCCESS || exec(s->stmt, IDS) != SQL_SUCCESS)
        return 3;
    sleep_ms(300); /* much can be received at once */
    return count_rows(s->stmt, &code) == 400000 && code == SQL_NO_DATA ? 0 : 4;
}

static void a_child_reads_for_itself(void **state)
{
    for (int gzip = 0; gzip < 2; gzip++) {
        struct session s;
        int status = -1;
        compress(*state, gzip);
        open_ids(*state, &s, NULL);
        for (int i = 0; i < 4; i++) {
            pid_t child = fork();
            if (child == 0) {
                alarm(60);
                _exit(child_of_a_reader(&s));
            }
            fetch_ids(s.stmt, BEHIND_THE_BEGINNING + i * 20000, 20000);
            assert_int_equal(waitpid(child, &status, 0), child);
            assert_int_equal(status, 0);
        }
        fetch_ids(s.stmt, BEHIND_THE_BEGINNING + 4 * 20000, 400000 - BEHIND_THE_BEGINNING - 4 * 20000);
        expect_stmt("N", s.stmt, SQLFetch(s.stmt));
        session_close(&s);
    }
}

/* exit() in the middle of a result: through TLS, whose library is torn down at exit, and in each state that
 * the thread can be in: waiting for the service, or for the application. */
static void a_process_ends_while_it_reads(void **state)
{
    struct harness *h = *state;
    struct service_process service;
    char *certificate = harness_path(h, "cert.pem"), *key = harness_path(h, "key.pem");
    const char *const make[] = {
        "openssl", "req",   "-x509",         "-newkey",   "rsa:2048",
        "-nodes",  "-subj", "/CN=127.0.0.1", "-addext",   "subjectAltName=IP:127.0.0.1",
        "-keyout", key,     "-out",          certificate, NULL};
    const char *const options[] = {"--tls", certificate, key, NULL};

    assert_true(run_program(make));
    assert_true(service_start(h, "tls", options, &service));
    control_options(&service, "{'gzip':false}");
    char *extra = text_format("URL=%s/api;TrustStore=%s", service.base, certificate);
    for (int i = 0; i < 24; i++) {
        int status = -1;
        faults_clear(&service);
        if (i % 2 == 0)
            faults_set(&service, "{'body': 'Narrow', 'pauseAfterBytes': 2000000, 'pauseMs': 30000}");
        pid_t child = fork();
        if (child == 0) {
            struct session s;
            alarm(60);
            open_ids(h, &s, extra);
            sleep_ms(i % 5);
            exit(0);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
    service_stop(&service);
    free(extra);
    free(certificate);
    free(key);
}

/* Registered before the driver has registered anything: it runs when the driver's threads are gone. */
static SQLHSTMT read_at_exit;

static void read_on(void)
{
    SQLRETURN code;

    if (read_at_exit != NULL)
        _exit(count_rows(read_at_exit, &code) == 400000 - BEHIND_THE_BEGINNING && code == SQL_NO_DATA ? 0
                                                                                                      : 3);
}

static void what_runs_at_exit_reads_on(void **state)
{
    for (int i = 0; i < 4; i++) {
        int status = -1;
        compress(*state, i % 2);
        pid_t child = fork();
        if (child == 0) {
            struct session s;
            alarm(60);
            open_ids(*state, &s, NULL);
            read_at_exit = s.stmt;
            exit(2);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_the_same),
        cmocka_unit_test(rows_of_any_length),
        cmocka_unit_test(a_thread_for_a_long_result),
        cmocka_unit_test(more_results_than_processors),
        cmocka_unit_test(breaks),
        cmocka_unit_test(errors_behind_rows),
        cmocka_unit_test(a_bad_reply_is_asked_for_once),
        cmocka_unit_test(waiting_ends),
        cmocka_unit_test(an_application_may_pause),
#ifndef __SANITIZE_THREAD__
        cmocka_unit_test(a_child_reads_for_itself),
        cmocka_unit_test(a_process_ends_while_it_reads),
        cmocka_unit_test(what_runs_at_exit_reads_on),
#endif
    };

#ifndef __SANITIZE_THREAD__
    atexit(read_on);
#endif
    return harness_main("test_ahead", NULL, tests, COUNT_OF(tests));
}
