/* What type a parameter marker has, as far as it can be known. */
#ifndef CA_ODBC_PARAMETER_TYPE_H
#define CA_ODBC_PARAMETER_TYPE_H

#include "odbc/statement.h"

/* Marker 1…. What cannot be known is SQL_WVARCHAR of the default size. */
void ca_parameter_describe(struct ca_statement *statement, unsigned marker,
                           struct ca_type_description *description);

#endif
