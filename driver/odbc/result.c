#include "odbc/result.h"

#include <string.h>

#include "base/alloc.h"
#include "odbc/scroll.h"

enum { LONGEST_TIMEOUT_S = 300 }; /* the service's maximum */

enum ca_next ca_request_send(struct ca_statement *statement, const struct ca_request *request)
{
    struct ca_connection *connection = statement->connection;
    struct ca_reply *reply = &statement->reply;
    char *catalog = ca_connection_catalog(connection);
    if (!catalog) {
        ca_reply_close(reply);
        ca_error_no_memory(&reply->error);
        return CA_NEXT_FAILED;
    }
    struct ca_body body = {
        .query = request->text,
        .query_octets = request->octets,
        .procedure = strcmp(request->path, "exec") == 0,
        .catalog = catalog,
        .schema = ca_option_text(&connection->options, CA_OPTION_DEFAULT_SCHEMA),
        .parameters = request->parameters,
        .parameters_octets = request->parameters_octets > 2 ? request->parameters_octets : 0, /* {} or [] */
        .schema_only = request->schema_only,
        .timeout_s = statement->query_timeout ? (int)statement->query_timeout : LONGEST_TIMEOUT_S};
    struct ca_wait wait = ca_statement_wait(statement, true);
    enum ca_next next =
        ca_session_post(&connection->session, reply, request->path, &body, request->repeatable, &wait);
    ca_free(catalog);
    return next;
}

bool ca_request_is_decided(const struct ca_statement *statement)
{
    const struct ca_reply *reply = &statement->reply;
    const struct ca_transfer *transfer = &reply->stream.content.transfer;
    if (!transfer->body_sent)
        return true;
    return reply->error_json.length && transfer->status < 500 && strcmp(reply->error.state, "HYT00") != 0;
}

void ca_count_add(SQLLEN *total, SQLLEN rows)
{
    if (rows < 0)
        *total = -1;
    else if (*total >= 0)
        *total += rows;
}

SQLRETURN ca_result_of_count(const struct ca_statement *statement)
{
    enum ca_sql_kind kind = statement->sql.kind;
    bool searched = kind == CA_SQL_UPDATE || kind == CA_SQL_DELETE;
    return searched && statement->row_count == 0 && !statement->connection->odbc2 ? SQL_NO_DATA : SQL_SUCCESS;
}

/* A row count: known only when the document says that no error follows it. */
static SQLRETURN open_count(struct ca_statement *statement)
{
    statement->row_count = statement->reply.affected;
    statement->columns = NULL;
    statement->state = CA_STATE_EXECUTED;
    enum ca_next next = ca_reply_look_ahead(&statement->reply);
    if (next == CA_NEXT_FAILED)
        return ca_post_copy(&statement->handle, &statement->reply.error);
    statement->more_results = next == CA_NEXT_READ;
    return ca_result_of_count(statement);
}

SQLRETURN ca_result_open(struct ca_statement *statement, enum ca_next next)
{
    struct ca_reply *reply = &statement->reply;
    statement->more_results = false;
    statement->plan.valid = false;
    statement->ird->generation++;
    if (next == CA_NEXT_FAILED)
        return ca_post_copy(&statement->handle, &reply->error);
    if (next == CA_NEXT_END) {
        statement->row_count = -1;
        statement->columns = NULL;
        statement->state = CA_STATE_EXECUTED;
        return SQL_SUCCESS;
    }
    if (!reply->has_columns)
        return open_count(statement);
    statement->row_count = -1;
    statement->columns = &reply->columns;
    statement->cursor.source = CA_SOURCE_REPLY;
    statement->state = CA_STATE_OPEN;
    return ca_scroll_open(statement);
}
