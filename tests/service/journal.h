/*
 * The record of requests received, for tests to look at, and the log file.
 */
#ifndef SERVICE_JOURNAL_H
#define SERVICE_JOURNAL_H

#include "buffer.h"

#include <pthread.h>
#include <stdio.h>

/* Octets of a body that are kept at most. */
enum { JOURNAL_BODY_MAX = 1024 * 1024 };

/* One request. The texts are owned; all but `next` and the counts are set by whoever begins it. */
struct record {
    struct record *next;
    int references;
    uint64_t number; /* from 1 */
    char *method;
    char *path;
    char *query;   /* JSON object */
    char *headers; /* JSON object, credentials left out */
    char *body;
    size_t body_octets; /* as received; `body` may hold fewer */
    size_t body_kept;
    unsigned client_port; /* tells connections apart */
    int64_t began_ms;     /* since 1970 */
    int64_t began_ns;     /* monotonic */
    int64_t took_ms;      /* -1 while at work */
    int status;
    uint64_t sent_octets; /* of the body, as sent */
    uint64_t rows;
    bool gzip;
    const char *end; /* static text: how it ended; NULL while at work */
};

struct journal {
    pthread_mutex_t lock;
    struct record *first, *last;
    size_t count;
    size_t octets; /* of bodies kept */
    uint64_t number;
    FILE *log;
};

/* log NULL: no file. False if the file cannot be opened. */
bool journal_open(struct journal *journal, const char *log);
void journal_close(struct journal *journal);

/* Takes a record (from calloc, with its texts); the caller keeps a reference until journal_end. */
void journal_begin(struct journal *journal, struct record *record);

/* The reply's head is about to go. */
void journal_reply(struct journal *journal, struct record *record, int status, bool gzip);

/* Completes the record and gives the reference back; `end` is static text. */
void journal_end(struct journal *journal, struct record *record, uint64_t sent_octets, uint64_t rows,
                 const char *end);

/* All records as a JSON list, oldest first. */
void journal_list(struct journal *journal, struct buffer *out);
void journal_clear(struct journal *journal);

#endif
