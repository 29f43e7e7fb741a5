#include "odbc/environment.h"

#include "base/alloc.h"
#include "odbc/inner.h"

SQLRETURN ca_environment_alloc(SQLHANDLE *output)
{
    struct ca_environment *environment = ca_calloc(1, sizeof *environment);
    *output = SQL_NULL_HANDLE;
    if (!environment || !ca_handle_open(&environment->handle, SQL_HANDLE_ENV, NULL)) {
        ca_free(environment);
        return SQL_ERROR;
    }
    environment->odbc_version = SQL_OV_ODBC3;
    environment->output_nts = SQL_TRUE;
    *output = environment->handle.token;
    return SQL_SUCCESS;
}

SQLRETURN ca_environment_free(struct ca_environment *environment)
{
    if (atomic_load(&environment->connections))
        return ca_post_state(&environment->handle, "HY010");
    ca_handle_release(&environment->handle);
    ca_handle_close(&environment->handle);
    ca_free(environment);
    return SQL_SUCCESS;
}

SQLRETURN ca_odbc_set_env_attr(struct ca_environment *environment, SQLINTEGER attribute, SQLPOINTER value,
                               SQLINTEGER length)
{
    SQLINTEGER number = (SQLINTEGER)(intptr_t)value;
    (void)length;
    switch (attribute) {
    case SQL_ATTR_ODBC_VERSION:
        if (number != SQL_OV_ODBC2 && number != SQL_OV_ODBC3 && number != SQL_OV_ODBC3_80)
            return ca_post_state(&environment->handle, "HY024");
        environment->odbc_version = number;
        return SQL_SUCCESS;
    case SQL_ATTR_CONNECTION_POOLING:
        environment->connection_pooling = number;
        return SQL_SUCCESS;
    case SQL_ATTR_CP_MATCH:
        environment->cp_match = number;
        return SQL_SUCCESS;
    case SQL_ATTR_OUTPUT_NTS:
        return number == SQL_TRUE ? SQL_SUCCESS : ca_post_state(&environment->handle, "HYC00");
    default:
        return ca_post_state(&environment->handle, "HY092");
    }
}

SQLRETURN ca_odbc_get_env_attr(struct ca_environment *environment, SQLINTEGER attribute, SQLPOINTER value,
                               SQLINTEGER capacity, SQLINTEGER *length)
{
    SQLINTEGER number;
    (void)capacity;
    switch (attribute) {
    case SQL_ATTR_ODBC_VERSION:
        number = environment->odbc_version;
        break;
    case SQL_ATTR_CONNECTION_POOLING:
        number = environment->connection_pooling;
        break;
    case SQL_ATTR_CP_MATCH:
        number = environment->cp_match;
        break;
    case SQL_ATTR_OUTPUT_NTS:
        number = environment->output_nts;
        break;
    case CA_ATTR_DRIVER_UNICODE_TYPE:
        number = CA_WCHAR_TYPE;
        break;
    default:
        return ca_post_state(&environment->handle, "HY092");
    }
    if (value)
        *(SQLINTEGER *)value = number;
    if (length)
        *length = sizeof number;
    return SQL_SUCCESS;
}
