/* Intervals: text and numbers ↔ SQL_INTERVAL_STRUCT. */
#ifndef CA_DATA_INTERVAL_H
#define CA_DATA_INTERVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/convert.h"

/* An interval of months, or of seconds and billionths; which of the two its fields say. */
struct ca_interval {
    uint64_t units; /* months or seconds */
    uint32_t fraction;
    bool negative;
    bool year_month;
    bool inexact; /* digits other than 0 behind the ninth of the fraction */
};

/* Codes are those of ODBC: SQL_CODE_YEAR (1) … SQL_CODE_MINUTE_TO_SECOND (13). */
bool ca_interval_is_year_month(int code);
bool ca_interval_is_single(int code);

/* Reads an interval literal (`INTERVAL -'1-2' YEAR TO MONTH`), or only what stands in the quotes, which then
 * begins with the first field of `code`. CA_CONVERTED, CA_CONVERT_TEXT or CA_CONVERT_INTERVAL_RANGE. */
enum ca_conversion ca_interval_read(const char *text, size_t octets, int code, struct ca_interval *interval);
/* So many of the first field of `code`. */
bool ca_interval_of_count(uint64_t count, int code, struct ca_interval *interval);
/* The reverse, for a code of one field. */
uint64_t ca_interval_count(const struct ca_interval *interval, int code);
/* Takes the fields of `code`; the fraction counts units of 10^-digits. */
bool ca_interval_of_struct(const SQL_INTERVAL_STRUCT *fields, int code, int digits,
                           struct ca_interval *interval);
/* Spreads the interval over the fields of `code`. CA_CONVERTED; CA_CONVERT_FRACTION_LOST where trailing
 * fields or digits of the fraction are dropped; CA_CONVERT_INTERVAL_RANGE where the first field would need
 * more than `leading` digits (1..9, else 9); CA_CONVERT_TEXT where months meet seconds. */
enum ca_conversion ca_interval_spread(const struct ca_interval *interval, int code, int leading, int digits,
                                      SQL_INTERVAL_STRUCT *fields);

/* Writes the fields of `code` as the text of a literal, without quotes; returns the length. */
enum { CA_INTERVAL_TEXT = 64 };
size_t ca_interval_write(const struct ca_interval *interval, int code, char text[CA_INTERVAL_TEXT]);

#endif
