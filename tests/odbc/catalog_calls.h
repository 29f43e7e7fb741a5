/*
 * Catalog functions as data: which one, with which arguments.
 */
#ifndef ODBC_CATALOG_CALLS_H
#define ODBC_CATALOG_CALLS_H

#include "harness.h"

/* A text argument: NULL, or with SQL_NTS. */
#define ARG(text) (SQLCHAR *)(uintptr_t)(text), SQL_NTS
#define NONE      NULL, 0

enum catalog_function {
    TABLES,
    COLUMNS,
    PRIMARY_KEYS,
    FOREIGN_KEYS,  /* of the table that holds them */
    EXPORTED_KEYS, /* of the table that they point to */
    STATISTICS,
    SPECIAL_COLUMNS,
    PROCEDURES,
    PROCEDURE_COLUMNS,
    TABLE_PRIVILEGES,
    COLUMN_PRIVILEGES,
    CATALOG_FUNCTIONS
};

struct catalog_call {
    enum catalog_function function;
    const char *catalog, *schema, *table;
    const char *last; /* types, column, where the function has such an argument */
};

SQLRETURN catalog_call(SQLHSTMT stmt, const struct catalog_call *call);

/* The same through the wide function. */
SQLRETURN catalog_call_wide(SQLHSTMT stmt, const struct catalog_call *call);

/* The call as it is written in C, for messages; the caller's to free. */
char *catalog_call_text(const struct catalog_call *call);

#endif
