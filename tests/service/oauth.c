/*
 * Owns what the authority says over HTTP. Knows nothing of how it remembers.
 */
#include "oauth.h"

#include "form.h"
#include "gzip.h"
#include "jsontext.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

enum { STATUS_FOUND = 302 };

static const char json[] = "application/json";

/* JSON, compressed where the client takes that, as gateways before an authority do. */
static enum MHD_Result send_json(struct exchange *x, unsigned status, struct buffer *body)
{
    static const char *const plain_headers[] = {"Cache-Control", "no-store", NULL};
    static const char *const packed_headers[] = {"Cache-Control", "no-store", "Content-Encoding", "gzip",
                                                 NULL};
    struct buffer packed = {0};

    if (!exchange_gzip(x))
        return exchange_send(x, status, json, body, plain_headers);
    return gzip_whole(body, &packed) ? exchange_send(x, status, json, &packed, packed_headers) : MHD_NO;
}

static enum MHD_Result send_error(struct exchange *x, const char *error)
{
    unsigned status = strcmp(error, "invalid_client") == 0 ? MHD_HTTP_UNAUTHORIZED : MHD_HTTP_BAD_REQUEST;
    struct buffer body = {0};

    buffer_format(&body, "{\"error\":\"%s\",\"error_description\":\"The authority says %s.\"}", error, error);
    return send_json(x, status, &body);
}

static void write_issued(struct buffer *body, const struct issued *issued)
{
    buffer_format(body, "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":%lld",
                  issued->access, (long long)issued->lifetime_s);
    if (*issued->refresh != '\0')
        buffer_format(body, ",\"refresh_token\":\"%s\"", issued->refresh);
    buffer_char(body, '}');
}

static enum MHD_Result send_issued(struct exchange *x, const struct issued *issued)
{
    struct buffer body = {0};

    write_issued(&body, issued);
    return send_json(x, MHD_HTTP_OK, &body);
}

static enum MHD_Result send_page(struct exchange *x, unsigned status, const char *text, const char *location)
{
    const char *const headers[] = {"Location", location, NULL};
    struct buffer body = {0};

    buffer_format(&body, "<!DOCTYPE html>\n<html><body><p>%s</p></body></html>\n", text);
    return exchange_send(x, status, "text/html; charset=utf-8", &body, location != NULL ? headers : NULL);
}

/* ---- /oauth/token ---- */

static const char *grant(struct authority *a, const char *type, const char *form, struct issued *issued)
{
    char *code = form_value(form, "code"), *verifier = form_value(form, "code_verifier");
    char *redirect = form_value(form, "redirect_uri"), *refresh = form_value(form, "refresh_token");
    char *device = form_value(form, "device_code");
    const char *error = *type != '\0' ? "unsupported_grant_type" : "invalid_request";

    if (code == NULL || verifier == NULL || redirect == NULL || refresh == NULL || device == NULL)
        error = "server_error";
    else if (strcmp(type, "authorization_code") == 0)
        error = *code != '\0' ? authority_redeem(a, code, verifier, redirect, issued) : "invalid_request";
    else if (strcmp(type, "refresh_token") == 0)
        error = *refresh != '\0' ? authority_renew(a, refresh, issued) : "invalid_request";
    else if (strcmp(type, "urn:ietf:params:oauth:grant-type:device_code") == 0)
        error = *device != '\0' ? authority_poll(a, device, issued) : "invalid_request";
    free(code);
    free(verifier);
    free(redirect);
    free(refresh);
    free(device);
    return error;
}

static enum MHD_Result answer_token(struct exchange *x)
{
    struct authority *a = &x->service->authority;
    const char *form = buffer_string(&x->body), *content = exchange_header(x, "Content-Type");
    char *id = form_value(form, "client_id"), *secret = form_value(form, "client_secret");
    char *type = form_value(form, "grant_type");
    struct issued issued = {0};
    const char *error = "server_error";

    if (content == NULL || strcmp(content, "application/x-www-form-urlencoded") != 0)
        error = "invalid_request";
    else if (id != NULL && secret != NULL && !authority_knows_client(a, id, secret))
        error = "invalid_client";
    else if (type != NULL)
        error = grant(a, type, form, &issued);
    free(id);
    free(secret);
    free(type);
    return error != NULL ? send_error(x, error) : send_issued(x, &issued);
}

/* ---- the browser ---- */

static const char *query(const struct exchange *x, const char *name)
{
    const char *value = exchange_query(x, name);

    return value != NULL ? value : "";
}

/* What is wrong with the request for a code; NULL: nothing. */
static const char *bad_authorize(const struct exchange *x)
{
    static const char loopback[] = "http://127.0.0.1:";

    if (strcmp(query(x, "client_id"), x->service->options->oauth_client) != 0)
        return "There is no such client.";
    if (strncmp(query(x, "redirect_uri"), loopback, sizeof loopback - 1) != 0)
        return "The redirect address is not allowed.";
    if (strcmp(query(x, "response_type"), "code") != 0 ||
        strcmp(query(x, "code_challenge_method"), "S256") != 0 ||
        strlen(query(x, "code_challenge")) != CHALLENGE_TEXT - 1 || strlen(query(x, "state")) < 16)
        return "The request is not one of RFC 6749 with RFC 7636.";
    return NULL;
}

/* The user is signed in already and agrees, unless told to decline. */
static enum MHD_Result answer_authorize(struct exchange *x)
{
    const char *problem = bad_authorize(x);
    char code[GRANT_TEXT];
    struct buffer location = {0};

    if (problem != NULL)
        return send_page(x, MHD_HTTP_BAD_REQUEST, problem, NULL);
    const char *redirect = query(x, "redirect_uri");
    const char *error =
        authority_authorize(&x->service->authority, query(x, "code_challenge"), redirect, code);
    buffer_text(&location, redirect);
    form_add(&location, '?', error != NULL ? "error" : "code", error != NULL ? error : code);
    form_add(&location, '&', "state", query(x, "state"));
    enum MHD_Result result = send_page(x, STATUS_FOUND, "Signed in.", buffer_string(&location));
    buffer_free(&location);
    return result;
}

/* ---- the device ---- */

static enum MHD_Result answer_device(struct exchange *x)
{
    const char *form = buffer_string(&x->body);
    char *id = form_value(form, "client_id"), *secret = form_value(form, "client_secret");
    const char *host = exchange_header(x, "Host");
    struct device device;
    struct buffer body = {0};

    bool known = id != NULL && secret != NULL && authority_knows_client(&x->service->authority, id, secret);
    free(id);
    free(secret);
    if (!known)
        return send_error(x, "invalid_client");
    if (!authority_begin_device(&x->service->authority, &device))
        return MHD_NO;
    const char *scheme = x->service->options->tls_certificate != NULL ? "https" : "http";
    buffer_format(&body,
                  "{\"device_code\":\"%s\",\"user_code\":\"%s\",\"verification_uri\":\"%s://%s/activate\",",
                  device.code, device.user_code, scheme, host != NULL ? host : "");
    buffer_format(&body, "\"verification_uri_complete\":\"%s://%s/activate?user_code=%s\",", scheme,
                  host != NULL ? host : "", device.user_code);
    buffer_format(&body, "\"expires_in\":%d,\"interval\":%d}", DEVICE_LIFE_S, DEVICE_INTERVAL_S);
    return send_json(x, MHD_HTTP_OK, &body);
}

static enum MHD_Result answer_activate(struct exchange *x)
{
    char *code = form_value(buffer_string(&x->body), "user_code");
    bool fine = code != NULL && authority_approve(&x->service->authority, code);

    free(code);
    return send_page(x, fine ? MHD_HTTP_OK : MHD_HTTP_NOT_FOUND,
                     fine ? "The device is signed in." : "No such code.", NULL);
}

static enum MHD_Result show_activate(struct exchange *x)
{
    return send_page(x, MHD_HTTP_OK,
                     "<form method=\"post\"><input name=\"user_code\"><button>Sign in</button></form>", NULL);
}

bool oauth_answer(struct exchange *x, enum MHD_Result *result)
{
    static const struct {
        const char *method;
        const char *path;
        enum MHD_Result (*answer)(struct exchange *x);
    } routes[] = {
        {"POST", "/oauth/token", answer_token},  {"POST", "/oauth/device/code", answer_device},
        {"GET", "/authorize", answer_authorize}, {"POST", "/activate", answer_activate},
        {"GET", "/activate", show_activate},
    };

    if (x->service->options->oauth_client == NULL)
        return false;
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        if (strcmp(routes[i].method, x->method) == 0 && strcmp(routes[i].path, x->path) == 0) {
            *result = routes[i].answer(x);
            return true;
        }
    return false;
}

/* ---- control ---- */

static enum MHD_Result send_state(struct exchange *x, const struct issued *issued)
{
    struct authority *a = &x->service->authority;
    struct buffer body = {0};

    pthread_mutex_lock(&a->lock);
    buffer_format(&body,
                  "{\"ok\":true,\"renewals\":%lld,\"reuses\":%lld,\"polls\":%lld,\"jwts\":%lld,\"claims\":%s",
                  (long long)a->counts.renewals, (long long)a->counts.reuses, (long long)a->counts.polls,
                  (long long)a->counts.jwts, a->counts.claims != NULL ? a->counts.claims : "null");
    pthread_mutex_unlock(&a->lock);
    if (issued != NULL) {
        buffer_text(&body, ",\"issued\":");
        write_issued(&body, issued);
    }
    buffer_char(&body, '}');
    return exchange_send(x, MHD_HTTP_OK, json, &body, NULL);
}

/* One member of POST /control/oauth; false where it is none. */
static bool set_member(struct authority *a, const char *name, struct json_object *value)
{
    bool fine = true;

    pthread_mutex_lock(&a->lock);
    if (strcmp(name, "lifetimeSeconds") == 0)
        a->settings.lifetime_s = json_object_get_int64(value);
    else if (strcmp(name, "rotate") == 0)
        a->settings.rotate = json_object_get_boolean(value);
    else if (strcmp(name, "deny") == 0)
        a->settings.deny = json_object_get_boolean(value);
    else if (strcmp(name, "slowDowns") == 0)
        a->settings.slow_downs = json_object_get_int64(value);
    else
        fine = false;
    pthread_mutex_unlock(&a->lock);
    if (strcmp(name, "revokeAccess") == 0 || strcmp(name, "revokeRefresh") == 0) {
        authority_revoke(a, strcmp(name, "revokeRefresh") == 0);
        fine = true;
    }
    return fine || strcmp(name, "issue") == 0;
}

static enum MHD_Result change_state(struct exchange *x)
{
    struct authority *a = &x->service->authority;
    const char *problem;
    struct json_object *object = json_read(buffer_string(&x->body), x->body.length, &problem);
    struct issued issued = {0};
    bool fine = json_object_is_type(object, json_type_object), wanted = false;

    if (fine) {
        json_object_object_foreach(object, name, value)
        {
            fine = set_member(a, name, value) && fine;
            wanted = wanted || strcmp(name, "issue") == 0;
        }
    }
    json_object_put(object);
    if (fine && wanted)
        fine = authority_issue(a, &issued);
    if (fine)
        return send_state(x, wanted ? &issued : NULL);
    struct buffer body = {0};
    buffer_text(&body, "{\"ok\":false,\"message\":\"not an object of what the authority knows\"}");
    return exchange_send(x, MHD_HTTP_BAD_REQUEST, json, &body, NULL);
}

enum MHD_Result oauth_control(struct exchange *x)
{
    return strcmp(x->method, "POST") == 0 ? change_state(x) : send_state(x, NULL);
}
