/*
 * An OAuth authority: codes, access tokens, refresh tokens and device codes that it has given out, and the
 * public key of those who sign their tokens themselves.
 */
#ifndef SERVICE_AUTHORITY_H
#define SERVICE_AUTHORITY_H

#include "buffer.h"
#include "options.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdbool.h>

/* How long a device code lives, and how long a device waits from one poll to the next (RFC 8628). */
enum { DEVICE_LIFE_S = 600, DEVICE_INTERVAL_S = 1, DEVICE_SLOWER_S = 5 };
enum { GRANT_TEXT = 48, USER_CODE_TEXT = 10, CHALLENGE_TEXT = 44 };

/* What tests may change; guarded by the lock. */
struct authority_settings {
    int64_t lifetime_s; /* of access tokens */
    bool rotate;        /* every renewal brings a new refresh token, and the old one is over */
    bool deny;          /* the user declines */
    int64_t slow_downs; /* so many of the next polls come too soon */
};

/* What the authority has seen; guarded by the lock. */
struct authority_counts {
    int64_t renewals;  /* that succeeded */
    int64_t reuses;    /* refresh tokens that came a second time */
    int64_t polls;     /* of device codes */
    int64_t jwts;      /* different ones that were accepted */
    char last_jwt[65]; /* digest of the last one */
    char *claims;      /* its claims, JSON */
};

struct grant;

struct authority {
    const struct options *options;
    pthread_mutex_t lock;
    struct grant *grants;
    EVP_PKEY *key; /* --jwt-key; NULL: none */
    struct authority_settings settings;
    struct authority_counts counts;
};

/* A token pair as it is given out. */
struct issued {
    char access[GRANT_TEXT];
    char refresh[GRANT_TEXT];
    int64_t lifetime_s;
};

/* A device code and what the user types. */
struct device {
    char code[GRANT_TEXT];
    char user_code[USER_CODE_TEXT];
};

/* False where the key cannot be read. authority_close is due either way. */
bool authority_open(struct authority *a, const struct options *options);
void authority_close(struct authority *a);

/* Whether id and secret are the client's. */
bool authority_knows_client(const struct authority *a, const char *id, const char *secret);

/* The four below return NULL or an error of RFC 6749 and 8628, static text. */

/* A code for the browser flow, bound to the S256 challenge and the redirect address. */
const char *authority_authorize(struct authority *a, const char *challenge, const char *redirect,
                                char code[GRANT_TEXT]);
const char *authority_redeem(struct authority *a, const char *code, const char *verifier,
                             const char *redirect, struct issued *issued);
const char *authority_renew(struct authority *a, const char *refresh, struct issued *issued);
const char *authority_poll(struct authority *a, const char *code, struct issued *issued);

bool authority_begin_device(struct authority *a, struct device *device);
/* The user enters the code. False where there is no such code. */
bool authority_approve(struct authority *a, const char *user_code);

bool authority_issue(struct authority *a, struct issued *issued);
/* Ends every access token, or every refresh token, that was given out. */
void authority_revoke(struct authority *a, bool refresh_tokens);

/* Whether an access token is live, or is a JWT that the key proves and whose claims are good. */
bool authority_accepts(struct authority *a, const char *token);

#endif
