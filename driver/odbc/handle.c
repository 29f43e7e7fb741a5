#include "odbc/handle.h"

#include <sched.h>

#include "base/alloc.h"

#define ONE_REFERENCE  UINT64_C(1)
#define REFERENCE_MASK ((UINT64_C(1) << CA_REFERENCE_BITS) - 1)

_Atomic(struct ca_slot *) ca_slot_chunks[CA_CHUNKS];

static struct {
    pthread_mutex_t lock; /* guards growth and the free list */
    uint32_t used;
    uint32_t first_free[SQL_HANDLE_DESC + 1]; /* of each kind: a lock keeps its place in the lock order */
} table = {.lock = PTHREAD_MUTEX_INITIALIZER};

static struct ca_slot *create_chunk(void)
{
    struct ca_slot *chunk = ca_calloc(CA_CHUNK_SLOTS, sizeof *chunk);
    for (size_t i = 0; chunk && i < CA_CHUNK_SLOTS; i++)
        pthread_mutex_init(&chunk[i].lock, NULL);
    return chunk;
}

static bool take_slot(SQLSMALLINT kind, uint32_t *number)
{
    bool taken = false;
    pthread_mutex_lock(&table.lock);
    if (table.first_free[kind]) {
        *number = table.first_free[kind] - 1;
        table.first_free[kind] = ca_slot_at(*number)->next_free;
        taken = true;
    } else if (table.used < CA_CHUNK_SLOTS * CA_CHUNKS) {
        struct ca_slot *chunk = ca_slot_at(table.used);
        if (!chunk) {
            chunk = create_chunk();
            atomic_store_explicit(&ca_slot_chunks[table.used / CA_CHUNK_SLOTS], chunk, memory_order_release);
        }
        taken = chunk != NULL;
        *number = table.used;
        table.used += taken;
    }
    pthread_mutex_unlock(&table.lock);
    return taken;
}

bool ca_handle_open(struct ca_handle *handle, SQLSMALLINT kind, struct ca_log *log)
{
    uint32_t number = 0;
    if (!take_slot(kind, &number))
        return false;
    struct ca_slot *slot = ca_slot_at(number);
    uint64_t generation = (atomic_load(&slot->state) >> CA_REFERENCE_BITS) + 1;
    handle->kind = kind;
    handle->slot = number;
    handle->token = (SQLHANDLE)(uintptr_t)(generation << CA_SLOT_BITS | number);
    handle->lock = &slot->lock;
    handle->log = log;
    ca_diagnostics_init(&handle->diagnostics);
    atomic_store(&slot->object, handle);
    /* Added, not set: a stale token may be counted just now. */
    atomic_fetch_add(&slot->state, UINT64_C(1) << CA_REFERENCE_BITS);
    return true;
}

struct ca_handle *ca_handle_acquire(SQLHANDLE token, SQLSMALLINT kind)
{
    struct ca_slot *slot = ca_slot_of(token);
    if (!slot)
        return NULL;
    /* The reference is counted first and taken back if the token is stale: no lock is needed. */
    uint64_t state = atomic_fetch_add_explicit(&slot->state, ONE_REFERENCE, memory_order_acquire);
    struct ca_handle *handle = ca_slot_object(slot, state, token, kind);
    if (!handle)
        atomic_fetch_sub_explicit(&slot->state, ONE_REFERENCE, memory_order_release);
    return handle;
}

void ca_handle_release(struct ca_handle *handle)
{
    atomic_fetch_sub_explicit(&ca_slot_at(handle->slot)->state, ONE_REFERENCE, memory_order_release);
}

void ca_handle_close(struct ca_handle *handle)
{
    uint32_t number = handle->slot;
    struct ca_slot *slot = ca_slot_at(number);
    atomic_fetch_add(&slot->state, UINT64_C(1) << CA_REFERENCE_BITS); /* even: no token fits any more */
    while (atomic_load_explicit(&slot->state, memory_order_acquire) & REFERENCE_MASK)
        sched_yield();
    pthread_mutex_lock(&slot->lock); /* the call that had it goes on to its end */
    pthread_mutex_unlock(&slot->lock);
    atomic_store(&slot->object, NULL);
    ca_diagnostics_free(&handle->diagnostics);
    pthread_mutex_lock(&table.lock);
    slot->next_free = table.first_free[handle->kind];
    table.first_free[handle->kind] = number + 1;
    pthread_mutex_unlock(&table.lock);
}
