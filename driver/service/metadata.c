#include "service/metadata.h"

#include <string.h>

#include "base/alloc.h"
#include "data/parameter.h"

enum { LONGEST_KEY = 1 << 20 };

/* Where each thing is found, and by which names it is filtered. Columns of the sys_ tables of keys are not
 * documented: they are read whole and filtered by the caller. */
struct place {
    const char *path;
    const char *system;
    const char *name_filter; /* NULL = catalog and schema only, "" = neither */
    bool system_filters;
};

static const struct place places[CA_METADATA_COUNT] = {
    [CA_METADATA_CATALOGS] = {"catalogs", "sys_catalogs", "", false},
    [CA_METADATA_SCHEMAS] = {"schemas", "sys_schemas", NULL, true},
    [CA_METADATA_TABLES] = {"tables", "sys_tables", "tableName", true},
    [CA_METADATA_COLUMNS] = {"columns", "sys_tablecolumns", "tableName", true},
    [CA_METADATA_PRIMARY_KEYS] = {"primaryKeys", "sys_primarykeys", "tableName", true},
    [CA_METADATA_IMPORTED_KEYS] = {"importedKeys", "sys_foreignkeys", "tableName", false},
    [CA_METADATA_EXPORTED_KEYS] = {"exportedKeys", "sys_foreignkeys", "tableName", false},
    [CA_METADATA_INDEXES] = {"indexes", "sys_indexes", "tableName", true},
    [CA_METADATA_PROCEDURES] = {"procedures", "sys_procedures", "procedureName", true},
    [CA_METADATA_PROCEDURE_PARAMETERS] = {"procedureParameters", "sys_procedureparameters", "procedureName",
                                          true},
};

/* A listing of no rows and no columns. */
static struct ca_listing *empty_listing(struct ca_error *error)
{
    struct ca_listing_writer writer;
    ca_listing_writer_init(&writer, SIZE_MAX);
    return ca_listing_finish(&writer, 0, error);
}

static struct ca_listing *ask(struct ca_session *session, struct ca_reply *reply, const struct ca_body *body,
                              const struct ca_wait *wait, struct ca_error *error)
{
    struct ca_listing *listing = NULL;
    enum ca_next next = body ? ca_session_post(session, reply, "query", body, true, wait)
                             : ca_session_get(session, reply, false, wait);
    if (next == CA_NEXT_READ && reply->has_columns)
        listing = ca_session_list(session, reply, error);
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
    struct ca_cache_entry *turn = NULL;
    struct ca_listing *listing = ca_cache_get(&session->cache, key, wait, &turn);
    if (listing)
        return listing;
    /* Who waited for another's answer may have been cancelled meanwhile. */
    if (!ca_wait_is_over(wait, "", error))
        listing = ask(session, reply, body, wait, error);
    ca_cache_fulfil(&session->cache, turn, listing);
    return listing;
}

static void missing_before(const char *what, struct ca_error *error)
{
    ca_error_set(error, "42S02", 0, "The service has no %s.", what);
}

static bool write_address(struct ca_buffer *url, const struct ca_session *session, const struct place *place,
                          const struct ca_metadata_filter *filter)
{
    ca_address_begin(url, session->transport.base, place->path,
                     ca_option_text(session->options, CA_OPTION_WORKSPACE));
    if (place->name_filter && !*place->name_filter)
        return !url->failure;
    if (filter->catalog)
        ca_address_add(url, "catalogName", filter->catalog);
    if (filter->schema)
        ca_address_add(url, "schemaName", filter->schema);
    if (filter->name && place->name_filter)
        ca_address_add(url, place->name_filter, filter->name);
    return !url->failure;
}

struct ca_listing *ca_metadata_endpoint(struct ca_session *session, enum ca_metadata what,
                                        const struct ca_metadata_filter *filter, const struct ca_wait *wait,
                                        struct ca_error *error)
{
    const struct place *place = &places[what];
    struct ca_listing *listing = NULL;
    struct ca_reply reply;
    if (atomic_load(&session->missing_endpoints) & 1U << what) {
        missing_before(place->path, error);
        return NULL;
    }
    ca_reply_init(&reply);
    char *key = write_address(&reply.url, session, place, filter) ? ca_strdup(reply.url.data) : NULL;
    if (key)
        listing = get(session, &reply, key, NULL, wait, error);
    else
        ca_error_no_memory(error);
    long status = reply.stream.content.transfer.status;
    bool page = status == 404 || (status < 300 && reply.stream.content.transfer.html);
    if (!listing && page) {
        atomic_store_explicit(&session->broken, false, memory_order_relaxed); /* an answer it was */
        atomic_fetch_or(&session->missing_endpoints, 1U << what);
        memcpy(error->state, "42S02", sizeof error->state);
    }
    ca_free(key);
    ca_reply_free(&reply);
    return listing;
}

static void add_condition(struct ca_buffer *query, struct ca_buffer *parameters, unsigned *used,
                          const char *column, const char *value)
{
    if (!value)
        return;
    ++*used;
    ca_buffer_add_format(query, " %s %c%s LIKE @p%u", *used == 1 ? "WHERE" : "AND", column[0] - 'a' + 'A',
                         column + 1, *used);
    ca_buffer_add_format(parameters, "%c\"@p%u\":{\"dataType\":%d,\"value\":", *used == 1 ? '{' : ',', *used,
                         CA_TYPE_VARCHAR);
    ca_json_write_text(parameters, value, strlen(value));
    ca_buffer_add_char(parameters, '}');
}

static void write_system_query(struct ca_buffer *query, struct ca_buffer *parameters,
                               const struct place *place, const struct ca_metadata_filter *filter)
{
    unsigned used = 0;
    ca_buffer_add_format(query, "SELECT * FROM %s", place->system);
    if (!place->system_filters)
        return;
    add_condition(query, parameters, &used, "catalogName", filter->catalog);
    add_condition(query, parameters, &used, "schemaName", filter->schema);
    if (place->name_filter)
        add_condition(query, parameters, &used, place->name_filter, filter->name);
    if (used)
        ca_buffer_add_char(parameters, '}');
}

/* The key of a query in the cache: its text and parameters. false: no memory. */
static bool write_system_key(struct ca_buffer *key, const struct ca_buffer *query,
                             const struct ca_buffer *parameters)
{
    ca_buffer_add_format(key, "%s\n%s", ca_buffer_text(query), ca_buffer_text(parameters));
    return !query->failure && !parameters->failure && !key->failure;
}

struct ca_listing *ca_metadata_system(struct ca_session *session, enum ca_metadata what,
                                      const struct ca_metadata_filter *filter, const struct ca_wait *wait,
                                      struct ca_error *error)
{
    const struct place *place = &places[what];
    struct ca_listing *listing = NULL;
    struct ca_buffer query = CA_BUFFER_INIT(LONGEST_KEY);
    struct ca_buffer parameters = CA_BUFFER_INIT(LONGEST_KEY);
    struct ca_buffer key = CA_BUFFER_INIT(2 * LONGEST_KEY);
    struct ca_reply reply;
    if (atomic_load(&session->missing_system) & 1U << what) {
        missing_before(place->system, error);
        return NULL;
    }
    ca_reply_init(&reply);
    write_system_query(&query, &parameters, place, filter);
    struct ca_body body = {.query = query.data,
                           .query_octets = query.length,
                           .parameters = parameters.data,
                           .parameters_octets = parameters.length};
    if (write_system_key(&key, &query, &parameters))
        listing = get(session, &reply, key.data, &body, wait, error);
    else
        ca_error_no_memory(error);
    if (!listing && ca_metadata_is_missing(error))
        atomic_fetch_or(&session->missing_system, 1U << what);
    ca_reply_free(&reply);
    ca_buffer_free(&query);
    ca_buffer_free(&parameters);
    ca_buffer_free(&key);
    return listing;
}

struct ca_listing *ca_metadata_kept(struct ca_session *session, enum ca_metadata what)
{
    static const struct ca_metadata_filter all = {NULL, NULL, NULL};
    const struct place *place = &places[what];
    struct ca_listing *listing = NULL;
    struct ca_buffer query = CA_BUFFER_INIT(LONGEST_KEY);
    struct ca_buffer parameters = CA_BUFFER_INIT(LONGEST_KEY);
    struct ca_buffer key = CA_BUFFER_INIT(2 * LONGEST_KEY);
    write_system_query(&query, &parameters, place, &all);
    if (write_system_key(&key, &query, &parameters))
        listing = ca_cache_find(&session->cache, key.data);
    ca_buffer_clear(&key);
    if (!listing && write_address(&key, session, place, &all))
        listing = ca_cache_find(&session->cache, key.data);
    ca_buffer_free(&query);
    ca_buffer_free(&parameters);
    ca_buffer_free(&key);
    return listing;
}

bool ca_metadata_is_missing(const struct ca_error *error)
{
    return strcmp(error->state, "42S02") == 0 || strcmp(error->state, "42S22") == 0;
}
