"""Two writers at once: of one item, and of one name."""
import copy
import os
import threading
import time
import unittest

from harness import Home, VaultCase
from support import bitwarden_account as ba
from support.bitwarden.items import cipher_from, fresh
from support.bitwarden.routing import Refused
from support.bitwarden_account import Organization, open_text


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

class Twins(VaultCase):
    """two pushes that begin at the same moment: both find no item of the name, and both make one"""

    def setUp(self):
        super().setUp()
        self.org = Organization(self.server, self.account)
        self.collection = self.org.add_collection("C")
        self.account.add_folder("F")
        self.second = Home(self.server.url, self.account)
        self.addCleanup(self.second.close)
        for home in (self.home, self.second):
            home.login()
        self.server.pace = 0

    def push_both(self, one, two, place, delays):
        """[(exit code, what was said)] of two pushes, each of which was sent its sync before either made anything. delays of
        both first calls: (before the item gets its date, from there until it is to be seen)"""
        together, answers, slow = threading.Barrier(2, timeout=20), {}, {}
        delays = iter(delays)

        def meet(handler):
            if handler.command == "POST" and handler.path.startswith("/api/ciphers") and not together.broken:
                try:
                    together.wait()
                    before, slow[threading.get_ident()] = next(delays, (0, 0))
                    time.sleep(before)
                except threading.BrokenBarrierError:
                    pass

        def unseen():
            self.server.lock.release()
            time.sleep(slow.pop(threading.get_ident(), 0))
            self.server.lock.acquire()
        self.server.before[:], self.server.between_check_and_change = [meet], unseen

        def push(home, text):
            (home.work / ".env").write_text(text)
            done = home.call("vault", "push", "--to", place, "--yes")
            answers[home] = done.returncode, done.stderr.decode()
            together.abort()
        people = [threading.Thread(target=push, args=x) for x in ((self.home, one), (self.second, two))]
        for person in people:
            person.start()
        for person in people:
            person.join()
        self.server.before.clear()
        return [answers[self.home], answers[self.second]]

    def left(self, organization):
        return {name: [x for x, _ in found if not x["deletedDate"]] for name, found in self.account.items(organization).items()}

    def test_the_same_value_stays_once(self):
        for place, organization in (("C", self.org), ("F", None)):
            for delays in (((0, 0), (0, 0)), ((0, 0.2), (0, 0.2)), ((0, 0.5), (0.1, 0)), ((0, 0), (0.2, 0))):
                self.server.ciphers.clear()
                self.server.touch()
                ends = self.push_both("A=1\n", "A=1\n", place, delays)
                self.assertEqual([code for code, _ in ends], [0, 0], ends)
                self.assertEqual(len(self.server.ciphers), 2)
                left = self.left(organization)
                self.assertEqual([len(x) for x in left.values()], [1], delays)
                eldest = min(self.server.ciphers.values(), key=lambda x: (x["creationDate"], x["id"]))
                self.assertEqual(left["A"][0]["id"], eldest["id"])
                for home in (self.home, self.second):
                    self.assertIn("unchanged\tA", home.run("vault", "push", "--to", place, "--yes"))

    def test_another_value_that_came_unseen_stays_and_is_named(self):
        """the elder's call takes so long that the younger's push is over before the item is there"""
        ends = self.push_both("A=1\n", "A=2\n", "C", ((0, 1.5), (0.1, 0)))
        self.assertEqual(sorted(code for code, _ in ends), [0, 1], ends)
        elder = min(self.server.ciphers.values(), key=lambda x: (x["creationDate"], x["id"]))
        (said,) = (text for code, text in ends if code)
        self.assertIn(elder["id"], said)
        self.assertEqual(len(self.left(self.org)["A"]), 2)

    def test_another_value_is_refused_by_name(self):
        ends = self.push_both("A=1\nB=same\n", "A=2\nB=same\n", "C", ((0, 0.1), (0, 0.1)))
        self.assertEqual(sorted(code for code, _ in ends), [0, 1], ends)
        loser = next(i for i, (code, _) in enumerate(ends) if code)
        self.assertIn("'A'", ends[loser][1])
        left = self.left(self.org)
        self.assertEqual({name: len(x) for name, x in left.items()}, {"A": 1, "B": 1})
        item = left["A"][0]
        self.assertEqual(open_text(item["login"]["password"], self.org.key), "21"[loser])
        home = (self.home, self.second)[loser]
        self.assertIn("update\tA", home.run("vault", "push", "--to", "C", "--yes"))
        self.assertEqual(open_text(self.left(self.org)["A"][0]["login"]["password"], self.org.key), "12"[loser])

    def test_made_by_hand_two_may_have_one_name(self):
        for _ in range(2):
            self.home.run("vault", "create", "n", "--collection", "C", secrets={"--value-fd": "x"})
        self.assertEqual(len(self.left(self.org)["n"]), 2)


if __name__ == "__main__":
    unittest.main()
