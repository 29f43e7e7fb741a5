/* A small result held whole: metadata. Cells are plain UTF-8 (no JSON escapes), each NUL-terminated.
 * Counted references: the cache and open catalog results share one. */
#ifndef CA_SERVICE_LISTING_H
#define CA_SERVICE_LISTING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "data/cell.h"
#include "service/column.h"
#include "service/reply.h"

struct ca_listing {
    atomic_uint references;
    struct ca_columns columns;
    struct ca_cell *cells; /* rows × width */
    size_t rows;
    size_t width;
    char *texts;
};

/* Collects rows cell by cell. */
struct ca_listing_writer {
    struct ca_buffer cells; /* struct ca_cell, text as offset until finished */
    struct ca_buffer texts;
};

void ca_listing_writer_init(struct ca_listing_writer *writer);
/* Frees what was collected. */
void ca_listing_drop(struct ca_listing_writer *writer);
bool ca_listing_add_null(struct ca_listing_writer *writer);
/* kind: CA_CELL_STRING or CA_CELL_NUMBER; `text` is plain. */
bool ca_listing_add(struct ca_listing_writer *writer, enum ca_cell_kind kind, const char *text,
                    size_t octets);
bool ca_listing_add_integer(struct ca_listing_writer *writer, long long value);
/* A cell of a reply, its JSON escapes undone. */
bool ca_listing_add_cell(struct ca_listing_writer *writer, const struct ca_cell *cell);
/* Hands over the rows (frees the writer); NULL and HY001 if memory ran out. */
struct ca_listing *ca_listing_finish(struct ca_listing_writer *writer, size_t width, struct ca_error *error);

/* Reads the result in which the reply stands, to the end of the document. NULL: error set. */
struct ca_listing *ca_listing_read(struct ca_reply *reply, struct ca_error *error);

/* The `parameters` of a finished reply as rows of name (with its @), type code and value. NULL: error set. */
struct ca_listing *ca_listing_of_parameters(const struct ca_reply *reply, struct ca_error *error);

struct ca_listing *ca_listing_retain(struct ca_listing *listing);
void ca_listing_release(struct ca_listing *listing);

static inline const struct ca_cell *ca_listing_row(const struct ca_listing *listing, size_t row)
{
    return listing->cells + row * listing->width;
}

#endif
