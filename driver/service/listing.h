/* A result held whole: metadata. Cells are plain UTF-8 (no JSON escapes), each NUL-terminated.
 * A row costs eight octets a column and the octets of its texts; a text that occurred a little before is kept
 * once. What exceeds a limit of memory lies in temporary files (base/region.h).
 * Counted references: the cache and the readers share one. */
#ifndef CA_SERVICE_LISTING_H
#define CA_SERVICE_LISTING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/region.h"
#include "data/cell.h"
#include "service/column.h"
#include "service/reply.h"

/* A cell as it is kept. */
struct ca_packed_cell {
    uint32_t at; /* in the texts */
    uint32_t octets : 29;
    uint32_t kind : 3; /* enum ca_cell_kind */
};

struct ca_listing {
    atomic_uint references;
    struct ca_columns columns;
    size_t rows;
    size_t width;
    struct ca_region cells; /* rows × width of struct ca_packed_cell */
    struct ca_region texts; /* CA_CELL_PADDING octets behind the last */
};

enum { CA_RECENT_TEXTS = 64 };

/* Collects rows cell by cell. A failure sticks: ca_listing_finish reports it. */
struct ca_listing_writer {
    struct ca_region cells;
    struct ca_region texts;
    struct ca_packed_cell recent[CA_RECENT_TEXTS]; /* by a hash of the text; at = its place + 1, 0 = none */
};

/* `memory_limit`: octets that the cells, and the texts, may take before they go to a file. */
void ca_listing_writer_init(struct ca_listing_writer *writer, size_t memory_limit);
/* Frees what was collected. */
void ca_listing_drop(struct ca_listing_writer *writer);
bool ca_listing_add_null(struct ca_listing_writer *writer);
/* kind: CA_CELL_STRING or CA_CELL_NUMBER; `text` is plain. */
bool ca_listing_add(struct ca_listing_writer *writer, enum ca_cell_kind kind, const char *text,
                    size_t octets);
bool ca_listing_add_integer(struct ca_listing_writer *writer, long long value);
/* A cell of a reply, its JSON escapes undone. */
bool ca_listing_add_cell(struct ca_listing_writer *writer, const struct ca_cell *cell);
/* Hands over the rows (frees the writer); NULL: HY001, or HY000 where a file failed or the list is too long.
 */
struct ca_listing *ca_listing_finish(struct ca_listing_writer *writer, size_t width, struct ca_error *error);

/* Reads the result in which the reply stands, to the end of the document. NULL: error set. */
struct ca_listing *ca_listing_read(struct ca_reply *reply, size_t memory_limit, struct ca_error *error);

/* The `parameters` of a finished reply as rows of name (with its @), type code and value. NULL: error set. */
struct ca_listing *ca_listing_of_parameters(const struct ca_reply *reply, struct ca_error *error);

struct ca_listing *ca_listing_retain(struct ca_listing *listing);
void ca_listing_release(struct ca_listing *listing);

/* Octets that rows and columns take, in memory and files. */
size_t ca_listing_octets(const struct ca_listing *listing);
/* A cell; NULL where `column` is -1: the listing has no such column. Valid as long as the listing. */
struct ca_cell ca_listing_cell(const struct ca_listing *listing, size_t row, int column);

static inline struct ca_packed_cell *ca_listing_packed_row(const struct ca_listing *listing, size_t row)
{
    return (struct ca_packed_cell *)(void *)listing->cells.data + row * listing->width;
}

#endif
