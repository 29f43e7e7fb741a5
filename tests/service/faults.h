/*
 * Faults that tests ask for: rules that match requests and say what is to go wrong.
 */
#ifndef SERVICE_FAULTS_H
#define SERVICE_FAULTS_H

#include "document.h"

#include <pthread.h>
#include <stdint.h>

struct json_object;

enum reset_when { RESET_NEVER, RESET_BEFORE, RESET_DURING };

/* One rule: which requests, how often, what happens. Absent members do nothing. */
struct fault {
    atomic_int references;
    struct json_object *document; /* the rule as sent; owns every text below */
    const char *method;
    const char *path; /* part of the path */
    const char *body; /* part of the body */
    int64_t skip;     /* matches left alone first */
    int64_t count;    /* matches after that; 0: all */
    int64_t seen;     /* guarded by faults.lock */

    int64_t delay_ms;
    int64_t drip_bytes, drip_ms;
    int64_t pause_after_bytes, pause_ms;
    int64_t chunk_bytes;
    int64_t stall_s; /* the connection is closed when the client takes nothing for so long */
    int64_t status;  /* 0: as usual */
    struct json_object *headers;
    bool replies;
    struct buffer reply; /* takes the place of the body */
    const char *repeat;  /* in the reply so many `times` in place of its first @ */
    int64_t times;
    bool gzip;       /* the reply goes compressed */
    const char *raw; /* octets instead of an HTTP response */
    const char *content_type;
    const char *redirect;
    bool html;
    bool hang;
    enum reset_when reset;
    int64_t cut_after_bytes;  /* -1: no */
    int64_t cut_after_rows;   /* -1: no */
    int64_t error_after_rows; /* -1: no */
    const char *error_code;
    const char *error_message;
    struct layout layout; /* old_order is not used */
};

struct faults {
    pthread_mutex_t lock;
    struct fault **rules;
    size_t count;
};

void faults_open(struct faults *faults);
void faults_close(struct faults *faults);

/* Adds the rules of a JSON list (or one object). False with *problem (static text) set and nothing added. */
bool faults_add(struct faults *faults, struct json_object *list, const char **problem);

void faults_clear(struct faults *faults);

/* The first rule that applies to the request, counted as used; NULL where none does. To be released. */
struct fault *faults_match(struct faults *faults, const char *method, const char *path, const char *body,
                           size_t length);

void fault_release(struct fault *fault);

/* The rules as JSON, with how often each has matched. */
void faults_list(struct faults *faults, struct buffer *out);

#endif
