/*
 * Ways to give parameters: by descriptor fields alone, by a descriptor shared or copied, by default, piece by
 * piece for arrays; what stays unsent when one of them cannot be given.
 *
 * Must not know the driver's insides. Rules: SQLSetDescField, SQLBindParameter, SQLPutData, SQLCancel and
 * "Statement Transitions" of the ODBC reference. Values and types: test_parameter.c, test_request.c.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#define ARG(text) (SQLCHAR *)(uintptr_t)(text), SQL_NTS
#define SETTINGS  "[PostgreSQL1].[public].[settings]"
#define INSERT    "INSERT INTO " SETTINGS " (name, value) VALUES (?, ?)"

enum { SETS = 4, NAME = 20 };

static SQLHDESC descriptor(SQLHSTMT stmt, SQLINTEGER attribute)
{
    SQLHDESC desc = NULL;
    expect_stmt("S", stmt, SQLGetStmtAttr(stmt, attribute, &desc, SQL_IS_POINTER, NULL));
    return desc;
}

static void set_field(SQLHDESC desc, SQLSMALLINT record, SQLSMALLINT field, intptr_t value)
{
    expect_desc("S", desc, SQLSetDescField(desc, record, field, (SQLPOINTER)value, 0));
}

static void set(SQLHSTMT stmt, SQLINTEGER attribute, const void *value)
{
    expect_stmt("S", stmt, SQLSetStmtAttr(stmt, attribute, (SQLPOINTER)(uintptr_t)value, 0));
}

static void bind(SQLHSTMT stmt, SQLUSMALLINT number, SQLSMALLINT c_type, SQLSMALLINT sql_type, void *data,
                 SQLLEN *length)
{
    expect_stmt(
        "S", stmt,
        SQLBindParameter(stmt, number, SQL_PARAM_INPUT, c_type, sql_type, 100, 0, data, NAME, length));
}

static void clean(SQLHSTMT stmt)
{
    SQLFreeStmt(stmt, SQL_CLOSE);
    SQLFreeStmt(stmt, SQL_RESET_PARAMS);
    set(stmt, SQL_ATTR_PARAMSET_SIZE, (void *)1);
    set(stmt, SQL_ATTR_PARAM_STATUS_PTR, NULL);
    set(stmt, SQL_ATTR_PARAMS_PROCESSED_PTR, NULL);
    expect_stmt("SN", stmt, exec(stmt, "DELETE FROM " SETTINGS " WHERE name LIKE 'bound%'"));
    SQLFreeStmt(stmt, SQL_CLOSE);
}

#define STORED "SELECT name, value FROM " SETTINGS " WHERE name LIKE 'bound%' ORDER BY name"

/* ---- descriptors ---- */

static void a_parameter_is_bound_field_by_field(void **state)
{
    struct session s;
    char number[NAME] = "1234.5678";
    SQLLEN octets = 6, null = 0;
    SQLINTEGER whole = 42;

    session_open(*state, &s, NULL);
    SQLHDESC apd = descriptor(s.stmt, SQL_ATTR_APP_PARAM_DESC),
             ipd = descriptor(s.stmt, SQL_ATTR_IMP_PARAM_DESC);
    expect_stmt("S", s.stmt, SQLPrepare(s.stmt, ARG("SELECT ? AS A, ? AS B")));
    set_field(apd, 1, SQL_DESC_CONCISE_TYPE, SQL_C_CHAR);
    set_field(apd, 1, SQL_DESC_OCTET_LENGTH_PTR, (intptr_t)&octets);
    set_field(apd, 1, SQL_DESC_INDICATOR_PTR, (intptr_t)&null);
    set_field(apd, 1, SQL_DESC_DATA_PTR, (intptr_t)number);
    /* A C type that was not given is the one that suits the SQL type. */
    set_field(apd, 2, SQL_DESC_DATA_PTR, (intptr_t)&whole);
    expect_stmt("E", s.stmt, SQLExecute(s.stmt));
    expect_state(SQL_HANDLE_STMT, s.stmt, "07002");
    set_field(ipd, 1, SQL_DESC_PARAMETER_TYPE, SQL_PARAM_INPUT);
    set_field(ipd, 2, SQL_DESC_PARAMETER_TYPE, SQL_PARAM_INPUT);
    expect_stmt("E", s.stmt, SQLExecute(s.stmt));
    expect_state(SQL_HANDLE_STMT, s.stmt, "07002");
    expect_message(SQL_HANDLE_STMT, s.stmt, "SQL_DESC_CONCISE_TYPE");
    expect_desc("S", ipd, SQLSetDescRec(ipd, 1, SQL_DECIMAL, 0, 0, 6, 1, NULL, NULL, NULL));
    set_field(ipd, 2, SQL_DESC_CONCISE_TYPE, SQL_INTEGER);
    expect_stmt("S", s.stmt, SQLExecute(s.stmt)); /* 1234.5: the octets are six */
    char *rows = rows_text(s.stmt);
    expect_text(rows, "1234.5|42\n");
    free(rows);
    SQLFreeStmt(s.stmt, SQL_CLOSE);
    octets = SQL_NTS;
    expect_stmt("E", s.stmt, SQLExecute(s.stmt)); /* 1234.5678 has more digits than the type */
    expect_state(SQL_HANDLE_STMT, s.stmt, "22001");
    set_field(ipd, 1, SQL_DESC_PRECISION, 9);
    set_field(ipd, 1, SQL_DESC_SCALE, 4);
    expect_stmt("S", s.stmt, SQLExecute(s.stmt));
    rows = rows_text(s.stmt);
    expect_text(rows, "1234.5678|42\n");
    free(rows);
    SQLFreeStmt(s.stmt, SQL_CLOSE);
    null = SQL_NULL_DATA;
    expect_stmt("S", s.stmt, SQLExecute(s.stmt));
    rows = rows_text(s.stmt);
    expect_text(rows, "<null>|42\n");
    free(rows);
    session_close(&s);
}

static void an_array_is_bound_by_descriptor_headers(void **state)
{
    struct session s;
    SQLINTEGER values[SETS] = {1, 2, 3, 4};
    char names[SETS][NAME] = {"bound a", "bound b", "bound c", "bound d"};
    SQLUSMALLINT operations[SETS] = {SQL_PARAM_PROCEED, SQL_PARAM_IGNORE, SQL_PARAM_PROCEED,
                                     SQL_PARAM_PROCEED};
    SQLUSMALLINT status[SETS];
    SQLULEN processed = 0;
    SQLHDESC shared;

    session_open(*state, &s, NULL);
    clean(s.stmt);
    expect_dbc("S", s.dbc, SQLAllocHandle(SQL_HANDLE_DESC, s.dbc, &shared));
    set(s.stmt, SQL_ATTR_APP_PARAM_DESC, shared);
    bind(s.stmt, 1, SQL_C_CHAR, SQL_VARCHAR, names, NULL);
    bind(s.stmt, 2, SQL_C_DEFAULT, SQL_INTEGER, values, NULL);
    SQLHDESC ipd = descriptor(s.stmt, SQL_ATTR_IMP_PARAM_DESC);
    set_field(shared, 0, SQL_DESC_ARRAY_SIZE, SETS);
    set_field(shared, 0, SQL_DESC_ARRAY_STATUS_PTR, (intptr_t)operations);
    set_field(ipd, 0, SQL_DESC_ARRAY_STATUS_PTR, (intptr_t)status);
    set_field(ipd, 0, SQL_DESC_ROWS_PROCESSED_PTR, (intptr_t)&processed);
    expect_stmt("S", s.stmt, exec(s.stmt, INSERT));
    assert_int_equal(processed, SETS);
    assert_int_equal(status[1], SQL_PARAM_UNUSED);
    assert_int_equal(status[3], SQL_PARAM_SUCCESS);
    set(s.stmt, SQL_ATTR_APP_PARAM_DESC, SQL_NULL_HDESC);
    expect_rows(s.stmt, STORED, "bound a|1\nbound c|3\nbound d|4\n");

    /* The bindings serve another statement, copied into its own descriptors. */
    SQLHSTMT other = statement_open(s.dbc);
    expect_desc("S", shared, SQLCopyDesc(shared, descriptor(other, SQL_ATTR_APP_PARAM_DESC)));
    expect_desc("S", ipd, SQLCopyDesc(ipd, descriptor(other, SQL_ATTR_IMP_PARAM_DESC)));
    clean(s.stmt);
    expect_stmt("S", other, exec(other, INSERT));
    expect_rows(s.stmt, STORED, "bound a|1\nbound c|3\nbound d|4\n");
    SQLFreeHandle(SQL_HANDLE_STMT, other);
    SQLFreeHandle(SQL_HANDLE_DESC, shared);
    clean(s.stmt);
    session_close(&s);
}

/* ---- defaults ---- */

static void a_default_parameter_is_left_out_of_a_call_alone(void **state)
{
    struct harness *h = *state;
    struct session s;
    char industry[NAME] = "Energy";
    SQLINTEGER employees = 1000000;
    SQLLEN lengths[2] = {SQL_NTS, 0};
    SQLRETURN last;

    session_open(h, &s, NULL);
    bind(s.stmt, 1, SQL_C_CHAR, SQL_VARCHAR, industry, &lengths[0]);
    bind(s.stmt, 2, SQL_C_SLONG, SQL_INTEGER, &employees, &lengths[1]);
    expect_stmt("S", s.stmt,
                SQLPrepare(s.stmt, ARG("{call [Salesforce].[Salesforce].[GetAccountsByIndustry](?, ?)}")));
    requests_clear(&h->service);
    expect_stmt("S", s.stmt, SQLExecute(s.stmt));
    assert_int_equal(count_rows(s.stmt, &last), 0);
    SQLFreeStmt(s.stmt, SQL_CLOSE);
    assert_int_equal(requests_count(&h->service, "POST", "/exec", "@MinEmployees"), 1);
    lengths[1] = SQL_DEFAULT_PARAM;
    expect_stmt("S", s.stmt, SQLExecute(s.stmt));
    assert_true(count_rows(s.stmt, &last) > 0);
    SQLFreeStmt(s.stmt, SQL_CLOSE);
    assert_int_equal(requests_count(&h->service, "POST", "/exec", "@MinEmployees"), 1);
    assert_int_equal(requests_count(&h->service, "POST", "/exec", "@Industry"), 2);

    static const char *const others[] = {"SELECT ? AS A, ? AS B", INSERT};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        requests_clear(&h->service);
        expect_stmt("E", s.stmt, exec(s.stmt, others[i]));
        expect_state(SQL_HANDLE_STMT, s.stmt, "07S01");
        assert_int_equal(requests_count(&h->service, NULL, NULL, NULL), 0);
    }
    session_close(&s);
}

static void arguments_left_out_of_the_text_are_not_sent(void **state)
{
    static const struct {
        const char *call, *sent;
    } cases[] = {
        {"{call [Salesforce].[Salesforce].[GetAccountsByIndustry](?)}",
         "{\"@Industry\":{\"direction\":1,\"dataType\":5,\"value\":\"Energy\"}}"},
        {"{call [Salesforce].[Salesforce].[GetAccountsByIndustry](?,)}",
         "{\"@Industry\":{\"direction\":1,\"dataType\":5,\"value\":\"Energy\"}}"},
        {"{call [Salesforce].[Salesforce].[GetAccountsByIndustry](?, DEFAULT)}",
         "{\"@Industry\":{\"direction\":1,\"dataType\":5,\"value\":\"Energy\"}}"},
        {"{call [Salesforce].[Salesforce].[GetAccountsByIndustry](?, 7)}",
         "{\"@Industry\":{\"direction\":1,\"dataType\":5,\"value\":\"Energy\"},"
         "\"@MinEmployees\":{\"direction\":1,\"dataType\":8,\"value\":7}}"},
        {"EXEC [Salesforce].[Salesforce].[GetAccountsByIndustry] @MinEmployees = 7, @Industry = ?",
         "{\"@Industry\":{\"direction\":1,\"dataType\":5,\"value\":\"Energy\"},"
         "\"@MinEmployees\":{\"direction\":1,\"dataType\":8,\"value\":7}}"},
        {"EXECUTE [Salesforce].[Salesforce].[GetAccountsByIndustry] @INDUSTRY = ?, @minemployees = NULL",
         "{\"@Industry\":{\"direction\":1,\"dataType\":5,\"value\":\"Energy\"},"
         "\"@MinEmployees\":{\"direction\":1,\"dataType\":8,\"value\":null}}"},
    };
    struct harness *h = *state;
    struct session s;
    char industry[NAME] = "Energy";
    SQLRETURN last;

    session_open(h, &s, NULL);
    bind(s.stmt, 1, SQL_C_CHAR, SQL_VARCHAR, industry, NULL);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        requests_clear(&h->service);
        expect_stmt("S", s.stmt, exec(s.stmt, cases[i].call));
        assert_true(count_rows(s.stmt, &last) > 0);
        if (requests_count(&h->service, "POST", "/exec", cases[i].sent) != 1)
            fail_msg("%s was not sent as %s", cases[i].call, cases[i].sent);
        SQLFreeStmt(s.stmt, SQL_CLOSE);
    }
    session_close(&s);
}

/* In a workspace a call goes with the workspace, its parameters are looked up there too. */
static void a_call_keeps_to_its_workspace(void **state)
{
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, "Workspace=Sales;");
    requests_clear(&h->service);
    exec(s.stmt, "{call [Salesforce].[Salesforce].[ListUsers]()}");
    json_object *requests = requests_read(&h->service, false);
    assert_true(json_object_array_length(requests) > 0);
    for (size_t i = 0; i < json_object_array_length(requests); i++) {
        json_object *query = json_object_object_get(json_object_array_get_idx(requests, i), "query");
        expect_text(json_object_get_string(json_object_object_get(query, "workspace")), "Sales");
    }
    json_object_put(requests);
    session_close(&s);
}

/* ---- data at execution ---- */

/* Two values of each set come at execution: names in pieces, every second value; an array for /batch. */
static void data_is_put_for_every_set_of_a_batch(void **state)
{
    struct harness *h = *state;
    struct session s;
    char names[SETS][NAME] = {"", "", "", ""}, values[SETS][NAME] = {"one", "two", "three", "four"};
    SQLLEN name_lengths[SETS], value_lengths[SETS];
    SQLPOINTER token;
    SQLRETURN result;

    session_open(h, &s, NULL);
    clean(s.stmt);
    for (size_t i = 0; i < SETS; i++) {
        name_lengths[i] = SQL_LEN_DATA_AT_EXEC(8);
        value_lengths[i] = i % 2 ? SQL_DATA_AT_EXEC : SQL_NTS;
    }
    bind(s.stmt, 1, SQL_C_CHAR, SQL_VARCHAR, names, name_lengths);
    bind(s.stmt, 2, SQL_C_CHAR, SQL_VARCHAR, values, value_lengths);
    set(s.stmt, SQL_ATTR_PARAMSET_SIZE, (void *)SETS);
    expect_stmt("S", s.stmt, SQLPrepare(s.stmt, ARG(INSERT)));
    requests_clear(&h->service);
    expect_stmt("D", s.stmt, SQLExecute(s.stmt));
    while ((result = SQLParamData(s.stmt, &token)) == SQL_NEED_DATA) {
        bool name = (char *)token < names[0] + sizeof names && (char *)token >= names[0];
        if (name) {
            char last = (char)('a' + ((char *)token - names[0]) / NAME);
            expect_stmt("S", s.stmt, SQLPutData(s.stmt, "bound", 5));
            expect_stmt("S", s.stmt, SQLPutData(s.stmt, " ", SQL_NTS));
            expect_stmt("S", s.stmt, SQLPutData(s.stmt, &last, 1));
        } else if (token == values[1]) {
            expect_stmt("S", s.stmt, SQLPutData(s.stmt, NULL, SQL_NULL_DATA));
        } else {
            expect_stmt("S", s.stmt, SQLPutData(s.stmt, "", 0));
        }
    }
    expect_stmt("S", s.stmt, result);
    assert_int_equal(requests_count(&h->service, "POST", "/batch", NULL), 1);
    set(s.stmt, SQL_ATTR_PARAMSET_SIZE, (void *)1);
    SQLFreeStmt(s.stmt, SQL_RESET_PARAMS);
    expect_rows(s.stmt, STORED, "bound a|one\nbound b|<null>\nbound c|three\nbound d|\n");
    clean(s.stmt);
    session_close(&s);
}

/* Cancelled at every point, nothing is sent, and the statement can be executed again. */
static void cancelled_half_way_nothing_is_sent(void **state)
{
    struct harness *h = *state;
    struct session s;
    SQLLEN lengths[2 * SETS];
    char tokens[2 * SETS][NAME];
    SQLPOINTER token;

    session_open(h, &s, NULL);
    clean(s.stmt);
    for (size_t i = 0; i < 2 * SETS; i++)
        lengths[i] = SQL_DATA_AT_EXEC;
    for (int direct = 0; direct < 2; direct++)
        for (size_t calls = 0; calls <= 2 * 2 * SETS; calls++) {
            bind(s.stmt, 1, SQL_C_CHAR, SQL_VARCHAR, tokens, lengths);
            bind(s.stmt, 2, SQL_C_CHAR, SQL_VARCHAR, tokens[SETS], lengths + SETS);
            set(s.stmt, SQL_ATTR_PARAMSET_SIZE, (void *)SETS);
            if (!direct)
                expect_stmt("S", s.stmt, SQLPrepare(s.stmt, ARG(INSERT)));
            requests_clear(&h->service);
            expect_stmt("D", s.stmt, direct ? exec(s.stmt, INSERT) : SQLExecute(s.stmt));
            for (size_t i = 0; i < calls; i++)
                if (i % 2)
                    expect_stmt("S", s.stmt, SQLPutData(s.stmt, "bound", SQL_NTS));
                else
                    expect_stmt("D", s.stmt, SQLParamData(s.stmt, &token));
            expect_stmt("S", s.stmt, SQLCancel(s.stmt));
            assert_int_equal(requests_count(&h->service, NULL, NULL, NULL), 0);
            expect_stmt("E", s.stmt, SQLPutData(s.stmt, "bound", SQL_NTS));
            expect_state(SQL_HANDLE_STMT, s.stmt, "HY010");
            if (!direct) { /* it is still prepared */
                expect_stmt("D", s.stmt, SQLExecute(s.stmt));
                expect_stmt("S", s.stmt, SQLCancel(s.stmt));
            } else {
                expect_stmt("E", s.stmt, SQLExecute(s.stmt));
                expect_state(SQL_HANDLE_STMT, s.stmt, "HY010");
            }
        }
    clean(s.stmt);
    expect_rows(s.stmt, STORED, "");
    session_close(&s);
}

static void data_that_makes_no_sense_is_refused(void **state)
{
    static const struct {
        SQLSMALLINT c_type, sql_type;
        SQLLEN first, second; /* lengths put */
        const char *state;    /* of the second, or of SQLParamData where second is 0 */
    } cases[] = {
        {SQL_C_CHAR, SQL_VARCHAR, SQL_NULL_DATA, 1, "HY020"},
        {SQL_C_SLONG, SQL_INTEGER, 4, 4, "HY019"},
        {SQL_C_CHAR, SQL_VARCHAR, 1, SQL_DEFAULT_PARAM, "07S01"},
        {SQL_C_CHAR, SQL_VARCHAR, 1, -77, "HY090"},
        {SQL_C_CHAR, SQL_INTEGER, 1, 0, "22018"},
        {SQL_C_WCHAR, SQL_WVARCHAR, 3, 0, "HY090"},
    };
    struct harness *h = *state;
    struct session s;
    SQLLEN length = SQL_DATA_AT_EXEC;
    SQLPOINTER token;

    session_open(h, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        bind(s.stmt, 1, cases[i].c_type, cases[i].sql_type, &token, &length);
        requests_clear(&h->service);
        expect_stmt("D", s.stmt, exec(s.stmt, "SELECT ? AS V"));
        expect_stmt("D", s.stmt, SQLParamData(s.stmt, &token));
        expect_stmt("S", s.stmt, SQLPutData(s.stmt, "x\0x\0", cases[i].first));
        expect_stmt("E", s.stmt,
                    cases[i].second ? SQLPutData(s.stmt, "x\0x\0", cases[i].second)
                                    : SQLParamData(s.stmt, &token));
        expect_state(SQL_HANDLE_STMT, s.stmt, cases[i].state);
        SQLCancel(s.stmt);
        SQLFreeStmt(s.stmt, SQL_CLOSE);
        assert_int_equal(requests_count(&h->service, NULL, NULL, NULL), 0);
        expect_usable(s.stmt);
    }
    session_close(&s);
}

/* ---- failures ---- */

static void nothing_is_sent_behind_the_first_failed_request(void **state)
{
    static const struct {
        const char *rule, *letters; /* S success, E error, D unknown, U unused */
    } cases[] = {
        {"{'path': '/batch', 'count': 1, 'status': 500}", "DDUU"},
        {"{'path': '/batch', 'skip': 1, 'count': 1, 'status': 503}", "SSDD"},
        {"{'path': '/batch', 'skip': 1, 'count': 1, 'reset': 'before'}", "SSDD"},
        {"{'path': '/batch', 'count': 1, 'cutAfterBytes': 14}", "DDUU"},
        {"{\"path\": \"/batch\", \"count\": 1, \"reply\": \"{\\\"results\\\":[{\\\"affectedRows\\\":1}],"
         "\\\"error\\\":{\\\"code\\\":\\\"X\\\",\\\"message\\\":\\\"Y\\\"}}\"}",
         "SDUU"},
        {"{\"path\": \"/batch\", \"count\": 1, \"reply\": \"{\\\"results\\\":[{\\\"affectedRows\\\":0}],"
         "\\\"error\\\":{\\\"code\\\":\\\"X\\\",\\\"message\\\":\\\"Y\\\"}}\"}",
         "DDUU"},
    };
    struct harness *h = *state;
    struct session s;
    char names[SETS][NAME] = {"bound a", "bound b", "bound c", "bound d"};
    SQLINTEGER values[SETS] = {1, 2, 3, 4};
    SQLUSMALLINT status[SETS];

    session_open(h, &s, "BatchRows=2;MaxRetries=3;RetryDelay=1;");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char letters[SETS + 1] = "";
        clean(s.stmt);
        bind(s.stmt, 1, SQL_C_CHAR, SQL_VARCHAR, names, NULL);
        bind(s.stmt, 2, SQL_C_SLONG, SQL_INTEGER, values, NULL);
        set(s.stmt, SQL_ATTR_PARAMSET_SIZE, (void *)SETS);
        set(s.stmt, SQL_ATTR_PARAM_STATUS_PTR, status);
        faults_set(&h->service, cases[i].rule);
        requests_clear(&h->service);
        expect_stmt("E", s.stmt, exec(s.stmt, INSERT));
        for (size_t k = 0; k < SETS; k++)
            letters[k] = status[k] == SQL_PARAM_SUCCESS            ? 'S'
                         : status[k] == SQL_PARAM_ERROR            ? 'E'
                         : status[k] == SQL_PARAM_DIAG_UNAVAILABLE ? 'D'
                         : status[k] == SQL_PARAM_UNUSED           ? 'U'
                                                                   : '?';
        expect_text(letters, cases[i].letters);
        assert_int_equal(requests_count(&h->service, "POST", "/batch", NULL),
                         cases[i].letters[0] == 'S' && cases[i].letters[1] == 'S' ? 2 : 1);
        faults_clear(&h->service);
    }
    clean(s.stmt);
    session_close(&s);
}

/* One set in a request: what the service says is what became of it. */
static void a_set_alone_in_its_request_is_known_to_have_failed(void **state)
{
    struct session s;
    char names[SETS][NAME] = {"bound a", "bound a", "bound c", "bound d"};
    SQLUSMALLINT status[SETS];
    SQLULEN processed = 0;

    session_open(*state, &s, "BatchRows=1;");
    clean(s.stmt);
    bind(s.stmt, 1, SQL_C_CHAR, SQL_VARCHAR, names, NULL);
    set(s.stmt, SQL_ATTR_PARAMSET_SIZE, (void *)SETS);
    set(s.stmt, SQL_ATTR_PARAM_STATUS_PTR, status);
    set(s.stmt, SQL_ATTR_PARAMS_PROCESSED_PTR, &processed);
    expect_stmt("E", s.stmt, exec(s.stmt, "INSERT INTO " SETTINGS " (name) VALUES (?)"));
    assert_int_equal(status[0], SQL_PARAM_SUCCESS);
    assert_int_equal(status[1], SQL_PARAM_ERROR);
    assert_int_equal(status[2], SQL_PARAM_UNUSED);
    assert_int_equal(status[3], SQL_PARAM_UNUSED);
    assert_int_equal(processed, 2);
    clean(s.stmt);
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_parameter_is_bound_field_by_field),
        cmocka_unit_test(an_array_is_bound_by_descriptor_headers),
        cmocka_unit_test(a_default_parameter_is_left_out_of_a_call_alone),
        cmocka_unit_test(arguments_left_out_of_the_text_are_not_sent),
        cmocka_unit_test(a_call_keeps_to_its_workspace),
        cmocka_unit_test(data_is_put_for_every_set_of_a_batch),
        cmocka_unit_test(cancelled_half_way_nothing_is_sent),
        cmocka_unit_test(data_that_makes_no_sense_is_refused),
        cmocka_unit_test(nothing_is_sent_behind_the_first_failed_request),
        cmocka_unit_test(a_set_alone_in_its_request_is_known_to_have_failed),
    };

    return harness_main("test_parameter_binding", NULL, tests, COUNT_OF(tests));
}
