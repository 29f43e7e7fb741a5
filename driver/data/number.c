/* Owns decimal arithmetic: a numeric literal ↔ 38 digits and an exponent, whole numbers and
 * SQL_NUMERIC_STRUCT. Knows no cell, no column and no double. */
#include "data/number.h"

#include <string.h>

#include "base/text.h"

enum { EXPONENT_LIMIT = 1000000 }; /* beyond it every number is nothing or out of every range */

static ca_uint128 power_of_ten(unsigned exponent)
{
    static const uint64_t small[] = {
        1U,
        10U,
        100U,
        1000U,
        10000U,
        100000U,
        1000000U,
        10000000U,
        100000000U,
        1000000000U,
        10000000000U,
        100000000000U,
        1000000000000U,
        10000000000000U,
        100000000000000U,
        1000000000000000U,
        10000000000000000U,
        100000000000000000U,
        1000000000000000000U,
        10000000000000000000U,
    };
    if (exponent < 20)
        return small[exponent];
    return (ca_uint128)small[19] * small[exponent - 19]; /* up to 10^38 */
}

struct ca_digits ca_digits_read_long(const char *text, size_t octets)
{
    if (octets - 1 >= 19)
        return (struct ca_digits){0, false};
    uint64_t number = 0;
    bool valid = true;
#ifdef CA_WORDS
    size_t first = (octets - 1) % 8 + 1; /* digits in front of whole words */
    uint64_t word = (ca_word_load(text) ^ CA_WORD_ZEROS) << (64 - 8 * first);
    uint64_t odd = ca_word_odd(word);
    number = ca_word_value(word);
    for (size_t at = first; at < octets; at += 8) {
        word = ca_word_load(text + at) ^ CA_WORD_ZEROS;
        odd |= ca_word_odd(word);
        number = number * 100000000 + ca_word_value(word);
    }
    valid = odd == 0;
#else
    for (size_t i = 0; i < octets; i++) {
        valid &= ca_is_digit(text[i]);
        number = number * 10 + (uint64_t)(text[i] - '0');
    }
#endif
    return (struct ca_digits){number, valid};
}

static const struct ca_short_number no_short_number = {0, 0, false, false};

#ifdef CA_WORDS
/* Up to eight characters, of which one may be a point, as one word: the point's place is found, and the
 * digits behind it move up by one. */
static inline struct ca_short_number read_word(const char *text, size_t octets, bool negative)
{
    const uint64_t ones = 0x0101010101010101U;
    uint64_t word = ca_word_load(text);
    uint64_t points = word ^ (ones * '.');
    points = (points - ones) & ~points & (ones << 7); /* the lowest bit set marks the first point */
    word ^= CA_WORD_ZEROS;
    size_t point = points ? (size_t)__builtin_ctzll(points) / 8 : octets;
    int exponent = 0;
    if (point < octets) {
        uint64_t below = (UINT64_C(1) << (8 * point)) - 1;
        word = (word & below) | (word >> 8 & ~below);
        octets--;
        exponent = -(int)(octets - point);
    }
    if (octets == 0)
        return no_short_number;
    word <<= 64 - 8 * octets;
    return (struct ca_short_number){ca_word_value(word), exponent, negative, ca_word_is_digits(word)};
}
#endif

struct ca_short_number ca_number_read_short(const char *text, size_t octets)
{
    bool negative = *text == '-';
    text += negative;
    octets -= negative;
    if (octets - 1 >= 20) /* a point and 19 digits */
        return no_short_number;
#ifdef CA_WORDS
    if (octets <= 8)
        return read_word(text, octets, negative);
#endif
    const char *point = text;
    uint64_t whole = 0;
    for (; ca_is_digit(*point) && point < text + octets; point++)
        whole = whole * 10 + (uint64_t)(*point - '0');
    size_t places = octets - (size_t)(point - text);
    if (places == 0)
        return (struct ca_short_number){whole, 0, negative, octets <= 19};
    places--; /* the point's own */
    if (*point != '.' || octets == 1)
        return no_short_number;
    if (places == 0)
        return (struct ca_short_number){whole, 0, negative, true};
    struct ca_digits fraction = ca_digits_read(point + 1, places);
    whole = whole * (uint64_t)power_of_ten((unsigned)places) + fraction.value;
    return (struct ca_short_number){whole, -(int)places, negative, fraction.valid};
}

/* Reads an optional exponent up to the end of the text. */
static bool read_exponent(const char *text, size_t octets, int64_t *exponent)
{
    *exponent = 0;
    if (octets == 0)
        return true;
    if (text[0] != 'e' && text[0] != 'E')
        return false;
    size_t at = 1;
    bool negative = at < octets && text[at] == '-';
    if (at < octets && (text[at] == '-' || text[at] == '+'))
        at++;
    if (at == octets)
        return false;
    for (; at < octets; at++) {
        if (!ca_is_digit(text[at]))
            return false;
        if (*exponent < EXPONENT_LIMIT)
            *exponent = *exponent * 10 + (text[at] - '0');
    }
    if (negative)
        *exponent = -*exponent;
    return true;
}

/* The digits of a mantissa too long for 64 bits: the first 38 significant ones are kept. `text` holds
 * digits and at most one point. */
static void collect_digits(const char *text, size_t octets, struct ca_number *number)
{
    int kept = 0;
    bool fraction = false;
    number->digits = 0;
    number->exponent = 0;
    for (size_t i = 0; i < octets; i++) {
        if (text[i] == '.') {
            fraction = true;
            continue;
        }
        unsigned digit = (unsigned)(text[i] - '0');
        if (kept < CA_NUMBER_DIGITS) {
            number->digits = number->digits * 10 + digit;
            kept += number->digits != 0;
            number->exponent -= fraction;
        } else {
            number->inexact |= digit != 0;
            number->exponent += !fraction;
        }
    }
}

bool ca_number_read(const char *text, size_t octets, struct ca_number *number)
{
    const char *end = text + octets;
    const char *at = text;
    *number = (struct ca_number){.negative = octets && *at == '-'};
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    const char *mantissa = at;
    uint64_t digits = 0;
    for (; at < end && ca_is_digit(*at); at++)
        digits = digits * 10 + (uint64_t)(*at - '0');
    size_t count = (size_t)(at - mantissa);
    if (at < end && *at == '.') {
        const char *point = at++;
        for (; at < end && ca_is_digit(*at); at++)
            digits = digits * 10 + (uint64_t)(*at - '0');
        size_t fraction = (size_t)(at - point - 1);
        count += fraction;
        number->exponent = -(int64_t)fraction;
    }
    if (count == 0)
        return false;
    number->digits = digits;
    if (count > 19) /* `digits` may have wrapped */
        collect_digits(mantissa, (size_t)(at - mantissa), number);
    if (at == end)
        return true;
    int64_t exponent;
    if (!read_exponent(at, (size_t)(end - at), &exponent))
        return false;
    number->exponent += exponent;
    return true;
}

bool ca_number_read_special(const char *text, size_t octets, struct ca_number *number)
{
    *number = (struct ca_number){.negative = octets && text[0] == '-'};
    if (octets && (text[0] == '-' || text[0] == '+')) {
        text++;
        octets--;
    }
    if (ca_text_same_n(text, octets, "NaN"))
        number->kind = CA_NUMBER_NAN;
    else if (ca_text_same_n(text, octets, "Infinity") || ca_text_same_n(text, octets, "Inf"))
        number->kind = CA_NUMBER_INFINITE;
    return number->kind != CA_NUMBER_FINITE;
}

/* digits × 10^shift with the fraction dropped; false if it has more than 38 digits. */
static bool scale_digits(const struct ca_number *number, int64_t shift, ca_uint128 *scaled, bool *lost)
{
    *scaled = number->digits;
    *lost = number->inexact;
    if (number->digits == 0 || shift == 0)
        return true;
    if (shift > 0) {
        if (shift > CA_NUMBER_DIGITS || number->digits >= power_of_ten(CA_NUMBER_DIGITS - (unsigned)shift))
            return false;
        *scaled = number->digits * power_of_ten((unsigned)shift);
        return true;
    }
    if (shift < -CA_NUMBER_DIGITS) {
        *scaled = 0;
        *lost = true;
        return true;
    }
    ca_uint128 divisor = power_of_ten((unsigned)-shift);
    if (number->digits >> 64 == 0 && divisor >> 64 == 0) { /* a division that the processor has */
        uint64_t narrow = (uint64_t)number->digits;
        *scaled = narrow / (uint64_t)divisor;
        *lost |= narrow % (uint64_t)divisor != 0;
        return true;
    }
    *scaled = number->digits / divisor;
    *lost |= number->digits % divisor != 0;
    return true;
}

enum ca_conversion ca_number_whole(const struct ca_number *number, uint64_t *magnitude)
{
    ca_uint128 whole;
    bool lost;
    if (number->kind != CA_NUMBER_FINITE || !scale_digits(number, number->exponent, &whole, &lost) ||
        whole > UINT64_MAX)
        return CA_CONVERT_RANGE;
    *magnitude = (uint64_t)whole;
    return lost ? CA_CONVERT_FRACTION_LOST : CA_CONVERTED;
}

enum ca_conversion ca_number_numeric(const struct ca_number *number, SQLSMALLINT precision, SQLSMALLINT scale,
                                     SQL_NUMERIC_STRUCT *numeric)
{
    ca_uint128 scaled;
    bool lost;
    if (precision < 1 || precision > CA_NUMBER_DIGITS)
        precision = CA_NUMBER_DIGITS;
    int64_t shift = number->exponent + (scale > 0 ? scale : 0);
    if (number->kind != CA_NUMBER_FINITE || !scale_digits(number, shift, &scaled, &lost))
        return CA_CONVERT_RANGE;
    if (scale < 0 && scaled != 0) { /* digits dropped now are whole ones */
        ca_uint128 divisor = scale < -CA_NUMBER_DIGITS ? 0 : power_of_ten((unsigned)-scale);
        if (divisor == 0 || scaled % divisor != 0)
            return CA_CONVERT_RANGE;
        scaled /= divisor;
    }
    if (scaled >= power_of_ten((unsigned)precision))
        return CA_CONVERT_RANGE;
    memset(numeric, 0, sizeof *numeric);
    numeric->precision = (SQLCHAR)precision;
    numeric->scale = (SQLSCHAR)scale;
    numeric->sign = !number->negative || scaled == 0;
    for (size_t i = 0; i < sizeof numeric->val && scaled; i++, scaled >>= 8)
        numeric->val[i] = (SQLCHAR)(scaled & 0xFF);
    return lost ? CA_CONVERT_FRACTION_LOST : CA_CONVERTED;
}

void ca_number_of_numeric(const SQL_NUMERIC_STRUCT *numeric, int scale, struct ca_number *number)
{
    *number = (struct ca_number){.exponent = -(int64_t)scale, .negative = numeric->sign == 0};
    for (size_t i = sizeof numeric->val; i-- > 0;)
        number->digits = number->digits << 8 | numeric->val[i];
}

bool ca_number_cut(struct ca_number *number, int scale)
{
    ca_uint128 cut;
    bool lost;
    if (number->exponent >= -scale)
        return false;
    scale_digits(number, number->exponent + scale, &cut, &lost); /* a negative shift always succeeds */
    number->digits = cut;
    number->exponent = -scale;
    number->inexact = false;
    return lost;
}

int64_t ca_number_whole_digits(const struct ca_number *number)
{
    int64_t count = number->exponent;
    for (ca_uint128 rest = number->digits; rest; count++)
        rest = rest >> 64 ? rest / 10 : (uint64_t)rest / 10;
    return number->digits && count > 0 ? count : 0;
}

size_t ca_number_write_digits(uint64_t value, char *text)
{
    char reversed[20];
    size_t count = 0;
    do
        reversed[count++] = (char)('0' + value % 10);
    while (value /= 10);
    for (size_t i = 0; i < count; i++)
        text[i] = reversed[count - 1 - i];
    return count;
}

/* Up to 39 digits of a 128-bit number. */
static size_t write_wide_digits(ca_uint128 value, char *text)
{
    const uint64_t chunk = 10000000000000000000U; /* 10^19 */
    if (value >> 64 == 0)
        return ca_number_write_digits((uint64_t)value, text);
    size_t count = write_wide_digits(value / chunk, text);
    uint64_t rest = (uint64_t)(value % chunk);
    for (size_t i = 19; i-- > 0; rest /= 10)
        text[count + i] = (char)('0' + rest % 10);
    return count + 19;
}

size_t ca_number_write(const struct ca_number *number, char *text)
{
    char digits[40];
    size_t count = write_wide_digits(number->digits, digits);
    size_t length = 0;
    if (number->negative && number->digits != 0)
        text[length++] = '-';
    int64_t point = (int64_t)count + number->exponent; /* digits in front of the point */
    if (number->digits == 0 && number->exponent > 0)
        point = 1;
    if (point <= 0)
        text[length++] = '0';
    for (int64_t i = 0; i < point; i++)
        text[length++] = i < (int64_t)count ? digits[i] : '0';
    if (number->exponent >= 0)
        return length;
    text[length++] = '.';
    for (int64_t i = point; i < (int64_t)count; i++)
        text[length++] = i < 0 ? '0' : digits[i];
    return length;
}

size_t ca_number_write_short(const struct ca_number *number, char *text)
{
    enum { SMALLEST_PLAIN = -6, LARGEST_PLAIN = 16 }; /* powers of ten of the first digit */
    char digits[40];
    size_t count = write_wide_digits(number->digits, digits);
    int64_t leading = number->exponent + (int64_t)count - 1;
    bool zeros = leading > LARGEST_PLAIN && number->exponent > 0; /* zeros to fill up to the point */
    if (number->digits == 0)
        return ca_number_write(&(struct ca_number){0}, text);
    if (leading >= SMALLEST_PLAIN && !zeros)
        return ca_number_write(number, text);
    while (count > 1 && digits[count - 1] == '0')
        count--;
    size_t length = 0;
    if (number->negative)
        text[length++] = '-';
    text[length++] = digits[0];
    if (count > 1) {
        text[length++] = '.';
        memcpy(text + length, digits + 1, count - 1);
        length += count - 1;
    }
    text[length++] = 'e';
    if (leading < 0)
        text[length++] = '-';
    return length + ca_number_write_digits((uint64_t)(leading < 0 ? -leading : leading), text + length);
}
