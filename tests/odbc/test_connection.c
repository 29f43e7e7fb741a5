/*
 * Proves connection attributes before and after connecting, and the time a login may take.
 */
#include "harness.h"

#include <dlfcn.h>
#include <netdb.h>
#include <string.h>

enum { SLOW_LOOKUP_MS = 60000 };

static SQLRETURN set_number(SQLHDBC dbc, SQLINTEGER attribute, uintptr_t value)
{
    return SQLSetConnectAttr(dbc, attribute, (SQLPOINTER)value, SQL_IS_UINTEGER);
}

static uintptr_t get_number(SQLHDBC dbc, SQLINTEGER attribute)
{
    SQLULEN value = 0; /* the driver writes 32 bits, or all */

    expect_dbc("S", dbc, SQLGetConnectAttr(dbc, attribute, &value, SQL_IS_UINTEGER, NULL));
    return value;
}

/* ---- numbers ---- */

static void numbers_after_connecting(void **state)
{
    static const struct {
        SQLINTEGER attribute;
        uintptr_t set;
        const char *letters, *error;
        uintptr_t then;
    } cases[] = {
        {SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF, "I", "01S02", SQL_AUTOCOMMIT_ON},
        {SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_ON, "S", NULL, SQL_AUTOCOMMIT_ON},
        {SQL_ATTR_AUTOCOMMIT, 7, "E", "HY024", SQL_AUTOCOMMIT_ON},
        {SQL_ATTR_CONNECTION_TIMEOUT, 9, "S", NULL, 9},
        {SQL_ATTR_CONNECTION_TIMEOUT, 0, "S", NULL, 0},
        {SQL_ATTR_LOGIN_TIMEOUT, 11, "S", NULL, 11},
        {SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_ONLY, "SI", NULL, SQL_MODE_READ_ONLY},
        {SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_WRITE, "S", NULL, SQL_MODE_READ_WRITE},
    };
    struct session s;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *what = text_format("case %zu", i);
        SQLRETURN code = set_number(s.dbc, cases[i].attribute, cases[i].set);
        expect_return(cases[i].letters, SQL_HANDLE_DBC, s.dbc, code, what, __FILE__, __LINE__);
        if (cases[i].error != NULL)
            expect_state_at(SQL_HANDLE_DBC, s.dbc, cases[i].error, what, 0);
        if (get_number(s.dbc, cases[i].attribute) != cases[i].then)
            fail_at(__FILE__, __LINE__, "%s: the attribute is %lu", what,
                    (unsigned long)get_number(s.dbc, cases[i].attribute));
        free(what);
    }
    session_close(&s);
}

static void autocommit_off_before_connecting(void **state)
{
    SQLHDBC dbc = dbc_open(*state);

    expect_dbc("SI", dbc, set_number(dbc, SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF));
    expect_dbc("SI", dbc, driver_connect(dbc, "DSN=CA"));
    assert_int_equal(get_number(dbc, SQL_ATTR_AUTOCOMMIT), SQL_AUTOCOMMIT_ON);
    expect_dbc("S", dbc, SQLEndTran(SQL_HANDLE_DBC, dbc, SQL_COMMIT));
    dbc_close(dbc);
}

static void login_timeout_before_connecting(void **state)
{
    SQLHDBC dbc = dbc_open(*state);

    expect_dbc("S", dbc, set_number(dbc, SQL_ATTR_LOGIN_TIMEOUT, 17));
    expect_dbc("S", dbc, driver_connect(dbc, "DSN=CA"));
    assert_int_equal(get_number(dbc, SQL_ATTR_LOGIN_TIMEOUT), 17);
    dbc_close(dbc);
}

static void unknown_attributes(void **state)
{
    /* 30002 is what one client sets; 1 << 20 nobody does */
    static const SQLINTEGER attributes[] = {30002, 1 << 20, 20000};
    struct session s;
    SQLULEN value = 0;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(attributes); i++) {
        expect_dbc("E", s.dbc, set_number(s.dbc, attributes[i], 1));
        expect_state(SQL_HANDLE_DBC, s.dbc, "HY092");
        expect_dbc("E", s.dbc, SQLGetConnectAttr(s.dbc, attributes[i], &value, SQL_IS_UINTEGER, NULL));
        expect_state(SQL_HANDLE_DBC, s.dbc, "HY092");
    }
    expect_usable(s.stmt);
    session_close(&s);
}

static void isolation(void **state)
{
    struct session s;
    char got[6] = "";

    session_open(*state, &s, NULL);
    expect_dbc("S", s.dbc, set_number(s.dbc, SQL_ATTR_TXN_ISOLATION, SQL_TXN_READ_UNCOMMITTED));
    expect_dbc("E", s.dbc, set_number(s.dbc, SQL_ATTR_TXN_ISOLATION, SQL_TXN_SERIALIZABLE));
    assert_true(diagnostic(SQL_HANDLE_DBC, s.dbc, 1, got, NULL, NULL));
    assert_true(strcmp(got, "HYC00") == 0 || strcmp(got, "HY024") == 0);
    session_close(&s);
}

/* Answered without asking the service. */
static void connection_dead(void **state)
{
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, NULL);
    requests_clear(&h->service);
    assert_int_equal(get_number(s.dbc, SQL_ATTR_CONNECTION_DEAD), SQL_CD_FALSE);
    assert_int_equal(requests_count(&h->service, NULL, NULL, NULL), 0);
    session_close(&s);
}

/* ---- the current catalog ---- */

static void expect_catalog(SQLHDBC dbc, const char *expected)
{
    SQLCHAR text[256] = "", name[256] = "";
    SQLWCHAR wide[256] = {0};
    SQLINTEGER length = -1, wide_octets = -1;
    SQLSMALLINT name_length = -1;

    UNIXODBC_ONLY("gives the lengths of wide text for narrow text",
                  expect_dbc("S", dbc, SQLGetConnectAttr(dbc, SQL_ATTR_CURRENT_CATALOG, NULL, 0, &length));
                  assert_int_equal(length, strlen(expected));)
    expect_dbc("S", dbc, SQLGetConnectAttr(dbc, SQL_ATTR_CURRENT_CATALOG, text, sizeof text, &length));
    expect_text((char *)text, expected);
    expect_dbc("S", dbc, SQLGetConnectAttrW(dbc, SQL_ATTR_CURRENT_CATALOG, wide, sizeof wide, &wide_octets));
    char *narrow = narrow_from(wide, SQL_NTS);
    expect_text(narrow, expected);
    assert_int_equal(wide_octets, wide_length(wide) * sizeof(SQLWCHAR));
    free(narrow);
    expect_dbc("S", dbc, SQLGetInfo(dbc, SQL_DATABASE_NAME, name, sizeof name, &name_length));
    expect_text((char *)name, expected);
}

static void current_catalog(void **state)
{
    struct harness *h = *state;
    struct session s;
    char text[] = "PostgreSQL1";
    SQLWCHAR *wide = wide_from("Salesforce");

    session_open(h, &s, NULL);
    expect_catalog(s.dbc, "");
    expect_dbc("S", s.dbc, SQLSetConnectAttr(s.dbc, SQL_ATTR_CURRENT_CATALOG, text, SQL_NTS));
    expect_catalog(s.dbc, "PostgreSQL1");
    requests_clear(&h->service);
    expect_rows(s.stmt, "SELECT name FROM public.settings ORDER BY name", "language\ntheme\n");
    assert_int_equal(requests_count(&h->service, "POST", "/query", "\"defaultCatalog\":\"PostgreSQL1\""), 1);
    expect_dbc("S", s.dbc,
               SQLSetConnectAttrW(s.dbc, SQL_ATTR_CURRENT_CATALOG, wide,
                                  (SQLINTEGER)(wide_length(wide) * sizeof *wide)));
    expect_catalog(s.dbc, "Salesforce");
    session_close(&s);
    session_open(h, &s, "Database=PostgreSQL1;Schema=public");
    expect_catalog(s.dbc, "PostgreSQL1");
    expect_rows(s.stmt, "SELECT name FROM settings ORDER BY name", "language\ntheme\n");
    session_close(&s);
    free(wide);
}

static void current_catalog_before_connecting(void **state)
{
    SQLHDBC dbc = dbc_open(*state);
    char text[] = "PostgreSQL1";

    expect_dbc("S", dbc, SQLSetConnectAttr(dbc, SQL_ATTR_CURRENT_CATALOG, text, SQL_NTS));
    expect_dbc("S", dbc, driver_connect(dbc, "DSN=CA"));
    expect_catalog(dbc, "PostgreSQL1");
    dbc_close(dbc);
}

/* ---- without the driver manager ---- */

/* What managers ask the driver and tell it besides ODBC. What applications of either kind are does not matter
 * to the driver: the attribute is refused, and leaves no record for the application to find. */
static void what_managers_settle_with_the_driver(void **state)
{
    struct harness *h = *state;
    void *driver = dlopen(h->driver, RTLD_NOW | RTLD_LOCAL);
    SQLHANDLE env = NULL, dbc = NULL;
    SQLCHAR got[6], text[64];
    SQLINTEGER native;
    SQLSMALLINT length;

    if (driver == NULL)
        fail_at(__FILE__, __LINE__, "%s", dlerror());
    SQLRETURN (*alloc)(SQLSMALLINT, SQLHANDLE, SQLHANDLE *) = dlsym(driver, "SQLAllocHandle");
    SQLRETURN (*release)(SQLSMALLINT, SQLHANDLE) = dlsym(driver, "SQLFreeHandle");
    SQLRETURN (*set_env)(SQLHENV, SQLINTEGER, SQLPOINTER, SQLINTEGER) = dlsym(driver, "SQLSetEnvAttr");
    SQLRETURN(*get_env)
    (SQLHENV, SQLINTEGER, SQLPOINTER, SQLINTEGER, SQLINTEGER *) = dlsym(driver, "SQLGetEnvAttr");
    SQLRETURN (*set)(SQLHDBC, SQLINTEGER, SQLPOINTER, SQLINTEGER) = dlsym(driver, "SQLSetConnectAttr");
    SQLRETURN(*record)
    (SQLSMALLINT, SQLHANDLE, SQLSMALLINT, SQLCHAR *, SQLINTEGER *, SQLCHAR *, SQLSMALLINT, SQLSMALLINT *) =
        dlsym(driver, "SQLGetDiagRec");
    SQLRETURN(*get_field)
    (SQLSMALLINT, SQLHANDLE, SQLSMALLINT, SQLSMALLINT, SQLPOINTER, SQLSMALLINT, SQLSMALLINT *) =
        dlsym(driver, "SQLGetDiagField");
    assert_int_equal(alloc(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &env), SQL_SUCCESS);
    assert_int_equal(set_env(env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3_80, 0), SQL_SUCCESS);
    assert_int_equal(alloc(SQL_HANDLE_DBC, env, &dbc), SQL_SUCCESS);
    for (uintptr_t kind = SQL_AA_FALSE; kind <= SQL_AA_TRUE; kind++) {
        assert_int_equal(set(dbc, SQL_ATTR_ANSI_APP, (SQLPOINTER)kind, 0), SQL_ERROR);
        assert_int_equal(record(SQL_HANDLE_DBC, dbc, 1, got, &native, text, sizeof text, &length),
                         SQL_NO_DATA);
    }
    /* the form of wide text: asked with 1065, offered with 1061 */
    enum { UTF_16 = 1, UTF_8, UTF_32 };
    const SQLINTEGER own = sizeof(SQLWCHAR) == 2 ? UTF_16 : UTF_32;
    SQLINTEGER form = -1;
    assert_int_equal(get_env(env, 1065, &form, 0, NULL), SQL_SUCCESS);
    assert_int_equal(form, own);
    for (SQLINTEGER offered = 0; offered <= UTF_32 + 1; offered++)
        assert_int_equal(set(dbc, 1061, (SQLPOINTER)(intptr_t)offered, 0),
                         offered == own ? SQL_SUCCESS : SQL_ERROR);
    /* fields of statements are none of a connection */
    static const SQLSMALLINT fields[] = {SQL_DIAG_CURSOR_ROW_COUNT, SQL_DIAG_DYNAMIC_FUNCTION,
                                         SQL_DIAG_DYNAMIC_FUNCTION_CODE, SQL_DIAG_ROW_COUNT};
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        assert_int_equal(get_field(SQL_HANDLE_DBC, dbc, 0, fields[i], text, sizeof text, &length), SQL_ERROR);
    /* an attribute that nobody knows does leave one */
    assert_int_equal(set(dbc, 30002, (SQLPOINTER)1, 0), SQL_ERROR);
    assert_true(SQL_SUCCEEDED(record(SQL_HANDLE_DBC, dbc, 1, got, &native, text, sizeof text, &length)));
    expect_text((char *)got, "HY092");
    assert_int_equal(release(SQL_HANDLE_DBC, dbc), SQL_SUCCESS);
    assert_int_equal(release(SQL_HANDLE_ENV, env), SQL_SUCCESS);
    dlclose(driver);
}

/* ---- the time a login may take ---- */

static void check_hanging_login(struct harness *h, const char *extra, uintptr_t attribute, const char *fault)
{
    SQLHDBC dbc = dbc_open(h);
    /* a user of its own: nothing is remembered of it */
    char *text = text_format("DSN=CA;UID=slow@example.com;%s", extra);

    faults_set(&h->service, fault);
    if (attribute != 0)
        expect_dbc("S", dbc, set_number(dbc, SQL_ATTR_LOGIN_TIMEOUT, attribute));
    int64_t begin = now_ms();
    SQLRETURN code = driver_connect(dbc, text);
    int64_t took = now_ms() - begin;
    expect_dbc("E", dbc, code);
    expect_state(SQL_HANDLE_DBC, dbc, "HYT00");
    assert_in_range(took, 900, 2000);
    faults_clear(&h->service);
    dbc_close(dbc);
    free(text);
}

static void hanging_login(void **state)
{
    static const char *const faults[] = {
        "{\"hang\": true}", "{\"reply\": \"{\\\"results\\\":[]}\", \"dripBytes\": 1, \"dripMs\": 300}"};

    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        check_hanging_login(*state, "LoginTimeout=1", 0, faults[i]);
        check_hanging_login(*state, "LoginTimeout=60", 1, faults[i]);
    }
}

/* SQL_ATTR_CONNECTION_TIMEOUT holds for the login too. */
static void login_without_an_octet(void **state)
{
    struct harness *h = *state;
    SQLHDBC dbc = dbc_open(h);

    faults_set(&h->service, "{\"hang\": true}");
    expect_dbc("S", dbc, set_number(dbc, SQL_ATTR_CONNECTION_TIMEOUT, 1));
    expect_dbc("E", dbc, driver_connect(dbc, "DSN=CA;UID=quiet@example.com"));
    expect_state(SQL_HANDLE_DBC, dbc, "HYT01");
    faults_clear(&h->service);
    dbc_close(dbc);
}

/* libcurl looks names up through this. One of them takes its time. */
__attribute__((visibility("default"))) int getaddrinfo(const char *node, const char *service,
                                                       const struct addrinfo *hints, struct addrinfo **found)
{
    __typeof__(getaddrinfo) *real;
    void *function = dlsym(RTLD_NEXT, "getaddrinfo");

    memcpy(&real, &function, sizeof real);
    if (node != NULL && strcmp(node, "slow.invalid") == 0)
        sleep_ms(SLOW_LOOKUP_MS);
    return real(node, service, hints, found);
}

/* The clocks hold while a name is looked up, and nobody waits for the look-up that was given up. */
static void login_while_a_name_is_looked_up(void **state)
{
    static const struct {
        const char *clock, *error;
    } cases[] = {{"LoginTimeout=1", "HYT00"}, {"ConnectTimeout=1", "08001"}};

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        SQLHDBC dbc = dbc_open(*state);
        char *text = text_format("DSN=CA;URL=https://slow.invalid/api;%s", cases[i].clock);
        int64_t begin = now_ms();
        expect_dbc("E", dbc, driver_connect(dbc, text));
        expect_state(SQL_HANDLE_DBC, dbc, cases[i].error);
        assert_true(now_ms() - begin < SLOW_LOOKUP_MS / 2);
        dbc_close(dbc);
        free(text);
    }
}

/* ---- what the clocks are set to ---- */

/* An attribute is what its option says until the application sets it; 0 is no limit. */
static void clocks_read_back(void **state)
{
    struct harness *h = *state;
    struct session s;
    SQLULEN seconds = 99;

    session_open(h, &s, "Timeout=7;IdleTimeout=8;LoginTimeout=9");
    expect_stmt("S", s.stmt, SQLGetStmtAttr(s.stmt, SQL_ATTR_QUERY_TIMEOUT, &seconds, 0, NULL));
    assert_int_equal(seconds, 7);
    assert_int_equal(get_number(s.dbc, SQL_ATTR_CONNECTION_TIMEOUT), 8);
    assert_int_equal(get_number(s.dbc, SQL_ATTR_LOGIN_TIMEOUT), 9);
    session_close(&s);
    session_open(h, &s, NULL);
    expect_stmt("S", s.stmt, SQLGetStmtAttr(s.stmt, SQL_ATTR_QUERY_TIMEOUT, &seconds, 0, NULL));
    assert_int_equal(seconds, 0);
    assert_int_equal(get_number(s.dbc, SQL_ATTR_CONNECTION_TIMEOUT), 0);
    assert_int_equal(get_number(s.dbc, SQL_ATTR_LOGIN_TIMEOUT), 30);
    session_close(&s);
}

/* What is sent as `timeout`: the service takes 1 to 300. */
static void query_timeout_is_sent(void **state)
{
    static const struct {
        SQLULEN set;
        const char *letters, *sent;
        SQLULEN then;
    } cases[] = {
        {0, "S", "\"timeout\":300", 0},     {1, "S", "\"timeout\":1}", 1},
        {299, "S", "\"timeout\":299", 299}, {300, "S", "\"timeout\":300", 300},
        {301, "I", "\"timeout\":300", 300}, {1000000, "I", "\"timeout\":300", 300},
    };
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, "Timeout=5");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        SQLULEN seconds = 99;
        SQLRETURN code = SQLSetStmtAttr(s.stmt, SQL_ATTR_QUERY_TIMEOUT, (SQLPOINTER)cases[i].set, 0);
        expect_stmt(cases[i].letters, s.stmt, code);
        if (code == SQL_SUCCESS_WITH_INFO)
            expect_state(SQL_HANDLE_STMT, s.stmt, "01S02");
        expect_stmt("S", s.stmt, SQLGetStmtAttr(s.stmt, SQL_ATTR_QUERY_TIMEOUT, &seconds, 0, NULL));
        assert_int_equal(seconds, cases[i].then);
        requests_clear(&h->service);
        expect_usable(s.stmt);
        assert_int_equal(requests_count(&h->service, "POST", "/query", cases[i].sent), 1);
    }
    session_close(&s);
}

/* 0 set by the application takes the place of what the option says, for each of the clocks. */
static void no_limit_is_no_limit(void **state)
{
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, "Timeout=1;IdleTimeout=1");
    expect_stmt("S", s.stmt, SQLSetStmtAttr(s.stmt, SQL_ATTR_QUERY_TIMEOUT, (SQLPOINTER)0, 0));
    expect_dbc("S", s.dbc, set_number(s.dbc, SQL_ATTR_CONNECTION_TIMEOUT, 0));
    faults_set(&h->service, "{\"path\": \"/query\", \"delayMs\": 1300}");
    expect_usable(s.stmt);
    faults_clear(&h->service);
    /* a reset puts both back */
    expect_dbc("S", s.dbc, set_number(s.dbc, SQL_ATTR_RESET_CONNECTION, SQL_RESET_CONNECTION_YES));
    assert_int_equal(get_number(s.dbc, SQL_ATTR_CONNECTION_TIMEOUT), 1);
    session_close(&s);
}

/* A pool hands a connection on as it was after connecting. */
static void reset_for_the_next_user(void **state)
{
    struct harness *h = *state;
    struct session s;
    char catalog[] = "PostgreSQL1";

    session_open(h, &s, "DefaultCatalog=Salesforce");
    expect_dbc("S", s.dbc, SQLSetConnectAttr(s.dbc, SQL_ATTR_CURRENT_CATALOG, catalog, SQL_NTS));
    expect_dbc("SI", s.dbc, set_number(s.dbc, SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_ONLY));
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT * FROM [Bench].[Bench].[Rows]"));
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    requests_clear(&h->service);
    expect_dbc("S", s.dbc, set_number(s.dbc, SQL_ATTR_RESET_CONNECTION, SQL_RESET_CONNECTION_YES));
    assert_int_equal(requests_count(&h->service, NULL, NULL, NULL), 0);
    expect_catalog(s.dbc, "Salesforce");
    assert_int_equal(get_number(s.dbc, SQL_ATTR_ACCESS_MODE), SQL_MODE_READ_WRITE);
    session_close(&s);
}

/* Dead is what the last request found, and nobody is asked. */
static void dead_until_a_request_succeeds(void **state)
{
    static const struct {
        const char *rule;
        uintptr_t dead;
    } cases[] = {
        {"{\"path\": \"/query\", \"reset\": \"before\"}", SQL_CD_TRUE},
        {"{\"path\": \"/query\", \"cutAfterBytes\": 30}", SQL_CD_TRUE},
        {"{\"path\": \"/query\", \"status\": 503}", SQL_CD_FALSE},
        {"{\"path\": \"/query\", \"status\": 401}", SQL_CD_FALSE},
    };
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, "MaxRetries=0");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        faults_set(&h->service, cases[i].rule);
        expect_stmt("E", s.stmt, exec(s.stmt, "SELECT 1"));
        faults_clear(&h->service);
        requests_clear(&h->service);
        assert_int_equal(get_number(s.dbc, SQL_ATTR_CONNECTION_DEAD), cases[i].dead);
        assert_int_equal(requests_count(&h->service, NULL, NULL, NULL), 0);
        expect_usable(s.stmt);
        assert_int_equal(get_number(s.dbc, SQL_ATTR_CONNECTION_DEAD), SQL_CD_FALSE);
    }
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_after_connecting),
        cmocka_unit_test(autocommit_off_before_connecting),
        cmocka_unit_test(login_timeout_before_connecting),
        cmocka_unit_test(unknown_attributes),
        cmocka_unit_test(isolation),
        cmocka_unit_test(connection_dead),
        cmocka_unit_test(current_catalog),
        cmocka_unit_test(current_catalog_before_connecting),
        cmocka_unit_test(what_managers_settle_with_the_driver),
        cmocka_unit_test(hanging_login),
        UNIXODBC_ONLY("keeps SQL_ATTR_CONNECTION_TIMEOUT from the driver until it is connected",
                      cmocka_unit_test(login_without_an_octet), )
            cmocka_unit_test(login_while_a_name_is_looked_up),
        cmocka_unit_test(clocks_read_back),
        cmocka_unit_test(query_timeout_is_sent),
        cmocka_unit_test(no_limit_is_no_limit),
        cmocka_unit_test(reset_for_the_next_user),
        cmocka_unit_test(dead_until_a_request_succeeds),
    };

    return harness_main("test_connection", NULL, tests, COUNT_OF(tests));
}
