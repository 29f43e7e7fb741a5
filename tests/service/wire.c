/*
 * Owns the wire form of values. Knows nothing of where the values come from.
 */
#include "wire.h"

#include "functions.h"
#include "jsontext.h"
#include "instant.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const type_names[] = {
    [SERVICE_BINARY] = "BINARY",
    [2] = "BINARY",
    [3] = "BINARY",
    [4] = "BINARY",
    [SERVICE_VARCHAR] = "VARCHAR",
    [SERVICE_TINYINT] = "TINYINT",
    [SERVICE_SMALLINT] = "SMALLINT",
    [SERVICE_INTEGER] = "INTEGER",
    [SERVICE_BIGINT] = "BIGINT",
    [SERVICE_FLOAT] = "FLOAT",
    [SERVICE_DOUBLE] = "DOUBLE",
    [SERVICE_DECIMAL] = "DECIMAL",
    [SERVICE_NUMERIC] = "NUMERIC",
    [SERVICE_BOOLEAN] = "BOOLEAN",
    [SERVICE_DATE] = "DATE",
    [SERVICE_TIME] = "TIME",
    [SERVICE_TIMESTAMP] = "TIMESTAMP",
    [SERVICE_UUID] = "UUID",
};

const char *service_type_name(int code)
{
    if (code < SERVICE_BINARY || code > SERVICE_UUID)
        return "VARCHAR";
    return type_names[code];
}

void wire_base64(struct buffer *out, const void *octets, size_t length)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *p = octets;

    if (!buffer_reserve(out, length / 3 * 4 + 4))
        return;
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        unsigned bits =
            (unsigned)p[i] << 16 | (left > 1 ? (unsigned)p[i + 1] << 8 : 0) | (left > 2 ? p[i + 2] : 0);
        char four[4] = {alphabet[bits >> 18], alphabet[bits >> 12 & 63],
                        left > 1 ? alphabet[bits >> 6 & 63] : '=', left > 2 ? alphabet[bits & 63] : '='};
        buffer_append(out, four, sizeof four);
    }
}

static int base64_digit(char c)
{
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '+'             ? 62
           : c == '/'             ? 63
                                  : -1;
}

bool wire_base64_read(struct buffer *out, const char *text, size_t length)
{
    size_t padding = 0;

    if (length % 4 != 0)
        return false;
    while (padding < 2 && padding < length && text[length - 1 - padding] == '=')
        padding++;
    for (size_t i = 0; i < length; i += 4) {
        unsigned bits = 0;
        bool last = i + 4 == length;
        for (size_t k = 0; k < 4; k++) {
            int digit = last && k >= 4 - padding ? 0 : base64_digit(text[i + k]);
            if (digit < 0)
                return false;
            bits = bits << 6 | (unsigned)digit;
        }
        const char three[3] = {(char)(bits >> 16), (char)(bits >> 8), (char)bits};
        buffer_append(out, three, last ? 3 - padding : 3);
    }
    return true;
}

bool wire_guid(struct buffer *out, const char *text, size_t length)
{
    char guid[38];
    size_t at = 1, hex = 0;
    bool braces = length > 0 && text[0] == '{';

    if (braces && (length < 2 || text[length - 1] != '}'))
        return false;
    guid[0] = '{';
    guid[37] = '}';
    for (size_t i = braces; i < length - braces; i++) {
        char c = text[i];
        bool letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (c == '-')
            continue;
        if ((!letter && (c < '0' || c > '9')) || hex == 32)
            return false;
        if (hex == 8 || hex == 12 || hex == 16 || hex == 20)
            guid[at++] = '-';
        guid[at++] = (char)(letter ? c | 0x20 : c);
        hex++;
    }
    if (hex != 32)
        return false;
    buffer_append(out, guid, sizeof guid);
    return true;
}

/* What SQLite stored, as text; also the way out for values that do not fit their type. */
static void write_text(struct buffer *out, sqlite3_stmt *stmt, int column)
{
    const char *text = (const char *)sqlite3_column_text(stmt, column);
    int length = sqlite3_column_bytes(stmt, column);

    json_quote(out, text != NULL ? text : "", text != NULL ? (size_t)length : 0);
}

/* Text that is a JSON number goes out unquoted. */
static void write_number_text(struct buffer *out, sqlite3_stmt *stmt, int column, bool integer)
{
    const char *text = (const char *)sqlite3_column_text(stmt, column);
    size_t length = (size_t)sqlite3_column_bytes(stmt, column);

    if (text != NULL && length > 0 && json_number_length(text, length) == length &&
        (!integer || strcspn(text, ".eE") == length))
        buffer_append(out, text, length);
    else
        write_text(out, stmt, column);
}

static void write_integer(struct buffer *out, sqlite3_stmt *stmt, int column)
{
    int stored = sqlite3_column_type(stmt, column);

    if (stored == SQLITE_INTEGER) {
        buffer_int(out, sqlite3_column_int64(stmt, column));
        return;
    }
    double value = stored == SQLITE_FLOAT ? sqlite3_column_double(stmt, column) : NAN;
    if (stored == SQLITE_FLOAT && value == trunc(value) && fabs(value) < 9.2e18)
        buffer_int(out, (int64_t)value);
    else if (stored == SQLITE_FLOAT)
        json_double(out, value);
    else
        write_number_text(out, stmt, column, true);
}

static void write_double(struct buffer *out, sqlite3_stmt *stmt, int column)
{
    int stored = sqlite3_column_type(stmt, column);

    if (stored == SQLITE_INTEGER || stored == SQLITE_FLOAT)
        json_double(out, sqlite3_column_double(stmt, column));
    else
        write_number_text(out, stmt, column, false);
}

/* DECIMAL: the digits, in quotes. */
static void write_decimal(struct buffer *out, sqlite3_stmt *stmt, int column, int scale)
{
    if (sqlite3_column_type(stmt, column) != SQLITE_FLOAT) {
        write_text(out, stmt, column);
        return;
    }
    double value = sqlite3_column_double(stmt, column);
    buffer_char(out, '"');
    if (!isfinite(value) || fabs(value) >= 1e15)
        buffer_format(out, "%.15g", value);
    else
        buffer_format(out, "%.*f", scale > 0 && scale <= 15 ? scale : fmod(value, 1.0) != 0 ? 6 : 0, value);
    buffer_char(out, '"');
}

static void write_boolean(struct buffer *out, sqlite3_stmt *stmt, int column)
{
    if (sqlite3_column_type(stmt, column) == SQLITE_TEXT) {
        const char *text = (const char *)sqlite3_column_text(stmt, column);
        if (text != NULL && (strcasecmp(text, "true") == 0 || strcasecmp(text, "false") == 0)) {
            buffer_text(out, (text[0] | 0x20) == 't' ? "true" : "false");
            return;
        }
        if (text == NULL || (strcmp(text, "0") != 0 && strcmp(text, "1") != 0)) {
            write_text(out, stmt, column);
            return;
        }
    }
    buffer_text(out, sqlite3_column_double(stmt, column) != 0 ? "true" : "false");
}

static void write_moment(struct buffer *out, sqlite3_stmt *stmt, int column, int type)
{
    const char *text = (const char *)sqlite3_column_text(stmt, column);
    struct instant m;

    if (text == NULL || !instant_read(text, (size_t)sqlite3_column_bytes(stmt, column), &m) ||
        (type == SERVICE_TIME ? !m.has_time : !m.has_date)) {
        write_text(out, stmt, column);
        return;
    }
    buffer_char(out, '"');
    if (type != SERVICE_TIME)
        instant_write_date(out, &m);
    if (type == SERVICE_TIMESTAMP)
        buffer_char(out, 'T');
    if (type != SERVICE_DATE)
        instant_write_time(out, &m, true);
    buffer_text(out, type == SERVICE_TIMESTAMP ? "Z\"" : "\"");
}

static void write_binary(struct buffer *out, sqlite3_stmt *stmt, int column)
{
    const void *octets = sqlite3_column_blob(stmt, column);

    buffer_char(out, '"');
    wire_base64(out, octets, octets != NULL ? (size_t)sqlite3_column_bytes(stmt, column) : 0);
    buffer_char(out, '"');
}

static void write_guid(struct buffer *out, sqlite3_stmt *stmt, int column)
{
    struct buffer guid = {0};
    const char *text = (const char *)sqlite3_column_text(stmt, column);

    if (text != NULL && wire_guid(&guid, text, (size_t)sqlite3_column_bytes(stmt, column)))
        json_quote(out, guid.data, guid.length);
    else
        write_text(out, stmt, column);
    buffer_free(&guid);
}

void wire_write(struct buffer *out, sqlite3_stmt *stmt, int column, int type, int scale)
{
    if (sqlite3_column_type(stmt, column) == SQLITE_NULL) {
        buffer_append(out, "null", 4);
        return;
    }
    switch (type) {
    case SERVICE_BINARY:
        write_binary(out, stmt, column);
        return;
    case SERVICE_TINYINT:
    case SERVICE_SMALLINT:
    case SERVICE_INTEGER:
    case SERVICE_BIGINT:
        write_integer(out, stmt, column);
        return;
    case SERVICE_FLOAT:
    case SERVICE_DOUBLE:
        write_double(out, stmt, column);
        return;
    case SERVICE_DECIMAL:
    case SERVICE_NUMERIC:
        write_decimal(out, stmt, column, scale);
        return;
    case SERVICE_BOOLEAN:
        write_boolean(out, stmt, column);
        return;
    case SERVICE_DATE:
    case SERVICE_TIME:
    case SERVICE_TIMESTAMP:
        write_moment(out, stmt, column, type);
        return;
    case SERVICE_UUID:
        write_guid(out, stmt, column);
        return;
    default:
        write_text(out, stmt, column);
    }
}
