#include "service/stream.h"

#include <string.h>

#include "service/ahead.h"

enum { REPLAY_OCTETS = 64 * 1024 };

void ca_stream_init(struct ca_stream *stream, size_t maximum)
{
    memset(stream, 0, sizeof *stream);
    stream->maximum = maximum;
    ca_content_init(&stream->content);
}

static void clear(struct ca_stream *stream)
{
    stream->keep = stream->unit = stream->received = 0;
    ca_window_drop(&stream->window, stream->window.end);
    stream->ended = false;
}

bool ca_stream_begin(struct ca_stream *stream, const struct ca_transport *transport,
                     const struct ca_exchange *exchange, struct ca_error *error)
{
    if (!ca_window_reserve(&stream->window, 1))
        return ca_error_no_memory(error);
    clear(stream);
    stream->replaying = false;
    if (stream->kept)
        ca_region_free(stream->kept);
    return ca_content_begin(&stream->content, transport, exchange, error);
}

/* Drops what is no longer needed once that is at least half of the window: each octet moves once at most. */
static size_t compact(struct ca_stream *stream)
{
    size_t dropped = stream->keep;
    if (dropped == 0 || (dropped < stream->window.end && dropped < stream->window.capacity / 2))
        return 0;
    ca_window_drop(&stream->window, dropped);
    stream->unit -= stream->unit < dropped ? stream->unit : dropped;
    stream->keep = 0;
    return dropped;
}

static void stop_ahead(struct ca_stream *stream)
{
    ca_ahead_stop(stream->ahead);
    stream->ahead = NULL;
}

struct ca_transfer *ca_stream_settle(struct ca_stream *stream)
{
    if (stream->ahead) {
        stop_ahead(stream);
        stream->ended = true; /* what follows may have been read already */
    }
    return &stream->content.transfer;
}

bool ca_stream_bad(struct ca_stream *stream, const char *what, struct ca_error *error)
{
    ca_stream_settle(stream);
    ca_content_bad(&stream->content, what, error);
    return false;
}

bool ca_stream_too_long(struct ca_stream *stream, struct ca_error *error)
{
    ca_stream_settle(stream)->retry = CA_RETRY_NEVER;
    return ca_error_set(
        error, "HY000", 0,
        "The service sends a row or a description longer than %zu bytes. MaxRowBytes sets the limit.",
        stream->maximum);
}

/* The next piece of the copy. */
static enum ca_pull replay(struct ca_stream *stream, struct ca_error *error)
{
    size_t left = stream->kept->length - stream->replayed;
    size_t octets = left < REPLAY_OCTETS ? left : REPLAY_OCTETS;
    if (!octets)
        return CA_PULL_END;
    if (!ca_window_add(&stream->window, stream->kept->data + stream->replayed, octets)) {
        ca_error_no_memory(error);
        return CA_PULL_FAILED;
    }
    stream->replayed += octets;
    return CA_PULL_DATA;
}

/* The block becomes the window: only what is kept of the old one is copied, in front of it. */
static size_t exchange(struct ca_stream *stream, struct ca_window *block)
{
    struct ca_window old = stream->window;
    size_t left = old.end - stream->keep;
    size_t keep = CA_AHEAD_FRONT_OCTETS - left;
    size_t moved = stream->keep - keep;
    memcpy(block->data + keep, old.data + stream->keep, left);
    stream->window = *block;
    *block = old;
    stream->unit = stream->unit > stream->keep ? stream->unit - moved : keep;
    stream->keep = keep;
    return moved;
}

static enum ca_pull read_here(struct ca_stream *stream, size_t *moved, struct ca_error *error)
{
    *moved = compact(stream);
    size_t end = stream->window.end;
    enum ca_pull pulled = ca_content_pull(&stream->content, &stream->window, &stream->wait, error);
    stream->received += stream->window.end - end;
    return pulled;
}

static enum ca_pull take_block(struct ca_stream *stream, size_t *moved, struct ca_error *error)
{
    struct ca_window *block;
    enum ca_pull pulled = ca_ahead_take(stream->ahead, &block, &stream->wait, error);
    if (pulled != CA_PULL_DATA)
        return pulled;
    if (!block) {
        stop_ahead(stream);
        return read_here(stream, moved, error);
    }
    size_t octets = block->end - CA_AHEAD_FRONT_OCTETS;
    size_t left = stream->window.end - stream->keep;
    stream->received += octets;
    if (left <= octets && left <= CA_AHEAD_FRONT_OCTETS) {
        *moved = exchange(stream, block);
    } else {
        *moved = compact(stream);
        if (!ca_window_add(&stream->window, block->data + CA_AHEAD_FRONT_OCTETS, octets)) {
            ca_error_no_memory(error);
            return CA_PULL_FAILED;
        }
    }
    ca_ahead_give_back(stream->ahead);
    return CA_PULL_DATA;
}

static enum ca_pull receive(struct ca_stream *stream, size_t *moved, struct ca_error *error)
{
    uint64_t before = stream->received;
    enum ca_pull pulled = stream->ahead ? take_block(stream, moved, error) : read_here(stream, moved, error);
    if (pulled != CA_PULL_DATA) {
        ca_stream_settle(stream);
        return pulled;
    }
    size_t octets = (size_t)(stream->received - before);
    if (stream->kept &&
        !ca_region_add(stream->kept, stream->window.data + stream->window.end - octets, octets)) {
        ca_stream_settle(stream);
        ca_region_error(stream->kept, error);
        return CA_PULL_FAILED;
    }
    if (!stream->ahead && stream->received >= CA_AHEAD_WORTH_OCTETS)
        stream->ahead = ca_ahead_start(&stream->content);
    return CA_PULL_DATA;
}

enum ca_pull ca_stream_more(struct ca_stream *stream, size_t *moved, struct ca_error *error)
{
    enum ca_pull pulled = CA_PULL_DATA;
    *moved = 0;
    if (stream->ended)
        return CA_PULL_END;
    if (stream->window.end - stream->unit > stream->maximum) {
        ca_stream_too_long(stream, error);
        return CA_PULL_FAILED;
    }
    if (stream->replaying) {
        *moved = compact(stream);
        pulled = replay(stream, error);
    } else {
        pulled = receive(stream, moved, error);
    }
    stream->ended |= pulled == CA_PULL_END;
    return pulled;
}

void ca_stream_rewind(struct ca_stream *stream)
{
    ca_stream_end(stream);
    clear(stream);
    stream->replayed = 0;
    stream->replaying = true;
}

void ca_stream_end(struct ca_stream *stream)
{
    ca_stream_settle(stream);
    ca_content_end(&stream->content);
}

void ca_stream_free(struct ca_stream *stream)
{
    ca_stream_end(stream);
    ca_content_free(&stream->content);
    ca_window_free(&stream->window);
}
