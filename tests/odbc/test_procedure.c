/*
 * Procedures: {call} and {?=call} with inputs, outputs, both and return values in every type; result sets of
 * procedures; EXEC as text; what a call must not do.
 *
 * Must not know how the driver finds the names of parameters. Rules: "Procedure Calls" of the ODBC reference.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#define ARG(text) (SQLCHAR *)(uintptr_t)(text), SQL_NTS

static void bind_integer(SQLHSTMT stmt, SQLUSMALLINT number, SQLSMALLINT direction, SQLINTEGER *value,
                         SQLLEN *length)
{
    *length = 0;
    expect_stmt("S", stmt,
                SQLBindParameter(stmt, number, direction, SQL_C_SLONG, SQL_INTEGER, 0, 0, value, 0, length));
}

static void outputs_arrive_in_their_buffers(void **state)
{
    static const char *const calls[] = {
        "{? = call [Types].[Types].[AddNumbers](?, ?, ?, ?)}",
        "{?=call Types.Types.AddNumbers(?,?,?,?)}",
        "  { ? = CALL \"Types\".\"Types\".\"AddNumbers\" ( ? , ? , ? , ? ) } ",
        "{?=call [types].[types].[addnumbers](?,?,?,?)}",
    };
    struct harness *h = *state;
    struct session s;
    SQLINTEGER result, a, b;
    SQLBIGINT total;
    char text[40];
    SQLLEN lengths[5];

    session_open(h, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        result = -1;
        a = 20;
        b = 22;
        total = 100;
        memset(text, 0, sizeof text);
        bind_integer(s.stmt, 1, SQL_PARAM_OUTPUT, &result, &lengths[0]);
        bind_integer(s.stmt, 2, SQL_PARAM_INPUT, &a, &lengths[1]);
        bind_integer(s.stmt, 3, SQL_PARAM_INPUT, &b, &lengths[2]);
        lengths[3] = lengths[4] = 0;
        expect_stmt("S", s.stmt,
                    SQLBindParameter(s.stmt, 4, SQL_PARAM_INPUT_OUTPUT, SQL_C_SBIGINT, SQL_BIGINT, 0, 0,
                                     &total, 0, &lengths[3]));
        expect_stmt("S", s.stmt,
                    SQLBindParameter(s.stmt, 5, SQL_PARAM_OUTPUT, SQL_C_CHAR, SQL_VARCHAR, 100, 0, text,
                                     sizeof text, &lengths[4]));
        requests_clear(&h->service);
        expect_stmt("S", s.stmt, exec(s.stmt, calls[i]));
        assert_int_equal(requests_count(&h->service, "POST", "/exec", NULL), 1);
        while (SQLMoreResults(s.stmt) == SQL_SUCCESS)
            ;
        assert_int_equal(result, 42);
        assert_int_equal(total, 142);
        expect_text(text, "20 + 22");
        assert_int_equal(lengths[0], sizeof result);
        assert_int_equal(lengths[3], sizeof total);
        assert_int_equal(lengths[4], strlen(text));
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_RESET_PARAMS));
    }
    session_close(&s);
}

static void a_prepared_call_runs_many_times(void **state)
{
    struct session s;
    SQLINTEGER result, a, b = 1;
    SQLBIGINT total = 0;
    char text[40];
    SQLLEN lengths[5];
    SQLSMALLINT count;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, SQLPrepare(s.stmt, ARG("{?=call [Types].[Types].[AddNumbers](?,?,?,?)}")));
    expect_stmt("S", s.stmt, SQLNumParams(s.stmt, &count));
    assert_int_equal(count, 5);
    bind_integer(s.stmt, 1, SQL_PARAM_OUTPUT, &result, &lengths[0]);
    bind_integer(s.stmt, 2, SQL_PARAM_INPUT, &a, &lengths[1]);
    bind_integer(s.stmt, 3, SQL_PARAM_INPUT, &b, &lengths[2]);
    lengths[3] = 0;
    expect_stmt("S", s.stmt,
                SQLBindParameter(s.stmt, 4, SQL_PARAM_INPUT_OUTPUT, SQL_C_SBIGINT, SQL_BIGINT, 0, 0, &total,
                                 0, &lengths[3]));
    expect_stmt("S", s.stmt,
                SQLBindParameter(s.stmt, 5, SQL_PARAM_OUTPUT, SQL_C_CHAR, SQL_VARCHAR, 100, 0, text,
                                 sizeof text, &lengths[4]));
    for (a = 1; a <= 5; a++) {
        expect_stmt("S", s.stmt, SQLExecute(s.stmt));
        while (SQLMoreResults(s.stmt) == SQL_SUCCESS)
            ;
        assert_int_equal(result, a + 1);
    }
    assert_int_equal(total, 2 + 3 + 4 + 5 + 6);
    session_close(&s);
}

static void texts_are_exchanged_both_ways(void **state)
{
    struct session s;
    char first[40] = "grün";
    SQLWCHAR second[20] = {0}, *smile = wide_from("🙂x");
    SQLLEN first_length = SQL_NTS, second_length = SQL_NTS;

    memcpy(second, smile, wide_length(smile) * sizeof *smile);
    free(smile);
    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt,
                SQLBindParameter(s.stmt, 1, SQL_PARAM_INPUT_OUTPUT, SQL_C_CHAR, SQL_VARCHAR, 100, 0, first,
                                 sizeof first, &first_length));
    expect_stmt("S", s.stmt,
                SQLBindParameter(s.stmt, 2, SQL_PARAM_INPUT_OUTPUT, SQL_C_WCHAR, SQL_WVARCHAR, 100, 0, second,
                                 sizeof second, &second_length));
    expect_stmt("S", s.stmt, exec(s.stmt, "{call [Types].[Types].[SwapText](?, ?)}"));
    while (SQLMoreResults(s.stmt) == SQL_SUCCESS)
        ;
    expect_text(first, "🙂x");
    assert_int_equal(first_length, 5);
    char *narrow = narrow_from(second, SQL_NTS);
    expect_text(narrow, "grün");
    free(narrow);
    assert_int_equal(second_length, 4 * sizeof *second);
    session_close(&s);
}

/* A short buffer and NULL, as with columns. */
static void an_output_is_truncated_or_null_like_a_column(void **state)
{
    struct session s;
    char first[40] = "abcdefgh", second[5] = "";
    SQLLEN first_length = SQL_NTS, second_length = SQL_NULL_DATA;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt,
                SQLBindParameter(s.stmt, 1, SQL_PARAM_INPUT_OUTPUT, SQL_C_CHAR, SQL_VARCHAR, 100, 0, first,
                                 sizeof first, &first_length));
    expect_stmt("S", s.stmt,
                SQLBindParameter(s.stmt, 2, SQL_PARAM_INPUT_OUTPUT, SQL_C_CHAR, SQL_VARCHAR, 100, 0, second,
                                 sizeof second, &second_length));
    expect_stmt("I", s.stmt, exec(s.stmt, "{call [Types].[Types].[SwapText](?, ?)}"));
    expect_state(SQL_HANDLE_STMT, s.stmt, "01004");
    expect_text(second, "abcd");
    assert_int_equal(second_length, 8);
    assert_int_equal(first_length, SQL_NULL_DATA);
    session_close(&s);
}

/* Every type there and back: its input is a parameter, its output is what came in. */
static void every_type_comes_back_as_it_went(void **state)
{
    static const struct {
        int position; /* of the input; the output is the next */
        SQLSMALLINT sql_type;
        SQLULEN size;
        const char *value;
    } cases[] = {
        {1, SQL_VARBINARY, 8000, "0001FEFF"},
        {3, SQL_WVARCHAR, 2000, "grün 🙂"},
        {5, SQL_TINYINT, 3, "-128"},
        {7, SQL_SMALLINT, 5, "32767"},
        {9, SQL_INTEGER, 10, "-2147483648"},
        {11, SQL_BIGINT, 19, "9223372036854775807"},
        {17, SQL_DECIMAL, 38, "9999999999999999999999999999.9999999999"},
        {19, SQL_NUMERIC, 38, "12345678901234567890123456789012345678"},
        {21, SQL_BIT, 1, "1"},
        {23, SQL_TYPE_DATE, 10, "2024-02-29"},
        {27, SQL_TYPE_TIMESTAMP, 27, "2024-02-29 13:14:15.123456"},
        {29, SQL_GUID, 36, "01234567-890a-bcde-f012-34567890abcd"},
    };
    struct session s;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char unused[30][4], out[100] = "";
        SQLLEN nulls[30], in_length = SQL_NTS, out_length = -5;
        SQLSMALLINT digits = cases[i].sql_type == SQL_DECIMAL          ? 10
                             : cases[i].sql_type == SQL_TYPE_TIMESTAMP ? 7
                                                                       : 0;
        for (SQLUSMALLINT n = 1; n <= 30; n++) {
            nulls[n - 1] = SQL_NULL_DATA;
            expect_stmt("S", s.stmt,
                        SQLBindParameter(s.stmt, n, n % 2 ? SQL_PARAM_INPUT : SQL_PARAM_OUTPUT, SQL_C_CHAR,
                                         SQL_VARCHAR, 40, 0, unused[n - 1], sizeof unused[0], &nulls[n - 1]));
        }
        expect_stmt("S", s.stmt,
                    SQLBindParameter(s.stmt, (SQLUSMALLINT)cases[i].position, SQL_PARAM_INPUT, SQL_C_CHAR,
                                     cases[i].sql_type, cases[i].size, digits,
                                     (SQLPOINTER)(uintptr_t)cases[i].value, 0, &in_length));
        expect_stmt("S", s.stmt,
                    SQLBindParameter(s.stmt, (SQLUSMALLINT)(cases[i].position + 1), SQL_PARAM_OUTPUT,
                                     SQL_C_CHAR, cases[i].sql_type, cases[i].size, digits, out, sizeof out,
                                     &out_length));
        expect_stmt(
            "S", s.stmt,
            exec(s.stmt,
                 "{call [Types].[Types].[EchoTypes](?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,"
                 "?,?,?,?,?)}"));
        while (SQLMoreResults(s.stmt) == SQL_SUCCESS)
            ;
        expect_text(out, cases[i].value);
        assert_int_equal(out_length, strlen(cases[i].value));
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_RESET_PARAMS));
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    }
    session_close(&s);
}

static void a_procedure_may_give_several_results(void **state)
{
    static const char *const calls[] = {"{call [PostgreSQL1].[public].[customer_orders](?)}",
                                        "EXEC [PostgreSQL1].[public].[customer_orders] @customer_id = ?"};
    struct session s;
    SQLINTEGER id = 3;
    SQLLEN length;
    SQLSMALLINT columns;

    session_open(*state, &s, NULL);
    bind_integer(s.stmt, 1, SQL_PARAM_INPUT, &id, &length);
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        expect_stmt("S", s.stmt, exec(s.stmt, calls[i]));
        expect_stmt("S", s.stmt, SQLNumResultCols(s.stmt, &columns));
        assert_int_equal(columns, 4);
        expect_stmt("S", s.stmt, SQLFetch(s.stmt));
        char *name = cell_text(s.stmt, 2);
        expect_text(name, "Customer 03");
        free(name);
        expect_stmt("N", s.stmt, SQLFetch(s.stmt));
        expect_stmt("S", s.stmt, SQLMoreResults(s.stmt));
        expect_stmt("S", s.stmt, SQLNumResultCols(s.stmt, &columns));
        assert_int_equal(columns, 4);
        SQLRETURN last;
        count_rows(s.stmt, &last);
        expect_stmt("N", s.stmt, last);
        expect_stmt("N", s.stmt, SQLMoreResults(s.stmt));
    }
    session_close(&s);
}

static void literals_and_no_arguments_are_accepted(void **state)
{
    static const struct {
        const char *call;
        long rows; /* at least */
    } cases[] = {
        {"{call [Salesforce].[Salesforce].[ListUsers]}", 8},
        {"{call [Salesforce].[Salesforce].[ListUsers]()}", 8},
        {"{call [PostgreSQL1].[public].[customer_orders](3)}", 1},
        {"{call [Salesforce].[Salesforce].[GetAccountsByIndustry]('Energy')}", 1},
        {"{call [Salesforce].[Salesforce].[GetAccountsByIndustry]('Energy', 5)}", 1},
        {"{call [Wide Names].[Odd Schema].[odd procedure; 1]('x')}", 3},
        {"{call [Wide Names].[Odd Schema].[odd procedure; 1]}", 3},
        {"EXEC [Salesforce].[Salesforce].[GetAccountsByIndustry] @Industry = 'Energy'", 1},
    };
    struct session s;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        SQLRETURN last;
        expect_stmt("S", s.stmt, exec(s.stmt, cases[i].call));
        assert_true(count_rows(s.stmt, &last) >= cases[i].rows);
        expect_stmt("N", s.stmt, last);
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    }
    session_close(&s);
}

static void a_call_that_cannot_be_made_says_why(void **state)
{
    static const struct {
        const char *call, *state;
    } cases[] = {
        {"{call [Types].[Types].[NoSuchProcedure](?)}", NULL},
        {"{call [Types].[Types].[SwapText](?, ?, ?)}", NULL},
        {"{call [Types].[Types].[SwapText](?", "42000"},
        {"{call }", "42000"},
    };
    struct session s;
    SQLINTEGER value = 1;
    SQLLEN lengths[3];

    session_open(*state, &s, NULL);
    for (SQLUSMALLINT n = 1; n <= 3; n++)
        bind_integer(s.stmt, n, SQL_PARAM_INPUT, &value, &lengths[n - 1]);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        expect_stmt("E", s.stmt, exec(s.stmt, cases[i].call));
        if (cases[i].state)
            expect_state(SQL_HANDLE_STMT, s.stmt, cases[i].state);
    }
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_RESET_PARAMS));
    expect_usable(s.stmt);
    session_close(&s);
}

static void a_procedure_that_writes_reports_its_output(void **state)
{
    struct session s;
    char title[] = "a note by call";
    SQLLEN title_length = SQL_NTS, body_length = SQL_NULL_DATA, id_length = 0, deleted_length = 0;
    SQLINTEGER id = -1, deleted = -1;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt,
                SQLBindParameter(s.stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 200, 0, title, 0,
                                 &title_length));
    expect_stmt(
        "S", s.stmt,
        SQLBindParameter(s.stmt, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 200, 0, NULL, 0, &body_length));
    bind_integer(s.stmt, 3, SQL_PARAM_OUTPUT, &id, &id_length);
    expect_stmt("S", s.stmt, exec(s.stmt, "{call [PostgreSQL1].[public].[insert_note](?, ?, ?)}"));
    while (SQLMoreResults(s.stmt) == SQL_SUCCESS)
        ;
    assert_true(id > 0);
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_RESET_PARAMS));
    expect_rows(s.stmt,
                "SELECT title, body FROM [PostgreSQL1].[public].[notes] WHERE title = 'a note by call'",
                "a note by call|<null>\n");
    bind_integer(s.stmt, 1, SQL_PARAM_OUTPUT, &deleted, &deleted_length);
    expect_stmt("S", s.stmt, exec(s.stmt, "{? = call [PostgreSQL1].[public].[clear_notes]('a note by')}"));
    while (SQLMoreResults(s.stmt) == SQL_SUCCESS)
        ;
    assert_int_equal(deleted, 1);
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(outputs_arrive_in_their_buffers),
        cmocka_unit_test(a_prepared_call_runs_many_times),
        cmocka_unit_test(texts_are_exchanged_both_ways),
        UNIXODBC_ONLY("forgets what the call said of its outputs",
                      cmocka_unit_test(an_output_is_truncated_or_null_like_a_column), )
            cmocka_unit_test(every_type_comes_back_as_it_went),
        cmocka_unit_test(a_procedure_may_give_several_results),
        cmocka_unit_test(literals_and_no_arguments_are_accepted),
        cmocka_unit_test(a_call_that_cannot_be_made_says_why),
        cmocka_unit_test(a_procedure_that_writes_reports_its_output),
    };

    return harness_main("test_procedure", NULL, tests, COUNT_OF(tests));
}
