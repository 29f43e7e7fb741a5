/*
 * Owns the mapping from a call as data to the ODBC function. Knows nothing of what comes back.
 */
#include "catalog_calls.h"

SQLRETURN catalog_call(SQLHSTMT s, const struct catalog_call *c)
{
    switch (c->function) {
    case TABLES:
        return SQLTables(s, ARG(c->catalog), ARG(c->schema), ARG(c->table), ARG(c->last));
    case COLUMNS:
        return SQLColumns(s, ARG(c->catalog), ARG(c->schema), ARG(c->table), ARG(c->last));
    case PRIMARY_KEYS:
        return SQLPrimaryKeys(s, ARG(c->catalog), ARG(c->schema), ARG(c->table));
    case FOREIGN_KEYS:
        return SQLForeignKeys(s, NONE, NONE, NONE, ARG(c->catalog), ARG(c->schema), ARG(c->table));
    case EXPORTED_KEYS:
        return SQLForeignKeys(s, ARG(c->catalog), ARG(c->schema), ARG(c->table), NONE, NONE, NONE);
    case STATISTICS:
        return SQLStatistics(s, ARG(c->catalog), ARG(c->schema), ARG(c->table), SQL_INDEX_ALL, SQL_QUICK);
    case SPECIAL_COLUMNS:
        return SQLSpecialColumns(s, SQL_BEST_ROWID, ARG(c->catalog), ARG(c->schema), ARG(c->table),
                                 SQL_SCOPE_CURROW, SQL_NULLABLE);
    case PROCEDURES:
        return SQLProcedures(s, ARG(c->catalog), ARG(c->schema), ARG(c->table));
    case PROCEDURE_COLUMNS:
        return SQLProcedureColumns(s, ARG(c->catalog), ARG(c->schema), ARG(c->table), ARG(c->last));
    case TABLE_PRIVILEGES:
        return SQLTablePrivileges(s, ARG(c->catalog), ARG(c->schema), ARG(c->table));
    case COLUMN_PRIVILEGES:
        return SQLColumnPrivileges(s, ARG(c->catalog), ARG(c->schema), ARG(c->table), ARG(c->last));
    case CATALOG_FUNCTIONS:
        break;
    }
    return SQL_ERROR;
}

char *catalog_call_text(const struct catalog_call *c)
{
    static const char *const names[CATALOG_FUNCTIONS] = {[TABLES] = "SQLTables",
                                                         [COLUMNS] = "SQLColumns",
                                                         [PRIMARY_KEYS] = "SQLPrimaryKeys",
                                                         [FOREIGN_KEYS] = "SQLForeignKeys(fk)",
                                                         [EXPORTED_KEYS] = "SQLForeignKeys(pk)",
                                                         [STATISTICS] = "SQLStatistics",
                                                         [SPECIAL_COLUMNS] = "SQLSpecialColumns",
                                                         [PROCEDURES] = "SQLProcedures",
                                                         [PROCEDURE_COLUMNS] = "SQLProcedureColumns",
                                                         [TABLE_PRIVILEGES] = "SQLTablePrivileges",
                                                         [COLUMN_PRIVILEGES] = "SQLColumnPrivileges"};
    const char *const parts[] = {c->catalog, c->schema, c->table, c->last};
    char *text = text_format("%s(", names[c->function]);

    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        char *longer = text_format("%s%s%s%s%s", text, i > 0 ? ", " : "", parts[i] ? "\"" : "",
                                   parts[i] ? parts[i] : "NULL", parts[i] ? "\"" : "");
        free(text);
        text = longer;
    }
    char *whole = text_format("%s)", text);
    free(text);
    return whole;
}
