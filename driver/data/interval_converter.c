/* Owns the way of text and exact numbers into interval structures. The service has no interval type.
 * Rules: ODBC reference, appendix D, "SQL to C: Character", "SQL to C: Numeric". */
#include <string.h>

#include "data/converter.h"
#include "data/delivery.h"
#include "data/interval.h"
#include "data/jsontext.h"
#include "data/number.h"

static enum ca_conversion store(const struct ca_interval *interval, int code, const struct ca_target *target,
                                void *data, SQLLEN *length, struct ca_part *part)
{
    SQL_INTERVAL_STRUCT value;
    enum ca_conversion result = ca_interval_spread(interval, code, target->precision, target->scale, &value);
    if (result >= CA_CONVERT_FIRST_ERROR)
        return result;
    if (ca_part_given(part))
        return CA_CONVERT_NO_DATA;
    CA_STORE(data, value, length);
    return result;
}

static enum ca_conversion convert_text(int code, const struct ca_cell *cell, const struct ca_target *target,
                                       void *data, SQLLEN *length, struct ca_part *part)
{
    char scratch[CA_LITERAL_SCRATCH];
    struct ca_literal literal;
    struct ca_interval interval;
    if (!ca_literal_of_cell(cell, scratch, &literal))
        return CA_CONVERT_TEXT;
    enum ca_conversion result = ca_interval_read(literal.text, literal.octets, code, &interval);
    if (result != CA_CONVERTED)
        return result;
    return store(&interval, code, target, data, length, part);
}

/* The fraction of a number of seconds stays; any other fraction is lost. */
static enum ca_conversion convert_exact(int code, const struct ca_cell *cell, const struct ca_target *target,
                                        void *data, SQLLEN *length, struct ca_part *part)
{
    struct ca_target billionths = {.precision = CA_NUMBER_DIGITS, .scale = 9};
    SQL_NUMERIC_STRUCT numeric;
    struct ca_number number;
    struct ca_interval interval;
    uint64_t whole;
    enum ca_conversion read = ca_number_to_numeric(cell, &billionths, &numeric, NULL, NULL);
    if (read >= CA_CONVERT_FIRST_ERROR)
        return read == CA_CONVERT_RANGE ? CA_CONVERT_INTERVAL_RANGE : read;
    ca_number_of_numeric(&numeric, 9, &number);
    if (ca_number_whole(&number, &whole) == CA_CONVERT_RANGE || !ca_interval_of_count(whole, code, &interval))
        return CA_CONVERT_INTERVAL_RANGE;
    interval.negative = number.negative && number.digits != 0;
    interval.fraction = (uint32_t)(number.digits % 1000000000U);
    interval.inexact = read == CA_CONVERT_FRACTION_LOST;
    return store(&interval, code, target, data, length, part);
}

#define CONVERTER(source, target, code)                                                                      \
    enum ca_conversion ca_##source##_to_##target(const struct ca_cell *cell, const struct ca_target *layout, \
                                                 void *data, SQLLEN *length, struct ca_part *part)           \
    {                                                                                                        \
        return convert_##source(code, cell, layout, data, length, part);                                     \
    }

CONVERTER(text, year, SQL_CODE_YEAR)
CONVERTER(text, month, SQL_CODE_MONTH)
CONVERTER(text, day, SQL_CODE_DAY)
CONVERTER(text, hour, SQL_CODE_HOUR)
CONVERTER(text, minute, SQL_CODE_MINUTE)
CONVERTER(text, second, SQL_CODE_SECOND)
CONVERTER(text, year_to_month, SQL_CODE_YEAR_TO_MONTH)
CONVERTER(text, day_to_hour, SQL_CODE_DAY_TO_HOUR)
CONVERTER(text, day_to_minute, SQL_CODE_DAY_TO_MINUTE)
CONVERTER(text, day_to_second, SQL_CODE_DAY_TO_SECOND)
CONVERTER(text, hour_to_minute, SQL_CODE_HOUR_TO_MINUTE)
CONVERTER(text, hour_to_second, SQL_CODE_HOUR_TO_SECOND)
CONVERTER(text, minute_to_second, SQL_CODE_MINUTE_TO_SECOND)
CONVERTER(exact, year, SQL_CODE_YEAR)
CONVERTER(exact, month, SQL_CODE_MONTH)
CONVERTER(exact, day, SQL_CODE_DAY)
CONVERTER(exact, hour, SQL_CODE_HOUR)
CONVERTER(exact, minute, SQL_CODE_MINUTE)
CONVERTER(exact, second, SQL_CODE_SECOND)

/* One number for several fields: the reference knows no other outcome. */
enum ca_conversion ca_exact_to_fields(const struct ca_cell *cell, const struct ca_target *target, void *data,
                                      SQLLEN *length, struct ca_part *part)
{
    (void)cell;
    (void)target;
    (void)data;
    (void)length;
    (void)part;
    return CA_CONVERT_INTERVAL_RANGE;
}
