/* The cancel token of one statement: a flag that another thread sets, and a way to wake the waiter.
 * It never takes a statement's lock (DESIGN: handles, locks, cancel, errors). */
#ifndef CA_BASE_CANCEL_H
#define CA_BASE_CANCEL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct ca_cancel {
    pthread_mutex_t lock; /* leaf lock: guards wake and context only */
    pthread_cond_t asked; /* for those who only wait for time to pass */
    atomic_bool requested;
    void (*wake)(void *context);
    void *context;
};

void ca_cancel_init(struct ca_cancel *cancel);
void ca_cancel_destroy(struct ca_cancel *cancel);
/* At the start of a call that may wait: forgets an earlier request. */
void ca_cancel_reset(struct ca_cancel *cancel);
/* While a waiter is attached, a request calls wake(context). */
void ca_cancel_attach(struct ca_cancel *cancel, void (*wake)(void *), void *context);
void ca_cancel_detach(struct ca_cancel *cancel);
/* From any thread. */
void ca_cancel_request(struct ca_cancel *cancel);
/* Sleeps until that point of ca_clock_ms(); false if a request cuts it short. NULL: nobody can. */
bool ca_cancel_sleep(struct ca_cancel *cancel, int64_t until_ms);

static inline bool ca_cancel_requested(struct ca_cancel *cancel)
{
    return atomic_load_explicit(&cancel->requested, memory_order_acquire);
}

#endif
