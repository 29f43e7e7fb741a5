/* What is sent: bodies of /query, /batch and /exec, addresses of metadata requests (SERVICE.md section 1). */
#ifndef CA_SERVICE_REQUEST_H
#define CA_SERVICE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

enum { CA_LONGEST_BODY = 1 << 30 };

/* The members of a body; NULL, "" or 0 members are left out. */
struct ca_body {
    const char *query; /* or procedure */
    size_t query_octets;
    bool procedure;
    const char *catalog;
    const char *schema;
    const char *parameters; /* JSON: object or array */
    size_t parameters_octets;
    bool schema_only;
    int timeout_s;
};

/* false: body->failure says why. */
bool ca_body_write(struct ca_buffer *json, const struct ca_body *body);

/* Appends `base/path`, and with a workspace `?workspace=…`. */
bool ca_address_begin(struct ca_buffer *url, const char *base, const char *path, const char *workspace);
/* Appends the value, percent-encoded. */
bool ca_address_encode(struct ca_buffer *url, const char *value);
/* Appends one more `name=value`, percent-encoded. */
bool ca_address_add(struct ca_buffer *url, const char *name, const char *value);

#endif
