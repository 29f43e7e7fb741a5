/*
 * Statement states: what every function answers in every state, through the driver manager and on the driver
 * itself, which an application without a manager calls directly.
 *
 * Must not know the driver's state table: the rows are those of "Statement Transitions" in the reference.
 */
#include "harness.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* The functions used, of the manager or of the driver. */
#define FUNCTIONS(X)    \
    X(SQLAllocHandle)   \
    X(SQLFreeHandle)    \
    X(SQLSetEnvAttr)    \
    X(SQLDriverConnect) \
    X(SQLDisconnect)    \
    X(SQLGetDiagRec)    \
    X(SQLPrepare)       \
    X(SQLExecute)       \
    X(SQLExecDirect)    \
    X(SQLFetch)         \
    X(SQLFetchScroll)   \
    X(SQLGetData)       \
    X(SQLNumResultCols) \
    X(SQLDescribeCol)   \
    X(SQLColAttribute)  \
    X(SQLRowCount)      \
    X(SQLMoreResults)   \
    X(SQLCloseCursor)   \
    X(SQLFreeStmt)      \
    X(SQLBindCol)       \
    X(SQLBindParameter) \
    X(SQLNumParams)     \
    X(SQLDescribeParam) \
    X(SQLParamData)     \
    X(SQLPutData)       \
    X(SQLSetPos)        \
    X(SQLCancel)        \
    X(SQLTables)        \
    X(SQLGetTypeInfo)   \
    X(SQLSetStmtAttr)   \
    X(SQLSetCursorName) \
    X(SQLGetCursorName)

struct api {
#define MEMBER(name) __typeof__(&name) name;
    FUNCTIONS(MEMBER)
};

static const struct api manager = {
#define OWN(name) .name = name,
    FUNCTIONS(OWN)};

enum state {
    ALLOCATED,
    PREPARED_WRITE,
    PREPARED_QUERY,
    EXECUTED_WRITE,
    OPENED,
    POSITIONED,
    AT_END,
    NEEDS_DATA,
    STATES
};

static const char *const state_names[] = {"allocated", "prepared write", "prepared query", "executed write",
                                          "opened",    "positioned",     "at the end",     "needs data"};

static SQLINTEGER number;
static SQLSMALLINT small;
static SQLLEN whole;
static SQLCHAR text[64];

#define TEXT(literal) (SQLCHAR *)(uintptr_t)(literal), SQL_NTS
#define QUERY         "SELECT 1 AS One"
#define WRITE         "DELETE FROM [PostgreSQL1].[public].[settings] WHERE name = 'nothing at all' OR 1 = 0"

/* Each function as it is called in the table; all arguments are good. */
#define CALL(name, expression)                                         \
    static SQLRETURN call_##name(const struct api *api, SQLHSTMT stmt) \
    {                                                                  \
        return expression;                                             \
    }
CALL(prepare, api->SQLPrepare(stmt, TEXT(QUERY)))
CALL(execute, api->SQLExecute(stmt))
CALL(exec_direct, api->SQLExecDirect(stmt, TEXT(QUERY)))
CALL(fetch, api->SQLFetch(stmt))
CALL(fetch_scroll, api->SQLFetchScroll(stmt, SQL_FETCH_NEXT, 0))
CALL(get_data, api->SQLGetData(stmt, 1, SQL_C_SLONG, &number, 0, &whole))
CALL(num_result_cols, api->SQLNumResultCols(stmt, &small))
CALL(describe_col, api->SQLDescribeCol(stmt, 1, NULL, 0, NULL, NULL, NULL, NULL, NULL))
CALL(col_attribute, api->SQLColAttribute(stmt, 1, SQL_DESC_CONCISE_TYPE, NULL, 0, NULL, &whole))
CALL(row_count, api->SQLRowCount(stmt, &whole))
CALL(more_results, api->SQLMoreResults(stmt))
CALL(close_cursor, api->SQLCloseCursor(stmt))
CALL(free_close, api->SQLFreeStmt(stmt, SQL_CLOSE))
CALL(free_unbind, api->SQLFreeStmt(stmt, SQL_UNBIND))
CALL(bind_col, api->SQLBindCol(stmt, 1, SQL_C_SLONG, &number, 0, &whole))
CALL(bind_parameter,
     api->SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &number, 0, NULL))
CALL(num_params, api->SQLNumParams(stmt, &small))
CALL(describe_param, api->SQLDescribeParam(stmt, 1, &small, NULL, NULL, NULL))
CALL(put_data, api->SQLPutData(stmt, &number, 0))
CALL(set_pos, api->SQLSetPos(stmt, 1, SQL_POSITION, SQL_LOCK_NO_CHANGE))
CALL(cancel, api->SQLCancel(stmt))
CALL(tables, api->SQLTables(stmt, NULL, 0, NULL, 0, TEXT("AllTypes"), NULL, 0))
CALL(type_info, api->SQLGetTypeInfo(stmt, SQL_ALL_TYPES))
CALL(set_attribute, api->SQLSetStmtAttr(stmt, SQL_ATTR_MAX_ROWS, (SQLPOINTER)0, 0))
CALL(set_cursor_name, api->SQLSetCursorName(stmt, TEXT("Mine")))
CALL(get_cursor_name, api->SQLGetCursorName(stmt, text, sizeof text, &small))

static SQLRETURN call_param_data(const struct api *api, SQLHSTMT stmt)
{
    SQLPOINTER token;

    return api->SQLParamData(stmt, &token);
}

/* A letter of a return code, or the state of an error; "" is not asked. */
static const struct row {
    const char *name;
    SQLRETURN (*call)(const struct api *, SQLHSTMT);
    const char *expected[STATES];
} rows[] = {
#define ROW(name, ...)      \
    {                       \
#name, call_##name, \
        {                   \
            __VA_ARGS__     \
        }                   \
    }
    /*                   allocated prep. write prep. query exec. write opened   positioned  at the end  needs
       data */
    ROW(prepare, "S", "S", "S", "S", "24000", "24000", "24000", "HY010"),
    ROW(execute, "HY010", "N", "S", "N", "24000", "24000", "24000", "HY010"),
    ROW(exec_direct, "S", "S", "S", "S", "24000", "24000", "24000", "HY010"),
    ROW(fetch, "HY010", "HY010", "HY010", "24000", "S", "N", "N", "HY010"),
    ROW(fetch_scroll, "HY010", "HY010", "HY010", "24000", "S", "N", "N", "HY010"),
    ROW(get_data, "HY010", "HY010", "HY010", "24000", "24000", "S", "24000", "HY010"),
    ROW(num_result_cols, "HY010", "S", "S", "S", "S", "S", "S", "HY010"),
    ROW(describe_col, "HY010", "07005", "S", "24000", "S", "S", "S", "HY010"),
    ROW(col_attribute, "HY010", "07005", "S", "24000", "S", "S", "S", "HY010"),
    ROW(row_count, "HY010", "HY010", "HY010", "S", "S", "S", "S", "HY010"),
    ROW(more_results, "N", "N", "N", "N", "N", "N", "N", "HY010"),
    ROW(close_cursor, "24000", "24000", "24000", "24000", "S", "S", "S", "HY010"),
    ROW(free_close, "S", "S", "S", "S", "S", "S", "S", "HY010"),
    ROW(free_unbind, "S", "S", "S", "S", "S", "S", "S", "HY010"),
    ROW(bind_col, "S", "S", "S", "S", "S", "S", "S", "HY010"),
    ROW(bind_parameter, "S", "S", "S", "S", "S", "S", "S", "HY010"),
    ROW(num_params, "HY010", "S", "S", "S", "S", "S", "S", "HY010"),
    ROW(describe_param, "HY010", "07009", "07009", "HY010", "HY010", "HY010", "HY010", "HY010"),
    ROW(param_data, "HY010", "HY010", "HY010", "HY010", "HY010", "HY010", "HY010", "D"),
    ROW(put_data, "HY010", "HY010", "HY010", "HY010", "HY010", "HY010", "HY010", "HY010"),
    ROW(set_pos, "HY010", "HY010", "HY010", "24000", "24000", "S", "24000", "HY010"),
    ROW(cancel, "S", "S", "S", "S", "S", "S", "S", "S"),
    ROW(tables, "S", "S", "S", "S", "24000", "24000", "24000", "HY010"),
    ROW(type_info, "S", "S", "S", "S", "24000", "24000", "24000", "HY010"),
    ROW(set_attribute, "S", "S", "S", "S", "S", "S", "S", "HY010"),
    ROW(set_cursor_name, "S", "S", "S", "24000", "24000", "24000", "24000", "HY010"),
    ROW(get_cursor_name, "S", "S", "S", "S", "S", "S", "S", "HY010"),
};

/* Makes a statement and brings it into the state. */
static SQLHSTMT enter(const struct api *api, SQLHDBC dbc, enum state state)
{
    static SQLLEN at_execution;
    SQLHSTMT stmt = SQL_NULL_HSTMT;

    at_execution = SQL_DATA_AT_EXEC;
    assert_int_equal(api->SQLAllocHandle(SQL_HANDLE_STMT, dbc, &stmt), SQL_SUCCESS);
    switch (state) {
    case PREPARED_WRITE:
        assert_int_equal(api->SQLPrepare(stmt, TEXT(WRITE)), SQL_SUCCESS);
        break;
    case PREPARED_QUERY:
        assert_int_equal(api->SQLPrepare(stmt, TEXT(QUERY)), SQL_SUCCESS);
        break;
    case EXECUTED_WRITE:
        assert_int_equal(api->SQLPrepare(stmt, TEXT(WRITE)), SQL_SUCCESS);
        assert_int_equal(api->SQLExecute(stmt), SQL_NO_DATA);
        break;
    case OPENED:
    case POSITIONED:
    case AT_END:
        assert_int_equal(api->SQLPrepare(stmt, TEXT(QUERY)), SQL_SUCCESS);
        assert_int_equal(api->SQLExecute(stmt), SQL_SUCCESS);
        for (enum state at = OPENED; at < state; at++)
            assert_int_equal(api->SQLFetch(stmt), at == OPENED ? SQL_SUCCESS : SQL_NO_DATA);
        break;
    case NEEDS_DATA:
        assert_int_equal(api->SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0,
                                               &number, 0, &at_execution),
                         SQL_SUCCESS);
        assert_int_equal(api->SQLExecDirect(stmt, TEXT("SELECT ? AS V")), SQL_NEED_DATA);
        break;
    default:
        break;
    }
    return stmt;
}

/* unixODBC describes no column of a statement without a result and calls that a sequence error. */
static bool is_managers_own(const struct api *api, const struct row *row, enum state state, const char *found)
{
    return api == &manager && row->call == call_describe_col && state == EXECUTED_WRITE &&
           strcmp(found, "HY010") == 0;
}

static int check_states(const struct api *api, SQLHDBC dbc, const char *who)
{
    int bad = 0;

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (enum state state = ALLOCATED; state < STATES; state++) {
            const char *expected = rows[i].expected[state];
            SQLHSTMT stmt = enter(api, dbc, state);
            SQLCHAR found[6] = "";
            SQLRETURN rc = rows[i].call(api, stmt);
            if (rc == SQL_ERROR)
                api->SQLGetDiagRec(SQL_HANDLE_STMT, stmt, 1, found, NULL, NULL, 0, NULL);
            bool same = expected[1] ? rc == SQL_ERROR && strcmp((char *)found, expected) == 0
                                    : return_letter(rc) == *expected;
            if (!same && !is_managers_own(api, &rows[i], state, (char *)found)) {
                print_error("%s, %s, %s: %c %s, not %s\n", who, state_names[state], rows[i].name,
                            return_letter(rc), (char *)found, expected);
                bad++;
            }
            api->SQLCancel(stmt);
            assert_int_equal(api->SQLFreeHandle(SQL_HANDLE_STMT, stmt), SQL_SUCCESS);
        }
    return bad;
}

static void every_function_in_every_state_through_the_manager(void **state)
{
    struct session s;

    session_open(*state, &s, NULL);
    assert_int_equal(check_states(&manager, s.dbc, "manager"), 0);
    session_close(&s);
}

static void load(const char *path, struct api *api, void **library)
{
    *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!*library)
        fail_msg("%s", dlerror());
#define FIND(name) *(void **)&api->name = dlsym(*library, #name);
    FUNCTIONS(FIND)
#define CHECK(name) assert_non_null(*(void **)&api->name);
    FUNCTIONS(CHECK)
}

static void every_function_in_every_state_on_the_driver(void **state)
{
    struct harness *h = *state;
    struct api driver;
    void *library;
    SQLHENV env;
    SQLHDBC dbc;
    char *keywords = driver_string(h, "UID=" HARNESS_USER ";PWD=" HARNESS_TOKEN ";");

    load(h->driver, &driver, &library);
    assert_int_equal(driver.SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &env), SQL_SUCCESS);
    assert_int_equal(driver.SQLSetEnvAttr(env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3_80, 0),
                     SQL_SUCCESS);
    assert_int_equal(driver.SQLAllocHandle(SQL_HANDLE_DBC, env, &dbc), SQL_SUCCESS);
    assert_int_equal(driver.SQLDriverConnect(dbc, NULL, TEXT(keywords), NULL, 0, NULL, SQL_DRIVER_NOPROMPT),
                     SQL_SUCCESS);
    int bad = check_states(&driver, dbc, "driver");
    assert_int_equal(driver.SQLDisconnect(dbc), SQL_SUCCESS);
    assert_int_equal(driver.SQLFreeHandle(SQL_HANDLE_DBC, dbc), SQL_SUCCESS);
    assert_int_equal(driver.SQLFreeHandle(SQL_HANDLE_ENV, env), SQL_SUCCESS);
    free(keywords);
    dlclose(library);
    assert_int_equal(bad, 0);
}

/* What comes after a failure or a close. */
static void a_statement_returns_to_the_state_it_had(void **state)
{
    struct session s;
    SQLSMALLINT columns;

    session_open(*state, &s, NULL);
    /* A failing execution leaves a prepared statement prepared. */
    expect_stmt("S", s.stmt, SQLPrepare(s.stmt, TEXT("SELECT * FROM [Types].[Types].[NoSuchTable]")));
    expect_stmt("E", s.stmt, SQLExecute(s.stmt));
    expect_stmt("E", s.stmt, SQLExecute(s.stmt));
    expect_state(SQL_HANDLE_STMT, s.stmt, "42S02");
    /* A failing direct execution discards it. */
    expect_stmt("S", s.stmt, SQLPrepare(s.stmt, TEXT(QUERY)));
    expect_stmt("E", s.stmt, exec(s.stmt, "SELECT * FROM [Types].[Types].[NoSuchTable]"));
    expect_stmt("E", s.stmt, SQLExecute(s.stmt));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY010");
    /* So does a catalog function. */
    expect_stmt("S", s.stmt, SQLPrepare(s.stmt, TEXT(QUERY)));
    expect_stmt("S", s.stmt, SQLGetTypeInfo(s.stmt, SQL_ALL_TYPES));
    expect_stmt("S", s.stmt, SQLCloseCursor(s.stmt));
    expect_stmt("E", s.stmt, SQLExecute(s.stmt));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY010");
    /* Closing the cursor of a prepared statement leaves it prepared. */
    expect_stmt("S", s.stmt, SQLPrepare(s.stmt, TEXT(QUERY)));
    for (int turn = 0; turn < 3; turn++) {
        expect_stmt("S", s.stmt, SQLExecute(s.stmt));
        expect_stmt("S", s.stmt, turn == 1 ? SQLFreeStmt(s.stmt, SQL_CLOSE) : SQLCloseCursor(s.stmt));
        expect_stmt("S", s.stmt, SQLNumResultCols(s.stmt, &columns));
        assert_int_equal(columns, 1);
    }
    /* The end of the results is the end of the cursor. */
    expect_stmt("S", s.stmt, exec(s.stmt, QUERY));
    expect_stmt("N", s.stmt, SQLMoreResults(s.stmt));
    expect_stmt("E", s.stmt, SQLCloseCursor(s.stmt));
    expect_state(SQL_HANDLE_STMT, s.stmt, "24000");
    expect_stmt("S", s.stmt, exec(s.stmt, QUERY));
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        UNIXODBC_ONLY("keeps a table of its own, with the states of ODBC 2",
                      cmocka_unit_test(every_function_in_every_state_through_the_manager), )
            cmocka_unit_test(every_function_in_every_state_on_the_driver),
        cmocka_unit_test(a_statement_returns_to_the_state_it_had),
    };

    return harness_main("test_state", NULL, tests, COUNT_OF(tests));
}
