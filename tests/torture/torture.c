/* Fails the n-th allocation of the driver (libcurl's included), for every n, in a walk through connecting, a
 * query, fetching, parts of values, several results, catalog functions, parameters, their arrays and pieces,
 * a procedure, cancelling and disconnecting. Nothing may crash or leak (run it under a
 * sanitizer), and no call may claim success with wrong rows. Links the driver's objects, without a driver
 * manager. */
#include <sql.h>
#include <sqlext.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

static const char query[] = "SELECT Id, Name, Amount, Created FROM [Bench].[Bench].[Rows] LIMIT 20";

static unsigned long lies;
static unsigned long current; /* 0: nothing fails */
static SQLHDBC owner;         /* of the statements */

static void lie(const char *what)
{
    lies++;
    fprintf(stderr, "allocation %lu: %s\n", current, what);
}

/* Every failed call has a diagnostic, or reports that it has none for want of memory. */
static int good(SQLSMALLINT kind, SQLHANDLE handle, SQLRETURN result)
{
    SQLCHAR state[6] = "";
    SQLCHAR text[512];
    SQLINTEGER native;
    if (SQL_SUCCEEDED(result) || result == SQL_NO_DATA)
        return 1;
    if (result != SQL_ERROR)
        lie("a call returned neither success nor error");
    else if (SQLGetDiagRec(kind, handle, 1, state, &native, text, sizeof text, NULL) == SQL_NO_DATA)
        lie("an error without a diagnostic");
    else if (current == 0)
        lie((const char *)text);
    return 0;
}

static void fetch_all(SQLHSTMT statement)
{
    SQLINTEGER ids[7];
    SQLLEN lengths[7];
    SQLCHAR name[200];
    SQLULEN fetched = 0;
    long rows = 0;
    SQLRETURN result;
    SQLSetStmtAttr(statement, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)7, 0);
    SQLSetStmtAttr(statement, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0);
    if (!good(SQL_HANDLE_STMT, statement, SQLBindCol(statement, 1, SQL_C_SLONG, ids, sizeof ids[0], lengths)))
        return;
    while (SQL_SUCCEEDED(result = SQLFetch(statement))) {
        for (SQLULEN i = 0; i < fetched; i++)
            if (ids[i] != ++rows)
                lie("a wrong row");
        SQLLEN length;
        good(SQL_HANDLE_STMT, statement, SQLGetData(statement, 2, SQL_C_CHAR, name, sizeof name, &length));
    }
    good(SQL_HANDLE_STMT, statement, result);
    if (result == SQL_NO_DATA && rows != 20)
        lie("the end came early");
}

static void run_query(SQLHSTMT statement)
{
    SQLSMALLINT columns = 0;
    SQLCHAR name[64];
    if (!good(SQL_HANDLE_STMT, statement, SQLPrepare(statement, (SQLCHAR *)query, SQL_NTS)) ||
        !good(SQL_HANDLE_STMT, statement, SQLNumResultCols(statement, &columns)))
        return;
    good(SQL_HANDLE_STMT, statement,
         SQLDescribeCol(statement, 2, name, sizeof name, NULL, NULL, NULL, NULL, NULL));
    if (good(SQL_HANDLE_STMT, statement, SQLExecute(statement)))
        fetch_all(statement);
}

static void run_static(SQLHSTMT statement)
{
    SQLSetStmtAttr(statement, SQL_ATTR_CURSOR_TYPE, (SQLPOINTER)SQL_CURSOR_STATIC, 0);
    if (good(SQL_HANDLE_STMT, statement, SQLExecDirect(statement, (SQLCHAR *)query, SQL_NTS))) {
        good(SQL_HANDLE_STMT, statement, SQLFetchScroll(statement, SQL_FETCH_LAST, 0));
        good(SQL_HANDLE_STMT, statement, SQLFetchScroll(statement, SQL_FETCH_FIRST, 0));
    }
}

static void run_parameters(SQLHSTMT statement)
{
    SQLCHAR text[] = "ü";
    SQLLEN length = SQL_NTS;
    if (good(SQL_HANDLE_STMT, statement,
             SQLBindParameter(statement, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 10, 0, text,
                              sizeof text, &length)) &&
        good(SQL_HANDLE_STMT, statement,
             SQLExecDirect(statement, (SQLCHAR *)"SELECT {fn UCASE(?)} AS \"x\"", SQL_NTS)))
        good(SQL_HANDLE_STMT, statement, SQLFetch(statement));
}

/* A value of 2 kB in pieces: what came without an error is the value's beginning, to the end its whole. */
static void run_parts(SQLHSTMT statement)
{
    char whole[5000], piece[301];
    SQLLEN length = 0, left = 0;
    size_t at = 0;
    SQLRETURN result;
    if (!good(SQL_HANDLE_STMT, statement,
              SQLExecDirect(statement, (SQLCHAR *)"SELECT * FROM [Bench].[Bench].[Text] LIMIT 1", SQL_NTS)) ||
        !good(SQL_HANDLE_STMT, statement, SQLFetch(statement)) ||
        !good(SQL_HANDLE_STMT, statement,
              SQLGetData(statement, 2, SQL_C_CHAR, whole, sizeof whole, &length)) ||
        !good(SQL_HANDLE_STMT, statement, SQLGetData(statement, 1, SQL_C_CHAR, piece, sizeof piece, &left)))
        return;
    do {
        result = SQLGetData(statement, 2, SQL_C_CHAR, piece, sizeof piece, &left);
        if (!good(SQL_HANDLE_STMT, statement, result) || result == SQL_NO_DATA)
            return;
        size_t octets = strlen(piece);
        if (at + octets > (size_t)length || memcmp(whole + at, piece, octets) != 0)
            lie("a wrong piece");
        at += octets;
    } while (result == SQL_SUCCESS_WITH_INFO);
    if (at != (size_t)length)
        lie("the pieces are not the whole");
}

/* Three parameter sets that hit nothing: a batch. */
static void run_array(SQLHSTMT statement)
{
    char names[3][8] = {"none 1", "none 2", "none 3"};
    SQLLEN lengths[3] = {SQL_NTS, SQL_NTS, SQL_NTS};
    SQLUSMALLINT statuses[3] = {SQL_PARAM_UNUSED, SQL_PARAM_UNUSED, SQL_PARAM_UNUSED};
    SQLULEN processed = 0;
    SQLSetStmtAttr(statement, SQL_ATTR_PARAMSET_SIZE, (SQLPOINTER)3, 0);
    SQLSetStmtAttr(statement, SQL_ATTR_PARAM_STATUS_PTR, statuses, 0);
    SQLSetStmtAttr(statement, SQL_ATTR_PARAMS_PROCESSED_PTR, &processed, 0);
    if (!good(SQL_HANDLE_STMT, statement,
              SQLBindParameter(statement, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 10, 0, names,
                               sizeof names[0], lengths)) ||
        !good(SQL_HANDLE_STMT, statement,
              SQLExecDirect(statement,
                            (SQLCHAR *)"DELETE FROM [PostgreSQL1].[public].[settings] WHERE name = ?",
                            SQL_NTS)))
        return;
    if (processed != 3)
        lie("a batch ended early");
    for (int i = 0; i < 3; i++)
        if (statuses[i] != SQL_PARAM_SUCCESS)
            lie("a parameter set of a good batch is none");
}

/* Data at execution: sent in pieces once, cancelled once. */
static void run_put(SQLHSTMT statement)
{
    SQLLEN at_execution = SQL_DATA_AT_EXEC;
    SQLPOINTER token;
    SQLRETURN result;
    if (!good(SQL_HANDLE_STMT, statement,
              SQLBindParameter(statement, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_LONGVARCHAR, 0, 0, NULL, 0,
                               &at_execution)))
        return;
    for (int turn = 0; turn < 2; turn++) {
        result = SQLExecDirect(statement, (SQLCHAR *)"SELECT ? AS V", SQL_NTS);
        if (result == SQL_NEED_DATA)
            result = SQLParamData(statement, &token);
        if (result == SQL_NEED_DATA) {
            good(SQL_HANDLE_STMT, statement, SQLPutData(statement, (SQLPOINTER) "abc", 3));
            if (turn == 0)
                SQLCancel(statement);
            else if (good(SQL_HANDLE_STMT, statement, SQLPutData(statement, (SQLPOINTER) "def", 3)) &&
                     good(SQL_HANDLE_STMT, statement, SQLParamData(statement, &token)))
                good(SQL_HANDLE_STMT, statement, SQLFetch(statement));
        } else {
            good(SQL_HANDLE_STMT, statement, result);
        }
        SQLCancel(statement);
        SQLFreeStmt(statement, SQL_CLOSE);
    }
}

/* Two results: both, or an error. */
static void run_results(SQLHSTMT statement)
{
    SQLWCHAR text[64];
    SQLINTEGER value = 0;
    SQLLEN length;
    SQLRETURN result;
    size_t units = 0;
    for (const char *c = "SELECT 1 AS a; SELECT 2 AS b"; *c; c++)
        text[units++] = (SQLWCHAR)*c;
    result = SQLExecDirectW(statement, text, (SQLINTEGER)units);
    for (int expected = 1; good(SQL_HANDLE_STMT, statement, result); expected++) {
        if (result == SQL_NO_DATA) {
            if (expected != 3)
                lie("a result is missing");
            return;
        }
        if (!good(SQL_HANDLE_STMT, statement, SQLFetch(statement)) ||
            !good(SQL_HANDLE_STMT, statement, SQLGetData(statement, 1, SQL_C_SLONG, &value, 0, &length)))
            return;
        if (value != expected)
            lie("a wrong result");
        result = SQLMoreResults(statement);
    }
}

static void run_procedure(SQLHSTMT statement)
{
    char first[20] = "one", second[20] = "two";
    SQLLEN first_length = SQL_NTS, second_length = SQL_NTS;
    if (good(SQL_HANDLE_STMT, statement,
             SQLBindParameter(statement, 1, SQL_PARAM_INPUT_OUTPUT, SQL_C_CHAR, SQL_VARCHAR, 19, 0, first,
                              sizeof first, &first_length)) &&
        good(SQL_HANDLE_STMT, statement,
             SQLBindParameter(statement, 2, SQL_PARAM_INPUT_OUTPUT, SQL_C_CHAR, SQL_VARCHAR, 19, 0, second,
                              sizeof second, &second_length)) &&
        good(SQL_HANDLE_STMT, statement,
             SQLExecDirect(statement, (SQLCHAR *)"{call [Types].[Types].[SwapText](?, ?)}", SQL_NTS)) &&
        good(SQL_HANDLE_STMT, statement, SQLMoreResults(statement)) &&
        (strcmp(first, "two") != 0 || strcmp(second, "one") != 0))
        lie("wrong outputs");
}

/* A cursor that is cancelled and closed in the middle; descriptors of the application's own. */
static void run_cancel(SQLHSTMT statement)
{
    SQLHDBC connection;
    SQLHDESC descriptor, ard;
    SQLINTEGER id;
    if (good(SQL_HANDLE_STMT, statement,
             SQLExecDirect(statement, (SQLCHAR *)"SELECT Id FROM [Bench].[Bench].[Narrow]", SQL_NTS)) &&
        good(SQL_HANDLE_STMT, statement, SQLBindCol(statement, 1, SQL_C_SLONG, &id, 0, NULL)))
        good(SQL_HANDLE_STMT, statement, SQLFetch(statement));
    SQLCancel(statement);
    SQLFreeStmt(statement, SQL_CLOSE);
    SQLGetStmtAttr(statement, SQL_ATTR_APP_ROW_DESC, &ard, 0, NULL);
    connection = owner;
    if (good(SQL_HANDLE_DBC, connection, SQLAllocHandle(SQL_HANDLE_DESC, connection, &descriptor))) {
        good(SQL_HANDLE_DESC, descriptor, SQLCopyDesc(ard, descriptor));
        good(SQL_HANDLE_STMT, statement, SQLSetStmtAttr(statement, SQL_ATTR_APP_ROW_DESC, descriptor, 0));
        SQLFreeHandle(SQL_HANDLE_DESC, descriptor);
    }
    good(SQL_HANDLE_STMT, statement, SQLExecDirect(statement, (SQLCHAR *)"SELECT 1 AS One", SQL_NTS));
}

/* ---- catalog functions ---- */

#define NAME(literal) (SQLCHAR *)(uintptr_t)(literal), SQL_NTS
#define NONE          NULL, 0
#define ORDERS        NAME("PostgreSQL1"), NAME("public"), NAME("orders")

static SQLRETURN call_catalog(SQLHSTMT statement, int function)
{
    switch (function) {
    case 0:
        return SQLTables(statement, NAME("Bench"), NONE, NONE, NONE);
    case 1:
        return SQLColumns(statement, NONE, NONE, NAME("Rows"), NONE);
    case 2:
        return SQLPrimaryKeys(statement, ORDERS);
    case 3:
        return SQLForeignKeys(statement, NONE, NONE, NONE, ORDERS);
    case 4:
        return SQLStatistics(statement, ORDERS, SQL_INDEX_ALL, SQL_QUICK);
    case 5:
        return SQLSpecialColumns(statement, SQL_BEST_ROWID, ORDERS, SQL_SCOPE_CURROW, SQL_NULLABLE);
    case 6:
        return SQLProcedures(statement, NAME("Types"), NONE, NONE);
    case 7:
        return SQLProcedureColumns(statement, NAME("Types"), NONE, NAME("SwapText"), NONE);
    case 8:
        return SQLTablePrivileges(statement, ORDERS);
    case 9:
        return SQLColumnPrivileges(statement, ORDERS, NONE);
    default:
        return SQLGetTypeInfo(statement, SQL_ALL_TYPES);
    }
}

enum { CATALOG_FUNCTIONS = 11 };

/* Every function gives the rows that it gave when nothing failed, or an error. */
static void run_catalog(SQLHSTMT statement)
{
    static long known[CATALOG_FUNCTIONS];
    for (int function = 0; function < CATALOG_FUNCTIONS; function++) {
        SQLRETURN result = call_catalog(statement, function);
        long rows = 0;
        if (good(SQL_HANDLE_STMT, statement, result)) {
            while (SQL_SUCCEEDED(result = SQLFetch(statement)))
                rows++;
            good(SQL_HANDLE_STMT, statement, result);
            if (current == 0)
                known[function] = rows;
            else if (result == SQL_NO_DATA && rows != known[function])
                lie("a catalog function gave other rows");
        }
        SQLFreeStmt(statement, SQL_CLOSE);
    }
}

static void use_connection(SQLHDBC connection)
{
    static void (*const runs[])(SQLHSTMT) = {run_query, run_static,  run_parameters, run_parts,  run_array,
                                             run_put,   run_results, run_procedure,  run_cancel, run_catalog};
    owner = connection;
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        SQLHSTMT statement;
        if (!good(SQL_HANDLE_DBC, connection, SQLAllocHandle(SQL_HANDLE_STMT, connection, &statement)))
            continue;
        runs[i](statement);
        SQLFreeHandle(SQL_HANDLE_STMT, statement);
    }
}

static void walk(const char *url)
{
    SQLHENV environment;
    SQLHDBC connection;
    char text[512];
    snprintf(text, sizeof text,
             "URL=%s;UID=demo@example.com;PWD=demo-token;MaxRetries=0;SpoolMemoryBytes=100;ConnectTimeout=1",
             url);
    if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment)))
        return;
    SQLSetEnvAttr(environment, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0);
    if (good(SQL_HANDLE_ENV, environment, SQLAllocHandle(SQL_HANDLE_DBC, environment, &connection))) {
        if (good(SQL_HANDLE_DBC, connection,
                 SQLDriverConnect(connection, NULL, (SQLCHAR *)text, SQL_NTS, NULL, 0, NULL,
                                  SQL_DRIVER_NOPROMPT))) {
            use_connection(connection);
            SQLDisconnect(connection);
        }
        SQLFreeHandle(SQL_HANDLE_DBC, connection);
    }
    SQLFreeHandle(SQL_HANDLE_ENV, environment);
}

int main(int count, char **arguments)
{
    unsigned long step = count > 2 ? strtoul(arguments[2], NULL, 10) : 1;
    unsigned long walks = 0;
    if (count < 2)
        return 2;
    ca_alloc_fail_at(0);
    walk(arguments[1]); /* what is made once in a process is made */
    unsigned long total;
    for (current = 1;; current += step) {
        ca_alloc_fail_at(current);
        walk(arguments[1]);
        total = ca_alloc_count();
        if (walks % 500 == 0)
            fprintf(stderr, "allocation %lu of %lu\n", current, total);
        walks++;
        if (total < current)
            break;
    }
    ca_alloc_fail_at(0);
    printf("%lu walks, %lu allocations in the last, %lu lies\n", walks, total, lies);
    printf("%d passed, %d failed\n", lies == 0, lies != 0);
    return lies != 0;
}
