/*
 * Owns the way from a JSON value and its type code to a bound SQLite value: the stored forms that sample.h
 * lists. Knows nothing of statements' text.
 */
#include "binding.h"

#include "functions.h"
#include "jsontext.h"
#include "instant.h"
#include "wire.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { EXACT_DOUBLE_DIGITS = 15 };

/* A value on its way: its text as sent (numbers digit by digit) and where it goes. */
struct sent {
    sqlite3_stmt *stmt;
    int index;
    struct json_object *value;
    json_type kind;
    const char *text;
    size_t length;
    bool stores;
};

/* Each returns an SQLite code; SQLITE_MISMATCH where the value does not fit the type. */
typedef int bind_function(const struct sent *v);

static int bind_text(const struct sent *v)
{
    return sqlite3_bind_text64(v->stmt, v->index, v->text, v->length, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static bool read_int64(const char *text, int64_t *value)
{
    char *end;

    errno = 0;
    long long n = strtoll(text, &end, 10);
    *value = n;
    return errno == 0 && end != text && *end == '\0';
}

static bool read_double(const char *text, double *value)
{
    char *end;

    *value = strtod(text, &end);
    return end != text && *end == '\0';
}

static bool plain_number(const struct sent *v)
{
    return json_number_length(v->text, v->length) == v->length && v->length > 0;
}

static int bind_double(const struct sent *v)
{
    static const char *const words[] = {"NaN", "Infinity", "-Infinity"};
    bool known = plain_number(v);
    double value;

    if (v->kind == json_type_boolean)
        return sqlite3_bind_double(v->stmt, v->index, json_object_get_boolean(v->value));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        known |= strcmp(v->text, words[i]) == 0;
    if (!known || !read_double(v->text, &value))
        return SQLITE_MISMATCH;
    return sqlite3_bind_double(v->stmt, v->index, value);
}

static int bind_integer(const struct sent *v)
{
    int64_t value;

    if (v->kind == json_type_boolean)
        return sqlite3_bind_int(v->stmt, v->index, json_object_get_boolean(v->value));
    if (plain_number(v) && read_int64(v->text, &value))
        return sqlite3_bind_int64(v->stmt, v->index, value);
    /* The vendor's Python library sends floats under the code of INTEGER. */
    return v->kind == json_type_double ? bind_double(v) : SQLITE_MISMATCH;
}

/* In a comparison a number is better than its digits, where a double holds it exactly. */
static int bind_decimal(const struct sent *v)
{
    size_t digits = 0;
    int64_t whole;
    double value;

    if (!plain_number(v))
        return SQLITE_MISMATCH;
    for (size_t i = 0; i < v->length; i++)
        digits += v->text[i] >= '0' && v->text[i] <= '9';
    if (v->stores)
        return bind_text(v);
    if (read_int64(v->text, &whole))
        return sqlite3_bind_int64(v->stmt, v->index, whole);
    if (digits > EXACT_DOUBLE_DIGITS || !read_double(v->text, &value))
        return bind_text(v);
    return sqlite3_bind_double(v->stmt, v->index, value);
}

static int bind_boolean(const struct sent *v)
{
    if (v->kind == json_type_boolean)
        return sqlite3_bind_int(v->stmt, v->index, json_object_get_boolean(v->value));
    bool yes = strcmp(v->text, "1") == 0 || strcasecmp(v->text, "true") == 0;
    bool no = strcmp(v->text, "0") == 0 || strcasecmp(v->text, "false") == 0;
    return yes || no ? sqlite3_bind_int(v->stmt, v->index, yes) : SQLITE_MISMATCH;
}

/* Binds a text made in a buffer. */
static int bind_made(const struct sent *v, struct buffer *made, bool blob)
{
    int rc = SQLITE_NOMEM;

    if (!made->failed)
        rc = blob
                 ? sqlite3_bind_blob64(v->stmt, v->index, buffer_string(made), made->length, SQLITE_TRANSIENT)
                 : sqlite3_bind_text64(v->stmt, v->index, buffer_string(made), made->length, SQLITE_TRANSIENT,
                                       SQLITE_UTF8);
    buffer_free(made);
    return rc;
}

static int bind_binary(const struct sent *v)
{
    struct buffer octets = {0};

    if (v->kind != json_type_string || !wire_base64_read(&octets, v->text, v->length)) {
        buffer_free(&octets);
        return SQLITE_MISMATCH;
    }
    return bind_made(v, &octets, true);
}

static int bind_moment(const struct sent *v, bool date, bool time)
{
    struct buffer text = {0};
    struct instant m;

    if (!instant_read(v->text, v->length, &m) || (date && !m.has_date) || (time && !date && !m.has_time))
        return SQLITE_MISMATCH;
    if (date)
        instant_write_date(&text, &m);
    if (date && time)
        buffer_char(&text, 'T');
    if (time)
        instant_write_time(&text, &m, false);
    if (date && time)
        buffer_char(&text, 'Z');
    return bind_made(v, &text, false);
}

static int bind_date(const struct sent *v)
{
    return bind_moment(v, true, false);
}

static int bind_time(const struct sent *v)
{
    return bind_moment(v, false, true);
}

static int bind_timestamp(const struct sent *v)
{
    return bind_moment(v, true, true);
}

static int bind_guid(const struct sent *v)
{
    struct buffer text = {0};

    if (!wire_guid(&text, v->text, v->length)) {
        buffer_free(&text);
        return SQLITE_MISMATCH;
    }
    return bind_made(v, &text, false);
}

/* No type was named: the JSON value speaks for itself. */
static int bind_untyped(const struct sent *v)
{
    return v->kind == json_type_boolean  ? bind_boolean(v)
           : v->kind == json_type_int    ? bind_integer(v)
           : v->kind == json_type_double ? bind_double(v)
                                         : bind_text(v);
}

static bind_function *const binders[] = {
    [SERVICE_UNKNOWN] = bind_untyped,
    [SERVICE_BINARY] = bind_binary,
    [2] = bind_binary, /* VARBINARY, LONGVARBINARY, BLOB: not documented, but in use */
    [3] = bind_binary,
    [4] = bind_binary,
    [SERVICE_VARCHAR] = bind_text,
    [SERVICE_TINYINT] = bind_integer,
    [SERVICE_SMALLINT] = bind_integer,
    [SERVICE_INTEGER] = bind_integer,
    [SERVICE_BIGINT] = bind_integer,
    [SERVICE_FLOAT] = bind_double,
    [SERVICE_DOUBLE] = bind_double,
    [SERVICE_DECIMAL] = bind_decimal,
    [SERVICE_NUMERIC] = bind_decimal,
    [SERVICE_BOOLEAN] = bind_boolean,
    [SERVICE_DATE] = bind_date,
    [SERVICE_TIME] = bind_time,
    [SERVICE_TIMESTAMP] = bind_timestamp,
    [SERVICE_UUID] = bind_guid,
};

bool binding_value(sqlite3_stmt *stmt, int index, const struct parameter *parameter, bool stores,
                   struct problem *problem)
{
    struct sent v = {.stmt = stmt, .index = index, .value = parameter->value, .stores = stores};
    int rc;

    if (parameter->value == NULL) {
        rc = sqlite3_bind_null(stmt, index);
    } else {
        v.kind = json_object_get_type(parameter->value);
        bool string = v.kind == json_type_string;
        v.text =
            string ? json_object_get_string(parameter->value) : json_object_to_json_string(parameter->value);
        v.length = v.text == NULL ? 0
                   : string       ? (size_t)json_object_get_string_len(parameter->value)
                                  : strlen(v.text);
        rc = v.text == NULL ? SQLITE_NOMEM : binders[parameter->type](&v);
    }
    if (rc == SQLITE_MISMATCH)
        problem_set(problem, PROBLEM_INVALID_REQUEST, "The value of parameter '%s' is not a valid %s.",
                    parameter->name, service_type_name(parameter->type));
    else if (rc != SQLITE_OK)
        problem_set(problem, PROBLEM_QUERY_FAILED, "The value of parameter '%s' cannot be bound: %s.",
                    parameter->name, sqlite3_errstr(rc));
    return rc == SQLITE_OK;
}

bool binding_apply(sqlite3_stmt *stmt, const struct parameter_set *set, bool stores, bool lacking_ok,
                   struct problem *problem)
{
    static const struct parameter_set none = {0};

    for (int i = 1; i <= sqlite3_bind_parameter_count(stmt); i++) {
        const char *name = sqlite3_bind_parameter_name(stmt, i);
        const struct parameter *p = name != NULL ? parameter_find(set != NULL ? set : &none, name) : NULL;
        if (p != NULL && !binding_value(stmt, i, p, stores, problem))
            return false;
        if (p == NULL && !lacking_ok) {
            problem_set(problem, PROBLEM_INVALID_REQUEST,
                        "Missing parameter: no value was given for the parameter '%s'.",
                        name != NULL ? name : "?");
            return false;
        }
        if (p == NULL)
            sqlite3_bind_null(stmt, i);
    }
    return true;
}
