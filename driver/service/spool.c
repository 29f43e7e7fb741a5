#include "service/spool.h"

#include <string.h>

#include "base/alloc.h"
#include "service/token.h"

enum { MARK_ROWS = 64, MARK_OCTETS = 64 * 1024 };

void ca_spool_init(struct ca_spool *spool, unsigned width, size_t memory_limit)
{
    memset(spool, 0, sizeof *spool);
    ca_region_init(&spool->kept, memory_limit, SIZE_MAX / 2);
    ca_reply_init(&spool->view);
    spool->width = width;
}

void ca_spool_free(struct ca_spool *spool)
{
    ca_region_free(&spool->kept);
    spool->view.columns.count = 0; /* only counted, nothing owned */
    ca_reply_free(&spool->view);
    ca_free(spool->marks);
    ca_free(spool->places);
    spool->marks = NULL;
    spool->places = NULL;
}

/* ---- writing ---- */

static bool add_mark(struct ca_spool *spool)
{
    uint64_t at = spool->kept.length;
    const struct ca_spool_mark *last = spool->mark_count ? &spool->marks[spool->mark_count - 1] : NULL;
    if (last && spool->rows - last->row < MARK_ROWS && at - last->at < MARK_OCTETS)
        return true;
    struct ca_spool_mark *marks =
        ca_grow(spool->marks, &spool->mark_capacity, spool->mark_count + 1, sizeof *marks);
    if (!marks)
        return false;
    spool->marks = marks;
    spool->marks[spool->mark_count++] = (struct ca_spool_mark){spool->rows, at};
    return true;
}

bool ca_spool_add(struct ca_spool *spool, const struct ca_reply *reply, struct ca_error *error)
{
    const char *row = reply->stream.window.data + reply->stream.unit;
    size_t octets = reply->at - reply->stream.unit;
    if (!add_mark(spool))
        return ca_error_no_memory(error);
    spool->rows++;
    return ca_region_add(&spool->kept, row, octets) || ca_region_error(&spool->kept, error);
}

/* ---- reading ---- */

/* Octets [at, at + octets) into the view. */
static bool fill_view(struct ca_spool *spool, uint64_t at, size_t octets, struct ca_error *error)
{
    struct ca_stream *stream = &spool->view.stream;
    ca_window_drop(&stream->window, stream->window.end);
    if (!ca_window_add(&stream->window, spool->kept.data + at, octets))
        return ca_error_no_memory(error);
    stream->keep = stream->unit = 0;
    stream->ended = true;
    stream->maximum = octets;
    return true;
}

/* The last mark at or before a row. */
static size_t find_mark(const struct ca_spool *spool, uint64_t row)
{
    size_t low = 0;
    size_t high = spool->mark_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (spool->marks[middle].row <= row)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static bool add_place(struct ca_spool *spool, size_t place)
{
    size_t *places = ca_grow(spool->places, &spool->place_capacity, spool->place_count + 1, sizeof *places);
    if (!places)
        return false;
    spool->places = places;
    spool->places[spool->place_count++] = place;
    return true;
}

/* Finds where each row of the view begins. */
static bool index_view(struct ca_spool *spool, struct ca_error *error)
{
    struct ca_reply *view = &spool->view;
    view->at = 0;
    spool->place_count = 0;
    while (view->at < view->stream.window.end) {
        if (!add_place(spool, view->at))
            return ca_error_no_memory(error);
        if (!ca_row_scan(view)) {
            ca_error_move(error, &view->error);
            return false;
        }
    }
    return true;
}

bool ca_spool_load(struct ca_spool *spool, uint64_t first, uint64_t count, struct ca_error *error)
{
    if (first >= spool->first && first + count <= spool->first + spool->place_count)
        return true;
    size_t from = find_mark(spool, first);
    size_t behind = find_mark(spool, first + count - 1) + 1;
    uint64_t end = behind < spool->mark_count ? spool->marks[behind].at : spool->kept.length;
    uint64_t at = spool->marks[from].at;
    spool->first = spool->marks[from].row;
    spool->place_count = 0;
    spool->view.columns.count = spool->width;
    if (!ca_reply_reserve(&spool->view, 1)) {
        ca_error_move(error, &spool->view.error);
        return false;
    }
    return fill_view(spool, at, (size_t)(end - at), error) && index_view(spool, error);
}

const struct ca_cell *ca_spool_row(struct ca_spool *spool, uint64_t row, struct ca_error *error)
{
    spool->view.at = spool->places[row - spool->first];
    if (ca_row_scan(&spool->view))
        return spool->view.cells;
    ca_error_move(error, &spool->view.error);
    return NULL;
}
