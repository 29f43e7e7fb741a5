#include "odbc/connection.h"

#include "base/alloc.h"

SQLRETURN ca_connection_alloc(struct ca_environment *environment, SQLHANDLE *output)
{
    struct ca_connection *connection = ca_calloc(1, sizeof *connection);
    *output = SQL_NULL_HANDLE;
    if (!connection || !ca_handle_open(&connection->handle, SQL_HANDLE_DBC, &connection->log)) {
        ca_free(connection);
        return ca_post_state(&environment->handle, "HY001");
    }
    connection->environment = environment;
    connection->odbc2 = environment->odbc_version == SQL_OV_ODBC2;
    connection->odbc_cursors = SQL_CUR_USE_DRIVER;
    ca_options_init(&connection->options);
    ca_log_init(&connection->log);
    pthread_mutex_init(&connection->shared, NULL);
    atomic_fetch_add(&environment->connections, 1);
    *output = connection->handle.token;
    return SQL_SUCCESS;
}

SQLRETURN ca_connection_free(struct ca_connection *connection)
{
    if (connection->open)
        return ca_post_state(&connection->handle, "HY010");
    struct ca_environment *environment = connection->environment;
    ca_handle_release(&connection->handle);
    ca_handle_close(&connection->handle);
    ca_options_free(&connection->options);
    ca_log_destroy(&connection->log);
    pthread_mutex_destroy(&connection->shared);
    ca_free(connection->catalog);
    ca_free(connection->dsn);
    ca_free(connection->driver);
    ca_free(connection);
    atomic_fetch_sub(&environment->connections, 1);
    return SQL_SUCCESS;
}

char *ca_connection_catalog(struct ca_connection *connection)
{
    pthread_mutex_lock(&connection->shared);
    const char *catalog = connection->catalog;
    if (!catalog)
        catalog = ca_option_text(&connection->options, CA_OPTION_DEFAULT_CATALOG);
    char *copy = ca_strdup(catalog);
    pthread_mutex_unlock(&connection->shared);
    return copy;
}

bool ca_connection_set_catalog(struct ca_connection *connection, const char *catalog)
{
    char *copy = ca_strdup(catalog);
    if (!copy)
        return false;
    pthread_mutex_lock(&connection->shared);
    char *old = connection->catalog;
    connection->catalog = copy;
    pthread_mutex_unlock(&connection->shared);
    ca_free(old);
    return true;
}
