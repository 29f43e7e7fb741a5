/* The body of a reply as one contiguous window of plain text: receives, inflates, keeps what the reader still
 * needs. Everything before `keep` may be dropped; the window moves when it must, so positions are offsets. */
#ifndef CA_SERVICE_STREAM_H
#define CA_SERVICE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <zlib.h>

#include "base/region.h"
#include "service/transport.h"

struct ca_stream {
    struct ca_transfer transfer;
    struct ca_wait wait; /* of the call under way */
    char *data;          /* CA_CELL_PADDING octets behind `end` are readable; data[end] is 0 */
    size_t capacity;
    size_t keep;             /* first octet that must stay */
    size_t unit;             /* where the row or member that is being read begins */
    size_t end;              /* behind the last octet */
    size_t maximum;          /* longest row or member */
    bool ended;              /* the body is complete */
    struct ca_buffer packed; /* gzip: received, not yet inflated */
    size_t packed_at;
    z_stream inflater;
    bool inflating;
    bool inflated_all;
    bool damaged;           /* the compressed data */
    struct ca_region *kept; /* a copy of the plain text, to be read again; NULL = none is made */
    size_t replayed;        /* octets of it read again */
    bool replaying;
};

void ca_stream_init(struct ca_stream *stream, size_t maximum);
bool ca_stream_begin(struct ca_stream *stream, const struct ca_transport *transport,
                     const struct ca_exchange *exchange, struct ca_error *error);
/* Adds octets behind `end`; may move the kept part to the front, in which case *moved octets were dropped
 * before it (`keep` and `unit` are already adjusted). CA_PULL_END: the body is complete. */
enum ca_pull ca_stream_more(struct ca_stream *stream, size_t *moved, struct ca_error *error);
/* The body is complete: ends the transfer and begins again at its first octet, from the copy. */
void ca_stream_rewind(struct ca_stream *stream);
/* Fails: what is being read exceeds the maximum. */
bool ca_stream_too_long(struct ca_stream *stream, struct ca_error *error);
/* Ends the transfer. Keeps the memory for the next reply. */
void ca_stream_end(struct ca_stream *stream);
void ca_stream_free(struct ca_stream *stream);

#endif
