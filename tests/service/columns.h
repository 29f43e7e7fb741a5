/*
 * The description of a result set's columns (SERVICE.md section 3, `schema`).
 */
#ifndef SERVICE_COLUMNS_H
#define SERVICE_COLUMNS_H

#include "session.h"

struct column {
    const char *catalog; /* "" where the column is an expression */
    const char *schema;
    const char *table;
    const char *name;
    const char *label;
    struct sample_type type;
    bool nullable;
};

struct columns {
    struct column *items;
    size_t count;
    struct arena arena;
};

/*
 * Describes the columns of a prepared statement. Types come from the model, from the declared type, from what
 * the dialect knows of the expression (`statement`, may be NULL), and last from the row the statement stands
 * on (`on_row`). False without memory. columns_free is due either way.
 */
bool columns_describe(struct columns *columns, struct session *session, sqlite3_stmt *stmt,
                      const struct dialect_statement *statement, bool on_row);

/* Whether some type can only be known from a row. */
bool columns_need_row(struct session *session, sqlite3_stmt *stmt, const struct dialect_statement *statement);

void columns_free(struct columns *columns);

#endif
