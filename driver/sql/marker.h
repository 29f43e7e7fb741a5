/* The names that markers get: @<prefix>1, @<prefix>2, … Inside the room only. */
#ifndef CA_SQL_MARKER_H
#define CA_SQL_MARKER_H

#include <stdbool.h>
#include <stddef.h>

#include "sql/statement.h"

/* Chooses a prefix that stands behind no @ of the text, whatever the letter case, strings and comments
 * included: `p`, else `p_`, `p1_`, `p2_` … in linear time. False: no memory. */
bool ca_sql_marker_prefix(const char *text, size_t octets, char prefix[CA_SQL_PREFIX_OCTETS]);

#endif
