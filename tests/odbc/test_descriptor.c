/*
 * Descriptors: defaults, what may be read and written where, binding by fields and by records, copies,
 * explicit descriptors shared by statements and freed while in use.
 *
 * Must not know how the driver stores a binding. Rules: SQLSetDescField, SQLGetDescField, SQLCopyDesc of the
 * reference.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#define VALUE(number) (SQLPOINTER)(intptr_t)(number)
#define ALL_TYPES     "[Types].[Types].[AllTypes]"

struct four {
    SQLHDESC ard, apd, ird, ipd;
};

static SQLHDESC descriptor(SQLHSTMT stmt, SQLINTEGER attribute)
{
    SQLHDESC desc = SQL_NULL_HDESC;

    expect_stmt("S", stmt, SQLGetStmtAttr(stmt, attribute, &desc, SQL_IS_POINTER, NULL));
    assert_non_null(desc);
    return desc;
}

static struct four descriptors(SQLHSTMT stmt)
{
    return (struct four){descriptor(stmt, SQL_ATTR_APP_ROW_DESC), descriptor(stmt, SQL_ATTR_APP_PARAM_DESC),
                         descriptor(stmt, SQL_ATTR_IMP_ROW_DESC), descriptor(stmt, SQL_ATTR_IMP_PARAM_DESC)};
}

/* A field of two octets, four or eight; what is not written stays 0. */
static SQLLEN field(SQLHDESC desc, SQLSMALLINT record, SQLSMALLINT id)
{
    union {
        SQLLEN whole;
        SQLSMALLINT half;
        SQLINTEGER middle;
    } value = {.whole = 0};
    SQLINTEGER length = 0;

    expect_desc("S", desc, SQLGetDescField(desc, record, id, &value, sizeof value, &length));
    if (length == sizeof value.half)
        return value.half;
    return length == sizeof value.middle ? value.middle : value.whole;
}

static SQLSMALLINT small_field(SQLHDESC desc, SQLSMALLINT record, SQLSMALLINT id)
{
    SQLSMALLINT value = -77;

    expect_desc("S", desc, SQLGetDescField(desc, record, id, &value, SQL_IS_SMALLINT, NULL));
    return value;
}

static void defaults_are_those_of_the_reference(void **state)
{
    struct session s;

    session_open(*state, &s, NULL);
    struct four d = descriptors(s.stmt);
    SQLHDESC all[] = {d.ard, d.apd, d.ipd};
    SQLSMALLINT count;
    /* The description of a result there is not yet. */
    expect_desc("E", d.ird, SQLGetDescField(d.ird, 0, SQL_DESC_COUNT, &count, 0, NULL));
    expect_state(SQL_HANDLE_DESC, d.ird, "HY007");
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        assert_int_equal(small_field(all[i], 0, SQL_DESC_ALLOC_TYPE), SQL_DESC_ALLOC_AUTO);
        assert_int_equal(small_field(all[i], 0, SQL_DESC_COUNT), 0);
    }
    SQLHDESC application[] = {d.ard, d.apd};
    for (size_t i = 0; i < COUNT_OF(application); i++) {
        SQLULEN size = 0;
        SQLINTEGER bind_type = -1;
        void *pointer = &size;
        expect_desc("S", application[i],
                    SQLGetDescField(application[i], 0, SQL_DESC_ARRAY_SIZE, &size, 0, NULL));
        assert_int_equal(size, 1);
        expect_desc("S", application[i],
                    SQLGetDescField(application[i], 0, SQL_DESC_BIND_TYPE, &bind_type, 0, NULL));
        assert_int_equal(bind_type, SQL_BIND_BY_COLUMN);
        expect_desc("S", application[i],
                    SQLGetDescField(application[i], 0, SQL_DESC_BIND_OFFSET_PTR, &pointer, 0, NULL));
        assert_null(pointer);
        expect_desc("S", application[i],
                    SQLGetDescField(application[i], 0, SQL_DESC_ARRAY_STATUS_PTR, &pointer, 0, NULL));
        assert_null(pointer);
        /* A new record: the default C type, nothing bound. */
        expect_desc("S", application[i],
                    SQLSetDescField(application[i], 0, SQL_DESC_COUNT, (SQLPOINTER)2, SQL_IS_SMALLINT));
        assert_int_equal(small_field(application[i], 2, SQL_DESC_CONCISE_TYPE), SQL_C_DEFAULT);
        assert_int_equal(small_field(application[i], 2, SQL_DESC_TYPE), SQL_C_DEFAULT);
        expect_desc("S", application[i],
                    SQLGetDescField(application[i], 1, SQL_DESC_DATA_PTR, &pointer, 0, NULL));
        assert_null(pointer);
        expect_desc("N", application[i],
                    SQLGetDescField(application[i], 3, SQL_DESC_DATA_PTR, &pointer, 0, NULL));
    }
    session_close(&s);
}

static void a_binding_is_seen_in_the_descriptor(void **state)
{
    struct session s;
    char text[20];
    SQLLEN indicator;
    void *pointer;

    session_open(*state, &s, NULL);
    struct four d = descriptors(s.stmt);
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 3, SQL_C_CHAR, text, sizeof text, &indicator));
    assert_int_equal(small_field(d.ard, 0, SQL_DESC_COUNT), 3);
    assert_int_equal(small_field(d.ard, 3, SQL_DESC_CONCISE_TYPE), SQL_C_CHAR);
    assert_int_equal(field(d.ard, 3, SQL_DESC_OCTET_LENGTH), sizeof text);
    expect_desc("S", d.ard, SQLGetDescField(d.ard, 3, SQL_DESC_DATA_PTR, &pointer, 0, NULL));
    assert_ptr_equal(pointer, text);
    expect_desc("S", d.ard, SQLGetDescField(d.ard, 3, SQL_DESC_INDICATOR_PTR, &pointer, 0, NULL));
    assert_ptr_equal(pointer, &indicator);
    expect_desc("S", d.ard, SQLGetDescField(d.ard, 3, SQL_DESC_OCTET_LENGTH_PTR, &pointer, 0, NULL));
    assert_ptr_equal(pointer, &indicator);
    /* A date: the concise type, the verbose one and the subcode keep in step. */
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 1, SQL_C_TYPE_TIMESTAMP, text, 0, &indicator));
    assert_int_equal(small_field(d.ard, 1, SQL_DESC_TYPE), SQL_DATETIME);
    assert_int_equal(small_field(d.ard, 1, SQL_DESC_DATETIME_INTERVAL_CODE), SQL_CODE_TIMESTAMP);
    expect_desc(
        "S", d.ard,
        SQLSetDescField(d.ard, 1, SQL_DESC_CONCISE_TYPE, (SQLPOINTER)SQL_C_TYPE_DATE, SQL_IS_SMALLINT));
    assert_int_equal(small_field(d.ard, 1, SQL_DESC_TYPE), SQL_DATETIME);
    assert_int_equal(small_field(d.ard, 1, SQL_DESC_DATETIME_INTERVAL_CODE), SQL_CODE_DATE);
    expect_stmt(
        "S", s.stmt,
        SQLBindParameter(s.stmt, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_DECIMAL, 12, 3, text, 0, &indicator));
    assert_int_equal(small_field(d.apd, 0, SQL_DESC_COUNT), 2);
    assert_int_equal(small_field(d.ipd, 0, SQL_DESC_COUNT), 2);
    assert_int_equal(small_field(d.ipd, 2, SQL_DESC_CONCISE_TYPE), SQL_DECIMAL);
    assert_int_equal(small_field(d.ipd, 2, SQL_DESC_PRECISION), 12);
    assert_int_equal(small_field(d.ipd, 2, SQL_DESC_SCALE), 3);
    assert_int_equal(small_field(d.ipd, 2, SQL_DESC_PARAMETER_TYPE), SQL_PARAM_INPUT);
    /* Unbinding the last column shortens the descriptor. */
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 3, SQL_C_CHAR, NULL, 0, NULL));
    assert_int_equal(small_field(d.ard, 0, SQL_DESC_COUNT), 1);
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_UNBIND));
    assert_int_equal(small_field(d.ard, 0, SQL_DESC_COUNT), 0);
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_RESET_PARAMS));
    assert_int_equal(small_field(d.apd, 0, SQL_DESC_COUNT), 0);
    session_close(&s);
}

static void a_column_is_bound_field_by_field(void **state)
{
    struct session s;
    SQLINTEGER id = 0;
    char text[30] = "";
    SQLLEN octets = -9, null = -9;

    session_open(*state, &s, NULL);
    struct four d = descriptors(s.stmt);
    expect_desc("S", d.ard, SQLSetDescRec(d.ard, 1, SQL_C_SLONG, 0, 0, 0, 0, &id, NULL, NULL));
    expect_desc("S", d.ard,
                SQLSetDescField(d.ard, 2, SQL_DESC_TYPE, (SQLPOINTER)SQL_C_CHAR, SQL_IS_SMALLINT));
    expect_desc("S", d.ard,
                SQLSetDescField(d.ard, 2, SQL_DESC_OCTET_LENGTH, (SQLPOINTER)sizeof text, SQL_IS_INTEGER));
    /* The length and the indicator apart. */
    expect_desc("S", d.ard, SQLSetDescField(d.ard, 2, SQL_DESC_OCTET_LENGTH_PTR, &octets, SQL_IS_POINTER));
    expect_desc("S", d.ard, SQLSetDescField(d.ard, 2, SQL_DESC_INDICATOR_PTR, &null, SQL_IS_POINTER));
    expect_desc("S", d.ard, SQLSetDescField(d.ard, 2, SQL_DESC_DATA_PTR, text, SQL_IS_POINTER));
    expect_stmt("S", s.stmt,
                exec(s.stmt, "SELECT Id, VarcharCol FROM " ALL_TYPES " WHERE Id < 3 ORDER BY Id"));
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    assert_int_equal(id, 1);
    expect_text(text, "plain text");
    assert_int_equal(octets, 10);
    assert_int_equal(null, 0);
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    assert_int_equal(null, SQL_NULL_DATA);
    assert_int_equal(octets, 10);
    session_close(&s);
}

static void numeric_columns_honour_the_descriptor(void **state)
{
    struct session s;
    SQL_NUMERIC_STRUCT value = {0};
    SQLLEN octets = 0;

    session_open(*state, &s, NULL);
    struct four d = descriptors(s.stmt);
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 1, SQL_C_NUMERIC, &value, sizeof value, &octets));
    expect_desc("S", d.ard, SQLSetDescField(d.ard, 1, SQL_DESC_PRECISION, (SQLPOINTER)20, SQL_IS_SMALLINT));
    expect_desc("S", d.ard, SQLSetDescField(d.ard, 1, SQL_DESC_SCALE, (SQLPOINTER)4, SQL_IS_SMALLINT));
    /* Setting these unbinds; the address comes last. */
    expect_desc("S", d.ard, SQLSetDescField(d.ard, 1, SQL_DESC_DATA_PTR, &value, SQL_IS_POINTER));
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT DecimalCol FROM " ALL_TYPES " WHERE Id = 1"));
    expect_stmt("I", s.stmt, SQLFetch(s.stmt)); /* 123.456789 */
    expect_state(SQL_HANDLE_STMT, s.stmt, "01S07");
    assert_int_equal(value.precision, 20);
    assert_int_equal(value.scale, 4);
    assert_int_equal(value.sign, 1);
    SQLUINTEGER low;
    memcpy(&low, value.val, sizeof low);
    assert_int_equal(low, 1234567);
    assert_int_equal(octets, sizeof value);
    UNIXODBC_ONLY("refuses SQL_ARD_TYPE (before 3.52.17)", SQL_NUMERIC_STRUCT again = {0}; expect_stmt(
                      "I", s.stmt, SQLGetData(s.stmt, 1, SQL_ARD_TYPE, &again, sizeof again, &octets));
                  assert_int_equal(again.scale, 4);)
    session_close(&s);
}

static void the_result_is_described_in_the_ird(void **state)
{
    struct session s;
    char name[40];
    SQLSMALLINT length, type, subtype, precision, scale, nullable;
    SQLLEN octets;

    session_open(*state, &s, NULL);
    struct four d = descriptors(s.stmt);
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT VarcharCol, TimestampCol, DecimalCol FROM " ALL_TYPES));
    assert_int_equal(small_field(d.ird, 0, SQL_DESC_COUNT), 3);
    expect_desc("S", d.ird,
                SQLGetDescRec(d.ird, 2, (SQLCHAR *)name, sizeof name, &length, &type, &subtype, &octets,
                              &precision, &scale, &nullable));
    expect_text(name, "TimestampCol");
    assert_int_equal(type, SQL_DATETIME);
    assert_int_equal(subtype, SQL_CODE_TIMESTAMP);
    assert_int_equal(octets, 16);
    assert_int_equal(precision, 6);
    assert_int_equal(nullable, SQL_NULLABLE);
    expect_desc("S", d.ird,
                SQLGetDescRec(d.ird, 3, (SQLCHAR *)name, sizeof name, &length, &type, &subtype, &octets,
                              &precision, &scale, &nullable));
    assert_int_equal(precision, 38);
    assert_int_equal(scale, 10);
    expect_desc(
        "N", d.ird,
        SQLGetDescRec(d.ird, 4, NULL, 0, NULL, &type, &subtype, &octets, &precision, &scale, &nullable));
    expect_desc("E", d.ird, SQLSetDescField(d.ird, 1, SQL_DESC_CONCISE_TYPE, (SQLPOINTER)4, SQL_IS_SMALLINT));
    expect_state(SQL_HANDLE_DESC, d.ird, "HY016");
    expect_desc("E", d.ird, SQLSetDescRec(d.ird, 1, SQL_C_SLONG, 0, 0, 0, 0, name, NULL, NULL));
    expect_state(SQL_HANDLE_DESC, d.ird, "HY016");
    /* But where statuses and counts go is the application's. */
    SQLUSMALLINT status[3];
    SQLULEN rows = 0;
    expect_desc("S", d.ird, SQLSetDescField(d.ird, 0, SQL_DESC_ARRAY_STATUS_PTR, status, SQL_IS_POINTER));
    expect_desc("S", d.ird, SQLSetDescField(d.ird, 0, SQL_DESC_ROWS_PROCESSED_PTR, &rows, SQL_IS_POINTER));
    expect_desc("S", d.ard, SQLSetDescField(d.ard, 0, SQL_DESC_ARRAY_SIZE, (SQLPOINTER)3, SQL_IS_UINTEGER));
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    assert_int_equal(rows, 3);
    assert_int_equal(status[2], SQL_ROW_SUCCESS);
    session_close(&s);
}

/* Setting the address checks what the record says (SQLSetDescRec, "Consistency Checks"). */
static void a_record_that_does_not_fit_together_is_not_bound(void **state)
{
    static const struct {
        SQLSMALLINT type, code, field;
        SQLLEN value;
        bool fits;
    } cases[] = {
        {SQL_C_SLONG, 0, 0, 0, true},
        {SQL_C_CHAR, 0, SQL_DESC_OCTET_LENGTH, 5, true},
        {SQL_C_NUMERIC, 0, 0, 0, true},
        {SQL_C_NUMERIC, 0, SQL_DESC_PRECISION, 38, true},
        {SQL_C_NUMERIC, 0, SQL_DESC_PRECISION, 39, false},
        {SQL_C_NUMERIC, 0, SQL_DESC_PRECISION, 0, false},
        {SQL_C_NUMERIC, 0, SQL_DESC_SCALE, 127, true},
        {SQL_C_NUMERIC, 0, SQL_DESC_SCALE, 200, false},
        {SQL_DATETIME, 0, 0, 0, false}, /* date, time or timestamp? */
        {SQL_DATETIME, SQL_CODE_DATE, 0, 0, true},
        {SQL_DATETIME, SQL_CODE_TIMESTAMP, SQL_DESC_PRECISION, 9, true},
        {SQL_DATETIME, SQL_CODE_TIMESTAMP, SQL_DESC_PRECISION, 10, false},
        {SQL_INTERVAL, 0, 0, 0, false},
        {SQL_INTERVAL, SQL_CODE_DAY_TO_SECOND, 0, 0, true},
        {SQL_INTERVAL, SQL_CODE_DAY_TO_SECOND, SQL_DESC_PRECISION, 10, false},
        {SQL_INTERVAL, SQL_CODE_YEAR, SQL_DESC_DATETIME_INTERVAL_PRECISION, 9, true},
        {SQL_INTERVAL, SQL_CODE_YEAR, SQL_DESC_DATETIME_INTERVAL_PRECISION, 10, false},
    };
    struct session s;
    char data[64];

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        SQLHDESC desc;
        SQLPOINTER bound = data;
        expect_dbc("S", s.dbc, SQLAllocHandle(SQL_HANDLE_DESC, s.dbc, &desc));
        expect_desc("S", desc,
                    SQLSetDescField(desc, 1, SQL_DESC_TYPE, VALUE(cases[i].type), SQL_IS_SMALLINT));
        if (cases[i].code != 0)
            expect_desc("S", desc,
                        SQLSetDescField(desc, 1, SQL_DESC_DATETIME_INTERVAL_CODE, VALUE(cases[i].code),
                                        SQL_IS_SMALLINT));
        if (cases[i].field != 0)
            expect_desc("S", desc, SQLSetDescField(desc, 1, cases[i].field, VALUE(cases[i].value), 0));
        SQLRETURN code = SQLSetDescField(desc, 1, SQL_DESC_DATA_PTR, data, SQL_IS_POINTER);
        if ((code == SQL_SUCCESS) != cases[i].fits)
            fail_msg("case %zu: %c", i, return_letter(code));
        if (!cases[i].fits)
            expect_state(SQL_HANDLE_DESC, desc, "HY021");
        expect_desc("S", desc, SQLGetDescField(desc, 1, SQL_DESC_DATA_PTR, &bound, 0, NULL));
        assert_ptr_equal(bound, cases[i].fits ? data : NULL);
        expect_desc("S", desc, SQLFreeHandle(SQL_HANDLE_DESC, desc));
    }
    SQLHDESC desc;
    expect_dbc("S", s.dbc, SQLAllocHandle(SQL_HANDLE_DESC, s.dbc, &desc));
    expect_desc("S", desc, SQLSetDescRec(desc, 1, SQL_C_NUMERIC, 0, 19, 38, 0, data, NULL, NULL));
    expect_desc("E", desc, SQLSetDescRec(desc, 1, SQL_C_NUMERIC, 0, 19, 39, 0, data, NULL, NULL));
    expect_state(SQL_HANDLE_DESC, desc, "HY021");
    expect_desc("S", desc, SQLFreeHandle(SQL_HANDLE_DESC, desc));
    session_close(&s);
}

static void what_does_not_belong_is_refused(void **state)
{
    struct session s;
    SQLHDESC desc;
    SQLLEN value;
    SQLSMALLINT small;

    session_open(*state, &s, NULL);
    struct four d = descriptors(s.stmt);
    const struct {
        SQLHDESC desc;
        SQLSMALLINT record, field;
        SQLLEN value;
        const char *state;
    } sets[] = {
        {d.ard, 1, 4999, 1, "HY091"},
        {d.ard, 0, SQL_DESC_ALLOC_TYPE, 1, "HY091"},
        {d.ard, 1, SQL_DESC_CONCISE_TYPE, 9999, "HY021"},
        {d.ipd, 1, SQL_DESC_CONCISE_TYPE, 9999, "HY021"},
        {d.ard, -1, SQL_DESC_CONCISE_TYPE, SQL_C_CHAR, "07009"},
        {d.ipd, 0, SQL_DESC_ARRAY_SIZE, 5, "HY091"},
    };
    for (size_t i = 0; i < COUNT_OF(sets); i++) {
        SQLRETURN rc = SQLSetDescField(sets[i].desc, sets[i].record, sets[i].field,
                                       (SQLPOINTER)(uintptr_t)sets[i].value, SQL_IS_INTEGER);
        if (rc != SQL_ERROR)
            fail_msg("case %zu was accepted", i);
        expect_state(SQL_HANDLE_DESC, sets[i].desc, sets[i].state);
    }
    expect_desc("E", d.ard, SQLGetDescField(d.ard, 1, 4999, &value, 0, NULL));
    expect_state(SQL_HANDLE_DESC, d.ard, "HY091");
    /* The IRD of a statement that has no result yet. */
    expect_stmt("S", s.stmt,
                SQLPrepare(s.stmt, (SQLCHAR *)"DELETE FROM [PostgreSQL1].[public].[settings]", SQL_NTS));
    expect_desc("SEN", d.ird, SQLGetDescField(d.ird, 1, SQL_DESC_TYPE, &small, 0, NULL));
    /* Only the automatic descriptors of a statement cannot be freed or set on another. */
    SQLHSTMT other = statement_open(s.dbc);
    expect_stmt("E", other, SQLSetStmtAttr(other, SQL_ATTR_APP_ROW_DESC, d.ard, SQL_IS_POINTER));
    expect_state(SQL_HANDLE_STMT, other, "HY017");
    expect_stmt("E", other, SQLSetStmtAttr(other, SQL_ATTR_IMP_ROW_DESC, d.ird, SQL_IS_POINTER));
    UNIXODBC_ONLY("takes an implicit descriptor for no handle",
                  expect_desc("E", d.ard, SQLFreeHandle(SQL_HANDLE_DESC, d.ard));
                  expect_state(SQL_HANDLE_DESC, d.ard, "HY017");)
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_DESC, s.dbc, &desc), SQL_SUCCESS);
    assert_int_equal(small_field(desc, 0, SQL_DESC_ALLOC_TYPE), SQL_DESC_ALLOC_USER);
    expect_desc("S", desc, SQLFreeHandle(SQL_HANDLE_DESC, desc));
    expect_stmt("S", other, SQLFreeHandle(SQL_HANDLE_STMT, other));
    session_close(&s);
}

static void one_descriptor_serves_two_statements(void **state)
{
    struct session s;
    SQLHDESC shared;
    SQLINTEGER id = 0, own = 0;

    session_open(*state, &s, NULL);
    SQLHSTMT other = statement_open(s.dbc);
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_DESC, s.dbc, &shared), SQL_SUCCESS);
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 1, SQL_C_SLONG, &own, 0, NULL));
    expect_stmt("S", s.stmt, SQLSetStmtAttr(s.stmt, SQL_ATTR_APP_ROW_DESC, shared, SQL_IS_POINTER));
    expect_stmt("S", other, SQLSetStmtAttr(other, SQL_ATTR_APP_ROW_DESC, shared, SQL_IS_POINTER));
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 1, SQL_C_SLONG, &id, 0, NULL));
    assert_ptr_equal(descriptor(other, SQL_ATTR_APP_ROW_DESC), shared);
    SQLHSTMT both[] = {s.stmt, other};
    for (int i = 0; i < 2; i++) {
        expect_stmt("S", both[i], exec(both[i], "SELECT Id FROM " ALL_TYPES " ORDER BY Id"));
        id = 0;
        expect_stmt("S", both[i], SQLFetch(both[i]));
        assert_int_equal(id, 1);
    }
    assert_int_equal(own, 0);
    /* Freed in use, each statement falls back to its own. */
    expect_desc("S", shared, SQLFreeHandle(SQL_HANDLE_DESC, shared));
    id = 0;
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    expect_stmt("S", other, SQLFetch(other));
    assert_int_equal(id, 0);
    assert_int_equal(own, 2);
    assert_ptr_not_equal(descriptor(s.stmt, SQL_ATTR_APP_ROW_DESC), shared);
    expect_stmt("S", other, SQLFreeHandle(SQL_HANDLE_STMT, other));
    session_close(&s);
}

/* The bindings are those of the descriptor there is now, wherever it lies in memory. */
static void a_descriptor_in_the_place_of_a_freed_one(void **state)
{
    struct session s;
    SQLHDESC own;
    SQLINTEGER id[2];

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT Id FROM [Bench].[Bench].[Rows] LIMIT 100"));
    for (int i = 0; i < 40; i++) {
        assert_int_equal(SQLAllocHandle(SQL_HANDLE_DESC, s.dbc, &own), SQL_SUCCESS);
        expect_stmt("S", s.stmt, SQLSetStmtAttr(s.stmt, SQL_ATTR_APP_ROW_DESC, own, SQL_IS_POINTER));
        expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 1, SQL_C_SLONG, &id[i % 2], 0, NULL));
        id[0] = id[1] = 0;
        expect_stmt("S", s.stmt, SQLFetch(s.stmt));
        assert_int_equal(id[i % 2], i + 1);
        expect_desc("S", own, SQLFreeHandle(SQL_HANDLE_DESC, own));
    }
    session_close(&s);
}

static void a_shared_parameter_descriptor_is_set_back_by_null(void **state)
{
    struct session s;
    SQLHDESC shared, own;
    SQLINTEGER value = 7;

    session_open(*state, &s, NULL);
    own = descriptor(s.stmt, SQL_ATTR_APP_PARAM_DESC);
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_DESC, s.dbc, &shared), SQL_SUCCESS);
    expect_stmt("S", s.stmt, SQLSetStmtAttr(s.stmt, SQL_ATTR_APP_PARAM_DESC, shared, SQL_IS_POINTER));
    expect_stmt(
        "S", s.stmt,
        SQLBindParameter(s.stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &value, 0, NULL));
    expect_rows(s.stmt, "SELECT ? AS V", "7\n");
    expect_stmt("S", s.stmt, SQLSetStmtAttr(s.stmt, SQL_ATTR_APP_PARAM_DESC, SQL_NULL_HDESC, SQL_IS_POINTER));
    assert_ptr_equal(descriptor(s.stmt, SQL_ATTR_APP_PARAM_DESC), own);
    assert_int_equal(small_field(own, 0, SQL_DESC_COUNT), 0);
    expect_desc("S", shared, SQLFreeHandle(SQL_HANDLE_DESC, shared));
    session_close(&s);
}

static void a_copy_carries_every_binding(void **state)
{
    struct session s;
    SQLINTEGER id = 0;
    char text[20] = "";
    SQLLEN octets = 0;

    session_open(*state, &s, NULL);
    SQLHSTMT other = statement_open(s.dbc);
    struct four from = descriptors(s.stmt), to = descriptors(other);
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 1, SQL_C_SLONG, &id, 0, NULL));
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 2, SQL_C_CHAR, text, sizeof text, &octets));
    expect_desc("S", to.ard, SQLCopyDesc(from.ard, to.ard));
    assert_int_equal(small_field(to.ard, 0, SQL_DESC_ALLOC_TYPE), SQL_DESC_ALLOC_AUTO);
    expect_stmt("S", other, exec(other, "SELECT Id, VarcharCol FROM " ALL_TYPES " WHERE Id = 3"));
    expect_stmt("S", other, SQLFetch(other));
    assert_int_equal(id, 3);
    expect_text(text, "largest");
    /* A result's description can be copied out, but nothing into one. */
    expect_desc("S", from.apd, SQLCopyDesc(to.ird, from.apd));
    assert_int_equal(small_field(from.apd, 0, SQL_DESC_COUNT), 2);
    expect_desc("E", to.ird, SQLCopyDesc(from.ard, to.ird));
    expect_state(SQL_HANDLE_DESC, to.ird, "HY016");
    /* That of a statement never prepared has nothing to give. */
    expect_desc("E", from.ard, SQLCopyDesc(from.ird, from.ard));
    expect_state(SQL_HANDLE_DESC, from.ard, "HY007");
    expect_stmt("S", other, SQLFreeHandle(SQL_HANDLE_STMT, other));
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_those_of_the_reference),
        cmocka_unit_test(a_binding_is_seen_in_the_descriptor),
        cmocka_unit_test(a_column_is_bound_field_by_field),
        cmocka_unit_test(numeric_columns_honour_the_descriptor),
        cmocka_unit_test(the_result_is_described_in_the_ird),
        cmocka_unit_test(a_record_that_does_not_fit_together_is_not_bound),
        cmocka_unit_test(what_does_not_belong_is_refused),
        cmocka_unit_test(one_descriptor_serves_two_statements),
        cmocka_unit_test(a_descriptor_in_the_place_of_a_freed_one),
        cmocka_unit_test(a_shared_parameter_descriptor_is_set_back_by_null),
        cmocka_unit_test(a_copy_carries_every_binding),
    };

    return harness_main("test_descriptor", NULL, tests, COUNT_OF(tests));
}
