/*
 * Owns the error text of the service. Knows nothing of HTTP or SQLite.
 */
#include "problem.h"

#include "jsontext.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

/* The number stands in for the word where a test asks for integer codes. */
static const struct {
    const char *word;
    int number;
} codes[] = {
    [PROBLEM_NONE] = {"NONE", 0},
    [PROBLEM_INVALID_REQUEST] = {"INVALID_REQUEST", 1},
    [PROBLEM_INVALID_AUTHORIZATION] = {"INVALID_AUTHORIZATION", 2},
    [PROBLEM_QUERY_FAILED] = {"QUERY_FAILED", 40},
};

static void append_query_id(struct buffer *out)
{
    unsigned char r[16] = {0};

    if (getrandom(r, sizeof r, 0) != (ssize_t)sizeof r)
        r[0] = 1; /* an id that is not unique does no harm */
    r[6] = (unsigned char)((r[6] & 0x0F) | 0x40);
    r[8] = (unsigned char)((r[8] & 0x3F) | 0x80);
    buffer_text(out, "\r\n<Query ID: ");
    for (size_t i = 0; i < sizeof r; i++)
        buffer_format(out, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", r[i]);
    buffer_char(out, '>');
}

void problem_set(struct problem *p, enum problem_code code, const char *format, ...)
{
    struct buffer text = {0};
    va_list arguments, again;

    if (p->code != PROBLEM_NONE)
        return;
    p->code = code;
    if (code == PROBLEM_QUERY_FAILED)
        buffer_text(&text, "The query could not be executed.\r\n");
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length >= 0 && buffer_reserve(&text, (size_t)length)) {
        vsnprintf(text.data + text.length, (size_t)length + 1, format, arguments);
        text.length += (size_t)length;
    }
    va_end(arguments);
    if (code == PROBLEM_QUERY_FAILED)
        append_query_id(&text);
    p->message = buffer_take(&text);
}

void problem_no_memory(struct problem *p)
{
    problem_set(p, PROBLEM_QUERY_FAILED, "The service is out of memory.");
}

void problem_take(struct problem *p, char *code_text, char *message)
{
    if (p->code != PROBLEM_NONE) {
        free(code_text);
        free(message);
        return;
    }
    p->code = PROBLEM_QUERY_FAILED;
    p->code_text = code_text;
    p->message = message;
}

void problem_free(struct problem *p)
{
    free(p->code_text);
    free(p->message);
    *p = (struct problem){0};
}

void problem_write(struct buffer *out, const struct problem *p, enum problem_form form)
{
    const char *word = p->code_text != NULL ? p->code_text : codes[p->code].word;
    const char *message = p->message != NULL ? p->message : "The service is out of memory.";

    buffer_text(out, "\"error\":");
    if (form == PROBLEM_STRING) {
        json_quote_text(out, word);
        buffer_text(out, ",\"message\":");
        json_quote_text(out, message);
        return;
    }
    buffer_text(out, "{\"code\":");
    if (form == PROBLEM_INTEGER)
        buffer_int(out, codes[p->code].number);
    else
        json_quote_text(out, word);
    buffer_text(out, ",\"message\":");
    json_quote_text(out, message);
    buffer_char(out, '}');
}
