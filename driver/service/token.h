/* JSON tokens over the window of a reply. Each function leaves reply->at behind what it read; when the
 * window ends inside a token more is received. false: reply->error is set. */
#ifndef CA_SERVICE_TOKEN_H
#define CA_SERVICE_TOKEN_H

#include "service/reply.h"

/* Receives more; false at the end of the body or on failure (error set). Adjusts reply->at and all kept
 * offsets. */
bool ca_token_more(struct ca_reply *reply);
/* The next octet that is no blank, not consumed; 0 on failure. */
char ca_token_peek(struct ca_reply *reply);
/* Consumes `wanted` after blanks. */
bool ca_token_expect(struct ca_reply *reply, char wanted);
/* Passes over one value of any kind; the value stays from reply->stream.unit to reply->at if the caller set
 * unit. */
bool ca_token_skip(struct ca_reply *reply);
/* Passes over one value and appends its text to `copy`. */
bool ca_token_copy(struct ca_reply *reply, struct ca_buffer *copy);
/* Reads `"name":` into `name` (raw; names with escapes match nothing). */
bool ca_token_name(struct ca_reply *reply, char *name, size_t capacity);
/* Fails the reply: the JSON is broken at the place where it stands. */
bool ca_token_malformed(struct ca_reply *reply);

/* First of `"`, `\` or a control character at or after `p`; needs CA_CELL_PADDING readable octets. */
const char *ca_scan_string(const char *p);

/* Reads one row at reply->at (which stands on its `[`) into reply->cells. */
bool ca_row_scan(struct ca_reply *reply);

#endif
