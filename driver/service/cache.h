/* Listings of metadata, kept for a short while by the request that brought them. Callers who want the same
 * wait for the one who is asking. Knows nothing of requests: the key is any text.
 * What is kept takes at most CA_CACHE_OCTETS, in memory and files: the oldest goes first, and a listing that
 * is larger by itself is not kept. */
#ifndef CA_SERVICE_CACHE_H
#define CA_SERVICE_CACHE_H

#include <pthread.h>
#include <stdint.h>

#include "service/listing.h"

/* Some four hundred thousand tables. */
#define CA_CACHE_OCTETS ((size_t)32 << 20)

struct ca_cache_entry;

struct ca_cache {
    pthread_mutex_t lock; /* leaf lock */
    pthread_cond_t changed;
    struct ca_cache_entry *entries; /* the newest first */
    int64_t lifetime_ms;            /* 0 = nothing is kept */
};

void ca_cache_init(struct ca_cache *cache, int64_t lifetime_ms);
void ca_cache_destroy(struct ca_cache *cache);
/* After DDL, a change of catalog, or a reset. What is being asked for then is not kept either. */
void ca_cache_drop(struct ca_cache *cache);
/* Takes over the listing. */
void ca_cache_put(struct ca_cache *cache, const char *key, struct ca_listing *listing);
/* The listing of that key for the caller to release; or NULL, and the caller should ask the service. Then
 * *turn, where it is not NULL, must be given to ca_cache_fulfil: others may be waiting. */
struct ca_listing *ca_cache_get(struct ca_cache *cache, const char *key, const struct ca_wait *wait,
                                struct ca_cache_entry **turn);
/* The listing of that key if it is there now, for the caller to release. */
struct ca_listing *ca_cache_find(struct ca_cache *cache, const char *key);
/* Keeps the answer (NULL: there was none) and wakes those who wait. */
void ca_cache_fulfil(struct ca_cache *cache, struct ca_cache_entry *turn, struct ca_listing *listing);

#endif
