/*
 * Static cursors: every orientation with every rowset size, before the start and after the end, bookmarks,
 * the same rows as a forward-only cursor, and what scrolling must not cost.
 *
 * Must not know how the driver keeps rows. Rules: SQLFetchScroll ("Positioning the Cursor") of the reference.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#define VALUE(number) (SQLPOINTER)(uintptr_t)(number)
#define TEN           "SELECT id FROM [SQLite1].[main].[items] ORDER BY id" /* 1 to 10 */

static void set(SQLHSTMT stmt, SQLINTEGER attribute, SQLULEN value)
{
    expect_stmt("S", stmt, SQLSetStmtAttr(stmt, attribute, VALUE(value), SQL_IS_UINTEGER));
}

/* A step: what is asked, and the first and last row of the rowset then; 0 = SQL_NO_DATA. */
struct step {
    SQLSMALLINT orientation;
    SQLLEN offset;
    SQLINTEGER first, last;
};

static void walk(SQLHSTMT stmt, SQLULEN size, const struct step *steps, size_t count)
{
    SQLINTEGER id[20];
    SQLULEN fetched;

    set(stmt, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
    set(stmt, SQL_ATTR_ROW_ARRAY_SIZE, size);
    expect_stmt("S", stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, SQL_IS_POINTER));
    expect_stmt("S", stmt, SQLBindCol(stmt, 1, SQL_C_SLONG, id, 0, NULL));
    expect_stmt("S", stmt, exec(stmt, TEN));
    for (size_t i = 0; i < count; i++) {
        memset(id, 0, sizeof id);
        fetched = 0;
        SQLRETURN rc = SQLFetchScroll(stmt, steps[i].orientation, steps[i].offset);
        bool none = rc == SQL_NO_DATA;
        SQLINTEGER last = fetched > 0 && fetched < 20 ? id[fetched - 1] : 0;
        if (!none && rc != SQL_SUCCESS && rc != SQL_SUCCESS_WITH_INFO)
            expect_stmt("SIN", stmt, rc);
        if (none ? steps[i].first != 0 : id[0] != steps[i].first || last != steps[i].last)
            fail_msg("rowset of %lu, step %zu (%d, %ld): rows %d to %d, not %d to %d", (unsigned long)size, i,
                     steps[i].orientation, (long)steps[i].offset, none ? 0 : (int)id[0], none ? 0 : (int)last,
                     (int)steps[i].first, (int)steps[i].last);
    }
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_UNBIND));
}

static void every_orientation_goes_where_the_reference_says(void **state)
{
    static const struct step one[] = {
        {SQL_FETCH_PRIOR, 0, 0, 0},      {SQL_FETCH_NEXT, 0, 1, 1},        {SQL_FETCH_LAST, 0, 10, 10},
        {SQL_FETCH_NEXT, 0, 0, 0},       {SQL_FETCH_NEXT, 0, 0, 0},        {SQL_FETCH_PRIOR, 0, 10, 10},
        {SQL_FETCH_FIRST, 0, 1, 1},      {SQL_FETCH_PRIOR, 0, 0, 0},       {SQL_FETCH_NEXT, 0, 1, 1},
        {SQL_FETCH_ABSOLUTE, 5, 5, 5},   {SQL_FETCH_RELATIVE, 2, 7, 7},    {SQL_FETCH_RELATIVE, -3, 4, 4},
        {SQL_FETCH_RELATIVE, 0, 4, 4},   {SQL_FETCH_ABSOLUTE, -1, 10, 10}, {SQL_FETCH_ABSOLUTE, -10, 1, 1},
        {SQL_FETCH_ABSOLUTE, -11, 0, 0}, {SQL_FETCH_NEXT, 0, 1, 1},        {SQL_FETCH_ABSOLUTE, 11, 0, 0},
        {SQL_FETCH_PRIOR, 0, 10, 10},    {SQL_FETCH_ABSOLUTE, 0, 0, 0},    {SQL_FETCH_NEXT, 0, 1, 1},
        {SQL_FETCH_RELATIVE, 100, 0, 0}, {SQL_FETCH_RELATIVE, -1, 10, 10}, {SQL_FETCH_RELATIVE, -100, 0, 0},
        {SQL_FETCH_RELATIVE, 1, 1, 1},
    };
    static const struct step four[] = {
        {SQL_FETCH_NEXT, 0, 1, 4},      {SQL_FETCH_NEXT, 0, 5, 8},      {SQL_FETCH_NEXT, 0, 9, 10},
        {SQL_FETCH_NEXT, 0, 0, 0},      {SQL_FETCH_PRIOR, 0, 7, 10},    {SQL_FETCH_PRIOR, 0, 3, 6},
        {SQL_FETCH_PRIOR, 0, 1, 4},     {SQL_FETCH_PRIOR, 0, 0, 0},     {SQL_FETCH_LAST, 0, 7, 10},
        {SQL_FETCH_ABSOLUTE, 9, 9, 10}, {SQL_FETCH_RELATIVE, -4, 5, 8}, {SQL_FETCH_ABSOLUTE, -3, 8, 10},
        {SQL_FETCH_FIRST, 0, 1, 4},     {SQL_FETCH_RELATIVE, 1, 2, 5},  {SQL_FETCH_RELATIVE, -2, 1, 4},
        {SQL_FETCH_RELATIVE, -1, 0, 0},
    };
    static const struct step twelve[] = {
        {SQL_FETCH_FIRST, 0, 1, 10},
        {SQL_FETCH_LAST, 0, 1, 10},
        {SQL_FETCH_NEXT, 0, 0, 0},
        {SQL_FETCH_PRIOR, 0, 1, 10},
    };
    struct session s;

    session_open(*state, &s, NULL);
    walk(s.stmt, 1, one, COUNT_OF(one));
    walk(s.stmt, 4, four, COUNT_OF(four));
    walk(s.stmt, 12, twelve, COUNT_OF(twelve));
    session_close(&s);
}

static void a_static_cursor_gives_the_rows_of_a_plain_one(void **state)
{
    static const char sql[] = "SELECT * FROM [Types].[Types].[AllTypes] ORDER BY Id";
    struct session s;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, exec(s.stmt, sql));
    char *expected = rows_text(s.stmt);
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    set(s.stmt, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
    expect_stmt("S", s.stmt, exec(s.stmt, sql));
    for (int turn = 0; turn < 2; turn++) {
        char *seen = rows_text(s.stmt);
        expect_text(seen, expected);
        free(seen);
        expect_stmt("N", s.stmt, SQLFetchScroll(s.stmt, SQL_FETCH_ABSOLUTE, 0));
    }
    free(expected);
    session_close(&s);
}

static void bookmarks_find_their_rows_again(void **state)
{
    struct session s;
    unsigned char bookmark[4][32];
    SQLLEN octets[4];
    SQLINTEGER id[4];

    session_open(*state, &s, NULL);
    set(s.stmt, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
    set(s.stmt, SQL_ATTR_USE_BOOKMARKS, SQL_UB_VARIABLE);
    set(s.stmt, SQL_ATTR_ROW_ARRAY_SIZE, 4);
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 0, SQL_C_VARBOOKMARK, bookmark, sizeof bookmark[0], octets));
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 1, SQL_C_SLONG, id, 0, NULL));
    expect_stmt("S", s.stmt, exec(s.stmt, TEN));
    expect_stmt("S", s.stmt, SQLFetchScroll(s.stmt, SQL_FETCH_ABSOLUTE, 3));
    unsigned char kept[32];
    memcpy(kept, bookmark[2], sizeof kept);
    expect_stmt("S", s.stmt, SQLSetStmtAttr(s.stmt, SQL_ATTR_FETCH_BOOKMARK_PTR, kept, SQL_IS_POINTER));
    expect_stmt("S", s.stmt, SQLFetchScroll(s.stmt, SQL_FETCH_FIRST, 0));
    expect_stmt("S", s.stmt, SQLFetchScroll(s.stmt, SQL_FETCH_BOOKMARK, 0));
    assert_int_equal(id[0], 5);
    expect_stmt("S", s.stmt, SQLFetchScroll(s.stmt, SQL_FETCH_BOOKMARK, -2));
    assert_int_equal(id[0], 3);
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    /* Without them column 0 is none. */
    session_close(&s);
    session_open(*state, &s, NULL);
    set(s.stmt, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
    expect_stmt("S", s.stmt, exec(s.stmt, TEN));
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    expect_stmt("E", s.stmt, SQLGetData(s.stmt, 0, SQL_C_VARBOOKMARK, kept, sizeof kept, octets));
    session_close(&s);
}

static void going_back_costs_no_request_and_needs_no_end(void **state)
{
    struct harness *h = *state;
    struct session s;
    SQLBIGINT id = 0, first = 0;

    session_open(h, &s, NULL);
    set(s.stmt, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
    requests_clear(&h->service);
    /* A result without an end: only what is asked for may be read. */
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT Id FROM [Bench].[Bench].[Narrow]"));
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 1, SQL_C_SBIGINT, &id, 0, NULL));
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    first = id;
    expect_stmt("S", s.stmt, SQLFetchScroll(s.stmt, SQL_FETCH_ABSOLUTE, 5000));
    assert_int_equal(id, first + 4999);
    expect_stmt("S", s.stmt, SQLFetchScroll(s.stmt, SQL_FETCH_RELATIVE, -4000));
    assert_int_equal(id, first + 999);
    expect_stmt("S", s.stmt, SQLFetchScroll(s.stmt, SQL_FETCH_FIRST, 0));
    assert_int_equal(id, first);
    assert_int_equal(requests_count(&h->service, "POST", NULL, NULL), 1);
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_UNBIND));
    expect_usable(s.stmt);
    session_close(&s);
}

/* What clients set before they open a cursor, and what they then get. */
static void other_kinds_of_cursor_become_static(void **state)
{
    static const SQLULEN asked[] = {SQL_CURSOR_KEYSET_DRIVEN, SQL_CURSOR_DYNAMIC};
    struct session s;
    SQLULEN type = 99;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        expect_stmt("I", s.stmt,
                    SQLSetStmtAttr(s.stmt, SQL_ATTR_CURSOR_TYPE, VALUE(asked[i]), SQL_IS_UINTEGER));
        expect_state(SQL_HANDLE_STMT, s.stmt, "01S02");
        expect_stmt("S", s.stmt, SQLGetStmtAttr(s.stmt, SQL_ATTR_CURSOR_TYPE, &type, 0, NULL));
        assert_int_equal(type, SQL_CURSOR_STATIC);
    }
    set(s.stmt, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_FORWARD_ONLY);
    set(s.stmt, SQL_ATTR_CURSOR_SCROLLABLE, SQL_SCROLLABLE);
    expect_stmt("S", s.stmt, exec(s.stmt, TEN));
    expect_stmt("S", s.stmt, SQLFetchScroll(s.stmt, SQL_FETCH_LAST, 0));
    char *id = cell_text(s.stmt, 1);
    expect_text(id, "10");
    free(id);
    session_close(&s);
}

static void a_rowset_is_refreshed_row_by_row_or_whole(void **state)
{
    struct session s;
    SQLUSMALLINT operations[4] = {SQL_ROW_PROCEED, SQL_ROW_IGNORE, SQL_ROW_PROCEED, SQL_ROW_IGNORE};
    SQLINTEGER id[4];

    session_open(*state, &s, NULL);
    set(s.stmt, SQL_ATTR_ROW_ARRAY_SIZE, 4);
    expect_stmt("S", s.stmt, SQLSetStmtAttr(s.stmt, SQL_ATTR_ROW_OPERATION_PTR, operations, SQL_IS_POINTER));
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 1, SQL_C_SLONG, id, 0, NULL));
    expect_stmt("S", s.stmt, exec(s.stmt, TEN));
    expect_stmt("S", s.stmt, SQLFetchScroll(s.stmt, SQL_FETCH_NEXT, 0));
    memset(id, 0, sizeof id);
    expect_stmt("S", s.stmt, SQLSetPos(s.stmt, 2, SQL_REFRESH, SQL_LOCK_NO_CHANGE));
    assert_int_equal(id[1], 2); /* a row that is named is not left out */
    memset(id, 0, sizeof id);
    expect_stmt("S", s.stmt, SQLSetPos(s.stmt, 0, SQL_REFRESH, SQL_LOCK_NO_CHANGE));
    static const SQLINTEGER expected[] = {1, 0, 3, 0};
    assert_memory_equal(id, expected, sizeof id);
    session_close(&s);
}

static void a_read_only_cursor_refuses_changes(void **state)
{
    static const SQLUSMALLINT changes[] = {SQL_UPDATE, SQL_DELETE};
    static const SQLSMALLINT bulk[] = {SQL_ADD, SQL_UPDATE_BY_BOOKMARK, SQL_DELETE_BY_BOOKMARK,
                                       SQL_FETCH_BY_BOOKMARK};
    struct session s;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, exec(s.stmt, TEN));
    expect_stmt("S", s.stmt, SQLFetchScroll(s.stmt, SQL_FETCH_NEXT, 0));
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        expect_stmt("E", s.stmt, SQLSetPos(s.stmt, 1, changes[i], SQL_LOCK_NO_CHANGE));
        expect_state(SQL_HANDLE_STMT, s.stmt, "HYC00");
    }
    for (size_t i = 0; i < COUNT_OF(bulk); i++) {
        expect_stmt("E", s.stmt, SQLBulkOperations(s.stmt, bulk[i]));
        expect_state(SQL_HANDLE_STMT, s.stmt, "HYC00");
        expect_message(SQL_HANDLE_STMT, s.stmt, "read-only");
    }
    expect_stmt("E", s.stmt, SQLBulkOperations(s.stmt, 99));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY092");
    /* the cursor is where it was */
    char *id = cell_text(s.stmt, 1);
    expect_text(id, "1");
    free(id);
    session_close(&s);
}

/* The rowset grows and shrinks between fetches, by row and by column, from either kind of cursor. */
static void the_rowset_may_change_between_fetches(void **state)
{
    static const SQLULEN sizes[] = {1, 3, 2, 4}; /* ten rows */
    struct session s;
    struct row {
        SQLINTEGER id;
        SQLLEN indicator;
    } rows[4];
    SQLULEN fetched;

    session_open(*state, &s, NULL);
    for (int turn = 0; turn < 4; turn++) {
        bool by_row = turn % 2 != 0;
        SQLINTEGER last = 0;
        set(s.stmt, SQL_ATTR_CURSOR_TYPE, turn < 2 ? SQL_CURSOR_FORWARD_ONLY : SQL_CURSOR_STATIC);
        set(s.stmt, SQL_ATTR_ROW_BIND_TYPE, by_row ? sizeof *rows : SQL_BIND_BY_COLUMN);
        expect_stmt("S", s.stmt, SQLSetStmtAttr(s.stmt, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, SQL_IS_POINTER));
        expect_stmt("S", s.stmt,
                    SQLBindCol(s.stmt, 1, SQL_C_SLONG, rows, 0, by_row ? &rows[0].indicator : NULL));
        expect_stmt("S", s.stmt, exec(s.stmt, TEN));
        for (size_t i = 0; i < COUNT_OF(sizes); i++) {
            set(s.stmt, SQL_ATTR_ROW_ARRAY_SIZE, sizes[i]);
            expect_stmt("S", s.stmt, SQLFetchScroll(s.stmt, SQL_FETCH_NEXT, 0));
            assert_int_equal(fetched, sizes[i]);
            for (SQLULEN k = 0; k < fetched; k++)
                assert_int_equal(by_row ? rows[k].id : ((SQLINTEGER *)(void *)rows)[k], ++last);
        }
        expect_stmt("N", s.stmt, SQLFetchScroll(s.stmt, SQL_FETCH_NEXT, 0));
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_UNBIND));
    }
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_orientation_goes_where_the_reference_says),
        UNIXODBC_ONLY("lets SQLFetchScroll not follow SQLFetch",
                      cmocka_unit_test(a_static_cursor_gives_the_rows_of_a_plain_one), )
            cmocka_unit_test(bookmarks_find_their_rows_again),
        UNIXODBC_ONLY("lets SQLFetchScroll not follow SQLFetch",
                      cmocka_unit_test(going_back_costs_no_request_and_needs_no_end), )
            cmocka_unit_test(other_kinds_of_cursor_become_static),
        cmocka_unit_test(a_rowset_is_refreshed_row_by_row_or_whole),
        cmocka_unit_test(a_read_only_cursor_refuses_changes),
        cmocka_unit_test(the_rowset_may_change_between_fetches),
    };

    return harness_main("test_cursor", NULL, tests, COUNT_OF(tests));
}
