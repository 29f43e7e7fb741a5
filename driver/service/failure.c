#include "service/failure.h"

#include <openssl/x509_vfy.h>
#include <string.h>

#include "base/buffer.h"
#include "base/text.h"

enum { LONGEST_TEXT = 1 << 16 };

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

/* Stands for the hint that belongs to the way of signing in. */
static const char login_hint[] = "Check how you sign in.";
#define BUSY_HINT "The service allows 100 requests a minute for an account: wait, or send fewer requests."

#define PROXY_LOGIN_HINT "Set ProxyUID and ProxyPWD to what the proxy wants."

static const struct service_row service_rows[] = {
    {407, NULL, NULL, NULL, "08S01", "08001", CA_RETRY_NEVER, PROXY_LOGIN_HINT},
    {401, NULL, NULL, NULL, "28000", NULL, CA_RETRY_NEVER, login_hint},
    {0, "INVALID_AUTHORIZATION", NULL, NULL, "28000", NULL, CA_RETRY_NEVER, login_hint},
    {0, NULL, "invalid token", NULL, "28000", NULL, CA_RETRY_NEVER, login_hint},
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

/* Why OpenSSL did not accept a chain. */
struct verify_row {
    int error; /* X509_V_ERR_…; X509_V_OK closes the table: OpenSSL's own words */
    const char *what;
    const char *hint;
};

#define TRUST_HINT                                                                                        \
    "If the service uses a private authority, name the authority's certificate file with TrustStore. If " \
    "the "                                                                                                \
    "server leaves out an intermediate certificate, its operator must add it."
#define DATE_HINT "The server's operator must renew it; if it is good, this machine's clock is wrong."
#define LIST_HINT "RevocationList must hold a current list of every authority in the server's chain."

static const struct verify_row verify_rows[] = {
    {X509_V_ERR_CERT_HAS_EXPIRED, "the certificate has expired", DATE_HINT},
    {X509_V_ERR_CERT_NOT_YET_VALID, "the certificate is not valid yet", DATE_HINT},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "the certificate is signed by itself and not trusted here",
     "If it is the right one, name its file with TrustStore."},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "the authority is not trusted here", TRUST_HINT},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, "the issuer is not known here", TRUST_HINT},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, "the issuer is not known here", TRUST_HINT},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, "the issuer is not known here", TRUST_HINT},
    {X509_V_ERR_CERT_REVOKED, "the certificate has been revoked",
     "Do not connect; the server's operator must replace it."},
    {X509_V_ERR_UNABLE_TO_GET_CRL, "there is no revocation list of its issuer", LIST_HINT},
    {X509_V_ERR_CRL_HAS_EXPIRED, "the revocation list of its issuer has expired", LIST_HINT},
    {X509_V_OK, NULL, "TrustStore names the authorities that are trusted."},
};

/* What libcurl says; the first row that fits wins. */
struct transport_row {
    CURLcode code;     /* CURLE_OK = any */
    const char *piece; /* in libcurl's text; NULL = any */
    const char *connecting_state;
    const char *state;
    enum ca_retry retry;
    const char *what; /* with the host behind it */
    const char *hint;
};

#define CLIENT_HINT                                                                                          \
    "SSLClientCert and SSLClientKey name the PEM files of a certificate and of the key that belongs to it, " \
    "SSLClientKeyPWD the key's password."
#define SHOWN_HINT                                                                                         \
    "The server wants a client certificate that it trusts: SSLClientCert, and SSLClientKey where the key " \
    "is in "                                                                                               \
    "a file of its own."

static const struct transport_row transport_rows[] = {
    {CURLE_COULDNT_RESOLVE_HOST, NULL, "08001", "08S01", CA_RETRY_NOT_SENT,
     "The name cannot be resolved: ", "Check URL and the network."},
    {CURLE_COULDNT_RESOLVE_PROXY, NULL, "08001", "08S01", CA_RETRY_NOT_SENT,
     "The proxy's name cannot be resolved, on the way to ", "Check Proxy."},
    {CURLE_COULDNT_CONNECT, NULL, "08001", "08S01", CA_RETRY_NOT_SENT, "Cannot connect to ",
     "Check URL, the network, and whether a proxy is needed."},
    {CURLE_SSL_CACERT_BADFILE, NULL, "08001", "08S01", CA_RETRY_NEVER,
     "TrustStore cannot be read, needed for ",
     "TrustStore must be a PEM file or a directory made by c_rehash."},
    {CURLE_SSL_CRL_BADFILE, NULL, "08001", "08S01", CA_RETRY_NEVER,
     "RevocationList cannot be read, needed for ", "RevocationList must be a PEM file of revocation lists."},
    {CURLE_SSL_CERTPROBLEM, NULL, "08001", "08S01", CA_RETRY_NEVER,
     "The client certificate was not usable for ", CLIENT_HINT},
    {CURLE_SSL_CIPHER, NULL, "08001", "08S01", CA_RETRY_NEVER, "No common TLS cipher with ", NULL},
    {CURLE_OK, "wrong version number", "08001", "08S01", CA_RETRY_NEVER, "TLS handshake failed with ",
     "The server does not speak TLS at this port: check URL."},
    {CURLE_OK, "unsupported protocol", "08001", "08S01", CA_RETRY_NEVER, "TLS handshake failed with ",
     "The server speaks only TLS versions older than 1.2, which are not safe."},
    {CURLE_OK, "alert protocol version", "08001", "08S01", CA_RETRY_NEVER, "TLS handshake failed with ",
     "The server speaks only TLS versions older than 1.2, which are not safe."},
    {CURLE_OK, "alert certificate", "08001", "08S01", CA_RETRY_NEVER, "TLS handshake refused by ",
     SHOWN_HINT},
    {CURLE_OK, "alert bad certificate", "08001", "08S01", CA_RETRY_NEVER, "TLS handshake refused by ",
     SHOWN_HINT},
    {CURLE_OK, "alert unknown ca", "08001", "08S01", CA_RETRY_NEVER, "TLS handshake refused by ", SHOWN_HINT},
    {CURLE_OK, "alert handshake failure", "08001", "08S01", CA_RETRY_NEVER, "TLS handshake refused by ",
     SHOWN_HINT},
    {CURLE_SSL_CONNECT_ERROR, NULL, "08001", "08S01", CA_RETRY_NEVER, "TLS handshake failed with ",
     "Perhaps the server does not speak TLS at this port: check URL."},
    {CURLE_OPERATION_TIMEDOUT, NULL, "08001", "08S01", CA_RETRY_NOT_SENT, "No connection in time to ",
     "ConnectTimeout sets the limit."},
    {CURLE_UNSUPPORTED_PROTOCOL, NULL, "08001", "08S01", CA_RETRY_REPEATABLE,
     "The answer is not HTTP: ", "Check URL."},
    {CURLE_URL_MALFORMAT, NULL, "08001", "08S01", CA_RETRY_NEVER, "URL is malformed: ", NULL},
    {CURLE_OUT_OF_MEMORY, NULL, "HY001", "HY001", CA_RETRY_NEVER, "Not enough memory for a request to ",
     NULL},
    {CURLE_OK, NULL, "08001", "08S01", CA_RETRY_REPEATABLE, "The connection broke: ", NULL},
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
    const char *hint = row->hint == login_hint && failure->login_hint ? failure->login_hint : row->hint;
    bool named = failure->message && *failure->message;
    bool coded = failure->code && *failure->code;
    if (named)
        ca_error_set(error, state, native_code(failure), "%s%s%s", failure->message, hint ? "\n" : "",
                     hint ? hint : "");
    else
        ca_error_set(error, state, native_code(failure),
                     "The service at %s answered with HTTP status %ld%s%s.%s%s",
                     failure->host ? failure->host : "?", failure->status, coded ? ", code " : "",
                     coded ? failure->code : "", hint ? "\n" : "", hint ? hint : "");
    return row->retry;
}

#define UNKNOWN_OUTCOME "\nThe statement was sent once and will not be sent again: its outcome is unknown."
#define PAUSE_HINT                                                                                        \
    "\nThe application had not read on for %lld s, and services close a connection that waits too long. " \
    "ResultMode=spool reads a result whole before its first row is fetched."

enum { LONG_PAUSE_MS = 1000 };

/* What an application that reads slowly should know of a connection that broke. */
static void add_pause_hint(const struct ca_failure *failure, struct ca_error *error)
{
    struct ca_error plain = *error;
    if (failure->paused_ms < LONG_PAUSE_MS)
        return;
    *error = (struct ca_error)CA_ERROR_INIT;
    ca_error_set(error, plain.state, plain.native, "%s" PAUSE_HINT, ca_error_text(&plain),
                 (long long)(failure->paused_ms / 1000));
    ca_error_clear(&plain);
}

static const char *failed_state(const struct ca_failure *failure)
{
    return failure->connecting ? "08001" : "08S01";
}

/* The certificate that was shown, the check that it failed, and the option that helps. */
static enum ca_retry fail_verification(const struct ca_failure *failure, CURLcode code, const char *detail,
                                       struct ca_error *error)
{
    const struct ca_tls_finding *finding = failure->finding;
    const struct verify_row *row = verify_rows;
    const char *what = NULL;
    const char *hint;
    struct ca_buffer shown = CA_BUFFER_INIT(LONGEST_TEXT);
    bool seen = finding && *finding->subject;
    while (row->error != X509_V_OK && !(finding && row->error == finding->error))
        row++;
    hint = row->hint;
    if (code == CURLE_SSL_PINNEDPUBKEYNOTMATCH) {
        what = "its key is not the one that SSLServerCert names";
        hint = "If the server's key was replaced, set SSLServerCert anew; else do not connect.";
        if (seen)
            ca_buffer_add_format(&shown, " The server's key: %s.", finding->pin);
    } else if (seen && finding->error == X509_V_OK) {
        what = "the certificate is for another host";
        hint = "URL must name the host as the certificate does.";
        ca_buffer_add_format(&shown, " The certificate's hosts: %s.",
                             *finding->names ? finding->names : "none");
    } else if (seen) {
        what = row->what ? row->what : X509_verify_cert_error_string(finding->error);
    }
    if (seen)
        ca_buffer_add_format(&shown, " Certificate: %s; issuer: %s.", finding->subject, finding->issuer);
    ca_error_set(error, failed_state(failure), 0, "TLS verification of %s%s failed%s%s.%s (%s)\n%s",
                 failure->proxy_tls ? "the proxy on the way to " : "", failure->host ? failure->host : "?",
                 what ? ": " : "", what ? what : "", ca_buffer_text(&shown), detail, hint);
    ca_buffer_free(&shown);
    return CA_RETRY_NEVER;
}

/* The proxy answered, and did not let the connection through. */
static enum ca_retry fail_at_proxy(const struct ca_failure *failure, const char *detail,
                                   struct ca_error *error)
{
    bool login = failure->proxy_status == 401 || failure->proxy_status == 407 ||
                 failure->proxy_code == CURLPX_USER_REJECTED || failure->proxy_code == CURLPX_NO_AUTH;
    ca_error_set(error, failed_state(failure), (int32_t)failure->proxy_status, "%s %s (%s)\n%s",
                 login ? "The proxy refused the login, on the way to" : "The proxy does not lead to",
                 failure->host ? failure->host : "?", detail,
                 login ? PROXY_LOGIN_HINT
                       : "Check URL, and Proxy or what the environment names as the proxy.");
    /* What the proxy itself could not reach may be there the next time. */
    return failure->proxy_status >= 500 ? CA_RETRY_NOT_SENT : CA_RETRY_NEVER;
}

enum ca_retry ca_failure_of_transport(const struct ca_failure *failure, CURLcode code, const char *detail,
                                      struct ca_error *error)
{
    const struct transport_row *row = transport_rows;
    if (!detail || !*detail)
        detail = curl_easy_strerror(code);
    if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_PINNEDPUBKEYNOTMATCH)
        return fail_verification(failure, code, detail, error);
    if (failure->proxy_status >= 300 || code == CURLE_PROXY)
        return fail_at_proxy(failure, detail, error);
    while ((row->code != CURLE_OK && row->code != code) || (row->piece && !strstr(detail, row->piece)))
        row++;
    bool unknown = failure->writes && row->retry == CA_RETRY_REPEATABLE;
    const char *state = failure->connecting ? row->connecting_state : row->state;
    /* Under TLS 1.3 a server says only after the handshake that it misses the certificate, or just hangs up.
     */
    const char *hint = row->hint;
    if (failure->finding && failure->finding->asked && !failure->status)
        hint = SHOWN_HINT;
    else if (failure->proxy && code == CURLE_COULDNT_CONNECT)
        hint = "Check Proxy and the network.";
    ca_error_set(error, state, 0, "%s%s%s%s (%s)%s%s%s", row->what, failure->proxy ? failure->proxy : "",
                 failure->proxy ? ", the proxy on the way to " : "", failure->host ? failure->host : "?",
                 detail, hint ? "\n" : "", hint ? hint : "", unknown ? UNKNOWN_OUTCOME : "");
    add_pause_hint(failure, error);
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
                     failure->host ? failure->host : "?", what, failure->writes ? UNKNOWN_OUTCOME : "");
    return CA_RETRY_REPEATABLE;
}
