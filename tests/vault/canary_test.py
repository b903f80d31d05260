import os
import pathlib
import secrets
import subprocess
import threading
import unittest

from harness import VaultCase
from support import bitwarden_account as ba
from support import canaries
from support.bitwarden_account import Account


class Canaries(VaultCase):
    def test_no_value_is_left_anywhere(self):
        canary = canaries.canary() + secrets.token_hex(8)
        self.account.password = canary + "master"
        self.account = Account(self.server, "c@example.com", canary + "master")
        self.account.add_item("x", login={"password": canary + "password", "username": canary + "user", "totp": canary},
                              notes=canary + "note", fields=[(1, canary + "field", canary + "value")])
        seen = []
        stop = threading.Event()

        def watch():
            while not stop.is_set():
                for pid in filter(str.isdigit, os.listdir("/proc")):
                    if pid == str(os.getpid()):
                        continue
                    for part in ("cmdline", "environ"):
                        try:
                            with open(f"/proc/{pid}/{part}", "rb") as file:
                                if canary.encode() in file.read():
                                    seen.append((pid, part))
                        except OSError:
                            pass
        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            self.home.login(self.account)
            for field in ("password", "username", "notes", canary + "field"[:0] + "field"):
                self.home.call("vault", "get", "x", "--field", "password" if canary in field else field)
            self.home.set("x", canary + "new")
            self.home.run("vault", "list")
            self.home.run("vault", "sync", "--force")
            self.home.run("vault", "lock")
            self.home.run("vault", "unlock", secrets={"--password-fd": self.account.password})
            (self.home.work / "plain.env").write_text("A=bw://x/password\n")
            self.home.run("run", "--env-file", "plain.env", "--", "true", code=None)
            self.crash("vault", "get", "x")
        finally:
            stop.set()
            watcher.join()
        self.assertEqual(seen, [])
        for needle in (canary, canary.encode().hex(), ba.b64(canary.encode())[:20], self.account.key.hex(), ba.b64(self.account.key)[:40]):
            found = subprocess.run(["grep", "-rlaF", needle, str(self.home.top), "/dev/shm"], capture_output=True, text=True).stdout
            self.assertEqual(found, "", needle[:12])

    def crash(self, *words):
        """a fault at the moment when the value is in memory, where a core would be written"""
        allowed = ("sh", "-c", 'ulimit -c unlimited; exec "$@"', "sh")
        at_answer = ("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=write", "-e", "inject=write:signal=SEGV:when=1")
        pattern = pathlib.Path("/proc/sys/kernel/core_pattern").read_text().strip()
        folder = pathlib.Path(pattern).parent if pattern.startswith("/") else self.home.work
        before = set(folder.iterdir())
        # A sanitizer would turn the fault into a report of its own.
        sanitizer = os.environ.get("ASAN_OPTIONS", "") + ":handle_segv=0"
        self.assertEqual(self.home.call(*words, before=allowed + at_answer, ASAN_OPTIONS=sanitizer).returncode, -11)
        self.assertEqual(set(folder.iterdir()), before)


if __name__ == "__main__":
    unittest.main()
