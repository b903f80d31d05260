import copy
import json
import os
import pathlib
import random
import re
import secrets
import subprocess
import threading
import time
import unittest

from harness import STANCH, Home, VaultCase
from support import bitwarden_account as ba
from support.bitwarden.items import cipher_from, fresh
from support.bitwarden.routing import Refused
from support.bitwarden.sign_in import totp
from support.bitwarden_account import Account, Organization, open_text

# How many system calls are let through before the kill; more by hand: STANCH_KILL_POINTS=200.
KILL_POINTS = int(os.environ.get("STANCH_KILL_POINTS", "12"))
MUTATIONS = int(os.environ.get("STANCH_MUTATIONS", "60"))


class Conflicts(VaultCase):
    def setUp(self):
        super().setUp()
        self.account.add_item("x", login={"password": "p", "username": "u"}, notes="n", fields=[(0, "a", "1"), (0, "b", "2")])
        self.home.login()

    def meanwhile(self, change):
        """another client's edit lands between our sync and our write"""
        def hook(handler):
            if handler.command == "PUT" and hook in self.server.before:
                self.server.before.remove(hook)
                item, key = self.account.one("x")
                change(item, key)
                item["revisionDate"] = "2031-01-01T00:00:00.000000Z"
                self.server.touch()
        self.server.before.append(hook)

    def test_changes_of_different_fields_are_both_kept(self):
        def change(item, key):
            for field in ("username", "password"):  # sealed again, as the official client does
                item["login"][field] = ba.seal("theirs" if field == "username" else "p", key)
            item["fields"].append({"type": 0, "name": ba.seal("c", key), "value": ba.seal("3", key), "linkedId": None})
            item["fields"][0]["value"] = ba.seal("theirs", key)
        self.meanwhile(change)
        self.home.set("x/password", "mine")
        item, key = self.account.one("x")
        self.assertEqual(open_text(item["login"]["username"], key), "theirs")
        self.assertEqual(open_text(item["login"]["password"], key), "mine")
        self.assertEqual([open_text(h["password"], key) for h in item["passwordHistory"]], ["p"])
        self.assertEqual([open_text(f["value"], key) for f in item["fields"]], ["theirs", "2", "3"])

    def other_client(self, point):
        """one that knows the item from its start, and puts its edit (as servers check it) at this call of ours"""
        item, key = self.account.one("x")
        request = copy.deepcopy(item) | {"lastKnownRevisionDate": item["revisionDate"]}
        request["login"]["username"] = ba.seal("theirs", key)
        refused, calls = [], []

        def hook(handler):
            calls.append(handler.command)
            if len(calls) == point:
                try:
                    fresh(item, request)
                    cipher_from(handler, self.server, request, item)
                except Refused as error:
                    refused.append(error)
        self.server.before[:] = [hook]
        return calls, refused

    def test_another_client_between_any_two_calls(self):
        self.server.pace = 0  # so that the item is young, and the server as forgiving as they are
        point, calls = 1, [1]
        while point <= len(calls):
            item, key = self.account.one("x")
            item["login"] |= {"username": ba.seal("u", key), "password": ba.seal("p", key)}
            item["revisionDate"] = self.server.now()
            self.home.run("vault", "sync", "--force")
            calls, refused = self.other_client(point)
            self.home.set("x/password", f"mine {point}")
            self.server.before.clear()
            item, key = self.account.one("x")
            self.assertEqual(open_text(item["login"]["password"], key), f"mine {point}")
            self.assertEqual(open_text(item["login"]["username"], key), "u" if refused else "theirs", point)
            point += 1
        self.assertGreater(point, 5)

    def test_two_of_us_at_once(self):
        """the server works on both calls at the same moment: neither's check sees the other's change"""
        self.server.pace, self.server.lag = 0, 0.15
        second = Home(self.server.url, self.account)
        self.addCleanup(second.close)
        second.login()
        for other, expected in (("notes", {0}), ("password", {0, 1})):
            ends = []

            def write(home, field, value):
                done = home.call("vault", "set", "x/" + field, secrets={"--value-fd": value})
                ends.append((value, done.returncode, done.stderr.decode()))
            for turn in range(3):
                ends.clear()
                people = [threading.Thread(target=write, args=(self.home, "password", f"one {turn}")),
                          threading.Thread(target=write, args=(second, other, f"two {turn}"))]
                for person in people:
                    person.start()
                for person in people:
                    person.join()
                item, key = self.account.one("x")
                there = [item["notes"], item["login"]["password"], *(h["password"] for h in item["passwordHistory"])]
                there = [open_text(value, key) for value in there]
                for value, code, errors in ends:
                    self.assertIn(code, expected, errors)
                    if code:
                        self.assertIn("login.password", errors)
                    else:
                        self.assertIn(value, there)

    def test_the_item_got_a_key_of_its_own_meanwhile(self):
        def change(item, key):
            own = os.urandom(64)
            item.update(key=ba.seal(own, key), name=ba.seal("x", own), notes=ba.seal("theirs", own), fields=None)
            item["login"] = item["login"] | {"username": ba.seal("u", own), "password": ba.seal("p", own)}
        self.meanwhile(change)
        self.home.set("x/password", "mine")
        item, key = self.account.one("x")
        self.assertEqual(open_text(item["notes"], key), "theirs")
        self.assertEqual(open_text(item["login"]["password"], key), "mine")

    def test_the_same_field_is_refused_by_name(self):
        def change(item, key):
            word = "theirs"
            item["login"]["password"] = ba.seal(word, key)
        self.meanwhile(change)
        self.home.set("x", "mine", code=1)
        self.assertIn("login.password", self.home.errors)
        self.assertNotIn("theirs", self.home.errors)
        item, key = self.account.one("x")
        self.assertEqual(open_text(item["login"]["password"], key), "theirs")

    def test_patience_as_asked(self):
        asked = []

        def hook(handler):
            if handler.path.startswith("/api/sync") and len(asked) < 2:
                asked.append(time.monotonic())
                return 429, {"message": "slow down"}, [("Retry-After", "1")]
        self.server.before.append(hook)
        self.home.run("vault", "sync", "--force")
        self.assertEqual(len(asked), 2)
        self.assertGreaterEqual(asked[1] - asked[0], 0.9)


class Network(VaultCase):
    def setUp(self):
        super().setUp()
        self.org = Organization(self.server, self.account)
        self.org.add_collection("C")
        self.home.login()
        (self.home.work / ".env").write_text("".join(f"KEY_{i}=value{i}\n" for i in range(6)))

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
            self.account.add_item(f"item {i}", item_key=i == 1, login={"password": f"canary-{i}"})
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
            self.assertEqual(self.home.get(f"item {i % 3}"), f"canary-{i % 3}")
        self.home.cache().unlink()
        self.assertEqual(self.home.get("item 0"), "canary-0")
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
        self.assertEqual(self.home.get("item 0"), "canary-0")

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
                self.assertIn(done.stdout.decode(), ("", f"canary-{j}"))
        self.server.sync = real

    def test_garbage_instead_of_answers(self):
        whole = self.home.cache().read_bytes()
        for body in (b"", b"null", b"[]", b"{}", b"<html>", b'{"profile":{},"ciphers":{}}', b"\xff" * 50, b"[" * 500, b'{"ciphers":[1,"x",null]}'):
            self.server.before[:] = [lambda handler, b=body: (200, b, []) if handler.path.startswith("/api/sync") else None]
            self.assertIn(self.home.call("vault", "sync", "--force").returncode, (1, 2, 3))
        self.assertEqual(self.home.cache().read_bytes(), whole)


class SignIn(VaultCase):
    """answers to a sign-in with bytes changed, cut out, doubled and moved: more by hand, STANCH_MUTATIONS=10000"""
    SEED = "JBSWY3DP" "EHPK3PXP"

    def setUp(self):
        super().setUp()
        self.account.add_item("x", login={"password": "canary-x"})
        self.random = random.Random(7)
        self.altered, self.asked = {}, []

    def mutated(self, data):
        data = bytearray(data)
        for _ in range(self.random.randint(1, 3)):
            if len(data) < 2:
                break
            at, other = self.random.randrange(len(data)), self.random.randrange(len(data))
            part = data[at:at + self.random.randint(1, 40)]
            change = self.random.randrange(6)
            if change == 0:
                data[at] ^= 1 << self.random.randrange(8)
            elif change == 1:
                data[at] = self.random.randrange(256)
            elif change == 2:
                del data[at:at + len(part)]
            elif change == 3:
                data[other:other] = part
            elif change == 4:
                del data[at:]
            else:
                data[at], data[other] = data[other], data[at]
        return bytes(data)

    def test_changed_answers(self):
        ways, wanted, logged_in = ("password", "code", "key"), ("prelogin", "token", "config", "any"), 0

        def alter(handler, data):
            path = handler.path
            if "token" in path:
                self.asked.append(dict(self.altered))
            if wanted[turn // 3 % 4] not in (path.rsplit("/", 1)[-1].replace("password", "prelogin"), "any"):
                return data
            data = self.mutated(data)
            self.altered["prelogin" if "prelogin" in path else path] = data
            return data
        for turn in range(MUTATIONS):
            way = ways[turn % 3]
            self.account.user["totp"] = self.SEED if way == "code" else None
            self.home.env |= {"BW_CLIENTID": "user." + self.account.id, "BW_CLIENTSECRET": self.account.user["apiKey"]}
            self.altered.clear()
            self.asked.clear()
            self.server.alter[:] = [alter]
            secrets = {"--password-fd": self.account.password} | ({"--code-fd": totp(self.SEED)} if way == "code" else {})
            done = self.home.call("vault", "login", self.account.email, "--server", self.server.url,
                                  *(["--api-key"] if way == "key" else []), secrets=secrets)
            self.server.alter.clear()
            self.assertIn(done.returncode, (0, 1, 2, 3), (self.altered, done.stderr))
            self.assertNotIn(b"Sanitizer", done.stderr, self.altered)
            self.assertNotIn(b"canary", done.stdout + done.stderr)
            if self.asked:
                self.assertFalse(weak(self.asked[0].get("prelogin")), self.asked[0])
            if done.returncode == 0:
                logged_in += 1
                self.assertIn(self.home.call("vault", "get", "x", "-n").stdout, (b"", b"canary-x"), self.altered)
        self.assertGreater(logged_in, MUTATIONS // 10)  # not every change matters


def weak(answer):
    """whether a whole, unambiguous prelogin answer names a derivation that nobody may use"""
    def once(pairs):
        if len(dict(pairs)) != len(pairs):
            raise ValueError("named twice")
        return dict(pairs)
    try:
        kdf = json.loads(answer or b"null", object_pairs_hook=once)
    except ValueError:
        return False
    kdf = kdf.get("kdfSettings") or kdf if isinstance(kdf, dict) else {}
    number = kdf.get("iterations", kdf.get("kdfIterations"))
    return kdf.get("kdfType", kdf.get("kdf")) == 0 and isinstance(number, int) and number < 5000


class Killed(VaultCase):
    """strace delivers SIGKILL at the n-th system call"""

    def setUp(self):
        super().setUp()
        self.org = Organization(self.server, self.account)
        self.org.add_collection("C")
        self.account.add_item("old", login={"password": "still here"})
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
            self.assertEqual(self.home.get("old"), "still here")
            self.home.run(*sync)

    def test_push(self):
        def before():
            self.server.ciphers = {k: c for k, c in self.server.ciphers.items() if not c["organizationId"]}
            self.server.touch()
        push, amounts = ("vault", "push", "--to", "C", "--yes"), set()
        (self.home.work / ".env").write_text("A=1\nB=2\nC=3\n")
        for _ in self.killed(before, *push):
            amounts.add(len(self.server.ciphers) - 1)
            self.assertEqual(self.home.get("old"), "still here")
            self.home.run(*push)
            self.assertEqual({k: len(v) for k, v in self.account.items(self.org).items()}, {"A": 1, "B": 1, "C": 1})
        self.assertGreater(len(amounts), 1)  # before, between and behind the items

    def test_set(self):
        for _ in self.killed(lambda: None, "vault", "edit", "old", "--uri", "https://example.com"):
            self.assertEqual(self.home.get("old"), "still here")
            self.assertEqual(len(self.account.items()["old"]), 1)


class Canaries(VaultCase):
    def test_no_value_is_left_anywhere(self):
        canary = "canary" + secrets.token_hex(8)
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
