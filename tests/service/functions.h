/* The functions of the service's dialect (SERVICE.md section 5), as SQLite functions and collations.
 *
 * Owns: which functions there are, how many arguments they take, what they do, what type they give.
 * Must not know: SQL text, names, the sample tables. */
#ifndef SERVICE_FUNCTIONS_H
#define SERVICE_FUNCTIONS_H

#include <sqlite3.h>
#include <stdbool.h>

/* The service's type codes (SERVICE.md section 4). */
enum service_type {
    SERVICE_UNKNOWN = 0,
    SERVICE_BINARY = 1,
    SERVICE_VARCHAR = 5,
    SERVICE_TINYINT,
    SERVICE_SMALLINT,
    SERVICE_INTEGER,
    SERVICE_BIGINT,
    SERVICE_FLOAT,
    SERVICE_DOUBLE,
    SERVICE_DECIMAL,
    SERVICE_NUMERIC,
    SERVICE_BOOLEAN,
    SERVICE_DATE,
    SERVICE_TIME,
    SERVICE_TIMESTAMP,
    SERVICE_UUID,
};

/* One function of the dialect. */
struct service_function {
    const char *name;   /* as documented */
    const char *engine; /* the SQLite function that does it (not always of the same name) */
    signed char min_args;
    signed char max_args; /* -1: any number */
    bool aggregate;       /* aggregate or window function: may be followed by OVER */
    signed char type;     /* enum service_type of the result, 0: that of the first argument */
};

/* Registers every function and these collations with a connection: DECIMAL (numbers in text compare as
 * numbers, any number of digits), MOMENT (dates, times and timestamps in any accepted form), GUID.
 * Returns an SQLite result code. */
int functions_register(sqlite3 *db);

/* The row for a name (any case), or NULL if the dialect has no such function. */
const struct service_function *functions_find(const char *name);

/* Type code of the function's result; 0: that of its first argument, or unknown. */
int functions_result_type(const char *name);

#endif
