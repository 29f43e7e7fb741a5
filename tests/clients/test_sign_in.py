"""connectai-dsn: data sources, secrets that never stand on a command line, and signing in by a browser and by a
code against the local service's OAuth authority. This program is the browser."""

import json
import os
import pty
import re
import shutil
import stat
import termios
import time
import unittest.mock
import urllib.parse

from dsn_command import CLIENT, COMMAND, SECRET, Command, Running, browse
from harness import DSN, TOKEN, USER, main, write_private


class Tests(Command):
    # ---- data sources ----

    def test_a_data_source_from_beginning_to_end(self):
        self.run_command("remove", "Shop")
        self.succeed("add", "Shop", "Description=Our shop", "URL=%s/api" % self.service.base, "UID=" + USER, "PWD",
                     given=TOKEN + "\n")
        self.assertIn("Shop\tOur shop\n", self.succeed("list"))
        self.assertIn(DSN + "\n", self.succeed("list"))
        shown = self.succeed("show", "Shop")
        self.assertIn("UID = " + USER, shown)
        self.assertIn("PWD = (hidden)", shown)
        self.assertNotIn(TOKEN, shown)
        self.assertRegex(self.succeed("test", "Shop"), r"^Connected\. The account sees \d+ catalogs\.\n$")
        self.succeed("edit", "Shop", "Timeout=7", "Description=")
        self.assertIn("Timeout = 7", self.succeed("show", "Shop"))
        self.succeed("edit", "Shop", "Timeout=")
        self.assertNotIn("Timeout", self.succeed("show", "Shop"))
        self.fail_with("already", "add", "Shop")
        self.succeed("remove", "Shop")
        self.fail_with("no data source Shop of this driver", "show", "Shop")
        self.assertNotIn("Shop", self.succeed("list"))

    def test_mistakes_are_named(self):
        self.fail_with("no command", "destroy", status=2)
        self.fail_with("name is missing", "show", status=2)
        self.fail_with("not understood", "show", "A", "B", status=2)
        self.fail_with("not understood", "sign-in", "A", "--port", "70000", status=2)
        self.fail_with("no option Colour", "add", "Odd", "Colour=red", status=2)
        self.fail_with("whole number", "add", "Odd", "Timeout=never")
        self.fail_with("cannot name a data source", "add", "a;b")
        self.fail_with("no data source", "edit", "None", "Timeout=7")
        self.fail_with("no data source", "sign-in", "None")
        self.fail_with("no data source", "remove", "ODBC Data Sources")
        self.assertIn("Usage:", self.succeed("--help"))
        self.assertIn("TokenFile", self.succeed("options"))

    def test_a_secret_on_the_command_line_is_refused(self):
        for option in ("PWD", "Password", "OAuthClientSecret", "OAuthRefreshToken", "JWTKeyPassword"):
            text = self.fail_with("is a secret", "add", "Leak", option + "=" + TOKEN, status=2)
            self.assertNotIn(TOKEN, text)
        self.fail_with("no data source", "show", "Leak")

    def test_a_file_with_a_secret_is_closed_to_others(self):
        path = os.environ["ODBCINI"]
        os.chmod(path, 0o644)
        self.run_command("remove", "Closed")
        self.succeed("add", "Closed", "UID=me", "PWD=env:CA_TEST_PAT")
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode) & 0o077, 0o044)
        self.assertIn("closed to others", self.succeed("edit", "Closed", "PWD", given=TOKEN + "\n"))
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)

    def test_a_secret_is_typed_unseen(self):
        self.run_command("remove", "Typed")
        child, terminal = pty.fork()
        if child == 0:
            os.execv(COMMAND, [COMMAND, "add", "Typed", "URL=%s/api" % self.service.base, "UID=" + USER, "PWD"])
        seen = b""
        try:
            while b"Personal access token: " not in seen:
                seen += os.read(terminal, 1024)
            # the prompt comes a moment before the echo is switched off
            while termios.tcgetattr(terminal)[3] & termios.ECHO:
                time.sleep(0.01)
            os.write(terminal, TOKEN.encode() + b"\n")
            while True:
                seen += os.read(terminal, 1024)
        except OSError:
            pass  # the terminal's end
        self.assertEqual(os.waitpid(child, 0)[1], 0, seen)
        os.close(terminal)
        self.assertNotIn(TOKEN.encode(), seen)
        self.assertIn("Connected.", self.succeed("test", "Typed"))

    def test_a_token_is_kept_apart_from_the_data_source(self):
        self.run_command("remove", "Apart")
        self.succeed("add", "Apart", "URL=%s/api" % self.service.base, "UID=" + USER, "PWD", given="an older one\n")
        text = self.succeed("keep", "Apart", given=TOKEN + "\n")
        self.assertIn(self.token_file("Apart"), text)
        self.assertNotIn(TOKEN, text)
        self.assertEqual(stat.S_IMODE(os.stat(self.token_file("Apart")).st_mode), 0o600)
        self.assertNotIn("PWD", self.succeed("show", "Apart"))
        self.assertIn("Connected.", self.succeed("test", "Apart"))
        self.fail_with("was not given", "keep", "Apart")
        # an empty line is no token: the one that is kept stays
        status, text = self.run_command("keep", "Apart", given="  \n")
        self.assertEqual(status, 1, text)
        self.assertIn("no token was given", text)
        self.assertIn("Connected.", self.succeed("test", "Apart"))
        # and it goes with its data source
        self.assertIn(self.token_file("Apart"), self.succeed("remove", "Apart"))
        self.assertFalse(os.path.exists(self.token_file("Apart")))

    def test_a_file_of_ones_own_choice_stays(self):
        self.run_command("remove", "Own")
        path = os.path.join(self.directory, "own.token")
        write_private(path, TOKEN)
        self.succeed("add", "Own", "URL=%s/api" % self.service.base, "UID=" + USER, "TokenFile=" + path)
        self.assertIn("still in " + path, self.succeed("remove", "Own"))
        self.assertTrue(os.path.exists(path))

    def test_a_list_that_breaks_off_is_no_success(self):
        self.run_command("remove", "Broken")
        self.succeed("add", "Broken", "URL=%s/api" % self.service.base, "UID=" + USER, "PWD", given=TOKEN + "\n")
        self.service.fault(path="/catalogs", cutAfterRows=1)
        self.assertNotIn("Connected.", self.fail_with("08", "test", "Broken"))

    def test_what_is_wrong_is_said_in_plain_words(self):
        self.run_command("remove", "Wrong")
        self.succeed("add", "Wrong", "URL=%s/api" % self.service.base, "UID=" + USER, "PWD", given="wrong\n")
        self.assertIn("Check UID", self.fail_with("28000", "test", "Wrong"))
        self.succeed("edit", "Wrong", "URL=http://127.0.0.1:1/api")
        self.assertIn("Check URL", self.fail_with("08001", "test", "Wrong"))
        # the driver's own text says what to do: nothing that contradicts it comes behind
        self.succeed("edit", "Wrong", "SSLServerCert=/nowhere.pem", "URL=https://127.0.0.1:1/api")
        text = self.fail_with("SSLServerCert=/nowhere.pem cannot be used", "test", "Wrong")
        self.assertNotIn("TrustStore", text)
        self.fail_with("finds no such data source", "test", "NoSuchThing")

    def test_a_data_source_for_everyone_is_not_ones_own(self):
        own = os.path.join(self.directory, "own.ini")
        write_private(own, "")
        with unittest.mock.patch.dict(os.environ, ODBCINI=own):
            good = ("URL=%s/api" % self.service.base, "UID=" + USER, "PWD")
            self.succeed("add", "Mine", *good, given=TOKEN + "\n")
            self.fail_with("no data source for everyone named Mine", "test", "Mine", "--system")
            self.succeed("add", "Both", *good, given="wrong\n")
            self.succeed("add", "Both", "--system", *good, given=TOKEN + "\n")
            self.fail_with("28000", "test", "Both")
            self.assertIn("Connected.", self.succeed("test", "Both", "--system"))
            self.succeed("remove", "Both", "--system")
            self.fail_with("no data source for everyone named Both", "test", "Both", "--system")

    # ---- the browser ----

    def test_sign_in_by_browser(self):
        self.make("Web")
        running, address = self.sign_in("Web")
        asked = urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)
        self.assertRegex(asked["redirect_uri"][0], r"^http://127\.0\.0\.1:\d+/callback$")
        self.assertEqual(asked["code_challenge_method"], ["S256"])
        self.assertEqual(asked["scope"], ["offline_access"])
        self.assertNotIn(SECRET, address)
        status, page = browse(address)
        self.assertEqual(status, 200)
        self.assertIn("You are signed in", page)
        status, text = running.end()
        self.assertEqual(status, 0, text)
        kept = self.assert_signed_in("Web", text)
        # what is renewed later, by any program, is kept in the same place
        self.authority(revokeAccess=True)
        self.succeed("test", "Web")
        with open(self.token_file("Web"), encoding="utf-8") as file:
            renewed = json.load(file)
        self.assertNotEqual(renewed["refresh_token"], kept["refresh_token"])
        self.assertEqual(self.authority()["reuses"], 0)
        # and a sign-in that is over says how to begin again
        self.authority(revokeAccess=True, revokeRefresh=True)
        self.fail_with("connectai-dsn sign-in", "test", "Web")

    def test_the_desktops_browser_is_opened(self):
        self.make("Desktop")
        tools = os.path.join(self.directory, "tools")
        os.makedirs(tools, exist_ok=True)
        with open(os.path.join(tools, "xdg-open"), "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\nexec curl --noproxy '*' -sSL -o '%s/page.html' \"$1\"\n" % tools)
        os.chmod(file.name, 0o755)
        environment = dict(os.environ, DISPLAY=":0", PATH=tools + ":" + os.environ["PATH"])
        status, text = Running("sign-in", "Desktop", environment=environment).end()
        self.assertEqual(status, 0, text)
        self.assert_signed_in("Desktop", text)
        shutil.rmtree(tools)

    def test_an_answer_to_another_sign_in_is_turned_away(self):
        self.make("Forged")
        running, address = self.sign_in("Forged")
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)
        callback = query["redirect_uri"][0]
        for wrong in ("?code=stolen&state=guessed", "?code=stolen", "?error=access_denied", "?code=a&state="):
            status, page = browse(callback + wrong)
            self.assertEqual((wrong, status), (wrong, 400))
            self.assertIn("another sign-in", page)
        self.assertEqual(browse(callback.replace("/callback", "/other") + "?code=a")[0], 404)
        self.assertEqual(browse(callback, form=b"code=a")[0], 404)
        self.assertEqual(self.service.requests("/oauth/token"), [])
        browse(address)
        status, text = running.end()
        self.assertEqual(status, 0, text)
        self.assert_signed_in("Forged", text)

    def test_a_code_without_its_proof_is_worth_nothing(self):
        self.make("Stolen")
        running, address = self.sign_in("Stolen")
        state = urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)["state"][0]
        callback = urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)["redirect_uri"][0]
        browse(callback + "?code=code-of-somebody-else&state=" + urllib.parse.quote(state))
        status, text = running.end()
        self.assertEqual(status, 1, text)
        self.assertIn("invalid_grant", text)
        self.assertFalse(os.path.exists(self.token_file("Stolen")))

    def test_a_user_who_declines(self):
        self.make("Declined")
        self.authority(deny=True)
        running, address = self.sign_in("Declined")
        self.assertIn("not signed in", browse(address)[1])
        status, text = running.end()
        self.assertEqual(status, 1, text)
        self.assertIn("access_denied", text)

    def test_a_client_that_is_not_known(self):
        self.make("Unknown")
        self.succeed("edit", "Unknown", "OAuthClientSecret", given="wrong-client-secret\n")
        running, address = self.sign_in("Unknown")
        browse(address)
        status, text = running.end()
        self.assertEqual(status, 1, text)
        self.assertIn("Check OAuthClientId and OAuthClientSecret", text)
        self.succeed("edit", "Unknown", "OAuthClientId=")
        self.fail_with("your OAuth application is not named", "sign-in", "Unknown")

    def test_the_port_can_be_chosen(self):
        self.make("Port")
        running, address = self.sign_in("Port")
        port = re.search(r"127\.0\.0\.1%3A(\d+)%2Fcallback", address).group(1)
        self.fail_with("cannot be listened on", "sign-in", "Port", "--no-browser", "--port", port)
        browse(address)
        self.assertEqual(running.end()[0], 0)
        running, address = self.sign_in("Port", "--port", port)
        self.assertIn("127.0.0.1%3A" + port + "%2Fcallback", address)
        browse(address)
        self.assertEqual(running.end()[0], 0)

    def test_the_token_goes_where_the_data_source_says(self):
        path = os.path.join(self.directory, "elsewhere.token")
        write_private(path, "an older token")
        os.chmod(path, 0o644)
        self.make("Elsewhere", "TokenFile=" + path)
        running, address = self.sign_in("Elsewhere")
        browse(address)
        status, text = running.end()
        self.assertEqual(status, 0, text)
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        self.assertIn("Connected.", self.succeed("test", "Elsewhere"))

    # ---- the device ----

    def enter_code(self, running):
        address = running.read_until(r"(http://\S+/activate)\s*$").group(1)
        code = running.read_until(r"^\s+([0-9A-F]{4}-[0-9A-F]{4})\s*$").group(1)
        return browse(address, form=urllib.parse.urlencode({"user_code": code}).encode())

    def test_sign_in_by_a_code(self):
        self.make("Device")
        self.authority(slowDowns=1)
        running = Running("sign-in", "Device", "--device")
        running.read_until(r"enter this code")
        running.output, waiting = "", running.output
        self.assertIn("/activate", waiting)
        code = running.read_until(r"^\s+([0-9A-F]{4}-[0-9A-F]{4})\s*$").group(1)
        address = self.service.base + "/activate"
        self.assertEqual(browse(address, form=b"user_code=0000-0000")[0], 404)
        self.assertEqual(browse(address, form=urllib.parse.urlencode({"user_code": code}).encode())[0], 200)
        status, text = running.end()
        self.assertEqual(status, 0, text)
        self.assert_signed_in("Device", text)
        # the first poll was too early: the second came five seconds later than the interval
        polls = [request["began"] for request in self.service.requests("/oauth/token")]
        self.assertGreaterEqual(polls[1] - polls[0], 5900)
        # both are the authority's, and it is to know the client at both
        self.assertIn("client_secret", self.service.requests("/oauth/device/code")[0]["body"])
        # another server does not see the secret
        self.succeed("edit", "Device", "OAuthDeviceURL=%s/oauth/device/code" % self.service.base.replace(
            "127.0.0.1", "localhost"))
        self.service.reset()
        self.fail_with("invalid_client", "sign-in", "Device", "--device")
        self.assertNotIn("client_secret", self.service.requests("/oauth/device/code")[0]["body"])

    def ask(self, path, **members):
        """What the authority says to a form, as JSON: this program is the client."""
        form = dict(members, client_id=CLIENT, client_secret=SECRET)
        return json.loads(browse(self.service.base + path, form=urllib.parse.urlencode(form).encode())[1])

    def test_the_authority_holds_clients_to_the_rules(self):
        grant = "urn:ietf:params:oauth:grant-type:device_code"
        for form in ({}, {"grant_type": "refresh_token"}, {"grant_type": "authorization_code"}, {"grant_type": grant}):
            self.assertEqual((form, self.ask("/oauth/token", **form)["error"]), (form, "invalid_request"))
        self.assertEqual(self.ask("/oauth/token", grant_type="password")["error"], "unsupported_grant_type")
        self.assertEqual(json.loads(browse(self.service.base + "/oauth/device/code",
                                           form=b"client_id=" + CLIENT.encode())[1])["error"], "invalid_client")
        device = self.ask("/oauth/device/code")
        poll = {"grant_type": grant, "device_code": device["device_code"]}
        browse(self.service.base + "/activate",
               form=urllib.parse.urlencode({"user_code": device["user_code"]}).encode())
        self.assertIn("access_token", self.ask("/oauth/token", **poll))
        self.assertEqual(self.ask("/oauth/token", **poll)["error"], "invalid_grant")
        # who does not wait between polls is told to
        poll["device_code"] = self.ask("/oauth/device/code")["device_code"]
        self.assertIn("slow_down", [self.ask("/oauth/token", **poll)["error"] for _ in range(5)])

    def test_a_user_who_declines_the_code(self):
        self.make("DeviceNo")
        self.authority(deny=True)
        running = Running("sign-in", "DeviceNo", "--device")
        self.assertEqual(self.enter_code(running)[0], 200)
        status, text = running.end()
        self.assertEqual(status, 1, text)
        self.assertIn("declined", text)

    def test_codes_that_end_and_authorities_in_trouble(self):
        self.make("DeviceBad")
        self.service.fault(path="/oauth/token", status=400, reply='{"error":"expired_token"}')
        self.fail_with("Begin the sign-in again", "sign-in", "DeviceBad", "--device")
        self.service.reset()
        self.service.fault(path="/oauth/token", status=400, reply='{"error":"authorization_pending"}', count=1)
        self.service.fault(path="/oauth/token", status=400,
                           reply='{"error":"odd","error_description":"\\u001b[2Jwiped \\u009b2J"}')
        text = self.fail_with("?[2Jwiped ?2J", "sign-in", "DeviceBad", "--device")
        self.assertNotIn("\x1b", text)
        self.assertNotIn("\x9b", text)
        self.service.reset()
        self.service.fault(path="/oauth/device/code", reply="{}")
        self.fail_with("gave no code", "sign-in", "DeviceBad", "--device")


main("connectai-dsn", "--oauth", CLIENT, SECRET)
