/* Fetching rowsets: the plan of bound columns, and the rows that SQLGetData and SQLSetPos read. */
#ifndef CA_ODBC_FETCH_H
#define CA_ODBC_FETCH_H

#include "odbc/statement.h"

/* Builds the plan of the bound columns unless it is still good. */
SQLRETURN ca_plan_build(struct ca_statement *statement);
/* The value of column 0: the row's number in the result, 1-based, as a BIGINT cell. */
struct ca_bookmark {
    char digits[24 + CA_CELL_PADDING];
    struct ca_cell cell;
};
void ca_bookmark_cell(struct ca_bookmark *bookmark, uint64_t row);
/* What a row came to. */
enum ca_row_outcome { CA_ROW_GOOD, CA_ROW_INFO, CA_ROW_ERROR };
/* Converts one row into bound memory; `row` is 0-based in the rowset. Diagnostics are posted. */
enum ca_row_outcome ca_plan_run(struct ca_statement *statement, const struct ca_cell *cells, size_t row);
/* The cells of a row of the current rowset (1-based); NULL: posted. */
const struct ca_cell *ca_cursor_cells(struct ca_statement *statement, SQLULEN row);

#endif
