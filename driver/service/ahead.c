#include "service/ahead.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "service/global.h"

enum {
    BLOCKS = 4,
    FULL_OCTETS = CA_AHEAD_FRONT_OCTETS + 128 * 1024,
    MOST_KEPT_OCTETS = 1024 * 1024,
    STACK_OCTETS = 256 * 1024,
    LONGEST_SLEEP_MS = 60000
};

struct ca_ahead {
    struct ca_content *content;
    struct ca_ahead *next; /* of the process */
    pid_t owner;
    pthread_t thread;
    bool joined;
    struct ca_cancel stop;
    struct ca_error error;
    bool given_up;  /* the taker's wait ended before the reply did */
    bool end_taken; /* the taker knows the result */
    pthread_mutex_t lock;
    pthread_cond_t filled;
    pthread_cond_t emptied;
    struct ca_window blocks[BLOCKS]; /* a ring: the taker's is `first` while `count`, else all the reader's */
    unsigned first;
    unsigned count;
    struct ca_window *filling; /* the reader's own: the one behind them */
    enum ca_pull result;       /* CA_PULL_DATA until the content has come to its end */
    bool stopped;              /* before that: behind the blocks the content goes on */
};

/* ---- the thread ---- */

/* NULL: to stop. */
static struct ca_window *wait_for_room(struct ca_ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    if (ahead->count == BLOCKS)
        while (ahead->count > BLOCKS / 2 && !ca_cancel_requested(&ahead->stop))
            pthread_cond_wait(&ahead->emptied, &ahead->lock);
    struct ca_window *block = &ahead->blocks[(ahead->first + ahead->count) % BLOCKS];
    pthread_mutex_unlock(&ahead->lock);
    return ca_cancel_requested(&ahead->stop) ? NULL : block;
}

/* false: to stop, or no memory. */
static bool begin_block(struct ca_ahead *ahead)
{
    struct ca_window *block = wait_for_room(ahead);
    if (!block)
        return false;
    ca_window_drop(block, block->end);
    if (!ca_window_reserve(block, CA_AHEAD_FRONT_OCTETS))
        return false;
    block->end = CA_AHEAD_FRONT_OCTETS;
    ahead->filling = block;
    return true;
}

/* Hands the block over, if there is anything in it. */
static void publish(struct ca_ahead *ahead, enum ca_pull result, bool stopped)
{
    pthread_mutex_lock(&ahead->lock);
    ahead->count += ahead->filling && ahead->filling->end > CA_AHEAD_FRONT_OCTETS;
    ahead->filling = NULL;
    ahead->result = result;
    ahead->stopped = stopped;
    pthread_mutex_unlock(&ahead->lock);
    pthread_cond_signal(&ahead->filled);
}

static struct ca_window *next_block(void *context)
{
    struct ca_ahead *ahead = context;
    publish(ahead, CA_PULL_DATA, false);
    return begin_block(ahead) ? ahead->filling : NULL;
}

static enum ca_pull fill(struct ca_ahead *ahead)
{
    struct ca_wait wait = {.deadline = CA_NO_DEADLINE, .cancel = &ahead->stop};
    enum ca_pull pulled;
    do
        pulled = ca_content_pull(ahead->content, ahead->filling, &wait, &ahead->error);
    while (pulled == CA_PULL_DATA && ahead->filling && ahead->filling->end < FULL_OCTETS &&
           ca_content_has_more(ahead->content));
    return pulled;
}

static void *read_ahead(void *context)
{
    struct ca_ahead *ahead = context;
    enum ca_pull pulled = CA_PULL_DATA;
    bool stopped = false;
    while (pulled == CA_PULL_DATA && begin_block(ahead)) {
        pulled = fill(ahead);
        stopped = pulled == CA_PULL_FAILED && ca_cancel_requested(&ahead->stop);
        publish(ahead, stopped ? CA_PULL_DATA : pulled, stopped);
    }
    if (pulled != CA_PULL_DATA)
        return NULL;
    stopped = ca_cancel_requested(&ahead->stop);
    if (!stopped)
        ca_error_no_memory(&ahead->error);
    publish(ahead, stopped ? CA_PULL_DATA : CA_PULL_FAILED, stopped);
    return NULL;
}

/* ---- starting ---- */

/* The application's handlers run on its own threads. */
static bool create_thread(struct ca_ahead *ahead)
{
    sigset_t all;
    sigset_t before;
    pthread_attr_t small;
    sigfillset(&all);
    if (pthread_attr_init(&small))
        return false;
    pthread_attr_setstacksize(&small, STACK_OCTETS);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool created = pthread_create(&ahead->thread, &small, read_ahead, ahead) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&small);
    return created;
}

static unsigned most_threads(void)
{
    cpu_set_t processors;
    return sched_getaffinity(0, sizeof processors, &processors) ? 0 : (unsigned)CPU_COUNT(&processors) - 1;
}

static struct ca_ahead *create(struct ca_content *content)
{
    struct ca_ahead *ahead = ca_calloc(1, sizeof *ahead);
    if (!ahead)
        return NULL;
    pthread_cond_init(&ahead->filled, NULL);
    pthread_cond_init(&ahead->emptied, NULL);
    pthread_mutex_init(&ahead->lock, NULL);
    ca_cancel_init(&ahead->stop);
    ahead->content = content;
    content->next = next_block;
    content->next_context = ahead;
    ahead->owner = getpid();
    ahead->result = CA_PULL_DATA;
    return ahead;
}

static void destroy(struct ca_ahead *ahead)
{
    pthread_cond_destroy(&ahead->filled);
    pthread_cond_destroy(&ahead->emptied);
    pthread_mutex_destroy(&ahead->lock);
    ca_cancel_destroy(&ahead->stop);
    ca_error_clear(&ahead->error);
    ahead->content->next = NULL;
    for (unsigned i = 0; i < BLOCKS; i++)
        ca_window_free(&ahead->blocks[i]);
    ca_free(ahead);
}

struct ca_ahead *ca_ahead_start(struct ca_content *content)
{
    struct ca_global *global = ca_global();
    if (!global || !content->transfer.transport->read_ahead)
        return NULL;
    pthread_mutex_lock(&global->aheads_lock);
    bool free = !global->ending && global->ahead_count < most_threads();
    struct ca_ahead *ahead = free ? create(content) : NULL;
    if (ahead && create_thread(ahead)) {
        ahead->next = global->aheads;
        global->aheads = ahead;
        global->ahead_count++;
    } else if (ahead) {
        destroy(ahead);
        ahead = NULL;
    }
    pthread_mutex_unlock(&global->aheads_lock);
    return ahead;
}

/* ---- taking ---- */

static void wake_taker(void *context)
{
    struct ca_ahead *ahead = context;
    pthread_mutex_lock(&ahead->lock);
    pthread_cond_signal(&ahead->filled);
    pthread_mutex_unlock(&ahead->lock);
}

static enum ca_pull wait_for_block(struct ca_ahead *ahead, struct ca_window **block,
                                   const struct ca_wait *wait, struct ca_error *error)
{
    const struct ca_transfer *transfer = &ahead->content->transfer;
    int64_t began = ca_clock_ms();
    if (wait->cancel)
        ca_cancel_attach(wait->cancel, wake_taker, ahead);
    pthread_mutex_lock(&ahead->lock);
    for (;;) {
        int64_t heard = transfer->last_byte_ms;
        heard = heard > began ? heard : began; /* the idle clock runs only while a call waits */
        ahead->given_up = ca_transfer_wait_is_over(transfer, wait, heard, error);
        if (ahead->given_up || ahead->count || ahead->stopped || ahead->result != CA_PULL_DATA)
            break;
        int64_t until = wait->idle_ms ? heard + wait->idle_ms : CA_NO_DEADLINE;
        int left = ca_deadline_left(ca_deadline_earlier(until, wait->deadline), LONGEST_SLEEP_MS);
        ca_clock_wait(&ahead->filled, &ahead->lock, left > 0 ? left : 1);
    }
    enum ca_pull pulled = ahead->given_up ? CA_PULL_FAILED : ahead->count ? CA_PULL_DATA : ahead->result;
    *block = ahead->count ? &ahead->blocks[ahead->first] : NULL;
    pthread_mutex_unlock(&ahead->lock);
    if (wait->cancel)
        ca_cancel_detach(wait->cancel);
    return pulled;
}

enum ca_pull ca_ahead_take(struct ca_ahead *ahead, struct ca_window **block, const struct ca_wait *wait,
                           struct ca_error *error)
{
    if (ahead->owner != getpid())
        return ca_transfer_forked(&ahead->content->transfer, error);
    enum ca_pull pulled = wait_for_block(ahead, block, wait, error);
    ahead->end_taken = pulled != CA_PULL_DATA;
    if (ahead->end_taken && !ahead->given_up)
        ca_error_move(error, &ahead->error);
    return pulled;
}

void ca_ahead_give_back(struct ca_ahead *ahead)
{
    struct ca_window *block = &ahead->blocks[ahead->first];
    if (block->capacity > MOST_KEPT_OCTETS) /* it was a window with a long row in it */
        ca_window_free(block);
    pthread_mutex_lock(&ahead->lock);
    ahead->first = (ahead->first + 1) % BLOCKS;
    bool low = --ahead->count == BLOCKS / 2;
    pthread_mutex_unlock(&ahead->lock);
    if (low) /* to wake the reader for each block costs more than it gains */
        pthread_cond_signal(&ahead->emptied);
}

/* ---- stopping ---- */

/* Called with the lock of the list held. */
static void join(struct ca_ahead *ahead)
{
    if (ahead->joined)
        return;
    ca_cancel_request(&ahead->stop);
    pthread_mutex_lock(&ahead->lock);
    pthread_cond_signal(&ahead->emptied);
    pthread_mutex_unlock(&ahead->lock);
    pthread_join(ahead->thread, NULL);
    ahead->joined = true;
}

static void unlink_ahead(struct ca_global *global, const struct ca_ahead *ahead)
{
    struct ca_ahead **link = &global->aheads;
    while (*link != ahead)
        link = &(*link)->next;
    *link = ahead->next;
    global->ahead_count--;
}

void ca_ahead_stop(struct ca_ahead *ahead)
{
    struct ca_content *content = ahead->content;
    if (ahead->owner != getpid()) { /* nothing of the parent's thread is safe to touch here */
        ca_content_abandon(content);
        return;
    }
    struct ca_global *global = ca_global();
    pthread_mutex_lock(&global->aheads_lock);
    join(ahead);
    unlink_ahead(global, ahead);
    pthread_mutex_unlock(&global->aheads_lock);
    /* To the transfer, stopping looked like a cancel; and what else it met was not heard of, unless it was
       taken. */
    content->transfer.given_up = false;
    if (ahead->given_up)
        ca_transfer_give_up(&content->transfer, CA_RETRY_NEVER);
    else if (!ahead->end_taken)
        content->transfer.retry = CA_RETRY_NEVER;
    destroy(ahead);
}

void ca_ahead_stop_all(struct ca_global *global)
{
    pthread_mutex_lock(&global->aheads_lock);
    global->ending = true;
    for (struct ca_ahead *ahead = global->aheads; ahead; ahead = ahead->next)
        join(ahead);
    pthread_mutex_unlock(&global->aheads_lock);
}
