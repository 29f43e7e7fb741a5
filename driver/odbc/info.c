/* SQLGetInfo: one table, a reason in every row. */
#include <string.h>

#include "base/alloc.h"
#include "odbc/inner.h"
#include "odbc/version.h"
#include "sql/function.h"

#ifndef SQL_DTC_TRANSITION_COST
#define SQL_DTC_TRANSITION_COST 1750
#endif

/* ---- computed values ---- */

static SQLUINTEGER function_mask(SQLUSMALLINT type)
{
    return ca_sql_function_mask(type);
}

/* Texts are copied for the caller to free. */
static char *current_catalog(struct ca_connection *connection)
{
    return ca_connection_catalog(connection);
}

static char *data_source(struct ca_connection *connection)
{
    return ca_strdup(connection->dsn ? connection->dsn : "");
}

static char *read_only(struct ca_connection *connection)
{
    bool only = ca_option_number(&connection->options, CA_OPTION_READ_ONLY) ||
                connection->access_mode == SQL_MODE_READ_ONLY;
    return ca_strdup(only ? "Y" : "N");
}

static char *server_name(struct ca_connection *connection)
{
    const char *host = connection->open ? connection->session.transport.host : "";
    return ca_strdup(host);
}

static char *user_name(struct ca_connection *connection)
{
    return ca_strdup(ca_option_text(&connection->options, CA_OPTION_UID));
}

/* ---- the table ---- */

enum shape { SHAPE_TEXT, SHAPE_U16, SHAPE_U32 };

struct row {
    SQLUSMALLINT type;
    enum shape shape;
    SQLUINTEGER number;
    const char *text;
    char *(*text_of)(struct ca_connection *);
    SQLUINTEGER (*number_of)(SQLUSMALLINT);
    const char *reason;
};

#define TEXT(type, value, reason)         {type, SHAPE_TEXT, 0, value, NULL, NULL, reason},
#define U16(type, value, reason)          {type, SHAPE_U16, value, NULL, NULL, NULL, reason},
#define U32(type, value, reason)          {type, SHAPE_U32, value, NULL, NULL, NULL, reason},
#define CALL_TEXT(type, function, reason) {type, SHAPE_TEXT, 0, NULL, function, NULL, reason},
#define CALL_U32(type, function, reason)  {type, SHAPE_U32, 0, NULL, NULL, function, reason},
static const struct row rows[] = {
#include "odbc/info.def"
};

static const struct row *find(SQLUSMALLINT type)
{
    enum { OLD_OJ_CAPABILITIES = 65003 };
    if (type == OLD_OJ_CAPABILITIES)
        type = SQL_OJ_CAPABILITIES;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].type == type)
            return &rows[i];
    return NULL;
}

static SQLRETURN give_text(struct ca_connection *connection, const struct row *row,
                           const struct ca_text_out *out)
{
    if (row->text)
        return ca_text_write(&connection->handle, out, row->text);
    char *text = row->text_of(connection);
    if (!text)
        return ca_post_state(&connection->handle, "HY001");
    SQLRETURN result = ca_text_write(&connection->handle, out, text);
    ca_free(text);
    return result;
}

SQLRETURN ca_odbc_get_info(struct ca_connection *connection, SQLUSMALLINT type, SQLPOINTER value,
                           SQLSMALLINT capacity, SQLSMALLINT *length, bool wide)
{
    struct ca_text_out out = {value, capacity, length, sizeof *length, wide, true};
    const struct row *row = find(type);
    if (!row)
        return ca_post_state(&connection->handle, "HY096");
    if (row->shape == SHAPE_TEXT)
        return wide && value && capacity % (SQLSMALLINT)sizeof(ca_wide)
                   ? ca_post_state(&connection->handle, "HY090")
                   : give_text(connection, row, &out);
    SQLUINTEGER number = row->number_of ? row->number_of(type) : row->number;
    SQLUSMALLINT narrow = (SQLUSMALLINT)number;
    size_t octets = row->shape == SHAPE_U16 ? sizeof narrow : sizeof number;
    if (value)
        memcpy(value, row->shape == SHAPE_U16 ? (void *)&narrow : (void *)&number, octets);
    if (length)
        *length = (SQLSMALLINT)octets;
    return SQL_SUCCESS;
}
