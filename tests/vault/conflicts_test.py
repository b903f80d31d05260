"""Two writers of one item at once."""
import copy
import os
import threading
import time
import unittest

from harness import Home, VaultCase
from support import bitwarden_account as ba
from support.bitwarden.items import cipher_from, fresh
from support.bitwarden.routing import Refused
from support.bitwarden_account import open_text


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

if __name__ == "__main__":
    unittest.main()
