#include "odbc/call.h"

SQLRETURN ca_call_refuse(struct ca_handle *handle, enum ca_function function)
{
    const struct ca_statement *statement = (const struct ca_statement *)handle;
    const char *state = ca_state_refusal(ca_function_rows[function].class, statement->state,
                                         statement->prepared, statement->more_results);
    return state ? ca_post_state(handle, state) : SQL_SUCCESS;
}

SQLRETURN ca_call_settle(struct ca_handle *handle, SQLRETURN result)
{
    if (result == SQL_SUCCESS)
        result = SQL_SUCCESS_WITH_INFO;
    ca_diagnostics_finish(&handle->diagnostics, result);
    return result;
}

void ca_call_log(const struct ca_handle *handle, enum ca_function function, SQLRETURN result)
{
    const struct ca_function_row *row = &ca_function_rows[function];
    const struct ca_diagnostics *diagnostics = &handle->diagnostics;
    const struct ca_record *record =
        result != SQL_SUCCESS && diagnostics->count && !row->keeps_diagnostics ? diagnostics->records : NULL;
    ca_log_write(handle->log, CA_LOG_CALL, "%s -> %d%s%s%s%s", row->name, (int)result, record ? " " : "",
                 record ? record->state : "", record && record->text ? " " : "",
                 record && record->text ? record->text : "");
}
