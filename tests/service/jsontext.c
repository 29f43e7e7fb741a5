/*
 * Owns the writing of JSON scalars and the reading of request documents.
 * Knows nothing of what the documents mean.
 */
#include "jsontext.h"

#include <json-c/json.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 32, LONGEST_INTEGER = 18 };

/* Octets of the UTF-8 character at p (at most n left), 0 where it is malformed. */
static size_t utf8_length(const unsigned char *p, size_t n)
{
    size_t length = p[0] < 0x80 ? 1 : p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;

    if (length == 1)
        return 1;
    if (p[0] < 0xC2 || p[0] > 0xF4 || length > n)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) || (p[0] == 0xF0 && p[1] < 0x90) ||
        (p[0] == 0xF4 && p[1] > 0x8F))
        return 0;
    return length;
}

static void quote_control(struct buffer *out, unsigned char c)
{
    static const char letters[] = "btn\0fr";

    if (c == '"' || c == '\\') {
        buffer_char(out, '\\');
        buffer_char(out, (char)c);
    } else if (c >= '\b' && c <= '\r' && letters[c - '\b'] != '\0') {
        buffer_char(out, '\\');
        buffer_char(out, letters[c - '\b']);
    } else {
        buffer_format(out, "\\u%04x", c);
    }
}

void json_quote(struct buffer *out, const char *text, size_t length)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t from = 0, i = 0;

    buffer_char(out, '"');
    while (i < length) {
        size_t n = 1;
        if (p[i] >= 0x20 && p[i] < 0x80 && p[i] != '"' && p[i] != '\\') {
            i++;
            continue;
        }
        if (p[i] >= 0x80 && (n = utf8_length(p + i, length - i)) != 0) {
            i += n;
            continue;
        }
        buffer_append(out, text + from, i - from);
        if (p[i] >= 0x80)
            buffer_text(out, "\xEF\xBF\xBD");
        else
            quote_control(out, p[i]);
        from = ++i;
    }
    buffer_append(out, text + from, length - from);
    buffer_char(out, '"');
}

void json_quote_text(struct buffer *out, const char *text)
{
    if (text == NULL)
        buffer_text(out, "null");
    else
        json_quote(out, text, strlen(text));
}

/* Whether so many digits read back as the same value. */
static bool prints_as(double value, int precision, char *digits, size_t room)
{
    snprintf(digits, room, "%.*g", precision, value);
    return strtod(digits, NULL) == value;
}

void json_double(struct buffer *out, double value)
{
    char digits[40];

    if (!isfinite(value)) {
        buffer_text(out, isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
        return;
    }
    /* 17 digits always do; 16 do for half of all, and then 15 may as well (0.1 needs one) */
    if (!prints_as(value, 16, digits, sizeof digits))
        snprintf(digits, sizeof digits, "%.17g", value);
    else if (!prints_as(value, 15, digits, sizeof digits))
        snprintf(digits, sizeof digits, "%.16g", value);
    buffer_text(out, digits);
    if (strpbrk(digits, ".e") == NULL)
        buffer_text(out, ".0");
}

static size_t digit_run(const char *text, size_t length)
{
    size_t n = 0;

    while (n < length && text[n] >= '0' && text[n] <= '9')
        n++;
    return n;
}

size_t json_number_length(const char *text, size_t length)
{
    size_t at = length > 0 && text[0] == '-' ? 1 : 0;
    size_t n = digit_run(text + at, length - at);

    if (n == 0 || (n > 1 && text[at] == '0'))
        return 0;
    at += n;
    if (at < length && text[at] == '.') {
        n = digit_run(text + at + 1, length - at - 1);
        if (n == 0)
            return 0;
        at += n + 1;
    }
    if (at < length && (text[at] == 'e' || text[at] == 'E')) {
        size_t sign = at + 1 < length && (text[at + 1] == '+' || text[at + 1] == '-') ? 1 : 0;
        n = digit_run(text + at + 1 + sign, length - at - 1 - sign);
        if (n == 0)
            return 0;
        at += 1 + sign + n;
    }
    return at;
}

/* Copies the document with its long integers in quotes. */
static void quote_long_integers(struct buffer *out, const char *text, size_t length)
{
    bool inside = false;

    for (size_t i = 0; i < length;) {
        size_t n = inside || (text[i] != '-' && (text[i] < '0' || text[i] > '9'))
                       ? 0
                       : json_number_length(text + i, length - i);
        if (n > LONGEST_INTEGER && memchr(text + i, '.', n) == NULL && memchr(text + i, 'e', n) == NULL &&
            memchr(text + i, 'E', n) == NULL) {
            buffer_char(out, '"');
            buffer_append(out, text + i, n);
            buffer_char(out, '"');
            i += n;
            continue;
        }
        if (inside && text[i] == '\\' && i + 1 < length)
            n = 2;
        else if (text[i] == '"')
            inside = !inside;
        if (n == 0)
            n = 1;
        buffer_append(out, text + i, n);
        i += n;
    }
}

struct json_object *json_read(const char *text, size_t length, const char **problem)
{
    struct buffer copy = {0};
    struct json_object *document = NULL;
    struct json_tokener *reader = json_tokener_new_ex(DEEPEST);

    *problem = "out of memory";
    quote_long_integers(&copy, text, length);
    if (reader == NULL || copy.failed || copy.length > INT_MAX)
        goto out;
    json_tokener_set_flags(reader, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    document = json_tokener_parse_ex(reader, buffer_string(&copy), (int)copy.length);
    enum json_tokener_error error = json_tokener_get_error(reader);
    if (error == json_tokener_continue)
        *problem = "the JSON text ends too early";
    else if (error != json_tokener_success)
        *problem = json_tokener_error_desc(error);
    else if (json_tokener_get_parse_end(reader) < copy.length)
        *problem = "text after the JSON document";
    else
        *problem = NULL;
    if (*problem != NULL) {
        json_object_put(document);
        document = NULL;
    }
out:
    buffer_free(&copy);
    if (reader != NULL)
        json_tokener_free(reader);
    return document;
}
