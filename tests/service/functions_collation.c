/* Collations for values kept as text: numbers, dates and times, UUIDs. See functions.h. */
#include "functions_parts.h"

#include <string.h>

/* Each sorts what it can read first, by value, and the rest after that, by octets: a total order. */
static int by_octets(struct slice a, struct slice b)
{
    size_t least = a.octets < b.octets ? a.octets : b.octets;
    int order = least > 0 ? memcmp(a.data, b.data, least) : 0;

    return order != 0 ? order : (a.octets > b.octets) - (a.octets < b.octets);
}

static int by_number(void *unused, int octets_a, const void *data_a, int octets_b, const void *data_b)
{
    struct slice a = {data_a, (size_t)octets_a};
    struct slice b = {data_b, (size_t)octets_b};
    struct decimal number_a;
    struct decimal number_b;
    bool is_a = decimal_read(a, &number_a);
    bool is_b = decimal_read(b, &number_b);

    (void)unused;
    if (is_a && is_b)
        return decimal_compare(&number_a, &number_b);
    return is_a != is_b ? (is_a ? -1 : 1) : by_octets(a, b);
}

static int order_of(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_moment(void *unused, int octets_a, const void *data_a, int octets_b, const void *data_b)
{
    struct slice a = {data_a, (size_t)octets_a};
    struct slice b = {data_b, (size_t)octets_b};
    struct moment moment_a;
    struct moment moment_b;
    bool is_a = moment_read(a, &moment_a);
    bool is_b = moment_read(b, &moment_b);
    int order;

    (void)unused;
    if (!is_a || !is_b)
        return is_a != is_b ? (is_a ? -1 : 1) : by_octets(a, b);
    if (moment_a.has_date != moment_b.has_date)
        return moment_a.has_date ? 1 : -1;
    order = order_of(moment_a.day, moment_b.day);
    return order != 0 ? order : order_of(moment_a.ns, moment_b.ns);
}

/* The next hex digit in small letters, over hyphens and braces; 0 at the end. */
static char next_digit(struct slice *text)
{
    while (text->octets > 0) {
        char c = *text->data++;

        text->octets--;
        if (c >= 'A' && c <= 'Z')
            c = (char)(c | 0x20);
        if (c != '-' && c != '{' && c != '}')
            return c == '\0' ? '\1' : c;
    }
    return '\0';
}

static int by_uuid(void *unused, int octets_a, const void *data_a, int octets_b, const void *data_b)
{
    struct slice a = {data_a, (size_t)octets_a};
    struct slice b = {data_b, (size_t)octets_b};
    char digit_a;
    char digit_b;

    (void)unused;
    do {
        digit_a = next_digit(&a);
        digit_b = next_digit(&b);
        if (digit_a != digit_b)
            return (unsigned char)digit_a < (unsigned char)digit_b ? -1 : 1;
    } while (digit_a != '\0');
    return 0;
}

int collations_register(sqlite3 *db)
{
    static const struct {
        const char *name;
        int (*compare)(void *, int, const void *, int, const void *);
    } collations[] = {{"DECIMAL", by_number}, {"MOMENT", by_moment}, {"GUID", by_uuid}};
    int rc = SQLITE_OK;

    for (size_t i = 0; i < sizeof collations / sizeof *collations && rc == SQLITE_OK; i++)
        rc = sqlite3_create_collation_v2(db, collations[i].name, SQLITE_UTF8, NULL, collations[i].compare,
                                         NULL);
    return rc;
}
