/* SQLFetch, SQLFetchScroll, SQLExtendedFetch, SQLSetPos. */
#include "odbc/fetch.h"

#include <string.h>

#include "base/alloc.h"
#include "odbc/inner.h"
#include "odbc/scroll.h"

/* Where one call puts its results. */
struct rowset {
    SQLSMALLINT orientation;
    SQLLEN offset;
    SQLULEN size;
    SQLULEN *fetched;
    SQLUSMALLINT *status;
};

/* ---- rows from their source ---- */

static enum ca_next next_kept_row(struct ca_statement *statement, struct ca_plan_rows *rows)
{
    struct ca_cursor *cursor = &statement->cursor;
    enum ca_next next = ca_scroll_reach(statement, cursor->next_row + 1);
    if (next != CA_NEXT_READ)
        return next;
    cursor->row_offsets[rows->first] = cursor->next_row;
    rows->cells = ca_scroll_row(statement, cursor->next_row++);
    rows->count = rows->cells != NULL;
    return rows->cells ? CA_NEXT_READ : CA_NEXT_FAILED;
}

/* Up to `wanted` rows behind rows->first; those there are, are good whatever is returned. */
static enum ca_next next_rows(struct ca_statement *statement, SQLULEN wanted, struct ca_plan_rows *rows)
{
    rows->count = 0;
    if (statement->cursor.source != CA_SOURCE_REPLY)
        return next_kept_row(statement, rows);
    size_t *offsets = statement->cursor.row_offsets + rows->first;
    enum ca_next next = ca_reply_next_rows(&statement->reply, wanted, offsets, &rows->count);
    rows->cells = statement->reply.cells;
    return next;
}

const struct ca_cell *ca_cursor_cells(struct ca_statement *statement, SQLULEN row)
{
    struct ca_cursor *cursor = &statement->cursor;
    size_t place = cursor->row_offsets[row - 1];
    if (cursor->source != CA_SOURCE_REPLY)
        return ca_scroll_row(statement, place);
    if (ca_reply_reread(&statement->reply, place))
        return statement->reply.cells;
    ca_post_copy(&statement->handle, &statement->reply.error);
    return NULL;
}

static bool reserve_offsets(struct ca_cursor *cursor, SQLULEN rows)
{
    size_t *offsets = ca_grow(cursor->row_offsets, &cursor->row_capacity, rows, sizeof *offsets);
    if (!offsets)
        return false;
    cursor->row_offsets = offsets;
    return true;
}

/* ---- one rowset ---- */

/* Converts rows and tells what became of each; returns how many are in error. */
static SQLULEN convert_rows(struct ca_statement *statement, const struct rowset *rowset,
                            const struct ca_plan_rows *rows)
{
    static const SQLUSMALLINT status[] = {[CA_ROW_GOOD] = SQL_ROW_SUCCESS,
                                          [CA_ROW_INFO] = SQL_ROW_SUCCESS_WITH_INFO,
                                          [CA_ROW_ERROR] = SQL_ROW_ERROR};
    SQLULEN errors = 0;
    if (!statement->plan.count && !rowset->status)
        return 0; /* SQLGetData reads them */
    memset(rows->outcomes, CA_ROW_GOOD, rows->count);
    if (statement->plan.count && statement->retrieve_data == SQL_RD_ON)
        ca_plan_run(statement, rows);
    for (size_t i = 0; i < rows->count; i++) {
        if (rowset->status)
            rowset->status[rows->first + i] = status[rows->outcomes[i]];
        errors += rows->outcomes[i] == CA_ROW_ERROR;
    }
    return errors;
}

static void finish_rowset(struct ca_statement *statement, const struct rowset *rowset, SQLULEN rows)
{
    struct ca_cursor *cursor = &statement->cursor;
    for (SQLULEN i = rows; rowset->status && i < rowset->size; i++)
        rowset->status[i] = SQL_ROW_NOROW;
    if (rowset->fetched)
        *rowset->fetched = rows;
    cursor->rowset_rows = rows;
    cursor->rowset_position = rows ? 1 : 0;
    cursor->rows_delivered += rows;
    cursor->part_of = NULL;
    if (!rows)
        cursor->cells = NULL;
}

static void remember_failure(struct ca_statement *statement)
{
    ca_error_copy(&statement->cursor.failure, &statement->reply.error);
}

/* The rows broke off. Good rows before it are delivered, with a warning; the next fetch gives the error. */
static SQLRETURN broke_off(struct ca_statement *statement, SQLULEN rows, SQLULEN errors)
{
    remember_failure(statement);
    if (rows == errors)
        return ca_post_copy(&statement->handle, &statement->cursor.failure);
    return ca_post(&statement->handle, "01000", "The result is incomplete: %s",
                   ca_error_text(&statement->cursor.failure));
}

static SQLRETURN judge(struct ca_statement *statement, SQLULEN rows, SQLULEN errors)
{
    if (errors == 0)
        return SQL_SUCCESS;
    if (errors == rows)
        return SQL_ERROR;
    ca_post_state(&statement->handle, "01S01");
    return SQL_SUCCESS_WITH_INFO;
}

static SQLULEN rows_wanted(const struct ca_statement *statement, SQLULEN size)
{
    SQLULEN delivered = statement->cursor.rows_delivered;
    if (!statement->max_rows || statement->cursor.scrollable)
        return size;
    SQLULEN left = statement->max_rows > delivered ? statement->max_rows - delivered : 0;
    return left < size ? left : size;
}

/* Reads and converts up to `wanted` rows; *next says why it stopped. */
static SQLULEN read_rows(struct ca_statement *statement, const struct rowset *rowset, SQLULEN wanted,
                         enum ca_next *next, SQLULEN *errors)
{
    struct ca_cursor *cursor = &statement->cursor;
    unsigned char outcomes[CA_REPLY_ROWS_MOST];
    struct ca_plan_rows rows = {.width = statement->columns->count, .outcomes = outcomes};
    *next = wanted ? CA_NEXT_READ : CA_NEXT_END;
    while (rows.first < wanted && *next == CA_NEXT_READ) {
        *next = next_rows(statement, wanted - rows.first, &rows);
        *errors += convert_rows(statement, rowset, &rows);
        rows.first += rows.count;
    }
    /* The cells of a single row are still there for SQLGetData. */
    cursor->cells = rows.first == 1 && wanted == 1 ? rows.cells : NULL;
    return rows.first;
}

/* Everything but the conversion: what stands in the way, where to begin. SQL_SUCCESS: read rows. */
static SQLRETURN begin_rowset(struct ca_statement *statement, const struct rowset *rowset)
{
    struct ca_cursor *cursor = &statement->cursor;
    if (ca_error_is_set(&cursor->failure))
        return ca_post_copy(&statement->handle, &cursor->failure);
    if (cursor->at_end)
        return SQL_NO_DATA;
    if (ca_plan_build(statement) == SQL_ERROR)
        return SQL_ERROR;
    if (!reserve_offsets(cursor, rowset->size))
        return ca_post_state(&statement->handle, "HY001");
    if (cursor->source != CA_SOURCE_LISTING) {
        struct ca_wait wait = ca_statement_wait(statement, cursor->rows_delivered == 0);
        ca_cancel_reset(&statement->cancel);
        ca_reply_wait(&statement->reply, &wait);
    }
    if (cursor->source == CA_SOURCE_REPLY)
        ca_reply_keep(&statement->reply);
    if (!cursor->scrollable)
        return SQL_SUCCESS;
    SQLRETURN result = ca_scroll_move(statement, rowset->orientation, rowset->offset, rowset->size);
    if (result == SQL_ERROR && ca_error_is_set(&statement->reply.error))
        return broke_off(statement, 0, 0);
    return result;
}

static SQLRETURN fetch_rowset(struct ca_statement *statement, const struct rowset *rowset)
{
    struct ca_cursor *cursor = &statement->cursor;
    SQLULEN errors = 0;
    enum ca_next next;
    SQLRETURN result = begin_rowset(statement, rowset);
    if (!SQL_SUCCEEDED(result)) {
        finish_rowset(statement, rowset, 0);
        return result;
    }
    if (!cursor->scrollable)
        cursor->start = cursor->rows_delivered + 1;
    SQLULEN wanted = rows_wanted(statement, rowset->size);
    SQLULEN rows = read_rows(statement, rowset, wanted, &next, &errors);
    finish_rowset(statement, rowset, rows);
    if (next == CA_NEXT_FAILED)
        return broke_off(statement, rows, errors);
    if (rows == 0) {
        cursor->at_end = !cursor->scrollable;
        return SQL_NO_DATA;
    }
    return judge(statement, rows, errors);
}

static struct rowset own_rowset(const struct ca_statement *statement)
{
    return (struct rowset){.orientation = SQL_FETCH_NEXT,
                           .size = statement->ard->array_size,
                           .fetched = statement->ird->rows_processed_ptr,
                           .status = statement->ird->array_status_ptr};
}

SQLRETURN ca_odbc_fetch(struct ca_statement *statement)
{
    struct rowset rowset = own_rowset(statement);
    statement->state = CA_STATE_FETCHED;
    return fetch_rowset(statement, &rowset);
}

static SQLRETURN check_orientation(struct ca_statement *statement, SQLSMALLINT orientation)
{
    if (orientation == SQL_FETCH_NEXT || statement->cursor.scrollable)
        return SQL_SUCCESS;
    return ca_post(&statement->handle, "HY106",
                   "The cursor is forward-only: set SQL_ATTR_CURSOR_TYPE to SQL_CURSOR_STATIC to scroll.");
}

SQLRETURN ca_odbc_fetch_scroll(struct ca_statement *statement, SQLSMALLINT orientation, SQLLEN offset)
{
    struct rowset rowset = own_rowset(statement);
    if (check_orientation(statement, orientation) == SQL_ERROR)
        return SQL_ERROR;
    rowset.orientation = orientation;
    rowset.offset = offset;
    statement->state = CA_STATE_FETCHED;
    return fetch_rowset(statement, &rowset);
}

SQLRETURN ca_odbc_extended_fetch(struct ca_statement *statement, SQLUSMALLINT orientation, SQLLEN offset,
                                 SQLULEN *rows, SQLUSMALLINT *status)
{
    struct rowset rowset = {.orientation = (SQLSMALLINT)orientation,
                            .offset = offset,
                            .size = statement->extended_rowset,
                            .fetched = rows,
                            .status = status};
    uint64_t bookmark = (uint64_t)offset;
    SQLPOINTER own_bookmark = statement->bookmark_ptr;
    if (check_orientation(statement, (SQLSMALLINT)orientation) == SQL_ERROR)
        return SQL_ERROR;
    statement->state = CA_STATE_EXTENDED;
    if (orientation == SQL_FETCH_BOOKMARK) {
        /* ODBC 2 passes the bookmark itself. */
        statement->bookmark_ptr = &bookmark;
        rowset.offset = 0;
    }
    SQLRETURN result = fetch_rowset(statement, &rowset);
    statement->bookmark_ptr = own_bookmark;
    return result;
}

/* ---- SQLSetPos ---- */

/* Converts rows of the rowset again; `operations` (NULL: none) says which of them are left out. */
static SQLRETURN refresh(struct ca_statement *statement, SQLULEN first, SQLULEN last,
                         const SQLUSMALLINT *operations)
{
    struct rowset rowset = own_rowset(statement);
    unsigned char outcome;
    struct ca_plan_rows one = {.width = statement->columns->count, .count = 1, .outcomes = &outcome};
    SQLULEN errors = 0;
    if (ca_plan_build(statement) == SQL_ERROR)
        return SQL_ERROR;
    statement->cursor.cells = NULL; /* those of SQLGetData give way to the rows read again */
    for (SQLULEN row = first; row <= last; row++) {
        if (operations && operations[row - 1] == SQL_ROW_IGNORE)
            continue;
        one.cells = ca_cursor_cells(statement, row);
        one.first = row - 1;
        if (!one.cells)
            return SQL_ERROR;
        errors += convert_rows(statement, &rowset, &one);
    }
    return judge(statement, last - first + 1, errors);
}

SQLRETURN ca_odbc_set_pos(struct ca_statement *statement, SQLSETPOSIROW row, SQLUSMALLINT operation,
                          SQLUSMALLINT lock)
{
    struct ca_cursor *cursor = &statement->cursor;
    struct ca_handle *handle = &statement->handle;
    if (operation > SQL_ADD || lock > SQL_LOCK_UNLOCK)
        return ca_post_state(handle, "HY092");
    if (operation != SQL_POSITION && operation != SQL_REFRESH)
        return ca_post(handle, "HYC00", "The cursor is read-only: use UPDATE, DELETE and INSERT statements.");
    if (lock != SQL_LOCK_NO_CHANGE)
        return ca_post_state(handle, "HYC00");
    if (cursor->rowset_rows == 0)
        return ca_post_state(handle, "24000");
    if (row > cursor->rowset_rows || (row == 0 && operation == SQL_POSITION))
        return ca_post_state(handle, "HY107");
    if (row) {
        cursor->rowset_position = row;
        cursor->cells = NULL;
        cursor->part_of = NULL;
    }
    if (operation == SQL_POSITION)
        return SQL_SUCCESS;
    return row ? refresh(statement, row, row, NULL)
               : refresh(statement, 1, cursor->rowset_rows, statement->ard->array_status_ptr);
}

SQLRETURN ca_odbc_bulk_operations(struct ca_statement *statement, SQLSMALLINT operation)
{
    if (operation < SQL_ADD || operation > SQL_FETCH_BY_BOOKMARK)
        return ca_post_state(&statement->handle, "HY092");
    return ca_post(
        &statement->handle, "HYC00",
        "The cursor is read-only: insert with a parameter array (SQL_ATTR_PARAMSET_SIZE) instead.");
}
