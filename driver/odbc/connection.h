/* The connection handle. Lock order: environment → connection → statement → descriptor → leaf. Calls on
 * statements never take the connection's life-cycle lock (handle.lock); what they read of the connection is
 * fixed while it is open, or guarded by `shared`. */
#ifndef CA_ODBC_CONNECTION_H
#define CA_ODBC_CONNECTION_H

#include <stdatomic.h>

#include "odbc/environment.h"
#include "service/session.h"

/* SQL_QUERY_TIMEOUT (0) … SQL_ROW_NUMBER: what ODBC 2 applications set on a connection as the default of the
 * statements that are made from then on. */
enum { CA_STATEMENT_DEFAULTS = SQL_ROW_NUMBER + 1 };

struct ca_statement;
struct ca_descriptor;

struct ca_connection {
    struct ca_handle handle;
    struct ca_environment *environment;
    bool odbc2; /* the application speaks ODBC 2: dates 9, 10, 11 and S1000 */
    bool open;
    struct ca_options options;
    struct ca_log log;
    struct ca_session session;
    struct ca_type_options types;
    char *dsn;    /* SQL_DATA_SOURCE_NAME; owned; NULL = none */
    char *driver; /* of the connection string, where it named no DSN; owned */
    /* attributes set on this handle */
    SQLUINTEGER login_timeout; /* seconds */
    bool login_timeout_set;
    SQLUINTEGER connection_timeout; /* seconds without an octet */
    bool connection_timeout_set;
    SQLUINTEGER access_mode;
    SQLUINTEGER metadata_id;
    SQLUINTEGER packet_size;
    SQLUINTEGER odbc_cursors;
    SQLPOINTER quiet_mode;
    SQLULEN statement_defaults[CA_STATEMENT_DEFAULTS];
    unsigned statement_defaults_set; /* a bit for each */
    atomic_bool wrote;               /* a statement wrote since the last commit or rollback */
    pthread_mutex_t shared;          /* leaf lock: catalog, statements, descriptors */
    char *catalog;                   /* SQL_ATTR_CURRENT_CATALOG; owned; NULL = DefaultCatalog */
    struct ca_statement *statements;
    struct ca_descriptor *descriptors; /* explicit ones */
};

SQLRETURN ca_connection_alloc(struct ca_environment *environment, SQLHANDLE *output);
SQLRETURN ca_connection_free(struct ca_connection *connection);
/* A copy of the current catalog ("" = none), for the caller to free; NULL without memory. */
char *ca_connection_catalog(struct ca_connection *connection);
bool ca_connection_set_catalog(struct ca_connection *connection, const char *catalog);

#endif
