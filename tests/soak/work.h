/*
 * What one thread of the soak does: connections, statements, faults, one after another by chance, and the
 * account of what each came to.
 */
#ifndef SOAK_WORK_H
#define SOAK_WORK_H

#include "driver.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

enum { FAULT_COUNT = 16, WORK_COUNT = 9, OUTCOMES_MAX = 256 };

/* What the service is to do with a request that holds the fault's name, and how the work may then end: "OK",
 * or SQLSTATEs. */
struct fault {
    const char *name;
    const char *rule; /* members of the rule; NULL: none */
    const char *reading;
    const char *writing;
};

extern const struct fault soak_faults[FAULT_COUNT];
extern const char *const soak_work_names[WORK_COUNT];

/* How often a kind of work under a fault ended so. */
struct outcome {
    int work, fault;
    char state[6];
    unsigned long count;
};

struct worker {
    const struct driver *driver;
    const char *address; /* http://127.0.0.1:PORT */
    const atomic_bool *stop;
    unsigned number;
    uint64_t random;
    pthread_t thread;
    _Atomic(SQLHANDLE) target; /* what may be cancelled now */
    atomic_uint cancels;       /* how often that was asked for */
    SQLHANDLE dbc, stmt;
    unsigned long writes; /* each carries a number of its own */
    unsigned long long strange;
    struct outcome outcomes[OUTCOMES_MAX];
    int outcome_count;
};

/* Works until told to stop; ends without a connection. */
void *soak_work(void *worker);

/* The text by which the service's record tells one write from all others. */
#define WRITE_MARK "w%u-%lu."

#endif
