/* One credential as it is sent: the header and the secret in it. It never changes, so that a request under
 * way keeps the one it was sent with while others already use its successor. Counted references. */
#ifndef CA_SERVICE_CREDENTIAL_H
#define CA_SERVICE_CREDENTIAL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct ca_credential {
    atomic_uint references;
    char *header;       /* "Authorization: SCHEME VALUE" */
    char *secret;       /* the token alone, to mask it in texts of the service */
    const char *hint;   /* static: what to do when the service refuses it */
    int64_t renew_ms;   /* from here on a successor is sought; guarded by the account */
    int64_t expires_ms; /* from here on it is worth nothing; CA_NO_DEADLINE = not known */
};

/* Basic authentication (RFC 7617). NULL: no memory. */
struct ca_credential *ca_credential_basic(const char *user, const char *password);
/* A bearer token (RFC 6750) that lives `lifetime_ms` from now, 0 = not known. NULL: no memory. */
struct ca_credential *ca_credential_bearer(const char *token, int64_t lifetime_ms, const char *hint);
/* Both allow NULL. */
struct ca_credential *ca_credential_retain(const struct ca_credential *credential);
void ca_credential_release(struct ca_credential *credential);

#endif
