/*
 * Why work for a request should end early: its deadline, a client that has gone, a service that stops.
 */
#ifndef SERVICE_WATCH_H
#define SERVICE_WATCH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum watch_end { WATCH_GO_ON, WATCH_TIMEOUT, WATCH_CLIENT_GONE, WATCH_STOPPING };

struct watch {
    int socket;                  /* the client's; -1: none */
    int64_t deadline_ns;         /* on the monotonic clock; 0: none */
    const atomic_bool *stopping; /* NULL: never */
    enum watch_end end;          /* once set it stays */
};

int64_t monotonic_ns(void);

/* True if the work is to end; w->end says why. */
bool watch_ended(struct watch *w);

/* Sleeps; false if the work is to end. */
bool watch_sleep(struct watch *w, int64_t ms);

#endif
