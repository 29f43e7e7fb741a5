/* SQLGetTypeInfo: the rows of the type table. */
#include "odbc/catalog.h"
#include "odbc/inner.h"

static void add_type(struct ca_listing_writer *rows, const struct ca_type *type, bool odbc2)
{
    struct ca_type_description d;
    ca_type_describe_sql(type->sql_type, type->maximum_size, type->maximum_scale, &d);
    ca_rows_text(rows, type->name);
    ca_listing_add_integer(rows, odbc2 ? ca_type_odbc2(type->sql_type) : type->sql_type);
    ca_listing_add_integer(rows, (long long)type->maximum_size);
    ca_rows_text(rows, type->prefix);
    ca_rows_text(rows, type->suffix);
    ca_rows_text(rows, type->create_params);
    ca_listing_add_integer(rows, SQL_NULLABLE);
    ca_listing_add_integer(rows, type->case_sensitive);
    ca_listing_add_integer(rows, type->searchable);
    ca_rows_integer(rows, type->numeric, SQL_FALSE); /* UNSIGNED_ATTRIBUTE */
    ca_listing_add_integer(rows, SQL_FALSE);         /* FIXED_PREC_SCALE */
    ca_rows_integer(rows, type->numeric, SQL_FALSE); /* AUTO_UNIQUE_VALUE */
    ca_rows_text(rows, type->name);
    ca_rows_integer(rows, type->has_scale, type->minimum_scale);
    ca_rows_integer(rows, type->has_scale, type->maximum_scale);
    ca_listing_add_integer(rows, d.verbose_type);
    ca_rows_integer(rows, d.datetime_code != 0, d.datetime_code);
    ca_rows_integer(rows, type->radix != 0, type->radix);
    ca_listing_add_null(rows); /* INTERVAL_PRECISION */
}

SQLRETURN ca_odbc_get_type_info(struct ca_statement *statement, SQLSMALLINT type)
{
    struct ca_listing_writer rows;
    size_t count;
    const struct ca_type *types = ca_type_rows(&count);
    SQLSMALLINT wanted = ca_type_odbc3(type);
    ca_statement_reset(statement);
    if (type != SQL_ALL_TYPES && ca_type_code_of_sql(wanted) == 0 &&
        !(type >= SQL_INTERVAL_YEAR && type <= SQL_INTERVAL_MINUTE_TO_SECOND))
        return ca_post_state(&statement->handle, "HY004");
    ca_rows_begin(statement, &rows);
    for (size_t i = 0; i < count; i++)
        if (type == SQL_ALL_TYPES || types[i].sql_type == wanted)
            add_type(&rows, &types[i], statement->connection->odbc2);
    return ca_catalog_open(statement, CA_RESULT_TYPE_INFO, &rows, CA_ROWS_AS_ADDED);
}
