"""pyodbc: rows and values of every type, Unicode, output converters, large results."""

import datetime
import decimal
import resource
import struct
import uuid

import pyodbc

from harness import Case, connection_string, main

COLUMNS = ["Id", "BinaryCol", "LongBinaryCol", "VarcharCol", "LongVarcharCol", "TinyintCol", "SmallintCol",
           "IntegerCol", "BigintCol", "FloatCol", "DoubleCol", "DecimalCol", "NumericCol", "BooleanCol", "DateCol",
           "TimeCol", "TimestampCol", "UuidCol"]


class Values(Case):
    def setUp(self):
        super().setUp()
        self.connection = pyodbc.connect(connection_string(), autocommit=True)
        self.cursor = self.connection.cursor()
        self.addCleanup(self.connection.close)

    def row(self, row_id):
        return list(self.cursor.execute("SELECT * FROM [Types].[Types].[AllTypes] WHERE Id = ?", row_id).fetchone())

    def test_every_type_arrives_as_the_python_type_it_is(self):
        row = self.row(1)
        self.assertEqual(row, [
            1, b"\x00\x01\x7f\x80\xff", b"\xde\xad\xbe\xef", "plain text", "a longer text", 1, 2, 3, 4, 1.5, 2.25,
            decimal.Decimal("123.456789"), decimal.Decimal(42), True, datetime.date(2024, 2, 29),
            datetime.time(13, 14, 15, 123456) if row[15].microsecond else datetime.time(13, 14, 15),
            datetime.datetime(2024, 2, 29, 13, 14, 15, 123456), "01234567-890a-bcde-f012-34567890abcd"])
        kinds = [int, bytes, bytes, str, str, int, int, int, int, float, float, decimal.Decimal, decimal.Decimal, bool,
                 datetime.date, datetime.time, datetime.datetime, str]
        self.assertEqual([type(value) for value in row], kinds)

    def test_null_is_none_in_every_type(self):
        self.assertEqual(self.row(2), [2] + [None] * 17)

    def test_largest_values_are_exact(self):
        self.assertEqual(self.row(3), [
            3, b"\xff", b"\xff\xff\xff\xff", "largest", "largest", 127, 32767, 2147483647, 9223372036854775807,
            3.4028234663852886e38, 1.7976931348623157e308,
            decimal.Decimal("9999999999999999999999999999.9999999999"), decimal.Decimal("9" * 38), True,
            datetime.date(9999, 12, 31), datetime.time(23, 59, 59, 999999),
            datetime.datetime(9999, 12, 31, 23, 59, 59, 999999), "ffffffff-ffff-ffff-ffff-ffffffffffff"])

    def test_smallest_values_are_exact(self):
        self.assertEqual(self.row(4), [
            4, b"\x00", b"\x00", "smallest", "smallest", -128, -32768, -2147483648, -9223372036854775808,
            -3.4028234663852886e38, -1.7976931348623157e308,
            decimal.Decimal("-9999999999999999999999999999.9999999999"), decimal.Decimal("-" + "9" * 38), False,
            datetime.date(1, 1, 1), datetime.time(0, 0), datetime.datetime(1, 1, 1, 0, 0),
            "00000000-0000-0000-0000-000000000000"])

    def test_text_keeps_every_character(self):
        self.assertEqual(self.row(5)[3:5], ["emoji \U0001f642, \u4e2d\u6587, \u00fc, e\u0301, \ufffd",
                                            "\U0001f469\u200d\U0001f4bb"])
        self.assertEqual(self.row(6)[3:5], ["it's \"quoted\" [x] {y} \\ back/slash %_?@p1\t\r\n\x01\x1f\x7f",
                                            "  blanks  "])

    def test_empty_text_and_binary_are_not_null(self):
        self.assertEqual(self.row(7)[1:5], [b"", b"", "", ""])

    def test_integers_do_not_pass_through_a_double(self):
        self.assertEqual(self.row(7)[8], 9007199254740993)
        self.assertEqual(self.row(7)[12], decimal.Decimal("12345678901234567890"))

    def test_long_text_and_binary_arrive_whole(self):
        row = self.row(8)
        self.assertEqual(row[1], bytes(100))
        self.assertEqual(row[2], b"BINARY..\t\x1f" * 7000)
        self.assertEqual(row[4], "abcdefgh\u00e9 " * 10000)

    def test_uuid_objects_where_asked_for(self):
        pyodbc.native_uuid = True
        self.addCleanup(setattr, pyodbc, "native_uuid", False)
        self.assertEqual(self.row(1)[17], uuid.UUID("01234567-890a-bcde-f012-34567890abcd"))

    def test_each_type_alone_gives_the_same_as_in_the_wide_table(self):
        whole = self.cursor.execute("SELECT * FROM [Types].[Types].[AllTypes] ORDER BY Id").fetchall()
        for column, name in enumerate(COLUMNS):
            if name in ("Id", "LongBinaryCol"):
                continue
            with self.subTest(name):
                alone = self.cursor.execute(
                    "SELECT Value FROM [Types].[Types].[Type%s] ORDER BY Id" % name[:-3]).fetchall()
                self.assertEqual([row[0] for row in alone], [row[column] for row in whole])

    def test_description_names_types_and_sizes(self):
        self.cursor.execute("SELECT * FROM [Types].[Types].[AllTypes]")
        self.assertEqual([column[0] for column in self.cursor.description], COLUMNS)
        kinds = {column[0]: column[1] for column in self.cursor.description}
        self.assertIs(kinds["BigintCol"], int)
        self.assertIs(kinds["DecimalCol"], decimal.Decimal)
        self.assertIs(kinds["BooleanCol"], bool)
        self.assertIs(kinds["TimestampCol"], datetime.datetime)
        shape = {column[0]: column[3:7] for column in self.cursor.description}
        self.assertEqual(shape["VarcharCol"][0], 255)
        self.assertEqual(shape["DecimalCol"][:3], (38, 38, 10))
        self.assertTrue(shape["VarcharCol"][3])
        self.assertEqual(self.cursor.rowcount, -1)

    def test_column_labels_are_the_names(self):
        self.cursor.execute("SELECT Id AS [first name], Name FROM [Salesforce].[Salesforce].[Account] LIMIT 1")
        self.assertEqual([column[0] for column in self.cursor.description], ["first name", "Name"])

    def test_odd_names_are_found(self):
        row = self.cursor.execute("SELECT [Gr\u00f6\u00dfe], [\u540d\u524d] FROM"
                                  " [Wide Names].[Odd Schema].[\u00dcml\u00e4ut\u00df]").fetchone()
        self.assertEqual(tuple(row), (180, "\u592a\u90ce"))
        self.assertEqual([column[0] for column in self.cursor.description], ["Gr\u00f6\u00dfe", "\u540d\u524d"])
        row = self.cursor.execute('SELECT "clos]ing" FROM "Wide Names"."Odd Schema"."brack]et"').fetchone()
        self.assertEqual(row[0], "a]b")

    def test_output_converters_get_the_value_of_their_type(self):
        self.connection.add_output_converter(pyodbc.SQL_WVARCHAR, lambda raw: raw and raw.decode("utf-16-le").upper())
        self.connection.add_output_converter(pyodbc.SQL_INTEGER, lambda raw: raw and struct.unpack("=i", raw)[0] + 1)
        self.connection.add_output_converter(
            pyodbc.SQL_TYPE_TIMESTAMP, lambda raw: raw and struct.unpack("=hHHHHHI", raw))
        row = self.cursor.execute("SELECT VarcharCol, IntegerCol, TimestampCol FROM [Types].[Types].[AllTypes]"
                                  " WHERE Id = 1").fetchone()
        self.assertEqual(list(row), ["PLAIN TEXT", 4, (2024, 2, 29, 13, 14, 15, 123456700)])
        row = self.cursor.execute("SELECT VarcharCol, IntegerCol, TimestampCol FROM [Types].[Types].[AllTypes]"
                                  " WHERE Id = 2").fetchone()
        self.assertEqual(list(row), [None, None, None])
        self.connection.clear_output_converters()
        self.assertEqual(self.row(1)[3], "plain text")

    def test_output_converter_sees_long_text_whole(self):
        self.connection.add_output_converter(pyodbc.SQL_WLONGVARCHAR, lambda raw: raw and len(raw))
        self.cursor.execute("SELECT LongVarcharCol FROM [Types].[Types].[AllTypes] WHERE Id = 8")
        self.assertEqual(self.cursor.fetchone()[0], 200000)

    def test_a_large_result_is_fetched_whole(self):
        self.cursor.execute("SELECT * FROM [Bench].[Bench].[Rows] LIMIT 50000")
        rows = self.cursor.fetchall()
        self.assertEqual(len(rows), 50000)
        self.assertEqual(len({row.Id for row in rows}), 50000)

    def test_memory_does_not_grow_with_the_result(self):
        self.cursor.execute("SELECT * FROM [Bench].[Bench].[Text] LIMIT 100000")
        for _ in range(1000):
            self.cursor.fetchone()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        count = 1000 + sum(1 for _ in self.cursor)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        self.assertEqual(count, 100000)
        self.assertLess(after - before, 32 * 1024, "KiB more for 200 MB of text")

    def test_an_endless_result_begins_at_once_and_can_be_left(self):
        begun = datetime.datetime.now()
        self.cursor.execute("SELECT * FROM [Bench].[Bench].[Rows] LIMIT 2000000000")
        self.assertEqual(len(self.cursor.fetchmany(10)), 10)
        self.cursor.close()
        self.assertLess((datetime.datetime.now() - begun).total_seconds(), 5)
        self.assertEqual(self.connection.execute("SELECT COUNT(*) FROM [Types].[Types].[AllTypes]").fetchval(), 8)

    def test_two_cursors_are_read_in_turn(self):
        one = self.connection.execute("SELECT Id FROM [Bench].[Bench].[Narrow] LIMIT 5000")
        two = self.connection.execute("SELECT Id FROM [Bench].[Bench].[Narrow] LIMIT 5000")
        self.assertEqual([(a[0], b[0]) for a, b in zip(one, two)], [(b[0], a[0]) for a, b in zip(
            self.connection.execute("SELECT Id FROM [Bench].[Bench].[Narrow] LIMIT 5000"),
            self.connection.execute("SELECT Id FROM [Bench].[Bench].[Narrow] LIMIT 5000"))])

    def test_skip_and_fetchval(self):
        self.cursor.execute("SELECT Id FROM [Types].[Types].[AllTypes] ORDER BY Id")
        self.cursor.skip(3)
        self.assertEqual(self.cursor.fetchval(), 4)

    def test_escapes_reach_the_service_in_its_own_dialect(self):
        row = self.cursor.execute(
            "SELECT {fn UCASE(Name)}, {fn LENGTH('four')}, {d '2024-02-29'}, {fn SUBSTRING('abcdef', 2, 3)}"
            " FROM [Salesforce].[Salesforce].[Account] WHERE CreatedDate < {ts '2020-01-02 00:00:00'}").fetchone()
        self.assertEqual(row[0], "ALPINE SYSTEMS GMBH")
        self.assertEqual(row[1], 4)
        self.assertEqual(str(row[2]), "2024-02-29")
        self.assertEqual(row[3], "bcd")


main("pyodbc-" + pyodbc.version)
