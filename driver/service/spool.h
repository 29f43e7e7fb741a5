/* Rows of a reply kept for reading again in any order (static cursors), as the text that came, so that they
 * convert like rows of a stream. */
#ifndef CA_SERVICE_SPOOL_H
#define CA_SERVICE_SPOOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/region.h"
#include "service/reply.h"

/* A place in the spool where a row begins. */
struct ca_spool_mark {
    uint64_t row;
    uint64_t at;
};

struct ca_spool {
    uint64_t rows;
    unsigned width; /* columns */
    struct ca_region kept;
    struct ca_spool_mark *marks;
    size_t mark_count;
    size_t mark_capacity;
    /* the rows that are loaded */
    struct ca_reply view;
    uint64_t first; /* row */
    size_t *places; /* where each begins in the view */
    size_t place_count;
    size_t place_capacity;
};

void ca_spool_init(struct ca_spool *spool, unsigned width, size_t memory_limit);
void ca_spool_free(struct ca_spool *spool);
/* Adds the row in which the reply stands. */
bool ca_spool_add(struct ca_spool *spool, const struct ca_reply *reply, struct ca_error *error);
/* Makes rows first … first + count - 1 (0-based, all present) readable; they stay until the next call. */
bool ca_spool_load(struct ca_spool *spool, uint64_t first, uint64_t count, struct ca_error *error);
/* The cells of a loaded row; NULL: error set. */
const struct ca_cell *ca_spool_row(struct ca_spool *spool, uint64_t row, struct ca_error *error);

#endif
