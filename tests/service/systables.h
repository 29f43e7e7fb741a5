/*
 * The sys_* tables (SERVICE.md section 3): the model of names as virtual tables.
 */
#ifndef SERVICE_SYSTABLES_H
#define SERVICE_SYSTABLES_H

#include "model.h"

#include <sqlite3.h>

/* The documented spelling of a system table's name, or NULL if there is no such table. */
const char *systable_find(const char *name);

/*
 * Makes a system table in database main of the connection under `name`: a table of all that the scope holds,
 * or only of one catalog and schema where they are not NULL. The scope and both names must outlive the
 * connection. An SQLite result code.
 */
int systable_register(sqlite3 *db, const char *system_table, const char *name, const struct scope *scope,
                      const char *catalog, const char *schema);

#endif
