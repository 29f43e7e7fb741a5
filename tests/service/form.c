/*
 * Owns the reading and writing of forms. Knows nothing of what they mean.
 */
#include "form.h"

#include <ctype.h>
#include <string.h>

static int hex_digit(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : isxdigit((unsigned char)c) ? (c | 0x20) - 'a' + 10 : -1;
}

static void append_decoded(struct buffer *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        int high = i + 2 < length ? hex_digit(text[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
        if (text[i] == '%' && low >= 0) {
            buffer_char(out, (char)(high * 16 + low));
            i += 2;
        } else {
            buffer_char(out, text[i] == '+' ? ' ' : text[i]);
        }
    }
}

char *form_value(const char *form, const char *name)
{
    struct buffer value = {0};
    size_t length = strlen(name);

    for (const char *p = form; *p != '\0';) {
        size_t pair = strcspn(p, "&");
        if (pair > length && strncmp(p, name, length) == 0 && p[length] == '=') {
            append_decoded(&value, p + length + 1, pair - length - 1);
            break;
        }
        p += pair + (p[pair] == '&');
    }
    return buffer_take(&value);
}

void form_add(struct buffer *out, char before, const char *name, const char *value)
{
    if (before != 0)
        buffer_char(out, before);
    buffer_format(out, "%s=", name);
    for (; *value != '\0'; value++)
        if (isalnum((unsigned char)*value) || strchr("-_.~", *value) != NULL)
            buffer_char(out, *value);
        else
            buffer_format(out, "%%%02X", (unsigned)(unsigned char)*value);
}

void form_mask(struct buffer *out, const char *form)
{
    static const char *const plain[] = {"grant_type=", "client_id=", "redirect_uri=", "scope=", "audience="};

    for (const char *p = form; *p != '\0';) {
        size_t pair = strcspn(p, "&"), name = strcspn(p, "=&"), shown = name;
        for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
            if (strncmp(p, plain[i], strlen(plain[i])) == 0)
                shown = pair;
        buffer_append(out, p, shown);
        if (shown < pair)
            buffer_text(out, "=***");
        if (p[pair] == '&')
            buffer_char(out, '&');
        p += pair + (p[pair] == '&');
    }
}
