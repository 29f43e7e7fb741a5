#include "base/text.h"

#include <string.h>

#include "base/utf.h"

char ca_text_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool ca_text_same_n(const char *a, size_t a_octets, const char *b)
{
    for (size_t i = 0; i < a_octets; i++)
        if (b[i] == '\0' || ca_text_lower(a[i]) != ca_text_lower(b[i]))
            return false;
    return b[a_octets] == '\0';
}

bool ca_text_same(const char *a, const char *b)
{
    return ca_text_same_n(a, strlen(a), b);
}

uint32_t ca_text_fold(uint32_t c)
{
    if (c < 0x80)
        return (unsigned char)ca_text_lower((char)c);
    bool latin1 = c >= 0xC0 && c <= 0xDE && c != 0xD7;
    bool greek = c >= 0x391 && c <= 0x3A9 && c != 0x3A2;
    bool cyrillic = c >= 0x410 && c <= 0x42F;
    if (latin1 || greek || cyrillic)
        return c + 0x20;
    if (c >= 0x400 && c <= 0x40F)
        return c + 0x50;
    bool even_upper = (c >= 0x100 && c <= 0x12F) || (c >= 0x132 && c <= 0x137) ||
                      (c >= 0x14A && c <= 0x177) || (c >= 0x460 && c <= 0x481) ||
                      (c >= 0x48A && c <= 0x4BF) || (c >= 0x1E00 && c <= 0x1E95);
    if (even_upper)
        return c | 1;
    bool odd_upper = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);
    if (odd_upper && (c & 1))
        return c + 1;
    return c == 0x178 ? 0xFF : c;
}

int ca_text_compare_fold(const char *a, size_t a_octets, const char *b, size_t b_octets)
{
    size_t i = 0;
    size_t j = 0;
    while (i < a_octets && j < b_octets) {
        uint32_t x;
        uint32_t y;
        i += ca_utf8_read(a + i, a_octets - i, &x);
        j += ca_utf8_read(b + j, b_octets - j, &y);
        x = ca_text_fold(x);
        y = ca_text_fold(y);
        if (x != y)
            return x < y ? -1 : 1;
    }
    return (i < a_octets) - (j < b_octets);
}

const char *ca_text_find(const char *text, const char *needle)
{
    size_t length = strlen(needle);
    for (; *text; text++) {
        size_t i = 0;
        while (i < length && text[i] && ca_text_lower(text[i]) == ca_text_lower(needle[i]))
            i++;
        if (i == length)
            return text;
    }
    return length ? NULL : text;
}

bool ca_text_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

const char *ca_text_trim(const char *text, size_t *octets)
{
    while (*octets && ca_text_is_blank(*text)) {
        text++;
        --*octets;
    }
    while (*octets && ca_text_is_blank(text[*octets - 1]))
        --*octets;
    return text;
}

bool ca_text_integer(const char *text, size_t octets, int64_t *value)
{
    bool negative = octets && text[0] == '-';
    size_t at = octets && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    uint64_t limit = negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
    uint64_t magnitude = 0;
    if (at == octets)
        return false;
    for (; at < octets; at++) {
        if (text[at] < '0' || text[at] > '9')
            return false;
        uint64_t digit = (uint64_t)(text[at] - '0');
        if (magnitude > (limit - digit) / 10)
            return false;
        magnitude = magnitude * 10 + digit;
    }
    *value = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
    return true;
}

void ca_text_mask(char *text, const char *secret)
{
    enum { SHORTEST_SECRET = 4 };
    size_t octets = secret ? strlen(secret) : 0;
    while (text && octets >= SHORTEST_SECRET && (text = strstr(text, secret))) {
        memset(text, '*', octets);
        text += octets;
    }
}
