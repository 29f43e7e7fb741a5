#include "base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef CA_TEST_ALLOC
#include <stdatomic.h>

static atomic_ulong alloc_counter;
static atomic_ulong alloc_failing;

void ca_alloc_fail_at(unsigned long number)
{
    atomic_store(&alloc_counter, 0);
    atomic_store(&alloc_failing, number);
}

unsigned long ca_alloc_count(void)
{
    return atomic_load(&alloc_counter);
}

static int alloc_refused(void)
{
    return atomic_fetch_add(&alloc_counter, 1) + 1 == atomic_load(&alloc_failing);
}
#else
#define alloc_refused() 0
#endif

void *ca_alloc(size_t octets)
{
    return alloc_refused() ? NULL : malloc(octets ? octets : 1);
}

void *ca_calloc(size_t count, size_t octets)
{
    return alloc_refused() ? NULL : calloc(count ? count : 1, octets ? octets : 1);
}

void *ca_realloc(void *block, size_t octets)
{
    return alloc_refused() ? NULL : realloc(block, octets ? octets : 1);
}

void ca_free(void *block)
{
    free(block);
}

char *ca_strndup(const char *text, size_t octets)
{
    char *copy = ca_alloc(octets + 1);
    if (!copy)
        return NULL;
    memcpy(copy, text, octets);
    copy[octets] = '\0';
    return copy;
}

char *ca_strdup(const char *text)
{
    return ca_strndup(text, strlen(text));
}

void *ca_grow(void *items, size_t *capacity, size_t needed, size_t item_octets)
{
    enum { FIRST_CAPACITY = 8 };
    size_t wanted = *capacity ? *capacity : FIRST_CAPACITY;
    if (needed <= *capacity)
        return items;
    if (needed > SIZE_MAX / 2 / item_octets)
        return NULL;
    while (wanted < needed)
        wanted *= 2;
    void *grown = ca_realloc(items, wanted * item_octets);
    if (grown)
        *capacity = wanted;
    return grown;
}

void ca_wipe(void *block, size_t octets)
{
    if (block)
        explicit_bzero(block, octets);
}

void ca_free_secret(char *text)
{
    if (!text)
        return;
    ca_wipe(text, strlen(text));
    ca_free(text);
}
