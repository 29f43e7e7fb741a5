/*
 * What is in the sys_* tables (SERVICE.md section 3): their columns and how the model fills them.
 */
#ifndef SERVICE_SYSROWS_H
#define SERVICE_SYSROWS_H

#include "model.h"

#include <sqlite3.h>

/* Row (outer, inner) of a table: say, the inner-th column of the outer-th table of the scope. */
struct sysrow {
    const struct scope *scope;
    size_t outer;
    size_t inner;
};

struct systable {
    const char *name;
    const char *columns; /* as in CREATE TABLE */
    /* rows come as outer items with inner ones: tables with their columns, say */
    size_t (*outer_count)(const struct scope *scope);
    size_t (*inner_count)(const struct sysrow *at);
    /* where the outer item belongs */
    void (*names)(const struct sysrow *at, const char **catalog, const char **schema);
    void (*cell)(const struct sysrow *at, int column, sqlite3_context *out);
};

/* The table of that name (any case), or NULL. */
const struct systable *sysrows_find(const char *name);

#endif
