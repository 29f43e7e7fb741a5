/*
 * Request parameters bound to statements.
 */
#ifndef SERVICE_BINDING_H
#define SERVICE_BINDING_H

#include "request.h"

#include <sqlite3.h>

/*
 * Binds every parameter of the statement by name. `stores`: the values go into tables, so that decimals keep
 * all their digits; else they are compared with numbers, too. `lacking_ok`: a parameter that was not sent is
 * NULL (to describe a statement). False with the problem set.
 */
bool binding_apply(sqlite3_stmt *stmt, const struct parameter_set *set, bool stores, bool lacking_ok,
                   struct problem *problem);

/* The value of one parameter as SQLite would store it, bound to place `index`. */
bool binding_value(sqlite3_stmt *stmt, int index, const struct parameter *parameter, bool stores,
                   struct problem *problem);

#endif
