/* What is kept between processes, in TokenFile or in the desktop's secret store: the personal access token as
 * it is, or what an OAuth authority gave, as JSON. */
#ifndef CA_SERVICE_AUTH_STORE_H
#define CA_SERVICE_AUTH_STORE_H

#include "service/auth_scheme.h"

bool ca_auth_store_is_set(const struct ca_options *options);
/* Appends what is kept. false: 28000 or HY001. */
bool ca_auth_store_read(const struct ca_options *options, struct ca_buffer *text, struct ca_error *error);
/* Puts the text in the place of what is kept; a file at once, with mode 0600. false: HY000 or HY001. */
bool ca_auth_store_write(const struct ca_options *options, const char *text, struct ca_error *error);

/* Keeps the other processes from renewing what is kept, where the file system knows locks and, for the secret
 * store, XDG_RUNTIME_DIR is set: elsewhere what is kept is read once more when a renewal is refused. 28000,
 * HY008, HYT00 otherwise. *lock is given to ca_auth_store_unlock. */
bool ca_auth_store_lock(const struct ca_options *options, const struct ca_wait *wait, int *lock,
                        struct ca_error *error);
void ca_auth_store_unlock(int lock);

/* Tokens in the form in which they are kept. A text that is no JSON object is an access token. */
bool ca_auth_store_read_token(const struct ca_options *options, struct ca_token *token,
                              struct ca_error *error);
bool ca_auth_store_write_token(const struct ca_options *options, const struct ca_token *token,
                               struct ca_error *error);

#endif
