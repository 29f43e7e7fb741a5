#include "odbc/statement.h"

#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/text.h"
#include "odbc/parameters.h"
#include "odbc/procedure.h"
#include "odbc/put_data.h"
#include "odbc/scroll.h"

enum { LONGEST_PARAMETERS = 1 << 30 };

/* ResultMode=spool */
static bool prepare_reply(struct ca_statement *statement)
{
    const struct ca_options *options = &statement->connection->options;
    ca_reply_init(&statement->reply);
    return !ca_text_same(ca_option_text(options, CA_OPTION_RESULT_MODE), "spool") ||
           ca_reply_spool(&statement->reply, (size_t)ca_option_number(options, CA_OPTION_SPOOL_MEMORY));
}

static bool create_descriptors(struct ca_statement *statement)
{
    for (int role = 0; role < 4; role++) {
        statement->implicit[role] =
            ca_descriptor_create(statement->connection, statement, (enum ca_descriptor_role)role);
        if (!statement->implicit[role])
            return false;
    }
    statement->ard = statement->implicit[CA_DESCRIPTOR_ARD];
    statement->apd = statement->implicit[CA_DESCRIPTOR_APD];
    statement->ird = statement->implicit[CA_DESCRIPTOR_IRD];
    statement->ipd = statement->implicit[CA_DESCRIPTOR_IPD];
    return true;
}

static void destroy_descriptors(struct ca_statement *statement)
{
    for (int role = 0; role < 4; role++)
        ca_descriptor_destroy(statement->implicit[role]);
}

SQLRETURN ca_statement_alloc(struct ca_connection *connection, SQLHANDLE *output)
{
    *output = SQL_NULL_HANDLE;
    if (!connection->open)
        return ca_post_state(&connection->handle, "08003");
    struct ca_statement *statement = ca_calloc(1, sizeof *statement);
    if (!statement)
        return ca_post_state(&connection->handle, "HY001");
    statement->connection = connection;
    statement->retrieve_data = SQL_RD_ON;
    statement->cursor_type = SQL_CURSOR_FORWARD_ONLY;
    statement->concurrency = SQL_CONCUR_READ_ONLY;
    statement->metadata_id = connection->metadata_id;
    statement->extended_rowset = 1;
    statement->row_count = -1;
    statement->query_timeout = (SQLULEN)ca_option_number(&connection->options, CA_OPTION_TIMEOUT);
    if (!create_descriptors(statement) || !prepare_reply(statement) ||
        !ca_handle_open(&statement->handle, SQL_HANDLE_STMT, &connection->log)) {
        ca_reply_free(&statement->reply);
        destroy_descriptors(statement);
        ca_free(statement);
        return ca_post_state(&connection->handle, "HY001");
    }
    ca_statement_defaults_take(statement);
    ca_cancel_init(&statement->cancel);
    ca_buffer_init(&statement->parameters, LONGEST_PARAMETERS);
    ca_buffer_init(&statement->bounds.heads, LONGEST_PARAMETERS);
    pthread_mutex_lock(&connection->shared);
    statement->next = connection->statements;
    connection->statements = statement;
    pthread_mutex_unlock(&connection->shared);
    *output = statement->handle.token;
    return SQL_SUCCESS;
}

void ca_statement_destroy(struct ca_statement *statement)
{
    struct ca_connection *connection = statement->connection;
    ca_cancel_request(&statement->cancel);
    ca_handle_close(&statement->handle);
    pthread_mutex_lock(&connection->shared);
    struct ca_statement **link = &connection->statements;
    while (*link && *link != statement)
        link = &(*link)->next;
    if (*link)
        *link = statement->next;
    pthread_mutex_unlock(&connection->shared);
    ca_statement_reset(statement);
    ca_reply_free(&statement->reply);
    ca_buffer_free(&statement->parameters);
    ca_bounds_free(&statement->bounds);
    ca_free(statement->sets.ends);
    ca_free(statement->sets.kept);
    ca_free(statement->plan.columns);
    ca_free(statement->cursor.row_offsets);
    ca_free(statement->cursor_name);
    destroy_descriptors(statement);
    ca_cancel_destroy(&statement->cancel);
    ca_free(statement);
}

SQLRETURN ca_statement_free(struct ca_statement *statement)
{
    ca_handle_release(&statement->handle);
    ca_statement_destroy(statement);
    return SQL_SUCCESS;
}

void ca_cursor_drop(struct ca_statement *statement)
{
    struct ca_cursor *cursor = &statement->cursor;
    ca_scroll_close(statement);
    ca_listing_release(cursor->listing);
    ca_free(cursor->listing_row);
    ca_free(cursor->getters);
    ca_error_clear(&cursor->failure);
    *cursor = (struct ca_cursor){.row_offsets = cursor->row_offsets, .row_capacity = cursor->row_capacity};
    statement->plan.valid = false;
}

void ca_statement_close(struct ca_statement *statement)
{
    ca_put_drop(statement);
    ca_procedure_drop(statement);
    ca_reply_close(&statement->reply);
    ca_sets_drop(statement);
    ca_cursor_drop(statement);
    ca_columns_free(&statement->listing_columns);
    statement->more_results = false;
    statement->columns =
        statement->described && statement->prepared_columns.count ? &statement->prepared_columns : NULL;
    statement->state = statement->prepared ? CA_STATE_PREPARED : CA_STATE_ALLOCATED;
}

void ca_statement_reset(struct ca_statement *statement)
{
    ca_statement_close(statement);
    ca_columns_free(&statement->prepared_columns);
    if (statement->has_text)
        ca_sql_statement_free(&statement->sql);
    statement->has_text = statement->prepared = statement->described = false;
    statement->columns = NULL;
    statement->row_count = -1;
    statement->state = CA_STATE_ALLOCATED;
}

struct ca_wait ca_statement_wait(struct ca_statement *statement, bool first_row)
{
    const struct ca_connection *connection = statement->connection;
    int64_t seconds = (int64_t)statement->query_timeout;
    return (struct ca_wait){.deadline = first_row ? ca_deadline_after(seconds * 1000) : CA_NO_DEADLINE,
                            .idle_ms = (int64_t)connection->connection_timeout * 1000,
                            .cancel = &statement->cancel};
}
