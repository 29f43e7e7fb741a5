/* The sample data of the local service: the list of sources, and how one is filled. See sample.h. */
#include "sample.h"
#include "sample_loader.h"

#include <string.h>
#include <strings.h>

static const struct sample_source sources[] = {
    {"Bench", "Bench", "Generator", "Bench", false},
    {"PostgreSQL1", "public", "PostgreSQL", "PostgreSQL", false},
    {"SQLite1", "main", "SQLite", "SQLite", true},
    {"Salesforce", "Salesforce", "Salesforce", "Salesforce", false},
    {"Types", "Types", "Type collection", "Types", false},
    {"Wide Names", "Odd Schema", "Odd names", "OddNames", false},
    {"Workday", "Workday", "Workday", "Workday", false},
};

/* What each source holds, in the same order. */
static const struct sample_tables *const tables[] = {
    NULL, &sample_postgresql, &sample_sqlite, &sample_salesforce, &sample_types, &sample_odd, &sample_workday,
};

const struct sample_source *sample_sources(size_t *count)
{
    *count = sizeof sources / sizeof *sources;
    return sources;
}

static void fill_remarks(struct loader *loader, const struct remark *remarks)
{
    loader_run(loader, "CREATE TABLE " SAMPLE_REMARKS " (table_name TEXT NOT NULL, column_name TEXT NOT NULL,"
                       " remarks TEXT NOT NULL, PRIMARY KEY (table_name, column_name)) WITHOUT ROWID");
    loader_into(loader, "INSERT INTO " SAMPLE_REMARKS " VALUES (?,?,?)");
    for (const struct remark *remark = remarks; remark->table; remark++)
        loader_row(loader, "sss", remark->table, remark->column, remark->text);
}

int sample_fill(sqlite3 *db, const char *catalog, const char *schema)
{
    struct loader loader = {.db = db};
    size_t at = 0;

    while (at < sizeof sources / sizeof *sources &&
           (strcasecmp(sources[at].catalog, catalog) != 0 || strcasecmp(sources[at].schema, schema) != 0))
        at++;
    if (at == sizeof sources / sizeof *sources)
        return SQLITE_NOTFOUND;
    if (!tables[at])
        return SQLITE_OK;
    loader_run(&loader, "BEGIN");
    for (const char *const *statement = tables[at]->schema; *statement; statement++)
        loader_run(&loader, *statement);
    if (loader.rc == SQLITE_OK)
        tables[at]->fill(&loader);
    fill_remarks(&loader, tables[at]->remarks);
    loader_close(&loader);
    loader_run(&loader, "COMMIT");
    if (loader.rc != SQLITE_OK)
        (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return loader.rc;
}
