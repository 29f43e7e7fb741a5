/*
 * Fetching: rowsets of every size and layout, status arrays, offsets, truncation and errors of single rows,
 * the end.
 *
 * Must not know how the driver holds rows: expectations come from the ODBC reference (SQLFetch, SQLBindCol,
 * SQLExtendedFetch) and from reading the same result one cell at a time.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

enum { NAME_OCTETS = 100, MOST_ROWS = 1000 };

/* One row as row-wise binding sees it; column-wise arrays of the same members for the other layout. */
struct item {
    SQLBIGINT id;
    SQLLEN id_indicator;
    SQLINTEGER quantity;
    SQLLEN quantity_indicator;
    char name[NAME_OCTETS];
    SQLLEN name_indicator;
};

struct columns {
    SQLBIGINT id[MOST_ROWS];
    SQLLEN id_indicator[MOST_ROWS];
    SQLINTEGER quantity[MOST_ROWS];
    SQLLEN quantity_indicator[MOST_ROWS];
    char name[MOST_ROWS][NAME_OCTETS];
    SQLLEN name_indicator[MOST_ROWS];
};

/* What a pass over a result saw: enough to compare two passes. */
struct digest {
    unsigned long rows;
    uint64_t hash;
};

static void set(SQLHSTMT stmt, SQLINTEGER attribute, SQLULEN value)
{
    expect_stmt("S", stmt, SQLSetStmtAttr(stmt, attribute, (SQLPOINTER)(uintptr_t)value, SQL_IS_UINTEGER));
}

static void set_pointer(SQLHSTMT stmt, SQLINTEGER attribute, void *value)
{
    expect_stmt("S", stmt, SQLSetStmtAttr(stmt, attribute, value, SQL_IS_POINTER));
}

static void mix(struct digest *digest, const void *octets, size_t count)
{
    const unsigned char *p = octets;

    for (size_t i = 0; i < count; i++)
        digest->hash = (digest->hash ^ p[i]) * UINT64_C(1099511628211);
}

static void mix_row(struct digest *digest, SQLBIGINT id, SQLINTEGER quantity, const char *name, SQLLEN octets)
{
    digest->rows++;
    mix(digest, &id, sizeof id);
    mix(digest, &quantity, sizeof quantity);
    mix(digest, name, octets < 0 ? 0 : (size_t)octets);
    mix(digest, &octets, sizeof octets);
}

static void bind_columns(SQLHSTMT stmt, struct columns *c)
{
    set(stmt, SQL_ATTR_ROW_BIND_TYPE, SQL_BIND_BY_COLUMN);
    expect_stmt("S", stmt, SQLBindCol(stmt, 1, SQL_C_SBIGINT, c->id, 0, c->id_indicator));
    expect_stmt("S", stmt, SQLBindCol(stmt, 2, SQL_C_SLONG, c->quantity, 0, c->quantity_indicator));
    expect_stmt("S", stmt, SQLBindCol(stmt, 3, SQL_C_CHAR, c->name, NAME_OCTETS, c->name_indicator));
}

static void bind_rows(SQLHSTMT stmt, struct item *r)
{
    set(stmt, SQL_ATTR_ROW_BIND_TYPE, sizeof *r);
    expect_stmt("S", stmt, SQLBindCol(stmt, 1, SQL_C_SBIGINT, &r->id, 0, &r->id_indicator));
    expect_stmt("S", stmt, SQLBindCol(stmt, 2, SQL_C_SLONG, &r->quantity, 0, &r->quantity_indicator));
    expect_stmt("S", stmt, SQLBindCol(stmt, 3, SQL_C_CHAR, r->name, NAME_OCTETS, &r->name_indicator));
}

/* The reference: a row at a time, a cell at a time. */
static struct digest read_cells(SQLHSTMT stmt, const char *sql)
{
    struct digest digest = {0, 1469598103934665603U};
    struct item r;

    expect_stmt("S", stmt, exec(stmt, sql));
    while (SQLFetch(stmt) == SQL_SUCCESS) {
        expect_stmt("S", stmt, SQLGetData(stmt, 1, SQL_C_SBIGINT, &r.id, 0, &r.id_indicator));
        expect_stmt("S", stmt, SQLGetData(stmt, 2, SQL_C_SLONG, &r.quantity, 0, &r.quantity_indicator));
        expect_stmt("S", stmt, SQLGetData(stmt, 3, SQL_C_CHAR, r.name, sizeof r.name, &r.name_indicator));
        mix_row(&digest, r.id, r.quantity, r.name, r.name_indicator);
    }
    expect_stmt("N", stmt, SQLFetch(stmt));
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    return digest;
}

/* A whole result in rowsets; the size of each comes from `sizes` in turn, 0 ends the list and it begins
 * again. */
static struct digest read_blocks(SQLHSTMT stmt, const char *sql, const SQLULEN *sizes, bool row_wise)
{
    struct digest digest = {0, 1469598103934665603U};
    struct columns *c = calloc(1, sizeof *c);
    struct item *r = calloc(MOST_ROWS, sizeof *r);
    SQLUSMALLINT status[MOST_ROWS];
    SQLULEN fetched = 0;
    SQLRETURN rc = SQL_SUCCESS;

    assert_non_null(c);
    assert_non_null(r);
    set_pointer(stmt, SQL_ATTR_ROWS_FETCHED_PTR, &fetched);
    set_pointer(stmt, SQL_ATTR_ROW_STATUS_PTR, status);
    row_wise ? bind_rows(stmt, r) : bind_columns(stmt, c);
    expect_stmt("S", stmt, exec(stmt, sql));
    for (size_t turn = 0; rc == SQL_SUCCESS; turn++) {
        size_t count = 0;
        while (sizes[count] != 0)
            count++;
        SQLULEN size = sizes[turn % count];
        set(stmt, SQL_ATTR_ROW_ARRAY_SIZE, size);
        memset(status, 0xEE, sizeof status);
        rc = expect_stmt("SN", stmt, SQLFetch(stmt));
        assert_true(fetched <= size);
        assert_int_equal(rc == SQL_NO_DATA, fetched == 0);
        for (SQLULEN i = 0; i < fetched; i++) {
            assert_int_equal(status[i], SQL_ROW_SUCCESS);
            if (row_wise)
                mix_row(&digest, r[i].id, r[i].quantity, r[i].name, r[i].name_indicator);
            else
                mix_row(&digest, c->id[i], c->quantity[i], c->name[i], c->name_indicator[i]);
        }
        for (SQLULEN i = fetched; rc == SQL_SUCCESS && i < size; i++)
            assert_int_equal(status[i], SQL_ROW_NOROW);
    }
    free(r);
    free(c);
    return digest;
}

static void reset(SQLHSTMT stmt)
{
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_UNBIND));
    set(stmt, SQL_ATTR_ROW_ARRAY_SIZE, 1);
    set_pointer(stmt, SQL_ATTR_ROWS_FETCHED_PTR, NULL);
    set_pointer(stmt, SQL_ATTR_ROW_STATUS_PTR, NULL);
    set_pointer(stmt, SQL_ATTR_ROW_BIND_OFFSET_PTR, NULL);
    set(stmt, SQL_ATTR_ROW_BIND_TYPE, SQL_BIND_BY_COLUMN);
}

static const struct variant {
    const char *name;
    const char *keywords;
    const char *options; /* of the service */
    const char *faults;
    int rows;
} variants[] = {
    {"ordinary", NULL, NULL, NULL, 2500},
    {"without compression", "Compression=0;", NULL, NULL, 2500},
    {"old order of members", NULL, "{\"profile\": \"old\"}", NULL, 1000},
    {"one octet at a time", "Compression=0;", NULL,
     "[{\"path\": \"/query\", \"dripBytes\": 1, \"dripMs\": 0}]", 40},
    {"gzip, one octet at a time", NULL, NULL, "[{\"path\": \"/query\", \"dripBytes\": 1, \"dripMs\": 0}]",
     40},
    {"pieces of 3 octets", "Compression=0;", NULL, "[{\"path\": \"/query\", \"chunkBytes\": 3}]", 300},
    {"more members and nulls", NULL, NULL,
     "[{\"path\": \"/query\", \"extraMembers\": true, \"nullMembers\": true}]", 100},
    {"members in upper case", NULL, NULL, "[{\"path\": \"/query\", \"upperMembers\": true}]", 100},
};

static void every_rowset_size_and_layout_gives_the_same_rows(void **state)
{
    static const SQLULEN sizes[][6] = {{1, 0}, {2, 0}, {7, 0}, {1000, 0}, {1, 7, 3, 1000, 2, 0}};
    struct harness *h = *state;

    for (size_t v = 0; v < COUNT_OF(variants); v++) {
        struct session s;
        char *sql =
            text_format("SELECT Id, Quantity, Name FROM [Bench].[Bench].[Rows] LIMIT %d", variants[v].rows);

        session_open(h, &s, variants[v].keywords);
        control_options(&h->service, "{\"profile\": \"new\"}");
        struct digest expected = read_cells(s.stmt, sql);
        if (variants[v].options)
            control_options(&h->service, variants[v].options);
        if (variants[v].faults)
            faults_set(&h->service, variants[v].faults);
        assert_int_equal(expected.rows, variants[v].rows);
        for (size_t i = 0; i < COUNT_OF(sizes); i++)
            for (int row_wise = 0; row_wise <= 1; row_wise++) {
                struct digest seen = read_blocks(s.stmt, sql, sizes[i], row_wise);
                if (seen.rows != expected.rows || seen.hash != expected.hash)
                    fail_msg("%s, list %zu, row-wise %d: %lu rows of %lu, or other values", variants[v].name,
                             i, row_wise, seen.rows, expected.rows);
                reset(s.stmt);
            }
        faults_clear(&h->service);
        session_close(&s);
        free(sql);
    }
}

/* SQLGetDiagField: row and column numbers of every record. */
static SQLLEN diag_row(SQLHSTMT stmt, SQLSMALLINT record)
{
    SQLLEN row = -99;

    SQLGetDiagField(SQL_HANDLE_STMT, stmt, record, SQL_DIAG_ROW_NUMBER, &row, SQL_IS_INTEGER, NULL);
    return row;
}

static SQLINTEGER diag_column(SQLHSTMT stmt, SQLSMALLINT record)
{
    SQLINTEGER column = -99;

    SQLGetDiagField(SQL_HANDLE_STMT, stmt, record, SQL_DIAG_COLUMN_NUMBER, &column, SQL_IS_INTEGER, NULL);
    return column;
}

static SQLINTEGER diag_count(SQLHSTMT stmt)
{
    SQLINTEGER count = -1;

    SQLGetDiagField(SQL_HANDLE_STMT, stmt, 0, SQL_DIAG_NUMBER, &count, SQL_IS_INTEGER, NULL);
    return count;
}

/* The number of the first record with this state; fails where there is none. */
static SQLSMALLINT record_with(SQLHSTMT stmt, const char *wanted)
{
    char found[6];

    for (SQLSMALLINT i = 1; diagnostic(SQL_HANDLE_STMT, stmt, i, found, NULL, NULL); i++)
        if (strcmp(found, wanted) == 0)
            return i;
    fail_msg("no record %s", wanted);
    return 0;
}

static void truncated_cells_are_named_by_row_and_column(void **state)
{
    struct session s;
    char varchar[5][8];
    SQLWCHAR wide[5][4];
    SQLLEN varchar_octets[5], wide_octets[5];
    SQLUSMALLINT status[5];
    SQLINTEGER count;

    session_open(*state, &s, NULL);
    set(s.stmt, SQL_ATTR_ROW_ARRAY_SIZE, 5);
    set_pointer(s.stmt, SQL_ATTR_ROW_STATUS_PTR, status);
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 1, SQL_C_CHAR, varchar, sizeof varchar[0], varchar_octets));
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 3, SQL_C_WCHAR, wide, sizeof wide[0], wide_octets));
    expect_stmt(
        "S", s.stmt,
        exec(s.stmt,
             "SELECT Name, Id, Title FROM (SELECT 'short' AS Name, 1 AS Id, 'abc' AS Title) x "
             "UNION ALL SELECT 'seven..', 2, 'abcd' UNION ALL SELECT 'eight...', 3, 'a' "
             "UNION ALL SELECT NULL, 4, 'abcdef' UNION ALL SELECT 'far too long', 5, '' ORDER BY Id"));
    expect_stmt("I", s.stmt, SQLFetch(s.stmt));
    static const SQLUSMALLINT statuses[] = {SQL_ROW_SUCCESS, SQL_ROW_SUCCESS_WITH_INFO,
                                            SQL_ROW_SUCCESS_WITH_INFO, SQL_ROW_SUCCESS_WITH_INFO,
                                            SQL_ROW_SUCCESS_WITH_INFO};
    static const SQLINTEGER places[][2] = {{2, 3}, {3, 1}, {4, 3}, {5, 1}};
    for (size_t i = 0; i < COUNT_OF(statuses); i++)
        assert_int_equal(status[i], statuses[i]);
    expect_text(varchar[2], "eight..");
    assert_int_equal(varchar_octets[2], 8);
    assert_int_equal(varchar_octets[3], SQL_NULL_DATA);
    assert_int_equal(wide_octets[1], 4 * sizeof(SQLWCHAR));
    assert_int_equal(wide[1][3], 0);
    count = diag_count(s.stmt);
    assert_int_equal(count, COUNT_OF(places));
    for (SQLSMALLINT i = 1; i <= count; i++) {
        char state5[6];
        assert_true(diagnostic(SQL_HANDLE_STMT, s.stmt, i, state5, NULL, NULL));
        expect_text(state5, "01004");
        assert_int_equal(diag_row(s.stmt, i), places[i - 1][0]);
        assert_int_equal(diag_column(s.stmt, i), places[i - 1][1]);
    }
    session_close(&s);
}

/* A record for each of a thousand cells would be worse than useless: a last one counts those left out. */
static void records_of_one_fetch_are_capped_and_the_rest_counted(void **state)
{
    struct session s;
    char(*name)[3] = calloc(1000, sizeof *name);
    SQLLEN *octets = calloc(1000, sizeof *octets);
    char *text = NULL, state5[6];

    assert_non_null(name);
    assert_non_null(octets);
    session_open(*state, &s, NULL);
    set(s.stmt, SQL_ATTR_ROW_ARRAY_SIZE, 1000);
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 1, SQL_C_CHAR, name, sizeof name[0], octets));
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT Name FROM [Bench].[Bench].[Rows] LIMIT 1000"));
    expect_stmt("I", s.stmt, SQLFetch(s.stmt));
    SQLINTEGER count = diag_count(s.stmt);
    assert_in_range(count, 2, 200);
    assert_int_equal(diag_row(s.stmt, 1), 1);
    assert_true(diagnostic(SQL_HANDLE_STMT, s.stmt, (SQLSMALLINT)count, state5, NULL, &text));
    char *left = text_format("%d", 1000 - (count - 1));
    if (strstr(text, left) == NULL)
        fail_msg("the last record does not count the %s records left out: %s", left, text);
    assert_false(diagnostic(SQL_HANDLE_STMT, s.stmt, (SQLSMALLINT)(count + 1), state5, NULL, NULL));
    free(left);
    free(text);
    free(name);
    free(octets);
    session_close(&s);
}

static void null_without_an_indicator_is_22002(void **state)
{
    struct session s;
    SQLINTEGER one = 5, many[4] = {0};
    SQLUSMALLINT status[4];
    SQLULEN fetched;
    const char *sql =
        "SELECT IntegerCol FROM [Types].[Types].[AllTypes] WHERE Id IN (1, 2, 3, 4) ORDER BY Id";

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 1, SQL_C_SLONG, &one, 0, NULL));
    expect_stmt("S", s.stmt, exec(s.stmt, sql));
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    expect_stmt("E", s.stmt, SQLFetch(s.stmt));
    expect_state(SQL_HANDLE_STMT, s.stmt, "22002");
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    assert_int_equal(one, 2147483647);
    reset(s.stmt);
    set(s.stmt, SQL_ATTR_ROW_ARRAY_SIZE, 4);
    set_pointer(s.stmt, SQL_ATTR_ROW_STATUS_PTR, status);
    set_pointer(s.stmt, SQL_ATTR_ROWS_FETCHED_PTR, &fetched);
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 1, SQL_C_SLONG, many, 0, NULL));
    expect_stmt("S", s.stmt, exec(s.stmt, sql));
    expect_stmt("I", s.stmt, SQLFetch(s.stmt));
    expect_some_state(SQL_HANDLE_STMT, s.stmt, "22002");
    assert_int_equal(fetched, 4);
    static const SQLUSMALLINT statuses[] = {SQL_ROW_SUCCESS, SQL_ROW_ERROR, SQL_ROW_SUCCESS, SQL_ROW_SUCCESS};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(status[i], statuses[i]);
    assert_int_equal(many[3], -2147483647 - 1);
    session_close(&s);
}

/* A row that cannot be converted is one bad row, not the end of the rowset. */
static void a_bad_cell_fails_its_row_alone(void **state)
{
    struct session s;
    signed char value[5] = {0};
    SQLLEN indicator[5];
    SQLUSMALLINT status[5];
    static const SQLUSMALLINT statuses[] = {SQL_ROW_SUCCESS, SQL_ROW_ERROR, SQL_ROW_SUCCESS,
                                            SQL_ROW_SUCCESS_WITH_INFO, SQL_ROW_NOROW};

    session_open(*state, &s, NULL);
    set(s.stmt, SQL_ATTR_ROW_ARRAY_SIZE, 5);
    set_pointer(s.stmt, SQL_ATTR_ROW_STATUS_PTR, status);
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 2, SQL_C_STINYINT, value, 0, indicator));
    expect_stmt("S", s.stmt,
                exec(s.stmt,
                     "SELECT 1 AS Id, '12' AS V UNION ALL SELECT 2, 'x' UNION ALL SELECT 3, '-7' UNION ALL "
                     "SELECT 4, '1.5' ORDER BY Id"));
    expect_stmt("I", s.stmt, SQLFetch(s.stmt));
    for (size_t i = 0; i < 5; i++)
        if (status[i] != statuses[i])
            fail_msg("row %zu has status %d, not %d", i + 1, status[i], statuses[i]);
    assert_int_equal(value[0], 12);
    assert_int_equal(value[2], -7);
    assert_int_equal(value[3], 1);
    assert_int_equal(diag_row(s.stmt, record_with(s.stmt, "22018")), 2);
    assert_int_equal(diag_column(s.stmt, record_with(s.stmt, "22018")), 2);
    assert_int_equal(diag_row(s.stmt, record_with(s.stmt, "01S07")), 4);
    assert_int_equal(diag_column(s.stmt, record_with(s.stmt, "01S07")), 2);
    session_close(&s);
}

static void max_rows_limits_what_is_returned(void **state)
{
    static const struct {
        SQLULEN limit, rowset;
        long rows;
    } cases[] = {{0, 1, 8}, {1, 1, 1}, {5, 1, 5}, {8, 1, 8}, {100, 1, 8},
                 {5, 3, 5}, {3, 3, 3}, {2, 3, 2}, {0, 3, 8}};
    struct session s;
    SQLINTEGER id[3];
    SQLULEN fetched;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        long rows = 0;
        set(s.stmt, SQL_ATTR_MAX_ROWS, cases[i].limit);
        set(s.stmt, SQL_ATTR_ROW_ARRAY_SIZE, cases[i].rowset);
        set_pointer(s.stmt, SQL_ATTR_ROWS_FETCHED_PTR, &fetched);
        expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 1, SQL_C_SLONG, id, 0, NULL));
        expect_stmt("S", s.stmt, exec(s.stmt, "SELECT Id FROM [Types].[Types].[AllTypes] ORDER BY Id"));
        while (expect_stmt("SN", s.stmt, SQLFetch(s.stmt)) == SQL_SUCCESS)
            rows += (long)fetched;
        if (rows != cases[i].rows)
            fail_msg("MAX_ROWS %lu with rowsets of %lu gave %ld rows", (unsigned long)cases[i].limit,
                     (unsigned long)cases[i].rowset, rows);
        reset(s.stmt);
    }
    set(s.stmt, SQL_ATTR_MAX_ROWS, 2);
    expect_stmt("S", s.stmt, SQLTables(s.stmt, NULL, 0, NULL, 0, NULL, 0, NULL, 0));
    assert_int_equal(count_rows(s.stmt, NULL), 2);
    session_close(&s);
}

static void after_the_end_every_fetch_is_no_data(void **state)
{
    struct session s;
    SQLINTEGER id[7];
    SQLULEN fetched;

    session_open(*state, &s, NULL);
    for (SQLULEN size = 1; size <= 7; size += 6) {
        set(s.stmt, SQL_ATTR_ROW_ARRAY_SIZE, size);
        set_pointer(s.stmt, SQL_ATTR_ROWS_FETCHED_PTR, &fetched);
        expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 1, SQL_C_SLONG, id, 0, NULL));
        expect_stmt("S", s.stmt, exec(s.stmt, "SELECT Id FROM [Types].[Types].[AllTypes]"));
        while (expect_stmt("SN", s.stmt, SQLFetch(s.stmt)) == SQL_SUCCESS)
            ;
        for (int i = 0; i < 6; i++) {
            expect_stmt("N", s.stmt, SQLFetch(s.stmt));
            assert_int_equal(fetched, 0);
            UNIXODBC_ONLY("lets SQLFetchScroll not follow SQLFetch",
                          expect_stmt("N", s.stmt, SQLFetchScroll(s.stmt, SQL_FETCH_NEXT, 0));)
        }
        expect_stmt("E", s.stmt, exec(s.stmt, "SELECT 1"));
        expect_state(SQL_HANDLE_STMT, s.stmt, "24000");
        expect_stmt("N", s.stmt, SQLFetch(s.stmt));
        reset(s.stmt);
    }
    session_close(&s);
}

static void an_empty_result_has_columns_and_no_rows(void **state)
{
    struct session s;
    SQLSMALLINT columns = 0;
    SQLULEN fetched = 99;
    SQLINTEGER id = 77;

    session_open(*state, &s, NULL);
    set_pointer(s.stmt, SQL_ATTR_ROWS_FETCHED_PTR, &fetched);
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 1, SQL_C_SLONG, &id, 0, NULL));
    expect_stmt("S", s.stmt,
                exec(s.stmt, "SELECT Id, VarcharCol FROM [Types].[Types].[AllTypes] WHERE 1 = 0"));
    expect_stmt("S", s.stmt, SQLNumResultCols(s.stmt, &columns));
    assert_int_equal(columns, 2);
    expect_stmt("N", s.stmt, SQLFetch(s.stmt));
    assert_int_equal(fetched, 0);
    assert_int_equal(id, 77);
    session_close(&s);
}

static void scrolling_backwards_is_refused(void **state)
{
    static const SQLSMALLINT orientations[] = {SQL_FETCH_FIRST,
                                               SQL_FETCH_LAST,
                                               SQL_FETCH_PRIOR,
                                               SQL_FETCH_ABSOLUTE,
                                               SQL_FETCH_RELATIVE,
                                               SQL_FETCH_BOOKMARK,
                                               99};
    struct session s;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT Id FROM [Types].[Types].[AllTypes]"));
    for (size_t i = 0; i < COUNT_OF(orientations); i++) {
        expect_stmt("E", s.stmt, SQLFetchScroll(s.stmt, orientations[i], 1));
        expect_state(SQL_HANDLE_STMT, s.stmt, "HY106");
    }
    expect_stmt("S", s.stmt, SQLFetchScroll(s.stmt, SQL_FETCH_NEXT, 0));
    session_close(&s);
}

static void an_odbc_2_program_uses_extended_fetch(void **state)
{
    struct harness *h = *state;
    SQLHENV env = environment_open(SQL_OV_ODBC2);
    struct session s;
    SQLINTEGER id[3];
    SQLLEN indicator[3];
    SQLUSMALLINT status[3];
    static const SQLULEN expected[] = {3, 3, 2};
    SQLULEN rows = 0;

    session_open_in(h, env, &s, NULL);
    set(s.stmt, SQL_ROWSET_SIZE, 3);
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 1, SQL_C_LONG, id, 0, indicator));
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT Id FROM [Types].[Types].[AllTypes] ORDER BY Id"));
    for (size_t turn = 0; turn < COUNT_OF(expected); turn++) {
        expect_stmt("S", s.stmt, SQLExtendedFetch(s.stmt, SQL_FETCH_NEXT, 0, &rows, status));
        assert_int_equal(rows, expected[turn]);
        for (SQLULEN i = 0; i < 3; i++)
            assert_int_equal(status[i], i < rows ? SQL_ROW_SUCCESS : SQL_ROW_NOROW);
        assert_int_equal(id[0], turn * 3 + 1);
    }
    expect_stmt("N", s.stmt, SQLExtendedFetch(s.stmt, SQL_FETCH_NEXT, 0, &rows, status));
    expect_stmt("N", s.stmt, SQLExtendedFetch(s.stmt, SQL_FETCH_NEXT, 0, &rows, status));
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    /* SQLFetch of an ODBC 2 program reads one row, whatever the rowset size. */
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT Id FROM [Types].[Types].[AllTypes] ORDER BY Id"));
    id[0] = id[1] = -1;
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    assert_int_equal(id[0], 1);
    assert_int_equal(id[1], -1);
    session_close(&s);
    SQLFreeHandle(SQL_HANDLE_ENV, env);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rowset_size_and_layout_gives_the_same_rows),
        cmocka_unit_test(truncated_cells_are_named_by_row_and_column),
        cmocka_unit_test(records_of_one_fetch_are_capped_and_the_rest_counted),
        cmocka_unit_test(null_without_an_indicator_is_22002),
        cmocka_unit_test(a_bad_cell_fails_its_row_alone),
        cmocka_unit_test(max_rows_limits_what_is_returned),
        cmocka_unit_test(after_the_end_every_fetch_is_no_data),
        cmocka_unit_test(an_empty_result_has_columns_and_no_rows),
        UNIXODBC_ONLY("says HY092 for orientations it does not know",
                      cmocka_unit_test(scrolling_backwards_is_refused), )
            cmocka_unit_test(an_odbc_2_program_uses_extended_fetch),
    };

    return harness_main("test_fetch", NULL, tests, COUNT_OF(tests));
}
