/*
 * Parameters: what every pair of C and SQL type becomes in the request, NULL, data at execution in parts,
 * what is refused and why, what SQLDescribeParam says.
 *
 * Must not know the driver's writers: the form of values is that of the service's documentation, the states
 * those of Appendix D (C to SQL). Arrays: test_array.c; procedures: test_procedure.c.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#define ARG(text) (SQLCHAR *)(uintptr_t)(text), SQL_NTS

/* The text of the parameters member of the newest request: {"@p1":{"dataType":8,"value":5}} without blanks.
 */
static char *sent_parameters(struct harness *h)
{
    json_object *requests = requests_read(&h->service, false);
    size_t count = json_object_array_length(requests);
    assert_true(count > 0);
    json_object *request = json_object_array_get_idx(requests, count - 1);
    char *body = strdup(json_object_get_string(json_object_object_get(request, "body")));
    char *from = strstr(body, "\"parameters\":");
    char *text = strdup(from ? from + 13 : "");

    free(body);
    json_object_put(requests);
    return text;
}

#if HARNESS_IODBC
#define SMILE 0x1F642
#else
#define SMILE 0xD83D, 0xDE42
#endif
static const SQLWCHAR wide_text[] = {'g', 'r', 0xFC, 'n', SMILE, 0};
static const SQLWCHAR wide_number[] = {'-', '1', '2', '.', '5', 0};
static const SQLSCHAR tiny = -128;
static const SQLCHAR utiny = 255, bit = 1;
static const SQLSMALLINT small = -32768;
static const SQLUSMALLINT usmall = 65535;
static const SQLINTEGER integer = -2147483647 - 1;
static const SQLUINTEGER uinteger = 4294967295U;
static const SQLBIGINT big = INT64_MIN;
static const SQLUBIGINT ubig = UINT64_MAX;
static const SQLDOUBLE number = 0.1, huge_number = 1.7976931348623157e308;
static const SQLREAL real = 0.5F;
static const DATE_STRUCT date = {2024, 2, 29};
static const TIME_STRUCT clock_time = {23, 59, 58};
static const TIMESTAMP_STRUCT stamp = {2024, 2, 29, 12, 34, 56, 123456700},
                              midnight = {2024, 2, 29, 0, 0, 0, 0};
static const SQLGUID guid = {0x01234567, 0x890a, 0xbcde, {0xf0, 0x12, 0x34, 0x56, 0x78, 0x90, 0xab, 0xcd}};
static const SQL_NUMERIC_STRUCT decimal = {5, 2, 1, {0x39, 0x30}}; /* 123.45 */
static const unsigned char octets[] = {0x00, 0x01, 0xFE, 0xFF};

static const struct pair {
    SQLSMALLINT c_type, sql_type;
    SQLULEN size;
    SQLSMALLINT digits;
    const void *data;
    SQLLEN length;
    int code;          /* of the service */
    const char *value; /* JSON; a state where code is 0 */
} pairs[] = {
    {SQL_C_CHAR, SQL_VARCHAR, 50, 0, "it's \"q\"\n", SQL_NTS, 5, "\"it's \\\"q\\\"\\n\""},
    {SQL_C_CHAR, SQL_VARCHAR, 50, 0, "abcdef", 3, 5, "\"abc\""},
    {SQL_C_CHAR, SQL_VARCHAR, 50, 0, "", 0, 5, "\"\""},
    {SQL_C_CHAR, SQL_WVARCHAR, 50, 0, "gr\xC3\xBCn \xF0\x9F\x99\x82", SQL_NTS, 5, "\"grün 🙂\""},
    {SQL_C_CHAR, SQL_LONGVARCHAR, 0, 0, "long", SQL_NTS, 5, "\"long\""},
    {SQL_C_CHAR, SQL_CHAR, 10, 0, "fixed", SQL_NTS, 5, "\"fixed\""},
    {SQL_C_WCHAR, SQL_WVARCHAR, 50, 0, wide_text, SQL_NTS, 5, "\"grün🙂\""},
    {SQL_C_WCHAR, SQL_WVARCHAR, 50, 0, wide_text, 3 * sizeof(SQLWCHAR), 5, "\"grü\""},
    {SQL_C_WCHAR, SQL_VARCHAR, 50, 0, wide_text, SQL_NTS, 5, "\"grün🙂\""},
    {SQL_C_WCHAR, SQL_DECIMAL, 10, 2, wide_number, SQL_NTS, 12, "-12.5"},
    {SQL_C_CHAR, SQL_INTEGER, 0, 0, " 42 ", SQL_NTS, 8, "42"},
    {SQL_C_CHAR, SQL_BIGINT, 0, 0, "9223372036854775807", SQL_NTS, 9, "9223372036854775807"},
    {SQL_C_CHAR, SQL_NUMERIC, 38, 0, "12345678901234567890123456789012345678", SQL_NTS, 13,
     "12345678901234567890123456789012345678"},
    {SQL_C_CHAR, SQL_DOUBLE, 0, 0, "1.5e10", SQL_NTS, 11, NULL},
    {SQL_C_CHAR, SQL_BIT, 0, 0, "1", SQL_NTS, 14, "true"},
    {SQL_C_CHAR, SQL_TYPE_DATE, 10, 0, "2024-02-29", SQL_NTS, 15, "\"2024-02-29\""},
    {SQL_C_CHAR, SQL_TYPE_TIME, 16, 7, "13:14:15", SQL_NTS, 16, NULL},
    {SQL_C_CHAR, SQL_TYPE_TIMESTAMP, 27, 7, "2024-02-29 13:14:15.5", SQL_NTS, 17, NULL},
    {SQL_C_CHAR, SQL_GUID, 36, 0, "01234567-890a-bcde-f012-34567890abcd", SQL_NTS, 18,
     "\"{01234567-890a-bcde-f012-34567890abcd}\""},
    {SQL_C_CHAR, SQL_VARBINARY, 10, 0, "0001FEFF", SQL_NTS, 1, "\"AAH+/w==\""},
    {SQL_C_BINARY, SQL_VARBINARY, 10, 0, octets, 4, 1, "\"AAH+/w==\""},
    {SQL_C_BINARY, SQL_LONGVARBINARY, 0, 0, octets, 3, 1, "\"AAH+\""},
    {SQL_C_BINARY, SQL_VARBINARY, 10, 0, octets, 0, 1, "\"\""},
    {SQL_C_STINYINT, SQL_TINYINT, 0, 0, &tiny, 0, 6, "-128"},
    {SQL_C_UTINYINT, SQL_SMALLINT, 0, 0, &utiny, 0, 7, "255"},
    {SQL_C_SSHORT, SQL_SMALLINT, 0, 0, &small, 0, 7, "-32768"},
    {SQL_C_USHORT, SQL_INTEGER, 0, 0, &usmall, 0, 8, "65535"},
    {SQL_C_SLONG, SQL_INTEGER, 0, 0, &integer, 0, 8, "-2147483648"},
    {SQL_C_LONG, SQL_INTEGER, 0, 0, &integer, 0, 8, "-2147483648"},
    {SQL_C_ULONG, SQL_BIGINT, 0, 0, &uinteger, 0, 9, "4294967295"},
    {SQL_C_SBIGINT, SQL_BIGINT, 0, 0, &big, 0, 9, "-9223372036854775808"},
    {SQL_C_UBIGINT, SQL_NUMERIC, 20, 0, &ubig, 0, 13, "18446744073709551615"},
    {SQL_C_DOUBLE, SQL_DOUBLE, 0, 0, &number, 0, 11, "0.1"},
    {SQL_C_DOUBLE, SQL_FLOAT, 0, 0, &huge_number, 0, 10, NULL},
    {SQL_C_FLOAT, SQL_REAL, 0, 0, &real, 0, 10, "0.5"},
    {SQL_C_BIT, SQL_BIT, 0, 0, &bit, 0, 14, "true"},
    {SQL_C_SLONG, SQL_VARCHAR, 20, 0, &integer, 0, 5, "\"-2147483648\""},
    {SQL_C_NUMERIC, SQL_NUMERIC, 5, 2, &decimal, 0, 13, NULL},
    {SQL_C_TYPE_DATE, SQL_TYPE_DATE, 10, 0, &date, 0, 15, "\"2024-02-29\""},
    {SQL_C_TYPE_TIME, SQL_TYPE_TIME, 8, 0, &clock_time, 0, 16, NULL},
    {SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, 27, 7, &stamp, 0, 17, "\"2024-02-29T12:34:56.1234567Z\""},
    {SQL_C_TIMESTAMP, SQL_TIMESTAMP, 27, 7, &stamp, 0, 17, "\"2024-02-29T12:34:56.1234567Z\""},
    {SQL_C_TYPE_TIMESTAMP, SQL_TYPE_DATE, 10, 0, &midnight, 0, 15, "\"2024-02-29\""},
    {SQL_C_TYPE_DATE, SQL_VARCHAR, 20, 0, &date, 0, 5, "\"2024-02-29\""},
    {SQL_C_GUID, SQL_GUID, 0, 0, &guid, 0, 18, "\"{01234567-890a-bcde-f012-34567890abcd}\""},
    {SQL_C_DEFAULT, SQL_INTEGER, 0, 0, &integer, 0, 8, "-2147483648"},
    {SQL_C_DEFAULT, SQL_TYPE_TIMESTAMP, 27, 7, &stamp, 0, 17, "\"2024-02-29T12:34:56.1234567Z\""},
    {SQL_C_CHAR, SQL_VARCHAR, 50, 0, "x", SQL_NULL_DATA, 5, "null"},
    {SQL_C_SLONG, SQL_INTEGER, 0, 0, &integer, SQL_NULL_DATA, 8, "null"},
    {SQL_C_TYPE_DATE, SQL_TYPE_DATE, 10, 0, NULL, SQL_NULL_DATA, 15, "null"},
    /* refused */
    {SQL_C_CHAR, SQL_INTEGER, 0, 0, "abc", SQL_NTS, 0, "22018"},
    {SQL_C_CHAR, SQL_INTEGER, 0, 0, "12.5", SQL_NTS, 0, "22001"},
    {SQL_C_CHAR, SQL_SMALLINT, 0, 0, "70000", SQL_NTS, 0, "22001"},
    {SQL_C_CHAR, SQL_DOUBLE, 0, 0, "1e999", SQL_NTS, 0, "22003"},
    {SQL_C_CHAR, SQL_TYPE_DATE, 10, 0, "soon", SQL_NTS, 0, "22018"},
    {SQL_C_CHAR, SQL_TYPE_DATE, 10, 0, "2024-02-29 10:00:00", SQL_NTS, 0, "22008"},
    {SQL_C_CHAR, SQL_VARCHAR, 3, 0, "abcd", SQL_NTS, 0, "22001"},
    {SQL_C_BINARY, SQL_VARBINARY, 3, 0, octets, 4, 0, "22001"},
    {SQL_C_SLONG, SQL_TINYINT, 0, 0, &integer, 0, 0, "22003"},
    {SQL_C_UBIGINT, SQL_BIGINT, 0, 0, &ubig, 0, 0, "22003"},
    {SQL_C_TYPE_TIMESTAMP, SQL_TYPE_DATE, 10, 0, &stamp, 0, 0, "22008"},
    {SQL_C_CHAR, SQL_VARCHAR, 50, 0, "x", -9, 0, "HY090"},
};

static bool sent_as_expected(const struct pair *p, const char *sent)
{
    char *member = p->value ? text_format("\"dataType\":%d,\"value\":%s}", p->code, p->value)
                            : text_format("\"dataType\":%d,\"value\":", p->code);
    bool same = strstr(sent, member) != NULL;

    free(member);
    return same;
}

static void every_pair_of_types_is_sent_in_the_services_form(void **state)
{
    struct harness *h = *state;
    struct session s;
    int bad = 0;

    session_open(h, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        const struct pair *p = &pairs[i];
        SQLLEN length = p->length;
        char found[6] = "";
        requests_clear(&h->service);
        expect_stmt("S", s.stmt,
                    SQLBindParameter(s.stmt, 1, SQL_PARAM_INPUT, p->c_type, p->sql_type, p->size, p->digits,
                                     (SQLPOINTER)(uintptr_t)p->data, 0, &length));
        SQLRETURN rc = exec(s.stmt, "SELECT ? AS V");
        if (rc != SQL_SUCCESS)
            diagnostic(SQL_HANDLE_STMT, s.stmt, 1, found, NULL, NULL);
        char *sent = rc == SQL_SUCCESS ? sent_parameters(h) : strdup(found);
        if (p->code ? rc != SQL_SUCCESS || !sent_as_expected(p, sent)
                    : rc != SQL_ERROR || strcmp(found, p->value) != 0) {
            char *why = diagnostics(SQL_HANDLE_STMT, s.stmt);
            print_error("pair %zu, C %d to SQL %d: %c %s, not %d %s\n%s", i, p->c_type, p->sql_type,
                        return_letter(rc), sent, p->code, p->value ? p->value : "", why);
            free(why);
            bad++;
        }
        if (!p->code)
            assert_int_equal(requests_count(&h->service, NULL, NULL, NULL), 0);
        free(sent);
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_RESET_PARAMS));
    }
    assert_int_equal(bad, 0);
    session_close(&s);
}

static const char *const unchanging[] = {"BooleanCol", "DateCol",   "TimestampCol", "UuidCol",
                                         "DecimalCol", "BigintCol", "VarcharCol",   "BinaryCol"};

/* A parameter takes part in a comparison and finds the row its value came from. */
static void a_value_read_as_text_finds_its_row_again(void **state)
{
    struct session s;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(unchanging); i++) {
        SQLSMALLINT type, digits;
        SQLULEN size;
        char *sql = text_format("SELECT %s FROM [Types].[Types].[AllTypes] WHERE Id = 6", unchanging[i]);
        expect_stmt("S", s.stmt, exec(s.stmt, sql));
        free(sql);
        expect_stmt("S", s.stmt, SQLDescribeCol(s.stmt, 1, NULL, 0, NULL, &type, &size, &digits, NULL));
        expect_stmt("S", s.stmt, SQLFetch(s.stmt));
        char *value = cell_text(s.stmt, 1);
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        SQLLEN length = SQL_NTS;
        expect_stmt(
            "S", s.stmt,
            SQLBindParameter(s.stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, type, size, digits, value, 0, &length));
        sql = text_format("SELECT COUNT(*) FROM [Types].[Types].[AllTypes] WHERE Id = 6 AND %s = ?",
                          unchanging[i]);
        expect_rows(s.stmt, sql, "1\n");
        free(sql);
        free(value);
    }
    session_close(&s);
}

static void a_prepared_statement_reads_its_values_at_each_execution(void **state)
{
    struct session s;
    SQLINTEGER id = 0;
    char name[20] = "";
    SQLLEN length = SQL_NTS;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, SQLPrepare(s.stmt, ARG("SELECT ? + 1 AS N, ? AS T")));
    expect_stmt("S", s.stmt,
                SQLBindParameter(s.stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &id, 0, NULL));
    expect_stmt("S", s.stmt,
                SQLBindParameter(s.stmt, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, name,
                                 sizeof name, &length));
    for (id = 1; id <= 20; id++) {
        snprintf(name, sizeof name, "name %d", (int)id);
        expect_stmt("S", s.stmt, SQLExecute(s.stmt));
        expect_stmt("S", s.stmt, SQLFetch(s.stmt));
        char *row = row_text(s.stmt), *expected = text_format("%d|name %d", (int)id + 1, (int)id);
        expect_text(row, expected);
        free(row);
        free(expected);
        expect_stmt("S", s.stmt, SQLCloseCursor(s.stmt));
    }
    session_close(&s);
}

static void too_few_parameters_are_07002(void **state)
{
    struct harness *h = *state;
    struct session s;
    SQLINTEGER id = 1;
    SQLSMALLINT count;

    session_open(h, &s, NULL);
    expect_stmt("S", s.stmt, SQLPrepare(s.stmt, ARG("SELECT ? AS A, '?' AS B, ? AS C /* ? */ -- ?")));
    expect_stmt("S", s.stmt, SQLNumParams(s.stmt, &count));
    assert_int_equal(count, 2);
    requests_clear(&h->service);
    expect_stmt("E", s.stmt, SQLExecute(s.stmt));
    expect_state(SQL_HANDLE_STMT, s.stmt, "07002");
    expect_stmt("S", s.stmt,
                SQLBindParameter(s.stmt, 2, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &id, 0, NULL));
    expect_stmt("E", s.stmt, SQLExecute(s.stmt));
    expect_state(SQL_HANDLE_STMT, s.stmt, "07002");
    assert_int_equal(requests_count(&h->service, NULL, NULL, NULL), 0);
    expect_stmt("S", s.stmt,
                SQLBindParameter(s.stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &id, 0, NULL));
    /* One too many is no error. */
    expect_stmt("S", s.stmt,
                SQLBindParameter(s.stmt, 3, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &id, 0, NULL));
    expect_stmt("S", s.stmt, SQLExecute(s.stmt));
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_RESET_PARAMS));
    expect_stmt("E", s.stmt, SQLExecute(s.stmt));
    expect_state(SQL_HANDLE_STMT, s.stmt, "07002");
    session_close(&s);
}

static void what_cannot_be_bound_says_why(void **state)
{
    static const struct {
        SQLUSMALLINT number;
        SQLSMALLINT direction, c_type, sql_type;
        SQLULEN size;
        SQLLEN capacity;
        const char *state;
    } cases[] = {
        {0, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 10, 10, "07009"},
        {1, 77, SQL_C_CHAR, SQL_VARCHAR, 10, 10, "HY105"},
        {1, SQL_PARAM_INPUT, 9999, SQL_VARCHAR, 10, 10, "HY003"},
        {1, SQL_PARAM_INPUT, SQL_C_CHAR, 9999, 10, 10, "HY004"},
        {1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 10, -1, "HY090"},
    };
    /* These may be refused when they are bound or when they are executed. */
    static const SQLSMALLINT no_pairs[][2] = {{SQL_C_TYPE_DATE, SQL_INTEGER},
                                              {SQL_C_GUID, SQL_TYPE_DATE},
                                              {SQL_C_SLONG, SQL_TYPE_DATE},
                                              {SQL_C_TYPE_TIME, SQL_TYPE_DATE},
                                              {SQL_C_DOUBLE, SQL_GUID}};
    struct session s;
    char data[20];
    SQLLEN length = 0;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        expect_stmt("E", s.stmt,
                    SQLBindParameter(s.stmt, cases[i].number, cases[i].direction, cases[i].c_type,
                                     cases[i].sql_type, cases[i].size, 0, data, cases[i].capacity, &length));
        expect_state(SQL_HANDLE_STMT, s.stmt, cases[i].state);
    }
    for (size_t i = 0; i < COUNT_OF(no_pairs); i++) {
        SQLRETURN rc = SQLBindParameter(s.stmt, 1, SQL_PARAM_INPUT, no_pairs[i][0], no_pairs[i][1], 10, 0,
                                        data, sizeof data, &length);
        if (rc == SQL_SUCCESS)
            rc = exec(s.stmt, "SELECT ? AS V");
        expect_stmt("E", s.stmt, rc);
        expect_state(SQL_HANDLE_STMT, s.stmt, "07006");
    }
    expect_stmt("E", s.stmt,
                SQLBindParameter(s.stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 10, 0, NULL, 0, NULL));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY009");
    session_close(&s);
}

/* Gives one parameter's data in pieces of `piece` octets. */
static void put_in_pieces(SQLHSTMT stmt, const void *data, size_t octets_count, size_t piece)
{
    for (size_t at = 0; at < octets_count; at += piece) {
        size_t count = octets_count - at < piece ? octets_count - at : piece;
        expect_stmt("S", stmt,
                    SQLPutData(stmt, (SQLPOINTER)(uintptr_t)((const char *)data + at), (SQLLEN)count));
    }
}

static void data_at_execution_comes_in_pieces(void **state)
{
    static const char text[] = "a text of many pieces: ä, 中文, 🙂 and the end";
    static const size_t pieces[] = {1, 2, 3, 7, 1000};
    struct harness *h = *state;
    struct session s;
    SQLLEN at_exec = SQL_LEN_DATA_AT_EXEC(100), plain = SQL_DATA_AT_EXEC;
    SQLINTEGER number_value = 17;
    SQLPOINTER token;
    SQLWCHAR *wide = wide_from(text);

    session_open(h, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        expect_stmt("S", s.stmt,
                    SQLBindParameter(s.stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_LONGVARCHAR, 0, 0,
                                     (SQLPOINTER)1, 0, &at_exec));
        expect_stmt("S", s.stmt,
                    SQLBindParameter(s.stmt, 2, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0,
                                     &number_value, 0, NULL));
        expect_stmt("S", s.stmt,
                    SQLBindParameter(s.stmt, 3, SQL_PARAM_INPUT, SQL_C_WCHAR, SQL_WLONGVARCHAR, 0, 0,
                                     (SQLPOINTER)3, 0, &plain));
        expect_stmt("S", s.stmt,
                    SQLBindParameter(s.stmt, 4, SQL_PARAM_INPUT, SQL_C_BINARY, SQL_LONGVARBINARY, 0, 0,
                                     (SQLPOINTER)4, 0, &at_exec));
        expect_stmt("D", s.stmt, exec(s.stmt, "SELECT ? AS A, ? AS B, ? AS C, ? AS D"));
        expect_stmt("D", s.stmt, SQLParamData(s.stmt, &token));
        assert_ptr_equal(token, (SQLPOINTER)1);
        put_in_pieces(s.stmt, text, sizeof text - 1, pieces[i]);
        expect_stmt("D", s.stmt, SQLParamData(s.stmt, &token));
        assert_ptr_equal(token, (SQLPOINTER)3);
        put_in_pieces(s.stmt, wide, wide_length(wide) * sizeof *wide, pieces[i] * sizeof *wide);
        expect_stmt("D", s.stmt, SQLParamData(s.stmt, &token));
        assert_ptr_equal(token, (SQLPOINTER)4);
        put_in_pieces(s.stmt, octets, sizeof octets, pieces[i]);
        expect_stmt("S", s.stmt, SQLParamData(s.stmt, &token));
        char *rows = rows_text(s.stmt), *expected = text_format("%s|17|%s|0001FEFF\n", text, text);
        expect_text(rows, expected);
        free(rows);
        free(expected);
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    }
    free(wide);
    session_close(&s);
}

static void data_at_execution_keeps_its_rules(void **state)
{
    struct harness *h = *state;
    struct session s;
    SQLLEN at_exec = SQL_DATA_AT_EXEC;
    SQLINTEGER value = 12;
    SQLPOINTER token;
    SQLSMALLINT columns;

    session_open(h, &s, NULL);
    requests_clear(&h->service);
    expect_stmt("S", s.stmt,
                SQLBindParameter(s.stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, (SQLPOINTER)7, 0,
                                 &at_exec));
    expect_stmt("S", s.stmt, SQLPrepare(s.stmt, ARG("SELECT ? AS A")));
    expect_stmt("D", s.stmt, SQLExecute(s.stmt));
    expect_stmt("E", s.stmt, SQLNumResultCols(s.stmt, &columns));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY010");
    expect_stmt("E", s.stmt, SQLPutData(s.stmt, &value, 0));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY010");
    expect_stmt("D", s.stmt, SQLParamData(s.stmt, &token));
    expect_stmt("S", s.stmt, SQLPutData(s.stmt, &value, 0));
    expect_stmt("E", s.stmt, SQLPutData(s.stmt, &value, 0));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY019");
    expect_stmt("S", s.stmt, SQLCancel(s.stmt));
    assert_int_equal(requests_count(&h->service, "POST", "/query", "SELECT @p"), 0);
    /* Cancelled, it is still prepared. */
    expect_stmt("D", s.stmt, SQLExecute(s.stmt));
    expect_stmt("D", s.stmt, SQLParamData(s.stmt, &token));
    expect_stmt("S", s.stmt, SQLPutData(s.stmt, NULL, SQL_NULL_DATA));
    expect_stmt("S", s.stmt, SQLParamData(s.stmt, &token));
    char *rows = rows_text(s.stmt);
    expect_text(rows, "<null>\n");
    free(rows);
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    expect_stmt("E", s.stmt, SQLParamData(s.stmt, &token));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY010");
    session_close(&s);
}

static void parameters_are_described_from_what_they_meet(void **state)
{
    static const struct {
        const char *sql;
        SQLUSMALLINT number;
        SQLSMALLINT type;
        SQLULEN size;
        SQLSMALLINT digits;
    } cases[] = {
        {"INSERT INTO [PostgreSQL1].[public].[customers] (name, balance, active, created_at) VALUES (?, ?, "
         "?, ?)",
         1, SQL_WVARCHAR, 100, 0},
        {"INSERT INTO [PostgreSQL1].[public].[customers] (name, balance, active, created_at) VALUES (?, ?, "
         "?, ?)",
         2, SQL_DECIMAL, 12, 2},
        {"INSERT INTO [PostgreSQL1].[public].[customers] (name, balance, active, created_at) VALUES (?, ?, "
         "?, ?)",
         3, SQL_BIT, 1, 0},
        {"INSERT INTO [PostgreSQL1].[public].[customers] (name, balance, active, created_at) VALUES (?, ?, "
         "?, ?)",
         4, SQL_TYPE_TIMESTAMP, 26, 6},
        {"UPDATE [PostgreSQL1].[public].[orders] SET ordered_on = ?, total = ? WHERE id = ?", 1,
         SQL_TYPE_DATE, 10, 0},
        {"UPDATE [PostgreSQL1].[public].[orders] SET ordered_on = ?, total = ? WHERE id = ?", 3, SQL_INTEGER,
         10, 0},
        {"SELECT * FROM [Types].[Types].[AllTypes] WHERE UuidCol = ? AND BigintCol > ?", 2, SQL_BIGINT, 19,
         0},
        {"{? = call [Types].[Types].[AddNumbers](?, 2, ?, ?)}", 1, SQL_INTEGER, 10, 0},
        {"{? = call [Types].[Types].[AddNumbers](?, 2, ?, ?)}", 2, SQL_INTEGER, 10, 0},
        {"{? = call [Types].[Types].[AddNumbers](?, 2, ?, ?)}", 3, SQL_BIGINT, 19, 0},
        {"{? = call [Types].[Types].[AddNumbers](?, 2, ?, ?)}", 4, SQL_WVARCHAR, 100, 0},
        {"EXEC [Types].[Types].[EchoTypes] @Decimal = ?, @Timestamp = ?", 1, SQL_DECIMAL, 38, 10},
        {"EXEC [Types].[Types].[EchoTypes] @Decimal = ?, @Timestamp = ?", 2, SQL_TYPE_TIMESTAMP, 26, 6},
        {"{call [Types].[Types].[NoSuchProcedure](?)}", 1, SQL_WVARCHAR, 4000, 0},
        {"{call [Types].[Types].[SwapText](?, ?, ?)}", 3, SQL_WVARCHAR, 4000, 0},
        {"SELECT ? AS V", 1, SQL_WVARCHAR, 4000, 0},
    };
    struct session s;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        SQLSMALLINT type = 0, digits = -1, nullable = -1;
        SQLULEN size = 0;
        expect_stmt("S", s.stmt, SQLPrepare(s.stmt, ARG(cases[i].sql)));
        expect_stmt("S", s.stmt, SQLDescribeParam(s.stmt, cases[i].number, &type, &size, &digits, &nullable));
        if (type != cases[i].type || size != cases[i].size || digits != cases[i].digits)
            fail_msg("%s, parameter %u: type %d, size %lu, digits %d", cases[i].sql, cases[i].number, type,
                     (unsigned long)size, digits);
        assert_in_range(nullable, 0, 2);
    }
    static const SQLUSMALLINT outside[] = {0, 2, 9};
    for (size_t i = 0; i < COUNT_OF(outside); i++) {
        expect_stmt("E", s.stmt, SQLDescribeParam(s.stmt, outside[i], NULL, NULL, NULL, NULL));
        expect_state(SQL_HANDLE_STMT, s.stmt, "07009");
    }
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_of_types_is_sent_in_the_services_form),
        cmocka_unit_test(a_value_read_as_text_finds_its_row_again),
        cmocka_unit_test(a_prepared_statement_reads_its_values_at_each_execution),
        cmocka_unit_test(too_few_parameters_are_07002),
        cmocka_unit_test(what_cannot_be_bound_says_why),
        cmocka_unit_test(data_at_execution_comes_in_pieces),
        UNIXODBC_ONLY("ends the exchange where SQLPutData fails",
                      cmocka_unit_test(data_at_execution_keeps_its_rules), )
            cmocka_unit_test(parameters_are_described_from_what_they_meet),
    };

    return harness_main("test_parameter", NULL, tests, COUNT_OF(tests));
}
