/* The stored procedures of the local service, as data. See procedures.h. */
#include "procedures.h"
#include "functions.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* --- PostgreSQL1.public --- */

static const struct procedure_parameter insert_note[] = {
    {"@title", PROCEDURE_IN, SERVICE_VARCHAR, 200, 0, 0, true, false, NULL, "Title of the note"},
    {"@body", PROCEDURE_IN, SERVICE_VARCHAR, 1000000, 0, 0, false, true, NULL, "Its text"},
    {"@id", PROCEDURE_OUT, SERVICE_INTEGER, 11, 10, 0, false, true, "last_insert_rowid()",
     "Number it was given"},
};

static const char *const insert_note_statements[] = {
    "INSERT INTO {}.notes (title, body, written_at) VALUES (@title, @body, '2024-06-01T12:00:00Z')",
    NULL,
};

static const struct procedure_parameter clear_notes[] = {
    {"@deleted", PROCEDURE_RETURN, SERVICE_INTEGER, 11, 10, 0, false, true, "changes()",
     "Number of notes deleted"},
    {"@prefix", PROCEDURE_IN, SERVICE_VARCHAR, 200, 0, 0, true, false, NULL, "Beginning of their titles"},
};

static const char *const clear_notes_statements[] = {
    "DELETE FROM {}.notes WHERE substr(title, 1, length(@prefix)) = @prefix",
    NULL,
};

static const struct procedure_parameter customer_orders[] = {
    {"@customer_id", PROCEDURE_IN, SERVICE_INTEGER, 11, 10, 0, true, false, NULL, "The customer"},
};

static const char *const customer_orders_results[] = {
    "SELECT id, name, email, balance FROM {}.customers WHERE id = @customer_id",
    "SELECT id, ordered_on, status, total FROM {}.orders WHERE customer_id = @customer_id ORDER BY id",
    NULL,
};

/* --- Salesforce.Salesforce --- */

static const struct procedure_parameter accounts_by_industry[] = {
    {"@Industry", PROCEDURE_IN, SERVICE_VARCHAR, 255, 0, 0, true, false, NULL, "Field of business"},
    {"@MinEmployees", PROCEDURE_IN, SERVICE_INTEGER, 11, 10, 0, false, true, NULL,
     "Only with this many employees"},
};

static const char *const accounts_by_industry_results[] = {
    "SELECT Id, Name, Industry, AnnualRevenue, NumberOfEmployees FROM {}.Account WHERE Industry = @Industry"
    " AND NumberOfEmployees >= COALESCE(@MinEmployees, 0) ORDER BY Id",
    NULL,
};

static const char *const list_users_results[] = {
    "SELECT Id, Username, IsActive FROM {}.User ORDER BY Id",
    NULL,
};

/* --- Types.Types --- */

static const struct procedure_parameter add_numbers[] = {
    {"@result", PROCEDURE_RETURN, SERVICE_INTEGER, 11, 10, 0, false, true,
     "CAST(@a AS INTEGER) + CAST(@b AS INTEGER)", "The sum"},
    {"@a", PROCEDURE_IN, SERVICE_INTEGER, 11, 10, 0, true, false, NULL, "First number"},
    {"@b", PROCEDURE_IN, SERVICE_INTEGER, 11, 10, 0, true, false, NULL, "Second number"},
    {"@total", PROCEDURE_INOUT, SERVICE_BIGINT, 20, 19, 0, true, true,
     "CAST(COALESCE(@total, 0) AS INTEGER) + CAST(@a AS INTEGER) + CAST(@b AS INTEGER)", "Grows by the sum"},
    {"@text", PROCEDURE_OUT, SERVICE_VARCHAR, 100, 0, 0, false, true,
     "CAST(@a AS INTEGER) || ' + ' || CAST(@b AS INTEGER)", "The sum in words"},
};

/* One input and one output of each type: the output is the input. */
#define ECHO(name, type, length, precision, scale)                                            \
    {                                                                                         \
        "@" name, PROCEDURE_IN, type, length, precision,                                      \
        scale,    false,        true, NULL,   "Comes back in @" name "Out"},                  \
    {                                                                                         \
        "@" name "Out", PROCEDURE_OUT, type, length, precision, scale, false, true, "@" name, \
            "What @" name " was"                                                              \
    }

static const struct procedure_parameter echo_types[] = {
    ECHO("Binary", SERVICE_BINARY, 8000, 0, 0),   ECHO("Varchar", SERVICE_VARCHAR, 2000, 0, 0),
    ECHO("Tinyint", SERVICE_TINYINT, 4, 3, 0),    ECHO("Smallint", SERVICE_SMALLINT, 6, 5, 0),
    ECHO("Integer", SERVICE_INTEGER, 11, 10, 0),  ECHO("Bigint", SERVICE_BIGINT, 20, 19, 0),
    ECHO("Float", SERVICE_FLOAT, 24, 15, 0),      ECHO("Double", SERVICE_DOUBLE, 24, 15, 0),
    ECHO("Decimal", SERVICE_DECIMAL, 40, 38, 10), ECHO("Numeric", SERVICE_NUMERIC, 40, 38, 0),
    ECHO("Boolean", SERVICE_BOOLEAN, 1, 1, 0),    ECHO("Date", SERVICE_DATE, 10, 10, 0),
    ECHO("Time", SERVICE_TIME, 16, 16, 7),        ECHO("Timestamp", SERVICE_TIMESTAMP, 27, 27, 7),
    ECHO("Uuid", SERVICE_UUID, 38, 36, 0),
};

static const struct procedure_parameter swap_text[] = {
    {"@first", PROCEDURE_INOUT, SERVICE_VARCHAR, 100, 0, 0, true, true, "@second", "Becomes the second"},
    {"@second", PROCEDURE_INOUT, SERVICE_VARCHAR, 100, 0, 0, true, true, "@first", "Becomes the first"},
};

/* --- Wide Names.Odd Schema --- */

static const struct procedure_parameter odd_procedure[] = {
    {"@a parameter", PROCEDURE_IN, SERVICE_VARCHAR, 50, 0, 0, false, true, NULL, "Its name has a blank"},
};

/* SQLite takes no blank in a parameter's name, so nothing here uses it. */
static const char *const odd_procedure_results[] = {
    "SELECT [Column With Blanks], [ leading] FROM {}.[Table With Blanks] ORDER BY 2",
    NULL,
};

static const struct procedure procedures[] = {
    {"PostgreSQL1", "public", "clear_notes", "Deletes notes by the beginning of their titles", clear_notes,
     COUNT(clear_notes), clear_notes_statements, NULL, true},
    {"PostgreSQL1", "public", "customer_orders", "A customer, and then the orders: two result sets",
     customer_orders, COUNT(customer_orders), NULL, customer_orders_results, false},
    {"PostgreSQL1", "public", "insert_note", "Writes a note", insert_note, COUNT(insert_note),
     insert_note_statements, NULL, true},
    {"Salesforce", "Salesforce", "GetAccountsByIndustry", "Accounts of one industry", accounts_by_industry,
     COUNT(accounts_by_industry), NULL, accounts_by_industry_results, false},
    {"Salesforce", "Salesforce", "ListUsers", "All users; takes nothing", NULL, 0, NULL, list_users_results,
     false},
    {"Types", "Types", "AddNumbers", "Adds two numbers, in every direction a parameter has", add_numbers,
     COUNT(add_numbers), NULL, NULL, false},
    {"Types", "Types", "EchoTypes", "Gives back what it is given, in every type", echo_types,
     COUNT(echo_types), NULL, NULL, false},
    {"Types", "Types", "SwapText", "Exchanges two texts", swap_text, COUNT(swap_text), NULL, NULL, false},
    {"Wide Names", "Odd Schema", "odd procedure; 1", "Its name needs brackets", odd_procedure,
     COUNT(odd_procedure), NULL, odd_procedure_results, false},
};

const struct procedure *procedures_all(size_t *count)
{
    *count = COUNT(procedures);
    return procedures;
}

static bool is_asked(const char *asked, const char *name)
{
    return !asked || strcasecmp(asked, name) == 0;
}

const struct procedure *procedure_find(const char *catalog, const char *schema, const char *name)
{
    for (size_t i = 0; i < COUNT(procedures); i++)
        if (is_asked(catalog, procedures[i].catalog) && is_asked(schema, procedures[i].schema) &&
            strcasecmp(name, procedures[i].name) == 0)
            return &procedures[i];
    return NULL;
}

/* The name in backticks, those inside doubled; gives the octets. */
static size_t put_quoted(char *out, const char *alias)
{
    size_t length = 0;

    out[length++] = '`';
    for (const char *p = alias; *p; p++) {
        if (*p == '`')
            out[length++] = '`';
        out[length++] = *p;
    }
    out[length++] = '`';
    return length;
}

char *procedure_sql(const char *text, const char *alias)
{
    size_t places = 0;
    size_t length = 0;
    char *sql;

    for (const char *p = strstr(text, "{}"); p; p = strstr(p + 2, "{}"))
        places++;
    sql = malloc(strlen(text) + places * (2 * strlen(alias) + 2) + 1);
    if (!sql)
        return NULL;
    for (const char *p = text; *p;) {
        if (p[0] == '{' && p[1] == '}') {
            length += put_quoted(sql + length, alias);
            p += 2;
        } else {
            sql[length++] = *p++;
        }
    }
    sql[length] = '\0';
    return sql;
}
