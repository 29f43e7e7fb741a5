/* Owns the table of parameter conversions, value kind × class of SQL type, and the reading of text and raw
 * octets as the value that a class wants. Knows no buffer layout (value.c), no form (*_writer.c) and no
 * request. Rules: ODBC reference, appendix D, "Converting Data from C to SQL Data Types". */
#include "data/parameter.h"

#include "data/type.h"
#include "data/writer.h"

enum sql_class {
    AS_TEXT,
    AS_WHOLE,
    AS_FLOATING,
    AS_DECIMAL,
    AS_BIT,
    AS_BINARY,
    AS_DATE,
    AS_TIME,
    AS_TIMESTAMP,
    AS_GUID,
    AS_INTERVAL,
    SQL_CLASS_COUNT
};

/* Pairs that are missing are 07006, or text and raw octets, which are read as a value of the class first. */
/* clang-format off */
static ca_writer *const writers[CA_VALUE_KIND_COUNT][SQL_CLASS_COUNT] = {
    [CA_VALUE_TEXT] = {[AS_TEXT] = ca_text_as_text, [AS_BINARY] = ca_text_as_binary, [AS_GUID] = ca_text_as_guid},
    [CA_VALUE_WIDE] = {[AS_TEXT] = ca_wide_as_text, [AS_BINARY] = ca_text_as_binary, [AS_GUID] = ca_text_as_guid},
    [CA_VALUE_NUMBER] = {
        [AS_TEXT] = ca_number_as_text, [AS_WHOLE] = ca_number_as_whole, [AS_FLOATING] = ca_number_as_floating,
        [AS_DECIMAL] = ca_number_as_decimal, [AS_BIT] = ca_number_as_bit, [AS_INTERVAL] = ca_number_as_interval
    },
    [CA_VALUE_DATETIME] = {
        [AS_TEXT] = ca_datetime_as_text, [AS_DATE] = ca_datetime_as_date, [AS_TIME] = ca_datetime_as_time,
        [AS_TIMESTAMP] = ca_datetime_as_timestamp
    },
    [CA_VALUE_GUID] = {[AS_TEXT] = ca_guid_as_text, [AS_GUID] = ca_guid_as_guid},
    [CA_VALUE_BINARY] = {[AS_TEXT] = ca_text_as_text, [AS_BINARY] = ca_binary_as_binary},
    [CA_VALUE_INTERVAL] = {[AS_TEXT] = ca_interval_as_text, [AS_INTERVAL] = ca_interval_as_interval},
};
/* clang-format on */

static enum sql_class class_of(int code, SQLSMALLINT sql_type)
{
    static const uint8_t classes[] = {
        [CA_TYPE_BINARY] = AS_BINARY,   [CA_TYPE_VARCHAR] = AS_TEXT,        [CA_TYPE_TINYINT] = AS_WHOLE,
        [CA_TYPE_SMALLINT] = AS_WHOLE,  [CA_TYPE_INTEGER] = AS_WHOLE,       [CA_TYPE_BIGINT] = AS_WHOLE,
        [CA_TYPE_FLOAT] = AS_FLOATING,  [CA_TYPE_DOUBLE] = AS_FLOATING,     [CA_TYPE_DECIMAL] = AS_DECIMAL,
        [CA_TYPE_NUMERIC] = AS_DECIMAL, [CA_TYPE_BOOLEAN] = AS_BIT,         [CA_TYPE_DATE] = AS_DATE,
        [CA_TYPE_TIME] = AS_TIME,       [CA_TYPE_TIMESTAMP] = AS_TIMESTAMP, [CA_TYPE_UUID] = AS_GUID,
    };
    if (sql_type >= SQL_INTERVAL_YEAR && sql_type <= SQL_INTERVAL_MINUTE_TO_SECOND)
        return AS_INTERVAL;
    return (enum sql_class)classes[code];
}

struct ca_parameter_plan ca_parameter_plan(const struct ca_parameter *parameter)
{
    int code = ca_type_code_of_sql(parameter->sql_type);
    return (struct ca_parameter_plan){.code = code,
                                      .class = (uint8_t)class_of(code, parameter->sql_type),
                                      .read = ca_value_reader_find(parameter->c_type)};
}

/* Reads the text as a number and writes that; what the number loses is lost text: 22001. */
static bool number_of_text(struct ca_value *value)
{
    char scratch[CA_LITERAL_SCRATCH];
    struct ca_literal literal;
    if (!ca_write_literal(value, scratch, &literal))
        return false;
    value->text = true;
    return ca_number_read(literal.text, literal.octets, &value->number);
}

static enum ca_conversion datetime_of_text(struct ca_value *value)
{
    char scratch[CA_LITERAL_SCRATCH];
    struct ca_literal literal;
    if (!ca_write_literal(value, scratch, &literal))
        return CA_CONVERT_TEXT;
    value->kind = CA_VALUE_DATETIME;
    value->text = true;
    return ca_datetime_conversion(ca_datetime_read(literal.text, literal.octets, &value->datetime),
                                  CA_CONVERT_TEXT);
}

static enum ca_conversion interval_of_text(struct ca_value *value, SQLSMALLINT sql_type)
{
    char scratch[CA_LITERAL_SCRATCH];
    struct ca_literal literal;
    if (!ca_write_literal(value, scratch, &literal))
        return CA_CONVERT_TEXT;
    value->kind = CA_VALUE_INTERVAL;
    value->text = true;
    value->interval_code = sql_type - SQL_INTERVAL_YEAR + SQL_CODE_YEAR;
    return ca_interval_read(literal.text, literal.octets, value->interval_code, &value->interval);
}

/* Text for a type that is not text: reads it as the kind of value that the class writes. */
static enum ca_conversion interpret_text(struct ca_value *value, enum sql_class class, SQLSMALLINT sql_type)
{
    switch (class) {
    case AS_WHOLE:
    case AS_FLOATING:
    case AS_DECIMAL:
    case AS_BIT:
        if (!number_of_text(value))
            return CA_CONVERT_TEXT;
        value->kind = CA_VALUE_NUMBER;
        return CA_CONVERTED;
    case AS_DATE:
    case AS_TIME:
    case AS_TIMESTAMP:
        return datetime_of_text(value);
    case AS_INTERVAL:
        return interval_of_text(value, sql_type);
    default:
        return CA_CONVERTED;
    }
}

/* Raw octets for a type that is neither text nor binary: they are the type's default C type (DECIMAL: text).
 */
static enum ca_conversion interpret_octets(const struct ca_parameter *parameter, enum sql_class class,
                                           struct ca_value *value)
{
    struct ca_parameter raw = *parameter;
    raw.c_type = ca_c_type_default(parameter->sql_type);
    SQLLEN octets = ca_c_type_octets(raw.c_type);
    ca_value_reader *read = ca_value_reader_find(raw.c_type);
    if (class == AS_GUID || class == AS_INTERVAL)
        return CA_CONVERT_UNSUPPORTED; /* not in the reference's table */
    if (octets > 0 && value->octets != (size_t)octets)
        return CA_CONVERT_RANGE;
    return ca_value_read(read, &raw, value->data, (SQLLEN)value->octets, value);
}

/* An interval of one field is a number of it. */
static void interpret_interval(struct ca_value *value)
{
    const struct ca_interval interval = value->interval;
    if (!ca_interval_is_single(value->interval_code))
        return;
    value->kind = CA_VALUE_NUMBER;
    value->number = (struct ca_number){.digits = ca_interval_count(&interval, value->interval_code),
                                       .negative = interval.negative};
    int digits = ca_fraction_digits(interval.fraction, 0);
    uint32_t fraction = interval.fraction;
    for (int i = 9; i > digits; i--)
        fraction /= 10;
    for (int i = 0; i < digits; i++)
        value->number.digits *= 10;
    value->number.digits += fraction;
    value->number.exponent = -digits;
}

static enum ca_conversion interpret(const struct ca_parameter *parameter, enum sql_class class,
                                    struct ca_value *value)
{
    enum ca_conversion result = CA_CONVERTED;
    if (value->kind == CA_VALUE_BINARY && class != AS_TEXT && class != AS_BINARY)
        result = interpret_octets(parameter, class, value);
    if (result == CA_CONVERTED && (value->kind == CA_VALUE_TEXT || value->kind == CA_VALUE_WIDE))
        result = interpret_text(value, class, parameter->sql_type);
    if (value->kind == CA_VALUE_INTERVAL && (class == AS_WHOLE || class == AS_DECIMAL))
        interpret_interval(value);
    return result;
}

enum ca_conversion ca_parameter_write_planned(struct ca_buffer *json, const struct ca_parameter *parameter,
                                              const struct ca_parameter_plan *plan, const void *data,
                                              SQLLEN length)
{
    struct ca_writing target = {json, parameter, plan->code};
    struct ca_value value;
    size_t start = json->length;
    if (length == SQL_NULL_DATA)
        return ca_write_result(ca_buffer_add(json, "null", sizeof "null" - 1));
    if (plan->code == 0)
        return CA_CONVERT_UNSUPPORTED;
    enum ca_conversion result = ca_value_read(plan->read, parameter, data, length, &value);
    if (result == CA_CONVERTED)
        result = interpret(parameter, (enum sql_class)plan->class, &value);
    if (result == CA_CONVERTED) {
        ca_writer *write = writers[value.kind][plan->class];
        result = write ? write(&target, &value) : CA_CONVERT_UNSUPPORTED;
    }
    if (result >= CA_CONVERT_FIRST_ERROR && json->length > start) {
        json->length = start;
        json->data[start] = '\0';
    }
    return result;
}

enum ca_conversion ca_parameter_write(struct ca_buffer *json, const struct ca_parameter *parameter,
                                      const void *data, SQLLEN length)
{
    struct ca_parameter_plan plan = ca_parameter_plan(parameter);
    return ca_parameter_write_planned(json, parameter, &plan, data, length);
}
