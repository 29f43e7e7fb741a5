#include "odbc/handle.h"

#include <sched.h>
#include <stdatomic.h>

#include "base/alloc.h"

enum { CHUNK_SLOTS = 256, CHUNKS = 4096, SLOT_BITS = 20, REFERENCE_BITS = 32 };

#define ONE_REFERENCE  UINT64_C(1)
#define REFERENCE_MASK ((UINT64_C(1) << REFERENCE_BITS) - 1)

/* state: generation in the upper half (odd = in use), references in the lower. */
struct slot {
    pthread_mutex_t lock; /* of whatever object is in the slot: it outlives them */
    _Atomic(uint64_t) state;
    _Atomic(struct ca_handle *) object;
    uint32_t next_free; /* slot number + 1; 0 = none */
};

static struct {
    pthread_mutex_t lock; /* guards growth and the free list */
    _Atomic(struct slot *) chunks[CHUNKS];
    uint32_t used;
    uint32_t first_free[SQL_HANDLE_DESC + 1]; /* of each kind: a lock keeps its place in the lock order */
} table = {.lock = PTHREAD_MUTEX_INITIALIZER};

static struct slot *slot_at(uint32_t number)
{
    struct slot *chunk = atomic_load_explicit(&table.chunks[number / CHUNK_SLOTS], memory_order_acquire);
    return chunk ? chunk + number % CHUNK_SLOTS : NULL;
}

static struct slot *create_chunk(void)
{
    struct slot *chunk = ca_calloc(CHUNK_SLOTS, sizeof *chunk);
    for (size_t i = 0; chunk && i < CHUNK_SLOTS; i++)
        pthread_mutex_init(&chunk[i].lock, NULL);
    return chunk;
}

static bool take_slot(SQLSMALLINT kind, uint32_t *number)
{
    bool taken = false;
    pthread_mutex_lock(&table.lock);
    if (table.first_free[kind]) {
        *number = table.first_free[kind] - 1;
        table.first_free[kind] = slot_at(*number)->next_free;
        taken = true;
    } else if (table.used < CHUNK_SLOTS * CHUNKS) {
        struct slot *chunk = slot_at(table.used);
        if (!chunk) {
            chunk = create_chunk();
            atomic_store_explicit(&table.chunks[table.used / CHUNK_SLOTS], chunk, memory_order_release);
        }
        taken = chunk != NULL;
        *number = table.used;
        table.used += taken;
    }
    pthread_mutex_unlock(&table.lock);
    return taken;
}

bool ca_handle_open(struct ca_handle *handle, SQLSMALLINT kind)
{
    uint32_t number = 0;
    if (!take_slot(kind, &number))
        return false;
    struct slot *slot = slot_at(number);
    uint64_t generation = (atomic_load(&slot->state) >> REFERENCE_BITS) + 1;
    handle->kind = kind;
    handle->slot = number;
    handle->token = (SQLHANDLE)(uintptr_t)(generation << SLOT_BITS | number);
    handle->lock = &slot->lock;
    ca_diagnostics_init(&handle->diagnostics);
    atomic_store(&slot->object, handle);
    atomic_fetch_add(&slot->state, UINT64_C(1) << REFERENCE_BITS); /* a stale token may be counted just now */
    return true;
}

/* The object in the slot, if the token's generation and kind are its own. */
static inline struct ca_handle *object_of(struct slot *slot, uint64_t state, SQLHANDLE token,
                                          SQLSMALLINT kind)
{
    uint32_t generation = (uint32_t)((uintptr_t)token >> SLOT_BITS);
    if ((uint32_t)(state >> REFERENCE_BITS) != generation || !(generation & 1))
        return NULL;
    struct ca_handle *handle = atomic_load_explicit(&slot->object, memory_order_relaxed);
    return handle->kind == kind ? handle : NULL;
}

static inline struct slot *slot_of(SQLHANDLE token)
{
    return slot_at((uint32_t)((uintptr_t)token & ((1U << SLOT_BITS) - 1)));
}

struct ca_handle *ca_handle_acquire(SQLHANDLE token, SQLSMALLINT kind)
{
    struct slot *slot = slot_of(token);
    if (!slot)
        return NULL;
    /* The reference is counted first and taken back if the token is stale: no lock is needed. */
    uint64_t state = atomic_fetch_add_explicit(&slot->state, ONE_REFERENCE, memory_order_acquire);
    struct ca_handle *handle = object_of(slot, state, token, kind);
    if (!handle)
        atomic_fetch_sub_explicit(&slot->state, ONE_REFERENCE, memory_order_release);
    return handle;
}

struct ca_handle *ca_handle_lock(SQLHANDLE token, SQLSMALLINT kind)
{
    struct slot *slot = slot_of(token);
    if (!slot)
        return NULL;
    pthread_mutex_lock(&slot->lock);
    uint64_t state = atomic_load_explicit(&slot->state, memory_order_relaxed);
    struct ca_handle *handle = object_of(slot, state, token, kind);
    if (__builtin_expect(!handle, 0))
        pthread_mutex_unlock(&slot->lock);
    return handle;
}

void ca_handle_unlock(struct ca_handle *handle)
{
    pthread_mutex_unlock(handle->lock);
}

void ca_handle_release(struct ca_handle *handle)
{
    atomic_fetch_sub_explicit(&slot_at(handle->slot)->state, ONE_REFERENCE, memory_order_release);
}

void ca_handle_close(struct ca_handle *handle)
{
    uint32_t number = handle->slot;
    struct slot *slot = slot_at(number);
    atomic_fetch_add(&slot->state, UINT64_C(1) << REFERENCE_BITS); /* even: no token fits any more */
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
