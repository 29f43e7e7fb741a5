#include "service/content.h"

#include <string.h>

enum { INFLATE_OCTETS = 64 * 1024, MOST_PACKED = 16 * 1024 * 1024 };

void ca_content_init(struct ca_content *content)
{
    memset(content, 0, sizeof *content);
    ca_buffer_init(&content->packed, MOST_PACKED);
}

/* The encoding is known before the first octet of the body. */
static bool receive(void *context, const char *data, size_t octets)
{
    struct ca_content *content = context;
    if (content->transfer.encoding == CA_ENCODING_GZIP)
        return ca_buffer_add(&content->packed, data, octets);
    return ca_window_add(content->to, data, octets);
}

/* What is compressed goes on where it is inflated, between pulls. */
static bool go_on(void *context)
{
    struct ca_content *content = context;
    if (!content->next || content->transfer.encoding == CA_ENCODING_GZIP)
        return false;
    struct ca_window *next = content->next(content->next_context);
    if (next)
        content->to = next;
    return next != NULL;
}

bool ca_content_begin(struct ca_content *content, const struct ca_transport *transport,
                      const struct ca_exchange *exchange, struct ca_error *error)
{
    struct ca_sink sink = {receive, go_on, content};
    content->inflated_all = content->damaged = false;
    content->packed_at = 0;
    ca_buffer_clear(&content->packed);
    return ca_transfer_begin(&content->transfer, transport, exchange, &sink, error);
}

enum ca_pull ca_content_bad(struct ca_content *content, const char *what, struct ca_error *error)
{
    struct ca_failure failure = ca_transfer_facts(&content->transfer);
    content->transfer.retry = ca_failure_of_reply(&failure, what, error);
    return CA_PULL_FAILED;
}

static bool begin_inflating(struct ca_content *content)
{
    if (content->inflating)
        return true;
    memset(&content->inflater, 0, sizeof content->inflater);
    content->inflating = inflateInit2(&content->inflater, 15 + 32) == Z_OK;
    return content->inflating;
}

/* Inflates one piece into the window; sets *added to the octets that came out. */
static bool inflate_some(struct ca_content *content, size_t *added, struct ca_error *error)
{
    *added = 0;
    if (!begin_inflating(content) || !ca_window_reserve(content->to, INFLATE_OCTETS))
        return ca_error_no_memory(error);
    content->inflater.next_in = (unsigned char *)content->packed.data + content->packed_at;
    content->inflater.avail_in = (unsigned)(content->packed.length - content->packed_at);
    content->inflater.next_out = (unsigned char *)content->to->data + content->to->end;
    content->inflater.avail_out = INFLATE_OCTETS;
    int result = inflate(&content->inflater, Z_NO_FLUSH);
    if (result == Z_MEM_ERROR)
        return ca_error_no_memory(error);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
        content->damaged = true;
        ca_content_bad(content, "its compressed data is damaged.", error);
        return false;
    }
    content->packed_at = content->packed.length - content->inflater.avail_in;
    *added = INFLATE_OCTETS - content->inflater.avail_out;
    ca_window_added(content->to, *added);
    content->inflated_all = result == Z_STREAM_END;
    if (content->packed_at == content->packed.length) {
        ca_buffer_clear(&content->packed);
        content->packed_at = 0;
    }
    return true;
}

static enum ca_pull pull_packed(struct ca_content *content, const struct ca_wait *wait,
                                struct ca_error *error)
{
    for (;;) {
        size_t added = 0;
        if (content->inflated_all)
            return CA_PULL_END;
        if (content->packed.length && !inflate_some(content, &added, error))
            return CA_PULL_FAILED;
        if (added)
            return CA_PULL_DATA;
        if (content->inflated_all)
            continue;
        enum ca_pull pulled = ca_transfer_pull(&content->transfer, wait, error);
        if (pulled == CA_PULL_END)
            return ca_content_bad(content, "its compressed data ends early.", error);
        if (pulled == CA_PULL_FAILED)
            return CA_PULL_FAILED;
    }
}

enum ca_pull ca_content_pull(struct ca_content *content, struct ca_window *to, const struct ca_wait *wait,
                             struct ca_error *error)
{
    content->to = to;
    if (content->transfer.encoding == CA_ENCODING_GZIP)
        return pull_packed(content, wait, error);
    enum ca_pull pulled = ca_transfer_pull(&content->transfer, wait, error);
    if (pulled != CA_PULL_FAILED && content->transfer.encoding == CA_ENCODING_UNKNOWN)
        return ca_content_bad(content, "it has a Content-Encoding that was not asked for.", error);
    if (pulled == CA_PULL_DATA && content->transfer.encoding == CA_ENCODING_GZIP)
        return pull_packed(content, wait, error);
    return pulled;
}

bool ca_content_has_more(const struct ca_content *content)
{
    return content->packed.length > 0;
}

void ca_content_abandon(struct ca_content *content)
{
    content->to = NULL;
    content->next = NULL;
    content->inflating = false;
    content->packed_at = 0;
    ca_buffer_init(&content->packed, MOST_PACKED);
}

void ca_content_end(struct ca_content *content)
{
    ca_transfer_end(&content->transfer);
    if (content->inflating)
        inflateEnd(&content->inflater);
    content->inflating = false;
}

void ca_content_free(struct ca_content *content)
{
    ca_content_end(content);
    ca_buffer_free(&content->packed);
}
