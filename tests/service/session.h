/*
 * One request's SQLite connection: databases attached as statements name them, the dialect's functions,
 * the sys_* tables, and an end when the work is no longer wanted.
 */
#ifndef SERVICE_SESSION_H
#define SERVICE_SESSION_H

#include "dialect.h"
#include "model.h"
#include "request.h"
#include "watch.h"

struct service;

struct session {
    struct service *service;
    sqlite3 *db;
    struct model **models; /* the last is in use; older ones are kept for the strings given out */
    size_t model_count;
    const char *workspace;
    const struct scope *scope;
    const char *catalog; /* the request's defaults; NULL: none */
    const char *schema;
    const struct parameter_set *parameters; /* of the request; NULL: none */
    struct arena arena;
    bool *attached; /* by number of the source */
    bool attaching;
    bool system_tables;
    struct watch watch;
    struct problem problem; /* a cause that a callback could not return */
};

/*
 * Opens the connection; workspace, catalog and schema are borrowed for the session's life. socket is the
 * client's (-1: none), timeout_s the time the request is given (0: no end). False with the problem set.
 * session_close is due either way.
 */
bool session_open(struct session *s, struct service *service, const char *workspace, const char *catalog,
                  const char *schema, int socket, int timeout_s, struct problem *problem);

void session_close(struct session *s);

/* The dialect's options for this session; its callbacks attach databases as names are resolved. */
struct dialect_options session_dialect(struct session *s, bool lenient);

/* Prepares one statement (SQLite's text). False with the problem set. */
bool session_prepare(struct session *s, const char *sql, sqlite3_stmt **stmt, struct problem *problem);

/* Sets the problem from the connection's last error, or from what ended the work. */
void session_problem(struct session *s, int rc, struct problem *problem);

/* Makes a source's database known to the connection. False with the problem set. */
bool session_attach(struct session *s, struct source *source, struct problem *problem);

/* Makes a system table known to the connection, for the whole scope, in database main. */
bool session_system_table(struct session *s, const char *name, struct problem *problem);

/* After DDL: reads the model again, for this session and for all to come. */
bool session_refresh(struct session *s, struct problem *problem);

#endif
