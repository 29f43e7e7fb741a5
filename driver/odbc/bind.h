/* Helpers for C types as applications name them. */
#ifndef CA_ODBC_BIND_H
#define CA_ODBC_BIND_H

#include <sql.h>
#include <sqlext.h>
#include <stdbool.h>

/* The ODBC 3 code of a C type (ODBC 2 dates are 9, 10, 11). */
SQLSMALLINT ca_c_type_current(SQLSMALLINT c_type);
bool ca_c_type_is_valid(SQLSMALLINT c_type);

struct ca_descriptor_record;
struct ca_target;
/* Precision and scale of a conversion into a bound record: of an interval the leading precision and the
 * fraction. */
void ca_target_precision(struct ca_target *target, const struct ca_descriptor_record *record);

#endif
