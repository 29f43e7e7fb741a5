#include "odbc/diagnostics.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "odbc/handle.h"

enum { MOST_RECORDS = 64, LONGEST_TEXT = 1 << 20 };

#define SQLSTATE(state, odbc2, text) {state, odbc2, text},
static const struct {
    const char *state;
    const char *odbc2;
    const char *text;
} states[] = {
#include "odbc/sqlstates.def"
};
#undef SQLSTATE

const char *ca_sqlstate_for(const char *state, bool odbc2)
{
    for (size_t i = 0; odbc2 && i < sizeof states / sizeof states[0]; i++)
        if (strcmp(states[i].state, state) == 0)
            return states[i].odbc2;
    return state;
}

const char *ca_sqlstate_text(const char *state)
{
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        if (strcmp(states[i].state, state) == 0)
            return states[i].text;
    return "General error";
}

void ca_diagnostics_init(struct ca_diagnostics *diagnostics)
{
    memset(diagnostics, 0, sizeof *diagnostics);
    diagnostics->row_count = -1;
}

void ca_diagnostics_clear(struct ca_diagnostics *diagnostics)
{
    for (unsigned i = 0; i < diagnostics->count; i++)
        ca_free(diagnostics->records[i].text);
    diagnostics->count = 0;
    diagnostics->suppressed = 0;
    diagnostics->no_memory = false;
}

void ca_diagnostics_free(struct ca_diagnostics *diagnostics)
{
    ca_diagnostics_clear(diagnostics);
    ca_free(diagnostics->records);
    diagnostics->records = NULL;
    diagnostics->capacity = 0;
}

static bool is_warning(const char *state)
{
    return state[0] == '0' && state[1] == '1';
}

static struct ca_record *new_record(struct ca_diagnostics *diagnostics)
{
    struct ca_record *records =
        ca_grow(diagnostics->records, &diagnostics->capacity, diagnostics->count + 1U, sizeof *records);
    if (!records) {
        diagnostics->no_memory = true;
        return NULL;
    }
    diagnostics->records = records;
    return &diagnostics->records[diagnostics->count++];
}

/* Takes over `text`. */
static SQLRETURN add(struct ca_handle *handle, const char *state, int32_t native, char *text, SQLLEN row,
                     SQLINTEGER column)
{
    struct ca_diagnostics *diagnostics = &handle->diagnostics;
    SQLRETURN result = is_warning(state) ? SQL_SUCCESS_WITH_INFO : SQL_ERROR;
    if (diagnostics->count >= MOST_RECORDS && row != SQL_NO_ROW_NUMBER) {
        diagnostics->suppressed++;
        ca_free(text);
        return result;
    }
    struct ca_record *record = new_record(diagnostics);
    if (!record) {
        ca_free(text);
        return result;
    }
    *record = (struct ca_record){.native = native, .text = text, .row = row, .column = column};
    snprintf(record->state, sizeof record->state, "%s", state);
    return result;
}

SQLRETURN ca_post(struct ca_handle *handle, const char *state, const char *format, ...)
{
    struct ca_buffer text = CA_BUFFER_INIT(LONGEST_TEXT);
    va_list arguments;
    va_start(arguments, format);
    ca_buffer_add_format_args(&text, format, arguments);
    va_end(arguments);
    return add(handle, state, 0, ca_buffer_take(&text), SQL_NO_ROW_NUMBER, SQL_NO_COLUMN_NUMBER);
}

SQLRETURN ca_post_state(struct ca_handle *handle, const char *state)
{
    return add(handle, state, 0, NULL, SQL_NO_ROW_NUMBER, SQL_NO_COLUMN_NUMBER);
}

SQLRETURN ca_post_cell(struct ca_handle *handle, const char *state, const char *text, SQLLEN row,
                       SQLINTEGER column)
{
    return add(handle, state, 0, text && *text ? ca_strdup(text) : NULL, row, column);
}

SQLRETURN ca_post_error(struct ca_handle *handle, struct ca_error *error)
{
    SQLRETURN result = add(handle, ca_error_is_set(error) ? error->state : "HY000", error->native,
                           error->text, SQL_NO_ROW_NUMBER, SQL_NO_COLUMN_NUMBER);
    *error = (struct ca_error)CA_ERROR_INIT;
    return result;
}

SQLRETURN ca_post_copy(struct ca_handle *handle, const struct ca_error *error)
{
    return add(handle, error->state, error->native, error->text ? ca_strdup(error->text) : NULL,
               SQL_NO_ROW_NUMBER, SQL_NO_COLUMN_NUMBER);
}

/* Lost connections and failures first, then other errors, then warnings; within that by row. */
static int rank(const struct ca_record *record)
{
    if (is_warning(record->state))
        return 2;
    return strncmp(record->state, "08", 2) == 0 || strncmp(record->state, "HY", 2) == 0 ? 0 : 1;
}

static bool comes_before(const struct ca_record *a, const struct ca_record *b)
{
    /* Records without a row come before those of a row (their numbers are negative). */
    if (a->row != b->row)
        return a->row < b->row;
    return rank(a) < rank(b);
}

void ca_diagnostics_finish(struct ca_diagnostics *diagnostics, SQLRETURN return_code)
{
    diagnostics->return_code = return_code;
    if (diagnostics->suppressed) {
        struct ca_record *last = new_record(diagnostics);
        struct ca_buffer text = CA_BUFFER_INIT(256);
        ca_buffer_add_format(&text, "%u more diagnostics of this rowset are not listed.",
                             diagnostics->suppressed);
        diagnostics->suppressed = 0;
        if (last)
            *last = (struct ca_record){.state = "01000",
                                       .text = ca_buffer_take(&text),
                                       .row = INTPTR_MAX,
                                       .column = SQL_NO_COLUMN_NUMBER};
        ca_buffer_free(&text);
    }
    /* Insertion sort: few records, mostly in order, and stable. */
    for (unsigned i = 1; i < diagnostics->count; i++) {
        struct ca_record moved = diagnostics->records[i];
        unsigned at = i;
        for (; at > 0 && comes_before(&moved, &diagnostics->records[at - 1]); at--)
            diagnostics->records[at] = diagnostics->records[at - 1];
        diagnostics->records[at] = moved;
    }
    for (unsigned i = 0; i < diagnostics->count; i++)
        if (diagnostics->records[i].row == INTPTR_MAX)
            diagnostics->records[i].row = SQL_NO_ROW_NUMBER;
}
