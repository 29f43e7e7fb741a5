/* Owns the form of date, time, timestamp and GUID literals in escapes. Must not know the statement around
 * them. */
#include "sql/literal.h"

#include <string.h>

#include "base/text.h"

enum { SHOWN_OCTETS = 80, MOST_FRACTION_DIGITS = 9 };

/* In a form `9` stands for a digit, `x` for a hexadecimal one, a blank also for `T`, the rest for itself. */
struct literal {
    const char *word;
    enum ca_sql_argument_kind kind;
    const char *form;
    const char *state;
    const char *what;
};

static const struct literal literals[] = {
    {"d", CA_SQL_ARGUMENT_DATE, "9999-99-99", "22007", "date in the form yyyy-mm-dd"},
    {"t", CA_SQL_ARGUMENT_TIME, "99:99:99", "22007", "time in the form hh:mm:ss"},
    {"ts", CA_SQL_ARGUMENT_TIMESTAMP, "9999-99-99 99:99:99", "22007",
     "timestamp in the form yyyy-mm-dd hh:mm:ss[.f…]"},
    {"guid", CA_SQL_ARGUMENT_GUID, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "22018", "GUID"},
};

static const struct literal *find_literal(const struct ca_sql_token *word)
{
    for (size_t i = 0; i < sizeof literals / sizeof literals[0]; i++)
        if (ca_sql_token_is_word(word, literals[i].word))
            return &literals[i];
    return NULL;
}

enum ca_sql_argument_kind ca_sql_literal_kind(const struct ca_sql_token *word)
{
    const struct literal *literal = find_literal(word);
    return literal ? literal->kind : CA_SQL_ARGUMENT_DEFAULT;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool matches(char form, char c)
{
    char lower = ca_text_lower(c);
    if (form == '9')
        return is_digit(c);
    if (form == 'x')
        return is_digit(c) || (lower >= 'a' && lower <= 'f');
    return c == form || (form == ' ' && c == 'T');
}

static int two_digits(const char *text)
{
    return (text[0] - '0') * 10 + (text[1] - '0');
}

static bool is_date(const char *text)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = two_digits(text) * 100 + two_digits(text + 2);
    int month = two_digits(text + 5);
    int day = two_digits(text + 8);
    if (year < 1 || month < 1 || month > 12 || day < 1)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= days[month - 1] + (month == 2 && leap);
}

static bool is_time(const char *text)
{
    return two_digits(text) < 24 && two_digits(text + 3) < 60 && two_digits(text + 6) < 60;
}

static bool is_fraction(const char *text, size_t octets)
{
    if (octets == 0)
        return true;
    if (text[0] != '.' || octets < 2 || octets > 1 + MOST_FRACTION_DIGITS)
        return false;
    for (size_t i = 1; i < octets; i++)
        if (!is_digit(text[i]))
            return false;
    return true;
}

static bool is_literal(const struct literal *literal, const char *text, size_t octets)
{
    size_t length = strlen(literal->form);
    if (literal->kind == CA_SQL_ARGUMENT_GUID && octets == length + 2 && text[0] == '{' &&
        text[octets - 1] == '}') {
        text++;
        octets -= 2;
    }
    if (octets < length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (!matches(literal->form[i], text[i]))
            return false;
    switch (literal->kind) {
    case CA_SQL_ARGUMENT_DATE:
        return octets == length && is_date(text);
    case CA_SQL_ARGUMENT_TIME:
        return is_time(text) && is_fraction(text + length, octets - length);
    case CA_SQL_ARGUMENT_TIMESTAMP:
        return is_date(text) && is_time(text + 11) && is_fraction(text + length, octets - length);
    default:
        return octets == length;
    }
}

bool ca_sql_literal_read(struct ca_sql_reader *reader, const struct ca_sql_token *word,
                         struct ca_sql_token *literal, struct ca_error *error)
{
    const struct literal *rule = find_literal(word);
    struct ca_sql_token closing;
    if (!ca_sql_token_next_word(reader, literal, error) || !ca_sql_token_next_word(reader, &closing, error))
        return false;
    if (literal->kind != CA_SQL_TOKEN_STRING || !ca_sql_token_is_sign(&closing, '}'))
        return ca_error_set(error, "42000", 0,
                            "The escape {%s …} at character %zu must hold one literal in single quotes.",
                            rule->word, ca_sql_reader_character(reader, word->text));
    if (is_literal(rule, literal->text + 1, literal->octets - 2))
        return true;
    int shown = (int)(literal->octets < SHOWN_OCTETS ? literal->octets : SHOWN_OCTETS);
    return ca_error_set(error, rule->state, 0, "%.*s at character %zu is not a %s.", shown, literal->text,
                        ca_sql_reader_character(reader, literal->text), rule->what);
}
