/* SQLGetDescField, SQLSetDescField, SQLGetDescRec, SQLSetDescRec. Rules: ODBC reference, SQLSetDescField,
 * "Initialization of descriptor fields" and "Consistency checks". */
#include <stddef.h>

#include "base/alloc.h"
#include "data/convert.h"
#include "data/type.h"
#include "odbc/attribute.h"
#include "odbc/bind.h"
#include "odbc/column.h"
#include "odbc/inner.h"

/* Which descriptors a field may be set on. */
enum { ON_ARD = 1, ON_APD = 2, ON_IRD = 4, ON_IPD = 8, ON_APPLICATION = ON_ARD | ON_APD };

struct field {
    SQLSMALLINT id;
    bool header;
    enum ca_width width;
    unsigned settable;
    unsigned readable;
    size_t offset;
};

#define HEADER(member) offsetof(struct ca_descriptor, member)
#define RECORD(member) offsetof(struct ca_descriptor_record, member)
#define ALL            (ON_ARD | ON_APD | ON_IRD | ON_IPD)

static const struct field fields[] = {
    {SQL_DESC_ARRAY_SIZE, true, CA_WIDTH_64, ON_APPLICATION, ON_APPLICATION, HEADER(array_size)},
    {SQL_DESC_ARRAY_STATUS_PTR, true, CA_WIDTH_POINTER, ALL, ALL, HEADER(array_status_ptr)},
    {SQL_DESC_BIND_OFFSET_PTR, true, CA_WIDTH_POINTER, ON_APPLICATION, ON_APPLICATION,
     HEADER(bind_offset_ptr)},
    {SQL_DESC_BIND_TYPE, true, CA_WIDTH_32, ON_APPLICATION, ON_APPLICATION, HEADER(bind_type)},
    {SQL_DESC_ROWS_PROCESSED_PTR, true, CA_WIDTH_POINTER, ON_IRD | ON_IPD, ON_IRD | ON_IPD,
     HEADER(rows_processed_ptr)},
    {SQL_DESC_CONCISE_TYPE, false, CA_WIDTH_16, ON_APPLICATION | ON_IPD, ALL, RECORD(concise_type)},
    {SQL_DESC_DATA_PTR, false, CA_WIDTH_POINTER, ON_APPLICATION | ON_IPD, ON_APPLICATION, RECORD(data_ptr)},
    {SQL_DESC_DATETIME_INTERVAL_CODE, false, CA_WIDTH_16, ON_APPLICATION | ON_IPD, ALL,
     RECORD(interval_code)},
    {SQL_DESC_DATETIME_INTERVAL_PRECISION, false, CA_WIDTH_32, ON_APPLICATION | ON_IPD, ALL,
     RECORD(interval_precision)},
    {SQL_DESC_INDICATOR_PTR, false, CA_WIDTH_POINTER, ON_APPLICATION, ON_APPLICATION, RECORD(indicator_ptr)},
    {SQL_DESC_LENGTH, false, CA_WIDTH_64, ON_APPLICATION | ON_IPD, ALL, RECORD(length)},
    {SQL_DESC_NULLABLE, false, CA_WIDTH_16, 0, ON_IRD | ON_IPD, RECORD(nullable)},
    {SQL_DESC_NUM_PREC_RADIX, false, CA_WIDTH_32, ON_APPLICATION | ON_IPD, ALL, RECORD(radix)},
    {SQL_DESC_OCTET_LENGTH, false, CA_WIDTH_64, ON_APPLICATION | ON_IPD, ALL, RECORD(octet_length)},
    {SQL_DESC_OCTET_LENGTH_PTR, false, CA_WIDTH_POINTER, ON_APPLICATION, ON_APPLICATION,
     RECORD(octet_length_ptr)},
    {SQL_DESC_PARAMETER_TYPE, false, CA_WIDTH_16, ON_IPD, ON_IPD, RECORD(parameter_type)},
    {SQL_DESC_PRECISION, false, CA_WIDTH_16, ON_APPLICATION | ON_IPD, ALL, RECORD(precision)},
    {SQL_DESC_SCALE, false, CA_WIDTH_16, ON_APPLICATION | ON_IPD, ALL, RECORD(scale)},
    {SQL_DESC_TYPE, false, CA_WIDTH_16, ON_APPLICATION | ON_IPD, ALL, RECORD(type)},
    {SQL_DESC_UNNAMED, false, CA_WIDTH_16, ON_IPD, ON_IRD | ON_IPD, RECORD(unnamed)},
};

static const struct field *find(SQLSMALLINT id)
{
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (fields[i].id == id)
            return &fields[i];
    return NULL;
}

static unsigned role_bit(const struct ca_descriptor *descriptor)
{
    static const unsigned bits[] = {ON_ARD, ON_APD, ON_IRD, ON_IPD};
    return bits[descriptor->role];
}

/* ---- reading ---- */

/* Columns of the IRD; SQL_SUCCESS with *count, or posted. */
static SQLRETURN ird_count(struct ca_descriptor *descriptor, SQLSMALLINT *count)
{
    struct ca_statement *statement = descriptor->statement;
    *count = 0;
    if (statement->state == CA_STATE_ALLOCATED)
        return ca_post_state(&descriptor->handle, "HY007");
    if (ca_columns_ready(statement) == SQL_ERROR)
        return ca_post(&descriptor->handle, "HY007", "The columns of the statement cannot be described.");
    *count = statement->columns ? (SQLSMALLINT)statement->columns->count : 0;
    return SQL_SUCCESS;
}

static SQLRETURN give(const struct field *field, SQLPOINTER value, SQLINTEGER *length, int64_t number)
{
    static const SQLINTEGER octets[] = {2, 4, 8, 8};
    if (value)
        ca_field_write(value, field->width, number);
    if (length)
        *length = octets[field->width];
    return SQL_SUCCESS;
}

/* Widths of fields that only the IRD has. */
static enum ca_width ird_width(SQLSMALLINT id)
{
    switch (id) {
    case SQL_DESC_AUTO_UNIQUE_VALUE:
    case SQL_DESC_CASE_SENSITIVE:
        return CA_WIDTH_32;
    case SQL_DESC_DISPLAY_SIZE:
        return CA_WIDTH_64;
    default:
        return CA_WIDTH_16;
    }
}

static SQLRETURN get_ird_field(struct ca_descriptor *descriptor, SQLSMALLINT number, SQLSMALLINT id,
                               SQLPOINTER value, SQLINTEGER capacity, SQLINTEGER *length, bool wide)
{
    struct ca_column_view view;
    SQLSMALLINT count = 0;
    const char *text = NULL;
    SQLLEN result = 0;
    if (ird_count(descriptor, &count) == SQL_ERROR)
        return SQL_ERROR;
    if (number < 1)
        return ca_post_state(&descriptor->handle, "07009");
    if (number > count)
        return SQL_NO_DATA;
    ca_column_view(descriptor->statement, (unsigned)number, &view);
    if (!ca_column_field(&view, id, &text, &result))
        return ca_post_state(&descriptor->handle, "HY091");
    if (text) {
        struct ca_text_out out = {value, capacity, length, sizeof *length, wide, true};
        return ca_text_write(&descriptor->handle, &out, text);
    }
    const struct field *field = find(id);
    struct field own = {.width = ird_width(id)};
    return give(field ? field : &own, value, length, result);
}

static SQLRETURN get_header(struct ca_descriptor *descriptor, SQLSMALLINT id, SQLPOINTER value,
                            SQLINTEGER *length)
{
    static const struct field small = {.width = CA_WIDTH_16};
    if (id == SQL_DESC_ALLOC_TYPE)
        return give(&small, value, length, descriptor->statement ? SQL_DESC_ALLOC_AUTO : SQL_DESC_ALLOC_USER);
    if (id == SQL_DESC_COUNT) {
        SQLSMALLINT count = descriptor->count;
        if (descriptor->role == CA_DESCRIPTOR_IRD && ird_count(descriptor, &count) == SQL_ERROR)
            return SQL_ERROR;
        return give(&small, value, length, count);
    }
    const struct field *field = find(id);
    if (!(field->readable & role_bit(descriptor)))
        return ca_post_state(&descriptor->handle, "HY091");
    return give(field, value, length, ca_field_read((char *)descriptor + field->offset, field->width));
}

static bool is_header(SQLSMALLINT id)
{
    const struct field *field = find(id);
    return id == SQL_DESC_ALLOC_TYPE || id == SQL_DESC_COUNT || (field && field->header);
}

SQLRETURN ca_odbc_get_desc_field(struct ca_descriptor *descriptor, SQLSMALLINT number, SQLSMALLINT id,
                                 SQLPOINTER value, SQLINTEGER capacity, SQLINTEGER *length, bool wide)
{
    if (is_header(id))
        return get_header(descriptor, id, value, length);
    if (descriptor->role == CA_DESCRIPTOR_IRD)
        return get_ird_field(descriptor, number, id, value, capacity, length, wide);
    if (number < 0)
        return ca_post_state(&descriptor->handle, "07009");
    if (number > descriptor->count)
        return SQL_NO_DATA;
    const struct ca_descriptor_record *record = &descriptor->records[number];
    if (id == SQL_DESC_NAME) {
        struct ca_text_out out = {value, capacity, length, sizeof *length, wide, true};
        return ca_text_write(&descriptor->handle, &out, record->name ? record->name : "");
    }
    const struct field *field = find(id);
    if (!field || !(field->readable & role_bit(descriptor)))
        return ca_post_state(&descriptor->handle, "HY091");
    return give(field, value, length, ca_field_read((const char *)record + field->offset, field->width));
}

/* ---- writing ---- */

static bool type_is_valid(const struct ca_descriptor *descriptor, SQLSMALLINT concise_type)
{
    if (ca_descriptor_is_application(descriptor))
        return ca_c_type_is_valid(concise_type);
    return ca_type_code_of_sql(concise_type) != 0;
}

/* SQL_DESC_TYPE and the interval code together make the concise type. */
static SQLRETURN set_type(struct ca_descriptor *descriptor, struct ca_descriptor_record *record,
                          SQLSMALLINT type)
{
    if (type == SQL_DATETIME || type == SQL_INTERVAL) {
        record->type = type;
        record->interval_code = 0;
        return SQL_SUCCESS; /* the code follows */
    }
    if (!type_is_valid(descriptor, type))
        return ca_post_state(&descriptor->handle, "HY021");
    ca_descriptor_set_type(record, type);
    return SQL_SUCCESS;
}

static SQLRETURN set_interval_code(struct ca_descriptor *descriptor, struct ca_descriptor_record *record,
                                   SQLSMALLINT code)
{
    int concise = record->type == SQL_DATETIME   ? SQL_TYPE_DATE + code - SQL_CODE_DATE
                  : record->type == SQL_INTERVAL ? SQL_INTERVAL_YEAR + code - SQL_CODE_YEAR
                                                 : SQL_UNKNOWN_TYPE;
    if (concise == SQL_UNKNOWN_TYPE || !type_is_valid(descriptor, (SQLSMALLINT)concise))
        return ca_post_state(&descriptor->handle, "HY021");
    ca_descriptor_set_type(record, (SQLSMALLINT)concise);
    return SQL_SUCCESS;
}

static SQLRETURN set_name(struct ca_descriptor *descriptor, struct ca_descriptor_record *record,
                          SQLPOINTER value, SQLINTEGER length, bool wide)
{
    struct ca_text text;
    if (descriptor->role != CA_DESCRIPTOR_IPD)
        return ca_post_state(&descriptor->handle, "HY091");
    SQLLEN characters = length < 0 || !wide ? length : length / (SQLLEN)sizeof(ca_wide);
    if (!ca_text_take(&descriptor->handle, &text, value, characters, wide))
        return SQL_ERROR;
    char *name = ca_strdup(text.text ? text.text : "");
    ca_texts_free(&text, 1);
    if (!name)
        return ca_post_state(&descriptor->handle, "HY001");
    ca_free(record->name);
    record->name = name;
    record->unnamed = *name ? SQL_NAMED : SQL_UNNAMED;
    return SQL_SUCCESS;
}

static bool in_range(int value, int highest)
{
    return value >= 0 && value <= highest;
}

/* "Consistency Checks" of SQLSetDescRec: the kind of a datetime or an interval, and the digits, as far as the
 * type has any. */
static bool is_consistent(const struct ca_descriptor_record *record)
{
    enum { MOST_DIGITS = 38, MOST_FRACTION = 9 };
    switch (record->type) {
    case SQL_DATETIME:
        return record->interval_code != 0 && in_range(record->precision, MOST_FRACTION);
    case SQL_INTERVAL:
        return record->interval_code != 0 && in_range(record->interval_precision, MOST_FRACTION) &&
               in_range(record->precision, MOST_FRACTION);
    case SQL_NUMERIC:
    case SQL_DECIMAL:
        return record->precision > 0 && record->precision <= MOST_DIGITS && record->scale >= INT8_MIN &&
               record->scale <= INT8_MAX;
    default:
        return true;
    }
}

static SQLRETURN set_record_field(struct ca_descriptor *descriptor, struct ca_descriptor_record *record,
                                  const struct field *field, SQLPOINTER value)
{
    int64_t number = (int64_t)(intptr_t)value;
    switch (field->id) {
    case SQL_DESC_CONCISE_TYPE: {
        SQLSMALLINT type = (SQLSMALLINT)number;
        type = ca_descriptor_is_application(descriptor) ? ca_c_type_current(type) : ca_type_odbc3(type);
        return set_type(descriptor, record, type);
    }
    case SQL_DESC_TYPE:
        return set_type(descriptor, record, (SQLSMALLINT)number);
    case SQL_DESC_DATETIME_INTERVAL_CODE:
        return set_interval_code(descriptor, record, (SQLSMALLINT)number);
    case SQL_DESC_DATA_PTR:
        if (value && !is_consistent(record))
            return ca_post_state(&descriptor->handle, "HY021");
        break;
    default:
        /* Any other change unbinds (ODBC reference, SQLSetDescField, "DataPtr"), except deferred pointers. */
        if (field->width != CA_WIDTH_POINTER && ca_descriptor_is_application(descriptor))
            record->data_ptr = NULL;
    }
    ca_field_write((char *)record + field->offset, field->width, number);
    return SQL_SUCCESS;
}

static SQLRETURN set_header(struct ca_descriptor *descriptor, SQLSMALLINT id, SQLPOINTER value)
{
    int64_t number = (int64_t)(intptr_t)value;
    const struct field *field = find(id);
    if (id == SQL_DESC_ALLOC_TYPE)
        return ca_post_state(&descriptor->handle, "HY091");
    if (id == SQL_DESC_COUNT) {
        if (number < 0 || number > INT16_MAX)
            return ca_post_state(&descriptor->handle, "07009");
        return ca_descriptor_resize(descriptor, (SQLSMALLINT)number)
                   ? SQL_SUCCESS
                   : ca_post_state(&descriptor->handle, "HY001");
    }
    if (!(field->settable & role_bit(descriptor)))
        return ca_post_state(&descriptor->handle, "HY091");
    if (id == SQL_DESC_ARRAY_SIZE && number < 1)
        return ca_post_state(&descriptor->handle, "HY024");
    ca_field_write((char *)descriptor + field->offset, field->width, number);
    descriptor->generation++;
    return SQL_SUCCESS;
}

SQLRETURN ca_odbc_set_desc_field(struct ca_descriptor *descriptor, SQLSMALLINT number, SQLSMALLINT id,
                                 SQLPOINTER value, SQLINTEGER length, bool wide)
{
    bool pointers_of_ird = id == SQL_DESC_ARRAY_STATUS_PTR || id == SQL_DESC_ROWS_PROCESSED_PTR;
    if (descriptor->role == CA_DESCRIPTOR_IRD && !pointers_of_ird)
        return ca_post_state(&descriptor->handle, "HY016");
    if (is_header(id))
        return set_header(descriptor, id, value);
    const struct field *field = find(id);
    if (id != SQL_DESC_NAME && (!field || !(field->settable & role_bit(descriptor))))
        return ca_post_state(&descriptor->handle, "HY091");
    if (number < 0 || (number == 0 && descriptor->role == CA_DESCRIPTOR_IPD))
        return ca_post_state(&descriptor->handle, "07009");
    struct ca_descriptor_record *record = ca_descriptor_record(descriptor, number);
    if (!record)
        return ca_post_state(&descriptor->handle, "HY001");
    if (id == SQL_DESC_NAME)
        return set_name(descriptor, record, value, length, wide);
    SQLRETURN result = set_record_field(descriptor, record, field, value);
    if (id == SQL_DESC_DATA_PTR && !value && ca_descriptor_is_application(descriptor))
        ca_descriptor_trim(descriptor);
    return result;
}

/* ---- whole records ---- */

static SQLRETURN get_ird_record(struct ca_descriptor *descriptor, SQLSMALLINT number,
                                struct ca_descriptor_record *record, struct ca_column_view *view)
{
    SQLSMALLINT count = 0;
    if (ird_count(descriptor, &count) == SQL_ERROR)
        return SQL_ERROR;
    if (number > count)
        return SQL_NO_DATA;
    ca_column_view(descriptor->statement, (unsigned)number, view);
    *record = (struct ca_descriptor_record){.type = (SQLSMALLINT)view->verbose_type,
                                            .interval_code = (SQLSMALLINT)view->datetime_code,
                                            .octet_length = view->octet_length,
                                            .precision = (SQLSMALLINT)view->precision,
                                            .scale = (SQLSMALLINT)view->scale,
                                            .nullable = (SQLSMALLINT)view->nullable};
    return SQL_SUCCESS;
}

SQLRETURN ca_odbc_get_desc_rec(struct ca_descriptor *descriptor, SQLSMALLINT number,
                               const struct ca_text_out *name, SQLSMALLINT *type, SQLSMALLINT *subtype,
                               SQLLEN *octet_length, SQLSMALLINT *precision, SQLSMALLINT *scale,
                               SQLSMALLINT *nullable)
{
    struct ca_descriptor_record record = {0};
    struct ca_column_view view = {.label = ""};
    if (number < 0 ||
        (number == 0 && descriptor->role != CA_DESCRIPTOR_ARD && descriptor->role != CA_DESCRIPTOR_APD))
        return ca_post_state(&descriptor->handle, "07009");
    if (descriptor->role == CA_DESCRIPTOR_IRD) {
        SQLRETURN result = get_ird_record(descriptor, number, &record, &view);
        if (result != SQL_SUCCESS)
            return result;
    } else {
        if (number > descriptor->count)
            return SQL_NO_DATA;
        record = descriptor->records[number];
        view.label = record.name ? record.name : "";
    }
    if (type)
        *type = record.type;
    if (subtype)
        *subtype = record.interval_code;
    if (octet_length)
        *octet_length = record.octet_length;
    if (precision)
        *precision = record.precision;
    if (scale)
        *scale = record.scale;
    if (nullable)
        *nullable = record.nullable;
    return ca_text_write(&descriptor->handle, name, view.label);
}

SQLRETURN ca_odbc_set_desc_rec(struct ca_descriptor *descriptor, SQLSMALLINT number, SQLSMALLINT type,
                               SQLSMALLINT subtype, SQLLEN length, SQLSMALLINT precision, SQLSMALLINT scale,
                               SQLPOINTER data, SQLLEN *octet_length, SQLLEN *indicator)
{
    if (descriptor->role == CA_DESCRIPTOR_IRD)
        return ca_post_state(&descriptor->handle, "HY016");
    if (number < 0 || (number == 0 && descriptor->role == CA_DESCRIPTOR_IPD))
        return ca_post_state(&descriptor->handle, "07009");
    struct ca_descriptor_record *record = ca_descriptor_record(descriptor, number);
    if (!record)
        return ca_post_state(&descriptor->handle, "HY001");
    SQLRETURN result = set_type(descriptor, record, type);
    if (result == SQL_SUCCESS && (type == SQL_DATETIME || type == SQL_INTERVAL))
        result = set_interval_code(descriptor, record, subtype);
    if (result != SQL_SUCCESS)
        return result;
    record->octet_length = length;
    record->precision = precision;
    record->scale = scale;
    if (!is_consistent(record))
        return ca_post_state(&descriptor->handle, "HY021");
    if (ca_descriptor_is_application(descriptor)) {
        record->data_ptr = data;
        record->octet_length_ptr = octet_length;
        record->indicator_ptr = indicator;
    }
    return SQL_SUCCESS;
}
