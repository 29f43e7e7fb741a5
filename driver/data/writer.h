/* The writers of parameter values by name, for the table in parameter.c, and what they share. */
#ifndef CA_DATA_WRITER_H
#define CA_DATA_WRITER_H

#include "data/jsontext.h"
#include "data/value.h"

/* Where a value goes. */
struct ca_writing {
    struct ca_buffer *json;
    const struct ca_parameter *parameter;
    int code; /* the service's type */
};

/* Appends the value as JSON; the value may be changed on the way. */
typedef enum ca_conversion ca_writer(const struct ca_writing *target, struct ca_value *value);

/* text_writer.c */
ca_writer ca_text_as_text, ca_wide_as_text, ca_text_as_binary, ca_text_as_guid;
ca_writer ca_guid_as_text, ca_guid_as_guid, ca_binary_as_binary;
/* number_writer.c */
ca_writer ca_number_as_text, ca_number_as_whole, ca_number_as_decimal, ca_number_as_floating,
    ca_number_as_bit;
/* datetime_writer.c */
ca_writer ca_datetime_as_text, ca_datetime_as_date, ca_datetime_as_time, ca_datetime_as_timestamp;
ca_writer ca_interval_as_text, ca_interval_as_interval, ca_number_as_interval;

/* CA_CONVERTED, or CA_CONVERT_NO_MEMORY where an append failed. */
static inline enum ca_conversion ca_write_result(bool appended)
{
    return appended ? CA_CONVERTED : CA_CONVERT_NO_MEMORY;
}

/* Whether so many characters or octets are more than the column was declared with. */
static inline bool ca_write_is_longer(size_t characters, const struct ca_parameter *parameter)
{
    return parameter->column_size != 0 && characters > parameter->column_size;
}

/* ASCII text without quotes and backslashes as a JSON string: of any length, and if the column holds it. */
enum ca_conversion ca_write_quoted(const struct ca_writing *target, const char *text, size_t octets);
enum ca_conversion ca_write_ascii(const struct ca_writing *target, const char *text, size_t octets);

/* The value's text as a short ASCII literal; false if it cannot be one. */
bool ca_write_literal(const struct ca_value *value, char scratch[CA_LITERAL_SCRATCH],
                      struct ca_literal *literal);

#endif
