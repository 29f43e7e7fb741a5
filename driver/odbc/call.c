#include "odbc/call.h"

#include "odbc/connection.h"
#include "odbc/statement.h"

const struct ca_function_row ca_function_rows[CA_FUNCTION_COUNT] = {
#include "functions_table.h"
};

static struct ca_log *log_of(struct ca_handle *handle)
{
    switch (handle->kind) {
    case SQL_HANDLE_DBC:
        return &((struct ca_connection *)handle)->log;
    case SQL_HANDLE_STMT:
        return &((struct ca_statement *)handle)->connection->log;
    case SQL_HANDLE_DESC:
        return &((struct ca_descriptor *)handle)->connection->log;
    default:
        return NULL;
    }
}

SQLRETURN ca_call_enter(struct ca_call *call, SQLSMALLINT kind, SQLHANDLE handle, enum ca_function function)
{
    const struct ca_function_row *row = &ca_function_rows[function];
    call->function = row;
    call->handle = row->takes_no_lock ? ca_handle_acquire(handle, kind) : ca_handle_lock(handle, kind);
    if (__builtin_expect(!call->handle, 0))
        return SQL_INVALID_HANDLE;
    if (!row->keeps_diagnostics && ca_diagnostics_any(&call->handle->diagnostics))
        ca_diagnostics_clear(&call->handle->diagnostics);
    if (row->class != CA_CLASS_NONE) {
        struct ca_statement *statement = (struct ca_statement *)call->handle;
        const char *state = NULL;
        if (__builtin_expect(!ca_state_allows(row->class, statement->state), 0))
            state =
                ca_state_refusal(row->class, statement->state, statement->prepared, statement->more_results);
        if (__builtin_expect(state != NULL, 0))
            return ca_post_state(call->handle, state);
    }
    return SQL_SUCCESS;
}

/* A result of SQL_SUCCESS with a diagnostic posted is SQL_SUCCESS_WITH_INFO. */
static SQLRETURN settle(struct ca_call *call, SQLRETURN result)
{
    struct ca_diagnostics *diagnostics = &call->handle->diagnostics;
    diagnostics->return_code = result;
    if (!ca_diagnostics_any(diagnostics))
        return result;
    if (result == SQL_SUCCESS)
        result = SQL_SUCCESS_WITH_INFO;
    ca_diagnostics_finish(diagnostics, result);
    return result;
}

static void log_call(struct ca_log *log, const struct ca_call *call, SQLRETURN result)
{
    const struct ca_diagnostics *diagnostics = &call->handle->diagnostics;
    const struct ca_record *record =
        result != SQL_SUCCESS && diagnostics->count && !call->function->keeps_diagnostics
            ? diagnostics->records
            : NULL;
    ca_log_write(log, CA_LOG_CALL, "%s -> %d%s%s%s%s", call->function->name, (int)result, record ? " " : "",
                 record ? record->state : "", record && record->text ? " " : "",
                 record && record->text ? record->text : "");
}

SQLRETURN ca_call_leave(struct ca_call *call, SQLRETURN result)
{
    if (!call->handle)
        return result;
    if (!call->function->keeps_diagnostics)
        result = settle(call, result);
    struct ca_log *log = log_of(call->handle);
    if (log && ca_log_wants(log, CA_LOG_CALL))
        log_call(log, call, result);
    if (call->function->takes_no_lock)
        ca_handle_release(call->handle);
    else
        ca_handle_unlock(call->handle);
    return result;
}
