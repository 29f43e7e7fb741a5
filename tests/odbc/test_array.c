/*
 * Arrays of parameters: column-wise and row-wise, with offsets, operation and status arrays; a failure of one
 * set; replies with a count for each set and with a total.
 *
 * Must not know how the driver cuts an array into requests. Rules: "Using Arrays of Parameters" of the ODBC
 * reference.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#define ARG(text) (SQLCHAR *)(uintptr_t)(text), SQL_NTS
#define SETTINGS  "[PostgreSQL1].[public].[settings]"
#define INSERT    "INSERT INTO " SETTINGS " (name, value) VALUES (?, ?)"
#define EACH      "{\"batchReply\": \"each\"}"
#define TOTAL     "{\"batchReply\": \"total\"}"

enum { MOST = 1500, NAME = 20 };

struct setting {
    char name[NAME];
    SQLLEN name_length;
    SQLINTEGER value;
    SQLLEN value_length;
};

static void set(SQLHSTMT stmt, SQLINTEGER attribute, SQLULEN value)
{
    expect_stmt("S", stmt, SQLSetStmtAttr(stmt, attribute, (SQLPOINTER)(uintptr_t)value, SQL_IS_UINTEGER));
}

static void set_pointer(SQLHSTMT stmt, SQLINTEGER attribute, void *value)
{
    expect_stmt("S", stmt, SQLSetStmtAttr(stmt, attribute, value, SQL_IS_POINTER));
}

static void fill(struct setting *rows, size_t count, const char *prefix)
{
    for (size_t i = 0; i < count; i++) {
        snprintf(rows[i].name, sizeof rows[i].name, "%s %04zu", prefix, i);
        rows[i].name_length = SQL_NTS;
        rows[i].value = (SQLINTEGER)i;
        rows[i].value_length = i % 7 == 6 ? SQL_NULL_DATA : 0;
    }
}

static void bind_rows(SQLHSTMT stmt, struct setting *rows)
{
    set(stmt, SQL_ATTR_PARAM_BIND_TYPE, sizeof *rows);
    expect_stmt("S", stmt,
                SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 50, 0, rows->name, NAME,
                                 &rows->name_length));
    expect_stmt("S", stmt,
                SQLBindParameter(stmt, 2, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_VARCHAR, 20, 0, &rows->value, 0,
                                 &rows->value_length));
}

static void clean(SQLHSTMT stmt)
{
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_RESET_PARAMS));
    set(stmt, SQL_ATTR_PARAMSET_SIZE, 1);
    set(stmt, SQL_ATTR_PARAM_BIND_TYPE, SQL_PARAM_BIND_BY_COLUMN);
    set_pointer(stmt, SQL_ATTR_PARAM_STATUS_PTR, NULL);
    set_pointer(stmt, SQL_ATTR_PARAMS_PROCESSED_PTR, NULL);
    set_pointer(stmt, SQL_ATTR_PARAM_OPERATION_PTR, NULL);
    set_pointer(stmt, SQL_ATTR_PARAM_BIND_OFFSET_PTR, NULL);
    expect_stmt("SN", stmt, exec(stmt, "DELETE FROM " SETTINGS " WHERE name LIKE 'array%'"));
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
}

static void expect_stored(SQLHSTMT stmt, long rows, long nulls)
{
    char *expected = text_format("%ld|%ld\n", rows, nulls);

    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_RESET_PARAMS));
    set(stmt, SQL_ATTR_PARAMSET_SIZE, 1);
    expect_rows(stmt, "SELECT COUNT(*), COUNT(*) - COUNT(value) FROM " SETTINGS " WHERE name LIKE 'array%'",
                expected);
    free(expected);
}

static void every_set_of_an_array_is_written(void **state)
{
    static const struct {
        size_t sets;
        const char *keywords, *options;
        size_t requests; /* 0: any */
    } cases[] = {
        {1, NULL, EACH, 1},
        {2, NULL, EACH, 1},
        {7, NULL, EACH, 1},
        {1000, NULL, EACH, 1},
        {1000, NULL, TOTAL, 1},
        {1500, "BatchRows=400;", EACH, 4},
        {1500, "BatchRows=1;", TOTAL, 0},
        {300, "BatchBytes=1024;", EACH, 0},
    };
    struct harness *h = *state;
    struct setting *rows = calloc(MOST, sizeof *rows);
    SQLUSMALLINT status[MOST];

    assert_non_null(rows);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct session s;
        SQLULEN processed = 0;
        SQLLEN affected = -2;
        session_open(h, &s, cases[i].keywords);
        control_options(&h->service, cases[i].options);
        fill(rows, cases[i].sets, "array");
        set(s.stmt, SQL_ATTR_PARAMSET_SIZE, cases[i].sets);
        set_pointer(s.stmt, SQL_ATTR_PARAM_STATUS_PTR, status);
        set_pointer(s.stmt, SQL_ATTR_PARAMS_PROCESSED_PTR, &processed);
        bind_rows(s.stmt, rows);
        memset(status, 0xEE, sizeof status);
        requests_clear(&h->service);
        expect_stmt("S", s.stmt, exec(s.stmt, INSERT));
        if (cases[i].requests)
            assert_int_equal(requests_count(&h->service, "POST", NULL, NULL), cases[i].requests);
        assert_int_equal(processed, cases[i].sets);
        for (size_t k = 0; k < cases[i].sets; k++)
            assert_int_equal(status[k], SQL_PARAM_SUCCESS);
        expect_stmt("S", s.stmt, SQLRowCount(s.stmt, &affected));
        assert_int_equal(affected, cases[i].sets);
        expect_stored(s.stmt, (long)cases[i].sets, (long)(cases[i].sets / 7));
        clean(s.stmt);
        session_close(&s);
    }
    free(rows);
}

static void columns_of_arrays_are_bound_one_by_one(void **state)
{
    struct session s;
    char names[5][NAME] = {"array a", "array b", "array c", "array d", "array e"};
    SQLLEN name_lengths[5] = {SQL_NTS, 7, SQL_NTS, 7, SQL_NTS},
           value_lengths[5] = {0, 0, SQL_NULL_DATA, 0, 0};
    SQLINTEGER values[5] = {1, 2, 3, 4, 5};

    session_open(*state, &s, NULL);
    clean(s.stmt);
    set(s.stmt, SQL_ATTR_PARAMSET_SIZE, 5);
    expect_stmt("S", s.stmt,
                SQLBindParameter(s.stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 50, 0, names, NAME,
                                 name_lengths));
    expect_stmt("S", s.stmt,
                SQLBindParameter(s.stmt, 2, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, values, 0,
                                 value_lengths));
    expect_stmt("S", s.stmt, SQLPrepare(s.stmt, ARG(INSERT)));
    expect_stmt("S", s.stmt, SQLExecute(s.stmt));
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_RESET_PARAMS));
    set(s.stmt, SQL_ATTR_PARAMSET_SIZE, 1);
    expect_rows(s.stmt, "SELECT name, value FROM " SETTINGS " WHERE name LIKE 'array%' ORDER BY name",
                "array a|1\narray b|2\narray c|<null>\narray d|4\narray e|5\n");
    clean(s.stmt);
    session_close(&s);
}

/* Changed between prepare and execute, and from one execution to the next. */
static void the_size_may_change_after_preparing(void **state)
{
    static const size_t sizes[] = {1, 5, 2, 30, 1};
    struct session s;
    struct setting *rows = calloc(40, sizeof *rows);
    SQLULEN processed;
    size_t total = 0;

    assert_non_null(rows);
    session_open(*state, &s, NULL);
    clean(s.stmt);
    expect_stmt("S", s.stmt, SQLPrepare(s.stmt, ARG(INSERT)));
    set_pointer(s.stmt, SQL_ATTR_PARAMS_PROCESSED_PTR, &processed);
    bind_rows(s.stmt, rows);
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        char *prefix = text_format("array %zu", i);
        fill(rows, sizes[i], prefix);
        free(prefix);
        set(s.stmt, SQL_ATTR_PARAMSET_SIZE, sizes[i]);
        expect_stmt("S", s.stmt, SQLExecute(s.stmt));
        assert_int_equal(processed, sizes[i]);
        total += sizes[i];
    }
    expect_stored(s.stmt, (long)total, 4);
    clean(s.stmt);
    free(rows);
    session_close(&s);
}

/* Addresses relative to nothing: the way bulk inserts of Python bind, with an offset to the real memory. */
static void an_offset_moves_every_address(void **state)
{
    struct session s;
    struct setting *rows = calloc(6, sizeof *rows);
    SQLLEN offset;
    char *base = (char *)(uintptr_t)16;

    assert_non_null(rows);
    session_open(*state, &s, NULL);
    clean(s.stmt);
    fill(rows, 6, "array");
    set(s.stmt, SQL_ATTR_PARAMSET_SIZE, 3);
    set(s.stmt, SQL_ATTR_PARAM_BIND_TYPE, sizeof *rows);
    set_pointer(s.stmt, SQL_ATTR_PARAM_BIND_OFFSET_PTR, &offset);
    expect_stmt("S", s.stmt, SQLPrepare(s.stmt, ARG(INSERT)));
    expect_stmt("S", s.stmt,
                SQLBindParameter(s.stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 50, 0,
                                 base + offsetof(struct setting, name), NAME,
                                 (SQLLEN *)(void *)(base + offsetof(struct setting, name_length))));
    expect_stmt("S", s.stmt,
                SQLBindParameter(s.stmt, 2, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0,
                                 base + offsetof(struct setting, value), 0,
                                 (SQLLEN *)(void *)(base + offsetof(struct setting, value_length))));
    for (size_t i = 0; i < 6; i += 3) {
        offset = (SQLLEN)((uintptr_t)&rows[i] - 16);
        expect_stmt("S", s.stmt, SQLExecute(s.stmt));
    }
    expect_stored(s.stmt, 6, 0);
    clean(s.stmt);
    free(rows);
    session_close(&s);
}

static void sets_to_be_ignored_are_not_sent(void **state)
{
    struct session s;
    struct setting rows[5] = {0};
    SQLUSMALLINT operation[] = {SQL_PARAM_PROCEED, SQL_PARAM_IGNORE, SQL_PARAM_PROCEED, SQL_PARAM_IGNORE,
                                SQL_PARAM_PROCEED};
    SQLUSMALLINT status[5];
    SQLULEN processed = 0;

    session_open(*state, &s, NULL);
    clean(s.stmt);
    fill(rows, 5, "array");
    rows[1].name_length = -99; /* nobody looks at it */
    set(s.stmt, SQL_ATTR_PARAMSET_SIZE, 5);
    set_pointer(s.stmt, SQL_ATTR_PARAM_OPERATION_PTR, operation);
    set_pointer(s.stmt, SQL_ATTR_PARAM_STATUS_PTR, status);
    set_pointer(s.stmt, SQL_ATTR_PARAMS_PROCESSED_PTR, &processed);
    bind_rows(s.stmt, rows);
    expect_stmt("S", s.stmt, exec(s.stmt, INSERT));
    assert_int_equal(processed, 5);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(status[i], i % 2 ? SQL_PARAM_UNUSED : SQL_PARAM_SUCCESS);
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_RESET_PARAMS));
    set(s.stmt, SQL_ATTR_PARAMSET_SIZE, 1);
    set_pointer(s.stmt, SQL_ATTR_PARAM_OPERATION_PTR, NULL);
    expect_rows(s.stmt, "SELECT name FROM " SETTINGS " WHERE name LIKE 'array%' ORDER BY name",
                "array 0000\narray 0002\narray 0004\n");
    clean(s.stmt);
    session_close(&s);
}

/* A value that cannot be sent spoils its set alone; a statement that the service refuses spoils all it was
 * in. */
static void a_set_that_cannot_be_sent_fails_alone(void **state)
{
    struct session s;
    char names[4][NAME] = {"array a", "array b", "array c", "array d"};
    char values[4][NAME] = {"1", "not a number", "3", "4"};
    SQLLEN lengths[4] = {SQL_NTS, SQL_NTS, SQL_NTS, SQL_NTS};
    SQLUSMALLINT status[4];
    SQLULEN processed = 0;
    SQLLEN row = -9;

    session_open(*state, &s, NULL);
    clean(s.stmt);
    set(s.stmt, SQL_ATTR_PARAMSET_SIZE, 4);
    set_pointer(s.stmt, SQL_ATTR_PARAM_STATUS_PTR, status);
    set_pointer(s.stmt, SQL_ATTR_PARAMS_PROCESSED_PTR, &processed);
    expect_stmt(
        "S", s.stmt,
        SQLBindParameter(s.stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 50, 0, names, NAME, lengths));
    expect_stmt(
        "S", s.stmt,
        SQLBindParameter(s.stmt, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_INTEGER, 0, 0, values, NAME, lengths));
    expect_stmt("E", s.stmt, exec(s.stmt, INSERT));
    expect_some_state(SQL_HANDLE_STMT, s.stmt, "22018");
    SQLGetDiagField(SQL_HANDLE_STMT, s.stmt, 1, SQL_DIAG_ROW_NUMBER, &row, 0, NULL);
    assert_int_equal(row, 2);
    assert_int_equal(status[1], SQL_PARAM_ERROR);
    long stored = 0;
    for (size_t i = 0; i < 4; i++)
        stored += status[i] == SQL_PARAM_SUCCESS;
    expect_stored(s.stmt, stored, 0);
    clean(s.stmt);
    session_close(&s);
}

static void a_set_the_service_refuses_is_reported(void **state)
{
    struct harness *h = *state;
    struct session s;
    struct setting rows[4] = {0};
    SQLUSMALLINT status[4];
    SQLULEN processed = 0;

    session_open(h, &s, NULL);
    clean(s.stmt);
    fill(rows, 4, "array");
    rows[2] = rows[0]; /* the same key again */
    set(s.stmt, SQL_ATTR_PARAMSET_SIZE, 4);
    set_pointer(s.stmt, SQL_ATTR_PARAM_STATUS_PTR, status);
    set_pointer(s.stmt, SQL_ATTR_PARAMS_PROCESSED_PTR, &processed);
    bind_rows(s.stmt, rows);
    /* An error, whatever was stored before it: few look at the statuses of a success with information. */
    expect_stmt("E", s.stmt, exec(s.stmt, INSERT));
    char *all = diagnostics(SQL_HANDLE_STMT, s.stmt);
    assert_true(strlen(all) > 0);
    free(all);
    size_t failed = 0;
    for (size_t i = 0; i < 4; i++)
        failed += status[i] == SQL_PARAM_ERROR || status[i] == SQL_PARAM_DIAG_UNAVAILABLE;
    assert_true(failed > 0);

    /* Never more is claimed than what happened. */
    long claimed = 0;
    for (size_t i = 0; i < 4; i++)
        claimed += status[i] == SQL_PARAM_SUCCESS || status[i] == SQL_PARAM_SUCCESS_WITH_INFO;
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_RESET_PARAMS));
    set(s.stmt, SQL_ATTR_PARAMSET_SIZE, 1);
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT COUNT(*) FROM " SETTINGS " WHERE name LIKE 'array%'"));
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    char *count = cell_text(s.stmt, 1);
    assert_true(strtol(count, NULL, 10) >= claimed);
    free(count);
    clean(s.stmt);
    session_close(&s);
}

static void updates_and_deletes_take_arrays_too(void **state)
{
    struct session s;
    struct setting rows[6] = {0};
    SQLLEN affected = 0;

    session_open(*state, &s, NULL);
    clean(s.stmt);
    fill(rows, 6, "array");
    set(s.stmt, SQL_ATTR_PARAMSET_SIZE, 6);
    bind_rows(s.stmt, rows);
    expect_stmt("S", s.stmt, exec(s.stmt, INSERT));
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_RESET_PARAMS));
    expect_stmt("S", s.stmt,
                SQLBindParameter(s.stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 50, 0, rows->name, NAME,
                                 &rows->name_length));
    set(s.stmt, SQL_ATTR_PARAMSET_SIZE, 4);
    expect_stmt("S", s.stmt, exec(s.stmt, "UPDATE " SETTINGS " SET value = 'changed' WHERE name = ?"));
    expect_stmt("S", s.stmt, SQLRowCount(s.stmt, &affected));
    assert_int_equal(affected, 4);
    snprintf(rows[1].name, NAME, "nothing");
    set(s.stmt, SQL_ATTR_PARAMSET_SIZE, 3);
    expect_stmt("S", s.stmt, exec(s.stmt, "DELETE FROM " SETTINGS " WHERE name = ? AND value = 'changed'"));
    expect_stmt("S", s.stmt, SQLRowCount(s.stmt, &affected));
    assert_int_equal(affected, 2);
    expect_stored(s.stmt, 4, 0);
    clean(s.stmt);
    session_close(&s);
}

/* What SQL_PARAM_ARRAY_SELECTS says is what happens to a query with an array. */
static void a_query_with_an_array_does_what_is_claimed(void **state)
{
    struct session s;
    SQLINTEGER values[3] = {1, 2, 3};
    SQLUINTEGER selects = 0;

    session_open(*state, &s, NULL);
    clean(s.stmt);
    expect_dbc("S", s.dbc, SQLGetInfo(s.dbc, SQL_PARAM_ARRAY_SELECTS, &selects, 0, NULL));
    expect_stmt(
        "S", s.stmt,
        SQLBindParameter(s.stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, values, 0, NULL));
    set(s.stmt, SQL_ATTR_PARAMSET_SIZE, 3);
    SQLRETURN rc = exec(s.stmt, "SELECT ? AS V");
    if (selects == SQL_PAS_BATCH) {
        for (int i = 1; i <= 3; i++) {
            char *rows = rows_text(s.stmt), *expected = text_format("%d\n", i);
            expect_text(rows, expected);
            free(rows);
            free(expected);
            expect_stmt(i < 3 ? "S" : "N", s.stmt, SQLMoreResults(s.stmt));
        }
    } else {
        assert_int_equal(selects, SQL_PAS_NO_SELECT);
        expect_stmt("E", s.stmt, rc);
        expect_state(SQL_HANDLE_STMT, s.stmt, "HYC00");
    }
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_set_of_an_array_is_written),
        cmocka_unit_test(columns_of_arrays_are_bound_one_by_one),
        cmocka_unit_test(the_size_may_change_after_preparing),
        cmocka_unit_test(an_offset_moves_every_address),
        cmocka_unit_test(sets_to_be_ignored_are_not_sent),
        cmocka_unit_test(a_set_that_cannot_be_sent_fails_alone),
        cmocka_unit_test(a_set_the_service_refuses_is_reported),
        cmocka_unit_test(updates_and_deletes_take_arrays_too),
        cmocka_unit_test(a_query_with_an_array_does_what_is_claimed),
    };

    return harness_main("test_array", NULL, tests, COUNT_OF(tests));
}
