/* A growing byte buffer with a maximum. After the first failed append the buffer keeps its content
 * and refuses everything more, so that one check at the end of building a text is enough. */
#ifndef CA_BASE_BUFFER_H
#define CA_BASE_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ca_buffer_failure { CA_BUFFER_OK, CA_BUFFER_NO_MEMORY, CA_BUFFER_TOO_BIG };

struct ca_buffer {
    char *data; /* always NUL-terminated once something was appended */
    size_t length;
    size_t capacity;
    size_t maximum;
    enum ca_buffer_failure failure;
    bool secret; /* no copy of the content is left behind, neither by growing nor by freeing */
};

#define CA_BUFFER_INIT(max)                    \
    {                                          \
        NULL, 0, 0, (max), CA_BUFFER_OK, false \
    }
#define CA_BUFFER_INIT_SECRET(max)            \
    {                                         \
        NULL, 0, 0, (max), CA_BUFFER_OK, true \
    }

void ca_buffer_init(struct ca_buffer *buffer, size_t maximum);
void ca_buffer_free(struct ca_buffer *buffer);
/* Empties the buffer, keeps its memory and forgets a failure. */
void ca_buffer_clear(struct ca_buffer *buffer);

/* Makes room for `octets` more; false (and `failure` set) if that cannot be. */
bool ca_buffer_reserve(struct ca_buffer *buffer, size_t octets);
bool ca_buffer_add(struct ca_buffer *buffer, const void *data, size_t octets);
bool ca_buffer_add_text(struct ca_buffer *buffer, const char *text);
bool ca_buffer_add_char(struct ca_buffer *buffer, char c);
bool ca_buffer_add_format(struct ca_buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
bool ca_buffer_add_format_args(struct ca_buffer *buffer, const char *format, va_list arguments);
/* The content as a C string, never NULL. */
const char *ca_buffer_text(const struct ca_buffer *buffer);
/* Hands the memory to the caller (free with ca_free); NULL after a failure, which also frees it. */
char *ca_buffer_take(struct ca_buffer *buffer);

#endif
