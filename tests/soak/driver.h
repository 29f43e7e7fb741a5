/*
 * The driver without the driver manager: unixODBC's own SQLCancel is not made for a statement that another
 * thread uses.
 */
#ifndef SOAK_DRIVER_H
#define SOAK_DRIVER_H

#include <sql.h>
#include <sqlext.h>
#include <stdbool.h>

#define DRIVER_FUNCTIONS(F)                                                                              \
    F(SQLAllocHandle)                                                                                    \
    F(SQLFreeHandle)                                                                                     \
    F(SQLSetEnvAttr) F(SQLDriverConnect) F(SQLDisconnect) F(SQLExecDirect) F(SQLPrepare) F(SQLExecute)   \
        F(SQLBindParameter) F(SQLParamData) F(SQLPutData) F(SQLFetch) F(SQLFetchScroll) F(SQLGetData)    \
            F(SQLFreeStmt) F(SQLMoreResults) F(SQLRowCount) F(SQLSetStmtAttr) F(SQLTables) F(SQLColumns) \
                F(SQLCancel) F(SQLGetDiagRec) F(SQLGetConnectAttr)

struct driver {
    void *library;
#define F(name) __typeof__(name) *name;
    DRIVER_FUNCTIONS(F)
#undef F
    SQLHANDLE env;
};

/* Loads the driver's file and makes an environment. False with a line on stderr. */
bool driver_open(struct driver *driver, const char *path);
void driver_close(struct driver *driver);

#endif
