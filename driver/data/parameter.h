/* Conversion of an application's parameter value into the JSON the service wants.
 * Rules: ODBC reference, appendix D, "Converting data from C to SQL data types"; SERVICE.md section 1. */
#ifndef CA_DATA_PARAMETER_H
#define CA_DATA_PARAMETER_H

#include <sql.h>
#include <sqlext.h>

#include "base/buffer.h"
#include "data/convert.h"

struct ca_parameter {
    SQLSMALLINT c_type;   /* concise, not SQL_C_DEFAULT */
    SQLSMALLINT sql_type; /* concise */
    SQLULEN column_size;  /* of the SQL type; 0 = unknown */
    SQLSMALLINT decimal_digits;
    SQLSMALLINT precision; /* APD: SQL_C_NUMERIC */
    SQLSMALLINT scale; /* APD: SQL_C_NUMERIC (0: the structure's own); intervals: digits of the fraction */
};

/* Appends the JSON value (`null` for SQL_NULL_DATA) of one parameter; `length` is the resolved indicator:
 * octets, SQL_NTS or SQL_NULL_DATA, and ignored for C types of fixed length. Text is written escaped, binary
 * as base64. CA_CONVERT_FRACTION_LOST is a success: the value was appended. On an error nothing stays
 * appended. */
enum ca_conversion ca_parameter_write(struct ca_buffer *json, const struct ca_parameter *parameter,
                                      const void *data, SQLLEN length);

/* Appends JSON string text with quotes; invalid UTF-8 is replaced. */
bool ca_json_write_text(struct ca_buffer *json, const char *text, size_t octets);

#endif
