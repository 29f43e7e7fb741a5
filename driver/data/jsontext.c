/* Owns the escapes of JSON strings (RFC 8259, section 7), both ways. Knows no type and no target. */
#include "data/jsontext.h"

#include <string.h>

#include "base/text.h"
#include "base/utf.h"
#include "data/base64.h"
#include "data/parameter.h"

/* The four digits of `\uXXXX` behind the u; false if they are not all there. */
static bool read_unit(const char *text, size_t octets, uint32_t *unit)
{
    *unit = 0;
    if (octets < 6 || text[0] != '\\' || text[1] != 'u')
        return false;
    for (size_t i = 2; i < 6; i++) {
        int digit = ca_hex_value(text[i]);
        if (digit < 0)
            return false;
        *unit = *unit << 4 | (uint32_t)digit;
    }
    return true;
}

static size_t read_unicode_escape(const char *text, size_t octets, uint32_t *character)
{
    uint32_t first;
    uint32_t second;
    *character = CA_REPLACEMENT;
    if (!read_unit(text, octets, &first))
        return 2;
    if (first < 0xD800 || first > 0xDFFF) {
        *character = first;
        return 6;
    }
    bool paired =
        first < 0xDC00 && read_unit(text + 6, octets - 6, &second) && second >= 0xDC00 && second <= 0xDFFF;
    if (!paired)
        return 6;
    *character = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
    return 12;
}

unsigned char ca_json_escape_value(char name)
{
    switch (name) {
    case '"':
    case '\\':
    case '/':
        return (unsigned char)name;
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return 0;
    }
}

size_t ca_json_read(const char *text, size_t octets, bool escaped, uint32_t *character)
{
    if (!escaped || text[0] != '\\')
        return ca_utf8_read(text, octets, character);
    *character = CA_REPLACEMENT;
    if (octets < 2)
        return 1;
    if (text[1] == 'u')
        return read_unicode_escape(text, octets, character);
    unsigned char value = ca_json_escape_value(text[1]);
    if (!value)
        return 1; /* what follows the backslash is read as itself */
    *character = value;
    return 2;
}

struct ca_literal ca_literal_trim(const char *text, size_t octets)
{
    struct ca_literal literal = {text, octets};
    literal.text = ca_text_trim(text, &literal.octets);
    return literal;
}

bool ca_literal_of_cell(const struct ca_cell *cell, char scratch[CA_LITERAL_SCRATCH],
                        struct ca_literal *literal)
{
    if (cell->kind != CA_CELL_STRING && cell->kind != CA_CELL_NUMBER)
        return false;
    if (!cell->escaped) {
        *literal = ca_literal_trim(cell->text, cell->octets);
        return true;
    }
    size_t length = 0;
    for (size_t at = 0; at < cell->octets;) {
        uint32_t character;
        at += ca_json_read(cell->text + at, cell->octets - at, true, &character);
        if (length > CA_LITERAL_SCRATCH - CA_CELL_PADDING - 4)
            return false;
        length += ca_utf8_write(scratch + length, character);
    }
    memset(scratch + length, 0, CA_CELL_PADDING);
    *literal = ca_literal_trim(scratch, length);
    return true;
}

/* Octets that go into a JSON string as they are: ASCII but control characters, quote and backslash. */
static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

static bool write_escape(struct ca_buffer *json, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    char escape[6] = {'\\', (char)c};
    size_t octets = 2;
    switch (c) {
    case '"':
    case '\\':
        break;
    case '\n':
        escape[1] = 'n';
        break;
    case '\r':
        escape[1] = 'r';
        break;
    case '\t':
        escape[1] = 't';
        break;
    default:
        memcpy(escape + 1, "u00", 3);
        escape[4] = hex[c >> 4];
        escape[5] = hex[c & 15];
        octets = 6;
    }
    return ca_buffer_add(json, escape, octets);
}

/* One character that is_plain() refused; *taken is set to its octets. */
static bool write_special(struct ca_buffer *json, const char *text, size_t octets, size_t *taken)
{
    uint32_t character;
    char utf8[4];
    *taken = ca_utf8_read(text, octets, &character);
    if (character < 0x80)
        return write_escape(json, (unsigned char)character);
    return ca_buffer_add(json, utf8, ca_utf8_write(utf8, character));
}

bool ca_json_write_inner(struct ca_buffer *json, const char *text, size_t octets)
{
    size_t at = 0;
    while (at < octets) {
        size_t start = at;
        while (at < octets && is_plain((unsigned char)text[at]))
            at++;
        size_t taken = 0;
        if (!ca_buffer_add(json, text + start, at - start) ||
            (at < octets && !write_special(json, text + at, octets - at, &taken)))
            return false;
        at += taken;
    }
    return true;
}

bool ca_json_write_text(struct ca_buffer *json, const char *text, size_t octets)
{
    return ca_buffer_add_char(json, '"') && ca_json_write_inner(json, text, octets) &&
           ca_buffer_add_char(json, '"');
}
