#include "service/tls.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/text.h"
#include "service/secret.h"

enum { LONGEST_PINS = 1 << 16, PIN_BASE64 = 44 };

static const char pin_prefix[] = "sha256//";

/* A copy of the option's path in *to, where one is given; the file must be there for reading. */
static bool read_path(char **to, const struct ca_options *options, enum ca_option option,
                      struct ca_error *error)
{
    const char *path = ca_option_text(options, option);
    if (!*path)
        return true;
    if (eaccess(path, R_OK) != 0)
        return ca_error_set(error, "08001", 0, "%s=%s cannot be read: %s", ca_option_rows()[option].name,
                            path, strerror(errno));
    *to = ca_strdup(path);
    return *to || ca_error_no_memory(error);
}

static bool read_trust(struct ca_tls *tls, const struct ca_options *options, struct ca_error *error)
{
    struct stat status;
    if (ca_text_same(ca_option_text(options, CA_OPTION_TRUST_STORE), "system"))
        return true;
    if (!read_path(&tls->trust_file, options, CA_OPTION_TRUST_STORE, error))
        return false;
    if (tls->trust_file && stat(tls->trust_file, &status) == 0 && S_ISDIR(status.st_mode)) {
        tls->trust_directory = tls->trust_file;
        tls->trust_file = NULL;
    }
    return true;
}

static bool read_client(struct ca_tls *tls, const struct ca_options *options, struct ca_error *error)
{
    if (!read_path(&tls->client_certificate, options, CA_OPTION_CLIENT_CERTIFICATE, error) ||
        !read_path(&tls->client_key, options, CA_OPTION_CLIENT_KEY, error))
        return false;
    if (!tls->client_certificate && tls->client_key)
        return ca_error_set(
            error, "HY024", 0,
            "SSLClientKey is given without SSLClientCert, the certificate that belongs to it.");
    if (!tls->client_certificate)
        return true;
    tls->client_password = ca_secret_option(options, CA_OPTION_CLIENT_KEY_PASSWORD, error);
    return tls->client_password != NULL;
}

static bool is_pin(const char *text, size_t octets)
{
    static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    size_t prefix = sizeof pin_prefix - 1;
    return octets == prefix + PIN_BASE64 && memcmp(text, pin_prefix, prefix) == 0 &&
           strspn(text + prefix, base64) >= PIN_BASE64 && text[octets - 1] == '=';
}

/* A comma list of pins; semicolons, as libcurl has them, are accepted. */
static bool read_pin_list(struct ca_buffer *pins, const char *list)
{
    while (*list) {
        size_t octets = strcspn(list, ",;");
        size_t length = octets;
        const char *pin = ca_text_trim(list, &length);
        if (!is_pin(pin, length))
            return false;
        if (pins->length)
            ca_buffer_add_char(pins, ';');
        ca_buffer_add(pins, pin, length);
        list += octets + (list[octets] != '\0');
    }
    return true;
}

static bool read_pins(struct ca_tls *tls, const struct ca_options *options, struct ca_error *error)
{
    const char *text = ca_option_text(options, CA_OPTION_SERVER_CERTIFICATE);
    char pin[CA_PIN_SIZE];
    struct ca_buffer pins = CA_BUFFER_INIT(LONGEST_PINS);
    bool done = false;
    if (!*text)
        return true;
    if (strncmp(text, pin_prefix, sizeof pin_prefix - 1) == 0) {
        if (!read_pin_list(&pins, text)) {
            ca_error_set(error, "HY024", 0,
                         "SSLServerCert=%s is not valid: sha256// is followed by the 44 characters of a "
                         "digest in base64; commas stand between several.",
                         text);
            goto out;
        }
    } else if (ca_certificate_pin(text, pin)) {
        ca_buffer_add_text(&pins, pin);
    } else {
        ca_error_set(error, "08001", 0,
                     "SSLServerCert=%s cannot be used: name a PEM file with the server's certificate or "
                     "public key, or give sha256//DIGEST.",
                     text);
        goto out;
    }
    tls->pins = ca_buffer_take(&pins);
    done = tls->pins || ca_error_no_memory(error);
out:
    ca_buffer_free(&pins);
    return done;
}

bool ca_tls_init(struct ca_tls *tls, const struct ca_options *options, bool of_service,
                 struct ca_error *error)
{
    *tls = (struct ca_tls){.verify = ca_option_number(options, CA_OPTION_VERIFY_CERTIFICATE) != 0};
    return read_trust(tls, options, error) &&
           read_path(&tls->revocations, options, CA_OPTION_REVOCATION_LIST, error) &&
           (!of_service || (read_client(tls, options, error) && read_pins(tls, options, error)));
}

void ca_tls_free(struct ca_tls *tls)
{
    ca_free(tls->trust_file);
    ca_free(tls->trust_directory);
    ca_free(tls->revocations);
    ca_free(tls->client_certificate);
    ca_free(tls->client_key);
    ca_free_secret(tls->client_password);
    ca_free(tls->pins);
    *tls = (struct ca_tls){0};
}

static CURLcode watch(CURL *easy, void *context, void *finding)
{
    (void)easy;
    SSL_CTX_set_cert_verify_callback(context, ca_certificate_verify, finding);
    SSL_CTX_set_cert_cb(context, ca_certificate_asked, finding);
    return CURLE_OK;
}

/* libcurl's SSL_CTX is ours to touch only where both speak to the same OpenSSL. */
static bool same_openssl(void)
{
    static const char name[] = "OpenSSL/";
    const char *theirs = curl_version_info(CURLVERSION_NOW)->ssl_version;
    return theirs && strncmp(theirs, name, sizeof name - 1) == 0 &&
           strtoul(theirs + sizeof name - 1, NULL, 10) == OPENSSL_version_major();
}

static bool set_text(CURL *easy, CURLoption option, const char *text)
{
    return curl_easy_setopt(easy, option, text) == CURLE_OK;
}

/* For the server and, with libcurl's other set of options, for a proxy. */
static bool apply_trust(const struct ca_tls *tls, CURL *easy, bool proxy)
{
    bool own = tls->trust_file || tls->trust_directory;
    bool done = !curl_easy_setopt(easy, proxy ? CURLOPT_PROXY_SSLVERSION : CURLOPT_SSLVERSION,
                                  (long)CURL_SSLVERSION_TLSv1_2) &&
                !curl_easy_setopt(easy, proxy ? CURLOPT_PROXY_SSL_VERIFYPEER : CURLOPT_SSL_VERIFYPEER,
                                  tls->verify ? 1L : 0L) &&
                !curl_easy_setopt(easy, proxy ? CURLOPT_PROXY_SSL_VERIFYHOST : CURLOPT_SSL_VERIFYHOST,
                                  tls->verify ? 2L : 0L);
    if (own)
        done = done && set_text(easy, proxy ? CURLOPT_PROXY_CAINFO : CURLOPT_CAINFO, tls->trust_file) &&
               set_text(easy, proxy ? CURLOPT_PROXY_CAPATH : CURLOPT_CAPATH, tls->trust_directory);
    if (tls->revocations)
        done = done && set_text(easy, proxy ? CURLOPT_PROXY_CRLFILE : CURLOPT_CRLFILE, tls->revocations);
    return done;
}

bool ca_tls_apply(const struct ca_tls *tls, CURL *easy, struct ca_tls_finding *finding)
{
    bool done = apply_trust(tls, easy, false) && apply_trust(tls, easy, true);
    if (tls->pins)
        done = done && set_text(easy, CURLOPT_PINNEDPUBLICKEY, tls->pins);
    if (tls->client_certificate)
        done = done && set_text(easy, CURLOPT_SSLCERT, tls->client_certificate) &&
               set_text(easy, CURLOPT_SSLKEY, tls->client_key) &&
               set_text(easy, CURLOPT_KEYPASSWD, tls->client_password);
    *finding = (struct ca_tls_finding){0};
    if (same_openssl()) {
        curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, watch);
        curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, finding);
    }
    return done;
}
