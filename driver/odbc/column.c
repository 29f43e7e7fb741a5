#include "odbc/column.h"

#include <stddef.h>

#include "odbc/result.h"
#include "odbc/inner.h"
#include "odbc/parameters.h"

/* ---- the view ---- */

void ca_column_view(const struct ca_statement *statement, unsigned number, struct ca_column_view *view)
{
    static const struct ca_column bookmark = {.catalog = (char *)"",
                                              .schema = (char *)"",
                                              .table = (char *)"",
                                              .name = (char *)"",
                                              .label = (char *)"",
                                              .type_name = (char *)"",
                                              .spec = {.code = CA_TYPE_BINARY, .length = sizeof(uint64_t)},
                                              .nullable = SQL_NO_NULLS};
    const struct ca_column *column = number ? &statement->columns->items[number - 1] : &bookmark;
    const struct ca_type *type = ca_type_find(column->spec.code);
    bool odbc2 = statement->connection->odbc2;
    struct ca_type_description d;
    ca_type_describe(&column->spec, &statement->connection->types, &d);
    *view = (struct ca_column_view){.label = column->label,
                                    .name = column->name,
                                    .table = column->table,
                                    .schema = column->schema,
                                    .catalog = column->catalog,
                                    .type_name = *column->type_name ? column->type_name : type->name,
                                    .prefix = type->prefix ? type->prefix : "",
                                    .suffix = type->suffix ? type->suffix : "",
                                    .auto_unique = SQL_FALSE,
                                    .case_sensitive = type->case_sensitive,
                                    .concise_type = odbc2 ? ca_type_odbc2(d.concise_type) : d.concise_type,
                                    .verbose_type = d.verbose_type,
                                    .datetime_code = d.datetime_code,
                                    .display_size = d.display_size,
                                    .fixed_scale = SQL_FALSE,
                                    .length = (SQLLEN)d.column_size,
                                    .column_size = (SQLLEN)d.column_size,
                                    .nullable = column->nullable,
                                    .radix = d.radix,
                                    .octet_length = d.octet_length,
                                    .precision = d.precision,
                                    .scale = d.scale,
                                    .digits = d.decimal_digits,
                                    .searchable = type->searchable,
                                    .unnamed = *column->label ? SQL_NAMED : SQL_UNNAMED,
                                    .is_unsigned = !type->numeric,
                                    .updatable = SQL_ATTR_READWRITE_UNKNOWN,
                                    .rowver = SQL_FALSE};
}

#define T(member) true, offsetof(struct ca_column_view, member)
#define N(member) false, offsetof(struct ca_column_view, member)

static const struct {
    SQLSMALLINT field;
    bool text;
    size_t offset;
} fields[] = {
    {SQL_DESC_AUTO_UNIQUE_VALUE, N(auto_unique)},
    {SQL_DESC_BASE_COLUMN_NAME, T(name)},
    {SQL_DESC_BASE_TABLE_NAME, T(table)},
    {SQL_DESC_CASE_SENSITIVE, N(case_sensitive)},
    {SQL_DESC_CATALOG_NAME, T(catalog)},
    {SQL_DESC_CONCISE_TYPE, N(concise_type)},
    {SQL_DESC_DATETIME_INTERVAL_CODE, N(datetime_code)},
    {SQL_DESC_DATETIME_INTERVAL_PRECISION, N(interval_precision)},
    {SQL_DESC_DISPLAY_SIZE, N(display_size)},
    {SQL_DESC_FIXED_PREC_SCALE, N(fixed_scale)},
    {SQL_DESC_LABEL, T(label)},
    {SQL_DESC_LENGTH, N(length)},
    {SQL_DESC_LITERAL_PREFIX, T(prefix)},
    {SQL_DESC_LITERAL_SUFFIX, T(suffix)},
    {SQL_DESC_LOCAL_TYPE_NAME, T(type_name)},
    {SQL_DESC_NAME, T(label)},
    {SQL_DESC_NULLABLE, N(nullable)},
    {SQL_DESC_NUM_PREC_RADIX, N(radix)},
    {SQL_DESC_OCTET_LENGTH, N(octet_length)},
    {SQL_DESC_PRECISION, N(precision)},
    {SQL_DESC_ROWVER, N(rowver)},
    {SQL_DESC_SCALE, N(scale)},
    {SQL_DESC_SCHEMA_NAME, T(schema)},
    {SQL_DESC_SEARCHABLE, N(searchable)},
    {SQL_DESC_TABLE_NAME, T(table)},
    {SQL_DESC_TYPE, N(verbose_type)},
    {SQL_DESC_TYPE_NAME, T(type_name)},
    {SQL_DESC_UNNAMED, N(unnamed)},
    {SQL_DESC_UNSIGNED, N(is_unsigned)},
    {SQL_DESC_UPDATABLE, N(updatable)},
    /* the names of ODBC 2 */
    {SQL_COLUMN_NAME, T(label)},
    {SQL_COLUMN_LENGTH, N(octet_length)},
    {SQL_COLUMN_PRECISION, N(column_size)},
    {SQL_COLUMN_SCALE, N(digits)},
    {SQL_COLUMN_NULLABLE, N(nullable)},
};

bool ca_column_field(const struct ca_column_view *view, SQLSMALLINT field, const char **text, SQLLEN *number)
{
    *text = NULL;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (fields[i].field != field)
            continue;
        const char *place = (const char *)view + fields[i].offset;
        if (fields[i].text)
            *text = *(const char *const *)(const void *)place;
        else
            *number = *(const SQLLEN *)(const void *)place;
        return true;
    }
    return false;
}

/* ---- before execution ---- */

static bool gives_rows(const struct ca_statement *statement)
{
    return statement->sql.kind == CA_SQL_SELECT;
}

/* Takes the columns out of the reply: they outlive it. */
static void keep_columns(struct ca_statement *statement)
{
    struct ca_reply *reply = &statement->reply;
    ca_columns_free(&statement->prepared_columns);
    statement->prepared_columns = reply->columns;
    reply->columns = (struct ca_columns){NULL, 0};
    reply->has_columns = false;
    statement->described = true;
    statement->columns = statement->prepared_columns.count ? &statement->prepared_columns : NULL;
}

static SQLRETURN ask_schema(struct ca_statement *statement)
{
    struct ca_request request = {.path = "query",
                                 .text = statement->sql.text,
                                 .octets = statement->sql.octets,
                                 .schema_only = true,
                                 .repeatable = true};
    SQLRETURN result = SQL_SUCCESS;
    ca_buffer_clear(&statement->parameters);
    if (statement->sql.markers && !ca_parameters_write_nulls(statement))
        return ca_post_state(&statement->handle, "HY001");
    request.parameters = statement->parameters.data;
    request.parameters_octets = statement->parameters.length;
    ca_cancel_reset(&statement->cancel);
    if (ca_request_send(statement, &request) == CA_NEXT_FAILED) {
        result = ca_post_copy(&statement->handle, &statement->reply.error);
    } else {
        keep_columns(statement);
        if (ca_reply_next_result(&statement->reply) == CA_NEXT_FAILED)
            result = ca_post_copy(&statement->handle, &statement->reply.error);
        statement->described = result == SQL_SUCCESS;
    }
    ca_reply_close(&statement->reply);
    return result;
}

SQLRETURN ca_columns_ready(struct ca_statement *statement)
{
    if (statement->state != CA_STATE_PREPARED || statement->described || !gives_rows(statement))
        return SQL_SUCCESS;
    return ask_schema(statement);
}

/* ---- functions ---- */

SQLRETURN ca_odbc_num_result_cols(struct ca_statement *statement, SQLSMALLINT *count)
{
    if (ca_columns_ready(statement) == SQL_ERROR)
        return SQL_ERROR;
    if (count)
        *count = statement->columns ? (SQLSMALLINT)statement->columns->count : 0;
    return SQL_SUCCESS;
}

/* SQL_SUCCESS if that column can be described. */
static SQLRETURN check_column(struct ca_statement *statement, SQLUSMALLINT number)
{
    if (ca_columns_ready(statement) == SQL_ERROR)
        return SQL_ERROR;
    if (!statement->columns)
        return ca_post_state(&statement->handle, "07005");
    bool bookmark = number == 0 && statement->use_bookmarks != SQL_UB_OFF;
    if ((number == 0 && !bookmark) || number > statement->columns->count)
        return ca_post_state(&statement->handle, "07009");
    return SQL_SUCCESS;
}

SQLRETURN ca_odbc_describe_col(struct ca_statement *statement, SQLUSMALLINT number,
                               const struct ca_text_out *name, SQLSMALLINT *type, SQLULEN *size,
                               SQLSMALLINT *digits, SQLSMALLINT *nullable)
{
    struct ca_column_view view;
    SQLRETURN result = check_column(statement, number);
    if (result != SQL_SUCCESS)
        return result;
    ca_column_view(statement, number, &view);
    if (type)
        *type = (SQLSMALLINT)view.concise_type;
    if (size)
        *size = (SQLULEN)view.column_size;
    if (digits)
        *digits = (SQLSMALLINT)view.digits;
    if (nullable)
        *nullable = (SQLSMALLINT)view.nullable;
    return ca_text_write(&statement->handle, name, view.label);
}

SQLRETURN ca_odbc_col_attribute(struct ca_statement *statement, SQLUSMALLINT number, SQLUSMALLINT field,
                                SQLPOINTER buffer, SQLSMALLINT capacity, SQLSMALLINT *length,
                                SQLLEN *number_out, bool wide)
{
    struct ca_column_view view;
    const char *text = NULL;
    SQLLEN value = 0;
    if (field == SQL_DESC_COUNT || field == SQL_COLUMN_COUNT) {
        SQLSMALLINT count = 0;
        SQLRETURN counted = ca_odbc_num_result_cols(statement, &count);
        if (number_out)
            *number_out = count;
        return counted;
    }
    SQLRETURN result = check_column(statement, number);
    if (result != SQL_SUCCESS)
        return result;
    ca_column_view(statement, number, &view);
    if (!ca_column_field(&view, (SQLSMALLINT)field, &text, &value))
        return ca_post_state(&statement->handle, "HY091");
    if (text) {
        struct ca_text_out out = {buffer, capacity, length, sizeof *length, wide, true};
        return ca_text_write(&statement->handle, &out, text);
    }
    if (number_out)
        *number_out = value;
    return SQL_SUCCESS;
}
