/* The kind of a statement, told from its bare words while another pass reads it. */
#ifndef CA_SQL_KIND_H
#define CA_SQL_KIND_H

#include <stdbool.h>

#include "sql/statement.h"
#include "sql/token.h"

struct ca_sql_watch {
    enum ca_sql_kind kind;
    bool started;    /* the first word was seen */
    bool in_with;    /* WITH …: the verb is still to come */
    bool writes;     /* a word that changes data, or may */
    bool terminated; /* a `;` was seen */
    bool several;
    bool behind_dot; /* a word here is part of a name */
    long depth;      /* of parentheses */
    long with_depth;
};

void ca_sql_watch_init(struct ca_sql_watch *watch);
/* To be called with every token of the text in turn, but not with the names of escape functions. */
void ca_sql_watch_token(struct ca_sql_watch *watch, const struct ca_sql_token *token);
/* One statement that begins with SELECT (or WITH) and holds no word that writes: SERVICE.md section 7. */
bool ca_sql_watch_single_select(const struct ca_sql_watch *watch);

#endif
