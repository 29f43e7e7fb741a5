/* Owns the way of dates, times and timestamps into text and structures. The wire's own form is read eight
 * characters at a time; every other form by ca_datetime_read.
 * Rules: ODBC reference, appendix D, "SQL to C: Date", "Time", "Timestamp", "Character". */
#include <string.h>

#include "data/converter.h"
#include "data/datetime.h"
#include "data/delivery.h"
#include "data/jsontext.h"
#include "data/number.h"
#include "data/type.h"

enum { DATE_CHARS = 10, TIME_CHARS = 8, TIMESTAMP_CHARS = 19 };

#ifdef CA_WORDS
/* Octet by octet: what must be added so that the top bit shows a digit above the limit, or any separator but
 * the expected one. */
#define UP_TO(limit) (UINT64_C(0x7F) - (limit))
#define DIGIT        UP_TO(9)
#define SEPARATOR    UP_TO(0)
#define WORD(a, b, c, d, e, f, g, h) \
    ((a) | (b) << 8 | (c) << 16 | (d) << 24 | (e) << 32 | (f) << 40 | (g) << 48 | (h) << 56)

struct pattern {
    uint64_t text;
    uint64_t limits;
};

#define ZERO  UINT64_C(0x30)
#define DASH  UINT64_C(0x2D)
#define TEE   UINT64_C(0x54)
#define COLON UINT64_C(0x3A)

/* `yyyy-MM-`, `ddTHH:mm`, and `HH:mm:ss`, whose end is also that of a timestamp. Minutes and seconds that
 * match are good; months, days and hours remain to be checked. */
static const struct pattern year_month = {
    WORD(ZERO, ZERO, ZERO, ZERO, DASH, ZERO, ZERO, DASH),
    WORD(DIGIT, DIGIT, DIGIT, DIGIT, SEPARATOR, UP_TO(1), DIGIT, SEPARATOR)};
static const struct pattern day_minute = {
    WORD(ZERO, ZERO, TEE, ZERO, ZERO, COLON, ZERO, ZERO),
    WORD(UP_TO(3), DIGIT, SEPARATOR, UP_TO(2), DIGIT, SEPARATOR, UP_TO(5), DIGIT)};
static const struct pattern hour_second = {
    WORD(ZERO, ZERO, COLON, ZERO, ZERO, COLON, ZERO, ZERO),
    WORD(UP_TO(2), DIGIT, SEPARATOR, UP_TO(5), DIGIT, SEPARATOR, UP_TO(5), DIGIT)};

/* The digit values of eight characters; *mismatch gets a bit where they do not follow the pattern. */
static inline uint64_t match(const char *text, const struct pattern *pattern, uint64_t *mismatch)
{
    uint64_t word = ca_word_load(text) ^ pattern->text;
    *mismatch |= ((word + pattern->limits) | word) & 0x8080808080808080U;
    return word;
}

/* The two digits that begin at octet `at` of a word already multiplied out by pairs(). */
static inline uint32_t pair(uint64_t pairs, unsigned at)
{
    return (uint32_t)(pairs >> (8 * at) & 0xFF);
}

static inline uint64_t pairs(uint64_t word)
{
    return word * 10 + (word >> 8);
}

/* The fraction between `.` at text[0] and the end, where a `Z` may stand; billionths. At most eight digits.
 */
static inline struct ca_digits read_fraction(const char *text, size_t octets)
{
    octets -= octets && text[octets - 1] == 'Z';
    if (octets == 0)
        return (struct ca_digits){0, true};
    if (text[0] != '.' || octets - 2 > 7)
        return (struct ca_digits){0, false};
    uint64_t word = (ca_word_load(text + 1) ^ CA_WORD_ZEROS) & (UINT64_MAX >> (8 * (9 - octets)));
    return (struct ca_digits){(uint64_t)ca_word_value(word) * 10, ca_word_is_digits(word)};
}
#endif

static inline bool is_string(const struct ca_cell *cell)
{
    return cell->kind == CA_CELL_STRING && !cell->escaped;
}

/* Days up to the 28th are in every month; the others are looked up. */
static inline bool is_date(uint32_t year, uint32_t month, uint32_t day)
{
    return month - 1 < 12 && year > 0 && (day - 1 < 28 || ca_date_is_valid((int32_t)year, month, day));
}

/* The wire's `yyyy-MM-ddTHH:mm:ss[.f…][Z]`; false for every other form and for what is no timestamp. The
 * structure is written as two words: field by field it would be read back before its parts have arrived in
 * memory. */
static inline bool read_timestamp_short(const struct ca_cell *cell, char *value)
{
#ifdef CA_WORDS
    const char *text = cell->text;
    uint64_t mismatch = 0;
    if (cell->octets - TIMESTAMP_CHARS > 10 || !is_string(cell))
        return false;
    uint64_t date = pairs(match(text, &year_month, &mismatch));
    uint64_t middle = pairs(match(text + 8, &day_minute, &mismatch));
    uint64_t end = pairs(match(text + 11, &hour_second, &mismatch));
    struct ca_digits fraction = read_fraction(text + TIMESTAMP_CHARS, cell->octets - TIMESTAMP_CHARS);
    uint32_t year = pair(date, 0) * 100 + pair(date, 2);
    uint64_t first = year | (uint64_t)pair(date, 5) << 16 | (uint64_t)pair(middle, 0) << 32 |
                     (uint64_t)pair(middle, 3) << 48;
    uint64_t second = pair(middle, 6) | pair(end, 6) << 16 | fraction.value << 32;
    memcpy(value, &first, sizeof first);
    memcpy(value + sizeof first, &second, sizeof second);
    return mismatch == 0 && fraction.valid && is_date(year, pair(date, 5), pair(middle, 0)) &&
           pair(middle, 3) < 24;
#else
    (void)cell;
    (void)value;
    return false;
#endif
}

static inline bool read_date_short(const struct ca_cell *cell, SQL_DATE_STRUCT *value)
{
#ifdef CA_WORDS
    uint64_t mismatch = 0;
    if (cell->octets != DATE_CHARS || !is_string(cell))
        return false;
    uint64_t date = pairs(match(cell->text, &year_month, &mismatch));
    uint32_t tens = (unsigned char)cell->text[8] - 0x30U;
    uint32_t ones = (unsigned char)cell->text[9] - 0x30U;
    uint32_t year = pair(date, 0) * 100 + pair(date, 2);
    value->year = (SQLSMALLINT)year;
    value->month = (SQLUSMALLINT)pair(date, 5);
    value->day = (SQLUSMALLINT)(tens * 10 + ones);
    return mismatch == 0 && tens <= 9 && ones <= 9 && is_date(year, pair(date, 5), tens * 10 + ones);
#else
    (void)cell;
    (void)value;
    return false;
#endif
}

static inline bool read_time_short(const struct ca_cell *cell, SQL_TIME_STRUCT *value, uint32_t *fraction)
{
#ifdef CA_WORDS
    uint64_t mismatch = 0;
    if (cell->octets - TIME_CHARS > 10 || !is_string(cell))
        return false;
    uint64_t time = pairs(match(cell->text, &hour_second, &mismatch));
    struct ca_digits billionths = read_fraction(cell->text + TIME_CHARS, cell->octets - TIME_CHARS);
    value->hour = (SQLUSMALLINT)pair(time, 0);
    value->minute = (SQLUSMALLINT)pair(time, 3);
    value->second = (SQLUSMALLINT)pair(time, 6);
    *fraction = (uint32_t)billionths.value;
    return mismatch == 0 && billionths.valid && value->hour < 24;
#else
    (void)cell;
    (void)value;
    (void)fraction;
    return false;
#endif
}

/* `of_text`: a character column, where what is no literal has its own SQLSTATE. */
static enum ca_conversion read_datetime(const struct ca_cell *cell, bool of_text, struct ca_datetime *value)
{
    char scratch[CA_LITERAL_SCRATCH];
    struct ca_literal literal;
    enum ca_conversion no_literal = of_text ? CA_CONVERT_TEXT : CA_CONVERT_DATETIME_FORMAT;
    if (cell->kind != CA_CELL_STRING || !ca_literal_of_cell(cell, scratch, &literal))
        return CA_CONVERT_TEXT;
    return ca_datetime_conversion(ca_datetime_read(literal.text, literal.octets, value), no_literal);
}

static SQL_TIMESTAMP_STRUCT timestamp_of(const struct ca_datetime *value)
{
    return (SQL_TIMESTAMP_STRUCT){(SQLSMALLINT)value->year,
                                  (SQLUSMALLINT)value->month,
                                  (SQLUSMALLINT)value->day,
                                  (SQLUSMALLINT)value->hour,
                                  (SQLUSMALLINT)value->minute,
                                  (SQLUSMALLINT)value->second,
                                  value->fraction};
}

static enum ca_conversion read_date(const struct ca_cell *cell, bool of_text, SQL_DATE_STRUCT *date)
{
    struct ca_datetime value;
    enum ca_conversion result = read_datetime(cell, of_text, &value);
    if (result != CA_CONVERTED)
        return result;
    if (!value.has_date)
        return of_text ? CA_CONVERT_TEXT : CA_CONVERT_DATETIME_FORMAT;
    *date = (SQL_DATE_STRUCT){(SQLSMALLINT)value.year, (SQLUSMALLINT)value.month, (SQLUSMALLINT)value.day};
    bool lost = value.hour || value.minute || value.second || value.fraction || value.inexact;
    return lost ? CA_CONVERT_FRACTION_LOST : CA_CONVERTED;
}

static enum ca_conversion read_time(const struct ca_cell *cell, bool of_text, SQL_TIME_STRUCT *time)
{
    struct ca_datetime value;
    enum ca_conversion result = read_datetime(cell, of_text, &value);
    if (result != CA_CONVERTED)
        return result;
    if (!value.has_time)
        return of_text ? CA_CONVERT_TEXT : CA_CONVERT_DATETIME_FORMAT;
    *time =
        (SQL_TIME_STRUCT){(SQLUSMALLINT)value.hour, (SQLUSMALLINT)value.minute, (SQLUSMALLINT)value.second};
    return value.fraction || value.inexact ? CA_CONVERT_FRACTION_LOST : CA_CONVERTED;
}

static enum ca_conversion read_timestamp(const struct ca_cell *cell, bool of_text,
                                         SQL_TIMESTAMP_STRUCT *stamp)
{
    struct ca_datetime value;
    enum ca_conversion result = read_datetime(cell, of_text, &value);
    if (result != CA_CONVERTED)
        return result;
    if (!value.has_date)
        ca_datetime_set_today(&value);
    *stamp = timestamp_of(&value);
    return value.inexact ? CA_CONVERT_FRACTION_LOST : CA_CONVERTED;
}

/* Whatever the quick ways leave: `read` reads every form. */
#define ANY_CONVERTER(source, target, type, read, of_text)                                       \
    static enum ca_conversion any_##source##_to_##target(const struct ca_cell *cell, void *data, \
                                                         SQLLEN *length, struct ca_part *part)   \
    {                                                                                            \
        type value;                                                                              \
        enum ca_conversion result = read(cell, of_text, &value);                                 \
        if (result >= CA_CONVERT_FIRST_ERROR)                                                    \
            return result;                                                                       \
        if (ca_part_given(part))                                                                 \
            return CA_CONVERT_NO_DATA;                                                           \
        CA_STORE(data, value, length);                                                           \
        return result;                                                                           \
    }

ANY_CONVERTER(text, date, SQL_DATE_STRUCT, read_date, true)
ANY_CONVERTER(text, time, SQL_TIME_STRUCT, read_time, true)
ANY_CONVERTER(text, timestamp, SQL_TIMESTAMP_STRUCT, read_timestamp, true)
ANY_CONVERTER(datetime, date, SQL_DATE_STRUCT, read_date, false)
ANY_CONVERTER(datetime, timestamp, SQL_TIMESTAMP_STRUCT, read_timestamp, false)

static inline bool quick_datetime_to_date(const struct ca_cell *cell, const struct ca_target *layout,
                                          char *data, SQLLEN *octets)
{
    (void)layout;
    SQL_DATE_STRUCT value;
    if (!read_date_short(cell, &value))
        return false;
    memcpy(data, &value, sizeof value);
    *octets = sizeof value;
    return true;
}

static inline bool quick_datetime_to_timestamp(const struct ca_cell *cell, const struct ca_target *layout,
                                               char *data, SQLLEN *octets)
{
    (void)layout;
    *octets = sizeof(SQL_TIMESTAMP_STRUCT);
    return read_timestamp_short(cell, data);
}

#define quick_text_to_date      quick_datetime_to_date
#define quick_text_to_timestamp quick_datetime_to_timestamp

CA_QUICK_CONVERTER(text, date, any_text_to_date(cell, data, length, part))
CA_QUICK_CONVERTER(text, timestamp, any_text_to_timestamp(cell, data, length, part))
CA_QUICK_CONVERTER(datetime, date, any_datetime_to_date(cell, data, length, part))
CA_QUICK_CONVERTER(datetime, timestamp, any_datetime_to_timestamp(cell, data, length, part))

CA_CONVERTER(text, time)
{
    (void)layout;
    return any_text_to_time(cell, data, length, part);
}

CA_CONVERTER(datetime, time)
{
    (void)layout;
    SQL_TIME_STRUCT value;
    uint32_t fraction;
    enum ca_conversion result = CA_CONVERTED;
    if (CA_LIKELY(read_time_short(cell, &value, &fraction)))
        result = fraction ? CA_CONVERT_FRACTION_LOST : CA_CONVERTED;
    else
        result = read_time(cell, false, &value);
    if (result >= CA_CONVERT_FIRST_ERROR)
        return result;
    if (ca_part_given(part))
        return CA_CONVERT_NO_DATA;
    CA_STORE(data, value, length);
    return result;
}

/* The structures as octets for SQL_C_BINARY. */
#define RAW_CONVERTER(source, type)                                                                      \
    CA_CONVERTER(source, binary)                                                                         \
    {                                                                                                    \
        type value;                                                                                      \
        enum ca_conversion result = ca_datetime_to_##source(cell, layout, &value, NULL, NULL);           \
        if (result >= CA_CONVERT_FIRST_ERROR)                                                            \
            return result;                                                                               \
        enum ca_conversion delivered = ca_deliver_raw(&value, sizeof value, layout, data, length, part); \
        return delivered == CA_CONVERTED ? result : delivered;                                           \
    }

RAW_CONVERTER(date, SQL_DATE_STRUCT)
RAW_CONVERTER(time, SQL_TIME_STRUCT)
RAW_CONVERTER(timestamp, SQL_TIMESTAMP_STRUCT)

enum form { DATE_FORM, TIME_FORM, TIMESTAMP_FORM };

/* Text of a form; 0 if the cell is nothing of the kind. */
static size_t write_form(const struct ca_cell *cell, enum form form, int scale, char *text)
{
    struct ca_datetime value;
    if (read_datetime(cell, false, &value) != CA_CONVERTED)
        return 0;
    if (form == TIME_FORM)
        return value.has_time ? ca_time_write(&value, CA_TYPE_FRACTION_DIGITS, text) : 0;
    if (!value.has_date)
        return 0;
    size_t octets = ca_date_write(&value, text);
    if (form == DATE_FORM)
        return octets;
    text[octets++] = ' ';
    return octets + ca_time_write(&value, ca_fraction_digits(value.fraction, scale), text + octets);
}

/* What is no date is given as it was sent: better than to hide a row for it. */
static __attribute__((noinline)) enum ca_conversion deliver_form(ca_deliverer *deliver, enum form form,
                                                                 const struct ca_cell *cell,
                                                                 const struct ca_target *target, void *data,
                                                                 SQLLEN *length, struct ca_part *part)
{
    static const size_t whole[] = {DATE_CHARS, TIME_CHARS, TIMESTAMP_CHARS};
    char written[CA_DATETIME_TEXT];
    int scale = target->text_scale < 0 ? 0 : target->text_scale > 9 ? 9 : target->text_scale;
    struct ca_delivery text = {written, write_form(cell, form, scale, written), false, whole[form]};
    if (text.octets == 0)
        text = ca_delivery_of_cell(cell);
    return deliver(&text, target, data, length, part);
}

static inline bool is_date_text(const struct ca_cell *cell)
{
    SQL_DATE_STRUCT value;
    return read_date_short(cell, &value);
}

static inline bool is_time_text(const struct ca_cell *cell)
{
    SQL_TIME_STRUCT value;
    uint32_t fraction;
    return cell->octets == TIME_CHARS + 1 + CA_TYPE_FRACTION_DIGITS && cell->text[TIME_CHARS] == '.' &&
           cell->text[cell->octets - 1] != 'Z' && read_time_short(cell, &value, &fraction);
}

/* The text of a timestamp from the characters that the wire has; 0 leaves it to write_form. `text` has
 * CA_DATETIME_TEXT octets. */
static inline size_t copy_timestamp(const struct ca_cell *cell, int scale, char *text)
{
    char value[sizeof(SQL_TIMESTAMP_STRUCT)];
    if (!read_timestamp_short(cell, value))
        return 0;
    size_t digits = cell->octets - TIMESTAMP_CHARS;
    digits -= digits && cell->text[cell->octets - 1] == 'Z'; /* with the point */
    digits -= digits > 0;
    if ((unsigned)scale > 7 || digits < (size_t)scale)
        return 0;
    memcpy(text, cell->text, DATE_CHARS);
    text[DATE_CHARS] = ' ';
    memcpy(text + DATE_CHARS + 1, cell->text + DATE_CHARS + 1, 18); /* up to eight digits of fraction */
    while (digits > (size_t)scale && text[TIMESTAMP_CHARS + digits] == '0')
        digits--;
    return digits ? TIMESTAMP_CHARS + 1 + digits : TIMESTAMP_CHARS;
}

#define TEXT_CONVERTER(source, target, form)                                                                \
    static inline bool quick_##source##_to_##target(                                                        \
        const struct ca_cell *cell, const struct ca_target *layout, char *data, SQLLEN *octets)             \
    {                                                                                                       \
        return is_##source##_text(cell) && ca_put_##target(cell->text, cell->octets, layout, data, octets); \
    }                                                                                                       \
    CA_QUICK_CONVERTER(source, target,                                                                      \
                       deliver_form(ca_deliver_##target, form, cell, layout, data, length, part))

TEXT_CONVERTER(date, char, DATE_FORM)
TEXT_CONVERTER(date, wide, DATE_FORM)
TEXT_CONVERTER(time, char, TIME_FORM)
TEXT_CONVERTER(time, wide, TIME_FORM)

#define TIMESTAMP_CONVERTER(target)                                                             \
    static inline bool quick_timestamp_to_##target(                                             \
        const struct ca_cell *cell, const struct ca_target *layout, char *data, SQLLEN *octets) \
    {                                                                                           \
        char text[CA_DATETIME_TEXT];                                                            \
        size_t copied = copy_timestamp(cell, layout->text_scale, text);                         \
        return copied && ca_put_##target(text, copied, layout, data, octets);                   \
    }                                                                                           \
    CA_QUICK_CONVERTER(timestamp, target,                                                       \
                       deliver_form(ca_deliver_##target, TIMESTAMP_FORM, cell, layout, data, length, part))

TIMESTAMP_CONVERTER(char)
TIMESTAMP_CONVERTER(wide)
