/*
 * Owns the finding of column types and names for result sets. Knows nothing of JSON.
 */
#include "columns.h"

#include "echo.h"
#include "functions.h"
#include "systables.h"
#include "wire.h"

#include <string.h>
#include <strings.h>

enum { EXPRESSION_CHARS = 2000 };

/* The column of a table named in the statement, as the model knows it. */
static const struct column_info *find_in_tables(struct session *s, const struct dialect_statement *statement,
                                                const char *name)
{
    for (size_t i = 0; i < statement->table_count; i++) {
        const struct dialect_table *t = &statement->tables[i];
        const struct entry *e = scope_locate(s->scope, t->source.alias, t->name);
        const struct column_info *c = e != NULL ? table_column(e->table, name) : NULL;
        if (c != NULL)
            return c;
    }
    return NULL;
}

/* A type by code, with the usual lengths, or those that the statement gives. */
static struct sample_type type_by_code(int code, int precision, int scale)
{
    struct sample_type type;

    sample_type_parse(service_type_name(code), &type);
    if (precision > 0 && (code == SERVICE_VARCHAR || code == SERVICE_BINARY))
        type.length = precision;
    if (precision > 0 && (code == SERVICE_DECIMAL || code == SERVICE_NUMERIC)) {
        type.precision = precision;
        type.scale = scale;
        type.length = precision + 2;
    }
    if (precision == 0 && code == SERVICE_VARCHAR)
        type.length = EXPRESSION_CHARS;
    return type;
}

/* The type of an expression as the dialect knows it. */
static bool type_of_item(struct session *s, const struct dialect_statement *statement, size_t index,
                         size_t count, struct sample_type *type)
{
    const struct dialect_item *item = statement != NULL ? dialect_item_at(statement, index, count) : NULL;

    if (item == NULL)
        return false;
    if (item->type != SERVICE_UNKNOWN) {
        *type = type_by_code(item->type, item->precision, item->scale);
        return true;
    }
    const struct column_info *c = item->column != NULL ? find_in_tables(s, statement, item->column) : NULL;
    if (c == NULL)
        return false;
    *type = c->type;
    return true;
}

static struct sample_type type_of_value(sqlite3_stmt *stmt, int column, bool on_row)
{
    static const int codes[] = {[SQLITE_INTEGER] = SERVICE_BIGINT,
                                [SQLITE_FLOAT] = SERVICE_DOUBLE,
                                [SQLITE_TEXT] = SERVICE_VARCHAR,
                                [SQLITE_BLOB] = SERVICE_BINARY,
                                [SQLITE_NULL] = SERVICE_VARCHAR};

    return type_by_code(codes[on_row ? sqlite3_column_type(stmt, column) : SQLITE_NULL], 0, 0);
}

/* Where a column comes from, when it is a plain column of a table. */
struct origin {
    const struct entry *entry;
    const struct column_info *info;
    const char *database;
    const char *table;
    const char *name;
};

static struct origin find_origin(struct session *s, sqlite3_stmt *stmt, int column)
{
    struct origin o = {.database = sqlite3_column_database_name(stmt, column),
                       .table = sqlite3_column_table_name(stmt, column),
                       .name = sqlite3_column_origin_name(stmt, column)};

    if (o.database == NULL || o.table == NULL || o.name == NULL)
        return (struct origin){0};
    o.entry = scope_locate(s->scope, o.database, o.table);
    o.info = o.entry != NULL ? table_column(o.entry->table, o.name) : NULL;
    return o;
}

/* A system table carries its place in front of its name when it is seen from one source. */
static const char *system_table_name(const char *table)
{
    const char *dot = strrchr(table, '.');

    return systable_find(dot != NULL ? dot + 1 : table);
}

static void describe_origin(struct column *c, const struct origin *o)
{
    const char *system = o->table != NULL && o->entry == NULL ? system_table_name(o->table) : NULL;

    if (o->entry != NULL) {
        c->catalog = o->entry->catalog;
        c->schema = o->entry->schema;
        c->table = o->entry->name;
    } else if (system != NULL) {
        c->catalog = "CData";
        c->schema = "QueryFederation";
        c->table = system;
    }
    if (o->name != NULL)
        c->name = o->name;
    if (o->info != NULL)
        c->nullable = o->info->nullable;
}

/* Finds the type without looking at a row. */
static bool find_type(struct session *s, sqlite3_stmt *stmt, const struct dialect_statement *statement,
                      int index, const struct origin *origin, struct sample_type *type)
{
    if (origin->info != NULL) {
        *type = origin->info->type;
        return true;
    }
    if (sample_type_parse(sqlite3_column_decltype(stmt, index), type))
        return true;
    size_t count = (size_t)sqlite3_column_count(stmt);
    const struct parameter *p = echo_parameter(statement, s->parameters, (size_t)index, count);
    if (p != NULL && echo_type(p) != SERVICE_UNKNOWN) {
        *type = type_by_code(echo_type(p), 0, 0);
        return true;
    }
    return type_of_item(s, statement, (size_t)index, count, type);
}

static bool describe(struct columns *columns, struct session *s, sqlite3_stmt *stmt,
                     const struct dialect_statement *statement, int index, bool on_row)
{
    struct column *c = &columns->items[index];
    struct origin origin = find_origin(s, stmt, index);
    const struct dialect_item *item =
        statement != NULL ? dialect_item_at(statement, (size_t)index, columns->count) : NULL;
    const char *label = item != NULL && item->label != NULL ? item->label : sqlite3_column_name(stmt, index);

    *c = (struct column){
        .catalog = "", .schema = "", .table = "", .name = label, .label = label, .nullable = true};
    if (!find_type(s, stmt, statement, index, &origin, &c->type))
        c->type = type_of_value(stmt, index, on_row);
    describe_origin(c, &origin);
    /* SQLite's strings end with the statement, the dialect's with its own */
    c->label = arena_text(&columns->arena, c->label);
    c->name = arena_text(&columns->arena, c->name);
    return c->label != NULL && c->name != NULL;
}

bool columns_describe(struct columns *columns, struct session *session, sqlite3_stmt *stmt,
                      const struct dialect_statement *statement, bool on_row)
{
    int count = sqlite3_column_count(stmt);

    *columns = (struct columns){.count = (size_t)count};
    columns->items = arena_get(&columns->arena, (size_t)count * sizeof *columns->items + 1);
    for (int i = 0; columns->items != NULL && i < count; i++)
        if (!describe(columns, session, stmt, statement, i, on_row))
            return false;
    return columns->items != NULL;
}

bool columns_need_row(struct session *session, sqlite3_stmt *stmt, const struct dialect_statement *statement)
{
    struct sample_type type;

    for (int i = 0; i < sqlite3_column_count(stmt); i++) {
        struct origin origin = find_origin(session, stmt, i);
        if (!find_type(session, stmt, statement, i, &origin, &type))
            return true;
    }
    return false;
}

void columns_free(struct columns *columns)
{
    arena_free(&columns->arena);
    *columns = (struct columns){0};
}
