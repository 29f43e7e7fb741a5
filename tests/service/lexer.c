/* Tokens of SQL text. See lexer.h. */
#include "lexer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Longest first. */
static const char *const operators[] = {"->>", "||", "<>", "!=", "<=", ">=", "==", "<<", ">>", "->"};
static const char single_operators[] = "()+-*/%=<>,.;&|~{}]!^:$#\\";

static bool is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

/* Inside a word: SERVICE.md section 5 lets : and @ stand in bare names, SQLite the $. */
static bool is_inner(unsigned char c)
{
    return is_letter(c) || is_digit(c) || c == '@' || c == ':' || c == '$';
}

/* Inside a parameter's name: what SQLite takes there. */
static bool is_named(unsigned char c)
{
    return is_letter(c) || is_digit(c) || c == '$';
}

static bool is_hex(unsigned char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

struct reader {
    const char *text;
    size_t octets;
    size_t at;
};

static unsigned char peek(const struct reader *reader, size_t ahead)
{
    if (ahead >= reader->octets - reader->at)
        return 0;
    return (unsigned char)reader->text[reader->at + ahead];
}

/* Skips blanks and comments; an unterminated block comment runs to the end, as in SQLite. */
static void skip_blanks(struct reader *reader)
{
    while (reader->at < reader->octets) {
        unsigned char c = peek(reader, 0);

        if (c == ' ' || (c >= '\t' && c <= '\r')) {
            reader->at++;
        } else if (c == '-' && peek(reader, 1) == '-') {
            const char *line = memchr(reader->text + reader->at, '\n', reader->octets - reader->at);
            reader->at = line ? (size_t)(line - reader->text) + 1 : reader->octets;
        } else if (c == '/' && peek(reader, 1) == '*') {
            const char *from = reader->text + reader->at + 2;
            const char *end = memmem(from, reader->octets - reader->at - 2, "*/", 2);
            reader->at = end ? (size_t)(end - reader->text) + 2 : reader->octets;
        } else {
            return;
        }
    }
}

/* Octets of a quoted token whose closing mark is doubled to stand inside; 0: never closed. */
static size_t quoted_length(const struct reader *reader, size_t opening, char close)
{
    const char *end = reader->text + reader->octets;
    const char *p = reader->text + reader->at + opening;

    while (p < end && (p = memchr(p, close, (size_t)(end - p))) != NULL) {
        if (p + 1 < end && p[1] == close)
            p += 2;
        else
            return (size_t)(p + 1 - (reader->text + reader->at));
    }
    return 0;
}

static size_t run_of(const struct reader *reader, size_t from, bool (*is)(unsigned char))
{
    size_t n = from;

    while (reader->at + n < reader->octets && is(peek(reader, n)))
        n++;
    return n;
}

static enum token_kind read_number(const struct reader *reader, size_t *length)
{
    enum token_kind kind = TOKEN_INTEGER;
    size_t n;

    if (peek(reader, 0) == '0' && (peek(reader, 1) | 0x20) == 'x' && is_hex(peek(reader, 2))) {
        *length = run_of(reader, 2, is_hex);
        return is_inner(peek(reader, *length)) ? TOKEN_BAD : TOKEN_HEX;
    }
    n = run_of(reader, 0, is_digit);
    if (peek(reader, n) == '.') {
        n = run_of(reader, n + 1, is_digit);
        kind = TOKEN_DECIMAL;
    }
    if ((peek(reader, n) | 0x20) == 'e') {
        size_t sign = peek(reader, n + 1) == '+' || peek(reader, n + 1) == '-' ? 1 : 0;

        if (is_digit(peek(reader, n + 1 + sign))) {
            n = run_of(reader, n + 1 + sign, is_digit);
            kind = TOKEN_FLOAT;
        }
    }
    *length = n;
    if (is_letter(peek(reader, n))) { /* 12abc is no number, and no name either */
        *length = run_of(reader, n, is_inner);
        return TOKEN_BAD;
    }
    return kind;
}

static enum token_kind read_quoted(const struct reader *reader, enum token_kind kind, size_t opening,
                                   char close, size_t *length)
{
    *length = quoted_length(reader, opening, close);
    if (*length > 0)
        return kind;
    *length = reader->octets - reader->at;
    return TOKEN_BAD;
}

static enum token_kind read_operator(const struct reader *reader, size_t *length)
{
    const char *p = reader->text + reader->at;
    size_t left = reader->octets - reader->at;

    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        size_t n = strlen(operators[i]);

        if (n <= left && memcmp(p, operators[i], n) == 0) {
            *length = n;
            return TOKEN_OPERATOR;
        }
    }
    *length = 1;
    return *p != '\0' && strchr(single_operators, *p) ? TOKEN_OPERATOR : TOKEN_BAD;
}

static enum token_kind read_token(const struct reader *reader, size_t *length)
{
    unsigned char c = peek(reader, 0);

    if (c == '\'')
        return read_quoted(reader, TOKEN_STRING, 1, '\'', length);
    if (c == '[')
        return read_quoted(reader, TOKEN_BRACKET, 1, ']', length);
    if (c == '`')
        return read_quoted(reader, TOKEN_BACKTICK, 1, '`', length);
    if (c == '"')
        return read_quoted(reader, TOKEN_QUOTED, 1, '"', length);
    if ((c | 0x20) == 'x' && peek(reader, 1) == '\'')
        return read_quoted(reader, TOKEN_BLOB, 2, '\'', length);
    if (is_digit(c) || (c == '.' && is_digit(peek(reader, 1))))
        return read_number(reader, length);
    if (is_letter(c)) {
        *length = run_of(reader, 1, is_inner);
        return TOKEN_WORD;
    }
    if (c == '@' && is_named(peek(reader, 1))) {
        *length = run_of(reader, 1, is_named);
        return TOKEN_PARAMETER;
    }
    if (c == '?') {
        *length = 1;
        return TOKEN_POSITION;
    }
    return read_operator(reader, length);
}

static bool push(struct lexer *lexer, size_t *room, struct token token)
{
    if (lexer->count == *room) {
        size_t more = *room ? *room * 2 : 64;
        struct token *grown;

        if (more > SIZE_MAX / sizeof *grown)
            return false;
        grown = realloc(lexer->tokens, more * sizeof *grown);
        if (!grown)
            return false;
        lexer->tokens = grown;
        *room = more;
    }
    lexer->tokens[lexer->count++] = token;
    return true;
}

/* Pairs parentheses with a stack threaded through the open ones' match fields; `;` breaks every open one. */
static void match_parentheses(struct lexer *lexer)
{
    size_t open = SIZE_MAX;

    for (size_t i = 0; i < lexer->count; i++) {
        struct token *token = &lexer->tokens[i];
        char c = token->kind == TOKEN_OPERATOR ? lexer->text[token->offset] : '\0';

        token->match = i;
        if (c == '(') {
            token->match = open;
            open = i;
        } else if (c == ')' && open != SIZE_MAX) {
            size_t partner = open;

            open = lexer->tokens[partner].match;
            lexer->tokens[partner].match = i;
            token->match = partner;
        } else if (c == ';') {
            while (open != SIZE_MAX) {
                size_t outer = lexer->tokens[open].match;

                lexer->tokens[open].match = open;
                open = outer;
            }
        }
    }
    while (open != SIZE_MAX) {
        size_t outer = lexer->tokens[open].match;

        lexer->tokens[open].match = open;
        open = outer;
    }
}

bool lexer_read(struct lexer *lexer, const char *text, size_t octets)
{
    struct reader reader = {text, octets, 0};
    size_t room = 0;

    *lexer = (struct lexer){.text = text, .octets = octets};
    for (skip_blanks(&reader); reader.at < octets; skip_blanks(&reader)) {
        struct token token = {.offset = reader.at};

        token.kind = read_token(&reader, &token.length);
        if (!push(lexer, &room, token)) {
            lexer_free(lexer);
            return false;
        }
        reader.at += token.length;
    }
    if (!push(lexer, &room, (struct token){.kind = TOKEN_END, .offset = octets, .match = lexer->count})) {
        lexer_free(lexer);
        return false;
    }
    lexer->count--;
    match_parentheses(lexer);
    return true;
}

void lexer_free(struct lexer *lexer)
{
    free(lexer->tokens);
    *lexer = (struct lexer){0};
}

bool lexer_is(const struct lexer *lexer, size_t index, const char *word)
{
    const struct token *token;
    size_t length = strlen(word);

    if (index >= lexer->count)
        return false;
    token = &lexer->tokens[index];
    if (token->length != length || (token->kind != TOKEN_WORD && token->kind != TOKEN_OPERATOR))
        return false;
    return strncasecmp(lexer->text + token->offset, word, length) == 0;
}

bool lexer_is_name(const struct lexer *lexer, size_t index)
{
    enum token_kind kind = index < lexer->count ? lexer->tokens[index].kind : TOKEN_END;

    return kind == TOKEN_WORD || kind == TOKEN_BRACKET || kind == TOKEN_BACKTICK || kind == TOKEN_QUOTED;
}

char *lexer_value(const struct lexer *lexer, size_t index)
{
    const struct token *token = &lexer->tokens[index];
    const char *from = lexer->text + token->offset;
    size_t left = token->length;
    char close = '\0';
    char *value = malloc(left + 1);
    size_t n = 0;

    if (!value)
        return NULL;
    if (token->kind == TOKEN_STRING || token->kind == TOKEN_BRACKET || token->kind == TOKEN_BACKTICK ||
        token->kind == TOKEN_QUOTED) {
        close = from[left - 1];
        from++;
        left -= 2;
    }
    for (size_t i = 0; i < left; i++) {
        value[n++] = from[i];
        if (close && from[i] == close)
            i++; /* the second of a pair */
    }
    value[n] = '\0';
    return value;
}
