/* Owns base64 and hexadecimal digits. Knows no type and no column. */
#include "data/base64.h"

#include <stdint.h>

#include "data/jsontext.h"

enum { INVALID = 0xFF };

/* clang-format off */
static const uint8_t values[256] = {
    ['A'] = 1, ['B'] = 2, ['C'] = 3, ['D'] = 4, ['E'] = 5, ['F'] = 6, ['G'] = 7, ['H'] = 8,
    ['I'] = 9, ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
    ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
    ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
    ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63, ['-'] = 63,
    ['/'] = 64, ['_'] = 64,
};
/* clang-format on */

/* The table holds values from 1 on; what is not in it gives INVALID. */
static uint32_t value_of(char c)
{
    return (uint8_t)(values[(unsigned char)c] - 1);
}

/* One group of up to four characters at `at`: its octets (0..3) and where the next group begins. 0 octets:
 * the end, or no base64 (*valid says which). */
static size_t read_group(const struct ca_base64 *source, size_t at, unsigned char octets[3], size_t *next,
                         bool *valid)
{
    uint32_t bits = 0;
    size_t count = 0;
    size_t padding = 0;
    while (at < source->octets && count + padding < 4) {
        uint32_t character = (unsigned char)source->text[at];
        size_t length = 1;
        if (source->escaped)
            length = ca_json_read(source->text + at, source->octets - at, true, &character);
        uint32_t value = character < 0x80 ? value_of((char)character) : INVALID;
        if (character == '=' && count >= 2) {
            padding++;
        } else if (value == INVALID || padding) {
            *valid = false;
            return 0;
        } else {
            bits = bits << 6 | value;
            count++;
        }
        at += length;
    }
    *valid = count != 1 && (padding == 0 || at == source->octets);
    *next = at;
    bits <<= 6 * (4 - count);
    octets[0] = (unsigned char)(bits >> 16);
    octets[1] = (unsigned char)(bits >> 8);
    octets[2] = (unsigned char)bits;
    return count > 1 && *valid ? count - 1 : 0;
}

bool ca_base64_measure(const struct ca_base64 *source, size_t *octets)
{
    bool valid = true;
    *octets = 0;
    for (size_t at = 0; valid && at < source->octets;) {
        unsigned char group[3];
        *octets += read_group(source, at, group, &at, &valid);
    }
    return valid;
}

size_t ca_base64_decode(const struct ca_base64 *source, size_t *at, size_t *carried, void *target,
                        size_t room)
{
    unsigned char *out = target;
    size_t written = 0;
    while (*at < source->octets && written < room) {
        unsigned char group[3];
        size_t next = *at;
        bool valid;
        size_t count = read_group(source, *at, group, &next, &valid);
        if (!valid)
            break;
        while (*carried < count && written < room)
            out[written++] = group[(*carried)++];
        if (*carried < count)
            break;
        *carried = 0;
        *at = next;
    }
    return written;
}

bool ca_base64_decode_whole(const char *text, size_t octets, void *target, size_t *written)
{
    unsigned char *out = target;
    const char *end = text + octets / 4 * 4;
    if (octets % 4 == 0 && octets && end[-1] == '=')
        end -= 4;
    uint32_t wrong = 0;
    for (const char *at = text; at < end; at += 4, out += 3) {
        uint32_t a = value_of(at[0]);
        uint32_t b = value_of(at[1]);
        uint32_t c = value_of(at[2]);
        uint32_t d = value_of(at[3]);
        uint32_t bits = a << 18 | b << 12 | c << 6 | d;
        wrong |= a | b | c | d;
        out[0] = (unsigned char)(bits >> 16);
        out[1] = (unsigned char)(bits >> 8);
        out[2] = (unsigned char)bits;
    }
    struct ca_base64 rest = {end, (size_t)(text + octets - end), false};
    unsigned char group[3];
    size_t next;
    bool valid = true;
    size_t count = rest.octets ? read_group(&rest, 0, group, &next, &valid) : 0;
    for (size_t i = 0; i < count; i++)
        *out++ = group[i];
    *written = (size_t)(out - (unsigned char *)target);
    return valid && wrong < 64;
}

bool ca_base64_write(struct ca_buffer *text, const void *data, size_t octets)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *source = data;
    if (octets > SIZE_MAX / 4 || !ca_buffer_reserve(text, (octets + 2) / 3 * 4))
        return false;
    for (size_t i = 0; i < octets; i += 3) {
        size_t count = octets - i < 3 ? octets - i : 3;
        uint32_t bits = (uint32_t)source[i] << 16;
        bits |= count > 1 ? (uint32_t)source[i + 1] << 8 : 0;
        bits |= count > 2 ? source[i + 2] : 0;
        char group[4] = {digits[bits >> 18], digits[bits >> 12 & 63], digits[bits >> 6 & 63],
                         digits[bits & 63]};
        for (size_t k = count + 1; k < 4; k++)
            group[k] = '=';
        ca_buffer_add(text, group, sizeof group);
    }
    return true;
}

bool ca_base64url_write(struct ca_buffer *text, const void *data, size_t octets)
{
    size_t begin = text->length;
    if (!ca_base64_write(text, data, octets))
        return false;
    while (text->length > begin && text->data[text->length - 1] == '=')
        text->data[--text->length] = '\0';
    for (char *c = text->data + begin; octets && *c; c++)
        *c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
    return true;
}

void ca_hex_write(char *text, unsigned char octet)
{
    static const char digits[] = "0123456789ABCDEF";
    text[0] = digits[octet >> 4];
    text[1] = digits[octet & 15];
}

int ca_hex_value(char c)
{
    static const int8_t digits[256] = {
        ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
        ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
        ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
    };
    return digits[(unsigned char)c] - 1;
}
