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

struct ca_value;
typedef enum ca_conversion ca_value_reader(const struct ca_parameter *parameter, const void *data,
                                           SQLLEN length, struct ca_value *value);

/* What the pair of types decides, looked up once for many values. */
struct ca_parameter_plan {
    int code;              /* of the service; 0 = there is none: CA_CONVERT_UNSUPPORTED */
    uint8_t class;         /* of the SQL type, as parameter.c has them */
    ca_value_reader *read; /* NULL = no such C type: CA_CONVERT_UNSUPPORTED */
};

struct ca_parameter_plan ca_parameter_plan(const struct ca_parameter *parameter);

/* Appends the JSON value (`null` for SQL_NULL_DATA) of one parameter; `length` is the resolved indicator:
 * octets, SQL_NTS or SQL_NULL_DATA, and ignored for C types of fixed length. Text is written escaped, binary
 * as base64. CA_CONVERT_FRACTION_LOST is a success: the value was appended. On an error nothing stays
 * appended. */
enum ca_conversion ca_parameter_write_planned(struct ca_buffer *json, const struct ca_parameter *parameter,
                                              const struct ca_parameter_plan *plan, const void *data,
                                              SQLLEN length);
/* The same for a single value. */
enum ca_conversion ca_parameter_write(struct ca_buffer *json, const struct ca_parameter *parameter,
                                      const void *data, SQLLEN length);

/* Appends JSON string text with quotes; invalid UTF-8 is replaced. */
bool ca_json_write_text(struct ca_buffer *json, const char *text, size_t octets);

#endif
