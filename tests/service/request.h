/*
 * The JSON body of /query, /batch and /exec (SERVICE.md section 1), checked.
 */
#ifndef SERVICE_REQUEST_H
#define SERVICE_REQUEST_H

#include "problem.h"

#include <stdbool.h>
#include <stddef.h>

struct json_object;

enum request_kind { REQUEST_QUERY, REQUEST_BATCH, REQUEST_EXEC };

/* One `name → {dataType, value, direction}`. All pointers live as long as the request. */
struct parameter {
    const char *name;          /* with or without its @ */
    int type;                  /* service type code, 0 where the client named none */
    int direction;             /* 1, 2, 4, 5; 0 where absent */
    struct json_object *value; /* NULL = null */
};

struct parameter_set {
    struct parameter *items;
    size_t count;
};

struct request {
    struct json_object *document;
    const char *text;    /* the query, or the procedure's name */
    const char *catalog; /* defaultCatalog, NULL where absent or empty */
    const char *schema;
    bool schema_only;
    int timeout_s;              /* 0 = none asked for */
    struct parameter_set *sets; /* one for query and exec (perhaps empty), n for a batch */
    size_t set_count;
    struct parameter *storage; /* all sets' parameters */
};

/* False with the problem set (INVALID_REQUEST). request_free is due either way. */
bool request_read(struct request *r, enum request_kind kind, const char *body, size_t length,
                  struct problem *problem);

void request_free(struct request *r);

/* The parameter of that name (the @ and letter case do not count), or NULL. */
const struct parameter *parameter_find(const struct parameter_set *set, const char *name);

#endif
