/* The way to the service through a proxy: the environment's, one given, or none. User and password are kept
 * apart from the address and go to the proxy alone. */
#ifndef CA_SERVICE_PROXY_H
#define CA_SERVICE_PROXY_H

#include <curl/curl.h>
#include <stdbool.h>

#include "base/error.h"
#include "service/options.h"

struct ca_proxy {
    char *address;    /* NULL = the environment's, "" = none */
    char *host;       /* of the address; NULL where there is none */
    char *user;       /* NULL = none */
    char *password;   /* secret; NULL = none */
    char *exceptions; /* NULL = the environment's */
};

/* `loopback`: the service is on this machine, which is never reached through a proxy. false: HY024 with a
 * text that names the option, or HY001. ca_proxy_free in any case. */
bool ca_proxy_init(struct ca_proxy *proxy, const struct ca_options *options, bool loopback,
                   struct ca_error *error);
void ca_proxy_free(struct ca_proxy *proxy);
/* What the environment says of proxies, or NULL where it does not count: the n-th variable that libcurl
 * reads. Ends at CA_PROXY_VARIABLES. */
enum { CA_PROXY_VARIABLES = 7 };
const char *ca_proxy_environment(const struct ca_proxy *proxy, int n);
/* false: no memory. */
bool ca_proxy_apply(const struct ca_proxy *proxy, CURL *easy);

#endif
