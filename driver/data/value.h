/* A parameter value as the application's C buffer holds it, independent of the C type's width. */
#ifndef CA_DATA_VALUE_H
#define CA_DATA_VALUE_H

#include "base/utf.h"
#include "data/datetime.h"
#include "data/interval.h"
#include "data/number.h"
#include "data/parameter.h"

enum ca_value_kind {
    CA_VALUE_TEXT,
    CA_VALUE_WIDE,
    CA_VALUE_NUMBER,
    CA_VALUE_DATETIME,
    CA_VALUE_GUID,
    CA_VALUE_BINARY,
    CA_VALUE_INTERVAL,
    CA_VALUE_KIND_COUNT
};

struct ca_value {
    enum ca_value_kind kind;
    const char *data; /* TEXT, WIDE, BINARY: in the application's buffer */
    size_t octets;
    bool approximate; /* NUMBER: read from a double or float */
    bool text;        /* NUMBER: read from text, where digits lost are 22001 */
    union {
        struct ca_number number;
        struct ca_datetime datetime;
        struct ca_interval interval;
        SQLGUID guid;
    };
    int interval_code;
};

/* The reader of a C type (concise, not SQL_C_DEFAULT); NULL if there is no such type. */
ca_value_reader *ca_value_reader_find(SQLSMALLINT c_type);
/* Reads the buffer of a parameter that is not NULL; text and binary data are not copied. */
enum ca_conversion ca_value_read(ca_value_reader *read, const struct ca_parameter *parameter,
                                 const void *data, SQLLEN length, struct ca_value *value);

#endif
