/* Select lists: what each item is called and of which type, where SQLite does not say.
 *
 * Owns: labels and types of items. Must not know: how items are translated. */
#include "dialect_state.h"
#include "functions.h"

#include <stdlib.h>
#include <string.h>

/* An item without its alias. */
struct item_range {
    size_t begin;
    size_t end;
    size_t alias; /* token, or `none` */
};

static const size_t none = (size_t)-1;

static bool is_alias(const struct translation *t, size_t index)
{
    static const char *const values[] = {"NULL", "TRUE", "FALSE", "END"};
    enum token_kind kind = t->lexer->tokens[index].kind;

    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (lexer_is(t->lexer, index, values[i]))
            return false;
    return lexer_is_name(t->lexer, index) || kind == TOKEN_STRING;
}

/* Words after which a name is an operand, no alias. */
static bool is_operator_word(const struct translation *t, size_t index)
{
    static const char *const operators[] = {"AND",  "OR",   "NOT",  "LIKE", "BETWEEN",  "IS",
                                            "CASE", "WHEN", "THEN", "ELSE", "DISTINCT", "IN"};

    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (lexer_is(t->lexer, index, operators[i]))
            return true;
    return false;
}

/* Splits `expression [AS] alias`. */
static struct item_range split(const struct translation *t, size_t begin, size_t end)
{
    struct item_range range = {begin, end, none};
    size_t last = end - 1;
    const struct token *before;

    if (end - begin < 2 || !is_alias(t, last))
        return range;
    if (end - begin > 2 && lexer_is(t->lexer, last - 1, "AS"))
        return (struct item_range){begin, last - 1, last};
    before = &t->lexer->tokens[last - 1];
    if (t->lexer->tokens[last].kind == TOKEN_STRING || is_operator_word(t, last - 1))
        return range;
    if (before->kind == TOKEN_OPERATOR && !lexer_is(t->lexer, last - 1, ")"))
        return range;
    return (struct item_range){begin, last, last};
}

/* The name of a plain column reference, or NULL where the range is anything else. */
static bool plain_column(struct translation *t, size_t begin, size_t end, char **out)
{
    static const char *const constants[] = {"NULL", "TRUE", "FALSE"};
    struct chain chain;

    *out = NULL;
    if (begin >= end || !dialect_chain(t, begin, end, &chain) || chain.next != end || chain.star)
        return true;
    for (size_t i = 0; chain.count == 1 && i < sizeof constants / sizeof *constants; i++)
        if (lexer_is(t->lexer, begin, constants[i]))
            return true;
    *out = lexer_value(t->lexer, chain.first + 2 * (chain.count - 1));
    return *out || dialect_fail_memory(t);
}

static int literal_type(const struct translation *t, size_t index)
{
    const struct token *token = &t->lexer->tokens[index];

    switch (token->kind) {
    case TOKEN_STRING:
        return SERVICE_VARCHAR;
    case TOKEN_INTEGER:
        if (dialect_is_long(t, index))
            return SERVICE_DECIMAL;
        return token->length < 10 ? SERVICE_INTEGER : SERVICE_BIGINT;
    case TOKEN_DECIMAL:
        return dialect_is_long(t, index) ? SERVICE_DECIMAL : SERVICE_DOUBLE;
    case TOKEN_FLOAT:
        return SERVICE_DOUBLE;
    default:
        return lexer_is(t->lexer, index, "TRUE") || lexer_is(t->lexer, index, "FALSE") ? SERVICE_BOOLEAN : 0;
    }
}

/* An item that is one call, perhaps with OVER (…). */
static bool describe_call(struct translation *t, const struct item_range *range, struct dialect_item *item)
{
    size_t open = range->begin + 1;
    size_t close = t->lexer->tokens[open].match;
    struct cast_type type;
    size_t first;
    char *name;

    if (lexer_is(t->lexer, range->begin, "CAST") && close + 1 == range->end) {
        size_t as = dialect_seek(t, open + 1, close, "AS");

        if (as < close && dialect_cast_type(t, as + 1, close, &type)) {
            item->type = type.code;
            item->precision = type.first > 0 ? type.first : 0;
            item->scale = type.second > 0 ? type.second : 0;
        }
        return true;
    }
    if (close + 1 != range->end &&
        !(lexer_is(t->lexer, close + 1, "OVER") && lexer_is(t->lexer, close + 2, "(") &&
          t->lexer->tokens[close + 2].match + 1 == range->end))
        return true;
    name = lexer_value(t->lexer, range->begin);
    if (!name)
        return dialect_fail_memory(t);
    item->type = functions_result_type(name);
    free(name);
    if (item->type != 0)
        return true;
    first = lexer_is(t->lexer, open + 1, "DISTINCT") ? open + 2 : open + 1;
    return plain_column(t, first, dialect_seek(t, first, close, ","), &item->column);
}

static bool describe_type(struct translation *t, const struct item_range *range, struct dialect_item *item)
{
    bool sign = lexer_is(t->lexer, range->begin, "-") && range->end - range->begin == 2;

    if (!plain_column(t, range->begin, range->end, &item->column) || item->column)
        return item->column != NULL;
    if (range->end - range->begin == 1 || sign)
        item->type = literal_type(t, range->end - 1);
    else if (t->lexer->tokens[range->begin].kind == TOKEN_WORD && lexer_is(t->lexer, range->begin + 1, "("))
        return describe_call(t, range, item);
    return true;
}

static bool describe_label(struct translation *t, const struct item_range *range, struct dialect_item *item)
{
    const struct token *first = &t->lexer->tokens[range->begin];
    const struct token *last = &t->lexer->tokens[range->end - 1];

    if (range->alias != none)
        item->label = lexer_value(t->lexer, range->alias);
    else if (item->column && t->lexer->tokens[range->end - 1].kind != TOKEN_OPERATOR)
        item->label = strdup(item->column);
    else
        item->label = text_copy(t->lexer->text + first->offset, last->offset + last->length - first->offset);
    return item->label || dialect_fail_memory(t);
}

static bool describe(struct translation *t, size_t begin, size_t end)
{
    struct dialect_statement *out = t->out;
    struct dialect_item *grown = dialect_grow(t, out->items, out->item_count, sizeof *grown);
    struct dialect_item *item;
    struct item_range range;

    if (!grown)
        return false;
    out->items = grown;
    item = &grown[out->item_count++];
    if (lexer_is(t->lexer, end - 1, "*") && (end - begin == 1 || lexer_is(t->lexer, end - 2, "."))) {
        item->star = true;
        return true;
    }
    range = split(t, begin, end);
    return describe_type(t, &range, item) && describe_label(t, &range, item);
}

bool dialect_items(struct translation *t, size_t begin, size_t end)
{
    size_t at = begin;

    t->itemized = true;
    while (at < end) {
        size_t comma = dialect_seek(t, at, end, ",");

        if (comma == at || comma + 1 == end)
            return dialect_fail_near(t, comma, "an item of the select list is missing");
        if (!describe(t, at, comma))
            return false;
        at = comma + 1;
    }
    return true;
}

const struct dialect_item *dialect_item_at(const struct dialect_statement *statement, size_t index,
                                           size_t count)
{
    size_t star = none;

    for (size_t i = 0; i < statement->item_count; i++) {
        if (!statement->items[i].star)
            continue;
        if (star != none)
            break; /* two stars: only what stands before the first is sure, and after the last */
        star = i;
    }
    if (star == none)
        return statement->item_count == count && index < count ? &statement->items[index] : NULL;
    if (index < star)
        return &statement->items[index];
    for (size_t i = statement->item_count; i-- > star && !statement->items[i].star;)
        if (count - index == statement->item_count - i)
            return &statement->items[i];
    return NULL;
}
