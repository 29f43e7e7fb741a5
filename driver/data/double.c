/* Owns the reading of floating point numbers. Three ways, each exact where it answers: one division or
 * product of exact doubles (Clinger 1990); a 128-bit product with a table of powers of five (Lemire,
 * "Number parsing at a gigabyte per second", 2021); strtod for the rest. Knows no cell. */
#include "data/double.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "data/power.h"

enum {
    LARGEST_EXACT_POWER = 22, /* 10^22 is a double */
    SMALLEST_EXPONENT = -342, /* 19 digits × 10^-343 lie below half the smallest double */
    LARGEST_EXPONENT = 308,   /* 10^309 is beyond the largest */
    MANTISSA_BITS = 52,
    EXPONENT_BIAS = 1023,
    INFINITE_EXPONENT = 0x7FF,
    /* No boundary between two doubles has more significant digits than 767; one more than 0 behind as
     * many tells on which side of it a longer number lies. */
    DECISIVE_DIGITS = 800
};

/* No number has these bits. */
#define UNDECIDED UINT64_MAX

/* double × power and double / power of these are one correctly rounded operation. */
static const double exact_powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                      1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static pthread_once_t c_locale_once = PTHREAD_ONCE_INIT;
static locale_t c_locale; /* written once, by make_c_locale */

static void make_c_locale(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

static double of_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Digits below 2^53 and a small exponent. */
static bool convert_exact(uint64_t digits, int64_t exponent, double *value)
{
    if (digits >> 53 || exponent < -LARGEST_EXACT_POWER || exponent > LARGEST_EXACT_POWER)
        return false;
    double exact = (double)digits;
    *value = exponent < 0 ? exact / exact_powers[-exponent] : exact * exact_powers[exponent];
    return true;
}

struct product {
    uint64_t high;
    uint64_t low;
};

/* The leading 128 bits of digits × 5^exponent, `digits` shifted to the top of its word. The second product
 * is needed only where the first leaves the bits that decide the rounding open. */
static struct product multiply_power(uint64_t digits, int64_t exponent)
{
    const uint64_t *power = ca_powers_of_five[exponent - CA_POWER_SMALLEST];
    const uint64_t open = UINT64_MAX >> (MANTISSA_BITS + 3);
    ca_uint128 first = (ca_uint128)digits * power[0];
    struct product product = {(uint64_t)(first >> 64), (uint64_t)first};
    if ((product.high & open) == open) {
        uint64_t carry = (uint64_t)((ca_uint128)digits * power[1] >> 64);
        product.low += carry;
        product.high += product.low < carry;
    }
    return product;
}

/* floor(log2(10^exponent)) + 63 for the exponents of the table. */
static int binary_exponent(int64_t exponent)
{
    return (int)((exponent * 217706) >> 16) + 63;
}

/* A result below the smallest normal number: `mantissa` has 54 bits, the lowest of them the rounding bit. */
static uint64_t make_subnormal(uint64_t mantissa, int exponent)
{
    int shift = 1 - exponent;
    if (shift >= 64)
        return 0;
    mantissa >>= shift;
    mantissa += mantissa & 1;
    return mantissa >> 1; /* a carry into bit 52 makes it the smallest normal number, as it should */
}

/* The bits of the double nearest to digits × 10^exponent: infinity on overflow, UNDECIDED (a NaN) where 128
 * bits do not decide. */
static uint64_t convert_wide(uint64_t digits, int64_t exponent)
{
    const uint64_t infinite = (uint64_t)INFINITE_EXPONENT << MANTISSA_BITS;
    if (digits == 0 || exponent < SMALLEST_EXPONENT)
        return 0;
    if (exponent > LARGEST_EXPONENT)
        return infinite;
    int leading = __builtin_clzll(digits);
    struct product product = multiply_power(digits << leading, exponent);
    if (product.low == UINT64_MAX && (exponent < -27 || exponent > 55))
        return UNDECIDED; /* the part of the power cut off could carry */
    int upper = (int)(product.high >> 63);
    uint64_t mantissa = product.high >> (upper + 64 - MANTISSA_BITS - 3);
    int biased = binary_exponent(exponent) + upper - leading + EXPONENT_BIAS;
    if (biased <= 0)
        return make_subnormal(mantissa, biased);
    /* Exactly between two doubles: only where the product is exact. Then ties go to the even one. */
    if (product.low <= 1 && exponent >= -4 && exponent <= 23 && (mantissa & 3) == 1 &&
        mantissa << (upper + 64 - MANTISSA_BITS - 3) == product.high)
        mantissa &= ~UINT64_C(1);
    mantissa += mantissa & 1;
    mantissa >>= 1;
    if (mantissa >> (MANTISSA_BITS + 1)) {
        mantissa >>= 1;
        biased++;
    }
    if (biased >= INFINITE_EXPONENT)
        return infinite;
    return (mantissa & ((UINT64_C(1) << MANTISSA_BITS) - 1)) | (uint64_t)biased << MANTISSA_BITS;
}

double ca_double_of_digits(uint64_t digits, int exponent)
{
    double value;
    return convert_exact(digits, exponent, &value) ? value : of_bits(convert_wide(digits, exponent));
}

/* The digits of a literal as `digits e exponent` with at most DECISIVE_DIGITS + 1 digits. */
static void write_decisive(const char *text, size_t octets, int64_t literal_exponent, char *target)
{
    size_t length = 0;
    bool fraction = false;
    bool more = false;
    int64_t exponent = literal_exponent;
    for (size_t i = 0; i < octets && text[i] != 'e' && text[i] != 'E'; i++) {
        if (text[i] == '.') {
            fraction = true;
        } else if (ca_is_digit(text[i]) && length < DECISIVE_DIGITS) {
            if (length || text[i] != '0')
                target[length++] = text[i];
            exponent -= fraction;
        } else if (ca_is_digit(text[i])) {
            more |= text[i] != '0';
            exponent += !fraction;
        }
    }
    if (more) {
        target[length++] = '1';
        exponent--;
    }
    if (length == 0)
        target[length++] = '0';
    target[length++] = 'e';
    if (exponent < 0)
        target[length++] = '-';
    length += ca_number_write_digits((uint64_t)(exponent < 0 ? -exponent : exponent), target + length);
    target[length] = '\0';
}

/* The exponent written in the literal: what the number's exponent says beyond the places of its digits. */
static int64_t literal_exponent(const char *text, size_t octets)
{
    size_t at = 0;
    while (at < octets && text[at] != 'e' && text[at] != 'E')
        at++;
    struct ca_number exponent;
    uint64_t magnitude;
    if (at == octets || !ca_number_read(text + at + 1, octets - at - 1, &exponent))
        return 0;
    if (ca_number_whole(&exponent, &magnitude) != CA_CONVERTED || magnitude > 1000000)
        magnitude = 1000000;
    return exponent.negative ? -(int64_t)magnitude : (int64_t)magnitude;
}

static bool write_for_library(const char *text, size_t octets, char *target)
{
    pthread_once(&c_locale_once, make_c_locale);
    if (!c_locale)
        return false;
    write_decisive(text, octets, literal_exponent(text, octets), target);
    return true;
}

/* The double next to the magnitude of a finite number. */
static enum ca_conversion convert(const struct ca_number *number, const char *text, size_t octets,
                                  double *value)
{
    uint64_t digits = (uint64_t)number->digits;
    int64_t exponent = number->exponent;
    bool cut = number->inexact;
    if (number->digits >> 64) { /* 20 and more digits: keep 19 and look whether the rest matters */
        ca_uint128 wide = number->digits;
        for (; wide >> 63; exponent++) {
            cut |= wide % 10 != 0;
            wide /= 10;
        }
        digits = (uint64_t)wide;
    } else if (!cut && convert_exact(digits, exponent, value)) {
        return CA_CONVERTED;
    }
    uint64_t bits = convert_wide(digits, exponent);
    if (bits == UNDECIDED || (cut && convert_wide(digits + 1, exponent) != bits)) {
        char decisive[DECISIVE_DIGITS + 32];
        if (!write_for_library(text, octets, decisive))
            return CA_CONVERT_NO_MEMORY;
        *value = strtod_l(decisive, NULL, c_locale);
    } else {
        *value = of_bits(bits);
    }
    return isinf(*value) ? CA_CONVERT_RANGE : CA_CONVERTED;
}

enum ca_conversion ca_double_of_number(const struct ca_number *number, const char *text, size_t octets,
                                       double *value)
{
    if (number->kind != CA_NUMBER_FINITE) {
        double special = number->kind == CA_NUMBER_NAN ? (double)NAN : (double)INFINITY;
        *value = number->negative ? -special : special;
        return CA_CONVERTED;
    }
    enum ca_conversion result = convert(number, text, octets, value);
    if (number->negative)
        *value = -*value;
    return result;
}

/* Whether rounding the double to float could differ from rounding the number: it lies on the boundary of
 * two floats, or so low that floats have fewer bits. */
static bool is_between_floats(double value)
{
    const uint64_t half = UINT64_C(1) << 28;
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (bits & ((half << 1) - 1)) == half || (value != 0 && fabs(value) < (double)FLT_MIN);
}

enum ca_conversion ca_float_of_number(const struct ca_number *number, const char *text, size_t octets,
                                      float *value)
{
    double wide;
    enum ca_conversion result = ca_double_of_number(number, text, octets, &wide);
    if (result != CA_CONVERTED)
        return result;
    *value = (float)wide;
    if (number->kind != CA_NUMBER_FINITE)
        return CA_CONVERTED;
    if (is_between_floats(wide)) {
        char decisive[DECISIVE_DIGITS + 32];
        if (!write_for_library(text, octets, decisive))
            return CA_CONVERT_NO_MEMORY;
        *value = strtof_l(decisive, NULL, c_locale);
        if (number->negative)
            *value = -*value;
    }
    return isinf(*value) ? CA_CONVERT_RANGE : CA_CONVERTED;
}
