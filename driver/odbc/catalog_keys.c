/* SQLPrimaryKeys, SQLForeignKeys, SQLStatistics, SQLSpecialColumns: functions on one table. */
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "odbc/catalog.h"
#include "odbc/inner.h"

/* ---- the table that is meant ---- */

struct target {
    struct ca_match match[3]; /* catalog, schema, table: the one that is meant, once it is resolved */
    bool resolved;            /* through the list of tables */
    bool renamed;             /* it is stored otherwise than the arguments have it */
    bool none;                /* no such table: an empty result */
};

static void free_target(struct target *target)
{
    for (int i = 0; i < 3; i++)
        ca_match_free(&target->match[i]);
}

/* The name that is written as the arguments are, where they are whole; NULL: none is. */
static const struct ca_table_name *choose(const struct target *target, const struct ca_table_names *names)
{
    bool whole = !target->match[0].any && !target->match[1].any;
    for (size_t i = 0; whole && i < names->count; i++)
        if (ca_table_name_written(&names->items[i], target->match))
            return &names->items[i];
    return NULL;
}

/* Finds the table in the list of tables: the first of several of that name, with a warning. */
static bool resolve(struct ca_statement *statement, struct target *target)
{
    struct ca_table_names names;
    if (!ca_catalog_resolve(statement, CA_METADATA_TABLES, target->match, &names))
        return false;
    const struct ca_table_name *name = choose(target, &names);
    target->none = names.count == 0;
    if (!name && names.count) {
        name = &names.items[0];
        if (names.count > 1)
            ca_post(&statement->handle, "01000", "%zu tables have this name; this is about [%s].[%s].[%s].",
                    names.count, name->catalog, name->schema, name->table);
    }
    target->renamed = name && !ca_table_name_written(name, target->match);
    bool done = !name || (ca_match_set(&target->match[0], name->catalog) &&
                          ca_match_set(&target->match[1], name->schema) &&
                          ca_match_set(&target->match[2], name->table));
    ca_table_names_free(&names);
    target->resolved = done;
    return done || ca_post_state(&statement->handle, "HY001") == SQL_SUCCESS;
}

/* Reads the three literal arguments; a name in part is looked up in the list of tables. */
static bool read_target(struct ca_statement *statement, struct target *target, const struct ca_text *catalog,
                        const struct ca_text *schema, const struct ca_text *table)
{
    memset(target, 0, sizeof *target);
    if (!ca_match_read(statement, &target->match[0], catalog, CA_ARGUMENT_LITERAL) ||
        !ca_match_read(statement, &target->match[1], schema, CA_ARGUMENT_LITERAL) ||
        !ca_match_read(statement, &target->match[2], table, CA_ARGUMENT_LITERAL) ||
        !ca_catalog_defaults(statement, &target->match[0], &target->match[1]))
        return false;
    return (!target->match[0].any && !target->match[1].any) || resolve(statement, target);
}

static const char *const table_names[3] = {ca_names_catalog, ca_names_schema, ca_names_table};
static const char *const pk_names[3] = {"PKTABLE_CATALOG,PKTABLE_CAT,PrimaryKeyCatalogName",
                                        "PKTABLE_SCHEMA,PKTABLE_SCHEM,PrimaryKeySchemaName",
                                        "PKTABLE_NAME,PrimaryKeyTableName"};
static const char *const fk_names[3] = {"FKTABLE_CATALOG,FKTABLE_CAT,ForeignKeyCatalogName",
                                        "FKTABLE_SCHEMA,FKTABLE_SCHEM,ForeignKeySchemaName",
                                        "FKTABLE_NAME,ForeignKeyTableName"};

/* Whether a row of a listing is about the table. */
static bool is_about(const struct ca_listing *listing, size_t row, const struct ca_match match[3],
                     const char *const names[3])
{
    for (int i = 0; i < 3; i++) {
        int column = ca_listing_find(listing, names[i]);
        if (column >= 0 && !ca_match_cell(&match[i], ca_listing_cell(listing, row, column)))
            return false;
    }
    return true;
}

static struct ca_listing *ask_as_named(struct ca_statement *statement, enum ca_metadata what,
                                       const struct target *target)
{
    struct ca_metadata_filter filter = {target->match[0].plain, target->match[1].plain,
                                        target->match[2].plain};
    return ca_source_get(statement, what, &filter);
}

/* Asks for rows about the table, which they name in the columns `names`. */
static struct ca_listing *ask(struct ca_statement *statement, enum ca_metadata what, struct target *target,
                              const char *const names[3])
{
    struct ca_listing *listing = ask_as_named(statement, what, target);
    for (size_t row = 0; listing && !target->resolved && row < listing->rows; row++)
        if (is_about(listing, row, target->match, names))
            return listing;
    if (!listing || target->resolved)
        return listing;
    /* Nothing of that name as it is written: the service may tell letter case apart, the caller does not. */
    if (resolve(statement, target) && !target->renamed)
        return listing;
    ca_listing_release(listing);
    return target->resolved ? ask_as_named(statement, what, target) : NULL;
}

/* The cell of the column with one of these names. */
static struct ca_cell at(const struct ca_listing *listing, size_t row, const char *names)
{
    return ca_listing_cell(listing, row, ca_listing_find(listing, names));
}

static void copy(struct ca_listing_writer *rows, const struct ca_listing *listing, size_t row,
                 const char *names)
{
    ca_rows_copy(rows, at(listing, row, names));
}

/* ---- SQLPrimaryKeys ---- */

/* `place`: of the row among those of the key, where the listing does not say. */
static void add_key(struct ca_listing_writer *rows, const struct ca_listing *listing, size_t row,
                    int64_t place)
{
    copy(rows, listing, row, ca_names_catalog);
    copy(rows, listing, row, ca_names_schema);
    copy(rows, listing, row, ca_names_table);
    copy(rows, listing, row, "COLUMN_NAME,ColumnName");
    ca_listing_add_integer(rows, ca_cell_integer(at(listing, row, "KEY_SEQ,KeySeq"), place));
    copy(rows, listing, row, "PK_NAME,PrimaryKeyName,KeyName");
}

SQLRETURN ca_odbc_primary_keys(struct ca_statement *statement, const struct ca_text *catalog,
                               const struct ca_text *schema, const struct ca_text *table)
{
    struct target target;
    struct ca_listing_writer rows;
    ca_statement_reset(statement);
    if (!table->text || !table->octets)
        return ca_post_state(&statement->handle, "HY009");
    ca_rows_begin(statement, &rows);
    bool done = read_target(statement, &target, catalog, schema, table);
    if (done && !target.none) {
        struct ca_listing *listing = ask(statement, CA_METADATA_PRIMARY_KEYS, &target, table_names);
        int64_t place = 0;
        done = listing != NULL;
        for (size_t row = 0; listing && row < listing->rows; row++)
            if (is_about(listing, row, target.match, table_names))
                add_key(&rows, listing, row, ++place);
        ca_listing_release(listing);
    }
    free_target(&target);
    if (done)
        return ca_catalog_open(statement, CA_RESULT_PRIMARY_KEYS, &rows, CA_ROWS_SORTED);
    ca_listing_drop(&rows);
    return SQL_ERROR;
}

/* ---- SQLForeignKeys ---- */

static void add_foreign_key(struct ca_listing_writer *rows, const struct ca_listing *listing, size_t row)
{
    for (int i = 0; i < 3; i++)
        copy(rows, listing, row, pk_names[i]);
    copy(rows, listing, row, "PKCOLUMN_NAME,PrimaryKeyColumnName");
    for (int i = 0; i < 3; i++)
        copy(rows, listing, row, fk_names[i]);
    copy(rows, listing, row, "FKCOLUMN_NAME,ForeignKeyColumnName");
    ca_listing_add_integer(rows, ca_cell_integer(at(listing, row, "KEY_SEQ,KeySeq"), 1));
    ca_listing_add_null(rows); /* UPDATE_RULE */
    ca_listing_add_null(rows); /* DELETE_RULE */
    copy(rows, listing, row, "FK_NAME,ForeignKeyName");
    copy(rows, listing, row, "PK_NAME,PrimaryKeyName");
    ca_listing_add_null(rows); /* DEFERRABILITY */
}

static bool list_foreign_keys(struct ca_statement *statement, struct ca_listing_writer *rows,
                              struct target *primary, struct target *foreign)
{
    if ((primary && primary->none) || (foreign && foreign->none))
        return true;
    struct ca_listing *listing = foreign ? ask(statement, CA_METADATA_IMPORTED_KEYS, foreign, fk_names)
                                         : ask(statement, CA_METADATA_EXPORTED_KEYS, primary, pk_names);
    if (!listing)
        return false;
    for (size_t row = 0; row < listing->rows; row++)
        if ((!primary || is_about(listing, row, primary->match, pk_names)) &&
            (!foreign || is_about(listing, row, foreign->match, fk_names)))
            add_foreign_key(rows, listing, row);
    ca_listing_release(listing);
    return true;
}

SQLRETURN ca_odbc_foreign_keys(struct ca_statement *statement, const struct ca_text *pk_catalog,
                               const struct ca_text *pk_schema, const struct ca_text *pk_table,
                               const struct ca_text *fk_catalog, const struct ca_text *fk_schema,
                               const struct ca_text *fk_table)
{
    struct target primary = {0};
    struct target foreign = {0};
    struct ca_listing_writer rows;
    bool has_primary = pk_table->text && pk_table->octets;
    bool has_foreign = fk_table->text && fk_table->octets;
    ca_statement_reset(statement);
    if (!has_primary && !has_foreign)
        return ca_post_state(&statement->handle, "HY009");
    ca_rows_begin(statement, &rows);
    bool done = (!has_primary || read_target(statement, &primary, pk_catalog, pk_schema, pk_table)) &&
                (!has_foreign || read_target(statement, &foreign, fk_catalog, fk_schema, fk_table));
    done = done &&
           list_foreign_keys(statement, &rows, has_primary ? &primary : NULL, has_foreign ? &foreign : NULL);
    free_target(&primary);
    free_target(&foreign);
    if (done)
        return ca_catalog_open(statement,
                               has_foreign ? CA_RESULT_FOREIGN_KEYS : CA_RESULT_FOREIGN_KEYS_OF_PRIMARY,
                               &rows, CA_ROWS_SORTED);
    ca_listing_drop(&rows);
    return SQL_ERROR;
}

/* ---- SQLStatistics ---- */

/* One column of one index. */
struct index_column {
    bool unique;
    struct ca_cell name; /* of the index */
    int64_t ordinal;
    struct ca_cell column;
    struct ca_cell order; /* A…, D… or NULL */
};

static void add_index(struct ca_listing_writer *rows, const struct ca_listing *listing, size_t row,
                      const struct index_column *index)
{
    for (int i = 0; i < 3; i++)
        copy(rows, listing, row, table_names[i]);
    ca_listing_add_integer(rows, index->unique ? SQL_FALSE : SQL_TRUE);
    ca_listing_add_null(rows); /* INDEX_QUALIFIER */
    ca_rows_copy(rows, index->name);
    ca_listing_add_integer(rows, SQL_INDEX_OTHER);
    ca_listing_add_integer(rows, index->ordinal);
    ca_rows_copy(rows, index->column);
    if (index->order.kind == CA_CELL_STRING && index->order.octets)
        ca_rows_text(rows, ca_text_lower(index->order.text[0]) == 'd' ? "D" : "A");
    else
        ca_listing_add_null(rows);
    ca_listing_add_null(rows); /* CARDINALITY */
    ca_listing_add_null(rows); /* PAGES */
    ca_listing_add_null(rows); /* FILTER_CONDITION */
}

/* The primary key as the first unique index: Access takes the first it sees. The blank sorts before names. */
static bool add_key_index(struct ca_statement *statement, struct ca_listing_writer *rows,
                          struct target *target)
{
    static const struct ca_cell name = {.text = " PrimaryKey", .octets = 11, .kind = CA_CELL_STRING};
    struct ca_listing *listing = ask(statement, CA_METADATA_PRIMARY_KEYS, target, table_names);
    bool done = listing != NULL;
    int64_t place = 0;
    for (size_t row = 0; done && row < listing->rows; row++) {
        if (!is_about(listing, row, target->match, table_names))
            continue;
        struct index_column index = {.unique = true,
                                     .name = name,
                                     .ordinal = ca_cell_integer(at(listing, row, "KEY_SEQ,KeySeq"), ++place),
                                     .column = at(listing, row, "COLUMN_NAME,ColumnName")};
        add_index(rows, listing, row, &index);
    }
    ca_listing_release(listing);
    return done;
}

static bool index_is_unique(const struct ca_listing *listing, size_t row)
{
    struct ca_cell unique = at(listing, row, "IS_UNIQUE,IsUnique,UNIQUE");
    if (unique.kind != CA_CELL_NULL)
        return ca_cell_flag(unique, 0) == 1;
    return ca_cell_flag(at(listing, row, "NON_UNIQUE,NonUnique"), 1) == 0;
}

static bool add_indexes(struct ca_statement *statement, struct ca_listing_writer *rows, struct target *target,
                        bool unique_only)
{
    struct ca_listing *listing = ask(statement, CA_METADATA_INDEXES, target, table_names);
    struct ca_cell last = {.text = "", .kind = CA_CELL_NULL};
    bool done = listing != NULL;
    int64_t place = 0;
    for (size_t row = 0; done && row < listing->rows; row++) {
        if (!is_about(listing, row, target->match, table_names))
            continue;
        struct index_column index = {.unique = index_is_unique(listing, row),
                                     .name = at(listing, row, "INDEX_NAME,IndexName"),
                                     .column = at(listing, row, "COLUMN_NAME,ColumnName"),
                                     .order = at(listing, row, "SORT_ORDER,ASC_OR_DESC,SortOrder")};
        place = strcmp(index.name.text, last.text) == 0 ? place + 1 : 1;
        last = index.name;
        index.ordinal = ca_cell_integer(at(listing, row, "ORDINAL_POSITION,OrdinalPosition,Ordinal"), place);
        if ((index.unique || !unique_only) && ca_cell_flag(at(listing, row, "IS_PRIMARY,IsPrimary"), 0) != 1)
            add_index(rows, listing, row, &index);
    }
    ca_listing_release(listing);
    return done;
}

SQLRETURN ca_odbc_statistics(struct ca_statement *statement, const struct ca_text *catalog,
                             const struct ca_text *schema, const struct ca_text *table, SQLUSMALLINT unique,
                             SQLUSMALLINT reserved)
{
    struct target target;
    struct ca_listing_writer rows;
    ca_statement_reset(statement);
    if (!table->text || !table->octets)
        return ca_post_state(&statement->handle, "HY009");
    if (unique != SQL_INDEX_UNIQUE && unique != SQL_INDEX_ALL)
        return ca_post_state(&statement->handle, "HY100");
    if (reserved != SQL_QUICK && reserved != SQL_ENSURE)
        return ca_post_state(&statement->handle, "HY101");
    ca_rows_begin(statement, &rows);
    bool done = read_target(statement, &target, catalog, schema, table);
    if (done && !target.none)
        done = add_key_index(statement, &rows, &target) &&
               add_indexes(statement, &rows, &target, unique == SQL_INDEX_UNIQUE);
    free_target(&target);
    if (done)
        return ca_catalog_open(statement, CA_RESULT_STATISTICS, &rows, CA_ROWS_SORTED);
    ca_listing_drop(&rows);
    return SQL_ERROR;
}

/* ---- SQLSpecialColumns ---- */

/* The columns of the key as SQLColumns describes them; *left counts those that it does not. */
static void add_row_id(struct ca_listing_writer *rows, const struct ca_listing *columns, struct ca_cell key,
                       size_t *left)
{
    for (size_t row = 0; row < columns->rows; row++) {
        struct ca_cell name = ca_listing_cell(columns, row, CA_COLUMNS_COLUMN_NAME);
        if (ca_text_compare_fold(name.text, name.octets, key.text, key.octets) != 0)
            continue;
        ca_listing_add_integer(rows, SQL_SCOPE_SESSION);
        ca_rows_copy(rows, name);
        for (int i = CA_COLUMNS_DATA_TYPE; i <= CA_COLUMNS_DECIMAL_DIGITS; i++)
            ca_rows_copy(rows, ca_listing_cell(columns, row, i));
        ca_listing_add_integer(rows, SQL_PC_NOT_PSEUDO);
        --*left;
        return;
    }
}

static bool add_row_ids(struct ca_statement *statement, struct ca_listing_writer *rows, struct target *target)
{
    struct ca_listing *columns = NULL;
    struct ca_listing *keys = ask(statement, CA_METADATA_PRIMARY_KEYS, target, table_names);
    bool done = keys != NULL;
    size_t left = 0;
    for (size_t row = 0; done && row < keys->rows; row++) {
        if (!is_about(keys, row, target->match, table_names))
            continue;
        if (!columns)
            columns = ca_catalog_columns(statement, target->match);
        done = columns != NULL;
        left++;
        if (done)
            add_row_id(rows, columns, at(keys, row, "COLUMN_NAME,ColumnName"), &left);
    }
    ca_listing_release(keys);
    ca_listing_release(columns);
    /* Columns that are a part of the key identify no row. */
    if (done && left) {
        ca_listing_drop(rows);
        ca_rows_begin(statement, rows);
    }
    return done;
}

SQLRETURN ca_odbc_special_columns(struct ca_statement *statement, SQLUSMALLINT kind,
                                  const struct ca_text *catalog, const struct ca_text *schema,
                                  const struct ca_text *table, SQLUSMALLINT scope, SQLUSMALLINT nullable)
{
    struct target target;
    struct ca_listing_writer rows;
    ca_statement_reset(statement);
    if (kind != SQL_BEST_ROWID && kind != SQL_ROWVER)
        return ca_post_state(&statement->handle, "HY097");
    if (scope > SQL_SCOPE_SESSION)
        return ca_post_state(&statement->handle, "HY098");
    if (nullable > SQL_NULLABLE)
        return ca_post_state(&statement->handle, "HY099");
    if (!table->text || !table->octets)
        return ca_post_state(&statement->handle, "HY009");
    ca_rows_begin(statement, &rows);
    bool done = true;
    if (kind == SQL_BEST_ROWID) {
        done = read_target(statement, &target, catalog, schema, table);
        if (done && !target.none)
            done = add_row_ids(statement, &rows, &target);
        free_target(&target);
    }
    if (done)
        return ca_catalog_open(statement, CA_RESULT_SPECIAL_COLUMNS, &rows, CA_ROWS_AS_ADDED);
    ca_listing_drop(&rows);
    return SQL_ERROR;
}
