#include "odbc/scroll.h"

#include <string.h>

#include "base/alloc.h"
#include "service/spool.h"

/* The target of a move. */
enum { BEFORE_START = 0, AFTER_END = -1 };

/* No result has so many rows; offsets beyond it mean the same and would overflow. */
#define MOST_ROWS (INT64_MAX / 4)

SQLRETURN ca_scroll_open(struct ca_statement *statement)
{
    struct ca_cursor *cursor = &statement->cursor;
    cursor->scrollable = statement->cursor_type != SQL_CURSOR_FORWARD_ONLY;
    cursor->start = 0;
    cursor->next_row = 0;
    cursor->after_end = false;
    if (!cursor->scrollable || cursor->source != CA_SOURCE_REPLY)
        return SQL_SUCCESS;
    cursor->spool = ca_calloc(1, sizeof *cursor->spool);
    if (!cursor->spool)
        return ca_post_state(&statement->handle, "HY001");
    size_t limit = (size_t)ca_option_number(&statement->connection->options, CA_OPTION_SPOOL_MEMORY);
    ca_spool_init(cursor->spool, statement->columns->count, limit);
    cursor->source = CA_SOURCE_SPOOL;
    cursor->complete = false;
    return SQL_SUCCESS;
}

void ca_scroll_close(struct ca_statement *statement)
{
    struct ca_cursor *cursor = &statement->cursor;
    if (cursor->spool) {
        ca_spool_free(cursor->spool);
        ca_free(cursor->spool);
    }
    cursor->spool = NULL;
}

/* ---- rows ---- */

static uint64_t known_rows(const struct ca_cursor *cursor)
{
    return cursor->source == CA_SOURCE_LISTING ? cursor->listing->rows : cursor->spool->rows;
}

/* The application never sees more than SQL_ATTR_MAX_ROWS. */
static uint64_t allowed(const struct ca_statement *statement, uint64_t rows)
{
    return statement->max_rows && rows > statement->max_rows ? statement->max_rows : rows;
}

enum ca_next ca_scroll_reach(struct ca_statement *statement, uint64_t count)
{
    struct ca_cursor *cursor = &statement->cursor;
    struct ca_error *error = &statement->reply.error;
    if (count > allowed(statement, count))
        return CA_NEXT_END;
    while (cursor->source == CA_SOURCE_SPOOL && !cursor->complete && cursor->spool->rows < count) {
        ca_reply_keep(&statement->reply);
        enum ca_next next = ca_reply_next_row(&statement->reply);
        if (next == CA_NEXT_FAILED ||
            (next == CA_NEXT_READ && !ca_spool_add(cursor->spool, &statement->reply, error)))
            return CA_NEXT_FAILED;
        cursor->complete = next == CA_NEXT_END;
    }
    return known_rows(cursor) >= count ? CA_NEXT_READ : CA_NEXT_END;
}

SQLLEN ca_scroll_count(struct ca_statement *statement)
{
    if (ca_scroll_reach(statement, statement->max_rows ? statement->max_rows : UINT64_MAX) == CA_NEXT_FAILED)
        return -1;
    return (SQLLEN)allowed(statement, known_rows(&statement->cursor));
}

const struct ca_cell *ca_scroll_row(struct ca_statement *statement, uint64_t row)
{
    struct ca_error error = CA_ERROR_INIT;
    struct ca_cursor *cursor = &statement->cursor;
    if (cursor->source == CA_SOURCE_LISTING) {
        for (size_t i = 0; i < cursor->listing->width; i++)
            cursor->listing_row[i] = ca_listing_cell(cursor->listing, row, (int)i);
        return cursor->listing_row;
    }
    const struct ca_cell *cells = NULL;
    if (ca_spool_load(cursor->spool, row, 1, &error))
        cells = ca_spool_row(cursor->spool, row, &error);
    if (!cells)
        ca_post_error(&statement->handle, &error);
    return cells;
}

/* ---- moving ---- */

struct move {
    struct ca_statement *statement;
    SQLLEN start; /* of the current rowset, 1-based */
    SQLLEN size;  /* of the rowset to come */
    bool before;
    bool after;
    bool cut; /* the rowset would begin before the first row: it begins there (01S06) */
    bool failed;
};

/* Row `target` if it exists. */
static SQLLEN at_row(struct move *move, SQLLEN target)
{
    enum ca_next next = ca_scroll_reach(move->statement, (uint64_t)target);
    move->failed |= next == CA_NEXT_FAILED;
    return next == CA_NEXT_READ ? target : AFTER_END;
}

static SQLLEN last_row(struct move *move)
{
    SQLLEN count = ca_scroll_count(move->statement);
    move->failed |= count < 0;
    return count;
}

static SQLLEN first_row_cut(struct move *move)
{
    move->cut = true;
    return at_row(move, 1);
}

static SQLLEN move_absolute(struct move *move, SQLLEN offset)
{
    if (offset >= 0)
        return offset ? at_row(move, offset) : BEFORE_START;
    SQLLEN last = last_row(move);
    if (last < 0)
        return AFTER_END;
    if (-offset <= last)
        return last + offset + 1;
    return -offset > move->size ? BEFORE_START : first_row_cut(move);
}

static SQLLEN move_relative(struct move *move, SQLLEN offset)
{
    if ((move->before && offset > 0) || (move->after && offset < 0))
        return move_absolute(move, offset);
    if (move->before || move->after)
        return move->before ? BEFORE_START : AFTER_END;
    if (move->start + offset >= 1)
        return at_row(move, move->start + offset);
    return move->start > 1 && -offset <= move->size ? first_row_cut(move) : BEFORE_START;
}

static SQLLEN move_last(struct move *move)
{
    SQLLEN last = last_row(move);
    if (last <= 0)
        return AFTER_END;
    return last >= move->size ? last - move->size + 1 : 1;
}

static SQLLEN move_prior(struct move *move)
{
    if (move->after)
        return move_last(move);
    if (move->before || move->start == 1)
        return BEFORE_START;
    return move->start <= move->size ? first_row_cut(move) : at_row(move, move->start - move->size);
}

static SQLLEN move_next(struct move *move)
{
    if (move->after)
        return AFTER_END;
    SQLLEN step = (SQLLEN)move->statement->cursor.last_size;
    return at_row(move, move->before ? 1 : move->start + step);
}

/* Moves to the row of a bookmark: the eight octets that column 0 gives. */
static SQLLEN move_bookmark(struct move *move, SQLLEN offset)
{
    uint64_t row;
    memcpy(&row, move->statement->bookmark_ptr, sizeof row);
    SQLLEN target = (row > MOST_ROWS ? MOST_ROWS : (SQLLEN)row) + offset;
    return target < 1 ? BEFORE_START : at_row(move, target);
}

static SQLLEN find_target(struct move *move, SQLSMALLINT orientation, SQLLEN offset)
{
    switch (orientation) {
    case SQL_FETCH_NEXT:
        return move_next(move);
    case SQL_FETCH_PRIOR:
        return move_prior(move);
    case SQL_FETCH_FIRST:
        return at_row(move, 1);
    case SQL_FETCH_LAST:
        return move_last(move);
    case SQL_FETCH_ABSOLUTE:
        return move_absolute(move, offset);
    case SQL_FETCH_RELATIVE:
        return move_relative(move, offset);
    default:
        return move_bookmark(move, offset);
    }
}

static const char *refusal(const struct ca_statement *statement, SQLSMALLINT orientation)
{
    bool known = (orientation >= SQL_FETCH_NEXT && orientation <= SQL_FETCH_RELATIVE) ||
                 orientation == SQL_FETCH_BOOKMARK;
    if (!known)
        return "HY106";
    if (orientation == SQL_FETCH_BOOKMARK && statement->use_bookmarks == SQL_UB_OFF)
        return "HY106";
    return orientation == SQL_FETCH_BOOKMARK && !statement->bookmark_ptr ? "HY111" : NULL;
}

SQLRETURN ca_scroll_move(struct ca_statement *statement, SQLSMALLINT orientation, SQLLEN offset, SQLULEN size)
{
    struct ca_cursor *cursor = &statement->cursor;
    const char *state = refusal(statement, orientation);
    if (state)
        return ca_post_state(&statement->handle, state);
    offset = offset > MOST_ROWS ? MOST_ROWS : offset < -MOST_ROWS ? -MOST_ROWS : offset;
    struct move move = {.statement = statement,
                        .start = (SQLLEN)cursor->start,
                        .size = (SQLLEN)size,
                        .before = cursor->start == 0 && !cursor->after_end,
                        .after = cursor->after_end};
    SQLLEN target = find_target(&move, orientation, offset);
    if (move.failed)
        return SQL_ERROR;
    cursor->after_end = target == AFTER_END;
    cursor->start = target > 0 ? (uint64_t)target : 0;
    cursor->last_size = size;
    if (target <= 0)
        return SQL_NO_DATA;
    cursor->next_row = (uint64_t)target - 1;
    return move.cut ? ca_post_state(&statement->handle, "01S06") : SQL_SUCCESS;
}
