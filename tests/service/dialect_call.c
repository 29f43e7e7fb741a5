/* Function calls of the dialect: which there are, how they are written, what SQLite calls them.
 *
 * Owns: the special forms (SUBSTRING, POSITION, CAST). Must not know: what the functions do. */
#include "dialect_state.h"
#include "functions.h"

#include <stdlib.h>
#include <string.h>

/* The arguments of a call as they stand: one range of tokens. */
struct call {
    size_t name;
    size_t begin;
    size_t end;
};

static size_t count_arguments(const struct translation *t, const struct call *call)
{
    size_t count = call->begin < call->end ? 1 : 0;

    for (size_t i = dialect_seek(t, call->begin, call->end, ","); i < call->end;
         i = dialect_seek(t, i + 1, call->end, ","))
        count++;
    return count;
}

/* SUBSTRING(s FROM a [FOR n]). */
static bool call_substring(struct translation *t, const struct call *call)
{
    size_t from = dialect_seek(t, call->begin, call->end, "FROM");
    size_t length = dialect_seek(t, from, call->end, "FOR");
    bool done;

    if (from == call->end)
        return dialect_fail_near(t, call->name, "SUBSTRING is written SUBSTRING(s FROM a FOR n)");
    text_add_word(&t->sql, "connect_substring(");
    done = dialect_expression(t, call->begin, from, CONTEXT_PLAIN);
    text_add(&t->sql, ",", 1);
    done = done && dialect_expression(t, from + 1, length, CONTEXT_PLAIN);
    if (length < call->end) {
        text_add(&t->sql, ",", 1);
        done = done && dialect_expression(t, length + 1, call->end, CONTEXT_PLAIN);
    }
    text_add(&t->sql, ")", 1);
    return done;
}

/* POSITION(a IN b). */
static bool call_position(struct translation *t, const struct call *call)
{
    size_t in = dialect_seek(t, call->begin, call->end, "IN");
    bool done;

    if (in == call->end)
        return dialect_fail_near(t, call->name, "POSITION is written POSITION(a IN b)");
    text_add_word(&t->sql, "LOCATE(");
    done = dialect_expression(t, call->begin, in, CONTEXT_PLAIN);
    text_add(&t->sql, ",", 1);
    done = done && dialect_expression(t, in + 1, call->end, CONTEXT_PLAIN);
    text_add(&t->sql, ")", 1);
    return done;
}

static bool call_cast(struct translation *t, const struct call *call)
{
    return dialect_cast(t, call->name, call->begin, call->end);
}

/* Functions that are more than a name and a list; lenient: SQLite's own form is the other one. */
static const struct special {
    const char *name;
    bool (*write)(struct translation *t, const struct call *call);
    const char *mark; /* a lenient service takes the special form only where this word is there */
} specials[] = {
    {"SUBSTRING", call_substring, "FROM"},
    {"POSITION", call_position, "IN"},
    {"CAST", call_cast, "AS"},
};

static bool write_special(struct translation *t, const struct call *call, bool *written)
{
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++) {
        if (!lexer_is(t->lexer, call->name, specials[i].name))
            continue;
        if (t->lenient && dialect_seek(t, call->begin, call->end, specials[i].mark) == call->end)
            break;
        *written = true;
        return specials[i].write(t, call);
    }
    *written = false;
    return true;
}

/* SQLite's name of the function; NULL with the error set where the dialect has none such. */
static const char *engine_name(struct translation *t, const struct call *call, const char *name)
{
    const struct service_function *function = functions_find(name);
    size_t count = count_arguments(t, call);

    if (t->lenient)
        return function && !t->own ? function->engine : name;
    if (!function) {
        dialect_fail_near(t, call->name, "the dialect has no such function");
        return NULL;
    }
    if (count < (size_t)function->min_args ||
        (function->max_args >= 0 && count > (size_t)function->max_args)) {
        dialect_fail_near(t, call->name, "wrong number of arguments");
        return NULL;
    }
    if (!function->aggregate && lexer_is(t->lexer, call->begin, "*")) {
        dialect_fail_near(t, call->begin, "only COUNT takes *");
        return NULL;
    }
    return function->engine;
}

static bool write_plain(struct translation *t, const struct call *call)
{
    char *name = lexer_value(t->lexer, call->name);
    const char *engine;
    bool done = false;

    if (!name)
        return dialect_fail_memory(t);
    engine = engine_name(t, call, name);
    if (!engine)
        goto out;
    text_add_word(&t->sql, engine);
    text_add(&t->sql, "(", 1);
    if (t->lenient && dialect_begins_query(t, call->begin)) /* x IN (SELECT …) of a word not known here */
        done = dialect_query(t, call->begin, call->end);
    else
        done = dialect_expression(t, call->begin, call->end,
                                  t->lenient ? CONTEXT_CALL | CONTEXT_WINDOW : CONTEXT_CALL);
    text_add(&t->sql, ")", 1);
out:
    free(name);
    return done;
}

bool dialect_call(struct translation *t, size_t index, size_t *next)
{
    enum { CALLS_MAX = 100 };
    size_t open = index + 1;
    struct call call = {index, open + 1, t->lexer->tokens[open].match};
    bool special;
    bool done;

    if (t->lexer->tokens[index].kind != TOKEN_WORD && !t->lenient)
        return dialect_fail_near(t, index, "a function's name stands without brackets");
    if (t->depth >= CALLS_MAX)
        return dialect_fail_near(t, index, "nested too deeply");
    *next = call.end + 1;
    t->depth++;
    done = write_special(t, &call, &special);
    if (done && !special)
        done = write_plain(t, &call);
    t->depth--;
    return done;
}
