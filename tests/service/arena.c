/*
 * Owns blocks of memory that live and die together. Knows nothing of what is kept in them.
 */
#include "arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
    struct arena_block *next;
    size_t used;
    size_t size;
    max_align_t start[];
};

enum { BLOCK_OCTETS = 16 * 1024 };

void *arena_get(struct arena *arena, size_t octets)
{
    const size_t step = _Alignof(max_align_t);

    if (octets > SIZE_MAX / 2)
        return NULL;
    octets = (octets + step - 1) / step * step;
    struct arena_block *block = arena->blocks;
    if (block == NULL || block->size - block->used < octets) {
        size_t size = octets > BLOCK_OCTETS ? octets : BLOCK_OCTETS;
        block = calloc(1, sizeof *block + size);
        if (block == NULL)
            return NULL;
        block->size = size;
        block->next = arena->blocks;
        arena->blocks = block;
    }
    void *memory = (char *)block->start + block->used;
    block->used += octets;
    return memory;
}

char *arena_text(struct arena *arena, const char *text)
{
    size_t length = text != NULL ? strlen(text) + 1 : 0;
    char *copy = text != NULL ? arena_get(arena, length) : NULL;

    if (copy != NULL)
        memcpy(copy, text, length);
    return copy;
}

void arena_free(struct arena *arena)
{
    while (arena->blocks != NULL) {
        struct arena_block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
}
