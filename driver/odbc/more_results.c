/* SQLMoreResults and SQLRowCount. */
#include "odbc/inner.h"
#include "odbc/procedure.h"
#include "odbc/result.h"
#include "odbc/scroll.h"

SQLRETURN ca_odbc_more_results(struct ca_statement *statement)
{
    if (statement->state < CA_STATE_EXECUTED)
        return SQL_NO_DATA;
    struct ca_reply *reply = &statement->reply;
    struct ca_cursor *cursor = &statement->cursor;
    bool failed = ca_error_is_set(&cursor->failure);
    bool listing = cursor->source == CA_SOURCE_LISTING;
    enum ca_next next = CA_NEXT_END;
    if (!failed && !listing) {
        struct ca_wait wait = ca_statement_wait(statement, true);
        ca_cancel_reset(&statement->cancel);
        ca_reply_wait(reply, &wait);
        next = ca_reply_next_result(reply);
    }
    if (next == CA_NEXT_END) {
        SQLRETURN result = ca_procedure_outputs(statement);
        ca_statement_close(statement);
        return result == SQL_SUCCESS ? SQL_NO_DATA : result;
    }
    ca_scroll_close(statement);
    cursor->source = CA_SOURCE_NONE;
    cursor->at_end = false;
    cursor->rows_delivered = 0;
    cursor->rowset_rows = cursor->rowset_position = 0;
    cursor->part_column = 0;
    SQLRETURN result = ca_result_open(statement, next);
    if (result == SQL_ERROR && next == CA_NEXT_FAILED)
        ca_statement_close(statement);
    return result;
}

SQLRETURN ca_odbc_row_count(struct ca_statement *statement, SQLLEN *count)
{
    if (count)
        *count = statement->row_count;
    return SQL_SUCCESS;
}
