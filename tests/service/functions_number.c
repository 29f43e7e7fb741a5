/* The numeric functions of the dialect that SQLite lacks or does otherwise. See functions_parts.h. */
#include "functions_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* SQLite makes NULL of what is no number. */
static void result_real(sqlite3_context *context, double value)
{
    sqlite3_result_double(context, value);
}

void number_cot(sqlite3_context *context, int count, sqlite3_value **values)
{
    double tangent = tan(sqlite3_value_double(values[0]));

    (void)count;
    if (fabs(tangent) > 0)
        result_real(context, 1 / tangent);
}

/* LOG(x [, base]): the natural one without a base. */
void number_log(sqlite3_context *context, int count, sqlite3_value **values)
{
    double x = sqlite3_value_double(values[0]);
    double base = count > 1 ? sqlite3_value_double(values[1]) : 0;

    if (x <= 0 || (count > 1 && (base <= 0 || fabs(base - 1) <= 0)))
        return;
    result_real(context, count > 1 ? log(x) / log(base) : log(x));
}

void number_mod(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    if (sqlite3_value_numeric_type(values[0]) == SQLITE_INTEGER &&
        sqlite3_value_numeric_type(values[1]) == SQLITE_INTEGER) {
        int64_t divisor = sqlite3_value_int64(values[1]);

        if (divisor == -1)
            sqlite3_result_int64(context, 0); /* the one quotient that does not fit */
        else if (divisor != 0)
            sqlite3_result_int64(context, sqlite3_value_int64(values[0]) % divisor);
    } else if (fabs(sqlite3_value_double(values[1])) > 0) {
        result_real(context, fmod(sqlite3_value_double(values[0]), sqlite3_value_double(values[1])));
    }
}

void number_negate(sqlite3_context *context, int count, sqlite3_value **values)
{
    int64_t value = sqlite3_value_int64(values[0]);

    (void)count;
    if (sqlite3_value_numeric_type(values[0]) == SQLITE_INTEGER && value != INT64_MIN)
        sqlite3_result_int64(context, -value);
    else
        result_real(context, -sqlite3_value_double(values[0]));
}

void number_square(sqlite3_context *context, int count, sqlite3_value **values)
{
    double value = sqlite3_value_double(values[0]);

    (void)count;
    result_real(context, value * value);
}

/* RAND([seed]): at least 0, less than 1; the same for the same seed. */
void number_rand(sqlite3_context *context, int count, sqlite3_value **values)
{
    uint64_t bits;

    if (count > 0) {
        /* One step of a 64-bit mixer: neighbouring seeds give unrelated numbers. */
        bits = (uint64_t)sqlite3_value_int64(values[0]) + 0x9E3779B97F4A7C15U;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9U;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBU;
        bits ^= bits >> 31;
    } else {
        sqlite3_randomness(sizeof bits, &bits);
    }
    result_real(context, (double)(bits >> 11) / 9007199254740992.0);
}

/* Whole numbers stay whole, all others are rounded as decimal digits: ROUND(1.005, 2) is 1.01. */
static void result_rounded(sqlite3_context *context, sqlite3_value *value, int64_t places,
                           enum decimal_rounding rounding)
{
    struct decimal number;
    char room[40];
    char *plain;
    int scale = places > 60 ? 60 : places < -60 ? -60 : (int)places;

    if (!decimal_of(value, room, &number)) {
        sqlite3_result_error(context, "A number is expected.", -1);
        return;
    }
    if (sqlite3_value_type(value) == SQLITE_FLOAT && (number.power > 300 || number.power < -300)) {
        sqlite3_result_value(context, value);
        return;
    }
    plain = decimal_write(&number, scale, rounding);
    if (!plain)
        sqlite3_result_error_toobig(context);
    else if (sqlite3_value_type(value) == SQLITE_INTEGER && strlen(plain) < 19)
        sqlite3_result_int64(context, strtoll(plain, NULL, 10));
    else
        result_real(context, strtod(plain, NULL));
    free(plain);
}

/* ROUND(x [, places [, truncate]]). */
void number_round(sqlite3_context *context, int count, sqlite3_value **values)
{
    int64_t places = count > 1 ? sqlite3_value_int64(values[1]) : 0;
    bool truncate = count > 2 && sqlite3_value_int64(values[2]) != 0;

    result_rounded(context, values[0], places, truncate ? DECIMAL_TRUNCATE : DECIMAL_ROUND);
}

/* TRUNC(x [, places]). */
void number_trunc(sqlite3_context *context, int count, sqlite3_value **values)
{
    result_rounded(context, values[0], count > 1 ? sqlite3_value_int64(values[1]) : 0, DECIMAL_TRUNCATE);
}

/* Numbers by value, whatever their form; other text by its octets. */
static int compare_values(sqlite3_value *a, sqlite3_value *b)
{
    struct decimal number_a;
    struct decimal number_b;
    char room_a[40];
    char room_b[40];
    struct slice text_a;
    struct slice text_b;
    int order;

    if (decimal_of(a, room_a, &number_a) && decimal_of(b, room_b, &number_b))
        return decimal_compare(&number_a, &number_b);
    text_a = slice_of(a);
    text_b = slice_of(b);
    order = memcmp(text_a.data, text_b.data, text_a.octets < text_b.octets ? text_a.octets : text_b.octets);
    return order != 0 ? order : (text_a.octets > text_b.octets) - (text_a.octets < text_b.octets);
}

static void result_extreme(sqlite3_context *context, int count, sqlite3_value **values, int sign)
{
    sqlite3_value *best = values[0];

    for (int i = 1; i < count; i++)
        if (sign * compare_values(values[i], best) > 0)
            best = values[i];
    sqlite3_result_value(context, best);
}

void number_greatest(sqlite3_context *context, int count, sqlite3_value **values)
{
    result_extreme(context, count, values, 1);
}

void number_least(sqlite3_context *context, int count, sqlite3_value **values)
{
    result_extreme(context, count, values, -1);
}
