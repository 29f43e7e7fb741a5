/* PATINDEX: where a pattern with % and _ first matches. See functions_parts.h. */
#include "functions_parts.h"

#include <stdlib.h>
#include <string.h>

/* Characters with their case gone, as LIKE compares. */
struct characters {
    uint32_t *c;
    size_t count;
};

static bool spread(struct slice text, struct characters *out)
{
    size_t at = 0;

    out->count = slice_chars(text);
    out->c = sqlite3_malloc64((out->count + 1) * sizeof *out->c);
    if (!out->c)
        return false;
    for (size_t i = 0; i < out->count; i++)
        out->c[i] = unicode_lower(slice_next(text, &at));
    return true;
}

static bool matches(const uint32_t *text, const uint32_t *segment, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (segment[i] != '_' && segment[i] != text[i])
            return false;
    return true;
}

/* The first place of a segment at or after `from`; SIZE_MAX: none. */
static size_t seek(const struct characters *text, const uint32_t *segment, size_t count, size_t from)
{
    for (size_t i = from; i + count <= text->count; i++)
        if (matches(text->c + i, segment, count))
            return i;
    return SIZE_MAX;
}

/* The pattern is segments between %s. Each is taken at its leftmost place, which leaves the most room for the
 * rest; only a last segment without % after it must stand at the end. */
static size_t find_pattern(const struct characters *text, const struct characters *pattern)
{
    size_t at = 0; /* in the text */
    size_t first = SIZE_MAX;
    size_t begin = 0;

    for (size_t i = 0; i <= pattern->count; i++) {
        size_t count = i - begin;
        bool last = i == pattern->count;
        size_t found;

        if (!last && pattern->c[i] != '%')
            continue;
        if (count > 0) {
            if (text->count < at + count)
                return SIZE_MAX;
            found = begin == 0 ? 0 : last ? text->count - count : seek(text, pattern->c + begin, count, at);
            if (found == SIZE_MAX || !matches(text->c + found, pattern->c + begin, count) ||
                (last && found + count != text->count))
                return SIZE_MAX;
            if (first == SIZE_MAX)
                first = found;
            at = found + count;
        }
        begin = i + 1;
    }
    return first == SIZE_MAX && text->count > 0 ? 0 : first;
}

void text_patindex(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct characters pattern = {0};
    struct characters text = {0};

    (void)count;
    if (!spread(slice_of(values[0]), &pattern) || !spread(slice_of(values[1]), &text)) {
        sqlite3_result_error_nomem(context);
    } else {
        size_t found = find_pattern(&text, &pattern);

        sqlite3_result_int64(context, found == SIZE_MAX ? 0 : (sqlite3_int64)found + 1);
    }
    sqlite3_free(pattern.c);
    sqlite3_free(text.c);
}
