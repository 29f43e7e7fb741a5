"""The vendor's Python library, unchanged, against the local service: shows that the service speaks as Connect AI does.

No driver takes part. What the library is known to lose (the error of a reply with status 200, the second result set) is
not asked of it here.
"""

import datetime
import decimal
import itertools
import uuid

import cdata_connect_ai

from harness import TOKEN, USER, Case, main

SETTINGS = "[PostgreSQL1].[public].[settings]"


class Library(Case):
    keys = ("key%d" % number for number in itertools.count())

    def open(self, **extra):
        arguments = dict(base_url=self.service.base + "/api", username=USER, password=TOKEN, retry_delay=0.05)
        arguments.update(extra)
        connection = cdata_connect_ai.connect(**arguments)
        self.addCleanup(lambda: connection.is_open and connection.close())
        return connection

    def rows(self, query, parameters=None):
        with self.open().cursor() as cursor:
            cursor.execute(query, parameters)
            return cursor.fetchall()

    def test_first_examples_of_the_product(self):
        self.assertEqual(len(self.rows("SELECT CatalogName, SchemaName, TableName FROM sys_tables LIMIT 25")), 25)
        self.assertEqual(len(self.rows("SELECT * FROM [Salesforce].[Salesforce].[Account] LIMIT 5")), 5)
        self.assertEqual(len(self.rows("SELECT * FROM [Workday].[Workday].[Worker] LIMIT 5")), 5)

    def test_description(self):
        cursor = self.open().cursor()
        cursor.execute("SELECT Id, Name AS [the name] FROM [Salesforce].[Salesforce].[Account] LIMIT 1")
        self.assertEqual([column[0] for column in cursor.description], ["Id", "the name"])

    def test_types(self):
        row = self.rows("SELECT IntegerCol, BigintCol, DoubleCol, DecimalCol, BooleanCol, DateCol, UuidCol, VarcharCol,"
                        " BinaryCol FROM [Types].[Types].[AllTypes] WHERE Id = 1")[0]
        self.assertEqual(row, [3, 4, 2.25, decimal.Decimal("123.456789"), True, datetime.date(2024, 2, 29),
                               uuid.UUID("01234567-890a-bcde-f012-34567890abcd"), "plain text",
                               bytearray(b"\x00\x01\x7f\x80\xff")])

    def test_nulls_and_unicode(self):
        rows = self.rows("SELECT VarcharCol FROM [Types].[Types].[AllTypes] WHERE Id IN (2, 5) ORDER BY Id")
        self.assertEqual(rows, [[None], ["emoji \U0001f642, \u4e2d\u6587, \u00fc, e\u0301, \ufffd"]])

    def test_parameters(self):
        rows = self.rows("SELECT Id FROM [Types].[Types].[AllTypes] WHERE IntegerCol = %(number)s AND VarcharCol = "
                         "%(text)s", {"number": 3, "text": "plain text"})
        self.assertEqual(rows, [[1]])
        rows = self.rows("SELECT Id FROM [Types].[Types].[AllTypes] WHERE BooleanCol = @flag ORDER BY Id",
                         {"flag": True})
        self.assertEqual(rows, [[1], [3], [6], [8]])

    def test_executemany_is_a_batch(self):
        names = [next(self.keys) for _ in range(20)]
        self.open().cursor().executemany("INSERT INTO %s VALUES (@name, @value)" % SETTINGS,
                                         [{"@name": name, "@value": "of " + name} for name in names])
        self.assertEqual(len(self.service.requests("/batch")), 1)
        found = dict(self.rows("SELECT name, value FROM %s" % SETTINGS))
        self.assertEqual({name: found.get(name) for name in names}, {name: "of " + name for name in names})

    def test_a_statement_without_rows(self):
        cursor = self.open().cursor()
        cursor.execute("INSERT INTO %s VALUES (%%(name)s, 'x')" % SETTINGS, {"name": next(self.keys)})
        with self.assertRaises(cdata_connect_ai.ProgrammingError):
            cursor.fetchall()

    def test_callproc(self):
        cursor = self.open().cursor()
        cursor.callproc("Salesforce.Salesforce.ListUsers")
        self.assertTrue(cursor.fetchall())
        self.assertEqual(len(self.service.requests("/exec")), 1)

    def test_exec_in_a_query(self):
        rows = self.rows("EXEC [Salesforce].[Salesforce].[GetAccountsByIndustry] @Industry = 'Technology'")
        self.assertEqual({row[2] for row in rows}, {"Technology"})

    def test_rows_are_streamed(self):
        begun = datetime.datetime.now()
        cursor = self.open().cursor()
        cursor.execute("SELECT * FROM [Bench].[Bench].[Rows] LIMIT 2000000000")
        self.assertEqual(len(cursor.fetchmany(100)), 100)
        cursor.close()
        self.assertLess((datetime.datetime.now() - begun).total_seconds(), 10)

    def test_a_larger_result(self):
        cursor = self.open().cursor()
        cursor.execute("SELECT Id FROM [Bench].[Bench].[Narrow] LIMIT 10000")
        self.assertEqual(sum(1 for _ in cursor), 10000)

    def test_workspace(self):
        cursor = self.open(workspace="Sales").cursor()
        cursor.execute("SELECT CatalogName FROM sys_catalogs")
        self.assertEqual(cursor.fetchall(), [["Sales"]])

    def test_a_wrong_token(self):
        with self.assertRaises(cdata_connect_ai.OperationalError) as caught:
            self.open(password="wrong").cursor().execute("SELECT 1")
        self.assertIn("401", str(caught.exception))

    def test_a_busy_service_is_asked_again(self):
        self.service.fault(path="/query", status=503, count=2)
        self.assertEqual([[int(value) for value in row] for row in self.rows("SELECT 1")], [[1]])
        self.assertEqual(len(self.service.requests("/query")), 3)


main("sdk-" + getattr(cdata_connect_ai, "__version__", "?"))
