/* Entering and leaving an exported function: the same for all of them. Inline, because SQLGetData does it for
 * every cell: what functions.def says of a function is a constant where it is entered. */
#ifndef CA_ODBC_CALL_H
#define CA_ODBC_CALL_H

#include <sql.h>
#include <sqlext.h>
#include <stdbool.h>

#include "base/log.h"
#include "odbc/handle.h"
#include "odbc/state.h"
#include "odbc/statement.h"

enum ca_function {
#include "functions_enum.h"
    CA_FUNCTION_COUNT
};

struct ca_function_row {
    const char *name;
    SQLUSMALLINT id; /* SQL_API_… */
    enum ca_class class;
    bool keeps_diagnostics;
    bool takes_no_lock;
    bool has_wide;
};

extern const struct ca_function_row ca_function_rows[CA_FUNCTION_COUNT]; /* in entry.c */

/* What is seldom needed. ca_call_refuse: SQL_SUCCESS where the statement's state allows the function after
 * all. ca_call_settle: SQL_SUCCESS with a diagnostic posted is SQL_SUCCESS_WITH_INFO. */
SQLRETURN ca_call_refuse(struct ca_handle *handle, enum ca_function function);
SQLRETURN ca_call_settle(struct ca_handle *handle, SQLRETURN result);
void ca_call_log(const struct ca_handle *handle, enum ca_function function, SQLRETURN result);

/* Finds the object, locks it, clears its diagnostics, checks its state. SQL_INVALID_HANDLE or SQL_ERROR
 * (state posted) if the function must not run; *handle is then NULL or still to be left. */
static inline SQLRETURN ca_call_enter(struct ca_handle **handle, SQLSMALLINT kind, SQLHANDLE token,
                                      enum ca_function function)
{
    const struct ca_function_row *row = &ca_function_rows[function];
    struct ca_handle *found =
        row->takes_no_lock ? ca_handle_acquire(token, kind) : ca_handle_lock(token, kind);
    *handle = found;
    if (__builtin_expect(!found, 0))
        return SQL_INVALID_HANDLE;
    if (!row->keeps_diagnostics && __builtin_expect(ca_diagnostics_any(&found->diagnostics), 0))
        ca_diagnostics_clear(&found->diagnostics);
    if (row->class != CA_CLASS_NONE) {
        enum ca_state state = ((const struct ca_statement *)found)->state;
        if (__builtin_expect(!ca_state_allows(row->class, state), 0))
            return ca_call_refuse(found, function);
    }
    return SQL_SUCCESS;
}

/* Notes the result, unlocks, and returns it. */
static inline SQLRETURN ca_call_leave(struct ca_handle *handle, enum ca_function function, SQLRETURN result)
{
    const struct ca_function_row *row = &ca_function_rows[function];
    if (__builtin_expect(!handle, 0))
        return result;
    if (!row->keeps_diagnostics) {
        handle->diagnostics.return_code = result;
        if (__builtin_expect(ca_diagnostics_any(&handle->diagnostics), 0))
            result = ca_call_settle(handle, result);
    }
    if (__builtin_expect(handle->log && ca_log_wants(handle->log, CA_LOG_CALL), 0))
        ca_call_log(handle, function, result);
    if (row->takes_no_lock)
        ca_handle_release(handle);
    else
        ca_handle_unlock(handle);
    return result;
}

#endif
