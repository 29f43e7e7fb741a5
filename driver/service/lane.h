/* The process-wide pool of lanes. */
#ifndef CA_SERVICE_LANE_H
#define CA_SERVICE_LANE_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "service/certificate.h"

struct ca_lane {
    struct ca_lane *next; /* in the pool */
    CURLM *multi;
    CURL *easy;
    char *key;
    struct curl_slist *headers;    /* of the transfer under way; holds the credential */
    struct ca_tls_finding finding; /* of its connection's handshake */
    int64_t idle_until_ms;
    pid_t owner; /* after fork the child leaves its parent's lanes alone */
};

/* An idle lane of that key, or a new one; NULL if there is no memory. */
struct ca_lane *ca_lane_take(const char *key);
/* Not of a parent process, whose connections this one must leave alone. */
bool ca_lane_is_own(const struct ca_lane *lane);
/* Gives a lane back, to be kept for so long; closes it when that is 0 or the pool is full. */
void ca_lane_give(struct ca_lane *lane, int64_t keep_ms);

#endif
