/* A procedure call: `{[?=] call name[(…)]}` and the plain EXEC statement, as data for POST /exec.
 * Knows no procedure: which parameters there are and what they are named, the caller finds out. */
#ifndef CA_SQL_CALL_H
#define CA_SQL_CALL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"
#include "sql/name.h"

enum ca_sql_argument_kind {
    CA_SQL_ARGUMENT_DEFAULT, /* nothing between the commas, or the word DEFAULT */
    CA_SQL_ARGUMENT_MARKER,
    CA_SQL_ARGUMENT_NULL,
    CA_SQL_ARGUMENT_STRING, /* from here on: a literal, its value in `text` */
    CA_SQL_ARGUMENT_INTEGER,
    CA_SQL_ARGUMENT_DECIMAL, /* digits with a point */
    CA_SQL_ARGUMENT_DOUBLE,  /* with an exponent */
    CA_SQL_ARGUMENT_BOOLEAN, /* TRUE or FALSE, in the text's own letter case */
    CA_SQL_ARGUMENT_DATE,    /* {d '…'} and so on: what stands in the quotes */
    CA_SQL_ARGUMENT_TIME,
    CA_SQL_ARGUMENT_TIMESTAMP,
    CA_SQL_ARGUMENT_GUID
};

struct ca_sql_argument {
    enum ca_sql_argument_kind kind;
    unsigned marker; /* CA_SQL_ARGUMENT_MARKER: its number, from 1 */
    char *name;      /* of `@name = …` in EXEC, without the @; NULL: the argument goes by position */
    char *text;      /* value of a literal: quotes undone, a number as written (`.5`, `007`), -; owned */
    size_t octets;
};

struct ca_sql_call {
    struct ca_sql_name procedure;
    bool has_return; /* marker 1 receives the return value and is no argument */
    struct ca_sql_argument *arguments;
    size_t count;
    unsigned markers; /* the one of the return value included */
};

/* Whether the first thing in the text is `{call` or `{?`: then it must be a call. */
bool ca_sql_call_starts(const char *text, size_t octets);
/* Reads the escape, which must be the whole statement (ODBC reference, appendix C, "Procedure call escape
 * sequence"). NULL: 42000, 22007, 22018 or HY001 in `error`. */
struct ca_sql_call *ca_sql_call_read(const char *text, size_t octets, struct ca_error *error);
/* Reads `EXEC[UTE] [? =] name [[@a =] value, …] [;]`, with literal escapes as values unless `noscan`. NULL
 * without an error: the statement is not that simple and has to go as a query. */
struct ca_sql_call *ca_sql_call_read_exec(const char *text, size_t octets, bool noscan,
                                          struct ca_error *error);
/* Appends the call as an EXECUTE statement, marker n as @<prefix>n. */
bool ca_sql_call_write(struct ca_buffer *text, const struct ca_sql_call *call, const char *prefix);
void ca_sql_call_free(struct ca_sql_call *call);

#endif
