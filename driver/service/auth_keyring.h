/* The desktop's secret store, by way of libsecret, which is loaded when it is asked for and only then. What
 * is kept is found again by the service's address, UID and AuthScheme. */
#ifndef CA_SERVICE_AUTH_KEYRING_H
#define CA_SERVICE_AUTH_KEYRING_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"
#include "service/options.h"

/* Appends what is kept. false: 28000 (nothing is kept, no libsecret, the store is locked) or HY001. */
bool ca_keyring_read(const struct ca_options *options, struct ca_buffer *text, struct ca_error *error);
bool ca_keyring_write(const struct ca_options *options, const char *text, struct ca_error *error);

#endif
