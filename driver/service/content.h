/* The content of a reply as plain text, in pieces as they come: receives and inflates. One thread at a time.
 */
#ifndef CA_SERVICE_CONTENT_H
#define CA_SERVICE_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <zlib.h>

#include "base/buffer.h"
#include "service/transport.h"
#include "service/window.h"

/* The window for what follows, where a pull has its fill of the one it has; NULL = it ends there. */
typedef struct ca_window *ca_next_window(void *context);

struct ca_content {
    struct ca_transfer transfer;
    struct ca_window *to; /* of the pull under way */
    ca_next_window *next; /* NULL = a pull ends where it has its fill */
    void *next_context;
    struct ca_buffer packed; /* gzip: received, not yet inflated */
    size_t packed_at;
    z_stream inflater;
    bool inflating;
    bool inflated_all;
    bool damaged; /* the compressed data */
};

void ca_content_init(struct ca_content *content);
bool ca_content_begin(struct ca_content *content, const struct ca_transport *transport,
                      const struct ca_exchange *exchange, struct ca_error *error);
/* Adds octets to the window. CA_PULL_END: the content is complete; CA_PULL_FAILED sets the error. */
enum ca_pull ca_content_pull(struct ca_content *content, struct ca_window *to, const struct ca_wait *wait,
                             struct ca_error *error);
/* Fails: it is not what was expected. */
enum ca_pull ca_content_bad(struct ca_content *content, const char *what, struct ca_error *error);
/* Whether the next pull need not wait for the service. */
bool ca_content_has_more(const struct ca_content *content);
/* After fork: what a thread of the parent had in hand may be half moved, so it is left where it is. */
void ca_content_abandon(struct ca_content *content);
/* Ends the transfer. */
void ca_content_end(struct ca_content *content);
void ca_content_free(struct ca_content *content);

#endif
