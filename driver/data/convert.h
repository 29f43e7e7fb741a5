/* Conversion of a cell into an application's buffer. The pair (service type, C type) picks a converter
 * once; SQLFetch and SQLGetData run the same converters. Knows no handle and no network.
 * Rules: ODBC reference, appendix D, "Converting data from SQL to C data types". */
#ifndef CA_DATA_CONVERT_H
#define CA_DATA_CONVERT_H

#include <sql.h>
#include <sqlext.h>

#include "data/cell.h"

enum ca_conversion {
    CA_CONVERTED,
    CA_CONVERT_TRUNCATED,                      /* 01004: *length holds the octets there were */
    CA_CONVERT_FRACTION_LOST,                  /* 01S07 */
    CA_CONVERT_NO_DATA,                        /* parts only: everything was given already */
    CA_CONVERT_FIRST_ERROR,                    /* from here on the target is left undefined */
    CA_CONVERT_RANGE = CA_CONVERT_FIRST_ERROR, /* 22003 */
    CA_CONVERT_TEXT,                           /* 22018: not a literal of the target type */
    CA_CONVERT_DATETIME_FORMAT,                /* 22007 */
    CA_CONVERT_DATETIME_RANGE,                 /* 22008 */
    CA_CONVERT_INTERVAL_RANGE,                 /* 22015 */
    CA_CONVERT_UNSUPPORTED,                    /* 07006 */
    CA_CONVERT_STRING_TOO_LONG,                /* 22001: parameters only */
    CA_CONVERT_NO_MEMORY,                      /* HY001 */
    CA_CONVERT_LENGTH                          /* HY090: parameters only */
};

/* The SQLSTATE of a conversion result and its standard text ("" for CA_CONVERTED and NO_DATA). */
const char *ca_conversion_state(enum ca_conversion conversion);
const char *ca_conversion_text(enum ca_conversion conversion);

/* What stays the same for every row of a bound column. */
struct ca_target {
    SQLLEN capacity;        /* octets of the buffer; only for C types of variable length */
    SQLSMALLINT precision;  /* SQL_C_NUMERIC: 1..38; intervals: leading precision */
    SQLSMALLINT scale;      /* SQL_C_NUMERIC: -127..127; intervals and times: fraction digits */
    SQLSMALLINT text_scale; /* fraction digits of a TIMESTAMP written as text (TimestampScale) */
};

/* How far SQLGetData has come with one cell; all zero at the start. Opaque outside data/. */
struct ca_part {
    size_t source;    /* octets of the cell (or of its rendered text) already given */
    size_t carried;   /* octets already given of the character or base64 group at `source` */
    size_t remaining; /* target octets still to be given, so that parts of long data stay linear */
    bool started;
};

/* Converts a cell that is not NULL. `data` may be NULL (only the length is wanted, variable-length types)
 * and so may `length`. `part` is NULL for a whole conversion, else SQLGetData's progress. `*length` becomes
 * the octets available before this call (without terminator), or SQL_NO_TOTAL. */
typedef enum ca_conversion ca_converter(const struct ca_cell *cell, const struct ca_target *target,
                                        void *data, SQLLEN *length, struct ca_part *part);

/* The cells of a column, row behind row, and where they go. */
struct ca_run {
    const struct ca_cell *cell;
    size_t step; /* cells from one row to the next */
    size_t rows;
    char *data;
    size_t data_stride;
    char *length; /* and indicator, in one */
    size_t length_stride;
};

/* Converts rows from the first on; returns how many. It stops at a cell that its converter must do itself: a
 * rare form, a truncation, an error. */
typedef size_t ca_run_converter(const struct ca_run *run, const struct ca_target *target);

/* The converter for a service type code (unknown codes count as VARCHAR) and a concise C type that is not
 * SQL_C_DEFAULT; NULL if the pair is not convertible (07006). */
ca_converter *ca_converter_find(int service_code, SQLSMALLINT c_type);
/* Its loop over rows; NULL if it has none. */
ca_run_converter *ca_run_converter_find(int service_code, SQLSMALLINT c_type);

/* Octets of a fixed-length C type; 0 for SQL_C_CHAR, SQL_C_WCHAR, SQL_C_BINARY; -1 if it is no C type
 * (HY003). */
SQLLEN ca_c_type_octets(SQLSMALLINT c_type);
/* The C type that SQL_C_DEFAULT means for a concise SQL type (ODBC 2 and 3 codes). */
SQLSMALLINT ca_c_type_default(SQLSMALLINT sql_type);

#endif
