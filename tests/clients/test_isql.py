"""isql and iusql, the driver manager's own programs: what they print, for good answers and for bad ones."""

import os
import subprocess

from harness import DSN, TOKEN, USER, Case, main

FIRST = "SELECT CatalogName, SchemaName, TableName FROM sys_tables LIMIT 25"


class Programs:
    """What both programs do; iusql speaks to the wide functions."""

    program = None
    shows_states = True

    def assert_state(self, output, *states):
        if self.shows_states:
            self.assertTrue(any("[%s]" % state in output for state in states), output)

    def run_program(self, *arguments, text="", expect=None):
        """Standard output and error, one after the other; `expect` is the exit status."""
        done = subprocess.run([self.program, *arguments], input=text.encode(), stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=60, check=False,
                              env=dict(os.environ, LC_ALL="C.UTF-8"))
        output = done.stdout.decode("utf-8", "replace")
        self.assertGreaterEqual(done.returncode, 0, output)
        if expect is not None:
            self.assertEqual(done.returncode, expect, output)
        return output

    def query(self, text, *arguments):
        return self.run_program(DSN, "-b", "-v", *arguments, text=text + "\n")

    def rows(self, text):
        """The rows as lists of cells, names first."""
        return [line.split("|") for line in self.query(text, "-c", "-d|").splitlines()]

    def test_first_example_of_the_product(self):
        rows = self.rows(FIRST)
        self.assertEqual(rows[0], ["CatalogName", "SchemaName", "TableName"])
        self.assertEqual(len(rows), 26)
        self.assertIn(["Salesforce", "Salesforce", "Account"], rows)

    def test_rows_of_salesforce_and_workday(self):
        rows = self.rows("SELECT Name, AnnualRevenue, CreatedDate, BillingPostalCode FROM"
                         " [Salesforce].[Salesforce].[Account] LIMIT 2")
        self.assertEqual(rows[1:], [
            ["Alpine Systems GmbH", "18577761.00", "2020-01-01 00:00:00.000000", "10000"],
            ["Borealis Systems Ltd", "35329687.01", "2020-01-12 00:20:01.000000", "10037"]])
        rows = self.rows("SELECT * FROM [Workday].[Workday].[Worker] LIMIT 5")
        self.assertEqual(len(rows), 6)
        self.assertEqual({len(row) for row in rows}, {11})

    def test_a_table_is_drawn(self):
        output = self.run_program(DSN, "-b", "-v", "-m20", text=FIRST + "\n", expect=0)
        self.assertIn("| Salesforce          | Salesforce          | Account             |", output)
        self.assertIn("25 rows fetched", self.run_program(DSN, "-v", "-m20", text=FIRST + "\n"))

    def test_every_type_prints(self):
        rows = self.rows("SELECT IntegerCol, BigintCol, DecimalCol, BooleanCol, DateCol, TimeCol, UuidCol, BinaryCol"
                         " FROM [Types].[Types].[AllTypes] WHERE Id = 1")
        self.assertEqual(rows[1][:5], ["3", "4", "123.4567890000", "1", "2024-02-29"])
        self.assertTrue(rows[1][5].startswith("13:14:15"))
        self.assertEqual(rows[1][6].lower(), "01234567-890a-bcde-f012-34567890abcd")
        self.assertEqual(rows[1][7].upper(), "00017F80FF")

    def test_help_lists_tables_and_columns(self):
        output = self.run_program(DSN, "-b", "-v", "-m30", text="help\n")
        self.assertIn("Account", output)
        self.assertIn("Worker", output)
        output = self.run_program(DSN, "-b", "-v", "-m30", text="help open_orders\n")
        self.assertIn("ordered_on", output)

    def test_writing_counts_rows(self):
        output = self.run_program(DSN, "-v", text="INSERT INTO [PostgreSQL1].[public].[settings]"
                                  " VALUES ('of %s', 'x')\n" % self.program)
        self.assertIn("SQLRowCount returns 1", output)

    def test_a_wrong_token_is_28000_with_a_helpful_text(self):
        output = self.run_program(DSN, "someone@example.com", "wrong-token-41", "-v", expect=1)
        self.assert_state(output, "28000")
        self.assertIn("personal access token", output)
        self.assertNotIn("wrong-token-41", output)
        self.assertNotIn("Connected!", output)

    def test_an_unknown_table_has_the_service_s_own_message(self):
        output = self.query("SELECT * FROM [Salesforce].[Salesforce].[Nothing]")
        self.assert_state(output, "S0002")  # an ODBC 2 application's 42S02
        self.assertIn("does not exist", output)
        self.assertIn("<Query ID: ", output)

    def test_a_reply_cut_in_the_middle_is_an_error_after_its_rows(self):
        whole = self.rows("SELECT Id FROM [Bench].[Bench].[Narrow] LIMIT 20")
        self.assertEqual(len(whole), 21)
        self.service.fault(path="/query", cutAfterRows=7)
        output = self.query("SELECT Id FROM [Bench].[Bench].[Narrow] LIMIT 20", "-c", "-d|")
        lines = output.splitlines()
        self.assertEqual([[line] for line in lines[:8]], whole[:8])
        self.assert_state(lines[8], "08S01")
        self.assertIn("The connection broke", lines[8])
        self.assertNotIn(whole[8][0], lines[8:])

    def test_an_error_of_the_service_after_rows(self):
        self.service.fault(path="/query", errorAfterRows=3, errorMessage="The source broke")
        output = self.query("SELECT Id FROM [Bench].[Bench].[Narrow] LIMIT 20", "-c", "-d|")
        self.assertEqual(len(output[:output.index("[")].splitlines()), 4)
        self.assertIn("The source broke", output)


class Isql(Programs, Case):
    program = "isql"

    def test_without_a_data_source(self):
        output = self.run_program("-k", "Driver={Connect AI};URL=%s/api;UID=%s;PWD=%s"
                                  % (self.service.base, USER, TOKEN), "-b", "-v", text="SELECT 42 AS answer\n")
        self.assertIn("42", output)

    def test_an_unreachable_service_names_the_host(self):
        output = self.run_program("-k", "DSN=CA;URL=http://127.0.0.1:1/api;MaxRetries=0", "-v", expect=1)
        self.assertIn("[08001]", output)
        self.assertIn("127.0.0.1:1", output)

    def test_text_keeps_every_character(self):
        rows = self.rows("SELECT VarcharCol, LongVarcharCol FROM [Types].[Types].[AllTypes] WHERE Id = 5")
        self.assertEqual(rows[1], ["emoji \U0001f642, \u4e2d\u6587, \u00fc, e\u0301, \ufffd",
                                   "\U0001f469\u200d\U0001f4bb"])


class Iusql(Programs, Case):
    """Shows no SQLSTATEs, and writes a character as one octet."""

    program = "iusql"
    shows_states = False


main("isql")
