"""connectai-dsn as its tests use it: run to its end or read while it runs, with a browser that follows addresses."""

import json
import os
import re
import stat
import subprocess
import threading
import urllib.error
import urllib.request

from harness import BUILD, Case

CLIENT = "client-of-the-tests"
SECRET = "client-secret-51c0ffee"
COMMAND = os.path.join(BUILD, "connectai-dsn")
LIMIT = 60


def browse(address, form=None):
    """Follows an address and its redirects as a browser does; the status and the page."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, data=form, timeout=LIMIT) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


class Running:
    """A command under way: its standard output is read line by line."""

    def __init__(self, *words, environment=None):
        self.process = subprocess.Popen([COMMAND, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, env=environment)
        self.output = ""
        self.timer = threading.Timer(LIMIT, self.process.kill)
        self.timer.start()

    def read_until(self, pattern):
        for line in self.process.stdout:
            self.output += line
            found = re.search(pattern, line)
            if found:
                return found
        raise AssertionError("%r does not come: %s%s" % (pattern, self.output, self.process.stderr.read()))

    def end(self):
        rest, errors = self.process.communicate()
        self.timer.cancel()
        self.output += rest
        return self.process.returncode, self.output + errors


class Command(Case):
    def setUp(self):
        super().setUp()
        os.environ["HOME"] = self.directory
        os.environ.pop("XDG_DATA_HOME", None)
        self.authority(lifetimeSeconds=3600, rotate=True, deny=False, slowDowns=0)

    def authority(self, **members):
        return self.service.control("POST", "oauth", members)

    def run_command(self, *words, given=""):
        done = subprocess.run([COMMAND, *words], input=given, capture_output=True, text=True, timeout=LIMIT, check=False)
        return done.returncode, done.stdout + done.stderr

    def succeed(self, *words, given=""):
        status, text = self.run_command(*words, given=given)
        self.assertEqual(status, 0, text)
        return text

    def fail_with(self, piece, *words, status=1):
        result, text = self.run_command(*words)
        self.assertEqual(result, status, text)
        self.assertIn(piece, text)
        return text

    def make(self, name, *words):
        """A data source of this service that an OAuth application may sign in for."""
        self.run_command("remove", name)
        self.succeed("add", name, "URL=%s/api" % self.service.base, "OAuthClientId=" + CLIENT, "OAuthClientSecret",
                     "OAuthTokenURL=%s/oauth/token" % self.service.base,
                     "OAuthAuthorizeURL=%s/authorize" % self.service.base,
                     "OAuthDeviceURL=%s/oauth/device/code" % self.service.base, *words, given=SECRET + "\n")

    def sign_in(self, name, *words):
        running = Running("sign-in", name, "--no-browser", *words)
        return running, running.read_until(r"(http://\S+/authorize\?\S+)").group(1)

    def token_file(self, name):
        return os.path.join(self.directory, ".local/share/connectai-odbc", name + ".token")

    def assert_signed_in(self, name, text):
        path = self.token_file(name)
        self.assertIn(path, text)
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode), 0o700)
        with open(path, encoding="utf-8") as file:
            kept = json.load(file)
        for secret in (SECRET, kept["access_token"], kept["refresh_token"]):
            self.assertNotIn(secret, text)
        self.assertIn("AuthScheme = OAuth", self.succeed("show", name))
        self.assertIn("Connected.", self.succeed("test", name))
        return kept
