/* Owns intervals: their literals, their fields, and moving a length of time from one set of fields to
 * another. Rules: ODBC reference, appendix D, "Interval Data Types", "Interval Literal Syntax". */
#include "data/interval.h"

#include <string.h>

#include "base/text.h"
#include "data/datetime.h"
#include "data/number.h"

enum field { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, FIELD_COUNT };

enum { LAST_CODE = 13, LONGEST_LEADING = 9, BILLION = 1000000000 };

/* The first and last field of each code. */
static const struct {
    uint8_t first;
    uint8_t last;
} ranges[LAST_CODE + 1] = {
    [SQL_CODE_YEAR] = {YEAR, YEAR},
    [SQL_CODE_MONTH] = {MONTH, MONTH},
    [SQL_CODE_DAY] = {DAY, DAY},
    [SQL_CODE_HOUR] = {HOUR, HOUR},
    [SQL_CODE_MINUTE] = {MINUTE, MINUTE},
    [SQL_CODE_SECOND] = {SECOND, SECOND},
    [SQL_CODE_YEAR_TO_MONTH] = {YEAR, MONTH},
    [SQL_CODE_DAY_TO_HOUR] = {DAY, HOUR},
    [SQL_CODE_DAY_TO_MINUTE] = {DAY, MINUTE},
    [SQL_CODE_DAY_TO_SECOND] = {DAY, SECOND},
    [SQL_CODE_HOUR_TO_MINUTE] = {HOUR, MINUTE},
    [SQL_CODE_HOUR_TO_SECOND] = {HOUR, SECOND},
    [SQL_CODE_MINUTE_TO_SECOND] = {MINUTE, SECOND},
};

static const struct {
    const char *name;
    uint32_t units; /* months or seconds */
    uint32_t limit; /* behind another field */
    char separator; /* in front of the field */
} fields_table[FIELD_COUNT] = {
    {"YEAR", 12, 0, 0},      {"MONTH", 1, 12, '-'},   {"DAY", 86400, 0, 0},
    {"HOUR", 3600, 24, ' '}, {"MINUTE", 60, 60, ':'}, {"SECOND", 1, 60, ':'},
};

bool ca_interval_is_year_month(int code)
{
    return ranges[code].last <= MONTH;
}

bool ca_interval_is_single(int code)
{
    return ranges[code].first == ranges[code].last;
}

struct reader {
    const char *at;
    size_t left;
};

static bool read_char(struct reader *reader, char c)
{
    if (reader->left == 0 || *reader->at != c)
        return false;
    reader->at++;
    reader->left--;
    return true;
}

static void skip_blanks(struct reader *reader)
{
    while (read_char(reader, ' '))
        ;
}

/* A field's digits; more than 32 bits are no field. */
static enum ca_conversion read_field(struct reader *reader, uint64_t *value)
{
    *value = 0;
    if (reader->left == 0 || !ca_is_digit(*reader->at))
        return CA_CONVERT_TEXT;
    for (; reader->left && ca_is_digit(*reader->at); reader->at++, reader->left--) {
        *value = *value * 10 + (uint64_t)(*reader->at - '0');
        if (*value > UINT32_MAX)
            return CA_CONVERT_INTERVAL_RANGE;
    }
    return CA_CONVERTED;
}

static void read_fraction(struct reader *reader, struct ca_interval *interval)
{
    uint32_t place = BILLION / 10;
    for (; reader->left && ca_is_digit(*reader->at); reader->at++, reader->left--, place /= 10) {
        uint32_t digit = (uint32_t)(*reader->at - '0');
        interval->fraction += digit * place;
        interval->inexact |= place == 0 && digit != 0;
    }
}

/* The fields from `first` on, as many as there are. */
static enum ca_conversion read_fields(struct reader *reader, enum field first, struct ca_interval *interval)
{
    enum field last = first <= MONTH ? MONTH : SECOND;
    enum field field = first;
    uint64_t value;
    enum ca_conversion result = read_field(reader, &value);
    interval->units = value * fields_table[field].units;
    while (result == CA_CONVERTED && field < last && read_char(reader, fields_table[field + 1].separator)) {
        field++;
        result = read_field(reader, &value);
        if (result == CA_CONVERTED && value >= fields_table[field].limit)
            result = CA_CONVERT_TEXT;
        interval->units += value * fields_table[field].units;
    }
    if (result == CA_CONVERTED && field == SECOND && read_char(reader, '.'))
        read_fraction(reader, interval);
    return result;
}

/* The first field of a qualifier such as `DAY(3) TO SECOND`; FIELD_COUNT if it is none. */
static enum field read_qualifier(const char *text, size_t octets)
{
    size_t length = 0;
    while (length < octets && ca_text_lower(text[length]) >= 'a' && ca_text_lower(text[length]) <= 'z')
        length++;
    enum field field = YEAR;
    while (field < FIELD_COUNT && !ca_text_same_n(text, length, fields_table[field].name))
        field++;
    return field;
}

static void read_sign(struct reader *reader, bool *negative)
{
    if (read_char(reader, '-'))
        *negative = !*negative;
    else
        read_char(reader, '+');
}

enum ca_conversion ca_interval_read(const char *text, size_t octets, int code, struct ca_interval *interval)
{
    static const char keyword[] = "INTERVAL";
    const size_t keyword_length = sizeof keyword - 1;
    struct reader reader = {text, octets};
    enum field first = ranges[code].first;
    *interval = (struct ca_interval){0};
    if (octets > keyword_length && ca_text_same_n(text, keyword_length, keyword)) {
        reader = (struct reader){text + keyword_length, octets - keyword_length};
        skip_blanks(&reader);
        read_sign(&reader, &interval->negative);
        skip_blanks(&reader);
        if (!read_char(&reader, '\''))
            return CA_CONVERT_TEXT;
        const char *end = memchr(reader.at, '\'', reader.left);
        if (!end)
            return CA_CONVERT_TEXT;
        size_t rest = (size_t)(text + octets - end - 1);
        const char *qualifier = ca_text_trim(end + 1, &rest);
        first = read_qualifier(qualifier, rest);
        if (first == FIELD_COUNT)
            return CA_CONVERT_TEXT;
        reader.left = (size_t)(end - reader.at);
    }
    read_sign(&reader, &interval->negative);
    interval->year_month = first <= MONTH;
    enum ca_conversion result = read_fields(&reader, first, interval);
    if (result == CA_CONVERTED && reader.left)
        return CA_CONVERT_TEXT;
    return result;
}

bool ca_interval_of_count(uint64_t count, int code, struct ca_interval *interval)
{
    *interval = (struct ca_interval){.units = count * fields_table[ranges[code].first].units,
                                     .year_month = ca_interval_is_year_month(code)};
    return count <= UINT32_MAX;
}

uint64_t ca_interval_count(const struct ca_interval *interval, int code)
{
    return interval->units / fields_table[ranges[code].first].units;
}

/* Where the structure keeps a field. */
static SQLUINTEGER *field_of(SQL_INTERVAL_STRUCT *fields, enum field field)
{
    SQL_DAY_SECOND_STRUCT *day = &fields->intval.day_second;
    SQLUINTEGER *const places[FIELD_COUNT] = {&fields->intval.year_month.year,
                                              &fields->intval.year_month.month,
                                              &day->day,
                                              &day->hour,
                                              &day->minute,
                                              &day->second};
    return places[field];
}

static uint32_t power_of_ten(int exponent)
{
    uint32_t power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

static int clamp_digits(int digits)
{
    return digits < 0 ? 0 : digits > 9 ? 9 : digits;
}

bool ca_interval_of_struct(const SQL_INTERVAL_STRUCT *fields, int code, int digits,
                           struct ca_interval *interval)
{
    SQL_INTERVAL_STRUCT copy = *fields;
    *interval = (struct ca_interval){.negative = fields->interval_sign == SQL_TRUE,
                                     .year_month = ca_interval_is_year_month(code)};
    for (enum field field = ranges[code].first; field <= ranges[code].last; field++) {
        uint64_t value = *field_of(&copy, field);
        if (field != ranges[code].first && value >= fields_table[field].limit)
            return false;
        interval->units += value * fields_table[field].units;
    }
    if (ranges[code].last != SECOND)
        return true;
    uint64_t fraction = (uint64_t)copy.intval.day_second.fraction * power_of_ten(9 - clamp_digits(digits));
    interval->fraction = (uint32_t)(fraction % BILLION);
    return fraction < BILLION;
}

enum ca_conversion ca_interval_spread(const struct ca_interval *interval, int code, int leading, int digits,
                                      SQL_INTERVAL_STRUCT *fields)
{
    uint64_t rest = interval->units;
    uint32_t unit = power_of_ten(9 - clamp_digits(digits)); /* billionths */
    bool lost = interval->inexact;
    if (interval->year_month != ca_interval_is_year_month(code))
        return CA_CONVERT_TEXT;
    if (leading < 1 || leading > LONGEST_LEADING)
        leading = LONGEST_LEADING;
    memset(fields, 0, sizeof *fields);
    fields->interval_type = (SQLINTERVAL)code;
    fields->interval_sign = interval->negative ? SQL_TRUE : SQL_FALSE;
    for (enum field field = ranges[code].first; field <= ranges[code].last; field++) {
        uint64_t value = rest / fields_table[field].units;
        rest %= fields_table[field].units;
        if (field == ranges[code].first && value >= power_of_ten(leading))
            return CA_CONVERT_INTERVAL_RANGE;
        *field_of(fields, field) = (SQLUINTEGER)value;
    }
    if (ranges[code].last == SECOND) {
        fields->intval.day_second.fraction = interval->fraction / unit;
        lost |= interval->fraction % unit != 0;
    } else {
        lost |= interval->fraction != 0;
    }
    return lost || rest ? CA_CONVERT_FRACTION_LOST : CA_CONVERTED;
}

size_t ca_interval_write(const struct ca_interval *interval, int code, char text[CA_INTERVAL_TEXT])
{
    size_t length = 0;
    uint64_t rest = interval->units;
    if (interval->negative && (rest || interval->fraction))
        text[length++] = '-';
    for (enum field field = ranges[code].first; field <= ranges[code].last; field++) {
        uint64_t value = rest / fields_table[field].units;
        rest %= fields_table[field].units;
        if (field == ranges[code].first) {
            length += ca_number_write_digits(value, text + length);
            continue;
        }
        text[length++] = fields_table[field].separator;
        ca_write_padded(text + length, (uint32_t)value, 2);
        length += 2;
    }
    if (ranges[code].last == SECOND && interval->fraction) {
        char digits[9];
        int count = ca_fraction_digits(interval->fraction, 1);
        ca_write_padded(digits, interval->fraction, 9);
        text[length++] = '.';
        memcpy(text + length, digits, (size_t)count);
        length += (size_t)count;
    }
    return length;
}
