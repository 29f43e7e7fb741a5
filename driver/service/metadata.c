#include "service/metadata.h"

#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "data/parameter.h"

enum { WAIT_SLICE_MS = 20, LONGEST_KEY = 1 << 20 };

struct ca_metadata_entry {
    struct ca_metadata_entry *next;
    char *key; /* address, or address and body */
    struct ca_listing *listing; /* NULL while the first caller asks for it */
    int64_t expires_ms;
};

static const char *const endpoint_paths[CA_ENDPOINT_COUNT] = {
    "catalogs",     "schemas",      "tables",  "columns",    "primaryKeys",
    "importedKeys", "exportedKeys", "indexes", "procedures", "procedureParameters"};

static const char *const system_names[CA_SYSTEM_COUNT] = {"sys_catalogs", "sys_schemas", "sys_tables"};

/* ---- the cache ---- */

void ca_metadata_cache_init(struct ca_metadata_cache *cache)
{
    pthread_mutex_init(&cache->lock, NULL);
    pthread_cond_init(&cache->changed, NULL);
    cache->entries = NULL;
}

static void free_entry(struct ca_metadata_entry *entry)
{
    ca_listing_release(entry->listing);
    ca_free(entry->key);
    ca_free(entry);
}

/* Drops what has expired; entries being asked for stay. Called with the lock held. */
static void sweep(struct ca_metadata_cache *cache, int64_t now)
{
    struct ca_metadata_entry **link = &cache->entries;
    while (*link) {
        struct ca_metadata_entry *entry = *link;
        if (entry->listing && entry->expires_ms <= now) {
            *link = entry->next;
            free_entry(entry);
        } else {
            link = &entry->next;
        }
    }
}

void ca_metadata_cache_drop(struct ca_metadata_cache *cache)
{
    pthread_mutex_lock(&cache->lock);
    sweep(cache, INT64_MAX);
    pthread_mutex_unlock(&cache->lock);
}

void ca_metadata_cache_destroy(struct ca_metadata_cache *cache)
{
    ca_metadata_cache_drop(cache);
    pthread_cond_destroy(&cache->changed);
    pthread_mutex_destroy(&cache->lock);
}

static struct ca_metadata_entry *find(struct ca_metadata_cache *cache, const char *key)
{
    struct ca_metadata_entry *entry = cache->entries;
    while (entry && strcmp(entry->key, key) != 0)
        entry = entry->next;
    return entry;
}

static struct ca_metadata_entry *add_entry(struct ca_metadata_cache *cache, const char *key)
{
    struct ca_metadata_entry *entry = ca_calloc(1, sizeof *entry);
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

static void remove_entry(struct ca_metadata_cache *cache, struct ca_metadata_entry *gone)
{
    struct ca_metadata_entry **link = &cache->entries;
    while (*link && *link != gone)
        link = &(*link)->next;
    if (*link)
        *link = gone->next;
    free_entry(gone);
}

static int64_t lifetime_ms(const struct ca_session *session)
{
    return ca_option_number(session->options, CA_OPTION_METADATA_CACHE) * 1000;
}

void ca_metadata_cache_put(struct ca_session *session, const char *key, struct ca_listing *listing)
{
    struct ca_metadata_cache *cache = &session->cache;
    pthread_mutex_lock(&cache->lock);
    struct ca_metadata_entry *entry = lifetime_ms(session) && !find(cache, key) ? add_entry(cache, key) : NULL;
    if (entry) {
        entry->listing = listing;
        entry->expires_ms = ca_clock_ms() + lifetime_ms(session);
    }
    pthread_mutex_unlock(&cache->lock);
    if (!entry)
        ca_listing_release(listing);
}

enum found { FOUND_LISTING, FOUND_TURN, FOUND_GIVE_UP };

/* The listing if it is there; else our turn to ask for it (an entry without listing is ours to fill), after
 * waiting for a caller who is asking. */
static enum found look_up(struct ca_metadata_cache *cache, const char *key, const struct ca_wait *wait,
                          struct ca_listing **listing, struct ca_metadata_entry **own)
{
    enum found found = FOUND_GIVE_UP;
    pthread_mutex_lock(&cache->lock);
    for (;;) {
        sweep(cache, ca_clock_ms());
        struct ca_metadata_entry *entry = find(cache, key);
        if (entry && entry->listing) {
            *listing = ca_listing_retain(entry->listing);
            found = FOUND_LISTING;
            break;
        }
        if (!entry) {
            *own = add_entry(cache, key);
            found = *own ? FOUND_TURN : FOUND_GIVE_UP;
            break;
        }
        if ((wait->cancel && ca_cancel_requested(wait->cancel)) || ca_clock_ms() >= wait->deadline)
            break;
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += WAIT_SLICE_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&cache->changed, &cache->lock, &until);
    }
    pthread_mutex_unlock(&cache->lock);
    return found;
}

static void fulfil(struct ca_session *session, struct ca_metadata_entry *own, struct ca_listing *listing)
{
    struct ca_metadata_cache *cache = &session->cache;
    pthread_mutex_lock(&cache->lock);
    if (listing) {
        own->listing = ca_listing_retain(listing);
        own->expires_ms = ca_clock_ms() + lifetime_ms(session);
    } else {
        remove_entry(cache, own);
    }
    pthread_cond_broadcast(&cache->changed);
    pthread_mutex_unlock(&cache->lock);
}

/* ---- requests ---- */

/* A listing of no rows and no columns. */
static struct ca_listing *empty_listing(struct ca_error *error)
{
    struct ca_listing_writer writer;
    ca_listing_writer_init(&writer);
    return ca_listing_finish(&writer, 0, error);
}

static struct ca_listing *ask(struct ca_session *session, struct ca_reply *reply, const struct ca_body *body,
                              const struct ca_wait *wait, struct ca_error *error)
{
    struct ca_listing *listing = NULL;
    enum ca_next next = body ? ca_session_post(session, reply, "query", body, true, wait)
                             : ca_session_get(session, reply, false, wait);
    if (next == CA_NEXT_READ && reply->has_columns)
        listing = ca_listing_read(reply, error);
    else if (next != CA_NEXT_FAILED)
        listing = empty_listing(error);
    else
        ca_error_move(error, &reply->error);
    return listing;
}

/* Answers from the cache, or asks and keeps the answer. */
static struct ca_listing *get(struct ca_session *session, struct ca_reply *reply, const char *key,
                              const struct ca_body *body, const struct ca_wait *wait, struct ca_error *error)
{
    struct ca_listing *listing = NULL;
    struct ca_metadata_entry *own = NULL;
    enum found found = FOUND_GIVE_UP;
    if (lifetime_ms(session) > 0)
        found = look_up(&session->cache, key, wait, &listing, &own);
    if (found == FOUND_LISTING)
        return listing;
    listing = ask(session, reply, body, wait, error);
    if (own)
        fulfil(session, own, listing);
    return listing;
}

static struct ca_error missing_before(const char *what)
{
    struct ca_error error = CA_ERROR_INIT;
    ca_error_set(&error, "42S02", 0, "The service has no %s.", what);
    return error;
}

struct ca_listing *ca_metadata_endpoint(struct ca_session *session, enum ca_endpoint endpoint,
                                        const struct ca_filter *filters, size_t count, const struct ca_wait *wait,
                                        struct ca_error *error)
{
    struct ca_reply reply;
    if (atomic_load(&session->missing_endpoints) & 1U << endpoint) {
        struct ca_error missing = missing_before(endpoint_paths[endpoint]);
        ca_error_move(error, &missing);
        return NULL;
    }
    ca_reply_init(&reply);
    ca_address_begin(&reply.url, session->transport.base, endpoint_paths[endpoint],
                     ca_option_text(session->options, CA_OPTION_WORKSPACE));
    for (size_t i = 0; i < count; i++)
        if (filters[i].value)
            ca_address_add(&reply.url, filters[i].name, filters[i].value);
    struct ca_listing *listing = NULL;
    char *key = ca_strdup(ca_buffer_text(&reply.url));
    if (key)
        listing = get(session, &reply, key, NULL, wait, error);
    else
        ca_error_no_memory(error);
    bool page = reply.stream.transfer.html || reply.stream.transfer.status == 404;
    if (!listing && page) {
        atomic_fetch_or(&session->missing_endpoints, 1U << endpoint);
        memcpy(error->state, "42S02", sizeof error->state);
    }
    ca_free(key);
    ca_reply_free(&reply);
    return listing;
}

static void write_system_query(struct ca_buffer *query, struct ca_buffer *parameters, const char *system_table,
                               const struct ca_filter *filters, size_t count)
{
    unsigned used = 0;
    ca_buffer_add_format(query, "SELECT * FROM %s", system_table);
    for (size_t i = 0; i < count; i++) {
        if (!filters[i].value)
            continue;
        used++;
        ca_buffer_add_format(query, " %s %s LIKE @p%u", used == 1 ? "WHERE" : "AND", filters[i].name, used);
        ca_buffer_add_format(parameters, "%c\"@p%u\":{\"dataType\":%d,\"value\":", used == 1 ? '{' : ',', used,
                             CA_TYPE_VARCHAR);
        ca_json_write_text(parameters, filters[i].value, strlen(filters[i].value));
        ca_buffer_add_char(parameters, '}');
    }
    if (used)
        ca_buffer_add_char(parameters, '}');
}

struct ca_listing *ca_metadata_system(struct ca_session *session, enum ca_system_table table,
                                      const struct ca_filter *filters, size_t count, const struct ca_wait *wait,
                                      struct ca_error *error)
{
    struct ca_listing *listing = NULL;
    struct ca_buffer query = CA_BUFFER_INIT(LONGEST_KEY);
    struct ca_buffer parameters = CA_BUFFER_INIT(LONGEST_KEY);
    struct ca_buffer key = CA_BUFFER_INIT(2 * LONGEST_KEY);
    struct ca_reply reply;
    if (atomic_load(&session->missing_system) & 1U << table) {
        struct ca_error missing = missing_before(system_names[table]);
        ca_error_move(error, &missing);
        return NULL;
    }
    ca_reply_init(&reply);
    write_system_query(&query, &parameters, system_names[table], filters, count);
    ca_buffer_add_format(&key, "%s\n%s", ca_buffer_text(&query), ca_buffer_text(&parameters));
    struct ca_body body = {.query = query.data,
                           .query_octets = query.length,
                           .parameters = parameters.data,
                           .parameters_octets = parameters.length};
    if (query.failure || parameters.failure || key.failure)
        ca_error_no_memory(error);
    else
        listing = get(session, &reply, key.data, &body, wait, error);
    if (!listing && ca_metadata_is_missing(error))
        atomic_fetch_or(&session->missing_system, 1U << table);
    ca_reply_free(&reply);
    ca_buffer_free(&query);
    ca_buffer_free(&parameters);
    ca_buffer_free(&key);
    return listing;
}

bool ca_metadata_is_missing(const struct ca_error *error)
{
    return strcmp(error->state, "42S02") == 0 || strcmp(error->state, "42S22") == 0;
}
