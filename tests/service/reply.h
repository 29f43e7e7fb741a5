/*
 * A reply body on its way out: produced, perhaps compressed, and shaped by a fault.
 */
#ifndef SERVICE_REPLY_H
#define SERVICE_REPLY_H

#include "execution.h"
#include "faults.h"
#include "gzip.h"

#include <sys/types.h>

struct reply {
    struct execution *execution; /* owned; NULL: the body is in `ready` from the start */
    struct gzip *gzip;           /* owned; NULL: not compressed */
    const struct fault *fault;   /* borrowed; NULL: none */
    struct watch watch;
    struct buffer text;  /* produced, not yet compressed */
    struct buffer ready; /* to be sent */
    size_t at;           /* place in `ready` */
    uint64_t sent;
    bool finished; /* nothing more will be produced */
    bool cut;      /* the connection breaks behind `ready` */
    bool paused;   /* as a fault asked for */
};

/* MHD's content reader for a struct reply; -1 at the end, -2 to break the connection. */
ssize_t reply_read(void *reply, uint64_t position, char *out, size_t room);

/* Produces the first piece of the body. Fits a body that ends at once, too. */
void reply_begin(struct reply *reply);

void reply_free(struct reply *reply);

/* Sends a TCP reset: the connection is gone for both sides at once. */
void reply_reset(int socket);

#endif
