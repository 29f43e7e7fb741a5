/* The literal escapes `{d '…'}`, `{t '…'}`, `{ts '…'}` and `{guid '…'}` (ODBC reference, appendix C, "Date,
 * time, and timestamp literals" and "GUID literal"). Inside the room only. */
#ifndef CA_SQL_LITERAL_H
#define CA_SQL_LITERAL_H

#include <stdbool.h>

#include "sql/call.h"
#include "sql/token.h"

/* The kind that the word behind `{` announces; CA_SQL_ARGUMENT_DEFAULT if it is none of the four. */
enum ca_sql_argument_kind ca_sql_literal_kind(const struct ca_sql_token *word);
/* Reads the rest of the escape, from behind that word past the `}`. `literal` is the string in its quotes.
 * False: 42000, 22007 (no such date or time) or 22018 (no GUID). */
bool ca_sql_literal_read(struct ca_sql_reader *reader, const struct ca_sql_token *word,
                         struct ca_sql_token *literal, struct ca_error *error);

#endif
