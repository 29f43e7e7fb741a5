/*
 * Owns the reading and writing of dates and times. Knows nothing of SQLite or JSON.
 */
#include "instant.h"

#include <stdint.h>

struct reader {
    const char *at;
    const char *end;
};

static bool digits(struct reader *r, int count, int *value)
{
    if (r->end - r->at < count)
        return false;
    *value = 0;
    for (int i = 0; i < count; i++, r->at++) {
        if (*r->at < '0' || *r->at > '9')
            return false;
        *value = *value * 10 + (*r->at - '0');
    }
    return true;
}

static bool sign(struct reader *r, char c)
{
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return month == 2 && leap ? 29 : days[month - 1];
}

static bool read_date(struct reader *r, struct instant *m)
{
    return digits(r, 4, &m->year) && sign(r, '-') && digits(r, 2, &m->month) && sign(r, '-') &&
           digits(r, 2, &m->day) && m->year >= 1 && m->month >= 1 && m->month <= 12 && m->day >= 1 &&
           m->day <= days_in(m->year, m->month);
}

static bool read_clock(struct reader *r, struct instant *m)
{
    if (!digits(r, 2, &m->hour) || !sign(r, ':') || !digits(r, 2, &m->minute))
        return false;
    if (sign(r, ':')) {
        if (!digits(r, 2, &m->second))
            return false;
        if (sign(r, '.')) {
            int scale = 1000000, count = 0, digit;
            for (; digits(r, 1, &digit); scale /= 10, count++)
                m->ticks += digit * scale;
            if (count == 0)
                return false;
        }
    }
    return m->hour < 24 && m->minute < 60 && m->second < 60;
}

/* The day number of a date, from 0001-01-01 = 0. */
static int day_number(const struct instant *m)
{
    int y = m->year - 1, n = y * 365 + y / 4 - y / 100 + y / 400;

    for (int month = 1; month < m->month; month++)
        n += days_in(m->year, month);
    return n + m->day - 1;
}

static void set_day(struct instant *m, int number)
{
    m->year = number / 366 + 1;
    m->month = m->day = 1;
    for (;;) {
        struct instant next = {.year = m->year + 1, .month = 1, .day = 1};
        if (day_number(&next) > number)
            break;
        m->year++;
    }
    number -= day_number(m);
    for (; number >= days_in(m->year, m->month); m->month++)
        number -= days_in(m->year, m->month);
    m->day = number + 1;
}

/* Brings local time to UTC. */
static bool subtract_minutes(struct instant *m, int minutes)
{
    enum { DAY = 24 * 60 };
    int clock = m->hour * 60 + m->minute - minutes, days = 0;

    for (; clock < 0; clock += DAY)
        days--;
    for (; clock >= DAY; clock -= DAY)
        days++;
    m->hour = clock / 60;
    m->minute = clock % 60;
    if (!m->has_date || days == 0)
        return true;
    int number = day_number(m) + days;
    struct instant last = {.year = 9999, .month = 12, .day = 31};
    if (number < 0 || number > day_number(&last))
        return false;
    set_day(m, number);
    return true;
}

static bool read_zone(struct reader *r, struct instant *m)
{
    int hours = 0, minutes = 0;
    bool west = r->at < r->end && *r->at == '-';

    if (sign(r, 'Z') || sign(r, 'z') || r->at == r->end)
        return true;
    r->at++;
    if (r->at[-1] != '+' && !west)
        return false;
    if (!digits(r, 2, &hours))
        return false;
    sign(r, ':');
    if (r->at < r->end && !digits(r, 2, &minutes))
        return false;
    int offset = hours * 60 + minutes;
    return hours < 24 && minutes < 60 && subtract_minutes(m, west ? -offset : offset);
}

bool instant_read(const char *text, size_t length, struct instant *m)
{
    struct reader r = {text, text + length};

    *m = (struct instant){0};
    m->has_date = length >= 5 && text[4] == '-';
    if (m->has_date) {
        if (!read_date(&r, m))
            return false;
        if (r.at == r.end)
            return true;
        if (!sign(&r, 'T') && !sign(&r, 't') && !sign(&r, ' '))
            return false;
    }
    m->has_time = true;
    return read_clock(&r, m) && read_zone(&r, m) && r.at == r.end;
}

static void put(struct buffer *out, int value, int width)
{
    char text[8];

    for (int i = width - 1; i >= 0; i--, value /= 10)
        text[i] = (char)('0' + value % 10);
    buffer_append(out, text, (size_t)width);
}

void instant_write_date(struct buffer *out, const struct instant *m)
{
    put(out, m->year, 4);
    buffer_char(out, '-');
    put(out, m->month, 2);
    buffer_char(out, '-');
    put(out, m->day, 2);
}

void instant_write_time(struct buffer *out, const struct instant *m, bool all_digits)
{
    int ticks = m->ticks, width = 7;

    put(out, m->hour, 2);
    buffer_char(out, ':');
    put(out, m->minute, 2);
    buffer_char(out, ':');
    put(out, m->second, 2);
    for (; !all_digits && width > 0 && ticks % 10 == 0; ticks /= 10)
        width--;
    if (width == 0)
        return;
    buffer_char(out, '.');
    put(out, ticks, width);
}
