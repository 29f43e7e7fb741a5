/* Fails the n-th allocation of the driver (libcurl's included), for every n, in a walk through connecting, a
 * query, fetching, catalog functions, parameters and disconnecting. Nothing may crash or leak (run it under a
 * sanitizer), and no call may claim success with wrong rows. Links the driver's objects, without a driver
 * manager. */
#include <sql.h>
#include <sqlext.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

static const char query[] = "SELECT Id, Name, Amount, Created FROM [Bench].[Bench].[Rows] LIMIT 20";

static unsigned long lies;
static unsigned long current;

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
    SQLFreeStmt(statement, SQL_CLOSE);
    SQLFreeStmt(statement, SQL_UNBIND);
    SQLSetStmtAttr(statement, SQL_ATTR_ROWS_FETCHED_PTR, NULL, 0);
}

static void run_static(SQLHSTMT statement)
{
    SQLSetStmtAttr(statement, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)1, 0);
    SQLSetStmtAttr(statement, SQL_ATTR_CURSOR_TYPE, (SQLPOINTER)SQL_CURSOR_STATIC, 0);
    if (good(SQL_HANDLE_STMT, statement, SQLExecDirect(statement, (SQLCHAR *)query, SQL_NTS))) {
        good(SQL_HANDLE_STMT, statement, SQLFetchScroll(statement, SQL_FETCH_LAST, 0));
        good(SQL_HANDLE_STMT, statement, SQLFetchScroll(statement, SQL_FETCH_FIRST, 0));
    }
    SQLFreeStmt(statement, SQL_CLOSE);
}

static void run_parameters(SQLHSTMT statement)
{
    SQLCHAR text[] = "ü";
    SQLLEN length = SQL_NTS;
    SQLSetStmtAttr(statement, SQL_ATTR_CURSOR_TYPE, (SQLPOINTER)SQL_CURSOR_FORWARD_ONLY, 0);
    if (good(SQL_HANDLE_STMT, statement,
             SQLBindParameter(statement, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 10, 0, text,
                              sizeof text, &length)) &&
        good(SQL_HANDLE_STMT, statement,
             SQLExecDirect(statement, (SQLCHAR *)"SELECT {fn UCASE(?)} AS \"x\"", SQL_NTS)))
        good(SQL_HANDLE_STMT, statement, SQLFetch(statement));
    SQLFreeStmt(statement, SQL_CLOSE);
    SQLFreeStmt(statement, SQL_RESET_PARAMS);
}

static void look(SQLHSTMT statement, SQLRETURN result)
{
    if (good(SQL_HANDLE_STMT, statement, result))
        good(SQL_HANDLE_STMT, statement, SQLFetch(statement));
    SQLFreeStmt(statement, SQL_CLOSE);
}

static void run_catalog(SQLHSTMT s)
{
    SQLCHAR *bench = (SQLCHAR *)"Bench", *rows = (SQLCHAR *)"Rows", *items = (SQLCHAR *)"order_items";
    SQLCHAR *pattern = (SQLCHAR *)"%o%f%", *workday = (SQLCHAR *)"WORKDAY", *add = (SQLCHAR *)"AddNumbers";
    look(s, SQLTables(s, bench, SQL_NTS, NULL, 0, NULL, 0, NULL, 0));
    look(s, SQLColumns(s, NULL, 0, NULL, 0, rows, SQL_NTS, NULL, 0));
    look(s, SQLColumns(s, workday, SQL_NTS, NULL, 0, pattern, SQL_NTS, NULL, 0));
    look(s, SQLForeignKeys(s, NULL, 0, NULL, 0, NULL, 0, NULL, 0, NULL, 0, items, SQL_NTS));
    look(s, SQLStatistics(s, NULL, 0, NULL, 0, items, SQL_NTS, SQL_INDEX_ALL, SQL_QUICK));
    look(s, SQLSpecialColumns(s, SQL_BEST_ROWID, NULL, 0, NULL, 0, items, SQL_NTS, SQL_SCOPE_SESSION,
                              SQL_NULLABLE));
    look(s, SQLProcedureColumns(s, NULL, 0, NULL, 0, add, SQL_NTS, NULL, 0));
    look(s, SQLGetTypeInfo(s, SQL_ALL_TYPES));
}

static void use_connection(SQLHDBC connection)
{
    SQLHSTMT statement;
    if (!good(SQL_HANDLE_DBC, connection, SQLAllocHandle(SQL_HANDLE_STMT, connection, &statement)))
        return;
    run_query(statement);
    run_static(statement);
    run_parameters(statement);
    run_catalog(statement);
    SQLFreeHandle(SQL_HANDLE_STMT, statement);
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
