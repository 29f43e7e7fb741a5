"""pyodbc: the catalog functions, type information and SQLGetInfo."""

import pyodbc

from harness import Case, connection_string, main

SHOP = {"catalog": "PostgreSQL1", "schema": "public"}


class Catalog(Case):
    def setUp(self):
        super().setUp()
        self.connection = pyodbc.connect(connection_string(), autocommit=True)
        self.cursor = self.connection.cursor()
        self.addCleanup(self.connection.close)

    def test_tables_of_all_sources(self):
        found = {tuple(row)[:4] for row in self.cursor.tables()}
        self.assertLessEqual({("Salesforce", "Salesforce", "Account", "TABLE"),
                              ("Workday", "Workday", "Worker", "TABLE"),
                              ("PostgreSQL1", "public", "open_orders", "VIEW")}, found)

    def test_tables_by_pattern_and_type(self):
        self.assertEqual([row.table_name for row in self.cursor.tables(table="order%", **SHOP)],
                         ["order_items", "orders"])
        self.assertEqual([row.table_name for row in self.cursor.tables(tableType="VIEW", **SHOP)], ["open_orders"])
        self.assertEqual({row.table_name for row in self.cursor.tables(table="MY_TABLE", catalog="Wide Names")},
                         {"MYXTABLE", "MY_TABLE"})
        self.assertEqual([row.table_name for row in self.cursor.tables(table="MY\\_TABLE", catalog="Wide Names")],
                         ["MY_TABLE"])
        self.assertEqual(self.cursor.tables(table="nothing%").fetchall(), [])

    def test_lists_of_catalogs_schemas_and_types(self):
        catalogs = [row.table_cat for row in self.cursor.tables(catalog="%", schema="", table="")]
        self.assertIn("Salesforce", catalogs)
        self.assertEqual(catalogs, sorted(set(catalogs), key=str.lower))
        types = [row.table_type for row in self.cursor.tables(catalog="", schema="", table="", tableType="%")]
        self.assertEqual(types, ["SYSTEM TABLE", "TABLE", "VIEW"])

    def test_odd_names_come_as_they_are(self):
        names = {row.table_name for row in self.cursor.tables(catalog="Wide Names")}
        self.assertLessEqual({"Table With Blanks", "brack]et", "quo\"te's", "\u00dcml\u00e4ut\u00df",
                              "emoji \U0001f642", "100%", "back\\slash"}, names)
        for name in names:
            with self.subTest(name):
                self.connection.execute("SELECT * FROM [Wide Names].[Odd Schema].[%s]"
                                        % name.replace("]", "]]")).fetchall()

    def test_columns_in_order_with_their_types(self):
        rows = self.cursor.columns(table="AllTypes", catalog="Types", schema="Types").fetchall()
        self.assertEqual([row.ordinal_position for row in rows], list(range(1, 19)))
        kinds = {row.column_name: row.data_type for row in rows}
        self.assertEqual([kinds[name + "Col"] for name in (
            "Tinyint", "Smallint", "Integer", "Bigint", "Float", "Double", "Decimal", "Numeric", "Boolean", "Date",
            "Time", "Timestamp", "Uuid", "Varchar", "LongVarchar", "Binary", "LongBinary")],
            [-6, 5, 4, -5, 6, 8, 3, 2, -7, 91, 92, 93, -11, -9, -10, -3, -4])
        decimal = [row for row in rows if row.column_name == "DecimalCol"][0]
        self.assertEqual((decimal.column_size, decimal.decimal_digits), (38, 10))
        self.assertEqual([row.nullable for row in rows], [0] + [1] * 17)

    def test_columns_say_what_a_result_says(self):
        for catalog, schema, table in (("Types", "Types", "AllTypes"), ("Salesforce", "Salesforce", "Account"),
                                       ("PostgreSQL1", "public", "orders")):
            with self.subTest(table):
                rows = self.connection.cursor().columns(table=table, catalog=catalog, schema=schema).fetchall()
                cursor = self.connection.execute("SELECT * FROM [%s].[%s].[%s] LIMIT 0" % (catalog, schema, table))
                self.assertEqual([(row.column_name, row.column_size) for row in rows],
                                 [(column[0], column[4]) for column in cursor.description])

    def test_every_type_of_columns_stands_in_type_info(self):
        known = {(row.type_name, row.data_type) for row in self.cursor.getTypeInfo()}
        used = {(row.type_name, row.data_type) for row in self.cursor.columns(catalog="Types", table="AllTypes")}
        self.assertLessEqual(used, known)

    def test_primary_key_of_two_columns(self):
        rows = self.cursor.primaryKeys("order_items", **SHOP).fetchall()
        self.assertEqual([(row.column_name, row.key_seq) for row in rows], [("order_id", 1), ("line_no", 2)])

    def test_foreign_keys_from_either_side(self):
        out = self.cursor.foreignKeys(foreignTable="orders", foreignCatalog="PostgreSQL1",
                                      foreignSchema="public").fetchall()
        self.assertEqual([(row.pktable_name, row.pkcolumn_name, row.fkcolumn_name) for row in out],
                         [("customers", "id", "customer_id")])
        into = self.cursor.foreignKeys(table="orders", **SHOP).fetchall()
        self.assertEqual([(row.fktable_name, row.fkcolumn_name) for row in into], [("order_items", "order_id")])

    def test_indexes_with_the_primary_key_first(self):
        rows = [row for row in self.cursor.statistics("customers", unique=True, **SHOP) if row.column_name]
        self.assertEqual([(row.non_unique, row.column_name) for row in rows], [(0, "id"), (0, "email")])
        every = {row.column_name for row in self.cursor.statistics("orders", unique=False, **SHOP)}
        self.assertIn("customer_id", every)

    def test_row_id_columns(self):
        rows = self.cursor.rowIdColumns("orders", **SHOP).fetchall()
        self.assertEqual([row.column_name for row in rows], ["id"])
        self.assertEqual(self.cursor.rowVerColumns("orders", **SHOP).fetchall(), [])

    def test_procedures_and_their_parameters(self):
        names = [row.procedure_name for row in self.cursor.procedures(catalog="Types")]
        self.assertEqual(names, ["AddNumbers", "EchoTypes", "SwapText"])
        rows = self.cursor.procedureColumns("AddNumbers", catalog="Types").fetchall()
        self.assertEqual([(row.column_name, row.column_type) for row in rows],
                         [("@result", 5), ("@a", 1), ("@b", 1), ("@total", 2), ("@text", 4)])

    def test_info(self):
        wanted = {
            pyodbc.SQL_DBMS_NAME: "CData Connect AI",
            pyodbc.SQL_DRIVER_NAME: "libconnectaiodbc.so",
            pyodbc.SQL_DRIVER_ODBC_VER: "03.80",
            pyodbc.SQL_IDENTIFIER_QUOTE_CHAR: '"',
            pyodbc.SQL_TXN_CAPABLE: 0,
            pyodbc.SQL_DATA_SOURCE_NAME: "CA",
            pyodbc.SQL_USER_NAME: "test@example.com",
            pyodbc.SQL_CATALOG_NAME: True,
            pyodbc.SQL_CATALOG_NAME_SEPARATOR: ".",
            pyodbc.SQL_SEARCH_PATTERN_ESCAPE: "\\",
        }
        self.assertEqual({kind: self.connection.getinfo(kind) for kind in wanted}, wanted)

    def test_every_info_type_of_pyodbc_is_answered(self):
        for name in ("ACCESSIBLE_PROCEDURES ACCESSIBLE_TABLES ACTIVE_ENVIRONMENTS AGGREGATE_FUNCTIONS ALTER_TABLE"
                     " ASYNC_MODE BATCH_ROW_COUNT BATCH_SUPPORT BOOKMARK_PERSISTENCE CATALOG_LOCATION CATALOG_TERM"
                     " CATALOG_USAGE COLLATION_SEQ COLUMN_ALIAS CONCAT_NULL_BEHAVIOR CONVERT_FUNCTIONS CONVERT_VARCHAR"
                     " CORRELATION_NAME CREATE_TABLE CURSOR_COMMIT_BEHAVIOR CURSOR_ROLLBACK_BEHAVIOR"
                     " DATA_SOURCE_READ_ONLY DATETIME_LITERALS DBMS_VER DEFAULT_TXN_ISOLATION"
                     " DESCRIBE_PARAMETER DRIVER_VER DRIVER_ODBC_VER EXPRESSIONS_IN_ORDERBY FILE_USAGE"
                     " FORWARD_ONLY_CURSOR_ATTRIBUTES1 FORWARD_ONLY_CURSOR_ATTRIBUTES2 GETDATA_EXTENSIONS GROUP_BY"
                     " IDENTIFIER_CASE INDEX_KEYWORDS INFO_SCHEMA_VIEWS INSERT_STATEMENT INTEGRITY"
                     " KEYSET_CURSOR_ATTRIBUTES1 KEYWORDS LIKE_ESCAPE_CLAUSE MAX_CATALOG_NAME_LEN"
                     " MAX_COLUMNS_IN_SELECT MAX_COLUMN_NAME_LEN MAX_CONCURRENT_ACTIVITIES MAX_DRIVER_CONNECTIONS"
                     " MAX_IDENTIFIER_LEN MAX_STATEMENT_LEN MAX_TABLE_NAME_LEN MULTIPLE_ACTIVE_TXN"
                     " MULT_RESULT_SETS NEED_LONG_DATA_LEN NON_NULLABLE_COLUMNS NULL_COLLATION NUMERIC_FUNCTIONS"
                     " ODBC_INTERFACE_CONFORMANCE ODBC_VER OJ_CAPABILITIES ORDER_BY_COLUMNS_IN_SELECT"
                     " PARAM_ARRAY_ROW_COUNTS PARAM_ARRAY_SELECTS PROCEDURES PROCEDURE_TERM QUOTED_IDENTIFIER_CASE"
                     " ROW_UPDATES SCHEMA_TERM SCHEMA_USAGE SCROLL_OPTIONS SERVER_NAME SPECIAL_CHARACTERS"
                     " SQL_CONFORMANCE STATIC_CURSOR_ATTRIBUTES1 STRING_FUNCTIONS SUBQUERIES SYSTEM_FUNCTIONS"
                     " TABLE_TERM TIMEDATE_ADD_INTERVALS TIMEDATE_FUNCTIONS TXN_ISOLATION_OPTION UNION"
                     " XOPEN_CLI_YEAR").split():
            with self.subTest(name):
                self.connection.getinfo(getattr(pyodbc, "SQL_" + name))

    def test_functions_that_are_announced_work(self):
        strings = self.connection.getinfo(pyodbc.SQL_STRING_FUNCTIONS)
        for bit, call in ((0x00000002, "LEFT('abc', 2)"), (0x00000008, "LTRIM(' a')"), (0x00000040, "LCASE('A')"),
                          (0x00000800, "SUBSTRING('abc', 1, 2)"), (0x00001000, "UCASE('a')")):
            with self.subTest(call):
                if strings & bit:
                    self.assertTrue(self.cursor.execute("SELECT {fn %s}" % call).fetchval())

    def test_metadata_is_asked_for_once(self):
        for _ in range(3):
            self.cursor.columns(table="orders", **SHOP).fetchall()
        self.assertEqual(len(self.service.requests("/columns")), 1)


main("pyodbc-" + pyodbc.version)
