/* Bound parameters as an execution sees them: types, addresses and strides, looked up once for all sets. */
#ifndef CA_ODBC_BOUNDS_H
#define CA_ODBC_BOUNDS_H

#include "base/buffer.h"
#include "data/parameter.h"

struct ca_bound {
    struct ca_parameter parameter; /* types and sizes; the C type is never SQL_C_DEFAULT */
    struct ca_parameter_plan plan;
    SQLSMALLINT direction; /* SQL_PARAM_INPUT, … */
    /* of set 0, the bind offset applied */
    void *data;
    SQLLEN *length;    /* SQL_DESC_OCTET_LENGTH_PTR */
    SQLLEN *indicator; /* SQL_DESC_INDICATOR_PTR */
    /* from set to set */
    size_t data_stride;
    size_t length_stride;
    /* in `heads` of struct ca_bounds */
    size_t head;
    size_t head_octets;
};

/* Every marker of the statement that is being executed. */
struct ca_bounds {
    struct ca_bound *items; /* marker n at n - 1 */
    size_t capacity;
    struct ca_buffer heads; /* what stands before each value in the JSON of a set */
};

#endif
