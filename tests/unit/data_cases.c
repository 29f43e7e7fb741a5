#include "data_cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf.h"

static uint8_t kind_of(const char *token)
{
    switch (token[0]) {
    case '"':
        return CA_CELL_STRING;
    case 't':
        return CA_CELL_TRUE;
    case 'f':
        return CA_CELL_FALSE;
    case '{':
    case '[':
        return CA_CELL_COMPOUND;
    default:
        return CA_CELL_NUMBER;
    }
}

struct ca_cell make_cell(const char *token)
{
    size_t octets = strlen(token);
    uint8_t kind = kind_of(token);
    if (kind == CA_CELL_STRING) {
        token++;
        octets -= 2;
    }
    char *text = malloc(octets + CA_CELL_PADDING);
    if (!text)
        abort();
    memcpy(text, token, octets);
    memset(text + octets, '7', CA_CELL_PADDING);
    bool escaped = kind == CA_CELL_STRING && memchr(text, '\\', octets);
    return (struct ca_cell){text, octets, kind, escaped};
}

void free_cell(struct ca_cell *cell)
{
    free((void *)(uintptr_t)cell->text);
}

static void show_wide(const char *data, char *text, size_t size)
{
    size_t length = 0;
    for (ca_wide pair[2];; data += sizeof *pair) {
        uint32_t character;
        memcpy(pair, data, sizeof *pair);
        if (pair[0] == 0 || length + 5 > size)
            break;
        pair[1] = 0;
        if (CA_WIDE_OCTETS == 2 && pair[0] >= 0xD800 && pair[0] < 0xDC00) {
            data += sizeof *pair;
            memcpy(pair + 1, data, sizeof *pair);
        }
        ca_wide_read(pair, 2, &character);
        length += ca_utf8_write(text + length, character);
    }
    text[length] = '\0';
}

static void show_numeric(const SQL_NUMERIC_STRUCT *numeric, char *text, size_t size)
{
    unsigned __int128 value = 0;
    char digits[48];
    size_t at = sizeof digits;
    for (size_t i = sizeof numeric->val; i-- > 0;)
        value = value << 8 | numeric->val[i];
    digits[--at] = '\0';
    do
        digits[--at] = (char)('0' + (int)(value % 10));
    while (value /= 10);
    snprintf(text, size, "%s%se%d p%u", numeric->sign ? "" : "-", digits + at, -numeric->scale,
             numeric->precision);
}

static void show_interval(const SQL_INTERVAL_STRUCT *interval, char *text, size_t size)
{
    const SQL_DAY_SECOND_STRUCT *day = &interval->intval.day_second;
    const char *sign = interval->interval_sign ? "-" : "";
    bool year_month = interval->interval_type == SQL_IS_YEAR || interval->interval_type == SQL_IS_MONTH ||
                      interval->interval_type == SQL_IS_YEAR_TO_MONTH;
    if (year_month)
        snprintf(text, size, "%s%u-%u", sign, interval->intval.year_month.year,
                 interval->intval.year_month.month);
    else
        snprintf(text, size, "%s%u %u:%u:%u.%u", sign, day->day, day->hour, day->minute, day->second,
                 day->fraction);
}

static void show_octets(const unsigned char *data, size_t octets, char *text, size_t size)
{
    text[0] = '\0';
    for (size_t i = 0; i < octets && 2 * i + 3 <= size; i++)
        snprintf(text + 2 * i, 3, "%02X", data[i]);
}

static void show_guid(const SQLGUID *guid, char *text, size_t size)
{
    snprintf(text, size, "%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x", guid->Data1, guid->Data2,
             guid->Data3, guid->Data4[0], guid->Data4[1], guid->Data4[2], guid->Data4[3], guid->Data4[4],
             guid->Data4[5], guid->Data4[6], guid->Data4[7]);
}

static void show_datetime(SQLSMALLINT c_type, const void *data, char *text, size_t size)
{
    SQL_TIMESTAMP_STRUCT stamp = {0};
    SQL_TIME_STRUCT time = {0};
    memcpy(&stamp, data, (size_t)ca_c_type_octets(c_type));
    memcpy(&time, data, sizeof time);
    if (c_type == SQL_C_TYPE_TIME || c_type == SQL_C_TIME)
        snprintf(text, size, "%02u:%02u:%02u", time.hour, time.minute, time.second);
    else if (c_type == SQL_C_TYPE_DATE || c_type == SQL_C_DATE)
        snprintf(text, size, "%04d-%02u-%02u", stamp.year, stamp.month, stamp.day);
    else
        snprintf(text, size, "%04d-%02u-%02u %02u:%02u:%02u.%09u", stamp.year, stamp.month, stamp.day,
                 stamp.hour, stamp.minute, stamp.second, stamp.fraction);
}

static void show_integer(SQLSMALLINT c_type, const void *data, char *text, size_t size)
{
    size_t octets = (size_t)ca_c_type_octets(c_type);
    bool is_unsigned = c_type == SQL_C_BIT || c_type == SQL_C_UTINYINT || c_type == SQL_C_USHORT ||
                       c_type == SQL_C_ULONG || c_type == SQL_C_UBIGINT;
    unsigned long long bits = 0;
    memcpy(&bits, data, octets);
    if (is_unsigned)
        snprintf(text, size, "%llu", bits);
    else
        snprintf(text, size, "%lld", (long long)(bits << (64 - 8 * octets)) >> (64 - 8 * octets));
}

void show(SQLSMALLINT c_type, const void *data, size_t octets, char *text, size_t size)
{
    union {
        double wide;
        float narrow;
        SQL_NUMERIC_STRUCT numeric;
        SQL_INTERVAL_STRUCT interval;
        SQLGUID guid;
    } value;
    SQLLEN fixed = ca_c_type_octets(c_type);
    if (fixed > 0 && (size_t)fixed <= sizeof value)
        memcpy(&value, data, (size_t)fixed);
    if (c_type >= SQL_C_INTERVAL_YEAR && c_type <= SQL_C_INTERVAL_MINUTE_TO_SECOND) {
        show_interval(&value.interval, text, size);
        return;
    }
    switch (c_type) {
    case SQL_C_CHAR:
        snprintf(text, size, "%s", (const char *)data);
        break;
    case SQL_C_WCHAR:
        show_wide(data, text, size);
        break;
    case SQL_C_BINARY:
        show_octets(data, octets, text, size);
        break;
    case SQL_C_DOUBLE:
        snprintf(text, size, "%.17g", value.wide);
        break;
    case SQL_C_FLOAT:
        snprintf(text, size, "%.9g", (double)value.narrow);
        break;
    case SQL_C_NUMERIC:
        show_numeric(&value.numeric, text, size);
        break;
    case SQL_C_GUID:
        show_guid(&value.guid, text, size);
        break;
    case SQL_C_DATE:
    case SQL_C_TIME:
    case SQL_C_TIMESTAMP:
    case SQL_C_TYPE_DATE:
    case SQL_C_TYPE_TIME:
    case SQL_C_TYPE_TIMESTAMP:
        show_datetime(c_type, data, text, size);
        break;
    default:
        show_integer(c_type, data, text, size);
    }
}
