/* Entering and leaving an exported function: the same for all of them. */
#ifndef CA_ODBC_CALL_H
#define CA_ODBC_CALL_H

#include <sql.h>
#include <sqlext.h>
#include <stdbool.h>

#include "odbc/handle.h"
#include "odbc/state.h"
#include "odbc/text.h"

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

extern const struct ca_function_row ca_function_rows[CA_FUNCTION_COUNT];

struct ca_call {
    struct ca_handle *handle;
    const struct ca_function_row *function;
};

/* Finds the object, locks it, clears its diagnostics, checks its state. SQL_INVALID_HANDLE or SQL_ERROR
 * (state posted) if the function must not run. */
SQLRETURN ca_call_enter(struct ca_call *call, SQLSMALLINT kind, SQLHANDLE handle, enum ca_function function);
/* Notes the result, unlocks, and returns it. */
SQLRETURN ca_call_leave(struct ca_call *call, SQLRETURN result);

#endif
