/* Owns the writing of numbers as parameter values. What text loses as a number is 22001, what a number loses
 * of its fraction only 01S07. Rules: ODBC reference, appendix D, "C to SQL: Character", "C to SQL: Numeric",
 * "C to SQL: Bit"; SERVICE.md section 1. */
#include <string.h>

#include "data/double.h"
#include "data/type.h"
#include "data/writer.h"

static enum ca_conversion lost_digits(const struct ca_value *value, bool whole)
{
    if (value->text)
        return CA_CONVERT_STRING_TOO_LONG;
    return whole ? CA_CONVERT_RANGE : CA_CONVERT_FRACTION_LOST;
}

enum ca_conversion ca_number_as_text(const struct ca_writing *target, struct ca_value *value)
{
    static const char *const specials[] = {"", "Infinity", "NaN"};
    char text[CA_NUMBER_TEXT];
    size_t octets = 0;
    if (value->number.kind != CA_NUMBER_FINITE) {
        if (value->number.negative && value->number.kind == CA_NUMBER_INFINITE)
            text[octets++] = '-';
        size_t length = strlen(specials[value->number.kind]);
        memcpy(text + octets, specials[value->number.kind], length);
        octets += length;
    } else {
        octets = ca_number_write_short(&value->number, text);
    }
    return ca_write_ascii(target, text, octets);
}

enum ca_conversion ca_number_as_whole(const struct ca_writing *target, struct ca_value *value)
{
    static const uint64_t most[] = {
        /* TINYINT: the service does not say whether it has a sign */
        UINT8_MAX,
        INT16_MAX,
        INT32_MAX,
        INT64_MAX,
    };
    static const uint64_t least[] = {
        (uint64_t)INT8_MAX + 1,
        (uint64_t)INT16_MAX + 1,
        (uint64_t)INT32_MAX + 1,
        (uint64_t)INT64_MAX + 1,
    };
    char text[24];
    size_t length = 0;
    uint64_t magnitude = 0;
    int width = target->code - CA_TYPE_TINYINT;
    enum ca_conversion result = ca_number_whole(&value->number, &magnitude);
    bool negative = value->number.negative && magnitude != 0;
    if (result == CA_CONVERT_RANGE || magnitude > (negative ? least : most)[width])
        return lost_digits(value, true);
    if (result == CA_CONVERT_FRACTION_LOST) {
        result = lost_digits(value, false);
        if (result >= CA_CONVERT_FIRST_ERROR)
            return result;
    }
    if (negative)
        text[length++] = '-';
    length += ca_number_write_digits(magnitude, text + length);
    return ca_buffer_add(target->json, text, length) ? result : CA_CONVERT_NO_MEMORY;
}

enum ca_conversion ca_number_as_decimal(const struct ca_writing *target, struct ca_value *value)
{
    const struct ca_parameter *parameter = target->parameter;
    struct ca_number *number = &value->number;
    char text[CA_NUMBER_TEXT];
    bool sized = parameter->column_size > 0 && parameter->column_size <= CA_NUMBER_DIGITS;
    int scale = sized && parameter->decimal_digits >= 0 ? parameter->decimal_digits : CA_NUMBER_DIGITS;
    int64_t whole = sized ? (int64_t)parameter->column_size - scale : CA_NUMBER_DIGITS;
    if (scale > CA_NUMBER_DIGITS)
        scale = CA_NUMBER_DIGITS;
    enum ca_conversion result = CA_CONVERTED;
    if (number->kind != CA_NUMBER_FINITE || ca_number_whole_digits(number) > (whole > 0 ? whole : 0))
        return lost_digits(value, true);
    if (ca_number_cut(number, scale) || number->inexact)
        result = lost_digits(value, false);
    if (result >= CA_CONVERT_FIRST_ERROR)
        return result;
    return ca_buffer_add(target->json, text, ca_number_write(number, text)) ? result : CA_CONVERT_NO_MEMORY;
}

/* JSON has no infinity: it is written as the replies have it. */
enum ca_conversion ca_number_as_floating(const struct ca_writing *target, struct ca_value *value)
{
    struct ca_parameter unsized = *target->parameter;
    unsized.column_size = 0;
    if (value->number.kind != CA_NUMBER_FINITE)
        return ca_number_as_text(&(struct ca_writing){target->json, &unsized, target->code}, value);
    char text[CA_NUMBER_TEXT];
    size_t octets = ca_number_write_short(&value->number, text);
    bool real = target->parameter->sql_type == SQL_REAL;
    enum ca_conversion result = CA_CONVERTED;
    double wide;
    float narrow;
    if (real)
        result = ca_float_of_number(&value->number, text, octets, &narrow);
    else if (!value->approximate)
        result = ca_double_of_number(&value->number, text, octets, &wide);
    if (result != CA_CONVERTED)
        return result;
    return ca_write_result(ca_buffer_add(target->json, text, octets));
}

enum ca_conversion ca_number_as_bit(const struct ca_writing *target, struct ca_value *value)
{
    uint64_t magnitude = 0;
    enum ca_conversion result = ca_number_whole(&value->number, &magnitude);
    bool negative = value->number.negative && value->number.digits != 0;
    if (result == CA_CONVERT_RANGE || magnitude > 1 || negative)
        return CA_CONVERT_RANGE;
    if (result == CA_CONVERT_FRACTION_LOST)
        return CA_CONVERT_STRING_TOO_LONG;
    return ca_write_result(ca_buffer_add_text(target->json, magnitude ? "true" : "false"));
}
