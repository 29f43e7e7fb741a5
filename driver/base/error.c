#include "base/error.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buffer.h"

enum { LONGEST_ERROR_TEXT = 1 << 20 };

bool ca_error_set_args(struct ca_error *error, const char *state, int32_t native, const char *format,
                       va_list arguments)
{
    if (ca_error_is_set(error))
        return false;
    struct ca_buffer text = CA_BUFFER_INIT(LONGEST_ERROR_TEXT);
    snprintf(error->state, sizeof error->state, "%s", state);
    error->native = native;
    ca_buffer_add_format_args(&text, format, arguments);
    error->text = ca_buffer_take(&text);
    return false;
}

bool ca_error_set(struct ca_error *error, const char *state, int32_t native, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    ca_error_set_args(error, state, native, format, arguments);
    va_end(arguments);
    return false;
}

bool ca_error_no_memory(struct ca_error *error)
{
    if (!ca_error_is_set(error))
        memcpy(error->state, "HY001", sizeof error->state);
    return false;
}

const char *ca_error_text(const struct ca_error *error)
{
    if (error->text)
        return error->text;
    return ca_error_is_set(error) ? "Not enough memory." : "";
}

void ca_error_clear(struct ca_error *error)
{
    ca_free(error->text);
    *error = (struct ca_error)CA_ERROR_INIT;
}

void ca_error_move(struct ca_error *to, struct ca_error *from)
{
    if (ca_error_is_set(to)) {
        ca_error_clear(from);
        return;
    }
    *to = *from;
    *from = (struct ca_error)CA_ERROR_INIT;
}

void ca_error_copy(struct ca_error *to, const struct ca_error *from)
{
    ca_error_set(to, from->state, from->native, "%s", ca_error_text(from));
}
