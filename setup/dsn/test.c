/* test: connects through the driver manager, as every program does, and says in plain words what is wrong. */
#include <odbcinst.h>
#include <sql.h>
#include <sqlext.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

enum { LONGEST_TEXT = 4096 };

/* What a user can do about a state, where its text does not say; the first that fits. */
static const struct {
    const char *state;
    const char *piece; /* of the text; NULL = any */
    const char *advice;
} advices[] = {
    {"IM002", NULL, "The driver manager finds no such data source: look at the output of odbcinst -j."},
    {"01000", "Can't open lib",
     "The driver is not where odbcinst.ini says: install it again (make install)."},
    {"IM003", NULL, "The driver cannot be loaded: ldd on its file shows what is missing."},
    {"IM004", NULL, "The driver cannot be loaded: ldd on its file shows what is missing."},
    {"HYT00", NULL, "The service took too long: try again, or set LoginTimeout higher."},
};

static const char *find_advice(const char *state, const char *text)
{
    for (size_t i = 0; i < sizeof advices / sizeof advices[0]; i++)
        if (strcmp(advices[i].state, state) == 0 && (!advices[i].piece || strstr(text, advices[i].piece)))
            return advices[i].advice;
    return NULL;
}

static void print_records(SQLSMALLINT kind, SQLHANDLE handle)
{
    SQLCHAR state[6];
    SQLCHAR text[LONGEST_TEXT];
    SQLINTEGER native;
    const char *advice = NULL;
    for (SQLSMALLINT i = 1;
         SQL_SUCCEEDED(SQLGetDiagRec(kind, handle, i, state, &native, text, sizeof text, NULL)); i++) {
        printf("%s: ", (char *)state);
        ca_print_lines((char *)text);
        putchar('\n');
        advice = advice ? advice : find_advice((char *)state, (char *)text);
    }
    if (advice)
        printf("%s\n", advice);
}

/* How many catalogs the account sees; -1 = the question failed. */
static long count_catalogs(SQLHDBC connection)
{
    SQLHSTMT statement;
    long count = -1;
    if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_STMT, connection, &statement)))
        return -1;
    SQLRETURN result = SQLTables(statement, (SQLCHAR *)SQL_ALL_CATALOGS, SQL_NTS, (SQLCHAR *)"", 0,
                                 (SQLCHAR *)"", 0, (SQLCHAR *)"", 0);
    if (SQL_SUCCEEDED(result))
        for (count = 0; SQL_SUCCEEDED(result = SQLFetch(statement)); count++)
            ;
    if (result != SQL_NO_DATA) { /* a list that ends otherwise is not the list */
        print_records(SQL_HANDLE_STMT, statement);
        count = -1;
    }
    SQLFreeHandle(SQL_HANDLE_STMT, statement);
    return count;
}

static int try_connection(SQLHDBC connection, const char *name)
{
    SQLRETURN result = SQLConnect(connection, (SQLCHAR *)(uintptr_t)name, SQL_NTS, NULL, 0, NULL, 0);
    if (result != SQL_SUCCESS)
        print_records(SQL_HANDLE_DBC, connection);
    if (!SQL_SUCCEEDED(result))
        return CA_FAILED;
    long count = count_catalogs(connection);
    SQLDisconnect(connection);
    if (count >= 0)
        printf("Connected. The account sees %ld catalog%s.\n", count, count == 1 ? "" : "s");
    return count >= 0 ? CA_DONE : CA_FAILED;
}

/* The driver reads in this process: as in every other, it sees one's own data sources before the others.
 * Those for everyone alone are what somebody sees who has none. */
static bool choose_files(const struct ca_arguments *arguments)
{
    struct ca_options options;
    if (!arguments->system)
        return SQLSetConfigMode(ODBC_BOTH_DSN);
    if (!ca_read_data_source(arguments, &options))
        return false;
    ca_options_free(&options);
    return setenv("ODBCINI", "/dev/null", 1) == 0;
}

int ca_command_test(const struct ca_arguments *arguments)
{
    SQLHENV environment = SQL_NULL_HENV;
    SQLHDBC connection = SQL_NULL_HDBC;
    int status = CA_FAILED;
    if (!choose_files(arguments))
        return CA_FAILED;
    if (SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment)) &&
        SQL_SUCCEEDED(SQLSetEnvAttr(environment, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3_80, 0)) &&
        SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_DBC, environment, &connection)))
        status = try_connection(connection, arguments->name);
    else
        ca_say_failed("the driver manager does not work here");
    if (connection)
        SQLFreeHandle(SQL_HANDLE_DBC, connection);
    if (environment)
        SQLFreeHandle(SQL_HANDLE_ENV, environment);
    return fflush(stdout) == 0 ? status : CA_FAILED;
}
