/* SQLSetStmtAttr and SQLGetStmtAttr: one table; attributes that are descriptor fields live in the
 * descriptors. The same table judges what a connection keeps as the default of new statements. */
#include <stddef.h>

#include "odbc/attribute.h"
#include "odbc/inner.h"

enum place { IN_STATEMENT, IN_ARD, IN_APD, IN_IRD, IN_IPD };

enum policy {
    ANY,         /* every value */
    RANGE,       /* lowest..highest, else HY024 */
    ONLY_LOWEST, /* others up to highest become lowest with 01S02, else HY024 */
    TIMEOUT,     /* up to highest, which more becomes with 01S02 */
    CURSOR,      /* forward-only or static, which the others become with 01S02, else HY024 */
    REFUSED,     /* others than lowest: HYC00 */
    READ_ONLY    /* HY092 when set */
};

struct row {
    SQLINTEGER attribute;
    enum place place;
    size_t offset;
    enum ca_width width;
    enum policy policy;
    SQLULEN lowest;
    SQLULEN highest;
    bool before_prepare; /* 24000 with a cursor open, HY011 once prepared */
};

#define S(member)        IN_STATEMENT, offsetof(struct ca_statement, member)
#define D(place, member) place, offsetof(struct ca_descriptor, member)

static const struct row rows[] = {
    {SQL_ATTR_ASYNC_ENABLE, IN_STATEMENT, 0, CA_WIDTH_64, REFUSED, SQL_ASYNC_ENABLE_OFF, 0, false},
    {SQL_ATTR_CONCURRENCY, S(concurrency), CA_WIDTH_64, ONLY_LOWEST, SQL_CONCUR_READ_ONLY, SQL_CONCUR_VALUES,
     true},
    {SQL_ATTR_CURSOR_TYPE, S(cursor_type), CA_WIDTH_64, CURSOR, SQL_CURSOR_FORWARD_ONLY, SQL_CURSOR_STATIC,
     true},
    {SQL_ATTR_ENABLE_AUTO_IPD, S(enable_auto_ipd), CA_WIDTH_64, REFUSED, SQL_FALSE, SQL_TRUE, false},
    {SQL_ATTR_FETCH_BOOKMARK_PTR, S(bookmark_ptr), CA_WIDTH_POINTER, ANY, 0, 0, false},
    {SQL_ATTR_KEYSET_SIZE, S(keyset_size), CA_WIDTH_64, ONLY_LOWEST, 0, SIZE_MAX, false},
    {SQL_ATTR_MAX_LENGTH, S(max_length), CA_WIDTH_64, ONLY_LOWEST, 0, SIZE_MAX, false},
    {SQL_ATTR_MAX_ROWS, S(max_rows), CA_WIDTH_64, ANY, 0, 0, false},
    {SQL_ATTR_METADATA_ID, S(metadata_id), CA_WIDTH_64, RANGE, SQL_FALSE, SQL_TRUE, false},
    {SQL_ATTR_NOSCAN, S(noscan), CA_WIDTH_64, RANGE, SQL_NOSCAN_OFF, SQL_NOSCAN_ON, false},
    {SQL_ATTR_QUERY_TIMEOUT, S(query_timeout), CA_WIDTH_64, TIMEOUT, 0, 300, false},
    {SQL_ATTR_RETRIEVE_DATA, S(retrieve_data), CA_WIDTH_64, RANGE, SQL_RD_OFF, SQL_RD_ON, false},
    {SQL_ATTR_ROW_NUMBER, IN_STATEMENT, 0, CA_WIDTH_64, READ_ONLY, 0, 0, false},
    {SQL_ATTR_SIMULATE_CURSOR, IN_STATEMENT, 0, CA_WIDTH_64, ONLY_LOWEST, SQL_SC_NON_UNIQUE, SQL_SC_UNIQUE,
     true},
    {SQL_ATTR_USE_BOOKMARKS, S(use_bookmarks), CA_WIDTH_64, RANGE, SQL_UB_OFF, SQL_UB_VARIABLE, true},
    {SQL_ROWSET_SIZE, S(extended_rowset), CA_WIDTH_64, RANGE, 1, UINT32_MAX, false},
    {SQL_ATTR_ROW_ARRAY_SIZE, D(IN_ARD, array_size), CA_WIDTH_64, RANGE, 1, UINT32_MAX, false},
    {SQL_ATTR_ROW_BIND_OFFSET_PTR, D(IN_ARD, bind_offset_ptr), CA_WIDTH_POINTER, ANY, 0, 0, false},
    {SQL_ATTR_ROW_BIND_TYPE, D(IN_ARD, bind_type), CA_WIDTH_32, ANY, 0, 0, false},
    {SQL_ATTR_ROW_OPERATION_PTR, D(IN_ARD, array_status_ptr), CA_WIDTH_POINTER, ANY, 0, 0, false},
    {SQL_ATTR_ROW_STATUS_PTR, D(IN_IRD, array_status_ptr), CA_WIDTH_POINTER, ANY, 0, 0, false},
    {SQL_ATTR_ROWS_FETCHED_PTR, D(IN_IRD, rows_processed_ptr), CA_WIDTH_POINTER, ANY, 0, 0, false},
    {SQL_ATTR_PARAMSET_SIZE, D(IN_APD, array_size), CA_WIDTH_64, RANGE, 1, UINT32_MAX, false},
    {SQL_ATTR_PARAM_BIND_OFFSET_PTR, D(IN_APD, bind_offset_ptr), CA_WIDTH_POINTER, ANY, 0, 0, false},
    {SQL_ATTR_PARAM_BIND_TYPE, D(IN_APD, bind_type), CA_WIDTH_32, ANY, 0, 0, false},
    {SQL_ATTR_PARAM_OPERATION_PTR, D(IN_APD, array_status_ptr), CA_WIDTH_POINTER, ANY, 0, 0, false},
    {SQL_ATTR_PARAM_STATUS_PTR, D(IN_IPD, array_status_ptr), CA_WIDTH_POINTER, ANY, 0, 0, false},
    {SQL_ATTR_PARAMS_PROCESSED_PTR, D(IN_IPD, rows_processed_ptr), CA_WIDTH_POINTER, ANY, 0, 0, false},
};

static const struct row *find(SQLINTEGER attribute)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].attribute == attribute)
            return &rows[i];
    return NULL;
}

/* Whether the value is kept; the others are always the lowest, or derived. */
static bool is_stored(const struct row *row)
{
    return row->place != IN_STATEMENT || row->offset;
}

static void *place_of(struct ca_statement *statement, const struct row *row)
{
    char *base = NULL;
    switch (row->place) {
    case IN_STATEMENT:
        base = (char *)statement;
        break;
    case IN_ARD:
        base = (char *)statement->ard;
        break;
    case IN_APD:
        base = (char *)statement->apd;
        break;
    case IN_IRD:
        base = (char *)statement->ird;
        break;
    case IN_IPD:
        base = (char *)statement->ipd;
        break;
    }
    return base + row->offset;
}

/* Judges a value and posts on `handle` what is wrong with it; `number` becomes what is to be kept. */
static SQLRETURN judge(struct ca_handle *handle, const struct row *row, SQLULEN *number)
{
    SQLULEN asked = *number;
    bool in_range = asked >= row->lowest && asked <= row->highest;
    switch (row->policy) {
    case READ_ONLY:
        return ca_post_state(handle, "HY092");
    case REFUSED:
        return asked == row->lowest ? SQL_SUCCESS : ca_post_state(handle, "HYC00");
    case RANGE:
        return in_range ? SQL_SUCCESS : ca_post_state(handle, "HY024");
    case ONLY_LOWEST:
        if (!in_range)
            return ca_post_state(handle, "HY024");
        *number = row->lowest;
        return asked == row->lowest ? SQL_SUCCESS : ca_post_state(handle, "01S02");
    case TIMEOUT: /* 0 is no deadline of the driver's */
        if (in_range)
            return SQL_SUCCESS;
        *number = row->highest;
        return ca_post(handle, "01S02", "The service limits a query to %lu seconds.",
                       (unsigned long)row->highest);
    case CURSOR:
        if (!in_range)
            return ca_post_state(handle, "HY024");
        if (asked == SQL_CURSOR_FORWARD_ONLY || asked == SQL_CURSOR_STATIC)
            return SQL_SUCCESS;
        *number = SQL_CURSOR_STATIC;
        return ca_post(handle, "01S02", "The cursor is static: it shows what the service sent.");
    case ANY:
        break;
    }
    return SQL_SUCCESS;
}

static bool cursor_is_open(const struct ca_statement *statement)
{
    return statement->state >= CA_STATE_OPEN && statement->state <= CA_STATE_EXTENDED;
}

/* Whether an attribute of the cursor may be set now; if not, posted. */
static bool cursor_may_change(struct ca_statement *statement)
{
    if (cursor_is_open(statement))
        ca_post_state(&statement->handle, "24000");
    else if (statement->prepared)
        ca_post(&statement->handle, "HY011",
                "The statement is prepared: set the attribute before SQLPrepare.");
    else
        return true;
    return false;
}

static SQLRETURN set_row(struct ca_statement *statement, const struct row *row, SQLULEN number)
{
    if (row->before_prepare && !cursor_may_change(statement))
        return SQL_ERROR;
    SQLRETURN result = judge(&statement->handle, row, &number);
    if (SQL_SUCCEEDED(result) && is_stored(row))
        ca_field_write(place_of(statement, row), row->width, (int64_t)number);
    return result;
}

/* SQL_ATTR_CURSOR_SCROLLABLE and SQL_ATTR_CURSOR_SENSITIVITY come down to a type of cursor. */
static SQLRETURN set_cursor(struct ca_statement *statement, SQLINTEGER attribute, SQLULEN value)
{
    const struct row *row = find(SQL_ATTR_CURSOR_TYPE);
    if (!cursor_may_change(statement))
        return SQL_ERROR;
    if (value > (attribute == SQL_ATTR_CURSOR_SCROLLABLE ? SQL_SCROLLABLE : SQL_SENSITIVE))
        return ca_post_state(&statement->handle, "HY024");
    if (attribute == SQL_ATTR_CURSOR_SCROLLABLE)
        return set_row(statement, row, value == SQL_SCROLLABLE ? SQL_CURSOR_STATIC : SQL_CURSOR_FORWARD_ONLY);
    if (value == SQL_UNSPECIFIED)
        return SQL_SUCCESS;
    return set_row(statement, row, value == SQL_SENSITIVE ? SQL_CURSOR_DYNAMIC : SQL_CURSOR_STATIC);
}

/* An explicit descriptor takes the place of the ARD or APD; SQL_NULL_HDESC puts the statement's own back. */
static SQLRETURN set_descriptor(struct ca_statement *statement, enum ca_descriptor_role role, SQLHANDLE token)
{
    struct ca_descriptor **place = role == CA_DESCRIPTOR_ARD ? &statement->ard : &statement->apd;
    if (token == SQL_NULL_HDESC || token == statement->implicit[role]->handle.token) {
        *place = statement->implicit[role];
        return SQL_SUCCESS;
    }
    struct ca_handle *handle = ca_handle_acquire(token, SQL_HANDLE_DESC);
    if (!handle)
        return ca_post(&statement->handle, "HY024", "This is no descriptor handle.");
    struct ca_descriptor *descriptor = (struct ca_descriptor *)handle;
    SQLRETURN result = SQL_SUCCESS;
    if (descriptor->statement)
        result = ca_post_state(&statement->handle, "HY017");
    else if (descriptor->connection != statement->connection)
        result = ca_post(&statement->handle, "HY024", "The descriptor belongs to another connection.");
    else {
        descriptor->role = role;
        *place = descriptor;
    }
    ca_handle_release(handle);
    return result;
}

SQLRETURN ca_statement_default_set(struct ca_connection *connection, SQLINTEGER attribute, SQLULEN value)
{
    const struct row *row = find(attribute);
    if (!row || attribute < 0 || attribute >= CA_STATEMENT_DEFAULTS)
        return ca_post_state(&connection->handle, "HY092");
    SQLRETURN result = judge(&connection->handle, row, &value);
    if (SQL_SUCCEEDED(result) && is_stored(row)) {
        connection->statement_defaults[attribute] = value;
        connection->statement_defaults_set |= 1U << attribute;
    }
    return result;
}

void ca_statement_defaults_take(struct ca_statement *statement)
{
    const struct ca_connection *connection = statement->connection;
    for (SQLINTEGER attribute = 0; connection->statement_defaults_set >> attribute; attribute++) {
        const struct row *row = find(attribute);
        if (connection->statement_defaults_set >> attribute & 1U)
            ca_field_write(place_of(statement, row), row->width,
                           (int64_t)connection->statement_defaults[attribute]);
    }
}

SQLRETURN ca_odbc_set_stmt_attr(struct ca_statement *statement, SQLINTEGER attribute, SQLPOINTER value,
                                SQLINTEGER length, bool wide)
{
    SQLULEN number = (SQLULEN)(uintptr_t)value;
    (void)length;
    (void)wide;
    switch (attribute) {
    case SQL_ATTR_APP_ROW_DESC:
        return set_descriptor(statement, CA_DESCRIPTOR_ARD, value);
    case SQL_ATTR_APP_PARAM_DESC:
        return set_descriptor(statement, CA_DESCRIPTOR_APD, value);
    case SQL_ATTR_IMP_ROW_DESC:
    case SQL_ATTR_IMP_PARAM_DESC:
        return ca_post_state(&statement->handle, "HY017");
    case SQL_ATTR_CURSOR_SCROLLABLE:
    case SQL_ATTR_CURSOR_SENSITIVITY:
        return set_cursor(statement, attribute, number);
    default:
        break;
    }
    const struct row *row = find(attribute);
    return row ? set_row(statement, row, number) : ca_post_state(&statement->handle, "HY092");
}

static SQLRETURN give_pointer(SQLPOINTER target, SQLINTEGER *length, int64_t value)
{
    if (target)
        ca_field_write(target, CA_WIDTH_POINTER, value);
    if (length)
        *length = sizeof(SQLPOINTER);
    return SQL_SUCCESS;
}

static SQLULEN row_number(const struct ca_statement *statement)
{
    const struct ca_cursor *cursor = &statement->cursor;
    return cursor->rowset_position ? cursor->start + cursor->rowset_position - 1 : 0;
}

/* Attributes whose value is not stored as such. */
static SQLULEN derived_value(const struct ca_statement *statement, SQLINTEGER attribute)
{
    switch (attribute) {
    case SQL_ATTR_ROW_NUMBER:
        return row_number(statement);
    case SQL_ATTR_CURSOR_SENSITIVITY:
        return SQL_INSENSITIVE;
    case SQL_ATTR_CURSOR_SCROLLABLE:
        return statement->cursor_type == SQL_CURSOR_FORWARD_ONLY ? SQL_NONSCROLLABLE : SQL_SCROLLABLE;
    default:
        return 0; /* ASYNC_ENABLE off, SC_NON_UNIQUE */
    }
}

static bool is_derived(SQLINTEGER attribute)
{
    return attribute == SQL_ATTR_CURSOR_SENSITIVITY || attribute == SQL_ATTR_CURSOR_SCROLLABLE;
}

SQLRETURN ca_odbc_get_stmt_attr(struct ca_statement *statement, SQLINTEGER attribute, SQLPOINTER value,
                                SQLINTEGER capacity, SQLINTEGER *length, bool wide)
{
    (void)capacity;
    (void)wide;
    switch (attribute) {
    case SQL_ATTR_APP_ROW_DESC:
        return give_pointer(value, length, (int64_t)(uintptr_t)statement->ard->handle.token);
    case SQL_ATTR_APP_PARAM_DESC:
        return give_pointer(value, length, (int64_t)(uintptr_t)statement->apd->handle.token);
    case SQL_ATTR_IMP_ROW_DESC:
        return give_pointer(value, length, (int64_t)(uintptr_t)statement->ird->handle.token);
    case SQL_ATTR_IMP_PARAM_DESC:
        return give_pointer(value, length, (int64_t)(uintptr_t)statement->ipd->handle.token);
    default:
        break;
    }
    const struct row *row = find(attribute);
    if (is_derived(attribute))
        return give_pointer(value, length, (int64_t)derived_value(statement, attribute));
    if (!row)
        return ca_post_state(&statement->handle, "HY092");
    int64_t number = is_stored(row) ? ca_field_read(place_of(statement, row), row->width)
                                    : (int64_t)derived_value(statement, attribute);
    return give_pointer(value, length, number);
}
