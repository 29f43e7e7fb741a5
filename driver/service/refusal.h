/* Answers that give no results: what the service says of an error, and what is no document of results at all.
 */
#ifndef CA_SERVICE_REFUSAL_H
#define CA_SERVICE_REFUSAL_H

#include "service/reply.h"

/* Fails the reply with the service's `error` (an object, a bare text or number) and the `message` beside it,
 * as far as they were read. */
void ca_reply_fail_with_error(struct ca_reply *reply);
/* An answer with an error status, a redirect, HTML: reads what it says. Returns false. */
bool ca_reply_refuse(struct ca_reply *reply);

#endif
