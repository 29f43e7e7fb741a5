/* What allocates, frees, cancels and ends handles of any kind. */
#include "base/alloc.h"
#include "odbc/call.h"
#include "odbc/column.h"
#include "odbc/inner.h"
#include "odbc/put_data.h"

SQLRETURN ca_handle_alloc(SQLSMALLINT kind, struct ca_handle *parent, SQLHANDLE *output)
{
    if (!output)
        return ca_post_state(parent, "HY009");
    if (kind == SQL_HANDLE_DBC)
        return ca_connection_alloc((struct ca_environment *)parent, output);
    struct ca_connection *connection = (struct ca_connection *)parent;
    if (kind == SQL_HANDLE_STMT)
        return ca_statement_alloc(connection, output);
    *output = SQL_NULL_HANDLE;
    if (!connection->open)
        return ca_post_state(parent, "08003");
    struct ca_descriptor *descriptor = ca_descriptor_create(connection, NULL, CA_DESCRIPTOR_ARD);
    if (!descriptor)
        return ca_post_state(parent, "HY001");
    *output = descriptor->handle.token;
    return SQL_SUCCESS;
}

SQLRETURN ca_handle_free(struct ca_handle *handle)
{
    switch (handle->kind) {
    case SQL_HANDLE_ENV:
        return ca_environment_free((struct ca_environment *)handle);
    case SQL_HANDLE_DBC:
        return ca_connection_free((struct ca_connection *)handle);
    case SQL_HANDLE_STMT:
        return ca_statement_free((struct ca_statement *)handle);
    default:
        return ca_descriptor_free((struct ca_descriptor *)handle);
    }
}

/* A record of the IRD is a view of a column: here it is written out. */
static bool copy_column(struct ca_descriptor *target, const struct ca_statement *statement,
                        SQLSMALLINT number)
{
    struct ca_column_view view;
    struct ca_descriptor_record *record = &target->records[number];
    ca_column_view(statement, (unsigned)number, &view);
    ca_descriptor_set_type(record, ca_type_odbc3((SQLSMALLINT)view.concise_type));
    record->length = (SQLULEN)view.length;
    record->octet_length = view.octet_length;
    record->precision = (SQLSMALLINT)view.precision;
    record->scale = (SQLSMALLINT)view.scale;
    record->nullable = (SQLSMALLINT)view.nullable;
    record->radix = (SQLINTEGER)view.radix;
    record->unnamed = (SQLSMALLINT)view.unnamed;
    ca_free(record->name);
    record->name = ca_strdup(view.label);
    return record->name != NULL;
}

static SQLRETURN copy_columns(struct ca_descriptor *target, struct ca_descriptor *source)
{
    struct ca_statement *statement = source->statement;
    if (statement->state == CA_STATE_ALLOCATED || ca_columns_ready(statement) == SQL_ERROR ||
        !statement->columns)
        return ca_post_state(&target->handle, "HY007");
    SQLSMALLINT count = (SQLSMALLINT)statement->columns->count;
    bool done = ca_descriptor_resize(target, count);
    for (SQLSMALLINT i = 1; done && i <= count; i++)
        done = copy_column(target, statement, i);
    return done ? SQL_SUCCESS : ca_post_state(&target->handle, "HY001");
}

SQLRETURN ca_descriptor_copy_call(struct ca_descriptor *target, struct ca_descriptor *source)
{
    if (target->role == CA_DESCRIPTOR_IRD)
        return ca_post_state(&target->handle, "HY016");
    if (target == source)
        return SQL_SUCCESS;
    if (source->role == CA_DESCRIPTOR_IRD)
        return copy_columns(target, source);
    return ca_descriptor_copy(target, source) ? SQL_SUCCESS : ca_post_state(&target->handle, "HY001");
}

/* From any thread; never takes the statement's lock unless nothing runs in it. */
SQLRETURN ca_odbc_cancel(struct ca_statement *statement)
{
    ca_cancel_request(&statement->cancel);
    if (pthread_mutex_trylock(statement->handle.lock) != 0)
        return SQL_SUCCESS; /* a call runs: it ends with HY008 */
    if (statement->state >= CA_STATE_NEED_DATA)
        ca_put_cancel(statement);
    ca_handle_unlock(&statement->handle);
    return SQL_SUCCESS;
}

SQLRETURN ca_odbc_cancel_handle(struct ca_handle *handle)
{
    if (handle->kind == SQL_HANDLE_STMT)
        return ca_odbc_cancel((struct ca_statement *)handle);
    /* Nothing asynchronous ever runs on a connection. */
    return handle->kind == SQL_HANDLE_DBC ? SQL_SUCCESS : SQL_ERROR;
}

static SQLRETURN end_transaction(struct ca_handle *handle, struct ca_connection *connection,
                                 SQLSMALLINT completion)
{
    bool wrote = atomic_exchange(&connection->wrote, false);
    if (completion == SQL_COMMIT || !wrote)
        return SQL_SUCCESS;
    if (ca_option_number(&connection->options, CA_OPTION_STRICT_TRANSACTIONS))
        return ca_post(handle, "HYC00", "The service has no transactions: nothing can be rolled back.");
    return ca_post(
        handle, "01000",
        "The service has no transactions: what was written stays written, nothing was rolled back.");
}

SQLRETURN ca_odbc_end_tran(struct ca_handle *handle, SQLSMALLINT completion)
{
    if (completion != SQL_COMMIT && completion != SQL_ROLLBACK)
        return ca_post_state(handle, "HY012");
    if (handle->kind == SQL_HANDLE_ENV)
        return SQL_SUCCESS; /* the driver manager calls for each connection */
    if (handle->kind != SQL_HANDLE_DBC)
        return ca_post_state(handle, "HY092");
    struct ca_connection *connection = (struct ca_connection *)handle;
    if (!connection->open)
        return ca_post_state(handle, "08003");
    return end_transaction(handle, connection, completion);
}

SQLRETURN ca_odbc_free_stmt(struct ca_statement *statement, SQLUSMALLINT option)
{
    switch (option) {
    case SQL_CLOSE:
        ca_statement_close(statement);
        return SQL_SUCCESS;
    case SQL_UNBIND:
        ca_descriptor_clear(statement->ard);
        return SQL_SUCCESS;
    case SQL_RESET_PARAMS:
        ca_descriptor_clear(statement->apd);
        return SQL_SUCCESS;
    default:
        return ca_post_state(&statement->handle, "HY092");
    }
}

SQLRETURN ca_odbc_close_cursor(struct ca_statement *statement)
{
    ca_statement_close(statement);
    return SQL_SUCCESS;
}

SQLRETURN ca_odbc_get_functions(struct ca_connection *connection, SQLUSMALLINT id, SQLUSMALLINT *supported)
{
    (void)connection;
    if (id == SQL_API_ODBC3_ALL_FUNCTIONS)
        for (int i = 0; i < SQL_API_ODBC3_ALL_FUNCTIONS_SIZE; i++)
            supported[i] = 0;
    else if (id == SQL_API_ALL_FUNCTIONS)
        for (int i = 0; i < 100; i++)
            supported[i] = SQL_FALSE;
    else
        *supported = SQL_FALSE;
    for (int i = 0; i < CA_FUNCTION_COUNT; i++) {
        SQLUSMALLINT own = ca_function_rows[i].id;
        if (id == SQL_API_ODBC3_ALL_FUNCTIONS)
            supported[own >> 4] |= (SQLUSMALLINT)(1U << (own & 0xF));
        else if (id == SQL_API_ALL_FUNCTIONS && own < 100)
            supported[own] = SQL_TRUE;
        else if (id == own)
            *supported = SQL_TRUE;
    }
    return SQL_SUCCESS;
}
