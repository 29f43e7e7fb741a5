/* Dates, times and timestamps: text ↔ fields, and the calendar. */
#ifndef CA_DATA_DATETIME_H
#define CA_DATA_DATETIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/convert.h"

struct ca_datetime {
    int32_t year;
    uint32_t month;
    uint32_t day;
    uint32_t hour;
    uint32_t minute;
    uint32_t second;
    uint32_t fraction; /* billionths */
    bool has_date;
    bool has_time;
    bool inexact; /* digits other than 0 behind the ninth of the fraction */
};

enum ca_datetime_error {
    CA_DATETIME_OK,
    CA_DATETIME_SYNTAX,  /* not a date, time or timestamp */
    CA_DATETIME_FIELD,   /* a field that no calendar has */
    CA_DATETIME_OVERFLOW /* an offset leads out of the years 1..9999 */
};

/* Reads `yyyy-MM-dd`, `HH:mm[:ss[.f…]]`, or both with `T` or a blank between, then `Z` or `±HH[:mm]`, which
 * is converted to UTC; also the same in an ODBC escape (`{ts '…'}`). Nothing may stand around it. */
enum ca_datetime_error ca_datetime_read(const char *text, size_t octets, struct ca_datetime *value);
/* The conversion result of a reading; `syntax` where the text is no literal at all. */
enum ca_conversion ca_datetime_conversion(enum ca_datetime_error error, enum ca_conversion syntax);
bool ca_date_is_valid(int32_t year, uint32_t month, uint32_t day);
/* Seconds may be 60 and 61, as ODBC allows for leap seconds. */
bool ca_time_is_valid(uint32_t hour, uint32_t minute, uint32_t second);
/* Sets the date to the current one, in UTC as everything the service sends. */
void ca_datetime_set_today(struct ca_datetime *value);

/* Longest text of the functions below, which return its length and write no terminator. */
enum { CA_DATETIME_TEXT = 32 };
size_t ca_date_write(const struct ca_datetime *value, char *text); /* yyyy-MM-dd */
/* HH:mm:ss with `digits` (0..9) fraction digits; the rest of the fraction is dropped. */
size_t ca_time_write(const struct ca_datetime *value, int digits, char *text);
/* The digits that a fraction needs, but at least `least`. */
int ca_fraction_digits(uint32_t fraction, int least);

/* Writes the low `digits` decimal digits of `value`. */
static inline void ca_write_padded(char *text, uint32_t value, int digits)
{
    for (int i = digits; i-- > 0; value /= 10)
        text[i] = (char)('0' + value % 10);
}

#endif
