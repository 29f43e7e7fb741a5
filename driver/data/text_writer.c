/* Owns the writing of text, binary data and UUIDs as parameter values.
 * Rules: ODBC reference, appendix D, "C to SQL: Character", "Binary", "GUID"; SERVICE.md section 1. */
#include <string.h>

#include "data/base64.h"
#include "data/uuid.h"
#include "data/writer.h"

enum ca_conversion ca_write_quoted(const struct ca_writing *target, const char *text, size_t octets)
{
    return ca_write_result(ca_buffer_add_char(target->json, '"') &&
                           ca_buffer_add(target->json, text, octets) &&
                           ca_buffer_add_char(target->json, '"'));
}

enum ca_conversion ca_write_ascii(const struct ca_writing *target, const char *text, size_t octets)
{
    if (ca_write_is_longer(octets, target->parameter))
        return CA_CONVERT_STRING_TOO_LONG;
    return ca_write_quoted(target, text, octets);
}

bool ca_write_literal(const struct ca_value *value, char scratch[CA_LITERAL_SCRATCH],
                      struct ca_literal *literal)
{
    if (value->kind == CA_VALUE_TEXT) {
        *literal = ca_literal_trim(value->data, value->octets);
        return true;
    }
    size_t units = value->octets / sizeof(ca_wide);
    if (units > CA_LITERAL_SCRATCH)
        return false;
    for (size_t i = 0; i < units; i++) {
        ca_wide unit;
        memcpy(&unit, value->data + i * sizeof unit, sizeof unit);
        if (unit >= 0x80)
            return false;
        scratch[i] = (char)unit;
    }
    *literal = ca_literal_trim(scratch, units);
    return true;
}

enum ca_conversion ca_text_as_text(const struct ca_writing *target, struct ca_value *value)
{
    if (ca_write_is_longer(value->octets, target->parameter) &&
        ca_write_is_longer(ca_utf8_characters(value->data, value->octets), target->parameter))
        return CA_CONVERT_STRING_TOO_LONG;
    return ca_write_result(ca_json_write_text(target->json, value->data, value->octets));
}

enum { WIDE_BLOCK = 64 };

/* Appends one block of wide text as the inside of a JSON string; returns the units taken, 0 if there was no
 * memory. A surrogate pair is not parted by the end of a block. */
static size_t write_wide_block(struct ca_buffer *json, const char *data, size_t units, size_t *characters)
{
    ca_wide block[WIDE_BLOCK];
    char utf8[4 * WIDE_BLOCK];
    size_t count = units < WIDE_BLOCK ? units : WIDE_BLOCK;
    size_t length = 0;
    size_t at = 0;
    memcpy(block, data, count * sizeof *block);
    size_t end = count < units ? count - 1 : count; /* the last may be the first half of a pair */
    while (at < end) {
        uint32_t character;
        at += ca_wide_read(block + at, count - at, &character);
        length += ca_utf8_write(utf8 + length, character);
        ++*characters;
    }
    return ca_json_write_inner(json, utf8, length) ? at : 0;
}

enum ca_conversion ca_wide_as_text(const struct ca_writing *target, struct ca_value *value)
{
    size_t units = value->octets / sizeof(ca_wide);
    size_t characters = 0;
    if (!ca_buffer_add_char(target->json, '"'))
        return CA_CONVERT_NO_MEMORY;
    for (size_t at = 0; at < units;) {
        size_t taken =
            write_wide_block(target->json, value->data + at * sizeof(ca_wide), units - at, &characters);
        if (taken == 0)
            return CA_CONVERT_NO_MEMORY;
        at += taken;
    }
    if (ca_write_is_longer(characters, target->parameter))
        return CA_CONVERT_STRING_TOO_LONG;
    return ca_write_result(ca_buffer_add_char(target->json, '"'));
}

enum ca_conversion ca_text_as_binary(const struct ca_writing *target, struct ca_value *value)
{
    size_t unit = value->kind == CA_VALUE_WIDE ? sizeof(ca_wide) : 1;
    size_t count = value->octets / unit / 2;
    struct ca_buffer octets;
    enum ca_conversion result = CA_CONVERT_TEXT;
    if (ca_write_is_longer(count, target->parameter))
        return CA_CONVERT_STRING_TOO_LONG;
    ca_buffer_init(&octets, count);
    for (size_t i = 0; i < 2 * count; i += 2) {
        ca_wide digits[2] = {0};
        for (size_t k = 0; k < 2; k++) {
            const char *at = value->data + (i + k) * unit;
            if (unit == 1)
                digits[k] = (unsigned char)*at;
            else
                memcpy(&digits[k], at, unit);
        }
        int high = digits[0] < 0x80 ? ca_hex_value((char)digits[0]) : -1;
        int low = digits[1] < 0x80 ? ca_hex_value((char)digits[1]) : -1;
        if (high < 0 || low < 0)
            goto out;
        ca_buffer_add_char(&octets, (char)(high << 4 | low));
    }
    result = ca_write_result(!octets.failure && ca_buffer_add_char(target->json, '"') &&
                             ca_base64_write(target->json, octets.data, octets.length) &&
                             ca_buffer_add_char(target->json, '"'));
out:
    ca_buffer_free(&octets);
    return result;
}

enum ca_conversion ca_text_as_guid(const struct ca_writing *target, struct ca_value *value)
{
    char scratch[CA_LITERAL_SCRATCH];
    struct ca_literal literal;
    const char *digits = NULL;
    if (ca_write_literal(value, scratch, &literal))
        digits = ca_uuid_find(literal.text, literal.octets);
    if (!digits)
        return CA_CONVERT_TEXT;
    return ca_write_result(ca_buffer_add_text(target->json, "\"{") &&
                           ca_buffer_add(target->json, digits, CA_UUID_CHARS) &&
                           ca_buffer_add_text(target->json, "}\""));
}

enum ca_conversion ca_guid_as_text(const struct ca_writing *target, struct ca_value *value)
{
    char text[CA_UUID_CHARS];
    ca_uuid_write(&value->guid, text);
    return ca_write_ascii(target, text, sizeof text);
}

enum ca_conversion ca_guid_as_guid(const struct ca_writing *target, struct ca_value *value)
{
    char text[CA_UUID_CHARS + 2];
    text[0] = '{';
    ca_uuid_write(&value->guid, text + 1);
    text[CA_UUID_CHARS + 1] = '}';
    return ca_write_quoted(target, text, sizeof text);
}

enum ca_conversion ca_binary_as_binary(const struct ca_writing *target, struct ca_value *value)
{
    if (ca_write_is_longer(value->octets, target->parameter))
        return CA_CONVERT_STRING_TOO_LONG;
    return ca_write_result(ca_buffer_add_char(target->json, '"') &&
                           ca_base64_write(target->json, value->data, value->octets) &&
                           ca_buffer_add_char(target->json, '"'));
}
