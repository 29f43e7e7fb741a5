"""arrow-odbc, which is the Rust library odbc-api behind a Python module: columns fetched into arrays, with and without a
thread that fetches ahead, and bulk inserts by arrays of parameters."""

import datetime
import decimal

import pyarrow
from arrow_odbc import insert_into_table, read_arrow_batches_from_odbc

from harness import Case, connection_string, main

TYPES = "[Types].[Types].[AllTypes]"
WRITE = "[Types].[Types].[WriteTypes]"
NARROW = "[Bench].[Bench].[Narrow]"

# Texts with characters outside the basic plane, the edges of every type, NULLs.
COLUMNS = {
    "VarcharCol": (pyarrow.string(), ["plain", "\u00fc\U0001f642 '\"?@p1{}[]\\\r\n", "", None]),
    "SmallintCol": (pyarrow.int16(), [-32768, 32767, 0, None]),
    "IntegerCol": (pyarrow.int32(), [-2147483648, 2147483647, 0, None]),
    "BigintCol": (pyarrow.int64(), [-9223372036854775808, 9223372036854775807, 0, None]),
    "DoubleCol": (pyarrow.float64(), [0.1, -1.7976931348623157e308, 0.0, None]),
    "DecimalCol": (pyarrow.decimal128(38, 10), [decimal.Decimal("-123456789012345678.0123456789"),
                                                decimal.Decimal("0.0000000001"), decimal.Decimal("0E-10"), None]),
    "BooleanCol": (pyarrow.bool_(), [True, False, True, None]),
    "DateCol": (pyarrow.date32(), [datetime.date(1, 2, 3), datetime.date(9999, 12, 31), datetime.date(2024, 2, 29),
                                   None]),
    "TimestampCol": (pyarrow.timestamp("us"), [datetime.datetime(1, 1, 1), datetime.datetime(9999, 12, 31, 23, 59, 59, 999999),
                                               datetime.datetime(2024, 2, 29, 12, 34, 56, 500000), None]),
    "BinaryCol": (pyarrow.binary(), [b"\x00\x01\xff", b"", b"\x00" * 100, None]),
}


class Arrow(Case):
    def reader(self, query, **options):
        return read_arrow_batches_from_odbc(query, connection_string=connection_string(), **options)

    def table(self, query, **options):
        return pyarrow.Table.from_batches(list(self.reader(query, **options)))

    def test_every_type_is_fetched(self):
        # A BINARY or text that may be megabytes long needs a limit: the buffers are made before rows are seen.
        table = self.table("SELECT * FROM %s ORDER BY Id" % TYPES, batch_size=3, max_text_size=200000,
                           max_binary_size=200000)
        self.assertEqual(table.num_rows, 8)
        table = table.drop_columns("TimeCol") # whose seven digits Python has no object for
        row = table.slice(1, 1).to_pylist()[0]
        self.assertEqual({name for name, value in row.items() if value is not None}, {"Id"})
        row = table.slice(2, 1).to_pylist()[0]
        self.assertEqual(row["BigintCol"], 9223372036854775807)
        self.assertEqual(row["DecimalCol"], decimal.Decimal("9" * 28 + "." + "9" * 10))

    def test_many_rows_come_in_batches(self):
        for ahead in (False, True):
            with self.subTest(fetch_ahead=ahead):
                reader = self.reader("SELECT * FROM %s LIMIT 25000" % NARROW, batch_size=10000,
                                     fetch_concurrently=ahead)
                self.assertEqual([batch.num_rows for batch in reader], [10000, 10000, 5000])

    def test_parameters_take_part(self):
        table = self.table("SELECT Id FROM %s WHERE Id = ? OR VarcharCol = ?" % TYPES, parameters=["3", "plain text"])
        self.assertEqual(sorted(table.column("Id").to_pylist()), [1, 3])

    def test_rows_of_every_type_are_inserted(self):
        schema = pyarrow.schema([(name, kind) for name, (kind, _) in COLUMNS.items()])
        given = pyarrow.RecordBatch.from_pydict({name: values for name, (_, values) in COLUMNS.items()}, schema=schema)
        before = self.table("SELECT MAX(Id) AS Id FROM %s" % WRITE).column("Id").to_pylist()[0] or 0
        insert_into_table(reader=pyarrow.RecordBatchReader.from_batches(schema, [given]), chunk_size=3, table=WRITE,
                          connection_string=connection_string())
        self.assertEqual(len(self.service.requests("/batch")) + len(self.service.requests("/query")) - 1, 2)
        found = self.table("SELECT %s FROM %s WHERE Id > %d ORDER BY Id" % (", ".join(COLUMNS), WRITE, before),
                           max_text_size=1000, max_binary_size=1000)
        for name, (_, values) in COLUMNS.items():
            with self.subTest(name):
                self.assertEqual(found.column(name).to_pylist(), values)

    def test_a_refused_row_is_an_error(self):
        schema = pyarrow.schema([("name", pyarrow.string())])
        batch = pyarrow.RecordBatch.from_pydict({"name": ["arrow a", "arrow a"]}, schema=schema)
        with self.assertRaisesRegex(Exception, "exists already"):
            insert_into_table(reader=pyarrow.RecordBatchReader.from_batches(schema, [batch]), chunk_size=10,
                              table="[PostgreSQL1].[public].[settings]", connection_string=connection_string())


main("arrow-odbc")
