/*
 * Catalog functions and the service: how many requests they cost, what the cache spares, which source they
 * use and what happens where one is missing, and that arguments never become SQL.
 */
#include "catalog_calls.h"

#include <stdio.h>
#include <string.h>

/* One call: what clients were seen to ask, with this project's names. */
static const struct known_call {
    struct catalog_call call;
    long rows; /* at least */
} calls[] = {
    {{TABLES, NULL, NULL, NULL, NULL}, 30},
    {{TABLES, NULL, NULL, NULL, "TABLE"}, 30},
    {{TABLES, NULL, NULL, NULL, "TABLE,VIEW"}, 30},
    {{TABLES, NULL, NULL, "cust%", "TABLE"}, 1},
    {{TABLES, NULL, NULL, "cust%", NULL}, 1},
    {{TABLES, NULL, NULL, "customers", NULL}, 1},
    {{TABLES, NULL, NULL, "%", NULL}, 30},
    {{TABLES, NULL, NULL, "%", "%"}, 30},
    {{TABLES, NULL, NULL, NULL, "%"}, 30},
    {{TABLES, NULL, NULL, "%", "VIEW,TABLE,%,"}, 30},
    {{TABLES, NULL, NULL, "customers", "VIEW,TABLE,%,"}, 1},
    {{TABLES, "PostgreSQL1", "public", "customers", "VIEW,TABLE,%,"}, 1},
    {{TABLES, "PostgreSQL1", NULL, "customers", "VIEW,TABLE,%,"}, 1},
    {{TABLES, "%", "", "", ""}, 7},
    {{TABLES, "", "%", "", ""}, 7},
    {{COLUMNS, NULL, NULL, "customers", NULL}, 7},
    {{COLUMNS, NULL, NULL, "customers", "%"}, 7},
    {{COLUMNS, "PostgreSQL1", "public", "customers", "%"}, 7},
    {{COLUMNS, "PostgreSQL1", NULL, "customers", "%"}, 7},
    {{PRIMARY_KEYS, NULL, NULL, "customers", NULL}, 1},
    {{PRIMARY_KEYS, "", "", "customers", NULL}, 1},
    {{PRIMARY_KEYS, "PostgreSQL1", "public", "customers", NULL}, 1},
    {{PRIMARY_KEYS, "PostgreSQL1", NULL, "customers", NULL}, 1},
    {{FOREIGN_KEYS, NULL, NULL, "orders", NULL}, 1},
    {{FOREIGN_KEYS, "PostgreSQL1", NULL, "orders", NULL}, 1},
    {{STATISTICS, NULL, NULL, "orders", NULL}, 1},
    {{SPECIAL_COLUMNS, "PostgreSQL1", "public", "orders", NULL}, 1},
    {{PROCEDURES, NULL, NULL, NULL, NULL}, 9},
    {{PROCEDURES, "Types", "Types", "AddNumbers", NULL}, 1},
    {{PROCEDURE_COLUMNS, "Types", "Types", "AddNumbers", NULL}, 5},
    {{COLUMN_PRIVILEGES, "PostgreSQL1", NULL, "customers", "%"}, 0},
    {{TABLE_PRIVILEGES, "PostgreSQL1", NULL, "customers", NULL}, 0},
};

/* The most requests a first call may cost: one; indexes, or types, and keys are two questions; a table named
 * in part is looked up in the list of tables first (which is then kept), for the service would ask every
 * source. */
static size_t most_requests(const struct catalog_call *c)
{
    bool by_name = c->function == COLUMNS || (c->function >= PRIMARY_KEYS && c->function <= SPECIAL_COLUMNS);
    bool whole = c->catalog && *c->catalog && c->schema && *c->schema;

    return (c->function == STATISTICS || c->function == SPECIAL_COLUMNS ? 2U : 1U) +
           (by_name && !whole ? 1U : 0U);
}

/* What clients call costs one request, and none again within the cache's time. */
static void every_call_of_known_clients_costs_one_request(void **state)
{
    struct harness *h = *state;
    int bad = 0;

    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        struct session s;
        session_open(h, &s, NULL);
        for (int turn = 0; turn < 2; turn++) {
            requests_clear(&h->service);
            expect_stmt("S", s.stmt, catalog_call(s.stmt, &calls[i].call));
            long rows = count_rows(s.stmt, NULL);
            expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
            size_t requests = requests_count(&h->service, NULL, NULL, NULL);
            size_t most = turn > 0 ? 0 : most_requests(&calls[i].call);
            if (rows < calls[i].rows || requests > most) {
                char *text = catalog_call_text(&calls[i].call);
                print_error("%s, turn %d: %ld rows, %zu requests\n", text, turn, rows, requests);
                free(text);
                bad++;
            }
        }
        session_close(&s);
    }
    assert_int_equal(bad, 0);
}

static void without_a_cache_every_call_asks(void **state)
{
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, "MetadataCacheSeconds=0;");
    requests_clear(&h->service);
    for (size_t turn = 1; turn <= 3; turn++) {
        expect_stmt("S", s.stmt, SQLTables(s.stmt, NONE, NONE, ARG("customers"), NONE));
        assert_int_equal(count_rows(s.stmt, NULL), 1);
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        assert_int_equal(requests_count(&h->service, NULL, NULL, NULL), turn);
    }
    session_close(&s);
}

static void type_info_costs_nothing(void **state)
{
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, NULL);
    requests_clear(&h->service);
    expect_stmt("S", s.stmt, SQLGetTypeInfo(s.stmt, SQL_ALL_TYPES));
    assert_true(count_rows(s.stmt, NULL) >= 23);
    assert_int_equal(requests_count(&h->service, NULL, NULL, NULL), 0);
    session_close(&s);
}

/* All rows of all calls under other keywords or another service are those of the ordinary connection. */
static void expect_same_rows(struct harness *h, const char *keywords)
{
    struct session usual, other;

    session_open(h, &usual, NULL);
    session_open(h, &other, keywords);
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        expect_stmt("S", usual.stmt, catalog_call(usual.stmt, &calls[i].call));
        expect_stmt("S", other.stmt, catalog_call(other.stmt, &calls[i].call));
        char *expected = rows_text(usual.stmt), *seen = rows_text(other.stmt);
        if (strcmp(expected, seen) != 0)
            fail_msg("%s, call %zu:\n%s\nnot\n%s", keywords, i, seen, expected);
        free(expected);
        free(seen);
        expect_stmt("S", usual.stmt, SQLFreeStmt(usual.stmt, SQL_CLOSE));
        expect_stmt("S", other.stmt, SQLFreeStmt(other.stmt, SQL_CLOSE));
    }
    session_close(&usual);
    session_close(&other);
}

static void both_sources_tell_the_same(void **state)
{
    expect_same_rows(*state, "MetadataSource=system;");
    expect_same_rows(*state, "MetadataSource=endpoints;");
}

static void a_missing_source_is_replaced_by_the_other(void **state)
{
    static const char *const no_system[] = {"--no-system-tables", NULL};
    static const char *const no_endpoints[] = {
        "--no-endpoints",
        "schemas,tables,columns,primaryKeys,importedKeys,exportedKeys,indexes,procedures,procedureParameters",
        NULL};
    struct service_process service;
    struct harness *h = *state;

    for (int i = 0; i < 2; i++) {
        assert_true(
            service_start(h, i ? "no-endpoints" : "no-system", i ? no_endpoints : no_system, &service));
        char *keywords = text_format("URL=%s/api;", service.base);
        expect_same_rows(h, keywords);
        free(keywords);
        service_stop(&service);
    }
}

static void without_any_source_both_errors_are_told(void **state)
{
    static const char *const options[] = {"--no-system-tables", "--no-endpoints", "tables", NULL};
    struct service_process service;
    struct session s;
    struct harness *h = *state;
    char second[6];

    assert_true(service_start(h, "no-source", options, &service));
    char *keywords = text_format("URL=%s/api;", service.base);
    session_open(h, &s, keywords);
    expect_stmt("E", s.stmt, SQLTables(s.stmt, NONE, NONE, NONE, NONE));
    char *all = diagnostics(SQL_HANDLE_STMT, s.stmt);
    if (!strstr(all, "sys_tables") || !diagnostic(SQL_HANDLE_STMT, s.stmt, 2, second, NULL, NULL))
        fail_msg("not both errors are told: %s", all);
    free(all);
    session_close(&s);
    free(keywords);
    service_stop(&service);
}

/* Another kind of failure is the call's error and gives up no source. */
static void a_passing_failure_gives_up_no_source(void **state)
{
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, "MaxRetries=0;MetadataCacheSeconds=0;");
    faults_set(&h->service, "[{\"path\": \"/query\", \"status\": 500, \"count\": 1}]");
    expect_stmt("E", s.stmt, SQLTables(s.stmt, NONE, NONE, ARG("customers"), NONE));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY000");
    requests_clear(&h->service);
    expect_stmt("S", s.stmt, SQLTables(s.stmt, NONE, NONE, ARG("customers"), NONE));
    assert_int_equal(count_rows(s.stmt, NULL), 1);
    assert_int_equal(requests_count(&h->service, "POST", "/query", "sys_tables"), 1);
    session_close(&s);
}

static void arguments_never_become_sql(void **state)
{
    static const char *const hostile[] = {"x' OR '1'='1", "x'; DROP TABLE [SQLite1].[main].[items]; --",
                                          "x]]; DELETE FROM [SQLite1].[main].[items]", "%' UNION SELECT 1 --",
                                          "a\"b"};
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, "MetadataCacheSeconds=0;");
    requests_clear(&h->service);
    for (size_t i = 0; i < COUNT_OF(hostile); i++)
        for (enum catalog_function f = TABLES; f < CATALOG_FUNCTIONS; f++) {
            struct catalog_call call = {f, hostile[i], hostile[i], hostile[i], NULL};
            expect_stmt("S", s.stmt, catalog_call(s.stmt, &call));
            SQLRETURN last;
            assert_int_equal(count_rows(s.stmt, &last), 0);
            expect_stmt("N", s.stmt, last);
            expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        }
    json_object *requests = requests_read(&h->service, false);
    for (size_t i = 0; i < json_object_array_length(requests); i++) {
        json_object *request = json_object_array_get_idx(requests, i), *query;
        json_object *body =
            json_tokener_parse(json_object_get_string(json_object_object_get(request, "body")));
        if (body && json_object_object_get_ex(body, "query", &query))
            for (size_t k = 0; k < COUNT_OF(hostile); k++)
                if (strstr(json_object_get_string(query), hostile[k]))
                    fail_msg("an argument is part of the statement: %s", json_object_get_string(query));
        json_object_put(body);
    }
    json_object_put(requests);
    expect_rows(s.stmt, "SELECT COUNT(*) FROM [SQLite1].[main].[items]", "10\n");
    session_close(&s);
}

/* Names in another letter case than they are stored in, against a service that tells the case apart. */
static void letter_case_does_not_count_where_the_service_tells_it(void **state)
{
    static const struct {
        struct catalog_call call;
        const char *catalog, *schema, *table; /* as stored */
    } cases[] = {
        {{TABLES, "POSTGRESQL1", "Public", "CUSTOMERS", NULL}, "PostgreSQL1", "public", "customers"},
        {{COLUMNS, "POSTGRESQL1", "Public", "CUSTOMERS", NULL}, "PostgreSQL1", "public", "customers"},
        {{COLUMNS, "PostgreSQL1", "Public", "CUST%", NULL}, "PostgreSQL1", "public", "customers"},
        {{COLUMNS, "TYPES", NULL, NULL, NULL}, "Types", "Types", NULL},
        {{COLUMNS, "Workday", "Workday", "%o%f%", NULL}, "Workday", "Workday", "%o%f%"},
        {{PRIMARY_KEYS, "POSTGRESQL1", "PUBLIC", "Order_Items", NULL},
         "PostgreSQL1",
         "public",
         "order_items"},
        {{FOREIGN_KEYS, "POSTGRESQL1", "PUBLIC", "ORDERS", NULL}, "PostgreSQL1", "public", "orders"},
        {{EXPORTED_KEYS, "POSTGRESQL1", "PUBLIC", "ORDERS", NULL}, "PostgreSQL1", "public", "orders"},
        {{STATISTICS, "SALESFORCE", "SALESFORCE", "account", NULL}, "Salesforce", "Salesforce", "Account"},
        {{SPECIAL_COLUMNS, "postgresql1", "PUBLIC", "Orders", NULL}, "PostgreSQL1", "public", "orders"},
        {{PROCEDURES, "TYPES", "TYPES", "ADDNUMBERS", NULL}, "Types", "Types", "AddNumbers"},
        {{PROCEDURE_COLUMNS, "TYPES", "TYPES", "ADDNUMBERS", NULL}, "Types", "Types", "AddNumbers"},
        {{PROCEDURE_COLUMNS, "TYPES", NULL, "ADD%", NULL}, "Types", "Types", "AddNumbers"},
    };
    static const char *const sources[] = {"system", "endpoints"};
    struct harness *h = *state;

    for (size_t source = 0; source < COUNT_OF(sources); source++)
        for (size_t i = 0; i < COUNT_OF(cases); i++) {
            struct catalog_call stored = {cases[i].call.function, cases[i].catalog, cases[i].schema,
                                          cases[i].table, NULL};
            char *keywords = text_format("MetadataSource=%s;", sources[source]);
            struct session s;
            session_open(h, &s, keywords);
            control_options(&h->service, "{'caseSensitive': true}");
            expect_stmt("S", s.stmt, catalog_call(s.stmt, &cases[i].call));
            char *seen = rows_text(s.stmt);
            expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
            control_options(&h->service, "{'caseSensitive': false}");
            expect_stmt("S", s.stmt, catalog_call(s.stmt, &stored));
            char *expected = rows_text(s.stmt), *text = catalog_call_text(&cases[i].call);
            if (!*expected || strcmp(seen, expected) != 0)
                fail_msg("%s, %s:\n%snot\n%s", sources[source], text, seen, expected);
            free(text);
            free(seen);
            free(expected);
            free(keywords);
            session_close(&s);
        }
}

/* Without a catalog the service would ask each of the account's sources, which can take very long. */
static void a_name_without_a_catalog_is_not_asked_of_every_source(void **state)
{
    static const struct {
        struct catalog_call call;
        long rows;
    } cases[] = {
        {{COLUMNS, NULL, NULL, "order_items", NULL}, 4},
        {{COLUMNS, NULL, NULL, "orders", NULL}, 4},
        {{COLUMNS, NULL, NULL, "order%", NULL}, 8},
        {{COLUMNS, NULL, "public", "orders", NULL}, 4},
        {{PRIMARY_KEYS, NULL, NULL, "order_items", NULL}, 2},
        {{STATISTICS, NULL, NULL, "order_items", NULL}, 2},
        {{FOREIGN_KEYS, NULL, NULL, "order_items", NULL}, 1},
        {{EXPORTED_KEYS, NULL, NULL, "orders", NULL}, 1},
        {{SPECIAL_COLUMNS, NULL, NULL, "order_items", NULL}, 2},
        {{PROCEDURE_COLUMNS, NULL, NULL, "AddNumbers", NULL}, 5},
        {{PROCEDURE_COLUMNS, NULL, NULL, "insert_note", NULL}, 1},
    };
    struct harness *h = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct session s;
        session_open(h, &s, NULL);
        requests_clear(&h->service);
        expect_stmt("S", s.stmt, catalog_call(s.stmt, &cases[i].call));
        assert_true(count_rows(s.stmt, NULL) >= cases[i].rows);
        json_object *requests = requests_read(&h->service, false);
        for (size_t k = 0; k < json_object_array_length(requests); k++) {
            json_object *request = json_object_array_get_idx(requests, k), *query;
            const char *path = json_object_get_string(json_object_object_get(request, "path"));
            json_object_object_get_ex(request, "query", &query);
            if (strcmp(path, "/api/query") != 0 && strcmp(path, "/api/procedures") != 0 &&
                json_object_object_get(query, "catalogName") == NULL)
                fail_msg("case %zu: %s of every catalog", i, path);
        }
        json_object_put(requests);
        session_close(&s);
    }
}

/* With a default catalog names without one still mean all catalogs to the catalog functions. */
static void a_workspace_shows_its_own_catalog(void **state)
{
    struct harness *h = *state;
    struct session s;

    session_open(h, &s, "Workspace=Sales;");
    expect_stmt("S", s.stmt, SQLTables(s.stmt, ARG("%"), ARG(""), ARG(""), NONE));
    char *rows = rows_text(s.stmt);
    expect_text(rows, "Sales|<null>|<null>|<null>|<null>\n");
    free(rows);
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_of_known_clients_costs_one_request),
        cmocka_unit_test(without_a_cache_every_call_asks),
        cmocka_unit_test(type_info_costs_nothing),
        cmocka_unit_test(both_sources_tell_the_same),
        cmocka_unit_test(a_missing_source_is_replaced_by_the_other),
        cmocka_unit_test(without_any_source_both_errors_are_told),
        cmocka_unit_test(a_passing_failure_gives_up_no_source),
        cmocka_unit_test(arguments_never_become_sql),
        cmocka_unit_test(letter_case_does_not_count_where_the_service_tells_it),
        cmocka_unit_test(a_name_without_a_catalog_is_not_asked_of_every_source),
        cmocka_unit_test(a_workspace_shows_its_own_catalog),
    };

    return harness_main("test_catalog_source", NULL, tests, COUNT_OF(tests));
}
