/* Owns the way of numeric literals into numeric C types: the digits of integers straight into the target,
 * everything else through a decimal number of 38 digits. Text of numbers is number_text.c.
 * Rules: ODBC reference, appendix D, "SQL to C: Numeric", "SQL to C: Character", "SQL to C: Bit". */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "data/converter.h"
#include "data/delivery.h"
#include "data/double.h"
#include "data/jsontext.h"
#include "data/number.h"

/* How a cell is read as a number. */
enum source { FROM_TEXT, FROM_NUMBER, FROM_BOOLEAN };

/* A C integer: its range as two magnitudes. */
struct whole_type {
    uint64_t most;
    uint64_t least;
    size_t octets;
};

static const struct whole_type bit_type = {1, 0, 1};
static const struct whole_type stinyint_type = {INT8_MAX, (uint64_t)INT8_MAX + 1, 1};
static const struct whole_type utinyint_type = {UINT8_MAX, 0, 1};
static const struct whole_type sshort_type = {INT16_MAX, (uint64_t)INT16_MAX + 1, 2};
static const struct whole_type ushort_type = {UINT16_MAX, 0, 2};
static const struct whole_type slong_type = {INT32_MAX, (uint64_t)INT32_MAX + 1, 4};
static const struct whole_type ulong_type = {UINT32_MAX, 0, 4};
static const struct whole_type sbigint_type = {INT64_MAX, (uint64_t)INT64_MAX + 1, 8};
static const struct whole_type ubigint_type = {UINT64_MAX, 0, 8};

static enum ca_conversion read_literal(const struct ca_literal *literal, enum source source,
                                       struct ca_number *number)
{
    if (ca_number_read(literal->text, literal->octets, number))
        return CA_CONVERTED;
    if (source == FROM_NUMBER && ca_number_read_special(literal->text, literal->octets, number))
        return CA_CONVERTED;
    if (source != FROM_BOOLEAN)
        return CA_CONVERT_TEXT;
    bool is_true = ca_text_same_n(literal->text, literal->octets, "true");
    *number = (struct ca_number){.digits = is_true};
    return is_true || ca_text_same_n(literal->text, literal->octets, "false") ? CA_CONVERTED
                                                                              : CA_CONVERT_TEXT;
}

/* A boolean is 0 or 1, whatever number stands for it. */
static enum ca_conversion read_any_number(const struct ca_cell *cell, enum source source, char *scratch,
                                          struct ca_literal *literal, struct ca_number *number)
{
    bool is_boolean = cell->kind == CA_CELL_TRUE || cell->kind == CA_CELL_FALSE;
    if (is_boolean && source != FROM_TEXT) {
        *literal = (struct ca_literal){cell->kind == CA_CELL_TRUE ? "1" : "0", 1};
        *number = (struct ca_number){.digits = cell->kind == CA_CELL_TRUE};
        return CA_CONVERTED;
    }
    if (!ca_literal_of_cell(cell, scratch, literal))
        return CA_CONVERT_TEXT;
    enum ca_conversion result = read_literal(literal, source, number);
    if (result == CA_CONVERTED && source == FROM_BOOLEAN) {
        *number = (struct ca_number){.digits = number->digits != 0};
        *literal = (struct ca_literal){number->digits ? "1" : "0", 1};
    }
    return result;
}

/* The cell as a number, and the text it was read from. */
static inline enum ca_conversion read_number(const struct ca_cell *cell, enum source source, char *scratch,
                                             struct ca_literal *literal, struct ca_number *number)
{
    struct ca_short_number quick = {.valid = false};
    if (source != FROM_BOOLEAN && ca_is_scalar(cell))
        quick = ca_number_read_short(cell->text, cell->octets);
    if (!quick.valid)
        return read_any_number(cell, source, scratch, literal, number);
    *literal = (struct ca_literal){cell->text, cell->octets};
    *number =
        (struct ca_number){.digits = quick.digits, .exponent = quick.exponent, .negative = quick.negative};
    return CA_CONVERTED;
}

static inline void store_whole(void *data, uint64_t value, size_t octets)
{
    uint8_t value8 = (uint8_t)value;
    uint16_t value16 = (uint16_t)value;
    uint32_t value32 = (uint32_t)value;
    if (octets == 1)
        memcpy(data, &value8, 1);
    else if (octets == 2)
        memcpy(data, &value16, 2);
    else if (octets == 4)
        memcpy(data, &value32, 4);
    else
        memcpy(data, &value, 8);
}

/* Every case: blanks, escapes, fractions, exponents, booleans, values out of range. */
static __attribute__((noinline)) enum ca_conversion convert_whole(const struct ca_cell *cell,
                                                                  enum source source,
                                                                  const struct whole_type *type, void *data,
                                                                  SQLLEN *length, struct ca_part *part)
{
    char scratch[CA_LITERAL_SCRATCH];
    struct ca_literal literal;
    struct ca_number number;
    uint64_t magnitude;
    enum ca_conversion result = read_number(cell, source, scratch, &literal, &number);
    if (result != CA_CONVERTED)
        return result;
    result = ca_number_whole(&number, &magnitude);
    bool negative = number.negative && number.digits != 0;
    if (result == CA_CONVERT_RANGE || magnitude > (negative ? type->least : type->most) ||
        (negative && type == &bit_type))
        return CA_CONVERT_RANGE;
    if (ca_part_given(part))
        return CA_CONVERT_NO_DATA;
    if (data)
        store_whole(data, negative ? 0 - magnitude : magnitude, type->octets);
    if (length)
        *length = (SQLLEN)type->octets;
    return result;
}

/* Digits alone, within range: by far most cells. */
static inline __attribute__((always_inline)) bool quick_whole(const struct ca_cell *cell,
                                                              const struct whole_type *type, void *data,
                                                              SQLLEN *octets)
{
    bool negative = cell->text[0] == '-';
    struct ca_digits magnitude = ca_digits_read(cell->text + negative, cell->octets - negative);
    if (CA_UNLIKELY(!ca_is_scalar(cell) || !magnitude.valid ||
                    magnitude.value > (negative ? type->least : type->most)))
        return false;
    store_whole(data, negative ? 0 - magnitude.value : magnitude.value, type->octets);
    *octets = (SQLLEN)type->octets;
    return true;
}

/* A boolean cell is `true` or `false`; numbers and words are the exception. */
static inline __attribute__((always_inline)) bool quick_boolean(const struct ca_cell *cell,
                                                                const struct whole_type *type, void *data,
                                                                SQLLEN *octets)
{
    bool is_true = cell->kind == CA_CELL_TRUE;
    if (CA_UNLIKELY(!is_true && cell->kind != CA_CELL_FALSE))
        return false;
    store_whole(data, is_true, type->octets);
    *octets = (SQLLEN)type->octets;
    return true;
}

#define WHOLE_CONVERTER(source, from, quick, target)                                            \
    static inline bool quick_##source##_to_##target(                                            \
        const struct ca_cell *cell, const struct ca_target *layout, void *data, SQLLEN *octets) \
    {                                                                                           \
        (void)layout;                                                                           \
        return quick(cell, &target##_type, data, octets);                                       \
    }                                                                                           \
    CA_QUICK_CONVERTER(source, target, convert_whole(cell, from, &target##_type, data, length, part))

#define WHOLE_CONVERTERS(source, from, quick)      \
    WHOLE_CONVERTER(source, from, quick, bit)      \
    WHOLE_CONVERTER(source, from, quick, stinyint) \
    WHOLE_CONVERTER(source, from, quick, utinyint) \
    WHOLE_CONVERTER(source, from, quick, sshort)   \
    WHOLE_CONVERTER(source, from, quick, ushort)   \
    WHOLE_CONVERTER(source, from, quick, slong)    \
    WHOLE_CONVERTER(source, from, quick, ulong)    \
    WHOLE_CONVERTER(source, from, quick, sbigint)  \
    WHOLE_CONVERTER(source, from, quick, ubigint)

WHOLE_CONVERTERS(text, FROM_TEXT, quick_whole)
WHOLE_CONVERTERS(number, FROM_NUMBER, quick_whole)
WHOLE_CONVERTERS(boolean, FROM_BOOLEAN, quick_boolean)

static __attribute__((noinline)) enum ca_conversion convert_double(const struct ca_cell *cell,
                                                                   enum source source, void *data,
                                                                   SQLLEN *length, struct ca_part *part)
{
    char scratch[CA_LITERAL_SCRATCH];
    struct ca_literal literal;
    struct ca_number number;
    double value;
    enum ca_conversion result = read_number(cell, source, scratch, &literal, &number);
    if (result == CA_CONVERTED)
        result = ca_double_of_number(&number, literal.text, literal.octets, &value);
    if (result != CA_CONVERTED)
        return result;
    if (ca_part_given(part))
        return CA_CONVERT_NO_DATA;
    CA_STORE(data, value, length);
    return result;
}

static enum ca_conversion convert_float(const struct ca_cell *cell, enum source source, void *data,
                                        SQLLEN *length, struct ca_part *part)
{
    char scratch[CA_LITERAL_SCRATCH];
    struct ca_literal literal;
    struct ca_number number;
    float value;
    enum ca_conversion result = read_number(cell, source, scratch, &literal, &number);
    if (result == CA_CONVERTED)
        result = ca_float_of_number(&number, literal.text, literal.octets, &value);
    if (result != CA_CONVERTED)
        return result;
    if (ca_part_given(part))
        return CA_CONVERT_NO_DATA;
    CA_STORE(data, value, length);
    return result;
}

static enum ca_conversion convert_numeric(const struct ca_cell *cell, enum source source,
                                          const struct ca_target *layout, void *data, SQLLEN *length,
                                          struct ca_part *part)
{
    char scratch[CA_LITERAL_SCRATCH];
    struct ca_literal literal;
    struct ca_number number;
    SQL_NUMERIC_STRUCT value;
    enum ca_conversion result = read_number(cell, source, scratch, &literal, &number);
    if (result == CA_CONVERTED)
        result = ca_number_numeric(&number, layout->precision, layout->scale, &value);
    if (result >= CA_CONVERT_FIRST_ERROR)
        return result;
    if (ca_part_given(part))
        return CA_CONVERT_NO_DATA;
    CA_STORE(data, value, length);
    return result;
}

/* At most 19 digits without an exponent. */
static inline bool quick_number_to_double(const struct ca_cell *cell, const struct ca_target *layout,
                                          void *data, SQLLEN *octets)
{
    (void)layout;
    struct ca_short_number number = ca_number_read_short(cell->text, cell->octets);
    if (CA_UNLIKELY(!ca_is_scalar(cell) || !number.valid))
        return false;
    double value = ca_double_of_digits(number.digits, number.exponent);
    if (CA_UNLIKELY(isnan(value)))
        return false;
    value = number.negative ? -value : value;
    memcpy(data, &value, sizeof value);
    *octets = sizeof value;
    return true;
}

static inline bool quick_boolean_to_double(const struct ca_cell *cell, const struct ca_target *layout,
                                           void *data, SQLLEN *octets)
{
    (void)layout;
    double value = cell->kind == CA_CELL_TRUE;
    if (CA_UNLIKELY(cell->kind != CA_CELL_TRUE && cell->kind != CA_CELL_FALSE))
        return false;
    memcpy(data, &value, sizeof value);
    *octets = sizeof value;
    return true;
}

#define quick_text_to_double quick_number_to_double

#define OTHER_CONVERTERS(source, from)                                                 \
    CA_QUICK_CONVERTER(source, double, convert_double(cell, from, data, length, part)) \
    CA_CONVERTER(source, float)                                                        \
    {                                                                                  \
        (void)layout;                                                                  \
        return convert_float(cell, from, data, length, part);                          \
    }                                                                                  \
    CA_CONVERTER(source, numeric)                                                      \
    {                                                                                  \
        return convert_numeric(cell, from, layout, data, length, part);                \
    }

OTHER_CONVERTERS(text, FROM_TEXT)
OTHER_CONVERTERS(number, FROM_NUMBER)
OTHER_CONVERTERS(boolean, FROM_BOOLEAN)

#define RAW_CONVERTER(source, ctype, target)                                                             \
    CA_CONVERTER(source, binary)                                                                         \
    {                                                                                                    \
        ctype value;                                                                                     \
        enum ca_conversion result = ca_number_to_##target(cell, layout, &value, NULL, NULL);             \
        if (result >= CA_CONVERT_FIRST_ERROR)                                                            \
            return result;                                                                               \
        enum ca_conversion delivered = ca_deliver_raw(&value, sizeof value, layout, data, length, part); \
        return delivered == CA_CONVERTED ? result : delivered;                                           \
    }

RAW_CONVERTER(smallint, SQLSMALLINT, sshort)
RAW_CONVERTER(integer, SQLINTEGER, slong)
RAW_CONVERTER(bigint, SQLBIGINT, sbigint)
RAW_CONVERTER(floating, SQLDOUBLE, double)

/* The service does not say whether TINYINT has a sign: what does not fit with it is given without. */
CA_CONVERTER(tinyint, binary)
{
    SQLSCHAR value;
    enum ca_conversion result = ca_number_to_stinyint(cell, layout, &value, NULL, NULL);
    if (result == CA_CONVERT_RANGE)
        result = ca_number_to_utinyint(cell, layout, &value, NULL, NULL);
    if (result >= CA_CONVERT_FIRST_ERROR)
        return result;
    enum ca_conversion delivered = ca_deliver_raw(&value, sizeof value, layout, data, length, part);
    return delivered == CA_CONVERTED ? result : delivered;
}

CA_CONVERTER(boolean, binary)
{
    SQLCHAR value;
    enum ca_conversion result = ca_boolean_to_bit(cell, layout, &value, NULL, NULL);
    if (result >= CA_CONVERT_FIRST_ERROR)
        return result;
    return ca_deliver_raw(&value, sizeof value, layout, data, length, part);
}
