/* Owns what each escape becomes. Must not know the walk over the text outside of escapes, nor the functions
 * one by one. */
#include "sql/escape.h"

#include <string.h>

#include "base/utf.h"
#include "sql/function.h"
#include "sql/literal.h"

enum { SHOWN_OCTETS = 80 };

struct escape {
    const char *word;
    bool (*translate)(struct ca_sql_translator *tr, const char *opening, const struct ca_sql_token *word);
};

static size_t character(const struct ca_sql_translator *tr, const char *place)
{
    return ca_sql_reader_character(&tr->reader, place);
}

bool ca_sql_escape_not_closed(struct ca_sql_translator *tr, const char *opening)
{
    return ca_error_set(tr->error, "42000", 0, "The escape that begins at character %zu is not closed.",
                        character(tr, opening));
}

/* The next token that counts, without taking it. */
static bool peek(struct ca_sql_translator *tr, struct ca_sql_token *token)
{
    struct ca_sql_reader ahead = tr->reader;
    return ca_sql_token_next_word(&ahead, token, tr->error);
}

static bool take(struct ca_sql_translator *tr, struct ca_sql_token *token)
{
    return ca_sql_token_next_word(&tr->reader, token, tr->error);
}

/* {d '…'} and its like. */
static bool translate_literal(struct ca_sql_translator *tr, const char *opening,
                              const struct ca_sql_token *word)
{
    struct ca_sql_token literal;
    (void)opening;
    return ca_sql_literal_read(&tr->reader, word, &literal, tr->error) &&
           ca_sql_put_piece(tr, literal.text, literal.octets);
}

/* {oj …} */
static bool translate_contents(struct ca_sql_translator *tr, const char *opening,
                               const struct ca_sql_token *word)
{
    (void)word;
    return ca_sql_translate_escaped(tr, opening);
}

/* A call is no part of a larger text: it goes another way (POST /exec). */
static bool refuse_call(struct ca_sql_translator *tr, const char *opening, const struct ca_sql_token *word)
{
    (void)word;
    return ca_error_set(tr->error, "42000", 0,
                        "The procedure call at character %zu must be the whole statement: {[?=] call …}.",
                        character(tr, opening));
}

static bool refuse_interval(struct ca_sql_translator *tr, const char *opening,
                            const struct ca_sql_token *word)
{
    (void)word;
    return ca_error_set(
        tr->error, "HYC00", 0,
        "The interval literal at character %zu is not supported: the service has no interval types.",
        character(tr, opening));
}

static bool refuse_unknown(struct ca_sql_translator *tr, const char *opening, const struct ca_sql_token *word)
{
    if (word->kind == CA_SQL_TOKEN_END)
        return ca_sql_escape_not_closed(tr, opening);
    return ca_error_set(tr->error, "42000", 0, "The escape {%.*s …} at character %zu is not known.",
                        (int)ca_utf8_cut(word->text, word->octets, SHOWN_OCTETS), word->text,
                        character(tr, opening));
}

/* Whether the characters of an escape literal, `'\'` with its quotes, stand in a pattern, with its quotes. */
static bool occurs(const struct ca_sql_token *escape, const struct ca_sql_token *pattern)
{
    return memmem(pattern->text + 1, pattern->octets - 2, escape->text + 1, escape->octets - 2) != NULL;
}

static bool is_one_character(const struct ca_sql_token *literal)
{
    uint32_t first;
    size_t octets = literal->octets - 2;
    if (octets == 0)
        return false;
    if (octets == 2 && literal->text[1] == '\'')
        return true;
    return ca_utf8_read(literal->text + 1, octets, &first) == octets;
}

/* {escape 'c'}: the service's LIKE has no ESCAPE. Where c does not stand in the pattern, it changes nothing.
 */
static bool translate_like_escape(struct ca_sql_translator *tr, const char *opening,
                                  const struct ca_sql_token *word)
{
    struct ca_sql_token literal;
    struct ca_sql_token closing;
    (void)word;
    if (!take(tr, &literal) || !take(tr, &closing))
        return false;
    if (literal.kind != CA_SQL_TOKEN_STRING || !ca_sql_token_is_sign(&closing, '}'))
        return ca_error_set(tr->error, "42000", 0,
                            "The escape {escape …} at character %zu must hold one literal in single quotes.",
                            character(tr, opening));
    if (!is_one_character(&literal))
        return ca_error_set(tr->error, "22019", 0,
                            "The escape character at character %zu is not one character.",
                            character(tr, literal.text));
    bool plain = tr->last.kind == CA_SQL_TOKEN_STRING && ca_sql_token_is_word(&tr->before_last, "LIKE") &&
                 !occurs(&literal, &tr->last);
    if (!plain)
        return ca_error_set(
            tr->error, "42000", 0,
            "The service's LIKE has no escape character: {escape …} at character %zu is possible only "
            "behind a literal pattern in which that character does not occur.",
            character(tr, opening));
    while (tr->out.length && tr->out.data[tr->out.length - 1] == ' ')
        tr->out.length--;
    tr->seam = true;
    return true;
}

/* The arguments of one function, while they are translated into `out`. */
struct arguments {
    size_t base; /* length of `out` before them; a `(` stands there so that nothing grows together */
    size_t start[CA_SQL_MOST_ARGUMENTS];
    size_t end[CA_SQL_MOST_ARGUMENTS];
    size_t count; /* may be one more than there is room for */
    bool empty;   /* nothing yet in the last one */
    bool any_empty;
    bool by_word;
};

static void begin_argument(struct arguments *arguments, size_t at)
{
    arguments->any_empty = arguments->any_empty || (arguments->count && arguments->empty);
    if (arguments->count < CA_SQL_MOST_ARGUMENTS) {
        arguments->start[arguments->count] = at;
        arguments->end[arguments->count] = at;
    }
    arguments->count++;
    arguments->empty = true;
}

/* Translates a piece of the last argument; blanks and comments count only between what is not. */
static bool translate_piece(struct ca_sql_translator *tr, struct arguments *arguments,
                            const struct ca_sql_token *token)
{
    size_t last = arguments->count - 1;
    size_t before = tr->out.length;
    if (!ca_sql_translate_token(tr, token))
        return false;
    if (ca_sql_token_is_idle(token))
        return true;
    bool empty = arguments->empty;
    arguments->empty = false;
    if (last >= CA_SQL_MOST_ARGUMENTS)
        return true;
    /* A blank there can only be the one that keeps it apart from the word before. */
    if (empty)
        arguments->start[last] = before + (tr->out.length > before && tr->out.data[before] == ' ');
    arguments->end[last] = tr->out.length;
    return true;
}

/* Puts the mark between two arguments into `out`, as it stands. */
static bool part_arguments(struct ca_sql_translator *tr, struct arguments *arguments,
                           const struct ca_sql_token *token)
{
    if (!ca_sql_put_piece(tr, token->text, token->octets))
        return false;
    begin_argument(arguments, tr->out.length);
    return true;
}

/* Reads `( … )`, the `(` still to come, and leaves the translated arguments at the end of `out`. */
static bool translate_arguments(struct ca_sql_translator *tr, const char *opening, const char *separator,
                                struct arguments *arguments)
{
    struct ca_sql_token token;
    size_t depth = 0;
    if (!take(tr, &token) || !ca_buffer_add_char(&tr->out, '('))
        return false;
    tr->seam = false;
    begin_argument(arguments, tr->out.length);
    for (;;) {
        if (!ca_sql_token_next(&tr->reader, &token, tr->error))
            return false;
        if (token.kind == CA_SQL_TOKEN_END || ca_sql_token_is_sign(&token, '}'))
            return ca_error_set(
                tr->error, "42000", 0,
                "The function in the escape that begins at character %zu lacks its closing ).",
                character(tr, opening));
        if (depth == 0 && ca_sql_token_is_sign(&token, ')'))
            return true;
        bool word = depth == 0 && separator && !arguments->by_word && arguments->count == 1 &&
                    ca_sql_token_is_word(&token, separator);
        arguments->by_word = arguments->by_word || word;
        if (word || (depth == 0 && ca_sql_token_is_sign(&token, ','))) {
            if (!part_arguments(tr, arguments, &token))
                return false;
            continue;
        }
        if (ca_sql_token_is_sign(&token, '('))
            depth++;
        if (ca_sql_token_is_sign(&token, ')'))
            depth--;
        if (!translate_piece(tr, arguments, &token))
            return false;
    }
}

/* Puts the function, written for the service, in the place of its arguments. */
static bool write_function(struct ca_sql_translator *tr, const struct ca_sql_token *name,
                           struct arguments *arguments)
{
    const struct ca_sql_options *options = tr->options;
    const char *out = tr->out.data + arguments->base;
    size_t inside = tr->out.length - arguments->base;
    struct ca_sql_use use = {.reader = &tr->reader,
                             .name = *name,
                             .by_word = arguments->by_word,
                             .count = arguments->count == 1 && arguments->empty ? 0 : arguments->count,
                             .whole = {inside ? out + 1 : out, inside ? inside - 1 : 0},
                             .catalog = options->catalog ? options->catalog : "",
                             .user = options->user ? options->user : ""};
    for (size_t i = 0; i < use.count && i < CA_SQL_MOST_ARGUMENTS; i++)
        use.arguments[i] = (struct ca_sql_slice){tr->out.data + arguments->start[i],
                                                 arguments->end[i] - arguments->start[i]};
    if (arguments->any_empty || (use.count > 1 && arguments->empty))
        return ca_error_set(tr->error, "42000", 0, "An argument of %.*s at character %zu is empty.",
                            (int)name->octets, name->text, character(tr, name->text));
    ca_buffer_clear(&tr->scratch);
    if (!ca_sql_function_write(&tr->scratch, &use, tr->error))
        return false;
    tr->out.length = arguments->base;
    return ca_sql_put_piece(tr, tr->scratch.data, tr->scratch.length);
}

static bool translate_known_function(struct ca_sql_translator *tr, const char *opening,
                                     const struct ca_sql_token *name)
{
    struct ca_sql_token next;
    struct arguments arguments = {.base = tr->out.length, .empty = true};
    bool seam = tr->seam;
    if (!peek(tr, &next))
        return false;
    if (ca_sql_token_is_sign(&next, '(')) {
        if (!translate_arguments(tr, opening, ca_sql_function_word(name), &arguments))
            return false;
    } else if (!ca_buffer_reserve(&tr->out, 0)) {
        return false;
    }
    tr->seam = seam;
    if (!take(tr, &next))
        return false;
    if (next.kind == CA_SQL_TOKEN_END)
        return ca_sql_escape_not_closed(tr, opening);
    if (!ca_sql_token_is_sign(&next, '}'))
        return ca_error_set(tr->error, "42000", 0,
                            "The escape at character %zu must hold nothing but one function.",
                            character(tr, opening));
    return write_function(tr, name, &arguments);
}

/* {fn F(…)}: a function that the table does not have goes through as it stands. */
static bool translate_function(struct ca_sql_translator *tr, const char *opening,
                               const struct ca_sql_token *word)
{
    struct ca_sql_token name;
    struct ca_sql_token next;
    size_t at = tr->reader.at;
    tr->last = *word; /* what stands before the function is no neighbour of its arguments */
    if (!take(tr, &name) || !peek(tr, &next))
        return false;
    bool alone = ca_sql_token_is_sign(&next, '(') || ca_sql_token_is_sign(&next, '}');
    if (alone && ca_sql_function_known(&name))
        return translate_known_function(tr, opening, &name);
    tr->reader.at = at;
    return ca_sql_translate_escaped(tr, opening);
}

static const struct escape escapes[] = {
    {"fn", translate_function},        {"d", translate_literal},    {"t", translate_literal},
    {"ts", translate_literal},         {"guid", translate_literal}, {"oj", translate_contents},
    {"escape", translate_like_escape}, {"call", refuse_call},       {"interval", refuse_interval},
};

bool ca_sql_escape_translate(struct ca_sql_translator *tr, const char *opening)
{
    struct ca_sql_token word;
    if (!take(tr, &word))
        return false;
    if (word.kind == CA_SQL_TOKEN_MARKER)
        return refuse_call(tr, opening, &word);
    for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++)
        if (ca_sql_token_is_word(&word, escapes[i].word))
            return escapes[i].translate(tr, opening, &word);
    return refuse_unknown(tr, opening, &word);
}
