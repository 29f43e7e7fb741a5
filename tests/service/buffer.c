/*
 * Owns growing byte buffers. Knows nothing of JSON, HTTP or SQL.
 */
#include "buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SMALLEST = 256 };

void buffer_free(struct buffer *b)
{
    free(b->data);
    *b = (struct buffer){.maximum = b->maximum};
}

bool buffer_reserve(struct buffer *b, size_t more)
{
    size_t limit = b->maximum != 0 ? b->maximum : SIZE_MAX / 4;

    if (b->failed)
        return false;
    if (more > limit || b->length > limit - more) {
        b->failed = true;
        return false;
    }
    size_t need = b->length + more + 1;
    if (need <= b->capacity)
        return true;
    size_t capacity = b->capacity != 0 ? b->capacity : SMALLEST;
    while (capacity < need)
        capacity *= 2;
    char *data = realloc(b->data, capacity);
    if (data == NULL) {
        b->failed = true;
        return false;
    }
    b->data = data;
    b->capacity = capacity;
    return true;
}

void buffer_append(struct buffer *b, const void *octets, size_t length)
{
    if (length == 0 || !buffer_reserve(b, length))
        return;
    memcpy(b->data + b->length, octets, length);
    b->length += length;
}

void buffer_text(struct buffer *b, const char *text)
{
    buffer_append(b, text, strlen(text));
}

void buffer_char(struct buffer *b, char c)
{
    buffer_append(b, &c, 1);
}

static void append_format(struct buffer *b, const char *format, va_list arguments)
{
    va_list again;

    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0) {
        b->failed = true;
        return;
    }
    if (!buffer_reserve(b, (size_t)length))
        return;
    vsnprintf(b->data + b->length, (size_t)length + 1, format, arguments);
    b->length += (size_t)length;
}

void buffer_format(struct buffer *b, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    append_format(b, format, arguments);
    va_end(arguments);
}

void buffer_int(struct buffer *b, int64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (value < 0)
        digits[--at] = '-';
    buffer_append(b, digits + at, sizeof digits - at);
}

void buffer_consume(struct buffer *b, size_t length)
{
    if (length > b->length)
        length = b->length;
    b->length -= length;
    if (b->length != 0)
        memmove(b->data, b->data + length, b->length);
}

const char *buffer_string(struct buffer *b)
{
    if (b->failed || b->data == NULL)
        return "";
    b->data[b->length] = '\0';
    return b->data;
}

char *buffer_take(struct buffer *b)
{
    char *text = NULL;

    if (buffer_reserve(b, 0)) {
        b->data[b->length] = '\0';
        text = b->data;
        b->data = NULL;
    }
    buffer_free(b);
    return text;
}

char *string_format(const char *format, ...)
{
    struct buffer b = {0};
    va_list arguments;

    va_start(arguments, format);
    append_format(&b, format, arguments);
    va_end(arguments);
    return buffer_take(&b);
}
