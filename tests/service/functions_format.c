/* FORMAT and STR: numbers and dates by a pattern. See functions_parts.h. */
#include "functions_parts.h"

#include <stdlib.h>
#include <string.h>

enum { PATTERN_MAX = 200, OUT_MAX = 2048 };

/* Text being put together in a bounded place; what does not fit is counted and fails at the end. */
struct output {
    char *data;
    size_t length;
};

static void put_text(struct output *out, const char *data, size_t octets)
{
    if (out->length + octets <= OUT_MAX)
        memcpy(out->data + out->length, data, octets);
    out->length += octets;
}

static void put_number(struct output *out, int64_t value, size_t digits)
{
    char text[24];
    size_t at = sizeof text;

    do {
        text[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    for (size_t n = sizeof text - at; n < digits; n++)
        put_text(out, "0", 1);
    put_text(out, text + at, sizeof text - at);
}

/* --- numbers: # 0 . , % E0 --- */

struct number_pattern {
    size_t begin, end; /* octets of the digits part in the pattern */
    size_t whole;      /* digits before the point at least */
    int most;          /* places after it at most, and at least */
    int least;
    bool grouped;
    bool percent;
    size_t exponent; /* digits of the exponent at least, 0: none */
};

static bool is_number_mark(char c)
{
    return c == '#' || c == '0' || c == '.' || c == ',';
}

static struct number_pattern read_number_pattern(struct slice pattern)
{
    struct number_pattern out = {0};
    bool point = false;
    size_t i;

    while (out.begin < pattern.octets && !is_number_mark(pattern.data[out.begin]))
        out.begin++;
    for (i = out.begin; i < pattern.octets && is_number_mark(pattern.data[i]); i++) {
        char c = pattern.data[i];

        if (c == '.')
            point = true;
        else if (c == ',')
            out.grouped = true;
        else if (!point)
            out.whole += c == '0' || out.whole > 0 ? 1 : 0;
        else if (++out.most > 0 && c == '0')
            out.least = out.most;
    }
    if (i + 1 < pattern.octets && (pattern.data[i] == 'E' || pattern.data[i] == 'e')) {
        size_t sign = pattern.data[i + 1] == '+' || pattern.data[i + 1] == '-' ? 1 : 0;

        for (size_t k = i + 1 + sign; k < pattern.octets && pattern.data[k] == '0'; k++)
            out.exponent++;
        if (out.exponent > 0)
            i += 1 + sign + out.exponent;
    }
    out.end = i;
    out.percent = memchr(pattern.data, '%', pattern.octets) != NULL;
    return out;
}

/* Plain digits, grouped and cut to the pattern's places. */
static void put_digits(struct output *out, const char *plain, const struct number_pattern *pattern)
{
    size_t whole = strcspn(plain, ".");
    size_t places = plain[whole] == '.' ? strlen(plain + whole + 1) : 0;
    size_t width;

    while (places > (size_t)pattern->least && plain[whole + places] == '0')
        places--;
    if (pattern->whole == 0 && whole == 1 && *plain == '0' && places > 0) {
        plain++; /* # shows no zero */
        whole = 0;
    }
    width = whole > pattern->whole ? whole : pattern->whole;
    for (size_t i = width; i > 0; i--) {
        put_text(out, i > whole ? "0" : plain + (whole - i), 1);
        if (pattern->grouped && i > 1 && i % 3 == 1)
            put_text(out, ",", 1);
    }
    if (places > 0)
        put_text(out, plain + whole, places + 1);
}

static bool format_number(struct decimal number, struct slice pattern, struct output *out)
{
    struct number_pattern marks = read_number_pattern(pattern);
    int64_t power = 0;
    char *plain;

    if (marks.percent && !number.zero)
        number.power += 2;
    if (marks.exponent > 0 && !number.zero) {
        power = number.power;
        number.power = 0;
    }
    plain = decimal_write(&number, marks.most, DECIMAL_ROUND);
    if (plain && marks.exponent > 0 && decimal_whole_digits(plain) > 1) { /* 9.99 became 10.0 */
        free(plain);
        power++;
        number = (struct decimal){.negative = number.negative, .digits = "1", .length = 1};
        plain = decimal_write(&number, marks.most, DECIMAL_ROUND);
    }
    if (!plain)
        return false;
    if (*plain == '-')
        put_text(out, "-", 1);
    put_text(out, pattern.data, marks.begin);
    put_digits(out, *plain == '-' ? plain + 1 : plain, &marks);
    if (marks.exponent > 0) {
        put_text(out, power < 0 ? "E-" : "E", power < 0 ? 2 : 1);
        put_number(out, power < 0 ? -power : power, marks.exponent);
    }
    put_text(out, pattern.data + marks.end, pattern.octets - marks.end);
    free(plain);
    return true;
}

/* --- dates: yyyy MM dd HH mm ss fff … --- */

struct field {
    char letter;
    size_t run;
};

/* The letters of one field: a run of the same. */
static struct field read_field(struct slice pattern, size_t at)
{
    struct field field = {pattern.data[at], 0};

    while (at + field.run < pattern.octets && pattern.data[at + field.run] == field.letter)
        field.run++;
    return field;
}

static bool is_field(char c)
{
    return c != '\0' && strchr("yMdHhmsfFSta", c) != NULL;
}

static void put_name(struct output *out, const char *name, size_t run)
{
    put_text(out, name, run == 3 ? 3 : strlen(name));
}

static void put_fraction(struct output *out, int64_t ns, size_t digits)
{
    for (size_t i = digits; i < 9; i++)
        ns /= 10;
    put_number(out, ns, digits);
}

static void put_field(struct output *out, struct field field, const struct moment *moment)
{
    struct civil civil = moment_civil(moment->day);
    int64_t second = moment->ns / 1000000000;
    int64_t hour = second / 3600;

    if (field.letter == 'y')
        put_number(out, field.run == 2 ? civil.year % 100 : civil.year, field.run == 2 ? 2 : 4);
    else if (field.letter == 'M' && field.run > 2)
        put_name(out, moment_months[civil.month - 1], field.run);
    else if (field.letter == 'd' && field.run > 2)
        put_name(out, moment_weekdays[(moment->day + 1) % 7], field.run);
    else if (field.letter == 'M')
        put_number(out, civil.month, field.run);
    else if (field.letter == 'd')
        put_number(out, civil.day, field.run);
    else if (field.letter == 'H')
        put_number(out, hour, field.run > 2 ? 2 : field.run);
    else if (field.letter == 'h')
        put_number(out, (hour + 11) % 12 + 1, field.run > 2 ? 2 : field.run);
    else if (field.letter == 'm')
        put_number(out, second / 60 % 60, field.run > 2 ? 2 : field.run);
    else if (field.letter == 's')
        put_number(out, second % 60, field.run > 2 ? 2 : field.run);
    else if (field.letter == 't' || field.letter == 'a')
        put_text(out, hour < 12 ? "AM" : "PM", 2);
    else
        put_fraction(out, moment->ns % 1000000000, field.run > 9 ? 9 : field.run);
}

static void format_moment(const struct moment *moment, struct slice pattern, struct output *out)
{
    for (size_t i = 0; i < pattern.octets;) {
        if (pattern.data[i] == '\'') { /* quoted: as it stands */
            size_t close = i + 1;

            while (close < pattern.octets && pattern.data[close] != '\'')
                close++;
            put_text(out, pattern.data + i + 1, close - i - 1);
            i = close + 1;
        } else if (is_field(pattern.data[i])) {
            struct field field = read_field(pattern, i);

            put_field(out, field, moment);
            i += field.run;
        } else {
            put_text(out, pattern.data + i++, 1);
        }
    }
}

/* Reads a value by a pattern of numeric fields. */
static bool parse_moment(struct slice text, struct slice pattern, struct moment *out)
{
    int64_t fields[128] = {['y'] = 1, ['M'] = 1, ['d'] = 1};
    size_t at = 0;

    *out = (struct moment){.has_date = true};
    for (size_t i = 0; i < pattern.octets;) {
        struct field field = read_field(pattern, i);
        int64_t value = 0;
        size_t digits = 0;
        size_t most = field.run == 1 ? 2 : field.run > 9 ? 9 : field.run;

        if (!is_field(field.letter)) {
            if (at >= text.octets || text.data[at++] != pattern.data[i++])
                return false;
            continue;
        }
        for (; digits < most && at < text.octets && text.data[at] >= '0' && text.data[at] <= '9'; digits++)
            value = value * 10 + (text.data[at++] - '0');
        if (digits == 0)
            return false;
        for (size_t k = digits; k < 9 && (field.letter == 'f' || field.letter == 'F' || field.letter == 'S');
             k++)
            value *= 10;
        fields[(unsigned char)field.letter] = value;
        out->has_time = out->has_time || !strchr("yMd", field.letter);
        i += field.run;
    }
    out->ns = ((fields['H'] + fields['h']) * 3600 + fields['m'] * 60 + fields['s']) * 1000000000 +
              fields['f'] + fields['F'] + fields['S'];
    return at == text.octets && fields['H'] + fields['h'] < 24 && fields['m'] < 60 && fields['s'] < 60 &&
           moment_day(fields['y'] < 100 ? fields['y'] + 2000 : fields['y'], fields['M'], fields['d'],
                      &out->day) &&
           moment_in_range(out);
}

/* FORMAT(value [, parse pattern], pattern). */
void text_format(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct slice pattern = slice_of(values[count - 1]);
    struct slice text;
    struct moment moment;
    struct decimal number;
    char room[40];
    bool date = false;
    struct output out = {.data = sqlite3_malloc64(OUT_MAX), .length = 0};

    if (!out.data) {
        sqlite3_result_error_nomem(context);
        return;
    }
    for (size_t i = 0; i < pattern.octets; i++)
        date = date || is_field(pattern.data[i]);
    if (pattern.octets > PATTERN_MAX) {
        sqlite3_result_error_toobig(context);
    } else if (count < 3 && decimal_of(values[0], room, &number)) {
        if (format_number(number, pattern, &out) && out.length <= OUT_MAX)
            result_slice(context, (struct slice){out.data, out.length});
    } else {
        text = slice_of(values[0]);
        if (date &&
            (count < 3 ? moment_read(text, &moment) : parse_moment(text, slice_of(values[1]), &moment)))
            format_moment(&moment, pattern, &out);
        else
            put_text(&out, text.data, text.octets);
        if (out.length <= OUT_MAX)
            result_slice(context, (struct slice){out.data, out.length});
    }
    sqlite3_free(out.data);
}

/* STR(number [, length [, places]]): asterisks where the whole part does not fit. */
void text_str(sqlite3_context *context, int count, sqlite3_value **values)
{
    int64_t length = count > 1 ? sqlite3_value_int64(values[1]) : 10;
    int64_t places = count > 2 ? sqlite3_value_int64(values[2]) : 0;
    struct decimal number;
    char room[40];
    char *plain;

    if (length < 1 || length > 200 || !decimal_of(values[0], room, &number))
        return;
    places = places < 0 ? 0 : places > 16 ? 16 : places;
    plain = decimal_write(&number, (int)places, DECIMAL_ROUND);
    if (plain && strlen(plain) > (size_t)length && strcspn(plain, ".") <= (size_t)length) {
        int64_t fitting = length - (int64_t)strcspn(plain, ".") - 1;

        free(plain); /* fewer places, so that the whole part fits */
        plain = decimal_write(&number, fitting > 0 ? (int)fitting : 0, DECIMAL_ROUND);
    }
    if (!plain)
        return;
    if (strlen(plain) > (size_t)length) {
        char *stars = sqlite3_mprintf("%.*c", (int)length, '*');

        sqlite3_result_text(context, stars, -1, sqlite3_free);
    } else {
        sqlite3_result_text(context, plain, -1, SQLITE_TRANSIENT);
    }
    free(plain);
}
