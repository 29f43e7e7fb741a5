/* The text of a statement, read once: what to send, what kind it is, which markers and which call it holds.
 * Knows neither handles nor the service's requests. Rules: SERVICE.md section 5; ODBC reference, appendix C,
 * "ODBC escape sequences". */
#ifndef CA_SQL_STATEMENT_H
#define CA_SQL_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "sql/call.h"
#include "sql/function.h"
#include "sql/name.h"

enum ca_sql_kind {
    CA_SQL_SELECT, /* also WITH … SELECT */
    CA_SQL_INSERT,
    CA_SQL_UPDATE,
    CA_SQL_DELETE,
    CA_SQL_UPSERT,
    CA_SQL_EXEC,
    CA_SQL_CALL, /* {call …} */
    CA_SQL_DDL,
    CA_SQL_OTHER
};

struct ca_sql_options {
    bool noscan;         /* SQL_ATTR_NOSCAN: `{…}` is left alone; markers and "names" never are */
    const char *catalog; /* value of {fn DATABASE()}; NULL = '' */
    const char *user;    /* value of {fn USER()}; NULL = '' */
};

/* Which column a marker stands for, as far as the text of a statement on one table tells. */
struct ca_sql_targets {
    struct ca_sql_name table; /* table.name is NULL where no column is known */
    char **columns;           /* [markers]; marker n at n - 1; NULL = unknown */
};

enum { CA_SQL_PREFIX_OCTETS = 24 };

struct ca_sql_statement {
    char *text; /* what to send, NUL-terminated; for CA_SQL_CALL the EXECUTE statement of the same meaning */
    size_t octets;
    bool changed; /* false: byte for byte the application's text */
    enum ca_sql_kind kind;
    bool single_select; /* one statement, nothing behind a `;`, no word that writes: may be sent again */
    bool several;       /* something stands behind a `;` */
    unsigned markers;
    char prefix[CA_SQL_PREFIX_OCTETS]; /* marker n is @<prefix>n; no other name in the text begins so */
    struct ca_sql_call *call; /* always for CA_SQL_CALL; for CA_SQL_EXEC where it is simple, else NULL */
    struct ca_sql_targets *targets; /* NULL until ca_sql_marker_targets */
};

/* Reads UTF-8 text. The statement owns all it holds; on failure it holds nothing and `error` says
 * 42000 (what and at which character), 22007, 22018, 22019, HYC00 or HY001. */
bool ca_sql_read(const char *text, size_t octets, const struct ca_sql_options *options,
                 struct ca_sql_statement *statement, struct ca_error *error);
void ca_sql_statement_free(struct ca_sql_statement *statement);

/* Finds the columns that the markers stand for, once, and keeps them in the statement (SQLDescribeParam).
 * False: HY001. What cannot be told stays unknown. */
bool ca_sql_marker_targets(struct ca_sql_statement *statement, struct ca_error *error);

#endif
