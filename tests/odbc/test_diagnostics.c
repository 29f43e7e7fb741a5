/*
 * Proves SQLGetDiagRec and SQLGetDiagField: every field, every size of buffer, narrow and wide; how long
 * records last. What makes the errors has test_errors.c.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#define PREFIX "[Connect AI][ODBC driver]"
/* two octets, three, four: what a cut must not go through */
#define SIGNS "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"

enum { CANARY = 0x5A, CANARIES = 8 };

/* Opens a session through the wide function: the driver manager then asks the driver for wide records, else
 * it makes them itself. */
static void session_open_wide(struct harness *h, struct session *s)
{
    SQLWCHAR *text = wide_from("DSN=" HARNESS_DSN);

    *s = (struct session){.harness = h};
    expect_env("S", h->env, SQLAllocHandle(SQL_HANDLE_DBC, h->env, &s->dbc));
    expect_dbc("S", s->dbc,
               SQLDriverConnectW(s->dbc, NULL, text, SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT));
    s->stmt = statement_open(s->dbc);
    free(text);
}

/* Leaves an error with this text on the statement. */
static void make_error(struct session *s, const char *message)
{
    json_object *text = json_object_new_string(message);
    char *reply = text_format("{\"error\":{\"code\":77,\"message\":%s}}", json_object_to_json_string(text));

    faults_clear(&s->harness->service);
    fault_reply(&s->harness->service, reply, "");
    expect_stmt("E", s->stmt, exec(s->stmt, "SELECT 1"));
    faults_clear(&s->harness->service);
    free(reply);
    json_object_put(text);
}

/* True where the text is whole characters. */
static bool is_utf8(const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++) {
        int more = *p < 0x80 ? 0 : *p >= 0xF0 ? 3 : *p >= 0xE0 ? 2 : *p >= 0xC0 ? 1 : -1;
        if (more < 0)
            return false;
        for (; more > 0; more--)
            if ((*++p & 0xC0) != 0x80)
                return false;
    }
    return true;
}

/* ---- SQLGetDiagRec ---- */

static void check_narrow_record(SQLHSTMT stmt, const char *whole, SQLSMALLINT room)
{
    size_t length = strlen(whole);
    char *buffer = malloc((size_t)room + CANARIES);
    SQLCHAR got[6];
    SQLINTEGER native = 0;
    SQLSMALLINT needed = -1;

    memset(buffer, CANARY, (size_t)room + CANARIES);
    SQLRETURN code = SQLGetDiagRec(SQL_HANDLE_STMT, stmt, 1, got, &native, (SQLCHAR *)buffer, room, &needed);
    if (return_letter(code) != ((size_t)room > length ? 'S' : 'I'))
        fail_at(__FILE__, __LINE__, "room %d: %c", room, return_letter(code));
    assert_int_equal(needed, length);
    assert_int_equal(native, 77);
    for (int i = 0; i < CANARIES; i++)
        assert_int_equal(buffer[room + i], CANARY);
    if (room > 0) {
        size_t kept = strnlen(buffer, (size_t)room);
        assert_true(kept < (size_t)room);
        assert_memory_equal(buffer, whole, kept);
        /* as much as there is room for, but for a character that would be cut */
        assert_true(kept + 4 > (length < (size_t)room - 1 ? length : (size_t)room - 1));
    }
    free(buffer);
}

static void check_wide_record(SQLHSTMT stmt, const SQLWCHAR *whole, SQLSMALLINT room)
{
    size_t length = wide_length(whole);
    SQLWCHAR *buffer = calloc((size_t)room + CANARIES, sizeof *buffer);
    SQLWCHAR got[6];
    SQLINTEGER native = 0;
    SQLSMALLINT needed = -1;

    for (size_t i = 0; i < (size_t)room + CANARIES; i++)
        buffer[i] = CANARY;
    SQLRETURN code = SQLGetDiagRecW(SQL_HANDLE_STMT, stmt, 1, got, &native, buffer, room, &needed);
    if (return_letter(code) != ((size_t)room > length ? 'S' : 'I'))
        fail_at(__FILE__, __LINE__, "room %d: %c", room, return_letter(code));
    assert_int_equal(needed, length);
    for (int i = 0; i < CANARIES; i++)
        assert_int_equal(buffer[room + i], CANARY);
    if (room > 0) {
        size_t kept = wide_length(buffer);
        assert_true(kept < (size_t)room);
        assert_memory_equal(buffer, whole, kept * sizeof *buffer);
        assert_true(kept + 2 > (length < (size_t)room - 1 ? length : (size_t)room - 1));
    }
    free(buffer);
}

static void records_in_every_buffer(void **state)
{
    struct session s;
    const char *whole = PREFIX "Wrong " SIGNS SIGNS " here";
    SQLWCHAR *wide = wide_from(whole);

    session_open(*state, &s, NULL);
    make_error(&s, whole + strlen(PREFIX));
    for (SQLSMALLINT room = 0; room < 80; room++)
        check_narrow_record(s.stmt, whole, room);
    session_close(&s);
    session_open_wide(*state, &s);
    make_error(&s, whole + strlen(PREFIX));
    for (SQLSMALLINT room = 0; room < 80; room++)
        check_wide_record(s.stmt, wide, room);
    session_close(&s);
    free(wide);
}

static void wrong_arguments(void **state)
{
    struct session s;
    SQLCHAR got[6] = "", text[256];
    SQLINTEGER native;
    SQLSMALLINT length;

    session_open(*state, &s, NULL);
    make_error(&s, "Wrong");
    assert_int_equal(SQLGetDiagRec(SQL_HANDLE_STMT, s.stmt, 0, got, &native, text, sizeof text, &length),
                     SQL_ERROR);
    assert_int_equal(SQLGetDiagRec(SQL_HANDLE_STMT, s.stmt, -1, got, &native, text, sizeof text, &length),
                     SQL_ERROR);
    assert_int_equal(SQLGetDiagRec(SQL_HANDLE_STMT, s.stmt, 1, got, &native, text, -1, &length), SQL_ERROR);
    assert_int_equal(SQLGetDiagRec(SQL_HANDLE_STMT, s.stmt, 2, got, &native, text, sizeof text, &length),
                     SQL_NO_DATA);
    /* nothing is wanted but to know that there is one */
    assert_true(SQL_SUCCEEDED(SQLGetDiagRec(SQL_HANDLE_STMT, s.stmt, 1, NULL, NULL, NULL, 0, NULL)));
    session_close(&s);
}

/* Reading does not take records away; the next call on the handle does; other handles keep theirs. */
static void how_long_records_last(void **state)
{
    struct session s;

    session_open(*state, &s, NULL);
    SQLHSTMT other = statement_open(s.dbc);
    make_error(&s, "Wrong");
    for (int i = 0; i < 3; i++)
        expect_message(SQL_HANDLE_STMT, s.stmt, "Wrong");
    expect_usable(other);
    expect_message(SQL_HANDLE_STMT, s.stmt, "Wrong");
    expect_usable(s.stmt);
    char *records = diagnostics(SQL_HANDLE_STMT, s.stmt);
    expect_text(records, "");
    free(records);
    expect_stmt("S", other, SQLFreeHandle(SQL_HANDLE_STMT, other));
    session_close(&s);
}

/* A text longer than the function can say. */
static void very_long_text(void **state)
{
    struct session s;
    char *message = NULL, *longest = malloc(100001);

    memset(longest, 'x', 100000);
    longest[100000] = '\0';
    session_open(*state, &s, NULL);
    make_error(&s, longest);
    assert_true(diagnostic(SQL_HANDLE_STMT, s.stmt, 1, NULL, NULL, &message));
    assert_true(strlen(message) > 400);
    assert_memory_equal(message, PREFIX "xxxx", strlen(PREFIX) + 4);
    free(message);
    free(longest);
    expect_usable(s.stmt);
    session_close(&s);
}

/* Text that is no text: a NUL, lone surrogates, control characters; the record is still one, and well-formed.
 */
static void odd_texts(void **state)
{
    static const char *const texts[] = {"a\\u0000b", "\\ud800 alone", "\\udc00\\ud800", "\\u0007\\u001b[31m",
                                        ""};
    struct session s;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        char *reply = text_format("{\"error\":{\"code\":77,\"message\":\"%s\"}}", texts[i]), *message = NULL;
        faults_clear(&s.harness->service);
        fault_reply(&s.harness->service, reply, "");
        expect_stmt("E", s.stmt, exec(s.stmt, "SELECT 1"));
        assert_true(diagnostic(SQL_HANDLE_STMT, s.stmt, 1, NULL, NULL, &message));
        assert_true(is_utf8(message));
        assert_memory_equal(message, PREFIX, strlen(PREFIX));
        free(message);
        free(reply);
    }
    faults_clear(&s.harness->service);
    session_close(&s);
}

/* ---- SQLGetDiagField ---- */

static char *text_field(SQLHSTMT stmt, SQLSMALLINT record, SQLSMALLINT field, bool wide)
{
    char text[512] = "";
    SQLWCHAR units[512] = {0};
    SQLSMALLINT length = -1;
    SQLRETURN code =
        wide ? SQLGetDiagFieldW(SQL_HANDLE_STMT, stmt, record, field, units, sizeof units, &length)
             : SQLGetDiagField(SQL_HANDLE_STMT, stmt, record, field, text, sizeof text, &length);

    if (code != SQL_SUCCESS)
        return text_format("code %d", code);
    char *result = wide ? narrow_from(units, SQL_NTS) : text_format("%s", text);
    /* octets, in the wide form too */
    size_t expected = wide ? wide_length(units) * sizeof *units : strlen(text);
    if (length != (SQLSMALLINT)expected)
        fail_at(__FILE__, __LINE__, "field %d: length %d, not %zu", field, length, expected);
    return result;
}

static void text_fields(void **state)
{
    static const struct {
        const char *query;
        SQLSMALLINT field;
        const char *expected;
    } cases[] = {
        {"SELECT * FROM [Salesforce].[Salesforce].[Nope]", SQL_DIAG_SQLSTATE, "42S02"},
        {"SELECT * FROM [Salesforce].[Salesforce].[Nope]", SQL_DIAG_CLASS_ORIGIN, "ISO 9075"},
        {"SELECT * FROM [Salesforce].[Salesforce].[Nope]", SQL_DIAG_SUBCLASS_ORIGIN, "ODBC 3.0"},
        {"SELEC 1", SQL_DIAG_SQLSTATE, "42000"},
        {"SELEC 1", SQL_DIAG_CLASS_ORIGIN, "ISO 9075"},
        {"SELEC 1", SQL_DIAG_SUBCLASS_ORIGIN, "ISO 9075"},
        {"SELEC 1", SQL_DIAG_SERVER_NAME, HARNESS_DSN},
    };
    struct session s;

    session_open_wide(*state, &s);
    for (size_t i = 0; i < COUNT_OF(cases) * 2; i++) {
        expect_stmt("E", s.stmt, exec(s.stmt, cases[i / 2].query));
        char *text = text_field(s.stmt, 1, cases[i / 2].field, i % 2 != 0);
        if (strcmp(text, cases[i / 2].expected) != 0)
            fail_at(__FILE__, __LINE__, "%s, field %d: %s, not %s", cases[i / 2].query, cases[i / 2].field,
                    text, cases[i / 2].expected);
        free(text);
    }
    char *message = text_field(s.stmt, 1, SQL_DIAG_MESSAGE_TEXT, false);
    assert_memory_equal(message, PREFIX, strlen(PREFIX));
    free(message);
    session_close(&s);
}

static void number_fields(void **state)
{
    struct session s;
    SQLINTEGER number = -1;
    SQLLEN row = -9;
    SQLRETURN returned = -9;

    session_open(*state, &s, NULL);
    make_error(&s, "Wrong");
    expect_stmt("S", s.stmt,
                SQLGetDiagField(SQL_HANDLE_STMT, s.stmt, 0, SQL_DIAG_NUMBER, &number, SQL_IS_INTEGER, NULL));
    assert_int_equal(number, 1);
    expect_stmt("S", s.stmt,
                SQLGetDiagField(SQL_HANDLE_STMT, s.stmt, 0, SQL_DIAG_RETURNCODE, &returned, 0, NULL));
    UNIXODBC_ONLY("gives its own code", assert_int_equal(returned, SQL_ERROR);)
    expect_stmt("S", s.stmt,
                SQLGetDiagField(SQL_HANDLE_STMT, s.stmt, 1, SQL_DIAG_NATIVE, &number, SQL_IS_INTEGER, NULL));
    assert_int_equal(number, 77);
    expect_stmt("S", s.stmt, SQLGetDiagField(SQL_HANDLE_STMT, s.stmt, 1, SQL_DIAG_ROW_NUMBER, &row, 0, NULL));
    assert_true(row == SQL_NO_ROW_NUMBER || row == SQL_ROW_NUMBER_UNKNOWN);
    expect_stmt(
        "S", s.stmt,
        SQLGetDiagField(SQL_HANDLE_STMT, s.stmt, 1, SQL_DIAG_COLUMN_NUMBER, &number, SQL_IS_INTEGER, NULL));
    assert_true(number == SQL_NO_COLUMN_NUMBER || number == SQL_COLUMN_NUMBER_UNKNOWN);
    assert_int_equal(
        SQLGetDiagField(SQL_HANDLE_STMT, s.stmt, 2, SQL_DIAG_NATIVE, &number, SQL_IS_INTEGER, NULL),
        SQL_NO_DATA);
    UNIXODBC_ONLY(
        "succeeds with fields it does not know",
        assert_int_equal(SQLGetDiagField(SQL_HANDLE_STMT, s.stmt, 1, 999, &number, SQL_IS_INTEGER, NULL),
                         SQL_ERROR);)
    UNIXODBC_ONLY(
        "has no counts of rows", SQLLEN count = -9;
        expect_stmt("S", s.stmt,
                    exec(s.stmt, "UPDATE [PostgreSQL1].[public].[settings] SET value = value WHERE name IN "
                                 "('theme', 'language')"));
        expect_stmt("S", s.stmt,
                    SQLGetDiagField(SQL_HANDLE_STMT, s.stmt, 0, SQL_DIAG_ROW_COUNT, &count, 0, NULL));
        assert_int_equal(count, 2);)
    session_close(&s);
}

/* What only a statement has. */
static void fields_of_statements_alone(void **state)
{
    static const struct {
        const char *query, *name;
        SQLINTEGER code;
    } cases[] = {
        {"SELECT Id FROM [Types].[Types].[AllTypes]", "SELECT CURSOR", SQL_DIAG_SELECT_CURSOR},
        {"INSERT INTO [PostgreSQL1].[public].[settings] (name, value) VALUES ('diag', 'a')", "INSERT",
         SQL_DIAG_INSERT},
        {"UPDATE [PostgreSQL1].[public].[settings] SET value = 'b' WHERE name = 'diag'", "UPDATE WHERE",
         SQL_DIAG_UPDATE_WHERE},
        {"DELETE FROM [PostgreSQL1].[public].[settings] WHERE name = 'diag'", "DELETE WHERE",
         SQL_DIAG_DELETE_WHERE},
        {"{call [Types].[Types].[SwapText](?, ?)}", "CALL", SQL_DIAG_CALL},
        {"PRAGMA nothing", "", SQL_DIAG_UNKNOWN_STATEMENT},
    };
    struct session s;
    char texts[2][20];
    SQLLEN length = SQL_NTS;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt,
                SQLSetStmtAttr(s.stmt, SQL_ATTR_CURSOR_TYPE, (SQLPOINTER)SQL_CURSOR_STATIC, SQL_IS_UINTEGER));
    for (SQLUSMALLINT i = 0; i < 2; i++)
        expect_stmt("S", s.stmt,
                    SQLBindParameter(s.stmt, (SQLUSMALLINT)(i + 1), SQL_PARAM_INPUT_OUTPUT, SQL_C_CHAR,
                                     SQL_VARCHAR, 19, 0, strcpy(texts[i], "x"), sizeof texts[i], &length));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        SQLINTEGER code = -9;
        SQLLEN rows = -9;
        bool known = *cases[i].name != '\0';
        expect_stmt(known ? "S" : "SE", s.stmt, exec(s.stmt, cases[i].query));
        expect_stmt(
            "S", s.stmt,
            SQLGetDiagField(SQL_HANDLE_STMT, s.stmt, 0, SQL_DIAG_DYNAMIC_FUNCTION_CODE, &code, 0, NULL));
        assert_int_equal(code, cases[i].code);
        char *name = text_field(s.stmt, 0, SQL_DIAG_DYNAMIC_FUNCTION, false);
        expect_text(name, cases[i].name);
        free(name);
        expect_stmt("S", s.stmt,
                    SQLGetDiagField(SQL_HANDLE_STMT, s.stmt, 0, SQL_DIAG_CURSOR_ROW_COUNT, &rows, 0, NULL));
        if (i == 0)
            assert_int_equal(rows, 8);
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    }
    session_close(&s);
}

static void expect_origin(SQLHSTMT stmt, const char *state, const char *subclass)
{
    const struct {
        SQLSMALLINT field;
        const char *expected;
    } fields[] = {{SQL_DIAG_SQLSTATE, state},
                  {SQL_DIAG_CLASS_ORIGIN, "ISO 9075"},
                  {SQL_DIAG_SUBCLASS_ORIGIN, subclass}};

    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        char *text = text_field(stmt, 1, fields[i].field, false);
        expect_text(text, fields[i].expected);
        free(text);
    }
}

/* Of the subclasses of HY some are ODBC's and some are not: SQLGetDiagField lists them. */
static void subclasses_have_the_origin_that_the_reference_lists(void **state)
{
    struct session s;
    SQLLEN number = 0;

    session_open(*state, &s, NULL);
    expect_stmt("I", s.stmt,
                SQLSetStmtAttr(s.stmt, SQL_ATTR_QUERY_TIMEOUT, (SQLPOINTER)301, SQL_IS_UINTEGER));
    expect_origin(s.stmt, "01S02", "ODBC 3.0");
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT 1 AS One"));
    expect_stmt("E", s.stmt, SQLColAttribute(s.stmt, 1, 4999, NULL, 0, NULL, &number));
    expect_origin(s.stmt, "HY091", "ISO 9075");
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    expect_stmt("E", s.stmt, SQLGetData(s.stmt, 2, SQL_C_SLONG, &number, 0, NULL));
    expect_origin(s.stmt, "07009", "ISO 9075");
    expect_stmt("E", s.stmt, SQLSetPos(s.stmt, 2, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    expect_origin(s.stmt, "HY107", "ODBC 3.0");
    expect_stmt("E", s.stmt, SQLSetPos(s.stmt, 1, SQL_REFRESH, SQL_LOCK_EXCLUSIVE));
    expect_origin(s.stmt, "HYC00", "ISO 9075");
    session_close(&s);
}

/* An error of one cell names its row and column. */
static void row_and_column(void **state)
{
    struct session s;
    char got[6] = "";
    SQLLEN row = -9;
    SQLINTEGER column = -9, values[3] = {0};
    SQLLEN lengths[3];

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, SQLSetStmtAttr(s.stmt, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)3, 0));
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 2, SQL_C_SLONG, values, 0, lengths));
    expect_stmt("S", s.stmt,
                exec(s.stmt, "SELECT 1, '10' UNION ALL SELECT 2, 'ten' UNION ALL SELECT 3, '30'"));
    expect_stmt("I", s.stmt, SQLFetch(s.stmt));
    /* what is not of one row comes first */
    expect_state(SQL_HANDLE_STMT, s.stmt, "01S01");
    assert_true(diagnostic(SQL_HANDLE_STMT, s.stmt, 2, got, NULL, NULL));
    expect_text(got, "22018");
    expect_stmt("S", s.stmt, SQLGetDiagField(SQL_HANDLE_STMT, s.stmt, 2, SQL_DIAG_ROW_NUMBER, &row, 0, NULL));
    expect_stmt("S", s.stmt,
                SQLGetDiagField(SQL_HANDLE_STMT, s.stmt, 2, SQL_DIAG_COLUMN_NUMBER, &column, 0, NULL));
    assert_int_equal(row, 2);
    assert_int_equal(column, 2);
    assert_int_equal(values[0], 10);
    assert_int_equal(values[2], 30);
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        UNIXODBC_ONLY("cuts narrow text that is not ASCII", cmocka_unit_test(records_in_every_buffer), )
            cmocka_unit_test(wrong_arguments),
        cmocka_unit_test(how_long_records_last),
        cmocka_unit_test(very_long_text),
        cmocka_unit_test(odd_texts),
        cmocka_unit_test(text_fields),
        cmocka_unit_test(number_fields),
        UNIXODBC_ONLY("has no counts of rows", cmocka_unit_test(fields_of_statements_alone), )
            cmocka_unit_test(subclasses_have_the_origin_that_the_reference_lists),
        cmocka_unit_test(row_and_column),
    };

    return harness_main("test_diagnostics", NULL, tests, COUNT_OF(tests));
}
