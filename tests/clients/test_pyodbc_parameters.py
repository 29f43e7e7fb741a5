"""pyodbc: parameters of every type, executemany in both ways, procedures, several results."""

import datetime
import decimal
import itertools
import json
import uuid

import pyodbc

from harness import Case, connection_string, main

WRITE = "[Types].[Types].[WriteTypes]"
SETTINGS = "[PostgreSQL1].[public].[settings]"

# pyodbc binds a time without its fraction. With fast_executemany, Debian's rounds a Decimal to 28 digits.
VALUES = {
    "BinaryCol": b"\x00\x01\xff",
    "LongBinaryCol": bytes(range(256)) * 1000,
    "VarcharCol": "\u00fc\U0001f642 '\"?@p1{}[]\\\r\n",
    "LongVarcharCol": "\u00e9\U0001f642" * 30000,
    "TinyintCol": -128,
    "SmallintCol": -32768,
    "IntegerCol": 2147483647,
    "BigintCol": 9223372036854775807,
    "FloatCol": 0.1,
    "DoubleCol": -1.7976931348623157e308,
    "DecimalCol": decimal.Decimal("-123456789012345678.0123456789"),
    "NumericCol": decimal.Decimal("9" * 28),
    "BooleanCol": True,
    "DateCol": datetime.date(1, 2, 3),
    "TimeCol": datetime.time(23, 59, 58),
    "TimestampCol": datetime.datetime(9999, 12, 31, 23, 59, 59, 999999),
    "UuidCol": uuid.UUID("01234567-890a-bcde-f012-34567890abcd"),
}


def read_back(name, value):
    return str(value) if name == "UuidCol" else value


class Parameters(Case):
    keys = ("key%d" % number for number in itertools.count())

    def setUp(self):
        super().setUp()
        self.open()

    def open(self, **extra):
        self.connection = pyodbc.connect(connection_string(**extra), autocommit=True)
        self.addCleanup(self.connection.close)
        self.cursor = self.connection.cursor()

    def newest(self, columns, count):
        rows = self.connection.execute(
            "SELECT TOP %d %s FROM %s ORDER BY Id DESC" % (count, ", ".join(columns), WRITE)).fetchall()
        return [list(row) for row in reversed(rows)]

    def value_of(self, key):
        return self.connection.execute("SELECT value FROM %s WHERE name = ?" % SETTINGS, key).fetchval()

    def test_every_type_is_written_and_read_back(self):
        for name, value in VALUES.items():
            with self.subTest(name):
                self.cursor.execute("INSERT INTO %s (%s) VALUES (?)" % (WRITE, name), value)
                self.assertEqual(self.cursor.rowcount, 1)
                self.assertEqual(self.newest([name], 1), [[read_back(name, value)]])

    def test_decimals_of_38_digits_are_exact(self):
        for text in ("9" * 38, "-" + "9" * 38, "0", "1E+20"):
            with self.subTest(text):
                self.cursor.execute("INSERT INTO %s (NumericCol) VALUES (?)" % WRITE, decimal.Decimal(text))
                self.assertEqual(self.newest(["NumericCol"], 1), [[decimal.Decimal(text)]])

    def test_none_is_null_in_every_type(self):
        names = list(VALUES)
        self.cursor.execute("INSERT INTO %s (%s) VALUES (%s)" % (
            WRITE, ", ".join(names), ", ".join("?" * len(names))), [None] * len(names))
        self.assertEqual(self.newest(names, 1), [[None] * len(names)])

    def test_parameters_choose_rows(self):
        for name in ("IntegerCol", "BigintCol", "VarcharCol", "DecimalCol", "BooleanCol", "DateCol", "TimestampCol"):
            with self.subTest(name):
                value = self.cursor.execute("SELECT %s FROM [Types].[Types].[AllTypes] WHERE Id = 3" % name).fetchval()
                ids = [row[0] for row in self.cursor.execute(
                    "SELECT Id FROM [Types].[Types].[AllTypes] WHERE %s = ?" % name, value)]
                if name == "TimestampCol":  # Python's has six of the seven digits
                    self.assertEqual(ids, [])
                else:
                    self.assertIn(3, ids)

    def test_markers_in_literals_comments_and_names_are_none(self):
        row = self.cursor.execute("SELECT '?' AS [a?b], /* ? */ ? AS \"c?\" -- ?", 7).fetchone()
        self.assertEqual([column[0] for column in self.cursor.description], ["a?b", "c?"])
        self.assertEqual(row[0], "?")
        self.assertEqual(int(row[1]), 7)

    def test_text_that_looks_like_sql_stays_text(self):
        key, value = next(self.keys), "'); DELETE FROM settings; --"
        self.cursor.execute("INSERT INTO %s VALUES (?, ?)" % SETTINGS, key, value)
        self.assertEqual(self.value_of(key), value)

    def test_values_go_as_parameters_not_in_the_text(self):
        self.cursor.execute("SELECT Id FROM [Types].[Types].[AllTypes] WHERE VarcharCol = ?", "needle").fetchall()
        body = json.loads(self.service.requests("/query")[-1]["body"])
        self.assertNotIn("needle", body["query"])
        self.assertEqual([value["value"] for value in body["parameters"].values()], ["needle"])

    def test_update_and_delete_count_rows(self):
        keys = [next(self.keys) for _ in range(3)]
        for key in keys:
            self.cursor.execute("INSERT INTO %s VALUES (?, ?)" % SETTINGS, key, "before")
        self.cursor.execute("UPDATE %s SET value = ? WHERE name IN (?, ?)" % SETTINGS, "after", keys[0], keys[2])
        self.assertEqual(self.cursor.rowcount, 2)
        self.assertEqual([self.value_of(key) for key in keys], ["after", "before", "after"])
        self.assertEqual(self.cursor.execute("DELETE FROM %s WHERE name = ?" % SETTINGS, keys[1]).rowcount, 1)
        self.assertEqual(self.cursor.execute("DELETE FROM %s WHERE name = ?" % SETTINGS, keys[1]).rowcount, 0)

    def executemany(self, fast):
        self.cursor.fast_executemany = fast
        rows = [(next(self.keys), None if i % 7 == 0 else "\u00fc" * (i % 50)) for i in range(500)]
        self.cursor.executemany("INSERT INTO %s (name, value) VALUES (?, ?)" % SETTINGS, rows)
        self.cursor.fast_executemany = False
        wanted = dict(rows)
        found = {name: value for name, value in self.cursor.execute("SELECT name, value FROM %s" % SETTINGS)
                 if name in wanted}
        self.assertEqual(found, wanted)

    def test_executemany_row_by_row(self):
        self.executemany(False)

    def test_fast_executemany_sends_one_batch(self):
        self.executemany(True)
        self.assertEqual(len(self.service.requests("/batch")), 1)

    def test_fast_executemany_sends_batches_of_the_size_of_the_option(self):
        self.open(BatchRows=200)
        self.executemany(True)
        self.assertEqual(len(self.service.requests("/batch")), 3)

    def test_fast_executemany_writes_every_type(self):
        names = list(VALUES)
        values = list(VALUES.values())
        self.cursor.fast_executemany = True
        self.cursor.executemany("INSERT INTO %s (%s) VALUES (%s)" % (
            WRITE, ", ".join(names), ", ".join("?" * len(names))), [values, [None] * len(names), values])
        wanted = [read_back(*item) for item in VALUES.items()]
        for name, *found in zip(names, wanted, *self.newest(names, 3)):
            with self.subTest(name):
                self.assertEqual(found[1:], [found[0], None, found[0]])

    def test_executemany_says_what_failed(self):
        for fast in (False, True):
            with self.subTest(fast=fast):
                self.cursor.fast_executemany = fast
                with self.assertRaises(pyodbc.Error) as caught:
                    self.cursor.executemany("INSERT INTO %s (name, value) VALUES (?, ?)" % SETTINGS,
                                            [(next(self.keys), "a"), ("theme", "b"), (next(self.keys), "c")])
                self.assertIn("A row with this key exists already", str(caught.exception))

    def test_a_procedure_is_called_for_every_row(self):
        """With rows in its results too, at which pyodbc does not look."""
        for fast in (False, True):
            for call in ("{call [PostgreSQL1].[public].[customer_orders](?)}",
                         "{call [Salesforce].[Salesforce].[GetAccountsByIndustry]('Energy', ?)}"):
                with self.subTest(call, fast=fast):
                    self.service.reset()
                    self.cursor.fast_executemany = fast
                    self.cursor.executemany(call, [(3,), (4,), (5,)])
                    self.assertEqual(len(self.service.requests("/exec")), 3)

    def test_a_procedure_gives_its_result_sets(self):
        self.cursor.execute("{call [PostgreSQL1].[public].[customer_orders](?)}", 2)
        self.assertEqual([row.name for row in self.cursor.fetchall()], ["Customer 02"])
        self.assertTrue(self.cursor.nextset())
        self.assertEqual([row.status for row in self.cursor.fetchall()], ["paid", "shipped"])
        self.assertFalse(self.cursor.nextset())

    def test_a_procedure_by_exec(self):
        rows = self.cursor.execute("EXEC [Salesforce].[Salesforce].[GetAccountsByIndustry] @Industry = ?",
                                   "Technology").fetchall()
        self.assertTrue(rows)
        self.assertEqual({row.Industry for row in rows}, {"Technology"})

    def test_two_statements_give_two_results(self):
        self.cursor.execute("SELECT 1 AS a; SELECT 'x' AS b")
        self.assertEqual(int(self.cursor.fetchval()), 1)
        self.assertTrue(self.cursor.nextset())
        self.assertEqual(self.cursor.fetchval(), "x")
        self.assertFalse(self.cursor.nextset())

    def test_a_wrong_number_of_parameters_is_a_programming_error(self):
        for values in ((1,), (1, 2, 3)):
            with self.subTest(len(values)), self.assertRaises(pyodbc.ProgrammingError):
                self.cursor.execute("SELECT ?, ?", *values)


main("pyodbc-" + pyodbc.version)
