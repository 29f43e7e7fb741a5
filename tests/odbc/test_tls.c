/*
 * Proves TLS: whom the driver trusts, what it shows of itself, what it says of whom it does not trust, and
 * that those never see a request. The authorities and certificates are made with the openssl program; stunnel
 * is the server.
 */
#include "harness_server.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct certificate certificates[] = {
    {"ca", "ca", "authority", NULL, NULL},
    {"stranger", "stranger", "authority", NULL, NULL},
    {"middle", "ca", "authority", NULL, NULL},
    {"good", "ca", "here", NULL, NULL},
    {"expired", "ca", "here", "20200101000000Z", "20200201000000Z"},
    {"early", "ca", "here", "20900101000000Z", "20900201000000Z"},
    {"elsewhere", "ca", "there", NULL, NULL},
    {"lone", "lone", "here", NULL, NULL},
    {"revoked", "ca", "here", NULL, NULL},
    {"leaf", "middle", "here", NULL, NULL},
    {"client", "ca", "client", NULL, NULL},
    {"outsider", "stranger", "client", NULL, NULL},
};

#define WANTS "CAfile = $D/ca.pem\nverifyChain = yes\n"
#define OLD   "ciphers = ALL:@SECLEVEL=0\n"

enum front {
    GOOD,
    EXPIRED,
    EARLY,
    ELSEWHERE,
    LONE,
    REVOKED,
    PART,
    WHOLE,
    WANTS_13,
    WANTS_12,
    TLS_12,
    TLS_11,
    FRONTS
};

static const struct tls_front fronts[FRONTS] = {
    [GOOD] = {"good", ""},
    [EXPIRED] = {"expired", ""},
    [EARLY] = {"early", ""},
    [ELSEWHERE] = {"elsewhere", ""},
    [LONE] = {"lone", ""},
    [REVOKED] = {"revoked", ""},
    [PART] = {"leaf", ""},
    [WHOLE] = {"chain", ""},
    [WANTS_13] = {"good", WANTS "sslVersion = TLSv1.3\n"},
    [WANTS_12] = {"good", WANTS "sslVersion = TLSv1.2\n"},
    [TLS_12] = {"good", "sslVersion = TLSv1.2\n"},
    [TLS_11] = {"good", "sslVersion = TLSv1.1\n" OLD},
};

static struct server stunnel;
static unsigned ports[FRONTS];

static void make_files(struct harness *h)
{
    certificates_make(h, certificates, COUNT_OF(certificates));
    certificate_revoke(h, "ca", "revoked", "revoked.crl");
    shell(h, "cat leaf.pem middle.pem >chain.pem && cp leaf.key chain.key");
    shell(h, "rm -rf hashed && mkdir hashed && cp ca.pem hashed && openssl rehash hashed");
    shell(h, "cat client.pem client.key >both.pem");
    shell(h, "openssl pkey -in client.key -aes256 -passout pass:K3y-pass -out locked.key");
    shell(h, "openssl pkey -in good.key -pubout -out good.pub");
    shell(
        h,
        "printf 'sha256//%s' $(openssl pkey -pubin -in good.pub -outform DER | openssl dgst -sha256 -binary |"
        " openssl base64) >good.pin");
}

static int start(void **state)
{
    struct harness *h = *state;

    make_files(h);
    tls_fronts_start(h, "stunnel", h->service.port, fronts, FRONTS, &stunnel, ports);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    server_stop(&stunnel);
    return 0;
}

/* ---- whom to trust ---- */

struct tls_case {
    enum front front;
    const char *extra; /* $D: the directory; $N: the pin of "good" */
    const char *letters, *state;
    const char *pieces[3]; /* of the text */
};

/* `extra` with the directory and the pin filled in. */
static char *fill(struct harness *h, const char *extra)
{
    char *with_directory = place_fill(h, extra, 0), *mark = strstr(with_directory, "$N");

    if (mark == NULL)
        return with_directory;
    char *path = harness_path(h, "good.pin"), *pin = read_file(path);
    char *filled = text_format("%.*s%s%s", (int)(mark - with_directory), with_directory, pin, mark + 2);
    free(path);
    free(pin);
    free(with_directory);
    return filled;
}

static bool has_pieces(const char *text, const struct tls_case *c)
{
    for (size_t i = 0; i < COUNT_OF(c->pieces); i++)
        if (c->pieces[i] != NULL && strcasestr(text, c->pieces[i]) == NULL)
            return false;
    return c->state == NULL || strncmp(text, c->state, 5) == 0;
}

static bool check_case(struct harness *h, const struct tls_case *c)
{
    char *extra = fill(h, c->extra);
    char *text = text_format("DSN=CA;URL=https://127.0.0.1:%u/api;MaxRetries=0;%s", ports[c->front], extra);
    SQLHDBC dbc = dbc_open(h);

    requests_clear(&h->service);
    char letter = return_letter(driver_connect(dbc, text));
    char *records = diagnostics(SQL_HANDLE_DBC, dbc);
    /* who is not trusted never sees the token */
    bool right = strchr(c->letters, letter) != NULL && has_pieces(records, c) &&
                 (letter != 'E' || requests_count(&h->service, NULL, "/api", NULL) == 0);
    if (letter != 'E') {
        SQLHSTMT stmt = statement_open(dbc);
        right = exec(stmt, "SELECT CatalogName FROM sys_catalogs") == SQL_SUCCESS && right;
    }
    if (!right)
        print_error("%s\nwanted %s %s %s, got %c\n%s\n", text, c->letters, c->state != NULL ? c->state : "",
                    c->pieces[0] != NULL ? c->pieces[0] : "", letter, records);
    dbc_close(dbc);
    free(records);
    free(text);
    free(extra);
    return right;
}

static void check_cases(struct harness *h, const struct tls_case *cases, size_t count)
{
    int wrong = 0;

    for (size_t i = 0; i < count; i++)
        wrong += !check_case(h, &cases[i]);
    assert_int_equal(wrong, 0);
}

static void trust(void **state)
{
    static const struct tls_case cases[] = {
        {GOOD, "", "E", "08001", {"issuer is not known", "CN=Test ca", "TrustStore"}},
        {GOOD, "TrustStore=system", "E", "08001", {"127.0.0.1", "CN=Test good", "TrustStore"}},
        {GOOD, "TrustStore=$D/stranger.pem", "E", "08001", {"issuer is not known", "CN=Test ca"}},
        {GOOD, "TrustStore=$D/ca.pem", "S", NULL, {NULL}},
        {GOOD, "CAFile=$D/ca.pem", "S", NULL, {NULL}},
        {GOOD, "TrustStore=$D/hashed", "S", NULL, {NULL}},
        {GOOD, "TrustStore=$D/none.pem", "E", "08001", {"TrustStore", "none.pem"}},
        {GOOD, "TrustStore=$D/good.key", "E", "08001", {"TrustStore"}},
        {GOOD, "TrustStore=$D", "E", "08001", {"TrustStore"}},
        {GOOD, "VerifyCertificate=0", "I", "01000", {"VerifyCertificate"}},
        {GOOD, "VerifyCertificate=0", "I", "01000", {"VerifyCertificate"}},
        /* what was not verified serves nobody who asks for verification, nor the other way round */
        {GOOD, "", "E", "08001", {"TrustStore"}},
        {GOOD, "TrustStore=$D/ca.pem", "S", NULL, {NULL}},
        {EXPIRED, "TrustStore=$D/ca.pem", "E", "08001", {"has expired", "CN=Test expired", "CN=Test ca"}},
        {EXPIRED, "VerifyCertificate=0", "I", "01000", {"VerifyCertificate"}},
        {EARLY, "TrustStore=$D/ca.pem", "E", "08001", {"not valid yet", "CN=Test early", "clock"}},
        {ELSEWHERE, "TrustStore=$D/ca.pem", "E", "08001", {"another host", "elsewhere.example", "127.0.0.1"}},
        {ELSEWHERE, "VerifyCertificate=0", "I", "01000", {"VerifyCertificate"}},
        {LONE, "TrustStore=$D/ca.pem", "E", "08001", {"signed by itself", "CN=Test lone", "TrustStore"}},
        {LONE, "TrustStore=$D/lone.pem", "S", NULL, {NULL}},
        {PART,
         "TrustStore=$D/ca.pem",
         "E",
         "08001",
         {"issuer is not known", "CN=Test middle", "intermediate"}},
        {WHOLE, "TrustStore=$D/ca.pem", "S", NULL, {NULL}},
        {WHOLE, "TrustStore=$D/stranger.pem", "E", "08001", {"CN=Test ca", "TrustStore"}},
    };

    check_cases(*state, cases, COUNT_OF(cases));
}

static void revocation(void **state)
{
    static const struct tls_case cases[] = {
        {REVOKED, "TrustStore=$D/ca.pem", "S", NULL, {NULL}},
        {REVOKED,
         "TrustStore=$D/ca.pem;RevocationList=$D/revoked.crl",
         "E",
         "08001",
         {"revoked", "CN=Test revoked"}},
        {GOOD, "TrustStore=$D/ca.pem;RevocationList=$D/revoked.crl", "S", NULL, {NULL}},
        {WHOLE,
         "TrustStore=$D/ca.pem;RevocationList=$D/revoked.crl",
         "E",
         "08001",
         {"revocation list", "RevocationList"}},
        {GOOD,
         "TrustStore=$D/ca.pem;RevocationList=$D/none.crl",
         "E",
         "08001",
         {"RevocationList", "none.crl"}},
        {GOOD, "TrustStore=$D/ca.pem;RevocationList=$D/good.key", "E", "08001", {"RevocationList"}},
    };

    check_cases(*state, cases, COUNT_OF(cases));
}

#define NO_PIN "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

/* A pin comes on top of every other check. */
static void pinned_key(void **state)
{
    static const struct tls_case cases[] = {
        {GOOD, "TrustStore=$D/ca.pem;SSLServerCert=$D/good.pem", "S", NULL, {NULL}},
        {GOOD, "TrustStore=$D/ca.pem;SSLServerCert=$D/good.pub", "S", NULL, {NULL}},
        {GOOD, "TrustStore=$D/ca.pem;SSLServerCert=$N", "S", NULL, {NULL}},
        {GOOD, "TrustStore=$D/ca.pem;SSLServerCert={" NO_PIN ", $N}", "S", NULL, {NULL}},
        {GOOD,
         "TrustStore=$D/ca.pem;SSLServerCert=$D/early.pem",
         "E",
         "08001",
         {"SSLServerCert", "sha256//", "CN=Test good"}},
        {GOOD, "TrustStore=$D/ca.pem;SSLServerCert=" NO_PIN, "E", "08001", {"SSLServerCert", "127.0.0.1"}},
        /* a connection whose key was not asked for serves nobody who asks */
        {GOOD, "TrustStore=$D/ca.pem", "S", NULL, {NULL}},
        {GOOD, "TrustStore=$D/ca.pem;SSLServerCert=" NO_PIN, "E", "08001", {"SSLServerCert"}},
        {GOOD, "SSLServerCert=$N", "E", "08001", {"TrustStore"}},
        {ELSEWHERE, "TrustStore=$D/ca.pem;SSLServerCert=$D/elsewhere.pem", "E", "08001", {"another host"}},
        {GOOD, "VerifyCertificate=0;SSLServerCert=$N", "I", "01000", {"VerifyCertificate"}},
        {GOOD, "VerifyCertificate=0;SSLServerCert=" NO_PIN, "E", "08001", {"SSLServerCert"}},
        {GOOD, "SSLServerCert=sha256//short=", "E", "HY024", {"SSLServerCert", "44"}},
        {GOOD, "SSLServerCert=$N,", "E", "08001", {"TrustStore"}},
        {GOOD, "SSLServerCert=$N,x", "E", "HY024", {"SSLServerCert"}},
        {GOOD, "SSLServerCert=$D/none.pem", "E", "08001", {"SSLServerCert", "PEM"}},
        {GOOD, "SSLServerCert=$D/ca.cnf", "E", "08001", {"SSLServerCert", "PEM"}},
        {GOOD, "SSLServerCert=$D/locked.key", "E", "08001", {"SSLServerCert", "PEM"}},
    };

    check_cases(*state, cases, COUNT_OF(cases));
}

#define TRUSTED "TrustStore=$D/ca.pem;"

static void client_certificate(void **state)
{
    static const struct tls_case cases[] = {
        {WANTS_13, TRUSTED, "E", "08001", {"SSLClientCert"}},
        {WANTS_12, TRUSTED, "E", "08001", {"SSLClientCert"}},
        {WANTS_13, TRUSTED "SSLClientCert=$D/client.pem;SSLClientKey=$D/client.key", "S", NULL, {NULL}},
        {WANTS_12, TRUSTED "SSLClientCert=$D/client.pem;SSLClientKey=$D/client.key", "S", NULL, {NULL}},
        {WANTS_13, TRUSTED "SSLClientCert=$D/both.pem", "S", NULL, {NULL}},
        {WANTS_13,
         TRUSTED "SSLClientCert=$D/client.pem;SSLClientKey=$D/locked.key;SSLClientKeyPWD=K3y-pass",
         "S",
         NULL,
         {NULL}},
        {WANTS_13,
         TRUSTED "SSLClientCert=$D/client.pem;SSLClientKey=$D/locked.key;SSLClientKeyPWD=wrong",
         "E",
         "08001",
         {"SSLClientKeyPWD"}},
        /* nobody is asked for it at the terminal */
        {WANTS_13,
         TRUSTED "SSLClientCert=$D/client.pem;SSLClientKey=$D/locked.key",
         "E",
         "08001",
         {"SSLClientKeyPWD"}},
        {WANTS_13,
         TRUSTED "SSLClientCert=$D/client.pem;SSLClientKey=$D/good.key",
         "E",
         "08001",
         {"SSLClientKey"}},
        {WANTS_13, TRUSTED "SSLClientCert=$D/client.pem", "E", "08001", {"SSLClientKey"}},
        {WANTS_13,
         TRUSTED "SSLClientCert=$D/outsider.pem;SSLClientKey=$D/outsider.key",
         "E",
         "08001",
         {"SSLClientCert"}},
        {WANTS_12,
         TRUSTED "SSLClientCert=$D/outsider.pem;SSLClientKey=$D/outsider.key",
         "E",
         "08001",
         {"SSLClientCert"}},
        /* a connection made with a certificate serves nobody who has none */
        {WANTS_13, TRUSTED, "E", "08001", {"SSLClientCert"}},
        {WANTS_13, TRUSTED "SSLClientCert=$D/none.pem", "E", "08001", {"SSLClientCert", "none.pem"}},
        {WANTS_13,
         TRUSTED "SSLClientCert=$D/both.pem;SSLClientKey=$D/none.key",
         "E",
         "08001",
         {"SSLClientKey", "none.key"}},
        {WANTS_13, TRUSTED "SSLClientKey=$D/client.key", "E", "HY024", {"SSLClientCert"}},
        /* where nobody asks it is not in the way */
        {GOOD, TRUSTED "SSLClientCert=$D/both.pem", "S", NULL, {NULL}},
    };

    check_cases(*state, cases, COUNT_OF(cases));
}

static void versions(void **state)
{
    static const struct tls_case cases[] = {
        {TLS_12, TRUSTED, "S", NULL, {NULL}},
        {TLS_11, TRUSTED, "E", "08001", {"1.2", "127.0.0.1"}},
        {TLS_11, "VerifyCertificate=0", "E", "08001", {"1.2"}},
    };

    check_cases(*state, cases, COUNT_OF(cases));
}

/* ---- the local service's own TLS, which is GnuTLS ---- */

static void service_with_tls(void **state)
{
    struct harness *h = *state;
    struct service_process service;
    char *certificate = harness_path(h, "good.pem"), *key = harness_path(h, "good.key");
    const char *const options[] = {"--tls", certificate, key, NULL};
    SQLHDBC dbc = dbc_open(h);

    assert_true(service_start(h, "tls", options, &service));
    char *text = text_format("DSN=CA;URL=%s/api;TrustStore=%s/ca.pem", service.base, h->directory);
    expect_dbc("S", dbc, driver_connect(dbc, text));
    expect_usable(statement_open(dbc));
    dbc_close(dbc);
    service_stop(&service);
    free(certificate);
    free(key);
    free(text);
}

/* https:// to a service that speaks http, and the other way round. */
static void protocols_mixed_up(void **state)
{
    struct harness *h = *state;
    const char *const schemes[] = {"https", "http"};
    const unsigned to[] = {h->service.port, ports[GOOD]};

    for (size_t i = 0; i < COUNT_OF(schemes); i++) {
        SQLHDBC dbc = dbc_open(h);
        char *text = text_format("DSN=CA;URL=%s://127.0.0.1:%u/api;MaxRetries=0", schemes[i], to[i]);
        expect_dbc("E", dbc, driver_connect(dbc, text));
        expect_state(SQL_HANDLE_DBC, dbc, "08001");
        expect_message(SQL_HANDLE_DBC, dbc, i == 0 ? "not speak TLS" : "127.0.0.1");
        dbc_close(dbc);
        free(text);
    }
}

/* Nothing leads from the configured address: another scheme, port or host, at login or in a query. */
static void redirects(void **state)
{
    struct harness *h = *state;
    struct service_process other;
    struct session s;
    char *extra = text_format("URL=https://127.0.0.1:%u/api;TrustStore=%s/ca.pem;MaxRetries=0", ports[GOOD],
                              h->directory);

    assert_true(service_start(h, "other", NULL, &other));
    char *targets[] = {text_format("http://127.0.0.1:%u/api/catalogs", other.port),
                       text_format("https://127.0.0.1:%u/api/catalogs", ports[TLS_12]),
                       text_format("https://localhost:%u/api/catalogs", ports[GOOD]),
                       text_format("file:///etc/passwd"), text_format("/api/schemas")};
    static const int statuses[] = {301, 302, 303, 307, 308};
    session_open(h, &s, extra);
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        char *rule = text_format("{'redirect': '%s', 'status': %d}", targets[i], statuses[i]);
        char *login = text_format("DSN=CA;UID=redirected%zu@example.com;%s", i, extra);
        SQLHDBC dbc = dbc_open(h);
        faults_clear(&h->service);
        faults_set(&h->service, rule);
        requests_clear(&h->service);
        expect_dbc("E", dbc, driver_connect(dbc, login));
        expect_state(SQL_HANDLE_DBC, dbc, "08001");
        expect_message(SQL_HANDLE_DBC, dbc, "redirect");
        expect_stmt("E", s.stmt, exec(s.stmt, "SELECT 1 AS a"));
        expect_state(SQL_HANDLE_STMT, s.stmt, "08S01");
        assert_int_equal(requests_count(&h->service, NULL, NULL, NULL), 2);
        assert_int_equal(requests_count(&other, NULL, NULL, NULL), 0);
        dbc_close(dbc);
        free(rule);
        free(login);
        free(targets[i]);
    }
    faults_clear(&h->service);
    expect_usable(s.stmt);
    session_close(&s);
    service_stop(&other);
    free(extra);
}

/* ---- sessions ---- */

static size_t count_pieces(const char *text, const char *piece)
{
    size_t count = 0;

    for (; (text = strstr(text, piece)) != NULL; text++)
        count++;
    return count;
}

/* A second connection to the same server takes up the first one's TLS session: the server says so. */
static void sessions_are_reused(void **state)
{
    static const enum front versions_of[] = {GOOD, TLS_12};
    struct harness *h = *state;

    for (size_t i = 0; i < COUNT_OF(versions_of); i++) {
        struct session s;
        char *extra = text_format("URL=https://127.0.0.1:%u/api;TrustStore=%s/ca.pem;ApplicationName=%zu",
                                  ports[versions_of[i]], h->directory, i);
        char *before = server_output(&stunnel);
        session_open(h, &s, extra);
        SQLHSTMT other = statement_open(s.dbc);
        /* results that are being read each hold a connection */
        expect_stmt("S", s.stmt, exec(s.stmt, "SELECT * FROM [Bench].[Bench].[Rows] LIMIT 100000"));
        expect_stmt("S", s.stmt, SQLFetch(s.stmt));
        expect_stmt("S", other, exec(other, "SELECT * FROM [Bench].[Bench].[Rows] LIMIT 100000"));
        expect_stmt("S", other, SQLFetch(other));
        char *after = server_output(&stunnel);
        assert_true(count_pieces(after, "previous session reused") >
                    count_pieces(before, "previous session reused"));
        session_close(&s);
        free(before);
        free(after);
        free(extra);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(trust, start),
        cmocka_unit_test(revocation),
        cmocka_unit_test(pinned_key),
        cmocka_unit_test(client_certificate),
        cmocka_unit_test(versions),
        cmocka_unit_test(service_with_tls),
        cmocka_unit_test(protocols_mixed_up),
        cmocka_unit_test(redirects),
        cmocka_unit_test_teardown(sessions_are_reused, stop),
    };

    return harness_main("test_tls", NULL, tests, COUNT_OF(tests));
}
