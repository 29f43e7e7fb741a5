/* The error sink: one SQLSTATE, one native code, one text. What lies below odbc/ reports through it
 * and returns false; odbc/ posts it to the handle once. The first error set stays. */
#ifndef CA_BASE_ERROR_H
#define CA_BASE_ERROR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

struct ca_error {
    char state[6]; /* "" = no error */
    int32_t native;
    char *text; /* owned; NULL if there was no memory for it */
};

#define CA_ERROR_INIT \
    {                 \
        "", 0, NULL   \
    }

static inline bool ca_error_is_set(const struct ca_error *error)
{
    return error->state[0] != '\0';
}

/* All return false, so that a failing function can end with `return ca_error_set(…)`. */
bool ca_error_set(struct ca_error *error, const char *state, int32_t native, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
bool ca_error_set_args(struct ca_error *error, const char *state, int32_t native, const char *format,
                       va_list arguments);
bool ca_error_no_memory(struct ca_error *error); /* HY001 */

/* The text, never NULL. */
const char *ca_error_text(const struct ca_error *error);
void ca_error_clear(struct ca_error *error);
/* Moves `from` into an empty `to`; drops it where `to` holds an error already. */
void ca_error_move(struct ca_error *to, struct ca_error *from);
/* The same, and leaves `from` as it is. */
void ca_error_copy(struct ca_error *to, const struct ca_error *from);

#endif
