/*
 * Arrays of parameters for statements that run once for each set: queries, procedure calls, UPSERT, several
 * statements in one text.
 *
 * Must not know how the driver keeps the sets. What /batch takes is in test_array.c. Rules: "Using Arrays of
 * Parameters" and SQLMoreResults of the ODBC reference.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#define ARG(text) (SQLCHAR *)(uintptr_t)(text), SQL_NTS
#define NOTES     "[PostgreSQL1].[public].[notes]"
#define SETTINGS  "[PostgreSQL1].[public].[settings]"

enum { SETS = 4, TITLE = 24, UNTOUCHED = 77 };

/* What an array execution reports. */
struct report {
    SQLULEN processed;
    SQLUSMALLINT status[SETS];
};

static void set(SQLHSTMT stmt, SQLINTEGER attribute, SQLULEN value)
{
    expect_stmt("S", stmt, SQLSetStmtAttr(stmt, attribute, (SQLPOINTER)(uintptr_t)value, SQL_IS_UINTEGER));
}

static void set_pointer(SQLHSTMT stmt, SQLINTEGER attribute, void *value)
{
    expect_stmt("S", stmt, SQLSetStmtAttr(stmt, attribute, value, SQL_IS_POINTER));
}

static void ask_report(SQLHSTMT stmt, struct report *report)
{
    report->processed = UNTOUCHED;
    for (size_t i = 0; i < SETS; i++)
        report->status[i] = UNTOUCHED;
    set(stmt, SQL_ATTR_PARAMSET_SIZE, SETS);
    set_pointer(stmt, SQL_ATTR_PARAM_STATUS_PTR, report->status);
    set_pointer(stmt, SQL_ATTR_PARAMS_PROCESSED_PTR, &report->processed);
}

/* The report says so many sets processed, and a letter for each: S success, E error, D unknown, U unused. */
#define expect_report(report, sets, letters) expect_report_at(report, sets, letters, __LINE__)
static void expect_report_at(const struct report *report, SQLULEN sets, const char *letters, int line)
{
    char found[SETS + 1] = "";
    for (size_t i = 0; i < SETS; i++)
        found[i] = report->status[i] == SQL_PARAM_SUCCESS            ? 'S'
                   : report->status[i] == SQL_PARAM_ERROR            ? 'E'
                   : report->status[i] == SQL_PARAM_UNUSED           ? 'U'
                   : report->status[i] == SQL_PARAM_DIAG_UNAVAILABLE ? 'D'
                                                                     : '?';
    if (report->processed != sets || strcmp(found, letters) != 0)
        fail_at(__FILE__, line, "%lu sets processed, %s; not %lu, %s", (unsigned long)report->processed,
                found, (unsigned long)sets, letters);
}

static void bind_integers(SQLHSTMT stmt, SQLUSMALLINT number, SQLINTEGER *values, SQLLEN *lengths)
{
    expect_stmt(
        "S", stmt,
        SQLBindParameter(stmt, number, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, values, 0, lengths));
}

static void bind_titles(SQLHSTMT stmt, SQLUSMALLINT number, char titles[SETS][TITLE])
{
    expect_stmt("S", stmt,
                SQLBindParameter(stmt, number, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 100, 0, titles,
                                 TITLE, NULL));
}

#define expect_result(stmt, expected) expect_result_at(stmt, expected, __LINE__)
static void expect_result_at(SQLHSTMT stmt, const char *expected, int line)
{
    char *rows = rows_text(stmt);
    expect_text_at(rows, expected, "rows", __FILE__, line);
    free(rows);
}

static size_t sent(struct harness *h, const char *path)
{
    return requests_count(&h->service, "POST", path, NULL);
}

static void a_query_gives_a_result_for_each_set_when_asked(void **state)
{
    struct harness *h = *state;
    SQLINTEGER values[SETS] = {1, 2, 3, 4};
    SQLLEN lengths[SETS] = {0, SQL_NULL_DATA, 0, 0};
    struct report report;
    struct session s;
    SQLLEN count;

    session_open(h, &s, NULL);
    ask_report(s.stmt, &report);
    bind_integers(s.stmt, 1, values, lengths);
    expect_stmt("S", s.stmt, SQLPrepare(s.stmt, ARG("SELECT ? AS V")));
    for (int turn = 0; turn < 2; turn++) {
        requests_clear(&h->service);
        expect_stmt("S", s.stmt, SQLExecute(s.stmt));
        assert_int_equal(sent(h, "/query"), 1);
        expect_report(&report, 1, "SUUU");
        expect_stmt("S", s.stmt, SQLRowCount(s.stmt, &count));
        assert_int_equal(count, -1);
        expect_result(s.stmt, "1\n");
        /* The values are those of the execution, whatever the application did with its memory since. */
        memset(values, 0x55, sizeof values);
        expect_stmt("S", s.stmt, SQLMoreResults(s.stmt));
        assert_int_equal(sent(h, "/query"), 2);
        expect_report(&report, 2, "SSUU");
        expect_result(s.stmt, "<null>\n");
        expect_stmt("S", s.stmt, SQLMoreResults(s.stmt)); /* its rows are passed over */
        expect_stmt("S", s.stmt, SQLMoreResults(s.stmt));
        expect_report(&report, 4, "SSSS");
        expect_result(s.stmt, "4\n");
        expect_stmt("N", s.stmt, SQLMoreResults(s.stmt));
        expect_stmt("N", s.stmt, SQLMoreResults(s.stmt));
        assert_int_equal(sent(h, "/query"), 4);
        memcpy(values, (SQLINTEGER[SETS]){1, 2, 3, 4}, sizeof values);
    }
    session_close(&s);
}

static void a_cursor_closed_early_sends_no_more(void **state)
{
    struct harness *h = *state;
    SQLINTEGER values[SETS] = {1, 2, 3, 4};
    struct report report;
    struct session s;

    session_open(h, &s, NULL);
    ask_report(s.stmt, &report);
    bind_integers(s.stmt, 1, values, NULL);
    requests_clear(&h->service);
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT ? AS V"));
    expect_stmt("S", s.stmt, SQLMoreResults(s.stmt));
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    expect_stmt("N", s.stmt, SQLMoreResults(s.stmt));
    assert_int_equal(sent(h, "/query"), 2);
    expect_report(&report, 2, "SSUU");
    session_close(&s);
}

/* Every pattern of sets to ignore: the others come in order, and nothing of the ignored is looked at. */
static void ignored_sets_are_passed_over(void **state)
{
    struct harness *h = *state;
    SQLINTEGER values[SETS] = {1, 2, 3, 4};
    SQLLEN lengths[SETS];
    SQLUSMALLINT operations[SETS];
    struct report report;
    struct session s;

    session_open(h, &s, NULL);
    set_pointer(s.stmt, SQL_ATTR_PARAM_OPERATION_PTR, operations);
    bind_integers(s.stmt, 1, values, lengths);
    for (unsigned pattern = 0; pattern < 1U << SETS; pattern++) {
        char letters[SETS + 1] = "";
        SQLRETURN next = SQL_SUCCESS;
        ask_report(s.stmt, &report);
        for (unsigned i = 0; i < SETS; i++) {
            bool used = pattern >> i & 1;
            operations[i] = used ? SQL_PARAM_PROCEED : SQL_PARAM_IGNORE;
            lengths[i] = used ? 0 : SQL_DATA_AT_EXEC;
            letters[i] = used ? 'S' : 'U';
        }
        requests_clear(&h->service);
        expect_stmt("S", s.stmt, exec(s.stmt, "SELECT ? AS V"));
        for (unsigned i = 0; i < SETS; i++) {
            if (!(pattern >> i & 1))
                continue;
            char *expected = text_format("%u\n", i + 1);
            assert_int_equal(next, SQL_SUCCESS);
            expect_result(s.stmt, expected);
            free(expected);
            next = expect_stmt("SN", s.stmt, SQLMoreResults(s.stmt));
        }
        expect_stmt("N", s.stmt, SQLMoreResults(s.stmt));
        expect_report(&report, SETS, letters);
        assert_int_equal(sent(h, "/query"), (size_t)__builtin_popcount(pattern));
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    }
    /* The same with a statement that goes as a batch, all of whose sets are ignored. */
    for (unsigned i = 0; i < SETS; i++)
        operations[i] = SQL_PARAM_IGNORE;
    requests_clear(&h->service);
    expect_stmt("S", s.stmt, exec(s.stmt, "INSERT INTO " SETTINGS " (name) VALUES (?)"));
    expect_stmt("N", s.stmt, SQLMoreResults(s.stmt));
    assert_int_equal(sent(h, NULL), 0);
    session_close(&s);
}

static void a_set_that_fails_is_reported_in_its_turn(void **state)
{
    struct harness *h = *state;
    SQLINTEGER values[SETS] = {1, 2, 3, 4};
    struct report report;
    struct session s;

    session_open(h, &s, NULL);
    ask_report(s.stmt, &report);
    bind_integers(s.stmt, 1, values, NULL);
    for (size_t failing = 0; failing < SETS; failing++) {
        static const char *const letters[] = {"EUUU", "SEUU", "SSEU", "SSSE"};
        char *rule = text_format("{'path': '/query', 'skip': %zu, 'count': 1, 'errorAfterRows': 0, "
                                 "'errorMessage': 'Table x not found'}",
                                 failing);
        faults_set(&h->service, rule);
        free(rule);
        requests_clear(&h->service);
        SQLRETURN result = exec(s.stmt, "SELECT ? AS V");
        for (size_t i = 0; i < failing; i++) {
            expect_stmt("S", s.stmt, result);
            result = SQLMoreResults(s.stmt);
        }
        expect_stmt("E", s.stmt, result);
        expect_message(SQL_HANDLE_STMT, s.stmt, "Table x not found");
        expect_report(&report, failing + 1, letters[failing]);
        expect_stmt("N", s.stmt, SQLMoreResults(s.stmt));
        assert_int_equal(sent(h, "/query"), failing + 1);
        faults_clear(&h->service);
        ask_report(s.stmt, &report);
    }
    session_close(&s);
}

static void a_value_that_cannot_be_sent_stops_all(void **state)
{
    struct harness *h = *state;
    char values[SETS][TITLE] = {"1", "2", "three", "4"};
    struct report report;
    struct session s;
    SQLLEN row = 0;

    session_open(h, &s, NULL);
    ask_report(s.stmt, &report);
    expect_stmt(
        "S", s.stmt,
        SQLBindParameter(s.stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_INTEGER, 0, 0, values, TITLE, NULL));
    requests_clear(&h->service);
    expect_stmt("E", s.stmt, exec(s.stmt, "SELECT ? AS V"));
    expect_state(SQL_HANDLE_STMT, s.stmt, "22018");
    expect_stmt("S", s.stmt, SQLGetDiagField(SQL_HANDLE_STMT, s.stmt, 1, SQL_DIAG_ROW_NUMBER, &row, 0, NULL));
    assert_int_equal(row, 3);
    expect_report(&report, 3, "UUEU");
    assert_int_equal(sent(h, "/query"), 0);
    session_close(&s);
}

static void scrollable_cursors_and_bound_columns_go_from_set_to_set(void **state)
{
    SQLINTEGER values[SETS] = {1, 2, 3, 4}, cell = 0;
    struct session s;

    session_open(*state, &s, NULL);
    set(s.stmt, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
    set(s.stmt, SQL_ATTR_PARAMSET_SIZE, SETS);
    bind_integers(s.stmt, 1, values, NULL);
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 1, SQL_C_SLONG, &cell, 0, NULL));
    expect_stmt("S", s.stmt,
                exec(s.stmt, "SELECT Id + ? * 100 FROM [Types].[Types].[AllTypes] WHERE Id < 4 ORDER BY 1"));
    for (int i = 1; i <= SETS; i++) {
        expect_stmt("S", s.stmt, SQLFetchScroll(s.stmt, SQL_FETCH_LAST, 0));
        assert_int_equal(cell, i * 100 + 3);
        expect_stmt("S", s.stmt, SQLFetchScroll(s.stmt, SQL_FETCH_FIRST, 0));
        assert_int_equal(cell, i * 100 + 1);
        expect_stmt(i < SETS ? "S" : "N", s.stmt, SQLMoreResults(s.stmt));
    }
    session_close(&s);
}

static void data_at_execution_is_put_for_each_set(void **state)
{
    char titles[SETS][TITLE] = {"a", "b", "c", "d"};
    SQLLEN lengths[SETS] = {SQL_NTS, SQL_DATA_AT_EXEC, SQL_NTS, SQL_LEN_DATA_AT_EXEC(2)};
    struct report report;
    struct session s;
    SQLPOINTER token;

    session_open(*state, &s, NULL);
    ask_report(s.stmt, &report);
    expect_stmt(
        "S", s.stmt,
        SQLBindParameter(s.stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, titles, TITLE, lengths));
    expect_stmt("D", s.stmt, exec(s.stmt, "SELECT ? AS V"));
    expect_stmt("D", s.stmt, SQLParamData(s.stmt, &token));
    assert_ptr_equal(token, titles[1]);
    expect_stmt("S", s.stmt, SQLPutData(s.stmt, titles[0], 1));
    expect_stmt("S", s.stmt, SQLPutData(s.stmt, titles[1], 1));
    expect_stmt("D", s.stmt, SQLParamData(s.stmt, &token));
    assert_ptr_equal(token, titles[3]);
    expect_stmt("S", s.stmt, SQLPutData(s.stmt, "put", SQL_NTS));
    expect_stmt("S", s.stmt, SQLParamData(s.stmt, &token));
    static const char *const rows[] = {"a\n", "ab\n", "c\n", "put\n"};
    for (size_t i = 0; i < SETS; i++) {
        expect_result(s.stmt, rows[i]);
        expect_stmt(i + 1 < SETS ? "S" : "N", s.stmt, SQLMoreResults(s.stmt));
    }
    expect_report(&report, 4, "SSSS");
    session_close(&s);
}

static void a_writing_call_runs_for_every_set_at_once(void **state)
{
    struct harness *h = *state;
    char titles[SETS][TITLE] = {"sets a", "sets b", "sets c", "sets d"};
    SQLINTEGER ids[SETS] = {0};
    SQLLEN id_lengths[SETS] = {0};
    struct report report;
    struct session s;

    session_open(h, &s, NULL);
    ask_report(s.stmt, &report);
    bind_titles(s.stmt, 1, titles);
    expect_stmt(
        "S", s.stmt,
        SQLBindParameter(s.stmt, 2, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, ids, 0, id_lengths));
    requests_clear(&h->service);
    expect_stmt("S", s.stmt, exec(s.stmt, "{call [PostgreSQL1].[public].[insert_note](?, 'body', ?)}"));
    assert_int_equal(sent(h, "/exec"), SETS);
    expect_report(&report, SETS, "SSSS");
    expect_stmt("N", s.stmt, SQLMoreResults(s.stmt));
    for (size_t i = 0; i < SETS; i++) {
        assert_true(ids[i] > (i ? ids[i - 1] : 0));
        assert_int_equal(id_lengths[i], sizeof ids[i]);
    }

    /* After a failure nothing more is written, and nothing is written twice. */
    for (size_t i = 0; i < SETS; i++)
        titles[i][0] = 'S';
    faults_set(&h->service, "{'path': '/exec', 'skip': 1, 'count': 1, 'status': 503}");
    requests_clear(&h->service);
    expect_stmt("E", s.stmt, exec(s.stmt, "{call [PostgreSQL1].[public].[insert_note](?, 'body', ?)}"));
    expect_report(&report, 2, "SDUU");
    assert_int_equal(sent(h, "/exec"), 2);
    faults_clear(&h->service);
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_RESET_PARAMS));
    set(s.stmt, SQL_ATTR_PARAMSET_SIZE, 1);
    set_pointer(s.stmt, SQL_ATTR_PARAM_STATUS_PTR, NULL);
    set_pointer(s.stmt, SQL_ATTR_PARAMS_PROCESSED_PTR, NULL);
    expect_rows(s.stmt, "SELECT title FROM " NOTES " WHERE body = 'body' ORDER BY id",
                "sets a\nsets b\nsets c\nsets d\nSets a\n");
    expect_stmt("S", s.stmt, exec(s.stmt, "DELETE FROM " NOTES " WHERE body = 'body'"));
    session_close(&s);
}

/* Read or not, the call is made for every set: it may write. */
static void a_call_with_results_runs_at_once_and_keeps_them(void **state)
{
    static const char *const calls[] = {"{call [PostgreSQL1].[public].[customer_orders](?)}",
                                        "EXEC [PostgreSQL1].[public].[customer_orders] @customer_id = ?"};
    struct harness *h = *state;
    SQLINTEGER ids[SETS] = {3, 4, 5, 6};
    struct report report;
    struct session s;

    session_open(h, &s, NULL);
    for (size_t call = 0; call < COUNT_OF(calls); call++) {
        ask_report(s.stmt, &report);
        bind_integers(s.stmt, 1, ids, NULL);
        requests_clear(&h->service);
        expect_stmt("S", s.stmt, exec(s.stmt, calls[call]));
        assert_int_equal(sent(h, "/exec"), SETS);
        expect_report(&report, SETS, "SSSS");
        for (size_t i = 0; i < SETS; i++) {
            char *expected = text_format("Customer %02zu", i + 3);
            expect_stmt("S", s.stmt, SQLFetch(s.stmt));
            char *name = cell_text(s.stmt, 2);
            expect_text(name, expected);
            free(name);
            free(expected);
            expect_stmt("S", s.stmt, SQLMoreResults(s.stmt)); /* the orders of the same customer */
            expect_stmt(i + 1 < SETS ? "S" : "N", s.stmt, SQLMoreResults(s.stmt));
        }
        assert_int_equal(sent(h, "/exec"), SETS);
        /* Closed with results unread, and once more. */
        expect_stmt("S", s.stmt, exec(s.stmt, calls[call]));
        expect_stmt("S", s.stmt, SQLMoreResults(s.stmt));
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        assert_int_equal(sent(h, "/exec"), 2 * SETS);
    }

    /* An error behind the rows of a set is that set's, and stops the others. */
    ask_report(s.stmt, &report);
    faults_set(&h->service, "{'path': '/exec', 'skip': 1, 'count': 1, 'errorAfterRows': 1}");
    expect_stmt("E", s.stmt, exec(s.stmt, calls[0]));
    expect_report(&report, 2, "SEUU");
    expect_stmt("N", s.stmt, SQLMoreResults(s.stmt));
    faults_clear(&h->service);
    session_close(&s);
}

/* More than memory is to hold: the rest is in files until it is read. */
static void kept_results_may_be_large(void **state)
{
    SQLINTEGER values[SETS] = {1, 2, 3, 4};
    struct session s;

    session_open(*state, &s, "SpoolMemoryBytes=0;");
    set(s.stmt, SQL_ATTR_PARAMSET_SIZE, SETS);
    bind_integers(s.stmt, 1, values, NULL);
    expect_stmt("S", s.stmt,
                exec(s.stmt, "SELECT Id FROM [Bench].[Bench].[Narrow] WHERE Id > ? LIMIT 20000; SELECT 1"));
    for (size_t i = 0; i < SETS; i++) {
        char *expected = text_format("%zu", i + 2);
        expect_stmt("S", s.stmt, SQLFetch(s.stmt));
        char *first = cell_text(s.stmt, 1);
        expect_text(first, expected);
        free(first);
        free(expected);
        assert_int_equal(count_rows(s.stmt, NULL), 19999);
        expect_stmt("S", s.stmt, SQLMoreResults(s.stmt));
        expect_result(s.stmt, "1\n");
        expect_stmt(i + 1 < SETS ? "S" : "N", s.stmt, SQLMoreResults(s.stmt));
    }
    session_close(&s);
}

static void what_batch_does_not_take_is_written_set_by_set(void **state)
{
    static const struct {
        const char *sql, *letter;
        SQLLEN rows;
        size_t requests;
    } cases[] = {
        {"UPSERT INTO " SETTINGS " (name, value) VALUES (?, 'upserted')", "S", 4, 4},
        {"UPSERT INTO " SETTINGS " (name, value) VALUES (?, 'again')", "S", 4, 4},
        {"DELETE FROM " SETTINGS " WHERE name = ? AND value = 'upserted'", "N", 0, 1},
        {"DELETE FROM " SETTINGS " WHERE name = ? AND value = 'again'", "S", 4, 1},
    };
    struct harness *h = *state;
    char titles[SETS][TITLE] = {"sets a", "sets b", "sets c", "sets d"};
    struct report report;
    struct session s;
    SQLLEN count;

    session_open(h, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ask_report(s.stmt, &report);
        bind_titles(s.stmt, 1, titles);
        requests_clear(&h->service);
        expect_stmt(cases[i].letter, s.stmt, exec(s.stmt, cases[i].sql));
        expect_stmt("S", s.stmt, SQLRowCount(s.stmt, &count));
        assert_int_equal(count, cases[i].rows);
        expect_report(&report, SETS, "SSSS");
        assert_int_equal(sent(h, NULL), cases[i].requests);
        expect_stmt("N", s.stmt, SQLMoreResults(s.stmt));
    }
    session_close(&s);
}

static void several_statements_give_their_results_for_each_set(void **state)
{
    struct harness *h = *state;
    char titles[SETS][TITLE] = {"sets a", "sets b", "sets c", "sets d"};
    struct report report;
    struct session s;

    session_open(h, &s, NULL);
    ask_report(s.stmt, &report);
    bind_titles(s.stmt, 1, titles);
    bind_titles(s.stmt, 2, titles);
    expect_stmt("S", s.stmt,
                exec(s.stmt,
                     "INSERT INTO " SETTINGS " (name, value) VALUES (?, 'x'); SELECT name FROM " SETTINGS
                     " WHERE name = ?; DELETE FROM " SETTINGS " WHERE value = 'x'"));
    for (size_t i = 0; i < SETS; i++) {
        char *expected = text_format("%s\n", titles[i]);
        SQLLEN count = 0;
        expect_stmt("S", s.stmt, SQLRowCount(s.stmt, &count));
        assert_int_equal(count, 1);
        expect_stmt("S", s.stmt, SQLMoreResults(s.stmt));
        expect_result(s.stmt, expected);
        expect_stmt("S", s.stmt, SQLMoreResults(s.stmt));
        expect_stmt(i + 1 < SETS ? "S" : "N", s.stmt, SQLMoreResults(s.stmt));
        free(expected);
    }
    expect_report(&report, SETS, "SSSS");
    session_close(&s);
}

/* Parameters that were unbound while results were read take no outputs. */
static void outputs_of_unbound_parameters_are_dropped(void **state)
{
    SQLINTEGER id = 3, ids[SETS] = {3, 4, 5, 6};
    SQLHDESC own, other;
    struct session s;

    session_open(*state, &s, NULL);
    bind_integers(s.stmt, 1, &id, NULL);
    expect_stmt("S", s.stmt, exec(s.stmt, "{call [PostgreSQL1].[public].[customer_orders](?)}"));
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_RESET_PARAMS));
    expect_stmt("S", s.stmt, SQLMoreResults(s.stmt));
    expect_stmt("N", s.stmt, SQLMoreResults(s.stmt));

    for (SQLUSMALLINT n = 1; n <= 30; n++)
        expect_stmt("S", s.stmt,
                    SQLBindParameter(s.stmt, n, n % 2 ? SQL_PARAM_INPUT : SQL_PARAM_OUTPUT, SQL_C_SLONG,
                                     SQL_INTEGER, 0, 0, ids, 0, NULL));
    set(s.stmt, SQL_ATTR_PARAMSET_SIZE, 2);
    expect_dbc("S", s.dbc, SQLAllocHandle(SQL_HANDLE_DESC, s.dbc, &other));
    expect_stmt("S", s.stmt, SQLGetStmtAttr(s.stmt, SQL_ATTR_APP_PARAM_DESC, &own, 0, NULL));
    expect_stmt("S", s.stmt,
                exec(s.stmt, "SELECT Id FROM [Types].[Types].[AllTypes] WHERE Id = ? + ? - ? OR Id IN "
                             "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"));
    set_pointer(s.stmt, SQL_ATTR_APP_PARAM_DESC, other);
    expect_stmt("S", s.stmt, SQLMoreResults(s.stmt));
    expect_stmt("N", s.stmt, SQLMoreResults(s.stmt));
    set_pointer(s.stmt, SQL_ATTR_APP_PARAM_DESC, own);
    SQLFreeHandle(SQL_HANDLE_DESC, other);
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_query_gives_a_result_for_each_set_when_asked),
        cmocka_unit_test(a_cursor_closed_early_sends_no_more),
        cmocka_unit_test(ignored_sets_are_passed_over),
        cmocka_unit_test(a_set_that_fails_is_reported_in_its_turn),
        cmocka_unit_test(a_value_that_cannot_be_sent_stops_all),
        cmocka_unit_test(scrollable_cursors_and_bound_columns_go_from_set_to_set),
        cmocka_unit_test(data_at_execution_is_put_for_each_set),
        cmocka_unit_test(a_writing_call_runs_for_every_set_at_once),
        cmocka_unit_test(a_call_with_results_runs_at_once_and_keeps_them),
        cmocka_unit_test(kept_results_may_be_large),
        cmocka_unit_test(what_batch_does_not_take_is_written_set_by_set),
        cmocka_unit_test(several_statements_give_their_results_for_each_set),
        cmocka_unit_test(outputs_of_unbound_parameters_are_dropped),
    };

    return harness_main("test_sets", NULL, tests, COUNT_OF(tests));
}
