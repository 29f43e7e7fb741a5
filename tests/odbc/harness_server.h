/*
 * Servers that stand between the driver and the local service: TLS of any kind (stunnel), proxies; and the
 * certificates that they show, made with the openssl program. All in the directory of the test program, all
 * ended with it.
 */
#ifndef ODBC_HARNESS_SERVER_H
#define ODBC_HARNESS_SERVER_H

#include "harness.h"

/* A program that listens on 127.0.0.1. */
struct server {
    pid_t pid;
    unsigned port;
    char *output; /* the file that its output goes to */
};

/* A port that nobody listens at; somebody may be quicker. */
unsigned free_port(void);

/* Starts a program found in PATH; $P in its arguments and in `configuration` stands for a free port, $D for
 * the directory, $C for the file with the configuration (NULL: none). Fails the test unless something listens
 * at the port soon. */
void server_start(const struct harness *harness, const char *name, const char *const *arguments,
                  const char *configuration, struct server *server);
/* What it wrote so far. */
char *server_output(const struct server *server);
void server_stop(struct server *server);

/* A new text with $D (directory) and $P (port) filled in. */
char *place_fill(const struct harness *harness, const char *text, unsigned port);

/* stunnel in front of `service`, one server for each of these. */
struct tls_front {
    const char *certificate; /* NAME.pem, NAME.key of the directory */
    const char *options;     /* more lines of stunnel's configuration, each with \n; $D: the directory */
};
/* Sets the port of each in `ports`. */
void tls_fronts_start(const struct harness *harness, const char *name, unsigned target,
                      const struct tls_front *fronts, size_t count, struct server *server, unsigned *ports);

/* A certificate to be made as NAME.pem and NAME.key in the directory. */
struct certificate {
    const char *name;
    const char *issuer; /* the name of one made before; itself for a root or what nobody vouches for */
    const char
        *section; /* authority, here (127.0.0.1, 0.0.0.0, localhost), there (elsewhere.example), client */
    const char *begin, *end; /* as openssl ca takes them; NULL, both: from now for two days */
};
void certificates_make(const struct harness *harness, const struct certificate *list, size_t count);
/* Revokes, then writes the issuer's list to FILE. */
void certificate_revoke(const struct harness *harness, const char *issuer, const char *name,
                        const char *file);
/* Runs a line of shell in the directory; a failure fails the test. */
void shell(const struct harness *harness, const char *line);

#endif
