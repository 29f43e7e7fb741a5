/* The escapes `{…}` of ODBC (reference, appendix C). Inside the room only. */
#ifndef CA_SQL_ESCAPE_H
#define CA_SQL_ESCAPE_H

#include "sql/translate.h"

/* Translates the escape whose `{`, at `opening`, was just read, and reads past its `}`. */
bool ca_sql_escape_translate(struct ca_sql_translator *translator, const char *opening);
/* Sets 42000; returns false. */
bool ca_sql_escape_not_closed(struct ca_sql_translator *translator, const char *opening);

#endif
