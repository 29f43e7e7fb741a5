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

SQLRETURN ca_sets_execute(struct ca_statement *statement)
{
    struct ca_sets *sets = &statement->sets;
    if (!begin(statement))
        return ca_post_state(&statement->handle, "HY001");
    for (SQLULEN set = 0; statement->sql.markers && set < sets->count; set++)
        ca_parameters_set_status(statement, set, SQL_PARAM_UNUSED);
    for (SQLULEN set = 0; set < sets->count; set++) {
        bool used = !statement->sql.markers || ca_parameters_set_used(statement, set);
        if (used && write_set(statement, set) == SQL_ERROR) {
            note(statement, set, SQL_PARAM_ERROR);
            return SQL_ERROR;
        }
        sets->ends[set] = statement->parameters.length;
    }
    return ca_sets_next(statement);
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

bool ca_sets_pending(struct ca_statement *statement)
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

SQLRETURN ca_sets_next(struct ca_statement *statement)
{
    struct ca_sets *sets = &statement->sets;
    SQLLEN affected = 0;
    statement->columns = NULL;
    statement->state = CA_STATE_EXECUTED;
    while (ca_sets_pending(statement)) {
        SQLULEN set = sets->next++;
        SQLRETURN result = send_set(statement, set);
        note(statement, set, result == SQL_ERROR ? SQL_PARAM_ERROR : SQL_PARAM_SUCCESS);
        if (result == SQL_ERROR || statement->state != CA_STATE_EXECUTED || statement->more_results)
            return result;
        ca_count_add(&affected, statement->row_count);
    }
    statement->row_count = affected;
    return ca_result_of_count(statement);
}

SQLULEN ca_sets_current(const struct ca_statement *statement)
{
    return statement->sets.next ? statement->sets.next - 1 : 0;
}

void ca_sets_drop(struct ca_sets *sets)
{
    sets->count = sets->next = 0;
}
