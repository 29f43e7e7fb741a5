/* Sets of parameters executed one after another: queries, calls, and every statement that /batch does not
 * take (ODBC reference, "Using Arrays of Parameters"). Sets without a result set run on at once; at a result
 * set the execution pauses, and SQLMoreResults goes on with the next set. Nothing runs after a failure. */
#ifndef CA_ODBC_SETS_H
#define CA_ODBC_SETS_H

#include <sql.h>
#include <sqlext.h>
#include <stdbool.h>
#include <stddef.h>

struct ca_statement;

/* An execution under way. The values of all sets were written down when it began: the application's memory
 * may change while results are read. */
struct ca_sets {
    size_t *ends; /* where each set ends in the statement's buffer of parameters */
    size_t capacity;
    SQLULEN count; /* 0 = nothing was executed */
    SQLULEN next;  /* the set to be sent next */
};

/* Writes down every set, then sends the first (ca_sets_next). A value that cannot be sent is posted, and
 * nothing is sent. */
SQLRETURN ca_sets_execute(struct ca_statement *statement);
/* Whether a set is still to be sent. Sets that the application ignores are passed over. */
bool ca_sets_pending(struct ca_statement *statement);
/* Sends sets until one has a result set, or no more is left: then the row count is that of all of them. */
SQLRETURN ca_sets_next(struct ca_statement *statement);
/* The set whose results are being read, from 0. */
SQLULEN ca_sets_current(const struct ca_statement *statement);
/* Forgets the sets that were not sent. */
void ca_sets_drop(struct ca_sets *sets);

#endif
