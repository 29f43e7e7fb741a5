/* The sample's type collection: every type, its extremes, nulls, and text that breaks careless code. */
#include "sample_loader.h"

#include <stddef.h>

#define COLUMNS                                                                                          \
    " BinaryCol BINARY(100), LongBinaryCol BINARY(1000000), VarcharCol VARCHAR(255), LongVarcharCol"     \
    " VARCHAR(1000000), TinyintCol TINYINT, SmallintCol SMALLINT, IntegerCol INTEGER, BigintCol BIGINT," \
    " FloatCol FLOAT, DoubleCol DOUBLE, DecimalCol DECIMALTEXT(38,10) COLLATE DECIMAL,"                  \
    " NumericCol NUMERICTEXT(38,0) COLLATE DECIMAL, BooleanCol BOOLEAN, DateCol DATE COLLATE MOMENT,"    \
    " TimeCol TIME COLLATE MOMENT, TimestampCol TIMESTAMP COLLATE MOMENT, UuidCol UUIDTEXT COLLATE GUID)"

#define ONE(name, type) "CREATE TABLE Type" name " (Id INTEGER NOT NULL PRIMARY KEY, Value " type ")"
#define COPY(name)      "INSERT INTO Type" name " SELECT Id, " name "Col FROM AllTypes"

static const char *const schema[] = {
    "CREATE TABLE AllTypes (Id INTEGER NOT NULL PRIMARY KEY," COLUMNS,
    "CREATE TABLE WriteTypes (Id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT," COLUMNS,
    "CREATE TABLE NotNullTypes (Id INTEGER NOT NULL PRIMARY KEY, Name VARCHAR(40) NOT NULL DEFAULT 'none', "
    "Flag"
    " BOOLEAN NOT NULL DEFAULT 0, Amount DECIMALTEXT(10,4) NOT NULL DEFAULT '1.5000' COLLATE DECIMAL, Day "
    "DATE NOT"
    " NULL DEFAULT '2000-02-29' COLLATE MOMENT)",
    ONE("Binary", "BINARY(100)"),
    ONE("Varchar", "VARCHAR(255)"),
    ONE("LongVarchar", "VARCHAR(1000000)"),
    ONE("Tinyint", "TINYINT"),
    ONE("Smallint", "SMALLINT"),
    ONE("Integer", "INTEGER"),
    ONE("Bigint", "BIGINT"),
    ONE("Float", "FLOAT"),
    ONE("Double", "DOUBLE"),
    ONE("Decimal", "DECIMALTEXT(38,10) COLLATE DECIMAL"),
    ONE("Numeric", "NUMERICTEXT(38,0) COLLATE DECIMAL"),
    ONE("Boolean", "BOOLEAN"),
    ONE("Date", "DATE COLLATE MOMENT"),
    ONE("Time", "TIME COLLATE MOMENT"),
    ONE("Timestamp", "TIMESTAMP COLLATE MOMENT"),
    ONE("Uuid", "UUIDTEXT COLLATE GUID"),
    NULL,
};

static const char *const copies[] = {
    COPY("Binary"), COPY("Varchar"), COPY("LongVarchar"), COPY("Tinyint"), COPY("Smallint"), COPY("Integer"),
    COPY("Bigint"), COPY("Float"),   COPY("Double"),      COPY("Decimal"), COPY("Numeric"),  COPY("Boolean"),
    COPY("Date"),   COPY("Time"),    COPY("Timestamp"),   COPY("Uuid"),
};

static const struct remark remarks[] = {
    {"AllTypes", "", "A column of every type: ordinary values, nulls, extremes"},
    {"AllTypes", "DecimalCol", "38 digits, 10 of them after the point"},
    {"AllTypes", "TinyintCol", "Signed"},
    {"WriteTypes", "", "As AllTypes, empty, to be written to"},
    {"NotNullTypes", "", "Columns that need a value and have a default"},
    {NULL, NULL, NULL},
};

/* The rows as SQLite reads them, in order of COLUMNS. */
static const char *const rows[] = {
    /* ordinary */
    "x'00017F80FF', x'DEADBEEF', 'plain text', 'a longer text', 1, 2, 3, 4, 1.5, 2.25, '123.4567890000', "
    "'42', 1,"
    " '2024-02-29', '13:14:15', '2024-02-29T13:14:15.1234567Z', '{01234567-890a-bcde-f012-34567890abcd}'",
    /* nulls */
    "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL",
    /* largest */
    "x'FF', x'FFFFFFFF', 'largest', 'largest', 127, 32767, 2147483647, 9223372036854775807, "
    "3.4028234663852886e38,"
    " 1.7976931348623157e308, '9999999999999999999999999999.9999999999', "
    "'99999999999999999999999999999999999999', 1,"
    " '9999-12-31', '23:59:59.9999999', '9999-12-31T23:59:59.9999999Z', "
    "'{ffffffff-ffff-ffff-ffff-ffffffffffff}'",
    /* smallest */
    "x'00', x'00', 'smallest', 'smallest', -128, -32768, -2147483648, -9223372036854775808, "
    "-3.4028234663852886e38,"
    " -1.7976931348623157e308, '-9999999999999999999999999999.9999999999', "
    "'-99999999999999999999999999999999999999',"
    " 0, '0001-01-01', '00:00:00', '0001-01-01T00:00:00Z', '{00000000-0000-0000-0000-000000000000}'",
    /* next to nothing; characters of one to four octets, a combining one */
    "x'E4B8AD', x'00', 'emoji \xF0\x9F\x99\x82, \xE4\xB8\xAD\xE6\x96\x87, \xC3\xBC, e\xCC\x81, \xEF\xBF\xBD',"
    " '\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB', 0, 0, 0, 0, 1.1754943508222875e-38,"
    " 4.9406564584124654e-324, '0.0000000001', '0', 0, '1970-01-01', '00:00:00.0000001',"
    " '1970-01-01T00:00:00.0000001Z', '{6f9619ff-8b86-d011-b42d-00cf4fc964ff}'",
    /* quotes, brackets and control characters */
    "x'2722', x'0D0A', 'it''s \"quoted\" [x] {y} \\ back/slash %_?@p1' || char(9, 13, 10, 1, 31, 127), '  "
    "blanks  ',"
    " -1, -1, -1, -1, -0.1, -0.1, '-0.5', '-1', 1, '1899-12-30', '12:00:00.5', '1900-02-28T23:59:59.999Z',"
    " '{abcdefab-cdef-abcd-efab-cdefabcdefab}'",
    /* empty; numbers that a double or a float would spoil */
    "x'', x'', '', '', 100, 1000, 1000000, 9007199254740993, 16777217, 9007199254740992.0, '100.0000000000',"
    " '12345678901234567890', 0, '2000-02-29', '06:07:08.009', '2038-01-19T03:14:08Z',"
    " '{00000000-0000-0000-c000-000000000046}'",
    /* long: 100000 characters, 70000 octets */
    "zeroblob(100), CAST(replace(hex(zeroblob(7000)), '00', 'BINARY..' || char(9, 31)) AS BLOB), 'a long "
    "row',"
    " replace(hex(zeroblob(5000)), '0', 'abcdefgh\xC3\xA9 '), 7, 7, 7, 7, 7, 7, '7', '7', 1, '2024-12-31', "
    "'07:07:07',"
    " '2024-07-07T07:07:07Z', '{77777777-7777-4777-8777-777777777777}'",
};

static void fill(struct loader *loader)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows && loader->rc == SQLITE_OK; i++) {
        char *insert = sqlite3_mprintf("INSERT INTO AllTypes VALUES (%d, %s)", (int)i + 1, rows[i]);

        if (insert)
            loader_run(loader, insert);
        else
            loader->rc = SQLITE_NOMEM;
        sqlite3_free(insert);
    }
    for (size_t i = 0; i < sizeof copies / sizeof *copies; i++)
        loader_run(loader, copies[i]);
    loader_run(loader, "INSERT INTO NotNullTypes (Id) VALUES (1), (2), (3)");
}

const struct sample_tables sample_types = {schema, fill, remarks};
