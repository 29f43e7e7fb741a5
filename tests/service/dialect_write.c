/* INSERT, UPSERT, UPDATE and DELETE of the dialect.
 *
 * Owns: where the target, the columns and the values stand. Must not know: expressions, defaults of names. */
#include "dialect_state.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Reads and writes the target's name; the token after it. */
static bool emit_target(struct translation *t, size_t index, size_t *next)
{
    struct chain chain;

    if (!dialect_chain(t, index, t->end, &chain))
        return dialect_fail_near(t, index, "expected a table");
    *next = chain.next;
    t->itemized = true; /* a query inside describes no result */
    return dialect_emit_table(t, &chain, &t->out->target);
}

/* A list of column names in parentheses, checked to be one. */
static bool check_columns(struct translation *t, size_t open)
{
    size_t close = t->lexer->tokens[open].match;
    size_t i = open + 1;

    for (;;) {
        if (i >= close || !lexer_is_name(t->lexer, i))
            return dialect_fail_near(t, i, "expected a column");
        if (++i == close)
            return true;
        if (!lexer_is(t->lexer, i++, ","))
            return dialect_fail_near(t, i - 1, "expected a comma");
    }
}

static bool emit_columns(struct translation *t, size_t open)
{
    size_t close = t->lexer->tokens[open].match;

    if (!check_columns(t, open))
        return false;
    text_add_word(&t->sql, "(");
    for (size_t i = open + 1; i < close; i += 2) {
        if (i > open + 1)
            text_add_string(&t->sql, ", ");
        if (!dialect_emit_name(t, i))
            return false;
    }
    text_add(&t->sql, ")", 1);
    return true;
}

/* VALUES (…), (…). */
static bool emit_values(struct translation *t, size_t at)
{
    dialect_emit(t, at++);
    if (!t->lenient) {
        for (size_t i = at; i < t->end; i = t->lexer->tokens[i].match + 2) {
            size_t after;

            if (!lexer_is(t->lexer, i, "("))
                return dialect_fail_near(t, i, "expected a row of values");
            after = t->lexer->tokens[i].match + 1;
            if (after < t->end && !lexer_is(t->lexer, after, ","))
                return dialect_fail_near(t, after, "unexpected word after VALUES");
            if (after + 1 == t->end)
                return dialect_fail_near(t, after, "expected a row of values");
        }
    }
    if (at >= t->end)
        return dialect_fail_near(t, t->end, "expected a row of values");
    return dialect_expression(t, at, t->end, CONTEXT_PLAIN);
}

static bool emit_source(struct translation *t, size_t at)
{
    if (at < t->end && lexer_is(t->lexer, at, "VALUES"))
        return emit_values(t, at);
    if (at < t->end && dialect_begins_query(t, at))
        return dialect_query(t, at, t->end);
    if (t->lenient)
        return dialect_expression(t, at, t->end, CONTEXT_PLAIN); /* DEFAULT VALUES */
    return dialect_fail_near(t, at, "expected VALUES");
}

bool dialect_insert(struct translation *t)
{
    size_t at = t->begin + 1;

    dialect_emit(t, t->begin);
    while (t->lenient && at < t->end && !lexer_is(t->lexer, at, "INTO"))
        dialect_emit(t, at++); /* OR REPLACE … */
    if (at >= t->end || !lexer_is(t->lexer, at, "INTO"))
        return dialect_fail_near(t, at, "expected INTO");
    dialect_emit(t, at++);
    if (!emit_target(t, at, &at))
        return false;
    if (at < t->end && lexer_is(t->lexer, at, "(") && !dialect_begins_query(t, at + 1)) {
        if (!emit_columns(t, at))
            return false;
        at = t->lexer->tokens[at].match + 1;
    }
    return emit_source(t, at);
}

static bool is_key(const struct translation *t, const struct dialect_table *table, const char *column)
{
    const struct dialect_options *options = t->options;
    const char *key;

    for (size_t i = 0; (key = options->key_column(options->context, &table->source, table->name, i)); i++)
        if (strcasecmp(key, column) == 0)
            return true;
    return false;
}

/* How many of the listed columns are keys. */
static bool count_keys(struct translation *t, const struct dialect_table *table, size_t open, size_t *out)
{
    size_t close = t->lexer->tokens[open].match;

    *out = 0;
    for (size_t i = open + 1; i < close; i += 2) {
        char *column = lexer_value(t->lexer, i);

        if (!column)
            return dialect_fail_memory(t);
        *out += is_key(t, table, column) ? 1 : 0;
        free(column);
    }
    return true;
}

/* column = excluded.column for every listed column that is no key. */
static bool emit_updates(struct translation *t, const struct dialect_table *table, size_t open)
{
    size_t close = t->lexer->tokens[open].match;
    bool first = true;

    for (size_t i = open + 1; i < close; i += 2) {
        char *column = lexer_value(t->lexer, i);

        if (!column)
            return dialect_fail_memory(t);
        if (!is_key(t, table, column)) {
            text_add_string(&t->sql, first ? " " : ", ");
            text_add_name(&t->sql, column);
            text_add_string(&t->sql, " = excluded.");
            text_add_name(&t->sql, column);
            first = false;
        }
        free(column);
    }
    return true;
}

/* ON CONFLICT (keys) DO UPDATE SET the rest; nothing where a key is not listed, since the row is then new. */
static bool emit_conflict(struct translation *t, size_t open)
{
    const struct dialect_options *options = t->options;
    const struct dialect_table *table = &t->out->tables[t->out->target];
    size_t columns = (t->lexer->tokens[open].match - open) / 2;
    size_t keys = 0;
    size_t listed;
    const char *key;

    if (!count_keys(t, table, open, &listed))
        return false;
    while (options->key_column(options->context, &table->source, table->name, keys))
        keys++;
    if (keys == 0)
        return dialect_fail(t, DIALECT_READ_ONLY, "Table '%s' has no primary key: UPSERT needs one.",
                            table->name);
    if (listed < keys)
        return true;
    text_add_word(&t->sql, "ON CONFLICT (");
    for (size_t i = 0; (key = options->key_column(options->context, &table->source, table->name, i)); i++) {
        text_add_string(&t->sql, i > 0 ? ", " : "");
        text_add_name(&t->sql, key);
    }
    text_add_string(&t->sql, listed == columns ? ") DO NOTHING" : ") DO UPDATE SET");
    return emit_updates(t, table, open);
}

bool dialect_upsert(struct translation *t)
{
    size_t at = t->begin + 1;
    size_t columns = t->end;

    if (!lexer_is(t->lexer, at, "INTO"))
        return dialect_fail_near(t, at, "expected INTO");
    text_add_word(&t->sql, "INSERT INTO");
    if (!emit_target(t, at + 1, &columns))
        return false;
    if (columns >= t->end || !lexer_is(t->lexer, columns, "("))
        return dialect_fail_near(t, columns, "UPSERT lists its columns");
    at = t->lexer->tokens[columns].match + 1;
    if (!emit_columns(t, columns))
        return false;
    if (at >= t->end || !lexer_is(t->lexer, at, "VALUES"))
        return dialect_fail_near(t, at, "expected VALUES");
    return emit_values(t, at) && emit_conflict(t, columns);
}

/* column = expression, …; a qualified column loses its qualifiers, which SQLite does not take here. */
static bool emit_assignments(struct translation *t, size_t begin, size_t end)
{
    size_t at = begin;

    while (at < end) {
        size_t comma = dialect_seek(t, at, end, ",");
        struct chain chain;

        if (!dialect_chain(t, at, comma, &chain) || !lexer_is(t->lexer, chain.next, "=") ||
            chain.next + 1 >= comma)
            return dialect_fail_near(t, at, "expected column = value");
        text_add_word(&t->sql, "");
        if (!dialect_emit_name(t, chain.first + 2 * (chain.count - 1)))
            return false;
        text_add_word(&t->sql, "=");
        if (!dialect_expression(t, chain.next + 1, comma, CONTEXT_PLAIN))
            return false;
        if (comma < end)
            text_add(&t->sql, ",", 1);
        if (comma + 1 == end)
            return dialect_fail_near(t, comma, "expected column = value");
        at = comma + 1;
    }
    return begin < end || dialect_fail_near(t, begin, "expected column = value");
}

static bool emit_where(struct translation *t, size_t at)
{
    if (at >= t->end)
        return true;
    if (t->lenient)
        return dialect_expression(t, at, t->end, CONTEXT_ORDER);
    if (!lexer_is(t->lexer, at, "WHERE") || at + 1 >= t->end)
        return dialect_fail_near(t, at, "expected WHERE and a condition");
    dialect_emit(t, at);
    return dialect_expression(t, at + 1, t->end, CONTEXT_PLAIN);
}

bool dialect_update(struct translation *t)
{
    size_t at = t->begin + 1;
    size_t where;

    dialect_emit(t, t->begin);
    if (t->lenient && lexer_is(t->lexer, at, "OR")) {
        dialect_emit(t, at);
        dialect_emit(t, at + 1);
        at += 2;
    }
    if (!emit_target(t, at, &at))
        return false;
    while (t->lenient && at < t->end && !lexer_is(t->lexer, at, "SET"))
        dialect_emit(t, at++); /* AS alias */
    if (at >= t->end || !lexer_is(t->lexer, at, "SET"))
        return dialect_fail_near(t, at, "expected SET");
    dialect_emit(t, at++);
    if (t->lenient)
        return dialect_expression(t, at, t->end, CONTEXT_ORDER);
    where = dialect_seek(t, at, t->end, "WHERE");
    return emit_assignments(t, at, where) && emit_where(t, where);
}

bool dialect_delete(struct translation *t)
{
    size_t at = t->begin + 1;

    if (!lexer_is(t->lexer, at, "FROM"))
        return dialect_fail_near(t, at, "expected FROM");
    dialect_emit(t, t->begin);
    dialect_emit(t, at);
    return emit_target(t, at + 1, &at) && emit_where(t, at);
}
