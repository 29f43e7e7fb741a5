/*
 * Owns the columns and rows of the sys_* tables. Knows nothing of how SQLite asks for them, nor of the
 * metadata endpoints, which select from these tables.
 */
#include "sysrows.h"

#include "procedures.h"
#include "wire.h"

#include <string.h>
#include <strings.h>

static void give_text(sqlite3_context *out, const char *text)
{
    if (text == NULL)
        sqlite3_result_null(out);
    else
        sqlite3_result_text(out, text, -1, SQLITE_TRANSIENT);
}

static void give_positive(sqlite3_context *out, int value)
{
    if (value > 0)
        sqlite3_result_int(out, value);
    else
        sqlite3_result_null(out);
}

static bool is_number(int code)
{
    return code >= 6 && code <= 13;
}

static bool is_decimal(int code)
{
    return code == 12 || code == 13;
}

static const struct entry *entry_at(const struct sysrow *at)
{
    return &at->scope->entries[at->outer];
}

static size_t entry_total(const struct scope *scope)
{
    return scope->entry_count;
}

static size_t one_each(const struct sysrow *at)
{
    (void)at;
    return 1;
}

static void entry_names(const struct sysrow *at, const char **catalog, const char **schema)
{
    *catalog = entry_at(at)->catalog;
    *schema = entry_at(at)->schema;
}

static size_t schema_total(const struct scope *scope)
{
    return scope->schema_count;
}

static void schema_names(const struct sysrow *at, const char **catalog, const char **schema)
{
    *catalog = at->scope->schemas[at->outer].catalog;
    *schema = at->scope->schemas[at->outer].schema;
}

/* A catalog of several schemas is one row. */
static size_t first_of_catalog(const struct sysrow *at)
{
    const struct scope_schema *s = at->scope->schemas;

    return at->outer == 0 || strcasecmp(s[at->outer - 1].catalog, s[at->outer].catalog) != 0;
}

static void catalog_cell(const struct sysrow *at, int column, sqlite3_context *out)
{
    enum { CATALOG, DATA_SOURCE, DRIVER, VERSION, CONNECTION };
    const struct scope_schema *s = &at->scope->schemas[at->outer];

    if (column == CONNECTION) {
        char *id = sqlite3_mprintf("{00000000-0000-4000-8000-%012x}", (unsigned)at->outer + 1);
        sqlite3_result_text(out, id, -1, sqlite3_free);
        return;
    }
    give_text(out, column == CATALOG       ? s->catalog
                   : column == DATA_SOURCE ? s->data_source
                   : column == DRIVER      ? s->driver
                                           : "24.0.9000.0");
}

static void schema_cell(const struct sysrow *at, int column, sqlite3_context *out)
{
    const struct scope_schema *s = &at->scope->schemas[at->outer];

    give_text(out, column == 0 ? s->catalog : s->schema);
}

static void table_cell(const struct sysrow *at, int column, sqlite3_context *out)
{
    enum { CATALOG, SCHEMA, NAME, TYPE, DESCRIPTION, UPDATEABLE };
    const struct entry *e = entry_at(at);

    if (column == UPDATEABLE)
        sqlite3_result_int(out, !e->table->view && e->source->kind != SOURCE_VIRTUAL);
    else
        give_text(out, column == CATALOG  ? e->catalog
                       : column == SCHEMA ? e->schema
                       : column == NAME   ? e->name
                       : column == TYPE   ? (e->table->view ? "VIEW" : "TABLE")
                                          : e->table->remarks);
}

static size_t column_count(const struct sysrow *at)
{
    return entry_at(at)->table->column_count;
}

static void column_cell(const struct sysrow *at, int column, sqlite3_context *out)
{
    enum {
        CATALOG,
        SCHEMA,
        TABLE,
        NAME,
        TYPE_NAME,
        TYPE,
        LENGTH,
        PRECISION,
        SCALE,
        NULLABLE,
        DESCRIPTION,
        ORDINAL,
        AUTOINCREMENT,
        GENERATED,
        READ_ONLY,
        KEY
    };
    const struct entry *e = entry_at(at);
    const struct column_info *c = &e->table->columns[at->inner];
    const char *const texts[] = {
        [CATALOG] = e->catalog, [SCHEMA] = e->schema,       [TABLE] = e->name,
        [NAME] = c->name,       [TYPE_NAME] = c->type.name, [DESCRIPTION] = c->remarks};
    const int numbers[] = {[TYPE] = c->type.code,
                           [LENGTH] = c->type.length,
                           [NULLABLE] = c->nullable,
                           [ORDINAL] = (int)at->inner + 1,
                           [AUTOINCREMENT] = c->autoincrement,
                           [GENERATED] = c->generated,
                           [READ_ONLY] = c->generated || e->table->view || e->source->kind == SOURCE_VIRTUAL,
                           [KEY] = c->key_seq != 0};

    if (column <= TYPE_NAME || column == DESCRIPTION)
        give_text(out, texts[column]);
    else if (column == PRECISION && is_number(c->type.code))
        sqlite3_result_int(out, c->type.precision);
    else if (column == SCALE && is_decimal(c->type.code))
        sqlite3_result_int(out, c->type.scale);
    else if (column == PRECISION || column == SCALE)
        sqlite3_result_null(out);
    else
        sqlite3_result_int(out, numbers[column]);
}

static size_t key_count(const struct sysrow *at)
{
    return entry_at(at)->table->key_count;
}

static void key_cell(const struct sysrow *at, int column, sqlite3_context *out)
{
    enum { CATALOG, SCHEMA, TABLE, COLUMN, KEY_NAME, SEQ };
    const struct entry *e = entry_at(at);
    const struct column_info *c = table_key_column(e->table, (int)at->inner + 1);

    if (column == SEQ)
        sqlite3_result_int(out, (int)at->inner + 1);
    else if (column == COLUMN)
        give_text(out, c != NULL ? c->name : NULL);
    else
        give_text(out, column == CATALOG  ? e->catalog
                       : column == SCHEMA ? e->schema
                       : column == TABLE  ? e->name
                                          : NULL);
}

static size_t foreign_count(const struct sysrow *at)
{
    return entry_at(at)->table->foreign_count;
}

/* The table a foreign key points to, under the name this scope has for it; NULL where it has none. */
static const struct entry *parent_of(const struct sysrow *at, const struct foreign_info *f)
{
    return scope_locate(at->scope, entry_at(at)->source->alias, f->parent);
}

static const char *parent_column(const struct entry *parent, const struct foreign_info *f)
{
    if (f->parent_column != NULL || parent == NULL)
        return f->parent_column;
    const struct column_info *c = table_key_column(parent->table, f->seq);
    return c != NULL ? c->name : NULL;
}

static void foreign_cell(const struct sysrow *at, int column, sqlite3_context *out)
{
    enum {
        PK_CATALOG,
        PK_SCHEMA,
        PK_TABLE,
        PK_COLUMN,
        PK_NAME,
        FK_CATALOG,
        FK_SCHEMA,
        FK_TABLE,
        FK_COLUMN,
        FK_NAME,
        SEQ
    };
    const struct entry *e = entry_at(at);
    const struct foreign_info *f = &e->table->foreign[at->inner];
    const struct entry *parent = parent_of(at, f);
    const char *const texts[] = {
        [PK_CATALOG] = parent != NULL ? parent->catalog : NULL,
        [PK_SCHEMA] = parent != NULL ? parent->schema : NULL,
        [PK_TABLE] = parent != NULL ? parent->name : f->parent,
        [PK_COLUMN] = parent_column(parent, f),
        [PK_NAME] = NULL,
        [FK_CATALOG] = e->catalog,
        [FK_SCHEMA] = e->schema,
        [FK_TABLE] = e->name,
        [FK_COLUMN] = f->column,
        [FK_NAME] = f->key,
    };

    if (column == SEQ)
        sqlite3_result_int(out, f->seq);
    else
        give_text(out, texts[column]);
}

static size_t index_count(const struct sysrow *at)
{
    return entry_at(at)->table->index_count;
}

static void index_cell(const struct sysrow *at, int column, sqlite3_context *out)
{
    enum { CATALOG, SCHEMA, TABLE, INDEX, COLUMN, UNIQUE, PRIMARY, TYPE, ORDER, ORDINAL };
    const struct entry *e = entry_at(at);
    const struct index_info *x = &e->table->indexes[at->inner];
    const char *const texts[] = {[CATALOG] = e->catalog,
                                 [SCHEMA] = e->schema,
                                 [TABLE] = e->name,
                                 [INDEX] = x->index,
                                 [COLUMN] = x->column,
                                 [TYPE] = NULL,
                                 [ORDER] = x->descending ? "D" : "A"};
    const int numbers[] = {[UNIQUE] = x->unique, [PRIMARY] = x->primary, [TYPE] = 3, [ORDINAL] = x->seq};

    if (column <= COLUMN || column == ORDER)
        give_text(out, texts[column]);
    else
        sqlite3_result_int(out, numbers[column]);
}

/* Procedures belong to the account; a workspace has none. */
static size_t procedure_total(const struct scope *scope)
{
    size_t count;

    procedures_all(&count);
    return scope->workspace == NULL ? count : 0;
}

static const struct procedure *procedure_at(const struct sysrow *at)
{
    size_t count;

    return &procedures_all(&count)[at->outer];
}

static void procedure_names(const struct sysrow *at, const char **catalog, const char **schema)
{
    *catalog = procedure_at(at)->catalog;
    *schema = procedure_at(at)->schema;
}

/* PROCEDURE_TYPE: 1 gives no value back, 2 does (SQL_PT_PROCEDURE, SQL_PT_FUNCTION). */
static int procedure_type(const struct procedure *p)
{
    return p->parameter_count > 0 && p->parameters[0].direction == PROCEDURE_RETURN ? 2 : 1;
}

static void procedure_cell(const struct sysrow *at, int column, sqlite3_context *out)
{
    enum { CATALOG, SCHEMA, NAME, DESCRIPTION, TYPE };
    const struct procedure *p = procedure_at(at);

    if (column == TYPE)
        sqlite3_result_int(out, procedure_type(p));
    else
        give_text(out, column == CATALOG  ? p->catalog
                       : column == SCHEMA ? p->schema
                       : column == NAME   ? p->name
                                          : p->remarks);
}

static size_t argument_count(const struct sysrow *at)
{
    return procedure_at(at)->parameter_count;
}

/* The return value has ordinal 0, the others count from 1. */
static int parameter_ordinal(const struct procedure *p, size_t index)
{
    return (int)index + (procedure_type(p) == 2 ? 0 : 1);
}

static void parameter_cell(const struct sysrow *at, int column, sqlite3_context *out)
{
    enum {
        CATALOG,
        SCHEMA,
        PROCEDURE,
        NAME,
        DIRECTION,
        TYPE_NAME,
        TYPE,
        LENGTH,
        PRECISION,
        SCALE,
        NULLABLE,
        REQUIRED,
        DESCRIPTION,
        ORDINAL
    };
    const struct procedure *p = procedure_at(at);
    const struct procedure_parameter *a = &p->parameters[at->inner];
    struct sample_type type;

    switch (column) {
    case TYPE_NAME:
        give_text(out, service_type_name(a->type));
        return;
    case LENGTH:
        sample_type_parse(service_type_name(a->type), &type);
        give_positive(out, a->length > 0 ? a->length : type.length);
        return;
    case PRECISION:
        sample_type_parse(service_type_name(a->type), &type);
        give_positive(out, a->precision > 0 ? a->precision : is_number(a->type) ? type.precision : 0);
        return;
    case SCALE:
        is_decimal(a->type) ? sqlite3_result_int(out, a->scale) : sqlite3_result_null(out);
        return;
    case DIRECTION:
    case TYPE:
    case NULLABLE:
    case REQUIRED:
    case ORDINAL:
        sqlite3_result_int(out, column == DIRECTION  ? (int)a->direction
                                : column == TYPE     ? a->type
                                : column == NULLABLE ? a->nullable
                                : column == REQUIRED ? a->required
                                                     : parameter_ordinal(p, at->inner));
        return;
    default:
        give_text(out, column == CATALOG     ? p->catalog
                       : column == SCHEMA    ? p->schema
                       : column == PROCEDURE ? p->name
                       : column == NAME      ? a->name
                                             : a->remarks);
    }
}

#define NAMES  "CatalogName VARCHAR(255), SchemaName VARCHAR(255), "
#define TABLES NAMES "TableName VARCHAR(255)"
#define KEYS   TABLES ", ColumnName VARCHAR(255), PrimaryKeyName VARCHAR(255), KeySeq SMALLINT"
#define COLUMNS                                                                       \
    TABLES ", ColumnName VARCHAR(255), DataTypeName VARCHAR(32), DataType INTEGER,"   \
           " Length INTEGER, NumericPrecision INTEGER, NumericScale INTEGER,"         \
           " IsNullable BOOLEAN, Description VARCHAR(2000), Ordinal INTEGER,"         \
           " IsAutoIncrement BOOLEAN, IsGeneratedColumn BOOLEAN, IsReadOnly BOOLEAN," \
           " IsKey BOOLEAN"
#define FOREIGN                                                              \
    "PrimaryKeyCatalogName VARCHAR(255), PrimaryKeySchemaName VARCHAR(255)," \
    " PrimaryKeyTableName VARCHAR(255), PrimaryKeyColumnName VARCHAR(255),"  \
    " PrimaryKeyName VARCHAR(255), ForeignKeyCatalogName VARCHAR(255),"      \
    " ForeignKeySchemaName VARCHAR(255), ForeignKeyTableName VARCHAR(255),"  \
    " ForeignKeyColumnName VARCHAR(255), ForeignKeyName VARCHAR(255), KeySeq SMALLINT"
#define INDEXES                                                                                      \
    TABLES ", IndexName VARCHAR(255), ColumnName VARCHAR(255), IsUnique BOOLEAN, IsPrimary BOOLEAN," \
           " Type SMALLINT, SortOrder VARCHAR(1), OrdinalPosition SMALLINT"
#define PARAMETERS                                                                                      \
    NAMES                                                                                               \
    "ProcedureName VARCHAR(255), ColumnName VARCHAR(255), Direction INTEGER, DataTypeName VARCHAR(32)," \
    " DataType INTEGER, Length INTEGER, NumericPrecision INTEGER, NumericScale INTEGER,"                \
    " IsNullable BOOLEAN, IsRequired BOOLEAN, Description VARCHAR(2000), Ordinal INTEGER"

/* HIDDEN columns exist when named, but not for `*`. */
#define CATALOGS                                                                            \
    "CatalogName VARCHAR(255), DataSource HIDDEN VARCHAR(255), Driver HIDDEN VARCHAR(255)," \
    " Version HIDDEN VARCHAR(32), ConnectionId HIDDEN UUID"
#define SCHEMAS    "CatalogName VARCHAR(255), SchemaName VARCHAR(255)"
#define TABLE_ROWS TABLES ", TableType VARCHAR(32), Description VARCHAR(2000), IsUpdateable BOOLEAN"
#define PROCEDURES NAMES "ProcedureName VARCHAR(255), Description VARCHAR(2000), ProcedureType SMALLINT"

static const struct systable definitions[] = {
    {"sys_catalogs", CATALOGS, schema_total, first_of_catalog, schema_names, catalog_cell},
    {"sys_schemas", SCHEMAS, schema_total, one_each, schema_names, schema_cell},
    {"sys_tables", TABLE_ROWS, entry_total, one_each, entry_names, table_cell},
    {"sys_tablecolumns", COLUMNS, entry_total, column_count, entry_names, column_cell},
    {"sys_keycolumns", KEYS, entry_total, key_count, entry_names, key_cell},
    {"sys_primarykeys", KEYS, entry_total, key_count, entry_names, key_cell},
    {"sys_foreignkeys", FOREIGN, entry_total, foreign_count, entry_names, foreign_cell},
    {"sys_indexes", INDEXES, entry_total, index_count, entry_names, index_cell},
    {"sys_procedures", PROCEDURES, procedure_total, one_each, procedure_names, procedure_cell},
    {"sys_procedureparameters", PARAMETERS, procedure_total, argument_count, procedure_names, parameter_cell},
};

const struct systable *sysrows_find(const char *name)
{
    for (size_t i = 0; i < sizeof definitions / sizeof *definitions; i++)
        if (strcasecmp(definitions[i].name, name) == 0)
            return &definitions[i];
    return NULL;
}
