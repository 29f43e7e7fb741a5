/*
 * Owns the list of requests received and the log file. Knows nothing of what requests mean.
 */
#include "journal.h"

#include "jsontext.h"
#include "watch.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RECORDS_MAX = 5000, OCTETS_MAX = 64 * 1024 * 1024 };

bool journal_open(struct journal *journal, const char *log)
{
    *journal = (struct journal){0};
    pthread_mutex_init(&journal->lock, NULL);
    if (log == NULL)
        return true;
    journal->log = fopen(log, "ae");
    return journal->log != NULL;
}

static void release(struct record *r)
{
    if (--r->references > 0)
        return;
    free(r->method);
    free(r->path);
    free(r->query);
    free(r->headers);
    free(r->body);
    free(r);
}

static void drop_first(struct journal *journal)
{
    struct record *r = journal->first;

    journal->first = r->next;
    if (journal->first == NULL)
        journal->last = NULL;
    journal->count--;
    journal->octets -= r->body_kept;
    release(r);
}

void journal_clear(struct journal *journal)
{
    pthread_mutex_lock(&journal->lock);
    while (journal->first != NULL)
        drop_first(journal);
    pthread_mutex_unlock(&journal->lock);
}

void journal_close(struct journal *journal)
{
    journal_clear(journal);
    if (journal->log != NULL)
        fclose(journal->log);
    pthread_mutex_destroy(&journal->lock);
}

void journal_begin(struct journal *journal, struct record *r)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    r->began_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    r->began_ns = monotonic_ns();
    r->took_ms = -1;
    r->references = 2;
    pthread_mutex_lock(&journal->lock);
    r->number = ++journal->number;
    if (journal->last != NULL)
        journal->last->next = r;
    else
        journal->first = r;
    journal->last = r;
    journal->count++;
    journal->octets += r->body_kept;
    while (journal->count > RECORDS_MAX || (journal->octets > OCTETS_MAX && journal->count > 1))
        drop_first(journal);
    pthread_mutex_unlock(&journal->lock);
}

void journal_reply(struct journal *journal, struct record *r, int status, bool gzip)
{
    pthread_mutex_lock(&journal->lock);
    r->status = status;
    r->gzip = gzip;
    pthread_mutex_unlock(&journal->lock);
}

void journal_end(struct journal *journal, struct record *r, uint64_t sent_octets, uint64_t rows,
                 const char *end)
{
    pthread_mutex_lock(&journal->lock);
    r->sent_octets = sent_octets;
    r->rows = rows;
    r->took_ms = (monotonic_ns() - r->began_ns) / 1000000;
    r->end = end;
    if (journal->log != NULL) {
        fprintf(journal->log, "%lld.%03d %s %s %d %llu octets %llu rows %lld ms %s\n",
                (long long)(r->began_ms / 1000), (int)(r->began_ms % 1000), r->method, r->path, r->status,
                (unsigned long long)r->sent_octets, (unsigned long long)r->rows, (long long)r->took_ms, end);
        fflush(journal->log);
    }
    release(r);
    pthread_mutex_unlock(&journal->lock);
}

static void write_record(const struct record *r, struct buffer *out)
{
    buffer_format(out, "{\"number\":%llu,\"method\":", (unsigned long long)r->number);
    json_quote_text(out, r->method);
    buffer_text(out, ",\"path\":");
    json_quote_text(out, r->path);
    buffer_format(out, ",\"query\":%s,\"headers\":%s,\"body\":", r->query, r->headers);
    json_quote(out, r->body, r->body_kept);
    buffer_format(out, ",\"bodyBytes\":%zu,\"clientPort\":%u,\"began\":%lld,\"ms\":%lld,\"status\":%d",
                  r->body_octets, r->client_port, (long long)r->began_ms, (long long)r->took_ms, r->status);
    buffer_format(
        out, ",\"sentBytes\":%llu,\"rows\":%llu,\"gzip\":%s,\"end\":", (unsigned long long)r->sent_octets,
        (unsigned long long)r->rows, r->gzip ? "true" : "false");
    json_quote_text(out, r->end);
    buffer_char(out, '}');
}

void journal_list(struct journal *journal, struct buffer *out)
{
    pthread_mutex_lock(&journal->lock);
    buffer_char(out, '[');
    for (const struct record *r = journal->first; r != NULL; r = r->next) {
        if (r != journal->first)
            buffer_char(out, ',');
        write_record(r, out);
    }
    buffer_char(out, ']');
    pthread_mutex_unlock(&journal->lock);
}
