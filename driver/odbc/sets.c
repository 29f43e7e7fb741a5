#include "odbc/sets.h"

#include "base/alloc.h"
#include "odbc/parameters.h"
#include "odbc/procedure.h"
#include "odbc/result.h"

/* ---- writing down ---- */

static SQLRETURN write_set(struct ca_statement *statement, SQLULEN set)
{
    if (statement->called.listing)
        return ca_procedure_write(statement, set);
    return statement->sql.markers ? ca_parameters_write(statement, set) : SQL_SUCCESS;
}

static bool begin(struct ca_statement *statement)
{
    struct ca_sets *sets = &statement->sets;
    SQLULEN count = statement->sql.markers ? statement->apd->array_size : 1;
    size_t *ends = ca_grow(sets->ends, &sets->capacity, count, sizeof *ends);
    if (!ends)
        return false;
    sets->ends = ends;
    sets->count = count;
    sets->next = 0;
    ca_buffer_clear(&statement->parameters);
    return true;
}

/* The set was dealt with; with no markers there is none to speak of. */
static void note(struct ca_statement *statement, SQLULEN set, SQLUSMALLINT status)
{
    if (!statement->sql.markers)
        return;
    ca_parameters_set_status(statement, set, status);
    if (statement->ipd->rows_processed_ptr)
        *statement->ipd->rows_processed_ptr = set + 1;
}

static bool write_down(struct ca_statement *statement)
{
    struct ca_sets *sets = &statement->sets;
    for (SQLULEN set = 0; statement->sql.markers && set < sets->count; set++)
        ca_parameters_set_status(statement, set, SQL_PARAM_UNUSED);
    for (SQLULEN set = 0; set < sets->count; set++) {
        bool used = !statement->sql.markers || ca_parameters_set_used(statement, set);
        if (used && write_set(statement, set) == SQL_ERROR) {
            note(statement, set, SQL_PARAM_ERROR);
            return false;
        }
        sets->ends[set] = statement->parameters.length;
    }
    return true;
}

/* ---- sending ---- */

/* The JSON of a set; NULL if it is ignored. */
static const char *json_of(const struct ca_statement *statement, SQLULEN set, size_t *octets)
{
    const struct ca_sets *sets = &statement->sets;
    size_t from = set ? sets->ends[set - 1] : 0;
    *octets = sets->ends[set] - from;
    return *octets || !statement->sql.markers ? ca_buffer_text(&statement->parameters) + from : NULL;
}

static SQLRETURN send_query(struct ca_statement *statement, const char *json, size_t octets)
{
    struct ca_request request = {.path = "query",
                                 .text = statement->sql.text,
                                 .octets = statement->sql.octets,
                                 .parameters = json,
                                 .parameters_octets = octets,
                                 .repeatable = statement->sql.single_select};
    return ca_result_open(statement, ca_request_send(statement, &request));
}

static SQLRETURN send_set(struct ca_statement *statement, SQLULEN set)
{
    size_t octets;
    const char *json = json_of(statement, set, &octets);
    return statement->called.listing ? ca_procedure_send(statement, json, octets)
                                     : send_query(statement, json, octets);
}

/* Whether a set is left to be sent. */
static bool find_unsent(struct ca_statement *statement)
{
    struct ca_sets *sets = &statement->sets;
    size_t octets;
    for (; sets->next < sets->count; sets->next++) {
        if (json_of(statement, sets->next, &octets))
            return true;
        note(statement, sets->next, SQL_PARAM_UNUSED);
    }
    return false;
}

/* A set failed: is it known that it did nothing? Who sends failed sets again must not write twice. */
static SQLUSMALLINT status_of_failure(struct ca_statement *statement)
{
    if (statement->sql.single_select || ca_request_is_decided(statement))
        return SQL_PARAM_ERROR;
    if (statement->sql.markers)
        ca_post(&statement->handle, "01000",
                "The outcome of parameter set %llu is unknown; the sets after it were not sent.",
                (unsigned long long)statement->sets.current + 1);
    return SQL_PARAM_DIAG_UNAVAILABLE;
}

/* Sends the next set and opens its first result. */
static SQLRETURN send_next(struct ca_statement *statement)
{
    struct ca_sets *sets = &statement->sets;
    sets->current = sets->next++;
    SQLRETURN result = send_set(statement, sets->current);
    note(statement, sets->current, result == SQL_ERROR ? status_of_failure(statement) : SQL_PARAM_SUCCESS);
    return result;
}

/* Puts the results that stand open aside, to be read when they are asked for. */
static bool keep(struct ca_statement *statement)
{
    struct ca_sets *sets = &statement->sets;
    struct ca_kept *kept =
        ca_grow(sets->kept, &sets->kept_capacity, sets->kept_count + 1, sizeof *sets->kept);
    if (!kept)
        return false;
    sets->kept = kept;
    kept[sets->kept_count].set = sets->current;
    ca_reply_keep_whole(&statement->reply, &kept[sets->kept_count++].text);
    ca_cursor_drop(statement);
    statement->more_results = false;
    statement->state = CA_STATE_EXECUTED;
    return true;
}

static SQLRETURN open_kept(struct ca_statement *statement)
{
    struct ca_sets *sets = &statement->sets;
    struct ca_kept *kept = &sets->kept[sets->kept_next++];
    sets->current = kept->set;
    statement->called.outputs_due = statement->called.listing != NULL;
    return ca_result_open(statement, ca_reply_reopen(&statement->reply, &kept->text));
}

static bool spool(struct ca_statement *statement)
{
    struct ca_sets *sets = &statement->sets;
    size_t limit = (size_t)ca_option_number(&statement->connection->options, CA_OPTION_SPOOL_MEMORY);
    if (statement->reply.stream.kept)
        return true;
    sets->spools = ca_reply_spool(&statement->reply, limit / sets->count);
    return sets->spools;
}

/* Executes all sets. Replies are read whole, so that an error anywhere in one stops what follows. */
static SQLRETURN run_all(struct ca_statement *statement)
{
    struct ca_sets *sets = &statement->sets;
    SQLLEN affected = 0;
    if (!spool(statement))
        return ca_post_state(&statement->handle, "HY001");
    while (find_unsent(statement)) {
        if (send_next(statement) == SQL_ERROR)
            return SQL_ERROR;
        if (statement->state == CA_STATE_EXECUTED && !statement->more_results)
            ca_count_add(&affected, statement->row_count);
        else if (!keep(statement))
            return ca_post_state(&statement->handle, "HY001");
    }
    if (sets->kept_count)
        return open_kept(statement);
    statement->row_count = affected;
    return ca_result_of_count(statement);
}

SQLRETURN ca_sets_execute(struct ca_statement *statement)
{
    struct ca_sets *sets = &statement->sets;
    if (!begin(statement))
        return ca_post_state(&statement->handle, "HY001");
    if (!write_down(statement))
        return SQL_ERROR;
    statement->columns = NULL;
    statement->state = CA_STATE_EXECUTED;
    if (sets->count > 1 && !statement->sql.single_select)
        return run_all(statement);
    statement->row_count = 0;
    return find_unsent(statement) ? send_next(statement) : SQL_SUCCESS;
}

bool ca_sets_pending(struct ca_statement *statement)
{
    return statement->sets.kept_next < statement->sets.kept_count || find_unsent(statement);
}

SQLRETURN ca_sets_next(struct ca_statement *statement)
{
    const struct ca_sets *sets = &statement->sets;
    return sets->kept_next < sets->kept_count ? open_kept(statement) : send_next(statement);
}

void ca_sets_drop(struct ca_statement *statement)
{
    struct ca_sets *sets = &statement->sets;
    while (sets->kept_next < sets->kept_count)
        ca_region_free(&sets->kept[sets->kept_next++].text);
    if (sets->spools)
        ca_reply_unspool(&statement->reply);
    sets->spools = false;
    sets->count = sets->next = sets->current = 0;
    sets->kept_count = sets->kept_next = 0;
}
