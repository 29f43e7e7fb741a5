/*
 * Values in the form they have on the wire (SERVICE.md section 4).
 */
#ifndef SERVICE_WIRE_H
#define SERVICE_WIRE_H

#include "buffer.h"

#include <sqlite3.h>

/* "VARCHAR", "DECIMAL", …; the types the documentation leaves out are given as BINARY, unknown ones VARCHAR.
 */
const char *service_type_name(int code);

/*
 * Writes column `column` of the statement's present row as JSON, as the declared type has it, whatever
 * SQLite stored. `scale` is that of DECIMAL and NUMERIC, used where SQLite computed a double.
 * A value that does not fit its type is written as the string it is.
 */
void wire_write(struct buffer *out, sqlite3_stmt *stmt, int column, int type, int scale);

/* base64, without line breaks. */
void wire_base64(struct buffer *out, const void *octets, size_t length);

/* The octets of a base64 text; false if it is none. */
bool wire_base64_read(struct buffer *out, const char *text, size_t length);

/* `{01234567-890a-bcde-f012-34567890abcd}` from 32 hex digits with or without hyphens and braces. */
bool wire_guid(struct buffer *out, const char *text, size_t length);

#endif
