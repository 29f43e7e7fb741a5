/* Requests of a statement and the results that come back. */
#ifndef CA_ODBC_RESULT_H
#define CA_ODBC_RESULT_H

#include "odbc/statement.h"

/* The members of a body that every statement sends. The catalog must be freed by the caller; false: no
 * memory. */
bool ca_request_body(struct ca_statement *statement, struct ca_body *body, char **catalog);
/* Takes up what a request ended with: opens the result in which the reply stands, or posts the error. */
SQLRETURN ca_result_open(struct ca_statement *statement, enum ca_next next);

#endif
