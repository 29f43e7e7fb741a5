/*
 * Proves ResultMode=spool: the same results as a stream, whole before the first row; an error or a break
 * anywhere is the execution's; the connection is free at once; memory is bounded; cancel and the clocks hold.
 * And that a stream which the service closed while the application paused says what would help.
 */
#include "harness.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ROWS_QUERY "SELECT * FROM [Bench].[Bench].[Rows] LIMIT 900"
#define NARROW     "SELECT Id FROM [Bench].[Bench].[Narrow] LIMIT 2000"
#define ONE_COLUMN "'schema':[{'columnName':'a','dataType':8}]"

/* How many of this process's files have no name any more. */
static int nameless_files(void)
{
    DIR *directory = opendir("/proc/self/fd");
    char path[512], target[512];
    int found = 0;

    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        snprintf(path, sizeof path, "/proc/self/fd/%s", entry->d_name);
        ssize_t length = readlink(path, target, sizeof target - 1);
        target[length > 0 ? length : 0] = '\0';
        found += strstr(target, "(deleted)") != NULL;
    }
    closedir(directory);
    return found;
}

/* ---- the same results ---- */

static void rows_are_those_of_a_stream(void **state)
{
    static const char *const faults[] = {
        "",
        "'chunkBytes': 1000",
        "'rowsFirst': true",
        "'extraMembers': true, 'upperMembers': true",
        "'nullMembers': true",
    };
    struct harness *h = *state;
    struct session plain, spooled;

    session_open(h, &plain, NULL);
    assert_int_equal(exec(plain.stmt, ROWS_QUERY), SQL_SUCCESS);
    char *expected = rows_text(plain.stmt);
    for (size_t i = 0; i < COUNT_OF(faults) * 4; i++) {
        char *rule = text_format("{'body': 'Bench'%s%s}", *faults[i / 4] != '\0' ? ", " : "", faults[i / 4]);
        control_options(&h->service, i % 2 == 0 ? "{'gzip':true}" : "{'gzip':false}");
        faults_clear(&h->service);
        faults_set(&h->service, rule);
        session_open(h, &spooled,
                     i / 2 % 2 == 0 ? "ResultMode=spool" : "ResultMode=Spool;SpoolMemoryBytes=0");
        expect_rows(spooled.stmt, ROWS_QUERY, expected);
        session_close(&spooled);
        free(rule);
    }
    free(expected);
    session_close(&plain);
}

/* Every result as text: rows in brackets, counts as #n; a result begins with its number of columns. */
static char *results_text(SQLHSTMT stmt)
{
    char *all = text_format("%s", "");
    SQLRETURN code = exec(stmt, "SELECT 1");

    while (code != SQL_NO_DATA) {
        SQLSMALLINT columns = -1;
        SQLLEN count = -2;
        expect_stmt("S", stmt, code);
        expect_stmt("S", stmt, SQLNumResultCols(stmt, &columns));
        expect_stmt("S", stmt, SQLRowCount(stmt, &count));
        char *rows = columns > 0 ? rows_text(stmt) : text_format("#%ld\n", (long)count);
        char *longer = text_format("%s%d:%s", all, columns, rows);
        free(rows);
        free(all);
        all = longer;
        code = SQLMoreResults(stmt);
    }
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    return all;
}

static void several_results(void **state)
{
    static const struct {
        const char *reply, *expected;
    } cases[] = {
        {"{'results':[{" ONE_COLUMN ",'rows':[[1],[2]]},{" ONE_COLUMN ",'rows':[]},{" ONE_COLUMN
         ",'rows':[[3]]}]}",
         "1:1\n2\n1:1:3\n"},
        {"{'results':[{'affectedRows':3},{" ONE_COLUMN
         ",'rows':[[1]]},{'affectedRows':0,'schema':[],'rows':[]}]}",
         "0:#3\n1:1\n0:#0\n"},
        {"{'results':[{'rows':[[1]]," ONE_COLUMN "},{'rows':[[2]]," ONE_COLUMN "}]}", "1:1\n1:2\n"},
        {"{'results':[]}", "0:#-1\n"},
    };
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, "ResultMode=spool");
    for (size_t i = 0; i < COUNT_OF(cases) * 2; i++) {
        faults_clear(&h->service);
        fault_reply(&h->service, cases[i / 2].reply, i % 2 == 0 ? "" : "'chunkBytes': 1");
        char *actual = results_text(s.stmt);
        expect_text(actual, cases[i / 2].expected);
        free(actual);
    }
    session_close(&s);
}

static void static_cursors_and_outputs(void **state)
{
    struct session s;
    SQLCHAR out[64] = "";
    char first[100] = "one", second[100] = "two";
    SQLLEN length = 0, lengths[2] = {SQL_NTS, SQL_NTS};

    session_open(*state, &s, "ResultMode=spool;SpoolMemoryBytes=1000");
    expect_stmt("S", s.stmt, SQLSetStmtAttr(s.stmt, SQL_ATTR_CURSOR_TYPE, (SQLPOINTER)SQL_CURSOR_STATIC, 0));
    expect_stmt("S", s.stmt, exec(s.stmt, NARROW));
    expect_stmt("S", s.stmt, SQLFetchScroll(s.stmt, SQL_FETCH_LAST, 0));
    expect_stmt("S", s.stmt, SQLGetData(s.stmt, 1, SQL_C_CHAR, out, sizeof out, &length));
    expect_text((char *)out, "2000");
    expect_stmt("S", s.stmt, SQLFetchScroll(s.stmt, SQL_FETCH_ABSOLUTE, 7));
    expect_stmt("S", s.stmt, SQLGetData(s.stmt, 1, SQL_C_CHAR, out, sizeof out, &length));
    expect_text((char *)out, "7");
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    for (SQLUSMALLINT i = 0; i < 2; i++)
        expect_stmt("S", s.stmt,
                    SQLBindParameter(s.stmt, i + 1, SQL_PARAM_INPUT_OUTPUT, SQL_C_CHAR, SQL_VARCHAR, 100, 0,
                                     i == 0 ? first : second, 100, &lengths[i]));
    expect_stmt("S", s.stmt, exec(s.stmt, "{call [Types].[Types].[SwapText](?, ?)}"));
    expect_text(first, "two");
    expect_text(second, "one");
    session_close(&s);
}

/* ---- whole before the first row ---- */

/* While the cursor is open nothing runs at the service, and another statement goes over the same connection.
 */
/* Whether a request beside a spooled result goes over the connection that brought it. */
static bool is_connection_free(struct harness *h, struct session *s)
{
    int64_t ports[2];

    requests_clear(&h->service);
    expect_stmt("S", s->stmt, exec(s->stmt, ROWS_QUERY));
    SQLHSTMT other = statement_open(s->dbc);
    expect_usable(other);
    json_object *list = requests_read(&h->service, false);
    for (size_t i = 0; i < 2; i++) {
        json_object *r = json_object_array_get_idx(list, i);
        ports[i] = json_object_get_int64(json_object_object_get(r, "clientPort"));
        expect_text(json_object_get_string(json_object_object_get(r, "end")), "complete");
    }
    json_object_put(list);
    assert_int_equal(count_rows(s->stmt, NULL), 900);
    expect_stmt("S", other, SQLFreeHandle(SQL_HANDLE_STMT, other));
    expect_stmt("S", s->stmt, SQLFreeStmt(s->stmt, SQL_CLOSE));
    return ports[0] == ports[1];
}

/* The end of a reply has a short time to come: on a busy machine it may take another attempt. */
static void the_connection_is_free(void **state)
{
    struct session s;
    bool is_free = false;

    session_open(*state, &s, "ResultMode=spool");
    for (int attempt = 0; attempt < 5 && !is_free; attempt++)
        is_free = is_connection_free(*state, &s);
    assert_true(is_free);
    session_close(&s);
}

/* What goes wrong behind the first row is the execution's error; a break is tried again, no row having been
 * seen. */
static void late_failures(void **state)
{
    static const struct {
        const char *fault, *extra, *error, *piece;
        size_t sent;
    } cases[] = {
        {"'errorAfterRows': 1500, 'errorMessage': 'Too late'", "", "HY000", "Too late", 1},
        {"'cutAfterRows': 1500", "MaxRetries=0", "08S01", "", 1},
        {"'cutAfterRows': 1500", "MaxRetries=2", "08S01", "", 3},
        {"'reset': 'during', 'cutAfterRows': 100", "MaxRetries=0", "08S01", "", 1},
        {"'cutAfterRows': 1500, 'count': 1", "MaxRetries=1", NULL, "", 2},
        {"'cutAfterBytes': 4000, 'count': 2", "MaxRetries=2", NULL, "", 3},
    };
    struct harness *h = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct session s;
        char *extra = text_format("ResultMode=spool;RetryDelay=1;SpoolMemoryBytes=100;%s", cases[i].extra);
        char *rule = text_format("{'body': 'Narrow', %s}", cases[i].fault);
        session_open(h, &s, extra);
        requests_clear(&h->service);
        faults_set(&h->service, rule);
        SQLRETURN code = exec(s.stmt, NARROW);
        if (cases[i].error != NULL) {
            expect_return("E", SQL_HANDLE_STMT, s.stmt, code, cases[i].fault, __FILE__, __LINE__);
            expect_state(SQL_HANDLE_STMT, s.stmt, cases[i].error);
            expect_message(SQL_HANDLE_STMT, s.stmt, cases[i].piece);
            expect_stmt("E", s.stmt, SQLFetch(s.stmt));
        } else {
            expect_return("S", SQL_HANDLE_STMT, s.stmt, code, cases[i].fault, __FILE__, __LINE__);
            assert_int_equal(count_rows(s.stmt, NULL), 2000);
            expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        }
        assert_int_equal(requests_count(&h->service, NULL, NULL, "Narrow"), cases[i].sent);
        assert_int_equal(nameless_files(), 0);
        faults_clear(&h->service);
        expect_usable(s.stmt);
        session_close(&s);
        free(rule);
        free(extra);
    }
}

/* What does not fit is in one file without a name, which goes with the result. */
static void memory_is_bounded(void **state)
{
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, "ResultMode=spool;SpoolMemoryBytes=100000");
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT 1 AS a"));
    assert_int_equal(nameless_files(), 0);
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    for (int i = 0; i < 3; i++) {
        expect_stmt("S", s.stmt, exec(s.stmt, ROWS_QUERY));
        assert_int_equal(nameless_files(), 1);
        if (i < 2)
            assert_int_equal(count_rows(s.stmt, NULL), 900);
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        assert_int_equal(nameless_files(), 0);
    }
    session_close(&s);
}

static void no_place_for_the_file(void **state)
{
    struct session s;
    const char *old = getenv("TMPDIR");
    char *kept = old != NULL ? text_format("%s", old) : NULL;

    session_open(*state, &s, "ResultMode=spool;SpoolMemoryBytes=1000");
    setenv("TMPDIR", "/nowhere/at/all", 1);
    SQLRETURN code = exec(s.stmt, ROWS_QUERY);
    if (kept != NULL)
        setenv("TMPDIR", kept, 1);
    else
        unsetenv("TMPDIR");
    free(kept);
    expect_stmt("E", s.stmt, code);
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY000");
    expect_message(SQL_HANDLE_STMT, s.stmt, "TMPDIR");
    expect_usable(s.stmt);
    session_close(&s);
}

/* ---- cancel and clocks ---- */

/* Rows come slowly for ever: as a stream the first would be there at once. */
static void waiting_ends(void **state)
{
    static const struct {
        const char *fault, *extra, *error;
        bool cancel;
    } cases[] = {
        {"'dripBytes': 100, 'dripMs': 50", "", "HY008", true},
        {"'dripBytes': 100, 'dripMs': 50", "Timeout=1", "HYT00", false},
        {"'dripBytes': 9000, 'dripMs': 60000", "IdleTimeout=1", "HYT01", false},
        {"'dripBytes': 9000, 'dripMs': 60000", "", "HY008", true},
    };
    struct harness *h = *state;

    control_options(&h->service, "{'gzip': false}");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct session s;
        struct canceller c;
        char *extra = text_format("ResultMode=spool;%s", cases[i].extra);
        char *rule = text_format("{'body': 'Narrow', %s}", cases[i].fault);
        session_open(h, &s, extra);
        faults_set(&h->service, rule);
        if (cases[i].cancel)
            canceller_start(&c, s.stmt, 200, false);
        SQLRETURN code = exec(s.stmt, NARROW);
        if (cases[i].cancel)
            canceller_check(&c, code, cases[i].fault);
        expect_stmt("E", s.stmt, code);
        expect_state(SQL_HANDLE_STMT, s.stmt, cases[i].error);
        faults_clear(&h->service);
        expect_usable(s.stmt);
        session_close(&s);
        free(rule);
        free(extra);
    }
}

/* ---- an application that pauses ---- */

/* Until the service has done with the request, one way or the other. */
static void wait_for_end(struct harness *h)
{
    bool ended = false;

    for (int64_t begin = now_ms(); !ended && now_ms() - begin < 60000; sleep_ms(20)) {
        json_object *list = requests_read(&h->service, true);
        ended = json_object_object_get(json_object_array_get_idx(list, 0), "end") != NULL;
        json_object_put(list);
    }
    assert_true(ended);
}

static void closed_while_the_application_paused(void **state)
{
    struct harness *h = *state;

    control_options(&h->service, "{'gzip': false}");
    faults_set(&h->service, "{'body': 'Bench', 'stallSeconds': 1}");
    for (int spool = 0; spool < 2; spool++) {
        struct session s;
        SQLRETURN last;
        session_open(h, &s, spool ? "ResultMode=spool" : NULL);
        requests_clear(&h->service);
        /* more than the sockets hold */
        expect_stmt("S", s.stmt, exec(s.stmt, "SELECT * FROM [Bench].[Bench].[Rows] LIMIT 80000"));
        expect_stmt("S", s.stmt, SQLFetch(s.stmt));
        wait_for_end(h);
        long rows = count_rows(s.stmt, &last);
        if (spool) {
            assert_int_equal(rows, 80000 - 1);
            expect_stmt("N", s.stmt, last);
        } else {
            expect_stmt("E", s.stmt, last);
            expect_state(SQL_HANDLE_STMT, s.stmt, "08S01");
            expect_message(SQL_HANDLE_STMT, s.stmt, "ResultMode=spool");
        }
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        session_close(&s);
    }
}

/* A break without a pause before it says nothing of pauses. */
static void a_break_without_a_pause(void **state)
{
    struct harness *h = *state;
    struct session s;
    SQLRETURN last;

    session_open(h, &s, NULL);
    faults_set(&h->service, "{'body': 'Narrow', 'cutAfterRows': 25}");
    expect_stmt("S", s.stmt, exec(s.stmt, NARROW));
    count_rows(s.stmt, &last);
    expect_stmt("E", s.stmt, last);
    char *records = diagnostics(SQL_HANDLE_STMT, s.stmt);
    assert_null(strstr(records, "ResultMode"));
    free(records);
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_those_of_a_stream),
        cmocka_unit_test(several_results),
        cmocka_unit_test(static_cursors_and_outputs),
        cmocka_unit_test(the_connection_is_free),
        cmocka_unit_test(late_failures),
        cmocka_unit_test(memory_is_bounded),
        cmocka_unit_test(no_place_for_the_file),
        cmocka_unit_test(waiting_ends),
        cmocka_unit_test(closed_while_the_application_paused),
        cmocka_unit_test(a_break_without_a_pause),
    };

    return harness_main("test_spool", NULL, tests, COUNT_OF(tests));
}
