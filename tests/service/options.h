/*
 * The command line.
 */
#ifndef SERVICE_OPTIONS_H
#define SERVICE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct text_list {
    const char **items;
    size_t count;
};

/* All strings are those of argv. */
struct options {
    const char *bind;
    const char *user;
    const char *token;
    struct text_list bearers;
    const char *oauth_client; /* both or none */
    const char *oauth_secret;
    const char *jwt_key;
    const char *tls_certificate; /* files; both or none */
    const char *tls_key;
    const char *data;
    const char *log;
    const char *port_file;
    struct text_list no_endpoints;
    unsigned port;
    unsigned tables;
    unsigned rate_limit; /* requests a minute, 0: none */
    bool old_profile;
    bool lenient;
    bool batch_total;
    bool no_system_tables;
    bool case_sensitive;
    bool no_gzip;
    bool prerender;
    bool help;
};

/* False after telling stderr what is wrong. options_free is due either way. */
bool options_read(struct options *options, int argc, char **argv);

void options_free(struct options *options);

void options_help(void);

/* Whether an endpoint (by its last path segment) was switched off. */
bool options_without(const struct options *options, const char *endpoint);

#endif
