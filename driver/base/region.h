/* A growing block of octets of any size in bounded memory: beyond a limit it lies in an unlinked temporary
 * file, mapped, whose pages the system may write out and drop. The file's space is reserved before it is
 * used, so a full disk is a failure of growing and never a signal. After the first failure the region refuses
 * everything more. */
#ifndef CA_BASE_REGION_H
#define CA_BASE_REGION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct ca_region {
    char *data; /* moves when the region grows */
    size_t length;
    size_t capacity;
    size_t memory_limit; /* octets; at least 64 KiB */
    size_t maximum;      /* octets */
    int file;            /* -1 = in memory */
    int failure;         /* errno: ENOMEM, EFBIG beyond the maximum, else of the file; 0 = none */
};

void ca_region_init(struct ca_region *region, size_t memory_limit, size_t maximum);
void ca_region_free(struct ca_region *region);
/* Makes room for `octets` more behind `length`. false: `failure` is set. */
bool ca_region_reserve(struct ca_region *region, size_t octets);
bool ca_region_add(struct ca_region *region, const void *data, size_t octets);
/* Sets the error that `failure` stands for; returns false. */
bool ca_region_error(const struct ca_region *region, struct ca_error *error);
/* Gives back what is reserved but not used. */
void ca_region_trim(struct ca_region *region);

#endif
