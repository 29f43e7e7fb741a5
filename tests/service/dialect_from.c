/* FROM clauses of the dialect: tables, joins, derived tables.
 *
 * Owns: where a table's name stands. Must not know: expressions, what a table is. */
#include "dialect_state.h"

#include <stdlib.h>
#include <string.h>

static const char *const join_words[] = {"JOIN", "INNER", "LEFT",  "RIGHT",
                                         "FULL", "CROSS", "OUTER", "NATURAL"};

static bool is_join_word(const struct translation *t, size_t index)
{
    if (lexer_is(t->lexer, index + 1, "(") && !lexer_is(t->lexer, index, "JOIN"))
        return false; /* LEFT(x, 2) */
    for (size_t i = 0; i < sizeof join_words / sizeof *join_words; i++)
        if (lexer_is(t->lexer, index, join_words[i]))
            return true;
    return false;
}

/* The next join word or comma at this level. */
static size_t seek_join(const struct translation *t, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++) {
        bool dotted = i > begin && lexer_is(t->lexer, i - 1, ".");

        if (lexer_is(t->lexer, i, ",") || (!dotted && is_join_word(t, i)))
            return i;
        if (lexer_is(t->lexer, i, "("))
            i = t->lexer->tokens[i].match;
    }
    return end;
}

static bool emit_joined(struct translation *t, size_t begin, size_t end);

/* ( SELECT … ) or ( a JOIN b … ). */
static bool emit_derived(struct translation *t, size_t open)
{
    enum { DEPTH_MAX = 100 };
    size_t close = t->lexer->tokens[open].match;
    bool done;

    if (t->depth >= DEPTH_MAX)
        return dialect_fail_near(t, open, "nested too deeply");
    t->depth++;
    text_add_word(&t->sql, "(");
    done = dialect_begins_query(t, open + 1) ? dialect_query(t, open + 1, close)
                                             : emit_joined(t, open + 1, close);
    text_add(&t->sql, ")", 1);
    t->depth--;
    return done;
}

/* A table's name; functions that give tables are SQLite's own. */
static bool emit_named_table(struct translation *t, size_t begin, size_t end, size_t *next, size_t *index,
                             bool *renamed)
{
    struct chain chain;
    const struct dialect_table *table;
    char *name;
    bool local;

    if (!dialect_chain(t, begin, end, &chain))
        return dialect_fail_near(t, begin < end ? begin : t->end, "expected a table");
    *next = chain.next;
    if (lexer_is(t->lexer, chain.next, "(") && chain.next < end) {
        if (!t->lenient)
            return dialect_fail(t, DIALECT_NOT_SUPPORTED,
                                "Syntax error: table-valued functions are not supported by this service.");
        return dialect_call(t, chain.first + 2 * (chain.count - 1), next);
    }
    name = lexer_value(t->lexer, chain.first + 2 * (chain.count - 1));
    if (!name)
        return dialect_fail_memory(t);
    local = chain.count == 1 && dialect_is_local(t, name);
    free(name);
    if (local) {
        text_add_word(&t->sql, "");
        return dialect_emit_name(t, chain.first);
    }
    if (!dialect_emit_table(t, &chain, index))
        return false;
    table = &t->out->tables[*index];
    *renamed = table->source.table != NULL;
    return true;
}

/* [AS] alias. Keeps the name that was asked for where SQLite's table is called otherwise. */
static bool emit_alias(struct translation *t, size_t named, size_t *at, size_t end, size_t index,
                       bool renamed)
{
    bool as = *at < end && lexer_is(t->lexer, *at, "AS");
    size_t name = as ? *at + 1 : *at;
    bool present = name < end && lexer_is_name(t->lexer, name) && !lexer_is(t->lexer, name, "ON") &&
                   !is_join_word(t, name) && !lexer_is(t->lexer, name, "USING") &&
                   !(t->lenient && (lexer_is(t->lexer, name, "INDEXED") || lexer_is(t->lexer, name, "NOT")));

    if (as && !present)
        return dialect_fail_near(t, name < end ? name : t->end, "expected an alias");
    if (!present && !renamed)
        return true;
    text_add_word(&t->sql, "AS ");
    if (!dialect_emit_name(t, present ? name : named))
        return false;
    if (!present)
        return true;
    *at = name + 1;
    if (index < t->out->table_count && !t->out->tables[index].alias) {
        t->out->tables[index].alias = lexer_value(t->lexer, name);
        if (!t->out->tables[index].alias)
            return dialect_fail_memory(t);
    }
    return true;
}

static bool emit_table(struct translation *t, size_t *at, size_t end)
{
    size_t index = (size_t)-1;
    bool renamed = false;
    size_t next = *at + 1;

    if (*at < end && lexer_is(t->lexer, *at, "(")) {
        if (!emit_derived(t, *at))
            return false;
        next = t->lexer->tokens[*at].match + 1;
    } else if (!emit_named_table(t, *at, end, &next, &index, &renamed)) {
        return false;
    }
    *at = next;
    return emit_alias(t, next - 1, at, end, index, renamed);
}

/* INNER, LEFT OUTER, … JOIN. */
static bool emit_join(struct translation *t, size_t *at, size_t end)
{
    while (*at < end && is_join_word(t, *at) && !lexer_is(t->lexer, *at, "JOIN")) {
        if (!t->lenient && lexer_is(t->lexer, *at, "NATURAL"))
            return dialect_fail_near(t, *at, "joins name their condition with ON");
        dialect_emit(t, (*at)++);
        if (lexer_is(t->lexer, *at, "APPLY"))
            return dialect_fail(t, DIALECT_NOT_SUPPORTED,
                                "Syntax error near 'APPLY': table-valued functions are not supported by this "
                                "service.");
    }
    if (*at >= end || !lexer_is(t->lexer, *at, "JOIN"))
        return dialect_fail_near(t, *at < end ? *at : t->end, "expected JOIN");
    dialect_emit(t, (*at)++);
    return true;
}

static bool emit_joined(struct translation *t, size_t begin, size_t end)
{
    size_t at = begin;

    for (;;) {
        size_t next;

        if (!emit_table(t, &at, end))
            return false;
        next = seek_join(t, at, end);
        if (at < next && lexer_is(t->lexer, at, "ON")) {
            dialect_emit(t, at);
            if (at + 1 == next)
                return dialect_fail_near(t, at, "the condition is missing");
            if (!dialect_expression(t, at + 1, next, CONTEXT_PLAIN))
                return false;
        } else if (at < next && t->lenient) {
            if (!dialect_expression(t, at, next, CONTEXT_PLAIN))
                return false;
        } else if (at < next) {
            return dialect_fail_near(t, at, "unexpected word after a table");
        }
        at = next;
        if (at >= end)
            return true;
        if (lexer_is(t->lexer, at, ","))
            dialect_emit(t, at++);
        else if (!emit_join(t, &at, end))
            return false;
    }
}

bool dialect_from(struct translation *t, size_t begin, size_t end)
{
    dialect_emit(t, begin);
    return emit_joined(t, begin + 1, end);
}
