/* Numbers as digits: read, compared, rounded, written, never through a double. See functions_parts.h. */
#include "functions_parts.h"

#include <stdlib.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static struct slice trimmed(struct slice text)
{
    while (text.octets > 0 && (*text.data == ' ' || (*text.data >= '\t' && *text.data <= '\r'))) {
        text.data++;
        text.octets--;
    }
    while (text.octets > 0 && (text.data[text.octets - 1] == ' ' ||
                               (text.data[text.octets - 1] >= '\t' && text.data[text.octets - 1] <= '\r')))
        text.octets--;
    return text;
}

/* e[+-]digits to the end of the text; far exponents stop at a bound that compares the same. */
static bool read_exponent(struct slice text, size_t at, int64_t *out)
{
    enum { FAR = 1000000000 };
    bool negative = false;
    int64_t value = 0;

    if (at == text.octets) {
        *out = 0;
        return true;
    }
    if (text.data[at] != 'e' && text.data[at] != 'E')
        return false;
    at++;
    if (at < text.octets && (text.data[at] == '-' || text.data[at] == '+'))
        negative = text.data[at++] == '-';
    if (at == text.octets)
        return false;
    for (; at < text.octets; at++) {
        if (!is_digit(text.data[at]))
            return false;
        value = value * 10 + (text.data[at] - '0');
        if (value > FAR)
            value = FAR;
    }
    *out = negative ? -value : value;
    return true;
}

bool decimal_read(struct slice text, struct decimal *out)
{
    size_t at = 0;
    size_t digits = 0;
    size_t point = SIZE_MAX;
    size_t begin = SIZE_MAX; /* first digit that is not 0 */
    int64_t exponent;

    text = trimmed(text);
    *out = (struct decimal){.zero = true, .digits = ""};
    if (at < text.octets && (text.data[at] == '-' || text.data[at] == '+'))
        out->negative = text.data[at++] == '-';
    for (; at < text.octets && (is_digit(text.data[at]) || text.data[at] == '.'); at++) {
        if (text.data[at] == '.') {
            if (point != SIZE_MAX)
                return false;
            point = at;
        } else {
            digits++;
            if (begin == SIZE_MAX && text.data[at] != '0')
                begin = at;
        }
    }
    if (digits == 0 || !read_exponent(text, at, &exponent))
        return false;
    if (point == SIZE_MAX)
        point = at;
    if (begin == SIZE_MAX) {
        out->negative = false;
        return true;
    }
    out->zero = false;
    out->digits = text.data + begin;
    out->length = at - begin;
    out->power = exponent + (begin < point ? (int64_t)(point - begin) - 1 : -(int64_t)(begin - point));
    return true;
}

/* The next digit, over the point; 0 past the end, and *more false. */
static char next_digit(const struct decimal *number, size_t *at, bool *more)
{
    if (*at < number->length && number->digits[*at] == '.')
        ++*at;
    *more = *at < number->length;
    return *more ? number->digits[(*at)++] : '0';
}

static int compare_sizes(const struct decimal *a, const struct decimal *b)
{
    size_t at_a = 0;
    size_t at_b = 0;
    bool more_a = true;
    bool more_b = true;

    if (a->power != b->power)
        return a->power < b->power ? -1 : 1;
    while (more_a || more_b) {
        char digit_a = next_digit(a, &at_a, &more_a);
        char digit_b = next_digit(b, &at_b, &more_b);

        if (digit_a != digit_b)
            return digit_a < digit_b ? -1 : 1;
    }
    return 0;
}

int decimal_compare(const struct decimal *a, const struct decimal *b)
{
    int sign_a = a->zero ? 0 : a->negative ? -1 : 1;
    int sign_b = b->zero ? 0 : b->negative ? -1 : 1;

    if (sign_a != sign_b)
        return sign_a < sign_b ? -1 : 1;
    return sign_a == 0 ? 0 : sign_a * compare_sizes(a, b);
}

/* Places after the point that the number's own digits need. */
static int own_scale(const struct decimal *number)
{
    size_t digits = number->length - (memchr(number->digits, '.', number->length) ? 1U : 0U);
    int64_t scale = (int64_t)digits - 1 - number->power;

    return scale < 0 ? 0 : scale > DECIMAL_SPAN ? DECIMAL_SPAN : (int)scale;
}

/* Adds one to the last of the digits in out; a carry out of the first shows as true, digits then being 0s. */
static bool increment(char *digits, size_t count)
{
    while (count > 0) {
        if (digits[--count] != '9') {
            digits[count]++;
            return false;
        }
        digits[count] = '0';
    }
    return true;
}

/* Digits from 10^top down to 10^-scale into out; true if what is cut off is a half or more. */
static bool lay_out(const struct decimal *number, int64_t top, int scale, char *out)
{
    size_t at = 0;
    bool more = !number->zero;

    for (int64_t power = top; power >= -(int64_t)scale; power--)
        *out++ = power > number->power || !more ? '0' : next_digit(number, &at, &more);
    return !number->zero && number->power >= -(int64_t)scale - 1 && next_digit(number, &at, &more) >= '5';
}

char *decimal_write(const struct decimal *number, int scale, enum decimal_rounding rounding)
{
    int64_t top = number->zero || number->power < 0 ? 0 : number->power;
    size_t room;
    size_t count;
    bool up;
    char *digits;
    char *out;
    char *p;
    bool all_zero = true;
    size_t first = 0;

    if (!number->zero && (number->power > DECIMAL_SPAN || number->power < -DECIMAL_SPAN))
        return NULL;
    if (rounding == DECIMAL_KEEP)
        scale = number->zero ? 0 : own_scale(number);
    if (scale > DECIMAL_SPAN)
        scale = DECIMAL_SPAN;
    if (scale < 0 && -(int64_t)scale > top + 1)
        scale = (int)-(top + 1);
    count = (size_t)(top + 1 + scale);
    room = count + (size_t)(scale < 0 ? -scale : 0) + 8;
    digits = malloc(2 * room);
    if (!digits)
        return NULL;
    out = digits + room;
    digits[0] = '0'; /* for the carry */
    up = lay_out(number, top, scale, digits + 1);
    if (up && rounding == DECIMAL_ROUND)
        (void)increment(digits, count + 1);
    for (size_t i = 0; i <= count; i++)
        all_zero = all_zero && digits[i] == '0';
    p = out;
    if (number->negative && !all_zero)
        *p++ = '-';
    while (first < (size_t)(top + 1) && (first > count || digits[first] == '0'))
        first++;
    for (size_t i = first; i < (size_t)(top + 2); i++)
        *p++ = i <= count ? digits[i] : '0';
    if (scale > 0) {
        *p++ = '.';
        memcpy(p, digits + 1 + (size_t)(top + 1), (size_t)scale);
        p += scale;
    }
    *p = '\0';
    memmove(digits, out, (size_t)(p - out) + 1);
    return digits;
}

size_t decimal_whole_digits(const char *plain)
{
    const char *p = *plain == '-' ? plain + 1 : plain;

    p += strspn(p, "0");
    return strspn(p, "0123456789");
}

bool decimal_of(sqlite3_value *value, char room[40], struct decimal *out)
{
    if (sqlite3_value_type(value) == SQLITE_FLOAT) {
        sqlite3_snprintf(40, room, "%!.15g", sqlite3_value_double(value));
        return decimal_read((struct slice){room, strlen(room)}, out);
    }
    return decimal_read(slice_of(value), out);
}
