/* Where catalog functions get their rows from, and which tables their arguments mean. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "odbc/catalog.h"

const char ca_names_catalog[] = "CatalogName,TABLE_CATALOG,TABLE_CAT,PROCEDURE_CATALOG,PROCEDURE_CAT";
const char ca_names_schema[] = "SchemaName,TABLE_SCHEMA,TABLE_SCHEM,PROCEDURE_SCHEMA,PROCEDURE_SCHEM";
const char ca_names_table[] = "TableName,TABLE_NAME,PROCEDURE_NAME,ProcedureName";

/* ---- listings by column name ---- */

/* `TABLE_NAME` and `TableName` are the same: letter case and underscores do not count. */
static bool same_name(const char *wanted, size_t octets, const char *name)
{
    const char *end = wanted + octets;
    for (;;) {
        while (wanted < end && *wanted == '_')
            wanted++;
        while (*name == '_')
            name++;
        if (wanted == end || !*name)
            return wanted == end && !*name;
        if (ca_text_lower(*wanted++) != ca_text_lower(*name++))
            return false;
    }
}

int ca_listing_find(const struct ca_listing *listing, const char *names)
{
    while (*names) {
        size_t octets = strcspn(names, ",");
        for (unsigned i = 0; i < listing->columns.count; i++)
            if (same_name(names, octets, listing->columns.items[i].label) ||
                same_name(names, octets, listing->columns.items[i].name))
                return (int)i;
        names += octets + (names[octets] == ',');
    }
    return -1;
}

int ca_cell_flag(struct ca_cell cell, int missing)
{
    static const char *const words[] = {"true", "yes", "y"};
    if (cell.kind == CA_CELL_NULL || !cell.octets)
        return missing;
    if (cell.kind == CA_CELL_TRUE || cell.kind == CA_CELL_FALSE)
        return cell.kind == CA_CELL_TRUE;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (ca_text_same_n(cell.text, cell.octets, words[i]))
            return 1;
    return ca_cell_integer(cell, 0) != 0;
}

int64_t ca_cell_integer(struct ca_cell cell, int64_t missing)
{
    int64_t value;
    if (cell.kind == CA_CELL_NULL || !ca_text_integer(cell.text, cell.octets, &value))
        return missing;
    return value;
}

struct ca_type_places ca_listing_type_places(const struct ca_listing *listing)
{
    static const char *const names[] = {"DATA_TYPE,DataType", "COLUMN_SIZE,Length,LENGTH",
                                        "PRECISION,NumericPrecision", "SCALE,NumericScale"};
    struct ca_type_places places;
    for (int i = 0; i < 4; i++)
        places.columns[i] = ca_listing_find(listing, names[i]);
    return places;
}

struct ca_type_spec ca_listing_type(const struct ca_listing *listing, size_t row,
                                    const struct ca_type_places *places)
{
    int64_t numbers[4];
    for (int i = 0; i < 4; i++) {
        numbers[i] = ca_cell_integer(ca_listing_cell(listing, row, places->columns[i]), 0);
        if (i != 1 && (numbers[i] > INT32_MAX || numbers[i] < INT32_MIN))
            numbers[i] = 0;
    }
    return (struct ca_type_spec){.code = (int)numbers[0],
                                 .length = numbers[1],
                                 .precision = (int32_t)numbers[2],
                                 .scale = (int32_t)numbers[3]};
}

/* ---- sources ---- */

enum preference { PREFER_AUTO, PREFER_SYSTEM, PREFER_ENDPOINTS };

static enum preference preference(const struct ca_statement *statement)
{
    const char *text = ca_option_text(&statement->connection->options, CA_OPTION_METADATA_SOURCE);
    if (ca_text_same(text, "system"))
        return PREFER_SYSTEM;
    return ca_text_same(text, "endpoints") ? PREFER_ENDPOINTS : PREFER_AUTO;
}

/* Schemas and tables come from the sys_ tables by nature; the rest from the endpoints, whose columns are
 * documented in full (and connecting has asked for the catalogs there already). */
static bool prefers_system(enum preference preferred, enum ca_metadata what)
{
    if (preferred != PREFER_AUTO)
        return preferred == PREFER_SYSTEM;
    return what == CA_METADATA_SCHEMAS || what == CA_METADATA_TABLES;
}

static struct ca_listing *get(struct ca_statement *statement, enum ca_metadata what, bool system,
                              const struct ca_metadata_filter *filter, struct ca_error *error)
{
    struct ca_session *session = &statement->connection->session;
    struct ca_wait wait = ca_statement_wait(statement, true);
    return system ? ca_metadata_system(session, what, filter, &wait, error)
                  : ca_metadata_endpoint(session, what, filter, &wait, error);
}

struct ca_listing *ca_source_get(struct ca_statement *statement, enum ca_metadata what,
                                 const struct ca_metadata_filter *filter)
{
    struct ca_error first = CA_ERROR_INIT;
    struct ca_error second = CA_ERROR_INIT;
    enum preference preferred = preference(statement);
    bool system = prefers_system(preferred, what);
    ca_cancel_reset(&statement->cancel);
    struct ca_listing *listing = get(statement, what, system, filter, &first);
    if (!listing && preferred == PREFER_AUTO && ca_metadata_is_missing(&first))
        listing = get(statement, what, !system, filter, &second);
    bool both = ca_metadata_is_missing(&first) && ca_metadata_is_missing(&second);
    if (listing || (ca_error_is_set(&second) && !both))
        ca_error_clear(&first);
    if (ca_error_is_set(&first))
        ca_post_error(&statement->handle, &first);
    if (ca_error_is_set(&second))
        ca_post_error(&statement->handle, &second);
    return listing;
}

struct ca_listing *ca_source_names(struct ca_statement *statement, enum ca_metadata what,
                                   const struct ca_match *catalog)
{
    struct ca_metadata_filter filter = {.catalog = catalog->plain};
    struct ca_listing *listing =
        filter.catalog ? ca_metadata_kept(&statement->connection->session, what) : NULL;
    if (listing)
        return listing;
    listing = ca_source_get(statement, what, &filter);
    if (!listing || listing->rows || !filter.catalog)
        return listing;
    /* Nothing of that name as it is written: the service may tell letter case apart, the caller does not. */
    ca_listing_release(listing);
    filter.catalog = NULL;
    return ca_source_get(statement, what, &filter);
}

/* ---- names ---- */

bool ca_catalog_defaults(struct ca_statement *statement, struct ca_match *catalog, struct ca_match *schema)
{
    const char *own_schema = ca_option_text(&statement->connection->options, CA_OPTION_DEFAULT_SCHEMA);
    char *own_catalog = ca_connection_catalog(statement->connection);
    bool done = own_catalog != NULL;
    /* The schema of another catalog is not the connection's. */
    if (done && catalog->any && schema->any && *own_schema)
        done = ca_match_set(schema, own_schema);
    if (done && catalog->any && *own_catalog)
        done = ca_match_set(catalog, own_catalog);
    ca_free(own_catalog);
    if (!done)
        ca_post_state(&statement->handle, "HY001");
    return done;
}

static int compare_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) : (a != NULL) - (b != NULL);
}

static int compare_names(const void *a, const void *b)
{
    const struct ca_table_name *x = a;
    const struct ca_table_name *y = b;
    int result = compare_text(x->catalog, y->catalog);
    if (!result)
        result = compare_text(x->schema, y->schema);
    return result ? result : compare_text(x->table, y->table);
}

void ca_table_names_free(struct ca_table_names *names)
{
    ca_listing_release(names->listing);
    ca_free(names->items);
    *names = (struct ca_table_names){.items = NULL};
}

/* Rows of one schema mostly follow each other: a name that repeats the one before is not added. */
static bool add_name(struct ca_table_names *names, const struct ca_table_name *name)
{
    if (names->count && compare_names(&names->items[names->count - 1], name) == 0)
        return true;
    struct ca_table_name *items =
        ca_grow(names->items, &names->capacity, names->count + 1, sizeof *names->items);
    if (!items)
        return false;
    names->items = items;
    names->items[names->count++] = *name;
    return true;
}

static bool collect(const struct ca_listing *listing, const struct ca_match match[3],
                    struct ca_table_names *names)
{
    int catalog_at = ca_listing_find(listing, ca_names_catalog);
    int schema_at = ca_listing_find(listing, ca_names_schema);
    int table_at = ca_listing_find(listing, ca_names_table);
    for (size_t row = 0; row < listing->rows; row++) {
        struct ca_cell catalog = ca_listing_cell(listing, row, catalog_at);
        struct ca_cell schema = ca_listing_cell(listing, row, schema_at);
        struct ca_cell table = ca_listing_cell(listing, row, table_at);
        if (!ca_match_cell(&match[2], table) || !ca_match_cell(&match[1], schema) ||
            !ca_match_cell(&match[0], catalog))
            continue;
        struct ca_table_name name = {catalog.text, schema.text, match[2].any ? NULL : table.text};
        if (!add_name(names, &name))
            return false;
    }
    return true;
}

static void drop_repeated(struct ca_table_names *names)
{
    size_t kept = names->count ? 1 : 0;
    for (size_t i = 1; i < names->count; i++)
        if (compare_names(&names->items[kept - 1], &names->items[i]) != 0)
            names->items[kept++] = names->items[i];
    names->count = kept;
}

bool ca_table_names_read(struct ca_statement *statement, struct ca_listing *listing,
                         const struct ca_match match[3], struct ca_table_names *names)
{
    *names = (struct ca_table_names){.listing = ca_listing_retain(listing)};
    if (!collect(listing, match, names)) {
        ca_table_names_free(names);
        ca_post_state(&statement->handle, "HY001");
        return false;
    }
    if (names->count > 1)
        qsort(names->items, names->count, sizeof *names->items, compare_names);
    drop_repeated(names);
    return true;
}

bool ca_catalog_resolve(struct ca_statement *statement, enum ca_metadata what, const struct ca_match match[3],
                        struct ca_table_names *names)
{
    struct ca_listing *listing = ca_source_names(statement, what, &match[0]);
    bool done = listing && ca_table_names_read(statement, listing, match, names);
    ca_listing_release(listing);
    return done;
}

bool ca_table_names_have(const struct ca_table_names *names, const struct ca_table_name *name)
{
    return names->count &&
           bsearch(name, names->items, names->count, sizeof *names->items, compare_names) != NULL;
}

bool ca_table_name_written(const struct ca_table_name *name, const struct ca_match match[3])
{
    const char *const parts[] = {name->catalog, name->schema, name->table};
    for (int i = 0; i < 3; i++)
        if (match[i].pattern || (match[i].plain && parts[i] && strcmp(match[i].plain, parts[i]) != 0))
            return false;
    return true;
}

/* ---- the type of one column ---- */

static bool find_column(const struct ca_listing *listing, const struct ca_sql_name *table,
                        const char *catalog, const char *schema, const char *column,
                        struct ca_type_spec *spec)
{
    int name_at = ca_listing_find(listing, "COLUMN_NAME,ColumnName");
    int table_at = ca_listing_find(listing, ca_names_table);
    int schema_at = ca_listing_find(listing, ca_names_schema);
    int catalog_at = ca_listing_find(listing, ca_names_catalog);
    for (size_t row = 0; row < listing->rows; row++) {
        struct ca_cell n = ca_listing_cell(listing, row, name_at);
        struct ca_cell t = ca_listing_cell(listing, row, table_at);
        struct ca_cell s = ca_listing_cell(listing, row, schema_at);
        struct ca_cell c = ca_listing_cell(listing, row, catalog_at);
        if (ca_text_same_n(n.text, n.octets, column) && ca_text_same_n(t.text, t.octets, table->name) &&
            (!schema || ca_text_same_n(s.text, s.octets, schema)) &&
            (!catalog || ca_text_same_n(c.text, c.octets, catalog))) {
            struct ca_type_places places = ca_listing_type_places(listing);
            *spec = ca_listing_type(listing, row, &places);
            return true;
        }
    }
    return false;
}

bool ca_catalog_column_type(struct ca_statement *statement, const struct ca_sql_name *table,
                            const char *column, struct ca_type_spec *spec)
{
    struct ca_error error = CA_ERROR_INIT;
    char *current = ca_connection_catalog(statement->connection);
    const char *own_schema = ca_option_text(&statement->connection->options, CA_OPTION_DEFAULT_SCHEMA);
    const char *catalog = table->catalog ? table->catalog : current && *current ? current : NULL;
    const char *schema = table->schema ? table->schema : *own_schema ? own_schema : NULL;
    struct ca_metadata_filter filter = {catalog, schema, table->name};
    struct ca_wait wait = ca_statement_wait(statement, true);
    struct ca_listing *listing = NULL;
    /* Without a catalog the request would go to every connection of the account. */
    if (catalog)
        listing = ca_metadata_endpoint(&statement->connection->session, CA_METADATA_COLUMNS, &filter, &wait,
                                       &error);
    bool found = listing && find_column(listing, table, catalog, schema, column, spec);
    ca_listing_release(listing);
    ca_error_clear(&error);
    ca_free(current);
    return found;
}
