/* The stored procedures of the local service, as data.
 *
 * Owns: their parameters and bodies. Must not know: how they are called (HTTP, EXEC) or run.
 *
 * How to run one: bind every parameter by name (inputs their value, the others NULL) in each text. In one
 * transaction: run `statements` in order, then `results` in order, each giving one result set, then the
 * outputs: SELECT the `output` expressions of the parameters that have one (direction 2, 4, 5), once; the
 * row's values are the output values. In every text `{}` stands for the quoted name of the attached database
 * of the procedure's own source; procedure_sql() puts it in. */
#ifndef SERVICE_PROCEDURES_H
#define SERVICE_PROCEDURES_H

#include <stdbool.h>
#include <stddef.h>

enum procedure_direction { PROCEDURE_IN = 1, PROCEDURE_INOUT = 2, PROCEDURE_OUT = 4, PROCEDURE_RETURN = 5 };

struct procedure_parameter {
    const char *name; /* with its @ */
    enum procedure_direction direction;
    int type; /* enum service_type of functions.h */
    int length;
    int precision;
    int scale;
    bool required;
    bool nullable;
    const char *output; /* SQLite expression of the output value; NULL for inputs */
    const char *remarks;
};

struct procedure {
    const char *catalog;
    const char *schema;
    const char *name;
    const char *remarks;
    const struct procedure_parameter
        *parameters; /* in order; a return value comes first (ORDINAL_POSITION 0) */
    size_t parameter_count;
    const char *const *statements; /* run first, give no rows; ends with NULL; may be NULL */
    const char *const *results;    /* each a result set; ends with NULL; may be NULL */
    bool writes;
};

/* All procedures, in order of catalog, schema, name. */
const struct procedure *procedures_all(size_t *count);

/* The procedure of these names (any case); NULL catalog or schema: any. NULL: there is none. */
const struct procedure *procedure_find(const char *catalog, const char *schema, const char *name);

/* Text with every `{}` replaced by the database name, quoted. NULL: out of memory. To be freed. */
char *procedure_sql(const char *text, const char *alias);

#endif
