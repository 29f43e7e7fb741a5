/* Static cursors: rows are spooled as far as the application has asked, and read from there in any order.
 * Rules: ODBC reference, SQLFetchScroll, "Positioning the cursor". */
#ifndef CA_ODBC_SCROLL_H
#define CA_ODBC_SCROLL_H

#include "odbc/statement.h"

/* When a result is opened: makes it scrollable if SQL_ATTR_CURSOR_TYPE asks for it. */
SQLRETURN ca_scroll_open(struct ca_statement *statement);
void ca_scroll_close(struct ca_statement *statement);
/* Where the next rowset of `size` rows begins: SQL_SUCCESS with cursor->next_row set (SQL_SUCCESS_WITH_INFO
 * where it was moved to the first row), SQL_NO_DATA before the first or behind the last row, or SQL_ERROR. */
SQLRETURN ca_scroll_move(struct ca_statement *statement, SQLSMALLINT orientation, SQLLEN offset,
                         SQLULEN size);
/* Makes rows 0 … count - 1 known if there are so many: CA_NEXT_READ, CA_NEXT_END if there are fewer. */
enum ca_next ca_scroll_reach(struct ca_statement *statement, uint64_t count);
/* The number of rows, read to the end for it; -1 on failure. */
SQLLEN ca_scroll_count(struct ca_statement *statement);
/* The cells of a known row (0-based); NULL: posted. */
const struct ca_cell *ca_scroll_row(struct ca_statement *statement, uint64_t row);

#endif
