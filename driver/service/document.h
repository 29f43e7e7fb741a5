/* Small JSON documents through json-c: schema, errors, parameters. Never rows, never values: json-c would
 * clip long numbers. Member names match without regard to case (SERVICE.md section 3). */
#ifndef CA_SERVICE_DOCUMENT_H
#define CA_SERVICE_DOCUMENT_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

/* The whole text must be one JSON value; *value is owned by the caller (NULL for `null`). */
bool ca_json_parse(const char *text, size_t octets, struct json_object **value);
/* The member, borrowed; NULL if it is absent, null, or `object` is no object. */
struct json_object *ca_json_member(struct json_object *object, const char *name);
/* The text of a string, the digits of a number, "" for NULL; borrowed from the value. */
const char *ca_json_text(struct json_object *value);

#endif
