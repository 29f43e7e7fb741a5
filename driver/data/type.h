/* The one table of data types: what the service sends, what ODBC says about it.
 * Rules: SERVICE.md section 4; ODBC reference, appendix D, "Column size, decimal digits, transfer octet
 * length, and display size". */
#ifndef CA_DATA_TYPE_H
#define CA_DATA_TYPE_H

#include <sql.h>
#include <sqlext.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The service's codes. */
enum ca_type_code {
    CA_TYPE_BINARY = 1,
    CA_TYPE_VARCHAR = 5,
    CA_TYPE_TINYINT,
    CA_TYPE_SMALLINT,
    CA_TYPE_INTEGER,
    CA_TYPE_BIGINT,
    CA_TYPE_FLOAT,
    CA_TYPE_DOUBLE,
    CA_TYPE_DECIMAL,
    CA_TYPE_NUMERIC,
    CA_TYPE_BOOLEAN,
    CA_TYPE_DATE,
    CA_TYPE_TIME,
    CA_TYPE_TIMESTAMP,
    CA_TYPE_UUID
};

struct ca_type_options {
    SQLSMALLINT timestamp_scale; /* TimestampScale, 0..9 */
    SQLULEN default_string_size; /* DefaultStringSize: declared size of text of unknown length */
    SQLULEN long_string_size;    /* LongStringSize: declared size of text known to be longer than 4000 */
};

/* What the service says about a column; numbers are 0 where it says nothing. */
struct ca_type_spec {
    int code;
    int64_t length;
    int32_t precision;
    int32_t scale;
};

/* Everything ODBC tells about a column or parameter of that type (ODBC 3 codes). */
struct ca_type_description {
    SQLSMALLINT concise_type;  /* SQL_DESC_CONCISE_TYPE */
    SQLSMALLINT verbose_type;  /* SQL_DESC_TYPE: SQL_DATETIME for dates */
    SQLSMALLINT datetime_code; /* SQL_DESC_DATETIME_INTERVAL_CODE, 0 otherwise */
    SQLULEN column_size;       /* characters, digits or octets; SQL_DESC_LENGTH for character and binary */
    SQLSMALLINT decimal_digits;
    bool has_decimal_digits;  /* false: catalog functions say NULL */
    SQLSMALLINT radix;        /* 10, or 0 where it does not apply */
    SQLSMALLINT precision;    /* SQL_DESC_PRECISION */
    SQLSMALLINT scale;        /* SQL_DESC_SCALE */
    SQLLEN display_size;      /* characters */
    SQLLEN octet_length;      /* transfer octet length */
    SQLLEN char_octet_length; /* CHAR_OCTET_LENGTH of catalog functions; 0 where it does not apply */
};

/* One row of the table; also what SQLGetTypeInfo gives (several rows may share a service code). */
struct ca_type {
    int code;
    const char *name;     /* TYPE_NAME: the service's own name */
    SQLSMALLINT sql_type; /* DATA_TYPE of this row, ODBC 3 */
    SQLULEN maximum_size; /* COLUMN_SIZE of SQLGetTypeInfo */
    const char *prefix;   /* LITERAL_PREFIX, NULL = none */
    const char *suffix;
    const char *create_params; /* NULL = none */
    bool case_sensitive;
    SQLSMALLINT searchable;
    bool numeric; /* UNSIGNED_ATTRIBUTE and AUTO_UNIQUE_VALUE apply */
    bool has_scale;
    SQLSMALLINT minimum_scale;
    SQLSMALLINT maximum_scale;
    SQLSMALLINT radix;
    SQLLEN display_size; /* characters; 0 where it hangs on the column's size */
    SQLLEN octets;       /* transfer octet length; 0 where it hangs on the column's size */
};

/* TIME has this many fraction digits on the wire and as text; TIMESTAMP has as many on the wire. */
enum { CA_TYPE_FRACTION_DIGITS = 7 };
/* Sizes beyond these make a column LONG: characters of text (SERVICE.md) and octets of binary data. */
enum { CA_TYPE_LONGEST_TEXT = 4000, CA_TYPE_LONGEST_BINARY = 8000 };

/* The row that describes columns of a service code; unknown codes are VARCHAR, 2..4 are BINARY. */
const struct ca_type *ca_type_find(int service_code);
/* All rows, sorted by DATA_TYPE as SQLGetTypeInfo wants; *count is set. */
const struct ca_type *ca_type_rows(size_t *count);
/* The service code to send for a concise SQL type (ODBC 2 and 3); 0 if it is no SQL type (HY004). */
int ca_type_code_of_sql(SQLSMALLINT sql_type);
/* ODBC 2 code of a concise ODBC 3 type (dates), others unchanged; and back. */
SQLSMALLINT ca_type_odbc2(SQLSMALLINT concise_type);
SQLSMALLINT ca_type_odbc3(SQLSMALLINT concise_type);

void ca_type_describe(const struct ca_type_spec *spec, const struct ca_type_options *options,
                      struct ca_type_description *description);
/* The description of a concise SQL type with given size and digits, as a parameter or a catalog column has.
 */
void ca_type_describe_sql(SQLSMALLINT sql_type, SQLULEN column_size, SQLSMALLINT decimal_digits,
                          struct ca_type_description *description);

#endif
