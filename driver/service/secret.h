/* Where a secret comes from: the option itself, an environment variable that the option names, or a file that
 * only its owner can read. */
#ifndef CA_SERVICE_SECRET_H
#define CA_SERVICE_SECRET_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"
#include "service/options.h"

enum { CA_LONGEST_SECRET_FILE = 64 * 1024 };

/* The value of an option of kind SECRET, "" if it is not set, for the caller to free with ca_free_secret;
 * `env:NAME` stands for the environment variable NAME. NULL: 28000 or HY001. */
char *ca_secret_option(const struct ca_options *options, enum ca_option option, struct ca_error *error);

/* The same in *to, which is NULL where the option is not set. */
bool ca_secret_take(char **to, const struct ca_options *options, enum ca_option option,
                    struct ca_error *error);

/* Opens the file that the option names for reading, if it is regular, the user's own and closed to others
 * (0600); -1: 28000 with a text that says what to do. */
int ca_secret_file_open(const struct ca_options *options, enum ca_option option, struct ca_error *error);
/* Reads such a file whole into an empty buffer, up to CA_LONGEST_SECRET_FILE. */
bool ca_secret_file_read(const struct ca_options *options, enum ca_option option, struct ca_buffer *text,
                         struct ca_error *error);

#endif
