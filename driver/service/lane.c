#include "service/lane.h"

#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "service/global.h"

enum { MOST_IDLE_LANES = 16, LONGEST_IDLE_MS = 60000 };

/* libcurl's list holds the credential. */
static void free_headers(struct ca_lane *lane)
{
    for (struct curl_slist *header = lane->headers; header; header = header->next)
        ca_wipe(header->data, strlen(header->data));
    curl_slist_free_all(lane->headers);
    lane->headers = NULL;
}

static void destroy(struct ca_lane *lane)
{
    if (lane->owner == getpid()) {
        if (lane->multi && lane->easy)
            curl_multi_remove_handle(lane->multi, lane->easy);
        curl_easy_cleanup(lane->easy);
        curl_multi_cleanup(lane->multi);
        free_headers(lane);
    }
    /* The memory of a forked parent's curl handles stays: closing them would speak on the parent's sockets.
     */
    ca_free(lane->key);
    ca_free(lane);
}

static struct ca_lane *create(const char *key)
{
    struct ca_lane *lane = ca_calloc(1, sizeof *lane);
    if (!lane)
        return NULL;
    lane->owner = getpid();
    lane->key = ca_strdup(key);
    lane->multi = curl_multi_init();
    lane->easy = curl_easy_init();
    if (!lane->key || !lane->multi || !lane->easy) {
        destroy(lane);
        return NULL;
    }
    return lane;
}

/* Takes out of the pool what has idled too long or belongs to a parent process; returns it as a list. */
static struct ca_lane *take_stale(struct ca_global *global, int64_t now)
{
    struct ca_lane *stale = NULL;
    struct ca_lane **link = &global->idle_lanes;
    pid_t self = getpid();
    while (*link) {
        struct ca_lane *lane = *link;
        if (lane->owner == self && now - lane->idle_since_ms < LONGEST_IDLE_MS) {
            link = &lane->next;
            continue;
        }
        *link = lane->next;
        global->idle_lane_count--;
        lane->next = stale;
        stale = lane;
    }
    return stale;
}

static struct ca_lane *take_idle(struct ca_global *global, const char *key)
{
    for (struct ca_lane **link = &global->idle_lanes; *link; link = &(*link)->next) {
        struct ca_lane *lane = *link;
        if (strcmp(lane->key, key) == 0) {
            *link = lane->next;
            global->idle_lane_count--;
            return lane;
        }
    }
    return NULL;
}

struct ca_lane *ca_lane_take(const char *key)
{
    struct ca_global *global = ca_global();
    if (!global)
        return NULL;
    pthread_mutex_lock(&global->lock);
    struct ca_lane *stale = take_stale(global, ca_clock_ms());
    struct ca_lane *lane = take_idle(global, key);
    pthread_mutex_unlock(&global->lock);
    while (stale) {
        struct ca_lane *next = stale->next;
        destroy(stale);
        stale = next;
    }
    return lane ? lane : create(key);
}

void ca_lane_give(struct ca_lane *lane, bool reusable)
{
    struct ca_global *global = ca_global();
    curl_multi_remove_handle(lane->multi, lane->easy);
    curl_easy_reset(lane->easy);
    free_headers(lane);
    if (reusable && global && lane->owner == getpid()) {
        pthread_mutex_lock(&global->lock);
        if (global->idle_lane_count < MOST_IDLE_LANES) {
            lane->idle_since_ms = ca_clock_ms();
            lane->next = global->idle_lanes;
            global->idle_lanes = lane;
            global->idle_lane_count++;
            lane = NULL;
        }
        pthread_mutex_unlock(&global->lock);
    }
    if (lane)
        destroy(lane);
}
