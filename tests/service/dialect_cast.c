/* CAST: the service's type names, and how SQLite gives a value their form.
 *
 * Owns: which type names CAST takes (SERVICE.md section 4). Must not know: how the conversions work. */
#include "dialect_state.h"
#include "functions.h"

#include <stdlib.h>
#include <string.h>

/* Each type: the function that converts, then what makes SQLite compare the result rightly: an affinity for
 * comparisons with literals, and a collation for text that is a number or an instant. */
static const struct cast_form {
    const char *name;
    int code;
    int most; /* numbers in parentheses it takes */
    const char *before;
    const char *after;
} forms[] = {
    {"BINARY", SERVICE_BINARY, 1, "connect_binary(", ")"},
    {"VARCHAR", SERVICE_VARCHAR, 1, "CAST(connect_varchar(", ") AS TEXT)"},
    {"TINYINT", SERVICE_TINYINT, 0, "CAST(connect_integer(", ", 8) AS INTEGER)"},
    {"SMALLINT", SERVICE_SMALLINT, 0, "CAST(connect_integer(", ", 16) AS INTEGER)"},
    {"INTEGER", SERVICE_INTEGER, 0, "CAST(connect_integer(", ", 32) AS INTEGER)"},
    {"BIGINT", SERVICE_BIGINT, 0, "CAST(connect_integer(", ", 64) AS INTEGER)"},
    {"FLOAT", SERVICE_FLOAT, 0, "CAST(connect_double(", ") AS REAL)"},
    {"DOUBLE", SERVICE_DOUBLE, 0, "CAST(connect_double(", ") AS REAL)"},
    {"DECIMAL", SERVICE_DECIMAL, 2, "(CAST(connect_decimal(", ") AS TEXT) COLLATE DECIMAL)"},
    {"NUMERIC", SERVICE_NUMERIC, 2, "(CAST(connect_decimal(", ") AS TEXT) COLLATE DECIMAL)"},
    {"BOOLEAN", SERVICE_BOOLEAN, 0, "CAST(connect_boolean(", ") AS INTEGER)"},
    {"DATE", SERVICE_DATE, 0, "(CAST(connect_date(", ") AS TEXT) COLLATE MOMENT)"},
    {"TIME", SERVICE_TIME, 1, "(CAST(connect_time(", ") AS TEXT) COLLATE MOMENT)"},
    {"TIMESTAMP", SERVICE_TIMESTAMP, 1, "(CAST(connect_timestamp(", ") AS TEXT) COLLATE MOMENT)"},
    {"UUID", SERVICE_UUID, 0, "(CAST(connect_uuid(", ") AS TEXT) COLLATE GUID)"},
};

static const struct cast_form *find_form(const struct translation *t, size_t index)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (lexer_is(t->lexer, index, forms[i].name))
            return &forms[i];
    return NULL;
}

/* A number of at most 9 digits; -1 if it is none. */
static int small_number(const struct translation *t, size_t index)
{
    const struct token *token = &t->lexer->tokens[index];
    int value = 0;

    if (token->kind != TOKEN_INTEGER || token->length > 9)
        return -1;
    for (size_t i = 0; i < token->length; i++)
        value = value * 10 + (t->lexer->text[token->offset + i] - '0');
    return value;
}

bool dialect_cast_type(const struct translation *t, size_t begin, size_t end, struct cast_type *out)
{
    const struct cast_form *form = begin < end ? find_form(t, begin) : NULL;
    size_t close;

    if (!form)
        return false;
    *out = (struct cast_type){form->name, form->code, -1, -1};
    if (begin + 1 == end)
        return true;
    if (form->most == 0 || !lexer_is(t->lexer, begin + 1, "("))
        return false;
    close = t->lexer->tokens[begin + 1].match;
    if (close + 1 != end || (close != begin + 3 && close != begin + 5))
        return false;
    out->first = small_number(t, begin + 2);
    if (out->first < 0 || close == begin + 3)
        return out->first >= 0;
    out->second = small_number(t, begin + 4);
    return form->most == 2 && lexer_is(t->lexer, begin + 3, ",") && out->second >= 0;
}

/* SQLite's own CAST, its type name as it stands. */
static bool copy_cast(struct translation *t, size_t begin, size_t as, size_t end)
{
    bool done;

    text_add_word(&t->sql, "CAST(");
    done = dialect_expression(t, begin, as, CONTEXT_PLAIN);
    for (size_t i = as; i < end; i++)
        dialect_emit(t, i);
    text_add(&t->sql, ")", 1);
    return done;
}

static void add_number(struct translation *t, int number)
{
    char digits[12];
    size_t at = sizeof digits;

    if (number < 0)
        return;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    text_add_string(&t->sql, ", ");
    text_add(&t->sql, digits + at, sizeof digits - at);
}

bool dialect_cast(struct translation *t, size_t name, size_t begin, size_t end)
{
    struct cast_type type;
    size_t as = end;
    const struct cast_form *form;

    for (size_t i = dialect_seek(t, begin, end, "AS"); i < end; i = dialect_seek(t, i + 1, end, "AS"))
        as = i;
    if (as == end)
        return dialect_fail_near(t, name, "CAST is written CAST(x AS type)");
    if (t->own)
        return copy_cast(t, begin, as, end);
    if (!dialect_cast_type(t, as + 1, end, &type)) {
        if (t->lenient)
            return copy_cast(t, begin, as, end);
        return dialect_fail_near(t, as + 1, "not a type of the service");
    }
    form = find_form(t, as + 1);
    text_add_word(&t->sql, form->before);
    if (!dialect_expression(t, begin, as, CONTEXT_PLAIN))
        return false;
    add_number(t, type.first);
    add_number(t, type.second);
    text_add_string(&t->sql, form->after);
    return true;
}
