/*
 * Memory that is given back all at once.
 */
#ifndef SERVICE_ARENA_H
#define SERVICE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks;
};

/* Zeroed memory, aligned for any type; NULL without memory. */
void *arena_get(struct arena *arena, size_t octets);

/* A copy of a C string; NULL gives NULL, and so does a lack of memory. */
char *arena_text(struct arena *arena, const char *text);

void arena_free(struct arena *arena);

#endif
