/*
 * A growing run of bytes with a maximum, used for request bodies and reply text.
 *
 * Failure is sticky: once an append fails (no memory, or over the maximum) every later append does
 * nothing, so that a writer may check once at the end.
 */
#ifndef SERVICE_BUFFER_H
#define SERVICE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer {
    char *data;
    size_t length;   /* octets in use */
    size_t capacity; /* octets allocated */
    size_t maximum;  /* octets allowed; 0 = no limit but SIZE_MAX / 2 */
    bool failed;
};

/* Frees the bytes and leaves an empty buffer with the same maximum. */
void buffer_free(struct buffer *b);

/* Makes room for `more` octets behind the text and one for a zero; false (and failed) if it cannot. */
bool buffer_reserve(struct buffer *b, size_t more);

void buffer_append(struct buffer *b, const void *octets, size_t length);
void buffer_text(struct buffer *b, const char *text);
void buffer_char(struct buffer *b, char c);
void buffer_format(struct buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Decimal digits of a 64-bit integer. */
void buffer_int(struct buffer *b, int64_t value);

/* Drops the first `length` octets. */
void buffer_consume(struct buffer *b, size_t length);

/* The text with a zero behind it (never NULL; "" when empty or failed). Owned by the buffer. */
const char *buffer_string(struct buffer *b);

/* Hands the text over with a zero behind it; the caller frees it. NULL if the buffer has failed. */
char *buffer_take(struct buffer *b);

/* A fresh string in printf form; NULL without memory. The caller frees it. */
char *string_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
