/*
 * Which table a name means: the connection's catalog, schema and workspace, names of one and two parts as
 * Tableau and Access send them, a name that several tables have, and names with characters that patterns,
 * quotes or SQL give a meaning to.
 *
 * Must not know which request a call leads to. Rules: "Arguments in Catalog Functions" of the ODBC reference.
 */
#include "catalog_calls.h"

#include <stdio.h>
#include <string.h>

/* The different names in the first three columns (with SQLForeignKeys of the table that holds the key), a
 * line each. Closes the statement. */
static char *tables_of(SQLHSTMT stmt, enum catalog_function function)
{
    SQLUSMALLINT first = function == FOREIGN_KEYS ? 5 : 1;
    char *all = text_format("%s", ""), *last = text_format("%s", "");

    while (expect_stmt("SN", stmt, SQLFetch(stmt)) == SQL_SUCCESS) {
        char *parts[3], *line;
        for (SQLUSMALLINT i = 0; i < 3; i++)
            parts[i] = cell_text(stmt, (SQLUSMALLINT)(first + i));
        line = text_format("%s.%s.%s\n", parts[0], parts[1], parts[2]);
        if (strcmp(line, last) != 0) {
            char *longer = text_format("%s%s", all, line);
            free(all);
            all = longer;
        }
        free(last);
        last = line;
        for (int i = 0; i < 3; i++)
            free(parts[i]);
    }
    free(last);
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    return all;
}

#define EVERY "Many01.Many01.Table001\nMany02.Many02.Table001\nMany03.Many03.Table001\n"
#define FIRST "Many01.Many01.Table001\n"
#define THIRD "Many03.Many03.Table001\n"

static const struct name_case {
    const char *keywords;
    const char *current; /* SQL_ATTR_CURRENT_CATALOG set after connecting; NULL: not */
    struct catalog_call call;
    const char *letters; /* what the call returns */
    const char *tables;
} name_cases[] = {
    /* Without a catalog of the connection: all of that name, or the first and a warning. */
    {"", NULL, {TABLES, NULL, NULL, "Table001", NULL}, "S", EVERY},
    {"", NULL, {COLUMNS, NULL, NULL, "Table001", NULL}, "S", EVERY},
    {"MetadataFanOut=2;",
     NULL,
     {COLUMNS, NULL, NULL, "Table001", NULL},
     "I",
     "Many01.Many01.Table001\nMany02.Many02.Table001\n"},
    {"", NULL, {PRIMARY_KEYS, NULL, NULL, "Table001", NULL}, "I", FIRST},
    {"", NULL, {STATISTICS, NULL, NULL, "Table001", NULL}, "I", FIRST},
    {"", NULL, {PRIMARY_KEYS, NULL, "Many03", "Table001", NULL}, "S", THIRD},
    {"", NULL, {STATISTICS, NULL, "many03", "TABLE001", NULL}, "S", THIRD},
    {"", NULL, {COLUMNS, NULL, "Many03", "Table001", NULL}, "S", THIRD},
    {"", NULL, {COLUMNS, "Many03", NULL, "Table001", NULL}, "S", THIRD},
    {"", NULL, {PRIMARY_KEYS, "Many03", NULL, "Table001", NULL}, "S", THIRD},
    /* With one: SQLTables lists all the same, the others mean that one. */
    {"DefaultCatalog=Many03;", NULL, {TABLES, NULL, NULL, "Table001", NULL}, "S", EVERY},
    {"DefaultCatalog=Many03;", NULL, {COLUMNS, NULL, NULL, "Table001", NULL}, "S", THIRD},
    {"Database=many03;", NULL, {COLUMNS, NULL, NULL, "Table001", NULL}, "S", THIRD},
    {"Database=Many03;", NULL, {PRIMARY_KEYS, NULL, NULL, "Table001", NULL}, "S", THIRD},
    {"Database=Many03;", NULL, {STATISTICS, NULL, "Many03", "Table001", NULL}, "S", THIRD},
    {"Database=Many03;", NULL, {PRIMARY_KEYS, "", "", "Table001", NULL}, "S", THIRD},
    {"Database=Many03;", NULL, {PRIMARY_KEYS, "Many01", NULL, "Table001", NULL}, "S", FIRST},
    {"", "Many03", {COLUMNS, NULL, NULL, "Table001", NULL}, "S", THIRD},
    {"Database=Many01;", "Many03", {PRIMARY_KEYS, NULL, NULL, "Table001", NULL}, "S", THIRD},
    {"Database=Many03;", "", {PRIMARY_KEYS, NULL, NULL, "Table001", NULL}, "I", FIRST},
    {"DefaultCatalog=PostgreSQL1;DefaultSchema=public;",
     NULL,
     {FOREIGN_KEYS, NULL, NULL, "orders", NULL},
     "S",
     "PostgreSQL1.public.orders\n"},
    {"DefaultSchema=Many03;", NULL, {PRIMARY_KEYS, NULL, NULL, "Table001", NULL}, "S", THIRD},
    {"DefaultSchema=many03;", NULL, {COLUMNS, NULL, NULL, "Table001", NULL}, "S", THIRD},
    {"DefaultSchema=Many03;", NULL, {TABLES, NULL, NULL, "Table001", NULL}, "S", EVERY},
    {"DefaultCatalog=Types;DefaultSchema=Types;",
     NULL,
     {PROCEDURE_COLUMNS, NULL, NULL, "AddNumbers", NULL},
     "S",
     "Types.Types.AddNumbers\n"},
    {"DefaultCatalog=Types;", NULL, {PROCEDURES, NULL, NULL, "%o%", NULL}, "S", "Types.Types.EchoTypes\n"},
    /* A workspace is the catalog, its folders the schemas. */
    {"Workspace=Sales;",
     NULL,
     {TABLES, NULL, NULL, "Order%", NULL},
     "S",
     "Sales.Orders.Order Items\nSales.Orders.Orders\n"},
    {"Workspace=Sales;", NULL, {COLUMNS, NULL, NULL, "Order Items", NULL}, "S", "Sales.Orders.Order Items\n"},
    {"Workspace=Sales;", NULL, {COLUMNS, "Sales", "ROOT", "Products", NULL}, "S", "Sales.ROOT.Products\n"},
    {"Workspace=Sales;",
     NULL,
     {PRIMARY_KEYS, NULL, "Orders", "Order Items", NULL},
     "S",
     "Sales.Orders.Order Items\n"},
    {"Workspace=Sales;", NULL, {FOREIGN_KEYS, NULL, NULL, "Orders", NULL}, "S", "Sales.Orders.Orders\n"},
    {"Workspace=Sales;", NULL, {STATISTICS, "sales", "crm", "accounts", NULL}, "S", "Sales.CRM.Accounts\n"},
    {"Workspace=Sales;", NULL, {COLUMNS, "Salesforce", "Salesforce", "Account", NULL}, "S", ""},
    {"Workspace=Sales;DefaultSchema=CRM;",
     NULL,
     {COLUMNS, NULL, NULL, "Accounts", NULL},
     "S",
     "Sales.CRM.Accounts\n"},
};

static void names_in_part_mean_what_the_connection_says(void **state)
{
    struct harness *h = *state;
    int bad = 0;

    for (size_t i = 0; i < COUNT_OF(name_cases); i++) {
        const struct name_case *c = &name_cases[i];
        struct session s;
        session_open(h, &s, c->keywords);
        if (c->current != NULL)
            expect_dbc("S", s.dbc, SQLSetConnectAttr(s.dbc, SQL_ATTR_CURRENT_CATALOG, ARG(c->current)));
        SQLRETURN code = expect_stmt("SI", s.stmt, catalog_call(s.stmt, &c->call));
        if (code == SQL_SUCCESS_WITH_INFO)
            expect_state(SQL_HANDLE_STMT, s.stmt, "01000");
        char *tables = tables_of(s.stmt, c->call.function);
        if (return_letter(code) != *c->letters || strcmp(tables, c->tables) != 0) {
            char *text = catalog_call_text(&c->call);
            print_error("%s(current %s) %s: %c\n%snot %s\n%s", c->keywords, c->current, text,
                        return_letter(code), tables, c->letters, c->tables);
            free(text);
            bad++;
        }
        free(tables);
        session_close(&s);
    }
    assert_int_equal(bad, 0);
}

/* ---- odd names ---- */

/* The name as an ordinary argument's pattern: what would act has a backslash before it. */
static char *escape(const char *name)
{
    char *escaped = text_format("%s", "");

    for (; *name; name++) {
        char *longer = text_format("%s%s%c", escaped, strchr("%_\\", *name) ? "\\" : "", *name);
        free(escaped);
        escaped = longer;
    }
    return escaped;
}

/* Every table of every catalog is found by its own name, by each function, and no other is. */
static void every_table_is_found_by_its_name(void **state)
{
    struct harness *h = *state;
    struct session list, s;
    int tables = 0;

    session_open(h, &list, NULL);
    session_open(h, &s, NULL);
    expect_stmt("S", list.stmt, SQLTables(list.stmt, ARG("Wide Names"), NONE, NONE, NONE));
    while (SQLFetch(list.stmt) == SQL_SUCCESS) {
        char *catalog = cell_text(list.stmt, 1), *schema = cell_text(list.stmt, 2),
             *table = cell_text(list.stmt, 3);
        char *pattern = escape(table), *expected = text_format("%s.%s.%s\n", catalog, schema, table);
        const struct catalog_call calls[] = {
            {TABLES, catalog, schema, pattern, NULL},    {COLUMNS, catalog, schema, pattern, NULL},
            {COLUMNS, NULL, NULL, pattern, NULL},        {PRIMARY_KEYS, catalog, schema, table, NULL},
            {PRIMARY_KEYS, NULL, NULL, table, NULL},     {STATISTICS, catalog, schema, table, NULL},
            {FOREIGN_KEYS, catalog, schema, table, NULL}};
        for (size_t i = 0; i < COUNT_OF(calls); i++) {
            expect_stmt("S", s.stmt, catalog_call(s.stmt, &calls[i]));
            char *seen = tables_of(s.stmt, calls[i].function);
            bool may_be_empty = calls[i].function != TABLES && calls[i].function != COLUMNS;
            if (strcmp(seen, expected) != 0 && (*seen || !may_be_empty))
                fail_msg("call %zu of %s found %s", i, table, seen);
            free(seen);
        }
        tables++;
        free(catalog);
        free(schema);
        free(table);
        free(pattern);
        free(expected);
    }
    assert_true(tables >= 12);
    session_close(&list);
    session_close(&s);
}

/* What the result of SQLTables and SQLColumns gives is quoted and read as Tableau and Access do. */
static void the_names_that_are_listed_can_be_queried(void **state)
{
    struct session list, s;

    session_open(*state, &list, NULL);
    session_open(*state, &s, "Database=Wide Names;");
    expect_stmt("S", list.stmt, SQLTables(list.stmt, ARG("Wide Names"), NONE, NONE, ARG("TABLE")));
    while (SQLFetch(list.stmt) == SQL_SUCCESS) {
        char *schema = cell_text(list.stmt, 2), *table = cell_text(list.stmt, 3),
             *quoted = text_format("%s", "");
        for (const char *p = table; *p; p++) {
            char *longer = text_format("%s%s%c", quoted, *p == '"' ? "\"" : "", *p);
            free(quoted);
            quoted = longer;
        }
        char *two = text_format("SELECT * FROM \"%s\".\"%s\"", schema, quoted);
        char *three = text_format("SELECT * FROM \"Wide Names\".\"%s\".\"%s\"", schema, quoted);
        expect_stmt("S", s.stmt, exec(s.stmt, two));
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        expect_stmt("S", s.stmt, exec(s.stmt, three));
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        free(two);
        free(three);
        free(quoted);
        free(table);
        free(schema);
    }
    session_close(&list);
    session_close(&s);
}

int main(void)
{
    static const char *const options[] = {"--tables", "300", NULL};
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_in_part_mean_what_the_connection_says),
        cmocka_unit_test(every_table_is_found_by_its_name),
        cmocka_unit_test(the_names_that_are_listed_can_be_queried),
    };

    return harness_main("test_catalog_names", options, tests, COUNT_OF(tests));
}
