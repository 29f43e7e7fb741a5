/* Owns the writing of floating point numbers: the shortest decimal digits that read back as the same
 * number. The method is R. Giulietti's "The Schubfach way to render doubles" (2021): scale the number and
 * the borders of its rounding interval by a power of ten, and look for the multiple of ten, else the
 * integer, inside. Knows no cell. */
#include <string.h>

#include "data/double.h"
#include "data/power.h"

/* value = significand × 2^exponent; `closer`: the next lower number is only half as far as the next higher.
 */
struct binary {
    uint64_t significand;
    int exponent;
    bool closer;
};

static int floor_log10_pow2(int exponent, bool three_quarters)
{
    return (int)(((int64_t)exponent * 1262611 - (three_quarters ? 524031 : 0)) >> 22);
}

static int floor_log2_pow10(int exponent)
{
    return (int)(((int64_t)exponent * 1741647) >> 19);
}

/* The leading bits of 10^exponent, rounded up. */
static void power_of_ten_above(int exponent, uint64_t *high, uint64_t *low)
{
    const uint64_t *power = ca_powers_of_five[exponent - CA_POWER_SMALLEST];
    bool exact = exponent >= 0 && exponent <= 55;
    bool rounded_up = exponent >= -27 && exponent < 0;
    *low = power[1] + !(exact || rounded_up);
    *high = power[0] + (*low < power[1]);
}

/* The upper 64 bits of factor × power / 2^64, the lowest one set if anything was cut off. */
static uint64_t multiply_to_odd(uint64_t high, uint64_t low, uint64_t factor)
{
    ca_uint128 lower = (ca_uint128)low * factor;
    ca_uint128 upper = (ca_uint128)high * factor + (uint64_t)(lower >> 64);
    return (uint64_t)(upper >> 64) | ((uint64_t)upper > 1);
}

static void shortest(const struct binary *binary, uint64_t *digits, int *exponent)
{
    uint64_t c = binary->significand;
    uint64_t odd = c & 1; /* an odd significand does not own the borders of its interval */
    int k = floor_log10_pow2(binary->exponent, binary->closer);
    int shift = binary->exponent + floor_log2_pow10(-k) + 1;
    uint64_t high;
    uint64_t low;
    power_of_ten_above(-k, &high, &low);
    uint64_t below = multiply_to_odd(high, low, (4 * c - 2 + binary->closer) << shift) + odd;
    uint64_t value = multiply_to_odd(high, low, (4 * c) << shift); /* four times the scaled number */
    uint64_t above = multiply_to_odd(high, low, (4 * c + 2) << shift) - odd;
    uint64_t unit = value / 4;
    *exponent = k;
    if (unit >= 10) {
        uint64_t ten = unit / 10;
        bool lower_fits = below <= 40 * ten;
        bool upper_fits = 40 * ten + 40 <= above;
        if (lower_fits != upper_fits) {
            *digits = ten + upper_fits;
            *exponent = k + 1;
            return;
        }
    }
    bool lower_fits = below <= 4 * unit;
    bool upper_fits = 4 * unit + 4 <= above;
    uint64_t middle = 4 * unit + 2;
    bool round_up = value > middle || (value == middle && (unit & 1));
    *digits = unit + (lower_fits != upper_fits ? upper_fits : round_up);
}

/* Splits the fields of a number with `bits` bits of mantissa and finds its shortest digits. */
static void decompose(uint64_t fraction, int field, int bits, int bias, struct ca_number *number)
{
    struct binary binary = {fraction, 1 - bias - bits, false};
    uint64_t digits = 0;
    int exponent = 0;
    if (field != 0) {
        binary.significand |= UINT64_C(1) << bits;
        binary.exponent = field - bias - bits;
        binary.closer = fraction == 0 && field > 1;
    }
    int down = -binary.exponent;
    bool whole = down >= 0 && down <= bits && (binary.significand & ((UINT64_C(1) << down) - 1)) == 0;
    if (whole)
        digits = binary.significand >> down;
    else if (binary.significand != 0)
        shortest(&binary, &digits, &exponent);
    while (digits != 0 && exponent < 0 && digits % 10 == 0) {
        digits /= 10;
        exponent++;
    }
    number->digits = digits;
    number->exponent = exponent;
}

void ca_number_of_double(double value, struct ca_number *number)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    int field = (int)(bits >> 52 & 0x7FF);
    uint64_t fraction = bits & ((UINT64_C(1) << 52) - 1);
    *number = (struct ca_number){.negative = bits >> 63};
    if (field == 0x7FF)
        number->kind = fraction ? CA_NUMBER_NAN : CA_NUMBER_INFINITE;
    else
        decompose(fraction, field, 52, 1023, number);
}

void ca_number_of_float(float value, struct ca_number *number)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    int field = (int)(bits >> 23 & 0xFF);
    uint32_t fraction = bits & 0x7FFFFFU;
    *number = (struct ca_number){.negative = bits >> 31};
    if (field == 0xFF)
        number->kind = fraction ? CA_NUMBER_NAN : CA_NUMBER_INFINITE;
    else
        decompose(fraction, field, 23, 127, number);
}

size_t ca_double_write(double value, char *text)
{
    struct ca_number number;
    ca_number_of_double(value, &number);
    return ca_number_write_short(&number, text);
}

size_t ca_float_write(float value, char *text)
{
    struct ca_number number;
    ca_number_of_float(value, &number);
    return ca_number_write_short(&number, text);
}
