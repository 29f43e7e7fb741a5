/* SQLBindCol and SQLBindParameter: they write descriptors and nothing else. */
#include "data/convert.h"
#include "data/type.h"
#include "odbc/bind.h"
#include "odbc/inner.h"

SQLSMALLINT ca_c_type_current(SQLSMALLINT c_type)
{
    switch (c_type) {
    case SQL_C_DATE:
        return SQL_C_TYPE_DATE;
    case SQL_C_TIME:
        return SQL_C_TYPE_TIME;
    case SQL_C_TIMESTAMP:
        return SQL_C_TYPE_TIMESTAMP;
    default:
        return c_type;
    }
}

bool ca_c_type_is_valid(SQLSMALLINT c_type)
{
    return c_type == SQL_C_DEFAULT || ca_c_type_octets(c_type) >= 0;
}

void ca_target_precision(struct ca_target *target, const struct ca_descriptor_record *record)
{
    bool interval = record->type == SQL_INTERVAL;
    target->precision = interval ? (SQLSMALLINT)record->interval_precision : record->precision;
    target->scale = interval ? record->precision : record->scale;
}

SQLRETURN ca_odbc_bind_col(struct ca_statement *statement, SQLUSMALLINT column, SQLSMALLINT c_type,
                           SQLPOINTER data, SQLLEN capacity, SQLLEN *indicator)
{
    struct ca_handle *handle = &statement->handle;
    c_type = ca_c_type_current(c_type);
    if ((column == 0 && statement->use_bookmarks == SQL_UB_OFF) || column > INT16_MAX)
        return ca_post_state(handle, "07009");
    if (!ca_c_type_is_valid(c_type))
        return ca_post_state(handle, "HY003");
    if (capacity < 0)
        return ca_post_state(handle, "HY090");
    if (!data && !indicator && (SQLSMALLINT)column > statement->ard->count)
        return SQL_SUCCESS;
    struct ca_descriptor_record *record = ca_descriptor_record(statement->ard, (SQLSMALLINT)column);
    if (!record)
        return ca_post_state(handle, "HY001");
    ca_descriptor_set_type(record, c_type);
    record->octet_length = capacity;
    record->length = (SQLULEN)capacity;
    record->data_ptr = data;
    record->octet_length_ptr = record->indicator_ptr = indicator;
    if (!data && !indicator)
        ca_descriptor_trim(statement->ard);
    return SQL_SUCCESS;
}

static const char *check_parameter(SQLUSMALLINT number, SQLSMALLINT direction, SQLSMALLINT c_type,
                                   SQLSMALLINT sql_type, SQLLEN capacity)
{
    if (number == 0 || number > INT16_MAX)
        return "07009";
    if (direction != SQL_PARAM_INPUT && direction != SQL_PARAM_INPUT_OUTPUT && direction != SQL_PARAM_OUTPUT)
        return direction == SQL_PARAM_INPUT_OUTPUT_STREAM || direction == SQL_PARAM_OUTPUT_STREAM ? "HYC00"
                                                                                                  : "HY105";
    if (!ca_c_type_is_valid(c_type))
        return "HY003";
    if (ca_type_code_of_sql(sql_type) == 0)
        return "HY004";
    return capacity < 0 ? "HY090" : NULL;
}

SQLRETURN ca_odbc_bind_parameter(struct ca_statement *statement, SQLUSMALLINT number, SQLSMALLINT direction,
                                 SQLSMALLINT c_type, SQLSMALLINT sql_type, SQLULEN column_size,
                                 SQLSMALLINT digits, SQLPOINTER data, SQLLEN capacity, SQLLEN *indicator)
{
    struct ca_handle *handle = &statement->handle;
    c_type = ca_c_type_current(c_type);
    sql_type = ca_type_odbc3(sql_type);
    const char *state = check_parameter(number, direction, c_type, sql_type, capacity);
    if (!state && !data && !indicator && direction != SQL_PARAM_OUTPUT)
        state = "HY009";
    if (state)
        return ca_post_state(handle, state);
    struct ca_descriptor_record *own = ca_descriptor_record(statement->ipd, (SQLSMALLINT)number);
    struct ca_descriptor_record *application = ca_descriptor_record(statement->apd, (SQLSMALLINT)number);
    if (!own || !application)
        return ca_post_state(handle, "HY001");
    if (c_type == SQL_C_DEFAULT)
        c_type = ca_c_type_default(sql_type);
    ca_descriptor_set_type(application, c_type);
    application->octet_length = capacity;
    application->length = (SQLULEN)capacity;
    application->data_ptr = data;
    application->octet_length_ptr = application->indicator_ptr = indicator;
    ca_descriptor_set_type(own, sql_type);
    own->parameter_type = direction;
    own->length = column_size;
    own->precision = (SQLSMALLINT)(column_size > INT16_MAX ? INT16_MAX : column_size);
    own->scale = digits;
    if (own->type == SQL_DATETIME)
        own->precision = digits;
    return SQL_SUCCESS;
}
