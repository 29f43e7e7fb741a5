#include "odbc/procedure.h"

#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "data/parameter.h"
#include "odbc/bind.h"
#include "odbc/catalog.h"
#include "odbc/result.h"
#include "odbc/parameters.h"

/* A parameter as /procedureParameters lists it. */
struct listed {
    struct ca_cell name;
    int64_t direction; /* 1 in, 2 in and out, 4 out, 5 return value */
    struct ca_type_spec spec;
};

/* ---- the procedure ---- */

/* Catalog and schema of the call, with the connection's defaults. */
static bool complete_name(struct ca_statement *statement, struct ca_sql_name *name)
{
    const struct ca_sql_name *given = &statement->sql.call->procedure;
    const char *own_schema = ca_option_text(&statement->connection->options, CA_OPTION_DEFAULT_SCHEMA);
    char *own_catalog = ca_connection_catalog(statement->connection);
    name->name = ca_strdup(given->name);
    name->schema = given->schema ? ca_strdup(given->schema) : *own_schema ? ca_strdup(own_schema) : NULL;
    name->catalog = given->catalog ? ca_strdup(given->catalog) : NULL;
    if (!given->catalog && own_catalog && *own_catalog)
        name->catalog = ca_strdup(own_catalog);
    bool done = own_catalog && name->name;
    ca_free(own_catalog);
    return done || ca_post_state(&statement->handle, "HY001") == SQL_SUCCESS;
}

static bool same(struct ca_cell cell, const char *text)
{
    return !text || ca_text_compare_fold(cell.text, cell.octets, text, strlen(text)) == 0;
}

static bool is_about(const struct ca_listing *listing, size_t row, const struct ca_sql_name *name)
{
    return same(ca_listing_cell(listing, row, ca_listing_find(listing, ca_names_table)), name->name) &&
           same(ca_listing_cell(listing, row, ca_listing_find(listing, ca_names_schema)), name->schema) &&
           same(ca_listing_cell(listing, row, ca_listing_find(listing, ca_names_catalog)), name->catalog);
}

static struct ca_listing *ask_parameters(struct ca_statement *statement, const struct ca_sql_name *name)
{
    struct ca_metadata_filter filter = {name->catalog, name->schema, name->name};
    return ca_source_get(statement, CA_METADATA_PROCEDURE_PARAMETERS, &filter);
}

/* Fills in what the name lacks from the first row that fits. */
static void adopt_name(const struct ca_listing *listing, struct ca_sql_name *name)
{
    for (size_t row = 0; row < listing->rows; row++) {
        if (!is_about(listing, row, name))
            continue;
        struct ca_cell catalog = ca_listing_cell(listing, row, ca_listing_find(listing, ca_names_catalog));
        struct ca_cell schema = ca_listing_cell(listing, row, ca_listing_find(listing, ca_names_schema));
        if (!name->catalog && catalog.kind != CA_CELL_NULL)
            name->catalog = ca_strndup(catalog.text, catalog.octets);
        if (!name->schema && schema.kind != CA_CELL_NULL)
            name->schema = ca_strndup(schema.text, schema.octets);
        return;
    }
}

/* `Catalog.Schema.Procedure`; parts that are no plain words in brackets. */
static bool write_name(struct ca_buffer *text, const struct ca_sql_name *name)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    const char *const parts[] = {name->catalog, name->schema, name->name};
    for (int i = 0; i < 3; i++) {
        if (!parts[i])
            continue;
        if (text->length)
            ca_buffer_add_char(text, '.');
        if (parts[i][strspn(parts[i], plain)] == '\0')
            ca_buffer_add_text(text, parts[i]);
        else
            ca_sql_name_quote(text, parts[i], strlen(parts[i]));
    }
    return !text->failure;
}

/* ---- arguments ---- */

/* The argument for a listed parameter: by name, or by its place among those that are no return value. */
static const struct ca_sql_argument *find_argument(const struct ca_sql_call *call,
                                                   const struct listed *parameter, size_t place)
{
    const char *name = parameter->name.text;
    size_t octets = parameter->name.octets;
    if (octets && *name == '@') {
        name++;
        octets--;
    }
    for (size_t i = 0; i < call->count; i++)
        if (call->arguments[i].name &&
            ca_text_compare_fold(call->arguments[i].name, strlen(call->arguments[i].name), name, octets) == 0)
            return &call->arguments[i];
    bool positional = place < call->count && !call->arguments[place].name;
    return positional ? &call->arguments[place] : NULL;
}

static SQLRETURN write_marker(struct ca_statement *statement, struct ca_buffer *json, unsigned marker,
                              const struct listed *parameter)
{
    struct ca_type_description description;
    struct ca_bound bound = ca_parameter_bound(statement, marker, 0);
    ca_type_describe(&parameter->spec, &statement->connection->types, &description);
    return ca_bound_write(statement, json, &bound, description.concise_type, 0, marker);
}

static SQLRETURN write_literal(struct ca_statement *statement, struct ca_buffer *json,
                               const struct ca_sql_argument *argument, const struct listed *parameter)
{
    struct ca_type_description description;
    ca_type_describe(&parameter->spec, &statement->connection->types, &description);
    struct ca_parameter literal = {.c_type = SQL_C_CHAR, .sql_type = description.concise_type};
    enum ca_conversion conversion =
        ca_parameter_write(json, &literal, argument->text, (SQLLEN)argument->octets);
    if (conversion < CA_CONVERT_FIRST_ERROR)
        return SQL_SUCCESS;
    return ca_post(&statement->handle, ca_conversion_state(conversion), "The argument %s of the call: %s",
                   argument->text, ca_conversion_text(conversion));
}

/* One member of `parameters`; a default argument is left out. */
static SQLRETURN write_parameter(struct ca_statement *statement, struct ca_buffer *json,
                                 const struct listed *parameter, const struct ca_sql_argument *argument)
{
    bool output = parameter->direction == SQL_PARAM_OUTPUT || parameter->direction == SQL_RETURN_VALUE;
    if (!output && (!argument || argument->kind == CA_SQL_ARGUMENT_DEFAULT))
        return SQL_SUCCESS;
    if (argument && argument->kind == CA_SQL_ARGUMENT_MARKER && !output) {
        struct ca_bound bound = ca_parameter_bound(statement, argument->marker, 0);
        if (ca_bound_length(&bound) == SQL_DEFAULT_PARAM)
            return SQL_SUCCESS;
    }
    bool at = parameter->name.octets && parameter->name.text[0] == '@';
    struct ca_buffer name = CA_BUFFER_INIT(1 << 16);
    ca_buffer_add_format(&name, "%s%.*s", at ? "" : "@", (int)parameter->name.octets, parameter->name.text);
    ca_buffer_add_text(json, json->length > 1 ? "," : "");
    ca_json_write_text(json, ca_buffer_text(&name), name.length);
    ca_buffer_free(&name);
    ca_buffer_add_format(json,
                         ":{\"direction\":%lld,\"dataType\":%d,\"value\":", (long long)parameter->direction,
                         parameter->spec.code ? parameter->spec.code : CA_TYPE_VARCHAR);
    SQLRETURN result = SQL_SUCCESS;
    if (output || argument->kind == CA_SQL_ARGUMENT_NULL)
        ca_buffer_add_text(json, "null");
    else if (argument->kind == CA_SQL_ARGUMENT_MARKER)
        result = write_marker(statement, json, argument->marker, parameter);
    else
        result = write_literal(statement, json, argument, parameter);
    ca_buffer_add_char(json, '}');
    return result;
}

static struct listed listed_at(const struct ca_listing *listing, size_t row)
{
    struct ca_type_places places = ca_listing_type_places(listing);
    return (struct listed){
        .name =
            ca_listing_cell(listing, row, ca_listing_find(listing, "PARAM_NAME,ParameterName,COLUMN_NAME")),
        .direction = ca_cell_integer(
            ca_listing_cell(listing, row, ca_listing_find(listing, "PARAM_TYPE,Direction")), SQL_PARAM_INPUT),
        .spec = ca_listing_type(listing, row, &places)};
}

/* Rows of the procedure in the order of their ordinals, one after another: calls `visit` for each. */
struct walk {
    const struct ca_listing *listing;
    const struct ca_sql_name *name;
    int64_t last; /* ordinal visited last */
    size_t place; /* arguments passed so far */
};

/* The next parameter; false at the end. *place is its position among the arguments. */
static bool next_listed(struct walk *walk, struct listed *parameter, size_t *place)
{
    int at = ca_listing_find(walk->listing, "ORDINAL_POSITION,Ordinal");
    int64_t best = INT64_MAX;
    size_t best_row = 0;
    for (size_t row = 0; row < walk->listing->rows; row++) {
        int64_t ordinal = ca_cell_integer(ca_listing_cell(walk->listing, row, at), (int64_t)row + 1);
        if (ordinal > walk->last && ordinal < best && is_about(walk->listing, row, walk->name)) {
            best = ordinal;
            best_row = row;
        }
    }
    if (best == INT64_MAX)
        return false;
    walk->last = best;
    *parameter = listed_at(walk->listing, best_row);
    *place = parameter->direction == SQL_RETURN_VALUE ? SIZE_MAX : walk->place++;
    return true;
}

static SQLRETURN write_arguments(struct ca_statement *statement, const struct ca_listing *listing,
                                 const struct ca_sql_name *name)
{
    const struct ca_sql_call *call = statement->sql.call;
    struct ca_buffer *json = &statement->parameters;
    struct walk walk = {.listing = listing, .name = name, .last = -1};
    struct listed parameter;
    size_t place;
    SQLRETURN result = SQL_SUCCESS;
    ca_buffer_clear(json);
    ca_buffer_add_char(json, '{');
    while (result != SQL_ERROR && next_listed(&walk, &parameter, &place))
        result = write_parameter(statement, json, &parameter, find_argument(call, &parameter, place));
    ca_buffer_add_char(json, '}');
    if (result == SQL_ERROR)
        return result;
    if (call->count > walk.place && walk.last >= 0)
        return ca_post(&statement->handle, "42000", "The call gives %zu arguments; %s takes %zu.",
                       call->count, name->name, walk.place);
    return json->failure ? ca_post_state(&statement->handle, "HY001") : SQL_SUCCESS;
}

/* ---- execution ---- */

static SQLRETURN send_call(struct ca_statement *statement, const struct ca_sql_name *name)
{
    struct ca_buffer text = CA_BUFFER_INIT(1 << 20);
    if (!write_name(&text, name)) {
        ca_buffer_free(&text);
        return ca_post_state(&statement->handle, "HY001");
    }
    struct ca_request request = {.path = "exec", .text = text.data, .octets = text.length};
    SQLRETURN result = ca_result_open(statement, ca_request_send(statement, &request));
    ca_buffer_free(&text);
    return result;
}

SQLRETURN ca_procedure_execute(struct ca_statement *statement)
{
    struct ca_sql_name name = {NULL, NULL, NULL};
    struct ca_listing *listing = NULL;
    SQLRETURN result = SQL_ERROR;
    if (statement->sql.markers && statement->apd->array_size > 1)
        return ca_post(&statement->handle, "HYC00", "Arrays of parameters do not work with procedure calls.");
    if (complete_name(statement, &name))
        listing = ask_parameters(statement, &name);
    if (listing) {
        adopt_name(listing, &name);
        result = write_arguments(statement, listing, &name);
    }
    if (result == SQL_SUCCESS)
        result = send_call(statement, &name);
    ca_listing_release(statement->outputs_of);
    statement->outputs_of = result == SQL_ERROR ? NULL : ca_listing_retain(listing);
    ca_listing_release(listing);
    ca_sql_name_free(&name);
    if (SQL_SUCCEEDED(result) && statement->state == CA_STATE_EXECUTED && !statement->more_results &&
        ca_procedure_outputs(statement) == SQL_ERROR)
        result = SQL_ERROR;
    return result;
}

/* ---- outputs ---- */

/* Puts one value where its marker is bound. */
static SQLRETURN store(struct ca_statement *statement, unsigned marker, const struct ca_cell *cell, int code)
{
    struct ca_bound bound = ca_parameter_bound(statement, marker, 0);
    SQLSMALLINT direction = bound.own->parameter_type;
    if (direction != SQL_PARAM_OUTPUT && direction != SQL_PARAM_INPUT_OUTPUT)
        return SQL_SUCCESS;
    if (cell->kind == CA_CELL_NULL) {
        if (!bound.indicator)
            return ca_post_cell(&statement->handle, "22002", NULL, 1, (SQLINTEGER)marker);
        *bound.indicator = SQL_NULL_DATA;
        return SQL_SUCCESS;
    }
    const struct ca_descriptor_record *record = bound.application;
    struct ca_target target = {.capacity = record->octet_length,
                               .text_scale = statement->connection->types.timestamp_scale};
    ca_target_precision(&target, record);
    ca_converter *convert = ca_converter_find(code, record->concise_type);
    SQLLEN fixed = ca_c_type_octets(record->concise_type);
    SQLLEN octets = fixed;
    if (!convert)
        return ca_post_cell(&statement->handle, "07006", NULL, 1, (SQLINTEGER)marker);
    enum ca_conversion conversion = CA_CONVERTED;
    if (bound.data || !fixed)
        conversion = convert(cell, &target, bound.data, &octets, NULL);
    if (bound.indicator != bound.length && bound.indicator)
        *bound.indicator = 0;
    if (bound.length)
        *bound.length = octets;
    if (conversion == CA_CONVERTED)
        return SQL_SUCCESS;
    return ca_post_cell(&statement->handle, ca_conversion_state(conversion), ca_conversion_text(conversion),
                        1, (SQLINTEGER)marker);
}

static bool same_name(struct ca_cell a, struct ca_cell b)
{
    size_t skip_a = a.octets && a.text[0] == '@';
    size_t skip_b = b.octets && b.text[0] == '@';
    return ca_text_compare_fold(a.text + skip_a, a.octets - skip_a, b.text + skip_b, b.octets - skip_b) == 0;
}

static SQLRETURN store_all(struct ca_statement *statement, const struct ca_listing *outputs,
                           const struct ca_sql_name *name)
{
    const struct ca_sql_call *call = statement->sql.call;
    struct walk walk = {.listing = statement->outputs_of, .name = name, .last = -1};
    struct listed parameter;
    size_t place;
    SQLRETURN result = SQL_SUCCESS;
    while (next_listed(&walk, &parameter, &place)) {
        bool returned = parameter.direction == SQL_RETURN_VALUE;
        const struct ca_sql_argument *argument = returned ? NULL : find_argument(call, &parameter, place);
        unsigned marker = returned && call->has_return ? 1 : 0;
        if (argument && argument->kind == CA_SQL_ARGUMENT_MARKER)
            marker = argument->marker;
        for (size_t row = 0; marker && row < outputs->rows; row++) {
            if (!same_name(ca_listing_cell(outputs, row, 0), parameter.name))
                continue;
            struct ca_cell value = ca_listing_cell(outputs, row, 2);
            int64_t code = ca_cell_integer(ca_listing_cell(outputs, row, 1), CA_TYPE_VARCHAR);
            SQLRETURN one = store(statement, marker, &value, (int)code);
            result = one == SQL_ERROR || result == SQL_ERROR ? SQL_ERROR : SQL_SUCCESS;
        }
    }
    return result;
}

SQLRETURN ca_procedure_outputs(struct ca_statement *statement)
{
    struct ca_error error = CA_ERROR_INIT;
    struct ca_sql_name name = {NULL, NULL, NULL};
    SQLRETURN result = SQL_ERROR;
    if (!statement->outputs_of || !statement->sql.call)
        return SQL_SUCCESS;
    struct ca_listing *outputs = ca_listing_of_parameters(&statement->reply, &error);
    if (!outputs)
        ca_post_error(&statement->handle, &error);
    else if (complete_name(statement, &name)) {
        adopt_name(statement->outputs_of, &name);
        result = store_all(statement, outputs, &name);
    }
    ca_sql_name_free(&name);
    ca_listing_release(outputs);
    ca_listing_release(statement->outputs_of);
    statement->outputs_of = NULL;
    return result;
}
