/*
 * Owns the meeting of one request with the HTTP library: its parts, its record, the sending of replies.
 * Knows nothing of what paths mean.
 */
#include "exchange.h"

#include "form.h"
#include "jsontext.h"

#include <arpa/inet.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { BODY_MAX = 512 * 1024 * 1024, PIECE = 64 * 1024 };

static const char json_content[] = "application/json; charset=utf-8";

static enum MHD_Result add_query(void *object, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    json_object_object_add(object, name, json_object_new_string(value != NULL ? value : ""));
    return MHD_YES;
}

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET)
        return (ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr) >> 24) == 127;
    if (address->sa_family != AF_INET6)
        return false;
    const struct in6_addr *a = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
    return IN6_IS_ADDR_LOOPBACK(a) || (IN6_IS_ADDR_V4MAPPED(a) && a->s6_addr[12] == 127);
}

struct exchange *exchange_new(struct service *service, struct MHD_Connection *connection, const char *method,
                              const char *path)
{
    struct exchange *x = calloc(1, sizeof *x);
    const union MHD_ConnectionInfo *info;

    if (x == NULL)
        return NULL;
    *x = (struct exchange){.service = service,
                           .connection = connection,
                           .socket = -1,
                           .method = strdup(method),
                           .path = strdup(path),
                           .query = json_object_new_object(),
                           .body = {.maximum = BODY_MAX}};
    info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info != NULL)
        x->socket = info->connect_fd;
    info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    x->local = info != NULL && is_loopback(info->client_addr);
    x->reply.watch = (struct watch){.socket = x->socket, .stopping = &service->stopping};
    if (x->method == NULL || x->path == NULL || x->query == NULL) {
        exchange_free(x);
        return NULL;
    }
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, add_query, x->query);
    return x;
}

void exchange_free(struct exchange *x)
{
    reply_free(&x->reply);
    fault_release(x->fault);
    json_object_put(x->query);
    buffer_free(&x->body);
    free(x->method);
    free(x->path);
    free(x);
}

const char *exchange_header(const struct exchange *x, const char *name)
{
    return MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, name);
}

const char *exchange_query(const struct exchange *x, const char *name)
{
    json_object_object_foreach(x->query, key, value)
    {
        if (strcasecmp(key, name) == 0)
            return json_object_get_string(value);
    }
    return NULL;
}

/* Headers go into the record, of credentials only the scheme. */
static enum MHD_Result add_header(void *object, enum MHD_ValueKind kind, const char *name, const char *value)
{
    bool secret = strcasecmp(name, "Authorization") == 0 || strcasecmp(name, "Proxy-Authorization") == 0 ||
                  strcasecmp(name, "Cookie") == 0;

    (void)kind;
    if (value == NULL)
        value = "";
    size_t length = secret ? strcspn(value, " ") : strlen(value);
    struct buffer text = {0};
    buffer_append(&text, value, length);
    if (secret)
        buffer_text(&text, " ***");
    json_object_object_add(object, name, json_object_new_string(buffer_string(&text)));
    buffer_free(&text);
    return MHD_YES;
}

static char *plain_json(struct json_object *object)
{
    return strdup(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN));
}

/* Forms for the authority hold secrets: they are left out as credentials in headers are. */
static bool mask_body(struct exchange *x, struct record *r)
{
    struct buffer masked = {0};

    form_mask(&masked, buffer_string(&x->body));
    size_t length = masked.length;
    free(r->body);
    r->body = buffer_take(&masked);
    r->body_kept = length;
    return r->body != NULL;
}

bool exchange_record(struct exchange *x)
{
    struct record *r = calloc(1, sizeof *r);
    struct json_object *headers = json_object_new_object();
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

    if (r == NULL || headers == NULL)
        goto fail;
    MHD_get_connection_values(x->connection, MHD_HEADER_KIND, add_header, headers);
    r->method = strdup(x->method);
    r->path = strdup(x->path);
    r->query = plain_json(x->query);
    r->headers = plain_json(headers);
    size_t length = x->body.failed ? 0 : x->body.length;
    r->body_octets = x->body.length;
    r->body_kept = length < JOURNAL_BODY_MAX ? length : JOURNAL_BODY_MAX;
    r->body = malloc(r->body_kept + 1);
    if (r->method == NULL || r->path == NULL || r->query == NULL || r->headers == NULL || r->body == NULL)
        goto fail;
    memcpy(r->body, buffer_string(&x->body), r->body_kept);
    if (strncmp(x->path, "/oauth/", 7) == 0 && !mask_body(x, r))
        goto fail;
    if (info != NULL && info->client_addr->sa_family == AF_INET)
        r->client_port = ntohs(((const struct sockaddr_in *)(const void *)info->client_addr)->sin_port);
    else if (info != NULL && info->client_addr->sa_family == AF_INET6)
        r->client_port = ntohs(((const struct sockaddr_in6 *)(const void *)info->client_addr)->sin6_port);
    json_object_put(headers);
    journal_begin(&x->service->journal, r);
    x->record = r;
    return true;
fail:
    json_object_put(headers);
    if (r != NULL) {
        free(r->method);
        free(r->path);
        free(r->query);
        free(r->headers);
        free(r->body);
        free(r);
    }
    return false;
}

/* A fault's headers take the place of, or add to, those of the reply. */
static void add_fault_headers(const struct exchange *x, struct MHD_Response *response)
{
    if (x->fault == NULL || x->fault->headers == NULL)
        return;
    json_object_object_foreach(x->fault->headers, name, value)
    {
        const char *old = MHD_get_response_header(response, name);
        if (old != NULL)
            MHD_del_response_header(response, name, old);
        MHD_add_response_header(response, name, json_object_get_string(value));
    }
}

static enum MHD_Result queue(struct exchange *x, unsigned status, struct MHD_Response *response,
                             const char *content_type, bool gzip, const char *const *headers)
{
    if (response == NULL)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type", content_type);
    if (gzip)
        MHD_add_response_header(response, "Content-Encoding", "gzip");
    for (; headers != NULL && headers[0] != NULL; headers += 2)
        MHD_add_response_header(response, headers[0], headers[1]);
    add_fault_headers(x, response);
    if (x->record != NULL)
        journal_reply(&x->service->journal, x->record, (int)status, gzip);
    enum MHD_Result result = MHD_queue_response(x->connection, status, response);
    MHD_destroy_response(response);
    return result;
}

enum MHD_Result exchange_send(struct exchange *x, unsigned status, const char *content_type,
                              struct buffer *body, const char *const *headers)
{
    if (body->failed)
        return MHD_NO;
    x->reply.fault = x->fault;
    x->reply.ready = *body;
    *body = (struct buffer){0};
    reply_begin(&x->reply);
    struct MHD_Response *response =
        MHD_create_response_from_callback(x->reply.ready.length, PIECE, reply_read, &x->reply, NULL);
    return queue(x, status, response, content_type, false, headers);
}

enum MHD_Result exchange_stream(struct exchange *x, unsigned status, struct execution *execution)
{
    struct reply *r = &x->reply;

    r->execution = execution;
    r->fault = x->fault;
    if (execution == NULL)
        return MHD_NO;
    bool gzip = exchange_gzip(x);
    if (gzip && (r->gzip = gzip_new()) == NULL)
        return MHD_NO;
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, PIECE, reply_read, r, NULL);
    return queue(x, status, response, json_content, gzip, NULL);
}

enum MHD_Result exchange_send_file(struct exchange *x, int descriptor, uint64_t octets, bool gzip)
{
    struct MHD_Response *response = MHD_create_response_from_fd64(octets, descriptor);

    if (response == NULL)
        close(descriptor);
    x->reply.sent = octets;
    return queue(x, MHD_HTTP_OK, response, json_content, gzip, NULL);
}

enum MHD_Result exchange_problem(struct exchange *x, unsigned status, enum problem_code code,
                                 const char *text, const char *const *headers)
{
    struct problem problem = {0};
    struct buffer body = {0};

    problem_set(&problem, code, "%s", text);
    buffer_char(&body, '{');
    problem_write(&body, &problem, x->fault != NULL ? x->fault->layout.error_form : PROBLEM_OBJECT);
    buffer_char(&body, '}');
    problem_free(&problem);
    return exchange_send(x, status, json_content, &body, headers);
}

/* The value of q for gzip in Accept-Encoding is not nought. */
static bool accepts_gzip(const char *header)
{
    for (const char *p = header; p != NULL && *p != '\0'; p += *p == ',') {
        p += strspn(p, " \t,");
        size_t name = strcspn(p, " \t;,"), length = strcspn(p, ",");
        const char *q = memmem(p, length, "q=", 2);
        bool refused = q != NULL && strtod(q + 2, NULL) <= 0;
        if (name == 4 && strncasecmp(p, "gzip", 4) == 0)
            return !refused;
        p += length;
    }
    return false;
}

bool exchange_gzip(const struct exchange *x)
{
    const char *agent = exchange_header(x, "User-Agent");

    /* The vendor's Python library offers gzip through `requests`, but then reads the raw stream. */
    if (agent != NULL && strncasecmp(agent, "python-requests/", 16) == 0)
        return false;
    return atomic_load(&x->service->settings.gzip) && accepts_gzip(exchange_header(x, "Accept-Encoding"));
}
