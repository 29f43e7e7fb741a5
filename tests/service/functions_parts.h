/* What the files of the functions share: text in UTF-8, decimal digits, dates, and each function's body.
 *
 * Bodies have SQLite's form; those that do not take NULL are never called with one. Must not be included
 * outside functions*.c. */
#ifndef SERVICE_FUNCTIONS_PARTS_H
#define SERVICE_FUNCTIONS_PARTS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- functions_unicode.c: UTF-8; octets that are none count as one character each --- */

struct slice {
    const char *data;
    size_t octets;
};

/* The text of an argument; empty where there is none. */
struct slice slice_of(sqlite3_value *value);
size_t slice_chars(struct slice text);
/* Octets of the first `chars` characters, at most all. */
size_t slice_prefix(struct slice text, size_t chars);
/* Reads the character at *at and moves past it; *at < text.octets. */
uint32_t slice_next(struct slice text, size_t *at);
/* Writes a character in at most 4 octets; gives their number. */
size_t unicode_write(uint32_t c, char out[4]);
uint32_t unicode_upper(uint32_t c);
uint32_t unicode_lower(uint32_t c);
/* First place of needle in text at or after octet `from`; SIZE_MAX: nowhere. */
size_t slice_find(struct slice text, struct slice needle, size_t from);
void result_slice(sqlite3_context *context, struct slice text);

/* --- functions_decimal.c: numbers as digits --- */

struct decimal {
    bool negative;
    const char *digits; /* from the first digit that is not 0; may hold one point */
    size_t length;      /* octets from there to the last digit, without the exponent */
    int64_t power;      /* power of ten of the first digit */
    bool zero;
};

/* Reads [+-]digits[.digits][e[+-]digits], blanks around it allowed. False: no number. */
bool decimal_read(struct slice text, struct decimal *out);
int decimal_compare(const struct decimal *a, const struct decimal *b);

enum decimal_rounding { DECIMAL_ROUND, DECIMAL_TRUNCATE, DECIMAL_KEEP };

enum { DECIMAL_SPAN = 400 }; /* largest power of ten, up or down, that is written out */

/* Writes the number in plain digits with `scale` places (negative: tens); DECIMAL_KEEP: as many as there are.
 * NULL: out of memory, or beyond DECIMAL_SPAN. To be freed. */
char *decimal_write(const struct decimal *number, int scale, enum decimal_rounding rounding);
/* Digits before the point of plain text that decimal_write() gave. */
size_t decimal_whole_digits(const char *plain);
/* The number an SQLite value holds; room for its text (at least 40) where it is none itself. */
bool decimal_of(sqlite3_value *value, char room[40], struct decimal *out);

/* --- functions_moment.c: dates and times --- */

struct moment {
    bool has_date;
    bool has_time;
    int64_t day; /* days since 0001-01-01 */
    int64_t ns;  /* of the day */
};

struct civil {
    int year, month, day;
};

/* Reads a date, a time or both, in every form the service takes; an offset is applied. */
bool moment_read(struct slice text, struct moment *out);
struct civil moment_civil(int64_t day);
/* False: no such day between the years 1 and 9999. */
bool moment_day(int64_t year, int64_t month, int64_t day, int64_t *out);
enum { MOMENT_ROOM = 40 };
/* Text in the service's form: date, time or timestamp; digits of the fraction 0..9, -1: as many as needed. */
size_t moment_write(const struct moment *moment, int digits, char room[MOMENT_ROOM]);
bool moment_in_range(const struct moment *moment);
extern const char *const moment_months[12];
extern const char *const moment_weekdays[7]; /* Sunday first */

typedef void function_body(sqlite3_context *, int, sqlite3_value **);

/* functions_text.c */
function_body text_ascii, text_charindex, text_concat, text_contains, text_endswith, text_indexof, text_left,
    text_locate, text_lower, text_octet_length, text_quotename, text_replicate, text_reverse, text_right,
    text_soundex, text_space, text_split, text_startswith, text_stuff, text_substring, text_tostring,
    text_upper;
/* functions_pattern.c */
function_body text_patindex;
/* functions_format.c */
function_body text_format, text_str;
/* functions_number.c */
function_body number_cot, number_greatest, number_least, number_log, number_mod, number_negate, number_rand,
    number_round, number_square, number_trunc;
/* functions_calendar.c */
function_body date_now, date_today, date_add, date_diff, date_from_parts, date_name, date_part, date_truncate,
    date_day, date_dayofweek, date_dayofyear, date_end_of_month, date_hour, date_minute, date_month,
    date_quarter, date_second, date_week, date_year;
/* functions_cast.c */
function_body cast_binary, cast_varchar, cast_integer, cast_double, cast_decimal, cast_boolean, cast_date,
    cast_time, cast_timestamp, cast_uuid;
/* functions_collation.c */
int collations_register(sqlite3 *db);

#endif
