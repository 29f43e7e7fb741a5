/* The one tokenizer of SQL text. Knows how strings, names, comments, numbers and markers are written, and
 * nothing of what they mean. */
#ifndef CA_SQL_TOKEN_H
#define CA_SQL_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum ca_sql_token_kind {
    CA_SQL_TOKEN_END,
    CA_SQL_TOKEN_BLANK,
    CA_SQL_TOKEN_COMMENT, /* `--` with the end of its line, or a block comment */
    CA_SQL_TOKEN_STRING,  /* '…', with the quotes, as all that follow */
    CA_SQL_TOKEN_BRACKETED,
    CA_SQL_TOKEN_QUOTED, /* "…" */
    CA_SQL_TOKEN_BACKTICKED,
    CA_SQL_TOKEN_WORD, /* keyword, bare name, @name */
    CA_SQL_TOKEN_NUMBER,
    CA_SQL_TOKEN_MARKER, /* ? */
    CA_SQL_TOKEN_SIGN    /* any other single octet */
};

struct ca_sql_token {
    enum ca_sql_token_kind kind;
    const char *text; /* points into the text that is read */
    size_t octets;
};

struct ca_sql_reader {
    const char *text;
    size_t octets;
    size_t at;
};

void ca_sql_reader_init(struct ca_sql_reader *reader, const char *text, size_t octets);
/* Reads the next token. False: 42000, a string, name or comment is not closed. The tokens put one after
 * the other are the whole text. */
bool ca_sql_token_next(struct ca_sql_reader *reader, struct ca_sql_token *token, struct ca_error *error);
/* The next token that is neither blank nor comment. */
bool ca_sql_token_next_word(struct ca_sql_reader *reader, struct ca_sql_token *token, struct ca_error *error);

bool ca_sql_token_is_idle(const struct ca_sql_token *token); /* blank or comment */
bool ca_sql_token_is_sign(const struct ca_sql_token *token, char sign);
/* Any of these signs. */
bool ca_sql_token_is_sign_of(const struct ca_sql_token *token, const char *signs);
/* Without regard to case. */
bool ca_sql_token_is_word(const struct ca_sql_token *token, const char *word);
/* The word is one of the NULL-terminated list. */
bool ca_sql_token_is_one_of(const struct ca_sql_token *token, const char *const *words);
/* A name in any way of writing. */
bool ca_sql_token_is_name(const struct ca_sql_token *token);
/* The content of a string or quoted name with its doubled quotes undone, a word as it is; `*octets` is its
 * length. Owned by the caller, NUL-terminated; NULL without memory. */
char *ca_sql_token_value(const struct ca_sql_token *token, size_t *octets);

/* Whether an octet may stand inside a bare name. */
bool ca_sql_is_name_octet(char c);
/* The number, from 1, of the character at this place of the text: for messages. */
size_t ca_sql_reader_character(const struct ca_sql_reader *reader, const char *place);

#endif
