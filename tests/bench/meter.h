/*
 * Owns what the measuring programs share: clocks, this process's memory, a connection, and how they give up.
 */
#ifndef BENCH_METER_H
#define BENCH_METER_H

#include <sql.h>
#include <sqlext.h>

#include <stdbool.h>

struct moment {
    double wall, user, sys; /* seconds */
};

struct session {
    SQLHENV env;
    SQLHDBC dbc;
    SQLHSTMT stmt;
};

/* Ends the program with status 1. */
void meter_fail(const char *what) __attribute__((noreturn));

/* Ends the program with the diagnostics of the handle. */
void meter_refused(SQLSMALLINT kind, SQLHANDLE handle, const char *call) __attribute__((noreturn));

/* The same unless the call went well. */
static inline void meter_need(SQLRETURN rc, SQLSMALLINT kind, SQLHANDLE handle, const char *call)
{
    if (!SQL_SUCCEEDED(rc))
        meter_refused(kind, handle, call);
}

struct moment meter_now(void);
struct moment meter_since(const struct moment *begin);

/* KiB of this process in memory now, and the highest value since meter_forget_peak. */
long meter_resident_kib(void);
long meter_peak_kib(void);
void meter_forget_peak(void);

/* One environment, connection and statement. `pooled` lets the driver manager keep connections; it is said
 * for the whole process and must be the same at every opening. */
void meter_open(struct session *session, const char *connection, bool pooled);
void meter_close(struct session *session);

/* The same without the environment, which the session already has and keeps. */
void meter_connect(struct session *session, const char *connection);
void meter_disconnect(struct session *session);

/* A number of at least `minimum` from an argument; ends the program on anything else. */
unsigned long meter_number(const char *argument, unsigned long minimum, unsigned long maximum);

#endif
