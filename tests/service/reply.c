/*
 * Owns the way of a body from its producer to the HTTP library: pieces, compression, and what faults do to
 * both. Knows nothing of requests.
 */
#include "reply.h"

#include <string.h>
#include <sys/socket.h>

enum { END = -1, BREAK = -2, BEFORE_RESET_MS = 30, RESET_AFTER_OCTETS = 64 };

void reply_reset(int socket)
{
    const struct sockaddr nowhere = {.sa_family = AF_UNSPEC};

    /* Linux sends RST for a connected TCP socket that is connected to nothing. */
    if (connect(socket, &nowhere, sizeof nowhere) != 0)
        shutdown(socket, SHUT_RDWR);
}

/* Brings the next octets into `ready`. */
static void produce(struct reply *r)
{
    struct buffer *text = r->gzip != NULL ? &r->text : &r->ready;

    r->at = 0;
    r->ready.length = 0;
    if (r->execution == NULL) {
        r->finished = true;
        return;
    }
    while (r->ready.length == 0 && !r->finished) {
        enum fill fill = execution_fill(r->execution, text);
        r->finished = fill != FILL_MORE;
        r->cut = fill == FILL_CUT;
        if (r->gzip == NULL)
            continue;
        enum gzip_flush flush = fill == FILL_END ? GZIP_FINISH : fill == FILL_CUT ? GZIP_SYNC : GZIP_NONE;
        if (!gzip_write(r->gzip, text->data, text->length, flush, &r->ready))
            r->finished = r->cut = true;
        text->length = 0;
    }
    if (r->ready.failed)
        r->finished = r->cut = true;
}

void reply_begin(struct reply *r)
{
    if (r->execution != NULL)
        produce(r);
    else
        r->finished = true;
}

static ssize_t break_off(struct reply *r)
{
    if (r->fault != NULL && r->fault->reset == RESET_DURING) {
        watch_sleep(&r->watch, BEFORE_RESET_MS); /* what was sent should arrive first */
        reply_reset(r->watch.socket);
    }
    return BREAK;
}

/* How many octets of `wanted` a fault lets through now; 0: the connection is to break. */
static size_t shape(struct reply *r, size_t wanted)
{
    const struct fault *f = r->fault;
    int64_t limit = f->cut_after_bytes;

    if (limit < 0 && f->reset == RESET_DURING && f->cut_after_rows < 0)
        limit = RESET_AFTER_OCTETS;
    if (limit >= 0) {
        uint64_t left = r->sent < (uint64_t)limit ? (uint64_t)limit - r->sent : 0;
        if (wanted > left)
            wanted = (size_t)left;
    }
    if (f->chunk_bytes > 0 && wanted > (size_t)f->chunk_bytes)
        wanted = (size_t)f->chunk_bytes;
    if (f->drip_bytes > 0 && wanted > (size_t)f->drip_bytes)
        wanted = (size_t)f->drip_bytes;
    if (f->pause_ms > 0 && r->sent < (uint64_t)f->pause_after_bytes) {
        uint64_t left = (uint64_t)f->pause_after_bytes - r->sent;
        if (wanted > left)
            wanted = (size_t)left;
    } else if (f->pause_ms > 0 && !r->paused) {
        r->paused = true;
        if (!watch_sleep(&r->watch, f->pause_ms))
            wanted = 0;
    }
    if (f->drip_ms > 0 && r->sent > 0 && !watch_sleep(&r->watch, f->drip_ms))
        wanted = 0;
    return wanted;
}

ssize_t reply_read(void *reply, uint64_t position, char *out, size_t room)
{
    struct reply *r = reply;

    (void)position;
    while (r->at == r->ready.length) {
        if (r->finished)
            return r->cut ? break_off(r) : END;
        produce(r);
    }
    size_t count = r->ready.length - r->at;
    if (count > room)
        count = room;
    if (r->fault != NULL)
        count = shape(r, count);
    if (count == 0)
        return break_off(r);
    memcpy(out, r->ready.data + r->at, count);
    r->at += count;
    r->sent += count;
    return (ssize_t)count;
}

void reply_free(struct reply *r)
{
    execution_free(r->execution);
    gzip_free(r->gzip);
    buffer_free(&r->text);
    buffer_free(&r->ready);
    *r = (struct reply){0};
}
