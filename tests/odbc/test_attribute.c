/*
 * Attributes of statements, connections and environments: defaults, what may be set, what is refused with
 * which state, what is substituted, widths.
 *
 * Must not know the driver's attribute tables: the rows are those of SQLSetStmtAttr, SQLSetConnectAttr and
 * SQLSetEnvAttr in the reference, and of the client traces.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#define VALUE(number) (SQLPOINTER)(uintptr_t)(number)

static const struct step {
    const char *name;
    SQLINTEGER attribute;
    SQLULEN value;
    const char *letter, *state;
    SQLULEN after;
} statement_steps[] = {
#define SET(attribute, value, letter, state, after)        \
    {                                                      \
#attribute, attribute, value, letter, state, after \
    }
    SET(SQL_ATTR_ASYNC_ENABLE, SQL_ASYNC_ENABLE_OFF, "S", NULL, SQL_ASYNC_ENABLE_OFF),
    SET(SQL_ATTR_ASYNC_ENABLE, SQL_ASYNC_ENABLE_ON, "E", "HYC00", SQL_ASYNC_ENABLE_OFF),
    SET(SQL_ATTR_CONCURRENCY, SQL_CONCUR_READ_ONLY, "S", NULL, SQL_CONCUR_READ_ONLY),
    SET(SQL_ATTR_CONCURRENCY, SQL_CONCUR_LOCK, "I", "01S02", SQL_CONCUR_READ_ONLY),
    SET(SQL_ATTR_CONCURRENCY, SQL_CONCUR_VALUES, "I", "01S02", SQL_CONCUR_READ_ONLY),
    SET(SQL_ATTR_CONCURRENCY, 99, "E", "HY024", SQL_CONCUR_READ_ONLY),
    SET(SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_KEYSET_DRIVEN, "I", "01S02", SQL_CURSOR_STATIC),
    SET(SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_DYNAMIC, "I", "01S02", SQL_CURSOR_STATIC),
    SET(SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC, "S", NULL, SQL_CURSOR_STATIC),
    SET(SQL_ATTR_CURSOR_TYPE, 99, "E", "HY024", SQL_CURSOR_STATIC),
    SET(SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_FORWARD_ONLY, "S", NULL, SQL_CURSOR_FORWARD_ONLY),
    SET(SQL_ATTR_CURSOR_SCROLLABLE, SQL_NONSCROLLABLE, "S", NULL, SQL_NONSCROLLABLE),
    SET(SQL_ATTR_CURSOR_SCROLLABLE, SQL_SCROLLABLE, "S", NULL, SQL_SCROLLABLE),
    SET(SQL_ATTR_CURSOR_SCROLLABLE, SQL_NONSCROLLABLE, "S", NULL, SQL_NONSCROLLABLE),
    SET(SQL_ATTR_ENABLE_AUTO_IPD, SQL_TRUE, "E", "HYC00", SQL_FALSE),
    SET(SQL_ATTR_MAX_LENGTH, 0, "S", NULL, 0),
    SET(SQL_ATTR_MAX_ROWS, 10, "S", NULL, 10),
    SET(SQL_ATTR_MAX_ROWS, 0, "S", NULL, 0),
    SET(SQL_ATTR_METADATA_ID, SQL_TRUE, "S", NULL, SQL_TRUE),
    SET(SQL_ATTR_METADATA_ID, SQL_FALSE, "S", NULL, SQL_FALSE),
    SET(SQL_ATTR_NOSCAN, SQL_NOSCAN_ON, "S", NULL, SQL_NOSCAN_ON),
    SET(SQL_ATTR_NOSCAN, SQL_NOSCAN_OFF, "S", NULL, SQL_NOSCAN_OFF),
    SET(SQL_ATTR_NOSCAN, 7, "E", "HY024", SQL_NOSCAN_OFF),
    SET(SQL_ATTR_PARAM_BIND_TYPE, 24, "S", NULL, 24),
    SET(SQL_ATTR_PARAM_BIND_TYPE, SQL_PARAM_BIND_BY_COLUMN, "S", NULL, SQL_PARAM_BIND_BY_COLUMN),
    SET(SQL_ATTR_PARAMSET_SIZE, 50, "S", NULL, 50),
    SET(SQL_ATTR_PARAMSET_SIZE, 0, "E", "HY024", 50),
    SET(SQL_ATTR_PARAMSET_SIZE, 1, "S", NULL, 1),
    SET(SQL_ATTR_QUERY_TIMEOUT, 120, "S", NULL, 120),
    SET(SQL_ATTR_QUERY_TIMEOUT, 301, "I", "01S02", 300),
    SET(SQL_ATTR_QUERY_TIMEOUT, 0, "S", NULL, 0),
    SET(SQL_ATTR_RETRIEVE_DATA, SQL_RD_OFF, "SI", NULL, (SQLULEN)-1),
    SET(SQL_ATTR_RETRIEVE_DATA, SQL_RD_ON, "S", NULL, SQL_RD_ON),
    SET(SQL_ATTR_ROW_ARRAY_SIZE, 100, "S", NULL, 100),
    SET(SQL_ATTR_ROW_ARRAY_SIZE, 0, "E", "HY024", 100),
    SET(SQL_ATTR_ROW_ARRAY_SIZE, 1, "S", NULL, 1),
    SET(SQL_ATTR_ROW_BIND_TYPE, 40, "S", NULL, 40),
    SET(SQL_ATTR_ROW_BIND_TYPE, SQL_BIND_BY_COLUMN, "S", NULL, SQL_BIND_BY_COLUMN),
    SET(SQL_ATTR_SIMULATE_CURSOR, SQL_SC_NON_UNIQUE, "SI", NULL, (SQLULEN)-1),
    SET(SQL_ATTR_USE_BOOKMARKS, SQL_UB_OFF, "S", NULL, SQL_UB_OFF),
    SET(SQL_ATTR_USE_BOOKMARKS, 77, "E", "HY024", SQL_UB_OFF),
};

static void statement_attributes_keep_or_refuse_values(void **state)
{
    struct session s;
    int bad = 0;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(statement_steps); i++) {
        const struct step *t = &statement_steps[i];
        SQLULEN value = 0xFEFE;
        char found[6] = "";
        char letter = return_letter(SQLSetStmtAttr(s.stmt, t->attribute, VALUE(t->value), SQL_IS_UINTEGER));
        if (letter != 'S')
            diagnostic(SQL_HANDLE_STMT, s.stmt, 1, found, NULL, NULL);
        SQLRETURN rc = SQLGetStmtAttr(s.stmt, t->attribute, &value, SQL_IS_UINTEGER, NULL);
        if (!strchr(t->letter, letter) || (t->state && strcmp(found, t->state) != 0) || rc != SQL_SUCCESS ||
            (t->after != (SQLULEN)-1 && value != t->after)) {
            print_error("%s = %lu: %c %s, then %c %lu; not %s %s %lu\n", t->name, (unsigned long)t->value,
                        letter, found, return_letter(rc), (unsigned long)value, t->letter,
                        t->state ? t->state : "", (unsigned long)t->after);
            bad++;
        }
    }
    assert_int_equal(bad, 0);
    session_close(&s);
}

static void statement_attributes_begin_with_their_defaults(void **state)
{
    static const struct {
        const char *name;
        SQLINTEGER attribute;
        SQLULEN value;
    } defaults[] = {
#define DEFAULT(attribute, value) {#attribute, attribute, value}
        DEFAULT(SQL_ATTR_ASYNC_ENABLE, SQL_ASYNC_ENABLE_OFF),
        DEFAULT(SQL_ATTR_CONCURRENCY, SQL_CONCUR_READ_ONLY),
        DEFAULT(SQL_ATTR_CURSOR_SCROLLABLE, SQL_NONSCROLLABLE),
        DEFAULT(SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_FORWARD_ONLY),
        DEFAULT(SQL_ATTR_ENABLE_AUTO_IPD, SQL_FALSE),
        DEFAULT(SQL_ATTR_KEYSET_SIZE, 0),
        DEFAULT(SQL_ATTR_MAX_LENGTH, 0),
        DEFAULT(SQL_ATTR_MAX_ROWS, 0),
        DEFAULT(SQL_ATTR_METADATA_ID, SQL_FALSE),
        DEFAULT(SQL_ATTR_NOSCAN, SQL_NOSCAN_OFF),
        DEFAULT(SQL_ATTR_PARAM_BIND_TYPE, SQL_PARAM_BIND_BY_COLUMN),
        DEFAULT(SQL_ATTR_PARAM_BIND_OFFSET_PTR, 0),
        DEFAULT(SQL_ATTR_PARAM_OPERATION_PTR, 0),
        DEFAULT(SQL_ATTR_PARAM_STATUS_PTR, 0),
        DEFAULT(SQL_ATTR_PARAMS_PROCESSED_PTR, 0),
        DEFAULT(SQL_ATTR_PARAMSET_SIZE, 1),
        DEFAULT(SQL_ATTR_QUERY_TIMEOUT, 0),
        DEFAULT(SQL_ATTR_RETRIEVE_DATA, SQL_RD_ON),
        DEFAULT(SQL_ATTR_ROW_ARRAY_SIZE, 1),
        DEFAULT(SQL_ATTR_ROW_BIND_OFFSET_PTR, 0),
        DEFAULT(SQL_ATTR_ROW_BIND_TYPE, SQL_BIND_BY_COLUMN),
        DEFAULT(SQL_ATTR_ROW_OPERATION_PTR, 0),
        DEFAULT(SQL_ATTR_ROW_STATUS_PTR, 0),
        DEFAULT(SQL_ATTR_ROWS_FETCHED_PTR, 0),
        DEFAULT(SQL_ATTR_USE_BOOKMARKS, SQL_UB_OFF),
        DEFAULT(SQL_ATTR_FETCH_BOOKMARK_PTR, 0),
    };
    struct session s;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(defaults); i++) {
        SQLULEN value = 0xFEFEFEFE;
        expect_stmt("S", s.stmt, SQLGetStmtAttr(s.stmt, defaults[i].attribute, &value, SQL_IS_POINTER, NULL));
        if (value != defaults[i].value)
            fail_msg("%s is %lu", defaults[i].name, (unsigned long)value);
    }
    session_close(&s);
}

static void unknown_statement_attributes_are_hy092(void **state)
{
    static const SQLINTEGER unknown[] = {1227, 1228, 30002, 999999, -77, 10015};
    struct session s;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(unknown); i++) {
        SQLULEN value;
        expect_stmt("E", s.stmt, SQLSetStmtAttr(s.stmt, unknown[i], VALUE(0), SQL_IS_UINTEGER));
        expect_state(SQL_HANDLE_STMT, s.stmt, "HY092");
        expect_stmt("E", s.stmt, SQLGetStmtAttr(s.stmt, unknown[i], &value, SQL_IS_UINTEGER, NULL));
        expect_state(SQL_HANDLE_STMT, s.stmt, "HY092");
    }
    session_close(&s);
}

static void some_cannot_change_while_a_cursor_is_open(void **state)
{
    static const SQLINTEGER fixed[] = {SQL_ATTR_CURSOR_TYPE,       SQL_ATTR_CONCURRENCY,
                                       SQL_ATTR_SIMULATE_CURSOR,   SQL_ATTR_USE_BOOKMARKS,
                                       SQL_ATTR_CURSOR_SCROLLABLE, SQL_ATTR_CURSOR_SENSITIVITY};
    struct session s;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT 1 AS One"));
    for (size_t i = 0; i < COUNT_OF(fixed); i++) {
        expect_stmt("E", s.stmt, SQLSetStmtAttr(s.stmt, fixed[i], VALUE(1), SQL_IS_UINTEGER));
        expect_state(SQL_HANDLE_STMT, s.stmt, "24000");
    }
    expect_stmt("S", s.stmt, SQLSetStmtAttr(s.stmt, SQL_ATTR_ROW_ARRAY_SIZE, VALUE(5), SQL_IS_UINTEGER));
    session_close(&s);
    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, SQLPrepare(s.stmt, (SQLCHAR *)"SELECT 1 AS One", SQL_NTS));
    for (size_t i = 0; i < COUNT_OF(fixed); i++) {
        expect_stmt("E", s.stmt, SQLSetStmtAttr(s.stmt, fixed[i], VALUE(1), SQL_IS_UINTEGER));
        expect_state(SQL_HANDLE_STMT, s.stmt, "HY011");
    }
    session_close(&s);
}

static void the_row_number_follows_the_cursor(void **state)
{
    struct session s;
    SQLULEN number = 0;

    session_open(*state, &s, NULL);
    expect_stmt("E", s.stmt, SQLSetStmtAttr(s.stmt, SQL_ATTR_ROW_NUMBER, VALUE(3), SQL_IS_UINTEGER));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY092");
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT Id FROM [Types].[Types].[AllTypes]"));
    for (SQLULEN row = 1; row <= 8; row++) {
        expect_stmt("S", s.stmt, SQLFetch(s.stmt));
        expect_stmt("S", s.stmt, SQLGetStmtAttr(s.stmt, SQL_ATTR_ROW_NUMBER, &number, 0, NULL));
        assert_int_equal(number, row);
    }
    session_close(&s);
}

static void max_length_cuts_text_where_it_is_kept(void **state)
{
    struct session s;
    SQLULEN value = 0;

    session_open(*state, &s, NULL);
    SQLRETURN rc = SQLSetStmtAttr(s.stmt, SQL_ATTR_MAX_LENGTH, VALUE(5), SQL_IS_UINTEGER);
    expect_stmt("SI", s.stmt, rc);
    if (rc == SQL_SUCCESS_WITH_INFO)
        expect_state(SQL_HANDLE_STMT, s.stmt, "01S02");
    expect_stmt("S", s.stmt, SQLGetStmtAttr(s.stmt, SQL_ATTR_MAX_LENGTH, &value, 0, NULL));
    expect_rows(s.stmt, "SELECT VarcharCol FROM [Types].[Types].[AllTypes] WHERE Id = 1",
                value == 5 ? "plain\n" : "plain text\n");
    session_close(&s);
}

static const struct step connection_steps[] = {
    SET(SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_ONLY, "SI", NULL, (SQLULEN)-1),
    SET(SQL_ATTR_ACCESS_MODE, SQL_MODE_READ_WRITE, "S", NULL, SQL_MODE_READ_WRITE),
    SET(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_ON, "S", NULL, SQL_AUTOCOMMIT_ON),
    SET(SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF, "I", "01S02", SQL_AUTOCOMMIT_ON),
    SET(SQL_ATTR_AUTOCOMMIT, 9, "E", "HY024", SQL_AUTOCOMMIT_ON),
    SET(SQL_ATTR_CONNECTION_TIMEOUT, 30, "S", NULL, 30),
    SET(SQL_ATTR_CONNECTION_TIMEOUT, 0, "S", NULL, 0),
    SET(SQL_ATTR_LOGIN_TIMEOUT, 15, "S", NULL, 15),
    SET(SQL_ATTR_METADATA_ID, SQL_TRUE, "S", NULL, SQL_TRUE),
    SET(SQL_ATTR_METADATA_ID, SQL_FALSE, "S", NULL, SQL_FALSE),
    SET(SQL_ATTR_ASYNC_ENABLE, SQL_ASYNC_ENABLE_ON, "E", "HYC00", SQL_ASYNC_ENABLE_OFF),
    SET(SQL_ATTR_TXN_ISOLATION, SQL_TXN_READ_UNCOMMITTED, "S", NULL, SQL_TXN_READ_UNCOMMITTED),
};

static void connection_attributes_keep_or_refuse_values(void **state)
{
    static const SQLINTEGER unknown[] = {30002, 1227, 999999, -5};
    struct session s;
    int bad = 0;
    SQLUINTEGER value;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(connection_steps); i++) {
        const struct step *t = &connection_steps[i];
        char found[6] = "";
        value = 0xFEFE;
        char letter = return_letter(SQLSetConnectAttr(s.dbc, t->attribute, VALUE(t->value), SQL_IS_UINTEGER));
        if (letter != 'S')
            diagnostic(SQL_HANDLE_DBC, s.dbc, 1, found, NULL, NULL);
        SQLRETURN rc = SQLGetConnectAttr(s.dbc, t->attribute, &value, SQL_IS_UINTEGER, NULL);
        if (!strchr(t->letter, letter) || (t->state && strcmp(found, t->state) != 0) || rc != SQL_SUCCESS ||
            (t->after != (SQLULEN)-1 && value != t->after)) {
            print_error("%s = %lu: %c %s, then %c %u\n", t->name, (unsigned long)t->value, letter, found,
                        return_letter(rc), (unsigned)value);
            bad++;
        }
    }
    for (size_t i = 0; i < COUNT_OF(unknown); i++) {
        expect_dbc("E", s.dbc, SQLSetConnectAttr(s.dbc, unknown[i], VALUE(0), SQL_IS_UINTEGER));
        expect_state(SQL_HANDLE_DBC, s.dbc, "HY092");
    }
    expect_dbc("E", s.dbc, SQLSetConnectAttr(s.dbc, SQL_ATTR_TXN_ISOLATION, VALUE(SQL_TXN_SERIALIZABLE), 0));
    char *why = diagnostics(SQL_HANDLE_DBC, s.dbc);
    assert_true(strncmp(why, "HYC00", 5) == 0 || strncmp(why, "HY024", 5) == 0);
    free(why);
    expect_dbc("S", s.dbc, SQLGetConnectAttr(s.dbc, SQL_ATTR_CONNECTION_DEAD, &value, 0, NULL));
    assert_int_equal(value, SQL_CD_FALSE);
    expect_dbc("E", s.dbc, SQLSetConnectAttr(s.dbc, SQL_ATTR_CONNECTION_DEAD, VALUE(1), 0));
    assert_int_equal(bad, 0);
    session_close(&s);
}

/* SQLSetConnectOption Mapping, "Setting Statement Options on the Connection Level": the default of statements
 * that are made from then on. */
static void statement_attributes_of_a_connection(void **state)
{
    static const struct step steps[] = {
        SET(SQL_ATTR_QUERY_TIMEOUT, 7, "S", NULL, 7),
        SET(SQL_ATTR_QUERY_TIMEOUT, 301, "I", "01S02", 300),
        SET(SQL_ATTR_QUERY_TIMEOUT, 0, "S", NULL, 0),
        SET(SQL_ATTR_MAX_ROWS, 3, "S", NULL, 3),
        SET(SQL_ATTR_NOSCAN, SQL_NOSCAN_ON, "S", NULL, SQL_NOSCAN_ON),
        SET(SQL_ATTR_NOSCAN, 7, "E", "HY024", SQL_NOSCAN_ON),
        SET(SQL_ATTR_MAX_LENGTH, 100, "I", "01S02", 0),
        SET(SQL_ATTR_ROW_BIND_TYPE, 40, "S", NULL, 40),
        SET(SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_DYNAMIC, "I", "01S02", SQL_CURSOR_STATIC),
        SET(SQL_ATTR_CURSOR_TYPE, 99, "E", "HY024", SQL_CURSOR_STATIC),
        SET(SQL_ATTR_CONCURRENCY, SQL_CONCUR_ROWVER, "I", "01S02", SQL_CONCUR_READ_ONLY),
        SET(SQL_ATTR_RETRIEVE_DATA, SQL_RD_OFF, "S", NULL, SQL_RD_OFF),
        SET(SQL_ATTR_USE_BOOKMARKS, SQL_UB_VARIABLE, "S", NULL, SQL_UB_VARIABLE),
        SET(SQL_ATTR_SIMULATE_CURSOR, SQL_SC_UNIQUE, "I", "01S02", SQL_SC_NON_UNIQUE),
        SET(SQL_ROWSET_SIZE, 20, "S", NULL, 20),
        SET(SQL_ROWSET_SIZE, 0, "E", "HY024", 20),
    };
    struct session s;
    int bad = 0;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        const struct step *t = &steps[i];
        SQLULEN before = 0, kept = 0xFEFE, value = 0xFEFE;
        char found[6] = "";
        expect_stmt("S", s.stmt, SQLGetStmtAttr(s.stmt, t->attribute, &before, SQL_IS_UINTEGER, NULL));
        char letter = return_letter(SQLSetConnectAttr(s.dbc, t->attribute, VALUE(t->value), SQL_IS_UINTEGER));
        if (letter != 'S')
            diagnostic(SQL_HANDLE_DBC, s.dbc, 1, found, NULL, NULL);
        SQLHSTMT later = statement_open(s.dbc);
        expect_stmt("S", later, SQLGetStmtAttr(later, t->attribute, &value, SQL_IS_UINTEGER, NULL));
        expect_stmt("S", s.stmt, SQLGetStmtAttr(s.stmt, t->attribute, &kept, SQL_IS_UINTEGER, NULL));
        expect_stmt("S", later, SQLFreeHandle(SQL_HANDLE_STMT, later));
        if (*t->letter != letter || (t->state && strcmp(found, t->state) != 0) || value != t->after ||
            kept != before) {
            print_error("%s = %lu: %c %s, then %lu, of the old statement %lu; not %s %s %lu, %lu\n", t->name,
                        (unsigned long)t->value, letter, found, (unsigned long)value, (unsigned long)kept,
                        t->letter, t->state ? t->state : "", (unsigned long)t->after, (unsigned long)before);
            bad++;
        }
    }
    assert_int_equal(bad, 0);
    session_close(&s);
}

/* The same before connecting: they go before the data source's Timeout. */
static void statement_attributes_set_before_connecting(void **state)
{
    SQLHDBC dbc = dbc_open(*state);
    char *text = connection_string("Timeout=60");

    expect_dbc("S", dbc, SQLSetConnectAttr(dbc, SQL_ATTR_MAX_ROWS, VALUE(2), SQL_IS_UINTEGER));
    expect_dbc("S", dbc, SQLSetConnectAttr(dbc, SQL_ATTR_QUERY_TIMEOUT, VALUE(90), SQL_IS_UINTEGER));
    expect_dbc("SI", dbc, driver_connect(dbc, text));
    SQLHSTMT stmt = statement_open(dbc);
    SQLULEN timeout = 0;
    expect_stmt("S", stmt, SQLGetStmtAttr(stmt, SQL_ATTR_QUERY_TIMEOUT, &timeout, SQL_IS_UINTEGER, NULL));
    assert_int_equal(timeout, 90);
    expect_stmt("S", stmt, exec(stmt, "SELECT Id FROM [Types].[Types].[AllTypes]"));
    assert_int_equal(count_rows(stmt, NULL), 2);
    dbc_close(dbc);
    free(text);
}

/* A text attribute: NULL asks for the length; short buffers are cut; lengths in octets. */
static void the_current_catalog_is_a_text(void **state)
{
    struct session s;
    char text[20];
    SQLINTEGER length = -1;

    session_open(*state, &s, "DefaultCatalog=Workday;");
    expect_dbc("SI", s.dbc, SQLGetConnectAttr(s.dbc, SQL_ATTR_CURRENT_CATALOG, NULL, 0, &length));
    assert_int_equal(length, 7);
    for (SQLINTEGER size = 1; size <= 9; size++) {
        memset(text, 0x5A, sizeof text);
        expect_dbc(size > 7 ? "S" : "I", s.dbc,
                   SQLGetConnectAttr(s.dbc, SQL_ATTR_CURRENT_CATALOG, text, size, &length));
        assert_int_equal(length, 7);
        assert_int_equal(strlen(text), size > 7 ? 7 : size - 1);
        assert_int_equal(text[size > 7 ? 8 : size], 0x5A);
    }
    expect_dbc("S", s.dbc, SQLSetConnectAttr(s.dbc, SQL_ATTR_CURRENT_CATALOG, (SQLPOINTER) "Typesxx", 5));
    expect_rows(s.stmt, "SELECT COUNT(*) FROM Types.AllTypes", "8\n");
    session_close(&s);
}

static void environments_know_their_version(void **state)
{
    static const SQLINTEGER versions[] = {SQL_OV_ODBC2, SQL_OV_ODBC3,
                                          UNIXODBC_ONLY("ends with ODBC 3.52", SQL_OV_ODBC3_80)};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(versions); i++) {
        SQLHENV env = environment_open(versions[i]);
        SQLINTEGER value = 0;
        expect_env("S", env, SQLGetEnvAttr(env, SQL_ATTR_ODBC_VERSION, &value, 0, NULL));
        assert_int_equal(value, versions[i]);
        expect_env("S", env, SQLGetEnvAttr(env, SQL_ATTR_OUTPUT_NTS, &value, 0, NULL));
        assert_int_equal(value, SQL_TRUE);
        SQLFreeHandle(SQL_HANDLE_ENV, env);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(statement_attributes_begin_with_their_defaults),
        cmocka_unit_test(statement_attributes_keep_or_refuse_values),
        UNIXODBC_ONLY("refuses unknown attributes itself, with IM001",
                      cmocka_unit_test(unknown_statement_attributes_are_hy092), )
            cmocka_unit_test(some_cannot_change_while_a_cursor_is_open),
        cmocka_unit_test(the_row_number_follows_the_cursor),
        cmocka_unit_test(max_length_cuts_text_where_it_is_kept),
        cmocka_unit_test(connection_attributes_keep_or_refuse_values),
        cmocka_unit_test(statement_attributes_of_a_connection),
        UNIXODBC_ONLY("the manager hands on those of connections alone",
                      cmocka_unit_test(statement_attributes_set_before_connecting), )
            UNIXODBC_ONLY("gives the lengths of wide text for narrow text",
                          cmocka_unit_test(the_current_catalog_is_a_text), )
                cmocka_unit_test(environments_know_their_version),
    };

    return harness_main("test_attribute", NULL, tests, COUNT_OF(tests));
}
