#include "service/proxy.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/text.h"
#include "service/secret.h"

enum { LONGEST_ADDRESS = 1 << 16 };

/* A copy of an option's text in *to, NULL where it is empty. */
static bool copy_option(char **to, const struct ca_options *options, enum ca_option option)
{
    const char *text = ca_option_text(options, option);
    *to = *text ? ca_strdup(text) : NULL;
    return *to || !*text;
}

static bool is_proxy_scheme(const char *scheme)
{
    static const char *const schemes[] = {"http", "https", "socks5", "socks5h"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (strcmp(schemes[i], scheme) == 0)
            return true;
    return false;
}

/* Scheme, host and port, and nothing behind them; a copy of the host in *copy. */
static bool split_address(const char *address, char **copy)
{
    char *scheme = NULL;
    char *host = NULL;
    char *path = NULL;
    CURLU *url = curl_url();
    bool good = url && !curl_url_set(url, CURLUPART_URL, address, CURLU_NON_SUPPORT_SCHEME) &&
                !curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) && is_proxy_scheme(scheme) &&
                !curl_url_get(url, CURLUPART_HOST, &host, 0) && *host &&
                !curl_url_get(url, CURLUPART_PATH, &path, 0) && (!*path || strcmp(path, "/") == 0);
    if (good)
        *copy = ca_strdup(host);
    curl_free(scheme);
    curl_free(host);
    curl_free(path);
    curl_url_cleanup(url);
    return good && *copy;
}

static bool read_address(struct ca_proxy *proxy, const char *text, struct ca_error *error)
{
    struct ca_buffer address = CA_BUFFER_INIT(LONGEST_ADDRESS);
    if (!*text || ca_text_same(text, "system"))
        return true;
    /* Not quoted: what stands before the @ may be a password. */
    if (strchr(text, '@'))
        return ca_error_set(error, "HY024", 0,
                            "Proxy must hold neither user nor password: use ProxyUID and ProxyPWD.");
    if (!ca_text_same(text, "none"))
        ca_buffer_add_format(&address, "%s%s", strstr(text, "://") ? "" : "http://", text);
    proxy->address = ca_buffer_take(&address);
    if (!proxy->address)
        return ca_error_no_memory(error);
    if (!*proxy->address || split_address(proxy->address, &proxy->host))
        return true;
    return ca_error_set(error, "HY024", 0,
                        "Proxy=%s is not valid: give http://host:port (or https, socks5, socks5h), none, or "
                        "nothing for the environment's.",
                        text);
}

bool ca_proxy_init(struct ca_proxy *proxy, const struct ca_options *options, bool loopback,
                   struct ca_error *error)
{
    *proxy = (struct ca_proxy){0};
    if (!read_address(proxy, ca_option_text(options, CA_OPTION_PROXY), error))
        return false;
    if (loopback) {
        ca_proxy_free(proxy);
        proxy->address = ca_strdup("");
        return proxy->address || ca_error_no_memory(error);
    }
    if (!ca_secret_take(&proxy->password, options, CA_OPTION_PROXY_PWD, error))
        return false;
    return (copy_option(&proxy->user, options, CA_OPTION_PROXY_UID) &&
            copy_option(&proxy->exceptions, options, CA_OPTION_PROXY_EXCEPTIONS)) ||
           ca_error_no_memory(error);
}

void ca_proxy_free(struct ca_proxy *proxy)
{
    ca_free(proxy->address);
    ca_free(proxy->host);
    ca_free(proxy->user);
    ca_free_secret(proxy->password);
    ca_free(proxy->exceptions);
    *proxy = (struct ca_proxy){0};
}

const char *ca_proxy_environment(const struct ca_proxy *proxy, int n)
{
    static const char *const names[CA_PROXY_VARIABLES] = {
        "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"};
    return proxy->address && proxy->exceptions ? NULL : getenv(names[n]);
}

bool ca_proxy_apply(const struct ca_proxy *proxy, CURL *easy)
{
    const struct {
        CURLoption option;
        const char *text;
    } settings[] = {{CURLOPT_PROXY, proxy->address},
                    {CURLOPT_PROXYUSERNAME, proxy->user},
                    {CURLOPT_PROXYPASSWORD, proxy->password},
                    {CURLOPT_NOPROXY, proxy->exceptions}};
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        if (settings[i].text && curl_easy_setopt(easy, settings[i].option, settings[i].text))
            return false;
    /* Headers for the service are not for the proxy that makes the tunnel. */
    return curl_easy_setopt(easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE) == CURLE_OK;
}
