/*
 * Owns the servers and certificates that TLS and proxy tests need. Knows the programs' command lines and
 * configuration files, and nothing of ODBC.
 */
#include "harness_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LISTEN_MS = 20000, ATTEMPTS = 5, ARGUMENTS_MAX = 16 };

/* ---- servers ---- */

static int loopback_socket(unsigned port, struct sockaddr_in *address)
{
    *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

unsigned free_port(void)
{
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    int descriptor = loopback_socket(0, &address);
    bool bound = bind(descriptor, (struct sockaddr *)&address, length) == 0 &&
                 getsockname(descriptor, (struct sockaddr *)&address, &length) == 0;

    close(descriptor);
    assert_true(bound);
    return ntohs(address.sin_port);
}

/* Something listens there before the program ends. */
static bool wait_for_listener(unsigned port, pid_t pid)
{
    struct sockaddr_in address;

    for (int64_t begin = now_ms(); now_ms() - begin < LISTEN_MS; sleep_ms(10)) {
        int descriptor = loopback_socket(port, &address);
        bool listens = connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0;
        close(descriptor);
        if (listens)
            return true;
        if (waitpid(pid, NULL, WNOHANG) != 0)
            return false;
    }
    return false;
}

char *place_fill(const struct harness *harness, const char *text, unsigned port)
{
    char *filled = text_format("%s", "");

    while (*text != '\0') {
        size_t plain = strcspn(text, "$");
        bool directory = strncmp(text + plain, "$D", 2) == 0, number = strncmp(text + plain, "$P", 2) == 0;
        size_t kept = text[plain] == '$' && !directory && !number ? plain + 1 : plain;
        char *value =
            number ? text_format("%u", port) : text_format("%s", directory ? harness->directory : "");
        char *longer = text_format("%s%.*s%s", filled, (int)kept, text, value);
        free(value);
        free(filled);
        filled = longer;
        text += kept + (directory || number ? 2 : 0);
    }
    return filled;
}

static pid_t start_on_port(const struct harness *h, const char *const *arguments, const char *configuration,
                           const struct server *server)
{
    char *filled[ARGUMENTS_MAX + 1] = {NULL}, *file = text_format("%s.conf", server->output);
    size_t count = 0;

    for (; arguments[count] != NULL && count < ARGUMENTS_MAX; count++)
        filled[count] = strcmp(arguments[count], "$C") == 0 ? text_format("%s", file)
                                                            : place_fill(h, arguments[count], server->port);
    if (configuration != NULL) {
        char *text = place_fill(h, configuration, server->port);
        write_file(file, text, 0600);
        free(text);
    }
    int output = open(server->output, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    pid_t pid = start_program((const char *const *)filled, output);
    close(output);
    while (count > 0)
        free(filled[--count]);
    free(file);
    return pid;
}

void server_start(const struct harness *h, const char *name, const char *const *arguments,
                  const char *configuration, struct server *server)
{
    *server = (struct server){.output = text_format("%s/%s.output", h->directory, name)};
    for (int i = 0; i < ATTEMPTS; i++) {
        server->port = free_port();
        server->pid = start_on_port(h, arguments, configuration, server);
        if (wait_for_listener(server->port, server->pid))
            return;
        kill(server->pid, SIGKILL);
        waitpid(server->pid, NULL, 0);
    }
    fail_at(__FILE__, __LINE__, "%s does not start, see %s", arguments[0], server->output);
}

char *server_output(const struct server *server)
{
    return read_file(server->output);
}

void server_stop(struct server *server)
{
    if (server->pid > 0) {
        kill(server->pid, SIGKILL);
        waitpid(server->pid, NULL, 0);
    }
    free(server->output);
    *server = (struct server){0};
}

void tls_fronts_start(const struct harness *h, const char *name, unsigned target,
                      const struct tls_front *fronts, size_t count, struct server *server, unsigned *ports)
{
    static const char *const program[] = {"stunnel", "$C", NULL};
    char *text = text_format("foreground = yes\nsyslog = no\npid =\ndebug = info\n");

    for (size_t i = 0; i < count; i++) {
        ports[i] = i == count - 1 ? 0 : free_port();
        char *port = ports[i] == 0 ? text_format("$P") : text_format("%u", ports[i]);
        char *longer = text_format("%s[front%zu]\naccept = 127.0.0.1:%s\nconnect = 127.0.0.1:%u\n"
                                   "cert = $D/%s.pem\nkey = $D/%s.key\nTIMEOUTclose = 0\n%s",
                                   text, i, port, target, fronts[i].certificate, fronts[i].certificate,
                                   fronts[i].options);
        free(port);
        free(text);
        text = longer;
    }
    server_start(h, name, program, text, server);
    ports[count - 1] = server->port;
    free(text);
}

/* ---- certificates ---- */

static const char configuration[] =
    "[req]\ndistinguished_name=dn\n[dn]\n"
    "[authority]\nbasicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign\n"
    "subjectKeyIdentifier=hash\n"
    "[here]\nsubjectAltName=IP:127.0.0.1,IP:0.0.0.0,DNS:localhost\n"
    "[there]\nsubjectAltName=DNS:elsewhere.example\n"
    "[client]\nextendedKeyUsage=clientAuth\n"
    "[any]\ncommonName=supplied\n"
    "[ca]\ndefault_ca=issuer\n"
    "[issuer]\nnew_certs_dir=.\nunique_subject=no\ndefault_md=sha256\npolicy=any\nrand_serial=yes\n"
    "default_days=2\ndefault_crl_days=2\ndatabase=";

void shell(const struct harness *h, const char *line)
{
    char *command = text_format("cd '%s' && %s", h->directory, line);
    const char *const arguments[] = {"sh", "-c", command, NULL};

    if (!run_program(arguments))
        fail_at(__FILE__, __LINE__, "%s", command);
    free(command);
}

static void make_certificate(const struct harness *h, const struct certificate *c)
{
    bool own = strcmp(c->name, c->issuer) == 0, dated = c->begin != NULL;
    char *request = text_format("openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
                                "-subj '/CN=Test %s' -config %s.cnf -keyout %s.key -out %s.csr",
                                c->name, c->issuer, c->name, c->name);
    char *dates = dated ? text_format("-startdate %s -enddate %s", c->begin, c->end) : text_format(" ");
    char *signer = own ? text_format("-selfsign") : text_format("-cert %s.pem", c->issuer);
    char *sign = text_format("openssl ca -batch -notext -config %s.cnf -extensions %s %s -keyfile %s.key %s "
                             "-in %s.csr -out %s.pem",
                             c->issuer, c->section, signer, c->issuer, dates, c->name, c->name);

    shell(h, request);
    shell(h, sign);
    free(request);
    free(dates);
    free(signer);
    free(sign);
}

void certificates_make(const struct harness *h, const struct certificate *list, size_t count)
{
    shell(h, "rm -f *.pem *.key *.csr *.index* *.cnf");
    for (size_t i = 0; i < count; i++) {
        char *file = text_format("%s/%s.cnf", h->directory, list[i].name);
        char *index = text_format("%s/%s.index", h->directory, list[i].name);
        char *text = text_format("%s%s.index\n", configuration, list[i].name);
        write_file(file, text, 0600);
        write_file(index, "", 0600);
        make_certificate(h, &list[i]);
        free(file);
        free(index);
        free(text);
    }
}

void certificate_revoke(const struct harness *h, const char *issuer, const char *name, const char *file)
{
    char *line =
        text_format("openssl ca -batch -config %s.cnf -cert %s.pem -keyfile %s.key -revoke %s.pem && "
                    "openssl ca -batch -config %s.cnf -cert %s.pem -keyfile %s.key -gencrl -out %s",
                    issuer, issuer, issuer, name, issuer, issuer, issuer, file);

    shell(h, line);
    free(line);
}
