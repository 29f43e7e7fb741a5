/*
 * Owns the measuring of everything that is not fetching: inserting by arrays, catalog functions, connecting.
 * Knows ODBC only, no driver and no service.
 *
 *     calls CONNECTION execute SQL                   one statement, its result dropped
 *     calls CONNECTION insert SQL ROWS ARRAY         SQL has eight markers, for the columns of struct set
 *     calls CONNECTION tables | columns              the whole list
 *     calls CONNECTION connect SQL TIMES cold|pooled connect, execute, fetch, disconnect
 */
#include "meter.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_OCTETS = 64, AMOUNT_OCTETS = 24, CATALOG_COLUMNS = 4, CATALOG_OCTETS = 512, CATALOG_ROWS = 100 };

/* One parameter set, bound row-wise: a row of the table of eight columns. */
struct set {
    SQLBIGINT id;
    SQLLEN id_length;
    char name[NAME_OCTETS];
    SQLLEN name_length;
    char amount[AMOUNT_OCTETS];
    SQLLEN amount_length;
    SQLINTEGER quantity;
    SQLLEN quantity_length;
    SQLDOUBLE ratio;
    SQLLEN ratio_length;
    unsigned char active;
    SQLLEN active_length;
    SQL_TIMESTAMP_STRUCT created;
    SQLLEN created_length;
    SQL_DATE_STRUCT day;
    SQLLEN day_length;
};

static const struct {
    size_t data, length;
    SQLLEN octets;
    SQLSMALLINT c_type, sql_type;
    SQLULEN size;
    SQLSMALLINT digits;
} parameters[] = {
#define PARAMETER(member, c_type, sql_type, size, digits)                     \
    {                                                                         \
        offsetof(struct set, member), offsetof(struct set, member##_length),  \
            sizeof(((struct set *)0)->member), c_type, sql_type, size, digits \
    }
    PARAMETER(id, SQL_C_SBIGINT, SQL_BIGINT, 19, 0),
    PARAMETER(name, SQL_C_CHAR, SQL_VARCHAR, 60, 0),
    PARAMETER(amount, SQL_C_CHAR, SQL_DECIMAL, 18, 4),
    PARAMETER(quantity, SQL_C_SLONG, SQL_INTEGER, 10, 0),
    PARAMETER(ratio, SQL_C_DOUBLE, SQL_DOUBLE, 15, 0),
    PARAMETER(active, SQL_C_BIT, SQL_BIT, 1, 0),
    PARAMETER(created, SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, 26, 6),
    PARAMETER(day, SQL_C_TYPE_DATE, SQL_TYPE_DATE, 10, 0),
#undef PARAMETER
};

static void print(const char *name, unsigned long count, const struct moment *used, long over_kib)
{
    printf("%s=%lu wall=%.4f user=%.4f sys=%.4f over_kib=%ld\n", name, count, used->wall, used->user,
           used->sys, over_kib);
}

static void fill(struct set *set, unsigned long row)
{
    *set = (struct set){.id = (SQLBIGINT)row, .quantity = (SQLINTEGER)(row % 2000) - 500};
    set->name_length = snprintf(set->name, sizeof set->name, "Part number %lu, Zubehör", row);
    set->amount_length = snprintf(set->amount, sizeof set->amount, "%lu.%04lu", row % 100000, row % 10000);
    set->ratio = (double)row / 7.0;
    set->active = row % 2;
    set->created = (SQL_TIMESTAMP_STRUCT){2024, 5, (SQLUSMALLINT)(row % 28 + 1), 13, 14, 15, 123456000};
    set->day = (SQL_DATE_STRUCT){2024, 2, (SQLUSMALLINT)(row % 28 + 1)};
    if (row % 10 == 0)
        set->amount_length = SQL_NULL_DATA;
}

static void set_attribute(SQLHSTMT stmt, SQLINTEGER attribute, SQLULEN value)
{
    meter_need(SQLSetStmtAttr(stmt, attribute, (SQLPOINTER)(uintptr_t)value, 0), SQL_HANDLE_STMT, stmt,
               "SQLSetStmtAttr");
}

static void bind_sets(SQLHSTMT stmt, struct set *sets)
{
    set_attribute(stmt, SQL_ATTR_PARAM_BIND_TYPE, sizeof *sets);
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++)
        meter_need(SQLBindParameter(stmt, (SQLUSMALLINT)(i + 1), SQL_PARAM_INPUT, parameters[i].c_type,
                                    parameters[i].sql_type, parameters[i].size, parameters[i].digits,
                                    (char *)sets + parameters[i].data, parameters[i].octets,
                                    (SQLLEN *)(void *)((char *)sets + parameters[i].length)),
                   SQL_HANDLE_STMT, stmt, "SQLBindParameter");
}

static void add(struct moment *sum, const struct moment *begin)
{
    struct moment used = meter_since(begin);

    sum->wall += used.wall;
    sum->user += used.user;
    sum->sys += used.sys;
}

/* Sends the rows by arrays; making their values is not counted. */
static void execute_arrays(SQLHSTMT stmt, struct set *sets, unsigned long rows, unsigned long array,
                           struct moment *sum)
{
    for (unsigned long row = 0; row < rows;) {
        unsigned long count = rows - row < array ? rows - row : array;
        for (unsigned long i = 0; i < count; i++)
            fill(&sets[i], row + i);
        struct moment begin = meter_now();
        set_attribute(stmt, SQL_ATTR_PARAMSET_SIZE, count);
        meter_need(SQLExecute(stmt), SQL_HANDLE_STMT, stmt, "SQLExecute");
        add(sum, &begin);
        row += count;
    }
}

/* In one transaction where there are any, which is the best that can be done for a database. */
static void insert(struct session *session, char *sql, unsigned long rows, unsigned long array)
{
    struct moment sum = {0};
    struct set *sets = calloc(array, sizeof *sets);
    if (sets == NULL)
        meter_fail("no memory for the parameter sets");
    memset(sets, 0x55, array * sizeof *sets);
    bind_sets(session->stmt, sets);
    meter_need(
        SQLSetConnectAttr(session->dbc, SQL_ATTR_AUTOCOMMIT, (SQLPOINTER)(uintptr_t)SQL_AUTOCOMMIT_OFF, 0),
        SQL_HANDLE_DBC, session->dbc, "SQL_ATTR_AUTOCOMMIT");
    long idle = meter_resident_kib();
    meter_forget_peak();
    struct moment begin = meter_now();
    meter_need(SQLPrepare(session->stmt, (SQLCHAR *)sql, SQL_NTS), SQL_HANDLE_STMT, session->stmt,
               "SQLPrepare");
    add(&sum, &begin);
    execute_arrays(session->stmt, sets, rows, array, &sum);
    begin = meter_now();
    meter_need(SQLEndTran(SQL_HANDLE_DBC, session->dbc, SQL_COMMIT), SQL_HANDLE_DBC, session->dbc,
               "SQLEndTran");
    add(&sum, &begin);
    print("rows", rows, &sum, meter_peak_kib() - idle);
    free(sets);
}

/* Bound as tools do it that show a tree of objects: the first columns, as text, in blocks. */
static unsigned long fetch_names(SQLHSTMT stmt)
{
    static char names[CATALOG_COLUMNS][CATALOG_ROWS][CATALOG_OCTETS];
    static SQLLEN lengths[CATALOG_COLUMNS][CATALOG_ROWS];
    SQLULEN fetched = 0;
    unsigned long rows = 0;
    SQLRETURN rc;

    set_attribute(stmt, SQL_ATTR_ROW_ARRAY_SIZE, CATALOG_ROWS);
    meter_need(SQLSetStmtAttr(stmt, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0), SQL_HANDLE_STMT, stmt,
               "SQL_ATTR_ROWS_FETCHED_PTR");
    for (int i = 0; i < CATALOG_COLUMNS; i++)
        meter_need(SQLBindCol(stmt, (SQLUSMALLINT)(i + 1), SQL_C_CHAR, names[i], CATALOG_OCTETS, lengths[i]),
                   SQL_HANDLE_STMT, stmt, "SQLBindCol");
    while ((rc = SQLFetch(stmt)) != SQL_NO_DATA) {
        meter_need(rc, SQL_HANDLE_STMT, stmt, "SQLFetch");
        rows += fetched;
    }
    meter_need(SQLFreeStmt(stmt, SQL_CLOSE), SQL_HANDLE_STMT, stmt, "SQLFreeStmt");
    return rows;
}

static void list(struct session *session, bool columns)
{
    SQLHSTMT stmt = session->stmt;
    long idle = meter_resident_kib();

    meter_forget_peak();
    struct moment begin = meter_now();
    if (columns)
        meter_need(SQLColumns(stmt, NULL, 0, NULL, 0, (SQLCHAR *)"%", SQL_NTS, NULL, 0), SQL_HANDLE_STMT,
                   stmt, "SQLColumns");
    else
        meter_need(SQLTables(stmt, NULL, 0, NULL, 0, (SQLCHAR *)"%", SQL_NTS, NULL, 0), SQL_HANDLE_STMT, stmt,
                   "SQLTables");
    unsigned long rows = fetch_names(stmt);
    struct moment used = meter_since(&begin);
    print("rows", rows, &used, meter_peak_kib() - idle);
}

static void execute(struct session *session, const char *sql)
{
    SQLRETURN rc = SQLExecDirect(session->stmt, (SQLCHAR *)(uintptr_t)sql, SQL_NTS);

    if (rc != SQL_NO_DATA)
        meter_need(rc, SQL_HANDLE_STMT, session->stmt, "SQLExecDirect");
}

/* The environment stays, as in an application; the connection handle is freed and made anew each time. */
static void connect_often(const char *connection, const char *sql, unsigned long times, bool pooled)
{
    struct session first, session;

    meter_open(&first, connection, pooled);
    struct moment begin = meter_now();
    for (unsigned long i = 0; i < times; i++) {
        session.env = first.env;
        meter_connect(&session, connection);
        execute(&session, sql);
        meter_need(SQLFetch(session.stmt), SQL_HANDLE_STMT, session.stmt, "SQLFetch");
        meter_disconnect(&session);
    }
    struct moment used = meter_since(&begin);
    print("connects", times, &used, 0);
    meter_close(&first);
}

int main(int argc, char **argv)
{
    const char *call = argc > 2 ? argv[2] : "";
    struct session session;

    if (argc == 6 && strcmp(call, "connect") == 0) {
        connect_often(argv[1], argv[3], meter_number(argv[4], 1, 1000000), strcmp(argv[5], "pooled") == 0);
        return 0;
    }
    bool known = (argc == 4 && strcmp(call, "execute") == 0) || (argc == 6 && strcmp(call, "insert") == 0) ||
                 (argc == 3 && (strcmp(call, "tables") == 0 || strcmp(call, "columns") == 0));
    if (!known) {
        fprintf(stderr, "Usage: calls CONNECTION execute SQL | insert SQL ROWS ARRAY | tables | columns | "
                        "connect SQL TIMES cold|pooled\n");
        return 2;
    }
    meter_open(&session, argv[1], false);
    if (strcmp(call, "execute") == 0)
        execute(&session, argv[3]);
    else if (strcmp(call, "insert") == 0)
        insert(&session, argv[3], meter_number(argv[4], 1, 100000000), meter_number(argv[5], 1, 1000000));
    else
        list(&session, strcmp(call, "columns") == 0);
    meter_close(&session);
    return 0;
}
