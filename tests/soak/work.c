/*
 * Owns the kinds of work and the table of what may come of them.
 */
#include "work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS_PER_CONNECTION = 40, ROWS_MAX = 400, SETS = 5 };

#define ONE_COLUMN "'schema':[{'columnName':'a','dataType':9}]"

const struct fault soak_faults[FAULT_COUNT] = {
    {"none", NULL, "OK", "OK"},
    {"f503", "'status': 503", "HY000", "HY000"},
    {"f429", "'status': 429, 'headers': {'Retry-After': '0'}", "HY000", "HY000"},
    {"f401", "'status': 401", "28000", "28000"},
    {"f504", "'status': 504", "HYT00", "HYT00"},
    {"freset", "'reset': 'before'", "08S01", "08S01"},
    {"fcutb", "'cutAfterBytes': 40", "08S01", "08S01 OK"},
    {"fcutr", "'cutAfterRows': 5", "08S01 OK", "08S01 OK"},
    {"fduring", "'reset': 'during'", "08S01", "08S01 OK"},
    {"flate", "'errorAfterRows': 5", "HY000 OK", "HY000 OK"},
    {"fhtml", "'html': true", "08S01", "08S01"},
    {"fempty", "'reply': ''", "08S01", "08S01"},
    {"fwide",
     "'reply': '{\\\"results\\\":[{\\\"schema\\\":[{\\\"columnName\\\":\\\"a\\\",\\\"dataType\\\":9}],"
     "\\\"rows\\\":[[1],[2,3]]}]}'",
     "08S01", "08S01 OK"},
    {"fdrip", "'dripBytes': 300, 'dripMs': 1", "OK", "OK"},
    {"fforms", "'chunkBytes': 5, 'rowsFirst': true, 'extraMembers': true, 'upperMembers': true", "OK", "OK"},
    {"fhang", "'hang': true", "HYT00", "HYT00"},
};

const char *const soak_work_names[WORK_COUNT] = {"query", "scroll", "prepared", "put data", "insert",
                                                 "batch", "call",   "catalog",  "connect"};

enum {
    WORK_QUERY,
    WORK_SCROLL,
    WORK_PREPARED,
    WORK_PUT_DATA,
    WORK_INSERT,
    WORK_BATCH,
    WORK_CALL,
    WORK_CATALOG,
    WORK_CONNECT
};

static SQLCHAR *sql(const char *text)
{
    return (SQLCHAR *)(uintptr_t)text;
}

/* A number below `below` (xorshift). */
static unsigned chance(struct worker *w, unsigned below)
{
    w->random ^= w->random << 13;
    w->random ^= w->random >> 7;
    w->random ^= w->random << 17;
    return (unsigned)((w->random >> 11) % below);
}

/* ---- the account ---- */

static void complain(struct worker *w, int work, int fault, const char *what, const char *text)
{
    if (w->strange++ < 5)
        fprintf(stderr, "thread %u, %s, %s: %s\n    %s\n", w->number, soak_work_names[work],
                soak_faults[fault].name, what, text);
}

static void count(struct worker *w, int work, int fault, const char *state)
{
    struct outcome *o = w->outcomes;

    for (int i = 0; i < w->outcome_count; i++, o++)
        if (o->work == work && o->fault == fault && strcmp(o->state, state) == 0) {
            o->count++;
            return;
        }
    if (w->outcome_count == OUTCOMES_MAX)
        return;
    w->outcome_count++;
    *o = (struct outcome){.work = work, .fault = fault, .count = 1};
    snprintf(o->state, sizeof o->state, "%s", state);
}

/* What a work has come to: `code` is of its last call. Cancelled work may say so, and data at execution that
 * was given up between two calls is asked for in vain. */
static void settle(struct worker *w, int work, int fault, SQLRETURN code, unsigned cancels_before)
{
    const struct driver *d = w->driver;
    SQLCHAR state[6] = "OK", text[1000] = "";
    SQLINTEGER native = 0;
    SQLSMALLINT length = 0;
    bool writes = work >= WORK_INSERT && work <= WORK_CALL, fine;
    bool cancelled = atomic_load(&w->cancels) != cancels_before;
    const char *allowed = writes ? soak_faults[fault].writing : soak_faults[fault].reading;

    if (!SQL_SUCCEEDED(code) && code != SQL_NO_DATA &&
        !SQL_SUCCEEDED(
            d->SQLGetDiagRec(SQL_HANDLE_STMT, w->stmt, 1, state, &native, text, sizeof text, &length)))
        memcpy(state, "none", 5); /* an error without a record */
    fine = strstr(allowed, (char *)state) != NULL ||
           (work == WORK_CATALOG && strcmp((char *)state, "OK") == 0) ||
           (cancelled && (strcmp((char *)state, "HY008") == 0 ||
                          (work == WORK_PUT_DATA && strcmp((char *)state, "HY010") == 0)));
    count(w, work, fault, (char *)state);
    if (!fine)
        complain(w, work, fault, (char *)state, (char *)text);
}

/* ---- reading ---- */

/* Fetches up to `wanted` rows whose first column is 1, 2, 3 …, and to the end where all are wanted. */
static SQLRETURN fetch(struct worker *w, int work, int fault, long wanted, long all)
{
    const struct driver *d = w->driver;
    SQLRETURN code = SQL_SUCCESS;
    SQLBIGINT id = 0;
    long rows = 0;

    while (rows <= wanted && SQL_SUCCEEDED(code = d->SQLFetch(w->stmt))) {
        rows++;
        d->SQLGetData(w->stmt, 1, SQL_C_SBIGINT, &id, 0, NULL);
        if (id != rows)
            complain(w, work, fault, "a wrong row", "");
    }
    if (rows > all || (code == SQL_NO_DATA && rows != all))
        complain(w, work, fault, "a wrong number of rows", "");
    return code;
}

/* Sometimes less than all is fetched. */
static SQLRETURN query(struct worker *w, int fault)
{
    char text[200];
    long rows = 6 + chance(w, ROWS_MAX);
    long wanted = soak_faults[fault].rule != NULL || chance(w, 3) != 0 ? rows : chance(w, (unsigned)rows);

    snprintf(text, sizeof text, "SELECT Id /* %s */ FROM [Bench].[Bench].[Narrow] LIMIT %ld",
             soak_faults[fault].name, rows);
    SQLRETURN code = w->driver->SQLExecDirect(w->stmt, sql(text), SQL_NTS);
    if (strcmp(soak_faults[fault].name, "fwide") == 0)
        rows = 1;
    return SQL_SUCCEEDED(code) ? fetch(w, WORK_QUERY, fault, wanted, rows) : code;
}

static SQLRETURN scroll(struct worker *w, int fault)
{
    const struct driver *d = w->driver;
    char text[200];
    SQLBIGINT id = 0;

    d->SQLSetStmtAttr(w->stmt, SQL_ATTR_CURSOR_TYPE, (SQLPOINTER)SQL_CURSOR_STATIC, 0);
    snprintf(text, sizeof text, "SELECT Id /* %s */ FROM [Bench].[Bench].[Narrow] LIMIT 200",
             soak_faults[fault].name);
    SQLRETURN code = d->SQLExecDirect(w->stmt, sql(text), SQL_NTS);
    for (int i = 0; SQL_SUCCEEDED(code) && i < 5; i++) {
        SQLLEN row = 1 + (SQLLEN)chance(w, 200);
        code = d->SQLFetchScroll(w->stmt, i == 0 ? SQL_FETCH_LAST : SQL_FETCH_ABSOLUTE, row);
        if (SQL_SUCCEEDED(code) && SQL_SUCCEEDED(d->SQLGetData(w->stmt, 1, SQL_C_SBIGINT, &id, 0, NULL)) &&
            strcmp(soak_faults[fault].name, "fwide") != 0 && id != (i == 0 ? 200 : row))
            complain(w, WORK_SCROLL, fault, "a wrong row", "");
    }
    return code;
}

static SQLRETURN prepared(struct worker *w, int fault)
{
    const struct driver *d = w->driver;
    char text[200];
    SQLBIGINT limit = 1 + (SQLBIGINT)chance(w, 50);
    SQLLEN length = 0;

    snprintf(text, sizeof text, "SELECT Id /* %s */ FROM [Bench].[Bench].[Narrow] WHERE Id <= ? LIMIT 100",
             soak_faults[fault].name);
    SQLRETURN code = d->SQLPrepare(w->stmt, sql(text), SQL_NTS);
    if (SQL_SUCCEEDED(code))
        code = d->SQLBindParameter(w->stmt, 1, SQL_PARAM_INPUT, SQL_C_SBIGINT, SQL_BIGINT, 0, 0, &limit, 0,
                                   &length);
    for (int i = 0; SQL_SUCCEEDED(code) && i < 2; i++) {
        code = d->SQLExecute(w->stmt);
        if (SQL_SUCCEEDED(code))
            code = fetch(w, WORK_PREPARED, fault, 1000,
                         strcmp(soak_faults[fault].name, "fwide") != 0 ? limit : 1);
        if (code == SQL_NO_DATA && i == 0)
            code = d->SQLFreeStmt(w->stmt, SQL_CLOSE);
    }
    return code;
}

static SQLRETURN put_data(struct worker *w, int fault)
{
    const struct driver *d = w->driver;
    char text[100], piece[] = "piece ";
    SQLLEN at_execution = SQL_DATA_AT_EXEC;
    SQLPOINTER token;

    snprintf(text, sizeof text, "SELECT ? AS a /* %s */", soak_faults[fault].name);
    d->SQLBindParameter(w->stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 100, 0, piece, 0,
                        &at_execution);
    SQLRETURN code = d->SQLExecDirect(w->stmt, sql(text), SQL_NTS);
    if (code == SQL_NEED_DATA)
        code = d->SQLParamData(w->stmt, &token);
    for (int i = 0; i < 3 && (code == SQL_NEED_DATA || code == SQL_SUCCESS); i++)
        code = d->SQLPutData(w->stmt, piece, 6);
    if (SQL_SUCCEEDED(code))
        code = d->SQLParamData(w->stmt, &token);
    while (SQL_SUCCEEDED(code))
        code = d->SQLFetch(w->stmt);
    return code;
}

/* The fault's name is what the request asks for. */
static SQLRETURN catalog(struct worker *w, int fault)
{
    const struct driver *d = w->driver;
    SQLRETURN code;

    if (soak_faults[fault].rule == NULL && chance(w, 2) == 0)
        code = d->SQLColumns(w->stmt, sql("Salesforce"), SQL_NTS, NULL, 0, sql("Account"), SQL_NTS, NULL, 0);
    else
        code = d->SQLTables(w->stmt, sql(soak_faults[fault].name), SQL_NTS, NULL, 0, NULL, 0, NULL, 0);
    while (SQL_SUCCEEDED(code))
        code = d->SQLFetch(w->stmt);
    return code;
}

/* ---- writing: each request has a mark of its own ---- */

static SQLRETURN insert(struct worker *w, int fault)
{
    const struct driver *d = w->driver;
    char text[200];
    SQLLEN rows = -1;

    snprintf(text, sizeof text,
             "DELETE FROM [PostgreSQL1].[public].[settings] WHERE name = '" WRITE_MARK "%s'", w->number,
             w->writes++, soak_faults[fault].name);
    SQLRETURN code = d->SQLExecDirect(w->stmt, sql(text), SQL_NTS);
    if (SQL_SUCCEEDED(code) && strcmp(soak_faults[fault].name, "fwide") != 0 &&
        (d->SQLRowCount(w->stmt, &rows) != SQL_SUCCESS || rows != 0))
        complain(w, WORK_INSERT, fault, "a wrong row count", "");
    if (SQL_SUCCEEDED(code) && strcmp(soak_faults[fault].name, "fwide") == 0)
        while (SQL_SUCCEEDED(code))
            code = d->SQLFetch(w->stmt);
    return code;
}

static SQLRETURN batch(struct worker *w, int fault)
{
    const struct driver *d = w->driver;
    char text[200];
    SQLINTEGER values[SETS] = {-1, -2, -3, -4, -5};
    SQLLEN lengths[SETS] = {0};

    d->SQLSetStmtAttr(w->stmt, SQL_ATTR_PARAMSET_SIZE, (SQLPOINTER)SETS, 0);
    d->SQLBindParameter(w->stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, values, 0, lengths);
    snprintf(text, sizeof text,
             "DELETE FROM [PostgreSQL1].[public].[settings] WHERE name = '" WRITE_MARK "%s' AND ? = 1",
             w->number, w->writes++, soak_faults[fault].name);
    SQLRETURN code = d->SQLExecDirect(w->stmt, sql(text), SQL_NTS);
    return code;
}

static SQLRETURN call(struct worker *w, int fault)
{
    const struct driver *d = w->driver;
    char first[100], second[100] = "other";
    SQLLEN lengths[2] = {SQL_NTS, SQL_NTS};

    snprintf(first, sizeof first, WRITE_MARK "%s", w->number, w->writes++, soak_faults[fault].name);
    for (SQLUSMALLINT i = 0; i < 2; i++)
        d->SQLBindParameter(w->stmt, (SQLUSMALLINT)(i + 1), SQL_PARAM_INPUT_OUTPUT, SQL_C_CHAR, SQL_VARCHAR,
                            100, 0, i == 0 ? first : second, 100, &lengths[i]);
    SQLRETURN code = d->SQLExecDirect(w->stmt, sql("{call [Types].[Types].[SwapText](?, ?)}"), SQL_NTS);
    if (SQL_SUCCEEDED(code) && strcmp(soak_faults[fault].name, "fwide") != 0 && strcmp(first, "other") != 0)
        complain(w, WORK_CALL, fault, "a wrong output", first);
    while (SQL_SUCCEEDED(code) && strcmp(soak_faults[fault].name, "fwide") == 0)
        code = d->SQLFetch(w->stmt);
    return code;
}

/* ---- one thing after another ---- */

static void do_one(struct worker *w)
{
    static SQLRETURN (*const works[])(struct worker *, int) = {query,  scroll, prepared, put_data,
                                                               insert, batch,  call,     catalog};
    const struct driver *d = w->driver;
    int work = (int)chance(w, WORK_CONNECT);
    int fault = chance(w, 2) == 0 ? 0 : (int)chance(w, FAULT_COUNT);
    bool hangs = strcmp(soak_faults[fault].name, "fhang") == 0;
    unsigned before = atomic_load(&w->cancels);

    if (hangs && chance(w, 4) != 0)
        return;
    if (d->SQLAllocHandle(SQL_HANDLE_STMT, w->dbc, &w->stmt) != SQL_SUCCESS) {
        complain(w, work, fault, "no statement", "");
        return;
    }
    if (hangs)
        d->SQLSetStmtAttr(w->stmt, SQL_ATTR_QUERY_TIMEOUT, (SQLPOINTER)1, 0);
    if (chance(w, 3) == 0)
        atomic_store(&w->target, w->stmt);
    settle(w, work, fault, works[work](w, fault), before);
    /* a cancel may come while the statement is freed, and after */
    if (chance(w, 8) != 0)
        atomic_store(&w->target, SQL_NULL_HANDLE);
    if (chance(w, 8) != 0 && d->SQLFreeHandle(SQL_HANDLE_STMT, w->stmt) != SQL_SUCCESS)
        complain(w, work, fault, "the statement cannot be freed", "");
    w->stmt = SQL_NULL_HANDLE;
}

static bool connect_once(struct worker *w)
{
    static const char *const ways[] = {
        "",
        "Compression=0;",
        "ResultMode=spool;SpoolMemoryBytes=2000;",
        "ResultMode=spool;MaxRetries=0;",
        "MaxRetries=0;MetadataSource=system;",
        "MetadataCacheSeconds=0;MetadataSource=system;",
    };
    const struct driver *d = w->driver;
    char text[500];
    bool wrong = chance(w, 10) == 0;

    snprintf(
        text, sizeof text,
        "%sURL=%s/api;UID=test@example.com;PWD=%s;MaxRetries=1;RetryDelay=1;RateLimit=0;KeepAliveSeconds=1",
        ways[chance(w, 6)], w->address, wrong ? "wrong" : "T0ken-of-the-tests-9f3c");
    if (d->SQLAllocHandle(SQL_HANDLE_DBC, d->env, &w->dbc) != SQL_SUCCESS)
        return false;
    SQLRETURN code =
        d->SQLDriverConnect(w->dbc, NULL, sql(text), SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT);
    SQLCHAR state[6] = "OK", message[500] = "";
    SQLINTEGER native;
    SQLSMALLINT length;
    if (!SQL_SUCCEEDED(code))
        d->SQLGetDiagRec(SQL_HANDLE_DBC, w->dbc, 1, state, &native, message, sizeof message, &length);
    count(w, WORK_CONNECT, 0, (char *)state);
    if (strcmp((char *)state, wrong ? "28000" : "OK") != 0)
        complain(w, WORK_CONNECT, 0, (char *)state, (char *)message);
    if (SQL_SUCCEEDED(code))
        return true;
    d->SQLFreeHandle(SQL_HANDLE_DBC, w->dbc);
    return false;
}

void *soak_work(void *worker)
{
    struct worker *w = worker;
    const struct driver *d = w->driver;

    while (!atomic_load(w->stop)) {
        if (!connect_once(w))
            continue;
        for (unsigned i = chance(w, ROUNDS_PER_CONNECTION); i > 0 && !atomic_load(w->stop); i--)
            do_one(w);
        /* with statements that were left open */
        atomic_store(&w->target, SQL_NULL_HANDLE);
        if (d->SQLDisconnect(w->dbc) != SQL_SUCCESS ||
            d->SQLFreeHandle(SQL_HANDLE_DBC, w->dbc) != SQL_SUCCESS)
            complain(w, WORK_CONNECT, 0, "cannot disconnect", "");
    }
    return NULL;
}
