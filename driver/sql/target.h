/* Which columns the markers of a statement stand for. Inside the room only; the way in is
 * ca_sql_marker_targets. */
#ifndef CA_SQL_TARGET_H
#define CA_SQL_TARGET_H

#include "sql/statement.h"

void ca_sql_targets_free(struct ca_sql_targets *targets, unsigned markers);

#endif
