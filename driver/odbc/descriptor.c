#include "odbc/descriptor.h"

#include <string.h>

#include "base/alloc.h"
#include "data/type.h"
#include "odbc/connection.h"
#include "odbc/statement.h"

enum { MOST_RECORDS = 32767 };

static void set_record_defaults(struct ca_descriptor_record *record, enum ca_descriptor_role role)
{
    ca_free(record->name);
    memset(record, 0, sizeof *record);
    if (role == CA_DESCRIPTOR_ARD || role == CA_DESCRIPTOR_APD)
        record->type = record->concise_type = SQL_C_DEFAULT;
    record->parameter_type = SQL_PARAM_INPUT;
    record->nullable = SQL_NULLABLE;
    record->unnamed = SQL_UNNAMED;
}

struct ca_descriptor *ca_descriptor_create(struct ca_connection *connection, struct ca_statement *statement,
                                           enum ca_descriptor_role role)
{
    struct ca_descriptor *descriptor = ca_calloc(1, sizeof *descriptor);
    if (!descriptor)
        return NULL;
    descriptor->connection = connection;
    descriptor->statement = statement;
    descriptor->role = role;
    descriptor->array_size = 1;
    if (!ca_descriptor_resize(descriptor, 0) ||
        !ca_handle_open(&descriptor->handle, SQL_HANDLE_DESC, &connection->log)) {
        ca_free(descriptor->records);
        ca_free(descriptor);
        return NULL;
    }
    if (!statement) {
        pthread_mutex_lock(&connection->shared);
        descriptor->next = connection->descriptors;
        connection->descriptors = descriptor;
        pthread_mutex_unlock(&connection->shared);
    }
    return descriptor;
}

static void unlink_explicit(struct ca_descriptor *descriptor)
{
    struct ca_connection *connection = descriptor->connection;
    pthread_mutex_lock(&connection->shared);
    struct ca_descriptor **link = &connection->descriptors;
    while (*link && *link != descriptor)
        link = &(*link)->next;
    if (*link)
        *link = descriptor->next;
    /* Statements that used it go back to their own. */
    for (struct ca_statement *s = connection->statements; s; s = s->next) {
        if (s->ard == descriptor)
            s->ard = s->implicit[CA_DESCRIPTOR_ARD];
        if (s->apd == descriptor)
            s->apd = s->implicit[CA_DESCRIPTOR_APD];
    }
    pthread_mutex_unlock(&connection->shared);
}

void ca_descriptor_destroy(struct ca_descriptor *descriptor)
{
    if (!descriptor)
        return;
    if (!descriptor->statement)
        unlink_explicit(descriptor);
    ca_handle_close(&descriptor->handle);
    for (SQLSMALLINT i = 0; i <= descriptor->capacity; i++)
        ca_free(descriptor->records[i].name);
    ca_free(descriptor->records);
    ca_free(descriptor);
}

SQLRETURN ca_descriptor_free(struct ca_descriptor *descriptor)
{
    if (descriptor->statement)
        return ca_post_state(&descriptor->handle, "HY017");
    ca_handle_release(&descriptor->handle);
    ca_descriptor_destroy(descriptor);
    return SQL_SUCCESS;
}

bool ca_descriptor_resize(struct ca_descriptor *descriptor, SQLSMALLINT count)
{
    if (count < 0)
        return false;
    if (!descriptor->records || count > descriptor->capacity) {
        int wanted = descriptor->capacity * 2 > count ? descriptor->capacity * 2 : count;
        SQLSMALLINT capacity = (SQLSMALLINT)(wanted < 8 ? 8 : wanted > MOST_RECORDS ? MOST_RECORDS : wanted);
        size_t records_count = (size_t)capacity + 1;
        struct ca_descriptor_record *records =
            ca_realloc(descriptor->records, records_count * sizeof *records);
        if (!records)
            return false;
        size_t from = descriptor->records ? (size_t)descriptor->capacity + 1 : 0;
        memset(records + from, 0, (records_count - from) * sizeof *records);
        for (size_t i = from; i < records_count; i++)
            set_record_defaults(&records[i], descriptor->role);
        descriptor->records = records;
        descriptor->capacity = capacity;
    }
    for (SQLSMALLINT i = (SQLSMALLINT)(count + 1); i <= descriptor->count; i++)
        set_record_defaults(&descriptor->records[i], descriptor->role);
    descriptor->count = count;
    descriptor->generation++;
    return true;
}

struct ca_descriptor_record *ca_descriptor_record(struct ca_descriptor *descriptor, SQLSMALLINT number)
{
    if (number > descriptor->count && !ca_descriptor_resize(descriptor, number))
        return NULL;
    descriptor->generation++;
    return &descriptor->records[number];
}

void ca_descriptor_trim(struct ca_descriptor *descriptor)
{
    SQLSMALLINT count = descriptor->count;
    while (count > 0) {
        const struct ca_descriptor_record *record = &descriptor->records[count];
        if (record->data_ptr || record->indicator_ptr || record->octet_length_ptr)
            break;
        count--;
    }
    if (count != descriptor->count)
        ca_descriptor_resize(descriptor, count);
    descriptor->generation++;
}

void ca_descriptor_clear(struct ca_descriptor *descriptor)
{
    set_record_defaults(&descriptor->records[0], descriptor->role);
    ca_descriptor_resize(descriptor, 0);
}

bool ca_descriptor_copy(struct ca_descriptor *target, const struct ca_descriptor *source)
{
    if (!ca_descriptor_resize(target, source->count))
        return false;
    for (SQLSMALLINT i = 0; i <= source->count; i++) {
        char *name = source->records[i].name ? ca_strdup(source->records[i].name) : NULL;
        ca_free(target->records[i].name);
        target->records[i] = source->records[i];
        target->records[i].name = name;
    }
    target->array_size = source->array_size;
    target->array_status_ptr = source->array_status_ptr;
    target->bind_offset_ptr = source->bind_offset_ptr;
    target->bind_type = source->bind_type;
    target->rows_processed_ptr = source->rows_processed_ptr;
    return true;
}

static bool is_datetime(SQLSMALLINT type)
{
    return type >= SQL_TYPE_DATE && type <= SQL_TYPE_TIMESTAMP;
}

static bool is_interval(SQLSMALLINT type)
{
    return type >= SQL_INTERVAL_YEAR && type <= SQL_INTERVAL_MINUTE_TO_SECOND;
}

void ca_descriptor_set_type(struct ca_descriptor_record *record, SQLSMALLINT concise_type)
{
    record->concise_type = concise_type;
    record->type = concise_type;
    record->interval_code = 0;
    if (is_datetime(concise_type)) {
        record->type = SQL_DATETIME;
        record->interval_code = (SQLSMALLINT)(concise_type - SQL_TYPE_DATE + SQL_CODE_DATE);
        record->precision = concise_type == SQL_TYPE_TIMESTAMP ? 6 : 0;
    } else if (is_interval(concise_type)) {
        record->type = SQL_INTERVAL;
        record->interval_code = (SQLSMALLINT)(concise_type - SQL_INTERVAL_YEAR + SQL_CODE_YEAR);
        record->interval_precision = 2;
        record->precision = 6;
    } else if (concise_type == SQL_C_NUMERIC) {
        record->precision = 38;
        record->scale = 0;
    }
}
