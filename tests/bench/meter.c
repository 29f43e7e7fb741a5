/*
 * Owns what the measuring programs share. Knows ODBC only through the driver manager, and Linux's /proc.
 */
#include "meter.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

void meter_fail(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

void meter_refused(SQLSMALLINT kind, SQLHANDLE handle, const char *call)
{
    SQLCHAR state[6], text[1024];
    SQLINTEGER native;

    for (SQLSMALLINT i = 1;
         SQL_SUCCEEDED(SQLGetDiagRec(kind, handle, i, state, &native, text, sizeof text, NULL)); i++)
        fprintf(stderr, "%s %s\n", state, text);
    meter_fail(call);
}

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

struct moment meter_now(void)
{
    struct timespec clock;
    struct rusage used;

    clock_gettime(CLOCK_MONOTONIC, &clock);
    getrusage(RUSAGE_SELF, &used);
    return (struct moment){(double)clock.tv_sec + (double)clock.tv_nsec / 1e9, seconds(used.ru_utime),
                           seconds(used.ru_stime)};
}

struct moment meter_since(const struct moment *begin)
{
    struct moment end = meter_now();

    return (struct moment){end.wall - begin->wall, end.user - begin->user, end.sys - begin->sys};
}

/* A line of /proc/self/status. */
static long memory_kib(const char *name)
{
    char line[256];
    long kib = 0;
    FILE *status = fopen("/proc/self/status", "r");

    if (status == NULL)
        meter_fail("/proc/self/status");
    while (fgets(line, sizeof line, status) != NULL)
        if (strncmp(line, name, strlen(name)) == 0)
            kib = strtol(line + strlen(name), NULL, 10);
    fclose(status);
    return kib;
}

long meter_resident_kib(void)
{
    return memory_kib("VmRSS:");
}

long meter_peak_kib(void)
{
    return memory_kib("VmHWM:");
}

/* 5 is "reset the peak" (proc(5)). */
void meter_forget_peak(void)
{
    FILE *clear = fopen("/proc/self/clear_refs", "w");

    if (clear == NULL || fputs("5\n", clear) < 0 || fclose(clear) != 0)
        meter_fail("/proc/self/clear_refs");
}

void meter_open(struct session *session, const char *connection, bool pooled)
{
    SQLSetEnvAttr(NULL, SQL_ATTR_CONNECTION_POOLING,
                  (SQLPOINTER)(uintptr_t)(pooled ? SQL_CP_ONE_PER_DRIVER : SQL_CP_OFF), 0);
    if (SQLAllocHandle(SQL_HANDLE_ENV, NULL, &session->env) != SQL_SUCCESS)
        meter_fail("no environment");
    meter_need(SQLSetEnvAttr(session->env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)(uintptr_t)SQL_OV_ODBC3, 0),
               SQL_HANDLE_ENV, session->env, "SQLSetEnvAttr");
    meter_connect(session, connection);
}

void meter_connect(struct session *session, const char *connection)
{
    meter_need(SQLAllocHandle(SQL_HANDLE_DBC, session->env, &session->dbc), SQL_HANDLE_ENV, session->env,
               "SQLAllocHandle");
    meter_need(SQLDriverConnect(session->dbc, NULL, (SQLCHAR *)(uintptr_t)connection, SQL_NTS, NULL, 0, NULL,
                                SQL_DRIVER_NOPROMPT),
               SQL_HANDLE_DBC, session->dbc, "SQLDriverConnect");
    meter_need(SQLAllocHandle(SQL_HANDLE_STMT, session->dbc, &session->stmt), SQL_HANDLE_DBC, session->dbc,
               "SQLAllocHandle");
}

void meter_disconnect(struct session *session)
{
    SQLFreeHandle(SQL_HANDLE_STMT, session->stmt);
    SQLDisconnect(session->dbc);
    SQLFreeHandle(SQL_HANDLE_DBC, session->dbc);
}

void meter_close(struct session *session)
{
    meter_disconnect(session);
    SQLFreeHandle(SQL_HANDLE_ENV, session->env);
}

unsigned long meter_number(const char *argument, unsigned long minimum, unsigned long maximum)
{
    char *end;
    unsigned long number = strtoul(argument, &end, 10);

    if (end == argument || *end != '\0' || number < minimum || number > maximum)
        meter_fail("a number is out of range");
    return number;
}
