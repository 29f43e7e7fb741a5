/* The log of one connection: a file of the user's, opened for appending with mode 0600 and without following
 * links, shared with other connections and processes. What is wrong with it never stops the driver. Whoever
 * writes to it hands over no secret: there is no function here that could know one. */
#ifndef CA_BASE_LOG_H
#define CA_BASE_LOG_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

enum ca_log_level { CA_LOG_ERROR = 1, CA_LOG_WARNING, CA_LOG_REQUEST, CA_LOG_CALL, CA_LOG_DETAIL };

struct ca_log_settings {
    const char *path; /* "" = no log */
    int level;        /* 0 = no log */
    int64_t octets;   /* a file that would grow beyond is renamed PATH.1, PATH.1 to PATH.2 … */
    int files;        /* so many are kept, the current one among them */
};

struct ca_log {
    pthread_mutex_t lock; /* leaf lock: one line at a time; guards what follows the level */
    atomic_int level;     /* 0 = closed */
    int descriptor;       /* -1 = closed */
    char *path;           /* owned */
    struct ca_log_settings settings;
    int64_t limit; /* the length at which the file is turned over; more than octets after a failed attempt */
    pid_t owner;   /* after fork the child opens the file itself */
};

void ca_log_init(struct ca_log *log);
/* false: 01000 with the reason, or HY001; then nothing is logged. */
bool ca_log_open(struct ca_log *log, const struct ca_log_settings *settings, struct ca_error *error);
void ca_log_close(struct ca_log *log);
void ca_log_destroy(struct ca_log *log);

static inline bool ca_log_wants(struct ca_log *log, enum ca_log_level level)
{
    return __builtin_expect(atomic_load_explicit(&log->level, memory_order_relaxed) >= (int)level, 0);
}

void ca_log_write(struct ca_log *log, enum ca_log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
