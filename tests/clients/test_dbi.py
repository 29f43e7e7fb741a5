"""Perl's DBI with Debian's DBD::ODBC: dbi.pl holds the tests, one a run; here it is seen what was sent."""

import os
import subprocess

from harness import Case, main

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "dbi.pl")


class Dbi(Case):
    def perl(self, test):
        done = subprocess.run(["/usr/bin/perl", SCRIPT, test], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=120, check=False)
        self.assertEqual((done.returncode, done.stdout.decode("utf-8", "replace")), (0, ""))

    def test_rows_of_every_kind_are_fetched(self):
        self.perl("rows_of_every_kind_are_fetched")

    def test_columns_are_described(self):
        self.perl("columns_are_described")

    def test_values_are_bound(self):
        self.perl("values_are_bound")

    def test_long_values_are_bound_and_fetched(self):
        self.perl("long_values_are_bound_and_fetched")

    def test_rows_are_inserted_one_by_one(self):
        self.perl("rows_are_inserted_one_by_one")
        self.assertEqual(len(self.service.requests("/batch")), 0)

    def test_rows_are_inserted_in_one_request(self):
        self.perl("rows_are_inserted_in_one_request")
        self.assertEqual(len(self.service.requests("/batch")), 2)

    def test_queries_run_with_value_after_value(self):
        self.perl("queries_run_with_value_after_value")

    def test_procedures_are_called(self):
        self.perl("procedures_are_called")
        self.assertEqual(len(self.service.requests("/exec")), 1)

    def test_several_results_are_walked(self):
        self.perl("several_results_are_walked")

    def test_the_catalog_is_listed(self):
        self.perl("the_catalog_is_listed")

    def test_errors_have_their_states(self):
        self.perl("errors_have_their_states")

    def test_transactions_are_accepted(self):
        self.perl("transactions_are_accepted")


main("dbi")
