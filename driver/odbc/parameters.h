/* Bound parameters as the JSON of a request. */
#ifndef CA_ODBC_PARAMETERS_H
#define CA_ODBC_PARAMETERS_H

#include "odbc/statement.h"

/* Where one parameter of one set lies. */
struct ca_bound {
    const struct ca_descriptor_record *application;
    const struct ca_descriptor_record *own;
    SQLSMALLINT c_type; /* never SQL_C_DEFAULT */
    char *data;
    SQLLEN *length;    /* SQL_DESC_OCTET_LENGTH_PTR */
    SQLLEN *indicator; /* SQL_DESC_INDICATOR_PTR */
};

/* Every marker needs a binding: SQL_SUCCESS or 07002 posted. */
SQLRETURN ca_parameters_check(struct ca_statement *statement);
/* Marker 1…, set 0…; the addresses with bind offset and stride applied. */
struct ca_bound ca_parameter_bound(const struct ca_statement *statement, unsigned marker, SQLULEN set);
/* The indicator of an input value: octets, SQL_NTS, SQL_NULL_DATA, SQL_DEFAULT_PARAM or data at execution. */
SQLLEN ca_bound_length(const struct ca_bound *bound);
bool ca_is_data_at_execution(SQLLEN length);
/* Appends the value of one parameter as that SQL type. */
SQLRETURN ca_bound_write(struct ca_statement *statement, struct ca_buffer *json, const struct ca_bound *bound,
                         SQLSMALLINT sql_type, SQLULEN set, unsigned marker);
/* Appends `"@p1":{"dataType":n,"value":…}` for each marker of a set, in braces. SQL_ERROR: posted with the
 * set's number as row and the marker as column. */
SQLRETURN ca_parameters_write(struct ca_statement *statement, struct ca_buffer *json, SQLULEN set);
/* Appends the object with typed NULLs for every marker. */
bool ca_parameters_write_nulls(const struct ca_statement *statement, struct ca_buffer *json);
/* SQL_ATTR_PARAM_OPERATION_PTR says that the set takes part. */
bool ca_parameters_set_used(const struct ca_statement *statement, SQLULEN set);
/* Says in SQL_ATTR_PARAM_STATUS_PTR, where there is one, what became of the set. */
void ca_parameters_set_status(const struct ca_statement *statement, SQLULEN set, SQLUSMALLINT status);

#endif
