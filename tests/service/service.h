/*
 * What all requests share.
 */
#ifndef SERVICE_SERVICE_H
#define SERVICE_SERVICE_H

#include "authority.h"
#include "faults.h"
#include "journal.h"
#include "model.h"
#include "options.h"
#include "prerender.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

/* What POST /control/options may change while the service runs. */
struct settings {
    atomic_bool old_profile;
    atomic_bool batch_total;
    atomic_bool lenient;
    atomic_bool system_tables;
    atomic_bool case_sensitive;
    atomic_bool gzip;
};

/* --rate-limit: requests within the present minute. */
struct rate {
    pthread_mutex_t lock;
    int64_t minute_began_ns;
    unsigned used;
};

struct service {
    const struct options *options;
    struct settings settings;
    struct sources sources;
    pthread_mutex_t model_lock; /* guards `model` and its reading */
    struct model *model;
    struct faults faults;
    struct journal journal;
    struct prerender prerender;
    struct authority authority;
    struct rate rate;
    atomic_bool stopping;
    atomic_int running;     /* statements at work */
    atomic_ullong requests; /* since the start */
};

/* Makes the databases and reads the model. False with the problem set. service_close is due either way. */
bool service_open(struct service *service, const struct options *options, struct problem *problem);

/* No request may be at work. */
void service_close(struct service *service);

/* The present model; the caller releases it. */
struct model *service_model(struct service *service);

/* Reads the model again after DDL and returns it; NULL with the problem set. The caller releases it. */
struct model *service_refresh(struct service *service, struct problem *problem);

/* Counts a request against --rate-limit; otherwise the seconds to wait before the next try. */
bool service_admit(struct service *service, int *wait_s);

#endif
