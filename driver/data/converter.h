/* The converters by name, for the table in convert.c; each keeps the contract of ca_converter. */
#ifndef CA_DATA_CONVERTER_H
#define CA_DATA_CONVERTER_H

#include "data/convert.h"

#define CA_LIKELY(condition)   __builtin_expect(!!(condition), 1)
#define CA_UNLIKELY(condition) __builtin_expect(!!(condition), 0)

/* VARCHAR, and what arrives in any column but is not of its type: as it is (text_converter.c). */
ca_converter ca_text_to_char, ca_text_to_wide, ca_text_to_binary;

/* The numeric targets of one kind of source: text (a numeric literal is expected), number (any numeric
 * type; NaN and JSON booleans are understood), boolean. */
#define CA_NUMERIC_TARGETS(source)                                                                           \
    ca_converter ca_##source##_to_bit, ca_##source##_to_stinyint, ca_##source##_to_utinyint,                 \
        ca_##source##_to_sshort, ca_##source##_to_ushort, ca_##source##_to_slong, ca_##source##_to_ulong,    \
        ca_##source##_to_sbigint, ca_##source##_to_ubigint, ca_##source##_to_float, ca_##source##_to_double, \
        ca_##source##_to_numeric
CA_NUMERIC_TARGETS(text);
CA_NUMERIC_TARGETS(number);
CA_NUMERIC_TARGETS(boolean);

/* Numbers and booleans as text, and the raw C form of each type for SQL_C_BINARY (number_converter.c). */
ca_converter ca_exact_to_char, ca_exact_to_wide, ca_exact_to_binary;
ca_converter ca_floating_to_char, ca_floating_to_wide, ca_floating_to_binary;
ca_converter ca_boolean_to_char, ca_boolean_to_wide, ca_boolean_to_binary;
ca_converter ca_tinyint_to_binary, ca_smallint_to_binary, ca_integer_to_binary, ca_bigint_to_binary;

/* datetime_converter.c */
ca_converter ca_text_to_date, ca_text_to_time, ca_text_to_timestamp;
ca_converter ca_datetime_to_date, ca_datetime_to_time, ca_datetime_to_timestamp;
ca_converter ca_date_to_char, ca_date_to_wide, ca_date_to_binary;
ca_converter ca_time_to_char, ca_time_to_wide, ca_time_to_binary;
ca_converter ca_timestamp_to_char, ca_timestamp_to_wide, ca_timestamp_to_binary;

/* octets_converter.c */
ca_converter ca_uuid_to_char, ca_uuid_to_wide, ca_uuid_to_binary, ca_uuid_to_guid, ca_text_to_guid;
ca_converter ca_binary_to_char, ca_binary_to_wide, ca_binary_to_binary;

/* Intervals: the field names are those of SQL_C_INTERVAL_… (interval_converter.c). */
ca_converter ca_text_to_year, ca_text_to_month, ca_text_to_day, ca_text_to_hour, ca_text_to_minute,
    ca_text_to_second, ca_text_to_year_to_month, ca_text_to_day_to_hour, ca_text_to_day_to_minute,
    ca_text_to_day_to_second, ca_text_to_hour_to_minute, ca_text_to_hour_to_second,
    ca_text_to_minute_to_second;
ca_converter ca_exact_to_year, ca_exact_to_month, ca_exact_to_day, ca_exact_to_hour, ca_exact_to_minute,
    ca_exact_to_second, ca_exact_to_fields;

#endif
