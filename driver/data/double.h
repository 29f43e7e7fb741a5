/* Decimal text → binary floating point, correctly rounded, without the locale. */
#ifndef CA_DATA_DOUBLE_H
#define CA_DATA_DOUBLE_H

#include "data/number.h"

/* The double nearest to the number, ties to even. `text` is what the number was read from (looked at only
 * in rare cases). CA_CONVERTED, or CA_CONVERT_RANGE for a finite number beyond the largest double;
 * what is too small becomes 0. */
enum ca_conversion ca_double_of_number(const struct ca_number *number, const char *text, size_t octets,
                                       double *value);
/* The same for float, rounded once. */
enum ca_conversion ca_float_of_number(const struct ca_number *number, const char *text, size_t octets,
                                      float *value);

/* The double nearest to digits × 10^exponent, exponent in -22..22; NaN where only ca_double_of_number can
 * tell. */
double ca_double_of_digits(uint64_t digits, int exponent);

/* Longest text of the two functions below. */
enum { CA_DOUBLE_TEXT = 32 };
/* Writes the shortest digits that read back as the same finite number, in JSON number syntax, with an
 * exponent only where the plain form is long; returns the length (no terminator). */
size_t ca_double_write(double value, char *text);
size_t ca_float_write(float value, char *text);
/* The same digits as a number. */
void ca_number_of_double(double value, struct ca_number *number);
void ca_number_of_float(float value, struct ca_number *number);

#endif
