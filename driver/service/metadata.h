/* Metadata of the service as listings: the endpoints and the sys_ tables, through the cache of a session. */
#ifndef CA_SERVICE_METADATA_H
#define CA_SERVICE_METADATA_H

#include <stdbool.h>
#include <stddef.h>

#include "service/session.h"

/* What can be asked for: each by an endpoint and by a sys_ table. */
enum ca_metadata {
    CA_METADATA_CATALOGS,
    CA_METADATA_SCHEMAS,
    CA_METADATA_TABLES,
    CA_METADATA_COLUMNS,
    CA_METADATA_PRIMARY_KEYS,
    CA_METADATA_IMPORTED_KEYS,
    CA_METADATA_EXPORTED_KEYS,
    CA_METADATA_INDEXES,
    CA_METADATA_PROCEDURES,
    CA_METADATA_PROCEDURE_PARAMETERS,
    CA_METADATA_COUNT
};

/* Filters that narrow: a value for each that is wanted, else NULL. */
struct ca_metadata_filter {
    const char *catalog;
    const char *schema;
    const char *name; /* of the table or procedure */
};

/* GET /endpoint?filter=value… */
struct ca_listing *ca_metadata_endpoint(struct ca_session *session, enum ca_metadata what,
                                        const struct ca_metadata_filter *filter, const struct ca_wait *wait,
                                        struct ca_error *error);
/* SELECT * FROM sys_… WHERE filters (as parameters, by LIKE). */
struct ca_listing *ca_metadata_system(struct ca_session *session, enum ca_metadata what,
                                      const struct ca_metadata_filter *filter, const struct ca_wait *wait,
                                      struct ca_error *error);
/* The whole list, of either source, where the cache has it: it answers every narrower question. Else NULL. */
struct ca_listing *ca_metadata_kept(struct ca_session *session, enum ca_metadata what);
/* The error says that the source itself does not exist: the other one may stand in. */
bool ca_metadata_is_missing(const struct ca_error *error);

#endif
