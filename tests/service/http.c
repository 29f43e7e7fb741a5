/*
 * Owns the listening socket and what each path means. Knows nothing of SQL.
 */
#include "http.h"

#include "control.h"
#include "endpoint.h"
#include "exchange.h"
#include "jsontext.h"
#include "oauth.h"
#include "wire.h"

#include <errno.h>
#include <json-c/json.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

enum { CONNECTION_MEMORY = 160 * 1024, CONNECTIONS_MAX = 8192, BACKLOG = 1024, PEM_MAX = 1024 * 1024 };

static const char api[] = "/api";

struct http {
    struct service *service;
    struct MHD_Daemon *daemon;
    char *certificate;
    char *key;
};

static enum MHD_Result send_html(struct exchange *x, unsigned status, const char *const *headers)
{
    struct buffer body = {0};

    buffer_text(
        &body,
        "<!DOCTYPE html>\n<html><head><title>Connect AI</title></head>\n"
        "<body><h1>Connect AI</h1><p>There is nothing at this address but this page.</p></body></html>\n");
    return exchange_send(x, status, "text/html; charset=utf-8", &body, headers);
}

/* Whether the scheme and credentials of the Authorization header are among those accepted. */
static bool authorized(const struct exchange *x)
{
    const struct options *options = x->service->options;
    const char *header = exchange_header(x, "Authorization");
    bool fine = false;

    if (header == NULL)
        return false;
    if (strncasecmp(header, "Bearer ", 7) == 0) {
        for (size_t i = 0; i < options->bearers.count; i++)
            fine |= strcmp(header + 7, options->bearers.items[i]) == 0;
        return fine || authority_accepts(&x->service->authority, header + 7);
    }
    if (strncasecmp(header, "Basic ", 6) != 0)
        return false;
    struct buffer given = {0}, wanted = {0};
    buffer_format(&wanted, "%s:%s", options->user, options->token);
    fine = wire_base64_read(&given, header + 6, strlen(header + 6)) && !given.failed && !wanted.failed &&
           given.length == wanted.length && memcmp(given.data, wanted.data, wanted.length) == 0;
    buffer_free(&given);
    buffer_free(&wanted);
    return fine;
}

static struct execution_order order_for(const struct exchange *x, enum request_kind kind)
{
    struct execution_order order = {
        .kind = kind, .socket = x->socket, .cut_after_rows = -1, .error_after_rows = -1};

    order.workspace = exchange_query(x, "workspace");
    if (order.workspace != NULL && *order.workspace == '\0')
        order.workspace = NULL;
    if (x->fault != NULL) {
        order.layout = x->fault->layout;
        order.cut_after_rows = x->fault->cut_after_rows;
        order.error_after_rows = x->fault->error_after_rows;
        order.error_code = x->fault->error_code;
        order.error_message = x->fault->error_message;
    }
    order.layout.old_order = atomic_load(&x->service->settings.old_profile);
    return order;
}

/* With --prerender: the reply to a benchmark query from a file. False where the request is none. */
static bool answer_from_file(struct exchange *x, const struct execution *e, enum MHD_Result *result)
{
    const struct request *r = &e->request;
    bool gzip = exchange_gzip(x);
    uint64_t octets;

    if (!x->service->options->prerender || x->fault != NULL || e->order.workspace != NULL || r->schema_only ||
        r->text == NULL || !prerender_fits(r->text))
        return false;
    int descriptor = prerender_file(x->service, r->text, gzip, &octets);
    if (descriptor < 0)
        return false;
    *result = exchange_send_file(x, descriptor, octets, gzip);
    return true;
}

static enum MHD_Result answer_work(struct exchange *x, enum request_kind kind)
{
    struct execution_order order = order_for(x, kind);
    struct execution *e = execution_new(x->service, &order, buffer_string(&x->body), x->body.length);
    enum MHD_Result result;

    if (e == NULL)
        return MHD_NO;
    if (kind == REQUEST_QUERY && answer_from_file(x, e, &result)) {
        execution_free(e);
        return result;
    }
    return exchange_stream(x, execution_refused(e) ? MHD_HTTP_BAD_REQUEST : MHD_HTTP_OK, e);
}

static enum MHD_Result answer_api(struct exchange *x, const char *name)
{
    static const struct {
        const char *name;
        enum request_kind kind;
    } works[] = {{"query", REQUEST_QUERY}, {"batch", REQUEST_BATCH}, {"exec", REQUEST_EXEC}};
    const struct endpoint *endpoint = endpoint_find(name);
    const char *method = endpoint != NULL ? "GET" : "POST";
    size_t work = 0;

    while (work < 3 && strcasecmp(works[work].name, name) != 0)
        work++;
    if ((endpoint == NULL && work == 3) || options_without(x->service->options, name))
        return send_html(x, MHD_HTTP_OK, NULL);
    if (strcmp(x->method, method) != 0) {
        const char *const headers[] = {"Allow", method, NULL};
        return exchange_problem(x, MHD_HTTP_METHOD_NOT_ALLOWED, PROBLEM_INVALID_REQUEST,
                                "The method is not allowed for this path.", headers);
    }
    if (endpoint == NULL)
        return answer_work(x, works[work].kind);
    struct execution_order order = order_for(x, REQUEST_QUERY);
    struct execution *e = endpoint_execution(x->service, &order, endpoint, json_object_get(x->query));
    return exchange_stream(x, MHD_HTTP_OK, e);
}

static enum MHD_Result answer_admitted(struct exchange *x)
{
    size_t prefix = sizeof api - 1;
    int wait_s = 0;

    if (strncmp(x->path, api, prefix) != 0 || x->path[prefix] != '/')
        return send_html(x, MHD_HTTP_OK, NULL);
    if (!authorized(x)) {
        static const char *const headers[] = {"WWW-Authenticate", "Basic realm=\"Connect AI\"", NULL};
        return exchange_problem(x, MHD_HTTP_UNAUTHORIZED, PROBLEM_INVALID_AUTHORIZATION,
                                "The user name or the access token is not valid.", headers);
    }
    if (!service_admit(x->service, &wait_s)) {
        char *wait = string_format("%d", wait_s);
        const char *const headers[] = {"Retry-After", wait != NULL ? wait : "60", NULL};
        enum MHD_Result result = exchange_problem(x, MHD_HTTP_TOO_MANY_REQUESTS, PROBLEM_INVALID_REQUEST,
                                                  "Too many requests in a minute.", headers);
        free(wait);
        return result;
    }
    return answer_api(x, x->path + prefix + 1);
}

/* The fault's own body, its text repeated and compressed as it says. */
static enum MHD_Result send_reply(struct exchange *x, unsigned status)
{
    static const char *const packed_headers[] = {"Content-Encoding", "gzip", NULL};
    const struct fault *f = x->fault;
    const char *type = f->content_type != NULL ? f->content_type : "application/json";
    const char *mark = f->repeat != NULL ? memchr(f->reply.data, '@', f->reply.length) : NULL;
    size_t before = mark != NULL ? (size_t)(mark - f->reply.data) : f->reply.length;
    struct buffer body = {0}, packed = {0};

    buffer_append(&body, f->reply.data, before);
    for (int64_t i = 0; mark != NULL && i < f->times; i++)
        buffer_text(&body, f->repeat);
    if (mark != NULL)
        buffer_append(&body, mark + 1, f->reply.length - before - 1);
    if (!f->gzip)
        return exchange_send(x, status, type, &body, NULL);
    return gzip_whole(&body, &packed) ? exchange_send(x, status, type, &packed, packed_headers) : MHD_NO;
}

/* A reply that the fault gives whole. False where it gives none. */
static bool answer_fault(struct exchange *x, enum MHD_Result *result)
{
    const struct fault *f = x->fault;
    unsigned status = f->status > 0 && f->status < 1000 ? (unsigned)f->status : MHD_HTTP_OK;

    if (f->redirect != NULL) {
        const char *const headers[] = {"Location", f->redirect, NULL};
        *result = send_html(x, f->status > 0 ? status : MHD_HTTP_TEMPORARY_REDIRECT, headers);
    } else if (f->html) {
        *result = send_html(x, status, NULL);
    } else if (f->replies) {
        *result = send_reply(x, status);
    } else if (f->status > 0 && f->status != MHD_HTTP_OK) {
        *result = exchange_problem(
            x, status, PROBLEM_QUERY_FAILED,
            f->error_message != NULL ? f->error_message : "A test asked for this status.", NULL);
    } else {
        return false;
    }
    return true;
}

/* Whatever the HTTP library would refuse to send. */
static void send_raw(int socket, const char *octets, size_t left)
{
    while (left > 0) {
        ssize_t sent = send(socket, octets, left, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        octets += sent;
        left -= (size_t)sent;
    }
}

/* What a fault does before there is any reply. False where there will be none. */
static bool suffer(struct exchange *x)
{
    const struct fault *f = x->fault;
    struct watch *w = &x->reply.watch;

    if (f->stall_s > 0)
        MHD_set_connection_option(x->connection, MHD_CONNECTION_OPTION_TIMEOUT, (unsigned)f->stall_s);
    if (f->delay_ms > 0 && !watch_sleep(w, f->delay_ms))
        return false;
    while (f->hang)
        if (!watch_sleep(w, 1000))
            return false;
    if (f->reset == RESET_BEFORE) {
        reply_reset(x->socket);
        return false;
    }
    if (f->raw != NULL) {
        send_raw(x->socket, f->raw, strlen(f->raw));
        return false;
    }
    return true;
}

static enum MHD_Result answer(struct exchange *x)
{
    enum MHD_Result result;

    if (strncmp(x->path, "/control/", 9) == 0)
        return control_answer(x);
    atomic_fetch_add(&x->service->requests, 1);
    if (!exchange_record(x))
        return MHD_NO;
    if (x->body.failed)
        return exchange_problem(x, MHD_HTTP_CONTENT_TOO_LARGE, PROBLEM_INVALID_REQUEST,
                                "The request body is too large.", NULL);
    x->fault = faults_match(&x->service->faults, x->method, x->path, buffer_string(&x->body), x->body.length);
    if (x->fault != NULL && !suffer(x))
        return MHD_NO;
    if (x->fault != NULL && answer_fault(x, &result))
        return result;
    if (oauth_answer(x, &result))
        return result;
    return answer_admitted(x);
}

/* MHD: called when the head has arrived, for each piece of the body, and when all of it is there. */
static enum MHD_Result handle(void *http, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *piece, size_t *octets,
                              void **context)
{
    struct exchange *x = *context;

    (void)version;
    if (x == NULL) {
        *context = exchange_new(((struct http *)http)->service, connection, method, url);
        return *context != NULL ? MHD_YES : MHD_NO;
    }
    if (*octets > 0) {
        buffer_append(&x->body, piece, *octets);
        *octets = 0;
        return MHD_YES;
    }
    return answer(x);
}

/* MHD: the exchange is over, one way or the other; the reader will not be called again. */
static void complete(void *http, struct MHD_Connection *connection, void **context,
                     enum MHD_RequestTerminationCode code)
{
    struct exchange *x = *context;
    const char *end = code == MHD_REQUEST_TERMINATED_COMPLETED_OK      ? "complete"
                      : code == MHD_REQUEST_TERMINATED_DAEMON_SHUTDOWN ? "service stopped"
                                                                       : "client gone";

    (void)http;
    (void)connection;
    if (x == NULL)
        return;
    if (x->record != NULL) {
        bool struck = x->reply.cut || (x->fault != NULL && code != MHD_REQUEST_TERMINATED_COMPLETED_OK &&
                                       x->reply.watch.end == WATCH_GO_ON);
        uint64_t rows = x->reply.execution != NULL ? x->reply.execution->rows : 0;
        journal_end(&x->service->journal, x->record, x->reply.sent, rows, struck ? "broken by a fault" : end);
    }
    exchange_free(x);
    *context = NULL;
}

/* A whole file as text; NULL with the problem set. */
static char *read_file(const char *name, struct problem *problem)
{
    struct buffer text = {.maximum = PEM_MAX};
    FILE *file = fopen(name, "re");
    char piece[4096];
    size_t n;

    if (file == NULL) {
        problem_set(problem, PROBLEM_INVALID_REQUEST, "cannot open %s: %s", name, strerror(errno));
        return NULL;
    }
    while ((n = fread(piece, 1, sizeof piece, file)) > 0)
        buffer_append(&text, piece, n);
    fclose(file);
    char *whole = buffer_take(&text);
    if (whole == NULL)
        problem_set(problem, PROBLEM_INVALID_REQUEST, "cannot read %s", name);
    return whole;
}

static struct addrinfo *find_address(const struct options *options, struct problem *problem)
{
    const struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    char *port = string_format("%u", options->port);
    int rc = port != NULL ? getaddrinfo(options->bind, port, &hints, &found) : EAI_MEMORY;

    free(port);
    if (rc != 0)
        problem_set(problem, PROBLEM_INVALID_REQUEST, "cannot listen on %s: %s", options->bind,
                    gai_strerror(rc));
    return rc == 0 ? found : NULL;
}

static struct MHD_Daemon *start_daemon(struct http *http, const struct addrinfo *address)
{
    unsigned flags =
        MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL | MHD_USE_ITC;
    struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, http->certificate},
                                   {MHD_OPTION_HTTPS_MEM_KEY, 0, http->key},
                                   {MHD_OPTION_END, 0, NULL}};

    if (http->certificate != NULL)
        flags |= MHD_USE_TLS;
    else
        tls[0].option = MHD_OPTION_END;
    if (address->ai_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    return MHD_start_daemon(flags, 0, NULL, NULL, handle, http, MHD_OPTION_SOCK_ADDR, address->ai_addr,
                            MHD_OPTION_NOTIFY_COMPLETED, complete, http, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                            (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
                            MHD_OPTION_LISTEN_BACKLOG_SIZE, (unsigned)BACKLOG,
                            MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
}

static void free_http(struct http *http)
{
    free(http->certificate);
    free(http->key);
    free(http);
}

struct http *http_start(struct service *service, struct problem *problem)
{
    const struct options *options = service->options;
    struct http *http = calloc(1, sizeof *http);
    struct addrinfo *address = NULL;

    if (http == NULL) {
        problem_no_memory(problem);
        return NULL;
    }
    http->service = service;
    if (options->tls_certificate != NULL) {
        http->certificate = read_file(options->tls_certificate, problem);
        http->key = read_file(options->tls_key, problem);
    }
    if (problem->code == PROBLEM_NONE)
        address = find_address(options, problem);
    if (address != NULL) {
        errno = 0;
        http->daemon = start_daemon(http, address);
        if (http->daemon == NULL)
            problem_set(problem, PROBLEM_INVALID_REQUEST, "cannot listen on %s port %u: %s", options->bind,
                        options->port, errno != 0 ? strerror(errno) : "not a valid certificate or key");
        freeaddrinfo(address);
    }
    if (http->daemon == NULL) {
        free_http(http);
        return NULL;
    }
    return http;
}

unsigned http_port(const struct http *http)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_BIND_PORT);

    return info != NULL ? info->port : 0;
}

void http_stop(struct http *http)
{
    MHD_stop_daemon(http->daemon);
    free_http(http);
}
