#include "service/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/text.h"

char *ca_secret_option(const struct ca_options *options, enum ca_option option, struct ca_error *error)
{
    static const char prefix[] = "env:";
    const char *value = ca_option_text(options, option);
    const char *name = ca_option_rows()[option].name;
    size_t octets = strlen(value);
    if (strncmp(value, prefix, sizeof prefix - 1) == 0) {
        /* A program with more rights than its user does not let the user choose its secrets. */
        const char *variable = value + sizeof prefix - 1;
        value = secure_getenv(variable);
        octets = value ? strlen(value) : 0;
        value = value ? ca_text_trim(value, &octets) : NULL;
        if (!octets) {
            ca_error_set(error, "28000", 0, "%s=env:%s: the environment variable %s is %s.", name, variable,
                         variable, value ? "empty" : "not set");
            return NULL;
        }
    }
    char *copy = ca_strndup(value, octets);
    if (!copy)
        ca_error_no_memory(error);
    return copy;
}

bool ca_secret_take(char **to, const struct ca_options *options, enum ca_option option,
                    struct ca_error *error)
{
    *to = ca_secret_option(options, option, error);
    if (*to && **to)
        return true;
    ca_free(*to);
    *to = NULL;
    return !ca_error_is_set(error);
}

int ca_secret_file_open(const struct ca_options *options, enum ca_option option, struct ca_error *error)
{
    const char *path = ca_option_text(options, option);
    /* O_NONBLOCK: a pipe must not hold the connection up; it is refused afterwards. */
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    const char *why = descriptor < 0 ? strerror(errno) : ca_file_objection(descriptor);
    if (!why)
        return descriptor;
    if (descriptor >= 0)
        close(descriptor);
    ca_error_set(error, "28000", 0, "%s=%s cannot be used: %s.", ca_option_rows()[option].name, path, why);
    return -1;
}

bool ca_secret_file_read(const struct ca_options *options, enum ca_option option, struct ca_buffer *text,
                         struct ca_error *error)
{
    ssize_t octets = -1;
    int descriptor = ca_secret_file_open(options, option, error);
    if (descriptor < 0)
        return false;
    if (!ca_buffer_reserve(text, CA_LONGEST_SECRET_FILE + 1)) {
        close(descriptor);
        return ca_error_no_memory(error);
    }
    while (text->length <= CA_LONGEST_SECRET_FILE &&
           (octets = read(descriptor, text->data + text->length, CA_LONGEST_SECRET_FILE + 1 - text->length)) >
               0)
        text->length += (size_t)octets;
    text->data[text->length] = '\0';
    close(descriptor);
    if (octets == 0)
        return true;
    return ca_error_set(error, "28000", 0, "%s=%s cannot be used: %s.", ca_option_rows()[option].name,
                        ca_option_text(options, option),
                        octets < 0 ? strerror(errno) : "it is too long to hold a token or a key");
}
