/* EXEC[UTE] procedure [@]name = value, …: read into arguments; nothing for SQLite.
 *
 * Owns: the form of a call. Must not know: which procedures there are. */
#include "dialect_state.h"
#include "functions.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool read_procedure(struct translation *t, size_t begin, size_t *next)
{
    const struct dialect_options *options = t->options;
    struct dialect_statement *out = t->out;
    const char *defaults[2] = {options->default_catalog, options->default_schema};
    struct chain chain;

    if (!dialect_chain(t, begin, t->end, &chain) || chain.star || chain.count > 3)
        return dialect_fail_near(t, begin, "expected a procedure");
    for (size_t i = 0; i < chain.count; i++) {
        size_t token = chain.first + 2 * i;

        if (t->lexer->tokens[token].kind == TOKEN_QUOTED && !t->lenient)
            return dialect_fail_near(t, token, "names stand in [ ], not in double quotes");
        out->procedure[3 - chain.count + i] = lexer_value(t->lexer, token);
        if (!out->procedure[3 - chain.count + i])
            return dialect_fail_memory(t);
    }
    for (size_t i = 0; i + chain.count < 3; i++) {
        if (!defaults[i] || !*defaults[i])
            continue;
        out->procedure[i] = strdup(defaults[i]);
        if (!out->procedure[i])
            return dialect_fail_memory(t);
    }
    *next = chain.next;
    return true;
}

/* The argument's name, with its @ whether written or not. */
static char *argument_name(const struct translation *t, size_t index)
{
    char *bare = lexer_value(t->lexer, index);
    struct text name = {0};

    if (!bare)
        return NULL;
    if (*bare != '@')
        text_add(&name, "@", 1);
    text_add_string(&name, bare);
    free(bare);
    return text_take(&name);
}

static bool read_literal(struct translation *t, size_t index, bool negative,
                         struct dialect_argument *argument)
{
    static const int types[] = {
        [TOKEN_STRING] = SERVICE_VARCHAR,
        [TOKEN_INTEGER] = SERVICE_BIGINT,
        [TOKEN_DECIMAL] = SERVICE_DECIMAL,
        [TOKEN_FLOAT] = SERVICE_DOUBLE,
    };
    enum token_kind kind = t->lexer->tokens[index].kind;
    struct text value = {0};
    char *bare;

    if (!negative && lexer_is(t->lexer, index, "NULL"))
        return true;
    if (!negative && (lexer_is(t->lexer, index, "TRUE") || lexer_is(t->lexer, index, "FALSE")))
        argument->type = SERVICE_BOOLEAN;
    else if (kind >= TOKEN_STRING && kind <= TOKEN_FLOAT && (size_t)kind < sizeof types / sizeof *types &&
             !(negative && kind == TOKEN_STRING))
        argument->type = types[kind];
    if (argument->type == 0)
        return dialect_fail_near(t, index, "expected a literal or a parameter");
    if (argument->type == SERVICE_BOOLEAN) {
        text_add_string(&value, lexer_is(t->lexer, index, "TRUE") ? "true" : "false");
    } else {
        bare = lexer_value(t->lexer, index);
        if (!bare)
            return dialect_fail_memory(t);
        if (negative)
            text_add(&value, "-", 1);
        text_add_string(&value, bare);
        free(bare);
    }
    argument->value = text_take(&value);
    return argument->value || dialect_fail_memory(t);
}

/* name = value; gives the token after it. */
static bool read_argument(struct translation *t, size_t at, size_t *next)
{
    struct dialect_statement *out = t->out;
    struct dialect_argument *grown = dialect_grow(t, out->arguments, out->argument_count, sizeof *grown);
    struct dialect_argument *argument;
    enum token_kind kind = t->lexer->tokens[at].kind;
    bool negative;

    if (!grown)
        return false;
    out->arguments = grown;
    argument = &grown[out->argument_count++];
    if (at >= t->end || (kind != TOKEN_PARAMETER && kind != TOKEN_WORD && kind != TOKEN_BRACKET) ||
        !lexer_is(t->lexer, at + 1, "=") || at + 2 >= t->end)
        return dialect_fail_near(t, at, "arguments are given by name: @name = value");
    argument->name = argument_name(t, at);
    if (!argument->name)
        return dialect_fail_memory(t);
    at += 2;
    negative = lexer_is(t->lexer, at, "-") && at + 1 < t->end;
    if (negative)
        at++;
    *next = at + 1;
    kind = t->lexer->tokens[at].kind;
    if (negative || (kind != TOKEN_PARAMETER && kind != TOKEN_POSITION))
        return read_literal(t, at, negative, argument);
    argument->parameter = lexer_value(t->lexer, at);
    return argument->parameter || dialect_fail_memory(t);
}

/* The names on the left of = are no parameters of the statement: only those that carry values are. */
static void keep_value_parameters(struct dialect_statement *out)
{
    size_t kept = 0;

    for (size_t i = 0; i < out->parameter_count; i++) {
        bool used = false;

        for (size_t k = 0; k < out->argument_count && !used; k++)
            used = out->arguments[k].parameter &&
                   strcasecmp(out->arguments[k].parameter, out->parameters[i]) == 0;
        if (used)
            out->parameters[kept++] = out->parameters[i];
        else
            free(out->parameters[i]);
    }
    out->parameter_count = kept;
}

bool dialect_exec(struct translation *t)
{
    enum { ARGUMENTS_MAX = 1024 };
    size_t at = t->end;

    if (!read_procedure(t, t->begin + 1, &at))
        return false;
    while (at < t->end) {
        if (t->out->argument_count >= ARGUMENTS_MAX)
            return dialect_fail_near(t, at, "too many arguments");
        if (!read_argument(t, at, &at))
            return false;
        if (at < t->end && !lexer_is(t->lexer, at, ","))
            return dialect_fail_near(t, at, "expected a comma");
        if (at < t->end && ++at == t->end)
            return dialect_fail_near(t, at, "an argument is missing");
    }
    keep_value_parameters(t->out);
    return true;
}
