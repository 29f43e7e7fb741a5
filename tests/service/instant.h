/*
 * Dates, times and timestamps as text (SERVICE.md section 4).
 */
#ifndef SERVICE_INSTANT_H
#define SERVICE_INSTANT_H

#include "buffer.h"

struct instant {
    bool has_date, has_time;
    int year, month, day;
    int hour, minute, second;
    int ticks; /* of 100 ns */
};

/*
 * Reads `yyyy-MM-dd`, `HH:mm[:ss[.f…]]`, or both with T or blanks between, and an optional Z or ±HH:mm,
 * which is taken off. More than seven fraction digits are cut. False where the text is none of these.
 */
bool instant_read(const char *text, size_t length, struct instant *m);

void instant_write_date(struct buffer *out, const struct instant *m);

/* With seven fraction digits, or with as many as are needed. */
void instant_write_time(struct buffer *out, const struct instant *m, bool all_digits);

#endif
