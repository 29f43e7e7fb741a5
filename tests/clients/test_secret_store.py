"""The desktop's secret store: a real gnome-keyring on a bus of the test's own, which libsecret reaches."""

import os
import subprocess
import sys

from dsn_command import CLIENT, SECRET, Command, browse
from harness import BUILD, TOKEN, USER, main

if "CA_TEST_BUS" not in os.environ:
    os.environ["CA_TEST_BUS"] = "1"
    os.execvp("dbus-run-session", ["dbus-run-session", "--", sys.executable] + sys.argv)


class Store(Command):
    def setUp(self):
        super().setUp()
        os.environ.pop("LD_LIBRARY_PATH", None)

    def make_store(self, name, *words):
        self.make(name, "CredentialStore=libsecret", "UID=" + name + "@example.com", *words)

    def test_nothing_is_kept_yet(self):
        self.make_store("Nothing")
        self.fail_with("nothing is kept for this URL, UID and AuthScheme", "test", "Nothing")

    def test_a_personal_token(self):
        self.run_command("remove", "Person")
        self.succeed("add", "Person", "URL=%s/api" % self.service.base, "UID=" + USER, "CredentialStore=libsecret")
        text = self.succeed("keep", "Person", given=TOKEN + "\n")
        self.assertIn("kept in the secret store", text)
        self.assertIn("Connected.", self.succeed("test", "Person"))
        # what is kept for one account is not another's
        self.succeed("edit", "Person", "UID=somebody-else@example.com")
        self.fail_with("nothing is kept", "test", "Person")

    def test_a_sign_in(self):
        self.make_store("Signed")
        running, address = self.sign_in("Signed")
        browse(address)
        status, text = running.end()
        self.assertEqual(status, 0, text)
        self.assertIn("kept in the secret store", text)
        self.assertFalse(os.path.exists(self.token_file("Signed")))
        self.assertIn("Connected.", self.succeed("test", "Signed"))
        # every renewal is kept there, too: the refresh token before it is worth nothing
        for _ in range(2):
            self.authority(revokeAccess=True)
            self.assertIn("Connected.", self.succeed("test", "Signed"))
        self.assertEqual(self.authority()["reuses"], 0)

    def test_a_machine_without_libsecret(self):
        self.make_store("Without")
        directory = os.path.join(self.directory, "no-libsecret")
        os.makedirs(directory, exist_ok=True)
        with open(os.path.join(directory, "libsecret-1.so.0"), "wb"):
            pass  # found first, and no library
        os.environ["LD_LIBRARY_PATH"] = directory
        self.fail_with("libsecret-1.so.0 is not installed here", "test", "Without")

    def test_a_machine_without_a_store(self):
        self.make_store("Locked")
        bus = os.environ["DBUS_SESSION_BUS_ADDRESS"]
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent"
        self.addCleanup(os.environ.__setitem__, "DBUS_SESSION_BUS_ADDRESS", bus)
        self.fail_with("the secret store cannot be used", "test", "Locked")


home = os.path.abspath(os.path.join(BUILD, "clients", "secret_store"))
os.makedirs(home, mode=0o700, exist_ok=True)
os.environ.update(HOME=home, XDG_RUNTIME_DIR=home, XDG_DATA_HOME=home)
subprocess.run(["gnome-keyring-daemon", "--unlock", "--components=secrets"], input=b"password of the tests", check=True,
               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
main("secret-store", "--oauth", CLIENT, SECRET)
