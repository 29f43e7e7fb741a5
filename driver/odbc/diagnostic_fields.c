/* SQLGetDiagRec and SQLGetDiagField. They change nothing, and post nothing. */
#include <string.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "odbc/call.h"
#include "odbc/inner.h"
#include "odbc/scroll.h"

enum { LONGEST_MESSAGE = 1 << 21 };

static bool speaks_odbc2(const struct ca_handle *handle)
{
    switch (handle->kind) {
    case SQL_HANDLE_ENV:
        return ((const struct ca_environment *)handle)->odbc_version == SQL_OV_ODBC2;
    case SQL_HANDLE_DBC:
        return ((const struct ca_connection *)handle)->odbc2;
    case SQL_HANDLE_STMT:
        return ((const struct ca_statement *)handle)->connection->odbc2;
    default:
        return ((const struct ca_descriptor *)handle)->connection->odbc2;
    }
}

/* The record of that number, or a stand-in when memory ran out for the real one. */
static const struct ca_record *find(const struct ca_handle *handle, SQLSMALLINT number)
{
    static const struct ca_record no_memory = {
        .state = "HY001", .row = SQL_NO_ROW_NUMBER, .column = SQL_NO_COLUMN_NUMBER};
    const struct ca_diagnostics *diagnostics = &handle->diagnostics;
    if (number <= (SQLSMALLINT)diagnostics->count)
        return &diagnostics->records[number - 1];
    return diagnostics->no_memory && number == (SQLSMALLINT)diagnostics->count + 1 ? &no_memory : NULL;
}

/* The text with its prefix, for the caller to free; NULL without memory. */
static char *message_of(const struct ca_record *record)
{
    struct ca_buffer text = CA_BUFFER_INIT(LONGEST_MESSAGE);
    ca_buffer_add_format(&text, "[Connect AI][ODBC driver]%s",
                         record->text ? record->text : ca_sqlstate_text(record->state));
    return ca_buffer_take(&text);
}

/* Writes text without posting anything about it. */
static SQLRETURN give(struct ca_handle *handle, const struct ca_text_out *out, const char *text)
{
    struct ca_diagnostics *diagnostics = &handle->diagnostics;
    unsigned count = diagnostics->count;
    bool no_memory = diagnostics->no_memory;
    SQLRETURN result = ca_text_write(handle, out, text);
    while (diagnostics->count > count)
        ca_free(diagnostics->records[--diagnostics->count].text);
    diagnostics->no_memory = no_memory;
    return result;
}

SQLRETURN ca_odbc_get_diag_rec(struct ca_handle *handle, SQLSMALLINT number, void *state, SQLINTEGER *native,
                               const struct ca_text_out *message, bool wide)
{
    if (number < 1 || message->capacity < 0)
        return SQL_ERROR;
    const struct ca_record *record = find(handle, number);
    if (!record)
        return SQL_NO_DATA;
    struct ca_text_out state_out = {state, 6, NULL, 0, wide, false};
    if (state)
        give(handle, &state_out, ca_sqlstate_for(record->state, speaks_odbc2(handle)));
    if (native)
        *native = record->native;
    char *text = message_of(record);
    SQLRETURN result = give(handle, message, text ? text : "[Connect AI][ODBC driver]Not enough memory");
    ca_free(text);
    return result;
}

static const struct {
    SQLINTEGER code;
    const char *text;
} dynamic_functions[] = {
    {SQL_DIAG_SELECT_CURSOR, "SELECT CURSOR"},
    {SQL_DIAG_INSERT, "INSERT"},
    {SQL_DIAG_UPDATE_WHERE, "UPDATE WHERE"},
    {SQL_DIAG_DELETE_WHERE, "DELETE WHERE"},
    {SQL_DIAG_CALL, "CALL"},
    {SQL_DIAG_UNKNOWN_STATEMENT, ""},
};

static const char *dynamic_function(SQLINTEGER code)
{
    for (size_t i = 0; i < sizeof dynamic_functions / sizeof dynamic_functions[0]; i++)
        if (dynamic_functions[i].code == code)
            return dynamic_functions[i].text;
    return "";
}

/* Rows of a static cursor, read to the end for it; -1 where they are not counted. */
static SQLLEN cursor_row_count(struct ca_statement *statement)
{
    return statement->cursor.scrollable ? ca_scroll_count(statement) : -1;
}

static SQLRETURN header_field(struct ca_handle *handle, SQLSMALLINT field, SQLPOINTER value,
                              const struct ca_text_out *out)
{
    const struct ca_diagnostics *diagnostics = &handle->diagnostics;
    bool statement = handle->kind == SQL_HANDLE_STMT;
    switch (field) {
    case SQL_DIAG_NUMBER:
        *(SQLINTEGER *)value = (SQLINTEGER)diagnostics->count + diagnostics->no_memory;
        return SQL_SUCCESS;
    case SQL_DIAG_RETURNCODE:
        *(SQLRETURN *)value = diagnostics->return_code;
        return SQL_SUCCESS;
    case SQL_DIAG_ROW_COUNT:
        if (!statement)
            return SQL_ERROR;
        *(SQLLEN *)value = ((struct ca_statement *)handle)->row_count;
        return SQL_SUCCESS;
    case SQL_DIAG_CURSOR_ROW_COUNT:
        if (!statement)
            return SQL_ERROR;
        *(SQLLEN *)value = cursor_row_count((struct ca_statement *)handle);
        return SQL_SUCCESS;
    case SQL_DIAG_DYNAMIC_FUNCTION_CODE:
        if (!statement)
            return SQL_ERROR;
        *(SQLINTEGER *)value = diagnostics->dynamic_function_code;
        return SQL_SUCCESS;
    case SQL_DIAG_DYNAMIC_FUNCTION:
        return statement ? give(handle, out, dynamic_function(diagnostics->dynamic_function_code))
                         : SQL_ERROR;
    default:
        return SQL_ERROR;
    }
}

static const char *class_origin(const char *state)
{
    return strncmp(state, "IM", 2) == 0 ? "ODBC 3.0" : "ISO 9075";
}

/* Subclasses that ODBC defines rather than ISO: those with S in the third place, and a list (ODBC reference,
 * SQLGetDiagField, SQL_DIAG_SUBCLASS_ORIGIN). */
static const char *subclass_origin(const char *state)
{
    static const char *const listed[] = {"HY095", "HY097", "HY098", "HY099", "HY100", "HY101", "HY105",
                                         "HY107", "HY109", "HY110", "HY111", "HYT00", "HYT01"};
    bool own = state[2] == 'S' || strncmp(state, "IM", 2) == 0;
    for (size_t i = 0; !own && i < sizeof listed / sizeof listed[0]; i++)
        own = strcmp(state, listed[i]) == 0;
    return own ? "ODBC 3.0" : "ISO 9075";
}

static const struct ca_connection *connection_of(const struct ca_handle *handle)
{
    switch (handle->kind) {
    case SQL_HANDLE_DBC:
        return (const struct ca_connection *)handle;
    case SQL_HANDLE_STMT:
        return ((const struct ca_statement *)handle)->connection;
    case SQL_HANDLE_DESC:
        return ((const struct ca_descriptor *)handle)->connection;
    default:
        return NULL;
    }
}

static SQLRETURN record_field(struct ca_handle *handle, const struct ca_record *record, SQLSMALLINT field,
                              SQLPOINTER value, const struct ca_text_out *out)
{
    const struct ca_connection *connection = connection_of(handle);
    switch (field) {
    case SQL_DIAG_NATIVE:
        *(SQLINTEGER *)value = record->native;
        return SQL_SUCCESS;
    case SQL_DIAG_ROW_NUMBER:
        *(SQLLEN *)value = record->row;
        return SQL_SUCCESS;
    case SQL_DIAG_COLUMN_NUMBER:
        *(SQLINTEGER *)value = record->column;
        return SQL_SUCCESS;
    case SQL_DIAG_SQLSTATE:
        return give(handle, out, ca_sqlstate_for(record->state, speaks_odbc2(handle)));
    case SQL_DIAG_CLASS_ORIGIN:
        return give(handle, out, class_origin(record->state));
    case SQL_DIAG_SUBCLASS_ORIGIN:
        return give(handle, out, subclass_origin(record->state));
    case SQL_DIAG_CONNECTION_NAME:
        return give(handle, out, "");
    case SQL_DIAG_SERVER_NAME:
        return give(handle, out, connection && connection->dsn ? connection->dsn : "");
    case SQL_DIAG_MESSAGE_TEXT: {
        char *text = message_of(record);
        SQLRETURN result = give(handle, out, text ? text : "");
        ca_free(text);
        return result;
    }
    default:
        return SQL_ERROR;
    }
}

SQLRETURN ca_odbc_get_diag_field(struct ca_handle *handle, SQLSMALLINT number, SQLSMALLINT field,
                                 SQLPOINTER value, SQLSMALLINT capacity, SQLSMALLINT *length, bool wide)
{
    SQLLEN unused;
    struct ca_text_out out = {value, capacity, length, sizeof *length, wide, true};
    bool header = field == SQL_DIAG_CURSOR_ROW_COUNT ||
                  (field >= SQL_DIAG_RETURNCODE && field <= SQL_DIAG_ROW_COUNT) ||
                  field == SQL_DIAG_DYNAMIC_FUNCTION || field == SQL_DIAG_DYNAMIC_FUNCTION_CODE;
    bool text = field == SQL_DIAG_DYNAMIC_FUNCTION ||
                (field >= SQL_DIAG_SQLSTATE && field <= SQL_DIAG_SERVER_NAME && field != SQL_DIAG_NATIVE);
    if (!value && !text)
        value = &unused;
    if (header)
        return header_field(handle, field, value, &out);
    if (number < 1)
        return SQL_ERROR;
    const struct ca_record *record = find(handle, number);
    return record ? record_field(handle, record, field, value, &out) : SQL_NO_DATA;
}
