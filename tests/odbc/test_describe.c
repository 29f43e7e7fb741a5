/*
 * Description of results: SQLDescribeCol, SQLColAttribute, SQLColumns and SQLGetTypeInfo say the same of
 * every type; describing after SQLPrepare costs one request and runs nothing.
 *
 * Must not know how the driver derives sizes: the table below is that of the design (types the driver
 * reports) and of Appendix D (column size, decimal digits, octet length, display size).
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#define WIDE      sizeof(SQLWCHAR)
#define ALL_TYPES "[Types].[Types].[AllTypes]"

static const struct type {
    const char *column, *type_name, *prefix, *suffix;
    SQLLEN concise, verbose, size, octets, display, precision, scale, digits, radix, is_unsigned, searchable;
} types[] = {
    {"BinaryCol", "BINARY", NULL, NULL, SQL_VARBINARY, SQL_VARBINARY, 100, 100, 200, -1, 0, 0, 0, 1, -1},
    {"LongBinaryCol", "BINARY", NULL, NULL, SQL_LONGVARBINARY, SQL_LONGVARBINARY, 1000000, 1000000, 2000000,
     -1, 0, 0, 0, 1, -1},
    {"VarcharCol", "VARCHAR", "'", "'", SQL_WVARCHAR, SQL_WVARCHAR, 255, 255 * WIDE, 255, -1, 0, 0, 0, 1,
     SQL_PRED_SEARCHABLE},
    {"LongVarcharCol", "VARCHAR", "'", "'", SQL_WLONGVARCHAR, SQL_WLONGVARCHAR, 1000000, 1000000 * WIDE,
     1000000, -1, 0, 0, 0, 1, SQL_PRED_SEARCHABLE},
    {"TinyintCol", "TINYINT", "", "", SQL_TINYINT, SQL_TINYINT, 3, 1, 4, 3, 0, 0, 10, 0, SQL_PRED_BASIC},
    {"SmallintCol", "SMALLINT", "", "", SQL_SMALLINT, SQL_SMALLINT, 5, 2, 6, 5, 0, 0, 10, 0, SQL_PRED_BASIC},
    {"IntegerCol", "INTEGER", "", "", SQL_INTEGER, SQL_INTEGER, 10, 4, 11, 10, 0, 0, 10, 0, SQL_PRED_BASIC},
    {"BigintCol", "BIGINT", "", "", SQL_BIGINT, SQL_BIGINT, 19, 8, 20, 19, 0, 0, 10, 0, SQL_PRED_BASIC},
    {"FloatCol", "FLOAT", "", "", SQL_FLOAT, SQL_FLOAT, 15, 8, 24, 15, 0, 0, 10, 0, SQL_PRED_BASIC},
    {"DoubleCol", "DOUBLE", "", "", SQL_DOUBLE, SQL_DOUBLE, 15, 8, 24, 15, 0, 0, 10, 0, SQL_PRED_BASIC},
    {"DecimalCol", "DECIMAL", "", "", SQL_DECIMAL, SQL_DECIMAL, 38, 40, 40, 38, 10, 10, 10, 0,
     SQL_PRED_BASIC},
    {"NumericCol", "NUMERIC", "", "", SQL_NUMERIC, SQL_NUMERIC, 38, 40, 40, 38, 0, 0, 10, 0, SQL_PRED_BASIC},
    {"BooleanCol", "BOOLEAN", "", "", SQL_BIT, SQL_BIT, 1, 1, 1, -1, 0, 0, 0, 1, SQL_PRED_BASIC},
    {"DateCol", "DATE", "{d '", "'}", SQL_TYPE_DATE, SQL_DATETIME, 10, 6, 10, 0, 0, 0, 0, 1, SQL_PRED_BASIC},
    {"TimeCol", "TIME", "{t '", "'}", SQL_TYPE_TIME, SQL_DATETIME, 16, 6, 16, 7, -1, 7, 0, 1, SQL_PRED_BASIC},
    {"TimestampCol", "TIMESTAMP", "{ts '", "'}", SQL_TYPE_TIMESTAMP, SQL_DATETIME, 26, 16, 27, 6, -1, 6, 0, 1,
     SQL_PRED_BASIC},
    {"UuidCol", "UUID", NULL, NULL, SQL_GUID, SQL_GUID, 36, 16, 36, -1, 0, 0, 0, 1, SQL_PRED_BASIC},
};

static const char all_columns[] = "SELECT BinaryCol, LongBinaryCol, VarcharCol, LongVarcharCol, TinyintCol, "
                                  "SmallintCol, IntegerCol, BigintCol, "
                                  "FloatCol, DoubleCol, DecimalCol, NumericCol, BooleanCol, DateCol, "
                                  "TimeCol, TimestampCol, UuidCol FROM " ALL_TYPES;

/* Counts and shows a difference; -1 expects nothing. */
static int differs(const char *column, const char *what, SQLLEN seen, SQLLEN expected)
{
    if (expected == -1 || seen == expected)
        return 0;
    print_error("%s: %s is %ld, not %ld\n", column, what, (long)seen, (long)expected);
    return 1;
}

static int differs_text(const char *column, const char *what, const char *seen, const char *expected)
{
    if (!expected || (seen && strcmp(seen, expected) == 0))
        return 0;
    print_error("%s: %s is \"%s\", not \"%s\"\n", column, what, seen ? seen : "<null>", expected);
    return 1;
}

static SQLLEN attribute(SQLHSTMT stmt, SQLUSMALLINT column, SQLUSMALLINT field)
{
    SQLLEN number = -4242;

    expect_stmt("S", stmt, SQLColAttribute(stmt, column, field, NULL, 0, NULL, &number));
    return number;
}

/* A text field through both widths, which must agree; to be freed. */
static char *attribute_text(SQLHSTMT stmt, SQLUSMALLINT column, SQLUSMALLINT field)
{
    char narrow[300];
    SQLWCHAR wide[300];
    SQLSMALLINT octets = -1, wide_octets = -1;

    expect_stmt("S", stmt, SQLColAttribute(stmt, column, field, narrow, sizeof narrow, &octets, NULL));
    expect_stmt("S", stmt, SQLColAttributeW(stmt, column, field, wide, sizeof wide, &wide_octets, NULL));
    assert_int_equal(octets, strlen(narrow));
    assert_int_equal(wide_octets, wide_length(wide) * sizeof *wide);
    char *text = narrow_from(wide, SQL_NTS);
    expect_text(narrow, text);
    return text;
}

static int compare_text(SQLHSTMT stmt, SQLUSMALLINT column, SQLUSMALLINT field, const char *what,
                        const char *expected)
{
    char *seen = attribute_text(stmt, column, field);
    int differences = differs_text(types[column - 1].column, what, seen, expected);

    free(seen);
    return differences;
}

/* Everything SQLDescribeCol and SQLColAttribute say of column n of all_columns. */
static int compare_column(SQLHSTMT stmt, SQLUSMALLINT n)
{
    const struct type *t = &types[n - 1];
    const struct {
        const char *name;
        SQLUSMALLINT field;
        SQLLEN expected;
    } fields[] = {
        {"CONCISE_TYPE", SQL_DESC_CONCISE_TYPE, t->concise},
        {"TYPE", SQL_DESC_TYPE, t->verbose},
        {"LENGTH", SQL_DESC_LENGTH,
         t->radix == 0 && t->concise != SQL_BIT && t->concise != SQL_GUID ? t->size : -1},
        {"OCTET_LENGTH", SQL_DESC_OCTET_LENGTH, t->octets},
        {"DISPLAY_SIZE", SQL_DESC_DISPLAY_SIZE, t->display},
        {"PRECISION", SQL_DESC_PRECISION, t->precision},
        {"SCALE", SQL_DESC_SCALE, t->scale},
        {"COLUMN_LENGTH", SQL_COLUMN_LENGTH, t->octets},
        {"COLUMN_PRECISION", SQL_COLUMN_PRECISION, t->size},
        {"COLUMN_SCALE", SQL_COLUMN_SCALE, t->digits},
        {"COLUMN_NULLABLE", SQL_COLUMN_NULLABLE, SQL_NULLABLE},
        {"NULLABLE", SQL_DESC_NULLABLE, SQL_NULLABLE},
        {"NUM_PREC_RADIX", SQL_DESC_NUM_PREC_RADIX, t->radix},
        {"UNSIGNED", SQL_DESC_UNSIGNED, t->is_unsigned},
        {"FIXED_PREC_SCALE", SQL_DESC_FIXED_PREC_SCALE, SQL_FALSE},
        {"SEARCHABLE", SQL_DESC_SEARCHABLE, t->searchable},
        {"AUTO_UNIQUE_VALUE", SQL_DESC_AUTO_UNIQUE_VALUE, SQL_FALSE},
        {"UNNAMED", SQL_DESC_UNNAMED, SQL_NAMED},
        {"COUNT", SQL_DESC_COUNT, (SQLLEN)COUNT_OF(types)},
        {"COLUMN_COUNT", SQL_COLUMN_COUNT, (SQLLEN)COUNT_OF(types)},
    };
    char name[100];
    SQLSMALLINT name_length, type, digits, nullable;
    SQLULEN size;
    int bad = 0;

    expect_stmt("S", stmt,
                SQLDescribeCol(stmt, n, (SQLCHAR *)name, sizeof name, &name_length, &type, &size, &digits,
                               &nullable));
    bad += differs_text(t->column, "name", name, t->column);
    bad += differs(t->column, "name length", name_length, (SQLLEN)strlen(t->column));
    bad += differs(t->column, "described type", type, t->concise);
    bad += differs(t->column, "described size", (SQLLEN)size, t->size);
    bad += differs(t->column, "described digits", digits, t->digits);
    bad += differs(t->column, "described nullable", nullable, SQL_NULLABLE);
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        bad += differs(t->column, fields[i].name, attribute(stmt, n, fields[i].field), fields[i].expected);
    bad += compare_text(stmt, n, SQL_DESC_NAME, "NAME", t->column);
    bad += compare_text(stmt, n, SQL_DESC_LABEL, "LABEL", t->column);
    bad += compare_text(stmt, n, SQL_COLUMN_NAME, "COLUMN_NAME", t->column);
    bad += compare_text(stmt, n, SQL_DESC_BASE_COLUMN_NAME, "BASE_COLUMN_NAME", t->column);
    bad += compare_text(stmt, n, SQL_DESC_BASE_TABLE_NAME, "BASE_TABLE_NAME", "AllTypes");
    bad += compare_text(stmt, n, SQL_DESC_TABLE_NAME, "TABLE_NAME", "AllTypes");
    bad += compare_text(stmt, n, SQL_DESC_SCHEMA_NAME, "SCHEMA_NAME", "Types");
    bad += compare_text(stmt, n, SQL_DESC_CATALOG_NAME, "CATALOG_NAME", "Types");
    bad += compare_text(stmt, n, SQL_DESC_TYPE_NAME, "TYPE_NAME", t->type_name);
    bad += compare_text(stmt, n, SQL_DESC_LITERAL_PREFIX, "LITERAL_PREFIX", t->prefix);
    bad += compare_text(stmt, n, SQL_DESC_LITERAL_SUFFIX, "LITERAL_SUFFIX", t->suffix);
    return bad;
}

static void every_type_is_described_the_same_before_and_after_execution(void **state)
{
    struct harness *h = *state;
    struct session s;
    SQLSMALLINT columns = 0;
    int bad = 0;

    session_open(h, &s, NULL);
    requests_clear(&h->service);
    expect_stmt("S", s.stmt, SQLPrepare(s.stmt, (SQLCHAR *)all_columns, SQL_NTS));
    expect_stmt("S", s.stmt, SQLNumResultCols(s.stmt, &columns));
    assert_int_equal(columns, COUNT_OF(types));
    for (SQLUSMALLINT n = 1; n <= columns; n++)
        bad += compare_column(s.stmt, n);
    assert_int_equal(requests_count(&h->service, "POST", NULL, NULL), 1);
    assert_int_equal(requests_count(&h->service, "POST", "/query", "schemaOnly"), 1);
    expect_stmt("S", s.stmt, SQLExecute(s.stmt));
    assert_int_equal(requests_count(&h->service, "POST", NULL, NULL), 2);
    print_message("after execution\n");
    for (SQLUSMALLINT n = 1; n <= columns; n++)
        bad += compare_column(s.stmt, n);
    assert_int_equal(count_rows(s.stmt, NULL), 8);
    assert_int_equal(bad, 0);
    session_close(&s);
}

/* The cell as a number; -1 for NULL. */
static SQLLEN cell_number(SQLHSTMT stmt, SQLUSMALLINT column)
{
    char *text = cell_text(stmt, column);
    SQLLEN number = text ? strtol(text, NULL, 10) : -1;

    free(text);
    return number;
}

static SQLLEN or_null(SQLLEN value, bool applies)
{
    return applies ? value : -1;
}

static void columns_agrees_with_the_description(void **state)
{
    struct session s;
    int bad = 0;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt,
                SQLColumns(s.stmt, (SQLCHAR *)"Types", SQL_NTS, (SQLCHAR *)"Types", SQL_NTS,
                           (SQLCHAR *)"AllTypes", SQL_NTS, (SQLCHAR *)"%Col", SQL_NTS));
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        const struct type *t = &types[i];
        bool text = t->concise == SQL_WVARCHAR || t->concise == SQL_WLONGVARCHAR;
        bool binary = t->concise == SQL_VARBINARY || t->concise == SQL_LONGVARBINARY;
        bool moment = t->verbose == SQL_DATETIME;
        expect_stmt("S", s.stmt, SQLFetch(s.stmt));
        char *name = cell_text(s.stmt, 4), *type_name = cell_text(s.stmt, 6);
        bad += differs_text(t->column, "COLUMN_NAME", name, t->column);
        bad += differs_text(t->column, "TYPE_NAME", type_name, t->type_name);
        bad += differs(t->column, "DATA_TYPE", cell_number(s.stmt, 5), t->concise);
        bad += differs(t->column, "COLUMN_SIZE", cell_number(s.stmt, 7), t->size);
        bad += differs(t->column, "BUFFER_LENGTH", cell_number(s.stmt, 8), t->octets);
        SQLLEN digits = cell_number(s.stmt, 9), radix = cell_number(s.stmt, 10);
        if (t->radix == 10 && (radix != 10 || (t->concise == SQL_DECIMAL && digits != t->digits)))
            bad += differs(t->column, "NUM_PREC_RADIX or DECIMAL_DIGITS", radix, 10) + 1;
        if (moment && t->concise != SQL_TYPE_DATE)
            bad += differs(t->column, "DECIMAL_DIGITS", digits, t->digits);
        if (text || binary)
            bad += (digits != -1) + (radix != -1);
        bad += differs(t->column, "SQL_DATA_TYPE", cell_number(s.stmt, 14), t->verbose);
        SQLLEN subcode = cell_number(s.stmt, 15), octets = cell_number(s.stmt, 16);
        if (subcode != or_null(t->concise - 90, moment) || octets != or_null(t->octets, text || binary)) {
            print_error("%s: SQL_DATETIME_SUB %ld, CHAR_OCTET_LENGTH %ld\n", t->column, (long)subcode,
                        (long)octets);
            bad++;
        }
        free(name);
        free(type_name);
    }
    expect_stmt("N", s.stmt, SQLFetch(s.stmt));
    assert_int_equal(bad, 0);
    session_close(&s);
}

/* Each pair of name and code that describing gives is a row of SQLGetTypeInfo of that code. */
static void type_info_has_every_described_type(void **state)
{
    struct session s;
    int bad = 0;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        const struct type *t = &types[i];
        bool found = false;
        expect_stmt("S", s.stmt, SQLGetTypeInfo(s.stmt, (SQLSMALLINT)t->concise));
        while (SQLFetch(s.stmt) == SQL_SUCCESS) {
            char *name = cell_text(s.stmt, 1), *prefix = cell_text(s.stmt, 4), *suffix = cell_text(s.stmt, 5);
            bad += differs(t->column, "DATA_TYPE", cell_number(s.stmt, 2), t->concise);
            bad += differs(t->column, "SQL_DATA_TYPE", cell_number(s.stmt, 16), t->verbose);
            if (strcmp(name, t->type_name) == 0) {
                found = true;
                bad += differs(t->column, "SEARCHABLE", cell_number(s.stmt, 9), t->searchable);
                if (t->prefix && *t->prefix)
                    bad += differs_text(t->column, "prefix", prefix, t->prefix) +
                           differs_text(t->column, "suffix", suffix, t->suffix);
                if (t->radix == 10)
                    bad += differs(t->column, "UNSIGNED_ATTRIBUTE", cell_number(s.stmt, 10), 0);
                /* The maximum is not smaller than what a column has. */
                if (cell_number(s.stmt, 3) < (t->verbose == SQL_DATETIME ? t->size : or_null(1, true)))
                    bad += differs(t->column, "COLUMN_SIZE", cell_number(s.stmt, 3), t->size);
            }
            free(name);
            free(prefix);
            free(suffix);
        }
        if (!found) {
            print_error("SQLGetTypeInfo(%ld) has no row %s\n", (long)t->concise, t->type_name);
            bad++;
        }
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    }
    assert_int_equal(bad, 0);
    session_close(&s);
}

static void type_info_has_the_types_clients_look_for(void **state)
{
    /* Order: DATA_TYPE, and within it nearest first. */
    static const SQLLEN wanted[] = {
        SQL_GUID,    SQL_WLONGVARCHAR,  SQL_WVARCHAR,  SQL_WCHAR,     SQL_BIT,           SQL_TINYINT,
        SQL_BIGINT,  SQL_LONGVARBINARY, SQL_VARBINARY, SQL_BINARY,    SQL_LONGVARCHAR,   SQL_CHAR,
        SQL_NUMERIC, SQL_DECIMAL,       SQL_INTEGER,   SQL_SMALLINT,  SQL_FLOAT,         SQL_REAL,
        SQL_DOUBLE,  SQL_VARCHAR,       SQL_TYPE_DATE, SQL_TYPE_TIME, SQL_TYPE_TIMESTAMP};
    struct session s;
    SQLSMALLINT columns;
    SQLLEN seen[60], count = 0, previous = -100;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, SQLGetTypeInfo(s.stmt, SQL_ALL_TYPES));
    expect_stmt("S", s.stmt, SQLNumResultCols(s.stmt, &columns));
    assert_int_equal(columns, 19);
    while (SQLFetch(s.stmt) == SQL_SUCCESS && count < 60) {
        seen[count] = cell_number(s.stmt, 2);
        assert_true(seen[count] >= previous);
        previous = seen[count++];
    }
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        bool found = false;
        for (SQLLEN k = 0; k < count; k++)
            found |= seen[k] == wanted[i];
        if (!found)
            fail_msg("SQLGetTypeInfo has no type %ld", (long)wanted[i]);
    }
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    expect_stmt("S", s.stmt, SQLGetTypeInfo(s.stmt, SQL_INTERVAL_DAY));
    expect_stmt("N", s.stmt, SQLFetch(s.stmt));
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    expect_stmt("E", s.stmt, SQLGetTypeInfo(s.stmt, 12345));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY004");
    session_close(&s);
}

static void an_odbc_2_program_sees_its_own_date_types(void **state)
{
    static const SQLSMALLINT asked[] = {SQL_DATE, SQL_TIME, SQL_TIMESTAMP};
    SQLHENV env = environment_open(SQL_OV_ODBC2);
    struct session s;
    SQLSMALLINT type;
    SQLULEN size;

    session_open_in(*state, env, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        expect_stmt("S", s.stmt, SQLGetTypeInfo(s.stmt, asked[i]));
        expect_stmt("S", s.stmt, SQLFetch(s.stmt));
        assert_int_equal(cell_number(s.stmt, 2), asked[i]);
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    }
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT DateCol, TimeCol, TimestampCol FROM " ALL_TYPES));
    for (SQLUSMALLINT i = 0; i < COUNT_OF(asked); i++) {
        expect_stmt("S", s.stmt,
                    SQLDescribeCol(s.stmt, (SQLUSMALLINT)(i + 1), NULL, 0, NULL, &type, &size, NULL, NULL));
        assert_int_equal(type, asked[i]);
        assert_int_equal(attribute(s.stmt, (SQLUSMALLINT)(i + 1), SQL_COLUMN_TYPE), asked[i]);
    }
    session_close(&s);
    SQLFreeHandle(SQL_HANDLE_ENV, env);
}

static void options_change_what_is_declared(void **state)
{
    static const struct {
        const char *keywords, *column;
        SQLULEN size;
        SQLSMALLINT type, digits;
    } cases[] = {
        {"TimestampScale=7;", "TimestampCol", 27, SQL_TYPE_TIMESTAMP, 7},
        {"TimestampScale=3;", "TimestampCol", 23, SQL_TYPE_TIMESTAMP, 3},
        {"TimestampScale=0;", "TimestampCol", 19, SQL_TYPE_TIMESTAMP, 0},
        {"LongStringSize=50000;", "LongVarcharCol", 50000, SQL_WLONGVARCHAR, 0},
        {"DefaultStringSize=100;", "VarcharCol", 255, SQL_WVARCHAR, 0},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct session s;
        SQLSMALLINT type, digits;
        SQLULEN size;
        char *sql = text_format("SELECT %s FROM " ALL_TYPES, cases[i].column);
        session_open(*state, &s, cases[i].keywords);
        expect_stmt("S", s.stmt, exec(s.stmt, sql));
        expect_stmt("S", s.stmt, SQLDescribeCol(s.stmt, 1, NULL, 0, NULL, &type, &size, &digits, NULL));
        assert_int_equal(type, cases[i].type);
        assert_int_equal(size, cases[i].size);
        assert_int_equal(digits, cases[i].digits);
        session_close(&s);
        free(sql);
    }
}

/* Preparing what writes must neither run it nor ask the service to. */
static void describing_a_write_runs_nothing(void **state)
{
    static const struct {
        const char *sql;
        int columns; /* -1: unknown before execution */
    } cases[] = {
        {"INSERT INTO [PostgreSQL1].[public].[settings] (name, value) VALUES ('described', 'x')", 0},
        {"UPDATE [PostgreSQL1].[public].[settings] SET value = 'y' WHERE name = 'described'", 0},
        {"DELETE FROM [PostgreSQL1].[public].[settings]", 0},
        {"EXEC [PostgreSQL1].[public].[insert_note] @title = 'described'", -1},
        {"{call [PostgreSQL1].[public].[insert_note]('described')}", -1},
        {"SELECT 1; DELETE FROM [PostgreSQL1].[public].[settings]", -1},
        {"CREATE TABLE [SQLite1].[main].[described] (id INTEGER)", 0},
    };
    struct harness *h = *state;
    struct session s;
    SQLSMALLINT columns = 77;

    session_open(h, &s, NULL);
    expect_rows(s.stmt, "SELECT COUNT(*) FROM [PostgreSQL1].[public].[notes] WHERE title = 'described'",
                "0\n");
    requests_clear(&h->service);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        expect_stmt("S", s.stmt, SQLPrepare(s.stmt, (SQLCHAR *)cases[i].sql, SQL_NTS));
        SQLRETURN rc = SQLNumResultCols(s.stmt, &columns);
        if (cases[i].columns >= 0) {
            expect_stmt("S", s.stmt, rc);
            assert_int_equal(columns, cases[i].columns);
            expect_stmt("E", s.stmt, SQLDescribeCol(s.stmt, 1, NULL, 0, NULL, NULL, NULL, NULL, NULL));
            expect_state(SQL_HANDLE_STMT, s.stmt, "07005");
        }
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    }
    json_object *requests = requests_read(&h->service, false);
    for (size_t i = 0; i < json_object_array_length(requests); i++) {
        json_object *request = json_object_array_get_idx(requests, i);
        const char *path = json_object_get_string(json_object_object_get(request, "path"));
        const char *body = json_object_get_string(json_object_object_get(request, "body"));
        if (strstr(path, "/exec") || strstr(path, "/batch") ||
            (body && strstr(body, "query") && !strstr(body, "schemaOnly")))
            fail_msg("a request that runs something: %s %s", path, body);
    }
    json_object_put(requests);
    expect_rows(s.stmt, "SELECT COUNT(*) FROM [PostgreSQL1].[public].[notes] WHERE title = 'described'",
                "0\n");
    session_close(&s);
}

static void a_column_that_is_not_there_is_refused(void **state)
{
    struct session s;
    SQLLEN number;
    SQLSMALLINT columns = 9;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT 1 AS One, 2 AS Two"));
    static const SQLUSMALLINT outside[] = {0, 3, 65535};
    for (size_t i = 0; i < COUNT_OF(outside); i++) {
        expect_stmt("E", s.stmt, SQLDescribeCol(s.stmt, outside[i], NULL, 0, NULL, NULL, NULL, NULL, NULL));
        expect_state(SQL_HANDLE_STMT, s.stmt, "07009");
        expect_stmt("E", s.stmt,
                    SQLColAttribute(s.stmt, outside[i], SQL_DESC_CONCISE_TYPE, NULL, 0, NULL, &number));
        expect_state(SQL_HANDLE_STMT, s.stmt, "07009");
    }
    assert_int_equal(attribute(s.stmt, 0, SQL_DESC_COUNT), 2);
    expect_stmt("E", s.stmt, SQLColAttribute(s.stmt, 1, 4999, NULL, 0, NULL, &number));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY091");
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    expect_stmt("SN", s.stmt,
                exec(s.stmt, "DELETE FROM [PostgreSQL1].[public].[settings] WHERE name = 'nothing'"));
    expect_stmt("S", s.stmt, SQLNumResultCols(s.stmt, &columns));
    assert_int_equal(columns, 0);
    session_close(&s);
}

static void names_and_labels_come_from_the_service(void **state)
{
    struct session s;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt,
                exec(s.stmt, "SELECT [Column With Blanks] AS [An Alias], [ leading], 1 + 1 AS Total FROM "
                             "[Wide Names].[Odd Schema].[Table With Blanks]"));
    static const struct {
        SQLUSMALLINT column, field;
        const char *text;
    } cases[] = {
        {1, SQL_DESC_NAME, "An Alias"},
        {1, SQL_DESC_LABEL, "An Alias"},
        {1, SQL_DESC_BASE_COLUMN_NAME, "Column With Blanks"},
        {1, SQL_DESC_BASE_TABLE_NAME, "Table With Blanks"},
        {1, SQL_DESC_CATALOG_NAME, "Wide Names"},
        {1, SQL_DESC_SCHEMA_NAME, "Odd Schema"},
        {2, SQL_DESC_NAME, " leading"},
        {3, SQL_DESC_NAME, "Total"},
        {3, SQL_DESC_TABLE_NAME, ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *seen = attribute_text(s.stmt, cases[i].column, cases[i].field);
        expect_text(seen, cases[i].text);
        free(seen);
    }
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_is_described_the_same_before_and_after_execution),
        cmocka_unit_test(columns_agrees_with_the_description),
        cmocka_unit_test(type_info_has_every_described_type),
        cmocka_unit_test(type_info_has_the_types_clients_look_for),
        cmocka_unit_test(an_odbc_2_program_sees_its_own_date_types),
        cmocka_unit_test(options_change_what_is_declared),
        cmocka_unit_test(describing_a_write_runs_nothing),
        cmocka_unit_test(a_column_that_is_not_there_is_refused),
        cmocka_unit_test(names_and_labels_come_from_the_service),
    };

    return harness_main("test_describe", NULL, tests, COUNT_OF(tests));
}
