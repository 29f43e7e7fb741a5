/*
 * The metadata endpoints (SERVICE.md sections 1 and 3).
 */
#ifndef SERVICE_ENDPOINT_H
#define SERVICE_ENDPOINT_H

#include "execution.h"

struct json_object;
struct endpoint;

/* The endpoint of that name ("tables", letter case does not count), or NULL. */
const struct endpoint *endpoint_find(const char *name);

const char *endpoint_name(const struct endpoint *endpoint);

/*
 * Work that answers the endpoint. `arguments` is an object with the query string's members; taken over.
 * NULL without memory.
 */
struct execution *endpoint_execution(struct service *service, const struct execution_order *order,
                                     const struct endpoint *endpoint, struct json_object *arguments);

#endif
