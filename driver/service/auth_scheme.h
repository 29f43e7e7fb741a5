/* What auth.c and the ways of signing in share. */
#ifndef CA_SERVICE_AUTH_SCHEME_H
#define CA_SERVICE_AUTH_SCHEME_H

#include <pthread.h>
#include <sys/types.h>

#include "service/auth.h"

enum { CA_ACCOUNT_KEY_OCTETS = 32 };

/* What an access token comes with. Owned texts, NULL = none. */
struct ca_token {
    char *access;
    char *refresh;
    int64_t expires_s; /* since 1970; 0 = not known */
};

void ca_token_free(struct ca_token *token);

/* An account of the process. It outlives its connections only where it must: `kept`. */
struct ca_account {
    struct ca_account *next;                  /* guarded, as `references` is, by the lock of ca_global */
    unsigned references;                      /* connections */
    unsigned char key[CA_ACCOUNT_KEY_OCTETS]; /* digest of what tells it from others */
    pthread_mutex_t lock;                     /* leaf lock */
    pthread_cond_t changed;
    struct ca_credential *credential; /* NULL = none yet */
    pid_t renewing;                   /* the process, of which a thread is renewing it; 0 = none is */
    unsigned renewals;                /* that have ended */
    struct ca_error failure;          /* of the last, if it failed for a reason that others share */
    bool failed_connecting;
    /* Of OAuth, for the renewing thread alone: */
    struct ca_token token; /* not in the store: given by options, or saving it failed */
    char *refused;         /* the refresh token that the authority refused */
    bool kept;             /* `token` is nowhere else */
};

/* What one renewal is about. */
struct ca_renewal {
    struct ca_auth *auth;
    const char
        *stale; /* the secret to replace: refused by the service, or about to expire; NULL = none yet */
    bool connecting;
    const struct ca_wait *wait;
};

struct ca_auth_scheme {
    const char *name; /* of the option AuthScheme */
    /* What the options lack, as a text that says what to set; NULL = nothing. */
    const char *(*missing)(const struct ca_options *options);
    /* Asks, signs or reads: a new credential, or NULL with the error. The caller is the only one at work on
     * the account and holds no lock. */
    struct ca_credential *(*renew)(const struct ca_renewal *renewal, struct ca_error *error);
    bool asks; /* at the token address */
};

extern const struct ca_auth_scheme ca_auth_basic;
extern const struct ca_auth_scheme ca_auth_oauth;
extern const struct ca_auth_scheme ca_auth_jwt;

#endif
