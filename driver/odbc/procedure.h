/* Procedure calls: POST /exec with names and types from /procedureParameters. */
#ifndef CA_ODBC_PROCEDURE_H
#define CA_ODBC_PROCEDURE_H

#include "odbc/statement.h"

SQLRETURN ca_procedure_execute(struct ca_statement *statement);
/* When the results are exhausted: output values into bound memory, once. SQL_SUCCESS where there are none. */
SQLRETURN ca_procedure_outputs(struct ca_statement *statement);

#endif
