/*
 * The one model of all names: what catalogs, schemas and tables there are and where they live.
 *
 * A model never changes once it is read; after DDL a new one takes its place, and whoever still uses the
 * old one keeps it alive.
 */
#ifndef SERVICE_MODEL_H
#define SERVICE_MODEL_H

#include "problem.h"
#include "sources.h"
#include "tableinfo.h"

/* One table under the name a request uses. */
struct entry {
    const char *catalog;
    const char *schema;
    const char *name;
    struct source *source;
    const struct table_info *table; /* table->name is its name in the database */
};

struct scope_schema {
    const char *catalog;
    const char *schema;
    const char *data_source;
    const char *driver;
    struct source *source; /* NULL for a folder of a workspace */
};

/* What a request can name: the whole account, or one workspace. Both arrays are in order of name. */
struct scope {
    const char *workspace; /* NULL: the account */
    struct scope_schema *schemas;
    size_t schema_count;
    struct entry *entries;
    size_t entry_count;
};

struct model;

/*
 * Reads the databases. With a previous model only the pass-through databases are read again, the rest is
 * taken over. NULL with the problem set. The caller owns one reference.
 */
struct model *model_read(struct sources *sources, const struct model *previous, struct problem *problem);

struct model *model_keep(struct model *model);
void model_release(struct model *model);

/* The account for NULL; NULL for an unknown workspace. */
const struct scope *model_scope(const struct model *model, const char *workspace);

/* The first table of that name; catalog and schema NULL mean any. Letter case does not count. */
const struct entry *scope_find(const struct scope *scope, const char *catalog, const char *schema,
                               const char *table);

/* The first schema that fits, NULL meaning any. */
const struct scope_schema *scope_schema_find(const struct scope *scope, const char *catalog,
                                             const char *schema);

/* The table that has this name in the database of this alias. */
const struct entry *scope_locate(const struct scope *scope, const char *alias, const char *table);

const struct column_info *table_column(const struct table_info *table, const char *name);

/* The n-th column of the primary key (from 1). */
const struct column_info *table_key_column(const struct table_info *table, int seq);

#endif
