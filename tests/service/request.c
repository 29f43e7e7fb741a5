/*
 * Owns the reading of request bodies. Knows nothing of SQL or of how values are bound.
 */
#include "request.h"

#include "jsontext.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { TIMEOUT_MAX_S = 300, TYPE_MAX = 18 };

static bool read_string(struct json_object *document, const char *name, const char **value,
                        struct problem *problem)
{
    struct json_object *member = json_object_object_get(document, name);

    *value = NULL;
    if (member == NULL)
        return true;
    if (!json_object_is_type(member, json_type_string)) {
        problem_set(problem, PROBLEM_INVALID_REQUEST, "The member '%s' must be a string.", name);
        return false;
    }
    const char *text = json_object_get_string(member);
    if (strlen(text) != (size_t)json_object_get_string_len(member)) {
        problem_set(problem, PROBLEM_INVALID_REQUEST, "The member '%s' holds a zero character.", name);
        return false;
    }
    if (*text != '\0')
        *value = text;
    return true;
}

static bool read_integer(struct json_object *object, const char *name, int lowest, int highest, int *value,
                         struct problem *problem)
{
    struct json_object *member = json_object_object_get(object, name);

    *value = 0;
    if (member == NULL)
        return true;
    int64_t n = json_object_get_int64(member);
    if (!json_object_is_type(member, json_type_int) || n < lowest || n > highest) {
        problem_set(problem, PROBLEM_INVALID_REQUEST, "The member '%s' must be an integer from %d to %d.",
                    name, lowest, highest);
        return false;
    }
    *value = (int)n;
    return true;
}

static bool read_parameter(struct parameter *p, const char *name, struct json_object *object,
                           struct problem *problem)
{
    if (!json_object_is_type(object, json_type_object)) {
        problem_set(problem, PROBLEM_INVALID_REQUEST,
                    "The parameter '%s' must be an object with dataType and value.", name);
        return false;
    }
    p->name = name;
    p->value = json_object_object_get(object, "value");
    if (json_object_is_type(p->value, json_type_object) || json_object_is_type(p->value, json_type_array)) {
        problem_set(problem, PROBLEM_INVALID_REQUEST, "The value of parameter '%s' must be a scalar.", name);
        return false;
    }
    /* The vendor's Python library sends dataType "" with a null value. */
    struct json_object *type = json_object_object_get(object, "dataType");
    bool unnamed = json_object_is_type(type, json_type_string) && json_object_get_string_len(type) == 0;
    if (!unnamed && !read_integer(object, "dataType", 1, TYPE_MAX, &p->type, problem))
        return false;
    return read_integer(object, "direction", 1, 5, &p->direction, problem);
}

static bool read_set(struct request *r, struct parameter_set *set, struct json_object *object, size_t *used,
                     struct problem *problem)
{
    set->items = r->storage + *used;
    json_object_object_foreach(object, name, member)
    {
        if (!read_parameter(&set->items[set->count], name, member, problem))
            return false;
        set->count++;
        (*used)++;
    }
    return true;
}

/* How many parameters all sets hold; -1 where one of the sets is no object. */
static long count_parameters(struct json_object *const *sets, size_t count)
{
    long total = 0;

    for (size_t i = 0; i < count; i++) {
        if (!json_object_is_type(sets[i], json_type_object))
            return -1;
        total += json_object_object_length(sets[i]);
    }
    return total;
}

static bool read_sets(struct request *r, enum request_kind kind, struct problem *problem)
{
    struct json_object *member = json_object_object_get(r->document, "parameters");
    struct json_object **objects = &member;
    bool array = json_object_is_type(member, json_type_array), fine = false;
    size_t count = array ? json_object_array_length(member) : 1, used = 0;

    if (member != NULL && array != (kind == REQUEST_BATCH)) {
        problem_set(problem, PROBLEM_INVALID_REQUEST,
                    kind == REQUEST_BATCH ? "The member 'parameters' must be an array of objects."
                                          : "The member 'parameters' must be an object.");
        return false;
    }
    if (array)
        objects = (struct json_object **)json_object_get_array(member)->array;
    long total = member == NULL ? 0 : count_parameters(objects, count);
    if (total < 0) {
        problem_set(problem, PROBLEM_INVALID_REQUEST, "The member 'parameters' must hold objects.");
        return false;
    }
    r->sets = calloc(count + 1, sizeof *r->sets);
    r->storage = calloc((size_t)total + 1, sizeof *r->storage);
    if (r->sets == NULL || r->storage == NULL) {
        problem_no_memory(problem);
        goto out;
    }
    r->set_count = count;
    if (member != NULL)
        for (size_t i = 0; i < count; i++)
            if (!read_set(r, &r->sets[i], objects[i], &used, problem))
                goto out;
    fine = true;
out:
    return fine;
}

bool request_read(struct request *r, enum request_kind kind, const char *body, size_t length,
                  struct problem *problem)
{
    const char *text_member = kind == REQUEST_EXEC ? "procedure" : "query", *wrong;

    *r = (struct request){.document = json_read(body, length, &wrong)};
    if (r->document == NULL || !json_object_is_type(r->document, json_type_object)) {
        problem_set(problem, PROBLEM_INVALID_REQUEST, "The request body is not a JSON object: %s.",
                    wrong != NULL ? wrong : "another kind of value");
        return false;
    }
    if (!read_string(r->document, text_member, &r->text, problem) ||
        !read_string(r->document, "defaultCatalog", &r->catalog, problem) ||
        !read_string(r->document, "defaultSchema", &r->schema, problem) ||
        !read_integer(r->document, "timeout", 1, TIMEOUT_MAX_S, &r->timeout_s, problem))
        return false;
    if (r->text == NULL) {
        problem_set(problem, PROBLEM_INVALID_REQUEST, "The member '%s' is missing or empty.", text_member);
        return false;
    }
    struct json_object *only = json_object_object_get(r->document, "schemaOnly");
    if (only != NULL && !json_object_is_type(only, json_type_boolean)) {
        problem_set(problem, PROBLEM_INVALID_REQUEST, "The member 'schemaOnly' must be true or false.");
        return false;
    }
    r->schema_only = json_object_get_boolean(only);
    return read_sets(r, kind, problem);
}

void request_free(struct request *r)
{
    json_object_put(r->document);
    free(r->sets);
    free(r->storage);
    *r = (struct request){0};
}

const struct parameter *parameter_find(const struct parameter_set *set, const char *name)
{
    if (*name == '@')
        name++;
    for (size_t i = 0; i < set->count; i++) {
        const char *own = set->items[i].name;
        if (strcasecmp(*own == '@' ? own + 1 : own, name) == 0)
            return &set->items[i];
    }
    return NULL;
}
