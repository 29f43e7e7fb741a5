#include "service/failure.h"

#include <string.h>

#include "base/text.h"

/* An error of the service by its HTTP status, its code or a piece of its text; the first row that fits wins.
 */
struct service_row {
    long status;        /* 0 = any */
    const char *code;   /* NULL = any */
    const char *piece;  /* in the message, without regard to case; NULL = any */
    const char *piece2; /* and this one too */
    const char *state;
    const char *connecting_state; /* NULL = the same */
    enum ca_retry retry;
    const char *hint; /* appended on a line of its own; NULL = none */
};

#define LOGIN_HINT \
    "Check UID (the account's e-mail address) and PWD (a personal access token that has not expired)."
#define BUSY_HINT "The service allows 100 requests a minute for an account: wait, or send fewer requests."

static const struct service_row service_rows[] = {
    {401, NULL, NULL, NULL, "28000", NULL, CA_RETRY_NEVER, LOGIN_HINT},
    {0, "INVALID_AUTHORIZATION", NULL, NULL, "28000", NULL, CA_RETRY_NEVER, LOGIN_HINT},
    {0, NULL, "invalid token", NULL, "28000", NULL, CA_RETRY_NEVER, LOGIN_HINT},
    {403, NULL, NULL, NULL, "42000", NULL, CA_RETRY_NEVER, "The account has no right to this."},
    {429, NULL, NULL, NULL, "HY000", NULL, CA_RETRY_REPEATABLE, BUSY_HINT},
    {504, NULL, NULL, NULL, "HYT00", NULL, CA_RETRY_REPEATABLE, NULL},
    {500, NULL, NULL, NULL, "HY000", "08001", CA_RETRY_REPEATABLE, NULL},
    {502, NULL, NULL, NULL, "HY000", "08001", CA_RETRY_REPEATABLE, NULL},
    {503, NULL, NULL, NULL, "HY000", "08001", CA_RETRY_REPEATABLE, NULL},
    {0, "INVALID_REQUEST", "syntax", NULL, "42000", NULL, CA_RETRY_NEVER, NULL},
    {0, "INVALID_REQUEST", "parse", NULL, "42000", NULL, CA_RETRY_NEVER, NULL},
    {0, NULL, "syntax error", NULL, "42000", NULL, CA_RETRY_NEVER, NULL},
    {0, NULL, "parameter", "missing", "07002", NULL, CA_RETRY_NEVER, NULL},
    {0, NULL, "parameter", "not supplied", "07002", NULL, CA_RETRY_NEVER, NULL},
    {0, NULL, "parameter", "not provided", "07002", NULL, CA_RETRY_NEVER, NULL},
    {0, NULL, "column", "not found", "42S22", NULL, CA_RETRY_NEVER, NULL},
    {0, NULL, "column", "does not exist", "42S22", NULL, CA_RETRY_NEVER, NULL},
    {0, NULL, "invalid column", NULL, "42S22", NULL, CA_RETRY_NEVER, NULL},
    {0, NULL, "unknown column", NULL, "42S22", NULL, CA_RETRY_NEVER, NULL},
    {0, NULL, "no such column", NULL, "42S22", NULL, CA_RETRY_NEVER, NULL},
    {0, NULL, "table", "already exists", "42S01", NULL, CA_RETRY_NEVER, NULL},
    {0, NULL, "table", "not found", "42S02", NULL, CA_RETRY_NEVER, NULL},
    {0, NULL, "table", "does not exist", "42S02", NULL, CA_RETRY_NEVER, NULL},
    {0, NULL, "view", "does not exist", "42S02", NULL, CA_RETRY_NEVER, NULL},
    {0, NULL, "no such table", NULL, "42S02", NULL, CA_RETRY_NEVER, NULL},
    {0, NULL, "invalid object name", NULL, "42S02", NULL, CA_RETRY_NEVER, NULL},
    {0, NULL, "constraint", "failed", "23000", NULL, CA_RETRY_NEVER, NULL},
    {0, NULL, "constraint", "violat", "23000", NULL, CA_RETRY_NEVER, NULL},
    {0, NULL, "duplicate key", NULL, "23000", NULL, CA_RETRY_NEVER, NULL},
    {0, NULL, "division by zero", NULL, "22012", NULL, CA_RETRY_NEVER, NULL},
    {0, NULL, "timed out", NULL, "HYT00", NULL, CA_RETRY_NEVER, NULL},
    {0, NULL, "timeout", "expired", "HYT00", NULL, CA_RETRY_NEVER, NULL},
    {0, NULL, NULL, NULL, "HY000", NULL, CA_RETRY_NEVER, NULL},
};

/* What libcurl says. */
struct transport_row {
    CURLcode code; /* CURLE_OK closes the table: everything else */
    const char *connecting_state;
    const char *state;
    enum ca_retry retry;
    const char *what; /* with the host behind it */
    const char *hint;
};

#define CA_HINT                                                                                     \
    "The server's certificate was not accepted. If the service uses a private authority, name its " \
    "certificate "                                                                                  \
    "file with TrustStore."

static const struct transport_row transport_rows[] = {
    {CURLE_COULDNT_RESOLVE_HOST, "08001", "08S01", CA_RETRY_NOT_SENT,
     "The name cannot be resolved: ", "Check URL and the network."},
    {CURLE_COULDNT_RESOLVE_PROXY, "08001", "08S01", CA_RETRY_NOT_SENT,
     "The proxy's name cannot be resolved for ", NULL},
    {CURLE_COULDNT_CONNECT, "08001", "08S01", CA_RETRY_NOT_SENT, "Cannot connect to ",
     "Check URL, the network, and whether a proxy is needed."},
    {CURLE_PEER_FAILED_VERIFICATION, "08001", "08S01", CA_RETRY_NEVER, "TLS verification failed for ",
     CA_HINT},
    {CURLE_SSL_CONNECT_ERROR, "08001", "08S01", CA_RETRY_NEVER, "TLS handshake failed with ", NULL},
    {CURLE_SSL_CACERT_BADFILE, "08001", "08S01", CA_RETRY_NEVER, "TrustStore cannot be read, needed for ",
     "TrustStore must be a PEM file or a directory made by c_rehash."},
    {CURLE_SSL_CERTPROBLEM, "08001", "08S01", CA_RETRY_NEVER, "The client certificate was not usable for ",
     NULL},
    {CURLE_SSL_CIPHER, "08001", "08S01", CA_RETRY_NEVER, "No common TLS cipher with ", NULL},
    {CURLE_OPERATION_TIMEDOUT, "08001", "08S01", CA_RETRY_NOT_SENT, "No connection in time to ",
     "ConnectTimeout sets the limit."},
    {CURLE_UNSUPPORTED_PROTOCOL, "08001", "08S01", CA_RETRY_NEVER, "Not an http(s) address: ", NULL},
    {CURLE_URL_MALFORMAT, "08001", "08S01", CA_RETRY_NEVER, "URL is malformed: ", NULL},
    {CURLE_OUT_OF_MEMORY, "HY001", "HY001", CA_RETRY_NEVER, "Not enough memory for a request to ", NULL},
    {CURLE_OK, "08001", "08S01", CA_RETRY_REPEATABLE, "The connection broke: ", NULL},
};

static bool row_fits(const struct service_row *row, const struct ca_failure *failure)
{
    const char *message = failure->message ? failure->message : "";
    if (row->status && row->status != failure->status)
        return false;
    if (row->code && !(failure->code && ca_text_same(row->code, failure->code)))
        return false;
    if (row->piece && !ca_text_find(message, row->piece))
        return false;
    return !row->piece2 || ca_text_find(message, row->piece2);
}

/* Native error: the status of a busy or failing service, else the numeric error.code, else the status. */
static int32_t native_code(const struct ca_failure *failure)
{
    int64_t number = 0;
    if (failure->status == 429 || failure->status >= 500)
        return (int32_t)failure->status;
    if (failure->code && ca_text_integer(failure->code, strlen(failure->code), &number) && number >= 0 &&
        number <= INT32_MAX)
        return (int32_t)number;
    return failure->status >= 400 ? (int32_t)failure->status : 0;
}

enum ca_retry ca_failure_of_service(const struct ca_failure *failure, struct ca_error *error)
{
    const struct service_row *row = service_rows;
    while (!row_fits(row, failure))
        row++;
    const char *state = failure->connecting && row->connecting_state ? row->connecting_state : row->state;
    bool named = failure->message && *failure->message;
    bool coded = failure->code && *failure->code;
    if (named)
        ca_error_set(error, state, native_code(failure), "%s%s%s", failure->message, row->hint ? "\n" : "",
                     row->hint ? row->hint : "");
    else
        ca_error_set(error, state, native_code(failure),
                     "The service at %s answered with HTTP status %ld%s%s.%s%s",
                     failure->host ? failure->host : "?", failure->status, coded ? ", code " : "",
                     coded ? failure->code : "", row->hint ? "\n" : "", row->hint ? row->hint : "");
    return row->retry;
}

enum ca_retry ca_failure_of_transport(const struct ca_failure *failure, CURLcode code, const char *detail,
                                      struct ca_error *error)
{
    const struct transport_row *row = transport_rows;
    while (row->code != CURLE_OK && row->code != code)
        row++;
    bool unknown = failure->writes && row->retry == CA_RETRY_REPEATABLE;
    const char *state = failure->connecting ? row->connecting_state : row->state;
    ca_error_set(error, state, 0, "%s%s (%s)%s%s%s", row->what, failure->host ? failure->host : "?",
                 detail && *detail ? detail : curl_easy_strerror(code), row->hint ? "\n" : "",
                 row->hint ? row->hint : "",
                 unknown ? "\nThe statement was sent once and will not be sent again: its outcome is unknown."
                         : "");
    return row->retry;
}

enum ca_retry ca_failure_of_reply(const struct ca_failure *failure, const char *what, struct ca_error *error)
{
    if (failure->connecting)
        ca_error_set(error, "08001", (int32_t)failure->status,
                     "%s is not a Connect AI endpoint: %s Check URL.", failure->host ? failure->host : "?",
                     what);
    else
        ca_error_set(error, "08S01", (int32_t)failure->status, "The reply of %s cannot be used: %s%s",
                     failure->host ? failure->host : "?", what,
                     failure->writes
                         ? "\nThe statement was sent once and will not be sent again: its outcome is unknown."
                         : "");
    return CA_RETRY_REPEATABLE;
}
