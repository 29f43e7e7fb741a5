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
static bool complete_name(struct ca_statement *statement)
{
    struct ca_sql_name *name = &statement->called.name;
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

static SQLRETURN write_marker(struct ca_statement *statement, unsigned marker, SQLULEN set,
                              const struct listed *parameter)
{
    struct ca_type_description description;
    struct ca_bound bound = statement->bounds.items[marker - 1];
    ca_type_describe(&parameter->spec, &statement->connection->types, &description);
    bound.parameter.sql_type = description.concise_type;
    bound.plan = ca_parameter_plan(&bound.parameter);
    return ca_bound_write(statement, &bound, set, marker);
}

static SQLRETURN write_literal(struct ca_statement *statement, const struct ca_sql_argument *argument,
                               const struct listed *parameter)
{
    struct ca_type_description description;
    ca_type_describe(&parameter->spec, &statement->connection->types, &description);
    struct ca_parameter literal = {.c_type = SQL_C_CHAR, .sql_type = description.concise_type};
    enum ca_conversion conversion =
        ca_parameter_write(&statement->parameters, &literal, argument->text, (SQLLEN)argument->octets);
    if (conversion < CA_CONVERT_FIRST_ERROR)
        return SQL_SUCCESS;
    return ca_post(&statement->handle, ca_conversion_state(conversion), "The argument %s of the call: %s",
                   argument->text, ca_conversion_text(conversion));
}

/* Whether the procedure is to take its own value: such an argument is left out. */
static bool is_default(const struct ca_statement *statement, SQLULEN set,
                       const struct ca_sql_argument *argument)
{
    if (!argument || argument->kind == CA_SQL_ARGUMENT_DEFAULT)
        return true;
    if (argument->kind != CA_SQL_ARGUMENT_MARKER)
        return false;
    return ca_bound_length(&statement->bounds.items[argument->marker - 1], set) == SQL_DEFAULT_PARAM;
}

static void write_member_name(struct ca_buffer *json, const struct listed *parameter)
{
    struct ca_buffer name = CA_BUFFER_INIT(1 << 16);
    bool at = parameter->name.octets && parameter->name.text[0] == '@';
    ca_buffer_add_format(&name, "%s%.*s", at ? "" : "@", (int)parameter->name.octets, parameter->name.text);
    if (json->data[json->length - 1] != '{')
        ca_buffer_add_char(json, ',');
    ca_json_write_text(json, ca_buffer_text(&name), name.length);
    ca_buffer_free(&name);
}

/* One member of `parameters`. */
static SQLRETURN write_parameter(struct ca_statement *statement, SQLULEN set, const struct listed *parameter,
                                 const struct ca_sql_argument *argument)
{
    struct ca_buffer *json = &statement->parameters;
    bool output = parameter->direction == SQL_PARAM_OUTPUT || parameter->direction == SQL_RETURN_VALUE;
    if (!output && is_default(statement, set, argument))
        return SQL_SUCCESS;
    write_member_name(json, parameter);
    ca_buffer_add_format(json,
                         ":{\"direction\":%lld,\"dataType\":%d,\"value\":", (long long)parameter->direction,
                         parameter->spec.code ? parameter->spec.code : CA_TYPE_VARCHAR);
    SQLRETURN result = SQL_SUCCESS;
    if (output || argument->kind == CA_SQL_ARGUMENT_NULL)
        ca_buffer_add_text(json, "null");
    else if (argument->kind == CA_SQL_ARGUMENT_MARKER)
        result = write_marker(statement, argument->marker, set, parameter);
    else
        result = write_literal(statement, argument, parameter);
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

static struct walk walk_parameters(const struct ca_statement *statement)
{
    return (struct walk){.listing = statement->called.listing, .name = &statement->called.name, .last = -1};
}

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

SQLRETURN ca_procedure_write(struct ca_statement *statement, SQLULEN set)
{
    const struct ca_sql_call *call = statement->sql.call;
    struct ca_buffer *json = &statement->parameters;
    struct walk walk = walk_parameters(statement);
    struct listed parameter;
    size_t place;
    SQLRETURN result = SQL_SUCCESS;
    if (!ca_buffer_add_char(json, '{'))
        return ca_post_state(&statement->handle, "HY001");
    while (result != SQL_ERROR && next_listed(&walk, &parameter, &place))
        result = write_parameter(statement, set, &parameter, find_argument(call, &parameter, place));
    ca_buffer_add_char(json, '}');
    if (result == SQL_ERROR)
        return result;
    if (call->count > walk.place && walk.last >= 0)
        return ca_post(&statement->handle, "42000", "The call gives %zu arguments; %s takes %zu.",
                       call->count, statement->called.name.name, walk.place);
    return json->failure ? ca_post_state(&statement->handle, "HY001") : SQL_SUCCESS;
}

/* The marker that stands for a listed parameter; 0: none does. */
static unsigned marker_of(const struct ca_sql_call *call, const struct listed *parameter, size_t place)
{
    if (parameter->direction == SQL_RETURN_VALUE)
        return call->has_return ? 1 : 0;
    const struct ca_sql_argument *argument = find_argument(call, parameter, place);
    return argument && argument->kind == CA_SQL_ARGUMENT_MARKER ? argument->marker : 0;
}

bool ca_procedure_describe(struct ca_statement *statement, unsigned marker,
                           struct ca_type_description *description)
{
    struct listed parameter;
    size_t place;
    bool found = false;
    if (ca_procedure_begin(statement) == SQL_ERROR) {
        ca_diagnostics_clear(&statement->handle.diagnostics);
        return false;
    }
    struct walk walk = walk_parameters(statement);
    while (!found && next_listed(&walk, &parameter, &place))
        found = marker_of(statement->sql.call, &parameter, place) == marker;
    if (found)
        ca_type_describe(&parameter.spec, &statement->connection->types, description);
    ca_procedure_drop(statement);
    return found;
}

/* ---- execution ---- */

SQLRETURN ca_procedure_begin(struct ca_statement *statement)
{
    struct ca_called *called = &statement->called;
    ca_procedure_drop(statement);
    if (complete_name(statement))
        called->listing = ask_parameters(statement, &called->name);
    if (called->listing)
        adopt_name(called->listing, &called->name);
    return called->listing ? SQL_SUCCESS : SQL_ERROR;
}

void ca_procedure_drop(struct ca_statement *statement)
{
    struct ca_called *called = &statement->called;
    ca_sql_name_free(&called->name);
    ca_listing_release(called->listing);
    *called = (struct ca_called){.listing = NULL};
}

SQLRETURN ca_procedure_send(struct ca_statement *statement, const char *json, size_t octets)
{
    struct ca_buffer text = CA_BUFFER_INIT(1 << 20);
    if (!write_name(&text, &statement->called.name)) {
        ca_buffer_free(&text);
        return ca_post_state(&statement->handle, "HY001");
    }
    struct ca_request request = {.path = "exec",
                                 .text = text.data,
                                 .octets = text.length,
                                 .parameters = json,
                                 .parameters_octets = octets};
    SQLRETURN result = ca_result_open(statement, ca_request_send(statement, &request));
    statement->called.outputs_due = SQL_SUCCEEDED(result);
    bool last = statement->state == CA_STATE_EXECUTED && !statement->more_results;
    if (SQL_SUCCEEDED(result) && last && ca_procedure_outputs(statement) == SQL_ERROR)
        result = SQL_ERROR;
    ca_buffer_free(&text);
    return result;
}

/* ---- outputs ---- */

/* Puts one value where its marker is bound. */
static SQLRETURN store(struct ca_statement *statement, unsigned marker, const struct ca_cell *cell, int code)
{
    SQLULEN set = statement->sets.current;
    if ((int)marker > statement->apd->count)
        return SQL_SUCCESS; /* unbound since it was executed */
    struct ca_bound bound = ca_bound_read(statement, marker);
    SQLLEN *length = ca_bound_length_place(&bound, set);
    SQLLEN *indicator = ca_bound_indicator_place(&bound, set);
    void *data = ca_bound_data(&bound, set);
    if (bound.direction != SQL_PARAM_OUTPUT && bound.direction != SQL_PARAM_INPUT_OUTPUT)
        return SQL_SUCCESS;
    if (cell->kind == CA_CELL_NULL) {
        if (!indicator)
            return ca_post_cell(&statement->handle, "22002", NULL, (SQLLEN)set + 1, (SQLINTEGER)marker);
        *indicator = SQL_NULL_DATA;
        return SQL_SUCCESS;
    }
    const struct ca_descriptor_record *record = &statement->apd->records[marker];
    struct ca_target target = {.capacity = record->octet_length,
                               .text_scale = statement->connection->types.timestamp_scale};
    ca_target_precision(&target, record);
    ca_converter *convert = ca_converter_find(code, bound.parameter.c_type);
    SQLLEN fixed = ca_c_type_octets(bound.parameter.c_type);
    SQLLEN octets = fixed;
    if (!convert)
        return ca_post_cell(&statement->handle, "07006", NULL, (SQLLEN)set + 1, (SQLINTEGER)marker);
    enum ca_conversion conversion = CA_CONVERTED;
    if (data || !fixed)
        conversion = convert(cell, &target, data, &octets, NULL);
    if (indicator != length && indicator)
        *indicator = 0;
    if (length)
        *length = octets;
    if (conversion == CA_CONVERTED)
        return SQL_SUCCESS;
    return ca_post_cell(&statement->handle, ca_conversion_state(conversion), ca_conversion_text(conversion),
                        (SQLLEN)set + 1, (SQLINTEGER)marker);
}

static bool same_name(struct ca_cell a, struct ca_cell b)
{
    size_t skip_a = a.octets && a.text[0] == '@';
    size_t skip_b = b.octets && b.text[0] == '@';
    return ca_text_compare_fold(a.text + skip_a, a.octets - skip_a, b.text + skip_b, b.octets - skip_b) == 0;
}

static SQLRETURN store_all(struct ca_statement *statement, const struct ca_listing *outputs)
{
    struct walk walk = walk_parameters(statement);
    struct listed parameter;
    size_t place;
    SQLRETURN result = SQL_SUCCESS;
    while (next_listed(&walk, &parameter, &place)) {
        unsigned marker = marker_of(statement->sql.call, &parameter, place);
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
    if (!statement->called.outputs_due)
        return SQL_SUCCESS;
    statement->called.outputs_due = false;
    struct ca_listing *outputs = ca_listing_of_parameters(&statement->reply, &error);
    if (!outputs)
        return ca_post_error(&statement->handle, &error);
    SQLRETURN result = store_all(statement, outputs);
    ca_listing_release(outputs);
    return result;
}
