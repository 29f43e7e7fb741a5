/* Names of the dialect: which table or column a dotted name means, and how SQLite is told.
 *
 * Owns: the defaults, the order of look-up, the text for what is missing. Must not know: clauses. */
#include "dialect_state.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PARTS_MAX = 4 }; /* catalog, schema, table, column */

bool dialect_chain(const struct translation *t, size_t begin, size_t end, struct chain *out)
{
    size_t i = begin;

    if (i >= end || !lexer_is_name(t->lexer, i))
        return false;
    *out = (struct chain){.first = begin, .count = 1};
    for (i++; i + 1 < end && lexer_is(t->lexer, i, "."); i += 2) {
        if (lexer_is(t->lexer, i + 1, "*")) {
            out->star = true;
            i += 2;
            break;
        }
        if (!lexer_is_name(t->lexer, i + 1))
            break;
        out->count++;
    }
    out->next = i;
    return true;
}

/* The parts of a chain as strings, in order. */
static bool take_parts(struct translation *t, const struct chain *chain, size_t count, char *parts[PARTS_MAX])
{
    for (size_t i = 0; i < PARTS_MAX; i++)
        parts[i] = NULL;
    for (size_t i = 0; i < count; i++) {
        parts[i] = lexer_value(t->lexer, chain->first + 2 * i);
        if (!parts[i])
            return dialect_fail_memory(t);
    }
    return true;
}

static void free_parts(char *parts[PARTS_MAX])
{
    for (size_t i = 0; i < PARTS_MAX; i++)
        free(parts[i]);
}

static const char *given(const char *name)
{
    return name && *name ? name : NULL;
}

/* Finds a table by its 1 to 3 parts, defaults applied. */
static bool look_up(const struct translation *t, char *const parts[], size_t count,
                    struct dialect_source *out)
{
    const struct dialect_options *options = t->options;
    const char *catalog = given(options->default_catalog);
    const char *schema = given(options->default_schema);

    *out = (struct dialect_source){0};
    if (count == 3)
        return options->find(options->context, parts[0], parts[1], parts[2], out);
    if (count == 2)
        return options->find(options->context, catalog, parts[0], parts[1], out);
    if (options->find(options->context, catalog, schema, parts[0], out))
        return true;
    /* System tables need no catalog, whatever the default is. */
    return (catalog || schema) && strncasecmp(parts[0], "sys_", 4) == 0 &&
           options->find(options->context, NULL, NULL, parts[0], out);
}

/* The source the parts before the table name, whether or not the table is there. */
static bool look_up_home(const struct translation *t, char *const parts[], size_t count,
                         struct dialect_source *out)
{
    const struct dialect_options *options = t->options;
    const char *catalog = given(options->default_catalog);
    const char *schema = given(options->default_schema);

    *out = (struct dialect_source){0};
    if (count == 3)
        return options->find(options->context, parts[0], parts[1], NULL, out);
    if (count == 2)
        return options->find(options->context, catalog, parts[0], NULL, out);
    return catalog && options->find(options->context, catalog, schema, NULL, out);
}

bool dialect_home(struct translation *t, const struct chain *chain, struct dialect_source *out)
{
    char *parts[PARTS_MAX] = {NULL};
    bool found = chain->count <= 3 && take_parts(t, chain, chain->count, parts) &&
                 look_up_home(t, parts, chain->count, out);

    free_parts(parts);
    return found;
}

bool dialect_is_local(const struct translation *t, const char *name)
{
    for (size_t i = 0; i < t->local_count; i++)
        if (strcasecmp(t->local[i], name) == 0)
            return true;
    return false;
}

static bool fail_missing(struct translation *t, char *const parts[], size_t count)
{
    struct text name = {0};
    bool result;

    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            text_add(&name, ".", 1);
        text_add_bracketed(&name, parts[i]);
    }
    if (name.failed)
        result = dialect_fail_memory(t);
    else
        result = dialect_fail(t, DIALECT_NO_TABLE, "Table '%s' does not exist.", name.data);
    text_free(&name);
    return result;
}

static bool record_table(struct translation *t, const struct dialect_source *source, const char *name,
                         size_t *index)
{
    struct dialect_statement *out = t->out;
    struct dialect_table *grown = dialect_grow(t, out->tables, out->table_count, sizeof *grown);

    if (!grown)
        return false;
    out->tables = grown;
    grown[out->table_count].source = *source;
    grown[out->table_count].name = strdup(source->table ? source->table : name);
    if (!grown[out->table_count].name)
        return dialect_fail_memory(t);
    *index = out->table_count++;
    return true;
}

bool dialect_table(struct translation *t, const struct chain *chain, size_t *index)
{
    struct dialect_source source;
    char *parts[PARTS_MAX] = {NULL};
    bool done = false;

    if (chain->count > 3 || chain->star)
        return dialect_fail_near(t, chain->first, "a table has at most three names");
    for (size_t i = 0; i < chain->count; i++)
        if (t->lexer->tokens[chain->first + 2 * i].kind == TOKEN_QUOTED && !t->lenient)
            return dialect_fail_near(t, chain->first + 2 * i, "names stand in [ ], not in double quotes");
    if (!take_parts(t, chain, chain->count, parts))
        goto out;
    if (!look_up(t, parts, chain->count, &source)) {
        /* Tables SQLite alone knows (sqlite_schema) are its own to find. */
        if (!t->own || !look_up_home(t, parts, chain->count, &source) || !source.pass_through) {
            done = fail_missing(t, parts, chain->count);
            goto out;
        }
    }
    done = record_table(t, &source, parts[chain->count - 1], index);
out:
    free_parts(parts);
    return done;
}

bool dialect_emit_table(struct translation *t, const struct chain *chain, size_t *index)
{
    const struct dialect_table *table;

    if (!dialect_table(t, chain, index))
        return false;
    table = &t->out->tables[*index];
    text_add_word(&t->sql, "");
    text_add_name(&t->sql, table->source.alias);
    text_add(&t->sql, ".", 1);
    text_add_name(&t->sql, table->name);
    return true;
}

/* Writes the qualifiers of a column that are more than one name: the attached database and the table. */
static bool emit_qualifiers(struct translation *t, const struct chain *chain, size_t qualifiers)
{
    struct dialect_source source;
    char *parts[PARTS_MAX] = {NULL};
    bool done = take_parts(t, chain, qualifiers, parts);

    if (done) {
        if (!look_up(t, parts, qualifiers, &source)) {
            done = fail_missing(t, parts, qualifiers);
        } else if (source.table && strcasecmp(source.table, parts[qualifiers - 1]) != 0) {
            text_add_name(&t->sql, parts[qualifiers - 1]); /* FROM gave it this name as its alias */
        } else {
            text_add_name(&t->sql, source.alias);
            text_add(&t->sql, ".", 1);
            text_add_name(&t->sql, parts[qualifiers - 1]);
        }
    }
    free_parts(parts);
    return done;
}

bool dialect_emit_column(struct translation *t, const struct chain *chain)
{
    size_t qualifiers = chain->star ? chain->count : chain->count - 1;

    if (qualifiers > 3)
        return dialect_fail_near(t, chain->first, "a column has at most four names");
    text_add_word(&t->sql, "");
    for (size_t i = 0; i < qualifiers; i++)
        if (t->lexer->tokens[chain->first + 2 * i].kind == TOKEN_QUOTED && !t->lenient)
            return dialect_fail_near(t, chain->first + 2 * i, "names stand in [ ], not in double quotes");
    if (qualifiers == 1) {
        if (!dialect_emit_name(t, chain->first))
            return false;
    } else if (qualifiers > 1 && !emit_qualifiers(t, chain, qualifiers)) {
        return false;
    }
    if (qualifiers > 0)
        text_add(&t->sql, ".", 1);
    if (chain->star) {
        text_add(&t->sql, "*", 1);
        return true;
    }
    return dialect_emit_name(t, chain->first + 2 * (chain->count - 1));
}

/* Words a table's name follows. */
static bool precedes_table(const struct translation *t, size_t index)
{
    static const char *const words[] = {"FROM",  "JOIN",    "INTO",   "UPDATE", "TABLE", "VIEW",
                                        "INDEX", "TRIGGER", "EXISTS", "PRAGMA", "ON"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (lexer_is(t->lexer, index, words[i]))
            return true;
    return false;
}

bool dialect_is_own(struct translation *t)
{
    struct dialect_source source;
    bool own = false;
    bool resolved = false;
    struct chain chain;

    for (size_t i = t->begin; i + 1 < t->end; i++) {
        char *parts[PARTS_MAX] = {NULL};
        bool found;

        if (!precedes_table(t, i) || !dialect_chain(t, i + 1, t->end, &chain) || chain.count > 3)
            continue;
        found = take_parts(t, &chain, chain.count, parts) &&
                (look_up(t, parts, chain.count, &source) ||
                 (chain.count > 1 && look_up_home(t, parts, chain.count, &source)));
        free_parts(parts);
        if (found && !source.pass_through)
            return false;
        own = own || found;
        resolved = resolved || found;
    }
    if (resolved)
        return own;
    /* No table is named, or a new one: the default source decides. */
    return given(t->options->default_catalog) &&
           t->options->find(t->options->context, t->options->default_catalog,
                            given(t->options->default_schema), NULL, &source) &&
           source.pass_through;
}
