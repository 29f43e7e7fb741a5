/* Expressions of the dialect: words, operators, names, literals, nested queries.
 *
 * Owns: which words and operators an expression may hold. Must not know: what functions do, clauses. */
#include "dialect_state.h"

#include <string.h>

/* What a double keeps of any decimal number, and a 64-bit integer of any whole one. */
enum { DOUBLE_DIGITS = 15, INTEGER_DIGITS = 18, DEPTH_MAX = 200 };

/* Words of expressions; the context they need, 0 for every one. */
static const struct word {
    const char *word;
    unsigned context;
} words[] = {
    {"AND", 0},
    {"OR", 0},
    {"NOT", 0},
    {"IN", 0},
    {"NULL", 0},
    {"LIKE", 0},
    {"BETWEEN", 0},
    {"EXISTS", 0},
    {"CASE", 0},
    {"WHEN", 0},
    {"THEN", 0},
    {"ELSE", 0},
    {"END", 0},
    {"TRUE", 0},
    {"FALSE", 0},
    {"AS", CONTEXT_ITEMS},
    {"ASC", CONTEXT_ORDER | CONTEXT_WINDOW},
    {"DESC", CONTEXT_ORDER | CONTEXT_WINDOW},
    {"DISTINCT", CONTEXT_CALL},
    {"ALL", CONTEXT_CALL},
    {"PARTITION", CONTEXT_WINDOW},
    {"ORDER", CONTEXT_WINDOW},
    {"BY", CONTEXT_WINDOW},
    {"ROWS", CONTEXT_WINDOW},
    {"RANGE", CONTEXT_WINDOW},
    {"UNBOUNDED", CONTEXT_WINDOW},
    {"PRECEDING", CONTEXT_WINDOW},
    {"FOLLOWING", CONTEXT_WINDOW},
    {"CURRENT", CONTEXT_WINDOW},
    {"ROW", CONTEXT_WINDOW},
};

/* Words that stand in no expression unless in brackets, and words of other dialects. */
static const char *const reserved[] = {
    "SELECT",       "FROM",
    "WHERE",        "GROUP",
    "HAVING",       "ORDER",
    "LIMIT",        "UNION",
    "EXCEPT",       "INTERSECT",
    "JOIN",         "ON",
    "SET",          "INTO",
    "VALUES",       "INSERT",
    "UPDATE",       "DELETE",
    "BY",           "WITH",
    "USING",        "GLOB",
    "REGEXP",       "MATCH",
    "COLLATE",      "NOTNULL",
    "CURRENT_TIME", "CURRENT_DATE",
    "CROSS",        "INNER",
    "NATURAL",      "RETURNING",
    "INTERVAL",     "CURRENT_TIMESTAMP",
};

static const char *const operators[] = {"+", "-", "*", "/", "%", "=", "<>", "!=", "<", ">", "<=", ">=", ","};

static bool is_one_of(const struct translation *t, size_t index, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (lexer_is(t->lexer, index, list[i]))
            return true;
    return false;
}

static bool is_expression_word(const struct translation *t, size_t index, unsigned context)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (lexer_is(t->lexer, index, words[i].word))
            return words[i].context == 0 || (words[i].context & context) != 0;
    return false;
}

/* Does a value end with this token, so that what follows continues it? */
static bool ends_value(const struct translation *t, size_t index)
{
    static const char *const values[] = {"NULL", "TRUE", "FALSE", "END"};
    enum token_kind kind = t->lexer->tokens[index].kind;

    if (kind == TOKEN_OPERATOR)
        return lexer_is(t->lexer, index, ")");
    if (kind != TOKEN_WORD || (index > t->begin && lexer_is(t->lexer, index - 1, ".")))
        return true;
    return is_one_of(t, index, values, sizeof values / sizeof *values) ||
           !is_expression_word(t, index, CONTEXT_CALL | CONTEXT_ITEMS);
}

bool dialect_is_long(const struct translation *t, size_t index)
{
    const struct token *token = &t->lexer->tokens[index];
    const char *from = t->lexer->text + token->offset;
    size_t limit = token->kind == TOKEN_INTEGER ? INTEGER_DIGITS : DOUBLE_DIGITS;
    size_t digits = 0;

    if (t->own || (token->kind != TOKEN_INTEGER && token->kind != TOKEN_DECIMAL))
        return false;
    for (size_t i = 0; i < token->length; i++)
        digits += from[i] >= '0' && from[i] <= '9' && (digits > 0 || from[i] != '0') ? 1U : 0U;
    return digits > limit;
}

/* Long numbers go as text: DECIMAL columns keep every digit, numeric columns turn the text into a number. */
static void emit_long_number(struct translation *t, size_t index, const char *sign)
{
    const struct token *token = &t->lexer->tokens[index];

    text_add_word(&t->sql, "'");
    text_add_string(&t->sql, sign);
    text_add(&t->sql, t->lexer->text + token->offset, token->length);
    text_add(&t->sql, "'", 1);
}

static bool emit_literal(struct translation *t, size_t index)
{
    enum token_kind kind = t->lexer->tokens[index].kind;

    if ((kind == TOKEN_HEX || kind == TOKEN_BLOB) && !t->lenient)
        return dialect_fail_near(t, index, "not a literal of the dialect");
    if (dialect_is_long(t, index))
        emit_long_number(t, index, "");
    else
        dialect_emit(t, index);
    return true;
}

/* The inside of a parenthesis that belongs to no call: a query, a window or an expression. */
static bool emit_group(struct translation *t, size_t open, unsigned context)
{
    size_t close = t->lexer->tokens[open].match;
    bool done;

    if (t->depth >= DEPTH_MAX)
        return dialect_fail_near(t, open, "nested too deeply");
    t->depth++;
    text_add_word(&t->sql, "(");
    if (dialect_begins_query(t, open + 1))
        done = dialect_query(t, open + 1, close);
    else
        done = dialect_expression(t, open + 1, close, context);
    text_add(&t->sql, ")", 1);
    t->depth--;
    return done;
}

/* Words with a rule of their own. Sets *next past what it has written; leaves it where it does not apply. */
static bool emit_special(struct translation *t, size_t index, size_t end, unsigned context, size_t *next)
{
    if (lexer_is(t->lexer, index, "IS")) {
        size_t negated = index + 1 < end && lexer_is(t->lexer, index + 1, "NOT") ? 1 : 0;

        if (!t->lenient && !(index + 1 + negated < end && lexer_is(t->lexer, index + 1 + negated, "NULL")))
            return dialect_fail_near(t, index, "IS takes NULL or NOT NULL");
        dialect_emit(t, index);
        *next = index + 1;
    } else if (lexer_is(t->lexer, index, "OVER") && index + 1 < end && lexer_is(t->lexer, index + 1, "(")) {
        dialect_emit(t, index);
        *next = t->lexer->tokens[index + 1].match + 1;
        return emit_group(t, index + 1, CONTEXT_WINDOW);
    } else if (lexer_is(t->lexer, index, "NULLS") && (context & (CONTEXT_ORDER | CONTEXT_WINDOW)) != 0 &&
               index + 1 < end &&
               (lexer_is(t->lexer, index + 1, "FIRST") || lexer_is(t->lexer, index + 1, "LAST"))) {
        dialect_emit(t, index);
        dialect_emit(t, index + 1);
        *next = index + 2;
    } else if (lexer_is(t->lexer, index, "ESCAPE") && !t->lenient && ends_value(t, index - 1)) {
        return dialect_fail_near(t, index, "LIKE has no ESCAPE");
    }
    return true;
}

static bool emit_named(struct translation *t, size_t index, size_t end, unsigned context, size_t *next)
{
    struct chain chain;
    bool word = t->lexer->tokens[index].kind == TOKEN_WORD;
    bool called = index + 1 < end && lexer_is(t->lexer, index + 1, "(");
    bool dotted = index + 1 < end && lexer_is(t->lexer, index + 1, ".");

    *next = index;
    if (word && !dotted) {
        if (!emit_special(t, index, end, context, next))
            return false;
        if (*next != index)
            return true;
        if (is_expression_word(t, index, context)) {
            dialect_emit(t, index);
            *next = index + 1;
            return true;
        }
    }
    if (called)
        return dialect_call(t, index, next);
    if (word && !dotted && !t->lenient && is_one_of(t, index, reserved, sizeof reserved / sizeof *reserved))
        return dialect_fail_near(t, index, "unexpected word");
    if (!dialect_chain(t, index, end, &chain))
        return dialect_fail_near(t, index, "expected a name");
    *next = chain.next;
    return dialect_emit_column(t, &chain);
}

static bool emit_operator(struct translation *t, size_t index, unsigned context, size_t *next)
{
    *next = index + 1;
    if (lexer_is(t->lexer, index, "(")) {
        *next = t->lexer->tokens[index].match + 1;
        return emit_group(t, index, context & CONTEXT_WINDOW);
    }
    if (!t->lenient && !is_one_of(t, index, operators, sizeof operators / sizeof *operators))
        return dialect_fail_near(t, index, "unknown operator");
    dialect_emit(t, index);
    return true;
}

bool dialect_expression(struct translation *t, size_t begin, size_t end, unsigned context)
{
    size_t i = begin;

    while (i < end && t->out->error.fault == DIALECT_NO_FAULT) {
        enum token_kind kind = t->lexer->tokens[i].kind;

        if (kind == TOKEN_OPERATOR) {
            if (lexer_is(t->lexer, i, "-") && i + 1 < end && dialect_is_long(t, i + 1) &&
                (i == begin || !ends_value(t, i - 1))) {
                emit_long_number(t, i + 1, "-");
                i += 2;
            } else if (!emit_operator(t, i, context, &i)) {
                return false;
            }
        } else if (lexer_is_name(t->lexer, i)) {
            if (!emit_named(t, i, end, context, &i))
                return false;
        } else if (!emit_literal(t, i++)) {
            return false;
        }
    }
    return t->out->error.fault == DIALECT_NO_FAULT;
}
