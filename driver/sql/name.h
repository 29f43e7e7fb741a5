/* Names of up to three parts, as they stand in SQL text and as values.
 * Knows nothing of the catalog that they belong to. */
#ifndef CA_SQL_NAME_H
#define CA_SQL_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"

/* The parts without their quotes; catalog and schema are NULL where the text has none. Owned. */
struct ca_sql_name {
    char *catalog;
    char *schema;
    char *name;
};

/* Reads `[a].[b].[c]`, `"a"."b"."c"`, backticks or bare parts, mixed as one likes, blanks and comments
 * around them. False: 42000 (not such a name, an empty part, more than three parts) or HY001, and `name`
 * holds nothing. */
bool ca_sql_name_parse(const char *text, size_t octets, struct ca_sql_name *name, struct ca_error *error);
void ca_sql_name_free(struct ca_sql_name *name);

/* Appends one part in brackets, a `]` inside doubled (SERVICE.md section 5). */
bool ca_sql_name_quote(struct ca_buffer *text, const char *part, size_t octets);
/* Appends `[catalog].[schema].[name]`, without the parts that are NULL. */
bool ca_sql_name_write(struct ca_buffer *text, const struct ca_sql_name *name);

#endif
