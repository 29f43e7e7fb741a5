/*
 * The HTTP server: paths, authentication, faults that strike before a reply.
 */
#ifndef SERVICE_HTTP_H
#define SERVICE_HTTP_H

#include "service.h"

struct http;

/* Starts to listen. NULL with the problem set. */
struct http *http_start(struct service *service, struct problem *problem);

unsigned http_port(const struct http *http);

/* Ends every connection and waits for the work to end; service->stopping must be set. */
void http_stop(struct http *http);

#endif
