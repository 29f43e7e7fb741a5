/*
 * The driver without the driver manager: unixODBC's own SQLCancel is not made for a statement that another
 * thread uses.
 */
#ifndef SOAK_DRIVER_H
#define SOAK_DRIVER_H

#include <sql.h>
#include <sqlext.h>
#include <stdbool.h>

struct driver {
    void *library;
    __typeof__(SQLAllocHandle) *SQLAllocHandle;
    __typeof__(SQLFreeHandle) *SQLFreeHandle;
    __typeof__(SQLSetEnvAttr) *SQLSetEnvAttr;
    __typeof__(SQLDriverConnect) *SQLDriverConnect;
    __typeof__(SQLDisconnect) *SQLDisconnect;
    __typeof__(SQLExecDirect) *SQLExecDirect;
    __typeof__(SQLPrepare) *SQLPrepare;
    __typeof__(SQLExecute) *SQLExecute;
    __typeof__(SQLBindParameter) *SQLBindParameter;
    __typeof__(SQLParamData) *SQLParamData;
    __typeof__(SQLPutData) *SQLPutData;
    __typeof__(SQLFetch) *SQLFetch;
    __typeof__(SQLFetchScroll) *SQLFetchScroll;
    __typeof__(SQLGetData) *SQLGetData;
    __typeof__(SQLFreeStmt) *SQLFreeStmt;
    __typeof__(SQLRowCount) *SQLRowCount;
    __typeof__(SQLSetStmtAttr) *SQLSetStmtAttr;
    __typeof__(SQLTables) *SQLTables;
    __typeof__(SQLColumns) *SQLColumns;
    __typeof__(SQLCancel) *SQLCancel;
    __typeof__(SQLGetDiagRec) *SQLGetDiagRec;
    SQLHANDLE env;
};

/* Loads the driver's file and makes an environment. False with a line on stderr. */
bool driver_open(struct driver *driver, const char *path);
void driver_close(struct driver *driver);

#endif
