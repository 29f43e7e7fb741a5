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
/* Rows of a rowset to convert. */
struct ca_plan_rows {
    const struct ca_cell *cells; /* row behind row */
    size_t width;                /* cells of a row */
    size_t first;                /* the first one's place in the rowset, 0-based */
    size_t count;
    unsigned char *outcomes; /* an enum ca_row_outcome each: only ever made worse */
};
/* Converts them into bound memory, column by column. Diagnostics are posted. */
void ca_plan_run(struct ca_statement *statement, const struct ca_plan_rows *rows);
/* The cells of a row of the current rowset (1-based); NULL: posted. */
const struct ca_cell *ca_cursor_cells(struct ca_statement *statement, SQLULEN row);

#endif
