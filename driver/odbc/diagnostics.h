/* Diagnostic records of a handle: several, ranked, capped. Rules: ODBC reference, "Diagnostics",
 * "Sequence of status records"; SQLGetDiagRec; SQLGetDiagField. */
#ifndef CA_ODBC_DIAGNOSTICS_H
#define CA_ODBC_DIAGNOSTICS_H

#include <sql.h>
#include <sqlext.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct ca_handle;

struct ca_record {
    char state[6];
    int32_t native;
    char *text;        /* owned; NULL = the standard text of the state */
    SQLLEN row;        /* SQL_NO_ROW_NUMBER, SQL_ROW_NUMBER_UNKNOWN or 1… */
    SQLINTEGER column; /* likewise */
};

struct ca_diagnostics {
    struct ca_record *records;
    unsigned count;
    size_t capacity;
    unsigned suppressed; /* warnings beyond the cap, counted in one last record */
    bool no_memory;      /* a record could not be kept */
    /* header fields */
    SQLRETURN return_code;
    SQLLEN row_count;
    SQLLEN cursor_row_count;
    SQLINTEGER dynamic_function_code;
};

void ca_diagnostics_init(struct ca_diagnostics *diagnostics);
void ca_diagnostics_free(struct ca_diagnostics *diagnostics);
/* At the start of a call. */
static inline bool ca_diagnostics_any(const struct ca_diagnostics *diagnostics)
{
    return diagnostics->count || diagnostics->no_memory;
}
void ca_diagnostics_clear(struct ca_diagnostics *diagnostics);

/* Post a record. They return SQL_SUCCESS_WITH_INFO for states of class 01, else SQL_ERROR, so that a call can
 * end with `return ca_post(…)`. */
SQLRETURN ca_post(struct ca_handle *handle, const char *state, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* With the standard text of the state. */
SQLRETURN ca_post_state(struct ca_handle *handle, const char *state);
/* Of one row (1-based in the rowset) and column. */
SQLRETURN ca_post_cell(struct ca_handle *handle, const char *state, const char *text, SQLLEN row,
                       SQLINTEGER column);
/* Moves an error of the rooms below into a record. */
SQLRETURN ca_post_error(struct ca_handle *handle, struct ca_error *error);
/* Copies it: for an error that every later call reports again. */
SQLRETURN ca_post_copy(struct ca_handle *handle, const struct ca_error *error);

/* At the end of a call: ranks the records, adds the one that counts the suppressed. */
void ca_diagnostics_finish(struct ca_diagnostics *diagnostics, SQLRETURN return_code);

/* The state as an application of that ODBC version expects it. */
const char *ca_sqlstate_for(const char *state, bool odbc2);
const char *ca_sqlstate_text(const char *state);

#endif
