/*
 * Owns the loading of the driver.
 */
#include "driver.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static bool find(const struct driver *d, const char *name, void *place)
{
    void *function = dlsym(d->library, name);

    memcpy(place, &function, sizeof function);
    return function != NULL;
}

bool driver_open(struct driver *d, const char *path)
{
    d->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    bool fine = d->library != NULL;

#define F(name) fine = fine && find(d, #name, &d->name);
    DRIVER_FUNCTIONS(F)
#undef F
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
