/* Filling sample tables. See sample_loader.h. */
#include "sample_loader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void loader_run(struct loader *loader, const char *sql)
{
    if (loader->rc == SQLITE_OK)
        loader->rc = sqlite3_exec(loader->db, sql, NULL, NULL, NULL);
}

void loader_into(struct loader *loader, const char *insert)
{
    sqlite3_finalize(loader->insert);
    loader->insert = NULL;
    if (loader->rc == SQLITE_OK)
        loader->rc = sqlite3_prepare_v2(loader->db, insert, -1, &loader->insert, NULL);
}

static int bind(sqlite3_stmt *statement, int at, char kind, va_list *arguments)
{
    const char *text;
    const void *data;

    switch (kind) {
    case 's':
        text = va_arg(*arguments, const char *);
        return text ? sqlite3_bind_text(statement, at, text, -1, SQLITE_TRANSIENT)
                    : sqlite3_bind_null(statement, at);
    case 'i':
        return sqlite3_bind_int(statement, at, va_arg(*arguments, int));
    case 'l':
        return sqlite3_bind_int64(statement, at, va_arg(*arguments, int64_t));
    case 'd':
        return sqlite3_bind_double(statement, at, va_arg(*arguments, double));
    case 'b':
        data = va_arg(*arguments, const void *);
        return sqlite3_bind_blob64(statement, at, data, va_arg(*arguments, size_t), SQLITE_TRANSIENT);
    default:
        return sqlite3_bind_null(statement, at);
    }
}

void loader_row(struct loader *loader, const char *kinds, ...)
{
    va_list arguments;
    int at = 0;

    va_start(arguments, kinds);
    for (const char *kind = kinds; *kind && loader->rc == SQLITE_OK; kind++)
        loader->rc = bind(loader->insert, ++at, *kind, &arguments);
    va_end(arguments);
    if (loader->rc != SQLITE_OK)
        return;
    if (sqlite3_step(loader->insert) != SQLITE_DONE)
        loader->rc = sqlite3_errcode(loader->db);
    (void)sqlite3_reset(loader->insert);
}

void loader_close(struct loader *loader)
{
    sqlite3_finalize(loader->insert);
    loader->insert = NULL;
}

int sample_pick(int index, int salt, int limit)
{
    uint64_t bits = (uint64_t)index * 0x9E3779B97F4A7C15U + (uint64_t)salt * 0xD1B54A32D192ED03U;

    bits = (bits ^ (bits >> 29)) * 0xBF58476D1CE4E5B9U;
    bits ^= bits >> 32;
    return (int)(bits % (uint64_t)limit);
}

struct sample_id sample_id(const char *prefix, int number)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    static const char checks[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    struct sample_id id = {"0005g00000000Ab"};
    int rest = number * 7919 + 62 * 62;

    memcpy(id.text, prefix, 3);
    for (size_t i = 12; i > 7; i--, rest /= 62)
        id.text[i] = digits[rest % 62];
    /* One check character for each five: its bits say which of them are capitals. */
    for (size_t group = 0; group < 3; group++) {
        unsigned bits = 0;

        for (size_t i = 0; i < 5; i++)
            if (id.text[group * 5 + i] >= 'A' && id.text[group * 5 + i] <= 'Z')
                bits |= 1U << i;
        id.text[15 + group] = checks[bits];
    }
    return id;
}

struct sample_text sample_text(const char *format, ...)
{
    struct sample_text out;
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(out.text, sizeof out.text, format, arguments);
    va_end(arguments);
    return out;
}

/* Month and day of a day of 2020 and after; enough for the sample. */
struct sample_text sample_date(int days)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = 2020;
    int month = 0;

    for (;;) {
        int length = lengths[month] + (month == 1 && year % 4 == 0 ? 1 : 0);

        if (days < length)
            return sample_text("%04d-%02d-%02d", year, month + 1, days + 1);
        days -= length;
        if (++month == 12) {
            month = 0;
            year++;
        }
    }
}

struct sample_text sample_timestamp(int days, int seconds)
{
    struct sample_text date = sample_date(days);

    return sample_text("%.10sT%02d:%02d:%02dZ", date.text, seconds / 3600 % 24, seconds / 60 % 60,
                       seconds % 60);
}
