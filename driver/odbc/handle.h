/* Handles: what environment, connection, statement and descriptor begin with, and the table that turns the
 * tokens applications hold into objects. A token is a slot and its generation; a stale or foreign one is
 * found out, never dereferenced. The table's chunks never move, a look-up takes no lock but the object's own.
 */
#ifndef CA_ODBC_HANDLE_H
#define CA_ODBC_HANDLE_H

#include <pthread.h>
#include <sql.h>
#include <sqlext.h>
#include <stdbool.h>
#include <stdint.h>

#include "odbc/diagnostics.h"

struct ca_handle {
    SQLSMALLINT kind; /* SQL_HANDLE_ENV … SQL_HANDLE_DESC */
    uint32_t slot;
    SQLHANDLE token;
    pthread_mutex_t *lock; /* of its slot */
    struct ca_diagnostics diagnostics;
};

/* Gives the object a token; false if memory or slots ran out. */
bool ca_handle_open(struct ca_handle *handle, SQLSMALLINT kind);
/* Makes the token invalid and waits until nobody else holds a reference or the lock; the caller frees the
 * object and holds neither. */
void ca_handle_close(struct ca_handle *handle);

/* The object of a token if it is of that kind; NULL otherwise. It stays while it is locked, or while a
 * reference is held, for which nothing waits. */
struct ca_handle *ca_handle_lock(SQLHANDLE token, SQLSMALLINT kind);
void ca_handle_unlock(struct ca_handle *handle);
struct ca_handle *ca_handle_acquire(SQLHANDLE token, SQLSMALLINT kind);
void ca_handle_release(struct ca_handle *handle);

#endif
