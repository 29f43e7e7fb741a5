/*
 * The work for one request, as a producer of reply text: statements run while their rows are being sent.
 */
#ifndef SERVICE_EXECUTION_H
#define SERVICE_EXECUTION_H

#include "document.h"
#include "request.h"
#include "session.h"

struct service;
struct call;
struct endpoint;
struct json_object;
struct execution;

enum fill { FILL_MORE, FILL_END, FILL_CUT };

/* What comes next in a reply. */
enum advance {
    ADVANCE_ROWS,    /* a result set is open: execution.stmt stands on a row, or at its end (has_row) */
    ADVANCE_COUNT,   /* a row count: execution.affected */
    ADVANCE_NOTHING, /* work without a result; go on */
    ADVANCE_END,
    ADVANCE_FAILED, /* execution.problem is set */
};

/* What a request asks of the execution, besides its body. All texts are borrowed. */
struct execution_order {
    enum request_kind kind;
    const char *workspace;
    struct layout layout;
    int socket;               /* the client's, -1: none */
    int64_t cut_after_rows;   /* faults; -1: no */
    int64_t error_after_rows; /* -1: no */
    const char *error_code;
    const char *error_message;
};

struct execution {
    struct service *service;
    struct execution_order order;
    struct request request;
    struct session session;
    struct document document;
    struct problem problem;
    enum advance (*advance)(struct execution *e);

    struct dialect *dialect;
    struct dialect_statement statement;
    sqlite3_stmt *stmt;
    struct columns columns;
    bool in_rows;
    bool has_row;
    bool ended;
    bool counted; /* among the service's running statements */
    int64_t affected;
    uint64_t rows; /* of all results */

    size_t next_set;                 /* batch */
    int64_t batch_affected;          /* batch, total */
    struct call *call;               /* a procedure at work, or NULL */
    struct buffer outputs;           /* JSON text of output parameters */
    const struct endpoint *endpoint; /* metadata */
    struct json_object *endpoint_arguments;
};

/*
 * Reads a request body and gets ready to run it. Errors are kept and come out as the reply. NULL without
 * memory. The texts of the order and the body must outlive the execution.
 */
struct execution *execution_new(struct service *service, const struct execution_order *order,
                                const char *body, size_t length);

/* The same for work that does not come from a body: `advance` says what it is. */
struct execution *execution_plain(struct service *service, const struct execution_order *order,
                                  enum advance (*advance)(struct execution *e));

/* Whether the request itself was refused (status 400) before any SQL was looked at. */
bool execution_refused(const struct execution *e);

/*
 * Appends the next piece of the reply to `out`: some ten thousand octets, or fewer where little is left.
 * FILL_CUT: a test wants the connection cut behind what is in `out`.
 */
enum fill execution_fill(struct execution *e, struct buffer *out);

void execution_free(struct execution *e);

/*
 * For those that advance: runs e->stmt to its first row or its end, and says which it is. `reads`: it gives a
 * result set even if it has no rows.
 */
enum advance execution_start(struct execution *e, bool reads);

#endif
