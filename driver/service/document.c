#include "service/document.h"

#include <limits.h>

#include "base/text.h"

enum { DEEPEST_DOCUMENT = 32 };

bool ca_json_parse(const char *text, size_t octets, struct json_object **value)
{
    *value = NULL;
    struct json_tokener *tokener = json_tokener_new_ex(DEEPEST_DOCUMENT);
    if (!tokener || octets > INT_MAX - 1) {
        if (tokener)
            json_tokener_free(tokener);
        return false;
    }
    *value = json_tokener_parse_ex(tokener, text, (int)octets);
    enum json_tokener_error result = json_tokener_get_error(tokener);
    if (result == json_tokener_continue) {
        /* A bare number or literal ends only where the text is known to end. */
        *value = json_tokener_parse_ex(tokener, " ", 1);
        result = json_tokener_get_error(tokener);
    }
    json_tokener_free(tokener);
    if (result == json_tokener_success)
        return true;
    json_object_put(*value);
    *value = NULL;
    return false;
}

struct json_object *ca_json_member(struct json_object *object, const char *name)
{
    if (!json_object_is_type(object, json_type_object))
        return NULL;
    struct json_object *found = NULL;
    if (json_object_object_get_ex(object, name, &found))
        return found;
    json_object_object_foreach(object, key, value)
    {
        if (ca_text_same(key, name))
            return value;
    }
    return NULL;
}

const char *ca_json_text(struct json_object *value)
{
    const char *text = value ? json_object_get_string(value) : "";
    return text ? text : "";
}
