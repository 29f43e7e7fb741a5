#include "service/global.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "service/ahead.h"

static struct ca_global global;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void share_lock(CURL *easy, curl_lock_data data, curl_lock_access access, void *context)
{
    struct ca_global *g = context;
    (void)easy;
    (void)access;
    pthread_mutex_lock(&g->share_locks[data]);
}

static void share_unlock(CURL *easy, curl_lock_data data, void *context)
{
    struct ca_global *g = context;
    (void)easy;
    pthread_mutex_unlock(&g->share_locks[data]);
}

static CURLcode init_curl(void)
{
#ifdef CA_TEST_ALLOC
    return curl_global_init_mem(CURL_GLOBAL_ALL, ca_alloc, ca_free, ca_realloc, ca_strdup, ca_calloc);
#else
    return curl_global_init(CURL_GLOBAL_ALL);
#endif
}

static void before_fork(void)
{
    pthread_mutex_lock(&global.aheads_lock);
    pthread_mutex_lock(&global.lock);
}

static void after_fork(void)
{
    pthread_mutex_unlock(&global.lock);
    pthread_mutex_unlock(&global.aheads_lock);
}

/* The threads are the parent's. */
static void begin_child(void)
{
    after_fork();
    global.aheads = NULL;
    global.ahead_count = 0;
}

static void end_process(void)
{
    ca_ahead_stop_all(&global);
}

static void init(void)
{
    pthread_mutex_init(&global.lock, NULL);
    pthread_mutex_init(&global.aheads_lock, NULL);
    for (int i = 0; i < CURL_LOCK_DATA_LAST; i++)
        pthread_mutex_init(&global.share_locks[i], NULL);
    if (init_curl() != CURLE_OK)
        return;
    global.shared = curl_share_init();
    if (global.shared) {
        curl_share_setopt(global.shared, CURLSHOPT_LOCKFUNC, share_lock);
        curl_share_setopt(global.shared, CURLSHOPT_UNLOCKFUNC, share_unlock);
        curl_share_setopt(global.shared, CURLSHOPT_USERDATA, &global);
        curl_share_setopt(global.shared, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
        curl_share_setopt(global.shared, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    }
    /* Registered behind OpenSSL's own, so that it comes first. */
    global.ready = atexit(end_process) == 0 && pthread_atfork(before_fork, after_fork, begin_child) == 0;
}

struct ca_global *ca_global(void)
{
    pthread_once(&once, init);
    return global.ready ? &global : NULL;
}
