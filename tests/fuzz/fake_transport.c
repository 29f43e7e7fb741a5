#include "fake_transport.h"

#include <string.h>

struct fake_body fake_body;

bool ca_transfer_begin(struct ca_transfer *transfer, const struct ca_transport *transport,
                       const struct ca_exchange *exchange, const struct ca_sink *sink, struct ca_error *error)
{
    (void)error;
    *transfer = (struct ca_transfer){
        .transport = transport, .exchange = *exchange, .sink = *sink, .retry_after_s = -1};
    transfer->encoding = fake_body.gzip ? CA_ENCODING_GZIP : CA_ENCODING_IDENTITY;
    transfer->html = fake_body.html;
    transfer->status = fake_body.status ? fake_body.status : 200;
    fake_body.at = 0;
    return true;
}

enum ca_pull ca_transfer_pull(struct ca_transfer *transfer, const struct ca_wait *wait,
                              struct ca_error *error)
{
    const struct ca_sink *sink = &transfer->sink;
    size_t taken = 0;
    (void)wait;
    for (;;) {
        size_t left = fake_body.octets - fake_body.at;
        size_t octets = fake_body.piece && fake_body.piece < left ? fake_body.piece : left;
        if (!octets)
            break;
        /* Through a copy of its own size, so that a sanitizer sees a read past the end. */
        if (!sink->take(sink->context, fake_body.data + fake_body.at, octets)) {
            ca_error_no_memory(error);
            return CA_PULL_FAILED;
        }
        fake_body.at += octets;
        taken += octets;
        if (!sink->go_on(sink->context))
            break;
    }
    if (taken)
        return CA_PULL_DATA;
    if (!fake_body.broken)
        return CA_PULL_END;
    ca_error_set(error, "08S01", 0, "broken off");
    return CA_PULL_FAILED;
}

void ca_transfer_end(struct ca_transfer *transfer)
{
    (void)transfer;
}

/* Nothing is waited for here. */
bool ca_transfer_wait_is_over(const struct ca_transfer *transfer, const struct ca_wait *wait,
                              int64_t heard_ms, struct ca_error *error)
{
    (void)transfer;
    (void)wait;
    (void)heard_ms;
    (void)error;
    return false;
}

void ca_transfer_give_up(struct ca_transfer *transfer, enum ca_retry retry)
{
    transfer->retry = retry;
}

enum ca_pull ca_transfer_forked(struct ca_transfer *transfer, struct ca_error *error)
{
    (void)transfer;
    (void)error;
    return CA_PULL_FAILED;
}

bool fake_reply_open(struct ca_reply *reply, size_t max_row_octets)
{
    static struct ca_transport transport = {.host = (char *)"fake"};
    static const struct ca_exchange exchange = {.url = "http://fake/", .repeatable = true};
    static const struct ca_wait wait = {.deadline = INT64_MAX};
    transport.read_ahead = fake_body.ahead;
    return ca_reply_open(reply, &transport, &exchange, &wait, max_row_octets);
}
