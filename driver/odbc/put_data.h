/* Data at execution: SQLParamData and SQLPutData. */
#ifndef CA_ODBC_PUT_DATA_H
#define CA_ODBC_PUT_DATA_H

#include "odbc/statement.h"

/* Finds the parameters whose data comes at execution; SQL_NEED_DATA if there are any (the state is set),
 * SQL_SUCCESS if there are none. */
SQLRETURN ca_put_begin(struct ca_statement *statement, bool direct);
/* The next parameter whose data is wanted: SQL_NEED_DATA with the application's token, or SQL_SUCCESS when
 * all is there. *direct: the execution was begun by SQLExecDirect. */
SQLRETURN ca_put_ask(struct ca_statement *statement, SQLPOINTER *token, bool *direct);
/* The value that was put for a marker of a set: its length (or SQL_NULL_DATA) and its octets. */
SQLLEN ca_put_value(const struct ca_statement *statement, SQLULEN set, unsigned marker, const void **data);
/* Forgets what was put. */
void ca_put_drop(struct ca_statement *statement);
/* SQLCancel while data is awaited: back to the state before execution. */
void ca_put_cancel(struct ca_statement *statement);

#endif
