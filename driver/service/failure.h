/* The one error mapper: what the service, HTTP or libcurl says → SQLSTATE, native code, text with a hint,
 * and whether the request may be sent again. Rules: SERVICE.md sections 6 and 7. */
#ifndef CA_SERVICE_FAILURE_H
#define CA_SERVICE_FAILURE_H

#include <curl/curl.h>
#include <stdbool.h>

#include "base/error.h"
#include "service/certificate.h"

enum ca_retry {
    CA_RETRY_NEVER,
    CA_RETRY_REPEATABLE, /* only a request that changes nothing */
    CA_RETRY_NOT_SENT    /* the request never left: anything may be sent again */
};

/* Facts of one failed request; unknown ones are 0 or NULL. */
struct ca_failure {
    bool connecting;        /* inside SQLConnect and its kin */
    bool writes;            /* the outcome of a lost request is unknown */
    const char *host;       /* host and port, for the text */
    long status;            /* HTTP status of a complete answer */
    const char *code;       /* error.code as text */
    const char *message;    /* error.message, whole */
    const char *login_hint; /* what to do where the credential was refused */
    int64_t paused_ms;      /* the longest time that the application did not read */
    /* of a transfer that libcurl gave up */
    const struct ca_tls_finding *finding;
    const char *proxy; /* that of the Proxy option, where libcurl's text is about it */
    bool proxy_tls;    /* it was the proxy's certificate */
    long proxy_status; /* its answer to CONNECT */
    long proxy_code;   /* CURLPX_…, of a SOCKS proxy */
};

/* An `error` document, or an answer with a status that is none of success. */
enum ca_retry ca_failure_of_service(const struct ca_failure *failure, struct ca_error *error);
/* A transfer that libcurl gave up; `detail` is libcurl's own text. */
enum ca_retry ca_failure_of_transport(const struct ca_failure *failure, CURLcode code, const char *detail,
                                      struct ca_error *error);
/* An answer that is not the service's: HTML, broken or truncated JSON. `what` says it. */
enum ca_retry ca_failure_of_reply(const struct ca_failure *failure, const char *what, struct ca_error *error);

#endif
