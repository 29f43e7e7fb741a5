/* A growing text with a maximum. See dialect_text.h. */
#include "dialect_text.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 256 * 1024 * 1024 };

static bool reserve(struct text *text, size_t more)
{
    size_t room = text->room ? text->room : 256;
    char *grown;

    if (text->failed || more > (size_t)TEXT_MAX || text->length + more + 1 > (size_t)TEXT_MAX) {
        text->failed = true;
        return false;
    }
    if (text->length + more + 1 <= text->room)
        return true;
    while (room < text->length + more + 1)
        room *= 2;
    grown = realloc(text->data, room);
    if (!grown) {
        text->failed = true;
        return false;
    }
    text->data = grown;
    text->room = room;
    return true;
}

void text_add(struct text *text, const char *data, size_t octets)
{
    if (!reserve(text, octets))
        return;
    if (octets > 0)
        memcpy(text->data + text->length, data, octets);
    text->length += octets;
    text->data[text->length] = '\0';
}

void text_add_string(struct text *text, const char *string)
{
    text_add(text, string, strlen(string));
}

void text_add_word(struct text *text, const char *word)
{
    if (text->length > 0 && text->data[text->length - 1] != ' ')
        text_add(text, " ", 1);
    text_add_string(text, word);
}

static void add_enclosed(struct text *text, const char *name, char open, char close)
{
    text_add(text, &open, 1);
    for (const char *p = name; *p;) {
        size_t run = strcspn(p, (char[]){close, '\0'});

        text_add(text, p, run);
        p += run;
        if (*p) {
            text_add(text, (char[]){close, close}, 2);
            p++;
        }
    }
    text_add(text, &close, 1);
}

void text_add_name(struct text *text, const char *name)
{
    add_enclosed(text, name, '`', '`');
}

void text_add_bracketed(struct text *text, const char *name)
{
    add_enclosed(text, name, '[', ']');
}

char *text_take(struct text *text)
{
    char *data = NULL;

    if (!text->failed && reserve(text, 0)) {
        data = text->data;
        data[text->length] = '\0';
        text->data = NULL;
    }
    text_free(text);
    return data;
}

void text_free(struct text *text)
{
    free(text->data);
    *text = (struct text){0};
}

char *text_copy(const char *data, size_t octets)
{
    char *copy = malloc(octets + 1);

    if (!copy)
        return NULL;
    if (octets > 0)
        memcpy(copy, data, octets);
    copy[octets] = '\0';
    return copy;
}
