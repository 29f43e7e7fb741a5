#include "base/cancel.h"

#include <stddef.h>

void ca_cancel_init(struct ca_cancel *cancel)
{
    pthread_mutex_init(&cancel->lock, NULL);
    atomic_init(&cancel->requested, false);
    cancel->wake = NULL;
    cancel->context = NULL;
}

void ca_cancel_destroy(struct ca_cancel *cancel)
{
    pthread_mutex_destroy(&cancel->lock);
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
    pthread_mutex_unlock(&cancel->lock);
}
