#include "service/transport.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/text.h"

enum { LONGEST_URL = 8000 };

/* The name localhost, or an address of this machine written out; never a name that only looks like one. */
static bool is_loopback(const char *host)
{
    struct in_addr address;
    if (inet_pton(AF_INET, host, &address) == 1)
        return ntohl(address.s_addr) >> 24 == 127;
    return ca_text_same(host, "localhost") || strcmp(host, "[::1]") == 0 || strcmp(host, "::1") == 0;
}

static bool check_scheme(const char *name_of_option, const char *scheme, const char *host,
                         const struct ca_options *options, struct ca_error *error)
{
    if (strcmp(scheme, "https") == 0)
        return true;
    if (strcmp(scheme, "http") != 0)
        return ca_error_set(error, "08001", 0, "%s must begin with https://, not %s://.", name_of_option,
                            scheme);
    if (is_loopback(host) || ca_option_number(options, CA_OPTION_ALLOW_PLAIN_HTTP))
        return true;
    return ca_error_set(error, "08001", 0,
                        "%s uses http:// with the host %s, which would send the access token unencrypted. "
                        "Use https://, or set AllowPlainHTTP=1 if that is meant.",
                        name_of_option, host);
}

static bool has_part(CURLU *url, CURLUPart part)
{
    char *text = NULL;
    bool found = curl_url_get(url, part, &text, 0) == CURLUE_OK;
    curl_free(text);
    return found;
}

/* What an address cannot hold. Those of an authority may have a query (RFC 6749 section 3.1 and 3.2). */
static bool check_parts(CURLU *url, enum ca_option address, struct ca_error *error)
{
    const char *name = ca_option_rows()[address].name;
    if (address == CA_OPTION_URL && (has_part(url, CURLUPART_USER) || has_part(url, CURLUPART_QUERY)))
        return ca_error_set(error, "08001", 0,
                            "%s must hold neither a user nor a query: use UID, PWD and Workspace.", name);
    if (has_part(url, CURLUPART_USER))
        return ca_error_set(error, "08001", 0, "%s must not hold a user.", name);
    if (has_part(url, CURLUPART_FRAGMENT))
        return ca_error_set(error, "08001", 0, "%s must not hold a # and what follows it.", name);
    return true;
}

/* Reads the address into base and host; refuses what could carry a credential elsewhere. */
static bool read_url(struct ca_transport *transport, const struct ca_options *options, enum ca_option address,
                     struct ca_error *error)
{
    const char *text = ca_option_text(options, address);
    const char *name_of_option = ca_option_rows()[address].name;
    char *scheme = NULL;
    char *host = NULL;
    char *port = NULL;
    bool done = false;
    if (strlen(text) > LONGEST_URL)
        return ca_error_set(error, "08001", 0, "URL is longer than %d characters.", LONGEST_URL);
    CURLU *url = curl_url();
    struct ca_buffer name = CA_BUFFER_INIT(LONGEST_URL + 16);
    if (!url)
        return ca_error_no_memory(error);
    if (curl_url_set(url, CURLUPART_URL, text, 0) || curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) ||
        curl_url_get(url, CURLUPART_HOST, &host, 0)) {
        /* what stands before an @ may be a password */
        ca_error_set(error, "08001", 0, "%s%s%s is not an address. Example: %s", name_of_option,
                     strchr(text, '@') ? "" : "=", strchr(text, '@') ? "" : text,
                     ca_option_rows()[address].initial);
        goto out;
    }
    curl_url_get(url, CURLUPART_PORT, &port, 0);
    if (!check_parts(url, address, error) || !check_scheme(name_of_option, scheme, host, options, error))
        goto out;
    transport->loopback = is_loopback(host);
    ca_buffer_add_text(&name, host);
    if (port)
        ca_buffer_add_format(&name, ":%s", port);
    transport->host = ca_buffer_take(&name);
    size_t octets = strlen(text);
    while (address == CA_OPTION_URL && octets && text[octets - 1] == '/')
        octets--; /* paths are put behind it */
    transport->base = ca_strndup(text, octets);
    transport->scheme = ca_strdup(scheme);
    done = transport->host && transport->base && transport->scheme;
    if (!done)
        ca_error_no_memory(error);
out:
    ca_buffer_free(&name);
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    curl_url_cleanup(url);
    return done;
}

/* What connections must have in common to share lanes. A digest, because secrets are among it. */
static char *make_lane_key(const struct ca_transport *transport, const struct ca_options *options)
{
    static const enum ca_option shared[] = {
        CA_OPTION_UID,        CA_OPTION_TRUST_STORE,         CA_OPTION_REVOCATION_LIST,
        CA_OPTION_CLIENT_KEY, CA_OPTION_CLIENT_CERTIFICATE,  CA_OPTION_SERVER_CERTIFICATE,
        CA_OPTION_PROXY,      CA_OPTION_CLIENT_KEY_PASSWORD, CA_OPTION_VERIFY_CERTIFICATE,
        CA_OPTION_PROXY_UID,  CA_OPTION_PROXY_PWD,           CA_OPTION_PROXY_EXCEPTIONS,
    };
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned octets = 0;
    struct ca_buffer key = CA_BUFFER_INIT(2 * EVP_MAX_MD_SIZE);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool done = context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) &&
                EVP_DigestUpdate(context, transport->base, strlen(transport->base) + 1);
    for (size_t i = 0; done && i < sizeof shared / sizeof *shared; i++) {
        const char *text = ca_option_text(options, shared[i]);
        done = EVP_DigestUpdate(context, text, strlen(text) + 1);
    }
    for (int i = 0; done && i < CA_PROXY_VARIABLES; i++) {
        const char *text = ca_proxy_environment(&transport->proxy, i);
        done = EVP_DigestUpdate(context, text ? text : "", text ? strlen(text) + 1 : 1);
    }
    done = done && EVP_DigestFinal_ex(context, digest, &octets);
    EVP_MD_CTX_free(context);
    for (unsigned i = 0; done && i < octets; i++)
        ca_buffer_add_format(&key, "%02x", digest[i]);
    if (done)
        return ca_buffer_take(&key);
    ca_buffer_free(&key);
    return NULL;
}

bool ca_transport_init(struct ca_transport *transport, const struct ca_options *options,
                       enum ca_option address, const char *user_agent, struct ca_error *error)
{
    memset(transport, 0, sizeof *transport);
    /* Only replies of the API are read compressed; an authority's answer is small. */
    transport->compression =
        address == CA_OPTION_URL && ca_option_number(options, CA_OPTION_COMPRESSION) != 0;
    transport->read_ahead = ca_option_number(options, CA_OPTION_READ_AHEAD) != 0;
    transport->connect_timeout_ms = (int)(ca_option_number(options, CA_OPTION_CONNECT_TIMEOUT) * 1000);
    if (address == CA_OPTION_URL)
        transport->keep_ms = ca_option_number(options, CA_OPTION_KEEP_ALIVE) * 1000;
    if (!read_url(transport, options, address, error) ||
        !ca_tls_init(&transport->tls, options, address == CA_OPTION_URL, error) ||
        !ca_proxy_init(&transport->proxy, options, transport->loopback, error))
        return false;
    transport->lane_key = make_lane_key(transport, options);
    transport->user_agent = ca_strdup(user_agent);
    return (transport->lane_key && transport->user_agent) || ca_error_no_memory(error);
}

void ca_transport_free(struct ca_transport *transport)
{
    ca_free(transport->base);
    ca_free(transport->host);
    ca_free(transport->lane_key);
    ca_free(transport->user_agent);
    ca_free(transport->scheme);
    ca_tls_free(&transport->tls);
    ca_proxy_free(&transport->proxy);
    memset(transport, 0, sizeof *transport);
}
