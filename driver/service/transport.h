/* Where requests go (transport.c), and HTTP transfers over lanes (transfer.c). A lane is one curl multi with
 * one easy handle and its own connection; a transfer takes a lane from the process-wide pool, owns it to the
 * end of the reply and gives it back when the reply was read whole. Only curl_multi_wakeup ever touches a
 * lane from another thread (cancel). Nothing is received unless ca_transfer_pull is called: an application
 * that pauses pauses the transfer. */
#ifndef CA_SERVICE_TRANSPORT_H
#define CA_SERVICE_TRANSPORT_H

#include <curl/curl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cancel.h"
#include "base/error.h"
#include "service/credential.h"
#include "service/failure.h"
#include "service/options.h"
#include "service/proxy.h"
#include "service/tls.h"

/* Where a connection's requests go and how; unchanged while the connection is open. */
struct ca_transport {
    char *base;     /* the address; that of the API without a trailing slash */
    char *host;     /* host[:port], for texts */
    char *scheme;   /* the only one spoken */
    char *lane_key; /* what a lane must share to be used again, as a digest */
    char *user_agent;
    struct ca_tls tls;
    struct ca_proxy proxy;
    bool loopback; /* the service is on this machine */
    bool compression;
    bool read_ahead;
    int connect_timeout_ms; /* 0 = none */
    int64_t keep_ms;        /* how long an unused connection stays open; 0 = not at all */
};

/* Reads the address (the option URL or one of the OAuth addresses), the TLS and the proxy options; false:
 * 08001 or HY024 with a text that names the option. */
bool ca_transport_init(struct ca_transport *transport, const struct ca_options *options,
                       enum ca_option address, const char *user_agent, struct ca_error *error);
void ca_transport_free(struct ca_transport *transport);

/* How long a call waits, and who may end the wait. */
struct ca_wait {
    int64_t deadline;         /* HYT00 */
    int64_t idle_ms;          /* HYT01 after so long without a byte; 0 = none */
    struct ca_cancel *cancel; /* HY008; NULL = none */
};

/* Cancelled, or past the deadline: sets the error, its text with `more` behind it. */
bool ca_wait_is_over(const struct ca_wait *wait, const char *more, struct ca_error *error);

/* One request. The texts are borrowed until the transfer ends. */
struct ca_exchange {
    const char *url;
    const char *body; /* NULL = GET */
    size_t body_octets;
    bool form;                              /* the body is a form, not JSON */
    const struct ca_credential *credential; /* NULL = none is sent */
    bool repeatable;                        /* changes nothing: may be sent again */
    bool connecting;                        /* inside SQLConnect: chooses SQLSTATEs */
};

/* What takes the octets of the body as they come. */
struct ca_sink {
    bool (*take)(void *context, const char *data, size_t octets); /* false = no memory */
    bool (*go_on)(void *context); /* where a pull has its fill: whether it goes on; NULL = never */
    void *context;
};

enum ca_encoding { CA_ENCODING_IDENTITY, CA_ENCODING_GZIP, CA_ENCODING_UNKNOWN };

struct ca_transfer {
    struct ca_lane *lane; /* NULL = idle */
    const struct ca_transport *transport;
    struct ca_exchange exchange;
    struct ca_sink sink;
    size_t body_sent;
    uint64_t received; /* octets of body, as they came */
    size_t pulled;     /* octets of body received by the pull under way, or since it went on */
    size_t pull_most;  /* where it is paused */
    bool paused;       /* libcurl holds one more piece */
    bool asked;        /* the request went out at least once */
    bool answered;     /* since then the head of an answer came */
    bool died_kept;    /* a kept connection died before any answer: libcurl was kept from asking again */
    bool finished;
    bool given_up; /* cancelled, or out of time */
    bool sink_failed;
    CURLcode code;
    long status; /* 0 until the headers are there */
    enum ca_encoding encoding;
    bool html;
    int retry_after_s; /* -1 = not said */
    _Atomic(int64_t) last_byte_ms;
    int64_t longest_pause_ms; /* that nobody received */
    int64_t progress_ms;      /* of sending */
    enum ca_retry retry;      /* of the failure that ended it */
    char detail[CURL_ERROR_SIZE];
};

/* What an error says of a transfer. */
static inline struct ca_failure ca_transfer_facts(const struct ca_transfer *transfer)
{
    return (struct ca_failure){
        .connecting = transfer->exchange.connecting,
        .writes = !transfer->exchange.repeatable,
        .host = transfer->transport->host,
        .status = transfer->status,
        .paused_ms = transfer->longest_pause_ms,
        .login_hint = transfer->exchange.credential ? transfer->exchange.credential->hint : NULL};
}

enum ca_pull { CA_PULL_DATA, CA_PULL_END, CA_PULL_FAILED };

bool ca_transfer_begin(struct ca_transfer *transfer, const struct ca_transport *transport,
                       const struct ca_exchange *exchange, const struct ca_sink *sink,
                       struct ca_error *error);
/* Receives some more of the body into the sink. CA_PULL_FAILED sets the error and transfer->retry. */
enum ca_pull ca_transfer_pull(struct ca_transfer *transfer, const struct ca_wait *wait,
                              struct ca_error *error);
/* Cancelled, past the deadline, or nothing was heard since that point of ca_clock_ms(): sets the error. */
bool ca_transfer_wait_is_over(const struct ca_transfer *transfer, const struct ca_wait *wait,
                              int64_t heard_ms, struct ca_error *error);
/* Nobody wants the rest of the reply. */
void ca_transfer_give_up(struct ca_transfer *transfer, enum ca_retry retry);
/* A child process must leave its parent's connections alone: fails. */
enum ca_pull ca_transfer_forked(struct ca_transfer *transfer, struct ca_error *error);
/* Ends the transfer. What is left of the reply is drained for a few milliseconds, so that the connection can
 * be used again; if that is not enough, or the transfer was given up, the connection is closed. */
void ca_transfer_end(struct ca_transfer *transfer);

#endif
