/* Owns the question which columns markers stand for, as far as the text of a simple statement on one table
 * tells. Works on the translated text. What it cannot tell stays unknown; a wrong answer would be worse. */
#include "sql/target.h"

#include <string.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "sql/namereader.h"
#include "sql/token.h"

/* Statements with more tokens than fit here keep their markers unknown. */
enum { MOST_TOKEN_OCTETS = 1 << 26 };

struct finder {
    struct ca_sql_statement *statement;
    struct ca_sql_targets *targets;
    struct ca_buffer store;            /* holds the tokens */
    const struct ca_sql_token *tokens; /* without blanks and comments; the last is the end */
    size_t count;
    const struct ca_sql_token *table; /* the first token of its name */
    struct ca_error *error;
};

static const char *const more_tables[] = {"JOIN", "APPLY", "UNION", "INTERSECT", "EXCEPT", NULL};
/* Behind these a condition or an assignment may begin. */
static const char *const begins_condition[] = {"WHERE", "AND", "OR", "NOT", "HAVING", "WHEN", "SET", NULL};
static const char *const no_column[] = {"NULL", "TRUE", "FALSE", "NOT", "AND", "OR",     "WHERE", "IN",
                                        "LIKE", "IS",   "SET",   "END", "ALL", "EXISTS", NULL};
static const char *const behind_table[] = {"WHERE", "SET",  "GROUP",  "HAVING", "ORDER",
                                           "LIMIT", "WITH", "OFFSET", NULL};

/* The token `offset` from `at`, or the end. */
static const struct ca_sql_token *token_at(const struct finder *finder, size_t at)
{
    return &finder->tokens[at < finder->count ? at : finder->count - 1];
}

/* The number of the marker that a token is, 0 if it is none. */
static unsigned marker_number(const struct finder *finder, const struct ca_sql_token *token)
{
    const char *prefix = finder->statement->prefix;
    size_t length = strlen(prefix) + 1;
    unsigned number = 0;
    if (token->kind != CA_SQL_TOKEN_WORD || token->octets <= length || token->octets > length + 10 ||
        token->text[0] != '@' || memcmp(token->text + 1, prefix, length - 1) != 0)
        return 0;
    for (size_t i = length; i < token->octets; i++) {
        if (token->text[i] < '0' || token->text[i] > '9')
            return 0;
        number = number * 10 + (unsigned)(token->text[i] - '0');
    }
    return number <= finder->statement->markers ? number : 0;
}

static bool is_column(const struct finder *finder, const struct ca_sql_token *token)
{
    return ca_sql_token_is_name(token) && !(token->kind == CA_SQL_TOKEN_WORD && token->text[0] == '@') &&
           marker_number(finder, token) == 0 && !ca_sql_token_is_one_of(token, no_column);
}

static bool set_column(struct finder *finder, unsigned marker, const struct ca_sql_token *column)
{
    size_t octets;
    char **place = &finder->targets->columns[marker - 1];
    if (*place)
        return true;
    *place = ca_sql_token_value(column, &octets);
    return *place ? true : ca_error_no_memory(finder->error);
}

/* What may stand behind a value that is compared: nothing that makes it part of a larger expression. */
static bool ends_value(const struct ca_sql_token *token)
{
    return token->kind != CA_SQL_TOKEN_SIGN || ca_sql_token_is_sign_of(token, ");,");
}

/* The first token of the column reference whose last name stands at `last`. */
static size_t reference_start(const struct finder *finder, size_t last)
{
    while (last >= 2 && ca_sql_token_is_sign(token_at(finder, last - 1), '.') &&
           ca_sql_token_is_name(token_at(finder, last - 2)))
        last -= 2;
    return last;
}

/* The column whose reference ends just before `at` and is a whole operand; NULL if there is none. */
static const struct ca_sql_token *column_before(const struct finder *finder, size_t at)
{
    if (at == 0 || !is_column(finder, token_at(finder, at - 1)))
        return NULL;
    size_t start = reference_start(finder, at - 1);
    if (start == 0)
        return NULL;
    const struct ca_sql_token *before = token_at(finder, start - 1);
    bool whole = ca_sql_token_is_one_of(before, begins_condition) || ca_sql_token_is_sign(before, '(') ||
                 ca_sql_token_is_sign(before, ',');
    return whole ? token_at(finder, at - 1) : NULL;
}

/* The column whose reference begins at `at` and is a whole operand. */
static const struct ca_sql_token *column_behind(const struct finder *finder, size_t at)
{
    while (ca_sql_token_is_name(token_at(finder, at)) && ca_sql_token_is_sign(token_at(finder, at + 1), '.'))
        at += 2;
    const struct ca_sql_token *column = token_at(finder, at);
    return is_column(finder, column) && ends_value(token_at(finder, at + 1)) ? column : NULL;
}

/* The octets of signs, at most two, that make a comparison at `at`; 0 if there is none. */
static size_t comparison_length(const struct finder *finder, size_t at)
{
    const struct ca_sql_token *first = token_at(finder, at);
    if (!ca_sql_token_is_sign_of(first, "=<>!"))
        return 0;
    bool two = ca_sql_token_is_sign_of(token_at(finder, at + 1), "=>");
    return two ? 2 : first->text[0] != '!';
}

static bool set_if_marker(struct finder *finder, size_t at, const struct ca_sql_token *column)
{
    unsigned marker = marker_number(finder, token_at(finder, at));
    if (marker == 0 || !column || !ends_value(token_at(finder, at + 1)))
        return true;
    return set_column(finder, marker, column);
}

/* `column = ?` and `? = column`; the operator, `length` tokens, stands at `at`. */
static bool find_comparison(struct finder *finder, size_t at, size_t length)
{
    if (!set_if_marker(finder, at + length, column_before(finder, at)))
        return false;
    unsigned marker = at ? marker_number(finder, token_at(finder, at - 1)) : 0;
    if (marker == 0 || at < 2)
        return true;
    const struct ca_sql_token *before = token_at(finder, at - 2);
    bool whole = ca_sql_token_is_one_of(before, begins_condition) || ca_sql_token_is_sign(before, '(');
    const struct ca_sql_token *column = column_behind(finder, at + length);
    return !whole || !column || set_column(finder, marker, column);
}

/* `column [NOT] IN (?, …)`, `column [NOT] BETWEEN ? AND ?`, `column [NOT] LIKE ?`; the word stands at `at`.
 */
static bool find_predicate(struct finder *finder, size_t at)
{
    bool negated = at && ca_sql_token_is_word(token_at(finder, at - 1), "NOT");
    const struct ca_sql_token *column = column_before(finder, negated ? at - 1 : at);
    if (!column)
        return true;
    if (ca_sql_token_is_word(token_at(finder, at), "LIKE"))
        return set_if_marker(finder, at + 1, column);
    if (ca_sql_token_is_word(token_at(finder, at), "BETWEEN")) {
        bool both = ca_sql_token_is_word(token_at(finder, at + 2), "AND");
        return set_if_marker(finder, at + 1, column) && (!both || set_if_marker(finder, at + 3, column));
    }
    if (!ca_sql_token_is_sign(token_at(finder, at + 1), '('))
        return true;
    for (size_t item = at + 2; ends_value(token_at(finder, item + 1)); item += 2) {
        if (!set_if_marker(finder, item, column))
            return false;
        if (!ca_sql_token_is_sign(token_at(finder, item + 1), ','))
            break;
    }
    return true;
}

static bool find_conditions(struct finder *finder)
{
    static const char *const predicates[] = {"IN", "BETWEEN", "LIKE", NULL};
    for (size_t at = 0; at + 1 < finder->count; at++) {
        size_t length = comparison_length(finder, at);
        if (length && !find_comparison(finder, at, length))
            return false;
        if (ca_sql_token_is_one_of(token_at(finder, at), predicates) && !find_predicate(finder, at))
            return false;
    }
    return true;
}

/* The place behind the name at `at`; `at` itself if there is none. */
static size_t skip_name(const struct finder *finder, size_t at)
{
    size_t start = at;
    while (ca_sql_token_is_name(token_at(finder, at))) {
        if (!ca_sql_token_is_sign(token_at(finder, at + 1), '.'))
            return at + 1;
        at += 2;
    }
    return start;
}

/* Skips `[AS] alias`; true if the table stands alone there. */
static bool stands_alone(const struct finder *finder, size_t at)
{
    if (ca_sql_token_is_word(token_at(finder, at), "AS"))
        at++;
    if (ca_sql_token_is_name(token_at(finder, at)) &&
        !ca_sql_token_is_one_of(token_at(finder, at), behind_table))
        at++;
    const struct ca_sql_token *next = token_at(finder, at);
    return next->kind == CA_SQL_TOKEN_END || ca_sql_token_is_one_of(next, behind_table) ||
           ca_sql_token_is_sign(next, ')') || ca_sql_token_is_sign(next, ';');
}

/* Whether the text reads one table only: no join, no set operation, no query inside. */
static bool is_plain(const struct finder *finder)
{
    size_t queries = 0;
    for (size_t i = 0; i < finder->count; i++) {
        bool part_of_name = i && ca_sql_token_is_sign(&finder->tokens[i - 1], '.');
        if (part_of_name)
            continue;
        if (ca_sql_token_is_one_of(&finder->tokens[i], more_tables))
            return false;
        queries += ca_sql_token_is_word(&finder->tokens[i], "SELECT");
    }
    return queries == (finder->statement->kind == CA_SQL_SELECT);
}

/* The place behind the word at the same depth of parentheses as `from`; 0 if there is none. */
static size_t find_behind(const struct finder *finder, size_t from, const char *word)
{
    long depth = 0;
    for (size_t at = from; at < finder->count && depth >= 0; at++) {
        depth +=
            ca_sql_token_is_sign(&finder->tokens[at], '(') - ca_sql_token_is_sign(&finder->tokens[at], ')');
        if (depth == 0 && ca_sql_token_is_word(&finder->tokens[at], word))
            return at + 1;
    }
    return 0;
}

/* SELECT … FROM t, DELETE FROM t, UPDATE t SET … */
static bool find_in_conditions(struct finder *finder, size_t verb)
{
    size_t table = finder->statement->kind == CA_SQL_UPDATE ? verb + 1 : find_behind(finder, verb, "FROM");
    size_t behind = table ? skip_name(finder, table) : table;
    if (table == behind || !is_plain(finder) || !stands_alone(finder, behind))
        return true;
    finder->table = token_at(finder, table);
    return find_conditions(finder);
}

/* One `(…)` of VALUES that begins at `at`; *end is the place behind it, 0 if it does not end. */
static bool find_in_row(struct finder *finder, size_t at, size_t columns, size_t count, size_t *end)
{
    size_t column = 0;
    long depth = 1;
    bool first = true;
    *end = 0;
    for (at++; at < finder->count; at++) {
        const struct ca_sql_token *token = token_at(finder, at);
        const struct ca_sql_token *next = token_at(finder, at + 1);
        bool last = ca_sql_token_is_sign(next, ',') || ca_sql_token_is_sign(next, ')');
        if (depth == 1 && first && last && column < count && marker_number(finder, token) &&
            !set_column(finder, marker_number(finder, token), token_at(finder, columns + 2 * column)))
            return false;
        depth += ca_sql_token_is_sign(token, '(') - ca_sql_token_is_sign(token, ')');
        first = depth == 1 && ca_sql_token_is_sign(token, ',');
        column += first;
        if (depth == 0) {
            *end = at + 1;
            return true;
        }
    }
    return true;
}

/* INSERT INTO t (a, b) VALUES (?, ?), (…) */
static bool find_in_values(struct finder *finder, size_t verb)
{
    size_t table = verb + 1 + ca_sql_token_is_word(token_at(finder, verb + 1), "INTO");
    size_t at = skip_name(finder, table);
    if (at == table || !ca_sql_token_is_sign(token_at(finder, at), '('))
        return true;
    size_t columns = ++at;
    size_t count = 0;
    while (ca_sql_token_is_name(token_at(finder, at))) {
        count++;
        if (!ca_sql_token_is_sign(token_at(finder, at + 1), ','))
            break;
        at += 2;
    }
    if (!ca_sql_token_is_sign(token_at(finder, at + 1), ')') ||
        !ca_sql_token_is_word(token_at(finder, at + 2), "VALUES"))
        return true;
    finder->table = token_at(finder, table);
    for (at += 3; ca_sql_token_is_sign(token_at(finder, at), '('); at++) {
        if (!find_in_row(finder, at, columns, count, &at))
            return false;
        if (at == 0 || !ca_sql_token_is_sign(token_at(finder, at), ','))
            break;
    }
    return true;
}

static bool find_targets(struct finder *finder)
{
    size_t verb = 0;
    while (ca_sql_token_is_sign(token_at(finder, verb), '('))
        verb++;
    switch (finder->statement->kind) {
    case CA_SQL_INSERT:
    case CA_SQL_UPSERT:
        return find_in_values(finder, verb);
    case CA_SQL_SELECT:
        return !ca_sql_token_is_word(token_at(finder, verb), "SELECT") || find_in_conditions(finder, verb);
    case CA_SQL_UPDATE:
    case CA_SQL_DELETE:
        return find_in_conditions(finder, verb);
    default:
        return true;
    }
}

/* Fills the store; *fits is false where the text has too many tokens. */
static bool read_tokens(struct finder *finder, bool *fits)
{
    struct ca_sql_reader reader;
    struct ca_sql_token token;
    ca_sql_reader_init(&reader, finder->statement->text, finder->statement->octets);
    do {
        if (!ca_sql_token_next_word(&reader, &token, finder->error))
            return false;
        ca_buffer_add(&finder->store, &token, sizeof token);
    } while (token.kind != CA_SQL_TOKEN_END && !finder->store.failure);
    finder->tokens = (const struct ca_sql_token *)(const void *)finder->store.data;
    finder->count = finder->store.length / sizeof token;
    *fits = finder->store.failure != CA_BUFFER_TOO_BIG;
    return finder->store.failure == CA_BUFFER_NO_MEMORY ? ca_error_no_memory(finder->error) : true;
}

/* Drops the columns where the name of the table is none that could be asked for. */
static bool read_table(struct finder *finder)
{
    struct ca_sql_reader reader;
    struct ca_sql_statement *statement = finder->statement;
    enum ca_sql_name_result result = CA_SQL_NAME_NONE;
    if (finder->table) {
        size_t at = (size_t)(finder->table->text - statement->text);
        ca_sql_reader_init(&reader, statement->text + at, statement->octets - at);
        result = ca_sql_name_read(&reader, &finder->targets->table, finder->error);
    }
    for (unsigned i = 0; result != CA_SQL_NAME_READ && i < statement->markers; i++) {
        ca_free(finder->targets->columns[i]);
        finder->targets->columns[i] = NULL;
    }
    return result != CA_SQL_NAME_FAILED;
}

bool ca_sql_marker_targets(struct ca_sql_statement *statement, struct ca_error *error)
{
    if (statement->targets)
        return true;
    struct finder finder = {
        .statement = statement, .store = CA_BUFFER_INIT(MOST_TOKEN_OCTETS), .error = error};
    bool fits = true;
    bool found = false;
    finder.targets = ca_calloc(1, sizeof *finder.targets);
    if (finder.targets)
        finder.targets->columns = ca_calloc((size_t)statement->markers + 1, sizeof *finder.targets->columns);
    if (!finder.targets || !finder.targets->columns) {
        ca_error_no_memory(error);
        goto out;
    }
    bool worthwhile = statement->markers && !statement->several && statement->kind != CA_SQL_CALL;
    found = !worthwhile ||
            (read_tokens(&finder, &fits) && (!fits || find_targets(&finder)) && read_table(&finder));
out:
    ca_buffer_free(&finder.store);
    if (found)
        statement->targets = finder.targets;
    else
        ca_sql_targets_free(finder.targets, statement->markers);
    return found;
}

void ca_sql_targets_free(struct ca_sql_targets *targets, unsigned markers)
{
    if (!targets)
        return;
    for (unsigned i = 0; targets->columns && i < markers; i++)
        ca_free(targets->columns[i]);
    ca_free(targets->columns);
    ca_sql_name_free(&targets->table);
    ca_free(targets);
}
