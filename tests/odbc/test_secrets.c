/*
 * Proves that the token appears nowhere but in the request: not in the log at any verbosity, not in a
 * diagnostic, not in a completed string of which it was no part; and that the log file is a file that only
 * its owner can read.
 */
#include "harness.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
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

/* A password put into the address is refused or at least never shown. */
static void secrets_in_the_address(void **state)
{
    struct harness *h = *state;
    char *log = harness_path(h, "address.log");
    char *text = text_format("DSN=CA;URL=http://me:%s@127.0.0.1:1/api;MaxRetries=0;Logfile=%s;Verbosity=5",
                             wrong_token, log);
    SQLHDBC dbc = dbc_open(h);

    unlink(log);
    expect_dbc("E", dbc, driver_connect(dbc, text));
    char *records = diagnostics(SQL_HANDLE_DBC, dbc), *logged = read_file(log);
    expect_without_secrets(records, "the diagnostic");
    expect_without_secrets(logged, "the log");
    free(records);
    free(logged);
    dbc_close(dbc);
    free(text);
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

/* ---- the log file ---- */

/* Connects with this log; true where a log was written there. */
static bool logs_to(struct harness *h, const char *path, char *letter)
{
    char *text = text_format("DSN=CA;Logfile=%s;Verbosity=5", path);
    struct stat before = {0}, after = {0};
    SQLHDBC dbc = dbc_open(h);

    stat(path, &before);
    *letter = return_letter(driver_connect(dbc, text));
    dbc_close(dbc);
    bool written = stat(path, &after) == 0 && after.st_size > before.st_size;
    free(text);
    return written;
}

static void new_log_file(void **state)
{
    struct harness *h = *state;
    char *log = harness_path(h, "new.log"), letter;
    struct stat status;
    mode_t mask = umask(0);

    unlink(log);
    assert_true(logs_to(h, log, &letter));
    umask(mask);
    assert_int_equal(letter, 'S');
    assert_int_equal(stat(log, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    /* it is appended to */
    off_t size = status.st_size;
    assert_true(logs_to(h, log, &letter));
    assert_int_equal(stat(log, &status), 0);
    assert_true(status.st_size > size);
    free(log);
}

/* Nothing is written to what is not a file of the user's own, closed to others. */
static void log_files_refused(void **state)
{
    struct harness *h = *state;
    char *target = harness_path(h, "target.txt"), *link_name = harness_path(h, "link.log");
    char *open_file = harness_path(h, "open.log"), *group_file = harness_path(h, "group.log");
    char *pipe_name = harness_path(h, "pipe.log"), *foreign = harness_path(h, "foreign.log"), letter;

    unlink(link_name);
    unlink(pipe_name);
    unlink(foreign);
    write_file(target, "", 0600);
    write_file(open_file, "", 0644);
    write_file(group_file, "", 0660);
    write_file(foreign, "", 0600);
    assert_int_equal(symlink(target, link_name), 0);
    assert_int_equal(mkfifo(pipe_name, 0600), 0);
    const char *const refused[] = {link_name, open_file, group_file, pipe_name, h->directory,
                                   "/proc/none/x.log",
                                   /* only root can make a file of somebody else's */
                                   chown(foreign, 65534, 65534) == 0 ? foreign : link_name};
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        if (logs_to(h, refused[i], &letter))
            fail_at(__FILE__, __LINE__, "%s was written to", refused[i]);
        /* that there is no log must not be a secret */
        if (letter == 'S')
            fail_at(__FILE__, __LINE__, "%s: no word of the refusal", refused[i]);
    }
    struct stat status;
    assert_int_equal(stat(target, &status), 0);
    assert_int_equal(status.st_size, 0);
    free(target);
    free(link_name);
    free(open_file);
    free(group_file);
    free(pipe_name);
    free(foreign);
}

/* What comes from outside cannot make lines of its own in the log. */
static void log_lines(void **state)
{
    struct harness *h = *state;
    char *log = harness_path(h, "lines.log");
    char *extra = text_format("Logfile=%s;Verbosity=5", log);
    struct session s;

    unlink(log);
    session_open(h, &s, extra);
    fault_reply(&h->service, "{'error':{'code':'X','message':'one\\r\\nFORGED line\\n\\u001b[31mFORGED'}}",
                "");
    expect_stmt("E", s.stmt, exec(s.stmt, "SELECT 1\nFORGED"));
    session_close(&s);
    char *text = read_file(log);
    assert_null(strstr(text, "\nFORGED"));
    assert_null(strchr(text, '\r'));
    assert_null(strchr(text, '\033'));
    free(text);
    free(extra);
    free(log);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(log_without_secrets),
        cmocka_unit_test(token_in_an_error_text),
        cmocka_unit_test(secrets_in_the_address),
        cmocka_unit_test(token_in_the_request),
        cmocka_unit_test(new_log_file),
        cmocka_unit_test(log_files_refused),
        cmocka_unit_test(log_lines),
    };

    return harness_main("test_secrets", NULL, tests, COUNT_OF(tests));
}
