/* Descriptors: the only store of bindings. SQLBindCol writes the ARD, SQLBindParameter the APD and IPD; the
 * statement attributes that are header fields live here. The IRD is a view of the result's columns: its
 * records are filled when a result is described. */
#ifndef CA_ODBC_DESCRIPTOR_H
#define CA_ODBC_DESCRIPTOR_H

#include "odbc/handle.h"

struct ca_connection;
struct ca_statement;

enum ca_descriptor_role { CA_DESCRIPTOR_ARD, CA_DESCRIPTOR_APD, CA_DESCRIPTOR_IRD, CA_DESCRIPTOR_IPD };

struct ca_descriptor_record {
    SQLSMALLINT type; /* verbose */
    SQLSMALLINT concise_type;
    SQLSMALLINT interval_code;
    SQLULEN length;
    SQLLEN octet_length;
    SQLSMALLINT precision;
    SQLSMALLINT scale;
    SQLINTEGER interval_precision;
    SQLSMALLINT nullable;
    SQLSMALLINT parameter_type;
    SQLSMALLINT unnamed;
    SQLINTEGER radix;
    SQLPOINTER data_ptr;
    SQLLEN *octet_length_ptr;
    SQLLEN *indicator_ptr;
    char *name; /* IPD: set by the application; owned */
};

struct ca_descriptor {
    struct ca_handle handle;
    struct ca_connection *connection;
    struct ca_statement *statement; /* NULL for explicit ones */
    enum ca_descriptor_role role;   /* of an explicit one: as it was last used (application) */
    struct ca_descriptor *next;     /* explicit ones of a connection */
    uint32_t generation;            /* counts changes: plans built from it grow stale */
    SQLSMALLINT count;              /* SQL_DESC_COUNT */
    SQLSMALLINT capacity;
    struct ca_descriptor_record *records; /* [0] is the bookmark column */
    /* header fields */
    SQLULEN array_size;
    SQLUSMALLINT *array_status_ptr;
    SQLLEN *bind_offset_ptr;
    SQLINTEGER bind_type;
    SQLULEN *rows_processed_ptr;
};

/* An implicit one of a statement, or with statement NULL an explicit one of the connection. NULL: no memory.
 */
struct ca_descriptor *ca_descriptor_create(struct ca_connection *connection, struct ca_statement *statement,
                                           enum ca_descriptor_role role);
void ca_descriptor_destroy(struct ca_descriptor *descriptor);
SQLRETURN ca_descriptor_free(struct ca_descriptor *descriptor);

/* Sets SQL_DESC_COUNT; new records have their defaults. false: no memory. */
bool ca_descriptor_resize(struct ca_descriptor *descriptor, SQLSMALLINT count);
/* Makes sure that the record exists. NULL: no memory. */
struct ca_descriptor_record *ca_descriptor_record(struct ca_descriptor *descriptor, SQLSMALLINT number);
/* Drops trailing records that hold no binding. */
void ca_descriptor_trim(struct ca_descriptor *descriptor);
/* Unbinds everything (SQL_UNBIND, SQL_RESET_PARAMS). */
void ca_descriptor_clear(struct ca_descriptor *descriptor);
bool ca_descriptor_copy(struct ca_descriptor *target, const struct ca_descriptor *source);

/* Sets TYPE, CONCISE_TYPE and the interval code from a concise type, with the defaults that go with it. */
void ca_descriptor_set_type(struct ca_descriptor_record *record, SQLSMALLINT concise_type);

static inline bool ca_descriptor_is_application(const struct ca_descriptor *descriptor)
{
    return descriptor->role == CA_DESCRIPTOR_ARD || descriptor->role == CA_DESCRIPTOR_APD;
}

#endif
