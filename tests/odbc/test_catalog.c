/*
 * Catalog functions: the shape of every result for ODBC 3 and 2, and what their arguments mean: patterns,
 * escapes, literals, identifiers, lists of types, enumerations, odd names.
 *
 * Must not know which request the driver sends for them (see test_catalog_source.c). Rules: the function
 * pages of the ODBC reference and "Arguments in Catalog Functions".
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>

/* A text argument: NULL, or with SQL_NTS. */
#define ARG(text) (SQLCHAR *)(uintptr_t)(text), SQL_NTS

enum { T = SQL_WVARCHAR, S2 = SQL_SMALLINT, I4 = SQL_INTEGER };

struct shape_column {
    const char *name, *name2; /* ODBC 2 name where it differs */
    SQLSMALLINT type;
    bool not_null;
};

#define QUALIFIED                               \
    {"TABLE_CAT", "TABLE_QUALIFIER", T, false}, \
    {                                           \
        "TABLE_SCHEM", "TABLE_OWNER", T, false  \
    }
#define SIZES                                                                        \
    {"COLUMN_SIZE", "PRECISION", I4, false}, {"BUFFER_LENGTH", "LENGTH", I4, false}, \
    {                                                                                \
        "DECIMAL_DIGITS", "SCALE", S2, false                                         \
    }
#define TYPED                      \
    {"DATA_TYPE", NULL, S2, true}, \
    {                              \
        "TYPE_NAME", NULL, T, true \
    }
#define TAIL                                                                                        \
    {"REMARKS", NULL, T, false}, {"COLUMN_DEF", NULL, T, false}, {"SQL_DATA_TYPE", NULL, S2, true}, \
        {"SQL_DATETIME_SUB", NULL, S2, false}, {"CHAR_OCTET_LENGTH", NULL, I4, false},              \
        {"ORDINAL_POSITION", NULL, I4, true},                                                       \
    {                                                                                               \
        "IS_NULLABLE", NULL, T, false                                                               \
    }

static const struct shape_column tables[] = {
    QUALIFIED, {"TABLE_NAME", NULL, T, false}, {"TABLE_TYPE", NULL, T, false}, {"REMARKS", NULL, T, false}};
static const struct shape_column columns[] = {
    QUALIFIED, {"TABLE_NAME", NULL, T, true},          {"COLUMN_NAME", NULL, T, true}, TYPED,
    SIZES,     {"NUM_PREC_RADIX", "RADIX", S2, false}, {"NULLABLE", NULL, S2, true},   TAIL};
static const struct shape_column primary_keys[] = {QUALIFIED,
                                                   {"TABLE_NAME", NULL, T, true},
                                                   {"COLUMN_NAME", NULL, T, true},
                                                   {"KEY_SEQ", NULL, S2, true},
                                                   {"PK_NAME", NULL, T, false}};
static const struct shape_column foreign_keys[] = {{"PKTABLE_CAT", "PKTABLE_QUALIFIER", T, false},
                                                   {"PKTABLE_SCHEM", "PKTABLE_OWNER", T, false},
                                                   {"PKTABLE_NAME", NULL, T, true},
                                                   {"PKCOLUMN_NAME", NULL, T, true},
                                                   {"FKTABLE_CAT", "FKTABLE_QUALIFIER", T, false},
                                                   {"FKTABLE_SCHEM", "FKTABLE_OWNER", T, false},
                                                   {"FKTABLE_NAME", NULL, T, true},
                                                   {"FKCOLUMN_NAME", NULL, T, true},
                                                   {"KEY_SEQ", NULL, S2, true},
                                                   {"UPDATE_RULE", NULL, S2, false},
                                                   {"DELETE_RULE", NULL, S2, false},
                                                   {"FK_NAME", NULL, T, false},
                                                   {"PK_NAME", NULL, T, false},
                                                   {"DEFERRABILITY", NULL, S2, false}};
static const struct shape_column statistics[] = {QUALIFIED,
                                                 {"TABLE_NAME", NULL, T, true},
                                                 {"NON_UNIQUE", NULL, S2, false},
                                                 {"INDEX_QUALIFIER", NULL, T, false},
                                                 {"INDEX_NAME", NULL, T, false},
                                                 {"TYPE", NULL, S2, true},
                                                 {"ORDINAL_POSITION", "SEQ_IN_INDEX", S2, false},
                                                 {"COLUMN_NAME", NULL, T, false},
                                                 {"ASC_OR_DESC", "COLLATION", 0, false},
                                                 {"CARDINALITY", NULL, I4, false},
                                                 {"PAGES", NULL, I4, false},
                                                 {"FILTER_CONDITION", NULL, T, false}};
static const struct shape_column special_columns[] = {{"SCOPE", NULL, S2, false},
                                                      {"COLUMN_NAME", NULL, T, true},
                                                      TYPED,
                                                      SIZES,
                                                      {"PSEUDO_COLUMN", NULL, S2, false}};
static const struct shape_column procedures[] = {{"PROCEDURE_CAT", "PROCEDURE_QUALIFIER", T, false},
                                                 {"PROCEDURE_SCHEM", "PROCEDURE_OWNER", T, false},
                                                 {"PROCEDURE_NAME", NULL, T, true},
                                                 {"NUM_INPUT_PARAMS", NULL, 0, false},
                                                 {"NUM_OUTPUT_PARAMS", NULL, 0, false},
                                                 {"NUM_RESULT_SETS", NULL, 0, false},
                                                 {"REMARKS", NULL, T, false},
                                                 {"PROCEDURE_TYPE", NULL, S2, false}};
static const struct shape_column procedure_columns[] = {{"PROCEDURE_CAT", "PROCEDURE_QUALIFIER", T, false},
                                                        {"PROCEDURE_SCHEM", "PROCEDURE_OWNER", T, false},
                                                        {"PROCEDURE_NAME", NULL, T, true},
                                                        {"COLUMN_NAME", NULL, T, true},
                                                        {"COLUMN_TYPE", NULL, S2, true},
                                                        TYPED,
                                                        SIZES,
                                                        {"NUM_PREC_RADIX", "RADIX", S2, false},
                                                        {"NULLABLE", NULL, S2, true},
                                                        TAIL};
static const struct shape_column table_privileges[] = {QUALIFIED,
                                                       {"TABLE_NAME", NULL, T, true},
                                                       {"GRANTOR", NULL, T, false},
                                                       {"GRANTEE", NULL, T, true},
                                                       {"PRIVILEGE", NULL, T, true},
                                                       {"IS_GRANTABLE", NULL, T, false}};
static const struct shape_column column_privileges[] = {QUALIFIED,
                                                        {"TABLE_NAME", NULL, T, true},
                                                        {"COLUMN_NAME", NULL, T, true},
                                                        {"GRANTOR", NULL, T, false},
                                                        {"GRANTEE", NULL, T, true},
                                                        {"PRIVILEGE", NULL, T, true},
                                                        {"IS_GRANTABLE", NULL, T, false}};
static const struct shape_column type_info[] = {{"TYPE_NAME", NULL, T, true},
                                                {"DATA_TYPE", NULL, S2, true},
                                                {"COLUMN_SIZE", "PRECISION", I4, false},
                                                {"LITERAL_PREFIX", NULL, T, false},
                                                {"LITERAL_SUFFIX", NULL, T, false},
                                                {"CREATE_PARAMS", NULL, T, false},
                                                {"NULLABLE", NULL, S2, true},
                                                {"CASE_SENSITIVE", NULL, S2, true},
                                                {"SEARCHABLE", NULL, S2, true},
                                                {"UNSIGNED_ATTRIBUTE", NULL, S2, false},
                                                {"FIXED_PREC_SCALE", "MONEY", S2, true},
                                                {"AUTO_UNIQUE_VALUE", "AUTO_INCREMENT", S2, false},
                                                {"LOCAL_TYPE_NAME", NULL, T, false},
                                                {"MINIMUM_SCALE", NULL, S2, false},
                                                {"MAXIMUM_SCALE", NULL, S2, false},
                                                {"SQL_DATA_TYPE", NULL, S2, true},
                                                {"SQL_DATETIME_SUB", NULL, S2, false},
                                                {"NUM_PREC_RADIX", NULL, I4, false},
                                                {"INTERVAL_PRECISION", NULL, S2, false}};

static SQLRETURN call_tables(SQLHSTMT s)
{
    return SQLTables(s, ARG("Types"), ARG("Types"), ARG("AllTypes"), NULL, 0);
}
static SQLRETURN call_columns(SQLHSTMT s)
{
    return SQLColumns(s, ARG("Types"), ARG("Types"), ARG("AllTypes"), NULL, 0);
}
static SQLRETURN call_primary_keys(SQLHSTMT s)
{
    return SQLPrimaryKeys(s, ARG("Types"), ARG("Types"), ARG("AllTypes"));
}
static SQLRETURN call_foreign_keys(SQLHSTMT s)
{
    return SQLForeignKeys(s, NULL, 0, NULL, 0, NULL, 0, ARG("Salesforce"), ARG("Salesforce"), ARG("Contact"));
}
static SQLRETURN call_statistics(SQLHSTMT s)
{
    return SQLStatistics(s, ARG("Salesforce"), ARG("Salesforce"), ARG("Account"), SQL_INDEX_ALL, SQL_QUICK);
}
static SQLRETURN call_special_columns(SQLHSTMT s)
{
    return SQLSpecialColumns(s, SQL_BEST_ROWID, ARG("Types"), ARG("Types"), ARG("AllTypes"), SQL_SCOPE_CURROW,
                             SQL_NULLABLE);
}
static SQLRETURN call_procedures(SQLHSTMT s)
{
    return SQLProcedures(s, NULL, 0, NULL, 0, NULL, 0);
}
static SQLRETURN call_procedure_columns(SQLHSTMT s)
{
    return SQLProcedureColumns(s, ARG("Types"), ARG("Types"), ARG("AddNumbers"), NULL, 0);
}
static SQLRETURN call_table_privileges(SQLHSTMT s)
{
    return SQLTablePrivileges(s, ARG("Types"), ARG("Types"), ARG("AllTypes"));
}
static SQLRETURN call_column_privileges(SQLHSTMT s)
{
    return SQLColumnPrivileges(s, ARG("Types"), ARG("Types"), ARG("AllTypes"), NULL, 0);
}
static SQLRETURN call_type_info(SQLHSTMT s)
{
    return SQLGetTypeInfo(s, SQL_ALL_TYPES);
}

#define SHAPE(name)                              \
    {                                            \
#name, call_##name, name, COUNT_OF(name) \
    }
static const struct {
    const char *name;
    SQLRETURN (*call)(SQLHSTMT);
    const struct shape_column *columns;
    size_t count;
} shapes[] = {
    SHAPE(tables),     SHAPE(columns),           SHAPE(primary_keys),     SHAPE(foreign_keys),
    SHAPE(statistics), SHAPE(special_columns),   SHAPE(procedures),       SHAPE(procedure_columns),
    SHAPE(type_info),  SHAPE(column_privileges), SHAPE(table_privileges),
};

static int check_shape(SQLHSTMT stmt, const char *function, const struct shape_column *c, SQLUSMALLINT n,
                       bool odbc2)
{
    char name[64];
    SQLSMALLINT type = 0, nullable = -1;
    SQLULEN size = 0;
    const char *wanted = odbc2 && c->name2 ? c->name2 : c->name;
    bool type_ok;

    expect_stmt("S", stmt,
                SQLDescribeCol(stmt, n, (SQLCHAR *)name, sizeof name, NULL, &type, &size, NULL, &nullable));
    type_ok = c->type == 0 || type == c->type;
    if (strcmp(name, wanted) == 0 && type_ok && size > 0 &&
        (c->not_null ? nullable == SQL_NO_NULLS : nullable != SQL_NO_NULLS))
        return 0;
    print_error("%s, ODBC %d, column %u: %s type %d size %lu nullable %d, not %s type %d not-null %d\n",
                function, odbc2 ? 2 : 3, n, name, type, (unsigned long)size, nullable, wanted, c->type,
                c->not_null);
    return 1;
}

static void every_result_has_the_shape_of_the_reference(void **state)
{
    int bad = 0;

    for (int odbc2 = 0; odbc2 <= 1; odbc2++) {
        SQLHENV env = environment_open(odbc2 ? SQL_OV_ODBC2 : SQL_OV_ODBC3);
        struct session s;
        session_open_in(*state, env, &s, NULL);
        for (size_t i = 0; i < COUNT_OF(shapes); i++) {
            SQLSMALLINT count = 0;
            SQLLEN number;
            expect_stmt("S", s.stmt, shapes[i].call(s.stmt));
            expect_stmt("S", s.stmt, SQLNumResultCols(s.stmt, &count));
            if ((size_t)count != shapes[i].count)
                bad += (print_error("%s has %d columns\n", shapes[i].name, count), 1);
            for (SQLUSMALLINT n = 1; n <= shapes[i].count && n <= count; n++) {
                bad += check_shape(s.stmt, shapes[i].name, &shapes[i].columns[n - 1], n, odbc2);
                expect_stmt("S", s.stmt,
                            SQLColAttribute(s.stmt, n, SQL_DESC_DISPLAY_SIZE, NULL, 0, NULL, &number));
                expect_stmt("S", s.stmt,
                            SQLColAttribute(s.stmt, n, SQL_COLUMN_LENGTH, NULL, 0, NULL, &number));
            }
            /* NOT NULL columns are not. */
            while (SQLFetch(s.stmt) == SQL_SUCCESS)
                for (SQLUSMALLINT n = 1; n <= shapes[i].count; n++) {
                    char *cell = cell_text(s.stmt, n);
                    if (shapes[i].columns[n - 1].not_null && !cell)
                        bad +=
                            (print_error("%s: a null in %s\n", shapes[i].name, shapes[i].columns[n - 1].name),
                             1);
                    free(cell);
                }
            expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
        }
        session_close(&s);
        SQLFreeHandle(SQL_HANDLE_ENV, env);
    }
    assert_int_equal(bad, 0);
}

/* All values of one column, a comma behind each; <null> for NULL. Closes the statement. */
static char *list(SQLHSTMT stmt, SQLUSMALLINT column)
{
    char *all = text_format("%s", "");

    while (expect_stmt("SN", stmt, SQLFetch(stmt)) == SQL_SUCCESS) {
        char *cell = cell_text(stmt, column);
        char *longer = text_format("%s%s,", all, cell ? cell : "<null>");
        free(cell);
        free(all);
        all = longer;
    }
    expect_stmt("S", stmt, SQLFreeStmt(stmt, SQL_CLOSE));
    return all;
}

#define ODD "Wide Names", "Odd Schema"

/* SQLTables: the names found; two orders of `_` and letters are right, so such pairs are asked for one by
 * one. */
static const struct tables_case {
    const char *catalog, *schema, *table, *type, *names;
} tables_cases[] = {
    {ODD, "MY\\_TABLE", NULL, "MY_TABLE,"},
    {ODD, "my\\_table", NULL, "MY_TABLE,"},
    {ODD, "MYX%", NULL, "MYXTABLE,"},
    {ODD, "100%", NULL, "100%,"},
    {ODD, "100\\%", NULL, "100%,"},
    {ODD, "\\%", NULL, ""},
    {ODD, "back\\\\slash", NULL, "back\\slash,"},
    {ODD, "back\\slash", NULL, "back\\slash,"},
    {ODD, "dotted.name", NULL, "dotted.name,"},
    {ODD, "dotted_name", NULL, "dotted.name,"},
    {ODD, "brack]et", NULL, "brack]et,"},
    {ODD, "quo\"te's", NULL, "quo\"te's,"},
    {ODD, "Ümläutß", NULL, "Ümläutß,"},
    {ODD, "emoji 🙂", NULL, "emoji 🙂,"},
    {ODD, "emoji _", NULL, "emoji 🙂,"},
    {ODD, "Select", NULL, "Select,"},
    {ODD, "view%", NULL, "view: all & more,"},
    {ODD, "view%", "TABLE", ""},
    {ODD, "view%", "VIEW", "view: all & more,"},
    {ODD, "Table With Blanks", "'VIEW'", ""},
    {ODD, "Table With Blanks", "'TABLE','VIEW'", "Table With Blanks,"},
    {ODD, "Table With Blanks", "TABLE, VIEW", "Table With Blanks,"},
    {ODD, "Table With Blanks", " 'VIEW' , 'TABLE' ", "Table With Blanks,"},
    {ODD, "Table With Blanks", "VIEW,TABLE,%,", "Table With Blanks,"},
    {ODD, "Table With Blanks", "SYNONYM", ""},
    {ODD, "Table With Blanks", "SYNONYM,TABLE", "Table With Blanks,"},
    {ODD, "Table With Blanks", "%", "Table With Blanks,"},
    {ODD, "Table With Blanks", "", "Table With Blanks,"},
    {ODD, "x' OR '1'='1", NULL, ""},
    {"Wide%", "Odd%", "hyphen%", NULL, "hyphen-ated,"},
    {"Wide Name_", "%", "hyphen%", NULL, "hyphen-ated,"},
    {"wide names", "ODD SCHEMA", "hyphen%", NULL, "hyphen-ated,"},
    {"Wide", NULL, NULL, NULL, ""},
    {NULL, NULL, "hyphen-ated", NULL, "hyphen-ated,"},
    {"%", NULL, "hyphen-ated", NULL, "hyphen-ated,"},
    {"", "", "hyphen-ated", NULL, "hyphen-ated,"},
    {NULL, "Types", "%Types", NULL, "AllTypes,NotNullTypes,WriteTypes,"},
    {"Types", NULL, "AllTypes", "VIEW,TABLE,%,", "AllTypes,"},
    {"Salesforce", NULL, NULL, "VIEW", "AccountContact,OpenOpportunity,"},
    {"SQLite1", "main", "items", "TABLE,VIEW", "items,"},
};

static void tables_finds_what_its_arguments_describe(void **state)
{
    struct session s;
    int bad = 0;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(tables_cases); i++) {
        const struct tables_case *c = &tables_cases[i];
        expect_stmt("S", s.stmt,
                    SQLTables(s.stmt, ARG(c->catalog), ARG(c->schema), ARG(c->table), ARG(c->type)));
        char *names = list(s.stmt, 3);
        SQLWCHAR *wide[4];
        const char *texts[] = {c->catalog, c->schema, c->table, c->type};
        for (size_t k = 0; k < 4; k++)
            wide[k] = texts[k] ? wide_from(texts[k]) : NULL;
        expect_stmt(
            "S", s.stmt,
            SQLTablesW(s.stmt, wide[0], SQL_NTS, wide[1], SQL_NTS, wide[2], SQL_NTS, wide[3], SQL_NTS));
        char *again = list(s.stmt, 3);
        if (strcmp(names, c->names) != 0 || strcmp(again, c->names) != 0) {
            print_error("SQLTables(%s, %s, %s, %s): %s and wide %s, not %s\n", c->catalog, c->schema,
                        c->table, c->type, names, again, c->names);
            bad++;
        }
        for (size_t k = 0; k < 4; k++)
            free(wide[k]);
        free(names);
        free(again);
    }
    assert_int_equal(bad, 0);
    session_close(&s);
}

static void the_catalog_is_a_pattern_for_odbc_3_alone(void **state)
{
    static const struct {
        const char *catalog, *names2, *names3;
    } cases[] = {
        {"Wide%", "", "hyphen-ated,"},
        {"Wide_Names", "", "hyphen-ated,"},
        {"Wide Names", "hyphen-ated,", "hyphen-ated,"},
        {"%", "hyphen-ated,", "hyphen-ated,"},
        {NULL, "hyphen-ated,", "hyphen-ated,"},
    };

    for (int odbc2 = 0; odbc2 <= 1; odbc2++) {
        SQLHENV env = environment_open(odbc2 ? SQL_OV_ODBC2 : SQL_OV_ODBC3);
        struct session s;
        session_open_in(*state, env, &s, NULL);
        for (size_t i = 0; i < COUNT_OF(cases); i++) {
            expect_stmt("S", s.stmt,
                        SQLTables(s.stmt, ARG(cases[i].catalog), NULL, 0, ARG("hyphen-ated"), NULL, 0));
            char *names = list(s.stmt, 3);
            expect_text(names, odbc2 ? cases[i].names2 : cases[i].names3);
            free(names);
        }
        session_close(&s);
        SQLFreeHandle(SQL_HANDLE_ENV, env);
    }
}

static void lengths_of_arguments_are_honoured(void **state)
{
    struct session s;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt,
                SQLTables(s.stmt, (SQLCHAR *)"Typesxx", 5, (SQLCHAR *)"Types!", 5,
                          (SQLCHAR *)"AllTypesAndMore", 8, (SQLCHAR *)"TABLEVIEW", 5));
    char *names = list(s.stmt, 3);
    expect_text(names, "AllTypes,");
    free(names);
    expect_stmt("E", s.stmt, SQLTables(s.stmt, (SQLCHAR *)"Types", -7, NULL, 0, NULL, 0, NULL, 0));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY090");
    session_close(&s);
}

static void enumerations_fill_one_column_alone(void **state)
{
    static const struct {
        const char *catalog, *schema, *table, *type, *rows;
    } cases[] = {
        {"%", "", "", NULL,
         "Bench|<null>|<null>|<null>|<null>\nPostgreSQL1|<null>|<null>|<null>|<null>\n"
         "SQLite1|<null>|<null>|<null>|<null>\nSalesforce|<null>|<null>|<null>|<null>\n"
         "Types|<null>|<null>|<null>|<null>\nWide Names|<null>|<null>|<null>|<null>\n"
         "Workday|<null>|<null>|<null>|<null>\n"},
        {"%", "", "", "", NULL},
        {"", "%", "", "", NULL},
        {"", "%", "", NULL, NULL},
        {"", "", "", "%", NULL},
    };
    struct session s;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        expect_stmt("S", s.stmt,
                    SQLTables(s.stmt, ARG(cases[i].catalog), ARG(cases[i].schema), ARG(cases[i].table),
                              ARG(cases[i].type)));
        SQLUSMALLINT filled = *cases[i].catalog == '%' ? 1 : *cases[i].schema == '%' ? 2 : 4;
        long rows = 0;
        char *last = text_format("%s", "");
        while (SQLFetch(s.stmt) == SQL_SUCCESS) {
            for (SQLUSMALLINT c = 1; c <= 5; c++) {
                char *cell = cell_text(s.stmt, c);
                if ((cell != NULL) != (c == filled))
                    fail_msg("case %zu: column %u is %s", i, c, cell ? cell : "<null>");
                if (cell && strcasecmp(cell, last) == 0)
                    fail_msg("case %zu: %s twice", i, cell);
                if (cell) {
                    free(last);
                    last = cell;
                }
            }
            rows++;
        }
        free(last);
        assert_in_range(rows, filled == 4 ? 2 : 7, filled == 4 ? 3 : 7);
        expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    }
    /* With a name that is not "" the catalog "%" is a pattern like any other. */
    expect_stmt("S", s.stmt, SQLTables(s.stmt, ARG("%"), NULL, 0, NULL, 0, NULL, 0));
    assert_true(count_rows(s.stmt, NULL) > 30);
    session_close(&s);
}

static void an_empty_argument_means_nothing_when_asked_to_be_strict(void **state)
{
    struct session s;

    session_open(*state, &s, "EmptyCatalogArgumentAsAll=0;");
    expect_stmt("S", s.stmt, SQLTables(s.stmt, ARG(""), NULL, 0, ARG("AllTypes"), NULL, 0));
    assert_int_equal(count_rows(s.stmt, NULL), 0);
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    expect_stmt("S", s.stmt, SQLTables(s.stmt, NULL, 0, NULL, 0, ARG("AllTypes"), NULL, 0));
    assert_int_equal(count_rows(s.stmt, NULL), 1);
    expect_stmt("S", s.stmt, SQLFreeStmt(s.stmt, SQL_CLOSE));
    expect_stmt("S", s.stmt, SQLTables(s.stmt, ARG("%"), ARG(""), ARG(""), NULL, 0));
    assert_int_equal(count_rows(s.stmt, NULL), 7);
    session_close(&s);
}

static void columns_finds_what_its_arguments_describe(void **state)
{
    static const struct {
        const char *catalog, *schema, *table, *column, *names;
    } cases[] = {
        {ODD, "MY\\_TABLE", NULL, "MY_COLUMN,MYXCOLUMN,"},
        {ODD, "MY\\_TABLE", "%", "MY_COLUMN,MYXCOLUMN,"},
        {ODD, "MY\\_TABLE", "MY_COLUMN", "MY_COLUMN,MYXCOLUMN,"},
        {ODD, "MY\\_TABLE", "MY\\_COLUMN", "MY_COLUMN,"},
        {ODD, "100\\%", "a_b", "a%b,a_b,axb,"},
        {ODD, "100\\%", "a\\_b", "a_b,"},
        {ODD, "100\\%", "a\\%b", "a%b,"},
        {ODD, "back\\\\slash", "a\\\\\\_b", "a\\_b,"},
        {ODD, "Table With Blanks", NULL, "Column With Blanks, leading,trailing ,"},
        {ODD, "brack]et", "]]", "]],"},
        {ODD, "quo\"te's", "%`%", "back`tick,"},
        {ODD, "emoji%", "💰", "💰,"},
        {ODD, "Ümläutß", "Gr__e", "Größe,"},
        {"Wide%", "Odd Schema", "MY\\_TABLE", NULL, ""}, /* the catalog of SQLColumns is no pattern */
        {"WIDE NAMES", "odd%", "my\\_table", "my\\_column", "MY_COLUMN,"},
        {NULL, NULL, "NotNullTypes", "%a%", "Name,Flag,Amount,Day,"},
        {"Types", NULL, "NotNullTypes", "", "Id,Name,Flag,Amount,Day,"},
        {ODD, "no such table", NULL, ""},
        {"no such catalog", NULL, NULL, NULL, ""},
    };
    struct session s;
    int bad = 0;

    session_open(*state, &s, NULL);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        expect_stmt("S", s.stmt,
                    SQLColumns(s.stmt, ARG(cases[i].catalog), ARG(cases[i].schema), ARG(cases[i].table),
                               ARG(cases[i].column)));
        char *names = list(s.stmt, 4);
        if (strcmp(names, cases[i].names) != 0)
            bad += (print_error("SQLColumns(%s, %s, %s, %s): %s, not %s\n", cases[i].catalog, cases[i].schema,
                                cases[i].table, cases[i].column, names, cases[i].names),
                    1);
        free(names);
    }
    assert_int_equal(bad, 0);
    session_close(&s);
}

static void with_metadata_id_arguments_are_identifiers(void **state)
{
    static const struct {
        const char *catalog, *schema, *table, *names;
    } cases[] = {
        {ODD, "MY_TABLE", "MY_TABLE,"},
        {"wide names", "odd schema", "my_table", "MY_TABLE,"},
        {ODD, "  MY_TABLE  ", "MY_TABLE,"},
        {ODD, "\"MY_TABLE\"", "MY_TABLE,"},
        {ODD, "100%", "100%,"},
        {ODD, "MY\\_TABLE", ""},
        {ODD, "%", ""},
        {"\"Wide Names\"", "\"Odd Schema\"", "\"dotted.name\"", "dotted.name,"},
        {ODD, "\"quo\"\"te's\"", "quo\"te's,"},
    };
    struct session s;

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, SQLSetStmtAttr(s.stmt, SQL_ATTR_METADATA_ID, (SQLPOINTER)SQL_TRUE, 0));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        expect_stmt(
            "S", s.stmt,
            SQLTables(s.stmt, ARG(cases[i].catalog), ARG(cases[i].schema), ARG(cases[i].table), NULL, 0));
        char *names = list(s.stmt, 3);
        if (strcmp(names, cases[i].names) != 0)
            fail_msg("identifier %s found %s", cases[i].table, names);
        free(names);
    }
    expect_stmt("E", s.stmt, SQLTables(s.stmt, NULL, 0, ARG("Types"), ARG("AllTypes"), NULL, 0));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY009");
    expect_stmt("E", s.stmt, SQLTables(s.stmt, ARG("Types"), NULL, 0, ARG("AllTypes"), NULL, 0));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY009");
    expect_stmt("E", s.stmt, SQLColumns(s.stmt, ARG("Types"), ARG("Types"), NULL, 0, ARG("Id")));
    expect_state(SQL_HANDLE_STMT, s.stmt, "HY009");
    session_close(&s);
}

static void tables_are_sorted_by_type_and_name(void **state)
{
    struct session s;
    char *previous = text_format("%s", "");

    session_open(*state, &s, NULL);
    expect_stmt("S", s.stmt, SQLTables(s.stmt, NULL, 0, NULL, 0, NULL, 0, NULL, 0));
    while (SQLFetch(s.stmt) == SQL_SUCCESS) {
        char *type = cell_text(s.stmt, 4), *catalog = cell_text(s.stmt, 1), *schema = cell_text(s.stmt, 2);
        char *key = text_format("%s|%s|%s", type, catalog, schema);
        if (strcasecmp(previous, key) > 0)
            fail_msg("%s comes before %s", previous, key);
        free(previous);
        previous = key;
        free(type);
        free(catalog);
        free(schema);
    }
    free(previous);
    session_close(&s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_result_has_the_shape_of_the_reference),
        cmocka_unit_test(tables_finds_what_its_arguments_describe),
        cmocka_unit_test(the_catalog_is_a_pattern_for_odbc_3_alone),
        cmocka_unit_test(lengths_of_arguments_are_honoured),
        cmocka_unit_test(enumerations_fill_one_column_alone),
        cmocka_unit_test(an_empty_argument_means_nothing_when_asked_to_be_strict),
        cmocka_unit_test(columns_finds_what_its_arguments_describe),
        cmocka_unit_test(with_metadata_id_arguments_are_identifiers),
        cmocka_unit_test(tables_are_sorted_by_type_and_name),
    };

    return harness_main("test_catalog", NULL, tests, COUNT_OF(tests));
}
