/*
 * The matrix of faults: everything that can go wrong at the service or on the way × everything that asks the
 * service. A row says how each operation ends, what the text names, and how many rows come before. After each
 * operation the connection is dead exactly if the link broke (SQL_ATTR_CONNECTION_DEAD), what writes has been
 * sent once, and, the fault gone, the connection works.
 */
#include "harness.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum operation { READ, WRITE, BATCH, CALL, TABLES, TABLES_GET, CONNECT, DISCONNECT, OPERATIONS };

static const struct {
    const char *name, *path, *options;
} operations[OPERATIONS] = {
    [READ] = {"read", "/query", ""},
    [WRITE] = {"write", "/query", ""},
    [BATCH] = {"batch", "/batch", ""},
    [CALL] = {"call", "/exec", ""},
    [TABLES] = {"tables", "/query", "MetadataSource=system"},
    [TABLES_GET] = {"tables by GET", "/tables", "MetadataSource=endpoints"},
    [CONNECT] = {"connect", "/catalogs", ""},
    [DISCONNECT] = {"disconnect", "/query", ""},
};

/* One fault. How an operation ends is an SQLSTATE (one of several), or "" for well. */
struct row {
    const char *members;    /* of the rule; ' stands for " */
    const char *reply;      /* its reply, or … */
    const char *raw;        /* … its raw octets; NULL: none */
    const char *options;    /* of the connection */
    const char *piece;      /* of the text of every error; "" = any */
    const char *read;       /* executing and fetching a query */
    long rows;              /* that come before; -1 = not said */
    const char *write;      /* a DELETE, a batch, a call */
    const char *catalog;    /* SQLTables, from both sources */
    const char *connecting; /* what connecting says */
};

#define COLUMN    "'schema':[{'columnName':'Id','dataType':9}]"
#define REPLY(x)  "{'results':[{" x "}]}"
#define ROWS(x)   REPLY(COLUMN ",'rows':[" x "]")
#define OK_HEAD   "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
#define TWO_ROWS  ROWS("[1],[2]")
#define ENDPOINT  "not a Connect AI endpoint"
#define BROKEN    "08S01", 0, "08S01", "08S01", "08001"
#define WELL      "", 100, "", "", ""
#define STATUS(s) s, 0, s, s

static const struct row rows[] = {
    /* statuses */
    {"'status': 400", NULL, NULL, "", "A test asked", STATUS("HY000"), "HY000"},
    {"'status': 401", NULL, NULL, "", "PWD", STATUS("28000"), "28000"},
    {"'status': 403", NULL, NULL, "", "no right", STATUS("42000"), "42000"},
    {"'status': 408", NULL, NULL, "", "A test asked", STATUS("HY000"), "HY000"},
    {"'status': 429", NULL, NULL, "", "100 requests a minute", STATUS("HY000"), "HY000"},
    {"'status': 500", NULL, NULL, "", "A test asked", STATUS("HY000"), "08001"},
    {"'status': 502, 'html': true", NULL, NULL, "", "502", STATUS("HY000"), "08001"},
    {"'status': 503, 'headers': {'Retry-After': '99'}", NULL, NULL, "", "A test asked", STATUS("HY000"),
     "08001"},
    {"'status': 504", NULL, NULL, "", "A test asked", STATUS("HYT00"), "HYT00"},
    {"'status': 599", "not JSON", NULL, "", "599", STATUS("HY000"), "HY000"},
    {"'redirect': 'http://127.0.0.1:9/api'", NULL, NULL, "", "redirects", STATUS("08S01"), "08001"},
    {"'html': true", NULL, NULL, "", "web page", "08S01", 0, "08S01", "08S01 42S02", "08001"},
    /* the link */
    {"'reset': 'before'", NULL, NULL, "", "The connection broke", BROKEN},
    {"'reset': 'during', 'cutAfterBytes': 10", NULL, NULL, "", "The connection broke", BROKEN},
    {"'cutAfterBytes': 0", NULL, NULL, "", "The connection broke", BROKEN},
    {"'cutAfterBytes': 20", NULL, NULL, "", "The connection broke", BROKEN},
    {"'cutAfterRows': 3", NULL, NULL, "Compression=0", "The connection broke", "08S01", 3, "", "08S01",
     "08001"},
    {"'delayMs': 30", NULL, NULL, "", "", WELL},
    {"'dripBytes': 400, 'dripMs': 1", NULL, NULL, "", "", WELL},
    {"'chunkBytes': 1", NULL, NULL, "", "", WELL},
    {"'hang': true", NULL, NULL, "Timeout=1;LoginTimeout=1", "in time", STATUS("HYT00"), "HYT00"},
    /* HTTP that is none */
    /* what follows a document that is closed is not waited for */
    {"", NULL, OK_HEAD "Content-Length: 1000\r\n\r\n" TWO_ROWS, "", "", "", 2, "", "", ""},
    {"", NULL, OK_HEAD "Content-Length: 20\r\n\r\n" TWO_ROWS, "", "", BROKEN},
    {"", NULL, OK_HEAD "\r\n" TWO_ROWS, "", "", "", 2, "", "", ""},
    {"", NULL, OK_HEAD "Transfer-Encoding: chunked\r\n\r\nZZ\r\n" TWO_ROWS, "", "The connection broke",
     BROKEN},
    {"", NULL, OK_HEAD "Content-Encoding: gzip\r\n\r\n" TWO_ROWS, "", "damaged", BROKEN},
    {"", NULL, OK_HEAD "Content-Encoding: br\r\n\r\n" TWO_ROWS, "", "Content-Encoding", BROKEN},
    {"", NULL, "HTTP/1.1 200 OK\r\n\r\n", "", "", BROKEN},
    {"", NULL, "garbage\r\n\r\n", "", "not HTTP", BROKEN},
    {"", NULL, "HTTP/1.1 99999 What\r\n\r\n", "", "not HTTP", BROKEN},
    /* compression */
    {"'gzip': true", TWO_ROWS, NULL, "", "", "", 2, "", "", ""},
    {"'gzip': true, 'cutAfterBytes': 50", TWO_ROWS, NULL, "", "The connection broke", BROKEN},
    {"'gzip': true, 'repeat': 'xxxxxxxxxxxxxxxx', 'times': 400000", ROWS("['@']"), NULL, "MaxRowBytes=65536",
     "MaxRowBytes", STATUS("HY000"), "HY000"},
    {"'gzip': true, 'repeat': '                ', 'times': 400000", "{@", NULL, "", "", BROKEN},
    /* sizes */
    {"'repeat': 'xxxxxxxxxxxxxxxx', 'times': 100000", ROWS("[1],['@']"), NULL, "MaxRowBytes=65536",
     "MaxRowBytes", "HY000", 1, "HY000", "HY000", "HY000"},
    {"'repeat': '1,', 'times': 500000", ROWS("[1],[@1]"), NULL, "", "more than 1", "08S01", 1, "08S01",
     "08S01", "08001"},
    {"'repeat': '{},', 'times': 40000", REPLY("'schema':[@{}],'rows':[]"), NULL, "", "32767", STATUS("HY000"),
     "HY000"},
    {"'repeat': '{\\\"columnName\\\":\\\"x\\\"},', 'times': 1000000", REPLY("'schema':[@{}],'rows':[]"), NULL,
     "", "longer than", STATUS("HY000"), "HY000"},
    {"'repeat': '[', 'times': 100000", ROWS("[1],[@"), NULL, "", "", "08S01", 1, "08S01", "08S01", "08001"},
    {"'repeat': '[', 'times': 100000", REPLY("'schema':@"), NULL, "", "", BROKEN},
    {"'repeat': '[', 'times': 100000", "{'unknown':@", NULL, "", "", BROKEN},
    {"'repeat': '{\\\"a\\\":', 'times': 100000", "{'error':@", NULL, "", "", BROKEN},
    {"'repeat': '[],', 'times': 100000", "{'unknown':[@1],'results':[{" COLUMN ",'rows':[[1]]}]}", NULL, "",
     "", "", 1, "", "", ""},
    /* bodies that are no document of results */
    {"", "", NULL, "", "", BROKEN},
    {"", "   ", NULL, "", "", BROKEN},
    {"", "null", NULL, "", "", BROKEN},
    {"", "[]", NULL, "", "", BROKEN},
    {"", "{'results':[", NULL, "", "", BROKEN},
    {"", "{'results':[]}}", NULL, "", "", BROKEN},
    {"", "{'results':[]} more", NULL, "", "", BROKEN},
    /* members of the wrong kind */
    {"", "{'results':5}", NULL, "", "", BROKEN},
    {"", "{'results':'none'}", NULL, "", "", BROKEN},
    {"", "{'results':{}}", NULL, "", "", BROKEN},
    {"", "{'results':[5]}", NULL, "", "", BROKEN},
    {"", REPLY("'schema':5,'rows':[]"), NULL, "", "", BROKEN},
    {"", REPLY("'schema':[5],'rows':[]"), NULL, "", "", BROKEN},
    {"", REPLY(COLUMN ",'rows':5"), NULL, "", "", BROKEN},
    {"", REPLY(COLUMN ",'rows':{}"), NULL, "", "", BROKEN},
    {"", ROWS("[1],2"), NULL, "", "", "08S01", 1, "08S01", "08S01", "08001"},
    {"", ROWS("[1],{}"), NULL, "", "", "08S01", 1, "08S01", "08S01", "08001"},
    {"", ROWS("[1],[]"), NULL, "", "", "08S01", 1, "08S01", "08S01", "08001"},
    {"", ROWS("[1],[2,3]"), NULL, "", "", "08S01", 1, "08S01", "08S01", "08001"},
    {"", ROWS("[1],[tru]"), NULL, "", "", "08S01", 1, "08S01", "08S01", "08001"},
    {"", ROWS("[1] [2]"), NULL, "", "", "08S01", 1, "08S01", "08S01", "08001"},
    {"", REPLY("'affectedRows':'many'," COLUMN ",'rows':[[1]]"), NULL, "", "", "", 1, "", "", ""},
    {"", "{'error':7}", NULL, "", "7", STATUS("HY000"), "HY000"},
    {"", "{'error':[]}", NULL, "", "", STATUS("HY000"), "HY000"},
    {"", "{'error':{}}", NULL, "", "", STATUS("HY000"), "HY000"},
    /* numbers past all measure */
    {"", "{'results':[{'affectedRows':99999999999999999999," COLUMN ",'rows':[[1]]}]}", NULL, "", "", "", 1,
     "", "", ""},
    {"",
     REPLY("'schema':[{'columnName':'Id','dataType':1e300,'length':1e300,'precision':-1e300}],'rows':[[1]]"),
     NULL, "", "", "", 1, "", "", ""},
    {"'repeat': '9', 'times': 5000", "{'error':{'code':@,'message':'Late'}}", NULL, "", "Late",
     STATUS("HY000"), "HY000"},
    /* members twice: nothing is lost without a word */
    {"", REPLY(COLUMN ",'rows':[[1]],'rows':[[2]]"), NULL, "", "", "08S01", 1, "08S01", "08S01", "08001"},
    {"", REPLY("'rows':[[1]],'rows':[[2]]," COLUMN), NULL, "", "", BROKEN},
    {"", REPLY(COLUMN ",'rows':[[1]]," COLUMN), NULL, "", "", "", 1, "", "", ""},
    {"", "{'error':{'message':'First'},'error':null,'results':[]}", NULL, "", "First", STATUS("HY000"),
     "HY000"},
    {"", "{'results':[{" COLUMN ",'rows':[[1]]}],'error':null,'error':{'message':'Second'}}", NULL, "",
     "Second", "HY000", 1, "HY000", "HY000", "HY000"},
    /* unknown members, and null for what may be absent */
    {"'extraMembers': true, 'nullMembers': true, 'upperMembers': true", NULL, NULL, "", "", WELL},
    {"'rowsFirst': true", NULL, NULL, "", "", WELL},
    {"",
     "{'unknown':{'results':[{'rows':[[9]]}]},'results':[{'more':[[8]]," COLUMN
     ",'rows':[[1]],'even':{'more':1}}]}",
     NULL, "", "", "", 1, "", "", ""},
    /* an error behind rows */
    {"'errorAfterRows': 3, 'errorMessage': 'Late'", NULL, NULL, "", "Late", "HY000", 3, "", "HY000", "HY000"},
    {"'errorAfterRows': 0, 'errorMessage': 'Late', 'errorForm': 'string'", NULL, NULL, "", "Late", "HY000", 0,
     "", "HY000", "HY000"},
};

/* ---- one operation ---- */

/* Fetches every row of every result. */
static SQLRETURN run_through(SQLHSTMT stmt, SQLRETURN code, long *count)
{
    while (SQL_SUCCEEDED(code)) {
        SQLSMALLINT columns = 0;
        SQLNumResultCols(stmt, &columns);
        while (columns > 0 && SQL_SUCCEEDED(code = SQLFetch(stmt)))
            (*count)++;
        if (columns == 0 || code == SQL_NO_DATA)
            code = SQLMoreResults(stmt);
    }
    return code;
}

static SQLRETURN batch(SQLHSTMT stmt)
{
    static SQLINTEGER values[3] = {1, 2, 3};
    static SQLLEN lengths[3];

    SQLSetStmtAttr(stmt, SQL_ATTR_PARAMSET_SIZE, (SQLPOINTER)3, 0);
    SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, values, 0, lengths);
    return exec(stmt, "DELETE FROM [PostgreSQL1].[public].[settings] WHERE name = 'MARK' AND 0 = ?");
}

static SQLRETURN run_statement(enum operation operation, SQLHSTMT stmt)
{
    switch (operation) {
    case WRITE:
        return exec(stmt, "DELETE FROM [PostgreSQL1].[public].[settings] WHERE name = 'MARK'");
    case BATCH:
        return batch(stmt);
    case CALL:
        return exec(stmt, "{call [PostgreSQL1].[public].[insert_note]('MARK', 'body')}");
    case TABLES:
    case TABLES_GET:
        return SQLTables(stmt, (SQLCHAR *)(uintptr_t) "Bench", SQL_NTS, NULL, 0, NULL, 0, NULL, 0);
    default:
        return exec(stmt, "SELECT Id FROM [Bench].[Bench].[Narrow] LIMIT 100");
    }
}

/* Single quotes become double ones, double ones stay. */
static char *quoted(const char *text)
{
    char *copy = text_format("%s", text);

    for (char *p = copy; *p != '\0'; p++)
        *p = *p == '\'' ? '"' : *p;
    return copy;
}

static void set_fault(const struct service_process *service, const struct row *row, const char *path)
{
    const char *body = row->reply != NULL ? row->reply : row->raw;
    char *text = quoted(body != NULL ? body : ""), *members = quoted(row->members);
    json_object *json = json_object_new_string(text);
    char *rule = text_format("{\"path\":\"%s\"%s%s", path, *members != '\0' ? "," : "", members);
    char *whole = body != NULL ? text_format("%s,\"%s\":%s}", rule, row->reply != NULL ? "reply" : "raw",
                                             json_object_to_json_string(json))
                               : text_format("%s}", rule);

    faults_set(service, whole);
    json_object_put(json);
    free(whole);
    free(rule);
    free(members);
    free(text);
}

/* How an operation ended. */
struct end {
    char state[6]; /* "" = well */
    char *records;
    long count;
    bool dead;
};

static bool is_dead(SQLHDBC dbc)
{
    SQLUINTEGER dead = SQL_CD_FALSE;

    SQLGetConnectAttr(dbc, SQL_ATTR_CONNECTION_DEAD, &dead, sizeof dead, NULL);
    return dead == SQL_CD_TRUE;
}

static void note_end(struct end *end, SQLSMALLINT kind, SQLHANDLE handle, SQLRETURN code)
{
    end->records = diagnostics(kind, handle);
    if (!SQL_SUCCEEDED(code) && code != SQL_NO_DATA && !diagnostic(kind, handle, 1, end->state, NULL, NULL))
        strcpy(end->state, "none");
}

/* A login that nothing is remembered of: a proxy user makes it another one, and no proxy is used for this
 * machine. */
static void try_to_connect(struct harness *h, const struct row *row, struct end *end)
{
    static unsigned number;
    char *text = text_format("DSN=CA;MaxRetries=0;ProxyUID=u%u;%s", number++, row->options);
    SQLHDBC dbc = dbc_open(h);

    note_end(end, SQL_HANDLE_DBC, dbc, driver_connect(dbc, text));
    dbc_close(dbc);
    free(text);
}

static void check_writes(struct harness *h, enum operation operation, const char *what)
{
    size_t sent = requests_count(&h->service, NULL, operations[operation].path, "MARK");

    if (operation >= WRITE && operation <= CALL && sent != 1)
        fail_at(__FILE__, __LINE__, "%s: sent %zu times", what, sent);
}

static void run_operation(struct harness *h, enum operation operation, const struct row *row, struct end *end,
                          const char *what)
{
    struct session s;
    bool writes = operation >= WRITE && operation <= CALL;
    char *extra = text_format("MaxRetries=%d;RetryDelay=1;MetadataCacheSeconds=0;%s;%s", writes ? 2 : 0,
                              operations[operation].options, row->options);

    session_open(h, &s, extra);
    requests_clear(&h->service);
    set_fault(&h->service, row, operations[operation].path);
    SQLRETURN code = run_statement(operation, s.stmt);
    if (operation != DISCONNECT)
        code = run_through(s.stmt, code, &end->count);
    note_end(end, SQL_HANDLE_STMT, s.stmt, operation == DISCONNECT ? SQL_SUCCESS : code);
    end->dead = is_dead(s.dbc);
    check_writes(h, operation, what);
    if (operation != DISCONNECT) {
        faults_clear(&h->service);
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        expect_usable(s.stmt);
        if (is_dead(s.dbc))
            fail_at(__FILE__, __LINE__, "%s: dead after it worked again", what);
    }
    session_close(&s); /* checks SQLDisconnect; with an open cursor and the fault still there */
    free(extra);
}

static const char *expected_state(const struct row *row, enum operation operation)
{
    switch (operation) {
    case READ:
        return row->read;
    case WRITE:
    case BATCH:
    case CALL:
        return row->write;
    case TABLES:
    case TABLES_GET:
        return row->catalog;
    case CONNECT:
        return row->connecting;
    default:
        return "";
    }
}

/* Whether it ended as the row says; complains where not. */
static bool check(struct harness *h, const struct row *row, enum operation operation)
{
    struct end end = {.state = ""};
    const char *body = row->reply != NULL ? row->reply : row->raw != NULL ? row->raw : "";
    char *what =
        text_format("%s, {%s} %.100s %s", operations[operation].name, row->members, body, row->options);
    const char *state = expected_state(row, operation);

    faults_clear(&h->service);
    if (operation == CONNECT) {
        set_fault(&h->service, row, operations[operation].path);
        try_to_connect(h, row, &end);
    } else {
        run_operation(h, operation, row, &end, what);
    }
    bool right =
        *state != '\0' ? strlen(end.state) == 5 && strstr(state, end.state) != NULL : *end.state == '\0';
    if (operation == READ && row->rows >= 0)
        right = right && end.count == row->rows;
    if (operation != CONNECT && operation != DISCONNECT)
        right = right && end.dead == (strncmp(end.state, "08", 2) == 0);
    if (*end.state != '\0')
        right = right && strcasestr(end.records, row->piece) != NULL;
    if (!right)
        print_error("%s: %s, not %s; %ld rows, not %ld; %s\n%s\n", what, end.state, state, end.count,
                    row->rows, end.dead ? "dead" : "alive", end.records);
    free(end.records);
    free(what);
    return right;
}

static void every_fault_in_every_operation(void **state)
{
    int wrong = 0;

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (int operation = 0; operation < OPERATIONS; operation++)
            wrong += !check(*state, &rows[i], (enum operation)operation);
    assert_int_equal(wrong, 0);
}

/* ---- the service goes away ---- */

static void killed_and_started_again(void **state)
{
    struct harness *h = *state;
    struct service_process service;
    struct session s;
    SQLRETURN last;

    assert_true(service_start(h, "mortal", NULL, &service));
    char *extra = text_format("URL=%s/api;RetryDelay=1;MaxRetries=2", service.base);
    char *port = text_format("%u", service.port);
    session_open(h, &s, extra);
    SQLHSTMT other = statement_open(s.dbc);
    expect_usable(other);
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT Id FROM [Bench].[Bench].[Narrow]"));
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    assert_false(is_dead(s.dbc));
    kill(service.pid, SIGKILL);
    service_stop(&service);
    count_rows(s.stmt, &last);
    expect_stmt("E", s.stmt, last);
    expect_state(SQL_HANDLE_STMT, s.stmt, "08S01");
    assert_true(is_dead(s.dbc));
    /* nothing listens: neither reads nor writes get anywhere */
    expect_stmt("E", other, exec(other, "SELECT 1"));
    expect_state(SQL_HANDLE_STMT, other, "08S01");
    expect_message(SQL_HANDLE_STMT, other, "Cannot connect");
    expect_stmt("E", other, exec(other, "DELETE FROM [PostgreSQL1].[public].[settings] WHERE name = 'MARK'"));
    expect_state(SQL_HANDLE_STMT, other, "08S01");
    assert_true(is_dead(s.dbc));
    /* the same connection goes on with the next service */
    const char *const options[] = {"--port", port, NULL};
    assert_true(service_start(h, "mortal", options, &service));
    expect_usable(other);
    assert_false(is_dead(s.dbc));
    expect_stmt("E", s.stmt, SQLFetch(s.stmt)); /* what broke stays broken */
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    expect_usable(s.stmt);
    session_close(&s);
    service_stop(&service);
    free(port);
    free(extra);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fault_in_every_operation),
        cmocka_unit_test(killed_and_started_again),
    };

    return harness_main("test_matrix", NULL, tests, COUNT_OF(tests));
}
