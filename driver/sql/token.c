/* Owns the reading of SQL text into tokens. Must not know what statements or escapes mean. */
#include "sql/token.h"

#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/utf.h"

/* What is written between two quotes, the closing one doubled inside. */
struct quoting {
    char opening;
    char closing;
    enum ca_sql_token_kind kind;
    const char *what;
};

static const struct quoting quotings[] = {
    {'\'', '\'', CA_SQL_TOKEN_STRING, "string"},
    {'[', ']', CA_SQL_TOKEN_BRACKETED, "name in brackets"},
    {'"', '"', CA_SQL_TOKEN_QUOTED, "name in double quotes"},
    {'`', '`', CA_SQL_TOKEN_BACKTICKED, "name in backticks"},
};

void ca_sql_reader_init(struct ca_sql_reader *reader, const char *text, size_t octets)
{
    *reader = (struct ca_sql_reader){text, octets, 0};
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
    return ca_text_is_blank(c) || c == '\f' || c == '\v';
}

/* Letters, digits, `_`, `:` and `@` are the service's; `#`, `$` and all beyond ASCII occur in sources. */
bool ca_sql_is_name_octet(char c)
{
    char lower = ca_text_lower(c);
    return (lower >= 'a' && lower <= 'z') || is_digit(c) || (unsigned char)c >= 0x80 ||
           (c != '\0' && strchr("_:@#$", c));
}

static char octet_at(const struct ca_sql_reader *reader, size_t at)
{
    return at < reader->octets ? reader->text[at] : '\0';
}

static const struct quoting *find_quoting(char opening)
{
    for (size_t i = 0; i < sizeof quotings / sizeof quotings[0]; i++)
        if (quotings[i].opening == opening)
            return &quotings[i];
    return NULL;
}

static bool not_closed(const struct ca_sql_reader *reader, size_t start, const char *what,
                       struct ca_error *error)
{
    return ca_error_set(error, "42000", 0, "The %s that begins at character %zu is not closed.", what,
                        ca_sql_reader_character(reader, reader->text + start));
}

/* Returns the place behind the closing quote, 0 if there is none. */
static size_t quoted_end(const struct ca_sql_reader *reader, size_t start, char closing)
{
    size_t at = start + 1;
    while (at < reader->octets) {
        const char *found = memchr(reader->text + at, closing, reader->octets - at);
        if (!found)
            return 0;
        at = (size_t)(found - reader->text) + 1;
        if (octet_at(reader, at) != closing)
            return at;
        at++;
    }
    return 0;
}

static size_t block_comment_end(const struct ca_sql_reader *reader, size_t start)
{
    const char *found = start + 2 < reader->octets
                            ? memmem(reader->text + start + 2, reader->octets - start - 2, "*/", 2)
                            : NULL;
    return found ? (size_t)(found - reader->text) + 2 : 0;
}

static size_t line_comment_end(const struct ca_sql_reader *reader, size_t start)
{
    const char *found = memchr(reader->text + start, '\n', reader->octets - start);
    return found ? (size_t)(found - reader->text) + 1 : reader->octets;
}

static size_t digits_end(const struct ca_sql_reader *reader, size_t at)
{
    while (is_digit(octet_at(reader, at)))
        at++;
    return at;
}

static size_t number_end(const struct ca_sql_reader *reader, size_t start)
{
    size_t at = digits_end(reader, start);
    if (octet_at(reader, at) == '.')
        at = digits_end(reader, at + 1);
    if (ca_text_lower(octet_at(reader, at)) == 'e') {
        size_t exponent = at + 1;
        if (octet_at(reader, exponent) == '+' || octet_at(reader, exponent) == '-')
            exponent++;
        if (is_digit(octet_at(reader, exponent)))
            at = digits_end(reader, exponent);
    }
    return at;
}

static size_t run_end(const struct ca_sql_reader *reader, size_t at, bool (*belongs)(char))
{
    while (at < reader->octets && belongs(reader->text[at]))
        at++;
    return at;
}

/* Kind and end of the token at `start`; 0 as end: it is not closed, and *what names it. */
static size_t token_end(const struct ca_sql_reader *reader, size_t start, enum ca_sql_token_kind *kind,
                        const char **what)
{
    char first = reader->text[start];
    char second = octet_at(reader, start + 1);
    const struct quoting *quoting = find_quoting(first);
    if (quoting) {
        *kind = quoting->kind;
        *what = quoting->what;
        return quoted_end(reader, start, quoting->closing);
    }
    if (is_blank(first)) {
        *kind = CA_SQL_TOKEN_BLANK;
        return run_end(reader, start, is_blank);
    }
    if (first == '-' && second == '-') {
        *kind = CA_SQL_TOKEN_COMMENT;
        return line_comment_end(reader, start);
    }
    if (first == '/' && second == '*') {
        *kind = CA_SQL_TOKEN_COMMENT;
        *what = "comment";
        return block_comment_end(reader, start);
    }
    if (is_digit(first) || (first == '.' && is_digit(second))) {
        *kind = CA_SQL_TOKEN_NUMBER;
        return number_end(reader, start);
    }
    if (ca_sql_is_name_octet(first)) {
        *kind = CA_SQL_TOKEN_WORD;
        return run_end(reader, start, ca_sql_is_name_octet);
    }
    *kind = first == '?' ? CA_SQL_TOKEN_MARKER : CA_SQL_TOKEN_SIGN;
    return start + 1;
}

bool ca_sql_token_next(struct ca_sql_reader *reader, struct ca_sql_token *token, struct ca_error *error)
{
    if (reader->at >= reader->octets) {
        *token = (struct ca_sql_token){CA_SQL_TOKEN_END, reader->text + reader->octets, 0};
        return true;
    }
    const char *what = "";
    size_t start = reader->at;
    size_t end = token_end(reader, start, &token->kind, &what);
    if (end == 0)
        return not_closed(reader, start, what, error);
    token->text = reader->text + start;
    token->octets = end - start;
    reader->at = end;
    return true;
}

bool ca_sql_token_next_word(struct ca_sql_reader *reader, struct ca_sql_token *token, struct ca_error *error)
{
    do {
        if (!ca_sql_token_next(reader, token, error))
            return false;
    } while (ca_sql_token_is_idle(token));
    return true;
}

bool ca_sql_token_is_idle(const struct ca_sql_token *token)
{
    return token->kind == CA_SQL_TOKEN_BLANK || token->kind == CA_SQL_TOKEN_COMMENT;
}

bool ca_sql_token_is_sign(const struct ca_sql_token *token, char sign)
{
    return token->kind == CA_SQL_TOKEN_SIGN && token->text[0] == sign;
}

bool ca_sql_token_is_sign_of(const struct ca_sql_token *token, const char *signs)
{
    return token->kind == CA_SQL_TOKEN_SIGN && token->text[0] != '\0' && strchr(signs, token->text[0]);
}

bool ca_sql_token_is_word(const struct ca_sql_token *token, const char *word)
{
    return token->kind == CA_SQL_TOKEN_WORD && ca_text_same_n(token->text, token->octets, word);
}

bool ca_sql_token_is_one_of(const struct ca_sql_token *token, const char *const *words)
{
    for (; *words; words++)
        if (ca_sql_token_is_word(token, *words))
            return true;
    return false;
}

bool ca_sql_token_is_name(const struct ca_sql_token *token)
{
    return token->kind == CA_SQL_TOKEN_WORD || token->kind == CA_SQL_TOKEN_BRACKETED ||
           token->kind == CA_SQL_TOKEN_QUOTED || token->kind == CA_SQL_TOKEN_BACKTICKED;
}

char *ca_sql_token_value(const struct ca_sql_token *token, size_t *octets)
{
    const struct quoting *quoting = token->octets ? find_quoting(token->text[0]) : NULL;
    char *value = ca_alloc(token->octets + 1);
    *octets = 0;
    if (!value)
        return NULL;
    if (!quoting) {
        memcpy(value, token->text, token->octets);
        *octets = token->octets;
    }
    for (size_t i = 1; quoting && i + 1 < token->octets; i++) {
        value[(*octets)++] = token->text[i];
        if (token->text[i] == quoting->closing)
            i++;
    }
    value[*octets] = '\0';
    return value;
}

size_t ca_sql_reader_character(const struct ca_sql_reader *reader, const char *place)
{
    return ca_utf8_characters(reader->text, (size_t)(place - reader->text)) + 1;
}
