/*
 * Proves that the token appears nowhere but in the request: not in the log at any verbosity, not in a
 * diagnostic, not in a completed string of which it was no part, not in the driver manager's trace.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* base64 of user:token, as it stands in the request's head */
#define HARNESS_BASIC "dGVzdEBleGFtcGxlLmNvbTpUMGtlbi1vZi10aGUtdGVzdHMtOWYzYw=="

static const char wrong_token[] = "wrong-but-secret-7d21";

static void expect_without_secrets(const char *text, const char *what)
{
    static const char *const secrets[] = {HARNESS_TOKEN, wrong_token, "dGVzdEBleGFtcGxl", "T0ken-of",
                                          "Authorization: Basic"};

    for (size_t i = 0; i < COUNT_OF(secrets); i++)
        if (strcasestr(text, secrets[i]) != NULL)
            fail_at(__FILE__, __LINE__, "%s holds %s", what, secrets[i]);
}

/* Everything that writes to a log: connecting by every name of the token, statements, errors, a lost
 * connection. */
static void use_everything(struct harness *h, const char *log)
{
    static const char *const names[] = {"PWD", "Password", "PAT", "pwd", "pAsSwOrD"};
    struct session s;

    for (size_t i = 0; i < COUNT_OF(names) * 3; i++) {
        const char *value = i % 3 == 0 ? HARNESS_TOKEN : i % 3 == 1 ? "{" HARNESS_TOKEN "}" : wrong_token;
        char *text =
            text_format("DSN=CA;%s=%s;Logfile=%s;Verbosity=5;Unknown=%s", names[i / 3], value, log, "x");
        SQLHDBC dbc = dbc_open(h);
        driver_connect(dbc, text);
        char *records = diagnostics(SQL_HANDLE_DBC, dbc);
        expect_without_secrets(records, "a diagnostic");
        free(records);
        dbc_close(dbc);
        free(text);
    }
    char *extra = text_format("PWD=%s;Logfile=%s;Verbosity=5;MaxRetries=1;RetryDelay=1", HARNESS_TOKEN, log);
    session_open(h, &s, extra);
    expect_usable(s.stmt);
    static const char *const faults[] = {
        "{'path': '/query', 'status': 401}", "{'path': '/query', 'status': 503}",
        "{'path': '/query', 'reset': 'before'}", "{'path': '/query', 'html': true}",
        "{'path': '/query', 'cutAfterBytes': 20}"};
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        faults_clear(&h->service);
        faults_set(&h->service, faults[i]);
        expect_stmt("E", s.stmt, exec(s.stmt, "SELECT 1 AS a"));
        char *records = diagnostics(SQL_HANDLE_STMT, s.stmt);
        expect_without_secrets(records, "a diagnostic");
        free(records);
    }
    faults_clear(&h->service);
    session_close(&s);
    free(extra);
}

static void log_without_secrets(void **state)
{
    struct harness *h = *state;
    char *log = harness_path(h, "driver.log");

    unlink(log);
    use_everything(h, log);
    char *text = read_file(log);
    /* a log with nothing in it would prove nothing */
    assert_true(strlen(text) > 500);
    assert_non_null(strstr(text, "/query"));
    expect_without_secrets(text, "the log");
    free(text);
    free(log);
}

/* A service that sends back what it was sent: the error text is the service's, the token in it is still no
 * one's. */
static void token_in_an_error_text(void **state)
{
    struct harness *h = *state;
    struct session s;
    char *log = harness_path(h, "echo.log");
    char *extra = text_format("Logfile=%s;Verbosity=5", log);

    unlink(log);
    session_open(h, &s, extra);
    fault_reply(&h->service,
                "{'error':{'code':'QUERY_FAILED','message':'Refused: Authorization: Basic " HARNESS_BASIC
                " PWD=" HARNESS_TOKEN ";'}}",
                "");
    expect_stmt("E", s.stmt, exec(s.stmt, "SELECT 1 AS a"));
    char *records = diagnostics(SQL_HANDLE_STMT, s.stmt), *text = read_file(log);
    assert_null(strstr(records, HARNESS_TOKEN));
    assert_null(strstr(records, HARNESS_BASIC));
    assert_null(strstr(text, HARNESS_TOKEN));
    assert_null(strstr(text, HARNESS_BASIC));
    free(records);
    free(text);
    session_close(&s);
    free(extra);
    free(log);
}

/* A password put into an address is refused and never shown, whatever else is wrong with it. */
static void secrets_in_addresses(void **state)
{
    static const char *const addresses[] = {
        "URL=http://me:wrong-but-secret-7d21@127.0.0.1:1/api",
        "URL=http://me:wrong-but-secret-7d21@:x/api",
        "URL=ftp://wrong-but-secret-7d21@127.0.0.1/",
        "URL={http://me:wrong-but-secret-7d21@127.0.0.1:1/a b}",
        "Proxy=http://me:wrong-but-secret-7d21@127.0.0.1:1",
        "Proxy=me:wrong-but-secret-7d21@:x",
    };
    struct harness *h = *state;
    char *log = harness_path(h, "address.log");

    unlink(log);
    for (size_t i = 0; i < COUNT_OF(addresses); i++) {
        char *text = text_format("DSN=CA;%s;MaxRetries=0;Logfile=%s;Verbosity=5", addresses[i], log);
        SQLHDBC dbc = dbc_open(h);
        expect_dbc("E", dbc, driver_connect(dbc, text));
        char *records = diagnostics(SQL_HANDLE_DBC, dbc);
        expect_without_secrets(records, "the diagnostic");
        free(records);
        dbc_close(dbc);
        free(text);
    }
    char *logged = read_file(log);
    assert_non_null(strstr(logged, "not connected"));
    expect_without_secrets(logged, "the log");
    free(logged);
    free(log);
}

/* The token never leaves in anything but the Authorization header: not in the body, the path, another header.
 */
static void token_in_the_request(void **state)
{
    struct harness *h = *state;
    struct session s;

    requests_clear(&h->service);
    session_open(h, &s, "ApplicationName=Tests");
    expect_usable(s.stmt);
    session_close(&s);
    char *text = service_call(&h->service, "GET", "/control/requests", NULL);
    assert_non_null(strstr(text, "Tests"));
    expect_without_secrets(text, "the request");
    free(text);
}

/* ---- the driver manager's trace ---- */

/* Turns the driver manager's trace on for environments to come. */
static char *trace_on(struct harness *h)
{
    char *path = harness_path(h, "odbcinst.ini"), *trace = harness_path(h, "trace.txt");
    char *before = read_file(path);
    char *after = text_format("%s\n[ODBC]\nTrace=Yes\nTraceFile=%s\n", before, trace);

    unlink(trace);
    write_file(path, after, 0600);
    free(path);
    free(before);
    free(after);
    return trace;
}

/* Connects in one of several ways, reads every diagnostic, ends. */
static void connect_traced(const char *text, int way)
{
    SQLHENV env = environment_open(SQL_OV_ODBC3);
    SQLHDBC dbc;
    SQLCHAR completed[2000];

    expect_env("S", env, SQLAllocHandle(SQL_HANDLE_DBC, env, &dbc));
    if (way == 0)
        SQLDriverConnect(dbc, NULL, (SQLCHAR *)(uintptr_t)text, SQL_NTS, completed, sizeof completed, NULL,
                         SQL_DRIVER_NOPROMPT);
    else if (way == 1)
        driver_connect_wide(dbc, text);
    else
        SQLConnect(dbc, (SQLCHAR *)HARNESS_DSN, SQL_NTS, (SQLCHAR *)HARNESS_USER, SQL_NTS,
                   (SQLCHAR *)HARNESS_TOKEN, SQL_NTS);
    free(diagnostics(SQL_HANDLE_DBC, dbc));
    dbc_close(dbc);
    SQLFreeHandle(SQL_HANDLE_ENV, env);
}

/* The manager masks what stands behind PWD=, which is why the names of passwords end so. The driver adds
 * nothing to a trace, in completed strings or diagnostics. */
static void trace_of_the_manager(void **state)
{
    static const char *const texts[] = {"DSN=CA", "DSN=CA;UID=$U;PWD=$T", "DSN=CA;PWD=wrong-but-secret-7d21",
                                        "DSN=CA;ProxyPWD=wrong-but-secret-7d21",
                                        "DSN=CA;SSLClientKeyPWD=wrong-but-secret-7d21"};
    struct harness *h = *state;
    char *trace = trace_on(h);

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        for (int way = 0; way < 3; way++) {
            char *text = text_fill(&h->service, texts[i]);
            connect_traced(text, way);
            char *traced = read_file(trace);
            if (strstr(traced, "SQLDisconnect") == NULL && strstr(traced, "SQLGetDiag") == NULL)
                fail_at(__FILE__, __LINE__, "%s: no trace", text);
            expect_without_secrets(traced, texts[i]);
            unlink(trace);
            free(traced);
            free(text);
        }
    free(trace);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(log_without_secrets),  cmocka_unit_test(token_in_an_error_text),
        cmocka_unit_test(secrets_in_addresses), cmocka_unit_test(token_in_the_request),
        cmocka_unit_test(trace_of_the_manager),
    };

    return harness_main("test_secrets", NULL, tests, COUNT_OF(tests));
}
