/* A growing text with a maximum, and the few ways statements are put together.
 *
 * Owns: memory of the text, quoting of names. Must not know: tokens, statements. */
#ifndef SERVICE_DIALECT_TEXT_H
#define SERVICE_DIALECT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct text {
    char *data; /* NUL-terminated once something was added */
    size_t length;
    size_t room;
    bool failed; /* out of memory, or past the maximum: nothing more is added */
};

void text_add(struct text *text, const char *data, size_t octets);
void text_add_string(struct text *text, const char *string);
/* A blank, unless the text is empty or ends in one, then the string. */
void text_add_word(struct text *text, const char *word);
/* A name in backticks: SQLite never takes these for a string, as it does with double quotes. */
void text_add_name(struct text *text, const char *name);
/* A name in brackets, as the service writes it. */
void text_add_bracketed(struct text *text, const char *name);
/* Gives the text away; NULL if it failed. To be freed. */
char *text_take(struct text *text);
void text_free(struct text *text);

/* A NUL-terminated copy of octets; NULL: out of memory. */
char *text_copy(const char *data, size_t octets);

#endif
