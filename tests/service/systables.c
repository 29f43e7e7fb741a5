/*
 * Owns the virtual tables through which SQLite reads the sys_* rows.
 * Knows nothing of what is in them.
 */
#include "systables.h"

#include "sysrows.h"

#include <stdlib.h>
#include <strings.h>

/* What a module's registration carries. */
struct registration {
    const struct systable *definition;
    const struct scope *scope;
    const char *catalog;
    const char *schema;
};

struct sys_table {
    sqlite3_vtab base;
    const struct registration *registration;
};

struct sys_cursor {
    sqlite3_vtab_cursor base;
    struct sysrow at;
    int64_t rowid;
};

const char *systable_find(const char *name)
{
    const struct systable *definition = sysrows_find(name);

    return definition != NULL ? definition->name : NULL;
}

static int sys_connect(sqlite3 *db, void *auxiliary, int argc, const char *const *argv, sqlite3_vtab **out,
                       char **error)
{
    const struct registration *registration = auxiliary;
    struct sys_table *table = sqlite3_malloc(sizeof *table);
    char *sql = sqlite3_mprintf("CREATE TABLE x(%s)", registration->definition->columns);
    int rc = sql == NULL || table == NULL ? SQLITE_NOMEM : sqlite3_declare_vtab(db, sql);

    (void)argc;
    (void)argv;
    (void)error;
    sqlite3_free(sql);
    if (rc != SQLITE_OK) {
        sqlite3_free(table);
        return rc;
    }
    *table = (struct sys_table){.registration = registration};
    *out = &table->base;
    return SQLITE_OK;
}

static int sys_disconnect(sqlite3_vtab *table)
{
    sqlite3_free(table);
    return SQLITE_OK;
}

/* Every row is looked at: a few ten thousand at most. */
static int sys_best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
    (void)table;
    info->estimatedCost = 10000;
    return SQLITE_OK;
}

static const struct registration *registration_of(const struct sys_cursor *cursor)
{
    return ((const struct sys_table *)cursor->base.pVtab)->registration;
}

/* Whether the outer item is one that the registration shows. */
static bool shown(const struct registration *r, const struct sysrow *at)
{
    const char *catalog, *schema;

    r->definition->names(at, &catalog, &schema);
    return (r->catalog == NULL || strcasecmp(r->catalog, catalog) == 0) &&
           (r->schema == NULL || strcasecmp(r->schema, schema) == 0);
}

/* Moves on to a place that has a row, the present one included. */
static void settle(struct sys_cursor *cursor)
{
    const struct registration *r = registration_of(cursor);
    size_t outer_count = r->definition->outer_count(r->scope);

    while (cursor->at.outer < outer_count &&
           (!shown(r, &cursor->at) || cursor->at.inner >= r->definition->inner_count(&cursor->at))) {
        cursor->at.outer++;
        cursor->at.inner = 0;
    }
}

static int sys_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
    struct sys_cursor *cursor = sqlite3_malloc(sizeof *cursor);

    (void)table;
    if (cursor == NULL)
        return SQLITE_NOMEM;
    *cursor = (struct sys_cursor){.rowid = 1};
    *out = &cursor->base;
    return SQLITE_OK;
}

static int sys_close(sqlite3_vtab_cursor *cursor)
{
    sqlite3_free(cursor);
    return SQLITE_OK;
}

static int sys_filter(sqlite3_vtab_cursor *base, int number, const char *name, int argc, sqlite3_value **argv)
{
    struct sys_cursor *cursor = (struct sys_cursor *)base;

    (void)number;
    (void)name;
    (void)argc;
    (void)argv;
    cursor->at = (struct sysrow){.scope = registration_of(cursor)->scope};
    cursor->rowid = 1;
    settle(cursor);
    return SQLITE_OK;
}

static int sys_next(sqlite3_vtab_cursor *base)
{
    struct sys_cursor *cursor = (struct sys_cursor *)base;

    cursor->at.inner++;
    cursor->rowid++;
    settle(cursor);
    return SQLITE_OK;
}

static int sys_eof(sqlite3_vtab_cursor *base)
{
    const struct sys_cursor *cursor = (const struct sys_cursor *)base;
    const struct registration *r = registration_of(cursor);

    return cursor->at.outer >= r->definition->outer_count(r->scope);
}

static int sys_column(sqlite3_vtab_cursor *base, sqlite3_context *out, int column)
{
    const struct sys_cursor *cursor = (const struct sys_cursor *)base;

    registration_of(cursor)->definition->cell(&cursor->at, column, out);
    return SQLITE_OK;
}

static int sys_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *rowid)
{
    *rowid = ((const struct sys_cursor *)base)->rowid;
    return SQLITE_OK;
}

static const sqlite3_module sys_module = {
    .xConnect = sys_connect,
    .xBestIndex = sys_best_index,
    .xDisconnect = sys_disconnect,
    .xOpen = sys_open,
    .xClose = sys_close,
    .xFilter = sys_filter,
    .xNext = sys_next,
    .xEof = sys_eof,
    .xColumn = sys_column,
    .xRowid = sys_rowid,
};

int systable_register(sqlite3 *db, const char *system_table, const char *name, const struct scope *scope,
                      const char *catalog, const char *schema)
{
    struct registration *registration = calloc(1, sizeof *registration);

    if (registration == NULL)
        return SQLITE_NOMEM;
    *registration = (struct registration){sysrows_find(system_table), scope, catalog, schema};
    return sqlite3_create_module_v2(db, name, &sys_module, registration, free);
}
