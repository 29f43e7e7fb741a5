/* SQLTables with its enumerations, SQLTablePrivileges, SQLColumnPrivileges. */
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "odbc/catalog.h"
#include "odbc/inner.h"

enum { TABLES_WIDTH = 5 };

/* ---- enumerations ---- */

static bool is_empty(const struct ca_text *text)
{
    return text->text && text->octets == 0;
}

static bool is_all(const struct ca_text *text)
{
    return text->text && strcmp(text->text, SQL_ALL_CATALOGS) == 0;
}

/* Rows of catalogs or schemas, each once. `place` is the column of the result that is not NULL. */
static SQLRETURN enumerate(struct ca_statement *statement, enum ca_metadata what, const char *names,
                           int place)
{
    struct ca_listing_writer rows;
    struct ca_metadata_filter all = {NULL, NULL, NULL};
    struct ca_listing *listing = ca_source_get(statement, what, &all);
    if (!listing)
        return SQL_ERROR;
    int column = ca_listing_find(listing, names);
    ca_rows_begin(statement, &rows);
    for (size_t row = 0; row < listing->rows; row++) {
        struct ca_cell cell = ca_listing_cell(listing, row, column);
        if (cell.kind == CA_CELL_NULL)
            continue;
        for (int i = 0; i < TABLES_WIDTH; i++)
            i == place ? ca_rows_copy(&rows, cell) : ca_listing_add_null(&rows);
    }
    ca_listing_release(listing);
    return ca_catalog_open(statement, CA_RESULT_TABLES, &rows, CA_ROWS_DISTINCT);
}

static SQLRETURN enumerate_types(struct ca_statement *statement)
{
    static const char *const types[] = {"SYSTEM TABLE", "TABLE", "VIEW"};
    struct ca_listing_writer rows;
    ca_rows_begin(statement, &rows);
    for (size_t t = 0; t < sizeof types / sizeof types[0]; t++)
        for (int i = 0; i < TABLES_WIDTH; i++)
            ca_rows_text(&rows, i == 3 ? types[t] : NULL);
    return ca_catalog_open(statement, CA_RESULT_TABLES, &rows, CA_ROWS_SORTED);
}

/* ---- table types ---- */

/* A name of the list, without blanks and quotes around it. */
static const char *next_type(const char **list, size_t *octets)
{
    const char *start = *list;
    size_t length = strcspn(start, ",");
    *list = start + length + (start[length] == ',');
    *octets = length;
    start = ca_text_trim(start, octets);
    if (*octets >= 2 && (*start == '\'' || *start == '"') && start[*octets - 1] == *start) {
        start++;
        *octets -= 2;
    }
    return start;
}

/* The service says TABLE or BASE TABLE, VIEW, SYSTEM TABLE. */
static const char *type_name(struct ca_cell cell)
{
    if (cell.kind == CA_CELL_NULL || !cell.octets || ca_text_same_n(cell.text, cell.octets, "BASE TABLE"))
        return "TABLE";
    return cell.text;
}

static bool type_wanted(const struct ca_text *list, const char *type)
{
    if (!list->text || !list->octets)
        return true;
    for (const char *at = list->text; *at;) {
        size_t octets;
        const char *name = next_type(&at, &octets);
        if ((octets == 1 && *name == '%') || ca_text_same_n(name, octets, type))
            return true;
    }
    return false;
}

/* ---- tables ---- */

struct table_columns {
    int catalog;
    int schema;
    int table;
    int type;
    int remarks;
};

static SQLRETURN list_tables(struct ca_statement *statement, const struct ca_match match[3],
                             const struct ca_text *types)
{
    struct ca_listing_writer rows;
    struct ca_listing *listing = ca_source_names(statement, CA_METADATA_TABLES, &match[0]);
    if (!listing)
        return SQL_ERROR;
    struct table_columns at = {
        ca_listing_find(listing, ca_names_catalog), ca_listing_find(listing, ca_names_schema),
        ca_listing_find(listing, ca_names_table), ca_listing_find(listing, "TableType,TABLE_TYPE"),
        ca_listing_find(listing, "Description,REMARKS")};
    ca_rows_begin(statement, &rows);
    for (size_t row = 0; row < listing->rows; row++) {
        struct ca_cell catalog = ca_listing_cell(listing, row, at.catalog);
        struct ca_cell schema = ca_listing_cell(listing, row, at.schema);
        struct ca_cell table = ca_listing_cell(listing, row, at.table);
        const char *type = type_name(ca_listing_cell(listing, row, at.type));
        if (!ca_match_cell(&match[0], catalog) || !ca_match_cell(&match[1], schema) ||
            !ca_match_cell(&match[2], table) || !type_wanted(types, type))
            continue;
        ca_rows_copy(&rows, catalog);
        ca_rows_copy(&rows, schema);
        ca_rows_copy(&rows, table);
        ca_rows_text(&rows, type);
        ca_rows_copy(&rows, ca_listing_cell(listing, row, at.remarks));
    }
    ca_listing_release(listing);
    return ca_catalog_open(statement, CA_RESULT_TABLES, &rows, CA_ROWS_SORTED);
}

SQLRETURN ca_odbc_tables(struct ca_statement *statement, const struct ca_text *catalog,
                         const struct ca_text *schema, const struct ca_text *table,
                         const struct ca_text *type)
{
    struct ca_match match[3] = {{0}};
    SQLRETURN result = SQL_ERROR;
    /* For applications of ODBC 2 the catalog is no pattern, though they mean all by "%". */
    bool literal = statement->connection->odbc2 && !is_all(catalog);
    ca_statement_reset(statement);
    /* The enumerations take the arguments as they stand, NULL and "" apart. */
    if (is_all(catalog) && is_empty(schema) && is_empty(table))
        return enumerate(statement, CA_METADATA_CATALOGS, ca_names_catalog, 0);
    if (is_empty(catalog) && is_all(schema) && is_empty(table))
        return enumerate(statement, CA_METADATA_SCHEMAS, ca_names_schema, 1);
    if (is_empty(catalog) && is_empty(schema) && is_empty(table) && is_all(type))
        return enumerate_types(statement);
    if (ca_match_read(statement, &match[0], catalog, literal ? CA_ARGUMENT_LITERAL : CA_ARGUMENT_PATTERN) &&
        ca_match_read(statement, &match[1], schema, CA_ARGUMENT_PATTERN) &&
        ca_match_read(statement, &match[2], table, CA_ARGUMENT_PATTERN))
        result = list_tables(statement, match, type);
    for (int i = 0; i < 3; i++)
        ca_match_free(&match[i]);
    return result;
}

/* The service tells nothing of privileges: the result sets are empty. */
static SQLRETURN no_rows(struct ca_statement *statement, enum ca_catalog_result result)
{
    struct ca_listing_writer rows;
    ca_statement_reset(statement);
    ca_rows_begin(statement, &rows);
    return ca_catalog_open(statement, result, &rows, CA_ROWS_AS_ADDED);
}

SQLRETURN ca_odbc_table_privileges(struct ca_statement *statement, const struct ca_text *catalog,
                                   const struct ca_text *schema, const struct ca_text *table)
{
    (void)catalog;
    (void)schema;
    (void)table;
    return no_rows(statement, CA_RESULT_TABLE_PRIVILEGES);
}

SQLRETURN ca_odbc_column_privileges(struct ca_statement *statement, const struct ca_text *catalog,
                                    const struct ca_text *schema, const struct ca_text *table,
                                    const struct ca_text *column)
{
    (void)catalog;
    (void)schema;
    (void)column;
    if (!table->text)
        return ca_post_state(&statement->handle, "HY009");
    return no_rows(statement, CA_RESULT_COLUMN_PRIVILEGES);
}
