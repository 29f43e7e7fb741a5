#include "service/stream.h"

#include <string.h>

#include "base/alloc.h"
#include "data/cell.h"

enum {
    FIRST_CAPACITY = 64 * 1024,
    INFLATE_OCTETS = 64 * 1024,
    REPLAY_OCTETS = 64 * 1024,
    MOST_PACKED = 16 * 1024 * 1024
};

void ca_stream_init(struct ca_stream *stream, size_t maximum)
{
    memset(stream, 0, sizeof *stream);
    stream->maximum = maximum;
    ca_buffer_init(&stream->packed, MOST_PACKED);
}

static bool grow(struct ca_stream *stream, size_t needed)
{
    size_t capacity = stream->capacity ? stream->capacity : FIRST_CAPACITY;
    while (capacity < needed)
        capacity *= 2;
    char *data = ca_realloc(stream->data, capacity + CA_CELL_PADDING);
    if (!data)
        return false;
    stream->data = data;
    stream->capacity = capacity;
    return true;
}

static bool append(void *context, const char *data, size_t octets)
{
    struct ca_stream *stream = context;
    if (stream->end + octets > stream->capacity && !grow(stream, stream->end + octets))
        return false;
    memcpy(stream->data + stream->end, data, octets);
    stream->end += octets;
    memset(stream->data + stream->end, 0, CA_CELL_PADDING);
    return true;
}

/* The encoding is known before the first octet of the body. */
static bool receive(void *context, const char *data, size_t octets)
{
    struct ca_stream *stream = context;
    if (stream->transfer.encoding == CA_ENCODING_GZIP)
        return ca_buffer_add(&stream->packed, data, octets);
    return append(stream, data, octets);
}

bool ca_stream_begin(struct ca_stream *stream, const struct ca_transport *transport,
                     const struct ca_exchange *exchange, struct ca_error *error)
{
    stream->keep = stream->unit = stream->end = 0;
    stream->ended = stream->inflated_all = stream->damaged = stream->replaying = false;
    stream->packed_at = 0;
    if (stream->kept)
        ca_region_free(stream->kept);
    ca_buffer_clear(&stream->packed);
    if (!stream->data && !grow(stream, FIRST_CAPACITY))
        return ca_error_no_memory(error);
    memset(stream->data, 0, CA_CELL_PADDING);
    return ca_transfer_begin(&stream->transfer, transport, exchange, receive, stream, error);
}

/* Drops what is no longer needed once that is at least half of the window: each octet moves once at most. */
static size_t compact(struct ca_stream *stream)
{
    size_t dropped = stream->keep;
    if (dropped == 0 || (dropped < stream->end && dropped < stream->capacity / 2))
        return 0;
    memmove(stream->data, stream->data + dropped, stream->end - dropped + CA_CELL_PADDING);
    stream->end -= dropped;
    stream->unit -= stream->unit < dropped ? stream->unit : dropped;
    stream->keep = 0;
    return dropped;
}

static enum ca_pull bad_body(struct ca_stream *stream, const char *what, struct ca_error *error)
{
    struct ca_failure failure = ca_transfer_facts(&stream->transfer);
    stream->transfer.retry = ca_failure_of_reply(&failure, what, error);
    return CA_PULL_FAILED;
}

static bool begin_inflating(struct ca_stream *stream)
{
    if (stream->inflating)
        return true;
    memset(&stream->inflater, 0, sizeof stream->inflater);
    stream->inflating = inflateInit2(&stream->inflater, 15 + 32) == Z_OK;
    return stream->inflating;
}

/* Inflates one piece into the window; sets *added to the octets that came out. */
static bool inflate_some(struct ca_stream *stream, size_t *added, struct ca_error *error)
{
    *added = 0;
    if (!begin_inflating(stream) ||
        (stream->capacity - stream->end < INFLATE_OCTETS && !grow(stream, stream->end + INFLATE_OCTETS)))
        return ca_error_no_memory(error);
    stream->inflater.next_in = (unsigned char *)stream->packed.data + stream->packed_at;
    stream->inflater.avail_in = (unsigned)(stream->packed.length - stream->packed_at);
    stream->inflater.next_out = (unsigned char *)stream->data + stream->end;
    stream->inflater.avail_out = INFLATE_OCTETS;
    int result = inflate(&stream->inflater, Z_NO_FLUSH);
    if (result == Z_MEM_ERROR)
        return ca_error_no_memory(error);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
        stream->damaged = true;
        bad_body(stream, "its compressed data is damaged.", error);
        return false;
    }
    stream->packed_at = stream->packed.length - stream->inflater.avail_in;
    *added = INFLATE_OCTETS - stream->inflater.avail_out;
    stream->end += *added;
    memset(stream->data + stream->end, 0, CA_CELL_PADDING);
    stream->inflated_all = result == Z_STREAM_END;
    if (stream->packed_at == stream->packed.length) {
        ca_buffer_clear(&stream->packed);
        stream->packed_at = 0;
    }
    return true;
}

static enum ca_pull more_packed(struct ca_stream *stream, struct ca_error *error)
{
    for (;;) {
        size_t added = 0;
        if (stream->inflated_all) {
            stream->ended = true;
            return CA_PULL_END;
        }
        if (stream->packed.length && !inflate_some(stream, &added, error))
            return CA_PULL_FAILED;
        if (added)
            return CA_PULL_DATA;
        if (stream->inflated_all)
            continue;
        enum ca_pull pulled = ca_transfer_pull(&stream->transfer, &stream->wait, error);
        if (pulled == CA_PULL_END)
            return bad_body(stream, "its compressed data ends early.", error);
        if (pulled == CA_PULL_FAILED)
            return CA_PULL_FAILED;
    }
}

bool ca_stream_too_long(struct ca_stream *stream, struct ca_error *error)
{
    stream->transfer.retry = CA_RETRY_NEVER;
    return ca_error_set(
        error, "HY000", 0,
        "The service sends a row or a description longer than %zu bytes. MaxRowBytes sets the limit.",
        stream->maximum);
}

static enum ca_pull receive_more(struct ca_stream *stream, struct ca_error *error)
{
    if (stream->transfer.encoding == CA_ENCODING_GZIP)
        return more_packed(stream, error);
    enum ca_pull pulled = ca_transfer_pull(&stream->transfer, &stream->wait, error);
    if (pulled != CA_PULL_FAILED && stream->transfer.encoding == CA_ENCODING_UNKNOWN)
        return bad_body(stream, "it has a Content-Encoding that was not asked for.", error);
    if (pulled == CA_PULL_DATA && stream->transfer.encoding == CA_ENCODING_GZIP)
        return more_packed(stream, error);
    stream->ended = pulled == CA_PULL_END;
    return pulled;
}

/* The next piece of the copy. */
static enum ca_pull replay(struct ca_stream *stream, struct ca_error *error)
{
    size_t left = stream->kept->length - stream->replayed;
    size_t octets = left < REPLAY_OCTETS ? left : REPLAY_OCTETS;
    stream->ended = octets == 0;
    if (stream->ended)
        return CA_PULL_END;
    if (!append(stream, stream->kept->data + stream->replayed, octets)) {
        ca_error_no_memory(error);
        return CA_PULL_FAILED;
    }
    stream->replayed += octets;
    return CA_PULL_DATA;
}

enum ca_pull ca_stream_more(struct ca_stream *stream, size_t *moved, struct ca_error *error)
{
    *moved = compact(stream);
    if (stream->ended)
        return CA_PULL_END;
    if (stream->end - stream->unit > stream->maximum) {
        ca_stream_too_long(stream, error);
        return CA_PULL_FAILED;
    }
    if (stream->replaying)
        return replay(stream, error);
    size_t before = stream->end;
    enum ca_pull pulled = receive_more(stream, error);
    if (pulled == CA_PULL_DATA && stream->kept &&
        !ca_region_add(stream->kept, stream->data + before, stream->end - before)) {
        ca_region_error(stream->kept, error);
        return CA_PULL_FAILED;
    }
    return pulled;
}

void ca_stream_rewind(struct ca_stream *stream)
{
    ca_stream_end(stream);
    stream->keep = stream->unit = stream->end = 0;
    memset(stream->data, 0, CA_CELL_PADDING);
    stream->ended = false;
    stream->replayed = 0;
    stream->replaying = true;
}

void ca_stream_end(struct ca_stream *stream)
{
    ca_transfer_end(&stream->transfer);
    if (stream->inflating)
        inflateEnd(&stream->inflater);
    stream->inflating = false;
}

void ca_stream_free(struct ca_stream *stream)
{
    ca_stream_end(stream);
    ca_buffer_free(&stream->packed);
    ca_free(stream->data);
    stream->data = NULL;
    stream->capacity = 0;
}
