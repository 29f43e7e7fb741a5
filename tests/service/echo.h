/*
 * Select items that are a parameter and nothing else: `SELECT @p AS x`. SQLite has no type for them, the
 * request has.
 */
#ifndef SERVICE_ECHO_H
#define SERVICE_ECHO_H

#include "dialect.h"
#include "request.h"

/*
 * The parameter that result column `index` of `count` consists of, or NULL where it is anything else.
 * The set is that of the request (may be NULL).
 */
const struct parameter *echo_parameter(const struct dialect_statement *statement,
                                       const struct parameter_set *set, size_t index, size_t count);

/* The type code of a column that repeats the parameter; 0 where the request named none. */
int echo_type(const struct parameter *parameter);

#endif
