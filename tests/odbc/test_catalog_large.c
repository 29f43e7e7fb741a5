/*
 * Catalog functions on a large account: a hundred thousand tables in a thousand catalogs.
 *
 * Memory is measured, not time. Must not know how rows are kept.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#define NONE NULL, 0

enum { TABLES = 100000, ROWS = 1000, NAME_ROOM = 64, MIB = 1024 };

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SLACK = 24 }; /* freed memory is kept for a while, and shadowed */
#else
enum { SLACK = 1 };
#endif

/* A line of /proc/self/status, in KiB. */
static long status_kib(const char *name)
{
    char *status = read_file("/proc/self/status");
    const char *line = strstr(status, name);
    long kib = line ? strtol(line + strlen(name) + 1, NULL, 10) : -1;

    free(status);
    assert_true(kib > 0);
    return kib;
}

/* From now on VmHWM is the highest of what comes. */
static void forget_peak(void)
{
    FILE *file = fopen("/proc/self/clear_refs", "we");

    assert_non_null(file);
    assert_true(fputs("5", file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static SQLCHAR catalogs[ROWS][NAME_ROOM], names[ROWS][NAME_ROOM];

/* Fetches everything, a thousand rows at a time; fails where a row is out of order. */
static long fetch_in_order(SQLHSTMT stmt)
{
    char last[2 * NAME_ROOM] = "";
    SQLULEN fetched = 0;
    SQLRETURN code;
    long rows = 0;

    expect_stmt("S", stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)ROWS, 0));
    expect_stmt("S", stmt, SQLSetStmtAttr(stmt, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0));
    expect_stmt("S", stmt, SQLBindCol(stmt, 1, SQL_C_CHAR, catalogs, NAME_ROOM, NULL));
    expect_stmt("S", stmt, SQLBindCol(stmt, 3, SQL_C_CHAR, names, NAME_ROOM, NULL));
    while ((code = expect_stmt("SN", stmt, SQLFetch(stmt))) == SQL_SUCCESS)
        for (SQLULEN i = 0; i < fetched; i++, rows++) {
            char key[2 * NAME_ROOM];
            snprintf(key, sizeof key, "%s\x01%s", (const char *)catalogs[i], (const char *)names[i]);
            if (strcasecmp(last, key) >= 0)
                fail_msg("row %ld: %s comes after %s", rows, key, last);
            memcpy(last, key, sizeof last);
        }
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_UNBIND));
    return rows;
}

static void all_tables_are_listed_in_little_memory(void **state)
{
    struct session s;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, SQLTables(s.stmt, (SQLCHAR *)"Many01", SQL_NTS, NONE, NONE, NONE));
    assert_int_equal(fetch_in_order(s.stmt), 100);
    forget_peak();
    long before = status_kib("VmHWM:");
    expect_stmt("S", s.stmt, SQLTables(s.stmt, NONE, NONE, NONE, (SQLCHAR *)"TABLE", SQL_NTS));
    assert_true(fetch_in_order(s.stmt) >= TABLES);
    long after = status_kib("VmHWM:");
    print_message("%ld KiB before, %ld KiB more\n", before, after - before);
    if (after - before > 24L * MIB * SLACK)
        fail_msg("listing %d tables took %ld KiB", TABLES, after - before);
    session_close(&s);
}

/* What does not fit into SpoolMemoryBytes lies in files, in order all the same. */
static void a_long_list_goes_to_a_file(void **state)
{
    struct session s;

    session_open(*state, &s, "SpoolMemoryBytes=65536;");
    long before = status_kib("RssAnon:");
    expect_stmt("S", s.stmt, SQLTables(s.stmt, NONE, NONE, NONE, (SQLCHAR *)"TABLE", SQL_NTS));
    long after = status_kib("RssAnon:");
    if (after - before > 3L * MIB * SLACK)
        fail_msg("listing %d tables took %ld KiB beside the files", TABLES, after - before);
    assert_true(fetch_in_order(s.stmt) >= TABLES);
    session_close(&s);
}

static void without_room_for_the_file_the_call_fails(void **state)
{
    struct session s;

    session_open(*state, &s, "SpoolMemoryBytes=65536;");
    assert_int_equal(setenv("TMPDIR", "/nonexistent", 1), 0);
    expect_stmt("E", s.stmt, SQLTables(s.stmt, NONE, NONE, NONE, NONE));
    assert_int_equal(unsetenv("TMPDIR"), 0);
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY000");
    expect_message(SQL_HANDLE_STMT, s.stmt, "temporary file");
    expect_stmt("S", s.stmt, SQLTables(s.stmt, NONE, NONE, NONE, (SQLCHAR *)"TABLE", SQL_NTS));
    assert_true(fetch_in_order(s.stmt) >= TABLES);
    session_close(&s);
}

int main(void)
{
    static const char *const options[] = {"--tables", "100000", NULL};
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_tables_are_listed_in_little_memory),
        cmocka_unit_test(a_long_list_goes_to_a_file),
        cmocka_unit_test(without_room_for_the_file_the_call_fails),
    };

    return harness_main("test_catalog_large", options, tests, COUNT_OF(tests));
}
