/* Procedure calls: POST /exec with names and types from /procedureParameters. */
#ifndef CA_ODBC_PROCEDURE_H
#define CA_ODBC_PROCEDURE_H

#include "odbc/statement.h"

/* Finds the procedure of the statement's call and its parameters: statement->called. SQL_ERROR is posted. */
SQLRETURN ca_procedure_begin(struct ca_statement *statement);
void ca_procedure_drop(struct ca_statement *statement);
/* What the parameter is that a marker of the statement's call stands for; false where the service does not
 * list it, or cannot be asked (nothing is posted). */
bool ca_procedure_describe(struct ca_statement *statement, unsigned marker,
                           struct ca_type_description *description);
/* Appends the arguments of one set, from 0, to the statement's parameters. */
SQLRETURN ca_procedure_write(struct ca_statement *statement, SQLULEN set);
/* Sends the call with arguments so written and opens its first result. */
SQLRETURN ca_procedure_send(struct ca_statement *statement, const char *json, size_t octets);
/* When the results of the set are exhausted: output values into bound memory, once. SQL_SUCCESS where there
 * are none. */
SQLRETURN ca_procedure_outputs(struct ca_statement *statement);

#endif
