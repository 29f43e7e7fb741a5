"""pyodbc: connecting, commit modes, errors and their exception classes, timeouts, threads."""

import os
import threading
import time

import pyodbc

from harness import BUILD, DSN, TOKEN, USER, Case, connection_string, main

FIVE = "SELECT Id FROM [Bench].[Bench].[Narrow] LIMIT 50"


class Connection(Case):
    @property
    def unproved(self):
        """Another address of the service: to the same one the driver does not prove the token again for a minute."""
        return self.service.base.replace("127.0.0.1", "localhost") + "/api"

    def connect(self, autocommit=True, **extra):
        connection = pyodbc.connect(connection_string(**extra), autocommit=autocommit)
        self.addCleanup(connection.close)
        return connection

    def raises(self, kind, state, function, *arguments, **keywords):
        """The exception, which must be of exactly this class and have this SQLSTATE."""
        with self.assertRaises(pyodbc.Error) as caught:
            function(*arguments, **keywords)
        self.assertEqual((type(caught.exception), caught.exception.args[0]), (kind, state), caught.exception)
        return str(caught.exception)

    # ---- connecting ----

    def test_the_manager_lists_driver_and_source(self):
        self.assertIn("Connect AI", pyodbc.drivers())
        self.assertEqual(pyodbc.dataSources(), {DSN: "Connect AI"})

    def test_without_a_data_source(self):
        for driver in ("{Connect AI}", os.path.abspath(os.path.join(BUILD, "libconnectaiodbc.so"))):
            with self.subTest(driver):
                connection = pyodbc.connect("Driver=%s;URL=%s/api;UID=%s;PWD={%s}"
                                            % (driver, self.service.base, USER, TOKEN), autocommit=True)
                self.assertEqual(int(connection.execute("SELECT 1").fetchval()), 1)
                connection.close()

    def test_a_wrong_token_is_28000_and_says_what_to_check(self):
        text = self.raises(pyodbc.InterfaceError, "28000", self.connect, PWD="wrong-token-77")
        self.assertIn("personal access token", text)
        self.assertNotIn("wrong-token-77", text)

    def test_no_credentials_are_28000(self):
        text = self.raises(pyodbc.InterfaceError, "28000", pyodbc.connect,
                           "Driver={Connect AI};URL=%s/api" % self.service.base)
        self.assertIn("UID", text)
        self.assertIn("PWD", text)

    def test_an_unreachable_service_is_08001(self):
        text = self.raises(pyodbc.OperationalError, "08001", self.connect, URL="http://127.0.0.1:1/api", MaxRetries=0)
        self.assertIn("127.0.0.1:1", text)

    def test_a_token_is_not_sent_in_the_clear(self):
        text = self.raises(pyodbc.OperationalError, "08001", self.connect, URL="http://service.invalid/api")
        self.assertIn("https://", text)

    def test_a_web_page_is_no_service(self):
        self.service.fault(path="/catalogs", html=True)
        text = self.raises(pyodbc.OperationalError, "08001", self.connect, URL=self.unproved + "/page")
        self.assertIn("not a Connect AI endpoint", text)
        # once; where SQLDriverConnectW failed, pyodbc 4 also tries SQLDriverConnect
        self.assertLessEqual(len(self.service.requests("/page/")), 2)

    def test_a_hanging_login_ends_with_its_timeout(self):
        self.service.fault(hang=True)
        begun = time.monotonic()
        self.raises(pyodbc.OperationalError, "HYT00", pyodbc.connect,
                    connection_string(URL=self.unproved), timeout=1)
        self.assertLess(time.monotonic() - begun, 5)

    def test_an_unknown_keyword_is_no_error(self):
        self.connect(APP="trial", Nonsense="1", Trusted_Connection="no")

    # ---- transactions, which the service does not have ----

    def test_pyodbc_connects_in_its_manual_commit_mode(self):
        connection = self.connect(autocommit=False)
        connection.execute("INSERT INTO [PostgreSQL1].[public].[settings] VALUES ('manual-commit', '1')")
        connection.commit()
        connection.rollback()
        self.assertEqual(self.connect().execute("SELECT value FROM [PostgreSQL1].[public].[settings]"
                                                " WHERE name = 'manual-commit'").fetchval(), "1")

    def test_commit_and_rollback_with_autocommit(self):
        connection = self.connect()
        self.assertTrue(connection.autocommit)
        connection.commit()
        connection.rollback()
        connection.autocommit = False
        connection.autocommit = True

    def test_strict_transactions_refuse_manual_commit(self):
        text = self.raises(pyodbc.Error, "HYC00", self.connect, autocommit=False, StrictTransactions=1)
        self.assertIn("transaction", text)
        self.connect(StrictTransactions=1)

    # ---- errors of statements ----

    def test_exception_classes_of_statements(self):
        connection = self.connect()
        for query, kind, state in (
                ("SELECT * FROM [Salesforce].[Salesforce].[Nothing]", pyodbc.ProgrammingError, "42S02"),
                ("SELECT Nothing FROM [Salesforce].[Salesforce].[Account]", pyodbc.ProgrammingError, "42S22"),
                ("SELECT FROM WHERE", pyodbc.ProgrammingError, "42000")):
            with self.subTest(query):
                self.raises(kind, state, connection.execute, query)
        self.assertEqual(int(connection.execute("SELECT 1").fetchval()), 1)

    def test_the_text_of_the_service_is_whole(self):
        text = self.raises(pyodbc.ProgrammingError, "42S02", self.connect().execute, "SELECT * FROM [Nothing]")
        self.assertIn("Table '[Nothing]' does not exist", text)
        self.assertIn("<Query ID: ", text)
        self.assertIn("[Connect AI][ODBC driver]", text)

    def test_an_error_after_rows_comes_after_the_rows(self):
        self.service.fault(path="/query", errorAfterRows=5, errorCode="QUERY_FAILED", errorMessage="The source broke")
        cursor = self.connect().execute(FIVE)
        self.assertEqual(len([cursor.fetchone() for _ in range(5)]), 5)
        for _ in range(3):
            self.assertIn("The source broke", self.raises(pyodbc.Error, "HY000", cursor.fetchone))

    def test_fetchall_never_takes_a_broken_result_for_whole(self):
        for fault, kind, state in (({"errorAfterRows": 5, "errorMessage": "broke"}, pyodbc.Error, "HY000"),
                                   ({"cutAfterRows": 5}, pyodbc.OperationalError, "08S01"),
                                   ({"cutAfterBytes": 300}, pyodbc.OperationalError, "08S01"),
                                   ({"reset": "during", "cutAfterRows": 5}, pyodbc.OperationalError, "08S01")):
            with self.subTest(fault):
                self.service.reset()
                connection = self.connect(MaxRetries=0, Compression=0)
                self.service.fault(path="/query", **fault)
                self.raises(kind, state, lambda: connection.execute(FIVE).fetchall())

    def test_statuses_of_the_service(self):
        connection = self.connect(MaxRetries=0)
        for status, kind, state in ((400, pyodbc.Error, "HY000"), (401, pyodbc.InterfaceError, "28000"),
                                    (403, pyodbc.ProgrammingError, "42000"), (429, pyodbc.Error, "HY000"),
                                    (500, pyodbc.Error, "HY000"), (503, pyodbc.Error, "HY000"),
                                    (504, pyodbc.OperationalError, "HYT00")):
            with self.subTest(status):
                self.service.reset()
                self.service.fault(path="/query", status=status)
                text = self.raises(kind, state, connection.execute, "SELECT 1")
                self.assertIn("(%d)" % status, text)

    def test_a_select_is_tried_again(self):
        connection = self.connect(RetryDelay=10)
        self.service.fault(path="/query", status=503, count=2)
        self.assertEqual(int(connection.execute("SELECT 1").fetchval()), 1)
        self.assertEqual(len(self.service.requests("/query")), 3)

    def test_an_insert_is_never_tried_again(self):
        connection = self.connect(RetryDelay=10)
        self.service.fault(path="/query", status=503)
        self.raises(pyodbc.Error, "HY000", connection.execute,
                    "INSERT INTO [PostgreSQL1].[public].[settings] VALUES ('never', 'twice')")
        self.assertEqual(len(self.service.requests("/query")), 1)

    def test_read_only_refuses_to_write(self):
        connection = self.connect(ReadOnly=1)
        with self.assertRaises(pyodbc.Error):
            connection.execute("DELETE FROM [PostgreSQL1].[public].[settings]")
        self.assertEqual(self.service.requests("/query"), [])

    # ---- timeouts and threads ----

    def test_a_query_timeout(self):
        connection = self.connect()
        connection.timeout = 1
        self.service.fault(path="/query", hang=True, count=1)
        begun = time.monotonic()
        self.raises(pyodbc.OperationalError, "HYT00", connection.execute, "SELECT 1")
        self.assertLess(time.monotonic() - begun, 5)
        self.assertEqual(int(connection.execute("SELECT 1").fetchval()), 1)

    def test_cancel_from_another_thread(self):
        connection = self.connect()
        cursor = connection.cursor()
        self.service.fault(path="/query", hang=True, count=1)
        timer = threading.Timer(0.5, cursor.cancel)
        timer.start()
        begun = time.monotonic()
        with self.assertRaises(pyodbc.Error) as caught:
            cursor.execute("SELECT 1")
        timer.join()
        self.assertEqual(caught.exception.args[0], "HY008")
        self.assertLess(time.monotonic() - begun, 5)

    def test_threads_with_a_connection_each(self):
        counts = []

        def work():
            connection = pyodbc.connect(connection_string(), autocommit=True)
            for _ in range(5):
                counts.append(len(connection.execute("SELECT * FROM [Bench].[Bench].[Rows] LIMIT 500").fetchall()))
            connection.close()

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(counts, [500] * 40)


main("pyodbc-" + pyodbc.version)
