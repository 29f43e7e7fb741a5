/*
 * Owns the recognition of select items that only repeat a parameter. Knows nothing of types or values.
 */
#include "echo.h"

#include "functions.h"
#include "lexer.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

/* The token behind the item that begins at `at`: a comma, FROM, another keyword of the query, or the end. */
static size_t item_end(const struct lexer *lexer, size_t at)
{
    static const char *const ends[] = {",", "FROM", "WHERE", "UNION", "ORDER", "LIMIT", ";", ")"};

    for (; at < lexer->count; at++) {
        for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
            if (lexer_is(lexer, at, ends[i]))
                return at;
        if (lexer_is(lexer, at, "(") && lexer->tokens[at].match > at)
            at = lexer->tokens[at].match;
    }
    return at;
}

/* The name of the parameter that item `number` of the first select list is; to be freed. */
static char *find_name(const struct lexer *lexer, size_t number)
{
    size_t at = 1;

    if (lexer->count == 0 || !lexer_is(lexer, 0, "SELECT"))
        return NULL;
    at += lexer_is(lexer, at, "DISTINCT") || lexer_is(lexer, at, "ALL");
    for (; number > 0; number--) {
        at = item_end(lexer, at);
        if (!lexer_is(lexer, at, ","))
            return NULL;
        at++;
    }
    size_t end = item_end(lexer, at), extra = end - at;
    if (extra == 0 || lexer->tokens[at].kind != TOKEN_PARAMETER)
        return NULL;
    if (extra == 1 || (extra == 2 && lexer_is_name(lexer, at + 1)) ||
        (extra == 3 && lexer_is(lexer, at + 1, "AS")))
        return strndup(lexer->text + lexer->tokens[at].offset, lexer->tokens[at].length);
    return NULL;
}

const struct parameter *echo_parameter(const struct dialect_statement *statement,
                                       const struct parameter_set *set, size_t index, size_t count)
{
    const struct dialect_item *item = statement != NULL && set != NULL && statement->parameter_count > 0 &&
                                              statement->kind == DIALECT_SELECT
                                          ? dialect_item_at(statement, index, count)
                                          : NULL;
    struct lexer lexer;
    const struct parameter *found = NULL;

    if (item == NULL || item->column != NULL || !lexer_read(&lexer, statement->sql, strlen(statement->sql)))
        return NULL;
    char *name = find_name(&lexer, (size_t)(item - statement->items));
    if (name != NULL)
        found = parameter_find(set, name);
    free(name);
    lexer_free(&lexer);
    return found;
}

int echo_type(const struct parameter *parameter)
{
    bool integer = parameter->type >= SERVICE_TINYINT && parameter->type <= SERVICE_BIGINT;

    /* The vendor's Python library sends floats under the code of INTEGER. */
    if (integer && json_object_is_type(parameter->value, json_type_double))
        return SERVICE_DOUBLE;
    return parameter->type;
}
