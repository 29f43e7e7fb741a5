/* OAuth 2.0 as its client: requests to the token and device addresses (RFC 6749, 8628) and what they answer.
 */
#ifndef CA_SERVICE_AUTH_OAUTH_H
#define CA_SERVICE_AUTH_OAUTH_H

#include <json-c/json.h>

#include "service/auth_scheme.h"

enum ca_oauth_answer {
    CA_OAUTH_GRANTED,
    CA_OAUTH_PENDING,   /* device flow: ask again after the interval */
    CA_OAUTH_SLOW_DOWN, /* device flow: the same, with five seconds more from now on */
    CA_OAUTH_REFUSED,   /* asking again with the same will not help */
    CA_OAUTH_FAILED     /* it may pass */
};

/* Begins a form for a grant: the client's id and secret. Sets the buffer up; the caller frees it in any case.
 */
bool ca_oauth_form(struct ca_buffer *form, const struct ca_options *options, const char *grant_type,
                   struct ca_error *error);
/* Appends one `name=value`; an empty value is left out. */
void ca_oauth_form_add(struct ca_buffer *form, const char *name, const char *value);

/* Posts the form to the transport's own address, once. CA_OAUTH_GRANTED: *document is the answer, for the
 * caller to put. Everything else sets the error: 28000, or that of the transport. */
enum ca_oauth_answer ca_oauth_post(const struct ca_transport *transport, const struct ca_buffer *form,
                                   bool connecting, const struct ca_wait *wait, struct json_object **document,
                                   struct ca_error *error);
/* The same at a token address: the answer is a token. */
enum ca_oauth_answer ca_oauth_ask(const struct ca_transport *transport, const struct ca_buffer *form,
                                  bool connecting, const struct ca_wait *wait, struct ca_token *token,
                                  struct ca_error *error);

/* Whether it can stand in a header (RFC 6750): no blank, no control character, nothing outside ASCII. */
bool ca_token_is_sendable(const char *access);
/* Reads the members of an answer, or of what is kept, which may be a refresh token alone; their copies in the
 * document are wiped. */
bool ca_token_read(struct ca_token *token, struct json_object *document, struct ca_error *error);

#endif
