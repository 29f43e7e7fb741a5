/* Metadata of the service as listings: the endpoints and the sys_ tables, through the cache of a session. */
#ifndef CA_SERVICE_METADATA_H
#define CA_SERVICE_METADATA_H

#include <stdbool.h>
#include <stddef.h>

#include "service/session.h"

enum ca_endpoint {
    CA_ENDPOINT_CATALOGS,
    CA_ENDPOINT_SCHEMAS,
    CA_ENDPOINT_TABLES,
    CA_ENDPOINT_COLUMNS,
    CA_ENDPOINT_PRIMARY_KEYS,
    CA_ENDPOINT_IMPORTED_KEYS,
    CA_ENDPOINT_EXPORTED_KEYS,
    CA_ENDPOINT_INDEXES,
    CA_ENDPOINT_PROCEDURES,
    CA_ENDPOINT_PROCEDURE_PARAMETERS,
    CA_ENDPOINT_COUNT
};

enum ca_system_table { CA_SYSTEM_CATALOGS, CA_SYSTEM_SCHEMAS, CA_SYSTEM_TABLES, CA_SYSTEM_COUNT };

struct ca_filter {
    const char *name;
    const char *value; /* NULL = no filter */
};

/* GET /endpoint?filter=value… */
struct ca_listing *ca_metadata_endpoint(struct ca_session *session, enum ca_endpoint endpoint,
                                        const struct ca_filter *filters, size_t count, const struct ca_wait *wait,
                                        struct ca_error *error);
/* SELECT * FROM sys_… WHERE filters (as parameters, by LIKE). */
struct ca_listing *ca_metadata_system(struct ca_session *session, enum ca_system_table table,
                                      const struct ca_filter *filters, size_t count, const struct ca_wait *wait,
                                      struct ca_error *error);
/* The error says that the source itself does not exist: the other one may stand in. */
bool ca_metadata_is_missing(const struct ca_error *error);

void ca_metadata_cache_init(struct ca_metadata_cache *cache);
void ca_metadata_cache_destroy(struct ca_metadata_cache *cache);
/* After DDL, a change of catalog, or a reset. */
void ca_metadata_cache_drop(struct ca_metadata_cache *cache);
/* Puts the answer to /catalogs of connecting where ca_metadata_endpoint finds it. Takes over the listing. */
void ca_metadata_cache_put(struct ca_session *session, const char *key, struct ca_listing *listing);

#endif
