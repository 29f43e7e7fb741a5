/* The environment handle and its attributes. */
#ifndef CA_ODBC_ENVIRONMENT_H
#define CA_ODBC_ENVIRONMENT_H

#include <stdatomic.h>

#include "odbc/handle.h"

struct ca_environment {
    struct ca_handle handle;
    SQLINTEGER odbc_version; /* SQL_OV_ODBC2, SQL_OV_ODBC3 or SQL_OV_ODBC3_80 */
    SQLINTEGER connection_pooling;
    SQLINTEGER cp_match;
    SQLINTEGER output_nts;
    atomic_uint connections;
};

SQLRETURN ca_environment_alloc(SQLHANDLE *output);
/* The handle is locked by the caller's reference; frees it or posts HY010. */
SQLRETURN ca_environment_free(struct ca_environment *environment);

#endif
