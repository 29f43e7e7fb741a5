#include "odbc/parameter_type.h"

#include "base/alloc.h"
#include "base/text.h"
#include "odbc/catalog.h"
#include "odbc/procedure.h"

/* The type of the column that the marker is written to or compared with, from the /columns endpoint. */
static bool describe_target(struct ca_statement *statement, unsigned marker,
                            struct ca_type_description *description)
{
    struct ca_error error = CA_ERROR_INIT;
    struct ca_type_spec spec;
    if (!ca_sql_marker_targets(&statement->sql, &error)) {
        ca_error_clear(&error);
        return false;
    }
    const struct ca_sql_targets *targets = statement->sql.targets;
    if (!targets || !targets->table.name || !targets->columns[marker - 1])
        return false;
    if (!ca_catalog_column_type(statement, &targets->table, targets->columns[marker - 1], &spec))
        return false;
    ca_type_describe(&spec, &statement->connection->types, description);
    return true;
}

void ca_parameter_describe(struct ca_statement *statement, unsigned marker,
                           struct ca_type_description *description)
{
    struct ca_type_spec text = {.code = CA_TYPE_VARCHAR};
    bool known = statement->sql.call ? ca_procedure_describe(statement, marker, description)
                                     : describe_target(statement, marker, description);
    if (!known)
        ca_type_describe(&text, &statement->connection->types, description);
}
