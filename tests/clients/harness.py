"""What every client test stands on: a local service, a private ODBC configuration, and a line for each test.

A test file defines unittest.TestCase classes and calls main(). Each test prints `ok NAME` or `FAIL NAME: reason`, the
form that tests/run.sh counts; a skipped test is a failure. BUILD is $CA_BUILD.
"""

import json
import os
import re
import subprocess
import sys
import time
import traceback
import unittest
import urllib.request

USER = "test@example.com"
TOKEN = "T0ken-of-the-tests-9f3c"
DSN = "CA"
DRIVER = "Connect AI"
BUILD = os.environ.get("CA_BUILD", "build")


class Service:
    """A running connectai-local and its control endpoint."""

    def __init__(self, directory, *options):
        port_file = os.path.join(directory, "port")
        if os.path.exists(port_file):
            os.remove(port_file)
        with open(os.path.join(directory, "service.output"), "wb") as output:
            self.process = subprocess.Popen(
                [os.path.join(BUILD, "connectai-local"), "--port-file", port_file, "--user", USER, "--token", TOKEN]
                + list(options),
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 20
        self.port = ""
        while not self.port.strip():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError("the local service did not start, see " + output.name)
            time.sleep(0.02)
            if os.path.exists(port_file):
                with open(port_file, encoding="ascii") as file:
                    self.port = file.read().strip()
        self.base = "http://127.0.0.1:" + self.port

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def control(self, method, path, value=None):
        body = None if value is None else json.dumps(value).encode()
        request = urllib.request.Request(self.base + "/control/" + path, data=body, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=20) as reply:
            text = reply.read().decode()
        return json.loads(text) if text.strip() else None

    def fault(self, **rule):
        """Adds a rule of what is to go wrong: see tests/service/README.md."""
        self.control("POST", "faults", rule)

    def requests(self, path=""):
        """The requests recorded since the test began whose path holds this piece."""
        recorded = self.control("GET", "requests")
        if isinstance(recorded, dict):
            recorded = recorded["requests"]
        return [request for request in recorded if path in request["path"]]

    def reset(self):
        self.control("DELETE", "faults")
        self.control("DELETE", "requests")


class Case(unittest.TestCase):
    """A test that finds the service as new: no faults, no recorded requests. Written data stays."""

    maxDiff = 2000
    service = None
    directory = None

    def setUp(self):
        self.service.reset()


def connection_string(**extra):
    """DSN=CA and these keywords."""
    return ";".join(["DSN=" + DSN] + ["%s=%s" % pair for pair in extra.items()])


def write_private(path, text):
    if os.path.exists(path):
        os.remove(path)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def configure(directory, service):
    """A driver manager configuration that knows the built driver and one data source."""
    write_private(os.path.join(directory, "odbcinst.ini"),
                  "[%s]\nDriver = %s\n" % (DRIVER, os.path.abspath(os.path.join(BUILD, "libconnectaiodbc.so"))))
    write_private(os.path.join(directory, "odbc.ini"),
                  "[%s]\nDriver = %s\nURL = %s/api\nUID = %s\nPWD = %s\nRateLimit = 0\n"
                  % (DSN, DRIVER, service.base, USER, TOKEN))
    os.environ["ODBCSYSINI"] = directory
    os.environ["ODBCINI"] = os.path.join(directory, "odbc.ini")


class Lines(unittest.TestResult):
    """Prints a line for each test."""

    def __init__(self, client):
        super().__init__()
        self.client = client

    def name(self, test):
        return "%s %s" % (getattr(test, "program", self.client), re.sub(r"^test_", "", test.id().split(".")[-1]))

    def failed(self, test, reason, detail=""):
        print("FAIL %s: %s" % (self.name(test), reason))
        for line in detail.rstrip().splitlines():
            print("    " + line)
        sys.stdout.flush()

    def addSuccess(self, test):
        print("ok %s" % self.name(test), flush=True)

    def addError(self, test, err):
        super().addError(test, err)
        text = str(err[1]).strip().splitlines()
        self.failed(test, "%s: %s" % (err[0].__name__, text[0] if text else ""),
                    "".join(traceback.format_exception(*err)))

    addFailure = addError

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.addError(test, err)

    def addSkip(self, test, reason):
        super().addError(test, (unittest.SkipTest, unittest.SkipTest(reason), None))
        self.failed(test, "skipped: " + reason)


def main(client, *service_options):
    """Runs the tests of the calling script as `client` and ends the process."""
    script = os.path.splitext(os.path.basename(sys.argv[0]))[0]
    directory = os.path.abspath(os.path.join(BUILD, "clients", re.sub(r"[^\w.]+", "_", client + "_" + script)))
    os.makedirs(directory, exist_ok=True)
    service = Service(directory, *service_options)
    try:
        configure(directory, service)
        Case.service = service
        Case.directory = directory
        suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
        result = Lines(client)
        suite.run(result)
    finally:
        service.stop()
    sys.exit(0 if result.wasSuccessful() and result.testsRun > 0 else 1)
