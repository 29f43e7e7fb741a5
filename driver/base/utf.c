#include "base/utf.h"

#include <string.h>

static bool is_continuation(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

/* Number of octets announced by a lead octet and the smallest character that may use them. */
static size_t sequence_length(unsigned char lead, uint32_t *smallest, uint32_t *bits)
{
    if (lead >= 0xC2 && lead <= 0xDF) {
        *smallest = 0x80;
        *bits = lead & 0x1FU;
        return 2;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        *smallest = 0x800;
        *bits = lead & 0x0FU;
        return 3;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        *smallest = 0x10000;
        *bits = lead & 0x07U;
        return 4;
    }
    return 0;
}

size_t ca_utf8_read(const char *text, size_t octets, uint32_t *character)
{
    const unsigned char *p = (const unsigned char *)text;
    if (p[0] < 0x80) {
        *character = p[0];
        return 1;
    }
    uint32_t smallest = 0;
    uint32_t value = 0;
    size_t length = sequence_length(p[0], &smallest, &value);
    *character = CA_REPLACEMENT;
    if (length == 0)
        return 1;
    for (size_t i = 1; i < length; i++) {
        if (i >= octets || !is_continuation(p[i]))
            return i;
        value = value << 6 | (p[i] & 0x3FU);
    }
    bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value >= smallest && value <= 0x10FFFF && !surrogate)
        *character = value;
    return length;
}

size_t ca_utf8_write(char *text, uint32_t character)
{
    unsigned char *p = (unsigned char *)text;
    if (character > 0x10FFFF || (character >= 0xD800 && character <= 0xDFFF))
        character = CA_REPLACEMENT;
    if (character < 0x80) {
        p[0] = (unsigned char)character;
        return 1;
    }
    if (character < 0x800) {
        p[0] = (unsigned char)(0xC0 | character >> 6);
        p[1] = (unsigned char)(0x80 | (character & 0x3F));
        return 2;
    }
    if (character < 0x10000) {
        p[0] = (unsigned char)(0xE0 | character >> 12);
        p[1] = (unsigned char)(0x80 | (character >> 6 & 0x3F));
        p[2] = (unsigned char)(0x80 | (character & 0x3F));
        return 3;
    }
    p[0] = (unsigned char)(0xF0 | character >> 18);
    p[1] = (unsigned char)(0x80 | (character >> 12 & 0x3F));
    p[2] = (unsigned char)(0x80 | (character >> 6 & 0x3F));
    p[3] = (unsigned char)(0x80 | (character & 0x3F));
    return 4;
}

size_t ca_wide_read(const ca_wide *text, size_t units, uint32_t *character)
{
    uint32_t first = text[0];
#if CA_WIDE_OCTETS == 2
    if (first >= 0xD800 && first <= 0xDBFF && units > 1 && text[1] >= 0xDC00 && text[1] <= 0xDFFF) {
        *character = 0x10000 + ((first - 0xD800) << 10) + (text[1] - 0xDC00U);
        return 2;
    }
#else
    (void)units;
#endif
    bool invalid = first > 0x10FFFF || (first >= 0xD800 && first <= 0xDFFF);
    *character = invalid ? CA_REPLACEMENT : first;
    return 1;
}

size_t ca_wide_write(ca_wide *text, uint32_t character)
{
#if CA_WIDE_OCTETS == 2
    if (character >= 0x10000) {
        text[0] = (ca_wide)(0xD800 + ((character - 0x10000) >> 10));
        text[1] = (ca_wide)(0xDC00 + ((character - 0x10000) & 0x3FF));
        return 2;
    }
#endif
    text[0] = (ca_wide)character;
    return 1;
}

size_t ca_wide_length(const ca_wide *text)
{
    size_t units = 0;
    while (text[units])
        units++;
    return units;
}

size_t ca_utf8_wide_length(const char *text, size_t octets)
{
    size_t units = 0;
    for (size_t at = 0; at < octets;) {
        uint32_t character;
        at += ca_utf8_read(text + at, octets - at, &character);
        units += CA_WIDE_OCTETS == 2 && character >= 0x10000 ? 2 : 1;
    }
    return units;
}

size_t ca_utf8_characters(const char *text, size_t octets)
{
    size_t count = 0;
    for (size_t at = 0; at < octets; count++) {
        uint32_t character;
        at += ca_utf8_read(text + at, octets - at, &character);
    }
    return count;
}

size_t ca_utf8_to_wide(ca_wide *target, size_t capacity, const char *text, size_t octets, size_t *taken)
{
    size_t at = 0;
    size_t written = 0;
    while (at < octets && written < capacity) {
        unsigned char c = (unsigned char)text[at];
        if (c < 0x80) {
            target[written++] = c;
            at++;
            continue;
        }
        uint32_t character;
        size_t length = ca_utf8_read(text + at, octets - at, &character);
        if (CA_WIDE_OCTETS == 2 && character >= 0x10000 && capacity - written < 2)
            break;
        written += ca_wide_write(target + written, character);
        at += length;
    }
    *taken = at;
    return written;
}

bool ca_wide_to_utf8(struct ca_buffer *target, const ca_wide *text, size_t units)
{
    if (!ca_buffer_reserve(target, units))
        return false;
    for (size_t at = 0; at < units;) {
        uint32_t character;
        char octets[4];
        at += ca_wide_read(text + at, units - at, &character);
        if (!ca_buffer_add(target, octets, ca_utf8_write(octets, character)))
            return false;
    }
    return true;
}

size_t ca_utf8_cut(const char *text, size_t octets, size_t limit)
{
    if (octets <= limit)
        return octets;
    size_t cut = limit;
    while (cut > 0 && limit - cut < 3 && is_continuation((unsigned char)text[cut]))
        cut--;
    return is_continuation((unsigned char)text[cut]) ? limit : cut;
}
