/*
 * One HTTP request and the reply to it.
 */
#ifndef SERVICE_EXCHANGE_H
#define SERVICE_EXCHANGE_H

#include "journal.h"
#include "reply.h"
#include "service.h"

#include <microhttpd.h>

struct exchange {
    struct service *service;
    struct MHD_Connection *connection;
    int socket;
    bool local; /* the client is on this machine */
    char *method;
    char *path;
    struct json_object *query; /* members of the query string */
    struct buffer body;
    struct record *record; /* NULL for control requests */
    struct fault *fault;   /* NULL: none */
    struct reply reply;
};

/* NULL without memory. */
struct exchange *exchange_new(struct service *service, struct MHD_Connection *connection, const char *method,
                              const char *path);
void exchange_free(struct exchange *x);

/* A header of the request, or NULL. */
const char *exchange_header(const struct exchange *x, const char *name);

/* A member of the query string (letter case does not count), or NULL. */
const char *exchange_query(const struct exchange *x, const char *name);

/* Begins the journal's record. False without memory. */
bool exchange_record(struct exchange *x);

/* More headers of a reply; `names` and values alternate, NULL ends. */
typedef const char *const header_list[];

/* Sends a body that is whole: taken from `body`, which is emptied. */
enum MHD_Result exchange_send(struct exchange *x, unsigned status, const char *content_type,
                              struct buffer *body, const char *const *headers);

/* Sends what an execution produces; takes it over. */
enum MHD_Result exchange_stream(struct exchange *x, unsigned status, struct execution *execution);

/* Sends a file's octets; takes the descriptor over. */
enum MHD_Result exchange_send_file(struct exchange *x, int descriptor, uint64_t octets, bool gzip);

/* Sends an error document. */
enum MHD_Result exchange_problem(struct exchange *x, unsigned status, enum problem_code code,
                                 const char *text, const char *const *headers);

/* Whether the client takes gzip, and the service gives it. */
bool exchange_gzip(const struct exchange *x);

#endif
