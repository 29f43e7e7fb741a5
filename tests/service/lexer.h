/* Tokens of SQL text: the service's dialect, and what SQLite's has beyond it.
 *
 * Owns: where a token begins and ends (comments, strings, bracketed names, numbers, parameters).
 * Must not know: what a token means in a statement. */
#ifndef SERVICE_LEXER_H
#define SERVICE_LEXER_H

#include <stdbool.h>
#include <stddef.h>

enum token_kind {
    TOKEN_END,
    TOKEN_WORD,      /* letters, digits, _ : @ (not first) $ and everything past ASCII */
    TOKEN_BRACKET,   /* [name], ]] inside */
    TOKEN_BACKTICK,  /* `name`, doubled inside */
    TOKEN_QUOTED,    /* "name", doubled inside */
    TOKEN_STRING,    /* 'text', doubled inside */
    TOKEN_BLOB,      /* x'0f' */
    TOKEN_INTEGER,   /* 12 */
    TOKEN_DECIMAL,   /* 1.2 .5 */
    TOKEN_FLOAT,     /* 1e5 */
    TOKEN_HEX,       /* 0x1f */
    TOKEN_PARAMETER, /* @name */
    TOKEN_POSITION,  /* ? */
    TOKEN_OPERATOR,  /* one operator or punctuation mark, the longest that fits */
    TOKEN_BAD,       /* unterminated, a NUL or another octet that begins nothing */
};

struct token {
    enum token_kind kind;
    size_t offset; /* octets in the text */
    size_t length;
    size_t match; /* of ( and ): the index of the other; else its own index */
};

struct lexer {
    const char *text;
    size_t octets;
    struct token *tokens; /* ends with TOKEN_END */
    size_t count;         /* without the end */
};

/* Reads the whole text in linear time; comments and blanks give no tokens. The text is borrowed.
 * False: out of memory. A parenthesis without its partner matches itself. */
bool lexer_read(struct lexer *lexer, const char *text, size_t octets);
void lexer_free(struct lexer *lexer);

/* Is the token this word (any case), or this operator? A quoted name is never a word. */
bool lexer_is(const struct lexer *lexer, size_t index, const char *word);

/* A name's or string's text without its quotes, or a word as it stands; NUL-terminated, to be freed.
 * NULL: out of memory. */
char *lexer_value(const struct lexer *lexer, size_t index);

/* Can the token stand as a name? */
bool lexer_is_name(const struct lexer *lexer, size_t index);

#endif
