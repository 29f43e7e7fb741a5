/*
 * Proves TLS: whom the driver trusts, what it says of whom it does not. The authority and the certificates
 * are made with the openssl program.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static const char configuration[] = "[req]\ndistinguished_name=dn\n[dn]\n"
                                    "[ca]\nbasicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign\n"
                                    "[here]\nsubjectAltName=IP:127.0.0.1,DNS:localhost\n"
                                    "[there]\nsubjectAltName=DNS:elsewhere.example\n";

/* Runs openssl in a shell of the program's directory: the files are few and their names short. */
static void openssl(struct harness *h, const char *arguments)
{
    char *command = text_format("cd '%s' && openssl %s", h->directory, arguments);
    const char *const shell[] = {"sh", "-c", command, NULL};

    if (!run_program(shell))
        fail_at(__FILE__, __LINE__, "%s", command);
    free(command);
}

static void make_authority(struct harness *h, const char *name)
{
    char *command =
        text_format("req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Test authority %s' -config tls.cnf "
                    "-extensions ca -keyout %s.key -out %s.pem",
                    name, name, name);
    openssl(h, command);
    free(command);
}

/* A certificate signed by the authority "ca"; `section` says for which names, `days` for how long. */
static void make_certificate(struct harness *h, const char *name, const char *section, int days)
{
    char *request =
        text_format("req -newkey rsa:2048 -nodes -subj '/CN=%s' -config tls.cnf -keyout %s.key -out %s.csr",
                    name, name, name);
    char *sign =
        text_format("x509 -req -in %s.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days %d -extfile tls.cnf "
                    "-extensions %s -out %s.pem",
                    name, days, section, name);
    openssl(h, request);
    openssl(h, sign);
    free(request);
    free(sign);
}

/* The services a test wants, each with a certificate of its own. */
enum { GOOD, EXPIRED, WRONG_HOST, SERVICES };

static void make_files(struct harness *h)
{
    char *path = harness_path(h, "tls.cnf");

    write_file(path, configuration, 0600);
    free(path);
    make_authority(h, "ca");
    make_authority(h, "stranger");
    make_certificate(h, "good", "here", 2);
    make_certificate(h, "elsewhere", "there", 2);
    /* x509 takes no dates, but it does take days before today */
    make_certificate(h, "expired", "here", -1);
}

static void start(struct harness *h, const char *name, struct service_process *service)
{
    char *certificate = text_format("%s/%s.pem", h->directory, name),
         *key = text_format("%s/%s.key", h->directory, name);
    const char *const options[] = {"--tls", certificate, key, NULL};

    assert_true(service_start(h, name, options, service));
    free(certificate);
    free(key);
}

struct tls_case {
    int service;
    const char *extra; /* $D: the directory */
    const char *letters, *state, *piece;
};

static bool check_case(struct harness *h, const struct service_process *service, const struct tls_case *c)
{
    const char *place = strstr(c->extra, "$D");
    char *extra = place == NULL
                      ? text_format("%s", c->extra)
                      : text_format("%.*s%s%s", (int)(place - c->extra), c->extra, h->directory, place + 2);
    char *text = text_format("DSN=CA;URL=%s/api;MaxRetries=0;%s", service->base, extra);
    SQLHDBC dbc = dbc_open(h);

    requests_clear(service);
    char letter = return_letter(driver_connect(dbc, text));
    char *records = diagnostics(SQL_HANDLE_DBC, dbc);
    /* who is not trusted never sees the token */
    bool right = strchr(c->letters, letter) != NULL &&
                 (c->state == NULL || strncmp(records, c->state, 5) == 0) &&
                 (c->piece == NULL || strcasestr(records, c->piece) != NULL) &&
                 (letter != 'E' || requests_count(service, NULL, NULL, NULL) == 0);
    if (!right)
        print_error("%s\nwanted %s %s %s, got %c\n%s\n", text, c->letters, c->state != NULL ? c->state : "",
                    c->piece != NULL ? c->piece : "", letter, records);
    if (letter != 'E') {
        SQLHSTMT stmt = statement_open(dbc);
        right = right && exec(stmt, "SELECT CatalogName FROM sys_catalogs") == SQL_SUCCESS;
    }
    dbc_close(dbc);
    free(records);
    free(text);
    free(extra);
    return right;
}

static void trust(void **state)
{
    static const struct tls_case cases[] = {
        {GOOD, "", "E", "08001", "TrustStore"},
        {GOOD, "TrustStore=system", "E", "08001", "TrustStore"},
        {GOOD, "TrustStore=$D/stranger.pem", "E", "08001", "certificate"},
        {GOOD, "TrustStore=$D/ca.pem", "S", NULL, NULL},
        {GOOD, "CAFile=$D/ca.pem", "S", NULL, NULL},
        {GOOD, "TrustStore=$D/hashed", "S", NULL, NULL},
        {GOOD, "TrustStore=$D/none.pem", "E", "08001", "TrustStore"},
        {GOOD, "TrustStore=$D/tls.cnf", "E", "08001", "TrustStore"},
        {GOOD, "VerifyCertificate=0", "I", "01000", "VerifyCertificate"},
        {GOOD, "VerifyCertificate=0", "I", "01000", "VerifyCertificate"},
        /* a connection that was not verified serves nobody who asks for verification, nor the other way round
         */
        {GOOD, "", "E", "08001", "TrustStore"},
        {GOOD, "TrustStore=$D/ca.pem", "S", NULL, NULL},
        {EXPIRED, "TrustStore=$D/ca.pem", "E", "08001", "expired"},
        {EXPIRED, "VerifyCertificate=0", "I", "01000", "VerifyCertificate"},
        {WRONG_HOST, "TrustStore=$D/ca.pem", "E", "08001", "127.0.0.1"},
        {WRONG_HOST, "VerifyCertificate=0", "I", "01000", "VerifyCertificate"},
    };
    static const char *const names[SERVICES] = {"good", "expired", "elsewhere"};
    struct harness *h = *state;
    struct service_process services[SERVICES];
    int wrong = 0;

    make_files(h);
    const char *const hashed[] = {"sh", "-c",
                                  "cd \"$0\" && mkdir -p hashed && cp ca.pem hashed && openssl rehash hashed",
                                  h->directory, NULL};
    assert_true(run_program(hashed));
    for (int i = 0; i < SERVICES; i++)
        start(h, names[i], &services[i]);
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        wrong += !check_case(h, &services[cases[i].service], &cases[i]);
    for (int i = 0; i < SERVICES; i++)
        service_stop(&services[i]);
    assert_int_equal(wrong, 0);
}

/* https:// to a service that speaks http. */
static void protocols_mixed_up(void **state)
{
    struct harness *h = *state;
    SQLHDBC dbc = dbc_open(h);
    char *text = text_format("DSN=CA;URL=https://127.0.0.1:%u/api;MaxRetries=0", h->service.port);

    expect_env("S", h->env, SQLAllocHandle(SQL_HANDLE_DBC, h->env, &dbc));
    expect_dbc("E", dbc,
               SQLDriverConnect(dbc, NULL, (SQLCHAR *)text, SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT));
    expect_state(SQL_HANDLE_DBC, dbc, "08001");
    expect_message(SQL_HANDLE_DBC, dbc, "TLS");
    dbc_close(dbc);
    free(text);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(trust),
        cmocka_unit_test(protocols_mixed_up),
    };

    return harness_main("test_tls", NULL, tests, COUNT_OF(tests));
}
