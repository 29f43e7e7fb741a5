/*
 * Owns the model of names: reading it from the databases, replacing it after DDL, looking names up.
 * Knows nothing of SQL text, HTTP or JSON.
 */
#include "model.h"

#include "bench.h"
#include "functions.h"
#include "workspace.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The tables of one source. Generated sources share one part, as they are all of the same shape. */
struct part {
    atomic_int references;
    struct arena arena;
    struct table_list list;
};

struct model {
    atomic_int references;
    struct arena arena;
    struct part **parts; /* one for each source */
    size_t part_count;
    struct scope account;
    struct scope *workspaces;
    size_t workspace_count;
};

static void part_release(struct part *part)
{
    if (part != NULL && atomic_fetch_sub(&part->references, 1) == 1) {
        arena_free(&part->arena);
        free(part);
    }
}

static struct part *part_keep(struct part *part)
{
    atomic_fetch_add(&part->references, 1);
    return part;
}

static int read_virtual(sqlite3 *db, struct part *part)
{
    size_t count = 0;
    int rc = bench_register(db);

    while (bench_table(count) != NULL)
        count++;
    part->list.tables = arena_get(&part->arena, count * sizeof *part->list.tables);
    if (part->list.tables == NULL)
        return SQLITE_NOMEM;
    for (size_t i = 0; rc == SQLITE_OK && i < count; i++) {
        struct table_info *table = &part->list.tables[part->list.count++];
        table->name = bench_table(i);
        table->remarks = bench_remarks(i);
        rc = tableinfo_columns(db, &part->arena, table);
    }
    return rc;
}

/* Makes one table in memory, reads it, and gives its shape to all. */
static int read_generated(sqlite3 *db, struct part *part, unsigned tables)
{
    char *ddl = source_generated_ddl(1);
    int rc = ddl != NULL ? sqlite3_exec(db, ddl, NULL, NULL, NULL) : SQLITE_NOMEM;

    free(ddl);
    if (rc == SQLITE_OK)
        rc = tableinfo_read(db, &part->arena, &part->list);
    struct table_info *list = arena_get(&part->arena, tables * sizeof *list);
    if (rc != SQLITE_OK || list == NULL)
        return rc != SQLITE_OK ? rc : SQLITE_NOMEM;
    for (unsigned i = 0; i < tables; i++) {
        char *name = source_generated_name(i + 1);
        list[i] = part->list.tables[0];
        list[i].name = arena_text(&part->arena, name);
        free(name);
        if (list[i].name == NULL)
            return SQLITE_NOMEM;
    }
    part->list = (struct table_list){list, tables};
    return SQLITE_OK;
}

static struct part *read_part(const struct source *source, struct problem *problem)
{
    sqlite3 *db = NULL;
    struct part *part = calloc(1, sizeof *part);
    int rc = SQLITE_NOMEM;

    if (part == NULL)
        goto out;
    atomic_init(&part->references, 1);
    rc = sqlite3_open_v2(source->kind == SOURCE_SAMPLE ? source->path : ":memory:", &db,
                         SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_busy_timeout(db, 10000);
    if (rc == SQLITE_OK)
        rc = functions_register(db);
    if (rc == SQLITE_OK)
        rc = source->kind == SOURCE_VIRTUAL     ? read_virtual(db, part)
             : source->kind == SOURCE_GENERATED ? read_generated(db, part, source->tables)
                                                : tableinfo_read(db, &part->arena, &part->list);
out:
    if (rc != SQLITE_OK) {
        problem_set(problem, PROBLEM_QUERY_FAILED, "The metadata of [%s].[%s] cannot be read: %s.",
                    source->catalog, source->schema, db != NULL ? sqlite3_errmsg(db) : sqlite3_errstr(rc));
        part_release(part);
        part = NULL;
    }
    sqlite3_close(db);
    return part;
}

/* A part that is known already: of the previous model, or of another generated source as large. */
static struct part *known_part(const struct model *model, const struct model *previous,
                               const struct sources *sources, size_t index)
{
    const struct source *source = &sources->items[index];

    if (previous != NULL && !source->pass_through)
        return part_keep(previous->parts[index]);
    for (size_t i = 0; i < index && source->kind == SOURCE_GENERATED; i++)
        if (sources->items[i].kind == SOURCE_GENERATED && sources->items[i].tables == source->tables)
            return part_keep(model->parts[i]);
    return NULL;
}

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    int order = strcasecmp(a->catalog, b->catalog);

    if (order == 0)
        order = strcasecmp(a->schema, b->schema);
    return order != 0 ? order : strcasecmp(a->name, b->name);
}

static int compare_schemas(const void *left, const void *right)
{
    const struct scope_schema *a = left, *b = right;
    int order = strcasecmp(a->catalog, b->catalog);

    return order != 0 ? order : strcasecmp(a->schema, b->schema);
}

static bool fill_account(struct model *model, struct sources *sources)
{
    struct scope *scope = &model->account;
    size_t total = 0;

    for (size_t i = 0; i < sources->count; i++)
        total += model->parts[i]->list.count;
    scope->schemas = arena_get(&model->arena, (sources->count + 1) * sizeof *scope->schemas);
    scope->entries = arena_get(&model->arena, (total + 1) * sizeof *scope->entries);
    if (scope->schemas == NULL || scope->entries == NULL)
        return false;
    for (size_t i = 0; i < sources->count; i++) {
        struct source *source = &sources->items[i];
        const struct table_list *list = &model->parts[i]->list;
        scope->schemas[scope->schema_count++] = (struct scope_schema){
            source->catalog, source->schema, source->data_source, source->driver, source};
        for (size_t t = 0; t < list->count; t++)
            scope->entries[scope->entry_count++] = (struct entry){
                source->catalog, source->schema, list->tables[t].name, source, &list->tables[t]};
    }
    qsort(scope->schemas, scope->schema_count, sizeof *scope->schemas, compare_schemas);
    qsort(scope->entries, scope->entry_count, sizeof *scope->entries, compare_entries);
    return true;
}

/* An asset whose table is gone is left out; its folder stays. */
static bool fill_workspace(struct model *model, struct scope *scope, const struct workspace *workspace)
{
    scope->workspace = workspace->name;
    scope->schemas = arena_get(&model->arena, (workspace->count + 1) * sizeof *scope->schemas);
    scope->entries = arena_get(&model->arena, (workspace->count + 1) * sizeof *scope->entries);
    if (scope->schemas == NULL || scope->entries == NULL)
        return false;
    for (size_t i = 0; i < workspace->count; i++) {
        const struct asset *asset = &workspace->assets[i];
        const struct entry *real = scope_find(&model->account, asset->catalog, asset->schema, asset->table);
        if (i == 0 || strcmp(asset->folder, workspace->assets[i - 1].folder) != 0)
            scope->schemas[scope->schema_count++] =
                (struct scope_schema){workspace->name, asset->folder, "Workspace", "Workspace", NULL};
        if (real != NULL)
            scope->entries[scope->entry_count++] =
                (struct entry){workspace->name, asset->folder, asset->name, real->source, real->table};
    }
    return true;
}

static bool fill_scopes(struct model *model, struct sources *sources)
{
    const struct workspace *all = workspaces_all(&model->workspace_count);

    if (!fill_account(model, sources))
        return false;
    model->workspaces = arena_get(&model->arena, model->workspace_count * sizeof *model->workspaces);
    for (size_t i = 0; model->workspaces != NULL && i < model->workspace_count; i++)
        if (!fill_workspace(model, &model->workspaces[i], &all[i]))
            return false;
    return model->workspaces != NULL;
}

struct model *model_read(struct sources *sources, const struct model *previous, struct problem *problem)
{
    struct model *model = calloc(1, sizeof *model);

    if (model == NULL) {
        problem_no_memory(problem);
        return NULL;
    }
    atomic_init(&model->references, 1);
    model->parts = calloc(sources->count + 1, sizeof *model->parts);
    bool fine = model->parts != NULL;
    for (size_t i = 0; fine && i < sources->count; i++) {
        model->parts[i] = known_part(model, previous, sources, i);
        if (model->parts[i] == NULL)
            model->parts[i] = read_part(&sources->items[i], problem);
        fine = model->parts[i] != NULL;
        model->part_count++;
    }
    if (!fine || !fill_scopes(model, sources)) {
        problem_no_memory(problem); /* where no other cause is set */
        model_release(model);
        return NULL;
    }
    return model;
}

struct model *model_keep(struct model *model)
{
    atomic_fetch_add(&model->references, 1);
    return model;
}

void model_release(struct model *model)
{
    if (model == NULL || atomic_fetch_sub(&model->references, 1) != 1)
        return;
    for (size_t i = 0; i < model->part_count; i++)
        part_release(model->parts[i]);
    free(model->parts);
    arena_free(&model->arena);
    free(model);
}

const struct scope *model_scope(const struct model *model, const char *workspace)
{
    if (workspace == NULL)
        return &model->account;
    for (size_t i = 0; i < model->workspace_count; i++)
        if (strcasecmp(model->workspaces[i].workspace, workspace) == 0)
            return &model->workspaces[i];
    return NULL;
}

/* "[ROOT]", as it is written in the documentation, is ROOT as well. */
static bool same_schema(const struct scope *scope, const char *own, const char *asked)
{
    if (strcasecmp(own, asked) == 0)
        return true;
    return scope->workspace != NULL && strcmp(own, WORKSPACE_ROOT) == 0 &&
           strcasecmp(asked, "[" WORKSPACE_ROOT "]") == 0;
}

const struct entry *scope_find(const struct scope *scope, const char *catalog, const char *schema,
                               const char *table)
{
    struct entry wanted = {.catalog = catalog, .schema = schema, .name = table};

    if (catalog != NULL && schema != NULL && scope->workspace == NULL)
        return bsearch(&wanted, scope->entries, scope->entry_count, sizeof wanted, compare_entries);
    for (size_t i = 0; i < scope->entry_count; i++) {
        const struct entry *e = &scope->entries[i];
        if (strcasecmp(e->name, table) == 0 && (catalog == NULL || strcasecmp(e->catalog, catalog) == 0) &&
            (schema == NULL || same_schema(scope, e->schema, schema)))
            return e;
    }
    return NULL;
}

const struct scope_schema *scope_schema_find(const struct scope *scope, const char *catalog,
                                             const char *schema)
{
    for (size_t i = 0; i < scope->schema_count; i++) {
        const struct scope_schema *s = &scope->schemas[i];
        if ((catalog == NULL || strcasecmp(s->catalog, catalog) == 0) &&
            (schema == NULL || same_schema(scope, s->schema, schema)))
            return s;
    }
    return NULL;
}

const struct entry *scope_locate(const struct scope *scope, const char *alias, const char *table)
{
    for (size_t i = 0; i < scope->schema_count && scope->workspace == NULL; i++) {
        const struct source *source = scope->schemas[i].source;
        if (strcasecmp(source->alias, alias) == 0)
            return scope_find(scope, source->catalog, source->schema, table);
    }
    for (size_t i = 0; i < scope->entry_count && scope->workspace != NULL; i++)
        if (strcasecmp(scope->entries[i].source->alias, alias) == 0 &&
            strcasecmp(scope->entries[i].table->name, table) == 0)
            return &scope->entries[i];
    return NULL;
}

const struct column_info *table_column(const struct table_info *table, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (strcasecmp(table->columns[i].name, name) == 0)
            return &table->columns[i];
    return NULL;
}

const struct column_info *table_key_column(const struct table_info *table, int seq)
{
    for (size_t i = 0; i < table->column_count && seq > 0; i++)
        if (table->columns[i].key_seq == seq)
            return &table->columns[i];
    return NULL;
}
