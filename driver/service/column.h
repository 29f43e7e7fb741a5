/* The columns of a result as the service describes them. */
#ifndef CA_SERVICE_COLUMN_H
#define CA_SERVICE_COLUMN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "data/type.h"

struct ca_column {
    char *catalog; /* texts are never NULL */
    char *schema;
    char *table;
    char *name;  /* columnName */
    char *label; /* what the application calls the column */
    char *type_name;
    struct ca_type_spec spec;
    SQLSMALLINT
    nullable; /* SQL_NULLABLE or SQL_NULLABLE_UNKNOWN: the service's `false` does not cover joins */
};

struct ca_columns {
    struct ca_column *items;
    unsigned count;
};

/* Reads the JSON text of a `schema` member; `null` and `[]` give no columns. */
bool ca_columns_read(struct ca_columns *columns, const char *json, size_t octets, struct ca_error *error);
void ca_columns_free(struct ca_columns *columns);
/* Octets of memory that they take, roughly. */
size_t ca_columns_octets(const struct ca_columns *columns);

#endif
