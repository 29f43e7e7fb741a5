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

/* Adds the rows that match; returns how many. */
static size_t add_columns(struct ca_statement *statement, struct ca_listing_writer *rows,
                          const struct ca_listing *listing, const struct ca_match match[4])
{
    struct places at = find_places(listing);
    size_t added = 0;
    for (size_t row = 0; row < listing->rows; row++) {
        struct ca_cell catalog = ca_listing_cell(listing, row, at.catalog);
        struct ca_cell schema = ca_listing_cell(listing, row, at.schema);
        struct ca_cell table = ca_listing_cell(listing, row, at.table);
        struct ca_cell column = ca_listing_cell(listing, row, at.column);
        if (!ca_match_cell(&match[0], catalog) || !ca_match_cell(&match[1], schema) ||
            !ca_match_cell(&match[2], table))
            continue;
        added++;
        if (!ca_match_cell(&match[3], column))
            continue;
        struct ca_column_facts facts = {
            .spec = ca_listing_type(listing, row, &at.type),
            .type_name = ca_listing_cell(listing, row, at.type_name),
            .remarks = ca_listing_cell(listing, row, at.remarks),
            .nullable = ca_cell_flag(ca_listing_cell(listing, row, at.nullable), SQL_NULLABLE_UNKNOWN),
            .ordinal = ca_cell_integer(ca_listing_cell(listing, row, at.ordinal), (int64_t)added)};
        ca_rows_copy(rows, catalog);
        ca_rows_copy(rows, schema);
        ca_rows_copy(rows, table);
        ca_rows_copy(rows, column);
        ca_rows_column_facts(statement, rows, &facts);
    }
    return added;
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
    if (ca_request_send(statement, &request) == CA_NEXT_FAILED)
        result = ca_post_copy(&statement->handle, &statement->reply.error);
    else
        add_described(statement, rows, name, column);
    ca_reply_close(&statement->reply);
    ca_buffer_free(&text);
    return result;
}

/* ---- asking ---- */

/* Asks /columns and adds what matches. *found counts columns of matching tables. */
static SQLRETURN ask(struct ca_statement *statement, struct ca_listing_writer *rows, const char *catalog,
                     const char *schema, const char *table, const struct ca_match match[4], size_t *found)
{
    struct ca_metadata_filter filter = {catalog, schema, table};
    struct ca_listing *listing = ca_source_get(statement, CA_METADATA_COLUMNS, &filter);
    if (!listing)
        return SQL_ERROR;
    *found += add_columns(statement, rows, listing, match);
    ca_listing_release(listing);
    return SQL_SUCCESS;
}

/* Each table by its full name, as the list of tables has it. */
static SQLRETURN ask_each(struct ca_statement *statement, struct ca_listing_writer *rows,
                          const struct ca_table_names *names, const struct ca_match match[4], bool asked)
{
    size_t most = (size_t)ca_option_number(&statement->connection->options, CA_OPTION_METADATA_FAN_OUT);
    SQLRETURN result = SQL_SUCCESS;
    for (size_t i = 0; i < names->count && i < most && result == SQL_SUCCESS; i++) {
        const struct ca_table_name *name = &names->items[i];
        size_t found = 0;
        if (!asked)
            result = ask(statement, rows, name->catalog, name->schema, name->table, match, &found);
        if (result == SQL_SUCCESS && !found)
            result = describe_table(statement, rows, name, &match[3]);
    }
    if (names->count > most)
        ca_post(&statement->handle, "01000",
                "%zu tables match; the columns of the first %zu are listed. Name the catalog and schema.",
                names->count, most);
    return result;
}

static SQLRETURN list_columns(struct ca_statement *statement, struct ca_listing_writer *rows,
                              const struct ca_match match[4])
{
    struct ca_table_names names = {NULL, 0};
    size_t found = 0;
    /* One table name without a catalog: the list of tables says where it is. */
    bool resolve_first = match[2].plain && match[0].any;
    SQLRETURN result = SQL_SUCCESS;
    if (!resolve_first)
        result = ask(statement, rows, ca_match_filter(&match[0]), ca_match_filter(&match[1]),
                     ca_match_filter(&match[2]), match, &found);
    if (result != SQL_SUCCESS || found || !match[2].plain)
        return result;
    if (!ca_catalog_resolve(statement, &match[0], &match[1], &match[2], &names))
        return SQL_ERROR;
    result = ask_each(statement, rows, &names, match, !resolve_first);
    ca_table_names_free(&names);
    return result;
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
        result = list_columns(statement, &rows, match);
    for (int i = 0; i < 4; i++)
        ca_match_free(&match[i]);
    if (result == SQL_SUCCESS)
        return ca_catalog_open(statement, CA_RESULT_COLUMNS, &rows, CA_ROWS_SORTED);
    ca_listing_drop(&rows);
    return result;
}
