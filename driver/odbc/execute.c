/* Preparing and executing statements: SQLPrepare, SQLExecute, SQLExecDirect, SQLParamData, SQLNativeSql. */
#include "base/alloc.h"
#include "odbc/batch.h"
#include "odbc/inner.h"
#include "odbc/parameters.h"
#include "odbc/procedure.h"
#include "odbc/put_data.h"
#include "odbc/sets.h"
#include "sql/token.h"

static bool takes_batch(enum ca_sql_kind kind)
{
    return kind == CA_SQL_INSERT || kind == CA_SQL_UPDATE || kind == CA_SQL_DELETE;
}

/* SQL_DIAG_DYNAMIC_FUNCTION_CODE */
static SQLINTEGER function_code(enum ca_sql_kind kind)
{
    switch (kind) {
    case CA_SQL_SELECT:
        return SQL_DIAG_SELECT_CURSOR;
    case CA_SQL_INSERT:
        return SQL_DIAG_INSERT;
    case CA_SQL_UPDATE:
        return SQL_DIAG_UPDATE_WHERE;
    case CA_SQL_DELETE:
        return SQL_DIAG_DELETE_WHERE;
    case CA_SQL_CALL:
        return SQL_DIAG_CALL;
    default:
        return SQL_DIAG_UNKNOWN_STATEMENT;
    }
}

/* Chooses the request by the kind of statement and the number of parameter sets. */
static SQLRETURN dispatch(struct ca_statement *statement)
{
    bool array = statement->sql.markers && statement->apd->array_size > 1;
    if (array && takes_batch(statement->sql.kind) && !statement->sql.several)
        return ca_batch_execute(statement);
    if (statement->sql.call && ca_procedure_begin(statement) == SQL_ERROR)
        return SQL_ERROR;
    return ca_sets_execute(statement);
}

static SQLRETURN execute_now(struct ca_statement *statement)
{
    struct ca_connection *connection = statement->connection;
    enum ca_sql_kind kind = statement->sql.kind;
    ca_cancel_reset(&statement->cancel);
    statement->handle.diagnostics.dynamic_function_code = function_code(kind);
    statement->handle.diagnostics.cursor_row_count = -1;
    SQLRETURN result = dispatch(statement);
    ca_put_drop(statement);
    if (!statement->sql.single_select)
        atomic_store(&connection->wrote, true);
    if (kind == CA_SQL_DDL || kind == CA_SQL_OTHER)
        ca_cache_drop(&connection->session.cache);
    if (result == SQL_ERROR)
        ca_statement_close(statement);
    return result;
}

/* Blanks and comments are no statement. */
static bool says_something(const struct ca_text *text)
{
    struct ca_sql_reader reader;
    struct ca_sql_token token;
    struct ca_error ignored = CA_ERROR_INIT;
    ca_sql_reader_init(&reader, text->text, text->octets);
    bool read = ca_sql_token_next_word(&reader, &token, &ignored);
    ca_error_clear(&ignored);
    return !read || token.kind != CA_SQL_TOKEN_END; /* what cannot be read is refused with its reason */
}

static bool read_text(struct ca_statement *statement, const struct ca_text *text)
{
    struct ca_connection *connection = statement->connection;
    struct ca_error error = CA_ERROR_INIT;
    char *catalog = ca_connection_catalog(connection);
    struct ca_sql_options options = {.noscan = statement->noscan == SQL_NOSCAN_ON,
                                     .catalog = catalog,
                                     .user = ca_option_text(&connection->options, CA_OPTION_UID)};
    ca_statement_reset(statement);
    if (!text->text || !says_something(text)) {
        ca_post(&statement->handle, text->text ? "42000" : "HY009", "The statement text is empty.");
    } else if (!catalog) {
        ca_post_state(&statement->handle, "HY001");
    } else if (!ca_sql_read(text->text, text->octets, &options, &statement->sql, &error)) {
        ca_post_error(&statement->handle, &error);
    } else {
        statement->has_text = true;
    }
    ca_free(catalog);
    if (statement->has_text && !statement->sql.single_select &&
        (ca_option_number(&connection->options, CA_OPTION_READ_ONLY) ||
         connection->access_mode == SQL_MODE_READ_ONLY)) {
        ca_post(&statement->handle, "42000", "The connection is read-only: only SELECT is accepted.");
        ca_statement_reset(statement);
    }
    return statement->has_text;
}

static SQLRETURN begin_execution(struct ca_statement *statement, bool direct)
{
    SQLRETURN result = ca_parameters_check(statement);
    if (result == SQL_SUCCESS)
        result = ca_bounds_take(statement);
    if (result == SQL_SUCCESS)
        result = ca_put_begin(statement, direct);
    return result == SQL_SUCCESS ? execute_now(statement) : result;
}

SQLRETURN ca_odbc_exec_direct(struct ca_statement *statement, const struct ca_text *text)
{
    SQLRETURN result = SQL_ERROR;
    if (read_text(statement, text))
        result = begin_execution(statement, true);
    if (result == SQL_ERROR)
        ca_statement_reset(statement);
    return result;
}

SQLRETURN ca_odbc_prepare(struct ca_statement *statement, const struct ca_text *text)
{
    if (!read_text(statement, text))
        return SQL_ERROR;
    statement->prepared = true;
    statement->state = CA_STATE_PREPARED;
    return SQL_SUCCESS;
}

SQLRETURN ca_odbc_execute(struct ca_statement *statement)
{
    ca_statement_close(statement);
    return begin_execution(statement, false);
}

SQLRETURN ca_odbc_native_sql(struct ca_connection *connection, const struct ca_text *text,
                             const struct ca_text_out *native)
{
    struct ca_error error = CA_ERROR_INIT;
    struct ca_sql_statement sql;
    char *catalog = ca_connection_catalog(connection);
    struct ca_sql_options options = {.catalog = catalog,
                                     .user = ca_option_text(&connection->options, CA_OPTION_UID)};
    if (!text->text || !catalog) {
        ca_free(catalog);
        return ca_post_state(&connection->handle, text->text ? "HY001" : "HY009");
    }
    bool done = ca_sql_read(text->text, text->octets, &options, &sql, &error);
    ca_free(catalog);
    if (!done)
        return ca_post_error(&connection->handle, &error);
    SQLRETURN result = ca_text_write(&connection->handle, native, sql.text);
    ca_sql_statement_free(&sql);
    return result;
}

SQLRETURN ca_odbc_num_params(struct ca_statement *statement, SQLSMALLINT *count)
{
    if (count)
        *count = (SQLSMALLINT)(statement->sql.markers > INT16_MAX ? INT16_MAX : statement->sql.markers);
    return SQL_SUCCESS;
}

SQLRETURN ca_odbc_param_data(struct ca_statement *statement, SQLPOINTER *token)
{
    bool direct = false;
    SQLRETURN result = ca_put_ask(statement, token, &direct);
    if (result == SQL_NEED_DATA)
        return result;
    result = execute_now(statement);
    if (result == SQL_ERROR && direct)
        ca_statement_reset(statement);
    return result;
}
