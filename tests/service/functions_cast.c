/* The conversions behind CAST: each gives a value the form of one type, or says why not.
 * See functions_parts.h and dialect_cast.c. */
#include "functions_parts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void result_refused(sqlite3_context *context, struct slice text, const char *type)
{
    size_t shown = slice_prefix(text, 40);
    char *message = sqlite3_mprintf("The value '%.*s' is no %s.", (int)shown, text.data, type);

    if (message)
        sqlite3_result_error(context, message, -1);
    else
        sqlite3_result_error_nomem(context);
    sqlite3_free(message);
}

/* CAST(x AS BINARY[(n)]): text as its octets. */
void cast_binary(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct slice data = {NULL, 0};
    int64_t most = count > 1 ? sqlite3_value_int64(values[1]) : INT64_MAX;

    if (sqlite3_value_type(values[0]) == SQLITE_BLOB) {
        data.data = sqlite3_value_blob(values[0]);
        data.octets = (size_t)sqlite3_value_bytes(values[0]);
    } else {
        data = slice_of(values[0]);
    }
    if ((uint64_t)most < data.octets)
        data.octets = (size_t)most;
    if (data.octets == 0)
        sqlite3_result_zeroblob(context, 0);
    else
        sqlite3_result_blob64(context, data.data, data.octets, SQLITE_TRANSIENT);
}

/* Base64, the form binary has outside. */
static void result_base64(sqlite3_context *context, const unsigned char *data, size_t octets)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t length = (octets + 2) / 3 * 4;
    char *room = sqlite3_malloc64(length + 1);
    char *p = room;

    if (!room) {
        sqlite3_result_error_nomem(context);
        return;
    }
    for (size_t i = 0; i < octets; i += 3) {
        uint32_t bits = (uint32_t)data[i] << 16;

        bits |= i + 1 < octets ? (uint32_t)data[i + 1] << 8 : 0;
        bits |= i + 2 < octets ? (uint32_t)data[i + 2] : 0;
        *p++ = letters[bits >> 18];
        *p++ = letters[(bits >> 12) & 63];
        *p++ = i + 1 < octets ? letters[(bits >> 6) & 63] : '=';
        *p++ = i + 2 < octets ? letters[bits & 63] : '=';
    }
    sqlite3_result_text64(context, room, length, sqlite3_free, SQLITE_UTF8);
}

/* CAST(x AS VARCHAR[(n)]): cut to n characters. */
void cast_varchar(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct slice text;

    if (sqlite3_value_type(values[0]) == SQLITE_BLOB) {
        int octets = sqlite3_value_bytes(values[0]);

        result_base64(context, sqlite3_value_blob(values[0]), (size_t)octets);
        return;
    }
    text = slice_of(values[0]);
    if (count > 1)
        text.octets = slice_prefix(text, (size_t)sqlite3_value_int64(values[1]));
    result_slice(context, text);
}

/* true and false as 1 and 0 in text; false: neither. */
static bool truth_of(struct slice text, bool *out)
{
    *out = text.octets == 4 && strncasecmp(text.data, "true", 4) == 0;
    return *out || (text.octets == 5 && strncasecmp(text.data, "false", 5) == 0);
}

static const char *integer_name(int64_t bits)
{
    return bits == 8 ? "TINYINT" : bits == 16 ? "SMALLINT" : bits == 32 ? "INTEGER" : "BIGINT";
}

/* CAST(x AS TINYINT … BIGINT): the fraction is cut off; the second argument is the width in bits. */
void cast_integer(sqlite3_context *context, int count, sqlite3_value **values)
{
    int64_t bits = sqlite3_value_int64(values[1]);
    int64_t most = (int64_t)(((uint64_t)1 << (bits - 1)) - 1);
    struct decimal number;
    struct slice text;
    char room[40];
    char *plain;
    bool truth;
    int64_t value;

    (void)count;
    if (!decimal_of(values[0], room, &number)) {
        text = slice_of(values[0]);
        if (truth_of(text, &truth))
            sqlite3_result_int(context, truth);
        else
            result_refused(context, text, integer_name(bits));
        return;
    }
    plain = number.power > 20 ? NULL : decimal_write(&number, 0, DECIMAL_TRUNCATE);
    if (!plain || decimal_whole_digits(plain) > 19) {
        result_refused(context, slice_of(values[0]), integer_name(bits));
    } else {
        uint64_t size = strtoull(*plain == '-' ? plain + 1 : plain, NULL, 10);
        bool negative = *plain == '-';

        if (size > (uint64_t)most + (negative ? 1 : 0)) {
            result_refused(context, slice_of(values[0]), integer_name(bits));
        } else {
            value = negative ? (int64_t)(0 - size) : (int64_t)size;
            sqlite3_result_int64(context, value);
        }
    }
    free(plain);
}

void cast_double(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct slice text;
    struct decimal number;
    bool truth;

    (void)count;
    if (sqlite3_value_type(values[0]) == SQLITE_FLOAT || sqlite3_value_type(values[0]) == SQLITE_INTEGER) {
        sqlite3_result_double(context, sqlite3_value_double(values[0]));
        return;
    }
    text = slice_of(values[0]);
    if (decimal_read(text, &number))
        sqlite3_result_double(context, strtod(text.data, NULL)); /* SQLite's text ends with a NUL */
    else if (truth_of(text, &truth))
        sqlite3_result_double(context, truth);
    else
        result_refused(context, text, "DOUBLE");
}

/* CAST(x AS DECIMAL[(p [, s])]): exact digits, s places; as many as there are where nothing is said. */
void cast_decimal(sqlite3_context *context, int count, sqlite3_value **values)
{
    int64_t precision = count > 1 ? sqlite3_value_int64(values[1]) : 0;
    int64_t scale = count > 2 ? sqlite3_value_int64(values[2]) : 0;
    enum decimal_rounding rounding = count > 1 ? DECIMAL_ROUND : DECIMAL_KEEP;
    struct decimal number;
    char room[40];
    char *plain;
    bool truth;

    if (count > 1 && (precision < 1 || precision > 38 || scale > precision)) {
        sqlite3_result_error(context, "DECIMAL takes a precision of 1 to 38 and a scale up to it.", -1);
        return;
    }
    if (!decimal_of(values[0], room, &number)) {
        struct slice text = slice_of(values[0]);

        if (truth_of(text, &truth))
            sqlite3_result_text(context, truth ? "1" : "0", 1, SQLITE_STATIC);
        else
            result_refused(context, text, "DECIMAL");
        return;
    }
    plain = decimal_write(&number, (int)scale, rounding);
    if (!plain || (count > 1 && decimal_whole_digits(plain) > (size_t)(precision - scale)))
        result_refused(context, slice_of(values[0]), "DECIMAL of this precision");
    else
        sqlite3_result_text(context, plain, -1, SQLITE_TRANSIENT);
    free(plain);
}

void cast_boolean(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct slice text = slice_of(values[0]);
    struct decimal number;
    bool truth;

    (void)count;
    if (truth_of(text, &truth))
        sqlite3_result_int(context, truth);
    else if (decimal_read(text, &number))
        sqlite3_result_int(context, !number.zero);
    else
        result_refused(context, text, "BOOLEAN");
}

static void result_moment(sqlite3_context *context, const struct moment *moment, int digits)
{
    char room[MOMENT_ROOM];
    size_t octets = moment_write(moment, digits, room);

    result_slice(context, (struct slice){room, octets});
}

void cast_date(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct moment moment;

    (void)count;
    if (!moment_read(slice_of(values[0]), &moment) || !moment.has_date) {
        result_refused(context, slice_of(values[0]), "DATE");
        return;
    }
    moment.has_time = false;
    result_moment(context, &moment, 0);
}

static int digits_of(int count, sqlite3_value **values)
{
    int64_t digits = count > 1 ? sqlite3_value_int64(values[1]) : 7;

    return digits > 7 ? 7 : (int)digits;
}

void cast_time(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct moment moment;

    if (!moment_read(slice_of(values[0]), &moment)) {
        result_refused(context, slice_of(values[0]), "TIME");
        return;
    }
    moment.has_date = false;
    moment.has_time = true;
    result_moment(context, &moment, digits_of(count, values));
}

void cast_timestamp(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct moment moment;

    if (!moment_read(slice_of(values[0]), &moment) || !moment.has_date) {
        result_refused(context, slice_of(values[0]), "TIMESTAMP");
        return;
    }
    moment.has_time = true;
    result_moment(context, &moment, digits_of(count, values));
}

/* 32 hex digits, with hyphens and braces or without. */
void cast_uuid(sqlite3_context *context, int count, sqlite3_value **values)
{
    static const size_t groups[] = {8, 12, 16, 20};
    struct slice text = slice_of(values[0]);
    char uuid[38] = {'{'};
    size_t length = 1;
    size_t digits = 0;

    (void)count;
    for (size_t i = 0; i < text.octets && digits <= 32; i++) {
        char c = text.data[i];

        if (c == '-' || (c == '{' && i == 0) || (c == '}' && i + 1 == text.octets))
            continue;
        if (c >= 'A' && c <= 'F')
            c = (char)(c | 0x20);
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')) || ++digits > 32) {
            digits = 33;
            break;
        }
        for (size_t g = 0; g < sizeof groups / sizeof *groups; g++)
            if (digits == groups[g] + 1)
                uuid[length++] = '-';
        uuid[length++] = c;
    }
    uuid[sizeof uuid - 1] = '}';
    if (digits != 32)
        result_refused(context, text, "UUID");
    else
        result_slice(context, (struct slice){uuid, sizeof uuid});
}
