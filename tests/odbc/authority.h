/*
 * The local service as an OAuth authority, for the tests of signing in: what it is told and what it has seen,
 * and connections that sign in by it. Start the service with AUTHORITY_OPTIONS.
 */
#ifndef ODBC_AUTHORITY_H
#define ODBC_AUTHORITY_H

#include "harness.h"

#define CLIENT            "client-of-the-tests"
#define CLIENT_SECRET     "client-secret-51c0ffee"
#define CLIENT_KEYS       "OAuthClientId=" CLIENT ";OAuthClientSecret=" CLIENT_SECRET
#define AUTHORITY_OPTIONS "--oauth", CLIENT, CLIENT_SECRET

/* Where the keys of signed tokens are. */
extern const char *authority_keys;

/* A pair of tokens as if somebody had signed in. */
struct token_pair {
    char access[64], refresh[64];
};

/* Changes or asks the authority (' for "); the answer is the caller's. See tests/service/README.md. */
json_object *authority_ask(struct harness *h, const char *request);
void authority_tell(struct harness *h, const char *request);
/* Back to what it is at its start. */
void authority_reset(struct harness *h);
struct token_pair authority_issue(struct harness *h);

/* A number that it counts; requests for tokens, and requests of any kind refused with 401, since the record
 * was cleared. */
int64_t authority_count(struct harness *h, const char *name);
size_t authority_requests(struct harness *h);
size_t authority_refusals(struct harness *h);

/* `text`, which is freed, with every `name` as `value`. */
char *text_replace(char *text, const char *name, const char *value);

/* A connection string of this way to sign in, without a data source. In `extra`: $A and $R: the tokens; $D:
 * the program's directory; $K: that of the keys; $C: the client's id and secret. */
char *authority_string(struct harness *h, const char *scheme, const char *extra,
                       const struct token_pair *pair);
void authority_open(struct harness *h, struct session *s, const char *scheme, const char *extra,
                    const struct token_pair *pair);

struct connect_case {
    const char *scheme, *extra;
    const char *state; /* NULL: connects */
    const char *piece; /* of the text */
    int requests;      /* for tokens */
};

/* Connects with fresh tokens, and checks the outcome, the requests, and that no secret shows. */
void authority_check(struct harness *h, const struct connect_case *c);

#endif
