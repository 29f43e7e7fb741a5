/* Monotonic time and deadlines, in milliseconds. */
#ifndef CA_BASE_CLOCK_H
#define CA_BASE_CLOCK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* A deadline is a point of ca_clock_ms(); CA_NO_DEADLINE never comes. */
#define CA_NO_DEADLINE INT64_MAX

int64_t ca_clock_ms(void);
/* The deadline `ms` from now; 0 or less means none. */
int64_t ca_deadline_after(int64_t ms);
/* Milliseconds left, 0 when it has passed, at most `most`. */
int ca_deadline_left(int64_t deadline, int most);
int64_t ca_deadline_earlier(int64_t a, int64_t b);
/* Waits on the condition for `ms` at most; the caller holds the lock. */
void ca_clock_wait(pthread_cond_t *condition, pthread_mutex_t *lock, int ms);

#endif
