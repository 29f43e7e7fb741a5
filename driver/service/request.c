#include "service/request.h"

#include <string.h>

#include "data/parameter.h"

static void add_text_member(struct ca_buffer *json, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    ca_buffer_add_format(json, ",\"%s\":", name);
    ca_json_write_text(json, value, strlen(value));
}

bool ca_body_write(struct ca_buffer *json, const struct ca_body *body)
{
    ca_buffer_add_format(json, "{\"%s\":", body->procedure ? "procedure" : "query");
    ca_json_write_text(json, body->query, body->query_octets);
    add_text_member(json, "defaultCatalog", body->catalog);
    add_text_member(json, "defaultSchema", body->schema);
    if (body->parameters_octets) {
        ca_buffer_add_text(json, ",\"parameters\":");
        ca_buffer_add(json, body->parameters, body->parameters_octets);
    }
    if (body->schema_only)
        ca_buffer_add_text(json, ",\"schemaOnly\":true");
    if (body->timeout_s)
        ca_buffer_add_format(json, ",\"timeout\":%d", body->timeout_s);
    return ca_buffer_add_char(json, '}');
}

bool ca_address_encode(struct ca_buffer *url, const char *value)
{
    static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
    for (; *value; value++) {
        if (strchr(unreserved, *value))
            ca_buffer_add_char(url, *value);
        else
            ca_buffer_add_format(url, "%%%02X", (unsigned)(unsigned char)*value);
    }
    return !url->failure;
}

bool ca_address_begin(struct ca_buffer *url, const char *base, const char *path, const char *workspace)
{
    ca_buffer_add_format(url, "%s/%s", base, path);
    if (*workspace)
        ca_address_add(url, "workspace", workspace);
    return !url->failure;
}

bool ca_address_add(struct ca_buffer *url, const char *name, const char *value)
{
    ca_buffer_add_char(url, url->data && strchr(url->data, '?') ? '&' : '?');
    ca_buffer_add_text(url, name);
    ca_buffer_add_char(url, '=');
    return ca_address_encode(url, value);
}
