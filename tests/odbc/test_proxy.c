/*
 * Proves proxies: none, the environment's, one given (HTTP, HTTPS, SOCKS5, with and without login) and its
 * exceptions; what is said of a proxy that refuses; and that what is for the proxy stays with the proxy and
 * what is for the service with the service. tinyproxy, microsocks and stunnel are the proxies.
 *
 * The service is reached as 0.0.0.0: it is on this machine, and not by a name that needs no proxy.
 */
#include "harness_server.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define PROXY_USER   "pr0xy-user"
#define PROXY_WORD   "Pr0xy-w0rd-c41f"
#define PROXY_BASIC  "cHIweHktdXNlcjpQcjB4eS13MHJkLWM0MWY="
#define SERVICE_BASE "dGVzdEBleGFtcGxl" /* how base64 of HARNESS_USER begins */

static const struct certificate certificates[] = {
    {"ca", "ca", "authority", NULL, NULL},
    {"good", "ca", "here", NULL, NULL},
    {"elsewhere", "ca", "there", NULL, NULL},
};

/* The proxies, by the digit that stands for each in a case: %0, %1 … is its port. */
enum { OPEN, LOGIN, NARROW, SOCKS, SOCKS_LOGIN, SECURE, SECURE_ELSEWHERE, DOWN, PROXIES };

static struct server proxies[SECURE], service_front, proxy_front;
static unsigned ports[PROXIES], service_port;
static char *log_file;

static void start_tinyproxy(struct harness *h, int which, const char *name, const char *more)
{
    static const char *const program[] = {"tinyproxy", "-d", "-c", "$C", NULL};
    char *text =
        text_format("Port $P\nListen 127.0.0.1\nTimeout 600\nMaxClients 50\nLogLevel Connect\n%s", more);

    server_start(h, name, program, text, &proxies[which]);
    ports[which] = proxies[which].port;
    free(text);
}

static void start_microsocks(struct harness *h, int which, const char *name, const char *const *program)
{
    server_start(h, name, program, NULL, &proxies[which]);
    ports[which] = proxies[which].port;
}

static int start(void **state)
{
    static const char *const open[] = {"microsocks", "-i", "127.0.0.1", "-p", "$P", NULL};
    static const char *const login[] = {"microsocks", "-i",       "127.0.0.1", "-p",       "$P",
                                        "-u",         PROXY_USER, "-P",        PROXY_WORD, NULL};
    static const struct tls_front service = {"good", ""};
    static const struct tls_front fronts[] = {{"good", ""}, {"elsewhere", ""}};
    struct harness *h = *state;

    certificates_make(h, certificates, COUNT_OF(certificates));
    certificate_revoke(h, "ca", "elsewhere", "revoked.crl");
    start_tinyproxy(h, OPEN, "open", "");
    start_tinyproxy(h, LOGIN, "login", "BasicAuth " PROXY_USER " " PROXY_WORD "\n");
    start_tinyproxy(h, NARROW, "narrow", "ConnectPort 1\n");
    start_microsocks(h, SOCKS, "socks", open);
    start_microsocks(h, SOCKS_LOGIN, "socks_login", login);
    tls_fronts_start(h, "service_front", h->service.port, &service, 1, &service_front, &service_port);
    tls_fronts_start(h, "proxy_front", ports[LOGIN], fronts, COUNT_OF(fronts), &proxy_front, &ports[SECURE]);
    ports[DOWN] = 1;
    log_file = harness_path(h, "proxy.log");
    unlink(log_file);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(proxies); i++)
        server_stop(&proxies[i]);
    server_stop(&service_front);
    server_stop(&proxy_front);
    free(log_file);
    return 0;
}

/* ---- one connection ---- */

/* The text with the ports of proxies (%0 …), $D, and $P, the service's port behind TLS. */
static char *fill(struct harness *h, const char *text)
{
    char *filled = place_fill(h, text, service_port);

    for (char *mark; (mark = strchr(filled, '%')) != NULL;) {
        char *longer = text_format("%.*s%u%s", (int)(mark - filled), filled, ports[mark[1] - '0'], mark + 2);
        free(filled);
        filled = longer;
    }
    return filled;
}

static void expect_no_secrets(const char *text, const char *what)
{
    static const char *const secrets[] = {PROXY_WORD, PROXY_BASIC, HARNESS_TOKEN, SERVICE_BASE, "w0rd-c41f"};

    for (size_t i = 0; i < COUNT_OF(secrets); i++)
        if (strstr(text, secrets[i]) != NULL)
            fail_at(__FILE__, __LINE__, "%s holds %s\n%s", what, secrets[i], text);
}

/* How often the proxies were used, as they say themselves. */
static size_t uses(void)
{
    size_t count = 0;

    for (size_t i = 0; i < COUNT_OF(proxies); i++) {
        char *text = server_output(&proxies[i]);
        for (const char *p = text; (p = strstr(p, "0.0.0.0")) != NULL; p++)
            count++;
        free(text);
    }
    return count;
}

struct proxy_case {
    const char *extra;
    const char *letters, *state;
    const char *pieces[2];
    enum { UNUSED, USED, EITHER } used; /* a proxy; EITHER where a connection may have been kept */
};

static bool has_pieces(const char *text, const struct proxy_case *c)
{
    for (size_t i = 0; i < COUNT_OF(c->pieces); i++)
        if (c->pieces[i] != NULL && strcasestr(text, c->pieces[i]) == NULL)
            return false;
    return c->state == NULL || strncmp(text, c->state, 5) == 0;
}

static bool check_case(struct harness *h, const struct proxy_case *c)
{
    char *extra = fill(h, c->extra);
    char *text = text_format("DSN=CA;%s;URL=https://0.0.0.0:%u/api;TrustStore=%s/ca.pem;MaxRetries=0;"
                             "Logfile=%s;Verbosity=5",
                             extra, service_port, h->directory, log_file);
    SQLHDBC dbc = dbc_open(h);
    size_t before = uses();

    requests_clear(&h->service);
    char letter = return_letter(driver_connect(dbc, text));
    char *records = diagnostics(SQL_HANDLE_DBC, dbc);
    expect_no_secrets(records, "a diagnostic");
    bool right = strchr(c->letters, letter) != NULL && has_pieces(records, c) &&
                 (letter != 'E' || requests_count(&h->service, NULL, "/api", NULL) == 0);
    if (letter != 'E')
        right = exec(statement_open(dbc), "SELECT CatalogName FROM sys_catalogs") == SQL_SUCCESS && right;
    right = right && (c->used == EITHER || (uses() > before) == (c->used == USED));
    if (!right)
        print_error("%s\nwanted %s %s %s, %sused, got %c\n%s\n", text, c->letters,
                    c->state != NULL ? c->state : "", c->pieces[0] != NULL ? c->pieces[0] : "",
                    c->used == UNUSED ? "not " : "", letter, records);
    dbc_close(dbc);
    free(records);
    free(text);
    free(extra);
    return right;
}

static void check_cases(struct harness *h, const struct proxy_case *cases, size_t count)
{
    int wrong = 0;

    for (size_t i = 0; i < count; i++)
        wrong += !check_case(h, &cases[i]);
    assert_int_equal(wrong, 0);
}

#define LOG_IN "ProxyUID=" PROXY_USER ";ProxyPWD=" PROXY_WORD ";"

/* ---- proxies that are given ---- */

static void given(void **state)
{
    static const struct proxy_case cases[] = {
        {"", "S", NULL, {NULL}, UNUSED},
        {"Proxy=none", "S", NULL, {NULL}, UNUSED},
        {"Proxy=http://127.0.0.1:%0", "S", NULL, {NULL}, USED},
        {"Proxy=127.0.0.1:%0", "S", NULL, {NULL}, USED},
        {"ProxyServer=http://localhost:%0/", "S", NULL, {NULL}, USED},
        {"Proxy=http://127.0.0.1:%1;" LOG_IN, "S", NULL, {NULL}, USED},
        {"Proxy=socks5h://127.0.0.1:%3", "S", NULL, {NULL}, USED},
        {"Proxy=socks5://127.0.0.1:%3", "S", NULL, {NULL}, USED},
        {"Proxy=socks5h://127.0.0.1:%4;" LOG_IN, "S", NULL, {NULL}, USED},
        {"Proxy=https://127.0.0.1:%5;" LOG_IN, "S", NULL, {NULL}, USED},
        /* this machine needs none */
        {"URL=https://127.0.0.1:$P/api;Proxy=http://127.0.0.1:%7", "S", NULL, {NULL}, UNUSED},
        {"URL=https://localhost:$P/api;Proxy=http://127.0.0.1:%7", "S", NULL, {NULL}, UNUSED},
    };

    check_cases(*state, cases, COUNT_OF(cases));
}

/* A login that was refused is refused again, though the right one has just made a connection that is kept. */
static void refused(void **state)
{
    static const struct proxy_case cases[] = {
        {"Proxy=http://127.0.0.1:%1;" LOG_IN, "S", NULL, {NULL}, EITHER},
        {"Proxy=http://127.0.0.1:%1", "E", "08001", {"proxy refused the login", "ProxyUID"}, EITHER},
        {"Proxy=http://127.0.0.1:%1;ProxyUID=" PROXY_USER ";ProxyPWD=wrong",
         "E",
         "08001",
         {"refused the login", "ProxyPWD"},
         true},
        {"Proxy=https://127.0.0.1:%5", "E", "08001", {"refused the login", "ProxyUID"}, EITHER},
        {"Proxy=https://127.0.0.1:%6;" LOG_IN, "E", "08001", {"the proxy on the way", "127.0.0.1"}, EITHER},
        {"Proxy=https://127.0.0.1:%6;RevocationList=$D/revoked.crl;" LOG_IN,
         "E",
         "08001",
         {"revoked", "CN=Test elsewhere"},
         EITHER},
        {"Proxy=socks5h://127.0.0.1:%4", "E", "08001", {"refused the login", "ProxyUID"}, EITHER},
        {"Proxy=socks5h://127.0.0.1:%4;ProxyUID=" PROXY_USER ";ProxyPWD=wrong",
         "E",
         "08001",
         {"refused the login", "ProxyPWD"},
         false},
        {"Proxy=http://127.0.0.1:%2", "E", "08001", {"does not lead to 0.0.0.0", "403"}, USED},
        {"Proxy=http://127.0.0.1:%7",
         "E",
         "08001",
         {"127.0.0.1:1, the proxy on the way to 0.0.0.0", "Check Proxy"},
         EITHER},
        {"Proxy=socks5h://127.0.0.1:%7",
         "E",
         "08001",
         {"the proxy on the way to 0.0.0.0", "Check Proxy"},
         EITHER},
        {"Proxy=http://no-such-proxy.invalid:3128", "E", "08001", {"proxy's name", "no-such-proxy"}, EITHER},
        /* a way to where nobody listens */
        {"URL=https://0.0.0.0:1/api;Proxy=http://127.0.0.1:%0",
         "E",
         "08001",
         {"does not lead to 0.0.0.0:1"},
         true},
        {"URL=https://0.0.0.0:1/api;Proxy=socks5h://127.0.0.1:%3",
         "E",
         "08001",
         {"does not lead to 0.0.0.0:1"},
         false},
        /* a proxy of another kind */
        {"Proxy=https://127.0.0.1:%0;ConnectTimeout=1", "E", "08001", {"the proxy"}, EITHER},
        {"Proxy=http://127.0.0.1:%5", "E", "08001", {"0.0.0.0"}, EITHER},
    };

    check_cases(*state, cases, COUNT_OF(cases));
}

static void addresses(void **state)
{
    static const struct proxy_case cases[] = {
        {"Proxy=http://" PROXY_USER ":" PROXY_WORD "@127.0.0.1:%1",
         "E",
         "HY024",
         {"ProxyUID", "ProxyPWD"},
         false},
        {"Proxy=ftp://127.0.0.1:%0", "E", "HY024", {"Proxy=ftp://", "socks5h"}, UNUSED},
        {"Proxy=socks4://127.0.0.1:%3", "E", "HY024", {"socks5h"}, UNUSED},
        {"Proxy=http://127.0.0.1:%0/path", "E", "HY024", {"http://host:port"}, UNUSED},
        {"Proxy=http://127.0.0.1:99999", "E", "HY024", {"http://host:port"}, UNUSED},
        {"Proxy=http://", "E", "HY024", {"http://host:port"}, UNUSED},
        {"Proxy={http://127.0.0.1:1\r\nX: y}", "E", "HY024", {"http://host:port"}, UNUSED},
    };

    check_cases(*state, cases, COUNT_OF(cases));
}

static void exceptions(void **state)
{
    static const struct proxy_case cases[] = {
        {"Proxy=http://127.0.0.1:%7;ProxyExceptions=0.0.0.0", "S", NULL, {NULL}, UNUSED},
        {"Proxy=http://127.0.0.1:%7;NoProxy={a.example, 0.0.0.0}", "S", NULL, {NULL}, UNUSED},
        {"Proxy=http://127.0.0.1:%7;ProxyExceptions=*", "S", NULL, {NULL}, UNUSED},
        {"Proxy=http://127.0.0.1:%7;ProxyExceptions={0.0.0.0.example,10.0.0.0}",
         "E",
         "08001",
         {"the proxy"},
         false},
        {"Proxy=http://127.0.0.1:%0;ProxyExceptions=b.example", "S", NULL, {NULL}, USED},
    };

    check_cases(*state, cases, COUNT_OF(cases));
}

/* ---- the environment's ---- */

static void environment(void **state)
{
    static const struct {
        const char *variable, *value;
        struct proxy_case then;
    } cases[] = {
        {"https_proxy", "http://127.0.0.1:%0", {"", "S", NULL, {NULL}, USED}},
        {"https_proxy", "http://127.0.0.1:%7", {"", "E", "08001", {"0.0.0.0"}, UNUSED}},
        {"https_proxy", "http://127.0.0.1:%7", {"Proxy=system", "E", "08001", {"0.0.0.0"}, UNUSED}},
        {"https_proxy", "http://127.0.0.1:%7", {"Proxy=none", "S", NULL, {NULL}, UNUSED}},
        {"https_proxy", "http://127.0.0.1:%7", {"Proxy=http://127.0.0.1:%0", "S", NULL, {NULL}, USED}},
        {"https_proxy", "http://127.0.0.1:%7", {"ProxyExceptions=0.0.0.0", "S", NULL, {NULL}, UNUSED}},
        {"HTTPS_PROXY", "http://127.0.0.1:%0", {"", "S", NULL, {NULL}, USED}},
        {"ALL_PROXY", "socks5h://127.0.0.1:%3", {"", "S", NULL, {NULL}, USED}},
        {"https_proxy", "http://127.0.0.1:%1", {LOG_IN, "S", NULL, {NULL}, USED}},
        {"https_proxy", "http://" PROXY_USER ":" PROXY_WORD "@127.0.0.1:%1", {"", "S", NULL, {NULL}, USED}},
        {"https_proxy",
         "http://" PROXY_USER ":" PROXY_WORD "@127.0.0.1:%7",
         {"", "E", "08001", {"0.0.0.0"}, UNUSED}},
        {"http_proxy", "http://127.0.0.1:%7", {"", "S", NULL, {NULL}, UNUSED}},
    };
    struct harness *h = *state;
    int wrong = 0;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *value = fill(h, cases[i].value);
        assert_int_equal(setenv(cases[i].variable, value, 1), 0);
        wrong += !check_case(h, &cases[i].then);
        unsetenv(cases[i].variable);
        free(value);
    }
    assert_int_equal(setenv("https_proxy", "http://127.0.0.1:1", 1), 0);
    assert_int_equal(setenv("no_proxy", "0.0.0.0", 1), 0);
    wrong += !check_case(h, &(struct proxy_case){"", "S", NULL, {NULL}, UNUSED});
    unsetenv("no_proxy");
    unsetenv("https_proxy");
    assert_int_equal(wrong, 0);
}

/* ---- who learns what ---- */

/* A proxy that takes down what it is sent and gives one answer. */
struct listener {
    int socket;
    unsigned port;
    const char *answer; /* NULL: hangs up */
    char heard[8192];
};

static void *listen_once(void *context)
{
    struct listener *l = context;
    size_t length = 0;
    int client = accept(l->socket, NULL, NULL);

    while (length < sizeof l->heard - 1 && strstr(l->heard, "\r\n\r\n") == NULL) {
        ssize_t got = recv(client, l->heard + length, sizeof l->heard - 1 - length, 0);
        if (got <= 0)
            break;
        length += (size_t)got;
    }
    if (l->answer != NULL)
        send(client, l->answer, strlen(l->answer), MSG_NOSIGNAL);
    shutdown(client, SHUT_RDWR);
    close(client);
    return NULL;
}

static void open_listener(struct listener *l, const char *answer)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;

    *l = (struct listener){.socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .answer = answer};
    assert_int_equal(bind(l->socket, (struct sockaddr *)&address, length), 0);
    assert_int_equal(listen(l->socket, 1), 0);
    assert_int_equal(getsockname(l->socket, (struct sockaddr *)&address, &length), 0);
    l->port = ntohs(address.sin_port);
}

/* The proxy is told the host, the port and its own credentials, and nothing of the service's. */
static void what_a_proxy_hears(void **state)
{
    static const struct {
        const char *answer, *piece;
    } cases[] = {
        {"HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n\r\n", "ProxyPWD"},
        {"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", "403"},
        {"HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n", "502"},
        {"HTTP/1.1 302 No\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", "302"},
        {"nonsense\r\n\r\n", NULL},
        {"HTTP/1.1 200 OK\r\n\r\nthis is no TLS", "TLS"},
        {NULL, NULL},
    };
    struct harness *h = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct listener l;
        pthread_t thread;
        open_listener(&l, cases[i].answer);
        char *extra = text_format("Proxy=http://127.0.0.1:%u;" LOG_IN, l.port);
        assert_int_equal(pthread_create(&thread, NULL, listen_once, &l), 0);
        bool right = check_case(h, &(struct proxy_case){extra, "E", "08001", {cases[i].piece}, UNUSED});
        shutdown(l.socket, SHUT_RDWR); /* wakes a listener that nobody came to */
        pthread_join(thread, NULL);
        close(l.socket);
        free(extra);
        assert_true(right);
        assert_non_null(strstr(l.heard, "CONNECT 0.0.0.0:"));
        assert_non_null(strstr(l.heard, "Proxy-Authorization: Basic " PROXY_BASIC "\r\n"));
        assert_null(strcasestr(l.heard, "\nAuthorization"));
        assert_null(strstr(l.heard, "/api"));
        assert_null(strstr(l.heard, SERVICE_BASE));
    }
}

/* The service is told nothing of the proxy's, through a tunnel or, on http://, through the proxy itself. */
static void what_the_service_hears(void **state)
{
    static const char *const ways[] = {
        "Proxy=http://127.0.0.1:%1;" LOG_IN, "Proxy=socks5h://127.0.0.1:%4;" LOG_IN,
        "Proxy=https://127.0.0.1:%5;" LOG_IN,
        "URL=http://0.0.0.0:$H/api;AllowPlainHTTP=1;Proxy=http://127.0.0.1:%1;" LOG_IN};
    struct harness *h = *state;

    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        char *mark = strstr(ways[i], "$H");
        char *way = mark != NULL
                        ? text_format("%.*s%u%s", (int)(mark - ways[i]), ways[i], h->service.port, mark + 2)
                        : text_format("%s", ways[i]);
        assert_true(check_case(h, &(struct proxy_case){way, "S", NULL, {NULL}, EITHER}));
        char *heard = service_call(&h->service, "GET", "/control/requests", NULL);
        assert_non_null(strstr(heard, "sys_catalogs"));
        assert_non_null(strcasestr(heard, "\"Authorization\""));
        assert_null(strcasestr(heard, "Proxy-"));
        assert_null(strstr(heard, PROXY_USER));
        expect_no_secrets(heard, "a request");
        free(heard);
        free(way);
    }
}

/* On http:// the proxy's refusal is an answer like the service's. */
static void refused_without_a_tunnel(void **state)
{
    struct harness *h = *state;
    char *extra =
        text_format("URL=http://0.0.0.0:%u/api;AllowPlainHTTP=1;Proxy=http://127.0.0.1:%%1", h->service.port);

    assert_true(check_case(h, &(struct proxy_case){extra, "E", "08001", {"ProxyUID"}, EITHER}));
    free(extra);
}

/* A proxy that goes away after the login. */
static void lost(void **state)
{
    struct harness *h = *state;
    struct session s;
    struct server proxy;
    static const char *const program[] = {"microsocks", "-i", "127.0.0.1", "-p", "$P", NULL};

    server_start(h, "leaving", program, NULL, &proxy);
    char *extra = text_format(
        "URL=https://0.0.0.0:%u/api;TrustStore=%s/ca.pem;MaxRetries=0;Proxy=socks5h://127.0.0.1:%u",
        service_port, h->directory, proxy.port);
    session_open(h, &s, extra);
    expect_usable(s.stmt);
    char *name = text_format("127.0.0.1:%u, the proxy", proxy.port);
    server_stop(&proxy);
    expect_stmt("E", s.stmt, exec(s.stmt, "SELECT 1 AS a"));
    expect_state(SQL_HANDLE_STMT, s.stmt, "08S01");
    /* the connection that was kept is gone now; the next one cannot be made */
    expect_stmt("E", s.stmt, exec(s.stmt, "SELECT 1 AS a"));
    expect_state(SQL_HANDLE_STMT, s.stmt, "08S01");
    expect_message(SQL_HANDLE_STMT, s.stmt, name);
    session_close(&s);
    free(name);
    free(extra);
}

static void log_without_secrets(void **state)
{
    char *text = read_file(log_file);

    (void)state;
    assert_non_null(strstr(text, "the proxy on the way to 0.0.0.0"));
    expect_no_secrets(text, "the log");
    free(text);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(given, start),
        cmocka_unit_test(refused),
        cmocka_unit_test(addresses),
        cmocka_unit_test(exceptions),
        cmocka_unit_test(environment),
        cmocka_unit_test(what_a_proxy_hears),
        cmocka_unit_test(what_the_service_hears),
        cmocka_unit_test(refused_without_a_tunnel),
        cmocka_unit_test(lost),
        cmocka_unit_test_teardown(log_without_secrets, stop),
    };

    return harness_main("test_proxy", NULL, tests, COUNT_OF(tests));
}
