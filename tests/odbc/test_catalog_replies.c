/*
 * What the service's lists may look like: other columns among those that are known, another order of them,
 * other names for them, some of them missing. Where they say what a row needs the row is the same.
 *
 * The replies are written here; the local service only hands them out. The table that is asked for is in c.s.
 */
#include "catalog_calls.h"

#include <stdio.h>
#include <string.h>

/* One list: the piece of a request's address or body that asks for it, its columns with commas, its rows:
 * cells with
 * |, ? for null, a line each. */
struct list {
    const char *asked_by, *columns, *rows;
};

#define COLUMNS_OF_T                                                                                     \
    {                                                                                                    \
        "/columns", "TABLE_CATALOG,TABLE_SCHEMA,TABLE_NAME,COLUMN_NAME,DATA_TYPE,TYPE_NAME,COLUMN_SIZE", \
            "c|s|t|a|8|INTEGER|10\nc|s|t|b|5|VARCHAR|20\n"                                               \
    }

static const struct reply_case {
    enum catalog_function function;
    const char *table; /* argument */
    struct list lists[2];
    const char *expected; /* rows as rows_text has them */
} cases[] = {
    {TABLES,
     "t",
     {{"sys_tables", "Extra,TableName,TableType,SchemaName,Description,CatalogName",
       "7|t|BASE TABLE|s|about t|c\n7|u|VIEW|s|?|c\n"}},
     "c|s|t|TABLE|about t\n"},
    {TABLES, "t", {{"sys_tables", "TABLE_NAME,TABLE_SCHEM,TABLE_CAT", "t|s|c\n"}}, "c|s|t|TABLE|<null>\n"},
    {TABLES,
     "t",
     {{"sys_tables", "catalog_name,schema_name,table_name,REMARKS", "c|s|T|x\n"}},
     "c|s|T|TABLE|x\n"},
    {COLUMNS,
     "t",
     {{"/columns",
       "SCALE,COLUMN_NAME,EXTRA,IS_NULLABLE,DataType,TABLE_NAME,TABLE_SCHEM,TABLE_CAT,PRECISION,Ordinal,"
       "Description",
       "2|b|?|true|12|t|s|c|9|2|second\n?|a|?|false|8|t|s|c|?|1|?\n?|a|?|false|8|other|s|c|?|1|?\n"}},
     "c|s|t|a|4|INTEGER|10|4|0|10|0|<null>|<null>|4|<null>|<null>|1|NO\n"
     "c|s|t|b|3|DECIMAL|9|11|2|10|1|second|<null>|3|<null>|<null>|2|YES\n"},
    {COLUMNS,
     "t",
     {{"/columns", "CatalogName,SchemaName,TableName,ColumnName,DATA_TYPE,Length",
       "c|s|t|a|5|20\nc|s|t|b|7|5\n"}},
     "c|s|t|a|-9|VARCHAR|20|40|<null>|<null>|2|<null>|<null>|-9|<null>|40|1|\n"
     "c|s|t|b|5|SMALLINT|5|2|0|10|2|<null>|<null>|5|<null>|<null>|2|\n"},
    {COLUMNS,
     "_",
     {{"/columns", "CatalogName,SchemaName,TableName,ColumnName,DATA_TYPE",
       "c|s|t|a|7\nc|s|t|b|7\nc|s|u|a|7\n"},
      {"sys_tables", "CatalogName,SchemaName,TableName", "c|s|t\nc|s|u\n"}},
     "c|s|t|a|5|SMALLINT|5|2|0|10|2|<null>|<null>|5|<null>|<null>|1|\n"
     "c|s|t|b|5|SMALLINT|5|2|0|10|2|<null>|<null>|5|<null>|<null>|2|\n"
     "c|s|u|a|5|SMALLINT|5|2|0|10|2|<null>|<null>|5|<null>|<null>|1|\n"},
    {PRIMARY_KEYS,
     "t",
     {{"/primaryKeys", "KEY_SEQ,Extra,PK_NAME,COLUMN_NAME,TABLE_NAME,TABLE_SCHEM,TABLE_CAT",
       "2|x|k|b|t|s|c\n1|x|k|a|t|s|c\n1|x|k|a|u|s|c\n"}},
     "c|s|t|a|1|k\nc|s|t|b|2|k\n"},
    {PRIMARY_KEYS,
     "t",
     {{"/primaryKeys", "CatalogName,SchemaName,TableName,ColumnName", "c|s|u|z\nc|s|t|b\nc|s|t|a\n"}},
     "c|s|t|b|1|<null>\nc|s|t|a|2|<null>\n"},
    {FOREIGN_KEYS,
     "t",
     {{"/importedKeys",
       "KeySeq,ForeignKeyName,ForeignKeyColumnName,ForeignKeyTableName,ForeignKeySchemaName,"
       "ForeignKeyCatalogName,"
       "PrimaryKeyColumnName,PrimaryKeyTableName,PrimaryKeySchemaName,PrimaryKeyCatalogName,Rule",
       "1|f|b|t|s|c|x|p|s|c|?\n1|f|b|u|s|c|x|p|s|c|?\n"}},
     "c|s|p|x|c|s|t|b|1|<null>|<null>|f|<null>|<null>\n"},
    {EXPORTED_KEYS,
     "t",
     {{"/exportedKeys",
       "PKTABLE_CAT,PKTABLE_SCHEM,PKTABLE_NAME,PKCOLUMN_NAME,FKTABLE_CAT,FKTABLE_SCHEM,FKTABLE_NAME,FKCOLUMN_"
       "NAME",
       "c|s|t|a|c|s|z|q\nc|s|t|a|c|s|y|q\n"}},
     "c|s|t|a|c|s|y|q|1|<null>|<null>|<null>|<null>|<null>\n"
     "c|s|t|a|c|s|z|q|1|<null>|<null>|<null>|<null>|<null>\n"},
    {STATISTICS,
     "t",
     {{"/primaryKeys", "TABLE_CAT,TABLE_SCHEM,TABLE_NAME,COLUMN_NAME", "c|s|t|a\n"},
      {"/indexes", "ASC_OR_DESC,NON_UNIQUE,COLUMN_NAME,INDEX_NAME,TABLE_NAME,TABLE_SCHEM,TABLE_CAT",
       "A|1|b|i|t|s|c\nDESC|1|a|i|t|s|c\n?|0|b|j|t|s|c\n"}},
     "c|s|t|0|<null>| PrimaryKey|3|1|a|<null>|<null>|<null>|<null>\n"
     "c|s|t|0|<null>|j|3|1|b|<null>|<null>|<null>|<null>\n"
     "c|s|t|1|<null>|i|3|1|b|A|<null>|<null>|<null>\n"
     "c|s|t|1|<null>|i|3|2|a|D|<null>|<null>|<null>\n"},
    {STATISTICS,
     "t",
     {{"/primaryKeys", "TABLE_CAT,TABLE_SCHEM,TABLE_NAME,COLUMN_NAME", ""},
      {"/indexes", "TABLE_CATALOG,TABLE_SCHEMA,TABLE_NAME,INDEX_NAME,COLUMN_NAME",
       "c|s|t|i|b\nc|s|t|i|a\nc|s|t|j|a\n"}},
     "c|s|t|1|<null>|i|3|1|b|<null>|<null>|<null>|<null>\n"
     "c|s|t|1|<null>|i|3|2|a|<null>|<null>|<null>|<null>\n"
     "c|s|t|1|<null>|j|3|1|a|<null>|<null>|<null>|<null>\n"},
    {SPECIAL_COLUMNS,
     "t",
     {{"/primaryKeys", "COLUMN_NAME,TABLE_NAME,TABLE_SCHEM,TABLE_CAT", "B|t|s|c\n"}, COLUMNS_OF_T},
     "2|b|-9|VARCHAR|20|40|<null>|1\n"},
    /* A part of a key identifies no row. */
    {SPECIAL_COLUMNS,
     "t",
     {{"/primaryKeys", "COLUMN_NAME,TABLE_NAME,TABLE_SCHEM,TABLE_CAT", "a|t|s|c\nnot there|t|s|c\n"},
      COLUMNS_OF_T},
     ""},
    {PROCEDURES,
     "t",
     {{"/procedures", "PROCEDURE_TYPE,REMARKS,Extra,PROCEDURE_NAME,PROCEDURE_SCHEM,PROCEDURE_CAT",
       "2|about t|?|t|s|c\n2|?|?|u|s|c\n"}},
     "c|s|t|<null>|<null>|<null>|about t|2\n"},
    {PROCEDURES,
     "t",
     {{"/procedures", "CatalogName,SchemaName,ProcedureName", "c|s|t\n"}},
     "c|s|t|<null>|<null>|<null>|<null>|0\n"},
    {PROCEDURE_COLUMNS,
     "t",
     {{"/procedureParameters",
       "Ordinal,DataType,Direction,ParameterName,ProcedureName,SchemaName,CatalogName",
       "2|5|4|@out|t|s|c\n1|8|1|@in|t|s|c\n"}},
     "c|s|t|@in|1|4|INTEGER|10|4|0|10|2|<null>|<null>|4|<null>|<null>|1|\n"
     "c|s|t|@out|4|-9|VARCHAR|4000|8000|<null>|<null>|2|<null>|<null>|-9|<null>|8000|2|\n"},
};

/* The elements of `text` between `separator`s as a JSON list of texts; "?" is null. */
static json_object *split(const char *text, size_t length, char separator)
{
    json_object *all = json_object_new_array();
    const char *end = text + length;

    while (text <= end) {
        const char *stop = memchr(text, separator, (size_t)(end - text));
        size_t octets = (size_t)((stop ? stop : end) - text);
        bool null = octets == 1 && *text == '?';
        json_object_array_add(all, null ? NULL : json_object_new_string_len(text, (int)octets));
        text += octets + 1;
    }
    return all;
}

/* The reply that holds this list. */
static json_object *make_reply(const struct list *list)
{
    json_object *names = split(list->columns, strlen(list->columns), ','), *schema = json_object_new_array(),
                *rows = json_object_new_array(), *result = json_object_new_object(),
                *results = json_object_new_array(), *reply = json_object_new_object();

    for (size_t i = 0; i < json_object_array_length(names); i++) {
        json_object *column = json_object_new_object();
        json_object_object_add(column, "columnName", json_object_get(json_object_array_get_idx(names, i)));
        json_object_object_add(column, "columnLabel", json_object_get(json_object_array_get_idx(names, i)));
        json_object_object_add(column, "dataType", json_object_new_int(5));
        json_object_array_add(schema, column);
    }
    for (const char *row = list->rows; *row; row += strcspn(row, "\n") + 1)
        json_object_array_add(rows, split(row, strcspn(row, "\n"), '|'));
    json_object_object_add(result, "schema", schema);
    json_object_object_add(result, "rows", rows);
    json_object_array_add(results, result);
    json_object_object_add(reply, "results", results);
    json_object_put(names);
    return reply;
}

static void set_reply(struct harness *h, const struct list *list)
{
    json_object *rule = json_object_new_object(), *reply = make_reply(list);

    json_object_object_add(rule, *list->asked_by == '/' ? "path" : "body",
                           json_object_new_string(list->asked_by));
    json_object_object_add(rule, "reply", json_object_new_string(json_object_to_json_string(reply)));
    faults_set(&h->service, json_object_to_json_string(rule));
    json_object_put(reply);
    json_object_put(rule);
}

static void lists_are_read_by_the_names_of_their_columns(void **state)
{
    struct harness *h = *state;
    int bad = 0;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct catalog_call call = {cases[i].function, "c", "s", cases[i].table, NULL};
        struct session s;
        session_open(h, &s, NULL);
        for (size_t k = 0; k < COUNT_OF(cases[i].lists) && cases[i].lists[k].asked_by; k++)
            set_reply(h, &cases[i].lists[k]);
        expect_stmt("S", s.stmt, catalog_call(s.stmt, &call));
        char *rows = rows_text(s.stmt);
        if (strcmp(rows, cases[i].expected) != 0)
            bad += (print_error("case %zu:\n%snot\n%s", i, rows, cases[i].expected), 1);
        free(rows);
        session_close(&s);
        faults_clear(&h->service);
    }
    assert_int_equal(bad, 0);
}

/* The service may have no columns for a table that exists: what SELECT says of it stands in, and whatever a
 * pattern chooses is whole. */
static void a_table_that_the_list_of_columns_lacks_is_described(void **state)
{
    static const char columns[] =
        "TABLE_CATALOG,TABLE_SCHEMA,TABLE_NAME,COLUMN_NAME,DATA_TYPE,ORDINAL_POSITION";
    static const struct {
        const char *rows; /* what the service lists */
        struct catalog_call call;
        const char *letters, *found;
    } lacks[] = {
        {"",
         {COLUMNS, "PostgreSQL1", "public", "customers", "%a%"},
         "S",
         "customers.name\ncustomers.email\ncustomers.active\ncustomers.balance\ncustomers.created_at\n"
         "customers.label\n"},
        {"", {COLUMNS, NULL, NULL, "orders", "id"}, "S", "orders.id\n"},
        {"",
         {COLUMNS, "PostgreSQL1", "public", "order%", "%id"},
         "S",
         "order_items.order_id\norders.id\norders.customer_id\n"},
        {"PostgreSQL1|public|orders|id|8|1\n",
         {COLUMNS, "PostgreSQL1", "public", "order%", "%id"},
         "S",
         "order_items.order_id\norders.id\n"},
        {"PostgreSQL1|public|order_items|order_id|8|1\n",
         {COLUMNS, "PostgreSQL1", "public", "order_items", NULL},
         "S",
         "order_items.order_id\n"},
        {"Types|Types|TypeDate|Id|8|1\n",
         {COLUMNS, "Types", NULL, "Type%", "Id"},
         "I",
         "TypeBigint.Id\nTypeBinary.Id\nTypeBoolean.Id\nTypeDate.Id\nTypeDecimal.Id\nTypeDouble.Id\n"},
        {"", {COLUMNS, "PostgreSQL1", "public", "no such table", NULL}, "S", ""},
    };
    struct harness *h = *state;

    for (size_t i = 0; i < COUNT_OF(lacks); i++) {
        const struct list list = {"/columns", columns, lacks[i].rows};
        struct session s;
        session_open(h, &s, NULL);
        set_reply(h, &list);
        expect_stmt(lacks[i].letters, s.stmt, catalog_call(s.stmt, &lacks[i].call));
        char *found = text_format("%s", "");
        while (SQLFetch(s.stmt) == SQL_SUCCESS) {
            char *table = cell_text(s.stmt, 3), *column = cell_text(s.stmt, 4);
            char *longer = text_format("%s%s.%s\n", found, table, column);
            free(found);
            free(table);
            free(column);
            found = longer;
        }
        if (strcmp(found, lacks[i].found) != 0)
            fail_msg("case %zu:\n%snot\n%s", i, found, lacks[i].found);
        free(found);
        session_close(&s);
        faults_clear(&h->service);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_read_by_the_names_of_their_columns),
        cmocka_unit_test(a_table_that_the_list_of_columns_lacks_is_described),
    };

    return harness_main("test_catalog_replies", NULL, tests, COUNT_OF(tests));
}
