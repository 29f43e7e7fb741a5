/*
 * One error on its way to the client: the service's code and text (SERVICE.md section 3).
 */
#ifndef SERVICE_PROBLEM_H
#define SERVICE_PROBLEM_H

#include "buffer.h"

enum problem_code {
    PROBLEM_NONE,
    PROBLEM_INVALID_REQUEST,
    PROBLEM_INVALID_AUTHORIZATION,
    PROBLEM_QUERY_FAILED,
};

struct problem {
    enum problem_code code; /* PROBLEM_NONE: all is well */
    char *code_text;        /* a test's own code; NULL for the usual one */
    char *message;          /* may be NULL when there was no memory for it */
};

/* How the error is written; the forms other than the object are for tests. */
enum problem_form { PROBLEM_OBJECT, PROBLEM_STRING, PROBLEM_INTEGER };

/*
 * Sets the problem unless one is set already (the first is the cause). A QUERY_FAILED text becomes
 * several lines with CRLF between them, the last naming the query.
 */
void problem_set(struct problem *p, enum problem_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void problem_no_memory(struct problem *p);

/* Takes both strings (malloc'ed, either may be NULL), word for word. */
void problem_take(struct problem *p, char *code_text, char *message);

void problem_free(struct problem *p);

/* Appends `"error": …` (and, in the string form, `"message": …`), without braces around it. */
void problem_write(struct buffer *out, const struct problem *p, enum problem_form form);

#endif
