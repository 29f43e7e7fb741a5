/* The SQL dialect of the service: turns its SQL text into statements that SQLite runs.
 *
 * Owns: splitting a text at `;`, resolving names, rewriting or refusing what the dialect has or has not
 * (SERVICE.md section 5). Must not know: HTTP, JSON, how a statement is run, where the tables come from
 * (the caller's callbacks say). */
#ifndef SERVICE_DIALECT_H
#define SERVICE_DIALECT_H

#include <stdbool.h>
#include <stddef.h>

enum dialect_kind {
    DIALECT_SELECT,
    DIALECT_INSERT,
    DIALECT_UPDATE,
    DIALECT_DELETE,
    DIALECT_UPSERT,
    DIALECT_EXEC,   /* not SQL for SQLite: see .procedure and .arguments; .sql is NULL */
    DIALECT_DDL,    /* pass-through or lenient only */
    DIALECT_PRAGMA, /* pass-through or lenient only; gives rows */
    DIALECT_OTHER,  /* lenient or pass-through only */
};

/* Where a table lives. The strings are the callback's and must live until dialect_close(). */
struct dialect_source {
    const char *catalog; /* as the service spells it */
    const char *schema;
    const char *alias; /* name of the attached SQLite database, e.g. "Salesforce.Salesforce" or "main" */
    const char *table; /* the table's name in that database; NULL: the name that was asked for */
    bool pass_through; /* statements on this source alone are SQLite's own dialect */
};

struct dialect_options {
    const char *default_catalog; /* NULL or "" where the request names none */
    const char *default_schema;
    bool lenient; /* let SQLite's own SQL through */
    void *context;
    /* Finds a table (case-insensitive); catalog and schema may be NULL ("any": the first in order of catalog,
     * schema; sys_* tables are found for every combination). table NULL: the source itself, for CREATE and
     * PRAGMA in a pass-through catalog. The defaults are already applied: a one-part name is first asked for
     * with default catalog and schema, and where that finds nothing, with NULL, NULL only if there are no
     * defaults or the name begins with sys_. Returns false if there is none; else fills *out. */
    bool (*find)(void *context, const char *catalog, const char *schema, const char *table,
                 struct dialect_source *out);
    /* The index-th (from 0) primary key column of a table that find() gave, NULL past the last. */
    const char *(*key_column)(void *context, const struct dialect_source *source, const char *table,
                              size_t index);
};

enum dialect_code { DIALECT_INVALID_REQUEST, DIALECT_QUERY_FAILED };

enum dialect_fault {
    DIALECT_NO_FAULT,
    DIALECT_SYNTAX,        /* INVALID_REQUEST, text begins "Syntax error near '…'" */
    DIALECT_NO_TABLE,      /* QUERY_FAILED, "Table '[a].[b].[c]' does not exist." */
    DIALECT_NO_COLUMN,     /* QUERY_FAILED, only from dialect_engine_error() */
    DIALECT_NO_PARAMETER,  /* QUERY_FAILED, only from dialect_engine_error() */
    DIALECT_CONSTRAINT,    /* QUERY_FAILED, only from dialect_engine_error() */
    DIALECT_READ_ONLY,     /* QUERY_FAILED, write over two connections, DDL on a service source */
    DIALECT_NOT_SUPPORTED, /* INVALID_REQUEST, in the grammar, not in this service: CROSS APPLY … */
    DIALECT_NO_MEMORY,     /* QUERY_FAILED */
    DIALECT_ENGINE,        /* QUERY_FAILED, everything else SQLite says */
};

struct dialect_error {
    enum dialect_code code;
    enum dialect_fault fault;
    char *text; /* owned; never NULL when fault is set, but for DIALECT_NO_MEMORY */
};

/* One table named in a statement. */
struct dialect_table {
    struct dialect_source source;
    char *name;  /* the table in SQLite; owned */
    char *alias; /* correlation name or NULL; owned */
};

/* One item of the (first) select list, for the column descriptions SQLite does not give. */
struct dialect_item {
    bool star;   /* `*` or `t.*`: stands for any number of columns */
    char *label; /* alias, column name, or the source text of the expression; NULL for star; owned */
    char
        *column; /* the item, or the first argument of its function, is this plain column; else NULL; owned */
    int type;    /* service type code the expression has, 0: that of .column, or unknown */
    int precision; /* of CAST(… AS DECIMAL(p,s)), or length of VARCHAR(n); 0: none given */
    int scale;
};

/* One argument of EXEC. */
struct dialect_argument {
    char *name;      /* with its @; owned */
    char *parameter; /* the parameter that carries the value (`@p1`, or `?`), or NULL; owned */
    char *value; /* literal as text without quotes (numbers as written, true/false), NULL for NULL; owned */
    int type;    /* service type code of the literal: 5 string, 9 integer, 12 decimal, 11 double, 14 boolean;
                    0 for NULL and for a parameter */
};

struct dialect_statement {
    enum dialect_kind kind;
    char *sql;         /* for sqlite3_prepare; NULL for EXEC and errors; owned */
    bool writes;       /* changes data */
    bool rows;         /* gives a result set */
    bool pass_through; /* was read as SQLite's own dialect */
    size_t target;     /* index in tables of the table written to, when writes */
    struct dialect_table *tables;
    size_t table_count; /* every table named, in order; sources repeat */
    char **parameters;  /* distinct names (any case) with @, in order of name; .sql spells each as written, so
                           bind every variable by its sqlite3_bind_parameter_name(), without regard to case */
    size_t parameter_count;
    size_t positional_count; /* number of `?` */
    struct dialect_item *items;
    size_t item_count;
    char *procedure[3]; /* EXEC: catalog, schema (NULL: the defaults apply, already applied), name; owned */
    struct dialect_argument *arguments;
    size_t argument_count;
    size_t begin, end; /* octets of the text this statement came from */
    struct dialect_error error;
};

struct dialect;

/* Starts on a text (borrowed until dialect_close; may hold NULs, may be garbage). Options are copied, the
 * strings in them are borrowed. NULL: out of memory. */
struct dialect *dialect_open(const char *text, size_t octets, const struct dialect_options *options);

/* Translates the next statement. 1: *out is filled; 0: no more; -1: *out holds the error (and what was
 * known), and the text is given up. Empty statements are skipped. Clear *out each time. */
int dialect_next(struct dialect *dialect, struct dialect_statement *out);

void dialect_statement_clear(struct dialect_statement *statement);
void dialect_close(struct dialect *dialect);

/* The item that describes column `index` of `count` result columns, or NULL where `*` covers it. */
const struct dialect_item *dialect_item_at(const struct dialect_statement *statement, size_t index,
                                           size_t count);

/* Turns a message of SQLite into the service's words ("no such column: x" → "Column 'x' does not exist."). */
struct dialect_error dialect_engine_error(const char *sqlite_message);

/* "INVALID_REQUEST" or "QUERY_FAILED". */
const char *dialect_code_name(enum dialect_code code);

#endif
