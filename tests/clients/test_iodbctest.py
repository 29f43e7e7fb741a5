"""iodbctest, iODBC's own program, with the driver that is built for iODBC (make IODBC=1)."""

import os
import subprocess

from harness import BUILD, DRIVER, DSN, TOKEN, USER, Case, main, write_private

IODBC = os.path.abspath(os.path.join(BUILD, "iodbc"))


class Iodbctest(Case):
    program = "iodbctest"

    def run_program(self, string, text=""):
        """Standard output and error; a statement ends with an empty line."""
        drivers = os.path.join(self.directory, "iodbcinst.ini")
        sources = os.path.join(self.directory, "iodbc.ini")
        write_private(drivers, "[%s]\nDriver = %s/libconnectaiodbc.so\n" % (DRIVER, IODBC))
        write_private(sources, "[ODBC Data Sources]\n%s = %s\n\n[%s]\nDriver = %s\nURL = %s/api\nUID = %s\nPWD = %s\n"
                      % (DSN, DRIVER, DSN, DRIVER, self.service.base, USER, TOKEN))
        done = subprocess.run([os.path.join(IODBC, "manager", "bin", "iodbctest"), string],
                              input=("%s\n\nquit\n" % text).encode(), stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=60, check=False,
                              env=dict(os.environ, LC_ALL="C.UTF-8", ODBCINI=sources, ODBCINSTINI=drivers,
                                       LD_LIBRARY_PATH=os.path.join(IODBC, "manager", "lib")))
        self.assertGreaterEqual(done.returncode, 0)
        return done.stdout.decode("utf-8", "replace")

    def query(self, text):
        return self.run_program("DSN=" + DSN, text)

    def test_it_connects_and_names_the_driver(self):
        self.assertIn("(libconnectaiodbc.so)", self.run_program("DSN=" + DSN))
        self.assertIn("(libconnectaiodbc.so)", self.run_program(
            "DRIVER={%s};URL=%s/api;UID=%s;PWD=%s" % (DRIVER, self.service.base, USER, TOKEN)))

    def test_rows_of_salesforce(self):
        output = self.query("SELECT Name, AnnualRevenue FROM [Salesforce].[Salesforce].[Account] LIMIT 2")
        cells = [[cell.strip() for cell in line.split("|")] for line in output.splitlines() if "|" in line]
        self.assertEqual(cells, [["Name", "AnnualRevenue"], ["Alpine Systems GmbH", "18577761.00"],
                                 ["Borealis Systems Ltd", "35329687.01"]])
        self.assertIn("result set 1 returned 2 rows.", output)

    def test_text_keeps_every_character_both_ways(self):
        output = self.query("SELECT 'gr\u00fcn \u4e2d\u6587 \U0001f642' AS V FROM [Types].[Types].[AllTypes]"
                            " WHERE VarcharCol LIKE 'emoji \U0001f642%'")
        self.assertIn("\ngr\u00fcn \u4e2d\u6587 \U0001f642 ", output)
        self.assertIn("result set 1 returned 1 rows.", output)

    def test_tables_are_listed(self):
        output = self.query("tables")
        for name in "Account", "AllTypes", "Worker":
            self.assertRegex(output, r"\|%s +\|TABLE " % name)

    def test_an_error_has_its_state_and_the_services_text(self):
        output = self.query("SELECT * FROM [Salesforce].[Salesforce].[Nothing]")
        self.assertIn("does not exist", output)
        self.assertIn("SQLSTATE=42S02", output)

    def test_a_wrong_token_is_28000(self):
        output = self.run_program("DSN=%s;PWD=wrong-token-41" % DSN)
        self.assertIn("SQLSTATE=28000", output)
        self.assertNotIn("wrong-token-41", output)


main("iodbctest")
