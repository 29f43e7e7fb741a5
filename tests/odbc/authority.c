#include "authority.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

const char *authority_keys = "";

/* ---- the authority ---- */

/* Changes or asks the authority; ' for ". */
json_object *authority_ask(struct harness *h, const char *request)
{
    char *text = text_format("%s", request);
    for (char *p = text; *p != '\0'; p++)
        if (*p == '\'')
            *p = '"';
    char *reply = service_call(&h->service, "POST", "/control/oauth", text);
    json_object *object = json_tokener_parse(reply);

    if (!json_object_get_boolean(json_object_object_get(object, "ok")))
        fail_at(__FILE__, __LINE__, "%s: %s", text, reply);
    free(reply);
    free(text);
    return object;
}

void authority_tell(struct harness *h, const char *request)
{
    json_object_put(authority_ask(h, request));
}

int64_t authority_count(struct harness *h, const char *name)
{
    json_object *state = authority_ask(h, "{}");
    int64_t count = json_object_get_int64(json_object_object_get(state, name));

    json_object_put(state);
    return count;
}

struct token_pair authority_issue(struct harness *h)
{
    struct token_pair pair;
    json_object *state = authority_ask(h, "{'issue':true}"),
                *issued = json_object_object_get(state, "issued");

    snprintf(pair.access, sizeof pair.access, "%s",
             json_object_get_string(json_object_object_get(issued, "access_token")));
    snprintf(pair.refresh, sizeof pair.refresh, "%s",
             json_object_get_string(json_object_object_get(issued, "refresh_token")));
    json_object_put(state);
    return pair;
}

void authority_reset(struct harness *h)
{
    authority_tell(h, "{'lifetimeSeconds':3600,'rotate':true,'deny':false,'slowDowns':0}");
}

size_t authority_requests(struct harness *h)
{
    return requests_count(&h->service, "POST", "/oauth/token", NULL);
}

size_t authority_refusals(struct harness *h)
{
    json_object *list = requests_read(&h->service, false);
    size_t found = 0;

    for (size_t i = 0; i < json_object_array_length(list); i++)
        found +=
            json_object_get_int(json_object_object_get(json_object_array_get_idx(list, i), "status")) == 401;
    json_object_put(list);
    return found;
}

/* ---- connection strings ---- */

char *text_replace(char *text, const char *name, const char *value)
{
    for (char *place; (place = strstr(text, name)) != NULL;) {
        char *longer = text_format("%.*s%s%s", (int)(place - text), text, value, place + strlen(name));
        free(text);
        text = longer;
    }
    return text;
}

/* $A and $R: tokens; $D: the program's directory; $K: that of the keys; $C: the client's id and secret. */
static char *fill(struct harness *h, const char *extra, const struct token_pair *pair)
{
    char *text = text_replace(text_format("%s", extra), "$C", CLIENT_KEYS);

    text = text_replace(text, "$A", pair->access);
    text = text_replace(text, "$R", pair->refresh);
    text = text_replace(text, "$D", h->directory);
    return text_replace(text, "$K", authority_keys);
}

/* A connection string of this way to sign in, without a data source. */
char *authority_string(struct harness *h, const char *scheme, const char *extra,
                       const struct token_pair *pair)
{
    char *filled = fill(h, extra, pair);
    char *options = text_format("AuthScheme=%s;OAuthTokenURL=%s/oauth/token;MaxRetries=0;%s", scheme,
                                h->service.base, filled);
    char *text = driver_string(h, options);

    free(filled);
    free(options);
    return text;
}

void authority_open(struct harness *h, struct session *s, const char *scheme, const char *extra,
                    const struct token_pair *pair)
{
    char *text = authority_string(h, scheme, extra, pair);

    *s = (struct session){.harness = h, .dbc = dbc_open(h)};
    expect_dbc("S", s->dbc, driver_connect(s->dbc, text));
    s->stmt = statement_open(s->dbc);
    free(text);
}

void authority_check(struct harness *h, const struct connect_case *c)
{
    struct token_pair pair = authority_issue(h);
    char *text = authority_string(h, c->scheme, c->extra, &pair);
    SQLHDBC dbc = dbc_open(h);

    requests_clear(&h->service);
    char letter = return_letter(driver_connect(dbc, text));
    char *records = diagnostics(SQL_HANDLE_DBC, dbc);
    if (letter != (c->state == NULL ? 'S' : 'E') ||
        (c->state != NULL && (strncmp(records, c->state, 5) != 0 || strcasestr(records, c->piece) == NULL)))
        fail_at(__FILE__, __LINE__, "%s;%s: %c %s", c->scheme, c->extra, letter, records);
    if (authority_requests(h) != (size_t)c->requests)
        fail_at(__FILE__, __LINE__, "%s;%s: %zu token requests", c->scheme, c->extra, authority_requests(h));
    if (strstr(records, pair.access) != NULL || strstr(records, pair.refresh) != NULL ||
        strstr(records, CLIENT_SECRET) != NULL)
        fail_at(__FILE__, __LINE__, "a secret shows: %s", records);
    if (c->state == NULL) {
        SQLHSTMT stmt = statement_open(dbc);
        expect_usable(stmt);
        SQLFreeHandle(SQL_HANDLE_STMT, stmt);
    }
    free(records);
    dbc_close(dbc);
    free(text);
}
