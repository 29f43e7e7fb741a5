/*
 * What SQLGetInfo claims works: for every bit of the function, interval, conversion, predicate, join,
 * subquery, union and aggregate masks a statement that uses it, through the translator and the service, with
 * its result.
 *
 * Must not know the translator's table: the statements are ODBC's (Appendix E), the results what SQL says.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#define TYPES "[Types].[Types].[AllTypes]"

/* A statement for a bit of an information type; one value comes back. "#": a number, compared as such. */
static const struct claim {
    SQLUSMALLINT type;
    SQLUINTEGER bit;
    const char *expression, *result; /* NULL: any value but null */
} functions[] = {
    {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_ABS, "ABS(-3)", "#3"},
    {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_ACOS, "ACOS(1)", "#0"},
    {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_ASIN, "ASIN(0)", "#0"},
    {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_ATAN, "ATAN(0)", "#0"},
    {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_ATAN2, "ATAN2(0, 1)", "#0"},
    {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_CEILING, "CEILING(1.2)", "#2"},
    {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_COS, "COS(0)", "#1"},
    {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_COT, "ROUND(COT(1), 4)", "#0.6421"},
    {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_DEGREES, "ROUND(DEGREES(PI()), 4)", "#180"},
    {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_EXP, "EXP(0)", "#1"},
    {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_FLOOR, "FLOOR(1.8)", "#1"},
    {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_LOG, "LOG(1)", "#0"},
    {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_LOG10, "ROUND(LOG10(1000), 4)", "#3"},
    {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_MOD, "MOD(17, 5)", "#2"},
    {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_PI, "ROUND(PI(), 4)", "#3.1416"},
    {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_POWER, "POWER(2, 10)", "#1024"},
    {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_RADIANS, "ROUND(RADIANS(180), 4)", "#3.1416"},
    {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_RAND, "RAND()", NULL},
    {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_ROUND, "ROUND(2.567, 1)", "#2.6"},
    {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_SIGN, "SIGN(-9)", "#-1"},
    {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_SIN, "SIN(0)", "#0"},
    {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_SQRT, "SQRT(81)", "#9"},
    {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_TAN, "TAN(0)", "#0"},
    {SQL_NUMERIC_FUNCTIONS, SQL_FN_NUM_TRUNCATE, "TRUNCATE(2.567, 1)", "#2.5"},
    {SQL_STRING_FUNCTIONS, SQL_FN_STR_ASCII, "ASCII('A')", "#65"},
    {SQL_STRING_FUNCTIONS, SQL_FN_STR_CHAR, "CHAR(65)", "A"},
    {SQL_STRING_FUNCTIONS, SQL_FN_STR_CHAR_LENGTH, "CHAR_LENGTH('grün')", "#4"},
    {SQL_STRING_FUNCTIONS, SQL_FN_STR_CHARACTER_LENGTH, "CHARACTER_LENGTH('grün')", "#4"},
    {SQL_STRING_FUNCTIONS, SQL_FN_STR_CONCAT, "CONCAT('a', 'b')", "ab"},
    {SQL_STRING_FUNCTIONS, SQL_FN_STR_INSERT, "INSERT('abcdef', 2, 3, 'X')", "aXef"},
    {SQL_STRING_FUNCTIONS, SQL_FN_STR_LCASE, "LCASE('ABC')", "abc"},
    {SQL_STRING_FUNCTIONS, SQL_FN_STR_LEFT, "LEFT('abcdef', 2)", "ab"},
    {SQL_STRING_FUNCTIONS, SQL_FN_STR_LENGTH, "LENGTH('abc')", "#3"},
    {SQL_STRING_FUNCTIONS, SQL_FN_STR_LOCATE, "LOCATE('b', 'abcb', 3)", "#4"},
    {SQL_STRING_FUNCTIONS, SQL_FN_STR_LOCATE, "LOCATE('z', 'abcb', 2)", "#0"},
    {SQL_STRING_FUNCTIONS, SQL_FN_STR_LOCATE_2, "LOCATE('b', 'abcb')", "#2"},
    {SQL_STRING_FUNCTIONS, SQL_FN_STR_LOCATE_2, "LOCATE('z', 'abcb')", "#0"},
    {SQL_STRING_FUNCTIONS, SQL_FN_STR_LTRIM, "LTRIM('  a')", "a"},
    {SQL_STRING_FUNCTIONS, SQL_FN_STR_OCTET_LENGTH, "OCTET_LENGTH('abc')", "#3"},
    {SQL_STRING_FUNCTIONS, SQL_FN_STR_POSITION, "POSITION('c' IN 'abc')", "#3"},
    {SQL_STRING_FUNCTIONS, SQL_FN_STR_REPEAT, "REPEAT('ab', 3)", "ababab"},
    {SQL_STRING_FUNCTIONS, SQL_FN_STR_REPLACE, "REPLACE('abc', 'b', 'x')", "axc"},
    {SQL_STRING_FUNCTIONS, SQL_FN_STR_RIGHT, "RIGHT('abcdef', 2)", "ef"},
    {SQL_STRING_FUNCTIONS, SQL_FN_STR_RTRIM, "RTRIM('a  ')", "a"},
    {SQL_STRING_FUNCTIONS, SQL_FN_STR_SOUNDEX, "SOUNDEX('Robert')", "R163"},
    {SQL_STRING_FUNCTIONS, SQL_FN_STR_SPACE, "CONCAT(SPACE(3), 'x')", "   x"},
    {SQL_STRING_FUNCTIONS, SQL_FN_STR_SUBSTRING, "SUBSTRING('abcdef', 2, 3)", "bcd"},
    {SQL_STRING_FUNCTIONS, SQL_FN_STR_UCASE, "UCASE('abc')", "ABC"},
    {SQL_SYSTEM_FUNCTIONS, SQL_FN_SYS_USERNAME, "USER()", HARNESS_USER},
    {SQL_SYSTEM_FUNCTIONS, SQL_FN_SYS_DBNAME, "DATABASE()", ""},
    {SQL_SYSTEM_FUNCTIONS, SQL_FN_SYS_IFNULL, "IFNULL(NULL, 'x')", "x"},
    {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_NOW, "NOW()", NULL},
    {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_CURDATE, "CURDATE()", NULL},
    {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_CURRENT_DATE, "CURRENT_DATE()", NULL},
    {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_CURRENT_TIMESTAMP, "CURRENT_TIMESTAMP()", NULL},
    {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_DAYOFMONTH, "DAYOFMONTH({d '2024-02-29'})", "#29"},
    {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_DAYOFWEEK, "DAYOFWEEK({d '2024-02-29'})", "#5"},
    {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_DAYOFYEAR, "DAYOFYEAR({d '2024-02-29'})", "#60"},
    {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_MONTH, "MONTH({d '2024-02-29'})", "#2"},
    {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_QUARTER, "QUARTER({d '2024-05-01'})", "#2"},
    {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_WEEK, "WEEK({d '2024-01-04'})", "#1"},
    {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_YEAR, "YEAR({d '2024-02-29'})", "#2024"},
    {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_HOUR, "HOUR({ts '2024-02-29 13:14:15'})", "#13"},
    {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_MINUTE, "MINUTE({ts '2024-02-29 13:14:15'})", "#14"},
    {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_SECOND, "SECOND({ts '2024-02-29 13:14:15'})", "#15"},
    {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_DAYNAME, "DAYNAME({d '2024-02-29'})", "Thursday"},
    {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_MONTHNAME, "MONTHNAME({d '2024-02-29'})", "February"},
    {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_EXTRACT, "EXTRACT(YEAR FROM {d '2024-02-29'})", "#2024"},
    {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_TIMESTAMPADD,
     "YEAR({fn TIMESTAMPADD(SQL_TSI_DAY, 1, {d '2024-12-31'})})", "#2025"},
    {SQL_TIMEDATE_FUNCTIONS, SQL_FN_TD_TIMESTAMPDIFF,
     "TIMESTAMPDIFF(SQL_TSI_DAY, {d '2024-02-28'}, {d '2024-03-01'})", "#2"},
    {SQL_TIMEDATE_ADD_INTERVALS, SQL_FN_TSI_SECOND,
     "SECOND({fn TIMESTAMPADD(SQL_TSI_SECOND, 5, {ts '2024-02-29 13:14:15'})})", "#20"},
    {SQL_TIMEDATE_ADD_INTERVALS, SQL_FN_TSI_MINUTE,
     "MINUTE({fn TIMESTAMPADD(SQL_TSI_MINUTE, 5, {ts '2024-02-29 13:14:15'})})", "#19"},
    {SQL_TIMEDATE_ADD_INTERVALS, SQL_FN_TSI_HOUR,
     "HOUR({fn TIMESTAMPADD(SQL_TSI_HOUR, 5, {ts '2024-02-29 13:14:15'})})", "#18"},
    {SQL_TIMEDATE_ADD_INTERVALS, SQL_FN_TSI_DAY, "MONTH({fn TIMESTAMPADD(SQL_TSI_DAY, 1, {d '2024-02-29'})})",
     "#3"},
    {SQL_TIMEDATE_ADD_INTERVALS, SQL_FN_TSI_WEEK,
     "DAYOFMONTH({fn TIMESTAMPADD(SQL_TSI_WEEK, 1, {d '2024-02-01'})})", "#8"},
    {SQL_TIMEDATE_ADD_INTERVALS, SQL_FN_TSI_MONTH,
     "MONTH({fn TIMESTAMPADD(SQL_TSI_MONTH, 3, {d '2024-02-01'})})", "#5"},
    {SQL_TIMEDATE_ADD_INTERVALS, SQL_FN_TSI_QUARTER,
     "MONTH({fn TIMESTAMPADD(SQL_TSI_QUARTER, 1, {d '2024-02-01'})})", "#5"},
    {SQL_TIMEDATE_ADD_INTERVALS, SQL_FN_TSI_YEAR,
     "YEAR({fn TIMESTAMPADD(SQL_TSI_YEAR, 3, {d '2024-02-01'})})", "#2027"},
    {SQL_TIMEDATE_DIFF_INTERVALS, SQL_FN_TSI_SECOND,
     "TIMESTAMPDIFF(SQL_TSI_SECOND, {ts '2024-02-29 13:14:15'}, {ts '2024-02-29 13:14:45'})", "#30"},
    {SQL_TIMEDATE_DIFF_INTERVALS, SQL_FN_TSI_MINUTE,
     "TIMESTAMPDIFF(SQL_TSI_MINUTE, {ts '2024-02-29 13:14:15'}, {ts '2024-02-29 13:24:15'})", "#10"},
    {SQL_TIMEDATE_DIFF_INTERVALS, SQL_FN_TSI_HOUR,
     "TIMESTAMPDIFF(SQL_TSI_HOUR, {ts '2024-02-29 13:14:15'}, {ts '2024-02-29 16:14:15'})", "#3"},
    {SQL_TIMEDATE_DIFF_INTERVALS, SQL_FN_TSI_DAY,
     "TIMESTAMPDIFF(SQL_TSI_DAY, {d '2024-02-28'}, {d '2024-03-01'})", "#2"},
    {SQL_CONVERT_FUNCTIONS, SQL_FN_CVT_CONVERT, "CONVERT('12', SQL_INTEGER)", "#12"},
    {SQL_CONVERT_FUNCTIONS, SQL_FN_CVT_CONVERT, "CONVERT(12, SQL_VARCHAR)", "12"},
};

/* The same for constructs outside {fn}. */
static const struct claim statements[] = {
    {SQL_CONVERT_FUNCTIONS, SQL_FN_CVT_CAST, "SELECT CAST('12' AS INTEGER) AS V", "12"},
    {SQL_SQL92_NUMERIC_VALUE_FUNCTIONS, SQL_SNVF_CHAR_LENGTH, "SELECT CHAR_LENGTH('abc') AS V", "3"},
    {SQL_SQL92_NUMERIC_VALUE_FUNCTIONS, SQL_SNVF_OCTET_LENGTH, "SELECT OCTET_LENGTH('abc') AS V", "3"},
    {SQL_SQL92_NUMERIC_VALUE_FUNCTIONS, SQL_SNVF_POSITION, "SELECT POSITION('c' IN 'abc') AS V", "3"},
    {SQL_SQL92_STRING_FUNCTIONS, SQL_SSF_LOWER, "SELECT LOWER('ABC') AS V", "abc"},
    {SQL_SQL92_STRING_FUNCTIONS, SQL_SSF_UPPER, "SELECT UPPER('abc') AS V", "ABC"},
    {SQL_SQL92_VALUE_EXPRESSIONS, SQL_SVE_CASE, "SELECT CASE WHEN 1 = 1 THEN 'y' ELSE 'n' END AS V", "y"},
    {SQL_SQL92_VALUE_EXPRESSIONS, SQL_SVE_CAST, "SELECT CAST(3 AS VARCHAR(10)) AS V", "3"},
    {SQL_SQL92_VALUE_EXPRESSIONS, SQL_SVE_NULLIF, "SELECT NULLIF(1, 2) AS V", "1"},
    {SQL_SQL92_PREDICATES, SQL_SP_BETWEEN, "SELECT COUNT(*) FROM " TYPES " WHERE Id BETWEEN 2 AND 4", "3"},
    {SQL_SQL92_PREDICATES, SQL_SP_COMPARISON, "SELECT COUNT(*) FROM " TYPES " WHERE Id >= 7", "2"},
    {SQL_SQL92_PREDICATES, SQL_SP_IN, "SELECT COUNT(*) FROM " TYPES " WHERE Id IN (1, 3, 99)", "2"},
    {SQL_SQL92_PREDICATES, SQL_SP_ISNULL, "SELECT COUNT(*) FROM " TYPES " WHERE IntegerCol IS NULL", "1"},
    {SQL_SQL92_PREDICATES, SQL_SP_ISNOTNULL, "SELECT COUNT(*) FROM " TYPES " WHERE IntegerCol IS NOT NULL",
     "7"},
    {SQL_SQL92_PREDICATES, SQL_SP_LIKE, "SELECT COUNT(*) FROM " TYPES " WHERE VarcharCol LIKE '%est'", "2"},
    {SQL_SQL92_RELATIONAL_JOIN_OPERATORS, SQL_SRJO_INNER_JOIN,
     "SELECT COUNT(*) FROM [Types].[Types].[TypeDate] a INNER JOIN [Types].[Types].[TypeTime] b ON a.Id = "
     "b.Id",
     "8"},
    {SQL_SQL92_RELATIONAL_JOIN_OPERATORS, SQL_SRJO_LEFT_OUTER_JOIN,
     "SELECT COUNT(*) FROM {oj " TYPES " a LEFT OUTER JOIN [Types].[Types].[NotNullTypes] b ON a.Id = b.Id}",
     "8"},
    {SQL_SQL92_RELATIONAL_JOIN_OPERATORS, SQL_SRJO_RIGHT_OUTER_JOIN,
     "SELECT COUNT(*) FROM [Types].[Types].[NotNullTypes] a RIGHT JOIN " TYPES " b ON a.Id = b.Id", "8"},
    {SQL_SQL92_RELATIONAL_JOIN_OPERATORS, SQL_SRJO_FULL_OUTER_JOIN,
     "SELECT COUNT(*) FROM [Types].[Types].[NotNullTypes] a FULL OUTER JOIN " TYPES " b ON a.Id = b.Id", "8"},
    {SQL_SUBQUERIES, SQL_SQ_IN,
     "SELECT COUNT(*) FROM " TYPES " WHERE Id IN (SELECT Id FROM [Types].[Types].[NotNullTypes])", "3"},
    {SQL_SUBQUERIES, SQL_SQ_COMPARISON,
     "SELECT COUNT(*) FROM " TYPES " WHERE Id = (SELECT MAX(Id) FROM " TYPES ")", "1"},
    {SQL_UNION, SQL_U_UNION, "SELECT 1 AS V UNION SELECT 1", "1"},
    {SQL_UNION, SQL_U_UNION_ALL, "SELECT 1 AS V UNION ALL SELECT 1", "1\n1"},
    {SQL_AGGREGATE_FUNCTIONS, SQL_AF_AVG, "SELECT AVG(Id) FROM " TYPES, "4.5"},
    {SQL_AGGREGATE_FUNCTIONS, SQL_AF_COUNT, "SELECT COUNT(*) FROM " TYPES, "8"},
    {SQL_AGGREGATE_FUNCTIONS, SQL_AF_DISTINCT, "SELECT COUNT(DISTINCT BooleanCol) FROM " TYPES, "2"},
    {SQL_AGGREGATE_FUNCTIONS, SQL_AF_MAX, "SELECT MAX(Id) FROM " TYPES, "8"},
    {SQL_AGGREGATE_FUNCTIONS, SQL_AF_MIN, "SELECT MIN(Id) FROM " TYPES, "1"},
    {SQL_AGGREGATE_FUNCTIONS, SQL_AF_SUM, "SELECT SUM(Id) FROM " TYPES, "36"},
};

/* True where the mask has the bit; the statement must then work. */
static bool is_claimed(SQLHDBC dbc, const struct claim *claim)
{
    SQLUINTEGER mask = 0;

    expect_dbc("S", dbc, SQLGetInfo(dbc, claim->type, &mask, 0, NULL));
    return (mask & claim->bit) != 0;
}

static int check(SQLHSTMT stmt, const char *sql, const char *expected)
{
    int bad = 1;
    char *seen = NULL;

    if (exec(stmt, sql) == SQL_SUCCESS) {
        seen = rows_text(stmt);
        seen[strlen(seen) > 0 ? strlen(seen) - 1 : 0] = '\0';
        bad = !expected          ? strcmp(seen, "<null>") == 0
              : *expected == '#' ? strtod(seen, NULL) != strtod(expected + 1, NULL) || *seen == '<' || !*seen
                                 : strcmp(seen, expected) != 0;
    }
    if (bad) {
        char *why = diagnostics(SQL_HANDLE_STMT, stmt);
        print_error("%s: %s, not %s\n%s", sql, seen ? seen : "an error", expected ? expected : "a value",
                    why);
        free(why);
    }
    free(seen);
    SQLFreeStmt(stmt, SQL_CLOSE);
    return bad;
}

static void every_claimed_function_works(void **state)
{
    struct session s;
    int bad = 0;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(functions); i++) {
        char *sql = text_format("SELECT {fn %s} AS V", functions[i].expression);
        if (!is_claimed(s.dbc, &functions[i]))
            bad += (print_error("%s is not claimed\n", functions[i].expression), 1);
        bad += check(s.stmt, sql, functions[i].result);
        free(sql);
    }
    assert_int_equal(bad, 0);
    session_close(&s);
}

static void every_claimed_construct_works(void **state)
{
    struct session s;
    int bad = 0;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(statements); i++) {
        if (!is_claimed(s.dbc, &statements[i]))
            bad += (print_error("%s is not claimed\n", statements[i].expression), 1);
        bad += check(s.stmt, statements[i].expression, statements[i].result);
    }
    assert_int_equal(bad, 0);
    session_close(&s);
}

/* No bit of a function mask is without a statement above. */
static void every_claimed_bit_is_proved(void **state)
{
    static const SQLUSMALLINT masks[] = {SQL_NUMERIC_FUNCTIONS,      SQL_STRING_FUNCTIONS,
                                         SQL_SYSTEM_FUNCTIONS,       SQL_TIMEDATE_FUNCTIONS,
                                         SQL_TIMEDATE_ADD_INTERVALS, SQL_TIMEDATE_DIFF_INTERVALS};
    struct session s;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(masks); i++) {
        SQLUINTEGER mask = 0, proved = 0;
        expect_dbc("S", s.dbc, SQLGetInfo(s.dbc, masks[i], &mask, 0, NULL));
        for (size_t k = 0; k < COUNT_OF(functions); k++)
            proved |= functions[k].type == masks[i] ? functions[k].bit : 0;
        assert_int_equal(mask & ~proved, 0);
    }
    session_close(&s);
}

static void escapes_that_are_not_claimed_say_so(void **state)
{
    static const char *const unknown[] = {"SELECT {fn DIFFERENCE('a', 'b')}",
                                          "SELECT {fn NO_SUCH(1)}",
                                          "SELECT {fn UCASE('a'}",
                                          "SELECT {fn CURTIME()}",
                                          "SELECT {zz 'x'}",
                                          "SELECT {fn UCASE()}",
                                          "SELECT {d 'x"};
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(unknown); i++) {
        if (exec(s.stmt, unknown[i]) != SQL_ERROR)
            fail_msg("%s was run", unknown[i]);
        expect_state(SQL_HANDLE_STMT, s.stmt, "42000");
    }
    expect_usable(s.stmt);
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_claimed_function_works),
        cmocka_unit_test(every_claimed_construct_works),
        cmocka_unit_test(every_claimed_bit_is_proved),
        cmocka_unit_test(escapes_that_are_not_claimed_say_so),
    };

    return harness_main("test_info_claims", NULL, tests, COUNT_OF(tests));
}
