/* Owns the table of escape functions and the writing of one use. Must not know how arguments are read. */
#include "sql/function.h"

#include <string.h>

#include "base/text.h"
#include "base/utf.h"

enum { SHOWN_OCTETS = 80 };

/* An argument that is a word of ODBC, and what is sent for it. */
struct word {
    const char *name;
    const char *sent;
    uint32_t bit;
};

struct words {
    const struct word *rows;
    size_t count;
};

/* DATEDIFF knows day to second only, hence the order: its units first. */
static const struct word units[] = {
    {"SQL_TSI_SECOND", "second", SQL_FN_TSI_SECOND},    {"SQL_TSI_MINUTE", "minute", SQL_FN_TSI_MINUTE},
    {"SQL_TSI_HOUR", "hour", SQL_FN_TSI_HOUR},          {"SQL_TSI_DAY", "day", SQL_FN_TSI_DAY},
    {"SQL_TSI_WEEK", "week", SQL_FN_TSI_WEEK},          {"SQL_TSI_MONTH", "month", SQL_FN_TSI_MONTH},
    {"SQL_TSI_QUARTER", "quarter", SQL_FN_TSI_QUARTER}, {"SQL_TSI_YEAR", "year", SQL_FN_TSI_YEAR},
};

static const struct word parts[] = {
    {"YEAR", "YEAR", 0}, {"MONTH", "MONTH", 0},   {"DAY", "DAY", 0},
    {"HOUR", "HOUR", 0}, {"MINUTE", "MINUTE", 0}, {"SECOND", "SECOND", 0},
};

/* The digits of a second asked of CURRENT_TIMESTAMP: the service's takes none and gives all it has. */
static const struct word precisions[] = {
    {"0", "", 0}, {"1", "", 0}, {"2", "", 0}, {"3", "", 0}, {"4", "", 0},
    {"5", "", 0}, {"6", "", 0}, {"7", "", 0}, {"8", "", 0}, {"9", "", 0},
};

static const struct word types[] = {
    {"SQL_BIGINT", "BIGINT", 0},
    {"SQL_BINARY", "BINARY", 0},
    {"SQL_BIT", "BOOLEAN", 0},
    {"SQL_CHAR", "VARCHAR", 0},
    {"SQL_DATE", "DATE", 0},
    {"SQL_DECIMAL", "DECIMAL", 0},
    {"SQL_DOUBLE", "DOUBLE", 0},
    {"SQL_FLOAT", "FLOAT", 0},
    {"SQL_GUID", "UUID", 0},
    {"SQL_INTEGER", "INTEGER", 0},
    {"SQL_LONGVARBINARY", "BINARY", 0},
    {"SQL_LONGVARCHAR", "VARCHAR", 0},
    {"SQL_NUMERIC", "NUMERIC", 0},
    {"SQL_REAL", "FLOAT", 0},
    {"SQL_SMALLINT", "SMALLINT", 0},
    {"SQL_TIME", "TIME", 0},
    {"SQL_TIMESTAMP", "TIMESTAMP", 0},
    {"SQL_TINYINT", "TINYINT", 0},
    {"SQL_TYPE_DATE", "DATE", 0},
    {"SQL_TYPE_TIME", "TIME", 0},
    {"SQL_TYPE_TIMESTAMP", "TIMESTAMP", 0},
    {"SQL_VARBINARY", "BINARY", 0},
    {"SQL_VARCHAR", "VARCHAR", 0},
    {"SQL_WCHAR", "VARCHAR", 0},
    {"SQL_WLONGVARCHAR", "VARCHAR", 0},
    {"SQL_WVARCHAR", "VARCHAR", 0},
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct words add_units = {units, COUNT(units)};
static const struct words diff_units = {units, 4};
static const struct words date_parts = {parts, COUNT(parts)};
static const struct words second_precisions = {precisions, COUNT(precisions)};
static const struct words sql_types = {types, COUNT(types)};

/* In a template: %1 … %4 an argument, %O the third as an operand (in parentheses where it needs them), %* all
 * that stands between the parentheses, %W what is sent for the argument that is a word, %C and %U the
 * catalog and the user as literals. */
struct function {
    const char *name;
    const char *separator; /* NULL = comma */
    size_t least;
    size_t most;
    const char *template;
    const struct words *words; /* NULL = every argument is an expression */
    size_t word_argument;      /* from 0 */
    SQLUSMALLINT info_type;
    uint32_t bit;
};

#define RENAMED(name, sent, count, info, bit)                      \
    {                                                              \
#name, NULL, count, count, sent "(%*)", NULL, 0, info, bit \
    }
#define STRING(name, sent, count)  RENAMED(name, sent, count, SQL_STRING_FUNCTIONS, SQL_FN_STR_##name)
#define NUMERIC(name, sent, count) RENAMED(name, sent, count, SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_##name)
#define TIMEDATE(name, template, count)                                                        \
    {                                                                                          \
#name, NULL, count, count, template, NULL, 0, SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_##name \
    }

/* SQL_FN_STR_LOCATE stands for three arguments, SQL_FN_STR_LOCATE_2 for two. CHARINDEX counts from 0 and says
 * -1 for "not found"; its sum stands in parentheses since the escape may be an operand. */
static const struct function functions[] = {
    STRING(ASCII, "ASCII", 1),
    STRING(CHAR, "CHAR", 1),
    STRING(CHAR_LENGTH, "CHAR_LENGTH", 1),
    STRING(CHARACTER_LENGTH, "CHAR_LENGTH", 1),
    STRING(CONCAT, "CONCAT", 2),
    STRING(INSERT, "STUFF", 4),
    STRING(LCASE, "LOWER", 1),
    STRING(LEFT, "LEFT", 2),
    STRING(LENGTH, "LEN", 1),
    RENAMED(LOCATE, "LOCATE", 2, SQL_STRING_FUNCTIONS, SQL_FN_STR_LOCATE_2),
    {"LOCATE", NULL, 3, 3, "(CHARINDEX(%1, %2, %O-1)+1)", NULL, 0, SQL_STRING_FUNCTIONS, SQL_FN_STR_LOCATE},
    STRING(LTRIM, "LTRIM", 1),
    STRING(OCTET_LENGTH, "OCTET_LENGTH", 1),
    {"POSITION", "IN", 2, 2, "POSITION(%1 IN %2)", NULL, 0, SQL_STRING_FUNCTIONS, SQL_FN_STR_POSITION},
    STRING(REPEAT, "REPLICATE", 2),
    STRING(REPLACE, "REPLACE", 3),
    STRING(RIGHT, "RIGHT", 2),
    STRING(RTRIM, "RTRIM", 1),
    STRING(SOUNDEX, "SOUNDEX", 1),
    STRING(SPACE, "SPACE", 1),
    {"SUBSTRING", NULL, 3, 3, "SUBSTRING(%1 FROM %2 FOR %3)", NULL, 0, SQL_STRING_FUNCTIONS,
     SQL_FN_STR_SUBSTRING},
    {"SUBSTRING", "FROM", 2, 2, "SUBSTRING(%1 FROM %2)", NULL, 0, SQL_STRING_FUNCTIONS, SQL_FN_STR_SUBSTRING},
    STRING(UCASE, "UPPER", 1),

    NUMERIC(ABS, "ABS", 1),
    NUMERIC(ACOS, "ACOS", 1),
    NUMERIC(ASIN, "ASIN", 1),
    NUMERIC(ATAN, "ATAN", 1),
    NUMERIC(ATAN2, "ATN2", 2),
    NUMERIC(CEILING, "CEILING", 1),
    NUMERIC(COS, "COS", 1),
    NUMERIC(COT, "COT", 1),
    NUMERIC(DEGREES, "DEGREES", 1),
    NUMERIC(EXP, "EXP", 1),
    NUMERIC(FLOOR, "FLOOR", 1),
    NUMERIC(LOG, "LOG", 1),
    NUMERIC(LOG10, "LOG10", 1),
    NUMERIC(MOD, "MOD", 2),
    NUMERIC(PI, "PI", 0),
    NUMERIC(POWER, "POWER", 2),
    NUMERIC(RADIANS, "RADIANS", 1),
    {"RAND", NULL, 0, 1, "RAND(%*)", NULL, 0, SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_RAND},
    NUMERIC(ROUND, "ROUND", 2),
    NUMERIC(SIGN, "SIGN", 1),
    NUMERIC(SIN, "SIN", 1),
    NUMERIC(SQRT, "SQRT", 1),
    NUMERIC(TAN, "TAN", 1),
    NUMERIC(TRUNCATE, "TRUNC", 2),

    TIMEDATE(CURDATE, "CURRENT_DATE()", 0),
    TIMEDATE(CURRENT_DATE, "CURRENT_DATE()", 0),
    TIMEDATE(CURRENT_TIMESTAMP, "CURRENT_TIMESTAMP()", 0),
    {"CURRENT_TIMESTAMP", NULL, 1, 1, "CURRENT_TIMESTAMP()", &second_precisions, 0, SQL_TIMEDATE_FUNCTIONS,
     SQL_FN_TD_CURRENT_TIMESTAMP},
    TIMEDATE(DAYNAME, "DATENAME('weekday', %1)", 1),
    TIMEDATE(DAYOFMONTH, "DAYOFMONTH(%*)", 1),
    TIMEDATE(DAYOFWEEK, "DAYOFWEEK(%*)", 1),
    TIMEDATE(DAYOFYEAR, "DAYOFYEAR(%*)", 1),
    {"EXTRACT", "FROM", 2, 2, "%W(%2)", &date_parts, 0, SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_EXTRACT},
    TIMEDATE(HOUR, "HOUR(%*)", 1),
    TIMEDATE(MINUTE, "MINUTE(%*)", 1),
    TIMEDATE(MONTH, "MONTH(%*)", 1),
    TIMEDATE(MONTHNAME, "DATENAME('month', %1)", 1),
    TIMEDATE(NOW, "CURRENT_TIMESTAMP()", 0),
    TIMEDATE(QUARTER, "QUARTER(%*)", 1),
    TIMEDATE(SECOND, "SECOND(%*)", 1),
    {"TIMESTAMPADD", NULL, 3, 3, "DATEADD('%W', %2, %3)", &add_units, 0, SQL_TIMEDATE_FUNCTIONS,
     SQL_FN_TD_TIMESTAMPADD},
    {"TIMESTAMPDIFF", NULL, 3, 3, "DATEDIFF('%W', %2, %3)", &diff_units, 0, SQL_TIMEDATE_FUNCTIONS,
     SQL_FN_TD_TIMESTAMPDIFF},
    TIMEDATE(WEEK, "WEEK(%*)", 1),
    TIMEDATE(YEAR, "YEAR(%*)", 1),

    {"DATABASE", NULL, 0, 0, "%C", NULL, 0, SQL_SYSTEM_FUNCTIONS, SQL_FN_SYS_DBNAME},
    {"USER", NULL, 0, 0, "%U", NULL, 0, SQL_SYSTEM_FUNCTIONS, SQL_FN_SYS_USERNAME},
    RENAMED(IFNULL, "ISNULL", 2, SQL_SYSTEM_FUNCTIONS, SQL_FN_SYS_IFNULL),

    {"CONVERT", NULL, 2, 2, "CAST(%1 AS %W)", &sql_types, 1, SQL_CONVERT_FUNCTIONS, SQL_FN_CVT_CONVERT},
    RENAMED(CAST, "CAST", 1, SQL_CONVERT_FUNCTIONS, SQL_FN_CVT_CAST),
};

static uint32_t words_mask(const struct words *words)
{
    uint32_t mask = 0;
    for (size_t i = 0; i < words->count; i++)
        mask |= words->rows[i].bit;
    return mask;
}

uint32_t ca_sql_function_mask(SQLUSMALLINT info_type)
{
    uint32_t mask = 0;
    if (info_type == SQL_TIMEDATE_ADD_INTERVALS)
        return words_mask(&add_units);
    if (info_type == SQL_TIMEDATE_DIFF_INTERVALS)
        return words_mask(&diff_units);
    for (size_t i = 0; i < COUNT(functions); i++)
        if (functions[i].info_type == info_type)
            mask |= functions[i].bit;
    return mask;
}

/* The first row of that name at or behind `row`; the rows of a name stand together. */
static const struct function *find_function(const struct function *row, const struct ca_sql_token *name)
{
    for (; row < functions + COUNT(functions); row++)
        if (ca_sql_token_is_word(name, row->name))
            return row;
    return NULL;
}

bool ca_sql_function_known(const struct ca_sql_token *name)
{
    return find_function(functions, name) != NULL;
}

const char *ca_sql_function_word(const struct ca_sql_token *name)
{
    const struct function *row = find_function(functions, name);
    while (row && !row->separator)
        row = find_function(row + 1, name);
    return row ? row->separator : NULL;
}

static const struct function *fitting_function(const struct ca_sql_use *use)
{
    const struct function *row = find_function(functions, &use->name);
    for (; row; row = find_function(row + 1, &use->name))
        if ((row->separator != NULL) == use->by_word && use->count >= row->least && use->count <= row->most)
            return row;
    return NULL;
}

/* How the arguments of a function are to be written, for the message. */
static void describe_form(struct ca_buffer *text, const struct function *row)
{
    for (size_t i = 0; i < row->most; i++) {
        if (i && row->separator)
            ca_buffer_add_format(text, " %s ", row->separator);
        else if (i)
            ca_buffer_add_text(text, ", ");
        ca_buffer_add_text(text, "…");
    }
}

static size_t character(const struct ca_sql_use *use)
{
    return ca_sql_reader_character(use->reader, use->name.text);
}

static bool refuse_count(const struct ca_sql_use *use, struct ca_error *error)
{
    struct ca_buffer forms = CA_BUFFER_INIT(SHOWN_OCTETS * 8);
    const struct function *row = find_function(functions, &use->name);
    for (bool first = true; row; row = find_function(row + 1, &use->name)) {
        ca_buffer_add_format(&forms, "%s%s(", first ? "" : " or ", row->name);
        describe_form(&forms, row);
        ca_buffer_add_char(&forms, ')');
        first = false;
    }
    ca_error_set(
        error, "42000", 0,
        "The escape function %.*s at character %zu has the wrong number of arguments; it is written %s.",
        (int)use->name.octets, use->name.text, character(use), ca_buffer_text(&forms));
    ca_buffer_free(&forms);
    return false;
}

static bool refuse_word(const struct ca_sql_use *use, const struct function *row, struct ca_error *error)
{
    struct ca_buffer known = CA_BUFFER_INIT(SHOWN_OCTETS * 16);
    const struct ca_sql_slice *given = &use->arguments[row->word_argument];
    for (size_t i = 0; i < row->words->count; i++)
        ca_buffer_add_format(&known, "%s%s", i ? ", " : "", row->words->rows[i].name);
    ca_error_set(error, "42000", 0, "%.*s cannot be given to %s at character %zu; the service has: %s.",
                 (int)ca_utf8_cut(given->text, given->octets, SHOWN_OCTETS), given->text, row->name,
                 character(use), ca_buffer_text(&known));
    ca_buffer_free(&known);
    return false;
}

static const struct word *find_word(const struct words *words, const struct ca_sql_slice *given)
{
    for (size_t i = 0; i < words->count; i++)
        if (ca_text_same_n(given->text, given->octets, words->rows[i].name))
            return &words->rows[i];
    return NULL;
}

static bool is_single_token(const struct ca_sql_slice *slice)
{
    struct ca_sql_reader reader;
    struct ca_sql_token token;
    struct ca_error error = CA_ERROR_INIT;
    ca_sql_reader_init(&reader, slice->text, slice->octets);
    bool read = ca_sql_token_next(&reader, &token, &error);
    ca_error_clear(&error);
    return read && token.octets == slice->octets;
}

static void write_operand(struct ca_buffer *text, const struct ca_sql_slice *slice)
{
    bool single = is_single_token(slice);
    ca_buffer_add_text(text, single ? "" : "(");
    ca_buffer_add(text, slice->text, slice->octets);
    ca_buffer_add_text(text, single ? "" : ")");
}

static void write_literal(struct ca_buffer *text, const char *value)
{
    ca_buffer_add_char(text, '\'');
    for (; *value; value++) {
        if (*value == '\'')
            ca_buffer_add_char(text, '\'');
        ca_buffer_add_char(text, *value);
    }
    ca_buffer_add_char(text, '\'');
}

static void write_code(struct ca_buffer *text, char code, const struct ca_sql_use *use, const char *word)
{
    const struct ca_sql_slice *slice = &use->whole;
    switch (code) {
    case 'O':
        write_operand(text, &use->arguments[2]);
        return;
    case 'W':
        ca_buffer_add_text(text, word);
        return;
    case 'C':
        write_literal(text, use->catalog);
        return;
    case 'U':
        write_literal(text, use->user);
        return;
    case '*':
        break;
    default:
        slice = &use->arguments[code - '1'];
    }
    ca_buffer_add(text, slice->text, slice->octets);
}

bool ca_sql_function_write(struct ca_buffer *text, const struct ca_sql_use *use, struct ca_error *error)
{
    const struct function *row = fitting_function(use);
    const struct word *word = NULL;
    if (!row)
        return refuse_count(use, error);
    if (row->words) {
        word = find_word(row->words, &use->arguments[row->word_argument]);
        if (!word)
            return refuse_word(use, row, error);
    }
    for (const char *at = row->template; *at; at++) {
        if (*at != '%')
            ca_buffer_add_char(text, *at);
        else
            write_code(text, *++at, use, word ? word->sent : "");
    }
    return !text->failure;
}
