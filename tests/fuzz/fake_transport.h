/* Stands in for service/transfer.c: a reply from memory, in pieces of any size. */
#ifndef FAKE_TRANSPORT_H
#define FAKE_TRANSPORT_H

#include <stddef.h>

#include "service/reply.h"

/* The body that the next transfer receives; `piece` octets at a time. Status 200 unless set. */
struct fake_body {
    const char *data;
    size_t octets;
    size_t piece;
    size_t at;
    long status;
    bool html;
    bool gzip;
    bool broken; /* the transfer fails at the end of the data */
    bool ahead;  /* a long body is read ahead */
};

extern struct fake_body fake_body;

/* Opens a reply on the body. */
bool fake_reply_open(struct ca_reply *reply, size_t max_row_octets);

#endif
