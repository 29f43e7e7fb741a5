/*
 * Owns the metadata endpoints: their columns, their filters, and the sys_ table behind each.
 * Knows nothing of HTTP or of the model itself.
 */
#include "endpoint.h"

#include "systables.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FILTERS_MAX = 5 };

/* How a filter of the query string narrows the rows; `?` stands for its value. */
struct filter {
    const char *name;
    const char *condition;
};

struct endpoint {
    const char *name;
    const char *table;
    const char *columns;
    const struct filter *filters[FILTERS_MAX]; /* NULL behind the last */
};

#define TABLE_COLUMNS               \
    "CatalogName AS TABLE_CATALOG," \
    " SchemaName AS TABLE_SCHEMA,"  \
    " TableName AS TABLE_NAME"
#define CATALOG_COLUMNS                                                          \
    "CatalogName AS TABLE_CATALOG, DataSource AS DATA_SOURCE, Driver AS DRIVER," \
    " Version AS VERSION, ConnectionId AS CONNECTION_ID"
#define COLUMN_COLUMNS                                                     \
    TABLE_COLUMNS ", ColumnName AS COLUMN_NAME, DataType AS DATA_TYPE,"    \
                  " DataTypeName AS TYPE_NAME, Length AS COLUMN_SIZE,"     \
                  " NumericPrecision AS PRECISION, NumericScale AS SCALE," \
                  " Description AS REMARKS, Ordinal AS ORDINAL_POSITION,"  \
                  " IsKey AS IS_KEY, IsNullable AS IS_NULLABLE,"           \
                  " IsAutoIncrement AS IS_AUTOINCREMENT,"                  \
                  " IsGeneratedColumn AS IS_GENERATEDCOLUMN"
#define KEY_COLUMNS                                                         \
    TABLE_COLUMNS ", ColumnName AS COLUMN_NAME, PrimaryKeyName AS PK_NAME," \
                  " KeySeq AS KEY_SEQ"
#define INDEX_COLUMNS                                                              \
    TABLE_COLUMNS ", IndexName AS INDEX_NAME, ColumnName AS COLUMN_NAME,"          \
                  " IsUnique AS IS_UNIQUE, IsPrimary AS IS_PRIMARY, Type AS TYPE," \
                  " SortOrder AS SORT_ORDER, OrdinalPosition AS ORDINAL_POSITION"
#define PARAMETER_COLUMNS                                                      \
    PROCEDURE_COLUMNS ", ColumnName AS PARAM_NAME, Direction AS PARAM_TYPE,"   \
                      " DataType AS DATA_TYPE, DataTypeName AS TYPE_NAME,"     \
                      " Length AS LENGTH, NumericPrecision AS PRECISION,"      \
                      " NumericScale AS SCALE, Description AS REMARKS,"        \
                      " IsNullable AS IS_NULLABLE, IsRequired AS IS_REQUIRED," \
                      " Ordinal AS ORDINAL_POSITION"
#define FOREIGN_COLUMNS                          \
    "PrimaryKeyCatalogName AS PKTABLE_CATALOG,"  \
    " PrimaryKeySchemaName AS PKTABLE_SCHEMA,"   \
    " PrimaryKeyTableName AS PKTABLE_NAME,"      \
    " PrimaryKeyColumnName AS PKCOLUMN_NAME,"    \
    " PrimaryKeyName AS PK_NAME,"                \
    " ForeignKeyCatalogName AS FKTABLE_CATALOG," \
    " ForeignKeySchemaName AS FKTABLE_SCHEMA,"   \
    " ForeignKeyTableName AS FKTABLE_NAME,"      \
    " ForeignKeyColumnName AS FKCOLUMN_NAME,"    \
    " ForeignKeyName AS FK_NAME,"                \
    " KeySeq AS KEY_SEQ"
#define PROCEDURE_COLUMNS               \
    "CatalogName AS PROCEDURE_CATALOG," \
    " SchemaName AS PROCEDURE_SCHEMA,"  \
    " ProcedureName AS PROCEDURE_NAME"

static const struct filter catalog_filter = {"catalogName", "CatalogName LIKE ?"};
static const struct filter schema_filter = {"schemaName", "SchemaName LIKE ?"};
static const struct filter table_filter = {"tableName", "TableName LIKE ?"};
static const struct filter column_filter = {"columnName", "ColumnName LIKE ?"};
static const struct filter index_filter = {"indexName", "IndexName LIKE ?"};
static const struct filter procedure_filter = {"procedureName", "ProcedureName LIKE ?"};
static const struct filter parameter_filter = {"paramName", "ColumnName LIKE ?"};
static const struct filter unique_filter = {"unique", "(lower(?) NOT IN ('true', '1') OR IsUnique)"};
/* a list with commas */
static const struct filter type_filter = {
    "tableType", "instr(upper(',' || replace(?, ' ', '') || ','), ',' || TableType || ',') > 0"};
static const struct filter pk_catalog_filter = {"catalogName", "PrimaryKeyCatalogName LIKE ?"};
static const struct filter pk_schema_filter = {"schemaName", "PrimaryKeySchemaName LIKE ?"};
static const struct filter pk_table_filter = {"tableName", "PrimaryKeyTableName LIKE ?"};
static const struct filter fk_catalog_filter = {"catalogName", "ForeignKeyCatalogName LIKE ?"};
static const struct filter fk_schema_filter = {"schemaName", "ForeignKeySchemaName LIKE ?"};
static const struct filter fk_table_filter = {"tableName", "ForeignKeyTableName LIKE ?"};

static const struct endpoint endpoints[] = {
    {
        .name = "catalogs",
        .table = "sys_catalogs",
        .columns = CATALOG_COLUMNS,
        .filters = {&catalog_filter},
    },
    {
        .name = "schemas",
        .table = "sys_schemas",
        .columns = "CatalogName AS TABLE_CATALOG, SchemaName AS TABLE_SCHEMA",
        .filters = {&catalog_filter, &schema_filter},
    },
    {
        .name = "tables",
        .table = "sys_tables",
        .columns = TABLE_COLUMNS ", TableType AS TABLE_TYPE, Description AS REMARKS",
        .filters = {&catalog_filter, &schema_filter, &table_filter, &type_filter},
    },
    {
        .name = "columns",
        .table = "sys_tablecolumns",
        .columns = COLUMN_COLUMNS,
        .filters = {&catalog_filter, &schema_filter, &table_filter, &column_filter},
    },
    {
        .name = "primaryKeys",
        .table = "sys_keycolumns",
        .columns = KEY_COLUMNS,
        .filters = {&catalog_filter, &schema_filter, &table_filter},
    },
    {
        .name = "importedKeys",
        .table = "sys_foreignkeys",
        .columns = FOREIGN_COLUMNS,
        .filters = {&fk_catalog_filter, &fk_schema_filter, &fk_table_filter},
    },
    {
        .name = "exportedKeys",
        .table = "sys_foreignkeys",
        .columns = FOREIGN_COLUMNS,
        .filters = {&pk_catalog_filter, &pk_schema_filter, &pk_table_filter},
    },
    {
        .name = "indexes",
        .table = "sys_indexes",
        .columns = INDEX_COLUMNS,
        .filters = {&catalog_filter, &schema_filter, &table_filter, &index_filter, &unique_filter},
    },
    {
        .name = "procedures",
        .table = "sys_procedures",
        .columns = PROCEDURE_COLUMNS ", Description AS REMARKS, ProcedureType AS PROCEDURE_TYPE",
        .filters = {&catalog_filter, &schema_filter, &procedure_filter},
    },
    {
        .name = "procedureParameters",
        .table = "sys_procedureparameters",
        .columns = PARAMETER_COLUMNS,
        .filters = {&catalog_filter, &schema_filter, &procedure_filter, &parameter_filter},
    },
};

const struct endpoint *endpoint_find(const char *name)
{
    for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++)
        if (strcasecmp(endpoints[i].name, name) == 0)
            return &endpoints[i];
    return NULL;
}

const char *endpoint_name(const struct endpoint *endpoint)
{
    return endpoint->name;
}

/* The filter's value in the query string; NULL where it is absent or empty. */
static const char *argument(struct json_object *arguments, const char *name)
{
    json_object_object_foreach(arguments, key, value)
    {
        if (strcasecmp(key, name) == 0) {
            const char *text = json_object_get_string(value);
            return text != NULL && *text != '\0' ? text : NULL;
        }
    }
    return NULL;
}

static char *build_sql(const struct endpoint *endpoint, struct json_object *arguments)
{
    struct buffer sql = {0};
    const char *word = "WHERE";

    buffer_format(&sql, "SELECT %s FROM main.%s", endpoint->columns, endpoint->table);
    for (size_t i = 0; i < FILTERS_MAX && endpoint->filters[i] != NULL; i++)
        if (argument(arguments, endpoint->filters[i]->name) != NULL) {
            buffer_format(&sql, " %s %s", word, endpoint->filters[i]->condition);
            word = "AND";
        }
    return buffer_take(&sql);
}

static int bind_arguments(sqlite3_stmt *stmt, const struct endpoint *endpoint, struct json_object *arguments)
{
    int rc = SQLITE_OK, place = 0;

    for (size_t i = 0; rc == SQLITE_OK && i < FILTERS_MAX && endpoint->filters[i] != NULL; i++) {
        const char *value = argument(arguments, endpoint->filters[i]->name);
        if (value != NULL)
            rc = sqlite3_bind_text(stmt, ++place, value, -1, SQLITE_STATIC);
    }
    return rc;
}

/* execution.advance: the one result of an endpoint. */
static enum advance advance_endpoint(struct execution *e)
{
    const struct endpoint *endpoint = e->endpoint;

    if (e->next_set++ > 0)
        return ADVANCE_END;
    if (!session_system_table(&e->session, endpoint->table, &e->problem))
        return ADVANCE_FAILED;
    char *sql = build_sql(endpoint, e->endpoint_arguments);
    bool prepared = sql != NULL && session_prepare(&e->session, sql, &e->stmt, &e->problem);
    free(sql);
    if (!prepared) {
        problem_no_memory(&e->problem); /* where no other cause is set */
        return ADVANCE_FAILED;
    }
    if (bind_arguments(e->stmt, endpoint, e->endpoint_arguments) != SQLITE_OK) {
        problem_no_memory(&e->problem);
        return ADVANCE_FAILED;
    }
    enum advance result = execution_start(e, true);
    for (size_t i = 0; i < e->columns.count; i++)
        e->columns.items[i].name = e->columns.items[i].label;
    return result;
}

struct execution *endpoint_execution(struct service *service, const struct execution_order *order,
                                     const struct endpoint *endpoint, struct json_object *arguments)
{
    struct execution *e = execution_plain(service, order, advance_endpoint);

    if (e == NULL) {
        json_object_put(arguments);
        return NULL;
    }
    e->endpoint = endpoint;
    e->endpoint_arguments = arguments;
    return e;
}
