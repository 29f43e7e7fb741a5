/* The reply reader on any bytes, in pieces of a size that the first octet chooses: it must not crash, and
 * what it delivers must not depend on the size of the pieces. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fake_transport.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A digest of everything the reader delivers. */
static uint64_t read_all(const char *data, size_t octets, size_t piece)
{
    struct ca_reply reply;
    uint64_t digest = 1469598103934665603U;
    fake_body = (struct fake_body){.data = data, .octets = octets, .piece = piece};
    ca_reply_init(&reply);
    if (fake_reply_open(&reply, 1 << 16)) {
        while (ca_reply_next_result(&reply) == CA_NEXT_READ) {
            digest = (digest ^ reply.columns.count) * 1099511628211U;
            ca_reply_keep(&reply);
            while (reply.has_columns && ca_reply_next_row(&reply) == CA_NEXT_READ) {
                for (unsigned i = 0; i < reply.columns.count; i++) {
                    const struct ca_cell *cell = &reply.cells[i];
                    digest = (digest ^ cell->kind ^ cell->octets << 8) * 1099511628211U;
                    for (size_t k = 0; k < cell->octets; k++)
                        digest = (digest ^ (unsigned char)cell->text[k]) * 1099511628211U;
                }
                if (digest & 1)
                    ca_reply_keep(&reply);
            }
        }
    }
    for (const char *p = reply.error.state; *p; p++)
        digest = (digest ^ (unsigned char)*p) * 1099511628211U;
    ca_reply_free(&reply);
    return digest;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    size_t piece = (size_t)(data[0] % 16) + 1;
    char *body = malloc(size - 1);
    memcpy(body, data + 1, size - 1);
    uint64_t whole = read_all(body, size - 1, 0);
    uint64_t pieces = read_all(body, size - 1, piece);
    if (whole != pieces)
        abort();
    free(body);
    return 0;
}
