/* The content of a reply as one contiguous window of plain text: keeps what the reader still needs.
 * Everything before `keep` may be dropped; the window moves when it must, so positions are offsets. */
#ifndef CA_SERVICE_STREAM_H
#define CA_SERVICE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/region.h"
#include "service/content.h"

struct ca_ahead;

struct ca_stream {
    struct ca_content content;
    struct ca_ahead *ahead; /* reads the content on a thread of its own; NULL: the content is read here */
    struct ca_wait wait;    /* of the call under way */
    struct ca_window window;
    size_t keep;            /* first octet that must stay */
    size_t unit;            /* where the row or member that is being read begins */
    size_t maximum;         /* longest row or member */
    uint64_t received;      /* octets of plain text so far */
    bool ended;             /* the content is complete */
    struct ca_region *kept; /* a copy of the plain text, to be read again; NULL = none is made */
    size_t replayed;        /* octets of it read again */
    bool replaying;
};

void ca_stream_init(struct ca_stream *stream, size_t maximum);
bool ca_stream_begin(struct ca_stream *stream, const struct ca_transport *transport,
                     const struct ca_exchange *exchange, struct ca_error *error);
/* Adds octets behind the window's end. The kept part may move: *moved is to be taken off each position in it,
 * modulo 2^64 because it may move away from the front too (`keep` and `unit` are already adjusted).
 * CA_PULL_END: the content is complete. */
enum ca_pull ca_stream_more(struct ca_stream *stream, size_t *moved, struct ca_error *error);
/* Ends reading ahead, after which nothing more can be received that was not read so far; the transfer may be
 * looked at and changed. */
struct ca_transfer *ca_stream_settle(struct ca_stream *stream);
/* Fails: what was received is not the document that was expected. */
bool ca_stream_bad(struct ca_stream *stream, const char *what, struct ca_error *error);
/* Fails: what is being read exceeds the maximum. */
bool ca_stream_too_long(struct ca_stream *stream, struct ca_error *error);
/* The content is complete: ends the transfer and begins again at its first octet, from the copy. */
void ca_stream_rewind(struct ca_stream *stream);
/* Ends the transfer. Keeps the memory for the next reply. */
void ca_stream_end(struct ca_stream *stream);
void ca_stream_free(struct ca_stream *stream);

#endif
