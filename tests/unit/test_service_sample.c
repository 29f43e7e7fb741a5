/* The local service's sample data, procedures and table of functions: proves that what the metadata is read
 * from is whole, that every procedure runs, and that the data is the same at every start. */
#include "../service/functions.h"
#include "../service/procedures.h"
#include "../service/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { SOURCES_MAX = 10 };

static const struct sample_source *sources;
static size_t source_count;
static sqlite3 *databases[SOURCES_MAX];

static sqlite3 *open_filled(const struct sample_source *source)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(functions_register(db), SQLITE_OK);
    assert_int_equal(sample_fill(db, source->catalog, source->schema), SQLITE_OK);
    return db;
}

static int set_up(void **state)
{
    (void)state;
    sources = sample_sources(&source_count);
    assert_true(source_count <= SOURCES_MAX);
    for (size_t i = 0; i < source_count; i++)
        databases[i] = open_filled(&sources[i]);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (size_t i = 0; i < source_count; i++)
        sqlite3_close(databases[i]);
    return 0;
}

static int count_rows(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement;
    int rows = 0;

    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW)
        rows++;
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    return rows;
}

static void every_documented_function_is_found(void **state)
{
    static const char *const names[] = {
        "ASCII",
        "CHAR",
        "CHARINDEX",
        "CHAR_LENGTH",
        "CONCAT",
        "CONTAINS",
        "ENDSWITH",
        "FORMAT",
        "INDEXOF",
        "ISNULL",
        "JSON_EXTRACT",
        "LEFT",
        "LEN",
        "LOCATE",
        "LOWER",
        "LTRIM",
        "NCHAR",
        "OCTET_LENGTH",
        "PATINDEX",
        "POSITION",
        "QUOTENAME",
        "REPLACE",
        "REPLICATE",
        "REVERSE",
        "RIGHT",
        "RTRIM",
        "SOUNDEX",
        "SPACE",
        "SPLIT",
        "STARTSWITH",
        "STR",
        "STUFF",
        "SUBSTRING",
        "TOSTRING",
        "TRIM",
        "UNICODE",
        "UPPER",
        "ABS",
        "ACOS",
        "ASIN",
        "ATAN",
        "ATN2",
        "CEILING",
        "COS",
        "COT",
        "DEGREES",
        "EXP",
        "FLOOR",
        "GREATEST",
        "LEAST",
        "LOG",
        "LOG10",
        "MOD",
        "NEGATE",
        "PI",
        "POWER",
        "RADIANS",
        "RAND",
        "ROUND",
        "SIGN",
        "SIN",
        "SQRT",
        "SQUARE",
        "TAN",
        "TRUNC",
        "CURRENT_DATE",
        "CURRENT_TIMESTAMP",
        "DATEADD",
        "DATEDIFF",
        "DATEFROMPARTS",
        "DATENAME",
        "DATEPART",
        "DATE_TRUNC",
        "DAY",
        "DAYOFMONTH",
        "DAYOFWEEK",
        "DAYOFYEAR",
        "EOMONTH",
        "GETDATE",
        "GETUTCDATE",
        "HOUR",
        "LAST_DAY",
        "MINUTE",
        "MONTH",
        "QUARTER",
        "SECOND",
        "WEEK",
        "YEAR",
        "COUNT",
        "SUM",
        "AVG",
        "MIN",
        "MAX",
        "ROW_NUMBER",
        "RANK",
        "DENSE_RANK",
        "LAG",
        "LEAD",
        "NTILE",
        "FIRST_VALUE",
        "LAST_VALUE",
        "COALESCE",
        "NULLIF",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        const struct service_function *function = functions_find(names[i]);

        if (!function)
            print_message("%s is not found\n", names[i]);
        assert_non_null(function);
        assert_string_equal(function->name, names[i]);
    }
    assert_null(functions_find("NOPE"));
    assert_int_equal(functions_result_type("upper"), SERVICE_VARCHAR);
    assert_int_equal(functions_result_type("NOPE"), SERVICE_UNKNOWN);
}

static void declared_types_read_as_the_services(void **state)
{
    static const struct {
        const char *declared;
        bool known;
        struct sample_type type;
    } cases[] = {
        {"VARCHAR(80)", true, {SERVICE_VARCHAR, "VARCHAR", 80, 0, 0}},
        {"DECIMALTEXT(38,10)", true, {SERVICE_DECIMAL, "DECIMAL", 40, 38, 10}},
        {"NUMERICTEXT(38,0)", true, {SERVICE_NUMERIC, "NUMERIC", 40, 38, 0}},
        {"decimal ( 5 , 2 )", true, {SERVICE_DECIMAL, "DECIMAL", 7, 5, 2}},
        {"INT", true, {SERVICE_INTEGER, "INTEGER", 11, 10, 0}},
        {"TIMESTAMP(3)", true, {SERVICE_TIMESTAMP, "TIMESTAMP", 23, 23, 3}},
        {"UUIDTEXT", true, {SERVICE_UUID, "UUID", 38, 36, 0}},
        {"BINARY(16)", true, {SERVICE_BINARY, "BINARY", 16, 0, 0}},
        {"BLOB", true, {SERVICE_BINARY, "BINARY", 65535, 0, 0}},
        {"FANCY", false, {SERVICE_VARCHAR, "VARCHAR", 2000, 0, 0}},
        {"VARCHAR(", true, {SERVICE_VARCHAR, "VARCHAR", 2000, 0, 0}},
        {"VARCHAR(99999999999)", true, {SERVICE_VARCHAR, "VARCHAR", 2000, 0, 0}},
        {NULL, false, {SERVICE_VARCHAR, "VARCHAR", 2000, 0, 0}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct sample_type type;

        assert_int_equal(sample_type_parse(cases[i].declared, &type), cases[i].known);
        assert_int_equal(type.code, cases[i].type.code);
        assert_string_equal(type.name, cases[i].type.name);
        assert_int_equal(type.length, cases[i].type.length);
        assert_int_equal(type.precision, cases[i].type.precision);
        assert_int_equal(type.scale, cases[i].type.scale);
    }
}

static void every_declared_column_of_the_sample_is_known(void **state)
{
    (void)state;
    for (size_t i = 0; i < source_count; i++) {
        sqlite3_stmt *statement;

        assert_int_equal(sqlite3_prepare_v2(
                             databases[i],
                             "SELECT t.name, c.name, c.type FROM sqlite_schema t, pragma_table_xinfo(t.name)"
                             " c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'",
                             -1, &statement, NULL),
                         SQLITE_OK);
        while (sqlite3_step(statement) == SQLITE_ROW) {
            struct sample_type type;
            const char *declared = (const char *)sqlite3_column_text(statement, 2);

            if (!sample_type_parse(declared, &type))
                print_message("%s.%s %s\n", (const char *)sqlite3_column_text(statement, 0),
                              (const char *)sqlite3_column_text(statement, 1), declared);
            assert_true(sample_type_parse(declared, &type));
        }
        sqlite3_finalize(statement);
    }
}

static void remarks_name_what_is_there_and_keys_hold(void **state)
{
    (void)state;
    for (size_t i = 0; i < source_count; i++) {
        if (strcmp(sources[i].catalog, "Bench") == 0)
            continue; /* its tables are virtual, and not here */
        assert_int_equal(
            count_rows(databases[i], "SELECT 1 FROM " SAMPLE_REMARKS),
            count_rows(
                databases[i],
                "SELECT 1 FROM " SAMPLE_REMARKS " r JOIN sqlite_schema s ON s.name = r.table_name WHERE"
                " r.column_name = '' OR EXISTS (SELECT 1 FROM pragma_table_xinfo(s.name) c WHERE c.name ="
                " r.column_name)"));
        assert_int_equal(count_rows(databases[i], "PRAGMA foreign_key_check"), 0);
    }
}

static sqlite3 *database_of(const char *catalog)
{
    for (size_t i = 0; i < source_count; i++)
        if (strcmp(sources[i].catalog, catalog) == 0)
            return databases[i];
    fail_msg("no source %s", catalog);
    return NULL;
}

static void run_list(const struct procedure *procedure, const char *const *list, bool gives_rows)
{
    for (const char *const *text = list; text && *text; text++) {
        char *sql = procedure_sql(*text, "main");
        sqlite3_stmt *statement;

        assert_non_null(sql);
        assert_int_equal(sqlite3_prepare_v2(database_of(procedure->catalog), sql, -1, &statement, NULL),
                         SQLITE_OK);
        assert_int_equal(sqlite3_column_count(statement) > 0, gives_rows);
        for (int i = 1; i <= sqlite3_bind_parameter_count(statement); i++)
            sqlite3_bind_text(statement, i, "1", -1, SQLITE_STATIC);
        while (sqlite3_step(statement) == SQLITE_ROW)
            continue;
        assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
        free(sql);
    }
}

static void every_procedure_runs(void **state)
{
    size_t count;
    const struct procedure *all = procedures_all(&count);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(procedure_find(all[i].catalog, NULL, all[i].name), &all[i]);
        assert_int_equal(all[i].writes, all[i].statements != NULL);
        run_list(&all[i], all[i].statements, false);
        run_list(&all[i], all[i].results, true);
        for (size_t k = 0; k < all[i].parameter_count; k++) {
            const struct procedure_parameter *parameter = &all[i].parameters[k];
            const char *expression[] = {NULL, NULL};
            char *sql;

            assert_int_equal(parameter->output != NULL, parameter->direction != PROCEDURE_IN);
            assert_int_equal(parameter->name[0], '@');
            if (!parameter->output)
                continue;
            expression[0] = sql = sqlite3_mprintf("SELECT %s", parameter->output);
            run_list(&all[i], expression, true);
            sqlite3_free(sql);
        }
    }
    assert_null(procedure_find(NULL, NULL, "nope"));
    assert_non_null(procedure_find(NULL, NULL, "getaccountsbyindustry"));
}

static void names_are_put_in_quoted(void **state)
{
    char *sql = procedure_sql("{}.a, '{' {} }", "x`y");

    (void)state;
    assert_string_equal(sql, "`x``y`.a, '{' `x``y` }");
    free(sql);
}

/* Two fillings give the same database, octet for octet. */
static void the_sample_is_the_same_every_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < source_count; i++) {
        sqlite3 *again = open_filled(&sources[i]);
        sqlite3_int64 octets[2];
        unsigned char *image[2] = {sqlite3_serialize(databases[i], "main", &octets[0], 0),
                                   sqlite3_serialize(again, "main", &octets[1], 0)};

        assert_int_equal(octets[0], octets[1]);
        if (octets[0] > 0)
            assert_memory_equal(image[0], image[1], (size_t)octets[0]);
        sqlite3_free(image[0]);
        sqlite3_free(image[1]);
        sqlite3_close(again);
    }
}

static void unknown_sources_are_not_filled(void **state)
{
    (void)state;
    assert_int_equal(sample_fill(databases[0], "Nope", "Nope"), SQLITE_NOTFOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_documented_function_is_found),
        cmocka_unit_test(declared_types_read_as_the_services),
        cmocka_unit_test(every_declared_column_of_the_sample_is_known),
        cmocka_unit_test(the_sample_is_the_same_every_time),
        cmocka_unit_test(remarks_name_what_is_there_and_keys_hold),
        cmocka_unit_test(every_procedure_runs),
        cmocka_unit_test(names_are_put_in_quoted),
        cmocka_unit_test(unknown_sources_are_not_filled),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
