/* Handles: what environment, connection, statement and descriptor begin with, and the table that turns the
 * tokens applications hold into objects. A token is a slot and its generation; a stale or foreign one is
 * found out, never dereferenced. The table's chunks never move, a look-up takes no lock but the object's own.
 */
#ifndef CA_ODBC_HANDLE_H
#define CA_ODBC_HANDLE_H

#include <pthread.h>
#include <sql.h>
#include <sqlext.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "odbc/diagnostics.h"

struct ca_log;

struct ca_handle {
    SQLSMALLINT kind; /* SQL_HANDLE_ENV … SQL_HANDLE_DESC */
    uint32_t slot;
    SQLHANDLE token;
    pthread_mutex_t *lock; /* of its slot */
    struct ca_log *log;    /* of its connection; NULL: an environment has none */
    struct ca_diagnostics diagnostics;
};

/* Of the table. state: generation in the upper half (odd = in use), references in the lower. */
struct ca_slot {
    pthread_mutex_t lock; /* of whatever object is in the slot: it outlives them */
    _Atomic(uint64_t) state;
    _Atomic(struct ca_handle *) object;
    uint32_t next_free; /* slot number + 1; 0 = none */
};

enum { CA_CHUNK_SLOTS = 256, CA_CHUNKS = 4096, CA_SLOT_BITS = 20, CA_REFERENCE_BITS = 32 };

extern _Atomic(struct ca_slot *) ca_slot_chunks[CA_CHUNKS];

/* Gives the object a token; false if memory or slots ran out. `log`: of its connection. */
bool ca_handle_open(struct ca_handle *handle, SQLSMALLINT kind, struct ca_log *log);
/* Makes the token invalid and waits until nobody else holds a reference or the lock; the caller frees the
 * object and holds neither. */
void ca_handle_close(struct ca_handle *handle);

/* The object of a token if it is of that kind; NULL otherwise. It stays while it is locked, or while a
 * reference is held, for which nothing waits. */
static inline struct ca_handle *ca_handle_lock(SQLHANDLE token, SQLSMALLINT kind);
static inline void ca_handle_unlock(struct ca_handle *handle);
struct ca_handle *ca_handle_acquire(SQLHANDLE token, SQLSMALLINT kind);
void ca_handle_release(struct ca_handle *handle);

/* ---- what every call does, inline ---- */

static inline struct ca_slot *ca_slot_at(uint32_t number)
{
    struct ca_slot *chunk =
        atomic_load_explicit(&ca_slot_chunks[number / CA_CHUNK_SLOTS], memory_order_acquire);
    return chunk ? chunk + number % CA_CHUNK_SLOTS : NULL;
}

static inline struct ca_slot *ca_slot_of(SQLHANDLE token)
{
    return ca_slot_at((uint32_t)((uintptr_t)token & ((1U << CA_SLOT_BITS) - 1)));
}

/* The object in the slot, if the token's generation and kind are its own. */
static inline struct ca_handle *ca_slot_object(struct ca_slot *slot, uint64_t state, SQLHANDLE token,
                                               SQLSMALLINT kind)
{
    uint32_t generation = (uint32_t)((uintptr_t)token >> CA_SLOT_BITS);
    if ((uint32_t)(state >> CA_REFERENCE_BITS) != generation || !(generation & 1))
        return NULL;
    struct ca_handle *handle = atomic_load_explicit(&slot->object, memory_order_relaxed);
    return handle->kind == kind ? handle : NULL;
}

static inline struct ca_handle *ca_handle_lock(SQLHANDLE token, SQLSMALLINT kind)
{
    struct ca_slot *slot = ca_slot_of(token);
    if (__builtin_expect(!slot, 0))
        return NULL;
    pthread_mutex_lock(&slot->lock);
    uint64_t state = atomic_load_explicit(&slot->state, memory_order_relaxed);
    struct ca_handle *handle = ca_slot_object(slot, state, token, kind);
    if (__builtin_expect(!handle, 0))
        pthread_mutex_unlock(&slot->lock);
    return handle;
}

static inline void ca_handle_unlock(struct ca_handle *handle)
{
    pthread_mutex_unlock(handle->lock);
}

#endif
