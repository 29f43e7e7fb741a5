/*
 * The exact requests that leave: the text for every escape of ODBC, and the whole `parameters` member for
 * every pair of a C type and an SQL type (or 07006), as the service recorded them.
 *
 * Must not know the translator's table nor the writers: texts are those of the service's dialect, pairs those
 * of Appendix D ("Converting Data from C to SQL Data Types"). Values one by one: test_parameter.c.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#define T "FROM [Types].[Types].[AllTypes]"

/* The member of the body of the only request since the last clearing, as JSON. */
static char *sent_member(struct harness *h, const char *member)
{
    json_object *requests = requests_read(&h->service, false);
    assert_int_equal(json_object_array_length(requests), 1);
    json_object *request = json_object_array_get_idx(requests, 0);
    const char *body = json_object_get_string(json_object_object_get(request, "body"));
    char *key = text_format("\"%s\":", member), *text = NULL;
    const char *from = strstr(body, key);
    if (strcmp(member, "query") == 0) {
        json_object *parsed = json_tokener_parse(body);
        text = strdup(json_object_get_string(json_object_object_get(parsed, member)));
        json_object_put(parsed);
    } else {
        /* As it was sent, up to the end of the body: numbers must not be read as such. */
        text = strdup(from ? from + strlen(key) : "");
        char *end = strstr(text, "}},\"timeout\"");
        if (end)
            end[2] = '\0';
    }
    free(key);
    json_object_put(requests);
    return text;
}

/* ---- escapes ---- */

static const struct {
    const char *given, *sent;
} escapes[] = {
    {"SELECT {d '2024-02-29'}", "SELECT '2024-02-29'"},
    {"SELECT {t '12:34:56.5'}", "SELECT '12:34:56.5'"},
    {"SELECT {ts '2024-02-29 12:34:56.1234567'}", "SELECT '2024-02-29 12:34:56.1234567'"},
    {"SELECT {guid '01234567-890a-bcde-f012-34567890abcd'}", "SELECT '01234567-890a-bcde-f012-34567890abcd'"},
    {"SELECT a.Id FROM {oj [User] a LEFT OUTER JOIN {oj [User] b RIGHT OUTER JOIN [User] c ON b.Id = c.Id} "
     "ON "
     "a.Id = b.Id}",
     "SELECT a.Id FROM [User] a LEFT OUTER JOIN [User] b RIGHT OUTER JOIN [User] c ON b.Id = c.Id ON a.Id = "
     "b.Id"},
    {"SELECT Id " T " WHERE VarcharCol LIKE 'a%' {escape '\\'}",
     "SELECT Id " T " WHERE VarcharCol LIKE 'a%'"},
    {"SELECT \"Id\", \"Var\"\"char\" " T " WHERE 1 = 0", "SELECT [Id], [Var\"char] " T " WHERE 1 = 0"},
    {"SELECT {fn ASCII('a')}", "SELECT ASCII('a')"},
    {"SELECT {fn CHAR(65)}", "SELECT CHAR(65)"},
    {"SELECT {fn CHAR_LENGTH('a')}", "SELECT CHAR_LENGTH('a')"},
    {"SELECT {fn CHARACTER_LENGTH('a')}", "SELECT CHAR_LENGTH('a')"},
    {"SELECT {fn CONCAT('a', 'b')}", "SELECT CONCAT('a', 'b')"},
    {"SELECT {fn INSERT('abc', 1, 2, 'x')}", "SELECT STUFF('abc', 1, 2, 'x')"},
    {"SELECT {fn LCASE('A')}", "SELECT LOWER('A')"},
    {"SELECT {fn LEFT('abc', 2)}", "SELECT LEFT('abc', 2)"},
    {"SELECT {fn LENGTH('a')}", "SELECT LEN('a')"},
    {"SELECT {fn LOCATE('a', 'ba')}", "SELECT LOCATE('a', 'ba')"},
    {"SELECT {fn LOCATE('a', 'ba', 2)}", "SELECT (CHARINDEX('a', 'ba', 2-1)+1)"},
    {"SELECT {fn LTRIM(' a')}", "SELECT LTRIM(' a')"},
    {"SELECT {fn OCTET_LENGTH('a')}", "SELECT OCTET_LENGTH('a')"},
    {"SELECT {fn POSITION('a' IN 'ba')}", "SELECT POSITION('a' IN 'ba')"},
    {"SELECT {fn REPEAT('a', 2)}", "SELECT REPLICATE('a', 2)"},
    {"SELECT {fn REPLACE('a', 'b', 'c')}", "SELECT REPLACE('a', 'b', 'c')"},
    {"SELECT {fn RIGHT('abc', 2)}", "SELECT RIGHT('abc', 2)"},
    {"SELECT {fn RTRIM('a ')}", "SELECT RTRIM('a ')"},
    {"SELECT {fn SOUNDEX('a')}", "SELECT SOUNDEX('a')"},
    {"SELECT {fn SPACE(2)}", "SELECT SPACE(2)"},
    {"SELECT {fn SUBSTRING('abc', 1, 2)}", "SELECT SUBSTRING('abc' FROM 1 FOR 2)"},
    {"SELECT {fn UCASE('a')}", "SELECT UPPER('a')"},
    {"SELECT {fn ABS(1)}", "SELECT ABS(1)"},
    {"SELECT {fn ACOS(1)}", "SELECT ACOS(1)"},
    {"SELECT {fn ASIN(1)}", "SELECT ASIN(1)"},
    {"SELECT {fn ATAN(1)}", "SELECT ATAN(1)"},
    {"SELECT {fn ATAN2(1, 2)}", "SELECT ATN2(1, 2)"},
    {"SELECT {fn CEILING(1)}", "SELECT CEILING(1)"},
    {"SELECT {fn COS(1)}", "SELECT COS(1)"},
    {"SELECT {fn COT(1)}", "SELECT COT(1)"},
    {"SELECT {fn DEGREES(1)}", "SELECT DEGREES(1)"},
    {"SELECT {fn EXP(1)}", "SELECT EXP(1)"},
    {"SELECT {fn FLOOR(1)}", "SELECT FLOOR(1)"},
    {"SELECT {fn LOG(1)}", "SELECT LOG(1)"},
    {"SELECT {fn LOG10(1)}", "SELECT LOG10(1)"},
    {"SELECT {fn MOD(1, 2)}", "SELECT MOD(1, 2)"},
    {"SELECT {fn PI()}", "SELECT PI()"},
    {"SELECT {fn POWER(1, 2)}", "SELECT POWER(1, 2)"},
    {"SELECT {fn RADIANS(1)}", "SELECT RADIANS(1)"},
    {"SELECT {fn RAND()}", "SELECT RAND()"},
    {"SELECT {fn ROUND(1, 2)}", "SELECT ROUND(1, 2)"},
    {"SELECT {fn SIGN(1)}", "SELECT SIGN(1)"},
    {"SELECT {fn SIN(1)}", "SELECT SIN(1)"},
    {"SELECT {fn SQRT(1)}", "SELECT SQRT(1)"},
    {"SELECT {fn TAN(1)}", "SELECT TAN(1)"},
    {"SELECT {fn TRUNCATE(1.5, 0)}", "SELECT TRUNC(1.5, 0)"},
    {"SELECT {fn CURDATE()}", "SELECT CURRENT_DATE()"},
    {"SELECT {fn CURRENT_DATE()}", "SELECT CURRENT_DATE()"},
    {"SELECT {fn CURRENT_TIMESTAMP()}", "SELECT CURRENT_TIMESTAMP()"},
    {"SELECT {fn NOW()}", "SELECT CURRENT_TIMESTAMP()"},
    {"SELECT {fn DAYNAME('2024-02-29')}", "SELECT DATENAME('weekday', '2024-02-29')"},
    {"SELECT {fn DAYOFMONTH('2024-02-29')}", "SELECT DAYOFMONTH('2024-02-29')"},
    {"SELECT {fn DAYOFWEEK('2024-02-29')}", "SELECT DAYOFWEEK('2024-02-29')"},
    {"SELECT {fn DAYOFYEAR('2024-02-29')}", "SELECT DAYOFYEAR('2024-02-29')"},
    {"SELECT {fn EXTRACT(YEAR FROM '2024-02-29')}", "SELECT YEAR('2024-02-29')"},
    {"SELECT {fn EXTRACT(SECOND FROM '2024-02-29')}", "SELECT SECOND('2024-02-29')"},
    {"SELECT {fn HOUR('2024-02-29')}", "SELECT HOUR('2024-02-29')"},
    {"SELECT {fn MINUTE('2024-02-29')}", "SELECT MINUTE('2024-02-29')"},
    {"SELECT {fn MONTH('2024-02-29')}", "SELECT MONTH('2024-02-29')"},
    {"SELECT {fn MONTHNAME('2024-02-29')}", "SELECT DATENAME('month', '2024-02-29')"},
    {"SELECT {fn QUARTER('2024-02-29')}", "SELECT QUARTER('2024-02-29')"},
    {"SELECT {fn SECOND('2024-02-29')}", "SELECT SECOND('2024-02-29')"},
    {"SELECT {fn TIMESTAMPADD(SQL_TSI_DAY, 1, '2024-02-29')}", "SELECT DATEADD('day', 1, '2024-02-29')"},
    {"SELECT {fn TIMESTAMPADD(SQL_TSI_YEAR, 1, {d '2024-02-29'})}",
     "SELECT DATEADD('year', 1, '2024-02-29')"},
    {"SELECT {fn TIMESTAMPDIFF(SQL_TSI_HOUR, '2024-02-29', '2024-03-01')}",
     "SELECT DATEDIFF('hour', '2024-02-29', '2024-03-01')"},
    {"SELECT {fn WEEK('2024-02-29')}", "SELECT WEEK('2024-02-29')"},
    {"SELECT {fn YEAR('2024-02-29')}", "SELECT YEAR('2024-02-29')"},
    {"SELECT {fn CONVERT('1', SQL_INTEGER)}", "SELECT CAST('1' AS INTEGER)"},
    {"SELECT {fn CONVERT(1, SQL_WVARCHAR)}", "SELECT CAST(1 AS VARCHAR)"},
    {"SELECT {fn DATABASE()}", "SELECT 'Types'"},
    {"SELECT {fn USER()}", "SELECT '" HARNESS_USER "'"},
    {"SELECT {fn IFNULL(NULL, 1)}", "SELECT ISNULL(NULL, 1)"},
    {"SELECT {fn UCASE({fn CONCAT({fn LEFT('abc', 1)}, '{fn x(?)}')})}",
     "SELECT UPPER(CONCAT(LEFT('abc', 1), '{fn x(?)}'))"},
    {"SELECT ? AS a, '?' AS b, ? AS c -- ?", "SELECT @p1 AS a, '?' AS b, @p2 AS c -- ?"},
    {"SELECT ? AS a, '@p' AS b", "SELECT @p_1 AS a, '@p' AS b"},
};

static void every_escape_is_sent_in_the_services_dialect(void **state)
{
    struct harness *h = *state;
    struct session s;
    SQLINTEGER value = 7;
    int bad = 0;

    session_open(h, &s, "DefaultCatalog=Types;");
    for (SQLUSMALLINT n = 1; n <= 2; n++)
        expect_stmt(
            "S", s.stmt,
            SQLBindParameter(s.stmt, n, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &value, 0, NULL));
    for (size_t i = 0; i < COUNT_OF(escapes); i++) {
        requests_clear(&h->service);
        exec(s.stmt, escapes[i].given); /* what the service makes of it: test_info_claims.c */
        char *sent = sent_member(h, "query");
        if (strcmp(sent, escapes[i].sent) != 0) {
            print_error("%s\nwas sent as %s\n", escapes[i].given, sent);
            bad++;
        }
        free(sent);
        SQLFreeStmt(s.stmt, SQL_CLOSE);
    }
    assert_int_equal(bad, 0);
    session_close(&s);
}

/* With SQL_NOSCAN_ON braces are the service's affair; markers and quotes stay the driver's. */
static void noscan_sends_braces_as_they_are(void **state)
{
    struct harness *h = *state;
    struct session s;
    SQLINTEGER value = 7;

    session_open(h, &s, NULL);
    expect_stmt(
        "S", s.stmt,
        SQLSetStmtAttr(s.stmt, SQL_ATTR_NOSCAN, (SQLPOINTER)(uintptr_t)SQL_NOSCAN_ON, SQL_IS_UINTEGER));
    expect_stmt(
        "S", s.stmt,
        SQLBindParameter(s.stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &value, 0, NULL));
    requests_clear(&h->service);
    expect_stmt("E", s.stmt, exec(s.stmt, "SELECT {fn NOW()}, ?, \"Id\" " T));
    char *sent = sent_member(h, "query");
    expect_text(sent, "SELECT {fn NOW()}, @p1, [Id] " T);
    free(sent);
    session_close(&s);
}

/* ---- pairs of types ---- */

enum class { TEXT, WHOLE, FLOATING, EXACT, BOOLEAN, OCTETS, DATE, TIME, TIMESTAMP, UUID, CLASSES };

static const struct {
    SQLSMALLINT type;
    enum class class;
    int code; /* of the service */
    SQLULEN size;
    SQLSMALLINT digits;
} sql_types[] = {
    {SQL_CHAR, TEXT, 5, 60, 0},           {SQL_VARCHAR, TEXT, 5, 60, 0},
    {SQL_LONGVARCHAR, TEXT, 5, 0, 0},     {SQL_WCHAR, TEXT, 5, 60, 0},
    {SQL_WVARCHAR, TEXT, 5, 60, 0},       {SQL_WLONGVARCHAR, TEXT, 5, 0, 0},
    {SQL_TINYINT, WHOLE, 6, 3, 0},        {SQL_SMALLINT, WHOLE, 7, 5, 0},
    {SQL_INTEGER, WHOLE, 8, 10, 0},       {SQL_BIGINT, WHOLE, 9, 19, 0},
    {SQL_REAL, FLOATING, 10, 7, 0},       {SQL_FLOAT, FLOATING, 10, 15, 0},
    {SQL_DOUBLE, FLOATING, 11, 15, 0},    {SQL_DECIMAL, EXACT, 12, 18, 4},
    {SQL_NUMERIC, EXACT, 13, 38, 10},     {SQL_BIT, BOOLEAN, 14, 1, 0},
    {SQL_BINARY, OCTETS, 1, 60, 0},       {SQL_VARBINARY, OCTETS, 1, 60, 0},
    {SQL_LONGVARBINARY, OCTETS, 1, 0, 0}, {SQL_TYPE_DATE, DATE, 15, 10, 0},
    {SQL_TYPE_TIME, TIME, 16, 8, 0},      {SQL_TYPE_TIMESTAMP, TIMESTAMP, 17, 26, 6},
    {SQL_GUID, UUID, 18, 36, 0},          {SQL_DATE, DATE, 15, 10, 0},
    {SQL_TIME, TIME, 16, 8, 0},           {SQL_TIMESTAMP, TIMESTAMP, 17, 26, 6},
};

static const SQLSCHAR one8 = 1;
static const SQLSMALLINT one16 = 1;
static const SQLINTEGER one32 = 1;
static const SQLBIGINT one64 = 1;
static const SQLREAL one_real = 1;
static const SQLDOUBLE one_double = 1;
static const SQLWCHAR wide_one[] = {'1', '0', 0};
static const SQL_NUMERIC_STRUCT one_numeric = {38, 0, 1, {1}};
static const SQL_DATE_STRUCT day = {2024, 2, 29};
static const SQL_TIME_STRUCT clock_time = {12, 34, 56};
static const SQL_TIMESTAMP_STRUCT midnight = {2024, 2, 29, 0, 0, 0, 0};
static const SQLGUID guid = {0x01234567, 0x890a, 0xbcde, {0xf0, 0x12, 0x34, 0x56, 0x78, 0x90, 0xab, 0xcd}};
static const SQL_INTERVAL_STRUCT days = {SQL_IS_DAY, SQL_FALSE, .intval.day_second = {.day = 1}};
static const SQL_INTERVAL_STRUCT span = {SQL_IS_DAY_TO_SECOND, SQL_TRUE,
                                         .intval.day_second = {1, 2, 3, 4, 500000}};
static const SQL_INTERVAL_STRUCT months = {SQL_IS_YEAR_TO_MONTH, SQL_FALSE, .intval.year_month = {1, 2}};

/* The number 1 in a numeric C type. */
#define ONE                                                                                  \
    {                                                                                        \
        [TEXT] = "\"1\"", [WHOLE] = "1", [FLOATING] = "1", [EXACT] = "1", [BOOLEAN] = "true" \
    }
#define A_DATE                                                \
    {                                                         \
        [TEXT] = "\"2024-02-29\"", [DATE] = "\"2024-02-29\"", \
        [TIMESTAMP] = "\"2024-02-29T00:00:00.0000000Z\""      \
    }
/* A timestamp made of a time has today's date, which is left out here. */
#define A_TIME                                                                                          \
    {                                                                                                   \
        [TEXT] = "\"12:34:56\"", [TIME] = "\"12:34:56.0000000\"", [TIMESTAMP] = "*T12:34:56.0000000Z\"" \
    }
#define A_MIDNIGHT                                                                                      \
    {                                                                                                   \
        [TEXT] = "\"2024-02-29 00:00:00\"", [DATE] = "\"2024-02-29\"", [TIME] = "\"00:00:00.0000000\"", \
        [TIMESTAMP] = "\"2024-02-29T00:00:00.0000000Z\""                                                \
    }
/* Text that is a number and no date. */
#define TEN                                                                                                \
    {                                                                                                      \
        [TEXT] = "\"10\"", [WHOLE] = "10", [FLOATING] = "10", [EXACT] = "10", [BOOLEAN] = "22003",         \
        [OCTETS] = "\"EA==\"", [DATE] = "22018", [TIME] = "22018", [TIMESTAMP] = "22018", [UUID] = "22018" \
    }

/* What a C type becomes: the JSON value, or a state; NULL: 07006. */
static const struct {
    SQLSMALLINT type;
    const void *data;
    const char *sent[CLASSES];
} c_types[] = {
    {SQL_C_CHAR, "10", TEN},
    {SQL_C_WCHAR, wide_one, TEN},
    {SQL_C_BIT, &one8, ONE},
    {SQL_C_TINYINT, &one8, ONE},
    {SQL_C_STINYINT, &one8, ONE},
    {SQL_C_UTINYINT, &one8, ONE},
    {SQL_C_SHORT, &one16, ONE},
    {SQL_C_SSHORT, &one16, ONE},
    {SQL_C_USHORT, &one16, ONE},
    {SQL_C_LONG, &one32, ONE},
    {SQL_C_SLONG, &one32, ONE},
    {SQL_C_ULONG, &one32, ONE},
    {SQL_C_SBIGINT, &one64, ONE},
    {SQL_C_UBIGINT, &one64, ONE},
    {SQL_C_FLOAT, &one_real, ONE},
    {SQL_C_DOUBLE, &one_double, ONE},
    {SQL_C_NUMERIC, &one_numeric, ONE},
    {SQL_C_TYPE_DATE, &day, A_DATE},
    {SQL_C_DATE, &day, A_DATE},
    {SQL_C_TYPE_TIME, &clock_time, A_TIME},
    {SQL_C_TIME, &clock_time, A_TIME},
    {SQL_C_TYPE_TIMESTAMP, &midnight, A_MIDNIGHT},
    {SQL_C_TIMESTAMP, &midnight, A_MIDNIGHT},
    {SQL_C_GUID,
     &guid,
     {[TEXT] = "\"01234567-890a-bcde-f012-34567890abcd\"",
      [UUID] = "\"{01234567-890a-bcde-f012-34567890abcd}\""}},
    {SQL_C_INTERVAL_DAY, &days, {[TEXT] = "\"1\"", [WHOLE] = "1", [EXACT] = "1"}},
    {SQL_C_INTERVAL_DAY_TO_SECOND, &span, {[TEXT] = "\"-1 02:03:04.5\""}},
    {SQL_C_INTERVAL_YEAR_TO_MONTH, &months, {[TEXT] = "\"1-02\""}},
};

/* Whether what came of the pair is what is wanted; `sent` is the member or the state. */
static bool is_wanted(const char *wanted, int code, const char *sent)
{
    if (!wanted)
        return strcmp(sent, "07006") == 0;
    if (wanted[0] == '2' && strlen(wanted) == 5)
        return strcmp(sent, wanted) == 0;
    if (wanted[0] == '*') {
        const char *tail = strstr(sent, wanted + 1);
        return tail && strcmp(tail + strlen(wanted + 1), "}}") == 0;
    }
    char *whole = text_format("{\"@p1\":{\"dataType\":%d,\"value\":%s}}", code, wanted);
    bool same = strcmp(sent, whole) == 0;
    free(whole);
    return same;
}

static void every_pair_of_types_is_sent_or_refused(void **state)
{
    struct harness *h = *state;
    struct session s;
    int bad = 0;

    session_open(h, &s, NULL);
    for (size_t c = 0; c < COUNT_OF(c_types); c++)
        for (size_t i = 0; i < COUNT_OF(sql_types); i++) {
            char *sent, found[6] = "";
            const char *wanted = c_types[c].sent[sql_types[i].class];
            requests_clear(&h->service);
            expect_stmt("S", s.stmt,
                        SQLBindParameter(s.stmt, 1, SQL_PARAM_INPUT, c_types[c].type, sql_types[i].type,
                                         sql_types[i].size, sql_types[i].digits,
                                         (SQLPOINTER)(uintptr_t)c_types[c].data, 0, NULL));
            if (exec(s.stmt, "SELECT ? AS V") == SQL_ERROR) {
                diagnostic(SQL_HANDLE_STMT, s.stmt, 1, found, NULL, NULL);
                assert_int_equal(requests_count(&h->service, NULL, NULL, NULL), 0);
            }
            sent = *found ? strdup(found) : sent_member(h, "parameters");
            if (!is_wanted(wanted, sql_types[i].code, sent)) {
                print_error("C type %d to SQL type %d: %s, not %s\n", c_types[c].type, sql_types[i].type,
                            sent, wanted ? wanted : "07006");
                bad++;
            }
            free(sent);
            SQLFreeStmt(s.stmt, SQL_CLOSE);
        }
    assert_int_equal(bad, 0);
    session_close(&s);
}

/* SQL_C_BINARY is the value as the type's own C type holds it. */
static void octets_are_sent_as_what_they_hold(void **state)
{
    static const unsigned char four[] = {1, 0, 0, 0};
    static const struct {
        SQLSMALLINT type;
        const void *data;
        SQLLEN octets;
        const char *sent;
    } cases[] = {
        {SQL_VARCHAR, "10", 2, "{\"@p1\":{\"dataType\":5,\"value\":\"10\"}}"},
        {SQL_TINYINT, &one8, 1, "{\"@p1\":{\"dataType\":6,\"value\":1}}"},
        {SQL_SMALLINT, &one16, 2, "{\"@p1\":{\"dataType\":7,\"value\":1}}"},
        {SQL_INTEGER, four, 4, "{\"@p1\":{\"dataType\":8,\"value\":1}}"},
        {SQL_BIGINT, &one64, 8, "{\"@p1\":{\"dataType\":9,\"value\":1}}"},
        {SQL_REAL, &one_real, 4, "{\"@p1\":{\"dataType\":10,\"value\":1}}"},
        {SQL_DOUBLE, &one_double, 8, "{\"@p1\":{\"dataType\":11,\"value\":1}}"},
        {SQL_DECIMAL, "10", 2, "{\"@p1\":{\"dataType\":12,\"value\":10}}"},
        {SQL_BIT, &one8, 1, "{\"@p1\":{\"dataType\":14,\"value\":true}}"},
        {SQL_VARBINARY, four, 4, "{\"@p1\":{\"dataType\":1,\"value\":\"AQAAAA==\"}}"},
        {SQL_TYPE_DATE, &day, sizeof day, "{\"@p1\":{\"dataType\":15,\"value\":\"2024-02-29\"}}"},
        {SQL_TYPE_TIME, &clock_time, sizeof clock_time,
         "{\"@p1\":{\"dataType\":16,\"value\":\"12:34:56.0000000\"}}"},
        {SQL_TYPE_TIMESTAMP, &midnight, sizeof midnight,
         "{\"@p1\":{\"dataType\":17,\"value\":\"2024-02-29T00:00:00.0000000Z\"}}"},
        {SQL_INTEGER, four, 3, "22003"},
        {SQL_TYPE_DATE, four, 4, "22003"},
        {SQL_GUID, &guid, sizeof guid, "07006"},
    };
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char found[6] = "";
        SQLLEN length = cases[i].octets;
        requests_clear(&h->service);
        expect_stmt("S", s.stmt,
                    SQLBindParameter(s.stmt, 1, SQL_PARAM_INPUT, SQL_C_BINARY, cases[i].type, 60, 0,
                                     (SQLPOINTER)(uintptr_t)cases[i].data, 0, &length));
        if (exec(s.stmt, "SELECT ? AS V") == SQL_ERROR)
            diagnostic(SQL_HANDLE_STMT, s.stmt, 1, found, NULL, NULL);
        char *sent = *found ? strdup(found) : sent_member(h, "parameters");
        expect_text(sent, cases[i].sent);
        free(sent);
        SQLFreeStmt(s.stmt, SQL_CLOSE);
    }
    session_close(&s);
}

/* Nothing else is in a request than what was asked for. */
static void a_request_holds_no_more_than_it_must(void **state)
{
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, "Workspace=Sales;DefaultCatalog=Sales;DefaultSchema=Customers;Timeout=17;");
    requests_clear(&h->service);
    exec(s.stmt, "SELECT 1");
    json_object *requests = requests_read(&h->service, false);
    json_object *request = json_object_array_get_idx(requests, 0);
    expect_text(json_object_get_string(json_object_object_get(request, "path")), "/api/query");
    expect_text(json_object_to_json_string_ext(json_object_object_get(request, "query"), 0),
                "{\"workspace\":\"Sales\"}");
    expect_text(json_object_get_string(json_object_object_get(request, "body")),
                "{\"query\":\"SELECT 1\",\"defaultCatalog\":\"Sales\",\"defaultSchema\":\"Customers\","
                "\"timeout\":17}");
    json_object_put(requests);
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_escape_is_sent_in_the_services_dialect),
        cmocka_unit_test(noscan_sends_braces_as_they_are),
        cmocka_unit_test(every_pair_of_types_is_sent_or_refused),
        cmocka_unit_test(octets_are_sent_as_what_they_hold),
        cmocka_unit_test(a_request_holds_no_more_than_it_must),
    };

    return harness_main("test_request", NULL, tests, COUNT_OF(tests));
}
