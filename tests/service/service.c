/*
 * Owns what all requests share: settings, databases, model, the count of requests.
 * Knows nothing of HTTP.
 */
#include "service.h"

#include "watch.h"

#include <errno.h>
#include <string.h>

static const int64_t minute_ns = 60 * (int64_t)1000000000;

bool service_open(struct service *service, const struct options *options, struct problem *problem)
{
    *service = (struct service){.options = options};
    atomic_init(&service->settings.old_profile, options->old_profile);
    atomic_init(&service->settings.batch_total, options->batch_total);
    atomic_init(&service->settings.lenient, options->lenient);
    atomic_init(&service->settings.system_tables, !options->no_system_tables);
    atomic_init(&service->settings.case_sensitive, options->case_sensitive);
    atomic_init(&service->settings.gzip, !options->no_gzip);
    pthread_mutex_init(&service->model_lock, NULL);
    pthread_mutex_init(&service->rate.lock, NULL);
    faults_open(&service->faults);
    prerender_open(&service->prerender);
    if (!authority_open(&service->authority, options)) {
        problem_set(problem, PROBLEM_INVALID_REQUEST, "%s holds no public key (PEM)", options->jwt_key);
        return false;
    }
    if (!journal_open(&service->journal, options->log)) {
        problem_set(problem, PROBLEM_INVALID_REQUEST, "cannot open %s: %s", options->log, strerror(errno));
        return false;
    }
    if (!sources_open(&service->sources, options->data, options->tables, problem))
        return false;
    service->model = model_read(&service->sources, NULL, problem);
    return service->model != NULL;
}

void service_close(struct service *service)
{
    prerender_close(&service->prerender);
    authority_close(&service->authority);
    model_release(service->model);
    sources_close(&service->sources);
    journal_close(&service->journal);
    faults_close(&service->faults);
    pthread_mutex_destroy(&service->rate.lock);
    pthread_mutex_destroy(&service->model_lock);
}

struct model *service_model(struct service *service)
{
    pthread_mutex_lock(&service->model_lock);
    struct model *model = model_keep(service->model);
    pthread_mutex_unlock(&service->model_lock);
    return model;
}

struct model *service_refresh(struct service *service, struct problem *problem)
{
    /* One reading at a time, so that the newest is the one that stays. */
    pthread_mutex_lock(&service->model_lock);
    struct model *model = model_read(&service->sources, service->model, problem);
    if (model != NULL) {
        model_release(service->model);
        service->model = model_keep(model);
    }
    pthread_mutex_unlock(&service->model_lock);
    return model;
}

bool service_admit(struct service *service, int *wait_s)
{
    struct rate *rate = &service->rate;
    unsigned limit = service->options->rate_limit;
    bool admitted = true;

    if (limit == 0)
        return true;
    int64_t now = monotonic_ns();
    pthread_mutex_lock(&rate->lock);
    if (now - rate->minute_began_ns >= minute_ns || rate->minute_began_ns == 0) {
        rate->minute_began_ns = now;
        rate->used = 0;
    }
    if (rate->used < limit) {
        rate->used++;
    } else {
        *wait_s = (int)((rate->minute_began_ns + minute_ns - now + 999999999) / 1000000000);
        admitted = false;
    }
    pthread_mutex_unlock(&rate->lock);
    return admitted;
}
