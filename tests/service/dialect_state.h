/* What the files of the dialect share: the statement being translated, and who translates what.
 *
 * Every function returns false once out->error is set; the caller only passes it on. A range [begin, end) is
 * one of tokens. Must not be included outside dialect*.c. */
#ifndef SERVICE_DIALECT_STATE_H
#define SERVICE_DIALECT_STATE_H

#include "dialect.h"
#include "dialect_text.h"
#include "lexer.h"

struct translation {
    const struct lexer *lexer;
    const struct dialect_options *options;
    struct dialect_statement *out;
    struct text sql;
    size_t begin, end; /* the statement's tokens */
    unsigned depth;    /* open parentheses */
    bool lenient;      /* SQLite's own SQL passes */
    bool own;          /* pass-through: SQLite's functions and types, not the service's */
    bool itemized;     /* the select list that describes the result has been read */
    char **local;      /* names of common table expressions; owned */
    size_t local_count;
};

/* What the words of a range may mean besides an expression. */
enum expression_context {
    CONTEXT_PLAIN = 0,
    CONTEXT_ORDER = 1,  /* ASC, DESC, NULLS FIRST */
    CONTEXT_ITEMS = 2,  /* AS */
    CONTEXT_CALL = 4,   /* DISTINCT, * at the start */
    CONTEXT_WINDOW = 8, /* PARTITION BY, ORDER BY, frames */
};

/* A dotted name: part k stands at token first + 2k. */
struct chain {
    size_t first;
    size_t count;
    bool star;   /* ends in .* */
    size_t next; /* the token after it */
};

/* dialect.c */
bool dialect_fail(struct translation *t, enum dialect_fault fault, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* "Syntax error near 'token' …": why follows after a colon. */
bool dialect_fail_near(struct translation *t, size_t index, const char *why);
bool dialect_fail_memory(struct translation *t);
/* One token as it stands, after a blank. */
void dialect_emit(struct translation *t, size_t index);
/* A name or word: quoted, or as it stands where SQLite's own words may be meant. */
bool dialect_emit_name(struct translation *t, size_t index);
/* First token at this level of parentheses that is the word, or end. */
size_t dialect_seek(const struct translation *t, size_t begin, size_t end, const char *word);
/* Appends a zeroed element to an array; NULL: out of memory (the error is set). */
void *dialect_grow(struct translation *t, void *array, size_t count, size_t size);

/* dialect_names.c */
bool dialect_chain(const struct translation *t, size_t begin, size_t end, struct chain *out);
/* Finds the table a chain names, records it, gives its index in out->tables. */
bool dialect_table(struct translation *t, const struct chain *chain, size_t *index);
/* As dialect_table, and writes its qualified name. */
bool dialect_emit_table(struct translation *t, const struct chain *chain, size_t *index);
/* Writes a column (or t.*) reference with its qualifiers in SQLite's terms. */
bool dialect_emit_column(struct translation *t, const struct chain *chain);
/* Is the statement on the pass-through source alone? */
bool dialect_is_own(struct translation *t);
/* The source that a chain which may name a new table belongs to; false: none (an error is set only for want
 * of memory). */
bool dialect_home(struct translation *t, const struct chain *chain, struct dialect_source *out);
/* Common table expressions hide tables. */
bool dialect_is_local(const struct translation *t, const char *name);

/* dialect_expression.c */
bool dialect_expression(struct translation *t, size_t begin, size_t end, unsigned context);
/* Is the token a number with more digits than SQLite keeps? */
bool dialect_is_long(const struct translation *t, size_t index);

/* dialect_call.c */
/* A function call: name at index, its parenthesis after it. Gives the token after the call. */
bool dialect_call(struct translation *t, size_t index, size_t *next);

/* dialect_cast.c */
struct cast_type {
    const char *name; /* in capitals */
    int code;         /* enum service_type */
    int first;        /* length or precision, -1: none given */
    int second;       /* scale, -1 */
};
/* Reads "T", "T(n)", "T(p,s)". False: no type of the service (no error set). */
bool dialect_cast_type(const struct translation *t, size_t begin, size_t end, struct cast_type *out);
/* CAST ( … ): the range inside its parentheses. */
bool dialect_cast(struct translation *t, size_t name, size_t begin, size_t end);

/* dialect_query.c */
bool dialect_query(struct translation *t, size_t begin, size_t end);
bool dialect_begins_query(const struct translation *t, size_t index);

/* dialect_from.c */
bool dialect_from(struct translation *t, size_t begin, size_t end);

/* dialect_items.c */
/* Describes the items of a select list. */
bool dialect_items(struct translation *t, size_t begin, size_t end);

/* dialect_write.c */
bool dialect_insert(struct translation *t);
bool dialect_upsert(struct translation *t);
bool dialect_update(struct translation *t);
bool dialect_delete(struct translation *t);

/* dialect_exec.c */
bool dialect_exec(struct translation *t);

/* dialect_own.c: what only the pass-through source and lenient services take */
bool dialect_define(struct translation *t);
bool dialect_pragma(struct translation *t);
bool dialect_copy(struct translation *t);

#endif
