/* The place on this machine to which a browser comes back from the authority (RFC 8252 section 7.3). */
#ifndef CA_SETUP_DSN_LOOPBACK_H
#define CA_SETUP_DSN_LOOPBACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct ca_loopback {
    int socket;
    char address[64]; /* http://127.0.0.1:PORT/callback */
};

/* Listens on 127.0.0.1, on any free port if `port` is 0. */
bool ca_loopback_open(struct ca_loopback *loopback, int port, struct ca_error *error);
void ca_loopback_close(struct ca_loopback *loopback);
/* Waits for the browser and tells it how it went; what does not carry the state is turned away. The code, for
 * the caller to free; NULL: the user declined, or nobody came. */
char *ca_loopback_wait(struct ca_loopback *loopback, const char *state, int64_t ms, struct ca_error *error);

#endif
