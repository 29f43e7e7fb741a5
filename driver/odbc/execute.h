/* Preparing and executing statements. */
#ifndef CA_ODBC_EXECUTE_H
#define CA_ODBC_EXECUTE_H

#include "odbc/statement.h"

/* Sends the statement whose parameters are all at hand, and opens its first result. */
SQLRETURN ca_execute_now(struct ca_statement *statement);
/* Takes up what a request ended with: opens the result in which the reply stands, or posts the error. */
SQLRETURN ca_result_open(struct ca_statement *statement, enum ca_next next);
/* The members of a body that every statement sends. The catalog must be freed by the caller. */
bool ca_execute_body(struct ca_statement *statement, struct ca_body *body, char **catalog);

#endif
