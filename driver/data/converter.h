/* The converters by name, for the table in convert.c; each keeps the contract of ca_converter. */
#ifndef CA_DATA_CONVERTER_H
#define CA_DATA_CONVERTER_H

#include <string.h>

#include "data/convert.h"

#define CA_LIKELY(condition)   __builtin_expect(!!(condition), 1)
#define CA_UNLIKELY(condition) __builtin_expect(!!(condition), 0)

/* A string or a number. */
static inline bool ca_is_scalar(const struct ca_cell *cell)
{
    return (uint8_t)(cell->kind - CA_CELL_STRING) <= CA_CELL_NUMBER - CA_CELL_STRING;
}

/* The head of a converter. */
#define CA_CONVERTER(source, target)                                                                         \
    enum ca_conversion ca_##source##_to_##target(const struct ca_cell *cell, const struct ca_target *layout, \
                                                 void *data, SQLLEN *length, struct ca_part *part)

/* A converter and its loop over rows, both made of quick_source_to_target(cell, layout, data, &octets), which
 * does the cells that nearly all are and refuses the others, and of `slow`, an expression that knows every
 * case. */
#define CA_QUICK_CONVERTER(source, target, slow)                                                     \
    CA_CONVERTER(source, target)                                                                     \
    {                                                                                                \
        SQLLEN octets;                                                                               \
        if (CA_LIKELY(data && !(part && part->started) &&                                            \
                      quick_##source##_to_##target(cell, layout, data, &octets)))                    \
            return ca_given_whole(octets, length, part);                                             \
        return slow;                                                                                 \
    }                                                                                                \
    size_t ca_##source##_to_##target##_run(const struct ca_run *run, const struct ca_target *layout) \
    {                                                                                                \
        struct ca_run at = *run;                                                                     \
        for (; at.rows > 0; at.rows--) {                                                             \
            SQLLEN octets = SQL_NULL_DATA;                                                           \
            if (CA_UNLIKELY(at.cell->kind != CA_CELL_NULL &&                                         \
                            !quick_##source##_to_##target(at.cell, layout, at.data, &octets)))       \
                break;                                                                               \
            memcpy(at.length, &octets, sizeof octets);                                               \
            at.cell += at.step;                                                                      \
            at.data += at.data_stride;                                                               \
            at.length += at.length_stride;                                                           \
        }                                                                                            \
        return run->rows - at.rows;                                                                  \
    }

#define CA_DECLARE_QUICK(source, target)    \
    ca_converter ca_##source##_to_##target; \
    ca_run_converter ca_##source##_to_##target##_run

/* VARCHAR, and what arrives in any column but is not of its type: as it is (text_converter.c). */
CA_DECLARE_QUICK(text, char);
CA_DECLARE_QUICK(text, wide);
ca_converter ca_text_to_binary;

/* The numeric targets of one kind of source: text (a numeric literal is expected), number (any numeric
 * type; NaN and JSON booleans are understood), boolean. */
#define CA_NUMERIC_TARGETS(source)      \
    CA_DECLARE_QUICK(source, bit);      \
    CA_DECLARE_QUICK(source, stinyint); \
    CA_DECLARE_QUICK(source, utinyint); \
    CA_DECLARE_QUICK(source, sshort);   \
    CA_DECLARE_QUICK(source, ushort);   \
    CA_DECLARE_QUICK(source, slong);    \
    CA_DECLARE_QUICK(source, ulong);    \
    CA_DECLARE_QUICK(source, sbigint);  \
    CA_DECLARE_QUICK(source, ubigint);  \
    CA_DECLARE_QUICK(source, double);   \
    ca_converter ca_##source##_to_float, ca_##source##_to_numeric
CA_NUMERIC_TARGETS(text);
CA_NUMERIC_TARGETS(number);
CA_NUMERIC_TARGETS(boolean);

/* Numbers and booleans as text, and the raw C form of each type for SQL_C_BINARY (number_converter.c). */
CA_DECLARE_QUICK(exact, char);
CA_DECLARE_QUICK(exact, wide);
CA_DECLARE_QUICK(floating, char);
CA_DECLARE_QUICK(floating, wide);
CA_DECLARE_QUICK(boolean, char);
CA_DECLARE_QUICK(boolean, wide);
ca_converter ca_exact_to_binary, ca_floating_to_binary, ca_boolean_to_binary, ca_tinyint_to_binary,
    ca_smallint_to_binary, ca_integer_to_binary, ca_bigint_to_binary;

/* datetime_converter.c */
CA_DECLARE_QUICK(text, date);
CA_DECLARE_QUICK(text, timestamp);
CA_DECLARE_QUICK(datetime, date);
CA_DECLARE_QUICK(datetime, timestamp);
ca_converter ca_text_to_time, ca_datetime_to_time;
CA_DECLARE_QUICK(date, char);
CA_DECLARE_QUICK(date, wide);
CA_DECLARE_QUICK(time, char);
CA_DECLARE_QUICK(time, wide);
CA_DECLARE_QUICK(timestamp, char);
CA_DECLARE_QUICK(timestamp, wide);
ca_converter ca_date_to_binary, ca_time_to_binary, ca_timestamp_to_binary;

/* octets_converter.c */
CA_DECLARE_QUICK(uuid, char);
CA_DECLARE_QUICK(uuid, wide);
ca_converter ca_uuid_to_binary, ca_uuid_to_guid, ca_text_to_guid;
CA_DECLARE_QUICK(binary, binary);
ca_converter ca_binary_to_char, ca_binary_to_wide;

/* Intervals: the field names are those of SQL_C_INTERVAL_… (interval_converter.c). */
ca_converter ca_text_to_year, ca_text_to_month, ca_text_to_day, ca_text_to_hour, ca_text_to_minute,
    ca_text_to_second, ca_text_to_year_to_month, ca_text_to_day_to_hour, ca_text_to_day_to_minute,
    ca_text_to_day_to_second, ca_text_to_hour_to_minute, ca_text_to_hour_to_second,
    ca_text_to_minute_to_second;
ca_converter ca_exact_to_year, ca_exact_to_month, ca_exact_to_day, ca_exact_to_hour, ca_exact_to_minute,
    ca_exact_to_second, ca_exact_to_fields;

#endif
