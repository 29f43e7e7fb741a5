/*
 * Owns the loading of the driver.
 */
#include "driver.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define FUNCTION(name)                       \
    {                                        \
#name, offsetof(struct driver, name) \
    }

static const struct {
    const char *name;
    size_t place;
} functions[] = {
    FUNCTION(SQLAllocHandle),   FUNCTION(SQLFreeHandle), FUNCTION(SQLSetEnvAttr), FUNCTION(SQLDriverConnect),
    FUNCTION(SQLDisconnect),    FUNCTION(SQLExecDirect), FUNCTION(SQLPrepare),    FUNCTION(SQLExecute),
    FUNCTION(SQLBindParameter), FUNCTION(SQLParamData),  FUNCTION(SQLPutData),    FUNCTION(SQLFetch),
    FUNCTION(SQLFetchScroll),   FUNCTION(SQLGetData),    FUNCTION(SQLFreeStmt),   FUNCTION(SQLRowCount),
    FUNCTION(SQLSetStmtAttr),   FUNCTION(SQLTables),     FUNCTION(SQLColumns),    FUNCTION(SQLCancel),
    FUNCTION(SQLGetDiagRec),
};

bool driver_open(struct driver *d, const char *path)
{
    d->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    bool fine = d->library != NULL;

    for (size_t i = 0; fine && i < sizeof functions / sizeof *functions; i++) {
        void *function = dlsym(d->library, functions[i].name);
        memcpy((char *)d + functions[i].place, &function, sizeof function);
        fine = function != NULL;
    }
    fine = fine && d->SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &d->env) == SQL_SUCCESS &&
           d->SQLSetEnvAttr(d->env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0) == SQL_SUCCESS;
    if (!fine)
        fprintf(stderr, "the driver %s cannot be used\n", path);
    return fine;
}

void driver_close(struct driver *d)
{
    /* it stays loaded: what it keeps for the process lives as long */
    d->SQLFreeHandle(SQL_HANDLE_ENV, d->env);
}
