/*
 * Proves the log: what each Verbosity writes, which files are taken, that a log that cannot be written is no
 * reason not to work, and that what comes from outside stays on its line.
 */
#include "harness.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- files ---- */

/* Connects with this log; true where a log was written there. */
static bool logs_to(struct harness *h, const char *path, const char *why, char *letter)
{
    char *text = text_format("DSN=CA;Logfile=%s;Verbosity=5", path);
    struct stat before = {0}, after = {0};
    SQLHDBC dbc = dbc_open(h);

    stat(path, &before);
    *letter = return_letter(driver_connect(dbc, text));
    if (*letter == 'I') {
        expect_state(SQL_HANDLE_DBC, dbc, "01000");
        expect_message(SQL_HANDLE_DBC, dbc, path);
        expect_message(SQL_HANDLE_DBC, dbc, why);
    }
    if (*letter != 'E')
        expect_usable(statement_open(dbc));
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
    assert_true(logs_to(h, log, "", &letter));
    umask(mask);
    assert_int_equal(letter, 'S');
    assert_int_equal(stat(log, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    /* it is appended to */
    off_t size = status.st_size;
    assert_true(logs_to(h, log, "", &letter));
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
    const struct {
        const char *path, *why;
    } refused[] = {
        {link_name, "it is a link"},
        {open_file, "chmod 600"},
        {group_file, "chmod 600"},
        {pipe_name, ""}, /* no reader, or no regular file */
        {h->directory, "directory"},
        {"/proc/none/x.log", "No such file"},
        /* only root can make a file of somebody else's */
        {chown(foreign, 65534, 65534) == 0 ? foreign : link_name, "it "},
    };
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        if (logs_to(h, refused[i].path, refused[i].why, &letter))
            fail_at(__FILE__, __LINE__, "%s was written to", refused[i].path);
        /* it connects all the same, and says so */
        if (letter != 'I')
            fail_at(__FILE__, __LINE__, "%s: %c", refused[i].path, letter);
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

/* ---- what is written ---- */

/* A piece, and from which Verbosity on it is there. */
static void verbosity(void **state)
{
    static const struct {
        const char *piece;
        int from;
    } cases[] = {
        {" ERROR POST ", 1},
        {"status 200", 1},
        {"42S02", 1},
        {"<Query ID: 0b1c2d3e>", 1},
        {" ERROR not connected: 28000 ", 1},
        {" WARN ", 2},
        {" REQUEST connected to http://127.0.0.1:", 3},
        {" as connectai-odbc/", 3},
        {" REQUEST POST http://127.0.0.1:", 3},
        {" ms", 1},
        {" CALL SQLExecDirect", 4},
        {" -> -1 42S02 ", 4},
        {" REQUEST disconnected", 3},
        {" DETAIL statement: SELECT 1 AS LoggedText", 5},
    };
    struct harness *h = *state;

    for (int level = 0; level <= 5; level++) {
        struct session s;
        char *name = text_format("verbosity%d.log", level), *log = harness_path(h, name);
        char *extra = text_format("Logfile=%s;Verbosity=%d;VerifyCertificate=0", log, level);
        char *wrong = text_format("DSN=CA;PWD=wrong;Logfile=%s;Verbosity=%d", log, level);
        unlink(log);
        session_open(h, &s, extra);
        expect_stmt("S", s.stmt, exec(s.stmt, "SELECT 1 AS LoggedText"));
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        fault_reply(&h->service,
                    "{'error':{'code':'QUERY_FAILED','message':'Table not found\\r\\n<Query ID: 0b1c2d3e>'}}",
                    "");
        expect_stmt("E", s.stmt, exec(s.stmt, "SELECT 1 AS LoggedText"));
        faults_clear(&h->service);
        session_close(&s);
        SQLHDBC dbc = dbc_open(h);
        expect_dbc("E", dbc, driver_connect(dbc, wrong));
        dbc_close(dbc);
        char *text = read_file(log);
        for (size_t i = 0; i < COUNT_OF(cases); i++)
            if ((strstr(text, cases[i].piece) != NULL) != (level >= cases[i].from))
                fail_at(__FILE__, __LINE__, "Verbosity=%d, '%s':\n%s", level, cases[i].piece, text);
        free(text);
        free(wrong);
        free(extra);
        free(log);
        free(name);
    }
}

/* The options of turning over reach the file. */
static void turning_over(void **state)
{
    struct harness *h = *state;
    struct session s;
    char *log = harness_path(h, "small.log"), *old = harness_path(h, "small.log.1");
    char *older = harness_path(h, "small.log.2"),
         *extra = text_format("Logfile=%s;Verbosity=5;LogfileBytes=4096;LogfileCount=2", log);
    struct stat status;

    unlink(log);
    unlink(old);
    unlink(older);
    session_open(h, &s, extra);
    for (int i = 0; i < 60; i++) {
        expect_stmt("S", s.stmt, exec(s.stmt, "SELECT 1 AS a"));
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    }
    session_close(&s);
    assert_int_equal(stat(log, &status), 0);
    assert_in_range(status.st_size, 1, 4096);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(stat(old, &status), 0);
    assert_in_range(status.st_size, 1, 4096);
    assert_int_equal(stat(older, &status), -1);
    free(log);
    free(old);
    free(older);
    free(extra);
}

/* A data source file that holds a secret and that others may read deserves a word. */
static void readable_data_source(void **state)
{
    static const struct {
        const char *source;
        unsigned mode;
        const char *holds; /* NULL: no word */
    } cases[] = {
        {"CA", 0600, NULL},
        {"CA", 0644, "PWD"},
        {"Readable", 0640, "ProxyPWD"},
        {"Bare", 0644, NULL},
    };
    struct harness *h = *state;
    char *file = harness_path(h, "odbc.ini"), *log = harness_path(h, "readable.log");
    char *url = text_format("URL=%s/api", h->service.base), *with = text_format("%s\nProxyPWD=x", url);

    add_data_source(h, "Bare", url);
    add_data_source(h, "Readable", with);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *text = text_format(
            "DSN=%s;%sLogfile=%s;Verbosity=2", cases[i].source,
            strcmp(cases[i].source, "CA") == 0 ? "" : "UID=" HARNESS_USER ";PWD=" HARNESS_TOKEN ";", log);
        SQLHDBC dbc = dbc_open(h);
        unlink(log);
        assert_int_equal(chmod(file, cases[i].mode), 0);
        expect_dbc("S", dbc, driver_connect(dbc, text));
        dbc_close(dbc);
        char *logged = read_file(log), *piece = text_format("holds %s and can be read by others",
                                                            cases[i].holds != NULL ? cases[i].holds : "");
        if ((strstr(logged, "read by others") != NULL) != (cases[i].holds != NULL) ||
            (cases[i].holds != NULL && strstr(logged, piece) == NULL))
            fail_at(__FILE__, __LINE__, "case %zu: %s", i, logged);
        free(piece);
        free(logged);
        free(text);
    }
    assert_int_equal(chmod(file, 0600), 0);
    free(file);
    free(log);
    free(url);
    free(with);
}

/* A long statement is logged from its beginning. */
static void long_statements(void **state)
{
    static const size_t lengths[] = {1000, 65535, 65536, 65537, 200000};
    struct harness *h = *state;
    struct session s;
    char *log = harness_path(h, "long.log"), *extra = text_format("Logfile=%s;Verbosity=5", log);

    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        char *text = text_format("SELECT %zu AS a %*s", i, (int)lengths[i], "");
        char *piece = text_format("statement: SELECT %zu AS a  ", i);
        unlink(log);
        text[lengths[i]] = '\0';
        session_open(h, &s, extra);
        expect_stmt("S", s.stmt, exec(s.stmt, text));
        session_close(&s);
        char *logged = read_file(log);
        assert_non_null(strstr(logged, piece));
        free(logged);
        free(piece);
        free(text);
    }
    free(extra);
    free(log);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_log_file),    cmocka_unit_test(log_files_refused),
        cmocka_unit_test(log_lines),       cmocka_unit_test(verbosity),
        cmocka_unit_test(turning_over),    cmocka_unit_test(readable_data_source),
        cmocka_unit_test(long_statements),
    };

    return harness_main("test_log", NULL, tests, COUNT_OF(tests));
}
