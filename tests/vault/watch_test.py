"""The hook looks for the vault's values too, by digests, for as long as the vault is unlocked."""
import base64
import pathlib
import random
import string
import subprocess
import unittest

from harness import STANCH, VaultCase


class Watch(VaultCase):
    def setUp(self):
        super().setUp()
        self.value = "".join(random.Random(5).choices(string.ascii_letters + string.digits, k=28))
        self.account.add_item("billing", login={"password": self.value, "username": "user-of-billing"})
        subprocess.run(["git", "init", "-q", str(self.home.work)], check=True)

    def hook(self, text):
        (self.home.work / "notes.txt").write_text(text)
        subprocess.run(["git", "add", "notes.txt"], cwd=self.home.work, check=True)
        done = subprocess.run([STANCH, "hook", "run", "pre-commit"], cwd=self.home.work, env=self.home.env,
                              capture_output=True, text=True)
        self.assertNotIn(self.value, done.stdout + done.stderr)
        return done.returncode, done.stdout

    def test_found_while_unlocked_and_not_a_byte_on_disk(self):
        self.home.login()
        code, out = self.hook("log in with " + base64.b64encode(f"u:{self.value}".encode()).decode() + "\n")
        self.assertEqual(code, 1, out)
        self.assertIn("billing/password", out)
        self.assertEqual(self.hook("the user is user-of-billing\n")[0], 0)
        for file in filter(pathlib.Path.is_file, self.home.home.rglob("*")):
            self.assertNotIn(self.value.encode(), file.read_bytes())
            self.assertNotIn(b"billing/password", file.read_bytes())

    def test_locked_again_nothing_is_known(self):
        self.home.login()
        self.home.run("vault", "lock")
        self.assertFalse((self.home.home / ".cache/stanch/vault-watch").exists())
        self.assertEqual(self.hook(f"log in with {self.value[:9]} …\n")[0], 0)

    def test_a_changed_file_refuses(self):
        self.home.login()
        path = self.home.home / ".cache/stanch/vault-watch"
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(data)
        self.assertEqual(self.hook("clean\n")[0], 3)


if __name__ == "__main__":
    unittest.main()
