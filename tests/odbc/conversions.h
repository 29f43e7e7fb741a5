/*
 * What test_conversions goes through and how it shows an outcome: the service's types with their values, the
 * C types, the forms in which values of C types are written.
 */
#ifndef ODBC_CONVERSIONS_H
#define ODBC_CONVERSIONS_H

#include "harness.h"

enum { DATA_OCTETS = 256, CANARY = 0x5A, INTERVALS = 13, C_TYPES_MAX = 64 };
#define NO_INDICATOR ((SQLLEN)-4242)

struct service_type {
    const char *name;
    int code;
    SQLSMALLINT by_default;    /* the C type that SQL_C_DEFAULT stands for */
    const char *members;       /* JSON of the column's description, ' for " */
    const char *const *values; /* JSON, ' for ", as the service sends them; NULL ends */
};

struct c_type {
    const char *name;
    SQLSMALLINT id;
    size_t octets;   /* of a value; 0: of any length */
    SQLLEN capacity; /* characters, or octets of SQL_C_BINARY */
    bool interval;
};

/* What one call, or one row of a block, gave. */
struct outcome {
    SQLRETURN code;
    char state[6];
    SQLLEN indicator;
    unsigned char data[DATA_OCTETS];
};

extern const struct service_type service_types[];
extern const size_t service_type_count;
extern const struct c_type c_types[];
extern const size_t c_type_count;

/* What stands above the outcomes. */
extern const char conversions_head[];

struct outcome outcome_init(void);

/* The buffer's length in octets, and how far apart the values of a block are. */
SQLLEN capacity_of(const struct c_type *c, const struct service_type *type);
size_t stride_of(const struct c_type *c, const struct service_type *type);

/* "S 3 \"abc\"": letter of the return code, state, indicator ("size" where it is that of the C type;
 * characters of UTF-16 for wide text, whatever the width of SQLWCHAR), value. `sent` is the value's JSON. */
void outcome_show(const struct outcome *o, const struct c_type *c, const struct service_type *type,
                  const char *sent, char *text, size_t size);

#endif
