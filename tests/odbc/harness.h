/*
 * What every ODBC test stands on: a local service of its own, a private ODBC configuration, connections
 * through the driver manager, checks that say what the diagnostics were, and the service's control endpoint.
 *
 * A test receives `struct harness *` as its cmocka state; faults, changed options and the record of requests
 * are cleared before each. Texts that a function returns are UTF-8 and belong to the caller (free), unless
 * said otherwise. Every function that checks fails the running test, so call those from the test's own thread
 * only.
 */
#ifndef ODBC_HARNESS_H
#define ODBC_HARNESS_H

/* cmocka.h wants these first. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <json-c/json.h>
#include <pthread.h>
#include <sql.h>
#include <sqlext.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/types.h>

/* Whether the program is linked with iODBC's driver manager rather than unixODBC's, and the newest
 * SQL_ATTR_ODBC_VERSION that the manager takes.
 *
 * UNIXODBC_ONLY(reason, …) encloses rows of a table, tests of a list or lines of a test, each with its comma
 * or semicolon: what iODBC's manager (3.52) answers without asking the driver, or alters on the way, as the
 * reason says. Through iODBC such lines are not there. */
#ifdef CA_WIDE_OCTETS
#define HARNESS_IODBC       true
#define HARNESS_ODBC_NEWEST SQL_OV_ODBC3
#define UNIXODBC_ONLY(reason, ...)
#else
#define HARNESS_IODBC              false
#define HARNESS_ODBC_NEWEST        SQL_OV_ODBC3_80
#define UNIXODBC_ONLY(reason, ...) __VA_ARGS__
#endif

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* What the service of a test program accepts; the data source HARNESS_DSN carries both. */
#define HARNESS_USER   "test@example.com"
#define HARNESS_TOKEN  "T0ken-of-the-tests-9f3c"
#define HARNESS_DSN    "CA"
#define HARNESS_DRIVER "Connect AI"

/* One running service. */
struct service_process {
    pid_t pid;
    unsigned port;
    char *base; /* http://127.0.0.1:PORT or https://… , without /api */
};

struct harness {
    char *directory; /* $CA_BUILD/odbc/<program>.d, absolute: ini files and whatever tests write */
    char *driver;    /* the driver's file, absolute */
    struct service_process service;
    SQLHENV env; /* HARNESS_ODBC_NEWEST */
};

/* A connection with one statement. */
struct session {
    struct harness *harness;
    SQLHDBC dbc;
    SQLHSTMT stmt;
};

/* Runs the tests as `program` with a service started with these more options (NULL-terminated, or NULL): the
 * whole of a test program's main. Returns the exit status. */
int harness_main(const char *program, const char *const *service_options, const struct CMUnitTest *tests,
                 size_t count);

/* ---- services and files ---- */

/* Starts one more service; `name` names its port file, `user` and `token` what it accepts. False if it does
 * not come up. Stopped with service_stop, or when the program ends. */
bool service_start(const struct harness *harness, const char *name, const char *const *options,
                   struct service_process *service);
void service_stop(struct service_process *service);

/* printf into a new text. */
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A new text with $B (base of the service), $U (its user) and $T (its token) of `text` filled in. */
char *text_fill(const struct service_process *service, const char *text);

/* The path of `name` in the program's directory. */
char *harness_path(const struct harness *harness, const char *name);

/* Writes or reads a whole file; a failure fails the test. read_file returns "" for a file that is not there.
 */
void write_file(const char *path, const char *text, unsigned mode);
char *read_file(const char *path);

/* Adds a data source: `lines` are "Key=Value\n…". The name must be new: the driver manager keeps for a second
 * what it has read of a name. */
void add_data_source(const struct harness *harness, const char *name, const char *lines);

/* Runs `arguments` as a child that ends with this program; its output goes to the descriptor (-1: nowhere).
 */
pid_t start_program(const char *const *arguments, int output);

/* Runs a program found in PATH, its output thrown away; true where it ends with 0. */
bool run_program(const char *const *arguments);

/* Milliseconds of a clock that only goes forward. */
int64_t now_ms(void);
void sleep_ms(int64_t ms);

/* ---- connecting ---- */

/* "DSN=CA;" and the extra keywords (NULL: none). */
char *connection_string(const char *extra);

/* "DRIVER={Connect AI};URL=…/api;" and the extra keywords; neither UID nor PWD. */
char *driver_string(const struct harness *harness, const char *extra);

/* Connects to the program's service with extra keywords (NULL: none) and makes a statement. */
void session_open(struct harness *harness, struct session *session, const char *extra);

/* The same under an environment of the caller's. */
void session_open_in(struct harness *harness, SQLHENV env, struct session *session, const char *extra);
void session_close(struct session *session);

/* A connection handle; SQLDriverConnect without prompting, in UTF-8 or through the wide function; the end of
 * a handle, connected or not. */
SQLHDBC dbc_open(struct harness *harness);
SQLRETURN driver_connect(SQLHDBC dbc, const char *text);
SQLRETURN driver_connect_wide(SQLHDBC dbc, const char *text);
void dbc_close(SQLHDBC dbc);

/* An environment of its own with this SQL_ATTR_ODBC_VERSION. */
SQLHENV environment_open(SQLINTEGER odbc_version);

SQLHSTMT statement_open(SQLHDBC dbc);

/* ---- checks ---- */

/* Checks a return code against the letters that are allowed: S success, I success with info, E error, N no
 * data, D need data, X still executing, P parameter data, H invalid handle. Failing shows the diagnostics.
 * Evaluates to the code. */
#define expect_stmt(letters, handle, call) \
    expect_return(letters, SQL_HANDLE_STMT, handle, call, #call, __FILE__, __LINE__)
#define expect_dbc(letters, handle, call) \
    expect_return(letters, SQL_HANDLE_DBC, handle, call, #call, __FILE__, __LINE__)
#define expect_env(letters, handle, call) \
    expect_return(letters, SQL_HANDLE_ENV, handle, call, #call, __FILE__, __LINE__)
#define expect_desc(letters, handle, call) \
    expect_return(letters, SQL_HANDLE_DESC, handle, call, #call, __FILE__, __LINE__)
SQLRETURN expect_return(const char *letters, SQLSMALLINT kind, SQLHANDLE handle, SQLRETURN code,
                        const char *call, const char *file, int line);

/* The letter of a return code, '?' for an unknown one. */
char return_letter(SQLRETURN code);

/* The first record has this state. */
#define expect_state(kind, handle, state) expect_state_at(kind, handle, state, __FILE__, __LINE__)
void expect_state_at(SQLSMALLINT kind, SQLHANDLE handle, const char *state, const char *file, int line);

/* Some record has this state. */
#define expect_some_state(kind, handle, state) expect_some_state_at(kind, handle, state, __FILE__, __LINE__)
void expect_some_state_at(SQLSMALLINT kind, SQLHANDLE handle, const char *state, const char *file, int line);

/* Some record's text holds this piece, without regard to case. */
#define expect_message(kind, handle, piece) expect_message_at(kind, handle, piece, __FILE__, __LINE__)
void expect_message_at(SQLSMALLINT kind, SQLHANDLE handle, const char *piece, const char *file, int line);

/* All records, "42S02 (5) text" a line each; "" where there are none. */
char *diagnostics(SQLSMALLINT kind, SQLHANDLE handle);

/* One record (from 1). False where there is none. `text` (may be NULL) is the caller's; `state` has room
 * for 6. The states of iODBC's own records, which are those of ODBC 2, become those of ODBC 3. */
bool diagnostic(SQLSMALLINT kind, SQLHANDLE handle, SQLSMALLINT number, char *state, SQLINTEGER *native,
                char **text);

/* Two texts are the same; NULL is equal to NULL alone. */
#define expect_text(actual, expected) expect_text_at(actual, expected, #actual, __FILE__, __LINE__)
void expect_text_at(const char *actual, const char *expected, const char *what, const char *file, int line);

/* Fails the running test from a helper, naming the place of the check. */
void fail_at(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4), noreturn));

/* ---- statements ---- */

/* SQLExecDirect of UTF-8 text. */
SQLRETURN exec(SQLHSTMT stmt, const char *text);

/* The same through the wide function. */
SQLRETURN exec_wide(SQLHSTMT stmt, const char *text);

/* How soon a waiting call comes back that is told to. What is asked for is 50 ms. The rest is for the
 * scheduler of a busy machine, and for sanitizers: a cancel that does not wake its waiter takes seconds. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { HARNESS_PROMPT_MS = 1000 };
#else
enum { HARNESS_PROMPT_MS = 150 };
#endif

/* Cancels a statement after a while, from a thread of its own: start it, let a call wait, check its code. */
struct canceller {
    pthread_t thread;
    SQLHSTMT stmt;
    int64_t after_ms;
    int64_t cancelled_ms; /* when; read after joining */
    SQLRETURN code;
    bool by_handle; /* SQLCancelHandle */
};

void canceller_start(struct canceller *c, SQLHSTMT stmt, int64_t after_ms, bool by_handle);

/* The waiting call, `what`, has returned `code` just now: it must be because of the cancelling. */
void canceller_check(struct canceller *c, SQLRETURN code, const char *what);

/* A cell of the current row as text, whole however long it is; NULL for SQL NULL. The wide form reads
 * SQL_C_WCHAR. */
char *cell_text(SQLHSTMT stmt, SQLUSMALLINT column);
char *cell_wide_text(SQLHSTMT stmt, SQLUSMALLINT column);

/* The current row: cells with | between them, NULL as <null>. */
char *row_text(SQLHSTMT stmt);

/* All rows that are left, a line each; fails unless the end is SQL_NO_DATA. */
char *rows_text(SQLHSTMT stmt);

/* Fetches until something other than success comes, which is stored where `last` is not NULL. The number of
 * rows. */
long count_rows(SQLHSTMT stmt, SQLRETURN *last);

/* Runs `text` on a closed statement, compares all rows with `expected` (as rows_text has them), closes. */
#define expect_rows(stmt, text, expected) expect_rows_at(stmt, text, expected, __FILE__, __LINE__)
void expect_rows_at(SQLHSTMT stmt, const char *text, const char *expected, const char *file, int line);

/* The connection still works: SELECT of a row through this statement, which must be closed. */
#define expect_usable(stmt) expect_usable_at(stmt, __FILE__, __LINE__)
void expect_usable_at(SQLHSTMT stmt, const char *file, int line);

/* ---- wide text ---- */

/* UTF-8 to UTF-16 with a 0 behind it, and back (`units` SQL_NTS: up to the 0). Lone surrogates become U+FFFD.
 */
SQLWCHAR *wide_from(const char *text);
char *narrow_from(const SQLWCHAR *text, SQLLEN units);
size_t wide_length(const SQLWCHAR *text);

/* ---- the service's control endpoint ---- */

/* Adds rules of what is to go wrong (a JSON rule or list of them); see tests/service/README.md. Where there
 * is no " in the text, each ' stands for one. */
void faults_set(const struct service_process *service, const char *rules);

/* Every POST /query is answered with this body (' for " as above), and as the more members of the rule say
 * ("": none, else "'member': value, …"). */
void fault_reply(const struct service_process *service, const char *body, const char *more);
void faults_clear(const struct service_process *service);

/* Sets options of the service: {"profile": "old"} and so on. */
void control_options(const struct service_process *service, const char *options);

/* The requests recorded since the last clearing, oldest first (json_object_put). Waits a while for those that
 * are still under way to end, unless `running`. */
json_object *requests_read(const struct service_process *service, bool running);
void requests_clear(const struct service_process *service);

/* How many recorded requests have this method, this piece in the path and this piece in the body (NULL: any).
 */
size_t requests_count(const struct service_process *service, const char *method, const char *path,
                      const char *body);

/* Waits until so many such requests have arrived; false after five seconds. */
bool requests_wait(const struct service_process *service, const char *path, const char *body, size_t count);

/* A number of GET /control/stats. */
int64_t service_statistic(const struct service_process *service, const char *name);

/* A request to the service with libcurl: `method`, path behind the base, body (NULL: none). The reply's body.
 */
char *service_call(const struct service_process *service, const char *method, const char *path,
                   const char *body);

#endif
