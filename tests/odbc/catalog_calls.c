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

static SQLRETURN call_wide(SQLHSTMT s, enum catalog_function function, SQLWCHAR *const a[4])
{
    switch (function) {
    case TABLES:
        return SQLTablesW(s, a[0], SQL_NTS, a[1], SQL_NTS, a[2], SQL_NTS, a[3], SQL_NTS);
    case COLUMNS:
        return SQLColumnsW(s, a[0], SQL_NTS, a[1], SQL_NTS, a[2], SQL_NTS, a[3], SQL_NTS);
    case PRIMARY_KEYS:
        return SQLPrimaryKeysW(s, a[0], SQL_NTS, a[1], SQL_NTS, a[2], SQL_NTS);
    case FOREIGN_KEYS:
        return SQLForeignKeysW(s, NONE, NONE, NONE, a[0], SQL_NTS, a[1], SQL_NTS, a[2], SQL_NTS);
    case EXPORTED_KEYS:
        return SQLForeignKeysW(s, a[0], SQL_NTS, a[1], SQL_NTS, a[2], SQL_NTS, NONE, NONE, NONE);
    case STATISTICS:
        return SQLStatisticsW(s, a[0], SQL_NTS, a[1], SQL_NTS, a[2], SQL_NTS, SQL_INDEX_ALL, SQL_QUICK);
    case SPECIAL_COLUMNS:
        return SQLSpecialColumnsW(s, SQL_BEST_ROWID, a[0], SQL_NTS, a[1], SQL_NTS, a[2], SQL_NTS,
                                  SQL_SCOPE_CURROW, SQL_NULLABLE);
    case PROCEDURES:
        return SQLProceduresW(s, a[0], SQL_NTS, a[1], SQL_NTS, a[2], SQL_NTS);
    case PROCEDURE_COLUMNS:
        return SQLProcedureColumnsW(s, a[0], SQL_NTS, a[1], SQL_NTS, a[2], SQL_NTS, a[3], SQL_NTS);
    case TABLE_PRIVILEGES:
        return SQLTablePrivilegesW(s, a[0], SQL_NTS, a[1], SQL_NTS, a[2], SQL_NTS);
    case COLUMN_PRIVILEGES:
        return SQLColumnPrivilegesW(s, a[0], SQL_NTS, a[1], SQL_NTS, a[2], SQL_NTS, a[3], SQL_NTS);
    case CATALOG_FUNCTIONS:
        break;
    }
    return SQL_ERROR;
}

SQLRETURN catalog_call_wide(SQLHSTMT stmt, const struct catalog_call *call)
{
    const char *const parts[] = {call->catalog, call->schema, call->table, call->last};
    SQLWCHAR *wide[COUNT_OF(parts)];

    for (size_t i = 0; i < COUNT_OF(parts); i++)
        wide[i] = parts[i] ? wide_from(parts[i]) : NULL;
    SQLRETURN code = call_wide(stmt, call->function, wide);
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        free(wide[i]);
    return code;
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
