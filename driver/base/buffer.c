#include "base/buffer.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

enum { SMALLEST_CAPACITY = 64 };

void ca_buffer_init(struct ca_buffer *buffer, size_t maximum)
{
    *buffer = (struct ca_buffer)CA_BUFFER_INIT(maximum);
}

/* Empties it for good; what kind of buffer it is stays. */
static void forget(struct ca_buffer *buffer)
{
    bool secret = buffer->secret;
    ca_buffer_init(buffer, buffer->maximum);
    buffer->secret = secret;
}

void ca_buffer_free(struct ca_buffer *buffer)
{
    if (buffer->secret)
        ca_wipe(buffer->data, buffer->capacity);
    ca_free(buffer->data);
    forget(buffer);
}

void ca_buffer_clear(struct ca_buffer *buffer)
{
    buffer->length = 0;
    buffer->failure = CA_BUFFER_OK;
    if (buffer->data)
        buffer->data[0] = '\0';
}

/* realloc may move a block and leave the old one as it was. */
static char *grow(struct ca_buffer *buffer, size_t capacity)
{
    if (!buffer->secret)
        return ca_realloc(buffer->data, capacity);
    char *data = ca_alloc(capacity);
    if (!data)
        return NULL;
    if (buffer->data)
        memcpy(data, buffer->data, buffer->length);
    ca_wipe(buffer->data, buffer->capacity);
    ca_free(buffer->data);
    return data;
}

bool ca_buffer_reserve(struct ca_buffer *buffer, size_t octets)
{
    if (buffer->failure)
        return false;
    if (octets > buffer->maximum || buffer->length > buffer->maximum - octets) {
        buffer->failure = CA_BUFFER_TOO_BIG;
        return false;
    }
    size_t needed = buffer->length + octets + 1;
    if (needed <= buffer->capacity)
        return true;
    size_t capacity = buffer->capacity ? buffer->capacity : SMALLEST_CAPACITY;
    while (capacity < needed)
        capacity = capacity > buffer->maximum / 2 ? buffer->maximum + 1 : capacity * 2;
    char *data = grow(buffer, capacity);
    if (!data) {
        buffer->failure = CA_BUFFER_NO_MEMORY;
        return false;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    data[buffer->length] = '\0';
    return true;
}

bool ca_buffer_add(struct ca_buffer *buffer, const void *data, size_t octets)
{
    if (!ca_buffer_reserve(buffer, octets))
        return false;
    if (octets)
        memcpy(buffer->data + buffer->length, data, octets);
    buffer->length += octets;
    buffer->data[buffer->length] = '\0';
    return true;
}

bool ca_buffer_add_text(struct ca_buffer *buffer, const char *text)
{
    return ca_buffer_add(buffer, text, strlen(text));
}

bool ca_buffer_add_char(struct ca_buffer *buffer, char c)
{
    return ca_buffer_add(buffer, &c, 1);
}

bool ca_buffer_add_format_args(struct ca_buffer *buffer, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int octets = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (octets < 0 || !ca_buffer_reserve(buffer, (size_t)octets))
        return false;
    vsnprintf(buffer->data + buffer->length, (size_t)octets + 1, format, arguments);
    buffer->length += (size_t)octets;
    return true;
}

bool ca_buffer_add_format(struct ca_buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    bool added = ca_buffer_add_format_args(buffer, format, arguments);
    va_end(arguments);
    return added;
}

const char *ca_buffer_text(const struct ca_buffer *buffer)
{
    return buffer->data ? buffer->data : "";
}

char *ca_buffer_take(struct ca_buffer *buffer)
{
    if (!ca_buffer_reserve(buffer, 0)) {
        ca_buffer_free(buffer);
        return NULL;
    }
    char *data = buffer->data;
    data[buffer->length] = '\0';
    forget(buffer);
    return data;
}
