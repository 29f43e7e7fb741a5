/* Owns the reading and writing of procedure calls. Must not know which parameters a procedure has, nor how
 * other escapes are translated. */
#include "sql/call.h"

#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "sql/literal.h"
#include "sql/namereader.h"
#include "sql/token.h"

enum outcome { DONE, NOT_SIMPLE, FAILED };

struct call_reader {
    struct ca_sql_reader reader;
    struct ca_sql_call *call;
    size_t capacity;
    bool noscan;
    struct ca_error *error;
};

static enum outcome no_memory(struct call_reader *cr)
{
    ca_error_no_memory(cr->error);
    return FAILED;
}

/* The next token that counts, without taking it. */
static bool peek(struct call_reader *cr, struct ca_sql_token *token)
{
    struct ca_sql_reader ahead = cr->reader;
    return ca_sql_token_next_word(&ahead, token, cr->error);
}

static bool take(struct call_reader *cr, struct ca_sql_token *token)
{
    return ca_sql_token_next_word(&cr->reader, token, cr->error);
}

static struct ca_sql_argument *push_argument(struct call_reader *cr)
{
    struct ca_sql_call *call = cr->call;
    struct ca_sql_argument *arguments =
        ca_grow(call->arguments, &cr->capacity, call->count + 1, sizeof *arguments);
    if (!arguments)
        return NULL;
    call->arguments = arguments;
    struct ca_sql_argument *argument = &call->arguments[call->count++];
    *argument = (struct ca_sql_argument){.kind = CA_SQL_ARGUMENT_DEFAULT};
    return argument;
}

static enum outcome read_text(struct call_reader *cr, struct ca_sql_argument *argument,
                              enum ca_sql_argument_kind kind, const struct ca_sql_token *token)
{
    argument->kind = kind;
    argument->text = ca_sql_token_value(token, &argument->octets);
    return argument->text ? DONE : no_memory(cr);
}

/* A number, the sign of which has been read; a plus is left out. */
static enum outcome read_number(struct call_reader *cr, struct ca_sql_argument *argument,
                                const struct ca_sql_token *number, bool negative)
{
    bool point = memchr(number->text, '.', number->octets) != NULL;
    bool exponent = memchr(number->text, 'e', number->octets) || memchr(number->text, 'E', number->octets);
    argument->text = ca_alloc(number->octets + 2);
    if (!argument->text)
        return no_memory(cr);
    if (negative)
        argument->text[argument->octets++] = '-';
    memcpy(argument->text + argument->octets, number->text, number->octets);
    argument->octets += number->octets;
    argument->text[argument->octets] = '\0';
    argument->kind = point ? CA_SQL_ARGUMENT_DECIMAL : CA_SQL_ARGUMENT_INTEGER;
    if (exponent)
        argument->kind = CA_SQL_ARGUMENT_DOUBLE;
    return DONE;
}

static enum outcome read_word(struct call_reader *cr, struct ca_sql_argument *argument,
                              const struct ca_sql_token *word)
{
    static const char *const booleans[] = {"TRUE", "FALSE", NULL};
    if (ca_sql_token_is_one_of(word, booleans))
        return read_text(cr, argument, CA_SQL_ARGUMENT_BOOLEAN, word);
    if (ca_sql_token_is_word(word, "NULL"))
        argument->kind = CA_SQL_ARGUMENT_NULL;
    else if (!ca_sql_token_is_word(word, "DEFAULT"))
        return NOT_SIMPLE;
    return DONE;
}

static enum outcome read_escape(struct call_reader *cr, struct ca_sql_argument *argument)
{
    struct ca_sql_token word;
    struct ca_sql_token literal;
    if (!take(cr, &word))
        return FAILED;
    enum ca_sql_argument_kind kind = ca_sql_literal_kind(&word);
    if (kind == CA_SQL_ARGUMENT_DEFAULT)
        return NOT_SIMPLE;
    if (!ca_sql_literal_read(&cr->reader, &word, &literal, cr->error))
        return FAILED;
    return read_text(cr, argument, kind, &literal);
}

/* One value: marker, literal, NULL, DEFAULT; nothing but these is an argument. */
static enum outcome read_value(struct call_reader *cr, struct ca_sql_argument *argument)
{
    struct ca_sql_token token;
    if (!take(cr, &token))
        return FAILED;
    if (token.kind == CA_SQL_TOKEN_MARKER) {
        argument->kind = CA_SQL_ARGUMENT_MARKER;
        argument->marker = ++cr->call->markers;
        return DONE;
    }
    if (token.kind == CA_SQL_TOKEN_STRING)
        return read_text(cr, argument, CA_SQL_ARGUMENT_STRING, &token);
    if (token.kind == CA_SQL_TOKEN_WORD)
        return read_word(cr, argument, &token);
    if (!cr->noscan && ca_sql_token_is_sign(&token, '{'))
        return read_escape(cr, argument);
    bool negative = ca_sql_token_is_sign(&token, '-');
    if (negative || ca_sql_token_is_sign(&token, '+')) {
        if (!take(cr, &token))
            return FAILED;
    }
    if (token.kind == CA_SQL_TOKEN_NUMBER)
        return read_number(cr, argument, &token, negative);
    return NOT_SIMPLE;
}

/* `@name =` before a value of EXEC. */
static enum outcome read_argument_name(struct call_reader *cr, struct ca_sql_argument *argument)
{
    struct ca_sql_token name;
    struct ca_sql_token equals;
    if (!peek(cr, &name))
        return FAILED;
    if (name.kind != CA_SQL_TOKEN_WORD || name.octets < 2 || name.text[0] != '@')
        return DONE;
    if (!take(cr, &name) || !take(cr, &equals))
        return FAILED;
    if (!ca_sql_token_is_sign(&equals, '='))
        return NOT_SIMPLE;
    argument->name = ca_strndup(name.text + 1, name.octets - 1);
    return argument->name ? DONE : no_memory(cr);
}

/* `(…)` of the call escape, the `(` still to come; without it there are no arguments. */
static enum outcome read_list(struct call_reader *cr)
{
    struct ca_sql_token token;
    if (!peek(cr, &token))
        return FAILED;
    if (!ca_sql_token_is_sign(&token, '('))
        return DONE;
    if (!take(cr, &token) || !peek(cr, &token))
        return FAILED;
    if (ca_sql_token_is_sign(&token, ')'))
        return take(cr, &token) ? DONE : FAILED;
    for (;;) {
        struct ca_sql_argument *argument = push_argument(cr);
        if (!argument)
            return no_memory(cr);
        if (!peek(cr, &token))
            return FAILED;
        if (!ca_sql_token_is_sign(&token, ',') && !ca_sql_token_is_sign(&token, ')')) {
            enum outcome outcome = read_value(cr, argument);
            if (outcome != DONE)
                return outcome;
        }
        if (!take(cr, &token))
            return FAILED;
        if (ca_sql_token_is_sign(&token, ')'))
            return DONE;
        if (!ca_sql_token_is_sign(&token, ','))
            return NOT_SIMPLE;
    }
}

/* The arguments of EXEC, up to the end of the text. */
static enum outcome read_exec_list(struct call_reader *cr)
{
    struct ca_sql_token token;
    if (!peek(cr, &token))
        return FAILED;
    bool more = token.kind != CA_SQL_TOKEN_END && !ca_sql_token_is_sign(&token, ';');
    while (more) {
        struct ca_sql_argument *argument = push_argument(cr);
        if (!argument)
            return no_memory(cr);
        enum outcome outcome = read_argument_name(cr, argument);
        if (outcome == DONE)
            outcome = read_value(cr, argument);
        if (outcome != DONE)
            return outcome;
        if (!peek(cr, &token))
            return FAILED;
        more = ca_sql_token_is_sign(&token, ',');
        if (more && !take(cr, &token))
            return FAILED;
    }
    return DONE;
}

/* Nothing may follow but one `;`. */
static enum outcome read_end(struct call_reader *cr)
{
    struct ca_sql_token token;
    if (!take(cr, &token))
        return FAILED;
    if (ca_sql_token_is_sign(&token, ';') && !take(cr, &token))
        return FAILED;
    return token.kind == CA_SQL_TOKEN_END ? DONE : NOT_SIMPLE;
}

/* `? =`, where it is there. */
static enum outcome read_return(struct call_reader *cr)
{
    struct ca_sql_token token;
    if (!peek(cr, &token))
        return FAILED;
    if (token.kind != CA_SQL_TOKEN_MARKER)
        return DONE;
    if (!take(cr, &token) || !take(cr, &token))
        return FAILED;
    if (!ca_sql_token_is_sign(&token, '='))
        return NOT_SIMPLE;
    cr->call->has_return = true;
    cr->call->markers = 1;
    return DONE;
}

static enum outcome read_name(struct call_reader *cr)
{
    switch (ca_sql_name_read(&cr->reader, &cr->call->procedure, cr->error)) {
    case CA_SQL_NAME_READ:
        return DONE;
    case CA_SQL_NAME_NONE:
        return NOT_SIMPLE;
    default:
        return FAILED;
    }
}

/* Takes the next token: the sign or word given, or it is none of ours. */
static enum outcome read_expected(struct call_reader *cr, const char *expected)
{
    struct ca_sql_token token;
    if (!take(cr, &token))
        return FAILED;
    bool found = ca_text_same_n(token.text, token.octets, expected);
    return found ? DONE : NOT_SIMPLE;
}

static enum outcome read_escape_call(struct call_reader *cr)
{
    enum outcome outcome = read_expected(cr, "{");
    if (outcome == DONE)
        outcome = read_return(cr);
    if (outcome == DONE)
        outcome = read_expected(cr, "call");
    if (outcome == DONE)
        outcome = read_name(cr);
    if (outcome == DONE)
        outcome = read_list(cr);
    if (outcome == DONE)
        outcome = read_expected(cr, "}");
    return outcome == DONE ? read_end(cr) : outcome;
}

static enum outcome read_exec(struct call_reader *cr)
{
    static const char *const verbs[] = {"EXEC", "EXECUTE", NULL};
    struct ca_sql_token verb;
    if (!take(cr, &verb))
        return FAILED;
    enum outcome outcome = ca_sql_token_is_one_of(&verb, verbs) ? read_return(cr) : NOT_SIMPLE;
    if (outcome == DONE)
        outcome = read_name(cr);
    if (outcome == DONE)
        outcome = read_exec_list(cr);
    return outcome == DONE ? read_end(cr) : outcome;
}

static enum outcome begin(struct call_reader *cr, const char *text, size_t octets, struct ca_error *error)
{
    *cr = (struct call_reader){.error = error, .call = ca_calloc(1, sizeof *cr->call)};
    ca_sql_reader_init(&cr->reader, text, octets);
    return cr->call ? DONE : no_memory(cr);
}

bool ca_sql_call_starts(const char *text, size_t octets)
{
    struct ca_sql_reader reader;
    struct ca_sql_token token;
    struct ca_error error = CA_ERROR_INIT;
    ca_sql_reader_init(&reader, text, octets);
    bool starts = ca_sql_token_next_word(&reader, &token, &error) && ca_sql_token_is_sign(&token, '{') &&
                  ca_sql_token_next_word(&reader, &token, &error) &&
                  (token.kind == CA_SQL_TOKEN_MARKER || ca_sql_token_is_word(&token, "call"));
    ca_error_clear(&error);
    return starts;
}

struct ca_sql_call *ca_sql_call_read(const char *text, size_t octets, struct ca_error *error)
{
    struct call_reader cr;
    enum outcome outcome = begin(&cr, text, octets, error);
    if (outcome == DONE)
        outcome = read_escape_call(&cr);
    if (outcome == DONE)
        return cr.call;
    if (outcome == NOT_SIMPLE)
        ca_error_set(
            error, "42000", 0,
            "The text is not of the form {[?=] call procedure[(argument, …)]} with markers, literals, "
            "NULL or nothing as arguments; what is wrong ends at character %zu.",
            ca_sql_reader_character(&cr.reader, text + cr.reader.at) - 1);
    ca_sql_call_free(cr.call);
    return NULL;
}

struct ca_sql_call *ca_sql_call_read_exec(const char *text, size_t octets, bool noscan,
                                          struct ca_error *error)
{
    struct call_reader cr;
    enum outcome outcome = begin(&cr, text, octets, error);
    cr.noscan = noscan;
    if (outcome == DONE)
        outcome = read_exec(&cr);
    if (outcome == DONE)
        return cr.call;
    ca_sql_call_free(cr.call);
    return NULL;
}

static void write_quoted(struct ca_buffer *text, const struct ca_sql_argument *argument)
{
    ca_buffer_add_char(text, '\'');
    for (size_t i = 0; i < argument->octets; i++) {
        if (argument->text[i] == '\'')
            ca_buffer_add_char(text, '\'');
        ca_buffer_add_char(text, argument->text[i]);
    }
    ca_buffer_add_char(text, '\'');
}

static void write_value(struct ca_buffer *text, const struct ca_sql_argument *argument, const char *prefix)
{
    switch (argument->kind) {
    case CA_SQL_ARGUMENT_DEFAULT:
        ca_buffer_add_text(text, "DEFAULT");
        break;
    case CA_SQL_ARGUMENT_MARKER:
        ca_buffer_add_format(text, "@%s%u", prefix, argument->marker);
        break;
    case CA_SQL_ARGUMENT_NULL:
        ca_buffer_add_text(text, "NULL");
        break;
    case CA_SQL_ARGUMENT_INTEGER:
    case CA_SQL_ARGUMENT_DECIMAL:
    case CA_SQL_ARGUMENT_DOUBLE:
    case CA_SQL_ARGUMENT_BOOLEAN:
        ca_buffer_add(text, argument->text, argument->octets);
        break;
    default:
        write_quoted(text, argument);
    }
}

bool ca_sql_call_write(struct ca_buffer *text, const struct ca_sql_call *call, const char *prefix)
{
    ca_buffer_add_text(text, "EXECUTE ");
    if (call->has_return)
        ca_buffer_add_format(text, "@%s1 = ", prefix);
    ca_sql_name_write(text, &call->procedure);
    for (size_t i = 0; i < call->count; i++) {
        const struct ca_sql_argument *argument = &call->arguments[i];
        ca_buffer_add_text(text, i ? ", " : " ");
        if (argument->name)
            ca_buffer_add_format(text, "@%s = ", argument->name);
        write_value(text, argument, prefix);
    }
    return !text->failure;
}

void ca_sql_call_free(struct ca_sql_call *call)
{
    if (!call)
        return;
    for (size_t i = 0; i < call->count; i++) {
        ca_free(call->arguments[i].name);
        ca_free(call->arguments[i].text);
    }
    ca_free(call->arguments);
    ca_sql_name_free(&call->procedure);
    ca_free(call);
}
