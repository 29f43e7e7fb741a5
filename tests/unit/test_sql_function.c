/* Proves the translation of every function of {fn …}, the refusal of wrong uses, and that SQLGetInfo's masks
 * tell what the table does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sql/statement.h"

struct text_case {
    const char *given; /* the inside of {fn …} */
    const char *wanted;
};

struct refusal_case {
    const char *given;
    const char *said;
};

static const struct ca_sql_options options = {.catalog = "Sales'Force", .user = "o'hara@example.com"};

static bool read_text(const char *given, bool escape, struct ca_sql_statement *statement,
                      struct ca_error *error)
{
    char text[512];
    int octets = snprintf(text, sizeof text, escape ? "{fn %s}" : "%s", given);
    assert_in_range(octets, 0, sizeof text - 1);
    return ca_sql_read(text, (size_t)octets, &options, statement, error);
}

static void check_all(const struct text_case *cases, size_t count, bool escape)
{
    for (size_t i = 0; i < count; i++) {
        struct ca_sql_statement statement;
        struct ca_error error = CA_ERROR_INIT;
        if (!read_text(cases[i].given, escape, &statement, &error))
            fail_msg("%s\nrefused: %s %s", cases[i].given, error.state, ca_error_text(&error));
        if (strcmp(statement.text, cases[i].wanted) != 0)
            fail_msg("%s\nbecame: %s\nwanted: %s", cases[i].given, statement.text, cases[i].wanted);
        ca_sql_statement_free(&statement);
    }
}

#define CHECK(cases, escape) check_all(cases, sizeof(cases) / sizeof(cases)[0], escape)

static const struct text_case functions[] = {
    {"ASCII(a)", "ASCII(a)"},
    {"CHAR(65)", "CHAR(65)"},
    {"CHAR_LENGTH(a)", "CHAR_LENGTH(a)"},
    {"CHARACTER_LENGTH(a)", "CHAR_LENGTH(a)"},
    {"CONCAT(a, 'b')", "CONCAT(a, 'b')"},
    {"INSERT(a,1,2,'x')", "STUFF(a,1,2,'x')"},
    {"LCASE(a)", "LOWER(a)"},
    {"LEFT(a, 2)", "LEFT(a, 2)"},
    {"LENGTH(a)", "LEN(a)"},
    {"LOCATE('x', a)", "LOCATE('x', a)"},
    {"LOCATE('x', a, 3)", "(CHARINDEX('x', a, 3-1)+1)"},
    {"LOCATE('x', a, ?)", "(CHARINDEX('x', a, @p1-1)+1)"},
    {"LOCATE('x', a, b + 1)", "(CHARINDEX('x', a, (b + 1)-1)+1)"},
    {"LOCATE('x', a, -1)", "(CHARINDEX('x', a, (-1)-1)+1)"},
    {"LTRIM(a)", "LTRIM(a)"},
    {"OCTET_LENGTH(a)", "OCTET_LENGTH(a)"},
    {"POSITION('x' IN a)", "POSITION('x' IN a)"},
    {"position('x'in\"a\")", "POSITION('x' IN [a])"},
    {"POSITION(?IN?)", "POSITION(@p1 IN @p2)"},
    {"POSITION('x' IN (SELECT b FROM t WHERE c IN (1)))",
     "POSITION('x' IN (SELECT b FROM t WHERE c IN (1)))"},
    {"REPEAT('x', 3)", "REPLICATE('x', 3)"},
    {"REPLACE(a, 'x', 'y')", "REPLACE(a, 'x', 'y')"},
    {"RIGHT(a, 2)", "RIGHT(a, 2)"},
    {"RTRIM(a)", "RTRIM(a)"},
    {"SOUNDEX(a)", "SOUNDEX(a)"},
    {"SPACE(3)", "SPACE(3)"},
    {"SUBSTRING(a, 2, 3)", "SUBSTRING(a FROM 2 FOR 3)"},
    {"SUBSTRING( a ,(2) , f(3,4) )", "SUBSTRING(a FROM (2) FOR f(3,4))"},
    {"SUBSTRING(a FROM 2 FOR 3)", "SUBSTRING(a FROM 2 FOR 3)"},
    {"SUBSTRING(a FROM 2)", "SUBSTRING(a FROM 2)"},
    {"UCASE(a)", "UPPER(a)"},
    {"ABS(-1)", "ABS(-1)"},
    {"ACOS(x)", "ACOS(x)"},
    {"ASIN(x)", "ASIN(x)"},
    {"ATAN(x)", "ATAN(x)"},
    {"ATAN2(x, y)", "ATN2(x, y)"},
    {"CEILING(x)", "CEILING(x)"},
    {"COS(x)", "COS(x)"},
    {"COT(x)", "COT(x)"},
    {"DEGREES(x)", "DEGREES(x)"},
    {"EXP(x)", "EXP(x)"},
    {"FLOOR(x)", "FLOOR(x)"},
    {"LOG(x)", "LOG(x)"},
    {"LOG10(x)", "LOG10(x)"},
    {"MOD(x, 2)", "MOD(x, 2)"},
    {"PI()", "PI()"},
    {"PI( )", "PI( )"},
    {"PI", "PI()"},
    {"POWER(x, 2)", "POWER(x, 2)"},
    {"RADIANS(x)", "RADIANS(x)"},
    {"RAND()", "RAND()"},
    {"RAND(7)", "RAND(7)"},
    {"ROUND(x, 2)", "ROUND(x, 2)"},
    {"SIGN(x)", "SIGN(x)"},
    {"SIN(x)", "SIN(x)"},
    {"SQRT(x)", "SQRT(x)"},
    {"TAN(x)", "TAN(x)"},
    {"TRUNCATE(x, 2)", "TRUNC(x, 2)"},
    {"CURDATE()", "CURRENT_DATE()"},
    {"CURRENT_DATE()", "CURRENT_DATE()"},
    {"CURRENT_DATE", "CURRENT_DATE()"},
    {"CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP()"},
    {"CURRENT_TIMESTAMP()", "CURRENT_TIMESTAMP()"},
    {"CURRENT_TIMESTAMP( 3 )", "CURRENT_TIMESTAMP()"},
    {"NOW()", "CURRENT_TIMESTAMP()"},
    {"DAYNAME(d)", "DATENAME('weekday', d)"},
    {"MONTHNAME({d '2020-01-01'})", "DATENAME('month', '2020-01-01')"},
    {"DAYOFMONTH(d)", "DAYOFMONTH(d)"},
    {"DAYOFWEEK(d)", "DAYOFWEEK(d)"},
    {"DAYOFYEAR(d)", "DAYOFYEAR(d)"},
    {"HOUR(d)", "HOUR(d)"},
    {"MINUTE(d)", "MINUTE(d)"},
    {"MONTH(d)", "MONTH(d)"},
    {"QUARTER(d)", "QUARTER(d)"},
    {"SECOND(d)", "SECOND(d)"},
    {"WEEK(d)", "WEEK(d)"},
    {"YEAR(d)", "YEAR(d)"},
    {"EXTRACT(YEAR FROM d)", "YEAR(d)"},
    {"EXTRACT(month FROM {ts '2020-01-01 00:00:00'})", "MONTH('2020-01-01 00:00:00')"},
    {"EXTRACT(DAY FROM d)", "DAY(d)"},
    {"EXTRACT(HOUR FROM d)", "HOUR(d)"},
    {"EXTRACT(MINUTE FROM d)", "MINUTE(d)"},
    {"EXTRACT( SECOND FROM /* now */ d -- x\n )", "SECOND(d)"},
    {"TIMESTAMPADD(SQL_TSI_SECOND, 1, d)", "DATEADD('second', 1, d)"},
    {"TIMESTAMPADD(SQL_TSI_MINUTE, 1, d)", "DATEADD('minute', 1, d)"},
    {"TIMESTAMPADD(SQL_TSI_HOUR, 1, d)", "DATEADD('hour', 1, d)"},
    {"TIMESTAMPADD(sql_tsi_day, ?, ?)", "DATEADD('day', @p1, @p2)"},
    {"TIMESTAMPADD(SQL_TSI_WEEK, 1, d)", "DATEADD('week', 1, d)"},
    {"TIMESTAMPADD(SQL_TSI_MONTH, 1, d)", "DATEADD('month', 1, d)"},
    {"TIMESTAMPADD(SQL_TSI_QUARTER, 1, d)", "DATEADD('quarter', 1, d)"},
    {"TIMESTAMPADD(SQL_TSI_YEAR, 1, d)", "DATEADD('year', 1, d)"},
    {"TIMESTAMPDIFF(SQL_TSI_SECOND, a, b)", "DATEDIFF('second', a, b)"},
    {"TIMESTAMPDIFF(SQL_TSI_MINUTE, a, b)", "DATEDIFF('minute', a, b)"},
    {"TIMESTAMPDIFF(SQL_TSI_HOUR, a, b)", "DATEDIFF('hour', a, b)"},
    {"TIMESTAMPDIFF(SQL_TSI_DAY, a, b)", "DATEDIFF('day', a, b)"},
    {"DATABASE()", "'Sales''Force'"},
    {"USER()", "'o''hara@example.com'"},
    {"IFNULL(a, 0)", "ISNULL(a, 0)"},
    {"CONVERT(a, SQL_INTEGER)", "CAST(a AS INTEGER)"},
    {"CAST(a AS DECIMAL(10, 2))", "CAST(a AS DECIMAL(10, 2))"},
};

static void every_function_is_written_for_the_service(void **state)
{
    (void)state;
    CHECK(functions, true);
}

static void convert_knows_every_type_of_the_service(void **state)
{
    static const char *const types[][2] = {
        {"SQL_BIGINT", "BIGINT"},
        {"SQL_BINARY", "BINARY"},
        {"SQL_BIT", "BOOLEAN"},
        {"SQL_CHAR", "VARCHAR"},
        {"SQL_DATE", "DATE"},
        {"SQL_DECIMAL", "DECIMAL"},
        {"SQL_DOUBLE", "DOUBLE"},
        {"SQL_FLOAT", "FLOAT"},
        {"SQL_GUID", "UUID"},
        {"SQL_INTEGER", "INTEGER"},
        {"SQL_LONGVARBINARY", "BINARY"},
        {"SQL_LONGVARCHAR", "VARCHAR"},
        {"SQL_NUMERIC", "NUMERIC"},
        {"SQL_REAL", "FLOAT"},
        {"SQL_SMALLINT", "SMALLINT"},
        {"SQL_TIME", "TIME"},
        {"SQL_TIMESTAMP", "TIMESTAMP"},
        {"SQL_TINYINT", "TINYINT"},
        {"SQL_TYPE_DATE", "DATE"},
        {"SQL_TYPE_TIME", "TIME"},
        {"SQL_TYPE_TIMESTAMP", "TIMESTAMP"},
        {"SQL_VARBINARY", "BINARY"},
        {"SQL_VARCHAR", "VARCHAR"},
        {"SQL_WCHAR", "VARCHAR"},
        {"SQL_WLONGVARCHAR", "VARCHAR"},
        {"sql_wvarchar", "VARCHAR"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        char given[64];
        char wanted[64];
        snprintf(given, sizeof given, "CONVERT(?, %s)", types[i][0]);
        snprintf(wanted, sizeof wanted, "CAST(@p1 AS %s)", types[i][1]);
        check_all(&(struct text_case){given, wanted}, 1, true);
    }
}

static void only_escapes_are_translated_and_they_nest(void **state)
{
    static const struct text_case cases[] = {
        {"SELECT {fn UCASE(LCASE(a))}", "SELECT UPPER(LCASE(a))"},
        {"SELECT {fn UCASE({fn LCASE(a)})}", "SELECT UPPER(LOWER(a))"},
        {"SELECT UCASE(a), CURDATE()", "SELECT UCASE(a), CURDATE()"},
        {"{FN SUBSTRING({fn CONCAT(?, {fn LTRIM(\"b\")})}, {fn LOCATE('x', ?, ?)}, {fn LENGTH('a}b')})}",
         "SUBSTRING(CONCAT(@p1, LTRIM([b])) FROM (CHARINDEX('x', @p2, @p3-1)+1) FOR LEN('a}b'))"},
        {"SELECT{fn NOW()}FROM t", "SELECT CURRENT_TIMESTAMP()FROM t"},
        {"2*{fn LOCATE('a',b,2)}", "2*(CHARINDEX('a', b, 2-1)+1)"},
        {"'x'{fn USER()}'y'", "'x' 'o''hara@example.com' 'y'"},
        {"{fn CURTIME()}", "CURTIME()"},
        {"{fn Difference( a , ? )}", "Difference( a , @p1 )"},
        {"{fn dbo.F({d '2020-01-01'}, \"x\") }", "dbo.F('2020-01-01', [x])"},
        {"{fn [LEFT](a)}", "[LEFT](a)"},
        {"{fn MY_LEFT(1,2,3,4,5,6,7)}", "MY_LEFT(1,2,3,4,5,6,7)"},
        {"{fn}", ""},
        {"a{fn b}c", "a b c"},
        {"{fn UCASE ( a ) }", "UPPER( a )"},
        {"{fn UCASE /* ( */ (a -- )\n)}", "UPPER(a -- )\n)"},
        {"{fn LEFT(f(1,2), g[1,2])}", "LEFT(f(1,2), g[1,2])"},
    };
    (void)state;
    CHECK(cases, false);
}

static void wrong_uses_are_refused(void **state)
{
    static const struct refusal_case cases[] = {
        {"ASCII()", "wrong number"},
        {"ASCII", "wrong number"},
        {"ASCII(a, b)", "ASCII(…)"},
        {"LEFT(a)", "LEFT(…, …)"},
        {"PI(1)", "PI()"},
        {"RAND(1, 2)", "wrong number"},
        {"INSERT(a, 1, 2)", "wrong number"},
        {"INSERT(a, 1, 2, b, c)", "wrong number"},
        {"INSERT(a, 1, 2, b, c, d, e, f)", "wrong number"},
        {"LOCATE(a)", "LOCATE(…, …) or LOCATE(…, …, …)"},
        {"LOCATE(a, b, c, d)", "wrong number"},
        {"SUBSTRING(a, 1)", "wrong number"},
        {"POSITION(a, b)", "POSITION(… IN …)"},
        {"POSITION(a)", "wrong number"},
        {"EXTRACT(YEAR, d)", "EXTRACT(… FROM …)"},
        {"EXTRACT(DECADE FROM d)", "DECADE cannot be given to EXTRACT at character 5"},
        {"EXTRACT(? FROM d)", "@p1 cannot be given"},
        {"TIMESTAMPADD(SQL_TSI_FRAC_SECOND, 1, d)", "SQL_TSI_FRAC_SECOND cannot be given"},
        {"TIMESTAMPADD(DAY, 1, d)", "SQL_TSI_DAY"},
        {"TIMESTAMPDIFF(SQL_TSI_WEEK, a, b)", "SQL_TSI_SECOND, SQL_TSI_MINUTE, SQL_TSI_HOUR, SQL_TSI_DAY."},
        {"TIMESTAMPDIFF(SQL_TSI_MONTH, a, b)", "cannot be given"},
        {"TIMESTAMPDIFF(SQL_TSI_QUARTER, a, b)", "cannot be given"},
        {"TIMESTAMPDIFF(SQL_TSI_YEAR, a, b)", "cannot be given"},
        {"TIMESTAMPDIFF(SQL_TSI_FRAC_SECOND, a, b)", "cannot be given"},
        {"CONVERT(a, INTEGER)", "INTEGER cannot be given to CONVERT"},
        {"CONVERT(a, SQL_INTERVAL_DAY)", "cannot be given"},
        {"CONVERT(a)", "wrong number"},
        {"CURRENT_TIMESTAMP(10)", "cannot be given"},
        {"CURRENT_TIMESTAMP(?)", "cannot be given"},
        {"LEFT(a,)", "empty"},
        {"LEFT(,1)", "empty"},
        {"LEFT(a,/* c */)", "empty"},
        {"REPLACE(a,,b)", "empty"},
        {"POSITION( IN b)", "empty"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ca_sql_statement statement;
        struct ca_error error = CA_ERROR_INIT;
        if (read_text(cases[i].given, true, &statement, &error))
            fail_msg("%s\nwas taken: %s", cases[i].given, statement.text);
        if (strcmp(error.state, "42000") != 0 || !strstr(ca_error_text(&error), cases[i].said))
            fail_msg("%s\nsaid %s %s\nwanted …%s…", cases[i].given, error.state, ca_error_text(&error),
                     cases[i].said);
        ca_error_clear(&error);
    }
}

static void masks_tell_what_is_translated(void **state)
{
    (void)state;
    assert_int_equal(ca_sql_function_mask(SQL_STRING_FUNCTIONS),
                     0x00FFFFFF & ~(SQL_FN_STR_DIFFERENCE | SQL_FN_STR_BIT_LENGTH));
    assert_int_equal(ca_sql_function_mask(SQL_NUMERIC_FUNCTIONS), 0x00FFFFFF);
    assert_int_equal(ca_sql_function_mask(SQL_TIMEDATE_FUNCTIONS), 0x001BFDFF);
    assert_int_equal(ca_sql_function_mask(SQL_SYSTEM_FUNCTIONS), 0x7);
    assert_int_equal(ca_sql_function_mask(SQL_TIMEDATE_ADD_INTERVALS), 0x1FE);
    assert_int_equal(ca_sql_function_mask(SQL_TIMEDATE_DIFF_INTERVALS), 0x1E);
    assert_int_equal(ca_sql_function_mask(SQL_CONVERT_FUNCTIONS), SQL_FN_CVT_CAST | SQL_FN_CVT_CONVERT);
    assert_int_equal(ca_sql_function_mask(SQL_DBMS_NAME), 0);
}

static void catalog_and_user_may_be_missing(void **state)
{
    static const struct ca_sql_options none = {.noscan = false};
    static const char text[] = "SELECT {fn DATABASE()}, {fn USER()}";
    struct ca_sql_statement statement;
    struct ca_error error = CA_ERROR_INIT;
    (void)state;
    assert_true(ca_sql_read(text, strlen(text), &none, &statement, &error));
    assert_string_equal(statement.text, "SELECT '', ''");
    ca_sql_statement_free(&statement);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_function_is_written_for_the_service),
        cmocka_unit_test(convert_knows_every_type_of_the_service),
        cmocka_unit_test(only_escapes_are_translated_and_they_nest),
        cmocka_unit_test(wrong_uses_are_refused),
        cmocka_unit_test(masks_tell_what_is_translated),
        cmocka_unit_test(catalog_and_user_may_be_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
