/*
 * Proves what goes over the wire beside the queries: the User-Agent, the way to an address, and what keeps a
 * connection alive.
 */
#include "harness.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- User-Agent ---- */

/* The User-Agent of the last request; the caller frees it. */
static char *user_agent(const struct service_process *service)
{
    json_object *list = requests_read(service, false);
    size_t count = json_object_array_length(list);
    assert_true(count > 0);
    json_object *headers = json_object_object_get(json_object_array_get_idx(list, count - 1), "headers");
    const char *value = json_object_get_string(json_object_object_get(headers, "User-Agent"));
    char *copy = text_format("%s", value != NULL ? value : "");

    json_object_put(list);
    return copy;
}

/* Driver, version, driver manager, machine, and the application as it may stand in a header. */
static void user_agents(void **state)
{
    static const struct {
        const char *extra, *application;
    } cases[] = {
        {"", "test_wire"},
        {"ApplicationName=", "test_wire"},
        {"ApplicationName=Sales report 7", "Sales report 7"},
        {"APP=From the client", "From the client"},
        {"ApplicationName={a;b=c}", "a;b=c"},
        {"ApplicationName=Br\xC3\xBC\x63ke \xF0\x9F\x98\x80", "Br?cke ?"},
        {"ApplicationName={a\r\nX-Evil: 1}", "a??X-Evil: 1"},
        {"ApplicationName={tab\there\x7F}", "tab?here?"},
    };
    struct harness *h = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct session s;
        requests_clear(&h->service);
        session_open(h, &s, cases[i].extra);
        expect_usable(s.stmt);
        session_close(&s);
        char *agent = user_agent(&h->service), *end = strstr(agent, ") ");
        assert_int_equal(strncmp(agent, "connectai-odbc/", 15), 0);
        assert_non_null(strstr(agent, " (ODBC 3.80; unixODBC libodbc.so."));
        assert_non_null(strstr(agent, "; Linux "));
        assert_non_null(end);
        expect_text(end + 2, cases[i].application);
        free(agent);
    }
}

/* A name of any length: so much of it is sent as a header bears. */
static void long_application_name(void **state)
{
    struct harness *h = *state;
    struct session s;
    char *name = malloc(100001), *extra;

    assert_non_null(name);
    memset(name, 'n', 100000);
    name[100000] = '\0';
    extra = text_format("ApplicationName=%s", name);
    requests_clear(&h->service);
    session_open(h, &s, extra);
    expect_usable(s.stmt);
    session_close(&s);
    char *agent = user_agent(&h->service);
    assert_in_range(strlen(agent), 128, 300);
    free(agent);
    free(extra);
    free(name);
}

/* ---- addresses ---- */

/* localhost has two addresses, and the service listens at one of them. */
static void an_address_where_nobody_listens(void **state)
{
    static const char *const addresses[] = {"127.0.0.1", "::1"};
    struct harness *h = *state;
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int probe = socket(AF_INET6, SOCK_STREAM, 0);
    bool has_six = probe >= 0 && bind(probe, (struct sockaddr *)&six, sizeof six) == 0;

    if (probe >= 0)
        close(probe);
    /* a machine without IPv6 has but one address to listen at */
    for (size_t i = 0; i < (has_six ? COUNT_OF(addresses) : 1); i++) {
        const char *const options[] = {"--bind", addresses[i], NULL};
        struct service_process service;
        struct session s;
        assert_true(service_start(h, "bound", options, &service));
        char *extra = text_format("URL=http://localhost:%u/api;MaxRetries=0", service.port);
        session_open(h, &s, extra);
        expect_usable(s.stmt);
        session_close(&s);
        service_stop(&service);
        free(extra);
    }
}

/* ---- sockets ---- */

/* Counts the program's sockets that are connected to this port, and those with keepalive among them. */
static void count_sockets(unsigned port, size_t *connected, size_t *kept_alive)
{
    DIR *directory = opendir("/proc/self/fd");

    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        int descriptor = (int)strtol(entry->d_name, NULL, 10), on = 0;
        struct sockaddr_in address;
        socklen_t length = sizeof address, on_length = sizeof on;
        if (getpeername(descriptor, (struct sockaddr *)&address, &length) != 0 ||
            address.sin_family != AF_INET || ntohs(address.sin_port) != port)
            continue;
        ++*connected;
        if (getsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, &on_length) == 0 && on)
            ++*kept_alive;
    }
    closedir(directory);
}

static void keepalive(void **state)
{
    struct harness *h = *state;
    struct session s;
    size_t connected = 0, kept_alive = 0;

    session_open(h, &s, "");
    expect_usable(s.stmt);
    count_sockets(h->service.port, &connected, &kept_alive);
    assert_true(connected > 0);
    assert_int_equal(kept_alive, connected);
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(user_agents),
        cmocka_unit_test(long_application_name),
        cmocka_unit_test(an_address_where_nobody_listens),
        cmocka_unit_test(keepalive),
    };

    return harness_main("test_wire", NULL, tests, COUNT_OF(tests));
}
