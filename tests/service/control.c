/*
 * Owns the control endpoint. Knows nothing of the documented API.
 */
#include "control.h"

#include "jsontext.h"
#include "oauth.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum MHD_Result send_json(struct exchange *x, unsigned status, struct buffer *body)
{
    return exchange_send(x, status, "application/json; charset=utf-8", body, NULL);
}

static enum MHD_Result done(struct exchange *x)
{
    struct buffer body = {0};

    buffer_text(&body, "{\"ok\":true}");
    return send_json(x, MHD_HTTP_OK, &body);
}

static enum MHD_Result refuse(struct exchange *x, unsigned status, const char *text)
{
    struct buffer body = {0};

    buffer_text(&body, "{\"ok\":false,\"message\":");
    json_quote_text(&body, text);
    buffer_char(&body, '}');
    return send_json(x, status, &body);
}

static enum MHD_Result get_faults(struct exchange *x)
{
    struct buffer body = {0};

    faults_list(&x->service->faults, &body);
    return send_json(x, MHD_HTTP_OK, &body);
}

static enum MHD_Result add_faults(struct exchange *x)
{
    const char *problem;
    struct json_object *list = json_read(buffer_string(&x->body), x->body.length, &problem);
    bool fine = list != NULL && faults_add(&x->service->faults, list, &problem);

    json_object_put(list);
    return fine ? done(x) : refuse(x, MHD_HTTP_BAD_REQUEST, problem != NULL ? problem : "no rules");
}

static enum MHD_Result clear_faults(struct exchange *x)
{
    faults_clear(&x->service->faults);
    return done(x);
}

static enum MHD_Result get_requests(struct exchange *x)
{
    struct buffer body = {0};

    journal_list(&x->service->journal, &body);
    return send_json(x, MHD_HTTP_OK, &body);
}

static enum MHD_Result clear_requests(struct exchange *x)
{
    journal_clear(&x->service->journal);
    return done(x);
}

/* A line of /proc/self/status in kB, -1 where there is none. */
static long status_kb(const char *name)
{
    FILE *file = fopen("/proc/self/status", "re");
    char line[256];
    long kb = -1;

    if (file == NULL)
        return kb;
    while (fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, name, strlen(name)) == 0)
            kb = strtol(line + strlen(name), NULL, 10);
    fclose(file);
    return kb;
}

static enum MHD_Result get_stats(struct exchange *x)
{
    struct service *service = x->service;
    const union MHD_ConnectionInfo *c = MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_DAEMON);
    const union MHD_DaemonInfo *d =
        c != NULL ? MHD_get_daemon_info(c->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS) : NULL;
    struct buffer body = {0};

    buffer_format(&body,
                  "{\"connections\":%u,\"runningStatements\":%d,\"requests\":%llu,\"residentKb\":%ld,"
                  "\"residentPeakKb\":%ld}",
                  d != NULL ? d->num_connections : 0, atomic_load(&service->running),
                  (unsigned long long)atomic_load(&service->requests), status_kb("VmRSS:"),
                  status_kb("VmHWM:"));
    return send_json(x, MHD_HTTP_OK, &body);
}

/* A setting as JSON has it: one of two words (the second is true), or a boolean. */
struct setting {
    const char *name;
    size_t place;
    const char *words[2]; /* NULL: a boolean */
};

static const struct setting settings[] = {
    {"profile", offsetof(struct settings, old_profile), {"new", "old"}},
    {"batchReply", offsetof(struct settings, batch_total), {"each", "total"}},
    {"dialect", offsetof(struct settings, lenient), {"default", "lenient"}},
    {"systemTables", offsetof(struct settings, system_tables), {NULL, NULL}},
    {"caseSensitive", offsetof(struct settings, case_sensitive), {NULL, NULL}},
    {"gzip", offsetof(struct settings, gzip), {NULL, NULL}},
};

enum { SETTING_COUNT = sizeof settings / sizeof *settings };

static atomic_bool *setting_place(struct service *service, const struct setting *setting)
{
    return (atomic_bool *)(void *)((char *)&service->settings + setting->place);
}

static enum MHD_Result get_options(struct exchange *x)
{
    struct buffer body = {0};

    for (size_t i = 0; i < SETTING_COUNT; i++) {
        bool on = atomic_load(setting_place(x->service, &settings[i]));
        buffer_format(&body, "%c\"%s\":", i == 0 ? '{' : ',', settings[i].name);
        if (settings[i].words[0] != NULL)
            json_quote_text(&body, settings[i].words[on]);
        else
            buffer_text(&body, on ? "true" : "false");
    }
    buffer_char(&body, '}');
    return send_json(x, MHD_HTTP_OK, &body);
}

/* Reads one member; false where there is no such setting or value. */
static bool read_setting(const char *name, struct json_object *value, const struct setting **setting,
                         bool *on)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const struct setting *s = &settings[i];
        if (strcmp(s->name, name) != 0)
            continue;
        *setting = s;
        *on = json_object_get_boolean(value);
        if (s->words[0] == NULL)
            return json_object_is_type(value, json_type_boolean);
        const char *word = json_object_is_type(value, json_type_string) ? json_object_get_string(value) : "";
        *on = strcmp(word, s->words[1]) == 0;
        return *on || strcmp(word, s->words[0]) == 0;
    }
    return false;
}

static enum MHD_Result set_options(struct exchange *x)
{
    const char *problem;
    struct json_object *object = json_read(buffer_string(&x->body), x->body.length, &problem);
    bool fine = json_object_is_type(object, json_type_object);

    /* first look at all, then change */
    for (int pass = 0; fine && pass < 2; pass++) {
        json_object_object_foreach(object, name, value)
        {
            const struct setting *setting;
            bool on;
            if (!read_setting(name, value, &setting, &on))
                fine = false;
            else if (pass == 1)
                atomic_store(setting_place(x->service, setting), on);
        }
    }
    json_object_put(object);
    return fine ? get_options(x) : refuse(x, MHD_HTTP_BAD_REQUEST, "not an object of known options");
}

enum MHD_Result control_answer(struct exchange *x)
{
    static const struct {
        const char *method;
        const char *path;
        enum MHD_Result (*answer)(struct exchange *x);
    } routes[] = {
        {"GET", "/control/faults", get_faults},          {"POST", "/control/faults", add_faults},
        {"DELETE", "/control/faults", clear_faults},     {"GET", "/control/requests", get_requests},
        {"DELETE", "/control/requests", clear_requests}, {"GET", "/control/stats", get_stats},
        {"GET", "/control/options", get_options},        {"POST", "/control/options", set_options},
        {"GET", "/control/oauth", oauth_control},        {"POST", "/control/oauth", oauth_control},
    };

    if (!x->local)
        return refuse(x, MHD_HTTP_FORBIDDEN, "control requests come from this machine only");
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        if (strcmp(routes[i].method, x->method) == 0 && strcmp(routes[i].path, x->path) == 0)
            return routes[i].answer(x);
    return refuse(x, MHD_HTTP_NOT_FOUND, "no such control path");
}
