/* Sets of parameters executed one after another: queries, calls, and every statement that /batch does not
 * take (ODBC reference, "Using Arrays of Parameters"). A query is sent for one set at a time, as
 * SQLMoreResults asks. What may write is executed for all sets at once, whether anybody asks for results or
 * not, and the results are kept for SQLMoreResults. Nothing runs after a failure. */
#ifndef CA_ODBC_SETS_H
#define CA_ODBC_SETS_H

#include <sql.h>
#include <sqlext.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/region.h"

struct ca_statement;

/* The reply to one set. */
struct ca_kept {
    SQLULEN set;
    struct ca_region text;
};

/* An execution under way. The values of all sets were written down when it began: the application's memory
 * may change while results are read. */
struct ca_sets {
    size_t *ends; /* where each set ends in the statement's buffer of parameters */
    size_t capacity;
    SQLULEN count;   /* 0 = nothing was executed */
    SQLULEN next;    /* the set to be sent next */
    SQLULEN current; /* whose results are being read, from 0 */
    struct ca_kept *kept;
    size_t kept_capacity;
    size_t kept_count;
    size_t kept_next; /* the one to be read next */
    bool spools;      /* the reply spools for the sake of this execution */
};

/* Writes down every set, then sends the first, or all. A value that cannot be sent is posted, and
 * nothing is sent. */
SQLRETURN ca_sets_execute(struct ca_statement *statement);
/* Whether results of another set can be had. Sets that the application ignores are passed over. */
bool ca_sets_pending(struct ca_statement *statement);
/* Opens the results of the next set. */
SQLRETURN ca_sets_next(struct ca_statement *statement);
/* Forgets the sets that were not sent, and the results that were not read. The reply is closed. */
void ca_sets_drop(struct ca_statement *statement);

#endif
