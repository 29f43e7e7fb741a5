#include "service/column.h"

#include <json-c/json.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "service/document.h"

enum { MOST_COLUMNS = 32767 }; /* a column number is an SQLSMALLINT in places */

static char *take_text(struct json_object *object, const char *name)
{
    return ca_strdup(ca_json_text(ca_json_member(object, name)));
}

static int64_t take_number(struct json_object *object, const char *name)
{
    struct json_object *value = ca_json_member(object, name);
    return value ? json_object_get_int64(value) : 0;
}

static int32_t clamp32(int64_t value)
{
    return value > INT32_MAX ? INT32_MAX : value < INT32_MIN ? INT32_MIN : (int32_t)value;
}

static bool read_column(struct ca_column *column, struct json_object *object)
{
    struct json_object *nullable = ca_json_member(object, "nullable");
    column->catalog = take_text(object, "catalogName");
    column->schema = take_text(object, "schemaName");
    column->table = take_text(object, "tableName");
    column->name = take_text(object, "columnName");
    column->label = take_text(object, "columnLabel");
    column->type_name = take_text(object, "dataTypeName");
    if (column->label && !*column->label && column->name) {
        ca_free(column->label);
        column->label = ca_strdup(column->name);
    }
    column->spec.code = clamp32(take_number(object, "dataType"));
    column->spec.length = take_number(object, "length");
    column->spec.precision = clamp32(take_number(object, "precision"));
    column->spec.scale = clamp32(take_number(object, "scale"));
    column->nullable = nullable && json_object_get_boolean(nullable) ? SQL_NULLABLE : SQL_NULLABLE_UNKNOWN;
    return column->catalog && column->schema && column->table && column->name && column->label &&
           column->type_name;
}

static bool read_columns(struct ca_columns *columns, struct json_object *array, struct ca_error *error)
{
    size_t count = json_object_array_length(array);
    if (count > MOST_COLUMNS)
        return ca_error_set(error, "HY000", 0, "The result has %zu columns; at most %d can be used.", count,
                            MOST_COLUMNS);
    columns->items = ca_calloc(count, sizeof *columns->items);
    if (!columns->items)
        return ca_error_no_memory(error);
    columns->count = (unsigned)count;
    for (size_t i = 0; i < count; i++) {
        struct json_object *object = json_object_array_get_idx(array, i);
        if (!json_object_is_type(object, json_type_object))
            return ca_error_set(error, "08S01", 0, "The description of column %zu is not an object.", i + 1);
        if (!read_column(&columns->items[i], object))
            return ca_error_no_memory(error);
    }
    return true;
}

bool ca_columns_read(struct ca_columns *columns, const char *json, size_t octets, struct ca_error *error)
{
    struct json_object *array = NULL;
    *columns = (struct ca_columns){NULL, 0};
    if (!ca_json_parse(json, octets, &array))
        return ca_error_set(error, "08S01", 0, "The description of the result's columns cannot be read.");
    bool done = true;
    if (json_object_is_type(array, json_type_array))
        done = read_columns(columns, array, error);
    else if (array)
        done = ca_error_set(error, "08S01", 0, "The description of the result's columns is not a list.");
    json_object_put(array);
    if (!done)
        ca_columns_free(columns);
    return done;
}

void ca_columns_free(struct ca_columns *columns)
{
    for (unsigned i = 0; i < columns->count; i++) {
        struct ca_column *column = &columns->items[i];
        ca_free(column->catalog);
        ca_free(column->schema);
        ca_free(column->table);
        ca_free(column->name);
        ca_free(column->label);
        ca_free(column->type_name);
    }
    ca_free(columns->items);
    *columns = (struct ca_columns){NULL, 0};
}

size_t ca_columns_octets(const struct ca_columns *columns)
{
    enum { TEXTS = 6, BLOCK_OCTETS = 24 }; /* what an allocation costs besides its content */
    size_t octets = 0;
    for (unsigned i = 0; i < columns->count; i++) {
        const struct ca_column *column = &columns->items[i];
        octets += sizeof *column + (size_t)TEXTS * BLOCK_OCTETS + strlen(column->catalog) +
                  strlen(column->schema) + strlen(column->table) + strlen(column->name) +
                  strlen(column->label) + strlen(column->type_name);
    }
    return octets;
}
