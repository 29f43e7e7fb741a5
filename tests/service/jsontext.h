/*
 * JSON text written piece by piece into a buffer.
 */
#ifndef SERVICE_JSONTEXT_H
#define SERVICE_JSONTEXT_H

#include "buffer.h"

struct json_object;

/* A quoted JSON string. Octets that are not UTF-8 become U+FFFD, so the reply is always valid JSON. */
void json_quote(struct buffer *out, const char *text, size_t length);

/* The same for a C string; NULL is written as null. */
void json_quote_text(struct buffer *out, const char *text);

/* Shortest digits that read back as the same double; not-finite values as quoted words. */
void json_double(struct buffer *out, double value);

/* The length of a JSON number at the start of text, 0 if there is none. */
size_t json_number_length(const char *text, size_t length);

/*
 * Reads a whole JSON document. Integers of 19 digits and more arrive as strings, because the library
 * would clip them; a repeated or trailing text is an error. NULL with *problem (static text) set.
 * The caller puts the object.
 */
struct json_object *json_read(const char *text, size_t length, const char **problem);

#endif
