/*
 * Every catalog function, however its arguments are given: names whole and in part, in another letter case,
 * as patterns and identifiers, narrow and wide, for ODBC 2 and 3, from either source of the service: the rows
 * are always the same. And whichever request fails or breaks off, the call fails.
 *
 * Must not know which request a call leads to.
 */
#include "catalog_calls.h"

#include <stdio.h>
#include <string.h>

/* Each function on a table or procedure whose name occurs once in the account. */
static const struct subject {
    struct catalog_call call;
    const char *other_case[3];
    const char *pattern[3]; /* the first is a name: where patterns are allowed, NULL otherwise */
    const char *quoted[3];
    long rows;
} subjects[] = {
#define CUSTOMERS "PostgreSQL1", "public", "customers"
#define ITEMS     "PostgreSQL1", "public", "order_items"
#define ORDERS    "PostgreSQL1", "public", "orders"
#define ADDITION  "Types", "Types", "AddNumbers"
    {{TABLES, CUSTOMERS, NULL},
     {"POSTGRESQL1", "PUBLIC", "CUSTOMERS"},
     {"PostgreSQL1", "pub_ic", "cust%"},
     {"\"PostgreSQL1\"", " public ", "[customers]"},
     1},
    {{COLUMNS, CUSTOMERS, NULL},
     {"POSTGRESQL1", "PUBLIC", "CUSTOMERS"},
     {"PostgreSQL1", "pub%", "cust_mers"},
     {"\"postgresql1\"", "public", "\"customers\""},
     7},
    {{PRIMARY_KEYS, ITEMS, NULL},
     {"POSTGRESQL1", "PUBLIC", "ORDER_ITEMS"},
     {NULL, NULL, NULL},
     {"\"PostgreSQL1\"", "public", "order_items"},
     2},
    {{FOREIGN_KEYS, ORDERS, NULL},
     {"POSTGRESQL1", "PUBLIC", "ORDERS"},
     {NULL, NULL, NULL},
     {"PostgreSQL1", "\"public\"", "\"orders\""},
     1},
    {{EXPORTED_KEYS, ORDERS, NULL},
     {"POSTGRESQL1", "PUBLIC", "ORDERS"},
     {NULL, NULL, NULL},
     {"PostgreSQL1", "\"public\"", "\"orders\""},
     1},
    {{STATISTICS, ORDERS, NULL},
     {"POSTGRESQL1", "PUBLIC", "ORDERS"},
     {NULL, NULL, NULL},
     {"[PostgreSQL1]", "[public]", "[orders]"},
     1},
    {{SPECIAL_COLUMNS, ITEMS, NULL},
     {"POSTGRESQL1", "PUBLIC", "ORDER_ITEMS"},
     {NULL, NULL, NULL},
     {"PostgreSQL1", "public", "\"order_items\""},
     2},
    {{PROCEDURES, ADDITION, NULL},
     {"TYPES", "TYPES", "ADDNUMBERS"},
     {"Types", "T%", "AddNum%"},
     {"Types", "\"Types\"", "AddNumbers"},
     1},
    {{PROCEDURE_COLUMNS, ADDITION, NULL},
     {"TYPES", "TYPES", "ADDNUMBERS"},
     {"Types", "T%", "Add_umbers"},
     {"Types", "\"Types\"", "AddNumbers"},
     5},
    {{TABLE_PRIVILEGES, CUSTOMERS, NULL},
     {"POSTGRESQL1", "PUBLIC", "CUSTOMERS"},
     {"PostgreSQL1", "p%", "c%"},
     {"PostgreSQL1", "public", "customers"},
     0},
    {{COLUMN_PRIVILEGES, CUSTOMERS, NULL},
     {"POSTGRESQL1", "PUBLIC", "CUSTOMERS"},
     {NULL, NULL, NULL},
     {"PostgreSQL1", "public", "customers"},
     0},
};

enum form { WHOLE, NO_CATALOG, NO_SCHEMA, ALONE, EMPTY, OTHER_CASE, PATTERN, IDENTIFIER, WIDE, FORMS };

/* The call in that form; false where the function has no such form. */
static bool make_form(const struct subject *subject, enum form form, struct catalog_call *call)
{
    const char *const *names = form == OTHER_CASE   ? subject->other_case
                               : form == PATTERN    ? subject->pattern
                               : form == IDENTIFIER ? subject->quoted
                                                    : NULL;

    *call = subject->call;
    if (names != NULL) {
        call->catalog = names[0];
        call->schema = names[1];
        call->table = names[2];
    }
    if (form == NO_CATALOG || form == ALONE)
        call->catalog = NULL;
    if (form == NO_SCHEMA || form == ALONE)
        call->schema = NULL;
    if (form == EMPTY)
        call->catalog = call->schema = "";
    return call->table != NULL;
}

/* The rows of a call in a form; the caller's. */
static char *rows_of(SQLHSTMT stmt, const struct subject *subject, enum form form)
{
    struct catalog_call call;
    SQLULEN identifiers = form == IDENTIFIER ? SQL_TRUE : SQL_FALSE;

    if (!make_form(subject, form, &call))
        return NULL;
    if (form == IDENTIFIER && (call.function == COLUMNS || call.function == PROCEDURE_COLUMNS ||
                               call.function == COLUMN_PRIVILEGES))
        return NULL; /* a column must be named then: see test_catalog.c */
    expect_stmt("S", stmt, SQLSetStmtAttr(stmt, SQL_ATTR_METADATA_ID, (SQLPOINTER)identifiers, 0));
    expect_stmt("S", stmt, form == WIDE ? catalog_call_wide(stmt, &call) : catalog_call(stmt, &call));
    char *rows = rows_text(stmt);
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    return rows;
}

static long line_count(const char *text)
{
    long lines = 0;

    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

/* All forms of all functions on one connection; returns how many differ from `expected`, which is filled
 * where it is empty. */
static int compare_forms(SQLHSTMT stmt, char **expected, const char *where)
{
    int bad = 0;

    for (size_t i = 0; i < COUNT_OF(subjects); i++)
        for (enum form form = WHOLE; form < FORMS; form++) {
            char *rows = rows_of(stmt, &subjects[i], form);
            if (rows == NULL)
                continue;
            if (expected[i] == NULL) {
                expected[i] = rows;
                if (line_count(rows) < subjects[i].rows)
                    bad += (print_error("%s: subject %zu has too few rows:\n%s", where, i, rows), 1);
                continue;
            }
            if (strcmp(rows, expected[i]) != 0) {
                char *text = catalog_call_text(&subjects[i].call);
                print_error("%s: %s, form %d:\n%snot\n%s", where, text, (int)form, rows, expected[i]);
                free(text);
                bad++;
            }
            free(rows);
        }
    return bad;
}

static const char all_endpoints[] = "schemas,tables,columns,primaryKeys,importedKeys,exportedKeys,"
                                    "indexes,procedures,procedureParameters";

static void every_form_of_the_arguments_finds_the_same(void **state)
{
    static const struct {
        const char *name, *keywords, *options[3];
        bool case_sensitive;
    } profiles[] = {
        {"both", "", {NULL}, false},
        {"system", "MetadataSource=system;", {NULL}, false},
        {"endpoints", "MetadataSource=endpoints;", {NULL}, false},
        {"uncached", "MetadataCacheSeconds=0;", {NULL}, false},
        {"case-sensitive", "", {NULL}, true},
        {"without-system", "", {"--no-system-tables"}, false},
        {"without-endpoints", "", {"--no-endpoints", all_endpoints}, false},
    };
    struct harness *h = *state;
    int bad = 0;

    for (SQLINTEGER version = SQL_OV_ODBC2; version <= (SQLINTEGER)SQL_OV_ODBC3; version++) {
        char *expected[COUNT_OF(subjects)] = {NULL};
        SQLHENV env = environment_open(version);
        for (size_t i = 0; i < COUNT_OF(profiles); i++) {
            struct service_process service = {0};
            bool own = profiles[i].options[0] != NULL;
            struct session s;
            assert_true(!own || service_start(h, profiles[i].name, profiles[i].options, &service));
            char *keywords = text_format("%s%s%s%s", profiles[i].keywords, own ? "URL=" : "",
                                         own ? service.base : "", own ? "/api;" : "");
            char *where = text_format("ODBC %d, %s", (int)version, profiles[i].name);
            session_open_in(h, env, &s, keywords);
            control_options(&h->service, profiles[i].case_sensitive ? "{'caseSensitive': true}"
                                                                    : "{'caseSensitive': false}");
            bad += compare_forms(s.stmt, expected, where);
            session_close(&s);
            free(where);
            free(keywords);
            if (own)
                service_stop(&service);
        }
        for (size_t i = 0; i < COUNT_OF(subjects); i++)
            free(expected[i]);
        SQLFreeHandle(SQL_HANDLE_ENV, env);
    }
    assert_int_equal(bad, 0);
}

/* Whichever of its requests fails, the call fails, and the next one finds everything: nothing in part is
 * shown or kept. */
static void a_failing_request_fails_the_call(void **state)
{
    static const char *const failures[] = {"'status': 500", "'errorAfterRows': 0", "'cutAfterRows': 1"};
    static const enum form forms[] = {WHOLE, ALONE};
    enum { MOST_REQUESTS = 3 };
    struct harness *h = *state;
    int failed = 0;

    for (size_t i = 0; i < COUNT_OF(subjects); i++)
        for (size_t k = 0; k < COUNT_OF(failures) * COUNT_OF(forms) * MOST_REQUESTS; k++) {
            struct catalog_call call;
            struct session s;
            size_t skip = k % MOST_REQUESTS, form = k / MOST_REQUESTS % COUNT_OF(forms);
            make_form(&subjects[i], forms[form], &call);
            session_open(h, &s, "MaxRetries=0;");
            char *rule = text_format("{'path': '/api/', 'skip': %zu, 'count': 1, %s}", skip,
                                     failures[k / MOST_REQUESTS / COUNT_OF(forms)]);
            requests_clear(&h->service);
            faults_set(&h->service, rule);
            SQLRETURN code = expect_stmt("SE", s.stmt, catalog_call(s.stmt, &call));
            size_t requests = requests_count(&h->service, NULL, NULL, NULL);
            faults_clear(&h->service);
            if ((code == SQL_ERROR) != (requests > skip))
                fail_msg("%s of call %zu, form %zu: returned %d after %zu requests", rule, i, form, code,
                         requests);
            failed += code == SQL_ERROR;
            expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
            expect_stmt("S", s.stmt, catalog_call(s.stmt, &call));
            assert_true(count_rows(s.stmt, NULL) >= subjects[i].rows);
            free(rule);
            session_close(&s);
        }
    assert_true(failed > 50);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_of_the_arguments_finds_the_same),
        cmocka_unit_test(a_failing_request_fails_the_call),
    };

    return harness_main("test_catalog_forms", NULL, tests, COUNT_OF(tests));
}
