/*
 * The calls of turbodbc, in its order and with its odd sizes: arrays of parameters that grow while they are
 * written, result sets fetched by a second thread into two sets of buffers in turn, one of them being rebound
 * at every fetch.
 *
 * turbodbc itself cannot be built on Debian 12 (it needs simdutf and an Arrow library); the calls were read
 * from its source. Must not know the driver.
 */
#include "harness.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define ARG(text) (SQLCHAR *)(uintptr_t)(text), SQL_NTS
#define CUSTOMERS "[PostgreSQL1].[public].[customers]"

enum { SETS = 3, FIRST_LENGTH = 16, MOST_TEXT = 200, ROWS = 4, COLUMNS = 3, CELL = 4001 };

/* A column of parameters as turbodbc keeps it: values of one size, one after the other. */
struct buffer {
    SQLSMALLINT c_type, sql_type, digits;
    SQLLEN capacity; /* octets of one value */
    char data[SETS * (MOST_TEXT + 1)];
    SQLLEN indicators[SETS];
};

static void rebind(SQLHSTMT stmt, SQLUSMALLINT number, struct buffer *buffer)
{
    /* The column size is the capacity of the buffer, whatever the type. */
    expect_stmt("S", stmt,
                SQLBindParameter(stmt, number, SQL_PARAM_INPUT, buffer->c_type, buffer->sql_type,
                                 (SQLULEN)buffer->capacity, buffer->digits, buffer->data, buffer->capacity,
                                 buffer->indicators));
}

/* What turbodbc makes of SQLDescribeParam: the type described, how it is bound. A DECIMAL has at most 18
 * digits here. */
static const struct {
    SQLSMALLINT described, c_type, sql_type, digits;
    SQLLEN capacity;
} bindings[] = {
    {SQL_WVARCHAR, SQL_C_CHAR, SQL_VARCHAR, 0, FIRST_LENGTH + 1},
    {SQL_DECIMAL, SQL_C_DOUBLE, SQL_DOUBLE, 0, sizeof(SQLDOUBLE)},
    {SQL_BIT, SQL_C_BIT, SQL_BIT, 0, sizeof(SQLCHAR)},
    {SQL_TYPE_TIMESTAMP, SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, 6, sizeof(SQL_TIMESTAMP_STRUCT)},
};

static void suggest(SQLHSTMT stmt, SQLUSMALLINT number, struct buffer *buffer)
{
    SQLSMALLINT type, digits, nullable;
    SQLULEN size;
    size_t i = 0;
    expect_stmt("S", stmt, SQLDescribeParam(stmt, number, &type, &size, &digits, &nullable));
    while (i < COUNT_OF(bindings) && bindings[i].described != type)
        i++;
    assert_true(i < COUNT_OF(bindings));
    buffer->c_type = bindings[i].c_type;
    buffer->sql_type = bindings[i].sql_type;
    buffer->digits = bindings[i].digits;
    buffer->capacity = bindings[i].capacity;
    rebind(stmt, number, buffer);
}

static void put(struct buffer *buffer, size_t set, const void *value, size_t octets, SQLLEN indicator)
{
    assert_true((SQLLEN)octets <= buffer->capacity);
    memcpy(buffer->data + set * (size_t)buffer->capacity, value, octets);
    buffer->indicators[set] = indicator;
}

static void put_text(struct buffer *buffer, size_t set, const char *text)
{
    put(buffer, set, text, strlen(text) + 1, (SQLLEN)strlen(text));
}

static void execute(SQLHSTMT stmt, SQLULEN sets, const SQLULEN *processed)
{
    expect_stmt("S", stmt,
                SQLSetStmtAttr(stmt, SQL_ATTR_PARAMSET_SIZE, (SQLPOINTER)(uintptr_t)sets, SQL_IS_UINTEGER));
    expect_stmt("S", stmt, SQLExecute(stmt));
    assert_int_equal(*processed, sets);
}

static void parameters_grow_while_they_are_written(void **state)
{
    struct session s;
    struct buffer buffers[4];
    SQLULEN processed = 77;
    SQLSMALLINT count;
    SQLUSMALLINT describes = 0;
    const SQLDOUBLE balances[] = {1.25, -0.1};
    const SQL_TIMESTAMP_STRUCT created = {2024, 2, 29, 12, 34, 56, 123456000};
    char long_name[91];

    memset(long_name, 'n', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    session_open(*state, &s, NULL);
    expect_dbc("S", s.dbc, SQLGetFunctions(s.dbc, SQL_API_SQLDESCRIBEPARAM, &describes));
    assert_int_equal(describes, SQL_TRUE);
    expect_dbc("I", s.dbc,
               SQLSetConnectAttr(s.dbc, SQL_ATTR_AUTOCOMMIT, (SQLPOINTER)(uintptr_t)SQL_AUTOCOMMIT_OFF,
                                 SQL_IS_INTEGER));
    expect_stmt("S", s.stmt,
                SQLPrepare(s.stmt, ARG("INSERT INTO " CUSTOMERS
                                       " (name, balance, active, created_at) VALUES (?, ?, ?, ?)")));
    expect_stmt("S", s.stmt, SQLNumParams(s.stmt, &count));
    assert_int_equal(count, 4);
    for (SQLUSMALLINT i = 0; i < 4; i++)
        suggest(s.stmt, i + 1, &buffers[i]);
    expect_stmt("S", s.stmt,
                SQLSetStmtAttr(s.stmt, SQL_ATTR_PARAMS_PROCESSED_PTR, &processed, SQL_IS_POINTER));
    for (size_t set = 0; set < 2; set++) {
        put_text(&buffers[0], set, set ? "turbo Zoë" : "turbo a");
        put(&buffers[1], set, &balances[set], sizeof balances[set], sizeof balances[set]);
        put(&buffers[2], set, set ? "\0" : "\1", 1, 1);
        put(&buffers[3], set, &created, sizeof created, set ? SQL_NULL_DATA : (SQLLEN)sizeof created);
    }
    /* A longer text: what is there is written, then the buffer is made anew. */
    execute(s.stmt, 2, &processed);
    buffers[0].capacity = sizeof long_name + 20;
    rebind(s.stmt, 1, &buffers[0]);
    put_text(&buffers[0], 0, long_name);
    for (size_t i = 1; i < 4; i++)
        buffers[i].indicators[0] = SQL_NULL_DATA;
    put(&buffers[2], 0, "\1", 1, 1);
    execute(s.stmt, 1, &processed);
    expect_dbc("I", s.dbc, SQLEndTran(SQL_HANDLE_DBC, s.dbc, SQL_ROLLBACK));
    expect_stmt("S", s.stmt, SQLFreeHandle(SQL_HANDLE_STMT, s.stmt));
    s.stmt = statement_open(s.dbc);
    char *expected = text_format("turbo a|1.25|1|2024-02-29 12:34:56.123456\nturbo Zoë|-0.1|0|<null>\n"
                                 "%s|<null>|1|<null>\n",
                                 long_name);
    expect_rows(s.stmt,
                "SELECT name, balance, active, created_at FROM " CUSTOMERS " WHERE id > 25 ORDER BY id",
                expected);
    free(expected);
    expect_stmt("S", s.stmt, exec(s.stmt, "DELETE FROM " CUSTOMERS " WHERE id > 25"));
    session_close(&s);
}

/* One of the two sets of buffers. */
struct batch {
    SQLHSTMT stmt;
    SQLBIGINT ids[ROWS];
    SQLWCHAR names[ROWS][CELL];
    SQLDOUBLE balances[ROWS];
    SQLLEN indicators[COLUMNS][ROWS];
    SQLULEN fetched;
    SQLRETURN result;
};

static void *fetch(void *argument)
{
    struct batch *b = argument;
    SQLBindCol(b->stmt, 1, SQL_C_SBIGINT, b->ids, sizeof b->ids[0], b->indicators[0]);
    SQLBindCol(b->stmt, 2, SQL_C_WCHAR, b->names, sizeof b->names[0], b->indicators[1]);
    SQLBindCol(b->stmt, 3, SQL_C_DOUBLE, b->balances, sizeof b->balances[0], b->indicators[2]);
    SQLSetStmtAttr(b->stmt, SQL_ATTR_ROWS_FETCHED_PTR, &b->fetched, SQL_IS_POINTER);
    b->result = SQLFetchScroll(b->stmt, SQL_FETCH_NEXT, 0);
    return NULL;
}

/* Checks the rows of a batch, which begins with the customer behind `id`. */
static void check(const struct batch *b, SQLBIGINT id)
{
    for (SQLULEN row = 0; row < b->fetched; row++) {
        char *wanted = text_format("Customer %02lld", (long long)++id);
        char *found = narrow_from(b->names[row], b->indicators[1][row] / (SQLLEN)sizeof(SQLWCHAR));
        assert_int_equal(b->ids[row], id);
        expect_text(found, wanted);
        assert_int_equal(b->indicators[2][row], sizeof(SQLDOUBLE));
        free(wanted);
        free(found);
    }
}

static void a_thread_fetches_into_two_sets_of_buffers(void **state)
{
    struct session s;
    struct batch *batches = calloc(2, sizeof *batches);
    SQLSMALLINT columns, type, digits, nullable;
    SQLULEN size;
    SQLBIGINT id = 0;
    int active = 0;

    assert_non_null(batches);
    session_open(*state, &s, NULL);
    expect_stmt(
        "S", s.stmt,
        SQLPrepare(s.stmt, ARG("SELECT id, name, balance FROM " CUSTOMERS " WHERE id <= 25 ORDER BY id")));
    expect_stmt("S", s.stmt, SQLExecute(s.stmt));
    expect_stmt("S", s.stmt, SQLNumResultCols(s.stmt, &columns));
    assert_int_equal(columns, COLUMNS);
    for (SQLUSMALLINT i = 1; i <= COLUMNS; i++) {
        expect_stmt("S", s.stmt, SQLDescribeCol(s.stmt, i, NULL, 0, NULL, &type, &size, &digits, &nullable));
        assert_in_range(size, 1, CELL - 1);
    }
    expect_stmt(
        "S", s.stmt,
        SQLSetStmtAttr(s.stmt, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)(uintptr_t)ROWS, SQL_IS_UINTEGER));
    for (SQLRETURN result = SQL_SUCCESS; result != SQL_NO_DATA; active = !active) {
        struct batch *ahead = &batches[active], *behind = &batches[!active];
        pthread_t reader;
        ahead->stmt = s.stmt;
        assert_int_equal(pthread_create(&reader, NULL, fetch, ahead), 0);
        check(behind, id); /* while the next rows come */
        id += (SQLBIGINT)behind->fetched;
        assert_int_equal(pthread_join(reader, NULL), 0);
        result = expect_stmt("SN", s.stmt, ahead->result);
    }
    assert_int_equal(id, 25);
    /* The statement goes with its cursor. */
    expect_stmt("S", s.stmt, SQLFreeHandle(SQL_HANDLE_STMT, s.stmt));
    s.stmt = statement_open(s.dbc);
    expect_usable(s.stmt);
    free(batches);
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_grow_while_they_are_written),
        cmocka_unit_test(a_thread_fetches_into_two_sets_of_buffers),
    };

    return harness_main("test_turbodbc", NULL, tests, COUNT_OF(tests));
}
