/* Octets kept in the order in which they came, to be read again from any place: in memory up to a limit, then
 * in an unlinked temporary file. Knows nothing of what they mean. */
#ifndef CA_SERVICE_STORE_H
#define CA_SERVICE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

struct ca_store {
    struct ca_buffer memory; /* the last octets */
    size_t memory_limit;
    int file;             /* -1 = everything is in memory */
    uint64_t file_octets; /* the octets before */
};

void ca_store_init(struct ca_store *store, size_t memory_limit);
void ca_store_free(struct ca_store *store);
/* Forgets the octets; the memory stays for the next. */
void ca_store_clear(struct ca_store *store);
bool ca_store_add(struct ca_store *store, const void *data, size_t octets, struct ca_error *error);
/* Copies octets [at, at + octets), all present. */
bool ca_store_read(const struct ca_store *store, uint64_t at, char *to, size_t octets,
                   struct ca_error *error);

static inline uint64_t ca_store_octets(const struct ca_store *store)
{
    return store->file_octets + store->memory.length;
}

#endif
