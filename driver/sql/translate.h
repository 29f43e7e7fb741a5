/* The translation of a text into the service's dialect, piece by piece. Inside the room only. */
#ifndef CA_SQL_TRANSLATE_H
#define CA_SQL_TRANSLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"
#include "sql/kind.h"
#include "sql/statement.h"
#include "sql/token.h"

/* All functions below return false after a failure; `error` is set then, or `out` or `scratch` is full. */
struct ca_sql_translator {
    struct ca_sql_reader reader;
    const struct ca_sql_options *options;
    const char *prefix;
    unsigned markers;
    unsigned depth; /* of braces */
    struct ca_sql_watch watch;
    struct ca_buffer out;
    struct ca_buffer scratch;
    bool seam;                       /* what was put last is not the application's own text */
    struct ca_sql_token last;        /* the last token that was neither blank nor comment */
    struct ca_sql_token before_last; /* and the one before */
    struct ca_error *error;
};

/* Translates one token, an escape as a whole. */
bool ca_sql_translate_token(struct ca_sql_translator *translator, const struct ca_sql_token *token);
/* Translates all up to the end of the text. */
bool ca_sql_translate_text(struct ca_sql_translator *translator);
/* Translates all up to the `}` that closes the escape which began at `opening`, blanks around it left out. */
bool ca_sql_translate_escaped(struct ca_sql_translator *translator, const char *opening);

/* Appends a piece that takes the place of another text, with a blank where it would otherwise grow together
 * with its neighbours into something else. */
bool ca_sql_put_piece(struct ca_sql_translator *translator, const char *text, size_t octets);

#endif
