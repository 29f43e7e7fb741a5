/* The sample's odd names: tables and columns whose names need brackets, or look like patterns. */
#include "sample_loader.h"

#include <stddef.h>

static const char *const schema[] = {
    "CREATE TABLE [Table With Blanks] ([Column With Blanks] VARCHAR(50), [ leading] INTEGER, [trailing ] "
    "INTEGER)",
    "CREATE TABLE [dotted.name] ([a.b] INTEGER NOT NULL PRIMARY KEY, [c..d] VARCHAR(20))",
    "CREATE TABLE [hyphen-ated] ([first-name] VARCHAR(20), [2nd] INTEGER)",
    "CREATE TABLE \"brack]et\" (\"clos]ing\" VARCHAR(20), \"open[ing\" VARCHAR(20), \"]]\" INTEGER)",
    "CREATE TABLE MY_TABLE (MY_COLUMN INTEGER NOT NULL PRIMARY KEY, MYXCOLUMN INTEGER)",
    "CREATE TABLE MYXTABLE (MY_COLUMN INTEGER NOT NULL PRIMARY KEY REFERENCES MY_TABLE(MY_COLUMN), MYXCOLUMN "
    "INTEGER)",
    "CREATE TABLE [100%] ([50%_off] DOUBLE, [a%b] INTEGER, [a_b] INTEGER, [axb] INTEGER)",
    "CREATE TABLE \"quo\"\"te's\" (\"dou\"\"ble\" INTEGER, [sing'le] INTEGER, `back``tick` INTEGER)",
    "CREATE TABLE [\xC3\x9Cml\xC3\xA4ut\xC3\x9F] ([Gr\xC3\xB6\xC3\x9F"
    "e] INTEGER, [\xE5\x90\x8D\xE5\x89\x8D] VARCHAR(20))",
    "CREATE TABLE [emoji \xF0\x9F\x99\x82] ([\xF0\x9F\x92\xB0] DECIMALTEXT(10,2) COLLATE DECIMAL)",
    "CREATE TABLE [Select] ([From] VARCHAR(20), [Order] INTEGER, [Group By] INTEGER, [Top] INTEGER)",
    "CREATE TABLE [back\\slash] ([a\\_b] INTEGER, [c\\d] INTEGER)",
    "CREATE TABLE lower_case (id INTEGER NOT NULL PRIMARY KEY, ID2 INTEGER)",
    "CREATE UNIQUE INDEX [odd index] ON [Table With Blanks]([Column With Blanks])",
    "CREATE VIEW [view: all & more] AS SELECT [Column With Blanks] AS [x y], [ leading] + 1 AS [n+1] FROM"
    " [Table With Blanks]",
    NULL,
};

static const struct remark remarks[] = {
    {"Table With Blanks", "", "Remarks with 'quotes', \"more\" and\r\na second line"},
    {"Table With Blanks", "Column With Blanks", "A column; its name has blanks"},
    {"MY_TABLE", "", "The underscore is part of the name"},
    {"MYXTABLE", "", "Matches MY_TABLE as a pattern"},
    {"emoji \xF0\x9F\x99\x82", "", "\xF0\x9F\x99\x82"},
    {NULL, NULL, NULL},
};

static void fill(struct loader *loader)
{
    static const char *const rows[] = {
        "INSERT INTO [Table With Blanks] VALUES ('one', 1, 10), ('two', 2, 20), (NULL, NULL, NULL)",
        "INSERT INTO [dotted.name] VALUES (1, 'x.y'), (2, 'z')",
        "INSERT INTO [hyphen-ated] VALUES ('Ann-Marie', 2)",
        "INSERT INTO \"brack]et\" VALUES ('a]b', 'c[d', 1)",
        "INSERT INTO MY_TABLE VALUES (1, 10), (2, 20)",
        "INSERT INTO MYXTABLE VALUES (1, 100)",
        "INSERT INTO [100%] VALUES (0.5, 1, 2, 3)",
        "INSERT INTO \"quo\"\"te's\" VALUES (1, 2, 3)",
        "INSERT INTO [\xC3\x9Cml\xC3\xA4ut\xC3\x9F] VALUES (180, '\xE5\xA4\xAA\xE9\x83\x8E')",
        "INSERT INTO [emoji \xF0\x9F\x99\x82] VALUES ('9.99')",
        "INSERT INTO [Select] VALUES ('here', 1, 2, 3)",
        "INSERT INTO [back\\slash] VALUES (1, 2)",
        "INSERT INTO lower_case VALUES (1, 1)",
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        loader_run(loader, rows[i]);
}

const struct sample_tables sample_odd = {schema, fill, remarks};
