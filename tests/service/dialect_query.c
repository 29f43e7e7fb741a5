/* Queries of the dialect: clauses, TOP and LIMIT, UNION.
 *
 * Owns: the order and nesting of clauses. Must not know: tables, functions. */
#include "dialect_state.h"

#include <stdlib.h>
#include <string.h>

/* One SELECT … of a query, between UNIONs. */
struct core {
    size_t begin;
    size_t end; /* where the next one, or the query's ORDER BY or LIMIT, begins */
    size_t top; /* token of TOP's number, 0: none */
};

static const char *const set_words[] = {"UNION", "EXCEPT", "INTERSECT"};

static bool is_set_word(const struct translation *t, size_t index)
{
    for (size_t i = 0; i < sizeof set_words / sizeof *set_words; i++)
        if (lexer_is(t->lexer, index, set_words[i]))
            return true;
    return false;
}

bool dialect_begins_query(const struct translation *t, size_t index)
{
    if (lexer_is(t->lexer, index, "SELECT"))
        return true;
    return t->lenient && (lexer_is(t->lexer, index, "WITH") || lexer_is(t->lexer, index, "VALUES"));
}

/* The next token at this level for which `is` holds, or end. */
static size_t seek_clause(const struct translation *t, size_t begin, size_t end,
                          bool (*is)(const struct translation *t, size_t index))
{
    for (size_t i = begin; i < end; i++) {
        if (is(t, i) && (i == begin || !lexer_is(t->lexer, i - 1, ".")))
            return i;
        if (lexer_is(t->lexer, i, "("))
            i = t->lexer->tokens[i].match;
    }
    return end;
}

static bool ends_core(const struct translation *t, size_t index)
{
    return is_set_word(t, index) || lexer_is(t->lexer, index, "LIMIT") ||
           (lexer_is(t->lexer, index, "ORDER") && lexer_is(t->lexer, index + 1, "BY"));
}

static bool begins_clause(const struct translation *t, size_t index)
{
    static const char *const words[] = {"FROM", "WHERE", "GROUP", "HAVING", "WINDOW"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (lexer_is(t->lexer, index, words[i]))
            return !lexer_is(t->lexer, index, "WINDOW") || t->lenient;
    return false;
}

static bool is_bound(const struct translation *t, size_t index)
{
    enum token_kind kind = t->lexer->tokens[index].kind;

    return kind == TOKEN_INTEGER || kind == TOKEN_PARAMETER || kind == TOKEN_POSITION;
}

/* SELECT [DISTINCT | ALL] [TOP n]: finds what TOP says; *items is where the list begins. */
static bool read_head(struct translation *t, struct core *core, size_t *items)
{
    size_t at = core->begin + 1;

    if (lexer_is(t->lexer, at, "DISTINCT") || lexer_is(t->lexer, at, "ALL"))
        at++;
    /* TOP is a name as well: it counts only before a number. */
    if (!t->own && lexer_is(t->lexer, at, "TOP") && at + 1 < core->end &&
        (is_bound(t, at + 1) || (lexer_is(t->lexer, at + 1, "(") && is_bound(t, at + 2) &&
                                 t->lexer->tokens[at + 1].match == at + 3))) {
        bool enclosed = lexer_is(t->lexer, at + 1, "(");

        core->top = enclosed ? at + 2 : at + 1;
        at += enclosed ? 4 : 2;
        if (lexer_is(t->lexer, at, "PERCENT") || lexer_is(t->lexer, at, "WITH"))
            return dialect_fail_near(t, at, "TOP takes a number of rows");
        if (at < core->end && lexer_is(t->lexer, at, ","))
            return dialect_fail_near(t, at, "TOP takes a number of rows");
    }
    *items = at;
    return true;
}

static bool translate_clause(struct translation *t, size_t begin, size_t end)
{
    size_t body = begin + 1;

    if (lexer_is(t->lexer, begin, "FROM"))
        return dialect_from(t, begin, end);
    dialect_emit(t, begin);
    if (lexer_is(t->lexer, begin, "GROUP")) {
        if (!lexer_is(t->lexer, body, "BY"))
            return dialect_fail_near(t, body, "expected BY");
        dialect_emit(t, body++);
    }
    if (body >= end)
        return dialect_fail_near(t, body, "an expression is missing");
    return dialect_expression(t, body, end, CONTEXT_PLAIN);
}

static bool translate_select(struct translation *t, const struct core *core, size_t items)
{
    size_t clause = seek_clause(t, items, core->end, begins_clause);

    if (clause == items)
        return dialect_fail_near(t, items, "the select list is missing");
    dialect_emit(t, core->begin);
    if (lexer_is(t->lexer, core->begin + 1, "DISTINCT"))
        dialect_emit(t, core->begin + 1);
    if (!t->itemized && !dialect_items(t, items, clause))
        return false;
    if (!t->lenient && dialect_seek(t, items, clause, "INTO") != clause)
        return dialect_fail_near(t, dialect_seek(t, items, clause, "INTO"),
                                 "SELECT INTO is not in the dialect");
    if (!dialect_expression(t, items, clause, CONTEXT_ITEMS))
        return false;
    while (clause < core->end) {
        size_t next = seek_clause(t, clause + 1, core->end, begins_clause);

        if (!translate_clause(t, clause, next))
            return false;
        clause = next;
    }
    return true;
}

/* A core that is no SELECT: one in parentheses, or VALUES of a lenient service. */
static bool translate_other(struct translation *t, const struct core *core)
{
    if (lexer_is(t->lexer, core->begin, "(") && t->lexer->tokens[core->begin].match + 1 == core->end &&
        (dialect_begins_query(t, core->begin + 1) || lexer_is(t->lexer, core->begin + 1, "("))) {
        enum { DEPTH_MAX = 100 };
        bool done;

        if (t->depth >= DEPTH_MAX)
            return dialect_fail_near(t, core->begin, "nested too deeply");
        t->depth++;
        text_add_word(&t->sql, "SELECT * FROM (");
        done = dialect_query(t, core->begin + 1, core->end - 1);
        text_add(&t->sql, ")", 1);
        t->depth--;
        return done;
    }
    if (t->lenient && lexer_is(t->lexer, core->begin, "VALUES")) {
        t->itemized = true;
        return dialect_expression(t, core->begin, core->end, CONTEXT_PLAIN);
    }
    return dialect_fail_near(t, core->begin, "expected SELECT");
}

static void emit_limit(struct translation *t, size_t bound)
{
    text_add_word(&t->sql, "LIMIT");
    dialect_emit(t, bound);
}

/* One core; `last` when no set operator follows. *top: the TOP left for the end of the query. */
static bool translate_core(struct translation *t, struct core *core, bool first, bool last, size_t *top)
{
    size_t items = core->end;
    bool wrapped;

    if (!lexer_is(t->lexer, core->begin, "SELECT"))
        return translate_other(t, core);
    if (!read_head(t, core, &items))
        return false;
    wrapped = core->top != 0 && !(first && last); /* its LIMIT must not become the union's */
    if (wrapped)
        text_add_word(&t->sql, "SELECT * FROM (");
    if (!translate_select(t, core, items))
        return false;
    if (wrapped) {
        emit_limit(t, core->top);
        text_add(&t->sql, ")", 1);
    } else {
        *top = core->top;
    }
    return true;
}

/* UNION [ALL], and what a lenient service takes besides. */
static bool emit_set_word(struct translation *t, size_t *at)
{
    if (!t->lenient && !lexer_is(t->lexer, *at, "UNION"))
        return dialect_fail_near(t, *at, "only UNION joins queries");
    dialect_emit(t, (*at)++);
    if (lexer_is(t->lexer, *at, "ALL"))
        dialect_emit(t, (*at)++);
    return true;
}

/* LIMIT n [OFFSET m], LIMIT n, m; a bound is a number or a parameter unless lenient. */
static bool translate_limit(struct translation *t, size_t begin, size_t end)
{
    size_t second = begin + 3;

    dialect_emit(t, begin);
    if (t->lenient)
        return dialect_expression(t, begin + 1, end, CONTEXT_PLAIN);
    if (begin + 1 >= end || !is_bound(t, begin + 1))
        return dialect_fail_near(t, begin + 1 < end ? begin + 1 : t->end, "LIMIT takes a number");
    dialect_emit(t, begin + 1);
    if (begin + 2 == end)
        return true;
    if (!lexer_is(t->lexer, begin + 2, "OFFSET") && !lexer_is(t->lexer, begin + 2, ","))
        return dialect_fail_near(t, begin + 2, "expected OFFSET");
    if (second >= end || !is_bound(t, second) || second + 1 != end)
        return dialect_fail_near(t, begin + 2, "LIMIT takes a number");
    dialect_emit(t, begin + 2);
    dialect_emit(t, second);
    return true;
}

/* ORDER BY and LIMIT at the end of a query. */
static bool translate_tail(struct translation *t, size_t begin, size_t end, size_t top)
{
    size_t limit = dialect_seek(t, begin, end, "LIMIT");

    if (begin < limit) {
        text_add_word(&t->sql, "ORDER BY");
        if (begin + 2 >= limit)
            return dialect_fail_near(t, limit, "ORDER BY names no column");
        if (!dialect_expression(t, begin + 2, limit, CONTEXT_ORDER))
            return false;
    }
    if (limit < end) {
        if (top != 0)
            return dialect_fail_near(t, limit, "TOP and LIMIT exclude each other");
        return translate_limit(t, limit, end);
    }
    if (top != 0)
        emit_limit(t, top);
    return true;
}

/* WITH [RECURSIVE] name [(columns)] AS [NOT MATERIALIZED] (query), …: of a lenient service. */
static bool translate_with(struct translation *t, size_t begin, size_t end, size_t *next)
{
    size_t at = begin;

    dialect_emit(t, at++);
    if (lexer_is(t->lexer, at, "RECURSIVE"))
        dialect_emit(t, at++);
    while (at < end && !lexer_is(t->lexer, at, "SELECT") && !lexer_is(t->lexer, at, "VALUES")) {
        size_t as = dialect_seek(t, at, end, "AS");
        size_t body = dialect_seek(t, as, end, "(");
        char **grown = dialect_grow(t, t->local, t->local_count, sizeof *grown);

        if (!grown)
            return false;
        t->local = grown;
        if (body >= end || !lexer_is_name(t->lexer, at))
            return dialect_fail_near(t, at, "expected a common table expression");
        grown[t->local_count] = lexer_value(t->lexer, at);
        if (!grown[t->local_count])
            return dialect_fail_memory(t);
        t->local_count++;
        for (; at < body; at++)
            dialect_emit(t, at);
        text_add_word(&t->sql, "(");
        t->itemized = true;
        if (!dialect_query(t, body + 1, t->lexer->tokens[body].match))
            return false;
        text_add(&t->sql, ")", 1);
        at = t->lexer->tokens[body].match + 1;
        if (lexer_is(t->lexer, at, ","))
            dialect_emit(t, at++);
    }
    *next = at;
    return true;
}

bool dialect_query(struct translation *t, size_t begin, size_t end)
{
    size_t at = begin;
    size_t top = 0;
    bool first = true;

    if (t->lenient && lexer_is(t->lexer, at, "WITH") && !translate_with(t, at, end, &at))
        return false;
    for (;;) {
        struct core core = {.begin = at, .end = seek_clause(t, at, end, ends_core)};
        bool last = core.end >= end || !is_set_word(t, core.end);

        if (core.begin >= core.end)
            return dialect_fail_near(t, at < end ? at : t->end, "expected SELECT");
        if (!translate_core(t, &core, first, last, &top))
            return false;
        at = core.end;
        if (last)
            break;
        if (!emit_set_word(t, &at))
            return false;
        first = false;
    }
    return translate_tail(t, at, end, top);
}
