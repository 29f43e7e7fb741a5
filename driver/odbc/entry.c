/* The exported functions: generated from functions.def, and those whose handles do not fit its form. */
#include "odbc/call.h"
#include "odbc/inner.h"
#include "odbc/text.h"

/* Here, so that the compiler sees what it says of each function. */
const struct ca_function_row ca_function_rows[CA_FUNCTION_COUNT] = {
#include "functions_table.h"
};

#pragma GCC visibility push(default)
#include "functions_entry.h"

SQLRETURN SQL_API SQLAllocHandle(SQLSMALLINT kind, SQLHANDLE input, SQLHANDLE *output)
{
    static const SQLSMALLINT parents[] = {[SQL_HANDLE_DBC] = SQL_HANDLE_ENV,
                                          [SQL_HANDLE_STMT] = SQL_HANDLE_DBC,
                                          [SQL_HANDLE_DESC] = SQL_HANDLE_DBC};
    struct ca_handle *object;
    if (kind == SQL_HANDLE_ENV && output)
        return ca_environment_alloc(output);
    if (kind < SQL_HANDLE_DBC || kind > SQL_HANDLE_DESC)
        return SQL_ERROR;
    SQLRETURN result = ca_call_enter(&object, parents[kind], input, CA_FUNCTION_SQLAllocHandle);
    if (result == SQL_SUCCESS)
        result = ca_handle_alloc(kind, object, output);
    return ca_call_leave(object, CA_FUNCTION_SQLAllocHandle, result);
}

static SQLRETURN free_object(SQLSMALLINT kind, SQLHANDLE handle)
{
    struct ca_handle *object = ca_handle_acquire(handle, kind);
    if (!object)
        return SQL_INVALID_HANDLE;
    ca_diagnostics_clear(&object->diagnostics);
    SQLRETURN result = ca_handle_free(object);
    if (!SQL_SUCCEEDED(result))
        ca_handle_release(object);
    return result;
}

SQLRETURN SQL_API SQLFreeHandle(SQLSMALLINT kind, SQLHANDLE handle)
{
    return free_object(kind, handle);
}

/* iODBC passes SQL_DROP on where the application is one of ODBC 2; unixODBC makes SQLFreeHandle of it. */
SQLRETURN SQL_API SQLFreeStmt(SQLHSTMT handle, SQLUSMALLINT option)
{
    struct ca_handle *object;
    if (option == SQL_DROP)
        return free_object(SQL_HANDLE_STMT, handle);
    SQLRETURN result = ca_call_enter(&object, SQL_HANDLE_STMT, handle, CA_FUNCTION_SQLFreeStmt);
    if (result == SQL_SUCCESS)
        result = ca_odbc_free_stmt((struct ca_statement *)object, option);
    return ca_call_leave(object, CA_FUNCTION_SQLFreeStmt, result);
}

SQLRETURN SQL_API SQLCopyDesc(SQLHDESC source, SQLHDESC target)
{
    struct ca_handle *object;
    struct ca_handle *from = ca_handle_acquire(source, SQL_HANDLE_DESC);
    if (!from)
        return SQL_INVALID_HANDLE;
    SQLRETURN result = ca_call_enter(&object, SQL_HANDLE_DESC, target, CA_FUNCTION_SQLCopyDesc);
    if (result == SQL_SUCCESS)
        result = ca_descriptor_copy_call((struct ca_descriptor *)object, (struct ca_descriptor *)from);
    result = ca_call_leave(object, CA_FUNCTION_SQLCopyDesc, result);
    ca_handle_release(from);
    return result;
}
#pragma GCC visibility pop
