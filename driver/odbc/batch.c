#include "odbc/batch.h"

#include "odbc/result.h"
#include "odbc/parameters.h"

/* The progress of one execution. */
struct progress {
    SQLULEN next;    /* first set that was not put into a request yet */
    SQLULEN first;   /* sets of the request under way: first … next - 1, ignored ones among them */
    SQLULEN sent;    /* sets used in the request under way */
    SQLLEN affected; /* -1 = unknown */
};

/* Sets status of `count` used sets beginning with the `skip`th used one of the request. */
static void mark(struct ca_statement *statement, const struct progress *progress, SQLULEN skip, SQLULEN count,
                 SQLUSMALLINT status)
{
    SQLULEN used = 0;
    for (SQLULEN set = progress->first; set < progress->next; set++) {
        if (!ca_parameters_set_used(statement, set))
            continue;
        if (used >= skip && used < skip + count)
            ca_parameters_set_status(statement, set, status);
        used++;
    }
}

/* Writes sets into the request until its limits are reached. */
static SQLRETURN fill(struct ca_statement *statement, struct progress *progress)
{
    const struct ca_options *options = &statement->connection->options;
    SQLULEN most_rows = (SQLULEN)ca_option_number(options, CA_OPTION_BATCH_ROWS);
    size_t most_octets = (size_t)ca_option_number(options, CA_OPTION_BATCH_BYTES);
    struct ca_buffer *json = &statement->parameters;
    ca_buffer_clear(json);
    ca_buffer_add_char(json, '[');
    progress->first = progress->next;
    progress->sent = 0;
    while (progress->next < statement->apd->array_size && progress->sent < most_rows &&
           json->length < most_octets) {
        SQLULEN set = progress->next;
        if (!ca_parameters_set_used(statement, set)) {
            ca_parameters_set_status(statement, set, SQL_PARAM_UNUSED);
            progress->next++;
            continue;
        }
        if (progress->sent)
            ca_buffer_add_char(json, ',');
        if (ca_parameters_write(statement, set) == SQL_ERROR) {
            /* The request is not sent: the sets already in it stay unused. */
            mark(statement, progress, 0, progress->sent, SQL_PARAM_UNUSED);
            ca_parameters_set_status(statement, set, SQL_PARAM_ERROR);
            progress->next++;
            return SQL_ERROR;
        }
        progress->next++;
        progress->sent++;
    }
    ca_buffer_add_char(json, ']');
    return json->failure ? ca_post_state(&statement->handle, "HY001") : SQL_SUCCESS;
}

/* Reads the results of one request: one for each set, or one with the total. */
static SQLRETURN read_results(struct ca_statement *statement, struct progress *progress, enum ca_next next)
{
    SQLULEN results = 0;
    SQLLEN affected = 0;
    while (next == CA_NEXT_READ) {
        results++;
        ca_count_add(&affected, statement->reply.affected);
        ca_count_add(&progress->affected, statement->reply.affected);
        next = ca_reply_next_result(&statement->reply);
    }
    if (next == CA_NEXT_END) {
        /* No error in the document: every set succeeded, whichever form the counts had. */
        mark(statement, progress, 0, progress->sent, SQL_PARAM_SUCCESS);
        return SQL_SUCCESS;
    }
    ca_post_copy(&statement->handle, &statement->reply.error);
    if (progress->sent == 1 && ca_request_is_decided(statement)) {
        mark(statement, progress, 0, 1, SQL_PARAM_ERROR);
        return SQL_ERROR;
    }
    SQLULEN known = progress->sent > 1 && results <= progress->sent ? results : 0;
    if (results == 1 && affected <= 0)
        known = 0; /* rather a total of nothing than the first set's count */
    mark(statement, progress, 0, known, SQL_PARAM_SUCCESS);
    mark(statement, progress, known, progress->sent - known, SQL_PARAM_DIAG_UNAVAILABLE);
    ca_post(&statement->handle, "01000",
            "The outcome of parameter sets %llu to %llu is unknown; the sets after them were not sent.",
            (unsigned long long)(progress->first + known + 1), (unsigned long long)progress->next);
    return SQL_ERROR;
}

static SQLRETURN send_request(struct ca_statement *statement, struct progress *progress)
{
    struct ca_request request = {.path = "batch",
                                 .text = statement->sql.text,
                                 .octets = statement->sql.octets,
                                 .parameters = statement->parameters.data,
                                 .parameters_octets = statement->parameters.length};
    SQLRETURN result = read_results(statement, progress, ca_request_send(statement, &request));
    ca_reply_close(&statement->reply);
    return result;
}

static SQLRETURN conclude(struct ca_statement *statement, const struct progress *progress, SQLRETURN result)
{
    for (SQLULEN set = progress->next; set < statement->apd->array_size; set++)
        ca_parameters_set_status(statement, set, SQL_PARAM_UNUSED);
    statement->row_count = progress->affected;
    statement->columns = NULL;
    statement->state = CA_STATE_EXECUTED;
    /* An error is an error even where sets before it succeeded: most applications take SQL_SUCCESS_WITH_INFO
     * for success and would lose the rest. The status array says what became of each set. */
    return result == SQL_SUCCESS ? ca_result_of_count(statement) : result;
}

SQLRETURN ca_batch_execute(struct ca_statement *statement)
{
    struct progress progress = {0};
    SQLRETURN result = SQL_SUCCESS;
    SQLULEN *processed = statement->ipd->rows_processed_ptr;
    while (result == SQL_SUCCESS && progress.next < statement->apd->array_size) {
        result = fill(statement, &progress);
        if (result == SQL_ERROR && progress.first)
            ca_post(&statement->handle, "01000", "Parameter sets 1 to %llu were executed before.",
                    (unsigned long long)progress.first);
        if (result == SQL_SUCCESS && progress.sent)
            result = send_request(statement, &progress);
        if (processed)
            *processed = progress.next;
    }
    return conclude(statement, &progress, result);
}
