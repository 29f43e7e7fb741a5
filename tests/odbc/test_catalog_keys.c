/*
 * Catalog functions about keys, indexes and procedures: what they find, in which order, and what their
 * arguments are.
 *
 * Must not know how the driver asks the service. Rules: the function pages of the ODBC reference.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#define ARG(text) (SQLCHAR *)(uintptr_t)(text), SQL_NTS
#define NONE      NULL, 0

/* The rows left, some columns of each (0 ends the list), | between them. Closes the statement. */
static char *pick(SQLHSTMT stmt, const SQLUSMALLINT *columns)
{
    char *all = text_format("%s", "");

    while (expect_stmt("SN", stmt, SQLFetch(stmt)) == SQL_SUCCESS)
        for (size_t i = 0; columns[i] != 0; i++) {
            char *cell = cell_text(stmt, columns[i]);
            char *longer = text_format("%s%s%s", all, cell ? cell : "<null>", columns[i + 1] ? "|" : "\n");
            free(cell);
            free(all);
            all = longer;
        }
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    return all;
}

static void expect_picked(SQLHSTMT stmt, const SQLUSMALLINT *columns, const char *expected)
{
    char *seen = pick(stmt, columns);

    expect_text(seen, expected);
    free(seen);
}

static void primary_keys_come_in_order_of_the_key(void **state)
{
    static const SQLUSMALLINT columns[] = {1, 2, 3, 4, 5, 0};
    static const struct {
        const char *catalog, *schema, *table, *rows;
    } cases[] = {
        {"PostgreSQL1", "public", "order_items",
         "PostgreSQL1|public|order_items|order_id|1\nPostgreSQL1|public|order_items|line_no|2\n"},
        {"Salesforce", "Salesforce", "CampaignMember",
         "Salesforce|Salesforce|CampaignMember|CampaignId|1\nSalesforce|Salesforce|CampaignMember|ContactId|"
         "2\n"},
        {NULL, NULL, "customers", "PostgreSQL1|public|customers|id|1\n"},
        {"", "", "customers", "PostgreSQL1|public|customers|id|1\n"},
        {"postgresql1", "PUBLIC", "Customers", "PostgreSQL1|public|customers|id|1\n"},
        /* The name is no pattern. */
        {"Wide Names", "Odd Schema", "MY_TABLE", "Wide Names|Odd Schema|MY_TABLE|MY_COLUMN|1\n"},
        {"Wide Names", "Odd Schema", "MY%", ""},
        {"Wide Names", "Odd Schema", "MY\\_TABLE", ""},
        {"Wide Names", "Odd Schema", "hyphen-ated", ""},
        {"Post%", NULL, "customers", ""},
        {NULL, NULL, "no such table", ""},
    };
    struct session s;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        expect_stmt("S", s.stmt,
                    SQLPrimaryKeys(s.stmt, ARG(cases[i].catalog), ARG(cases[i].schema), ARG(cases[i].table)));
        expect_picked(s.stmt, columns, cases[i].rows);
    }
    expect_stmt("E", s.stmt, SQLPrimaryKeys(s.stmt, NONE, NONE, NONE));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY009");
    session_close(&s);
}

static void foreign_keys_are_found_from_either_end(void **state)
{
    static const SQLUSMALLINT columns[] = {3, 4, 7, 8, 9, 0};
    struct session s;

    session_open(*state, &s, NULL);
    expect_stmt(
        "S", s.stmt,
        SQLForeignKeys(s.stmt, NONE, NONE, NONE, ARG("Salesforce"), ARG("Salesforce"), ARG("Contact")));
    expect_picked(
        s.stmt, columns,
        "Account|Id|Contact|AccountId|1\nContact|Id|Contact|ReportsToId|1\nUser|Id|Contact|OwnerId|1\n");
    expect_stmt("S", s.stmt,
                SQLForeignKeys(s.stmt, ARG("PostgreSQL1"), ARG("public"), ARG("orders"), NONE, NONE, NONE));
    expect_picked(s.stmt, columns, "orders|id|order_items|order_id|1\n");
    expect_stmt("S", s.stmt, SQLForeignKeys(s.stmt, NONE, NONE, ARG("customers"), NONE, NONE, ARG("orders")));
    expect_picked(s.stmt, columns, "customers|id|orders|customer_id|1\n");
    expect_stmt("S", s.stmt, SQLForeignKeys(s.stmt, NONE, NONE, ARG("orders"), NONE, NONE, ARG("customers")));
    expect_picked(s.stmt, columns, "");
    expect_stmt("S", s.stmt, SQLForeignKeys(s.stmt, NONE, NONE, ARG("User"), ARG("Salesforce"), NONE, NONE));
    expect_picked(s.stmt, columns,
                  "User|Id|Account|OwnerId|1\nUser|Id|Contact|OwnerId|1\nUser|Id|Opportunity|OwnerId|1\n"
                  "User|Id|User|ManagerId|1\n");
    expect_stmt("S", s.stmt, SQLForeignKeys(s.stmt, NONE, NONE, NONE, NONE, NONE, ARG("settings")));
    expect_picked(s.stmt, columns, "");
    expect_stmt("E", s.stmt, SQLForeignKeys(s.stmt, NONE, NONE, NONE, NONE, NONE, NONE));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY009");
    session_close(&s);
}

/* Access takes the first unique index for the key of a linked table: the primary key must be that. */
static void the_primary_key_is_the_first_unique_index(void **state)
{
    struct session s;
    char *name;

    session_open(*state, &s, NULL);
    static const char *const tables[][3] = {{"PostgreSQL1", "customers", "id"},
                                            {"Salesforce", "User", "Id"},
                                            {"PostgreSQL1", "settings", "name"}};
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        SQLLEN type = 0;
        expect_stmt(
            "S", s.stmt,
            SQLStatistics(s.stmt, ARG(tables[i][0]), NONE, ARG(tables[i][1]), SQL_INDEX_ALL, SQL_QUICK));
        do {
            expect_stmt("S", s.stmt, SQLFetch(s.stmt));
            expect_stmt("S", s.stmt, SQLGetData(s.stmt, 7, SQL_C_SSHORT, &type, 0, NULL));
        } while ((SQLSMALLINT)type == SQL_TABLE_STAT);
        name = cell_text(s.stmt, 9);
        expect_text(name, tables[i][2]);
        free(name);
        name = cell_text(s.stmt, 4);
        expect_text(name, "0");
        free(name);
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    }
    session_close(&s);
}

static void statistics_lists_indexes_unique_ones_first(void **state)
{
    static const SQLUSMALLINT columns[] = {4, 8, 9, 10, 0};
    struct session s;
    char *all;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt,
                SQLStatistics(s.stmt, ARG("Salesforce"), ARG("Salesforce"), ARG("Account"), SQL_INDEX_ALL,
                              SQL_QUICK));
    all = pick(s.stmt, columns);
    /* The order of a primary key is not known. A row of the table's own, if there is one, comes before the
     * indexes and holds nulls. */
    static const char own[] = "<null>|<null>|<null>|<null>\n";
    expect_text(strncmp(all, own, sizeof own - 1) == 0 ? all + sizeof own - 1 : all,
                "0|1|Id|<null>\n1|1|Industry|A\n1|2|AnnualRevenue|D\n1|1|Name|A\n");
    free(all);
    expect_stmt("S", s.stmt,
                SQLStatistics(s.stmt, ARG("Salesforce"), NONE, ARG("Account"), SQL_INDEX_UNIQUE, SQL_ENSURE));
    all = pick(s.stmt, columns);
    expect_text(strncmp(all, own, sizeof own - 1) == 0 ? all + sizeof own - 1 : all, "0|1|Id|<null>\n");
    free(all);
    expect_stmt("E", s.stmt, SQLStatistics(s.stmt, NONE, NONE, NONE, SQL_INDEX_ALL, SQL_QUICK));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY009");
    expect_stmt("E", s.stmt, SQLStatistics(s.stmt, NONE, NONE, ARG("Account"), 77, SQL_QUICK));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY100");
    expect_stmt("E", s.stmt, SQLStatistics(s.stmt, NONE, NONE, ARG("Account"), SQL_INDEX_ALL, 77));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY101");
    session_close(&s);
}

static void special_columns_are_those_of_the_primary_key(void **state)
{
    static const SQLUSMALLINT columns[] = {2, 3, 4, 5, 8, 0};
    static const struct {
        SQLUSMALLINT kind, scope, nullable;
        const char *state;
    } bad[] = {
        {3, SQL_SCOPE_CURROW, SQL_NULLABLE, "HY097"},
        {SQL_BEST_ROWID, 9, SQL_NULLABLE, "HY098"},
        {SQL_BEST_ROWID, SQL_SCOPE_CURROW, 9, "HY099"},
    };
    struct session s;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt,
                SQLSpecialColumns(s.stmt, SQL_BEST_ROWID, ARG("PostgreSQL1"), ARG("public"),
                                  ARG("order_items"), SQL_SCOPE_CURROW, SQL_NULLABLE));
    expect_picked(s.stmt, columns, "order_id|4|INTEGER|10|1\nline_no|5|SMALLINT|5|1\n");
    expect_stmt("S", s.stmt,
                SQLSpecialColumns(s.stmt, SQL_BEST_ROWID, NONE, NONE, ARG("hyphen-ated"), SQL_SCOPE_SESSION,
                                  SQL_NO_NULLS));
    expect_picked(s.stmt, columns, "");
    expect_stmt(
        "S", s.stmt,
        SQLSpecialColumns(s.stmt, SQL_ROWVER, NONE, NONE, ARG("orders"), SQL_SCOPE_CURROW, SQL_NULLABLE));
    expect_picked(s.stmt, columns, "");
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        expect_stmt(
            "E", s.stmt,
            SQLSpecialColumns(s.stmt, bad[i].kind, NONE, NONE, ARG("orders"), bad[i].scope, bad[i].nullable));
        expect_state(SQL_HANDLE_STMT, s.stmt, bad[i].state);
    }
    expect_stmt("E", s.stmt,
                SQLSpecialColumns(s.stmt, SQL_BEST_ROWID, NONE, NONE, NONE, SQL_SCOPE_CURROW, SQL_NULLABLE));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY009");
    session_close(&s);
}

static void procedures_are_listed_with_their_columns(void **state)
{
    static const SQLUSMALLINT names[] = {1, 2, 3, 0}, types[] = {3, 8, 0}, columns[] = {4, 5, 6, 7, 18, 0};
    struct session s;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, SQLProcedures(s.stmt, NONE, NONE, NONE));
    expect_picked(s.stmt, names,
                  "PostgreSQL1|public|clear_notes\nPostgreSQL1|public|customer_orders\n"
                  "PostgreSQL1|public|insert_note\nSalesforce|Salesforce|GetAccountsByIndustry\n"
                  "Salesforce|Salesforce|ListUsers\nTypes|Types|AddNumbers\nTypes|Types|EchoTypes\n"
                  "Types|Types|SwapText\nWide Names|Odd Schema|odd procedure; 1\n");
    expect_stmt("S", s.stmt, SQLProcedures(s.stmt, ARG("PostgreSQL1"), ARG("pub%"), ARG("%notes")));
    char *seen = pick(s.stmt, types);
    assert_int_equal(strncmp(seen, "clear_notes|", 12), 0);
    free(seen);
    expect_stmt("S", s.stmt, SQLProcedures(s.stmt, ARG("Postgre%"), NONE, NONE));
    expect_picked(s.stmt, names, "");
    /* Result: return value, then parameters by position. */
    expect_stmt("S", s.stmt,
                SQLProcedureColumns(s.stmt, ARG("Types"), ARG("Types"), ARG("AddNumbers"), NONE));
    expect_picked(s.stmt, columns,
                  "@result|5|4|INTEGER|0\n@a|1|4|INTEGER|1\n@b|1|4|INTEGER|2\n@total|2|-5|BIGINT|3\n"
                  "@text|4|-9|VARCHAR|4\n");
    expect_stmt("S", s.stmt,
                SQLProcedureColumns(s.stmt, ARG("Types"), ARG("Types"), ARG("AddNumbers"), ARG("@t%")));
    expect_picked(s.stmt, columns, "@total|2|-5|BIGINT|3\n@text|4|-9|VARCHAR|4\n");
    expect_stmt("S", s.stmt, SQLProcedureColumns(s.stmt, NONE, NONE, ARG("ListUsers"), NONE));
    expect_picked(s.stmt, columns, "");
    session_close(&s);
}

static void every_column_of_a_table_is_told_whole(void **state)
{
    /* COLUMN_NAME, DATA_TYPE, TYPE_NAME, COLUMN_SIZE, DECIMAL_DIGITS, NULLABLE, ORDINAL_POSITION, IS_NULLABLE
     */
    static const SQLUSMALLINT columns[] = {4, 5, 6, 7, 9, 11, 17, 18, 0};
    struct session s;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, SQLColumns(s.stmt, ARG("PostgreSQL1"), ARG("public"), ARG("customers"), NONE));
    expect_picked(s.stmt, columns,
                  "id|4|INTEGER|10|0|0|1|NO\nname|-9|VARCHAR|100|<null>|0|2|NO\n"
                  "email|-9|VARCHAR|200|<null>|1|3|YES\nactive|-7|BOOLEAN|1|0|0|4|NO\n"
                  "balance|3|DECIMAL|12|2|1|5|YES\ncreated_at|93|TIMESTAMP|26|6|1|6|YES\n"
                  "label|-9|VARCHAR|310|<null>|1|7|YES\n");
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(primary_keys_come_in_order_of_the_key),
        cmocka_unit_test(foreign_keys_are_found_from_either_end),
        cmocka_unit_test(the_primary_key_is_the_first_unique_index),
        cmocka_unit_test(statistics_lists_indexes_unique_ones_first),
        cmocka_unit_test(special_columns_are_those_of_the_primary_key),
        cmocka_unit_test(procedures_are_listed_with_their_columns),
        cmocka_unit_test(every_column_of_a_table_is_told_whole),
    };

    return harness_main("test_catalog_keys", NULL, tests, COUNT_OF(tests));
}
