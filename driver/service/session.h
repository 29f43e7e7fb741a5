/* What one connection knows of the service: address, credentials, log, metadata cache; and the one way to
 * send a request, with the retries that SERVICE.md section 7 allows. Statements use it from several threads.
 */
#ifndef CA_SERVICE_SESSION_H
#define CA_SERVICE_SESSION_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/log.h"
#include "service/auth.h"
#include "service/cache.h"
#include "service/listing.h"
#include "service/options.h"
#include "service/reply.h"
#include "service/request.h"
#include "service/transport.h"

struct ca_session {
    const struct ca_options *options; /* borrowed */
    struct ca_log *log;               /* borrowed */
    struct ca_transport transport;
    char *account; /* whose requests the service counts */
    struct ca_auth auth;
    struct ca_cache cache;      /* of metadata */
    atomic_bool broken;         /* the transport failed last: SQL_ATTR_CONNECTION_DEAD */
    atomic_uint missing_system; /* the service said that it does not exist: a bit for each enum ca_metadata */
    atomic_uint missing_endpoints; /* the same */
};

/* Connects: proves the credentials with one GET /catalogs (skipped when the same address, account and secret
 * succeeded in this process within a minute). */
bool ca_session_open(struct ca_session *session, const struct ca_options *options, struct ca_log *log,
                     const char *user_agent, const struct ca_wait *wait, struct ca_error *error);
void ca_session_close(struct ca_session *session);

/* Reads the result in which the reply stands as a listing, which uses a temporary file beyond
 * SpoolMemoryBytes. */
struct ca_listing *ca_session_list(const struct ca_session *session, struct ca_reply *reply,
                                   struct ca_error *error);

/* POSTs a body to `path` and reads to the head of the first result: CA_NEXT_READ, CA_NEXT_END (no result at
 * all) or CA_NEXT_FAILED with reply->error. `repeatable`: it changes nothing and may be sent again. */
enum ca_next ca_session_post(struct ca_session *session, struct ca_reply *reply, const char *path,
                             const struct ca_body *body, bool repeatable, const struct ca_wait *wait);
/* GETs the address in reply->url likewise. */
enum ca_next ca_session_get(struct ca_session *session, struct ca_reply *reply, bool connecting,
                            const struct ca_wait *wait);

#endif
