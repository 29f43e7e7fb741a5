/* The inner function of every exported one: generated from functions.def. */
#ifndef CA_ODBC_INNER_H
#define CA_ODBC_INNER_H

#include "odbc/connection.h"
#include "odbc/descriptor.h"
#include "odbc/environment.h"
#include "odbc/statement.h"
#include "odbc/text.h"

#include "functions_inner.h"

/* Of the functions written by hand in entry.c. */
SQLRETURN ca_handle_alloc(SQLSMALLINT kind, struct ca_handle *parent, SQLHANDLE *output);
/* Takes over the caller's reference when it succeeds. */
SQLRETURN ca_handle_free(struct ca_handle *handle);
/* All options but SQL_DROP. */
SQLRETURN ca_odbc_free_stmt(struct ca_statement *statement, SQLUSMALLINT option);
SQLRETURN ca_descriptor_copy_call(struct ca_descriptor *target, struct ca_descriptor *source);

#endif
