/* Proves that the type table says what CLIENTS.md 7a and appendix D of the ODBC reference ask for, and that
 * its rows and the descriptions made from them agree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/utf.h"
#include "data/type.h"

enum { W = CA_WIDE_OCTETS, LONG_SIZE = 2147483647 };

static const struct ca_type_options options = {6, 4000, 1048576};

static const struct {
    struct ca_type_spec spec;
    struct ca_type_description expected;
} descriptions[] = {
    {{CA_TYPE_BINARY, 100, 0, 0}, {SQL_VARBINARY, SQL_VARBINARY, 0, 100, 0, false, 0, 0, 0, 200, 100, 100}},
    {{CA_TYPE_BINARY, 0, 0, 0},
     {SQL_VARBINARY, SQL_VARBINARY, 0, 8000, 0, false, 0, 0, 0, 16000, 8000, 8000}},
    {{CA_TYPE_BINARY, 8001, 0, 0},
     {SQL_LONGVARBINARY, SQL_LONGVARBINARY, 0, 8001, 0, false, 0, 0, 0, 16002, 8001, 8001}},
    {{3, INT64_MAX, 0, 0},
     {SQL_LONGVARBINARY, SQL_LONGVARBINARY, 0, LONG_SIZE, 0, false, 0, 0, 0, 2 * (SQLLEN)LONG_SIZE, LONG_SIZE,
      LONG_SIZE}},
    {{CA_TYPE_VARCHAR, 50, 0, 0}, {SQL_WVARCHAR, SQL_WVARCHAR, 0, 50, 0, false, 0, 0, 0, 50, 50 * W, 50 * W}},
    {{CA_TYPE_VARCHAR, 4000, 0, 0},
     {SQL_WVARCHAR, SQL_WVARCHAR, 0, 4000, 0, false, 0, 0, 0, 4000, 4000 * W, 4000 * W}},
    {{CA_TYPE_VARCHAR, 4001, 0, 0},
     {SQL_WLONGVARCHAR, SQL_WLONGVARCHAR, 0, 4001, 0, false, 0, 0, 0, 4001, 4001 * W, 4001 * W}},
    {{CA_TYPE_VARCHAR, 0, 0, 0},
     {SQL_WVARCHAR, SQL_WVARCHAR, 0, 4000, 0, false, 0, 0, 0, 4000, 4000 * W, 4000 * W}},
    {{CA_TYPE_VARCHAR, -1, 0, 0},
     {SQL_WVARCHAR, SQL_WVARCHAR, 0, 4000, 0, false, 0, 0, 0, 4000, 4000 * W, 4000 * W}},
    {{CA_TYPE_VARCHAR, 2000000000, 0, 0},
     {SQL_WLONGVARCHAR, SQL_WLONGVARCHAR, 0, 1048576, 0, false, 0, 0, 0, 1048576, 1048576 * W, 1048576 * W}},
    {{77, 10, 0, 0}, {SQL_WVARCHAR, SQL_WVARCHAR, 0, 10, 0, false, 0, 0, 0, 10, 10 * W, 10 * W}},
    {{CA_TYPE_TINYINT, 9, 0, 0}, {SQL_TINYINT, SQL_TINYINT, 0, 3, 0, true, 10, 3, 0, 4, 1, 0}},
    {{CA_TYPE_SMALLINT, 0, 99, 9}, {SQL_SMALLINT, SQL_SMALLINT, 0, 5, 0, true, 10, 5, 0, 6, 2, 0}},
    {{CA_TYPE_INTEGER, 0, 0, 0}, {SQL_INTEGER, SQL_INTEGER, 0, 10, 0, true, 10, 10, 0, 11, 4, 0}},
    {{CA_TYPE_BIGINT, 0, 0, 0}, {SQL_BIGINT, SQL_BIGINT, 0, 19, 0, true, 10, 19, 0, 20, 8, 0}},
    {{CA_TYPE_FLOAT, 0, 0, 0}, {SQL_FLOAT, SQL_FLOAT, 0, 15, 0, false, 10, 15, 0, 24, 8, 0}},
    {{CA_TYPE_DOUBLE, 0, 0, 0}, {SQL_DOUBLE, SQL_DOUBLE, 0, 15, 0, false, 10, 15, 0, 24, 8, 0}},
    {{CA_TYPE_DECIMAL, 0, 18, 2}, {SQL_DECIMAL, SQL_DECIMAL, 0, 18, 2, true, 10, 18, 2, 20, 20, 0}},
    {{CA_TYPE_NUMERIC, 0, 5, 9}, {SQL_NUMERIC, SQL_NUMERIC, 0, 5, 5, true, 10, 5, 5, 7, 7, 0}},
    {{CA_TYPE_DECIMAL, 0, 0, 0}, {SQL_DECIMAL, SQL_DECIMAL, 0, 38, 10, true, 10, 38, 10, 40, 40, 0}},
    {{CA_TYPE_DECIMAL, 0, 255, 0}, {SQL_DECIMAL, SQL_DECIMAL, 0, 38, 10, true, 10, 38, 10, 40, 40, 0}},
    {{CA_TYPE_DECIMAL, 0, 255, 4}, {SQL_DECIMAL, SQL_DECIMAL, 0, 38, 4, true, 10, 38, 4, 40, 40, 0}},
    {{CA_TYPE_DECIMAL, 0, -1, -1}, {SQL_DECIMAL, SQL_DECIMAL, 0, 38, 10, true, 10, 38, 10, 40, 40, 0}},
    {{CA_TYPE_BOOLEAN, 0, 0, 0}, {SQL_BIT, SQL_BIT, 0, 1, 0, true, 0, 1, 0, 1, 1, 0}},
    {{CA_TYPE_DATE, 0, 0, 0}, {SQL_TYPE_DATE, SQL_DATETIME, SQL_CODE_DATE, 10, 0, false, 0, 0, 0, 10, 6, 0}},
    {{CA_TYPE_TIME, 0, 0, 0}, {SQL_TYPE_TIME, SQL_DATETIME, SQL_CODE_TIME, 16, 7, true, 0, 7, 0, 16, 6, 0}},
    {{CA_TYPE_TIMESTAMP, 0, 0, 0},
     {SQL_TYPE_TIMESTAMP, SQL_DATETIME, SQL_CODE_TIMESTAMP, 26, 6, true, 0, 6, 0, 27, 16, 0}},
    {{CA_TYPE_UUID, 0, 0, 0}, {SQL_GUID, SQL_GUID, 0, 36, 0, false, 0, 0, 0, 36, 16, 0}},
};

static void compare(const struct ca_type_description *got, const struct ca_type_description *expected)
{
    assert_int_equal(got->concise_type, expected->concise_type);
    assert_int_equal(got->verbose_type, expected->verbose_type);
    assert_int_equal(got->datetime_code, expected->datetime_code);
    assert_int_equal(got->column_size, expected->column_size);
    assert_int_equal(got->decimal_digits, expected->decimal_digits);
    assert_int_equal(got->has_decimal_digits, expected->has_decimal_digits);
    assert_int_equal(got->radix, expected->radix);
    assert_int_equal(got->precision, expected->precision);
    assert_int_equal(got->scale, expected->scale);
    assert_int_equal(got->display_size, expected->display_size);
    assert_int_equal(got->octet_length, expected->octet_length);
    assert_int_equal(got->char_octet_length, expected->char_octet_length);
}

static void columns_are_described_as_clients_need_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof descriptions / sizeof *descriptions; i++) {
        struct ca_type_description description;
        ca_type_describe(&descriptions[i].spec, &options, &description);
        compare(&description, &descriptions[i].expected);
    }
}

static void timestamp_scale_sets_size_and_digits(void **state)
{
    (void)state;
    static const SQLULEN sizes[] = {19, 21, 22, 23, 24, 25, 26, 27, 28, 29};
    for (SQLSMALLINT scale = 0; scale <= 9; scale++) {
        struct ca_type_options scaled = {scale, 0, 0};
        struct ca_type_description description;
        ca_type_describe(&(struct ca_type_spec){CA_TYPE_TIMESTAMP, 0, 0, 0}, &scaled, &description);
        assert_int_equal(description.column_size, sizes[scale]);
        assert_int_equal(description.decimal_digits, scale);
        assert_int_equal(description.display_size, scale > 7 ? sizes[scale] : 27);
    }
}

static void string_options_set_the_declared_size(void **state)
{
    (void)state;
    struct ca_type_options small = {6, 255, 65535};
    struct ca_type_options large = {6, 8000, 0};
    struct ca_type_description description;
    ca_type_describe(&(struct ca_type_spec){CA_TYPE_VARCHAR, 0, 0, 0}, &small, &description);
    assert_int_equal(description.column_size, 255);
    assert_int_equal(description.concise_type, SQL_WVARCHAR);
    ca_type_describe(&(struct ca_type_spec){CA_TYPE_VARCHAR, 100000, 0, 0}, &small, &description);
    assert_int_equal(description.column_size, 65535);
    ca_type_describe(&(struct ca_type_spec){CA_TYPE_VARCHAR, 0, 0, 0}, &large, &description);
    assert_int_equal(description.column_size, 8000);
    assert_int_equal(description.concise_type, SQL_WLONGVARCHAR);
    ca_type_describe(&(struct ca_type_spec){CA_TYPE_VARCHAR, INT64_MAX, 0, 0}, &large, &description);
    assert_int_equal(description.column_size, LONG_SIZE);
}

static void rows_are_sorted_and_named_as_the_service_names_them(void **state)
{
    (void)state;
    size_t count;
    const struct ca_type *rows = ca_type_rows(&count);
    assert_int_equal(count, 23);
    for (size_t i = 0; i < count; i++) {
        assert_true(i == 0 || rows[i - 1].sql_type < rows[i].sql_type);
        assert_string_equal(rows[i].name, ca_type_find(rows[i].code)->name);
        assert_int_equal(ca_type_code_of_sql(rows[i].sql_type), rows[i].code);
        assert_int_equal(rows[i].prefix != NULL, rows[i].suffix != NULL);
    }
}

/* What SQLDescribeCol, SQLColAttribute and SQLColumns say of a type stands in a row of SQLGetTypeInfo. */
static void every_column_type_has_its_row(void **state)
{
    (void)state;
    size_t count;
    const struct ca_type *rows = ca_type_rows(&count);
    for (int code = 0; code <= 19; code++) {
        const struct ca_type *type = ca_type_find(code);
        struct ca_type_description description;
        bool found = false;
        ca_type_describe(&(struct ca_type_spec){code, 0, 0, 0}, &options, &description);
        for (size_t i = 0; i < count; i++) {
            found |= rows[i].sql_type == description.concise_type && strcmp(rows[i].name, type->name) == 0;
            if (rows[i].sql_type == description.concise_type)
                assert_true(description.column_size <= rows[i].maximum_size);
        }
        assert_true(found);
    }
    assert_string_equal(ca_type_find(0)->name, "VARCHAR");
    assert_string_equal(ca_type_find(3)->name, "BINARY");
    assert_string_equal(ca_type_find(19)->name, "VARCHAR");
}

static void sql_types_are_described_with_their_own_size(void **state)
{
    (void)state;
    struct ca_type_description d;
    ca_type_describe_sql(SQL_VARCHAR, 20, 0, &d);
    compare(&d,
            &(struct ca_type_description){SQL_VARCHAR, SQL_VARCHAR, 0, 20, 0, false, 0, 0, 0, 20, 20, 20});
    ca_type_describe_sql(SQL_WCHAR, 0, 0, &d);
    compare(&d, &(struct ca_type_description){SQL_WCHAR, SQL_WCHAR, 0, 4000, 0, false, 0, 0, 0, 4000,
                                              4000 * W, 4000 * W});
    ca_type_describe_sql(SQL_DECIMAL, 10, 3, &d);
    compare(&d,
            &(struct ca_type_description){SQL_DECIMAL, SQL_DECIMAL, 0, 10, 3, true, 10, 10, 3, 12, 12, 0});
    ca_type_describe_sql(SQL_REAL, 0, 0, &d);
    compare(&d, &(struct ca_type_description){SQL_REAL, SQL_REAL, 0, 7, 0, false, 10, 7, 0, 14, 4, 0});
    ca_type_describe_sql(SQL_TIMESTAMP, 23, 3, &d);
    compare(&d, &(struct ca_type_description){SQL_TYPE_TIMESTAMP, SQL_DATETIME, SQL_CODE_TIMESTAMP, 23, 3,
                                              true, 0, 3, 0, 27, 16, 0});
    ca_type_describe_sql(SQL_TIME, 0, 0, &d);
    assert_int_equal(d.column_size, 8);
    ca_type_describe_sql(SQL_INTERVAL_DAY_TO_SECOND, 18, 6, &d);
    assert_int_equal(d.concise_type, SQL_INTERVAL_DAY_TO_SECOND);
    assert_int_equal(d.verbose_type, SQL_INTERVAL);
    assert_int_equal(d.datetime_code, SQL_CODE_DAY_TO_SECOND);
}

static void odbc_2_codes_are_understood(void **state)
{
    (void)state;
    assert_int_equal(ca_type_odbc2(SQL_TYPE_DATE), SQL_DATE);
    assert_int_equal(ca_type_odbc2(SQL_TYPE_TIME), SQL_TIME);
    assert_int_equal(ca_type_odbc2(SQL_TYPE_TIMESTAMP), SQL_TIMESTAMP);
    assert_int_equal(ca_type_odbc2(SQL_INTEGER), SQL_INTEGER);
    assert_int_equal(ca_type_odbc3(SQL_TIMESTAMP), SQL_TYPE_TIMESTAMP);
    assert_int_equal(ca_type_odbc3(SQL_VARCHAR), SQL_VARCHAR);
    assert_int_equal(ca_type_code_of_sql(SQL_TIMESTAMP), CA_TYPE_TIMESTAMP);
    assert_int_equal(ca_type_code_of_sql(SQL_REAL), CA_TYPE_FLOAT);
    assert_int_equal(ca_type_code_of_sql(SQL_INTERVAL_DAY), CA_TYPE_VARCHAR);
    assert_int_equal(ca_type_code_of_sql(12345), 0);
    assert_int_equal(ca_type_code_of_sql(SQL_UNKNOWN_TYPE), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_described_as_clients_need_them),
        cmocka_unit_test(timestamp_scale_sets_size_and_digits),
        cmocka_unit_test(string_options_set_the_declared_size),
        cmocka_unit_test(rows_are_sorted_and_named_as_the_service_names_them),
        cmocka_unit_test(every_column_type_has_its_row),
        cmocka_unit_test(sql_types_are_described_with_their_own_size),
        cmocka_unit_test(odbc_2_codes_are_understood),
    };
    return cmocka_run_group_tests_name("data: types", tests, NULL, NULL);
}
