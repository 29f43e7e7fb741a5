/* SQLMoreResults and SQLRowCount. */
#include "odbc/inner.h"
#include "odbc/procedure.h"
#include "odbc/result.h"
#include "odbc/sets.h"

/* The results of this set of parameters are exhausted. */
static SQLRETURN end_results(struct ca_statement *statement)
{
    SQLRETURN result = ca_procedure_outputs(statement);
    if (result == SQL_ERROR || !ca_sets_pending(statement)) {
        ca_statement_close(statement);
        return result == SQL_SUCCESS ? SQL_NO_DATA : result;
    }
    ca_cursor_drop(statement);
    result = ca_sets_next(statement);
    if (result == SQL_ERROR)
        ca_statement_close(statement);
    return result;
}

SQLRETURN ca_odbc_more_results(struct ca_statement *statement)
{
    if (statement->state < CA_STATE_EXECUTED)
        return SQL_NO_DATA;
    struct ca_cursor *cursor = &statement->cursor;
    if (ca_error_is_set(&cursor->failure)) {
        /* The result broke off: there is nothing behind it but the reason. */
        ca_post_copy(&statement->handle, &cursor->failure);
        ca_statement_close(statement);
        return SQL_ERROR;
    }
    enum ca_next next = CA_NEXT_END;
    if (cursor->source != CA_SOURCE_LISTING) {
        struct ca_wait wait = ca_statement_wait(statement, true);
        ca_cancel_reset(&statement->cancel);
        ca_reply_wait(&statement->reply, &wait);
        next = ca_reply_next_result(&statement->reply);
    }
    if (next == CA_NEXT_END)
        return end_results(statement);
    ca_cursor_drop(statement);
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
