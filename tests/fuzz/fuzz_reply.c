/* The reply reader on any bytes, in pieces and batches of rows of sizes that the first octet chooses, with
 * wide and with narrow vectors: it must not crash, and what it delivers must not depend on any of these. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fake_transport.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_OF_A_BATCH = 16 };

static uint64_t add(uint64_t digest, uint64_t value)
{
    return (digest ^ value) * 1099511628211U;
}

static uint64_t add_cell(uint64_t digest, const struct ca_cell *cell)
{
    digest = add(digest, cell->kind ^ cell->octets << 8);
    for (size_t i = 0; i < cell->octets; i++)
        digest = add(digest, (unsigned char)cell->text[i]);
    return digest;
}

static uint64_t add_rows(uint64_t digest, struct ca_reply *reply, size_t batch)
{
    size_t offsets[MOST_OF_A_BATCH];
    size_t count;
    enum ca_next next = CA_NEXT_READ;
    while (next == CA_NEXT_READ) {
        ca_reply_keep(reply);
        next = ca_reply_next_rows(reply, batch, offsets, &count);
        for (size_t i = 0; i < count * reply->columns.count; i++)
            digest = add_cell(digest, &reply->cells[i]);
    }
    return digest;
}

/* A digest of everything the reader delivers. */
static uint64_t read_all(const char *data, size_t octets, size_t piece, size_t batch, bool narrow)
{
    struct ca_reply reply;
    uint64_t digest = 1469598103934665603U;
    fake_body = (struct fake_body){.data = data, .octets = octets, .piece = piece};
    ca_reply_init(&reply);
    reply.wide &= !narrow;
    if (fake_reply_open(&reply, 1 << 16)) {
        while (ca_reply_next_result(&reply) == CA_NEXT_READ) {
            digest = add(digest, reply.columns.count);
            if (reply.has_columns)
                digest = add_rows(digest, &reply, batch);
        }
    }
    for (const char *p = reply.error.state; *p; p++)
        digest = add(digest, (unsigned char)*p);
    ca_reply_free(&reply);
    return digest;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    size_t piece = (size_t)(data[0] % 16) + 1;
    size_t batch = (size_t)(data[0] / 16) + 1;
    char *body = malloc(size - 1);
    memcpy(body, data + 1, size - 1);
    uint64_t whole = read_all(body, size - 1, 0, 1, false);
    if (read_all(body, size - 1, piece, batch, false) != whole ||
        read_all(body, size - 1, piece, batch, true) != whole)
        abort();
    free(body);
    return 0;
}
