/* Decimal numbers as text: reading them exactly, without a double and without the locale. */
#ifndef CA_DATA_NUMBER_H
#define CA_DATA_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "data/convert.h"

typedef unsigned __int128 ca_uint128;

enum { CA_NUMBER_DIGITS = 38 }; /* the most that SQL_C_NUMERIC and DECIMAL hold */

enum ca_number_kind { CA_NUMBER_FINITE, CA_NUMBER_INFINITE, CA_NUMBER_NAN };

/* digits × 10^exponent, negated when `negative`. */
struct ca_number {
    ca_uint128 digits; /* at most CA_NUMBER_DIGITS significant ones */
    int64_t exponent;
    bool negative;
    bool inexact; /* digits other than 0 followed those kept */
    uint8_t kind;
};

/* Reads a whole numeric literal (sign, digits, point, exponent; nothing around it). false: it is none. */
bool ca_number_read(const char *text, size_t octets, struct ca_number *number);
/* Reads "NaN", "Infinity" and "Inf" with optional sign, letters in any case. */
bool ca_number_read_special(const char *text, size_t octets, struct ca_number *number);

/* The whole part as magnitude. CA_CONVERTED, CA_CONVERT_FRACTION_LOST or CA_CONVERT_RANGE. */
enum ca_conversion ca_number_whole(const struct ca_number *number, uint64_t *magnitude);
/* Writes digits × 10^scale as SQL_C_NUMERIC wants it; a precision outside 1..38 counts as 38. */
enum ca_conversion ca_number_numeric(const struct ca_number *number, SQLSMALLINT precision, SQLSMALLINT scale,
                                     SQL_NUMERIC_STRUCT *numeric);
/* The number that a structure holds under the given scale. */
void ca_number_of_numeric(const SQL_NUMERIC_STRUCT *numeric, int scale, struct ca_number *number);

/* Drops what lies behind `scale` fraction digits; true if it was not 0. */
bool ca_number_cut(struct ca_number *number, int scale);
/* Digits in front of the point, 0 for what is less than 1. */
int64_t ca_number_whole_digits(const struct ca_number *number);

/* Longest text of ca_number_write for numbers without a far exponent. */
enum { CA_NUMBER_TEXT = 128 };
/* Writes the number as plain digits (JSON number syntax) into `text` of CA_NUMBER_TEXT octets; returns the
 * length. The exponent must lie in -80..80. */
size_t ca_number_write(const struct ca_number *number, char *text);
/* The same with an exponent where the plain form would have many zeros; any exponent. */
size_t ca_number_write_short(const struct ca_number *number, char *text);
/* Writes the decimal digits of an integer (at most 20, no terminator); returns how many. */
size_t ca_number_write_digits(uint64_t value, char *text);

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define CA_WORDS 1 /* eight characters at a time from one machine word */

static inline uint64_t ca_word_load(const char *text)
{
    uint64_t word;
    __builtin_memcpy(&word, text, sizeof word);
    return word;
}

#define CA_WORD_ZEROS UINT64_C(0x3030303030303030)

/* A bit for each octet of `word`, text already subtracted or exclusive-ored, that is no value 0..9. */
static inline uint64_t ca_word_odd(uint64_t word)
{
    return ((word + 0x7676767676767676U) | word) & 0x8080808080808080U;
}

static inline bool ca_word_is_digits(uint64_t word)
{
    return ca_word_odd(word) == 0;
}

/* The number of eight digit values, the first in the lowest octet. */
static inline uint32_t ca_word_value(uint64_t word)
{
    word = word * 10 + (word >> 8); /* pairs in octets 0, 2, 4, 6 */
    uint64_t high = (word & 0x000000FF000000FFU) * 0x000F424000000064U;
    uint64_t low = (word >> 16 & 0x000000FF000000FFU) * 0x0000271000000001U;
    return (uint32_t)((high + low) >> 32);
}
#endif

/* What the functions below do not read is left to ca_number_read. They need CA_CELL_PADDING readable octets
 * behind the text, and return structures that fit the registers. */

struct ca_digits {
    uint64_t value;
    bool valid;
};

/* Reads 1..19 digits and nothing else. */
struct ca_digits ca_digits_read_long(const char *text, size_t octets);

static inline struct ca_digits ca_digits_read(const char *text, size_t octets)
{
#ifdef CA_WORDS
    if (__builtin_expect(octets - 1 < 8, 1)) {
        uint64_t word = (ca_word_load(text) ^ CA_WORD_ZEROS) << (64 - 8 * octets);
        return (struct ca_digits){ca_word_value(word), ca_word_is_digits(word)};
    }
#endif
    return ca_digits_read_long(text, octets);
}

/* digits × 10^exponent */
struct ca_short_number {
    uint64_t digits;
    int exponent;
    bool negative;
    bool valid;
};

/* Reads a number of at most 19 digits with an optional sign and point and no exponent. */
struct ca_short_number ca_number_read_short(const char *text, size_t octets);

#endif
