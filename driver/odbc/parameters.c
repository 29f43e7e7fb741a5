#include "odbc/parameters.h"

#include "base/alloc.h"
#include "odbc/put_data.h"

SQLRETURN ca_parameters_check(struct ca_statement *statement)
{
    unsigned markers = statement->sql.markers;
    for (unsigned i = 1; i <= markers; i++) {
        const struct ca_descriptor *apd = statement->apd;
        bool bound = (int)i <= apd->count && (int)i <= statement->ipd->count;
        const struct ca_descriptor_record *record = bound ? &apd->records[i] : NULL;
        if (!record || (!record->data_ptr && !record->indicator_ptr && !record->octet_length_ptr))
            return ca_post(&statement->handle, "07002",
                           "The statement has %u parameter markers; parameter %u is not bound.", markers, i);
        if (!statement->ipd->records[i].concise_type)
            return ca_post(&statement->handle, "07002",
                           "Parameter %u has no SQL type: bind it with SQLBindParameter, or set "
                           "SQL_DESC_CONCISE_TYPE in the implementation parameter descriptor.",
                           i);
    }
    return SQL_SUCCESS;
}

/* Applications give fake addresses that become real only with an offset: integer arithmetic. */
static void *moved(const void *base, size_t octets)
{
    return base ? (void *)((uintptr_t)base + octets) : NULL;
}

struct ca_bound ca_bound_read(const struct ca_statement *statement, unsigned marker)
{
    const struct ca_descriptor *apd = statement->apd;
    const struct ca_descriptor_record *application = &apd->records[marker];
    const struct ca_descriptor_record *own = &statement->ipd->records[marker];
    size_t offset = apd->bind_offset_ptr ? (size_t)*apd->bind_offset_ptr : 0;
    size_t row = apd->bind_type > 0 ? (size_t)apd->bind_type : 0;
    bool exact = own->concise_type == SQL_DECIMAL || own->concise_type == SQL_NUMERIC;
    struct ca_bound bound = {.parameter = {.c_type = application->concise_type,
                                           .sql_type = own->concise_type,
                                           .column_size = exact ? (SQLULEN)own->precision : own->length,
                                           .decimal_digits = own->scale,
                                           .precision = application->precision,
                                           .scale = application->type == SQL_INTERVAL ? application->precision
                                                                                      : application->scale},
                             .direction = own->parameter_type,
                             .data = moved(application->data_ptr, offset),
                             .length = moved(application->octet_length_ptr, offset),
                             .indicator = moved(application->indicator_ptr, offset)};
    if (bound.parameter.c_type ==
        SQL_C_DEFAULT) /* bound field by field: SQLBindParameter never leaves it so */
        bound.parameter.c_type = ca_c_type_default(own->concise_type);
    SQLLEN fixed = ca_c_type_octets(bound.parameter.c_type);
    bound.data_stride = row ? row : (size_t)(fixed > 0 ? fixed : application->octet_length);
    bound.length_stride = row ? row : sizeof(SQLLEN);
    return bound;
}

void *ca_bound_data(const struct ca_bound *bound, SQLULEN set)
{
    return moved(bound->data, set * bound->data_stride);
}

SQLLEN *ca_bound_length_place(const struct ca_bound *bound, SQLULEN set)
{
    return moved(bound->length, set * bound->length_stride);
}

SQLLEN *ca_bound_indicator_place(const struct ca_bound *bound, SQLULEN set)
{
    return moved(bound->indicator, set * bound->length_stride);
}

SQLLEN ca_bound_length(const struct ca_bound *bound, SQLULEN set)
{
    const SQLLEN *indicator = ca_bound_indicator_place(bound, set);
    const SQLLEN *length = ca_bound_length_place(bound, set);
    if (bound->direction == SQL_PARAM_OUTPUT || (indicator && *indicator == SQL_NULL_DATA))
        return SQL_NULL_DATA;
    return length ? *length : SQL_NTS;
}

/* What stands before the value of a marker: `},"@p2":{"dataType":8,"value":`. */
static void write_head(struct ca_buffer *json, const char *prefix, unsigned marker, int code)
{
    ca_buffer_add_format(json, "%s\"@%s%u\":{\"dataType\":%d,\"value\":", marker == 1 ? "{" : "},", prefix,
                         marker, code);
}

SQLRETURN ca_bounds_take(struct ca_statement *statement)
{
    struct ca_bounds *bounds = &statement->bounds;
    unsigned markers = statement->sql.markers;
    if (markers == 0)
        return SQL_SUCCESS;
    struct ca_bound *items = ca_grow(bounds->items, &bounds->capacity, markers, sizeof *items);
    if (!items)
        return ca_post_state(&statement->handle, "HY001");
    bounds->items = items;
    ca_buffer_clear(&bounds->heads);
    for (unsigned i = 1; i <= markers; i++) {
        struct ca_bound *bound = &items[i - 1];
        *bound = ca_bound_read(statement, i);
        bound->plan = ca_parameter_plan(&bound->parameter);
        bound->head = bounds->heads.length;
        write_head(&bounds->heads, statement->sql.prefix, i, bound->plan.code);
        bound->head_octets = bounds->heads.length - bound->head;
    }
    return bounds->heads.failure ? ca_post_state(&statement->handle, "HY001") : SQL_SUCCESS;
}

void ca_bounds_free(struct ca_bounds *bounds)
{
    ca_free(bounds->items);
    ca_buffer_free(&bounds->heads);
}

bool ca_is_data_at_execution(SQLLEN length)
{
    return length == SQL_DATA_AT_EXEC || length <= SQL_LEN_DATA_AT_EXEC_OFFSET;
}

bool ca_parameters_set_used(const struct ca_statement *statement, SQLULEN set)
{
    const SQLUSMALLINT *operations = statement->apd->array_status_ptr;
    return !operations || operations[set] != SQL_PARAM_IGNORE;
}

void ca_parameters_set_status(const struct ca_statement *statement, SQLULEN set, SQLUSMALLINT status)
{
    if (statement->ipd->array_status_ptr)
        statement->ipd->array_status_ptr[set] = status;
}

static SQLRETURN refuse(struct ca_statement *statement, enum ca_conversion conversion, SQLULEN set,
                        unsigned marker)
{
    return ca_post_cell(&statement->handle, ca_conversion_state(conversion), ca_conversion_text(conversion),
                        (SQLLEN)set + 1, (SQLINTEGER)marker);
}

/* The value of one parameter: bound, or put at execution. */
SQLRETURN ca_bound_write(struct ca_statement *statement, const struct ca_bound *bound, SQLULEN set,
                         unsigned marker)
{
    const void *data = ca_bound_data(bound, set);
    SQLLEN length = ca_bound_length(bound, set);
    if (length == SQL_DEFAULT_PARAM)
        return ca_post_cell(&statement->handle, "07S01", NULL, (SQLLEN)set + 1, (SQLINTEGER)marker);
    if (ca_is_data_at_execution(length))
        length = ca_put_value(statement, set, marker, &data);
    if (!data && length != SQL_NULL_DATA)
        return ca_post_cell(&statement->handle, "HY009", NULL, (SQLLEN)set + 1, (SQLINTEGER)marker);
    enum ca_conversion conversion =
        ca_parameter_write_planned(&statement->parameters, &bound->parameter, &bound->plan, data, length);
    if (conversion >= CA_CONVERT_FIRST_ERROR)
        return refuse(statement, conversion, set, marker);
    if (conversion != CA_CONVERTED)
        refuse(statement, conversion, set, marker);
    return SQL_SUCCESS;
}

SQLRETURN ca_parameters_write(struct ca_statement *statement, SQLULEN set)
{
    static const char end[] = "}}";
    struct ca_buffer *json = &statement->parameters;
    const struct ca_bounds *bounds = &statement->bounds;
    for (unsigned i = 1; i <= statement->sql.markers; i++) {
        const struct ca_bound *bound = &bounds->items[i - 1];
        ca_buffer_add(json, bounds->heads.data + bound->head, bound->head_octets);
        if (ca_bound_write(statement, bound, set, i) == SQL_ERROR)
            return SQL_ERROR;
    }
    ca_buffer_add(json, end, sizeof end - 1);
    return json->failure ? ca_post_state(&statement->handle, "HY001") : SQL_SUCCESS;
}

bool ca_parameters_write_nulls(struct ca_statement *statement)
{
    struct ca_buffer *json = &statement->parameters;
    for (unsigned i = 1; i <= statement->sql.markers; i++) {
        bool known = (int)i <= statement->ipd->count && statement->ipd->records[i].concise_type;
        int code = known ? ca_type_code_of_sql(statement->ipd->records[i].concise_type) : CA_TYPE_VARCHAR;
        write_head(json, statement->sql.prefix, i, code ? code : CA_TYPE_VARCHAR);
        ca_buffer_add_text(json, "null");
    }
    ca_buffer_add_text(json, "}}");
    return !json->failure;
}
