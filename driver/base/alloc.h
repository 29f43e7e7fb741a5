/* Owns every allocation of the driver, so that a test can fail the n-th one.
 * Failure returns NULL; callers report HY001. */
#ifndef CA_BASE_ALLOC_H
#define CA_BASE_ALLOC_H

#include <stddef.h>

void *ca_alloc(size_t octets);
void *ca_calloc(size_t count, size_t octets);
void *ca_realloc(void *block, size_t octets);
void ca_free(void *block);
char *ca_strdup(const char *text);
char *ca_strndup(const char *text, size_t octets);

/* Room for `needed` items in a growing array: the array, moved if it had to be, with *capacity updated. NULL:
 * no memory, and the old array stays. */
void *ca_grow(void *items, size_t *capacity, size_t needed, size_t item_octets);

/* Overwrites a secret so that the compiler cannot drop the store. */
void ca_wipe(void *block, size_t octets);
/* Wipes and frees a NUL-terminated secret; NULL is allowed. */
void ca_free_secret(char *text);

#ifdef CA_TEST_ALLOC
/* Fails the allocation with this number from now on (1 = the next one); 0 = none. */
void ca_alloc_fail_at(unsigned long number);
/* Allocations requested since the last ca_alloc_fail_at. */
unsigned long ca_alloc_count(void);
#endif

#endif
