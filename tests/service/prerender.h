/*
 * Replies to the benchmark queries, rendered once and sent from files, so that a measurement of a client is
 * not one of this service.
 */
#ifndef SERVICE_PRERENDER_H
#define SERVICE_PRERENDER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct service;
struct rendering;

struct prerender {
    pthread_mutex_t lock;
    struct rendering *first;
};

void prerender_open(struct prerender *p);
void prerender_close(struct prerender *p);

/* Whether the text is exactly `SELECT * FROM [Bench].[Bench].[TABLE] LIMIT n`. */
bool prerender_fits(const char *query);

/*
 * A new descriptor of the file that holds the reply to such a query, plain or compressed, which is made by
 * the first request. -1 on failure; else the caller closes it.
 */
int prerender_file(struct service *service, const char *query, bool gzip, uint64_t *octets);

#endif
