/*
 * What known clients call to show an account and open some of its tables, and how many requests that costs:
 * an account of 57 catalogs and more than 5,000 tables, where the service allows 100 requests a minute.
 *
 * The sequences are those that were seen in traces of the clients, or that their documentation tells. Must
 * not know which request a call leads to.
 */
#include "catalog_calls.h"

#include <stdio.h>
#include <string.h>

enum step_kind { CALL, TYPE_INFO, RUN, REFUSED, DESCRIBE, CURRENT_CATALOG };

struct step {
    enum step_kind kind;
    struct catalog_call call; /* CALL */
    const char *text;         /* statement of RUN, REFUSED (42S02), DESCRIBE (prepared, not executed) */
    long rows;                /* CALL, RUN: at least; DESCRIBE: columns */
};

#define CALLS(rows, function, catalog, schema, table, last)        \
    {                                                              \
        CALL, {function, catalog, schema, table, last}, NULL, rows \
    }
#define TYPES                                                \
    {                                                        \
        TYPE_INFO, {TABLES, NULL, NULL, NULL, NULL}, NULL, 1 \
    }
#define STEP(kind, rows, sql)                             \
    {                                                     \
        kind, {TABLES, NULL, NULL, NULL, NULL}, sql, rows \
    }

enum { ALL = 5030 };

/* Power Query (Power BI, Excel): the tree once, then whatever describes a table, then a preview. */
static const struct step power_query[] = {
    STEP(CURRENT_CATALOG, 0, NULL),
    CALLS(ALL, TABLES, NULL, NULL, NULL, "TABLE,VIEW"),
    CALLS(57, TABLES, "%", "", "", NULL),
    CALLS(7, COLUMNS, "PostgreSQL1", "public", "customers", NULL),
    CALLS(1, PRIMARY_KEYS, "PostgreSQL1", "public", "customers", NULL),
    CALLS(0, FOREIGN_KEYS, "PostgreSQL1", "public", "customers", NULL),
    CALLS(1, EXPORTED_KEYS, "PostgreSQL1", "public", "customers", NULL),
    CALLS(1, STATISTICS, "PostgreSQL1", "public", "customers", NULL),
    CALLS(1, SPECIAL_COLUMNS, "PostgreSQL1", "public", "customers", NULL),
    STEP(RUN, 1, "select \"id\", \"name\" from \"PostgreSQL1\".\"public\".\"customers\""),
    CALLS(6, COLUMNS, "Many07", "Many07", "Table042", NULL),
    CALLS(1, PRIMARY_KEYS, "Many07", "Many07", "Table042", NULL),
    CALLS(0, FOREIGN_KEYS, "Many07", "Many07", "Table042", NULL),
    CALLS(0, EXPORTED_KEYS, "Many07", "Many07", "Table042", NULL),
    CALLS(1, STATISTICS, "Many07", "Many07", "Table042", NULL),
    STEP(RUN, 3, "select * from \"Many07\".\"Many07\".\"Table042\""),
};

/* MS Query: a list for each kind that is ticked, the drop-downs, the columns of one table. */
static const struct step ms_query[] = {
    CALLS(ALL, TABLES, NULL, NULL, NULL, "TABLE"),
    CALLS(1, TABLES, NULL, NULL, NULL, "VIEW"),
    CALLS(0, TABLES, NULL, NULL, NULL, "SYSTEM TABLE"),
    CALLS(0, TABLES, NULL, NULL, NULL, "SYNONYM"),
    CALLS(57, TABLES, "%", "", "", NULL),
    CALLS(57, TABLES, "", "%", "", NULL),
    CALLS(7, COLUMNS, "PostgreSQL1", "public", "customers", NULL),
    CALLS(1, SPECIAL_COLUMNS, "PostgreSQL1", "public", "customers", NULL),
    CALLS(1, STATISTICS, "PostgreSQL1", "public", "customers", NULL),
    STEP(RUN, 1,
         "SELECT customers_0.id FROM PostgreSQL1.public.customers customers_0 WHERE (customers_0.id=1)"),
};

/* Tableau: a connection for each catalog, names of two parts, SQLPrepare before anything else. */
static const struct step tableau[] = {
    CALLS(57, TABLES, "%", "", "", NULL),
    STEP(CURRENT_CATALOG, 0, NULL),
    CALLS(100, TABLES, "Many07", NULL, NULL, "TABLE,VIEW"),
    STEP(DESCRIBE, 6, "SELECT * FROM \"Many07\".\"Table042\""),
    STEP(RUN, 0, "SELECT * FROM \"Many07\".\"Table042\" WHERE 1=0"),
    CALLS(6, COLUMNS, "Many07", "Many07", "Table042", NULL),
    CALLS(1, PRIMARY_KEYS, "Many07", "Many07", "Table042", NULL),
    CALLS(0, FOREIGN_KEYS, "Many07", "Many07", "Table042", NULL),
    STEP(RUN, 3, "SELECT \"Table042\".\"Id\" AS \"Id\" FROM \"Many07\".\"Table042\" \"Table042\" LIMIT 100"),
};

/* Access links two tables: the first unique index is the key; MSysConf is not there. */
static const struct step access_link[] = {
    STEP(REFUSED, 0, "SELECT Config, nValue FROM MSysConf"),
    CALLS(ALL, TABLES, NULL, NULL, NULL, "'TABLE','VIEW','SYSTEM TABLE','ALIAS','SYNONYM'"),
    CALLS(7, COLUMNS, "PostgreSQL1", "public", "customers", NULL),
    CALLS(1, STATISTICS, "PostgreSQL1", "public", "customers", NULL),
    CALLS(1, SPECIAL_COLUMNS, "PostgreSQL1", "public", "customers", NULL),
    STEP(RUN, 1,
         "SELECT \"PostgreSQL1\".\"public\".\"customers\".\"id\" FROM "
         "\"PostgreSQL1\".\"public\".\"customers\""),
    CALLS(1, COLUMNS, NULL, "public", "orders", NULL),
    CALLS(1, STATISTICS, NULL, "public", "orders", NULL),
};

static const struct step ssis[] = {
    CALLS(ALL, TABLES, NULL, NULL, NULL, "TABLE,VIEW"),
    STEP(DESCRIBE, 7, "SELECT * FROM \"PostgreSQL1\".\"public\".\"customers\""),
    CALLS(7, COLUMNS, "PostgreSQL1", "public", "customers", NULL),
    CALLS(1, PRIMARY_KEYS, "PostgreSQL1", "public", "customers", NULL),
    STEP(RUN, 1, "SELECT * FROM \"PostgreSQL1\".\"public\".\"customers\""),
};

static const struct step pyodbc[] = {
    TYPES,
    TYPES,
    CALLS(ALL, TABLES, NULL, NULL, NULL, "TABLE"),
    CALLS(7, COLUMNS, NULL, NULL, "customers", NULL),
    CALLS(1, PRIMARY_KEYS, NULL, NULL, "customers", NULL),
    CALLS(1, STATISTICS, NULL, NULL, "customers", NULL),
    CALLS(1, FOREIGN_KEYS, NULL, NULL, "orders", NULL),
    CALLS(9, PROCEDURES, NULL, NULL, NULL, NULL),
};

static const struct step rodbc[] = {
    TYPES,
    CALLS(ALL, TABLES, NULL, NULL, NULL, NULL),
    CALLS(1, TABLES, NULL, NULL, "customers", NULL),
    CALLS(7, COLUMNS, NULL, NULL, "customers", NULL),
    CALLS(1, PRIMARY_KEYS, NULL, NULL, "customers", NULL),
    STEP(RUN, 1, "SELECT * FROM PostgreSQL1.public.customers"),
};

/* The connections pane of RStudio, level by level. */
static const struct step r_odbc[] = {
    CALLS(57, TABLES, "%", "", "", ""),
    CALLS(57, TABLES, "", "%", "", ""),
    CALLS(1, TABLES, "", "", "", "%"),
    CALLS(1, TABLES, "PostgreSQL1", "public", "%", NULL),
    CALLS(7, COLUMNS, "PostgreSQL1", "public", "customers", "%"),
    CALLS(100, TABLES, "Many07", "Many07", "%", NULL),
    CALLS(6, COLUMNS, "Many07", "Many07", "Table042", "%"),
    STEP(RUN, 3, "SELECT * FROM \"Many07\".\"Many07\".\"Table042\""),
};

static const struct step turbodbc[] = {
    STEP(DESCRIBE, 7, "SELECT * FROM PostgreSQL1.public.customers"),
    STEP(RUN, 1, "SELECT * FROM PostgreSQL1.public.customers"),
};

static const struct step libre_office[] = {
    CALLS(57, TABLES, "%", "", "", ""),
    CALLS(57, TABLES, "", "%", "", ""),
    CALLS(ALL, TABLES, NULL, NULL, "%", "%"),
    CALLS(ALL, TABLES, NULL, NULL, "%", "VIEW,TABLE,%,"),
    CALLS(1, TABLES, "PostgreSQL1", "public", "customers", "VIEW,TABLE,%,"),
    CALLS(7, COLUMNS, "PostgreSQL1", "public", "customers", "%"),
    CALLS(7, COLUMNS, "PostgreSQL1", NULL, "customers", "%"),
    CALLS(1, PRIMARY_KEYS, "PostgreSQL1", "public", "customers", NULL),
    CALLS(1, PRIMARY_KEYS, NULL, NULL, "customers", NULL),
    CALLS(0, FOREIGN_KEYS, NULL, NULL, "customers", NULL),
    CALLS(1, STATISTICS, NULL, NULL, "customers", NULL),
    CALLS(0, COLUMN_PRIVILEGES, "PostgreSQL1", NULL, "customers", "%"),
    STEP(RUN, 1, "SELECT * FROM \"PostgreSQL1\".\"public\".\"customers\""),
};

/* GDAL, which speaks ODBC 2, and passes "" where it means nothing. */
static const struct step gdal[] = {
    CALLS(ALL, TABLES, NULL, NULL, NULL, "TABLE"),
    CALLS(1, PRIMARY_KEYS, "", "", "customers", NULL),
    CALLS(7, COLUMNS, NULL, NULL, "customers", NULL),
    STEP(RUN, 1, "SELECT * FROM PostgreSQL1.public.customers"),
};

/* `requests`: of all steps and of connecting. */
static const struct {
    const char *name;
    SQLINTEGER version;
    const char *keywords;
    const struct step *steps;
    size_t count;
    size_t requests;
} clients[] = {
#define CLIENT(steps, version, keywords, requests)                  \
    {                                                               \
#steps, version, keywords, steps, COUNT_OF(steps), requests \
    }
    CLIENT(power_query, SQL_OV_ODBC3, NULL, 14),
    CLIENT(ms_query, SQL_OV_ODBC3, NULL, 7),
    CLIENT(tableau, SQL_OV_ODBC3, "Database=Many07;", 8),
    CLIENT(access_link, SQL_OV_ODBC2, NULL, 10),
    CLIENT(ssis, SQL_OV_ODBC3, NULL, 6),
    CLIENT(pyodbc, SQL_OV_ODBC3, NULL, 7),
    CLIENT(rodbc, SQL_OV_ODBC3, NULL, 5),
    CLIENT(r_odbc, SQL_OV_ODBC3, NULL, 7),
    CLIENT(turbodbc, SQL_OV_ODBC3, NULL, 3),
    CLIENT(libre_office, SQL_OV_ODBC3, NULL, 9),
    CLIENT(gdal, SQL_OV_ODBC2, NULL, 5),
};

static long take_step(struct session *s, const struct step *step)
{
    char catalog[64];
    SQLSMALLINT columns = 0;
    long rows = 0;

    switch (step->kind) {
    case CALL:
        expect_stmt("S", s->stmt, catalog_call(s->stmt, &step->call));
        break;
    case TYPE_INFO:
        expect_stmt("S", s->stmt, SQLGetTypeInfo(s->stmt, SQL_VARCHAR));
        break;
    case RUN:
        expect_stmt("S", s->stmt, exec(s->stmt, step->text));
        break;
    case REFUSED:
        expect_stmt("E", s->stmt, exec(s->stmt, step->text));
        return 0;
    case DESCRIBE:
        expect_stmt("S", s->stmt, SQLPrepare(s->stmt, ARG(step->text)));
        expect_stmt("S", s->stmt, SQLNumResultCols(s->stmt, &columns));
        for (SQLUSMALLINT i = 1; i <= columns; i++)
            expect_stmt("S", s->stmt, SQLDescribeCol(s->stmt, i, NULL, 0, NULL, NULL, NULL, NULL, NULL));
        return columns;
    case CURRENT_CATALOG:
        expect_dbc("S", s->dbc,
                   SQLGetConnectAttr(s->dbc, SQL_ATTR_CURRENT_CATALOG, catalog, sizeof catalog, NULL));
        return 0;
    }
    rows = count_rows(s->stmt, NULL);
    expect_stmt("S", s->stmt, SQLFreeStmt(s->stmt, SQL_CLOSE));
    return rows;
}

static char *step_text(const struct step *step)
{
    return step->kind == CALL ? catalog_call_text(&step->call)
                              : text_format("%s", step->text ? step->text : "");
}

static void known_clients_stay_far_below_the_limit_of_requests(void **state)
{
    struct harness *h = *state;
    int bad = 0;

    for (size_t i = 0; i < COUNT_OF(clients); i++) {
        SQLHENV env = environment_open(clients[i].version);
        struct session s;
        requests_clear(&h->service);
        session_open_in(h, env, &s, clients[i].keywords);
        for (size_t k = 0; k < clients[i].count; k++) {
            const struct step *step = &clients[i].steps[k];
            long rows = take_step(&s, step);
            if (rows < step->rows) {
                char *text = step_text(step);
                print_error("%s: %s gives %ld\n", clients[i].name, text, rows);
                free(text);
                bad++;
            }
        }
        size_t requests = requests_count(&h->service, NULL, NULL, NULL);
        /* A connection like one of the last minute is opened without a request. */
        if (requests > clients[i].requests || requests + 1 < clients[i].requests)
            bad +=
                (print_error("%s: %zu requests, not %zu\n", clients[i].name, requests, clients[i].requests),
                 1);
        session_close(&s);
        SQLFreeHandle(SQL_HANDLE_ENV, env);
    }
    assert_int_equal(bad, 0);
}

int main(void)
{
    static const char *const options[] = {"--tables", "5000", NULL};
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_clients_stay_far_below_the_limit_of_requests),
    };

    return harness_main("test_catalog_navigation", options, tests, COUNT_OF(tests));
}
