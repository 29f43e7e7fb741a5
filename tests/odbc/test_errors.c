/*
 * Proves what becomes of the service's errors: which state and native error each has, that its text arrives
 * whole, that an error behind rows is never taken for their end.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define PREFIX "[Connect AI][ODBC driver]"

static const char plain_query[] = "SELECT 1 AS a";

/* Runs plain_query to its end; the first return code that is neither success nor the end. */
static SQLRETURN run_to_error(SQLHSTMT stmt, const char *text)
{
    SQLRETURN code = exec(stmt, text);

    if (SQL_SUCCEEDED(code))
        count_rows(stmt, &code);
    return code;
}

/* ---- which error is which ---- */

/* `reply` NULL: only the more members of the rule. native -1: any. */
struct error_case {
    const char *reply, *more;
    const char *state, *odbc2_state;
    int native;
    const char *piece;
};

static const struct error_case error_cases[] = {
    /* by status */
    {NULL, "'status': 401", "28000", "28000", 401, "PWD"},
    {NULL, "'status': 403", "42000", "37000", 403, "A test asked"},
    {NULL, "'status': 429", "HY000", "S1000", 429, "A test asked"},
    {NULL, "'status': 500", "HY000", "S1000", 500, "A test asked"},
    {NULL, "'status': 502, 'html': true", "HY000", "S1000", 502, "502"},
    {NULL, "'status': 503", "HY000", "S1000", 503, "A test asked"},
    {NULL, "'status': 504", "HYT00", "S1T00", 504, "A test asked"},
    {NULL, "'status': 400", "HY000", "S1000", 400, "A test asked"},
    {NULL, "'status': 418", "HY000", "S1000", 418, "A test asked"},
    {"", "'status': 500", "HY000", "S1000", 500, "500"},
    {"", "'status': 401", "28000", "28000", 401, "PWD"},
    /* by code and text */
    {"{'error':{'code':'INVALID_AUTHORIZATION','message':'Token is stale'}}", "", "28000", "28000", 0,
     "Token is stale"},
    {"{'error':{'code':'INVALID_REQUEST','message':'Syntax error near x'}}", "", "42000", "37000", 0,
     "Syntax error near x"},
    {"{'error':{'code':'INVALID_REQUEST','message':'Could not parse the query'}}", "", "42000", "37000", 0,
     "parse"},
    {"{'error':{'code':'QUERY_FAILED','message':'Table \\u0027x\\u0027 not found'}}", "", "42S02", "S0002", 0,
     "Table 'x' not found"},
    {"{'error':{'code':'QUERY_FAILED','message':'Column \\u0027x\\u0027 not found'}}", "", "42S22", "S0022",
     0, "Column 'x' not found"},
    {"{'error':{'code':'QUERY_FAILED','message':'Missing parameter: @p'}}", "", "07002", "07001", 0, "@p"},
    {"{'error':{'code':'QUERY_FAILED','message':'Something else'}}", "", "HY000", "S1000", 0,
     "Something else"},
    {"{'error':{'code':'CONNECTION_TEST_FAILED','message':'Login to the source failed'}}", "'status': 400",
     "HY000", "S1000", 400, "Login to the source failed"},
    {"{'error':{'code':'QUERY_FAILED','message':'The query was cancelled because its timeout has expired.'}}",
     "", "HYT00", "S1T00", 0, "expired"},
    /* forms */
    {"{'error':{'code':79,'message':'By number'}}", "", "HY000", "S1000", 79, "By number"},
    {"{'error':{'code':'12','message':'By number'}}", "", "HY000", "S1000", 12, "By number"},
    {"{'error':{'code':null,'message':null}}", "", "HY000", "S1000", 0, ""},
    {"{'error':{}}", "", "HY000", "S1000", 0, ""},
    {"{'error':{'message':'No code'}}", "", "HY000", "S1000", 0, "No code"},
    {"{'error':{'code':'ONLY_CODE'}}", "", "HY000", "S1000", 0, "ONLY_CODE"},
    {"{'error':'Bare text'}", "", "HY000", "S1000", 0, "Bare text"},
    {"{'error':'CODE','message':'Beside it'}", "", "HY000", "S1000", 0, "Beside it"},
    {"{'message':'Before it','error':'CODE'}", "", "HY000", "S1000", 0, "Before it"},
    {"{'Error':{'Code':'X','Message':'Upper case'}}", "", "HY000", "S1000", 0, "Upper case"},
    {"{'results':null,'error':{'code':'X','message':'After null'}}", "", "HY000", "S1000", 0, "After null"},
    {"{'results':[],'error':{'code':'X','message':'After none'}}", "", "HY000", "S1000", 0, "After none"},
    {"{'results':[{'affectedRows':1}],'error':{'code':'X','message':'After a count'}}", "", "HY000", "S1000",
     0, "After a count"},
    {"{'error':{'code':'X','message':'Before results'},'results':[]}", "", "HY000", "S1000", 0,
     "Before results"},
    {"{'error':{'code':'X','message':'Deep','details':{'a':[1,{'b':null}]}}}", "", "HY000", "S1000", 0,
     "Deep"},
    UNIXODBC_ONLY("cuts narrow text that is not ASCII",
                  {"{'error':{'code':'X','message':'Sign \\ud83d\\ude00 \\u00e9'}}", "", "HY000", "S1000", 0,
                   "Sign \xf0\x9f\x98\x80 \xc3\xa9"}, )
    /* no reply that can be used */
    {NULL, "'html': true", "08S01", "08S01", -1, ""},
    {"", "", "08S01", "08S01", -1, ""},
    {"{", "", "08S01", "08S01", -1, ""},
    {"{'results':[{'schema':[{'columnName':'a','dataType':8}],'rows':[[1]]}", "", "08S01", "08S01", -1, ""},
    {"{'results':[{'schema':[{'columnName':'a','dataType':8}],'rows':[[1},'", "", "08S01", "08S01", -1, ""},
    {"{'results':[{'schema':[{'columnName':'a','dataType':8}],'rows':[[1]]}]} x", "", "08S01", "08S01", -1,
     ""},
    {"{'results':[{'schema':[{'columnName':'a','dataType':8}],'rows':[[1,2]]}]}", "", "08S01", "08S01", -1,
     ""},
    {"{'results':[{'schema':[{'columnName':'a','dataType':8}],'rows':[[]]}]}", "", "08S01", "08S01", -1, ""},
    {"{'results':[{'schema':[{'columnName':'a','dataType':8}],'rows':[5]}]}", "", "08S01", "08S01", -1, ""},
    {"nonsense", "", "08S01", "08S01", -1, ""},
    {NULL, "'reset': 'before'", "08S01", "08S01", -1, ""},
    {NULL, "'reset': 'during'", "08S01", "08S01", -1, ""},
    {NULL, "'cutAfterBytes': 0", "08S01", "08S01", -1, ""},
    {NULL, "'cutAfterBytes': 40", "08S01", "08S01", -1, ""},
};

static void set_fault(const struct service_process *service, const struct error_case *c)
{
    faults_clear(service);
    if (c->reply != NULL) {
        fault_reply(service, c->reply, c->more);
    } else {
        char *rule = text_format("{'path': '/query', %s}", c->more);
        faults_set(service, rule);
        free(rule);
    }
}

/* One case under an environment of this version, which says whose states are wanted. */
static bool check_error(struct session *s, const struct error_case *c, bool odbc2)
{
    const char *state = odbc2 ? c->odbc2_state : c->state;
    SQLINTEGER native = 0;

    set_fault(&s->harness->service, c);
    SQLRETURN code = run_to_error(s->stmt, plain_query);
    char *records = diagnostics(SQL_HANDLE_STMT, s->stmt);
    diagnostic(SQL_HANDLE_STMT, s->stmt, 1, NULL, &native, NULL);
    bool right = code == SQL_ERROR && strncmp(records, state, 5) == 0 && strstr(records, PREFIX) != NULL &&
                 strstr(records, c->piece) != NULL && (c->native < 0 || native == c->native);
    if (!right)
        print_error("%s %s\nwanted %s (%d) %s, got %c\n%s\n", c->reply != NULL ? c->reply : "", c->more,
                    state, c->native, c->piece, return_letter(code), records);
    free(records);
    SQLFreeStmt(s->stmt, SQL_CLOSE);
    return right;
}

static void check_errors(struct harness *h, SQLINTEGER version)
{
    SQLHENV env = environment_open(version);
    struct session s;
    int wrong = 0;

    session_open_in(h, env, &s, "MaxRetries=0");
    for (size_t i = 0; i < COUNT_OF(error_cases); i++)
        wrong += !check_error(&s, &error_cases[i], version == SQL_OV_ODBC2);
    faults_clear(&h->service);
    expect_usable(s.stmt);
    session_close(&s);
    expect_env("S", env, SQLFreeHandle(SQL_HANDLE_ENV, env));
    assert_int_equal(wrong, 0);
}

static void states_of_odbc_3(void **state)
{
    check_errors(*state, SQL_OV_ODBC3);
}

static void states_of_odbc_2(void **state)
{
    check_errors(*state, SQL_OV_ODBC2);
}

static void null_error_is_success(void **state)
{
    static const char *const replies[] = {
        "{'error':null,'results':[{'schema':[{'columnName':'a','dataType':8}],'rows':[[7]]}]}",
        "{'results':[{'schema':[{'columnName':'a','dataType':8}],'rows':[[7]]}],'error':null}",
        "{'results':[{'schema':[{'columnName':'a','dataType':8}],'rows':[[7]]}],'error':null}\r\n ",
    };
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(replies); i++) {
        faults_clear(&h->service);
        fault_reply(&h->service, replies[i], "");
        expect_rows(s.stmt, plain_query, "7\n");
    }
    session_close(&s);
}

/* What the service itself says of wrong statements, through every way to run one. */
static void errors_of_the_service(void **state)
{
    static const struct {
        const char *text, *state, *begin, *end;
    } cases[] = {
        {"SELECT * FROM [Salesforce].[Salesforce].[Nope]", "42S02",
         PREFIX "The query could not be executed.\r\nTable '[Salesforce].[Salesforce].[Nope]' does not "
                "exist.\r\n<Query ID: ",
         ">"},
        {"SELECT Nope FROM [Salesforce].[Salesforce].[Account]", "42S22",
         PREFIX "The query could not be executed.\r\nColumn 'Nope' does not exist.\r\n<Query ID: ", ">"},
        {"SELEC 1", "42000", PREFIX "Syntax error near 'SELEC'", "."},
        {"SELECT * FROM MSysConf", "42S02", PREFIX, ">"},
        {"SELECT * FROM [Salesforce].[Salesforce].[Account] WHERE Id = @p", "07002",
         PREFIX "Missing parameter", "."},
    };
    struct session s;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(cases) * 3; i++) {
        const char *text = cases[i / 3].text;
        char *message = NULL;
        SQLRETURN code;
        if (i % 3 == 0) {
            code = exec(s.stmt, text);
        } else if (i % 3 == 1) {
            code = exec_wide(s.stmt, text);
        } else {
            code = SQLPrepare(s.stmt, (SQLCHAR *)(uintptr_t)text, SQL_NTS);
            if (SQL_SUCCEEDED(code))
                code = SQLExecute(s.stmt);
        }
        expect_return("E", SQL_HANDLE_STMT, s.stmt, code, text, __FILE__, __LINE__);
        expect_state_at(SQL_HANDLE_STMT, s.stmt, cases[i / 3].state, text, 0);
        assert_true(diagnostic(SQL_HANDLE_STMT, s.stmt, 1, NULL, NULL, &message));
        size_t length = strlen(message), end = strlen(cases[i / 3].end);
        if (strncmp(message, cases[i / 3].begin, strlen(cases[i / 3].begin)) != 0 ||
            strcmp(message + length - end, cases[i / 3].end) != 0)
            fail_at(__FILE__, __LINE__, "%s: %s", text, message);
        free(message);
        /* an error leaves the statement as free as it was */
        expect_usable(s.stmt);
    }
    session_close(&s);
}

/* ---- errors behind rows ---- */

#define BROKEN_QUERY "SELECT Id FROM [Bench].[Bench].[Narrow] LIMIT 5000"
#define BROKEN_TEXT  "The source went away.\r\n<Query ID: 5>"

static void break_after_rows(struct harness *h, int rows)
{
    char *rule = text_format(
        "{\"path\":\"/query\",\"body\":\"Narrow\",\"errorAfterRows\":%d,\"errorCode\":\"QUERY_FAILED\","
        "\"errorMessage\":\"The source went away.\\r\\n<Query ID: 5>\"}",
        rows);

    faults_clear(&h->service);
    faults_set(&h->service, rule);
    free(rule);
}

/* The error comes, and comes again, until the cursor is closed. */
static void expect_lasting_error(SQLHSTMT stmt)
{
    for (int again = 0; again < 3; again++) {
        char *message = NULL;
        /* iODBC lets SQLFetchScroll not follow SQLFetch. */
        SQLRETURN code =
            again == 2 && !HARNESS_IODBC ? SQLFetchScroll(stmt, SQL_FETCH_NEXT, 0) : SQLFetch(stmt);
        expect_stmt("E", stmt, code);
        expect_state(SQL_HANDLE_STMT, stmt, "HY000");
        assert_true(diagnostic(SQL_HANDLE_STMT, stmt, 1, NULL, NULL, &message));
        expect_text(message, PREFIX BROKEN_TEXT);
        free(message);
    }
}

static void rows_then_error(void **state)
{
    static const int counts[] = {0, 1, 5, 1000};
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(counts) * 2; i++) {
        control_options(&h->service, i % 2 == 0 ? "{\"gzip\":true}" : "{\"gzip\":false}");
        break_after_rows(h, counts[i / 2]);
        SQLRETURN code = exec(s.stmt, BROKEN_QUERY);
        /* without a row the error may be found at once */
        expect_stmt(counts[i / 2] == 0 ? "SE" : "S", s.stmt, code);
        if (code == SQL_SUCCESS) {
            for (int row = 1; row <= counts[i / 2]; row++) {
                SQLBIGINT id = 0;
                expect_stmt("S", s.stmt, SQLFetch(s.stmt));
                expect_stmt("S", s.stmt, SQLGetData(s.stmt, 1, SQL_C_SBIGINT, &id, 0, NULL));
                assert_int_equal(id, row);
            }
            expect_lasting_error(s.stmt);
        } else {
            expect_message(SQL_HANDLE_STMT, s.stmt, "The source went away.");
        }
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        expect_usable(s.stmt);
    }
    session_close(&s);
}

enum { BLOCK_MAX = 1000 };

/* Fetches blocks of `size` until the error behind `rows` rows. */
static void check_block(struct session *s, SQLULEN size, SQLULEN rows)
{
    static SQLBIGINT ids[BLOCK_MAX];
    SQLUSMALLINT status[BLOCK_MAX];
    SQLULEN fetched = 0, seen = 0;

    expect_stmt("S", s->stmt, SQLSetStmtAttr(s->stmt, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)size, 0));
    expect_stmt("S", s->stmt, SQLSetStmtAttr(s->stmt, SQL_ATTR_ROW_STATUS_PTR, status, 0));
    expect_stmt("S", s->stmt, SQLSetStmtAttr(s->stmt, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0));
    expect_stmt("S", s->stmt, SQLBindCol(s->stmt, 1, SQL_C_SBIGINT, ids, 0, NULL));
    expect_stmt("S", s->stmt, exec(s->stmt, BROKEN_QUERY));
    while (seen < rows) {
        SQLULEN due = rows - seen < size ? rows - seen : size;
        expect_stmt(due == size ? "S" : "I", s->stmt, SQLFetch(s->stmt));
        assert_int_equal(fetched, due);
        for (SQLULEN i = 0; i < size; i++)
            assert_int_equal(status[i], i < due ? SQL_ROW_SUCCESS : SQL_ROW_NOROW);
        for (SQLULEN i = 0; i < due; i++)
            assert_int_equal(ids[i], seen + i + 1);
        if (due < size) {
            expect_state(SQL_HANDLE_STMT, s->stmt, "01000");
            expect_message(SQL_HANDLE_STMT, s->stmt, "The source went away.");
        }
        seen += due;
    }
    expect_lasting_error(s->stmt);
    expect_stmt("S", s->stmt, SQLFreeStmt(s->stmt, SQL_CLOSE));
    expect_stmt("S", s->stmt, SQLFreeStmt(s->stmt, SQL_UNBIND));
    expect_stmt("S", s->stmt, SQLSetStmtAttr(s->stmt, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)1, 0));
    expect_stmt("S", s->stmt, SQLSetStmtAttr(s->stmt, SQL_ATTR_ROW_STATUS_PTR, NULL, 0));
    expect_stmt("S", s->stmt, SQLSetStmtAttr(s->stmt, SQL_ATTR_ROWS_FETCHED_PTR, NULL, 0));
}

static void blocks_then_error(void **state)
{
    static const SQLULEN sizes[] = {1, 7, 10, 1000}, counts[] = {1, 5, 10, 20, 25, 1000, 1001};
    struct session s;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        for (size_t j = 0; j < COUNT_OF(counts); j++) {
            break_after_rows(*state, (int)counts[j]);
            check_block(&s, sizes[i], counts[j]);
        }
    faults_clear(&s.harness->service);
    expect_usable(s.stmt);
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_of_odbc_3),      cmocka_unit_test(states_of_odbc_2),
        cmocka_unit_test(null_error_is_success), cmocka_unit_test(errors_of_the_service),
        cmocka_unit_test(rows_then_error),       cmocka_unit_test(blocks_then_error),
    };

    return harness_main("test_errors", NULL, tests, COUNT_OF(tests));
}
