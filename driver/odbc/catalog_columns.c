/* SQLColumns. */
#include <string.h>

#include "odbc/catalog.h"
#include "odbc/inner.h"
#include "odbc/result.h"

/* ---- rows from /columns ---- */

struct places {
    int catalog;
    int schema;
    int table;
    int column;
    int type_name;
    int remarks;
    int ordinal;
    int nullable;
    struct ca_type_places type;
};

static struct places find_places(const struct ca_listing *listing)
{
    return (struct places){.catalog = ca_listing_find(listing, ca_names_catalog),
                           .schema = ca_listing_find(listing, ca_names_schema),
                           .table = ca_listing_find(listing, ca_names_table),
                           .column = ca_listing_find(listing, "COLUMN_NAME,ColumnName"),
                           .type_name = ca_listing_find(listing, "TYPE_NAME,DataTypeName"),
                           .remarks = ca_listing_find(listing, "REMARKS,Description"),
                           .ordinal = ca_listing_find(listing, "ORDINAL_POSITION,Ordinal"),
                           .nullable = ca_listing_find(listing, "IS_NULLABLE,IsNullable,NULLABLE"),
                           .type = ca_listing_type_places(listing)};
}

/* Adds the rows that match. */
static void add_columns(struct ca_statement *statement, struct ca_listing_writer *rows,
                        const struct ca_listing *listing, const struct ca_match match[4])
{
    struct places at = find_places(listing);
    struct ca_cell last = {.text = "", .kind = CA_CELL_NULL};
    int64_t place = 0; /* of the column in its table, where the listing does not say */
    for (size_t row = 0; row < listing->rows; row++) {
        struct ca_cell catalog = ca_listing_cell(listing, row, at.catalog);
        struct ca_cell schema = ca_listing_cell(listing, row, at.schema);
        struct ca_cell table = ca_listing_cell(listing, row, at.table);
        struct ca_cell column = ca_listing_cell(listing, row, at.column);
        place = strcmp(table.text, last.text) == 0 ? place + 1 : 1;
        last = table;
        if (!ca_match_cell(&match[0], catalog) || !ca_match_cell(&match[1], schema) ||
            !ca_match_cell(&match[2], table) || !ca_match_cell(&match[3], column))
            continue;
        struct ca_column_facts facts = {
            .spec = ca_listing_type(listing, row, &at.type),
            .type_name = ca_listing_cell(listing, row, at.type_name),
            .remarks = ca_listing_cell(listing, row, at.remarks),
            .nullable = ca_cell_flag(ca_listing_cell(listing, row, at.nullable), SQL_NULLABLE_UNKNOWN),
            .ordinal = ca_cell_integer(ca_listing_cell(listing, row, at.ordinal), place)};
        ca_rows_copy(rows, catalog);
        ca_rows_copy(rows, schema);
        ca_rows_copy(rows, table);
        ca_rows_copy(rows, column);
        ca_rows_column_facts(statement, rows, &facts);
    }
}

/* ---- rows from the schema of SELECT * ---- */

static bool write_select(struct ca_buffer *text, const struct ca_table_name *name)
{
    ca_buffer_add_text(text, "SELECT * FROM ");
    ca_sql_name_quote(text, name->catalog, strlen(name->catalog));
    ca_buffer_add_char(text, '.');
    ca_sql_name_quote(text, name->schema, strlen(name->schema));
    ca_buffer_add_char(text, '.');
    return ca_sql_name_quote(text, name->table, strlen(name->table));
}

static void add_described(struct ca_statement *statement, struct ca_listing_writer *rows,
                          const struct ca_table_name *name, const struct ca_match *column)
{
    const struct ca_columns *columns = &statement->reply.columns;
    for (unsigned i = 0; i < columns->count; i++) {
        const struct ca_column *item = &columns->items[i];
        if (!ca_match_test(column, item->label, strlen(item->label)))
            continue;
        struct ca_column_facts facts = {.spec = item->spec, .nullable = item->nullable, .ordinal = i + 1};
        ca_rows_text(rows, name->catalog);
        ca_rows_text(rows, name->schema);
        ca_rows_text(rows, name->table);
        ca_rows_text(rows, item->label);
        ca_rows_column_facts(statement, rows, &facts);
    }
}

/* /columns has nothing for a table that exists: the service describes it by schemaOnly (SERVICE.md section
 * 1). */
static SQLRETURN describe_table(struct ca_statement *statement, struct ca_listing_writer *rows,
                                const struct ca_table_name *name, const struct ca_match *column)
{
    struct ca_buffer text = CA_BUFFER_INIT(1 << 20);
    SQLRETURN result = SQL_SUCCESS;
    if (!write_select(&text, name)) {
        ca_buffer_free(&text);
        return ca_post_state(&statement->handle, "HY001");
    }
    struct ca_request request = {
        .path = "query", .text = text.data, .octets = text.length, .schema_only = true, .repeatable = true};
    ca_buffer_clear(&statement->parameters);
    enum ca_next next = ca_request_send(statement, &request);
    if (next == CA_NEXT_READ) {
        add_described(statement, rows, name, column);
        next = ca_reply_next_result(&statement->reply); /* an error may stand behind the description */
    }
    if (next == CA_NEXT_FAILED)
        result = ca_post_copy(&statement->handle, &statement->reply.error);
    ca_reply_close(&statement->reply);
    ca_buffer_free(&text);
    return result;
}

/* ---- the call ---- */

static const struct ca_details details = {CA_METADATA_COLUMNS, CA_METADATA_TABLES, add_columns,
                                          describe_table};

struct ca_listing *ca_catalog_columns(struct ca_statement *statement, const struct ca_match table[3])
{
    const struct ca_match match[4] = {table[0], table[1], table[2], {.any = true}}; /* borrowed */
    struct ca_error error = CA_ERROR_INIT;
    struct ca_listing_writer rows;
    ca_rows_begin(statement, &rows);
    if (ca_catalog_details(statement, &rows, match, &details) != SQL_SUCCESS) {
        ca_listing_drop(&rows);
        return NULL;
    }
    struct ca_listing *listing = ca_listing_finish(&rows, CA_COLUMNS_WIDTH, &error);
    if (!listing)
        ca_post_error(&statement->handle, &error);
    return listing;
}

SQLRETURN ca_odbc_columns(struct ca_statement *statement, const struct ca_text *catalog,
                          const struct ca_text *schema, const struct ca_text *table,
                          const struct ca_text *column)
{
    struct ca_match match[4] = {{0}};
    struct ca_listing_writer rows;
    SQLRETURN result = SQL_ERROR;
    ca_statement_reset(statement);
    ca_rows_begin(statement, &rows);
    if (ca_match_read(statement, &match[0], catalog, CA_ARGUMENT_LITERAL) &&
        ca_match_read(statement, &match[1], schema, CA_ARGUMENT_PATTERN) &&
        ca_match_read(statement, &match[2], table, CA_ARGUMENT_PATTERN) &&
        ca_match_read(statement, &match[3], column, CA_ARGUMENT_PATTERN) &&
        ca_catalog_defaults(statement, &match[0], &match[1]))
        result = ca_catalog_details(statement, &rows, match, &details);
    for (int i = 0; i < 4; i++)
        ca_match_free(&match[i]);
    if (result == SQL_SUCCESS)
        return ca_catalog_open(statement, CA_RESULT_COLUMNS, &rows, CA_ROWS_SORTED);
    ca_listing_drop(&rows);
    return result;
}
