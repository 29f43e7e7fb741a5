/* Whom a connection trusts and what it shows of itself: the options of TLS, read once, given to libcurl for
 * each transfer. TLS 1.2 or newer; the server and a proxy that is reached over TLS are verified alike. */
#ifndef CA_SERVICE_TLS_H
#define CA_SERVICE_TLS_H

#include <curl/curl.h>
#include <stdbool.h>

#include "base/error.h"
#include "service/certificate.h"
#include "service/options.h"

struct ca_tls {
    bool verify;
    char *trust_file; /* NULL = system's */
    char *trust_directory;
    char *revocations; /* NULL = none, as are the rest */
    char *client_certificate;
    char *client_key;
    char *
        client_password; /* secret; never NULL where there is a certificate: OpenSSL would ask the terminal */
    char *pins;          /* in libcurl's form: sha256//…;sha256//… */
};

/* `of_service`: for the service itself; another server gets no client certificate and is held to no pinned
 * key. false: 08001 or HY024 with a text that names the option, or HY001. ca_tls_free in any case. */
bool ca_tls_init(struct ca_tls *tls, const struct ca_options *options, bool of_service,
                 struct ca_error *error);
void ca_tls_free(struct ca_tls *tls);
/* What handshakes show goes to `finding`, which must live as long as the connections of the handle. false:
 * libcurl refused a setting that protects. */
bool ca_tls_apply(const struct ca_tls *tls, CURL *easy, struct ca_tls_finding *finding);

#endif
