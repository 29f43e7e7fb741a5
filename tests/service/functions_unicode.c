/* Text in UTF-8: characters, their case, and slices of text. See functions_parts.h. */
#include "functions_parts.h"

#include <string.h>

/* An octet that begins no character is one past all characters, so that no letter's case is found for it. */
enum { NO_CHARACTER = 0x110000 };

struct slice slice_of(sqlite3_value *value)
{
    /* The text first, then its length: SQLite may convert in between. */
    const char *data = (const char *)sqlite3_value_text(value);
    int octets = sqlite3_value_bytes(value);

    return data ? (struct slice){data, (size_t)octets} : (struct slice){"", 0};
}

/* Octets of the character that begins here; 1 for what begins none. */
static size_t width(struct slice text, size_t at)
{
    const unsigned char *p = (const unsigned char *)text.data + at;
    size_t left = text.octets - at;
    size_t n = p[0] < 0xC2 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : p[0] < 0xF5 ? 4 : 1;

    if (n > left)
        return 1;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 1;
    return n;
}

uint32_t slice_next(struct slice text, size_t *at)
{
    static const unsigned char first_bits[] = {0, 0xFF, 0x1F, 0x0F, 0x07};
    const unsigned char *p = (const unsigned char *)text.data + *at;
    size_t n = width(text, *at);
    uint32_t c = p[0] & first_bits[n];

    for (size_t i = 1; i < n; i++)
        c = (c << 6) | (p[i] & 0x3FU);
    *at += n;
    return n == 1 && c >= 0x80 ? NO_CHARACTER + c : c;
}

size_t slice_chars(struct slice text)
{
    size_t chars = 0;

    for (size_t at = 0; at < text.octets; chars++)
        at += width(text, at);
    return chars;
}

size_t slice_prefix(struct slice text, size_t chars)
{
    size_t at = 0;

    while (at < text.octets && chars-- > 0)
        at += width(text, at);
    return at;
}

size_t unicode_write(uint32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | (c >> 6));
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | (c >> 12));
        out[1] = (char)(0x80 | ((c >> 6) & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | (c >> 18));
    out[1] = (char)(0x80 | ((c >> 12) & 0x3F));
    out[2] = (char)(0x80 | ((c >> 6) & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

size_t slice_find(struct slice text, struct slice needle, size_t from)
{
    const char *found;

    if (from > text.octets)
        return SIZE_MAX;
    found = memmem(text.data + from, text.octets - from, needle.data, needle.octets);
    return found ? (size_t)(found - text.data) : SIZE_MAX;
}

void result_slice(sqlite3_context *context, struct slice text)
{
    sqlite3_result_text64(context, text.data, text.octets, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* Letters in pairs: capitals first..last; step 1: the small one is `distance` further; step 2: capital and
 * small letter alternate. Latin, Greek, Cyrillic, Armenian and fullwidth letters. */
static const struct pairs {
    uint32_t first;
    uint32_t last;
    uint32_t distance;
    uint32_t step;
} pairs[] = {
    {'A', 'Z', 32, 1},         {0xC0, 0xD6, 32, 1},    {0xD8, 0xDE, 32, 1},    {0x100, 0x12F, 1, 2},
    {0x132, 0x137, 1, 2},      {0x139, 0x148, 1, 2},   {0x14A, 0x177, 1, 2},   {0x179, 0x17E, 1, 2},
    {0x1CD, 0x1DC, 1, 2},      {0x1DE, 0x1EF, 1, 2},   {0x1F8, 0x21F, 1, 2},   {0x222, 0x233, 1, 2},
    {0x386, 0x386, 38, 1},     {0x388, 0x38A, 37, 1},  {0x38C, 0x38C, 64, 1},  {0x38E, 0x38F, 63, 1},
    {0x391, 0x3A1, 32, 1},     {0x3A3, 0x3AB, 32, 1},  {0x400, 0x40F, 80, 1},  {0x410, 0x42F, 32, 1},
    {0x460, 0x481, 1, 2},      {0x48A, 0x4BF, 1, 2},   {0x4C1, 0x4CE, 1, 2},   {0x4D0, 0x52F, 1, 2},
    {0x531, 0x556, 48, 1},     {0x1E00, 0x1E95, 1, 2}, {0x1EA0, 0x1EFF, 1, 2}, {0xFF21, 0xFF3A, 32, 1},
    {0x10400, 0x10427, 40, 1},
};

uint32_t unicode_lower(uint32_t c)
{
    if (c == 0x178)
        return 0xFF;
    if (c == 0x1E9E)
        return 0xDF;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs && pairs[i].first <= c; i++)
        if (c <= pairs[i].last && (c - pairs[i].first) % pairs[i].step == 0)
            return c + pairs[i].distance;
    return c;
}

uint32_t unicode_upper(uint32_t c)
{
    if (c == 0xFF)
        return 0x178;
    if (c == 0x3C2)
        return 0x3A3;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        uint32_t capital = c - pairs[i].distance;

        if (c > pairs[i].distance && capital >= pairs[i].first && capital <= pairs[i].last &&
            (capital - pairs[i].first) % pairs[i].step == 0)
            return capital;
    }
    return c;
}
