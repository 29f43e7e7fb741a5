#include "odbc/parameters.h"

#include "data/parameter.h"
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

static void *moved(const void *base, SQLLEN offset, size_t octets)
{
    /* Applications give fake addresses that become real only with the offset: integer arithmetic. */
    return base ? (void *)((uintptr_t)base + (uintptr_t)offset + octets) : NULL;
}

struct ca_bound ca_parameter_bound(const struct ca_statement *statement, unsigned marker, SQLULEN set)
{
    const struct ca_descriptor *apd = statement->apd;
    const struct ca_descriptor_record *application = &apd->records[marker];
    SQLLEN offset = apd->bind_offset_ptr ? *apd->bind_offset_ptr : 0;
    size_t row = apd->bind_type > 0 ? (size_t)apd->bind_type : 0;
    SQLSMALLINT c_type = application->concise_type;
    if (c_type == SQL_C_DEFAULT) /* bound field by field: SQLBindParameter never leaves it so */
        c_type = ca_c_type_default(statement->ipd->records[marker].concise_type);
    SQLLEN fixed = ca_c_type_octets(c_type);
    size_t data_stride = row ? row : (size_t)(fixed > 0 ? fixed : application->octet_length);
    size_t length_stride = row ? row : sizeof(SQLLEN);
    return (struct ca_bound){.application = application,
                             .own = &statement->ipd->records[marker],
                             .c_type = c_type,
                             .data = moved(application->data_ptr, offset, set * data_stride),
                             .length = moved(application->octet_length_ptr, offset, set * length_stride),
                             .indicator = moved(application->indicator_ptr, offset, set * length_stride)};
}

SQLLEN ca_bound_length(const struct ca_bound *bound)
{
    if (bound->indicator && *bound->indicator == SQL_NULL_DATA)
        return SQL_NULL_DATA;
    return bound->length ? *bound->length : SQL_NTS;
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
SQLRETURN ca_bound_write(struct ca_statement *statement, struct ca_buffer *json, const struct ca_bound *bound,
                         SQLSMALLINT sql_type, SQLULEN set, unsigned marker)
{
    bool exact = sql_type == SQL_DECIMAL || sql_type == SQL_NUMERIC;
    struct ca_parameter parameter = {.c_type = bound->c_type,
                                     .sql_type = sql_type,
                                     .column_size =
                                         exact ? (SQLULEN)bound->own->precision : bound->own->length,
                                     .decimal_digits = bound->own->scale,
                                     .precision = bound->application->precision,
                                     .scale = bound->application->scale};
    const void *data = bound->data;
    SQLLEN length = SQL_NULL_DATA;
    if (bound->application->type == SQL_INTERVAL)
        parameter.scale = bound->application->precision;
    if (bound->own->parameter_type != SQL_PARAM_OUTPUT)
        length = ca_bound_length(bound);
    if (length == SQL_DEFAULT_PARAM)
        return ca_post_cell(&statement->handle, "07S01", NULL, (SQLLEN)set + 1, (SQLINTEGER)marker);
    if (ca_is_data_at_execution(length))
        length = ca_put_value(statement, set, marker, &data);
    if (!data && length != SQL_NULL_DATA)
        return ca_post_cell(&statement->handle, "HY009", NULL, (SQLLEN)set + 1, (SQLINTEGER)marker);
    enum ca_conversion conversion = ca_parameter_write(json, &parameter, data, length);
    if (conversion >= CA_CONVERT_FIRST_ERROR)
        return refuse(statement, conversion, set, marker);
    if (conversion != CA_CONVERTED)
        refuse(statement, conversion, set, marker);
    return SQL_SUCCESS;
}

/* This runs for every parameter of every set: no format is read here. */
static void add_unsigned(struct ca_buffer *json, unsigned value)
{
    char digits[12];
    char *at = digits + sizeof digits;
    do
        *--at = (char)('0' + value % 10);
    while (value /= 10);
    ca_buffer_add(json, at, (size_t)(digits + sizeof digits - at));
}

static void write_name(const struct ca_statement *statement, struct ca_buffer *json, unsigned marker,
                       int code)
{
    static const char type[] = "\":{\"dataType\":";
    static const char value[] = ",\"value\":";
    ca_buffer_add(json, marker == 1 ? "\"@" : ",\"@", marker == 1 ? 2 : 3);
    ca_buffer_add_text(json, statement->sql.prefix);
    add_unsigned(json, marker);
    ca_buffer_add(json, type, sizeof type - 1);
    add_unsigned(json, (unsigned)code);
    ca_buffer_add(json, value, sizeof value - 1);
}

SQLRETURN ca_parameters_write(struct ca_statement *statement, struct ca_buffer *json, SQLULEN set)
{
    ca_buffer_add_char(json, '{');
    for (unsigned i = 1; i <= statement->sql.markers; i++) {
        struct ca_bound bound = ca_parameter_bound(statement, i, set);
        write_name(statement, json, i, ca_type_code_of_sql(bound.own->concise_type));
        SQLRETURN result = ca_bound_write(statement, json, &bound, bound.own->concise_type, set, i);
        if (result == SQL_ERROR)
            return result;
        ca_buffer_add_char(json, '}');
    }
    ca_buffer_add_char(json, '}');
    return json->failure ? ca_post_state(&statement->handle, "HY001") : SQL_SUCCESS;
}

bool ca_parameters_write_nulls(const struct ca_statement *statement, struct ca_buffer *json)
{
    ca_buffer_add_char(json, '{');
    for (unsigned i = 1; i <= statement->sql.markers; i++) {
        bool known = (int)i <= statement->ipd->count && statement->ipd->records[i].concise_type;
        int code = known ? ca_type_code_of_sql(statement->ipd->records[i].concise_type) : CA_TYPE_VARCHAR;
        write_name(statement, json, i, code ? code : CA_TYPE_VARCHAR);
        ca_buffer_add_text(json, "null}");
    }
    ca_buffer_add_char(json, '}');
    return !json->failure;
}
