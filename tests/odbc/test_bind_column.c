/*
 * Where fetched values go: offsets added to bound addresses, indicators without buffers, columns bound and
 * unbound while a cursor is open.
 *
 * Must not know how the driver stores a binding. Rules: SQLBindCol of the ODBC reference.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

enum { NAME_OCTETS = 100 };

struct item {
    SQLBIGINT id;
    SQLLEN id_indicator;
    SQLINTEGER quantity;
    SQLLEN quantity_indicator;
    char name[NAME_OCTETS];
    SQLLEN name_indicator;
};

static void set(SQLHSTMT stmt, SQLINTEGER attribute, SQLULEN value)
{
    expect_stmt("S", stmt, SQLSetStmtAttr(stmt, attribute, (SQLPOINTER)(uintptr_t)value, SQL_IS_UINTEGER));
}

static void set_pointer(SQLHSTMT stmt, SQLINTEGER attribute, void *value)
{
    expect_stmt("S", stmt, SQLSetStmtAttr(stmt, attribute, value, SQL_IS_POINTER));
}

static void bind_rows(SQLHSTMT stmt, struct item *r)
{
    set(stmt, SQL_ATTR_ROW_BIND_TYPE, sizeof *r);
    expect_stmt("S", stmt, SQLBindCol(stmt, 1, SQL_C_SBIGINT, &r->id, 0, &r->id_indicator));
    expect_stmt("S", stmt, SQLBindCol(stmt, 2, SQL_C_SLONG, &r->quantity, 0, &r->quantity_indicator));
    expect_stmt("S", stmt, SQLBindCol(stmt, 3, SQL_C_CHAR, r->name, NAME_OCTETS, &r->name_indicator));
}

static void an_offset_moves_every_address_at_fetch_time(void **state)
{
    struct session s;
    struct item *r = calloc(6, sizeof *r);
    SQLLEN offset = 0;

    assert_non_null(r);
    session_open(*state, &s, NULL);
    set_pointer(s.stmt, SQL_ATTR_ROW_BIND_OFFSET_PTR, &offset);
    set(s.stmt, SQL_ATTR_ROW_ARRAY_SIZE, 2);
    bind_rows(s.stmt, r);
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT Id, Quantity, Name FROM [Bench].[Bench].[Rows] LIMIT 6"));
    for (SQLLEN i = 0; i < 6; i += 2) {
        offset = i * (SQLLEN)sizeof *r;
        expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    }
    for (int i = 1; i < 6; i++) {
        assert_int_equal(r[i].id, r[0].id + i);
        assert_int_equal(r[i].id_indicator, sizeof(SQLBIGINT));
        assert_int_equal(r[i].name_indicator, strlen(r[i].name));
    }
    expect_stmt("N", s.stmt, SQLFetch(s.stmt));
    free(r);
    session_close(&s);
}

/* Addresses that mean nothing by themselves: only with the offset are they read or written. */
static void an_address_is_not_touched_before_the_offset_is_added(void **state)
{
    struct session s;
    SQLINTEGER value = -1;
    SQLLEN indicator = -5;
    SQLLEN offset;
    struct {
        SQLINTEGER value;
        SQLLEN indicator;
    } place = {-1, -5};

    session_open(*state, &s, NULL);
    offset = (SQLLEN)((uintptr_t)&place - 16);
    set_pointer(s.stmt, SQL_ATTR_ROW_BIND_OFFSET_PTR, &offset);
    expect_stmt("S", s.stmt,
                SQLBindCol(s.stmt, 1, SQL_C_SLONG, (SQLPOINTER)(uintptr_t)16, 0,
                           (SQLLEN *)(uintptr_t)(16 + ((uintptr_t)&place.indicator - (uintptr_t)&place))));
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT IntegerCol FROM [Types].[Types].[AllTypes] WHERE Id = 1"));
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    assert_int_equal(place.value, 3);
    assert_int_equal(place.indicator, sizeof place.value);
    assert_int_equal(value, -1);
    assert_int_equal(indicator, -5);
    session_close(&s);
}

/* R's database packages read the length of long columns this way: an indicator and no buffer. */
static void an_indicator_without_a_buffer_receives_the_length(void **state)
{
    struct session s;
    SQLLEN octets = -9, id_length = -9;
    SQLINTEGER id = 0;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 1, SQL_C_SLONG, &id, 0, &id_length));
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 2, SQL_C_CHAR, NULL, 0, &octets));
    expect_stmt(
        "S", s.stmt,
        exec(s.stmt, "SELECT Id, VarcharCol FROM [Types].[Types].[AllTypes] WHERE Id < 3 ORDER BY Id"));
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    assert_int_equal(id, 1);
    assert_int_equal(octets, strlen("plain text"));
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    assert_int_equal(octets, SQL_NULL_DATA);
    session_close(&s);
}

static void columns_are_bound_and_unbound_between_fetches(void **state)
{
    struct session s;
    SQLINTEGER id = 0;
    char text[20] = "";
    SQLLEN octets = -9;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 9, SQL_C_SLONG, &id, 0, NULL));
    expect_stmt("S", s.stmt,
                exec(s.stmt, "SELECT Id, VarcharCol FROM [Types].[Types].[AllTypes] ORDER BY Id"));
    /* Columns behind the last one are ignored until a result has them. */
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    assert_int_equal(id, 0);
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 1, SQL_C_SLONG, &id, 0, NULL));
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    assert_int_equal(id, 2);
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 2, SQL_C_CHAR, text, sizeof text, &octets));
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    expect_text(text, "largest");
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 1, SQL_C_SLONG, NULL, 0, NULL));
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    assert_int_equal(id, 3);
    expect_text(text, "smallest");
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_UNBIND));
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    expect_text(text, "smallest");
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_offset_moves_every_address_at_fetch_time),
        cmocka_unit_test(an_address_is_not_touched_before_the_offset_is_added),
        cmocka_unit_test(an_indicator_without_a_buffer_receives_the_length),
        cmocka_unit_test(columns_are_bound_and_unbound_between_fetches),
    };

    return harness_main("test_bind_column", NULL, tests, COUNT_OF(tests));
}
