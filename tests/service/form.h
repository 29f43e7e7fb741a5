/*
 * Bodies and query strings of the form `name=value&name=value`, percent-encoded.
 */
#ifndef SERVICE_FORM_H
#define SERVICE_FORM_H

#include "buffer.h"

/* The decoded value of a name, "" where there is none; the caller frees it. NULL without memory. */
char *form_value(const char *form, const char *name);

/* Appends one more `name=value` behind `before` ('?', '&' or 0: nothing). */
void form_add(struct buffer *out, char before, const char *name, const char *value);

/* Appends the form with the values that are secrets left out. */
void form_mask(struct buffer *out, const char *form);

#endif
