#include "service/governor.h"

#include <string.h>

#include "base/alloc.h"
#include "service/global.h"

enum { MINUTE_MS = 60000 };

struct ca_pace {
    struct ca_pace *next;
    char *account;
    int64_t hold_until;
    int64_t next_turn;
    int64_t ends; /* afterwards the account is forgotten */
};

/* All of these are called with the lock of the process held. */

static struct ca_pace *find(struct ca_global *global, const char *account)
{
    struct ca_pace *pace = global->paces;
    while (pace && strcmp(pace->account, account) != 0)
        pace = pace->next;
    return pace;
}

static void forget_old(struct ca_global *global, int64_t now)
{
    struct ca_pace **link = &global->paces;
    while (*link) {
        struct ca_pace *pace = *link;
        if (now < pace->ends || now < pace->next_turn) {
            link = &pace->next;
            continue;
        }
        *link = pace->next;
        ca_free(pace->account);
        ca_free(pace);
    }
}

/* Without memory nobody is slowed: the service defends itself. */
static struct ca_pace *add(struct ca_global *global, const char *account)
{
    struct ca_pace *pace = ca_calloc(1, sizeof *pace);
    if (!pace || !(pace->account = ca_strdup(account))) {
        ca_free(pace);
        return NULL;
    }
    pace->next = global->paces;
    global->paces = pace;
    return pace;
}

void ca_governor_refused(const char *account, int64_t hold_ms, int64_t now)
{
    struct ca_global *global = ca_global();
    if (!global)
        return;
    pthread_mutex_lock(&global->lock);
    forget_old(global, now);
    struct ca_pace *pace = find(global, account);
    if (!pace)
        pace = add(global, account);
    if (pace) {
        if (pace->hold_until < now + hold_ms)
            pace->hold_until = now + hold_ms;
        pace->ends = pace->hold_until + MINUTE_MS;
    }
    pthread_mutex_unlock(&global->lock);
}

int64_t ca_governor_turn(const char *account, int64_t per_minute, int64_t now, int64_t deadline)
{
    struct ca_global *global = ca_global();
    int64_t turn = now;
    if (!global || per_minute <= 0)
        return now;
    pthread_mutex_lock(&global->lock);
    forget_old(global, now);
    struct ca_pace *pace = find(global, account);
    if (pace) {
        turn = turn > pace->next_turn ? turn : pace->next_turn;
        turn = turn > pace->hold_until ? turn : pace->hold_until;
        if (turn < deadline)
            pace->next_turn = turn + MINUTE_MS / per_minute;
    }
    pthread_mutex_unlock(&global->lock);
    return turn;
}

int64_t ca_governor_hold(const char *account)
{
    struct ca_global *global = ca_global();
    if (!global)
        return 0;
    pthread_mutex_lock(&global->lock);
    const struct ca_pace *pace = find(global, account);
    int64_t until = pace ? pace->hold_until : 0;
    pthread_mutex_unlock(&global->lock);
    return until;
}
