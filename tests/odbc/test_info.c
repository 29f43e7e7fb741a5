/*
 * SQLGetInfo: every information type of ODBC 3.8 by width and value, in every buffer, narrow and wide; what
 * is not defined is refused. Every function, interval and construct that is claimed really works
 * (test_info_claims.c).
 *
 * Must not know the driver's own table: the values are those the design decided, type by type.
 */
#include "harness.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum width { WIDTH_TEXT, WIDTH_SHORT, WIDTH_LONG };

static const struct answer {
    SQLUSMALLINT type;
    enum width width;
    SQLUINTEGER number;
    const char *text; /* NULL: any text */
} answers[] = {
#define TEXT(type, value)          \
    {                              \
        type, WIDTH_TEXT, 0, value \
    }
#define SHORT(type, value)             \
    {                                  \
        type, WIDTH_SHORT, value, NULL \
    }
#define LONG(type, value)             \
    {                                 \
        type, WIDTH_LONG, value, NULL \
    }
    TEXT(SQL_ACCESSIBLE_TABLES, "N"),
    TEXT(SQL_ACCESSIBLE_PROCEDURES, "N"),
    TEXT(SQL_ROW_UPDATES, "N"),
    TEXT(SQL_SEARCH_PATTERN_ESCAPE, "\\"),
    TEXT(SQL_DBMS_NAME, "CData Connect AI"),
    TEXT(SQL_DRIVER_NAME, "libconnectaiodbc.so"),
    TEXT(SQL_DRIVER_ODBC_VER, "03.80"),
    TEXT(SQL_PROCEDURES, "Y"),
    TEXT(SQL_PROCEDURE_TERM, "procedure"),
    TEXT(SQL_DATA_SOURCE_READ_ONLY, "N"),
    TEXT(SQL_MULTIPLE_ACTIVE_TXN, "N"),
    TEXT(SQL_EXPRESSIONS_IN_ORDERBY, "N"),
    TEXT(SQL_ORDER_BY_COLUMNS_IN_SELECT, "N"),
    TEXT(SQL_IDENTIFIER_QUOTE_CHAR, "\""),
    TEXT(SQL_MULT_RESULT_SETS, "Y"),
    TEXT(SQL_OUTER_JOINS, "Y"),
    TEXT(SQL_SCHEMA_TERM, "schema"),
    TEXT(SQL_CATALOG_TERM, "catalog"),
    TEXT(SQL_TABLE_TERM, "table"),
    TEXT(SQL_CATALOG_NAME_SEPARATOR, "."),
    TEXT(SQL_CATALOG_NAME, "Y"),
    TEXT(SQL_USER_NAME, HARNESS_USER),
    TEXT(SQL_COLLATION_SEQ, ""),
    TEXT(SQL_SPECIAL_CHARACTERS, " !#$%&'()*+,-./:;<=>?@^`{}~"),
    TEXT(SQL_INTEGRITY, "N"),
    TEXT(SQL_COLUMN_ALIAS, "Y"),
    TEXT(SQL_MAX_ROW_SIZE_INCLUDES_LONG, "Y"),
    TEXT(SQL_NEED_LONG_DATA_LEN, "N"),
    TEXT(SQL_LIKE_ESCAPE_CLAUSE, "N"),
    TEXT(SQL_DESCRIBE_PARAMETER, "Y"),
    TEXT(SQL_DATABASE_NAME, ""),
    TEXT(SQL_DRIVER_VER, NULL),
    TEXT(SQL_DBMS_VER, NULL),
    TEXT(SQL_SERVER_NAME, NULL),
    TEXT(SQL_KEYWORDS, NULL),
    TEXT(SQL_DATA_SOURCE_NAME, NULL),
    TEXT(SQL_ODBC_VER, NULL),
    TEXT(SQL_DM_VER, NULL),
    TEXT(SQL_XOPEN_CLI_YEAR, NULL),
    SHORT(SQL_MAX_DRIVER_CONNECTIONS, 0),
    SHORT(SQL_MAX_CONCURRENT_ACTIVITIES, 0),
    SHORT(SQL_ACTIVE_ENVIRONMENTS, 0),
    SHORT(SQL_ODBC_API_CONFORMANCE, SQL_OAC_LEVEL1),
    SHORT(SQL_ODBC_SAG_CLI_CONFORMANCE, 1),
    SHORT(SQL_ODBC_SQL_CONFORMANCE, SQL_OSC_CORE),
    SHORT(SQL_CONCAT_NULL_BEHAVIOR, SQL_CB_NULL),
    SHORT(SQL_CURSOR_COMMIT_BEHAVIOR, SQL_CB_PRESERVE),
    SHORT(SQL_CURSOR_ROLLBACK_BEHAVIOR, SQL_CB_PRESERVE),
    SHORT(SQL_TXN_CAPABLE, SQL_TC_NONE),
    SHORT(SQL_IDENTIFIER_CASE, SQL_IC_MIXED),
    SHORT(SQL_QUOTED_IDENTIFIER_CASE, SQL_IC_MIXED),
    SHORT(SQL_MAX_COLUMN_NAME_LEN, 255),
    SHORT(SQL_MAX_SCHEMA_NAME_LEN, 255),
    SHORT(SQL_MAX_CATALOG_NAME_LEN, 255),
    SHORT(SQL_MAX_TABLE_NAME_LEN, 255),
    SHORT(SQL_MAX_PROCEDURE_NAME_LEN, 255),
    SHORT(SQL_MAX_CURSOR_NAME_LEN, 128),
    SHORT(SQL_MAX_USER_NAME_LEN, 0),
    SHORT(SQL_MAX_IDENTIFIER_LEN, 255),
    SHORT(SQL_CATALOG_LOCATION, SQL_CL_START),
    SHORT(SQL_NON_NULLABLE_COLUMNS, SQL_NNC_NON_NULL),
    SHORT(SQL_CORRELATION_NAME, SQL_CN_ANY),
    SHORT(SQL_FILE_USAGE, SQL_FILE_NOT_SUPPORTED),
    SHORT(SQL_NULL_COLLATION, SQL_NC_LOW),
    SHORT(SQL_GROUP_BY, SQL_GB_GROUP_BY_CONTAINS_SELECT),
    SHORT(SQL_MAX_COLUMNS_IN_GROUP_BY, 0),
    SHORT(SQL_MAX_COLUMNS_IN_INDEX, 0),
    SHORT(SQL_MAX_COLUMNS_IN_ORDER_BY, 0),
    SHORT(SQL_MAX_COLUMNS_IN_SELECT, 0),
    SHORT(SQL_MAX_COLUMNS_IN_TABLE, 0),
    SHORT(SQL_MAX_TABLES_IN_SELECT, 0),
    LONG(SQL_FETCH_DIRECTION, 0xBF),
    LONG(SQL_SCROLL_CONCURRENCY, SQL_SCCO_READ_ONLY),
    LONG(SQL_SCROLL_OPTIONS, SQL_SO_FORWARD_ONLY | SQL_SO_STATIC),
    LONG(SQL_LOCK_TYPES, 0),
    LONG(SQL_POS_OPERATIONS, SQL_POS_POSITION | SQL_POS_REFRESH),
    LONG(SQL_POSITIONED_STATEMENTS, 0),
    LONG(SQL_STATIC_SENSITIVITY, 0),
    LONG(SQL_DEFAULT_TXN_ISOLATION, 0),
    LONG(SQL_TXN_ISOLATION_OPTION, 0),
    LONG(SQL_OJ_CAPABILITIES, 0x7F),
    LONG(65003, 0x7F), /* what SQL_OJ_CAPABILITIES was in ODBC 2.01 */
    LONG(SQL_CONVERT_FUNCTIONS, 0x3),
    LONG(SQL_CONVERT_BIGINT, 0x00A071FF),
    LONG(SQL_CONVERT_BINARY, 0x00A00D01),
    LONG(SQL_CONVERT_BIT, 0x00A071FF),
    LONG(SQL_CONVERT_CHAR, 0x01A3F1FF),
    LONG(SQL_CONVERT_DATE, 0x00A28101),
    LONG(SQL_CONVERT_DECIMAL, 0x00A071FF),
    LONG(SQL_CONVERT_DOUBLE, 0x00A071FF),
    LONG(SQL_CONVERT_FLOAT, 0x00A071FF),
    LONG(SQL_CONVERT_INTEGER, 0x00A071FF),
    LONG(SQL_CONVERT_LONGVARCHAR, 0x01A3F1FF),
    LONG(SQL_CONVERT_NUMERIC, 0x00A071FF),
    LONG(SQL_CONVERT_REAL, 0x00A071FF),
    LONG(SQL_CONVERT_SMALLINT, 0x00A071FF),
    LONG(SQL_CONVERT_TIME, 0x00A10101),
    LONG(SQL_CONVERT_TIMESTAMP, 0x00A38101),
    LONG(SQL_CONVERT_TINYINT, 0x00A071FF),
    LONG(SQL_CONVERT_VARBINARY, 0x00A00D01),
    LONG(SQL_CONVERT_VARCHAR, 0x01A3F1FF),
    LONG(SQL_CONVERT_LONGVARBINARY, 0),
    LONG(SQL_CONVERT_WCHAR, 0x01A3F1FF),
    LONG(SQL_CONVERT_WLONGVARCHAR, 0x01A3F1FF),
    LONG(SQL_CONVERT_WVARCHAR, 0x01A3F1FF),
    LONG(SQL_CONVERT_GUID, 0x01A00101),
    LONG(SQL_CONVERT_INTERVAL_DAY_TIME, 0),
    LONG(SQL_CONVERT_INTERVAL_YEAR_MONTH, 0),
    LONG(SQL_NUMERIC_FUNCTIONS, 0x00FFFFFF),
    LONG(SQL_STRING_FUNCTIONS, 0x00F77FFF),
    LONG(SQL_SYSTEM_FUNCTIONS, 0x7),
    LONG(SQL_TIMEDATE_FUNCTIONS, 0x001BFDFF),
    LONG(SQL_TIMEDATE_ADD_INTERVALS, 0x1FE),
    LONG(SQL_TIMEDATE_DIFF_INTERVALS, 0x1E),
    LONG(SQL_GETDATA_EXTENSIONS, 0xF),
    LONG(SQL_BOOKMARK_PERSISTENCE, 0),
    LONG(SQL_ALTER_TABLE, 0),
    LONG(SQL_ALTER_DOMAIN, 0),
    LONG(SQL_SCHEMA_USAGE, 0x3),
    LONG(SQL_CATALOG_USAGE, 0x3),
    LONG(SQL_SUBQUERIES, 0x5),
    LONG(SQL_UNION, 0x3),
    LONG(SQL_MAX_INDEX_SIZE, 0),
    LONG(SQL_MAX_ROW_SIZE, 0),
    LONG(SQL_MAX_STATEMENT_LEN, 0),
    LONG(SQL_MAX_CHAR_LITERAL_LEN, 0),
    LONG(SQL_MAX_BINARY_LITERAL_LEN, 0),
    LONG(SQL_SQL_CONFORMANCE, SQL_SC_SQL92_ENTRY),
    LONG(SQL_DATETIME_LITERALS, 0),
    LONG(SQL_BATCH_ROW_COUNT, 0),
    LONG(SQL_BATCH_SUPPORT, 0),
    LONG(SQL_CREATE_ASSERTION, 0),
    LONG(SQL_CREATE_CHARACTER_SET, 0),
    LONG(SQL_CREATE_COLLATION, 0),
    LONG(SQL_CREATE_DOMAIN, 0),
    LONG(SQL_CREATE_SCHEMA, 0),
    LONG(SQL_CREATE_TABLE, 0),
    LONG(SQL_CREATE_TRANSLATION, 0),
    LONG(SQL_CREATE_VIEW, 0),
    LONG(SQL_DROP_ASSERTION, 0),
    LONG(SQL_DROP_CHARACTER_SET, 0),
    LONG(SQL_DROP_COLLATION, 0),
    LONG(SQL_DROP_DOMAIN, 0),
    LONG(SQL_DROP_SCHEMA, 0),
    LONG(SQL_DROP_TABLE, 0),
    LONG(SQL_DROP_TRANSLATION, 0),
    LONG(SQL_DROP_VIEW, 0),
    LONG(SQL_DYNAMIC_CURSOR_ATTRIBUTES1, 0),
    LONG(SQL_DYNAMIC_CURSOR_ATTRIBUTES2, 0),
    LONG(SQL_KEYSET_CURSOR_ATTRIBUTES1, 0),
    LONG(SQL_KEYSET_CURSOR_ATTRIBUTES2, 0),
    LONG(SQL_STATIC_CURSOR_ATTRIBUTES1, 0x120F),
    LONG(SQL_STATIC_CURSOR_ATTRIBUTES2, 0x1881),
    LONG(SQL_FORWARD_ONLY_CURSOR_ATTRIBUTES1, SQL_CA1_NEXT | SQL_CA1_POS_POSITION | SQL_CA1_POS_REFRESH),
    LONG(SQL_FORWARD_ONLY_CURSOR_ATTRIBUTES2, 0x881),
    LONG(SQL_INDEX_KEYWORDS, SQL_IK_NONE),
    LONG(SQL_DDL_INDEX, 0),
    LONG(SQL_INFO_SCHEMA_VIEWS, 0),
    LONG(SQL_ODBC_INTERFACE_CONFORMANCE, SQL_OIC_CORE),
    LONG(SQL_PARAM_ARRAY_ROW_COUNTS, SQL_PARC_NO_BATCH),
    LONG(SQL_SQL92_DATETIME_FUNCTIONS, 0),
    LONG(SQL_SQL92_NUMERIC_VALUE_FUNCTIONS, 0x32),
    LONG(SQL_SQL92_STRING_FUNCTIONS, 0x6),
    LONG(SQL_SQL92_FOREIGN_KEY_DELETE_RULE, 0),
    LONG(SQL_SQL92_FOREIGN_KEY_UPDATE_RULE, 0),
    LONG(SQL_SQL92_GRANT, 0),
    LONG(SQL_SQL92_REVOKE, 0),
    LONG(SQL_SQL92_ROW_VALUE_CONSTRUCTOR, 0),
    LONG(SQL_SQL92_PREDICATES, 0x1E06),
    LONG(SQL_SQL92_RELATIONAL_JOIN_OPERATORS, 0x158),
    LONG(SQL_SQL92_VALUE_EXPRESSIONS, 0xB),
    LONG(SQL_STANDARD_CLI_CONFORMANCE, 0x3),
    LONG(SQL_AGGREGATE_FUNCTIONS, 0x7F),
    LONG(SQL_INSERT_STATEMENT, 0x3),
    LONG(SQL_CURSOR_SENSITIVITY, SQL_INSENSITIVE),
    LONG(SQL_ASYNC_MODE, SQL_AM_NONE),
    LONG(SQL_MAX_ASYNC_CONCURRENT_STATEMENTS, 0),
    LONG(SQL_ASYNC_DBC_FUNCTIONS, 0),
    LONG(SQL_DRIVER_AWARE_POOLING_SUPPORTED, 0),
    LONG(SQL_ASYNC_NOTIFICATION, 0),
    LONG(SQL_DTC_TRANSITION_COST, 0),
    LONG(174, 0),
    LONG(175, 0),
    LONG(176, 0),
    LONG(177, 0),
    LONG(178, 0),
    LONG(179, 0),
    LONG(180, 0),
    LONG(181, 0),
};

/* The manager answers these from itself; through it they are only known to succeed. */
static bool is_managers(SQLUSMALLINT type)
{
    static const SQLUSMALLINT own[] = {SQL_DRIVER_HDBC,      SQL_DRIVER_HENV,
                                       SQL_DRIVER_HSTMT,     SQL_DRIVER_HLIB,
                                       SQL_DRIVER_HDESC,     SQL_ODBC_VER,
                                       SQL_DM_VER,           SQL_XOPEN_CLI_YEAR,
                                       SQL_DATA_SOURCE_NAME, UNIXODBC_ONLY("has no threading level", 1028)};

    for (size_t i = 0; i < COUNT_OF(own); i++)
        if (own[i] == type)
            return true;
    return false;
}

static void numbers_have_their_width_and_value(void **state)
{
    struct session s;
    int bad = 0;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        const struct answer *a = &answers[i];
        size_t octets = a->width == WIDTH_SHORT ? 2 : 4;
        unsigned char buffer[16];
        SQLSMALLINT length = -1;
        SQLUINTEGER number = 0;
        SQLUSMALLINT half;
        if (a->width == WIDTH_TEXT)
            continue;
        memset(buffer, 0xA5, sizeof buffer);
        /* The capacity means nothing for a number. */
        SQLRETURN rc = SQLGetInfo(s.dbc, a->type, buffer, (SQLSMALLINT)(i % 3), &length);
        size_t written = sizeof buffer;
        while (written > 0 && buffer[written - 1] == 0xA5)
            written--;
        memcpy(&half, buffer, sizeof half);
        memcpy(&number, buffer, sizeof number);
        if (a->width == WIDTH_SHORT)
            number = half;
        if (rc != SQL_SUCCESS || number != a->number || length != (SQLSMALLINT)octets || written != octets) {
            print_error("type %u: %c, 0x%X in %zu octets, length %d, not 0x%X in %zu\n", a->type,
                        return_letter(rc), (unsigned)number, written, length, (unsigned)a->number, octets);
            bad++;
        }
        expect_dbc("S", s.dbc, SQLGetInfo(s.dbc, a->type, NULL, 0, &length));
        expect_dbc("S", s.dbc, SQLGetInfo(s.dbc, a->type, buffer, 0, NULL));
    }
    assert_int_equal(bad, 0);
    session_close(&s);
}

/* One text type into narrow buffers of every interesting size; the octets behind the buffer stay. */
static void check_narrow(SQLHDBC dbc, SQLUSMALLINT type, const char *expected)
{
    SQLSMALLINT full = (SQLSMALLINT)strlen(expected), length = -1;
    const SQLSMALLINT sizes[] = {0, 1, 2, full, (SQLSMALLINT)(full + 1), (SQLSMALLINT)(full + 2)};

    expect_dbc("S", dbc, SQLGetInfo(dbc, type, NULL, 0, &length));
    assert_int_equal(length, full);
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        SQLSMALLINT size = sizes[i];
        char buffer[400];
        memset(buffer, 0x5A, sizeof buffer);
        length = -1;
        expect_dbc(size > full ? "S" : "I", dbc, SQLGetInfo(dbc, type, buffer, size, &length));
        assert_int_equal(length, full);
        if (size <= full)
            expect_state(SQL_HANDLE_DBC, dbc, "01004");
        if (size > 0) {
            assert_true(strlen(buffer) <= (size_t)size - 1);
            assert_int_equal(strncmp(buffer, expected, (size_t)size - 1), 0);
        }
        assert_int_equal((unsigned char)buffer[size > full ? full + 1 : size], 0x5A);
    }
}

static void check_wide(SQLHDBC dbc, SQLUSMALLINT type, const char *expected)
{
    enum { UNIT = sizeof(SQLWCHAR) };
    SQLWCHAR *text = wide_from(expected);
    SQLSMALLINT full = (SQLSMALLINT)(wide_length(text) * sizeof *text), length = -1;
    const SQLSMALLINT sizes[] = {
        0, UNIT, 2 * UNIT, full, (SQLSMALLINT)(full + UNIT), (SQLSMALLINT)(full + 2 * UNIT)};

    expect_dbc("S", dbc, SQLGetInfoW(dbc, type, NULL, 0, &length));
    assert_int_equal(length, full);
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        SQLSMALLINT size = sizes[i];
        SQLWCHAR buffer[400];
        memset(buffer, 0x5A, sizeof buffer);
        length = -1;
        expect_dbc(size > full ? "S" : "I", dbc, SQLGetInfoW(dbc, type, buffer, size, &length));
        assert_int_equal(length, full);
        size_t room = (size_t)size / sizeof *buffer, kept = size > full ? (size_t)full / UNIT
                                                            : room > 0  ? room - 1
                                                                        : 0;
        assert_memory_equal(buffer, text, kept * sizeof *buffer);
        if (room > 0)
            assert_int_equal(buffer[kept], 0);
        assert_memory_equal(&buffer[size > full ? kept + 1 : room], "ZZZZ", UNIT);
    }
    free(text);
}

/* A connection made by the wide function, so that the manager hands wide calls on as they are. */
static void connect_wide(SQLHDBC dbc)
{
    char *narrow = connection_string(NULL);
    SQLWCHAR *wide = wide_from(narrow);

    expect_dbc("SI", dbc, SQLDriverConnectW(dbc, NULL, wide, SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT));
    free(wide);
    free(narrow);
}

static void texts_fit_every_buffer(void **state)
{
    struct harness *h = *state;
    struct session s;
    SQLHDBC wide;

    session_open(h, &s, NULL);
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_DBC, h->env, &wide), SQL_SUCCESS);
    connect_wide(wide);
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        const struct answer *a = &answers[i];
        if (a->width != WIDTH_TEXT || is_managers(a->type))
            continue;
        char buffer[400];
        const char *expected = a->text ? a->text : buffer;
        expect_dbc("S", s.dbc, SQLGetInfo(s.dbc, a->type, buffer, sizeof buffer, NULL));
        if (strcmp(buffer, expected) != 0)
            fail_msg("type %u: \"%s\", not \"%s\"", a->type, buffer, expected);
        UNIXODBC_ONLY("gives the lengths of wide text for narrow text", check_narrow(s.dbc, a->type, buffer);)
        check_wide(wide, a->type, buffer);
    }
    SQLWCHAR odd[20];
    SQLSMALLINT length;
    expect_dbc("E", wide, SQLGetInfoW(wide, SQL_DBMS_NAME, odd, 7, &length));
    expect_state(SQL_HANDLE_DBC, wide, "HY090");
    expect_dbc("E", s.dbc, SQLGetInfo(s.dbc, SQL_DBMS_NAME, odd, -1, &length));
    expect_state(SQL_HANDLE_DBC, s.dbc, "HY090");
    expect_dbc("S", wide, SQLDisconnect(wide));
    SQLFreeHandle(SQL_HANDLE_DBC, wide);
    session_close(&s);
}

static bool is_listed(SQLUSMALLINT type)
{
    for (size_t i = 0; i < COUNT_OF(answers); i++)
        if (answers[i].type == type)
            return true;
    return is_managers(type) || type == SQL_PARAM_ARRAY_SELECTS;
}

static void what_is_listed_succeeds_and_the_rest_is_hy096(void **state)
{
    struct session s;
    int bad = 0;

    session_open(*state, &s, NULL);
    for (unsigned type = 0; type < 20000; type = type == 299     ? 1000
                                                 : type == 1999  ? 9990
                                                 : type == 10099 ? 20000
                                                                 : type + 1) {
        char buffer[400];
        SQLSMALLINT length;
        char found[6] = "";
        SQLUSMALLINT id = (SQLUSMALLINT)type;
        if (id == SQL_DRIVER_HSTMT || id == SQL_DRIVER_HDESC)
            continue; /* these read a handle from the buffer */
        SQLRETURN rc = SQLGetInfo(s.dbc, id, buffer, sizeof buffer, &length);
        bool refused = rc == SQL_ERROR && diagnostic(SQL_HANDLE_DBC, s.dbc, 1, found, NULL, NULL) &&
                       strcmp(found, "HY096") == 0;
        if (is_listed(id) ? rc != SQL_SUCCESS : !refused)
            bad += (print_error("type %u: %c %s\n", type, return_letter(rc), found), 1);
    }
    assert_int_equal(bad, 0);
    session_close(&s);
}

/* ##.##.#### and whatever follows. */
static bool is_version(const char *text)
{
    static const char form[] = "##.##.####";

    for (size_t i = 0; i < sizeof form - 1; i++)
        if (form[i] == '#' ? !isdigit((unsigned char)text[i]) : text[i] != form[i])
            return false;
    return true;
}

static void texts_without_a_fixed_value_have_their_form(void **state)
{
    struct session s;
    char text[400];

    session_open(*state, &s, NULL);
    static const SQLUSMALLINT versions[] = {SQL_DRIVER_VER, SQL_DBMS_VER};
    for (size_t i = 0; i < COUNT_OF(versions); i++) {
        expect_dbc("S", s.dbc, SQLGetInfo(s.dbc, versions[i], text, sizeof text, NULL));
        assert_true(is_version(text));
    }
    expect_dbc("S", s.dbc, SQLGetInfo(s.dbc, SQL_SERVER_NAME, text, sizeof text, NULL));
    assert_non_null(strstr(text, "127.0.0.1"));
    expect_dbc("S", s.dbc, SQLGetInfo(s.dbc, SQL_DATA_SOURCE_NAME, text, sizeof text, NULL));
    expect_text(text, HARNESS_DSN);
    /* Words of the dialect, in capitals, commas between and no blanks. */
    expect_dbc("S", s.dbc, SQLGetInfo(s.dbc, SQL_KEYWORDS, text, sizeof text, NULL));
    char *words = text_format(",%s,", text);
    assert_non_null(strstr(words, ",LIMIT,"));
    assert_non_null(strstr(words, ",OFFSET,"));
    assert_null(strstr(words, ",SELECT,"));
    for (const char *p = words; *p; p++)
        assert_true(isupper((unsigned char)*p) || isdigit((unsigned char)*p) || strchr(",_", *p));
    free(words);
    session_close(&s);
}

static void some_answers_follow_the_connection(void **state)
{
    struct session s;
    char text[100];
    SQLINTEGER length;

    session_open(*state, &s, "DefaultCatalog=Types;ReadOnly=1;");
    expect_dbc("S", s.dbc, SQLGetInfo(s.dbc, SQL_DATABASE_NAME, text, sizeof text, NULL));
    expect_text(text, "Types");
    expect_dbc("S", s.dbc, SQLGetInfo(s.dbc, SQL_DATA_SOURCE_READ_ONLY, text, sizeof text, NULL));
    expect_text(text, "Y");
    expect_dbc("S", s.dbc,
               SQLSetConnectAttr(s.dbc, SQL_ATTR_CURRENT_CATALOG, (SQLPOINTER) "Workday", SQL_NTS));
    expect_dbc("S", s.dbc, SQLGetInfo(s.dbc, SQL_DATABASE_NAME, text, sizeof text, NULL));
    expect_text(text, "Workday");
    expect_dbc("S", s.dbc, SQLGetConnectAttr(s.dbc, SQL_ATTR_CURRENT_CATALOG, text, sizeof text, &length));
    expect_text(text, "Workday");
    session_close(&s);
}

static void asking_costs_no_request(void **state)
{
    struct harness *h = *state;
    struct session s;
    char text[400];

    session_open(h, &s, NULL);
    requests_clear(&h->service);
    for (size_t i = 0; i < COUNT_OF(answers); i++)
        expect_dbc("S", s.dbc, SQLGetInfo(s.dbc, answers[i].type, text, sizeof text, NULL));
    assert_int_equal(requests_count(&h->service, NULL, NULL, NULL), 0);
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_their_width_and_value),
        cmocka_unit_test(texts_fit_every_buffer),
        cmocka_unit_test(what_is_listed_succeeds_and_the_rest_is_hy096),
        cmocka_unit_test(texts_without_a_fixed_value_have_their_form),
        cmocka_unit_test(some_answers_follow_the_connection),
        cmocka_unit_test(asking_costs_no_request),
    };

    return harness_main("test_info", NULL, tests, COUNT_OF(tests));
}
