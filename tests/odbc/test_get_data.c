/*
 * SQLGetData: every documented value of every type, in parts, in any order, on any row of a rowset.
 *
 * Must not know the driver's converters: the values are those the sample table documents, the rules those of
 * the ODBC reference (SQLGetData, Appendix D) and of the type table in the design.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#define ALL_TYPES "[Types].[Types].[AllTypes]"

enum { TYPES = 17, LONG_CHARS = 100000, LONG_OCTETS = 110000, BLOB_OCTETS = 70000 };

static const char *const columns[TYPES] = {
    "BinaryCol",  "LongBinaryCol", "VarcharCol", "LongVarcharCol", "TinyintCol", "SmallintCol",
    "IntegerCol", "BigintCol",     "FloatCol",   "DoubleCol",      "DecimalCol", "NumericCol",
    "BooleanCol", "DateCol",       "TimeCol",    "TimestampCol",   "UuidCol"};

#define QUOTED "it's \"quoted\" [x] {y} \\ back/slash %_?@p1\t\r\n\x01\x1f\x7f"
#define NINES  "9999999999999999999999999999"

/* Rows 1 to 7 of the table as text; numbers marked # are compared as numbers. */
static const char *const texts[][TYPES] = {
    {"00017F80FF", "DEADBEEF", "plain text", "a longer text", "1", "2", "3", "4", "#1.5", "#2.25",
     "123.4567890000", "42", "1", "2024-02-29", "13:14:15.0000000", "2024-02-29 13:14:15.1234567",
     "01234567-890a-bcde-f012-34567890abcd"},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
    {"FF", "FFFFFFFF", "largest", "largest", "127", "32767", "2147483647", "9223372036854775807",
     "#3.4028234663852886e38", "#1.7976931348623157e308", NINES ".9999999999",
     "99999999999999999999999999999999999999", "1", "9999-12-31", "23:59:59.9999999",
     "9999-12-31 23:59:59.9999999", "ffffffff-ffff-ffff-ffff-ffffffffffff"},
    {"00", "00", "smallest", "smallest", "-128", "-32768", "-2147483648", "-9223372036854775808",
     "#-3.4028234663852886e38", "#-1.7976931348623157e308", "-" NINES ".9999999999",
     "-99999999999999999999999999999999999999", "0", "0001-01-01", "00:00:00.0000000",
     "0001-01-01 00:00:00.000000", "00000000-0000-0000-0000-000000000000"},
    {"E4B8AD", "00", "emoji 🙂, 中文, ü, e\xCC\x81, \xEF\xBF\xBD", "👩\xE2\x80\x8D💻", "0", "0", "0", "0",
     "#1.1754943508222875e-38", "#4.9406564584124654e-324", "0.0000000001", "0", "0", "1970-01-01",
     "00:00:00.0000001", "1970-01-01 00:00:00.0000001", "6f9619ff-8b86-d011-b42d-00cf4fc964ff"},
    {"2722", "0D0A", QUOTED, "  blanks  ", "-1", "-1", "-1", "-1", "#-0.1", "#-0.1", "-0.5", "-1", "1",
     "1899-12-30", "12:00:00.5000000", "1900-02-28 23:59:59.999000", "abcdefab-cdef-abcd-efab-cdefabcdefab"},
    {"", "", "", "", "100", "1000", "1000000", "9007199254740993", "#16777217", "#9007199254740992",
     "100.0000000000", "12345678901234567890", "0", "2000-02-29", "06:07:08.0090000",
     "2038-01-19 03:14:08.000000", "00000000-0000-0000-c000-000000000046"},
};

/* Puts the cursor on the row with this Id; all columns but Id, in order. */
static void open_row(struct session *s, int id)
{
    char *sql = text_format(
        "SELECT BinaryCol, LongBinaryCol, VarcharCol, LongVarcharCol, TinyintCol, SmallintCol, "
        "IntegerCol, BigintCol, FloatCol, DoubleCol, DecimalCol, NumericCol, BooleanCol, DateCol, "
        "TimeCol, TimestampCol, UuidCol FROM " ALL_TYPES " WHERE Id = %d",
        id);

    expect_stmt("S", s->stmt, SQLFreeStmt(s->stmt, SQL_CLOSE));
    expect_stmt("S", s->stmt, exec(s->stmt, sql));
    expect_stmt("S", s->stmt, SQLFetch(s->stmt));
    free(sql);
}

static bool same_value(const char *seen, const char *expected)
{
    if (!expected || !seen)
        return expected == seen;
    if (*expected != '#')
        return strcmp(seen, expected) == 0;
    return strtod(seen, NULL) == strtod(expected + 1, NULL);
}

static void every_value_of_every_type_reads_as_documented_text(void **state)
{
    struct session s;
    int failures = 0;

    session_open(*state, &s, NULL);
    for (size_t row = 0; row < COUNT_OF(texts); row++) {
        open_row(&s, (int)row + 1);
        for (SQLUSMALLINT c = 1; c <= TYPES; c++) {
            char *narrow = cell_text(s.stmt, c), *wide = cell_wide_text(s.stmt, c);
            const char *expected = texts[row][c - 1];
            if (!same_value(narrow, expected) || !same_value(wide, expected)) {
                print_error("row %zu, %s: \"%s\" and wide \"%s\", not \"%s\"\n", row + 1, columns[c - 1],
                            narrow ? narrow : "<null>", wide ? wide : "<null>",
                            expected ? expected : "<null>");
                failures++;
            }
            free(narrow);
            free(wide);
        }
    }
    assert_int_equal(failures, 0);
    session_close(&s);
}

/* How long a value is as it is: text is UTF-16, for its type is SQL_WVARCHAR; hexadecimal digits stand for
 * octets. */
static size_t raw_octets(SQLUSMALLINT column, const char *text)
{
    SQLWCHAR *wide = wide_from(text);
    size_t units = wide_length(wide);

    free(wide);
    return column > 2 ? units * sizeof *wide : units / 2;
}

/* Every type as SQL_C_BINARY, in one call and octet by octet; what parts give is what the whole gave. */
static void every_type_reads_as_octets_whole_and_in_parts(void **state)
{
    struct session s;
    unsigned char whole[200], parts[200];
    SQLLEN octets, left;

    session_open(*state, &s, NULL);
    for (size_t row = 0; row < COUNT_OF(texts); row++) {
        open_row(&s, (int)row + 1);
        for (SQLUSMALLINT c = 1; c <= TYPES; c++) {
            /* A time structure has no place for the fraction. */
            expect_stmt(c == 15 ? "SI" : "S", s.stmt,
                        SQLGetData(s.stmt, c, SQL_C_BINARY, whole, sizeof whole, &octets));
            if (texts[row][c - 1] == NULL) {
                assert_int_equal(octets, SQL_NULL_DATA);
                continue;
            }
            assert_in_range(octets, 0, sizeof whole);
            expect_stmt("N", s.stmt, SQLGetData(s.stmt, c, SQL_C_BINARY, whole, sizeof whole, &left));
            /* Only octets and text come in parts. */
            if (c > 4)
                continue;
            assert_int_equal(octets, raw_octets(c, texts[row][c - 1]));
            expect_stmt("S", s.stmt, SQLGetData(s.stmt, 17, SQL_C_BINARY, parts, sizeof parts, &left));
            for (SQLLEN i = 0; i < octets; i++) {
                expect_stmt(i + 1 == octets ? "S" : "I", s.stmt,
                            SQLGetData(s.stmt, c, SQL_C_BINARY, parts + i, 1, &left));
                assert_int_equal(left, octets - i);
            }
            assert_memory_equal(parts, whole, (size_t)octets);
        }
    }
    session_close(&s);
}

/* A fixed C type: the octets at `value` are what must come. */
static const struct fixed {
    int row;
    SQLUSMALLINT column;
    SQLSMALLINT c_type;
    size_t octets;
    union {
        SQLCHAR u8;
        SQLSCHAR s8;
        SQLSMALLINT s16;
        SQLINTEGER s32;
        SQLBIGINT s64;
        SQLUBIGINT u64;
        SQLREAL real;
        SQLDOUBLE number;
        DATE_STRUCT date;
        TIME_STRUCT time;
        TIMESTAMP_STRUCT stamp;
        SQLGUID guid;
        SQL_NUMERIC_STRUCT numeric;
    } value;
    const char *letter;
} fixed_values[] = {
    {1, 5, SQL_C_STINYINT, 1, {.s8 = 1}, "S"},
    {3, 5, SQL_C_STINYINT, 1, {.s8 = 127}, "S"},
    {4, 5, SQL_C_STINYINT, 1, {.s8 = -128}, "S"},
    {4, 5, SQL_C_TINYINT, 1, {.s8 = -128}, "S"},
    {3, 5, SQL_C_UTINYINT, 1, {.u8 = 127}, "S"},
    {4, 6, SQL_C_SSHORT, 2, {.s16 = -32768}, "S"},
    {3, 6, SQL_C_SHORT, 2, {.s16 = 32767}, "S"},
    {4, 7, SQL_C_SLONG, 4, {.s32 = -2147483647 - 1}, "S"},
    {3, 7, SQL_C_LONG, 4, {.s32 = 2147483647}, "S"},
    {3, 7, SQL_C_DEFAULT, 4, {.s32 = 2147483647}, "S"},
    {3, 8, SQL_C_SBIGINT, 8, {.s64 = INT64_MAX}, "S"},
    {4, 8, SQL_C_SBIGINT, 8, {.s64 = INT64_MIN}, "S"},
    {7, 8, SQL_C_SBIGINT, 8, {.s64 = 9007199254740993}, "S"},
    {7, 12, SQL_C_UBIGINT, 8, {.u64 = 12345678901234567890u}, "S"},
    {1, 9, SQL_C_DOUBLE, 8, {.number = 1.5}, "S"},
    {1, 9, SQL_C_DEFAULT, 8, {.number = 1.5}, "S"},
    {3, 10, SQL_C_DOUBLE, 8, {.number = 1.7976931348623157e308}, "S"},
    {5, 10, SQL_C_DOUBLE, 8, {.number = 4.9406564584124654e-324}, "S"},
    {6, 10, SQL_C_DOUBLE, 8, {.number = -0.1}, "S"},
    {1, 10, SQL_C_FLOAT, 4, {.real = 2.25F}, "S"},
    {1, 11, SQL_C_SLONG, 4, {.s32 = 123}, "I"},
    {6, 11, SQL_C_DOUBLE, 8, {.number = -0.5}, "S"},
    {1, 13, SQL_C_BIT, 1, {.u8 = 1}, "S"},
    {4, 13, SQL_C_BIT, 1, {.u8 = 0}, "S"},
    {1, 13, SQL_C_DEFAULT, 1, {.u8 = 1}, "S"},
    {1, 13, SQL_C_SLONG, 4, {.s32 = 1}, "S"},
    {1, 14, SQL_C_TYPE_DATE, 6, {.date = {2024, 2, 29}}, "S"},
    {3, 14, SQL_C_DATE, 6, {.date = {9999, 12, 31}}, "S"},
    {4, 14, SQL_C_DEFAULT, 6, {.date = {1, 1, 1}}, "S"},
    {1, 14, SQL_C_TYPE_TIMESTAMP, 16, {.stamp = {2024, 2, 29, 0, 0, 0, 0}}, "S"},
    {1, 15, SQL_C_TYPE_TIME, 6, {.time = {13, 14, 15}}, "S"},
    {3, 15, SQL_C_TIME, 6, {.time = {23, 59, 59}}, "I"},
    {1, 16, SQL_C_TYPE_TIMESTAMP, 16, {.stamp = {2024, 2, 29, 13, 14, 15, 123456700}}, "S"},
    {1, 16, SQL_C_DEFAULT, 16, {.stamp = {2024, 2, 29, 13, 14, 15, 123456700}}, "S"},
    {3, 16, SQL_C_TIMESTAMP, 16, {.stamp = {9999, 12, 31, 23, 59, 59, 999999900}}, "S"},
    {4, 16, SQL_C_TYPE_DATE, 6, {.date = {1, 1, 1}}, "S"},
    {1, 16, SQL_C_TYPE_DATE, 6, {.date = {2024, 2, 29}}, "I"},
    {1, 16, SQL_C_TYPE_TIME, 6, {.time = {13, 14, 15}}, "I"},
    {1,
     17,
     SQL_C_GUID,
     16,
     {.guid = {0x01234567, 0x890a, 0xbcde, {0xf0, 0x12, 0x34, 0x56, 0x78, 0x90, 0xab, 0xcd}}},
     "S"},
    {1,
     17,
     SQL_C_DEFAULT,
     16,
     {.guid = {0x01234567, 0x890a, 0xbcde, {0xf0, 0x12, 0x34, 0x56, 0x78, 0x90, 0xab, 0xcd}}},
     "S"},
    {1, 12, SQL_C_NUMERIC, sizeof(SQL_NUMERIC_STRUCT), {.numeric = {38, 0, 1, {42}}}, "S"},
    {6, 12, SQL_C_NUMERIC, sizeof(SQL_NUMERIC_STRUCT), {.numeric = {38, 0, 0, {1}}}, "S"},
};

static void every_type_reads_as_its_own_c_type(void **state)
{
    struct session s;
    int failures = 0;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(fixed_values); i++) {
        const struct fixed *f = &fixed_values[i];
        unsigned char seen[64];
        SQLLEN indicator = -77;

        memset(seen, 0xA5, sizeof seen);
        open_row(&s, f->row);
        SQLRETURN rc = SQLGetData(s.stmt, f->column, f->c_type, seen, 0, &indicator);
        bool over = false;
        for (size_t at = f->octets; at < sizeof seen; at++)
            over |= seen[at] != 0xA5;
        if (return_letter(rc) != *f->letter || indicator != (SQLLEN)f->octets || over ||
            memcmp(seen, &f->value, f->octets) != 0) {
            char *why = diagnostics(SQL_HANDLE_STMT, s.stmt);
            print_error("row %d, %s as C type %d: %c, indicator %ld, %s %s\n", f->row, columns[f->column - 1],
                        f->c_type, return_letter(rc), (long)indicator,
                        over ? "written too far" : "other value", why);
            free(why);
            failures++;
        } else if (*f->letter == 'I') {
            expect_state(SQL_HANDLE_STMT, s.stmt, "01S07");
        }
        /* There is no second part of a fixed type. */
        if (rc == SQL_SUCCESS)
            expect_stmt("N", s.stmt, SQLGetData(s.stmt, f->column, f->c_type, seen, 0, &indicator));
    }
    assert_int_equal(failures, 0);
    session_close(&s);
}

static const struct refusal {
    int row;
    SQLUSMALLINT column;
    SQLSMALLINT c_type;
    SQLLEN capacity;
    const char *state;
} refusals[] = {
    {1, 0, SQL_C_CHAR, 20, "07009"},
    {1, 18, SQL_C_CHAR, 20, "07009"},
    {1, 14, SQL_C_SLONG, 0, "07006"},
    {1, 17, SQL_C_SLONG, 0, "07006"},
    {1, 17, SQL_C_TYPE_DATE, 0, "07006"},
    {1, 7, SQL_C_TYPE_DATE, 0, "07006"},
    {1, 7, SQL_C_GUID, 0, "07006"},
    {1, 14, SQL_C_TYPE_TIME, 0, "07006"},
    {1, 15, SQL_C_TYPE_DATE, 0, "07006"},
    {1, 14, SQL_C_NUMERIC, 0, "07006"},
    {3, 8, SQL_C_SLONG, 0, "22003"},
    {3, 7, SQL_C_SSHORT, 0, "22003"},
    {4, 7, SQL_C_ULONG, 0, "22003"},
    {4, 5, SQL_C_UTINYINT, 0, "22003"},
    {3, 12, SQL_C_SBIGINT, 0, "22003"},
    {3, 10, SQL_C_FLOAT, 0, "22003"},
    {3, 7, SQL_C_BIT, 0, "22003"},
    {1, 3, SQL_C_SLONG, 0, "22018"},
    {1, 3, SQL_C_DOUBLE, 0, "22018"},
    {1, 3, SQL_C_TYPE_DATE, 0, "22018"},
    {1, 3, SQL_C_TYPE_TIMESTAMP, 0, "22018"},
    {1, 3, SQL_C_TYPE_TIME, 0, "22018"},
    {1, 3, SQL_C_GUID, 0, "22018"},
    {3, 7, SQL_C_CHAR, 10, "22003"},
    {1, 14, SQL_C_CHAR, 10, "22003"},
    {1, 17, SQL_C_CHAR, 36, "22003"},
    {1, 15, SQL_C_CHAR, 8, "22003"},
    {1, 16, SQL_C_CHAR, 19, "22003"},
    {3, 8, SQL_C_WCHAR, 38, "22003"},
    {1, 3, 9999, 20, "HY003"},
    {1, 3, SQL_C_CHAR, -1, "HY090"},
};

static void what_cannot_be_read_says_why(void **state)
{
    struct session s;
    char data[100], found[6];
    SQLLEN indicator;
    int failures = 0;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        const struct refusal *r = &refusals[i];
        open_row(&s, r->row);
        SQLRETURN rc = SQLGetData(s.stmt, r->column, r->c_type, data, r->capacity, &indicator);
        if (rc != SQL_ERROR || !diagnostic(SQL_HANDLE_STMT, s.stmt, 1, found, NULL, NULL) ||
            strcmp(found, r->state) != 0) {
            char *why = diagnostics(SQL_HANDLE_STMT, s.stmt);
            print_error("row %d, column %u as C type %d in %ld octets: %c, not %s: %s\n", r->row, r->column,
                        r->c_type, (long)r->capacity, return_letter(rc), r->state, why);
            free(why);
            failures++;
        }
        /* The row can still be read. */
        expect_stmt("S", s.stmt, SQLGetData(s.stmt, 7, SQL_C_SLONG, data, 0, &indicator));
    }
    /* The shape of a date that no calendar has. */
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    expect_stmt("S", s.stmt, exec(s.stmt, "SELECT '2023-02-29' AS D"));
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    expect_stmt("E", s.stmt, SQLGetData(s.stmt, 1, SQL_C_TYPE_DATE, data, 0, &indicator));
    expect_state(SQL_HANDLE_STMT, s.stmt, "22007");
    open_row(&s, 2);
    expect_stmt("E", s.stmt, SQLGetData(s.stmt, 3, SQL_C_CHAR, data, sizeof data, NULL));
    expect_state(SQL_HANDLE_STMT, s.stmt, "22002");
    expect_stmt("E", s.stmt, SQLGetData(s.stmt, 3, SQL_C_CHAR, NULL, 10, &indicator));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY009");
    expect_stmt("N", s.stmt, SQLFetch(s.stmt));
    expect_stmt("E", s.stmt, SQLGetData(s.stmt, 3, SQL_C_CHAR, data, sizeof data, &indicator));
    expect_state(SQL_HANDLE_STMT, s.stmt, "24000");
    assert_int_equal(failures, 0);
    session_close(&s);
}

/* Reads a column in parts of `capacity` octets and checks each: what is left before the call, the terminator,
 * no character cut in two. Gives the octets delivered. */
static size_t read_parts(SQLHSTMT stmt, SQLUSMALLINT column, SQLSMALLINT c_type, char *into, SQLLEN total,
                         SQLLEN capacity)
{
    size_t unit = c_type == SQL_C_CHAR ? 1 : c_type == SQL_C_WCHAR ? sizeof(SQLWCHAR) : 0;
    size_t at = 0;
    char *part = malloc((size_t)capacity + 8);
    SQLRETURN rc;

    assert_non_null(part);
    do {
        SQLLEN left = -77;
        memset(part, 0x5A, (size_t)capacity + 8);
        rc = expect_stmt("SI", stmt, SQLGetData(stmt, column, c_type, part, capacity, &left));
        assert_int_equal(left, total - (SQLLEN)at);
        if (rc == SQL_SUCCESS_WITH_INFO)
            expect_state(SQL_HANDLE_STMT, stmt, "01004");
        for (size_t i = 0; i < 8; i++)
            assert_int_equal(part[(size_t)capacity + i], 0x5A);
        size_t given = unit == 0   ? (size_t)(left < capacity ? left : capacity)
                       : unit == 1 ? strlen(part)
                                   : wide_length((SQLWCHAR *)(void *)part) * unit;
        assert_int_equal(rc == SQL_SUCCESS, (SQLLEN)given == left);
        if (unit == 1)
            assert_int_not_equal((unsigned char)part[0] & 0xC0, 0x80);
        if (unit > 1 && given > 0) {
            SQLWCHAR last = ((SQLWCHAR *)(void *)part)[given / unit - 1];
            assert_false(last >= 0xD800 && last < 0xDC00); /* half a pair */
        }
        memcpy(into + at, part, given);
        at += given;
    } while (rc == SQL_SUCCESS_WITH_INFO);
    SQLLEN after = -3;
    expect_stmt("N", stmt, SQLGetData(stmt, column, c_type, part, capacity, &after));
    expect_stmt("N", stmt, SQLGetData(stmt, column, c_type, part, capacity, &after));
    free(part);
    return at;
}

/* Octets of wide text: units of UTF-16 under unixODBC, characters under iODBC. */
#define WIDE(units, characters) (HARNESS_IODBC ? 4 * (characters) : 2 * (units))

static void parts_of_every_size_add_up_to_the_value(void **state)
{
    /* Ids and columns with the size in octets for each C type, and the smallest buffer in which a character
     * fits. */
    static const struct {
        int row;
        SQLUSMALLINT column;
        SQLSMALLINT c_type;
        SQLLEN total, least;
    } values[] = {
        {1, 3, SQL_C_CHAR, 10, 2},
        {1, 3, SQL_C_WCHAR, WIDE(10, 10), WIDE(2, 2)},
        {1, 3, SQL_C_BINARY, WIDE(10, 10), 1},
        {5, 3, SQL_C_BINARY, WIDE(22, 21), 1},
        {5, 3, SQL_C_CHAR, 32, 5},
        {5, 3, SQL_C_WCHAR, WIDE(22, 21), WIDE(3, 2)},
        {5, 4, SQL_C_CHAR, 11, 5},
        {5, 4, SQL_C_WCHAR, WIDE(5, 3), WIDE(3, 2)},
        {7, 3, SQL_C_CHAR, 0, 1},
        {7, 3, SQL_C_WCHAR, 0, WIDE(1, 1)},
        {1, 1, SQL_C_CHAR, 10, 3},
        {1, 1, SQL_C_WCHAR, WIDE(10, 10), WIDE(3, 3)},
        {1, 1, SQL_C_BINARY, 5, 1},
        {8, 4, SQL_C_CHAR, LONG_OCTETS, 1000},
        {8, 4, SQL_C_WCHAR, WIDE(LONG_CHARS, LONG_CHARS), 1000},
        {8, 4, SQL_C_BINARY, WIDE(LONG_CHARS, LONG_CHARS), 1000},
        {8, 2, SQL_C_BINARY, BLOB_OCTETS, 1000},
        {8, 2, SQL_C_CHAR, 2 * BLOB_OCTETS, 1000},
    };
    struct session s;
    char *whole = malloc(4 * LONG_CHARS), *parts = malloc(4 * LONG_CHARS);

    assert_non_null(whole);
    assert_non_null(parts);
    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        SQLLEN end = values[i].c_type == SQL_C_CHAR    ? 1
                     : values[i].c_type == SQL_C_WCHAR ? sizeof(SQLWCHAR)
                                                       : 0;
        SQLLEN sizes[] = {values[i].least,           values[i].least + 1,
                          values[i].least + 2,       values[i].least * 4 + 3,
                          values[i].total + end,     values[i].total + end + 1,
                          values[i].total + end - 1, 4096};
        open_row(&s, values[i].row);
        size_t expected =
            read_parts(s.stmt, values[i].column, values[i].c_type, whole, values[i].total, 4 * LONG_CHARS);
        assert_int_equal(expected, values[i].total);
        for (size_t k = 0; k < COUNT_OF(sizes); k++) {
            if (sizes[k] < values[i].least)
                continue;
            open_row(&s, values[i].row);
            size_t seen =
                read_parts(s.stmt, values[i].column, values[i].c_type, parts, values[i].total, sizes[k]);
            assert_int_equal(seen, expected);
            assert_memory_equal(parts, whole, expected);
        }
    }
    free(whole);
    free(parts);
    session_close(&s);
}

/* A buffer for the terminator alone, or none at all, gives the length and keeps the value for the next call.
 */
static void a_buffer_without_room_asks_for_the_length(void **state)
{
    struct session s;
    char data[20] = "untouched";
    const SQLLEN wide = 10 * sizeof(SQLWCHAR);
    SQLLEN length;

    session_open(*state, &s, NULL);
    open_row(&s, 1);
    expect_stmt("I", s.stmt, SQLGetData(s.stmt, 3, SQL_C_CHAR, data, 0, &length));
    assert_int_equal(length, 10);
    expect_text(data, "untouched");
    expect_stmt("I", s.stmt, SQLGetData(s.stmt, 3, SQL_C_CHAR, data, 1, &length));
    assert_int_equal(length, 10);
    expect_text(data, "");
    expect_stmt("I", s.stmt, SQLGetData(s.stmt, 3, SQL_C_WCHAR, data, 0, &length));
    assert_int_equal(length, wide);
    expect_stmt("I", s.stmt, SQLGetData(s.stmt, 3, SQL_C_BINARY, data, 0, &length));
    assert_int_equal(length, wide);
    expect_stmt("S", s.stmt, SQLGetData(s.stmt, 3, SQL_C_CHAR, data, sizeof data, &length));
    expect_text(data, "plain text");
    session_close(&s);
}

static void columns_are_read_in_any_order_and_again(void **state)
{
    static const SQLUSMALLINT order[] = {17, 1, 9, 3, 3 + 1, 16, 2, 12, 11, 10, 14, 15, 13, 8, 7, 6, 5};
    struct session s;
    char part[6];
    SQLLEN left;

    session_open(*state, &s, NULL);
    open_row(&s, 1);
    for (int turn = 0; turn < 3; turn++)
        for (size_t i = 0; i < COUNT_OF(order); i++) {
            char *seen = cell_text(s.stmt, order[i]);
            assert_true(same_value(seen, texts[0][order[i] - 1]));
            free(seen);
        }
    /* Another column in between: the first begins anew. */
    expect_stmt("I", s.stmt, SQLGetData(s.stmt, 3, SQL_C_CHAR, part, sizeof part, &left));
    expect_text(part, "plain");
    expect_stmt("S", s.stmt, SQLGetData(s.stmt, 7, SQL_C_CHAR, part, sizeof part, &left));
    expect_stmt("I", s.stmt, SQLGetData(s.stmt, 3, SQL_C_CHAR, part, sizeof part, &left));
    expect_text(part, "plain");
    assert_int_equal(left, 10);
    /* A refused call in between changes nothing; another type begins anew, and so does the first after it. */
    expect_stmt("E", s.stmt, SQLGetData(s.stmt, 3, 4711, part, sizeof part, &left));
    expect_stmt("E", s.stmt, SQLGetData(s.stmt, 3, SQL_C_CHAR, part, -1, &left));
    expect_stmt("S", s.stmt, SQLGetData(s.stmt, 3, SQL_C_CHAR, part, sizeof part, &left));
    expect_text(part, " text");
    expect_stmt("I", s.stmt, SQLGetData(s.stmt, 3, SQL_C_WCHAR, part, sizeof part, &left));
    assert_int_equal(left, 10 * sizeof(SQLWCHAR));
    expect_stmt("I", s.stmt, SQLGetData(s.stmt, 3, SQL_C_CHAR, part, sizeof part, &left));
    expect_text(part, "plain");
    session_close(&s);
}

static void bound_columns_can_be_read_as_well(void **state)
{
    struct session s;
    SQLINTEGER id = 0;
    char bound[20] = "", data[20] = "";
    SQLLEN indicator;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 2, SQL_C_CHAR, bound, sizeof bound, &indicator));
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 4, SQL_C_SLONG, &id, 0, NULL));
    expect_stmt("S", s.stmt,
                exec(s.stmt, "SELECT DateCol, VarcharCol, IntegerCol, Id, BooleanCol FROM " ALL_TYPES
                             " WHERE Id = 1"));
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    static const char *const expected[] = {"2024-02-29", "plain text", "3", "1", "1"};
    for (SQLUSMALLINT c = 5; c > 0; c--) {
        expect_stmt("S", s.stmt, SQLGetData(s.stmt, c, SQL_C_CHAR, data, sizeof data, &indicator));
        expect_text(data, expected[c - 1]);
    }
    UNIXODBC_ONLY("refuses SQL_ARD_TYPE (before 3.52.17)", SQLINTEGER again = 0;
                  expect_stmt("S", s.stmt, SQLGetData(s.stmt, 4, SQL_ARD_TYPE, &again, 0, &indicator));
                  assert_int_equal(again, 1);)
    assert_int_equal(id, 1);
    expect_text(bound, "plain text");
    session_close(&s);
}

static void any_row_of_a_rowset_can_be_read(void **state)
{
    static const SQLSETPOSIROW order[] = {1, 5, 3, 3, 7, 2, 6, 4, 1};
    struct session s;
    SQLINTEGER id[7];
    SQLLEN indicator;
    char part[4];

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, SQLSetStmtAttr(s.stmt, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)7, SQL_IS_UINTEGER));
    expect_stmt("S", s.stmt, SQLBindCol(s.stmt, 1, SQL_C_SLONG, id, 0, NULL));
    expect_stmt("S", s.stmt,
                exec(s.stmt, "SELECT Id, VarcharCol, DecimalCol FROM " ALL_TYPES " ORDER BY Id"));
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        SQLSETPOSIROW row = order[i];
        expect_stmt("S", s.stmt, SQLSetPos(s.stmt, row, SQL_POSITION, SQL_LOCK_NO_CHANGE));
        char *decimal = cell_text(s.stmt, 3), *text = cell_text(s.stmt, 2), *number = cell_text(s.stmt, 1);
        expect_text(decimal, texts[row - 1][10]);
        expect_text(text, texts[row - 1][2]);
        assert_int_equal(strtol(number, NULL, 10), row);
        free(decimal);
        free(text);
        free(number);
    }
    /* Parts do not go from one row to another. */
    expect_stmt("I", s.stmt, SQLGetData(s.stmt, 2, SQL_C_CHAR, part, sizeof part, &indicator));
    expect_stmt("S", s.stmt, SQLSetPos(s.stmt, 3, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    expect_stmt("I", s.stmt, SQLGetData(s.stmt, 2, SQL_C_CHAR, part, sizeof part, &indicator));
    expect_text(part, "lar");
    id[2] = 0;
    expect_stmt("S", s.stmt, SQLSetPos(s.stmt, 3, SQL_REFRESH, SQL_LOCK_NO_CHANGE));
    assert_int_equal(id[2], 3);
    /* Reading the rowset again does not move the current row. */
    expect_stmt("S", s.stmt, SQLSetPos(s.stmt, 2, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    expect_stmt("S", s.stmt, SQLGetData(s.stmt, 1, SQL_C_SLONG, id, 0, &indicator));
    expect_stmt("S", s.stmt, SQLSetPos(s.stmt, 0, SQL_REFRESH, SQL_LOCK_NO_CHANGE));
    char *current = cell_text(s.stmt, 3);
    expect_text(current, texts[1][10]);
    free(current);
    expect_stmt("S", s.stmt, SQLFetch(s.stmt));
    expect_stmt("E", s.stmt, SQLSetPos(s.stmt, 8, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY107");
    expect_stmt("E", s.stmt, SQLSetPos(s.stmt, 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
    expect_stmt("E", s.stmt, SQLSetPos(s.stmt, 1, SQL_DELETE, SQL_LOCK_NO_CHANGE));
    expect_stmt("E", s.stmt, SQLSetPos(s.stmt, 1, SQL_POSITION, SQL_LOCK_EXCLUSIVE));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HYC00");
    expect_stmt("S", s.stmt, SQLGetData(s.stmt, 1, SQL_C_SLONG, id, 0, &indicator));
    assert_int_equal(id[0], 8);
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_of_every_type_reads_as_documented_text),
        cmocka_unit_test(every_type_reads_as_octets_whole_and_in_parts),
        cmocka_unit_test(every_type_reads_as_its_own_c_type),
        cmocka_unit_test(what_cannot_be_read_says_why),
        cmocka_unit_test(parts_of_every_size_add_up_to_the_value),
        cmocka_unit_test(a_buffer_without_room_asks_for_the_length),
        cmocka_unit_test(columns_are_read_in_any_order_and_again),
        cmocka_unit_test(bound_columns_can_be_read_as_well),
        cmocka_unit_test(any_row_of_a_rowset_can_be_read),
    };

    return harness_main("test_get_data", NULL, tests, COUNT_OF(tests));
}
