/*
 * Records every block that the driver allocates: this program's driver has the recorder's functions in place
 * of malloc, calloc, realloc and free (see the Makefile). A block is searched for the secrets when it is
 * freed, and growing is allocating, copying and freeing, so that no copy goes unseen. What libraries allocate
 * is theirs.
 */
#ifndef ODBC_RECORDER_H
#define ODBC_RECORDER_H

#include <stddef.h>

void *recorded_malloc(size_t octets);
void *recorded_calloc(size_t count, size_t octets);
void *recorded_realloc(void *block, size_t octets);
void recorded_free(void *block);

/* From now on this text is searched for, in UTF-8 and in UTF-16. */
void recorder_secret(const char *text);
/* Searches the blocks that live. Returns how many were found to hold a secret so far, freed ones included,
 * and prints each once with the calls that led to its end. */
size_t recorder_findings(void);
/* Blocks allocated so far. */
size_t recorder_blocks(void);

#endif
