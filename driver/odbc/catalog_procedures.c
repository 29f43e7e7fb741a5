/* SQLProcedures and SQLProcedureColumns. */
#include "odbc/catalog.h"
#include "odbc/inner.h"

static void free_matches(struct ca_match *match, int count)
{
    for (int i = 0; i < count; i++)
        ca_match_free(&match[i]);
}

static bool read_matches(struct ca_statement *statement, struct ca_match match[3],
                         const struct ca_text *catalog, const struct ca_text *schema,
                         const struct ca_text *procedure)
{
    return ca_match_read(statement, &match[0], catalog, CA_ARGUMENT_LITERAL) &&
           ca_match_read(statement, &match[1], schema, CA_ARGUMENT_PATTERN) &&
           ca_match_read(statement, &match[2], procedure, CA_ARGUMENT_PATTERN) &&
           ca_catalog_defaults(statement, &match[0], &match[1]);
}

static bool matches(const struct ca_listing *listing, size_t row, const struct ca_match match[3])
{
    return ca_match_cell(&match[0],
                         ca_listing_cell(listing, row, ca_listing_find(listing, ca_names_catalog))) &&
           ca_match_cell(&match[1],
                         ca_listing_cell(listing, row, ca_listing_find(listing, ca_names_schema))) &&
           ca_match_cell(&match[2], ca_listing_cell(listing, row, ca_listing_find(listing, ca_names_table)));
}

static void copy(struct ca_listing_writer *rows, const struct ca_listing *listing, size_t row,
                 const char *names)
{
    ca_rows_copy(rows, ca_listing_cell(listing, row, ca_listing_find(listing, names)));
}

static void add_procedure(struct ca_listing_writer *rows, const struct ca_listing *listing, size_t row)
{
    int type = ca_listing_find(listing, "PROCEDURE_TYPE,ProcedureType");
    copy(rows, listing, row, ca_names_catalog);
    copy(rows, listing, row, ca_names_schema);
    copy(rows, listing, row, ca_names_table);
    for (int i = 0; i < 3; i++)
        ca_listing_add_null(rows); /* reserved */
    copy(rows, listing, row, "REMARKS,Description");
    ca_listing_add_integer(rows, ca_cell_integer(ca_listing_cell(listing, row, type), SQL_PT_UNKNOWN));
}

static void add_parameter(struct ca_statement *statement, struct ca_listing_writer *rows,
                          const struct ca_listing *listing, size_t row)
{
    struct ca_cell kind = ca_listing_cell(listing, row, ca_listing_find(listing, "PARAM_TYPE,Direction"));
    struct ca_cell nullable =
        ca_listing_cell(listing, row, ca_listing_find(listing, "IS_NULLABLE,IsNullable"));
    struct ca_cell ordinal =
        ca_listing_cell(listing, row, ca_listing_find(listing, "ORDINAL_POSITION,Ordinal"));
    struct ca_type_places places = ca_listing_type_places(listing);
    struct ca_column_facts facts = {
        .spec = ca_listing_type(listing, row, &places),
        .type_name = ca_listing_cell(listing, row, ca_listing_find(listing, "TYPE_NAME,DataTypeName")),
        .remarks = ca_listing_cell(listing, row, ca_listing_find(listing, "REMARKS,Description")),
        .nullable = ca_cell_flag(nullable, SQL_NULLABLE_UNKNOWN),
        .ordinal = ca_cell_integer(ordinal, (int64_t)row + 1)};
    copy(rows, listing, row, ca_names_catalog);
    copy(rows, listing, row, ca_names_schema);
    copy(rows, listing, row, ca_names_table);
    copy(rows, listing, row, "PARAM_NAME,ParameterName,COLUMN_NAME");
    /* The service's codes are ODBC's: 1 in, 2 in and out, 4 out, 5 return value. */
    ca_listing_add_integer(rows, ca_cell_integer(kind, SQL_PARAM_TYPE_UNKNOWN));
    ca_rows_column_facts(statement, rows, &facts);
}

static void add_parameters(struct ca_statement *statement, struct ca_listing_writer *rows,
                           const struct ca_listing *listing, const struct ca_match match[4])
{
    int name = ca_listing_find(listing, "PARAM_NAME,ParameterName,COLUMN_NAME");
    for (size_t row = 0; row < listing->rows; row++)
        if (matches(listing, row, match) && ca_match_cell(&match[3], ca_listing_cell(listing, row, name)))
            add_parameter(statement, rows, listing, row);
}

SQLRETURN ca_odbc_procedures(struct ca_statement *statement, const struct ca_text *catalog,
                             const struct ca_text *schema, const struct ca_text *procedure)
{
    struct ca_match match[3] = {{0}};
    struct ca_listing_writer rows;
    struct ca_listing *listing = NULL;
    ca_statement_reset(statement);
    ca_rows_begin(statement, &rows);
    if (read_matches(statement, match, catalog, schema, procedure))
        listing = ca_source_names(statement, CA_METADATA_PROCEDURES, &match[0]);
    for (size_t row = 0; listing && row < listing->rows; row++)
        if (matches(listing, row, match))
            add_procedure(&rows, listing, row);
    free_matches(match, 3);
    if (!listing)
        return SQL_ERROR;
    ca_listing_release(listing);
    return ca_catalog_open(statement, CA_RESULT_PROCEDURES, &rows, CA_ROWS_SORTED);
}

SQLRETURN ca_odbc_procedure_columns(struct ca_statement *statement, const struct ca_text *catalog,
                                    const struct ca_text *schema, const struct ca_text *procedure,
                                    const struct ca_text *column)
{
    static const struct ca_details details = {CA_METADATA_PROCEDURE_PARAMETERS, CA_METADATA_PROCEDURES,
                                              add_parameters, NULL};
    struct ca_match match[4] = {{0}};
    struct ca_listing_writer rows;
    SQLRETURN result = SQL_ERROR;
    ca_statement_reset(statement);
    ca_rows_begin(statement, &rows);
    if (read_matches(statement, match, catalog, schema, procedure) &&
        ca_match_read(statement, &match[3], column, CA_ARGUMENT_PATTERN))
        result = ca_catalog_details(statement, &rows, match, &details);
    free_matches(match, 4);
    if (result == SQL_SUCCESS)
        return ca_catalog_open(statement, CA_RESULT_PROCEDURE_COLUMNS, &rows, CA_ROWS_SORTED);
    ca_listing_drop(&rows);
    return result;
}
