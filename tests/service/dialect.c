/* The SQL dialect of the service: statements out of a text, errors, and who translates which statement.
 * See dialect.h. */
#include "dialect.h"
#include "dialect_state.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct dialect {
    struct lexer lexer;
    struct dialect_options options;
    size_t at; /* token */
};

/* Statements by their first word. */
static const struct verb {
    const char *word;
    enum dialect_kind kind;
    bool (*translate)(struct translation *t);
    bool documented; /* in the service's dialect (SERVICE.md section 5) */
    bool rows;
    bool writes;
} verbs[] = {
    {"SELECT", DIALECT_SELECT, NULL, true, true, false},
    {"INSERT", DIALECT_INSERT, dialect_insert, true, false, true},
    {"UPDATE", DIALECT_UPDATE, dialect_update, true, false, true},
    {"DELETE", DIALECT_DELETE, dialect_delete, true, false, true},
    {"UPSERT", DIALECT_UPSERT, dialect_upsert, true, false, true},
    {"EXEC", DIALECT_EXEC, dialect_exec, true, true, false},
    {"EXECUTE", DIALECT_EXEC, dialect_exec, true, true, false},
    {"WITH", DIALECT_SELECT, NULL, false, true, false},
    {"VALUES", DIALECT_SELECT, NULL, false, true, false},
    {"REPLACE", DIALECT_INSERT, dialect_insert, false, false, true},
    {"CREATE", DIALECT_DDL, dialect_define, false, false, true},
    {"DROP", DIALECT_DDL, dialect_define, false, false, true},
    {"ALTER", DIALECT_DDL, dialect_define, false, false, true},
    {"PRAGMA", DIALECT_PRAGMA, dialect_pragma, false, true, false},
    {"EXPLAIN", DIALECT_OTHER, dialect_copy, false, true, false},
};

/* Words that begin a statement which is understood and still refused. */
static const struct refusal {
    const char *word;
    const char *why;
} refusals[] = {
    {"GETDELETED", "the source keeps no deleted rows"},
    {"BEGIN", "there are no transactions"},
    {"COMMIT", "there are no transactions"},
    {"ROLLBACK", "there are no transactions"},
    {"SAVEPOINT", "there are no transactions"},
    {"RELEASE", "there are no transactions"},
    {"ATTACH", "sources are given by the account"},
    {"DETACH", "sources are given by the account"},
    {"VACUUM", "maintenance is the service's own"},
};

static const char *const code_names[] = {
    [DIALECT_INVALID_REQUEST] = "INVALID_REQUEST",
    [DIALECT_QUERY_FAILED] = "QUERY_FAILED",
};

const char *dialect_code_name(enum dialect_code code)
{
    return code_names[code];
}

static enum dialect_code code_of(enum dialect_fault fault)
{
    return fault == DIALECT_SYNTAX || fault == DIALECT_NOT_SUPPORTED ? DIALECT_INVALID_REQUEST
                                                                     : DIALECT_QUERY_FAILED;
}

static char *format_text(const char *format, va_list arguments)
{
    va_list again;
    char *text = NULL;
    int length;

    va_copy(again, arguments);
    length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0)
        return NULL;
    text = malloc((size_t)length + 1);
    if (text)
        (void)vsnprintf(text, (size_t)length + 1, format, arguments);
    return text;
}

static struct dialect_error make_error(enum dialect_fault fault, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static struct dialect_error make_error(enum dialect_fault fault, const char *format, ...)
{
    struct dialect_error error = {.code = code_of(fault), .fault = fault};
    va_list arguments;

    va_start(arguments, format);
    error.text = format_text(format, arguments);
    va_end(arguments);
    if (!error.text)
        error.fault = DIALECT_NO_MEMORY;
    return error;
}

bool dialect_fail(struct translation *t, enum dialect_fault fault, const char *format, ...)
{
    va_list arguments;

    if (t->out->error.fault != DIALECT_NO_FAULT)
        return false; /* the first fault is the one that tells */
    t->out->error = (struct dialect_error){.code = code_of(fault), .fault = fault};
    va_start(arguments, format);
    t->out->error.text = format_text(format, arguments);
    va_end(arguments);
    if (!t->out->error.text)
        t->out->error.fault = DIALECT_NO_MEMORY;
    return false;
}

bool dialect_fail_memory(struct translation *t)
{
    if (t->out->error.fault == DIALECT_NO_FAULT)
        t->out->error = (struct dialect_error){.code = DIALECT_QUERY_FAILED, .fault = DIALECT_NO_MEMORY};
    return false;
}

bool dialect_fail_near(struct translation *t, size_t index, const char *why)
{
    enum { SHOWN = 40 };
    const struct token *token = &t->lexer->tokens[index];
    size_t length = token->length;

    if (index >= t->end || length == 0)
        return dialect_fail(t, DIALECT_SYNTAX, "Syntax error near 'end of statement': %s.", why);
    if (length > SHOWN)
        length = SHOWN;
    while (length > 0 && length < token->length &&
           ((unsigned char)t->lexer->text[token->offset + length] & 0xC0) == 0x80)
        length--; /* whole characters only */
    return dialect_fail(t, DIALECT_SYNTAX, "Syntax error near '%.*s' at position %zu: %s.", (int)length,
                        t->lexer->text + token->offset, token->offset - t->out->begin + 1, why);
}

void dialect_emit(struct translation *t, size_t index)
{
    const struct token *token = &t->lexer->tokens[index];

    text_add_word(&t->sql, "");
    text_add(&t->sql, t->lexer->text + token->offset, token->length);
}

bool dialect_emit_name(struct translation *t, size_t index)
{
    const struct token *token = &t->lexer->tokens[index];
    const char *from = t->lexer->text + token->offset;
    bool plain =
        token->kind == TOKEN_WORD && !memchr(from, ':', token->length) && !memchr(from, '@', token->length);
    char *name;

    if (token->kind == TOKEN_QUOTED && !t->lenient)
        return dialect_fail_near(t, index, "names stand in [ ], not in double quotes");
    if (t->lenient && (plain || token->kind == TOKEN_QUOTED)) {
        text_add(&t->sql, from, token->length);
        return true;
    }
    name = lexer_value(t->lexer, index);
    if (!name)
        return dialect_fail_memory(t);
    text_add_name(&t->sql, name);
    free(name);
    return true;
}

size_t dialect_seek(const struct translation *t, size_t begin, size_t end, const char *word)
{
    for (size_t i = begin; i < end; i++) {
        if (lexer_is(t->lexer, i, word) && (i == begin || !lexer_is(t->lexer, i - 1, ".")))
            return i;
        if (lexer_is(t->lexer, i, "("))
            i = t->lexer->tokens[i].match; /* its own index where nothing closes it */
    }
    return end;
}

void *dialect_grow(struct translation *t, void *array, size_t count, size_t size)
{
    char *grown = array;

    /* Room doubles: it is a power of two, so the count alone tells when it is used up. */
    if ((count & (count - 1)) == 0) {
        size_t room = count ? count * 2 : 1;

        grown = room > SIZE_MAX / size ? NULL : realloc(array, room * size);
        if (!grown) {
            (void)dialect_fail_memory(t);
            return NULL;
        }
    }
    memset(grown + count * size, 0, size);
    return grown;
}

/* Where the statement that begins at token `at` ends: a `;`, or "; END ;" for a trigger. */
static size_t statement_end(const struct lexer *lexer, size_t at)
{
    bool trigger = false;

    if (lexer_is(lexer, at, "CREATE"))
        for (size_t i = at + 1; i < at + 4; i++)
            trigger = trigger || lexer_is(lexer, i, "TRIGGER");
    for (size_t i = at; i < lexer->count; i++) {
        if (!lexer_is(lexer, i, ";"))
            continue;
        if (!trigger || (i >= at + 2 && lexer_is(lexer, i - 1, "END") && lexer_is(lexer, i - 2, ";")))
            return i;
    }
    return lexer->count;
}

/* Things that are wrong whatever the statement means. */
static bool check_tokens(struct translation *t)
{
    for (size_t i = t->begin; i < t->end; i++) {
        const struct token *token = &t->lexer->tokens[i];

        if (token->kind == TOKEN_BAD)
            return dialect_fail_near(t, i, "unterminated or unknown token");
        if (memchr(t->lexer->text + token->offset, '\0', token->length))
            return dialect_fail_near(t, i, "a NUL character");
        if ((lexer_is(t->lexer, i, "(") || lexer_is(t->lexer, i, ")")) && token->match == i)
            return dialect_fail_near(t, i, "unbalanced parenthesis");
        if (lexer_is(t->lexer, i, "{") || lexer_is(t->lexer, i, "}"))
            return dialect_fail_near(t, i, "escape sequences are no part of the dialect");
    }
    return true;
}

static int compare_names(const void *a, const void *b)
{
    return strcasecmp(*(char *const *)a, *(char *const *)b);
}

/* Lists the parameters once each, in order of name: sorting keeps long IN lists linear. */
static bool record_parameters(struct translation *t)
{
    struct dialect_statement *out = t->out;
    size_t kept = 0;

    for (size_t i = t->begin; i < t->end; i++) {
        const struct token *token = &t->lexer->tokens[i];
        char **grown;

        if (token->kind == TOKEN_POSITION)
            out->positional_count++;
        if (token->kind != TOKEN_PARAMETER)
            continue;
        grown = dialect_grow(t, out->parameters, out->parameter_count, sizeof *grown);
        if (!grown)
            return false;
        out->parameters = grown;
        grown[out->parameter_count] = text_copy(t->lexer->text + token->offset, token->length);
        if (!grown[out->parameter_count])
            return dialect_fail_memory(t);
        out->parameter_count++;
    }
    if (out->parameter_count == 0)
        return true;
    qsort(out->parameters, out->parameter_count, sizeof *out->parameters, compare_names);
    for (size_t i = 0; i < out->parameter_count; i++) {
        if (kept > 0 && strcasecmp(out->parameters[i], out->parameters[kept - 1]) == 0)
            free(out->parameters[i]);
        else
            out->parameters[kept++] = out->parameters[i];
    }
    out->parameter_count = kept;
    return true;
}

/* Queries over two connections are read-only (SERVICE.md section 5). */
static bool check_write(struct translation *t)
{
    const struct dialect_statement *out = t->out;

    if (!out->writes || out->table_count == 0 || t->options->lenient)
        return true;
    for (size_t i = 0; i < out->table_count; i++)
        if (strcasecmp(out->tables[i].source.catalog, out->tables[out->target].source.catalog) != 0)
            return dialect_fail(t, DIALECT_READ_ONLY,
                                "Queries over several connections are read-only: '%s' and '%s'.",
                                out->tables[out->target].source.catalog, out->tables[i].source.catalog);
    return true;
}

static bool translate(struct translation *t)
{
    const struct verb *verb = NULL;

    if (!check_tokens(t) || !record_parameters(t))
        return false;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        if (lexer_is(t->lexer, t->begin, refusals[i].word))
            return dialect_fail(t, DIALECT_NOT_SUPPORTED, "Syntax error near '%s': not supported, %s.",
                                refusals[i].word, refusals[i].why);
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs && !verb; i++)
        if (lexer_is(t->lexer, t->begin, verbs[i].word))
            verb = &verbs[i];
    if (!verb && lexer_is(t->lexer, t->begin, "("))
        verb = &verbs[0];
    if (!verb)
        return dialect_fail_near(t, t->begin, "no statement begins like this");
    t->out->kind = verb->kind;
    t->out->rows = verb->rows;
    t->out->writes = verb->writes;
    t->own = dialect_is_own(t);
    t->out->pass_through = t->own;
    t->lenient = t->own || t->options->lenient;
    if (!t->lenient && !verb->documented)
        return dialect_fail_near(t, t->begin, "the statement is not in the dialect");
    if (verb->translate ? !verb->translate(t) : !dialect_query(t, t->begin, t->end))
        return false;
    return check_write(t);
}

struct dialect *dialect_open(const char *text, size_t octets, const struct dialect_options *options)
{
    struct dialect *dialect = calloc(1, sizeof *dialect);

    if (!dialect)
        return NULL;
    dialect->options = *options;
    if (!lexer_read(&dialect->lexer, text, octets)) {
        free(dialect);
        return NULL;
    }
    return dialect;
}

int dialect_next(struct dialect *dialect, struct dialect_statement *out)
{
    const struct lexer *lexer = &dialect->lexer;
    struct translation t = {.lexer = lexer, .options = &dialect->options, .out = out};
    bool done;

    *out = (struct dialect_statement){0};
    while (lexer_is(lexer, dialect->at, ";"))
        dialect->at++;
    if (dialect->at >= lexer->count)
        return 0;
    t.begin = dialect->at;
    t.end = statement_end(lexer, t.begin);
    dialect->at = t.end;
    out->kind = DIALECT_OTHER;
    out->begin = lexer->tokens[t.begin].offset;
    out->end = lexer->tokens[t.end - 1].offset + lexer->tokens[t.end - 1].length;
    done = translate(&t) && out->error.fault == DIALECT_NO_FAULT;
    if (done && out->kind != DIALECT_EXEC) {
        out->sql = text_take(&t.sql);
        done = out->sql || dialect_fail_memory(&t);
    }
    text_free(&t.sql);
    for (size_t i = 0; i < t.local_count; i++)
        free(t.local[i]);
    free(t.local);
    if (!done)
        dialect->at = lexer->count;
    return done ? 1 : -1;
}

void dialect_statement_clear(struct dialect_statement *statement)
{
    free(statement->sql);
    for (size_t i = 0; i < statement->table_count; i++) {
        free(statement->tables[i].name);
        free(statement->tables[i].alias);
    }
    free(statement->tables);
    for (size_t i = 0; i < statement->parameter_count; i++)
        free(statement->parameters[i]);
    free(statement->parameters);
    for (size_t i = 0; i < statement->item_count; i++) {
        free(statement->items[i].label);
        free(statement->items[i].column);
    }
    free(statement->items);
    for (size_t i = 0; i < statement->argument_count; i++) {
        free(statement->arguments[i].name);
        free(statement->arguments[i].parameter);
        free(statement->arguments[i].value);
    }
    free(statement->arguments);
    for (size_t i = 0; i < 3; i++)
        free(statement->procedure[i]);
    free(statement->error.text);
    *statement = (struct dialect_statement){0};
}

void dialect_close(struct dialect *dialect)
{
    if (!dialect)
        return;
    lexer_free(&dialect->lexer);
    free(dialect);
}

/* What SQLite says, and how the service says it: the rest of the message stands between the two texts. */
static const struct engine_message {
    const char *prefix;
    enum dialect_fault fault;
    const char *before;
    const char *after;
} engine_messages[] = {
    {"no such column: ", DIALECT_NO_COLUMN, "Column '", "' does not exist."},
    {"ambiguous column name: ", DIALECT_ENGINE, "Column '", "' is ambiguous."},
    {"no such table: ", DIALECT_NO_TABLE, "Table '", "' does not exist."},
    {"no such function: ", DIALECT_SYNTAX, "Syntax error near '", "': unknown function."},
    {"near ", DIALECT_SYNTAX, "Syntax error near ", "."},
    {"incomplete input", DIALECT_SYNTAX, "Syntax error near 'end of statement'", "."},
    {"unrecognized token: ", DIALECT_SYNTAX, "Syntax error near ", "."},
    {"UNIQUE constraint failed: ", DIALECT_CONSTRAINT, "A row with this key exists already: ", "."},
    {"NOT NULL constraint failed: ", DIALECT_CONSTRAINT, "A value is required: ", "."},
    {"FOREIGN KEY constraint failed", DIALECT_CONSTRAINT, "A related row is missing or in use", "."},
    {"CHECK constraint failed: ", DIALECT_CONSTRAINT, "A value is not allowed: ", "."},
};

struct dialect_error dialect_engine_error(const char *sqlite_message)
{
    static const char unknown[] = " has no column named ";
    const char *column = strstr(sqlite_message, unknown);

    if (column)
        return make_error(DIALECT_NO_COLUMN, "Column '%s' does not exist.", column + strlen(unknown));
    for (size_t i = 0; i < sizeof engine_messages / sizeof *engine_messages; i++) {
        const struct engine_message *known = &engine_messages[i];
        size_t length = strlen(known->prefix);

        if (strncmp(sqlite_message, known->prefix, length) == 0)
            return make_error(known->fault, "%s%s%s", known->before, sqlite_message + length, known->after);
    }
    return make_error(DIALECT_ENGINE, "%s", sqlite_message);
}
