/* ODBC's sqlext.h where the build is for iODBC (make IODBC=1), whose headers end with ODBC 3.52: what they
 * lack of ODBC 3.8, with the values of Microsoft's headers. No other build has this directory among its
 * include paths. */
#ifndef CA_IODBC_SQLEXT_H
#define CA_IODBC_SQLEXT_H

#include_next <sqlext.h>

#ifndef SQL_OV_ODBC3_80
#define SQL_OV_ODBC3_80 380UL
#endif

#ifndef SQL_PARAM_DATA_AVAILABLE
#define SQL_PARAM_DATA_AVAILABLE      101
#define SQL_PARAM_INPUT_OUTPUT_STREAM 8
#define SQL_PARAM_OUTPUT_STREAM       16
#endif

#ifndef SQL_ATTR_RESET_CONNECTION
#define SQL_ATTR_RESET_CONNECTION           116
#define SQL_ATTR_ASYNC_DBC_FUNCTIONS_ENABLE 117
#define SQL_RESET_CONNECTION_YES            1UL
#define SQL_ASYNC_DBC_ENABLE_OFF            0UL
#endif

#ifndef SQL_ASYNC_DBC_FUNCTIONS
#define SQL_ASYNC_DBC_FUNCTIONS              10023
#define SQL_ASYNC_DBC_NOT_CAPABLE            0
#define SQL_DRIVER_AWARE_POOLING_SUPPORTED   10024
#define SQL_DRIVER_AWARE_POOLING_NOT_CAPABLE 0
#define SQL_ASYNC_NOTIFICATION               10025
#define SQL_ASYNC_NOTIFICATION_NOT_CAPABLE   0
#endif

#ifndef SQL_CONVERT_GUID
#define SQL_CONVERT_GUID 173
#endif

#ifndef SQL_API_SQLCANCELHANDLE
#define SQL_API_SQLCANCELHANDLE 1550
SQLRETURN SQL_API SQLCancelHandle(SQLSMALLINT handle_type, SQLHANDLE handle);
#endif

#endif
