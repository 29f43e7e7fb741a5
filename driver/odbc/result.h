/* Requests of a statement and the results that come back. */
#ifndef CA_ODBC_RESULT_H
#define CA_ODBC_RESULT_H

#include "odbc/statement.h"

/* What differs between the requests of statements. */
struct ca_request {
    const char *path; /* "query", "batch" or "exec" */
    const char *text; /* statement, or name of the procedure */
    size_t octets;
    const char *parameters; /* JSON */
    size_t parameters_octets;
    bool schema_only;
    bool repeatable; /* it changes nothing and may be sent again */
};

/* Sends a request with the connection's defaults and the statement's timeout, and reads to the head of the
 * first result. CA_NEXT_FAILED: statement->reply.error. */
enum ca_next ca_request_send(struct ca_statement *statement, const struct ca_request *request);
/* Whether it is known what became of the request that failed: the service itself says that the statement
 * failed, or nothing was sent. A gateway's error, a timeout or a broken connection leaves that open. */
bool ca_request_is_decided(const struct ca_statement *statement);
/* Takes up what a request ended with: opens the result in which the reply stands, or posts the error. */
SQLRETURN ca_result_open(struct ca_statement *statement, enum ca_next next);

/* Adds a number of rows to a total: -1, unknown, as soon as one is. */
void ca_count_add(SQLLEN *total, SQLLEN rows);
/* What an execution without a result set returns: SQL_NO_DATA where an UPDATE or DELETE hit no row (ODBC 3),
 * else SQL_SUCCESS. */
SQLRETURN ca_result_of_count(const struct ca_statement *statement);

#endif
