/*
 * Owns the list of live blocks and the secrets that none may hold. Knows nothing of ODBC.
 */
#include "recorder.h"

#include <execinfo.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECRETS_MAX = 32, SECRET_OCTETS = 256, FRAMES = 12 };

struct block {
    struct block *next, *previous;
    size_t octets;
    max_align_t data[];
};

struct secret {
    unsigned char octets[SECRET_OCTETS];
    size_t length;
    const char *text;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct block blocks = {&blocks, &blocks, 0};
static struct secret secrets[SECRETS_MAX];
static size_t secret_count, findings, allocated;

static void search(const struct block *block, bool live)
{
    void *frames[FRAMES];

    for (size_t i = 0; i < secret_count; i++)
        if (memmem(block->data, block->octets, secrets[i].octets, secrets[i].length) != NULL) {
            findings++;
            fprintf(stderr, "a %s block of %zu octets holds %s\n", live ? "live" : "freed", block->octets,
                    secrets[i].text);
            if (!live)
                backtrace_symbols_fd(frames, backtrace(frames, FRAMES), STDERR_FILENO);
        }
}

void *recorded_malloc(size_t octets)
{
    struct block *block = octets < SIZE_MAX - sizeof *block ? malloc(sizeof *block + octets) : NULL;

    if (block == NULL)
        return NULL;
    block->octets = octets;
    memset(block->data, 0, octets); /* what an earlier owner left is not this one's */
    pthread_mutex_lock(&lock);
    block->next = &blocks;
    block->previous = blocks.previous;
    blocks.previous->next = block;
    blocks.previous = block;
    allocated++;
    pthread_mutex_unlock(&lock);
    return block->data;
}

void *recorded_calloc(size_t count, size_t octets)
{
    return octets != 0 && count > SIZE_MAX / octets ? NULL : recorded_malloc(count * octets);
}

static struct block *block_of(void *data)
{
    return (struct block *)(void *)((char *)data - offsetof(struct block, data));
}

void recorded_free(void *data)
{
    if (data == NULL)
        return;
    struct block *block = block_of(data);
    pthread_mutex_lock(&lock);
    search(block, false);
    block->previous->next = block->next;
    block->next->previous = block->previous;
    pthread_mutex_unlock(&lock);
    free(block);
}

void *recorded_realloc(void *data, size_t octets)
{
    void *grown = recorded_malloc(octets);

    if (grown == NULL || data == NULL)
        return grown;
    size_t old = block_of(data)->octets;
    memcpy(grown, data, old < octets ? old : octets);
    recorded_free(data);
    return grown;
}

static void add_secret(const char *text, size_t unit)
{
    struct secret *secret = &secrets[secret_count];
    size_t length = strlen(text);

    if (secret_count == SECRETS_MAX || length * unit > SECRET_OCTETS)
        abort();
    for (size_t i = 0; i < length; i++)
        secret->octets[i * unit] = (unsigned char)text[i];
    secret->length = length * unit;
    secret->text = text;
    secret_count++;
}

void recorder_secret(const char *text)
{
    pthread_mutex_lock(&lock);
    add_secret(text, 1);
    add_secret(text, sizeof(uint16_t));
    pthread_mutex_unlock(&lock);
}

size_t recorder_findings(void)
{
    pthread_mutex_lock(&lock);
    for (struct block *block = blocks.next; block != &blocks; block = block->next)
        search(block, true);
    size_t found = findings;
    pthread_mutex_unlock(&lock);
    return found;
}

size_t recorder_blocks(void)
{
    pthread_mutex_lock(&lock);
    size_t count = allocated;
    pthread_mutex_unlock(&lock);
    return count;
}
