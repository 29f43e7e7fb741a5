/*
 * Owns the fault rules: their JSON form, and which request each applies to.
 * Knows nothing of how a fault is carried out.
 */
#include "faults.h"

#include "wire.h"

#include <json-c/json.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum member_kind { TEXT, NUMBER, FLAG };

/* The members of a rule that are simply stored. */
static const struct {
    const char *name;
    enum member_kind kind;
    size_t place;
} members[] = {
#define PLACE(member) offsetof(struct fault, member)
    {"method", TEXT, PLACE(method)},
    {"path", TEXT, PLACE(path)},
    {"body", TEXT, PLACE(body)},
    {"skip", NUMBER, PLACE(skip)},
    {"count", NUMBER, PLACE(count)},
    {"delayMs", NUMBER, PLACE(delay_ms)},
    {"dripBytes", NUMBER, PLACE(drip_bytes)},
    {"dripMs", NUMBER, PLACE(drip_ms)},
    {"pauseAfterBytes", NUMBER, PLACE(pause_after_bytes)},
    {"pauseMs", NUMBER, PLACE(pause_ms)},
    {"chunkBytes", NUMBER, PLACE(chunk_bytes)},
    {"stallSeconds", NUMBER, PLACE(stall_s)},
    {"status", NUMBER, PLACE(status)},
    {"contentType", TEXT, PLACE(content_type)},
    {"redirect", TEXT, PLACE(redirect)},
    {"html", FLAG, PLACE(html)},
    {"repeat", TEXT, PLACE(repeat)},
    {"times", NUMBER, PLACE(times)},
    {"gzip", FLAG, PLACE(gzip)},
    {"raw", TEXT, PLACE(raw)},
    {"hang", FLAG, PLACE(hang)},
    {"cutAfterBytes", NUMBER, PLACE(cut_after_bytes)},
    {"cutAfterRows", NUMBER, PLACE(cut_after_rows)},
    {"errorAfterRows", NUMBER, PLACE(error_after_rows)},
    {"errorCode", TEXT, PLACE(error_code)},
    {"errorMessage", TEXT, PLACE(error_message)},
    {"rowsFirst", FLAG, PLACE(layout.rows_first)},
    {"extraMembers", FLAG, PLACE(layout.extra_members)},
    {"nullMembers", FLAG, PLACE(layout.null_members)},
    {"upperMembers", FLAG, PLACE(layout.upper_members)},
#undef PLACE
};

void faults_open(struct faults *faults)
{
    *faults = (struct faults){0};
    pthread_mutex_init(&faults->lock, NULL);
}

void faults_close(struct faults *faults)
{
    faults_clear(faults);
    pthread_mutex_destroy(&faults->lock);
}

void fault_release(struct fault *fault)
{
    if (fault != NULL && atomic_fetch_sub(&fault->references, 1) == 1) {
        json_object_put(fault->document);
        buffer_free(&fault->reply);
        free(fault);
    }
}

static bool take_number(struct json_object *value, int64_t *place)
{
    if (!json_object_is_type(value, json_type_int) || json_object_get_int64(value) < 0)
        return false;
    *place = json_object_get_int64(value);
    return true;
}

static bool take_text(struct json_object *value, const char **place)
{
    if (!json_object_is_type(value, json_type_string))
        return false;
    *place = json_object_get_string(value);
    return true;
}

static bool take_flag(struct json_object *value, bool *place)
{
    *place = json_object_get_boolean(value);
    return json_object_is_type(value, json_type_boolean);
}

/* A body as text, or any octets in base64. */
static bool take_reply(struct fault *fault, struct json_object *value, bool base64)
{
    const char *text = json_object_get_string(value);

    fault->replies = json_object_is_type(value, json_type_string);
    if (!fault->replies)
        return false;
    size_t length = (size_t)json_object_get_string_len(value);
    if (base64)
        return wire_base64_read(&fault->reply, text, length) && !fault->reply.failed;
    buffer_append(&fault->reply, text, length);
    return !fault->reply.failed;
}

/* One of a few words, as a number. */
static bool take_word(struct json_object *value, const char *const *words, int *place)
{
    const char *text = json_object_is_type(value, json_type_string) ? json_object_get_string(value) : "";

    for (int i = 0; words[i] != NULL; i++)
        if (strcmp(words[i], text) == 0) {
            *place = i;
            return true;
        }
    return false;
}

static bool take_member(struct fault *fault, const char *name, struct json_object *value)
{
    static const char *const resets[] = {"never", "before", "during", NULL};
    static const char *const forms[] = {"object", "string", "integer", NULL};
    int word = 0;

    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        void *place = (char *)fault + members[i].place;
        if (strcmp(members[i].name, name) == 0)
            return members[i].kind == TEXT     ? take_text(value, place)
                   : members[i].kind == NUMBER ? take_number(value, place)
                                               : take_flag(value, place);
    }
    if (strcmp(name, "reply") == 0 || strcmp(name, "replyBase64") == 0)
        return take_reply(fault, value, name[5] != '\0');
    if (strcmp(name, "headers") == 0) {
        fault->headers = value;
        return json_object_is_type(value, json_type_object);
    }
    bool reset = strcmp(name, "reset") == 0;
    if (!take_word(value, reset ? resets : forms, &word) || (!reset && strcmp(name, "errorForm") != 0))
        return false;
    if (reset)
        fault->reset = (enum reset_when)word;
    else
        fault->layout.error_form = (enum problem_form)word;
    return true;
}

static struct fault *read_rule(struct json_object *rule)
{
    struct fault *fault = json_object_is_type(rule, json_type_object) ? calloc(1, sizeof *fault) : NULL;

    if (fault == NULL)
        return NULL;
    atomic_init(&fault->references, 1);
    fault->document = json_object_get(rule);
    fault->cut_after_bytes = fault->cut_after_rows = fault->error_after_rows = -1;
    json_object_object_foreach(rule, name, value)
    {
        if (!take_member(fault, name, value)) {
            fault_release(fault);
            return NULL;
        }
    }
    return fault;
}

bool faults_add(struct faults *faults, struct json_object *list, const char **problem)
{
    bool array = json_object_is_type(list, json_type_array);
    size_t count = array ? json_object_array_length(list) : 1, read = 0;
    struct fault **fresh = calloc(count + 1, sizeof *fresh);

    *problem = "out of memory";
    if (fresh == NULL)
        return false;
    for (; read < count; read++) {
        fresh[read] = read_rule(array ? json_object_array_get_idx(list, read) : list);
        if (fresh[read] == NULL) {
            *problem = "a rule has an unknown member or a value of the wrong kind";
            goto out;
        }
    }
    pthread_mutex_lock(&faults->lock);
    struct fault **rules = realloc(faults->rules, (faults->count + count + 1) * sizeof *rules);
    if (rules != NULL) {
        memcpy(rules + faults->count, fresh, count * sizeof *rules);
        faults->rules = rules;
        faults->count += count;
        *problem = NULL;
    }
    pthread_mutex_unlock(&faults->lock);
out:
    while (*problem != NULL && read > 0)
        fault_release(fresh[--read]);
    free(fresh);
    return *problem == NULL;
}

void faults_clear(struct faults *faults)
{
    pthread_mutex_lock(&faults->lock);
    for (size_t i = 0; i < faults->count; i++)
        fault_release(faults->rules[i]);
    free(faults->rules);
    faults->rules = NULL;
    faults->count = 0;
    pthread_mutex_unlock(&faults->lock);
}

static bool matches(const struct fault *f, const char *method, const char *path, const char *body,
                    size_t length)
{
    if (f->method != NULL && strcasecmp(f->method, method) != 0)
        return false;
    if (f->path != NULL && strstr(path, f->path) == NULL)
        return false;
    return f->body == NULL || memmem(body, length, f->body, strlen(f->body)) != NULL;
}

struct fault *faults_match(struct faults *faults, const char *method, const char *path, const char *body,
                           size_t length)
{
    struct fault *found = NULL;

    pthread_mutex_lock(&faults->lock);
    for (size_t i = 0; i < faults->count && found == NULL; i++) {
        struct fault *f = faults->rules[i];
        if ((f->count > 0 && f->seen >= f->skip + f->count) || !matches(f, method, path, body, length))
            continue;
        if (f->seen++ >= f->skip)
            found = f;
    }
    if (found != NULL)
        atomic_fetch_add(&found->references, 1);
    pthread_mutex_unlock(&faults->lock);
    return found;
}

void faults_list(struct faults *faults, struct buffer *out)
{
    pthread_mutex_lock(&faults->lock);
    buffer_char(out, '[');
    for (size_t i = 0; i < faults->count; i++)
        buffer_format(out, "%s{\"seen\":%lld,\"rule\":%s}", i > 0 ? "," : "",
                      (long long)faults->rules[i]->seen,
                      json_object_to_json_string_ext(faults->rules[i]->document, JSON_C_TO_STRING_PLAIN));
    buffer_char(out, ']');
    pthread_mutex_unlock(&faults->lock);
}
