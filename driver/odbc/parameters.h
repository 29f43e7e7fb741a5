/* Bound parameters as the JSON of a request. */
#ifndef CA_ODBC_PARAMETERS_H
#define CA_ODBC_PARAMETERS_H

#include "odbc/statement.h"

/* Every marker needs a binding: SQL_SUCCESS or 07002 posted. */
SQLRETURN ca_parameters_check(struct ca_statement *statement);

/* What the descriptors say of marker 1… now; no plan. */
struct ca_bound ca_bound_read(const struct ca_statement *statement, unsigned marker);
/* Reads all markers into statement->bounds for the execution that begins. SQL_ERROR: HY001 is posted. */
SQLRETURN ca_bounds_take(struct ca_statement *statement);
void ca_bounds_free(struct ca_bounds *bounds);

/* Where a parameter of a set, from 0, lies; NULL where nothing is bound. */
void *ca_bound_data(const struct ca_bound *bound, SQLULEN set);
SQLLEN *ca_bound_length_place(const struct ca_bound *bound, SQLULEN set);
SQLLEN *ca_bound_indicator_place(const struct ca_bound *bound, SQLULEN set);
/* The indicator of an input value: octets, SQL_NTS, SQL_NULL_DATA (an output parameter has no other),
 * SQL_DEFAULT_PARAM or data at execution. */
SQLLEN ca_bound_length(const struct ca_bound *bound, SQLULEN set);
bool ca_is_data_at_execution(SQLLEN length);

/* Appends the value of one parameter to the statement's parameters. SQL_ERROR is posted with the set's number
 * as row and the marker as column. */
SQLRETURN ca_bound_write(struct ca_statement *statement, const struct ca_bound *bound, SQLULEN set,
                         unsigned marker);
/* Appends `"@p1":{"dataType":n,"value":…}` for each marker of a set, in braces. There is at least one. */
SQLRETURN ca_parameters_write(struct ca_statement *statement, SQLULEN set);
/* Appends the object with typed NULLs for every marker. */
bool ca_parameters_write_nulls(struct ca_statement *statement);
/* SQL_ATTR_PARAM_OPERATION_PTR says that the set takes part. */
bool ca_parameters_set_used(const struct ca_statement *statement, SQLULEN set);
/* Says in SQL_ATTR_PARAM_STATUS_PTR, where there is one, what became of the set. */
void ca_parameters_set_status(const struct ca_statement *statement, SQLULEN set, SQLUSMALLINT status);

#endif
