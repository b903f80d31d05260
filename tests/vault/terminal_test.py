"""Passwords that a person types: on a terminal (a pty), without echo."""
import re
import unittest

from harness import STANCH, VaultCase
from support.terminal import Terminal


class Typed(VaultCase):
    def setUp(self):
        super().setUp()
        self.account.add_item("x", login={"password": "canary-x"})
        self.home.login()

    def on_terminal(self, *words):
        return Terminal([STANCH, "vault", *words], self.home.work, environment=self.home.env)

    def test_a_link_with_a_password(self):
        terminal = self.on_terminal("share", "x", "--password", "--max-views", "3")
        terminal.read_until(b"Password for the link: ", 100)
        terminal.type(b"typed word\n")
        self.assertEqual(terminal.end(100), 0)
        self.assertNotIn(b"typed word", terminal.seen)
        link = re.search(rb"http\S+#\S+", terminal.seen)[0].decode()
        self.home.run("vault", "receive", link, code=1, secrets={"--send-password-fd": "another"})
        self.assertEqual(self.home.run("vault", "receive", link, secrets={"--send-password-fd": "typed word"}), "canary-x")
        terminal = self.on_terminal("receive", link)
        terminal.read_until(b"The link's password: ", 100)
        terminal.type(b"typed word\n")
        self.assertEqual(terminal.end(100), 0)
        self.assertIn(b"canary-x", terminal.seen)
        self.assertNotIn(b"typed word", terminal.seen)


if __name__ == "__main__":
    unittest.main()
