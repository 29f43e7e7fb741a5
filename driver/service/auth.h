/* Signing in: who a connection is for the service, and the credential that its requests carry. Connections of
 * the same account in a process share one, and one thread at a time renews it (SERVICE.md section 2). */
#ifndef CA_SERVICE_AUTH_H
#define CA_SERVICE_AUTH_H

#include "base/log.h"
#include "service/credential.h"
#include "service/options.h"
#include "service/transport.h"

struct ca_account;

/* A connection's part in it. */
struct ca_auth {
    const struct ca_options *options; /* borrowed */
    struct ca_log *log;               /* borrowed */
    const struct ca_auth_scheme *scheme;
    struct ca_transport
        token_transport; /* of OAuth: leads to OAuthTokenURL, the API's credentials never do */
    struct ca_account *account;
};

/* Whether UID and PWD are what the options lack for signing in. */
bool ca_auth_wants_password(const struct ca_options *options);

/* false: an option is missing or bad, or a secret cannot be read; nothing is sent. */
bool ca_auth_open(struct ca_auth *auth, const struct ca_options *options, struct ca_log *log,
                  const char *user_agent, struct ca_error *error);
void ca_auth_close(struct ca_auth *auth);
/* Appends what tells the account from every other: a digest, in hexadecimal. */
void ca_auth_name(const struct ca_auth *auth, struct ca_buffer *name);

/* The credential of the moment, renewed first where it is about to expire, for the caller to release. NULL:
 * 28000 where signing in is up to the user, 08001 or 08S01 where the token address cannot be reached. */
struct ca_credential *ca_auth_credential(struct ca_auth *auth, bool connecting, const struct ca_wait *wait,
                                         struct ca_error *error);
/* Another in the place of one that the service refused. NULL without an error: there is no other. */
struct ca_credential *ca_auth_replace(struct ca_auth *auth, const struct ca_credential *refused,
                                      bool connecting, const struct ca_wait *wait, struct ca_error *error);

#endif
