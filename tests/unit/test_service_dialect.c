/* The local service's dialect and functions: each case is a statement as a client sends it, and the rows it
 * gives on the sample, or the error. Proves that the dialect takes what SERVICE.md
 * section 5 documents, and refuses the rest. */
#include "../service/dialect.h"
#include "../service/functions.h"
#include "../service/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

enum { SOURCES_MAX = 10, RESULT_MAX = 4096 };

/* The sample, every source attached under "Catalog.Schema". */
struct account {
    sqlite3 *db;
    sqlite3 *sources[SOURCES_MAX]; /* keep the memory databases alive */
    char aliases[SOURCES_MAX][64];
    const struct sample_source *list;
    size_t count;
};

static struct account account;

/* --- what the service does around the dialect --- */

static bool has_table(const char *alias, const char *table)
{
    sqlite3_stmt *statement;
    char *sql =
        sqlite3_mprintf("SELECT 1 FROM \"%w\".sqlite_schema WHERE name = %Q COLLATE NOCASE AND type IN"
                        " ('table', 'view')",
                        alias, table);
    bool found;

    assert_int_equal(sqlite3_prepare_v2(account.db, sql, -1, &statement, NULL), SQLITE_OK);
    found = sqlite3_step(statement) == SQLITE_ROW;
    sqlite3_finalize(statement);
    sqlite3_free(sql);
    return found;
}

static bool find(void *context, const char *catalog, const char *schema, const char *table,
                 struct dialect_source *out)
{
    (void)context;
    if (table && strcasecmp(table, "sys_tables") == 0) {
        *out = (struct dialect_source){"CData", "QueryFederation", "temp", "tables_of_the_system", false};
        return true;
    }
    for (size_t i = 0; i < account.count; i++) {
        if ((catalog && strcasecmp(catalog, account.list[i].catalog) != 0) ||
            (schema && strcasecmp(schema, account.list[i].schema) != 0) ||
            (table && !has_table(account.aliases[i], table)))
            continue;
        *out = (struct dialect_source){account.list[i].catalog, account.list[i].schema, account.aliases[i],
                                       NULL, account.list[i].pass_through};
        return true;
    }
    return false;
}

/* Primary keys of the tables that the cases upsert into. */
static const char *key_column(void *context, const struct dialect_source *source, const char *table,
                              size_t index)
{
    static const char *const item_keys[] = {"order_id", "line_no"};

    (void)context;
    (void)source;
    if (strcasecmp(table, "order_items") == 0)
        return index < 2 ? item_keys[index] : NULL;
    if (strcasecmp(table, "settings") == 0)
        return index == 0 ? "name" : NULL;
    if (strcasecmp(table, "Table With Blanks") == 0)
        return NULL;
    return index == 0 ? "id" : NULL;
}

static int set_up(void **state)
{
    (void)state;
    account.list = sample_sources(&account.count);
    assert_true(account.count <= SOURCES_MAX);
    assert_int_equal(sqlite3_open(":memory:", &account.db), SQLITE_OK);
    assert_int_equal(functions_register(account.db), SQLITE_OK);
    for (size_t i = 0; i < account.count; i++) {
        char uri[64];
        char *attach;

        (void)snprintf(uri, sizeof uri, "file:/dialect%zu?vfs=memdb", i);
        (void)snprintf(account.aliases[i], sizeof account.aliases[i], "%s.%s", account.list[i].catalog,
                       account.list[i].schema);
        assert_int_equal(sqlite3_open_v2(uri, &account.sources[i],
                                         SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI, NULL),
                         SQLITE_OK);
        assert_int_equal(functions_register(account.sources[i]), SQLITE_OK);
        assert_int_equal(sample_fill(account.sources[i], account.list[i].catalog, account.list[i].schema),
                         SQLITE_OK);
        attach = sqlite3_mprintf("ATTACH %Q AS \"%w\"", uri, account.aliases[i]);
        assert_int_equal(sqlite3_exec(account.db, attach, NULL, NULL, NULL), SQLITE_OK);
        sqlite3_free(attach);
    }
    assert_int_equal(sqlite3_exec(account.db,
                                  "CREATE TEMP TABLE tables_of_the_system (TableName TEXT);"
                                  "INSERT INTO tables_of_the_system VALUES ('one')",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sqlite3_close(account.db);
    for (size_t i = 0; i < account.count; i++)
        sqlite3_close(account.sources[i]);
    return 0;
}

struct result {
    char text[RESULT_MAX];
    size_t length;
};

static void add(struct result *result, const char *text)
{
    size_t octets = strlen(text);

    if (octets > sizeof result->text - result->length - 1)
        octets = sizeof result->text - result->length - 1;
    memcpy(result->text + result->length, text, octets);
    result->length += octets;
    result->text[result->length] = '\0';
}

/* Runs one statement of SQLite: values joined by |, rows by ; — or the error in the service's words. */
static bool run(const char *sql, struct result *result)
{
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(account.db, sql, -1, &statement, NULL);
    bool first = true;

    for (int i = 1; rc == SQLITE_OK && i <= sqlite3_bind_parameter_count(statement); i++)
        rc = sqlite3_bind_int(statement, i, i + 1);
    while (rc == SQLITE_OK || rc == SQLITE_ROW) {
        rc = sqlite3_step(statement);
        if (rc != SQLITE_ROW)
            break;
        if (!first)
            add(result, ";");
        first = false;
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const char *value = (const char *)sqlite3_column_text(statement, i);

            if (i > 0)
                add(result, "|");
            add(result, value ? value : "NULL");
        }
    }
    if (rc != SQLITE_DONE) {
        struct dialect_error error = dialect_engine_error(sqlite3_errmsg(account.db));

        result->length = 0;
        add(result, error.text);
        free(error.text);
    }
    sqlite3_finalize(statement);
    return rc == SQLITE_DONE;
}

static struct dialect_options options_for(const char *catalog, const char *schema, bool lenient)
{
    return (struct dialect_options){catalog, schema, lenient, NULL, find, key_column};
}

/* Every statement of a text; true if all ran. The last one's rows, or the error, are in *result. */
static bool run_text(const char *text, const struct dialect_options *options, struct result *result)
{
    struct dialect *dialect = dialect_open(text, strlen(text), options);
    struct dialect_statement statement;
    bool good = true;
    int more;

    assert_non_null(dialect);
    while (good && (more = dialect_next(dialect, &statement)) != 0) {
        result->length = 0;
        result->text[0] = '\0';
        if (more < 0) {
            good = false;
            add(result, dialect_code_name(statement.error.code));
            add(result, " ");
            add(result, statement.error.text ? statement.error.text : "no text");
        } else if (statement.sql) {
            good = run(statement.sql, result);
        }
        dialect_statement_clear(&statement);
    }
    dialect_close(dialect);
    return good;
}

/* The cases stand in service_dialect_cases.def, in groups that are run in order. */
enum group {
    NAMES,
    MISSING,
    BARE,
    CLAUSES,
    REFUSED,
    LENIENT,
    WRITES,
    BROKEN,
    OWN,
    CLOSED,
    FUNCTIONS,
    FAILING
};

static const struct line {
    enum group group;
    const char *sql;
    const char *expected; /* rows; for refusals a part of the error */
} lines[] = {
#define ROW(group, sql, expected) {group, sql, expected},
#include "service_dialect_cases.def"
#undef ROW
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* How the cases of a group are asked. */
struct section {
    enum group group;
    const char *catalog, *schema; /* defaults of the request */
    bool lenient;
    bool refused; /* each case is an error */
};

static void check_section(void **state)
{
    const struct section *section = *state;
    struct dialect_options options = options_for(section->catalog, section->schema, section->lenient);
    size_t wrong = 0;

    for (size_t i = 0; i < COUNT(lines); i++) {
        struct result result = {.length = 0};
        bool ran;
        bool good;

        if (lines[i].group != section->group)
            continue;
        ran = run_text(lines[i].sql, &options, &result);
        good = section->refused ? !ran && strstr(result.text, lines[i].expected)
                                : ran && strcmp(result.text, lines[i].expected) == 0;
        if (!good) {
            print_message("%s\n  expected %s\n  but got  %s\n", lines[i].sql, lines[i].expected, result.text);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

/* --- what a statement says about itself --- */

static struct dialect_statement read_one(const char *text, const struct dialect_options *options,
                                         struct dialect **dialect)
{
    struct dialect_statement statement;

    *dialect = dialect_open(text, strlen(text), options);
    assert_non_null(*dialect);
    assert_int_equal(dialect_next(*dialect, &statement), 1);
    return statement;
}

static void statements_tell_kind_tables_and_target(void **state)
{
    static const struct {
        const char *sql;
        enum dialect_kind kind;
        bool writes, rows;
        size_t tables;
        const char *target; /* or the first table */
    } cases[] = {
        {"SELECT 1", DIALECT_SELECT, false, true, 0, NULL},
        {"SELECT * FROM notes n, settings", DIALECT_SELECT, false, true, 2, "notes"},
        {"INSERT INTO notes (title) SELECT name FROM settings", DIALECT_INSERT, true, false, 2, "notes"},
        {"UPDATE settings SET value = (SELECT MAX(title) FROM notes)", DIALECT_UPDATE, true, false, 2,
         "settings"},
        {"DELETE FROM NOTES", DIALECT_DELETE, true, false, 1, "NOTES"},
        {"UPSERT INTO settings (name) VALUES ('a')", DIALECT_UPSERT, true, false, 1, "settings"},
        {"EXECUTE p", DIALECT_EXEC, false, true, 0, NULL},
        {"CREATE TABLE [SQLite1].[main].[q] (a)", DIALECT_DDL, true, false, 1, "q"},
        {"PRAGMA [SQLite1].[main].table_list", DIALECT_PRAGMA, false, true, 0, NULL},
    };
    struct dialect_options options = options_for("PostgreSQL1", "public", false);

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct dialect *dialect;
        struct dialect_statement statement = read_one(cases[i].sql, &options, &dialect);

        assert_int_equal(statement.kind, cases[i].kind);
        assert_int_equal(statement.writes, cases[i].writes);
        assert_int_equal(statement.rows, cases[i].rows);
        assert_int_equal(statement.table_count, cases[i].tables);
        if (cases[i].target)
            assert_string_equal(statement.tables[statement.target].name, cases[i].target);
        dialect_statement_clear(&statement);
        dialect_close(dialect);
    }
}

static void parameters_are_listed_once(void **state)
{
    struct dialect_options options = options_for("PostgreSQL1", "public", false);
    struct dialect *dialect;
    struct dialect_statement statement = read_one(
        "SELECT @b, @a, @B, ?, '@c', [@d] FROM (SELECT 1 AS [@d]) x WHERE ? = @a1", &options, &dialect);

    (void)state;
    assert_int_equal(statement.parameter_count, 3);
    assert_string_equal(statement.parameters[0], "@a");
    assert_string_equal(statement.parameters[1], "@a1");
    assert_string_equal(statement.parameters[2], "@b");
    assert_int_equal(statement.positional_count, 2);
    dialect_statement_clear(&statement);
    dialect_close(dialect);
}

static void select_items_have_labels_and_types(void **state)
{
    static const struct {
        const char *label, *column;
        int type, precision, scale;
    } expected[] = {
        {"id", "id", 0, 0, 0},
        {"twice", NULL, 0, 0, 0},
        {"UPPER( title )", NULL, SERVICE_VARCHAR, 0, 0},
        {"x y", "title", 0, 0, 0},
        {"c", NULL, SERVICE_DECIMAL, 10, 2},
        {"COUNT(*)", NULL, SERVICE_BIGINT, 0, 0},
        {"'text'", NULL, SERVICE_VARCHAR, 0, 0},
        {"flag", NULL, SERVICE_BOOLEAN, 0, 0},
        {"n", NULL, SERVICE_BIGINT, 0, 0},
        {"-5", NULL, SERVICE_INTEGER, 0, 0},
        {"title", "title", 0, 0, 0},
    };
    struct dialect_options options = options_for("PostgreSQL1", "public", false);
    struct dialect *dialect;
    struct dialect_statement statement =
        read_one("SELECT n.id, n.id * 2 AS twice, UPPER( title ), MAX([n].[title]) AS [x y], CAST(id AS "
                 "DECIMAL(10, 2))"
                 " c, COUNT(*), 'text', TRUE flag, ROW_NUMBER() OVER (ORDER BY id) n, -5, n.[title]"
                 " FROM notes n UNION SELECT 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11",
                 &options, &dialect);

    (void)state;
    assert_int_equal(statement.item_count, COUNT(expected));
    for (size_t i = 0; i < COUNT(expected); i++) {
        const struct dialect_item *item = dialect_item_at(&statement, i, COUNT(expected));

        assert_non_null(item);
        assert_string_equal(item->label, expected[i].label);
        assert_int_equal(item->type, expected[i].type);
        assert_int_equal(item->precision, expected[i].precision);
        assert_int_equal(item->scale, expected[i].scale);
        if (expected[i].column)
            assert_string_equal(item->column, expected[i].column);
        else
            assert_null(item->column);
    }
    dialect_statement_clear(&statement);
    dialect_close(dialect);
}

static void items_around_a_star_are_found(void **state)
{
    struct dialect_options options = options_for("PostgreSQL1", "public", false);
    struct dialect *dialect;
    struct dialect_statement statement =
        read_one("SELECT 1 AS a, notes.*, 2 AS b, 3 AS c FROM notes", &options, &dialect);

    (void)state;
    assert_string_equal(dialect_item_at(&statement, 0, 10)->label, "a");
    assert_null(dialect_item_at(&statement, 1, 10));
    assert_null(dialect_item_at(&statement, 7, 10));
    assert_string_equal(dialect_item_at(&statement, 8, 10)->label, "b");
    assert_string_equal(dialect_item_at(&statement, 9, 10)->label, "c");
    dialect_statement_clear(&statement);
    dialect_close(dialect);
}

static void exec_is_read_into_arguments(void **state)
{
    static const struct dialect_argument expected[] = {
        {(char *)"@a", NULL, (char *)"-1", SERVICE_BIGINT},      {(char *)"@b", (char *)"@p1", NULL, 0},
        {(char *)"@c", NULL, (char *)"it's", SERVICE_VARCHAR},   {(char *)"@d", NULL, NULL, 0},
        {(char *)"@e", NULL, (char *)"true", SERVICE_BOOLEAN},   {(char *)"@f", (char *)"?", NULL, 0},
        {(char *)"@g h", NULL, (char *)"1.50", SERVICE_DECIMAL},
    };
    struct dialect_options options = options_for("Types", "", false);
    struct dialect *dialect;
    struct dialect_statement statement = read_one(
        "EXEC [Types].[My Proc] @a = -1, @b = @p1, c = 'it''s', @d = NULL, @e = True, @f = ?, [g h] = 1.50",
        &options, &dialect);

    (void)state;
    assert_string_equal(statement.procedure[0], "Types");
    assert_string_equal(statement.procedure[1], "Types");
    assert_string_equal(statement.procedure[2], "My Proc");
    assert_int_equal(statement.argument_count, COUNT(expected));
    for (size_t i = 0; i < COUNT(expected); i++) {
        const struct dialect_argument *argument = &statement.arguments[i];

        assert_string_equal(argument->name, expected[i].name);
        assert_int_equal(argument->type, expected[i].type);
        assert_int_equal(!argument->parameter, !expected[i].parameter);
        assert_int_equal(!argument->value, !expected[i].value);
        if (argument->parameter)
            assert_string_equal(argument->parameter, expected[i].parameter);
        if (argument->value)
            assert_string_equal(argument->value, expected[i].value);
    }
    assert_int_equal(statement.parameter_count, 1);
    assert_int_equal(statement.positional_count, 1);
    dialect_statement_clear(&statement);
    dialect_close(dialect);
}

/* --- hostile text --- */

/* Whatever the text, an answer comes; pieces of SQL thrown together, the same every time. */
static void garbage_never_breaks_the_dialect(void **state)
{
    /* clang-format off */
    static const char *const pieces[] = {
        "SELECT ", "FROM ", "(", ")", "[", "]", "'", "\"", "`", "--", "/*", "*/", "@", "@p ", "?", ".", ",",
        ";", "*", "Account ", "notes ", "a", "1", "1.5e", "0x", "CAST(", " AS ", "DECIMAL", "TOP ",
        "LIMIT ", "UNION ", "JOIN ", "ON ", "ORDER BY ", "INSERT INTO ", "VALUES ", "UPDATE ", " SET ",
        "DELETE ", "UPSERT ", "EXEC ", "=", "-", "\xFF", "\xC3", "{", "}", "OVER (", "SUBSTRING(",
        "POSITION(", " IN ", "CREATE ", "TRIGGER ", "END ", "PRAGMA ", "[SQLite1].[main].", "WITH ", "\x01",
        "||", "LEFT(", "CASE ", "WHEN ", "NULLS FIRST ", "x'", "12345678901234567890",
    };
    /* clang-format on */
    uint64_t seed = 42;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct dialect_options options =
            options_for(i % 3 ? "PostgreSQL1" : "SQLite1", i % 2 ? NULL : "main", i % 5 == 0);
        char text[512];
        size_t length = 0;
        struct dialect *dialect;
        struct dialect_statement statement;

        while (length < sizeof text - 32 && (seed >> 33) % 40 != 0) {
            const char *piece = pieces[(seed >> 40) % COUNT(pieces)];

            memcpy(text + length, piece, strlen(piece));
            length += strlen(piece);
            seed = seed * 6364136223846793005U + 1442695040888963407U;
        }
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        dialect = dialect_open(text, length, &options);
        assert_non_null(dialect);
        for (;;) {
            int more = dialect_next(dialect, &statement);

            if (more == -1)
                assert_non_null(statement.error.text);
            dialect_statement_clear(&statement);
            if (more != 1)
                break;
        }
        dialect_close(dialect);
    }
}

static char *repeated(const char *begin, const char *piece, size_t times, const char *end)
{
    size_t octets = strlen(piece);
    char *text = malloc(strlen(begin) + octets * times + strlen(end) + 1);
    char *p = text;

    assert_non_null(text);
    memcpy(p, begin, strlen(begin));
    p += strlen(begin);
    for (size_t i = 0; i < times; i++, p += octets)
        memcpy(p, piece, octets);
    memcpy(p, end, strlen(end) + 1);
    return text;
}

static void megabytes_and_depth_are_taken_or_refused_in_time(void **state)
{
    static const struct {
        const char *begin, *piece;
        size_t times;
        const char *end;
        int result;
    } cases[] = {
        {"SELECT 1 WHERE 1 IN (0", ", 12345", 300000, ")", 1},
        {"INSERT INTO notes (title) VALUES ('a')", ", ('some text')", 200000, "", 1},
        {"SELECT '", "x", 8000000, "'", 1},
        {"SELECT 1", " UNION ALL SELECT TOP 1 2", 50000, "", 1},
        {"SELECT ", "(", 100000, "1", -1},
        {"SELECT ", "(((", 30, "1", -1},
        {"", "((((((((((", 100000, "", -1},
        {"SELECT ", "ABS(", 100000, "1", -1},
        {"SELECT 1 --", " x", 2000000, "", 1},
        {"", ";", 2000000, "", 0},
        {"SELECT ", "@p, ", 200000, "1", 1},
        {"SELECT ", "a.", 1000000, "a", -1},
        {"SELECT * FROM notes a", " JOIN settings b ON 1 = 1", 20000, "", 1},
        {"SELECT ", "'", 1000001, "", -1},
    };
    struct dialect_options options = options_for("PostgreSQL1", "public", false);

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = repeated(cases[i].begin, cases[i].piece, cases[i].times, cases[i].end);
        struct dialect *dialect = dialect_open(text, strlen(text), &options);
        struct dialect_statement statement;

        assert_non_null(dialect);
        assert_int_equal(dialect_next(dialect, &statement), cases[i].result);
        dialect_statement_clear(&statement);
        dialect_close(dialect);
        free(text);
    }
}

#define SECTION(name, ...)                                 \
    {                                                      \
        name, check_section, NULL, NULL, &(struct section) \
        {                                                  \
            __VA_ARGS__                                    \
        }                                                  \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        SECTION("names resolve in one, two and three parts", NAMES, "Salesforce", "Salesforce", false, false),
        SECTION("missing names are told in the service's words", MISSING, "Salesforce", NULL, false, true),
        SECTION("names without defaults take the first source", BARE, NULL, "", false, false),
        SECTION("clauses of the dialect run", CLAUSES, "Salesforce", "Salesforce", false, false),
        SECTION("what the dialect has not is a syntax error", REFUSED, "Salesforce", "Salesforce", false,
                true),
        SECTION("a lenient service takes SQLite's own SQL", LENIENT, "Salesforce", "Salesforce", true, false),
        SECTION("writes change their table", WRITES, "PostgreSQL1", "public", false, false),
        SECTION("broken writes are refused", BROKEN, "PostgreSQL1", "public", false, true),
        SECTION("the pass-through source is SQLite's own", OWN, "SQLite1", "main", false, false),
        SECTION("the pass-through source keeps to itself", CLOSED, "SQLite1", "main", false, true),
        SECTION("functions do what is documented", FUNCTIONS, NULL, NULL, false, false),
        SECTION("conversions that fail say why", FAILING, NULL, NULL, false, true),
        cmocka_unit_test(statements_tell_kind_tables_and_target),
        cmocka_unit_test(parameters_are_listed_once),
        cmocka_unit_test(select_items_have_labels_and_types),
        cmocka_unit_test(items_around_a_star_are_found),
        cmocka_unit_test(exec_is_read_into_arguments),
        cmocka_unit_test(garbage_never_breaks_the_dialect),
        cmocka_unit_test(megabytes_and_depth_are_taken_or_refused_in_time),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
