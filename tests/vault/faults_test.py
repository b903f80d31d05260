import json
import os
import re
import secrets
import unittest

from harness import VaultCase
from support.bitwarden_account import Organization
from support.canaries import canary

# How many system calls are let through before the kill; more by hand: STANCH_KILL_POINTS=200.
KILL_POINTS = int(os.environ.get("STANCH_KILL_POINTS", "12"))
MUTATIONS = int(os.environ.get("STANCH_MUTATIONS", "60"))


class Network(VaultCase):
    def setUp(self):
        super().setUp()
        self.org = Organization(self.server, self.account)
        self.org.add_collection("C")
        self.home.login()
        (self.home.work / ".env").write_text("".join(f"KEY_{i}={canary(str(i))}\n" for i in range(6)))

    def push(self, code=0):
        return self.home.run("vault", "push", "--to", "C", "--yes", code=code)

    def test_the_next_push_finishes_without_duplicates(self):
        for lost in range(6):
            count = iter(range(100))

            def lose(method, path):
                if path == "/api/ciphers/create" and next(count) == lost:
                    return "drop"  # it was made, and nobody heard of it
            self.server.ciphers.clear()
            self.server.touch()
            self.server.after[:] = [lose]
            self.push(code=3)
            self.server.after.clear()
            self.push()
            self.assertEqual({k: len(v) for k, v in self.account.items(self.org).items()}, {f"KEY_{i}": 1 for i in range(6)})


class Cache(VaultCase):
    def setUp(self):
        super().setUp()
        for i in range(3):
            self.account.add_item(f"item {i}", item_key=i == 1, login={"password": canary(f"-{i}")})
        self.home.login()

    def test_changed_or_cut_is_fetched_again_never_believed(self):
        whole = self.home.cache().read_bytes()
        for i in range(MUTATIONS):
            data = bytearray(whole)
            if i % 5 == 0:
                data = data[:len(data) * (i // 5) // (MUTATIONS // 5 + 1)]
            else:
                data[secrets.randbelow(len(data))] ^= 1 << secrets.randbelow(8)
            self.home.cache().write_bytes(data)
            self.assertEqual(self.home.get(f"item {i % 3}"), canary(f"-{i % 3}"))
        self.home.cache().unlink()
        self.assertEqual(self.home.get("item 0"), canary("-0"))
        self.assertEqual(self.home.cache().stat().st_mode & 0o777, 0o600)

    def test_without_the_server_a_changed_cache_gives_nothing(self):
        data = bytearray(self.home.cache().read_bytes())
        data[300] ^= 1
        self.home.cache().write_bytes(data)
        self.server.before.append(lambda handler: (503, None, [("Retry-After", "3600")]))
        self.assertEqual(self.home.run("vault", "get", "item 0", code=3), "")

    def test_exchanged_bodies_are_noticed(self):
        data = self.home.cache().read_bytes()
        bodies = [m.start() for m in re.finditer(rb'\{"id":"', data)][-3:]
        one, two = data[bodies[0]:bodies[1]], data[bodies[1]:bodies[2]]
        self.home.cache().write_bytes(data[:bodies[0]] + two + one + data[bodies[2]:])
        self.assertEqual(self.home.get("item 0"), canary("-0"))

    def test_changed_answers_give_no_wrong_value(self):
        """every sealed text of a sync answer in turn with one bit changed"""
        real = self.server.sync
        for i in range(MUTATIONS):
            def changed(user, i=i):
                text = json.dumps(real(user))
                spots = [m.end() for m in re.finditer(r'"2\.', text)]
                at = spots[i % len(spots)] + 3 + i % 60
                return json.loads(text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1:])
            self.server.sync = changed
            done = self.home.call("vault", "sync", "--force")
            self.assertIn(done.returncode, (0, 1, 2, 3))
            for j in range(3):
                done = self.home.call("vault", "get", f"item {j}", "-n")
                self.assertIn(done.stdout.decode(), ("", canary(f"-{j}")))
        self.server.sync = real

    def test_garbage_instead_of_answers(self):
        whole = self.home.cache().read_bytes()
        for body in (b"", b"null", b"[]", b"{}", b"<html>", b'{"profile":{},"ciphers":{}}', b"\xff" * 50, b"[" * 500, b'{"ciphers":[1,"x",null]}'):
            self.server.before[:] = [lambda handler, b=body: (200, b, []) if handler.path.startswith("/api/sync") else None]
            self.assertIn(self.home.call("vault", "sync", "--force").returncode, (1, 2, 3))
        self.assertEqual(self.home.cache().read_bytes(), whole)


class Killed(VaultCase):
    """strace delivers SIGKILL at the n-th system call"""

    def setUp(self):
        super().setUp()
        self.org = Organization(self.server, self.account)
        self.org.add_collection("C")
        self.account.add_item("old", login={"password": canary("still here")})
        self.home.login()

    def system_calls(self, *words):
        """(name, its how-manieth in its thread) of every call, in order: strace counts each name by itself"""
        log, seen = self.home.top / "calls", {}
        self.home.call(*words, before=("strace", "-f", "-qq", "-o", str(log), "-e", "trace=all"))
        for pid, name in re.findall(r"^(\d+) +(\w+)\(", log.read_text(), re.M):
            seen[pid, name] = seen.get((pid, name), 0) + 1
            yield name, seen[pid, name]

    def killed(self, before, *words):
        """the command with a kill at KILL_POINTS calls, evenly spread; `before` each, and a look at what is left after each"""
        before()
        calls, kills = list(self.system_calls(*words)), 0
        for i in range(KILL_POINTS):
            before()
            name, number = calls[len(calls) * i // KILL_POINTS]
            inject = f"inject={name}:signal=KILL:when={number}"
            done = self.home.call(*words, before=("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + name, "-e", inject))
            kills += done.returncode == -9
            yield name
        self.assertGreater(kills, KILL_POINTS * 3 // 4)
        self.assertEqual([p.name for p in self.home.cache().parent.iterdir()], ["vault.cache"])

    def test_sync(self):
        sync = ("vault", "sync", "--force")
        for _ in self.killed(lambda: None, *sync):
            self.assertEqual(self.home.get("old"), canary("still here"))
            self.home.run(*sync)

    def test_push(self):
        def before():
            self.server.ciphers = {k: c for k, c in self.server.ciphers.items() if not c["organizationId"]}
            self.server.touch()
        push, amounts = ("vault", "push", "--to", "C", "--yes"), set()
        (self.home.work / ".env").write_text(f"A={canary('1')}\nB={canary('2')}\nC={canary('3')}\n")
        for _ in self.killed(before, *push):
            amounts.add(len(self.server.ciphers) - 1)
            self.assertEqual(self.home.get("old"), canary("still here"))
            self.home.run(*push)
            self.assertEqual({k: len(v) for k, v in self.account.items(self.org).items()}, {"A": 1, "B": 1, "C": 1})
        self.assertGreater(len(amounts), 1)  # before, between and behind the items

    def test_set(self):
        for _ in self.killed(lambda: None, "vault", "edit", "old", "--uri", "https://example.com"):
            self.assertEqual(self.home.get("old"), canary("still here"))
            self.assertEqual(len(self.account.items()["old"]), 1)

if __name__ == "__main__":
    unittest.main()
