/* Arrays of parameters: INSERT, UPDATE and DELETE through POST /batch. */
#ifndef CA_ODBC_BATCH_H
#define CA_ODBC_BATCH_H

#include "odbc/statement.h"

/* Sends all parameter sets in requests of limited size, in order; nothing is sent after the first failed one.
 */
SQLRETURN ca_batch_execute(struct ca_statement *statement);

#endif
