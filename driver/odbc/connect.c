/* SQLConnect, SQLDriverConnect, SQLBrowseConnect, SQLDisconnect: options from the connection string and the
 * data source, the login, the completed string. */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/keyword.h"
#include "base/text.h"
#include "odbc/inner.h"
#include "odbc/user_agent.h"
#include "service/dsn.h"

enum { LONGEST_STRING = 1 << 24 };

/* ---- options ---- */

static bool set_option(struct ca_connection *connection, enum ca_option option, const char *value,
                       enum ca_option_origin origin)
{
    struct ca_error error = CA_ERROR_INIT;
    if (ca_options_set(&connection->options, option, value, origin, &error))
        return true;
    ca_post_error(&connection->handle, &error);
    return false;
}

static bool read_dsn(struct ca_connection *connection, const char *dsn)
{
    struct ca_error error = CA_ERROR_INIT;
    if (ca_options_read_dsn(&connection->options, dsn, &error))
        return true;
    ca_post_error(&connection->handle, &error);
    return false;
}

/* The first DSN or DRIVER keyword counts. */
static bool note_source(struct ca_connection *connection, const struct ca_keyword *keyword)
{
    bool dsn = ca_text_same_n(keyword->name, keyword->name_octets, "DSN");
    bool is_driver = ca_text_same_n(keyword->name, keyword->name_octets, "DRIVER");
    char **place = dsn ? &connection->dsn : is_driver ? &connection->driver : NULL;
    struct ca_buffer value = CA_BUFFER_INIT(LONGEST_STRING);
    if (!place || *place || connection->dsn || (dsn && connection->driver))
        return true;
    ca_keyword_value(keyword, &value);
    *place = ca_buffer_take(&value);
    return *place != NULL;
}

static bool take_keyword(struct ca_connection *connection, const struct ca_keyword *keyword)
{
    enum ca_option option = ca_option_find(keyword->name, keyword->name_octets);
    if (ca_option_is_ignored(keyword->name, keyword->name_octets))
        return note_source(connection, keyword) || ca_post_state(&connection->handle, "HY001") == SQL_SUCCESS;
    if (option == CA_OPTION_COUNT) {
        ca_post(&connection->handle, "01S00",
                "The keyword %.*s of the connection string is not known; it is ignored.",
                (int)(keyword->name_octets < 64 ? keyword->name_octets : 64), keyword->name);
        return true;
    }
    struct ca_buffer value = CA_BUFFER_INIT_SECRET(LONGEST_STRING);
    bool done =
        ca_keyword_value(keyword, &value) || ca_post_state(&connection->handle, "HY001") == SQL_SUCCESS;
    done = done && set_option(connection, option, ca_buffer_text(&value), CA_ORIGIN_STRING);
    ca_buffer_free(&value);
    return done;
}

static bool read_string(struct ca_connection *connection, const struct ca_text *text)
{
    struct ca_keyword_reader reader;
    struct ca_keyword keyword;
    ca_keyword_reader_init(&reader, text->text, text->octets);
    for (;;) {
        switch (ca_keyword_next(&reader, &keyword)) {
        case CA_KEYWORD_END:
            return true;
        case CA_KEYWORD_MALFORMED:
            ca_post(&connection->handle, "01S00",
                    "A part of the connection string is not of the form keyword=value; it is ignored.");
            break;
        case CA_KEYWORD_READ:
            if (!take_keyword(connection, &keyword))
                return false;
        }
    }
}

/* The secret that the data source holds, as its option's name; NULL = none. */
static const char *secret_in_data_source(const struct ca_options *options)
{
    const struct ca_option_row *rows = ca_option_rows();
    for (int i = 0; i < CA_OPTION_COUNT; i++)
        if (rows[i].kind == CA_OPTION_KIND_SECRET && options->origin[i] == CA_ORIGIN_DSN &&
            options->text[i] && strncmp(options->text[i], "env:", 4) != 0)
            return rows[i].name;
    return NULL;
}

/* A data source file that holds a secret and that others may read deserves a word. */
static void warn_of_readable_secret(struct ca_connection *connection)
{
    struct stat status;
    const char *home = getenv("HOME");
    const char *name = secret_in_data_source(&connection->options);
    struct ca_buffer path = CA_BUFFER_INIT(1 << 16);
    if (!name)
        return;
    if (getenv("ODBCINI"))
        ca_buffer_add_text(&path, getenv("ODBCINI"));
    else
        ca_buffer_add_format(&path, "%s/.odbc.ini", home ? home : "");
    if (path.data && stat(path.data, &status) == 0 && status.st_mode & 044)
        ca_log_write(&connection->log, CA_LOG_WARNING, "%s holds %s and can be read by others: chmod 600 it.",
                     path.data, name);
    ca_buffer_free(&path);
}

/* ---- login ---- */

static void set_type_options(struct ca_connection *connection)
{
    const struct ca_options *options = &connection->options;
    connection->types = (struct ca_type_options){
        .timestamp_scale = (SQLSMALLINT)ca_option_number(options, CA_OPTION_TIMESTAMP_SCALE),
        .default_string_size = (SQLULEN)ca_option_number(options, CA_OPTION_DEFAULT_STRING_SIZE),
        .long_string_size = (SQLULEN)ca_option_number(options, CA_OPTION_LONG_STRING_SIZE)};
}

/* A log that cannot be is no reason not to connect; false: no memory. */
static bool open_log(struct ca_connection *connection, struct ca_error *error)
{
    struct ca_error warning = CA_ERROR_INIT;
    const struct ca_options *options = &connection->options;
    const struct ca_log_settings settings = {.path = ca_option_text(options, CA_OPTION_LOGFILE),
                                             .level = (int)ca_option_number(options, CA_OPTION_VERBOSITY),
                                             .octets = ca_option_number(options, CA_OPTION_LOGFILE_BYTES),
                                             .files =
                                                 (int)ca_option_number(options, CA_OPTION_LOGFILE_COUNT)};
    if (ca_log_open(&connection->log, &settings, &warning))
        return true;
    if (strncmp(warning.state, "01", 2) != 0) {
        ca_error_move(error, &warning);
        return false;
    }
    ca_post_error(&connection->handle, &warning);
    return true;
}

static SQLRETURN warn_of_no_verification(struct ca_connection *connection)
{
    ca_log_write(&connection->log, CA_LOG_WARNING, "VerifyCertificate=0: the server is not verified.");
    return ca_post(&connection->handle, "01000",
                   "VerifyCertificate=0: the server's certificate is not verified, so anyone on the way can "
                   "read and change everything, the access token included.");
}

/* Attributes that the application has not set are what the options say. */
static void take_timeouts(struct ca_connection *connection)
{
    if (!connection->login_timeout_set)
        connection->login_timeout =
            (SQLUINTEGER)ca_option_number(&connection->options, CA_OPTION_LOGIN_TIMEOUT);
    if (!connection->connection_timeout_set)
        connection->connection_timeout =
            (SQLUINTEGER)ca_option_number(&connection->options, CA_OPTION_IDLE_TIMEOUT);
}

static SQLRETURN log_in(struct ca_connection *connection)
{
    struct ca_error error = CA_ERROR_INIT;
    struct ca_buffer agent = CA_BUFFER_INIT(1 << 16);
    take_timeouts(connection);
    struct ca_wait wait = {.deadline = ca_deadline_after((int64_t)connection->login_timeout * 1000),
                           .idle_ms = (int64_t)connection->connection_timeout * 1000};
    SQLRETURN result = SQL_ERROR;
    ca_user_agent_write(&agent, ca_option_text(&connection->options, CA_OPTION_APPLICATION_NAME));
    set_type_options(connection);
    if (!open_log(connection, &error))
        goto out;
    warn_of_readable_secret(connection);
    if (agent.failure || !ca_session_open(&connection->session, &connection->options, &connection->log,
                                          ca_buffer_text(&agent), &wait, &error))
        goto out;
    connection->open = true;
    result = SQL_SUCCESS;
    ca_log_write(&connection->log, CA_LOG_REQUEST, "connected to %s as %s",
                 connection->session.transport.base, ca_buffer_text(&agent));
    if (!ca_option_number(&connection->options, CA_OPTION_VERIFY_CERTIFICATE))
        result = warn_of_no_verification(connection);
out:
    ca_buffer_free(&agent);
    if (result == SQL_ERROR) {
        ca_log_write(&connection->log, CA_LOG_ERROR, "not connected: %s %s", error.state,
                     ca_error_text(&error));
        ca_post_error(&connection->handle, &error);
        ca_log_close(&connection->log);
    }
    return result;
}

static void forget(struct ca_connection *connection)
{
    ca_options_free(&connection->options);
    ca_free(connection->dsn);
    ca_free(connection->driver);
    connection->dsn = connection->driver = NULL;
}

SQLRETURN ca_odbc_connect(struct ca_connection *connection, const struct ca_text *server,
                          const struct ca_text *user, const struct ca_text *password)
{
    if (connection->open)
        return ca_post_state(&connection->handle, "08002");
    forget(connection);
    connection->dsn = ca_strdup(server->text && *server->text ? server->text : "DEFAULT");
    bool done = connection->dsn != NULL || ca_post_state(&connection->handle, "HY001") == SQL_SUCCESS;
    if (done && user->text && user->octets)
        done = set_option(connection, CA_OPTION_UID, user->text, CA_ORIGIN_STRING);
    if (done && password->text && password->octets)
        done = set_option(connection, CA_OPTION_PWD, password->text, CA_ORIGIN_STRING);
    done = done && read_dsn(connection, connection->dsn);
    SQLRETURN result = done ? log_in(connection) : SQL_ERROR;
    if (!SQL_SUCCEEDED(result))
        forget(connection);
    return result;
}

/* The string with which the same connection can be made again. */
static SQLRETURN complete(struct ca_connection *connection, const struct ca_text_out *output)
{
    struct ca_buffer text = CA_BUFFER_INIT_SECRET(LONGEST_STRING);
    if (connection->dsn)
        ca_keyword_write(&text, "DSN", connection->dsn);
    else if (connection->driver)
        ca_buffer_add_format(&text, "DRIVER={%s};", connection->driver);
    ca_options_write(&connection->options, &text);
    SQLRETURN result = ca_text_write(&connection->handle, output, ca_buffer_text(&text));
    ca_buffer_free(&text);
    return result;
}

SQLRETURN ca_odbc_driver_connect(struct ca_connection *connection, SQLHWND window,
                                 const struct ca_text *input, const struct ca_text_out *output,
                                 SQLUSMALLINT completion)
{
    struct ca_text empty = {"", 0, NULL};
    (void)window;
    if (connection->open)
        return ca_post_state(&connection->handle, "08002");
    if (completion > SQL_DRIVER_COMPLETE_REQUIRED)
        return ca_post_state(&connection->handle, "HY110");
    if (output->capacity < 0)
        return ca_post_state(&connection->handle, "HY090");
    forget(connection);
    bool done = read_string(connection, input->text ? input : &empty);
    if (done && connection->dsn)
        done = read_dsn(connection, connection->dsn);
    SQLRETURN result = done ? log_in(connection) : SQL_ERROR;
    if (SQL_SUCCEEDED(result) && complete(connection, output) == SQL_SUCCESS_WITH_INFO)
        result = SQL_SUCCESS_WITH_INFO;
    if (!SQL_SUCCEEDED(result))
        forget(connection);
    return result;
}

SQLRETURN ca_odbc_browse_connect(struct ca_connection *connection, const struct ca_text *input,
                                 const struct ca_text_out *output)
{
    static const char request[] = "UID:User (e-mail)=?;PWD:Personal access token=?;*URL:Service address=?;"
                                  "*DefaultCatalog:Default catalog=?;";
    if (connection->open)
        return ca_post_state(&connection->handle, "08002");
    if (!input->text)
        return ca_post_state(&connection->handle, "HY090");
    /* Each call adds to what the calls before it said. */
    bool done = read_string(connection, input);
    if (done && connection->dsn)
        done = read_dsn(connection, connection->dsn);
    SQLRETURN result = SQL_ERROR;
    if (done && ca_auth_wants_password(&connection->options)) {
        ca_text_write(&connection->handle, output, request);
        result = SQL_NEED_DATA;
    } else if (done) {
        result = log_in(connection);
    }
    if (SQL_SUCCEEDED(result) && complete(connection, output) == SQL_SUCCESS_WITH_INFO)
        result = SQL_SUCCESS_WITH_INFO;
    if (result == SQL_ERROR)
        forget(connection);
    return result;
}

/* Frees the statements and explicit descriptors that are left. */
static void drop_children(struct ca_connection *connection)
{
    while (connection->statements)
        ca_statement_destroy(connection->statements);
    while (connection->descriptors)
        ca_descriptor_destroy(connection->descriptors);
}

SQLRETURN ca_odbc_disconnect(struct ca_connection *connection)
{
    if (!connection->open) {
        forget(connection); /* ends a SQLBrowseConnect half-way */
        return ca_post_state(&connection->handle, "08003");
    }
    drop_children(connection);
    ca_session_close(&connection->session);
    ca_log_write(&connection->log, CA_LOG_REQUEST, "disconnected");
    ca_log_close(&connection->log);
    connection->open = false;
    ca_free(connection->catalog);
    connection->catalog = NULL;
    forget(connection);
    return SQL_SUCCESS;
}
