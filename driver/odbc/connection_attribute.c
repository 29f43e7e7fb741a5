/* SQLSetConnectAttr and SQLGetConnectAttr. */
#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"
#include "odbc/attribute.h"
#include "odbc/inner.h"

/* Attributes that are simply kept. */
static const struct {
    SQLINTEGER attribute;
    size_t offset;
    enum ca_width width;
} stored[] = {
    {SQL_ATTR_ACCESS_MODE, offsetof(struct ca_connection, access_mode), CA_WIDTH_32},
    {SQL_ATTR_CONNECTION_TIMEOUT, offsetof(struct ca_connection, connection_timeout), CA_WIDTH_32},
    {SQL_ATTR_LOGIN_TIMEOUT, offsetof(struct ca_connection, login_timeout), CA_WIDTH_32},
    {SQL_ATTR_METADATA_ID, offsetof(struct ca_connection, metadata_id), CA_WIDTH_32},
    {SQL_ATTR_PACKET_SIZE, offsetof(struct ca_connection, packet_size), CA_WIDTH_32},
    {SQL_ATTR_ODBC_CURSORS, offsetof(struct ca_connection, odbc_cursors), CA_WIDTH_32},
    {SQL_ATTR_QUIET_MODE, offsetof(struct ca_connection, quiet_mode), CA_WIDTH_POINTER},
};

static SQLRETURN set_catalog(struct ca_connection *connection, SQLPOINTER value, SQLINTEGER length, bool wide)
{
    struct ca_text text;
    SQLLEN characters = length == SQL_NTS || !wide ? length : length / (SQLLEN)sizeof(ca_wide);
    if (!ca_text_take(&connection->handle, &text, value, characters, wide))
        return SQL_ERROR;
    bool done = ca_connection_set_catalog(connection, text.text ? text.text : "");
    ca_texts_free(&text, 1);
    if (!done)
        return ca_post_state(&connection->handle, "HY001");
    if (connection->open)
        ca_cache_drop(&connection->session.cache);
    return SQL_SUCCESS;
}

static SQLRETURN set_autocommit(struct ca_connection *connection, SQLULEN value)
{
    if (value == SQL_AUTOCOMMIT_ON)
        return SQL_SUCCESS;
    if (value != SQL_AUTOCOMMIT_OFF)
        return ca_post_state(&connection->handle, "HY024");
    /* Before the connection is made StrictTransactions is not known; the manager sets it again afterwards. */
    if (ca_option_number(&connection->options, CA_OPTION_STRICT_TRANSACTIONS))
        return ca_post(&connection->handle, "HYC00",
                       "The service has no transactions: every statement commits.");
    return ca_post(
        &connection->handle, "01S02",
        "The service has no transactions: every statement commits by itself, autocommit stays on.");
}

/* The driver manager's pool hands the connection on: back to what it was after connecting. */
static SQLRETURN reset_connection(struct ca_connection *connection)
{
    for (struct ca_statement *s = connection->statements; s; s = s->next)
        ca_statement_close(s);
    pthread_mutex_lock(&connection->shared);
    ca_free(connection->catalog);
    connection->catalog = NULL;
    pthread_mutex_unlock(&connection->shared);
    connection->connection_timeout =
        (SQLUINTEGER)ca_option_number(&connection->options, CA_OPTION_IDLE_TIMEOUT);
    connection->connection_timeout_set = false;
    connection->access_mode = SQL_MODE_READ_WRITE;
    connection->metadata_id = SQL_FALSE;
    connection->statement_defaults_set = 0;
    atomic_store(&connection->wrote, false);
    ca_cache_drop(&connection->session.cache);
    return SQL_SUCCESS;
}

static SQLRETURN set_stored(struct ca_connection *connection, SQLINTEGER attribute, SQLPOINTER value)
{
    for (size_t i = 0; i < sizeof stored / sizeof stored[0]; i++) {
        if (stored[i].attribute != attribute)
            continue;
        ca_field_write((char *)connection + stored[i].offset, stored[i].width, (int64_t)(intptr_t)value);
        connection->login_timeout_set |= attribute == SQL_ATTR_LOGIN_TIMEOUT;
        connection->connection_timeout_set |= attribute == SQL_ATTR_CONNECTION_TIMEOUT;
        return SQL_SUCCESS;
    }
    return ca_post_state(&connection->handle, "HY092");
}

SQLRETURN ca_odbc_set_connect_attr(struct ca_connection *connection, SQLINTEGER attribute, SQLPOINTER value,
                                   SQLINTEGER length, bool wide)
{
    SQLULEN number = (SQLULEN)(uintptr_t)value;
    switch (attribute) {
    case SQL_ATTR_CURRENT_CATALOG:
        return set_catalog(connection, value, length, wide);
    case SQL_ATTR_AUTOCOMMIT:
        return set_autocommit(connection, number);
    case SQL_ATTR_TXN_ISOLATION:
        return number == SQL_TXN_READ_UNCOMMITTED ? SQL_SUCCESS : ca_post_state(&connection->handle, "HYC00");
    case SQL_ATTR_ASYNC_ENABLE:
        return number == SQL_ASYNC_ENABLE_OFF ? SQL_SUCCESS : ca_post_state(&connection->handle, "HYC00");
    case SQL_ATTR_ASYNC_DBC_FUNCTIONS_ENABLE:
        return number == SQL_ASYNC_DBC_ENABLE_OFF ? SQL_SUCCESS : ca_post_state(&connection->handle, "HYC00");
    case SQL_ATTR_ANSI_APP:
        return SQL_ERROR; /* the same behaviour for both kinds of application; no diagnostic is wanted */
    case CA_ATTR_APP_WCHAR_TYPE:
        return number == CA_WCHAR_TYPE ? SQL_SUCCESS : ca_post_state(&connection->handle, "HYC00");
    case SQL_ATTR_RESET_CONNECTION:
        return reset_connection(connection);
    case SQL_ATTR_ODBC_CURSORS:
    case SQL_ATTR_TRACE:
    case SQL_ATTR_TRACEFILE:
        return SQL_SUCCESS; /* the driver manager's own */
    case SQL_ATTR_CONNECTION_DEAD:
    case SQL_ATTR_AUTO_IPD:
        return ca_post_state(&connection->handle, "HY092");
    case SQL_ATTR_TRANSLATE_LIB:
    case SQL_ATTR_TRANSLATE_OPTION:
    case SQL_ATTR_ENLIST_IN_DTC:
        return ca_post_state(&connection->handle, "HYC00");
    default:
        return attribute >= SQL_QUERY_TIMEOUT && attribute < CA_STATEMENT_DEFAULTS
                   ? ca_statement_default_set(connection, attribute, number)
                   : set_stored(connection, attribute, value);
    }
}

static SQLRETURN give_number(SQLPOINTER value, SQLINTEGER *length, SQLUINTEGER number)
{
    if (value)
        *(SQLUINTEGER *)value = number;
    if (length)
        *length = sizeof number;
    return SQL_SUCCESS;
}

static SQLRETURN give_catalog(struct ca_connection *connection, const struct ca_text_out *out)
{
    char *catalog = ca_connection_catalog(connection);
    if (!catalog)
        return ca_post_state(&connection->handle, "HY001");
    SQLRETURN result = ca_text_write(&connection->handle, out, catalog);
    ca_free(catalog);
    return result;
}

static SQLRETURN give_stored(struct ca_connection *connection, SQLINTEGER attribute, SQLPOINTER value,
                             SQLINTEGER *length)
{
    for (size_t i = 0; i < sizeof stored / sizeof stored[0]; i++) {
        if (stored[i].attribute != attribute)
            continue;
        int64_t number = ca_field_read((const char *)connection + stored[i].offset, stored[i].width);
        if (stored[i].width == CA_WIDTH_32)
            return give_number(value, length, (SQLUINTEGER)number);
        if (value)
            ca_field_write(value, stored[i].width, number);
        return SQL_SUCCESS;
    }
    return ca_post_state(&connection->handle, "HY092");
}

SQLRETURN ca_odbc_get_connect_attr(struct ca_connection *connection, SQLINTEGER attribute, SQLPOINTER value,
                                   SQLINTEGER capacity, SQLINTEGER *length, bool wide)
{
    struct ca_text_out out = {value, capacity, length, sizeof *length, wide, true};
    switch (attribute) {
    case SQL_ATTR_CURRENT_CATALOG:
        return give_catalog(connection, &out);
    case SQL_ATTR_AUTOCOMMIT:
        return give_number(value, length, SQL_AUTOCOMMIT_ON);
    case SQL_ATTR_CONNECTION_DEAD:
        return give_number(value, length,
                           !connection->open || atomic_load(&connection->session.broken) ? SQL_CD_TRUE
                                                                                         : SQL_CD_FALSE);
    case SQL_ATTR_TXN_ISOLATION:
        return give_number(value, length, SQL_TXN_READ_UNCOMMITTED);
    case SQL_ATTR_ASYNC_ENABLE:
    case SQL_ATTR_ASYNC_DBC_FUNCTIONS_ENABLE:
    case SQL_ATTR_AUTO_IPD:
        return give_number(value, length, 0);
    case SQL_ATTR_TRANSLATE_LIB:
    case SQL_ATTR_TRANSLATE_OPTION:
    case SQL_ATTR_ENLIST_IN_DTC:
        return ca_post_state(&connection->handle, "HYC00");
    default:
        return give_stored(connection, attribute, value, length);
    }
}
