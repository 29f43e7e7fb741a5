#include "base/clock.h"

#include <time.h>

int64_t ca_clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t ca_deadline_after(int64_t ms)
{
    return ms > 0 ? ca_clock_ms() + ms : CA_NO_DEADLINE;
}

int ca_deadline_left(int64_t deadline, int most)
{
    if (deadline == CA_NO_DEADLINE)
        return most;
    int64_t left = deadline - ca_clock_ms();
    if (left <= 0)
        return 0;
    return left < most ? (int)left : most;
}

int64_t ca_deadline_earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

void ca_clock_wait(pthread_cond_t *condition, pthread_mutex_t *lock, int ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += ms % 1000 * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_cond_clockwait(condition, lock, CLOCK_MONOTONIC, &until);
}
