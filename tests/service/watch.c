/*
 * Owns the question whether a request's work is still wanted. Knows nothing of SQL or HTTP.
 */
#include "watch.h"

#include <poll.h>
#include <stddef.h>
#include <time.h>

enum { SLICE_MS = 25 };

int64_t monotonic_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* A client that has closed its side has no more use for a reply. Waits up to wait_ms for that. */
static bool client_gone(int socket, int wait_ms)
{
    struct pollfd p = {.fd = socket, .events = POLLRDHUP};

    return poll(&p, 1, wait_ms) > 0 && p.revents != 0;
}

static bool ended_after(struct watch *w, int wait_ms)
{
    if (w->end != WATCH_GO_ON)
        return true;
    if (client_gone(w->socket, wait_ms)) /* poll() skips a negative socket, and so just waits */
        w->end = WATCH_CLIENT_GONE;
    else if (w->stopping != NULL && atomic_load(w->stopping))
        w->end = WATCH_STOPPING;
    else if (w->deadline_ns != 0 && monotonic_ns() >= w->deadline_ns)
        w->end = WATCH_TIMEOUT;
    return w->end != WATCH_GO_ON;
}

bool watch_ended(struct watch *w)
{
    return ended_after(w, 0);
}

bool watch_sleep(struct watch *w, int64_t ms)
{
    int64_t until = monotonic_ns() + ms * 1000000;

    for (;;) {
        int64_t left = (until - monotonic_ns() + 999999) / 1000000;
        if (left <= 0)
            return !watch_ended(w);
        if (ended_after(w, left < SLICE_MS ? (int)left : SLICE_MS))
            return false;
    }
}
