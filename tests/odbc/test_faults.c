/*
 * Proves that replies which break, or come in unusual forms and pieces, give the same rows or an error, never
 * fewer rows without one; that reading is tried again where that is safe, and that nothing which writes is
 * ever sent twice.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define ROWS_QUERY   "SELECT * FROM [Bench].[Bench].[Rows] LIMIT 40"
#define NARROW_QUERY "SELECT Id FROM [Bench].[Bench].[Narrow] LIMIT 2000"

/* ---- replies that are cut ---- */

/* Runs the query and checks that the Ids are 1, 2, 3 … and that the end is an error of the link. The number
 * of rows. */
static long rows_before_break(SQLHSTMT stmt, const char *query, const char *what)
{
    SQLBIGINT id = 0;
    long rows = 0;
    char state[6] = "";
    SQLRETURN code = exec(stmt, query);

    while (SQL_SUCCEEDED(code) && SQL_SUCCEEDED(code = SQLFetch(stmt))) {
        expect_stmt("S", stmt, SQLGetData(stmt, 1, SQL_C_SBIGINT, &id, 0, NULL));
        assert_int_equal(id, ++rows);
    }
    if (code != SQL_ERROR)
        fail_at(__FILE__, __LINE__, "%s: %c after %ld rows", what, return_letter(code), rows);
    diagnostic(SQL_HANDLE_STMT, stmt, 1, state, NULL, NULL);
    if (strcmp(state, "08S01") != 0)
        fail_at(__FILE__, __LINE__, "%s: %s", what, diagnostics(SQL_HANDLE_STMT, stmt));
    /* and again, not the end */
    if (rows > 0)
        expect_stmt("E", stmt, SQLFetch(stmt));
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    return rows;
}

static void cut_after_rows(void **state)
{
    static const struct {
        const char *rule;
        bool gzip;
        long rows; /* that arrive; -1: not said */
    } cases[] = {
        {"{'body': 'Narrow', 'cutAfterRows': 25}", false, 25},
        {"{'body': 'Narrow', 'cutAfterRows': 25}", true, -1},
        {"{'body': 'Narrow', 'cutAfterRows': 0}", false, 0},
        {"{'body': 'Narrow', 'cutAfterRows': 1999}", false, 1999},
        {"{'body': 'Narrow', 'cutAfterRows': 1999}", true, -1},
        {"{'body': 'Narrow', 'cutAfterBytes': 3000}", false, -1},
        {"{'body': 'Narrow', 'cutAfterBytes': 3000}", true, -1},
        {"{'body': 'Narrow', 'cutAfterBytes': 3000, 'chunkBytes': 7}", false, -1},
        {"{'body': 'Narrow', 'cutAfterBytes': 3000, 'chunkBytes': 7}", true, -1},
        {"{'body': 'Narrow', 'reset': 'during', 'cutAfterRows': 25}", false, -1},
        {"{'body': 'Narrow', 'reset': 'during', 'cutAfterRows': 25}", true, -1},
    };
    struct session s;

    session_open(*state, &s, "MaxRetries=0");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        faults_clear(&s.harness->service);
        control_options(&s.harness->service, cases[i].gzip ? "{'gzip':true}" : "{'gzip':false}");
        faults_set(&s.harness->service, cases[i].rule);
        long rows = rows_before_break(s.stmt, NARROW_QUERY, cases[i].rule);
        if (cases[i].rows >= 0 && rows != cases[i].rows)
            fail_at(__FILE__, __LINE__, "%s: %ld rows", cases[i].rule, rows);
        expect_usable(s.stmt);
    }
    session_close(&s);
}

/* The small reply cut after every octet: with a stated length, and in chunks; plain, and compressed. */
static void cut_after_every_octet(void **state)
{
    static const char reply[] =
        "{'results':[{'affectedRows':-1,'schema':[{'columnLabel':'Id','columnName':'Id',"
        "'dataType':9}],'rows':[[1],[2],[3]]}]}";
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, "MaxRetries=0");
    for (size_t octets = 0; octets < sizeof reply - 1; octets++) {
        char *cut = text_format("\"cutAfterBytes\": %zu", octets);
        faults_clear(&h->service);
        fault_reply(&h->service, reply, cut);
        assert_true(rows_before_break(s.stmt, "SELECT Id", cut) <= 3);
        free(cut);
    }
    for (int gzip = 0; gzip < 2; gzip++) {
        control_options(&h->service, gzip ? "{'gzip':true}" : "{'gzip':false}");
        faults_clear(&h->service);
        requests_clear(&h->service);
        assert_int_equal(exec(s.stmt, "SELECT Id FROM [Bench].[Bench].[Narrow] LIMIT 3"), SQL_SUCCESS);
        assert_int_equal(count_rows(s.stmt, NULL), 3);
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        json_object *list = requests_read(&h->service, false);
        int64_t whole =
            json_object_get_int64(json_object_object_get(json_object_array_get_idx(list, 0), "sentBytes"));
        json_object_put(list);
        assert_true(whole > 50);
        /* the compression's own end, ten octets, lies behind the closing of the document */
        for (int64_t octets = 0; octets < (gzip ? whole - 10 : whole); octets++) {
            char *rule = text_format("{\"body\":\"Narrow\",\"cutAfterBytes\":%d}", (int)octets);
            faults_clear(&h->service);
            faults_set(&h->service, rule);
            assert_true(rows_before_break(s.stmt, "SELECT Id FROM [Bench].[Bench].[Narrow] LIMIT 3", rule) <=
                        3);
            free(rule);
        }
    }
    faults_clear(&h->service);
    expect_usable(s.stmt);
    session_close(&s);
}

/* ---- replies in unusual forms ---- */

static void forms_of_replies(void **state)
{
    static const char *const rules[] = {
        "'chunkBytes': 1",
        "'chunkBytes': 2",
        "'chunkBytes': 7",
        "'chunkBytes': 1000",
        "'rowsFirst': true",
        "'rowsFirst': true, 'chunkBytes': 1",
        "'extraMembers': true",
        "'extraMembers': true, 'chunkBytes': 1",
        "'nullMembers': true",
        "'upperMembers': true",
        "'upperMembers': true, 'chunkBytes': 3",
        "'extraMembers': true, 'nullMembers': true, 'upperMembers': true",
        "'extraMembers': true, 'rowsFirst': true, 'upperMembers': true, 'chunkBytes': 1",
        "'dripBytes': 900, 'dripMs': 1",
    };
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, NULL);
    assert_int_equal(exec(s.stmt, ROWS_QUERY), SQL_SUCCESS);
    char *expected = rows_text(s.stmt);
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    for (size_t i = 0; i < COUNT_OF(rules) * 4; i++) {
        char *rule = text_format("{'body': 'Bench', %s}", rules[i / 4]);
        control_options(&h->service, i % 2 == 0 ? "{'gzip':true}" : "{'gzip':false}");
        control_options(&h->service, i / 2 % 2 == 0 ? "{'profile':'new'}" : "{'profile':'old'}");
        faults_clear(&h->service);
        faults_set(&h->service, rule);
        expect_rows(s.stmt, ROWS_QUERY, expected);
        free(rule);
    }
    free(expected);
    session_close(&s);
}

static void compression_by_option(void **state)
{
    struct harness *h = *state;

    for (int on = 0; on < 2; on++) {
        struct session s;
        session_open(h, &s, on ? "Compression=1" : "Compression=0");
        requests_clear(&h->service);
        assert_int_equal(exec(s.stmt, NARROW_QUERY), SQL_SUCCESS);
        assert_int_equal(count_rows(s.stmt, NULL), 2000);
        json_object *list = requests_read(&h->service, false);
        assert_int_equal(
            json_object_get_boolean(json_object_object_get(json_object_array_get_idx(list, 0), "gzip")), on);
        json_object_put(list);
        session_close(&s);
    }
}

/* ---- rows that are too long ---- */

static void long_rows(void **state)
{
    static const struct {
        const char *options, *rule;
        int length;
        bool fits;
    } cases[] = {
        {"", NULL, 3000000, true},
        {"MaxRowBytes=65536", NULL, 60000, true},
        {"MaxRowBytes=65536", NULL, 70000, false},
        {"MaxRowBytes=1048576", NULL, 70000, true},
        /* rows before their schema are held up to the same limit */
        {"MaxRowBytes=65536", "{'body': 'REPLICATE', 'rowsFirst': true}", 30000, true},
        {"MaxRowBytes=65536", "{'body': 'REPLICATE', 'rowsFirst': true}", 70000, false},
    };
    struct harness *h = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct session s;
        char *query =
            text_format("SELECT 1 AS Id, 'a' AS t UNION ALL SELECT 2, REPLICATE('x', %d)", cases[i].length);
        session_open(h, &s, cases[i].options);
        faults_clear(&h->service);
        if (cases[i].rule != NULL)
            faults_set(&h->service, cases[i].rule);
        SQLRETURN code = exec(s.stmt, query);
        if (cases[i].rule == NULL || cases[i].fits) {
            expect_return("S", SQL_HANDLE_STMT, s.stmt, code, query, __FILE__, __LINE__);
            expect_stmt("S", s.stmt, SQLFetch(s.stmt));
            code = SQLFetch(s.stmt);
        }
        if (cases[i].fits) {
            expect_stmt("S", s.stmt, code);
            char *text = cell_text(s.stmt, 2);
            assert_int_equal(strlen(text), cases[i].length);
            assert_int_equal(strspn(text, "x"), cases[i].length);
            free(text);
            expect_stmt("N", s.stmt, SQLFetch(s.stmt));
        } else {
            if (code != SQL_ERROR)
                fail_at(__FILE__, __LINE__, "%s %s %d", cases[i].options, cases[i].rule, cases[i].length);
            expect_state(SQL_HANDLE_STMT, s.stmt, "HY000");
            expect_message(SQL_HANDLE_STMT, s.stmt, "MaxRowBytes");
        }
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        faults_clear(&h->service);
        expect_usable(s.stmt);
        session_close(&s);
        free(query);
    }
}

/* ---- several results ---- */

/* Every result as text: rows in brackets, counts as #n; a result begins with its number of columns. */
static char *results_text(SQLHSTMT stmt, const char *query)
{
    char *all = text_format("%s", "");
    SQLRETURN code = exec(stmt, query);

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
    expect_stmt("N", stmt, SQLMoreResults(stmt));
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    return all;
}

#define ONE_COLUMN "'schema':[{'columnName':'a','dataType':8}]"

static void several_results(void **state)
{
    static const struct {
        const char *reply; /* NULL: the service's own */
        const char *expected;
    } cases[] = {
        {NULL, "1:1\n2:2|3\n"},
        {"{'results':[{" ONE_COLUMN ",'rows':[[1],[2]]},{" ONE_COLUMN ",'rows':[]},{" ONE_COLUMN
         ",'rows':[[3]]}]}",
         "1:1\n2\n1:1:3\n"},
        UNIXODBC_ONLY("opens no cursor behind a row count",
                      {"{'results':[{'affectedRows':3},{" ONE_COLUMN
                       ",'rows':[[1]]},{'affectedRows':0,'schema':[],'rows':[]}]}",
                       "0:#3\n1:1\n0:#0\n"}, ){
            "{'results':[{'affectedRows':3,'schema':null,'rows':null},{'affectedRows':4}]}", "0:#3\n0:#4\n"},
        {"{'results':[{'affectedRows':5," ONE_COLUMN ",'rows':[[1]]}]}", "1:1\n"},
        {"{'results':[{'rows':[[1]]," ONE_COLUMN "},{'rows':[[2]]," ONE_COLUMN "}]}", "1:1\n1:2\n"},
    };
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(cases) * 2; i++) {
        faults_clear(&h->service);
        if (cases[i / 2].reply != NULL)
            fault_reply(&h->service, cases[i / 2].reply, i % 2 == 0 ? "" : "'chunkBytes': 1");
        char *actual = results_text(s.stmt, "SELECT 1 AS a; SELECT 2 AS b, 3 AS c");
        expect_text(actual, cases[i / 2].expected);
        free(actual);
    }
    session_close(&s);
}

/* Moving on from the middle of a set passes over its rows; an error behind the second set is not lost. */
static void results_passed_over(void **state)
{
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, NULL);
    fault_reply(&h->service,
                "{'results':[{" ONE_COLUMN ",'rows':[[1],[2],[3]]},{" ONE_COLUMN ",'rows':[[4]]}],"
                "'error':{'code':'QUERY_FAILED','message':'Too late'}}",
                "");
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT 1"));
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    expect_stmt("S", s.stmt, SQLMoreResults(s.stmt));
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    char *cell = cell_text(s.stmt, 1);
    expect_text(cell, "4");
    free(cell);
    SQLRETURN code = SQLFetch(s.stmt);
    if (code == SQL_NO_DATA)
        code = SQLMoreResults(s.stmt);
    expect_stmt("E", s.stmt, code);
    expect_message(SQL_HANDLE_STMT, s.stmt, "Too late");
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    faults_clear(&h->service);
    expect_usable(s.stmt);
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_after_rows),      cmocka_unit_test(cut_after_every_octet),
        cmocka_unit_test(forms_of_replies),    cmocka_unit_test(compression_by_option),
        cmocka_unit_test(long_rows),           cmocka_unit_test(several_results),
        cmocka_unit_test(results_passed_over),
    };

    return harness_main("test_faults", NULL, tests, COUNT_OF(tests));
}
