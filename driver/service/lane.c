#include "service/lane.h"

#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "service/global.h"

enum { MOST_IDLE_LANES = 16 };

bool ca_lane_is_own(const struct ca_lane *lane)
{
    return lane->owner == getpid();
}

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
    if (ca_lane_is_own(lane)) {
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

/* Takes out of the pool what has idled long enough or belongs to a parent process; returns it as a list. */
static struct ca_lane *take_stale(struct ca_global *global)
{
    int64_t now = ca_clock_ms();
    struct ca_lane *stale = NULL;
    struct ca_lane **link = &global->idle_lanes;
    while (*link) {
        struct ca_lane *lane = *link;
        if (ca_lane_is_own(lane) && now < lane->idle_until_ms) {
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

static void destroy_list(struct ca_lane *lanes)
{
    while (lanes) {
        struct ca_lane *next = lanes->next;
        destroy(lanes);
        lanes = next;
    }
}

struct ca_lane *ca_lane_take(const char *key)
{
    struct ca_global *global = ca_global();
    if (!global)
        return NULL;
    pthread_mutex_lock(&global->lock);
    struct ca_lane *stale = take_stale(global);
    struct ca_lane *lane = take_idle(global, key);
    pthread_mutex_unlock(&global->lock);
    destroy_list(stale);
    return lane ? lane : create(key);
}

static void clean(struct ca_lane *lane)
{
    curl_multi_remove_handle(lane->multi, lane->easy);
    curl_easy_reset(lane->easy);
    free_headers(lane);
}

void ca_lane_give(struct ca_lane *lane, int64_t keep_ms)
{
    struct ca_global *global = ca_global();
    struct ca_lane *stale = NULL;
    bool own = ca_lane_is_own(lane);
    if (own)
        clean(lane);
    if (keep_ms && global && own) {
        pthread_mutex_lock(&global->lock);
        stale = take_stale(global);
        if (global->idle_lane_count < MOST_IDLE_LANES) {
            lane->idle_until_ms = ca_clock_ms() + keep_ms;
            lane->next = global->idle_lanes;
            global->idle_lanes = lane;
            global->idle_lane_count++;
            lane = NULL;
        }
        pthread_mutex_unlock(&global->lock);
    }
    destroy_list(stale);
    if (lane)
        destroy(lane);
}
