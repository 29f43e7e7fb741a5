/* The log of one connection: a file of the user's, opened for appending with mode 0600 and without following
 * links. Whoever writes to it hands over no secret: there is no function here that could know one. */
#ifndef CA_BASE_LOG_H
#define CA_BASE_LOG_H

#include <pthread.h>
#include <stdbool.h>

#include "base/error.h"

enum ca_log_level { CA_LOG_ERROR = 1, CA_LOG_WARNING, CA_LOG_REQUEST, CA_LOG_CALL, CA_LOG_DETAIL };

struct ca_log {
    pthread_mutex_t lock; /* leaf lock: one line at a time */
    int descriptor;       /* -1 = closed */
    int level;
};

void ca_log_init(struct ca_log *log);
/* Empty path or level 0: no log. false: HY000 with the reason. A file past 16 MiB is renamed to PATH.1 first.
 */
bool ca_log_open(struct ca_log *log, const char *path, int level, struct ca_error *error);
void ca_log_close(struct ca_log *log);
void ca_log_destroy(struct ca_log *log);

static inline bool ca_log_wants(const struct ca_log *log, enum ca_log_level level)
{
    return __builtin_expect(log->level >= (int)level, 0);
}

void ca_log_write(struct ca_log *log, enum ca_log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
