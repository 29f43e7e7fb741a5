/* Reading and writing of `keyword=value;` text as SQLDriverConnect defines it: values in braces may hold
 * anything, a `}` inside them is doubled. The text may hold secrets: the reader copies nothing. */
#ifndef CA_BASE_KEYWORD_H
#define CA_BASE_KEYWORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

struct ca_keyword_reader {
    const char *text;
    size_t octets;
    size_t at;
};

struct ca_keyword {
    const char *name;
    size_t name_octets;
    const char *value; /* in braces: the text between them, `}}` not yet undone */
    size_t value_octets;
    bool braced;
};

enum ca_keyword_result { CA_KEYWORD_READ, CA_KEYWORD_END, CA_KEYWORD_MALFORMED };

void ca_keyword_reader_init(struct ca_keyword_reader *reader, const char *text, size_t octets);
/* After CA_KEYWORD_MALFORMED (no `=`, or a brace never closed) the reader stands behind the bad piece. */
enum ca_keyword_result ca_keyword_next(struct ca_keyword_reader *reader, struct ca_keyword *keyword);
/* Appends the value with `}}` undone. */
bool ca_keyword_value(const struct ca_keyword *keyword, struct ca_buffer *value);
/* Appends `name=value;`, in braces where the value needs them. */
bool ca_keyword_write(struct ca_buffer *text, const char *name, const char *value);

#endif
