#include "base/keyword.h"

#include <string.h>

#include "base/text.h"

void ca_keyword_reader_init(struct ca_keyword_reader *reader, const char *text, size_t octets)
{
    *reader = (struct ca_keyword_reader){text, octets, 0};
}

static void skip(struct ca_keyword_reader *reader, const char *characters)
{
    while (reader->at < reader->octets && strchr(characters, reader->text[reader->at]) &&
           reader->text[reader->at])
        reader->at++;
}

static size_t find(const struct ca_keyword_reader *reader, size_t from, char wanted, char stop)
{
    while (from < reader->octets && reader->text[from] != wanted && reader->text[from] != stop)
        from++;
    return from;
}

/* The value stands in braces: ends at a `}` that is not doubled. */
static enum ca_keyword_result read_braced(struct ca_keyword_reader *reader, struct ca_keyword *keyword)
{
    size_t start = reader->at + 1;
    size_t at = start;
    for (;; at += 2) {
        at = find(reader, at, '}', '}');
        if (at >= reader->octets) {
            reader->at = reader->octets;
            return CA_KEYWORD_MALFORMED;
        }
        if (at + 1 >= reader->octets || reader->text[at + 1] != '}')
            break;
    }
    keyword->value = reader->text + start;
    keyword->value_octets = at - start;
    keyword->braced = true;
    reader->at = at + 1;
    skip(reader, " \t\r\n");
    if (reader->at < reader->octets && reader->text[reader->at] != ';') {
        reader->at = find(reader, reader->at, ';', ';');
        return CA_KEYWORD_MALFORMED;
    }
    return CA_KEYWORD_READ;
}

enum ca_keyword_result ca_keyword_next(struct ca_keyword_reader *reader, struct ca_keyword *keyword)
{
    skip(reader, "; \t\r\n");
    if (reader->at >= reader->octets)
        return CA_KEYWORD_END;
    size_t equals = find(reader, reader->at, '=', ';');
    keyword->name_octets = equals - reader->at;
    keyword->name = reader->text + reader->at;
    keyword->name = ca_text_trim(keyword->name, &keyword->name_octets);
    reader->at = equals;
    if (equals >= reader->octets || reader->text[equals] == ';' || keyword->name_octets == 0) {
        reader->at = find(reader, equals, ';', ';');
        return CA_KEYWORD_MALFORMED;
    }
    reader->at = equals + 1;
    skip(reader, " \t\r\n");
    if (reader->at < reader->octets && reader->text[reader->at] == '{')
        return read_braced(reader, keyword);
    size_t end = find(reader, reader->at, ';', ';');
    keyword->value = reader->text + reader->at;
    keyword->value_octets = end - reader->at;
    keyword->value = ca_text_trim(keyword->value, &keyword->value_octets);
    keyword->braced = false;
    reader->at = end;
    return CA_KEYWORD_READ;
}

bool ca_keyword_value(const struct ca_keyword *keyword, struct ca_buffer *value)
{
    if (!keyword->braced)
        return ca_buffer_add(value, keyword->value, keyword->value_octets);
    if (!ca_buffer_reserve(value, keyword->value_octets))
        return false;
    for (size_t i = 0; i < keyword->value_octets; i++) {
        ca_buffer_add_char(value, keyword->value[i]);
        if (keyword->value[i] == '}')
            i++;
    }
    return !value->failure;
}

static bool needs_braces(const char *value)
{
    size_t octets = strlen(value);
    if (octets == 0)
        return false;
    return strpbrk(value, ";{}[](),?*=!@") || ca_text_is_blank(value[0]) ||
           ca_text_is_blank(value[octets - 1]);
}

bool ca_keyword_write(struct ca_buffer *text, const char *name, const char *value)
{
    ca_buffer_add_text(text, name);
    ca_buffer_add_char(text, '=');
    if (!needs_braces(value)) {
        ca_buffer_add_text(text, value);
        return ca_buffer_add_char(text, ';');
    }
    ca_buffer_add_char(text, '{');
    for (; *value; value++) {
        if (*value == '}')
            ca_buffer_add_char(text, '}');
        ca_buffer_add_char(text, *value);
    }
    return ca_buffer_add_text(text, "};");
}
