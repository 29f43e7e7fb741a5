/* Statements of the pass-through source, and of a lenient service: DDL and PRAGMA, in SQLite's own words.
 *
 * Owns: where such a statement names its object. Must not know: the service's dialect. */
#include "dialect_state.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Pragmas that only look. */
static const char *const pragmas[] = {
    "table_info",      "table_xinfo",   "table_list",       "index_list",        "index_info",
    "index_xinfo",     "foreign_keys",  "foreign_key_list", "foreign_key_check", "collation_list",
    "compile_options", "function_list", "user_version",     "schema_version",    "application_id",
    "encoding",        "page_count",    "page_size",        "freelist_count",    "integrity_check",
    "quick_check",     "data_version",
};

/* How many parts of a chain only say where the table is: those that name a pass-through source. */
static size_t count_home_parts(struct translation *t, const struct chain *chain)
{
    struct chain named = *chain;
    struct dialect_source source;

    if (chain->count < 3)
        return 0;
    named.count = 3;
    return dialect_home(t, &named, &source) && source.pass_through ? 2 : 0;
}

/* The rest of a definition: SQLite wants no database name inside it, since all of it is in one. */
static bool copy_definition(struct translation *t, size_t begin, size_t end)
{
    for (size_t i = begin; i < end;) {
        struct chain chain;

        if (!dialect_chain(t, i, end, &chain)) {
            dialect_emit(t, i++);
            continue;
        }
        text_add_word(&t->sql, "");
        for (size_t k = count_home_parts(t, &chain); k < chain.count; k++) {
            if (!dialect_emit_name(t, chain.first + 2 * k))
                return false;
            if (k + 1 < chain.count || chain.star)
                text_add(&t->sql, ".", 1);
        }
        if (chain.star)
            text_add(&t->sql, "*", 1);
        i = chain.next;
    }
    return true;
}

/* The object a definition is about, in its database. */
static bool emit_object(struct translation *t, size_t begin, size_t *next)
{
    struct chain chain;
    struct dialect_source source;
    struct dialect_statement *out = t->out;
    struct dialect_table *grown;

    if (!dialect_chain(t, begin, t->end, &chain) || chain.count > 3 || chain.star)
        return dialect_fail_near(t, begin, "expected a name");
    *next = chain.next;
    if (!dialect_home(t, &chain, &source))
        return dialect_fail(t, DIALECT_NO_TABLE, "The catalog or schema of the definition does not exist.");
    grown = dialect_grow(t, out->tables, out->table_count, sizeof *grown);
    if (!grown)
        return false;
    out->tables = grown;
    out->target = out->table_count;
    grown[out->table_count].source = source;
    grown[out->table_count].name = lexer_value(t->lexer, chain.first + 2 * (chain.count - 1));
    if (!grown[out->table_count++].name)
        return dialect_fail_memory(t);
    text_add_word(&t->sql, "");
    text_add_name(&t->sql, source.alias);
    text_add(&t->sql, ".", 1);
    return dialect_emit_name(t, chain.first + 2 * (chain.count - 1));
}

/* ON table of an index or trigger: by its name alone. */
static bool copy_bare_table(struct translation *t, size_t on, size_t *next)
{
    struct chain chain;

    dialect_emit(t, on);
    if (!dialect_chain(t, on + 1, t->end, &chain) || chain.count > 3)
        return dialect_fail_near(t, on + 1, "expected a table");
    text_add_word(&t->sql, "");
    *next = chain.next;
    return dialect_emit_name(t, chain.first + 2 * (chain.count - 1));
}

static size_t skip_words(struct translation *t, size_t at, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count && at < t->end; i++)
        if (lexer_is(t->lexer, at, words[i]))
            dialect_emit(t, at++);
    return at;
}

bool dialect_define(struct translation *t)
{
    static const char *const before[] = {"UNIQUE", "VIRTUAL", "TABLE", "VIEW", "INDEX", "TRIGGER"};
    static const char *const unless[] = {"IF", "NOT", "EXISTS"};
    bool creates = lexer_is(t->lexer, t->begin, "CREATE");
    size_t at = t->begin + 1;
    size_t kind;

    dialect_emit(t, t->begin);
    if (lexer_is(t->lexer, at, "TEMP") || lexer_is(t->lexer, at, "TEMPORARY"))
        return dialect_fail(t, DIALECT_NOT_SUPPORTED,
                            "Syntax error near 'TEMP': no session keeps temporary tables.");
    at = skip_words(t, at, before, sizeof before / sizeof *before);
    kind = at - 1;
    if (kind == t->begin)
        return dialect_fail_near(t, at, "expected TABLE, VIEW, INDEX or TRIGGER");
    at = skip_words(t, at, unless, sizeof unless / sizeof *unless);
    if (!emit_object(t, at, &at))
        return false;
    if (creates && (lexer_is(t->lexer, kind, "INDEX") || lexer_is(t->lexer, kind, "TRIGGER"))) {
        size_t on = dialect_seek(t, at, t->end, "ON");

        if (!copy_definition(t, at, on))
            return false;
        if (on < t->end && !copy_bare_table(t, on, &at))
            return false;
        at = on < t->end ? at : on;
    }
    if (creates && lexer_is(t->lexer, kind, "TABLE") && lexer_is(t->lexer, at, "AS")) {
        dialect_emit(t, at);
        t->itemized = true;
        return dialect_query(t, at + 1, t->end);
    }
    return copy_definition(t, at, t->end);
}

/* The argument of a pragma: the last part of a name, or what stands there. */
static bool emit_argument(struct translation *t, size_t open)
{
    size_t close = t->lexer->tokens[open].match;
    struct chain chain;

    text_add(&t->sql, "(", 1);
    if (dialect_chain(t, open + 1, close, &chain)) {
        if (chain.next != close)
            return dialect_fail_near(t, chain.next, "a pragma takes one name");
        if (!dialect_emit_name(t, chain.first + 2 * (chain.count - 1)))
            return false;
    } else {
        for (size_t i = open + 1; i < close; i++)
            dialect_emit(t, i);
    }
    text_add(&t->sql, ")", 1);
    return close + 1 == t->end || dialect_fail_near(t, close + 1, "unexpected word after a pragma");
}

bool dialect_pragma(struct translation *t)
{
    struct chain chain;
    struct dialect_source source;
    size_t name;
    bool known = false;

    if (!dialect_chain(t, t->begin + 1, t->end, &chain) || chain.count > 3 || chain.star)
        return dialect_fail_near(t, t->begin + 1, "expected a pragma");
    name = chain.first + 2 * (chain.count - 1);
    for (size_t i = 0; i < sizeof pragmas / sizeof *pragmas; i++)
        known = known || lexer_is(t->lexer, name, pragmas[i]);
    if (!known || (chain.next < t->end && !lexer_is(t->lexer, chain.next, "(")))
        return dialect_fail(t, DIALECT_NOT_SUPPORTED,
                            "Syntax error near 'PRAGMA': only pragmas that read are supported.");
    text_add_word(&t->sql, "PRAGMA ");
    if (dialect_home(t, &chain, &source)) {
        text_add_name(&t->sql, source.alias);
        text_add(&t->sql, ".", 1);
    }
    text_add(&t->sql, t->lexer->text + t->lexer->tokens[name].offset, t->lexer->tokens[name].length);
    return chain.next == t->end || emit_argument(t, chain.next);
}

/* EXPLAIN [QUERY PLAN] SELECT …: of SQLite's own. */
bool dialect_copy(struct translation *t)
{
    size_t at = t->begin;

    while (at < t->end && !dialect_begins_query(t, at))
        dialect_emit(t, at++);
    t->itemized = true;
    if (at == t->end)
        return dialect_fail_near(t, t->begin, "only queries are explained");
    return dialect_query(t, at, t->end);
}
