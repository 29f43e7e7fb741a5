#include "service/cache.h"

#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"

enum { WAIT_SLICE_MS = 20 };

struct ca_cache_entry {
    struct ca_cache_entry *next;
    char *key;                  /* address, or address and body */
    struct ca_listing *listing; /* NULL while the first caller asks for it */
    size_t octets;
    int64_t expires_ms;
    bool outdated; /* the cache was dropped while the caller asked: the answer may be older */
};

void ca_cache_init(struct ca_cache *cache, int64_t lifetime_ms)
{
    cache->lifetime_ms = lifetime_ms;
    pthread_mutex_init(&cache->lock, NULL);
    pthread_cond_init(&cache->changed, NULL);
    cache->entries = NULL;
}

static void free_entry(struct ca_cache_entry *entry)
{
    ca_listing_release(entry->listing);
    ca_free(entry->key);
    ca_free(entry);
}

/* Drops what has expired; entries being asked for stay: their callers hold them. Called with the lock held.
 */
static void sweep(struct ca_cache *cache, int64_t now)
{
    struct ca_cache_entry **link = &cache->entries;
    while (*link) {
        struct ca_cache_entry *entry = *link;
        if (entry->listing && entry->expires_ms <= now) {
            *link = entry->next;
            free_entry(entry);
        } else {
            link = &entry->next;
        }
    }
}

void ca_cache_drop(struct ca_cache *cache)
{
    pthread_mutex_lock(&cache->lock);
    sweep(cache, INT64_MAX);
    for (struct ca_cache_entry *entry = cache->entries; entry; entry = entry->next)
        entry->outdated = true;
    pthread_mutex_unlock(&cache->lock);
}

void ca_cache_destroy(struct ca_cache *cache)
{
    ca_cache_drop(cache);
    pthread_cond_destroy(&cache->changed);
    pthread_mutex_destroy(&cache->lock);
}

static struct ca_cache_entry *find(struct ca_cache *cache, const char *key)
{
    struct ca_cache_entry *entry = cache->entries;
    while (entry && strcmp(entry->key, key) != 0)
        entry = entry->next;
    return entry;
}

static struct ca_cache_entry *add_entry(struct ca_cache *cache, const char *key)
{
    struct ca_cache_entry *entry = ca_calloc(1, sizeof *entry);
    if (entry)
        entry->key = ca_strdup(key);
    if (!entry || !entry->key) {
        ca_free(entry);
        return NULL;
    }
    entry->next = cache->entries;
    cache->entries = entry;
    return entry;
}

static void remove_entry(struct ca_cache *cache, struct ca_cache_entry *gone)
{
    struct ca_cache_entry **link = &cache->entries;
    while (*link && *link != gone)
        link = &(*link)->next;
    if (*link)
        *link = gone->next;
    free_entry(gone);
}

/* Drops the oldest of what is too much. Called with the lock held. */
static void shrink(struct ca_cache *cache)
{
    size_t octets = 0;
    struct ca_cache_entry **link = &cache->entries;
    while (*link) {
        struct ca_cache_entry *entry = *link;
        if (entry->listing && octets + entry->octets > CA_CACHE_OCTETS) {
            *link = entry->next;
            free_entry(entry);
        } else {
            octets += entry->octets;
            link = &entry->next;
        }
    }
}

/* Keeps a listing in an entry. Called with the lock held. */
static void keep(struct ca_cache *cache, struct ca_cache_entry *entry, struct ca_listing *listing)
{
    entry->listing = listing;
    entry->octets = sizeof *entry + strlen(entry->key) + ca_listing_octets(listing);
    entry->expires_ms = ca_clock_ms() + cache->lifetime_ms;
    shrink(cache);
}

void ca_cache_put(struct ca_cache *cache, const char *key, struct ca_listing *listing)
{
    pthread_mutex_lock(&cache->lock);
    struct ca_cache_entry *entry = cache->lifetime_ms > 0 && !find(cache, key) ? add_entry(cache, key) : NULL;
    if (entry)
        keep(cache, entry, listing);
    pthread_mutex_unlock(&cache->lock);
    if (!entry)
        ca_listing_release(listing);
}

struct ca_listing *ca_cache_get(struct ca_cache *cache, const char *key, const struct ca_wait *wait,
                                struct ca_cache_entry **turn)
{
    struct ca_listing *listing = NULL;
    *turn = NULL;
    if (cache->lifetime_ms <= 0)
        return NULL;
    pthread_mutex_lock(&cache->lock);
    for (;;) {
        sweep(cache, ca_clock_ms());
        struct ca_cache_entry *entry = find(cache, key);
        if (entry && entry->listing)
            listing = ca_listing_retain(entry->listing);
        else if (!entry)
            *turn = add_entry(cache, key);
        else if (!(wait->cancel && ca_cancel_requested(wait->cancel)) && ca_clock_ms() < wait->deadline) {
            ca_clock_wait(&cache->changed, &cache->lock, WAIT_SLICE_MS);
            continue;
        }
        break;
    }
    pthread_mutex_unlock(&cache->lock);
    return listing;
}

struct ca_listing *ca_cache_find(struct ca_cache *cache, const char *key)
{
    pthread_mutex_lock(&cache->lock);
    sweep(cache, ca_clock_ms());
    struct ca_cache_entry *entry = find(cache, key);
    struct ca_listing *listing = entry && entry->listing ? ca_listing_retain(entry->listing) : NULL;
    pthread_mutex_unlock(&cache->lock);
    return listing;
}

void ca_cache_fulfil(struct ca_cache *cache, struct ca_cache_entry *turn, struct ca_listing *listing)
{
    if (!turn)
        return;
    pthread_mutex_lock(&cache->lock);
    if (listing && !turn->outdated)
        keep(cache, turn, ca_listing_retain(listing));
    else
        remove_entry(cache, turn);
    pthread_cond_broadcast(&cache->changed);
    pthread_mutex_unlock(&cache->lock);
}
