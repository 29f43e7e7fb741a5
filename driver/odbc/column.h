/* What SQLDescribeCol, SQLColAttribute and the IRD say of a result column: one view, computed from the
 * service's description and the type table. */
#ifndef CA_ODBC_COLUMN_H
#define CA_ODBC_COLUMN_H

#include "odbc/statement.h"

struct ca_column_view {
    const char *label;
    const char *name;
    const char *table;
    const char *schema;
    const char *catalog;
    const char *type_name;
    const char *prefix;
    const char *suffix;
    SQLLEN auto_unique;
    SQLLEN case_sensitive;
    SQLLEN concise_type; /* in the application's ODBC version */
    SQLLEN verbose_type;
    SQLLEN datetime_code;
    SQLLEN interval_precision;
    SQLLEN display_size;
    SQLLEN fixed_scale;
    SQLLEN length;      /* SQL_DESC_LENGTH: characters, octets or digits */
    SQLLEN column_size; /* SQL_COLUMN_PRECISION of ODBC 2 */
    SQLLEN nullable;
    SQLLEN radix;
    SQLLEN octet_length;
    SQLLEN precision;
    SQLLEN scale;
    SQLLEN digits; /* DecimalDigits of SQLDescribeCol */
    SQLLEN searchable;
    SQLLEN unnamed;
    SQLLEN is_unsigned;
    SQLLEN updatable;
    SQLLEN rowver;
};

/* Makes the columns known: after SQLPrepare they are asked for with schemaOnly, once. SQL_ERROR: posted.
 * Afterwards statement->columns is NULL if there is no result set. */
SQLRETURN ca_columns_ready(struct ca_statement *statement);
/* Column 1… of statement->columns. */
void ca_column_view(const struct ca_statement *statement, unsigned number, struct ca_column_view *view);
/* Finds a field: *text or *number is set. false: no such field of a column. */
bool ca_column_field(const struct ca_column_view *view, SQLSMALLINT field, const char **text, SQLLEN *number);

#endif
