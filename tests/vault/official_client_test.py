"""Bitwarden's own client (build/node, tests/node-packages) and stanch on one server: what one writes, the other reads, for
an owner (PBKDF2) and a member (Argon2id) of an organization. See ground.py for how to run this against another server.
"""
import datetime
import json
import unittest

from ground import Ground, next_code
from harness import Home
from official import OfficialClient
from samples import AWKWARD, fields, item, login, samples, shape
from support.bitwarden_account import FAST

# A real server refuses weak ones.
DERIVATIONS = ({"type": 0, "iterations": 600000}, {"type": 1, "iterations": 3, "memory": 32, "parallelism": 4})
BYTES = bytes(range(256)) * 300


def start(person):
    home = Home(person.ground.url, person)
    home.login(None, "--ca-file", str(person.ground.ca))
    return home


class BothWays(unittest.TestCase):
    # With the flag, bw gives items a key of their own.
    own_keys = False

    @classmethod
    def setUpClass(cls):
        cls.ground = Ground(flags={"cipher-key-encryption": cls.own_keys})
        cls.addClassCleanup(cls.ground.close)
        people = [cls.ground.person(kdf) for kdf in DERIVATIONS]
        cls.owner, cls.member = (start(person) for person in people)
        cls.addClassCleanup(cls.owner.close)
        cls.addClassCleanup(cls.member.close)
        cls.organization = cls.owner.run("vault", "org", "create", "Team ä", "--collection", "Default")
        cls.owner.run("vault", "collection", "create", "Engineering")
        cls.owner.run("vault", "member", "invite", people[1].email, "--collection", "Engineering")
        cls.phrase = cls.member.run("vault", "fingerprint")
        cls.owner.run("vault", "confirm", people[1].email, "--fingerprint", cls.phrase)
        cls.member.run("vault", "sync")
        cls.collection = {line.split("\t")[2]: line.split("\t")[0]
                          for line in cls.owner.run("vault", "collection").splitlines()}["Engineering"]
        cls.bw, cls.bw2 = (OfficialClient(home.top, cls.ground, home.account) for home in (cls.owner, cls.member))
        for client in (cls.bw, cls.bw2):
            cls.addClassCleanup(client.close)
            client.serve()

    def shared(self, x):
        return x | {"organizationId": self.organization, "collectionIds": [self.collection]}

    def as_stanch_has_it(self, home, item_id):
        return json.loads(home.run("vault", "get", item_id, "--json"))

    def stanch_creates(self, home, x, *flags):
        kind = {1: "login", 2: "note", 3: "card", 4: "identity", 5: "ssh-key"}[x["type"]]
        members = {k: v for k, v in x.items() if k not in ("type", "name", "organizationId", "collectionIds", "folderId") and v is not None}
        return home.run("vault", "create", x["name"], "--type", kind, *flags, secrets={"--json-fd": json.dumps(members)})

    def test_the_phrase_is_the_official_one(self):
        self.assertEqual(self.bw2.phrase(), self.phrase)
        self.assertEqual(self.bw.phrase(), self.owner.run("vault", "fingerprint"))

    def test_bw_writes_and_stanch_reads(self):
        own = [(self.bw.create(x), x) for x in samples("bw")]
        common = [(self.bw.create(self.shared(x)), self.shared(x)) for x in samples("bw org")]
        for home, made in ((self.owner, own + common), (self.member, common)):
            home.run("vault", "sync")
            for answer, x in made:
                with self.subTest(x["name"]):
                    got = self.as_stanch_has_it(home, answer["id"])
                    self.assertEqual(shape(got), shape(answer))
                    self.assertEqual(shape(got), shape(x))
        self.assertEqual(self.member.get("bw://Engineering/bw org login 2/password"), AWKWARD[2])

    def test_stanch_writes_and_bw_reads(self):
        own = [(self.stanch_creates(self.owner, x), x) for x in samples("st")]
        common = [(self.stanch_creates(self.member, x, "--collection", "Engineering"), self.shared(x)) for x in samples("st org")]
        for client, made in ((self.bw, own + common), (self.bw2, common)):
            client.sync()
            for made_id, x in made:
                with self.subTest(x["name"]):
                    self.assertEqual(shape(client.item(made_id)), shape(x))
        self.owner.run("vault", "sync")
        for made_id, x in common:
            self.assertEqual(shape(self.as_stanch_has_it(self.owner, made_id)), shape(x))

    def test_both_edit_one_item_and_the_history_stays(self):
        for place in (lambda x: x, self.shared):
            made = self.bw.create(place(login("turns", "p0") | {"fields": fields("f")[:2]}))
            self.owner.run("vault", "sync")
            self.owner.set(f"{made['id']}/password", "p1")
            self.owner.set(f"{made['id']}/text", "changed")
            self.bw.sync()
            seen = self.bw.item(made["id"], until=lambda x: x["fields"][0]["value"] == "changed")
            self.assertEqual((seen["login"]["password"], shape(seen)["history"], seen["fields"][0]["value"]), ("p1", ["p0"], "changed"))
            expected = shape(seen)
            self.bw.edit(seen | {"login": seen["login"] | {"password": "p2"}, "notes": "by bw"})
            self.owner.run("vault", "sync")
            self.owner.run("vault", "edit", made["id"], "--name", "turned", "--favorite", "no")
            self.bw.sync()
            seen = self.bw.item(made["id"], until=lambda x: x["name"] == "turned")
            got = self.as_stanch_has_it(self.owner, made["id"])
            self.assertEqual(shape(seen), shape(got))
            now = expected | {"name": "turned", "notes": "by bw", "history": ["p1", "p0"], "login": expected["login"] | {"password": "p2"}}
            self.assertEqual(shape(seen), now | ({"favorite": None} if "favorite" in now else {}))

    def test_attachments(self):
        for place in (lambda x: x, self.shared):
            made = self.bw.create(place(item(1, "attached", login={"username": "u", "password": "p", "uris": [], "totp": None})))
            self.bw.sync()
            self.bw.attach(made["id"], "by bw.bin", BYTES)
            self.owner.run("vault", "sync")
            self.assertEqual(self.owner.run("vault", "get", made["id"], "--attachment", "by bw.bin", binary=True), BYTES)
            (self.owner.work / "file").write_bytes(BYTES[::-1])
            self.owner.run("vault", "attach", made["id"], "file", "--name", "ä 漢.bin")
            (self.owner.work / "empty").write_bytes(b"")
            self.owner.run("vault", "attach", made["id"], "empty")
            self.bw.sync()
            attached = self.bw.item(made["id"], until=lambda x: len(x["attachments"]) == 3)["attachments"]
            files = {a["fileName"]: a["id"] for a in attached}
            self.assertEqual(self.bw.attachment(made["id"], files["ä 漢.bin"]), BYTES[::-1])
            self.assertEqual(set(files), {"by bw.bin", "ä 漢.bin", "empty"})
            self.owner.set(f"{made['id']}/password", "after")  # an edit keeps them
            self.assertEqual(self.owner.run("vault", "get", made["id"], "--attachment", "by bw.bin", binary=True), BYTES)

    def test_moved_trashed_restored_and_removed(self):
        one = self.stanch_creates(self.owner, login("moved", "m"))
        self.owner.run("vault", "folder", "create", "Folder ä/inner")
        self.owner.run("vault", "edit", one, "--folder", "Folder ä/inner")
        self.bw.sync()
        folder = self.bw.item(one, until=lambda x: x["folderId"])["folderId"]
        self.assertEqual({f["id"]: f["name"] for f in self.bw.ask("GET", "/list/object/folders")["data"]}[folder], "Folder ä/inner")
        self.owner.run("vault", "attach", one, str(self.ground.ca), "--name", "moves along")
        self.owner.run("vault", "edit", one, "--collection", "Engineering", "--yes")
        self.bw.sync()
        moved = self.bw.item(one, until=lambda x: x["organizationId"])
        self.assertEqual(shape(moved), shape(self.shared(login("moved", "m"))))
        self.assertIn(b"BEGIN CERT", self.bw.attachment(one, moved["attachments"][0]["id"]))
        # bw itself makes history of a second field of one name
        simple = login("moved by bw", "m") | {"fields": fields("f")[:2]}
        two = self.bw.create(simple)["id"]
        self.bw.ask("POST", f"/move/{two}/{self.organization}", [self.collection])
        self.member.run("vault", "sync")
        self.assertEqual(shape(self.as_stanch_has_it(self.member, two)), shape(self.shared(simple)))
        self.owner.run("vault", "sync")
        self.owner.run("vault", "delete", two, "--yes")
        self.bw.sync()
        self.assertTrue(self.bw.item(two, until=lambda x: x["deletedDate"])["deletedDate"])
        self.bw.ask("POST", f"/restore/item/{two}")
        self.owner.run("vault", "sync")
        self.assertEqual(self.owner.get(two), "m")
        self.bw.ask("DELETE", f"/object/item/{two}")
        self.owner.run("vault", "sync")
        self.owner.run("vault", "get", two, code=2)
        self.owner.run("vault", "restore", two)
        self.owner.run("vault", "delete", two, "--permanently", "--yes")
        self.bw.sync()
        self.assertTrue(self.bw.has_no(two))
        self.owner.run("vault", "folder", "rename", "Folder ä/inner", "Renamed")
        self.owner.run("vault", "folder", "delete", "Renamed", "--yes")

    def test_sends(self):
        later = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        common = {"name": "s", "notes": None, "maxAccessCount": 1, "deletionDate": later, "expirationDate": None, "password": None,
                  "disabled": False, "hideEmail": False, "file": None, "text": None}
        text = {"type": 0, "text": {"text": AWKWARD[3] + AWKWARD[2], "hidden": False}}
        link = self.bw.send(common | text | {"password": "pä"})
        self.member.run("vault", "receive", link, secrets={"--send-password-fd": "wrong"}, code=1)
        got = self.member.run("vault", "receive", link, secrets={"--send-password-fd": "pä"}, binary=True)
        self.assertEqual(got.decode(), AWKWARD[3] + AWKWARD[2] + "\n")
        self.member.run("vault", "receive", link, code=2, secrets={"--send-password-fd": "pä"})
        file = self.owner.work / "sent ä.bin"
        file.write_bytes(BYTES)
        link = json.loads(self.bw.call("send", "-f", str(file), "--fullObject"))["accessUrl"]
        self.assertEqual(self.member.run("vault", "receive", link, binary=True), BYTES)
        link = self.member.run("vault", "share", "--file", str(file), secrets={"--send-password-fd": "pw"})
        self.bw.call("send", "receive", link, "--password", "pw", "--output", str(self.owner.work / "back"))
        self.assertEqual((self.owner.work / "back").read_bytes(), BYTES)
        link = self.member.run("vault", "share", "title", "--to", "Ann", secrets={"--value-fd": AWKWARD[2]})
        self.assertEqual(self.bw.call("send", "receive", link).rstrip("\n"), AWKWARD[2])

    def test_bw_confirms_whom_stanch_invited(self):
        third = self.ground.person(FAST | {"iterations": 100000})
        self.owner.run("vault", "member", "invite", third.email, "--collection", "Engineering", "--role", "admin")
        membership = next(line.split("\t")[0] for line in self.owner.run("vault", "member").splitlines() if third.keys.email in line)
        self.bw.ask("POST", f"/confirm/org-member/{membership}?organizationId={self.organization}")
        home = start(third)
        self.addCleanup(home.close)
        self.stanch_creates(home, login("of the third", "3"), "--collection", "Engineering")
        self.assertEqual(self.owner.get("of the third", "--sync"), "3")
        self.assertIn(third.keys.email, self.owner.run("vault", "who", "of the third"))
        self.assertIn("admin", self.owner.run("vault", "member"))

    def test_a_team_pushes_and_pulls(self):
        (self.owner.work / "stanch.toml").write_text('[credential.PUSHED]\nvault = "bw://Engineering/pushed/password"\n')
        (self.owner.work / ".env").write_text("PUSHED='a b'\n")
        self.owner.run("vault", "push", "--yes")
        self.assertIn("unchanged\tPUSHED", self.owner.run("vault", "push", "--yes"))
        self.owner.run("vault", "sync", "--check")
        (self.member.work / "stanch.toml").write_text((self.owner.work / "stanch.toml").read_text())
        self.member.run("vault", "pull", "--write", ".env")
        self.assertIn("a b", (self.member.work / ".env").read_text())
        self.assertEqual(self.member.run("run", "--", "sh", "-c", 'printf %s "$PUSHED"'), "a b")
        self.bw2.sync()
        (pushed,) = (x["id"] for x in json.loads(self.member.run("vault", "search", "pushed", "--json")))
        self.assertEqual(self.bw2.item(pushed)["login"]["password"], "a b")

    def test_codes_and_api_keys(self):
        person = self.ground.person(FAST | {"iterations": 100000})
        token = person.token()
        client_id, client_secret = person.api_key(token)
        seed = person.want_codes(token)
        home = Home(self.ground.url, person)
        self.addCleanup(home.close)
        home.login(None, "--ca-file", str(self.ground.ca), code=1, code_fd="000000")
        home.login(None, "--ca-file", str(self.ground.ca), "--remember", code_fd=next_code(seed))
        home.run("vault", "logout")
        home.login(None, "--ca-file", str(self.ground.ca))
        home.run("vault", "logout")
        home.run("vault", "login", person.email, "--server", self.ground.url, "--ca-file", str(self.ground.ca), "--api-key",
                 secrets={"--password-fd": person.password}, BW_CLIENTID=client_id, BW_CLIENTSECRET=client_secret)
        self.assertEqual(home.run("vault", "list"), "")

    @classmethod
    def tearDownClass(cls):
        if cls.ground.server:
            unknown = [r for r in cls.ground.server.unknown if "events" not in r[1]]
            if unknown:
                raise AssertionError(f"routes that the test server lacks: {unknown}")


class BothWaysWithItemKeys(BothWays):
    own_keys = True


if __name__ == "__main__":
    unittest.main()
