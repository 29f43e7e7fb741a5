/* The environment handle and its attributes. */
#ifndef CA_ODBC_ENVIRONMENT_H
#define CA_ODBC_ENVIRONMENT_H

#include <stdatomic.h>

#include "base/utf.h"
#include "odbc/handle.h"

/* What iODBC (3.52.14 and newer) and DataDirect's driver manager settle with a driver besides ODBC: the form
 * of wide text. They ask the environment and then tell each connection. */
enum { CA_ATTR_APP_WCHAR_TYPE = 1061, CA_ATTR_DRIVER_UNICODE_TYPE = 1065 };
enum { CA_WCHAR_TYPE_UTF16 = 1, CA_WCHAR_TYPE_UCS4 = 3 };
enum { CA_WCHAR_TYPE = CA_WIDE_OCTETS == 2 ? CA_WCHAR_TYPE_UTF16 : CA_WCHAR_TYPE_UCS4 };

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
