#include "base/cancel.h"

#include <errno.h>
#include <stddef.h>
#include <time.h>

void ca_cancel_init(struct ca_cancel *cancel)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&cancel->asked, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&cancel->lock, NULL);
    atomic_init(&cancel->requested, false);
    cancel->wake = NULL;
    cancel->context = NULL;
}

void ca_cancel_destroy(struct ca_cancel *cancel)
{
    pthread_mutex_destroy(&cancel->lock);
    pthread_cond_destroy(&cancel->asked);
}

void ca_cancel_reset(struct ca_cancel *cancel)
{
    atomic_store_explicit(&cancel->requested, false, memory_order_release);
}

void ca_cancel_attach(struct ca_cancel *cancel, void (*wake)(void *), void *context)
{
    pthread_mutex_lock(&cancel->lock);
    cancel->wake = wake;
    cancel->context = context;
    pthread_mutex_unlock(&cancel->lock);
}

void ca_cancel_detach(struct ca_cancel *cancel)
{
    ca_cancel_attach(cancel, NULL, NULL);
}

void ca_cancel_request(struct ca_cancel *cancel)
{
    atomic_store_explicit(&cancel->requested, true, memory_order_release);
    pthread_mutex_lock(&cancel->lock);
    if (cancel->wake)
        cancel->wake(cancel->context);
    pthread_cond_broadcast(&cancel->asked);
    pthread_mutex_unlock(&cancel->lock);
}

bool ca_cancel_sleep(struct ca_cancel *cancel, int64_t until_ms)
{
    struct timespec until = {.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};
    if (!cancel) {
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
            ;
        return true;
    }
    int result = 0;
    pthread_mutex_lock(&cancel->lock);
    while (!ca_cancel_requested(cancel) && result != ETIMEDOUT)
        result = pthread_cond_timedwait(&cancel->asked, &cancel->lock, &until);
    pthread_mutex_unlock(&cancel->lock);
    return !ca_cancel_requested(cancel);
}
