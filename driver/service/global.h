/* The one writable global of the driver: what all connections of a process share. Initialised once, never
 * torn down (a driver is not unloaded; threads may still run at exit). */
#ifndef CA_SERVICE_GLOBAL_H
#define CA_SERVICE_GLOBAL_H

#include <curl/curl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct ca_account;
struct ca_ahead;
struct ca_lane;
struct ca_pace;

enum { CA_PROOF_OCTETS = 32, CA_PROOFS = 64 };

/* A login that succeeded: digest of address, account and secret, and when. */
struct ca_proof {
    unsigned char digest[CA_PROOF_OCTETS];
    int64_t proved_ms;
};

struct ca_global {
    bool ready;     /* libcurl is initialised */
    CURLSH *shared; /* DNS and TLS sessions */
    pthread_mutex_t share_locks[CURL_LOCK_DATA_LAST];
    pthread_mutex_t lock; /* leaf lock: everything below */
    struct ca_lane *idle_lanes;
    unsigned idle_lane_count;
    struct ca_pace *paces; /* accounts that were told to slow down, see governor.c */
    struct ca_proof proofs[CA_PROOFS];
    unsigned next_proof;
    struct ca_account *accounts;
    pthread_mutex_t aheads_lock; /* taken before any other: what follows */
    struct ca_ahead *aheads;     /* threads that read ahead */
    unsigned ahead_count;
    bool ending; /* the process ends: no more of them */
};

/* NULL if libcurl cannot be initialised. */
struct ca_global *ca_global(void);

#endif
