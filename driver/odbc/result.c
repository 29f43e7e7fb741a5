#include "odbc/result.h"

#include "odbc/scroll.h"

enum { LONGEST_TIMEOUT_S = 300 }; /* the service's maximum */

bool ca_request_body(struct ca_statement *statement, struct ca_body *body, char **catalog)
{
    struct ca_connection *connection = statement->connection;
    SQLULEN timeout = statement->query_timeout_set
                          ? statement->query_timeout
                          : (SQLULEN)ca_option_number(&connection->options, CA_OPTION_TIMEOUT);
    *catalog = ca_connection_catalog(connection);
    *body = (struct ca_body){.query = statement->sql.text,
                             .query_octets = statement->sql.octets,
                             .catalog = *catalog,
                             .schema = ca_option_text(&connection->options, CA_OPTION_DEFAULT_SCHEMA),
                             .timeout_s = timeout ? (int)timeout : LONGEST_TIMEOUT_S};
    return *catalog != NULL;
}

static bool is_searched_write(enum ca_sql_kind kind)
{
    return kind == CA_SQL_UPDATE || kind == CA_SQL_DELETE;
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
    bool none = statement->row_count == 0 && is_searched_write(statement->sql.kind);
    return none && !statement->connection->odbc2 ? SQL_NO_DATA : SQL_SUCCESS;
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
