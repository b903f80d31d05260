import json
import unittest

from harness import VaultCase
from support import bitwarden_account as ba
from support.bitwarden.sign_in import totp
from support.bitwarden_account import Organization, open_sealed, open_text
from support.canaries import canary

AWKWARD = ["", " ", canary("plain"), "ä漢字🔑", "two\nlines\n", 'quote " and \\ and \t', "x" * 5000, "2.looks|like|one"]


class Items(VaultCase):
    def setUp(self):
        super().setUp()
        self.org = Organization(self.server, self.account)
        self.collection = self.org.add_collection("Engineering")
        self.home.login()

    def sync(self):
        self.home.run("vault", "sync", "--force")

    def test_reads_every_kind_of_item(self):
        for own_key in (False, True):
            for org in (None, self.org):
                where = {"item_key": own_key, "organization": org, "collections": [self.collection["id"]] if org else []}
                for i, value in enumerate(AWKWARD):
                    self.account.add_item(f"{own_key}-{bool(org)}-{i}", notes=value,
                                          login={"username": value, "password": value, "uris": [value]},
                                          fields=[(0, "text", value), (1, "hid den", value)], **where)
        self.sync()
        for own_key in (False, True):
            for org in (False, True):
                for i, value in enumerate(AWKWARD):
                    for field in ("password", "username", "uri", "notes", "text", "hid den"):
                        self.assertEqual(self.home.get(f"{own_key}-{org}-{i}/{field}"), value, field)

    def test_writes_what_the_other_side_reads(self):
        for i, value in enumerate(AWKWARD):
            members = json.dumps({"notes": value, "login": {"username": value, "uris": [{"uri": value}]},
                                  "fields": [{"name": "f " + str(i), "value": value, "type": 0}]})
            self.home.run("vault", "create", f"n{i}", "--collection", "Engineering",
                          secrets={"--value-fd": value + "\n", "--json-fd": members})
            item, key = self.account.one(f"n{i}", self.org)
            written = [item["login"]["password"], item["login"]["username"], item["notes"], item["fields"][0]["value"],
                       item["login"]["uris"][0]["uri"]]
            self.assertEqual({open_text(text, key) for text in written}, {value})
            self.assertEqual(item["collectionIds"], [self.collection["id"]])

    def test_other_types(self):
        self.account.add_item("key", sshKey={"privateKey": "PRIVATE\nKEY\n", "publicKey": "ssh-ed25519 AAAA",
                                             "keyFingerprint": "SHA256:x"})
        self.account.add_item("visa", card={"number": "4111", "code": "123", "cardholderName": "A B"})
        self.account.add_item("me", identity={"firstName": "Ada", "passportNumber": "P1"})
        self.account.add_item("memo", notes="remember")
        self.account.add_item("future", notes="x", more={"type": 8})
        self.sync()
        self.assertEqual(self.home.get("key"), "PRIVATE\nKEY\n")
        self.assertEqual(self.home.get("key/public-key"), "ssh-ed25519 AAAA")
        self.assertEqual(self.home.get("visa"), "4111")
        self.assertEqual(self.home.get("visa/cardholder name"), "A B")
        self.assertEqual(self.home.get("me/firstName"), "Ada")
        self.assertEqual(self.home.get("memo"), "remember")
        self.assertNotIn("future", [x["name"] for x in self.listed()])

    def test_what_is_in_the_trash_gives_no_value(self):
        gone = self.account.add_item("gone", login={"password": "p"})
        self.home.login()
        self.home.run("vault", "delete", "gone", "--yes")
        for name in ("gone", gone["id"], "bw://" + gone["id"]):
            self.home.run("vault", "get", name, code=2)
            self.assertIn("in the trash", self.home.errors)
        self.home.run("vault", "restore", gone["id"])
        self.assertEqual(self.home.get(gone["id"]), "p")

    def test_an_upload_that_fails_leaves_nothing(self):
        self.account.add_item("x", login={"password": "p"})
        self.home.login()
        (self.home.work / "file").write_bytes(b"content")
        self.server.before.append(lambda h: (413, {"message": "too large"}) if "multipart" in (h.headers["Content-Type"] or "") else None)
        self.home.run("vault", "attach", "x", "file", code=1)
        self.assertIn("too large", self.home.errors)
        self.assertEqual(self.server.attachments, {})
        self.home.run("vault", "share", "--file", "file", code=1)
        self.assertEqual(self.server.sends, {})

    def test_lists_in_json(self):
        """each address and each custom field of one name is kept, and an edit changes only what it names"""
        self.home.login()
        members = {"login": {"uris": [{"uri": "https://a.example"}, {"uri": "https://b.example", "match": 3}]},
                   "fields": [{"name": "f", "value": "1"}, {"name": "f", "value": "2"}, {"name": "l", "type": 3, "linkedId": 100}]}
        self.home.run("vault", "create", "x", secrets={"--json-fd": json.dumps(members)})
        got = json.loads(self.home.run("vault", "get", "x", "--json"))
        self.assertEqual([(u["uri"], u["match"]) for u in got["login"]["uris"]], [("https://a.example", None), ("https://b.example", 3)])
        self.assertEqual([(f["name"], f["value"], f["linkedId"]) for f in got["fields"]], [("f", "1", None), ("f", "2", None), ("l", None, 100)])
        self.assertIsNone(got["passwordHistory"])
        before, _ = self.account.one("x")
        kept = before["login"]["uris"][1]
        change = {"login": {"uris": [{"uri": "https://b.example"}]}, "fields": [{"name": "f", "value": "1"}, {"name": "f", "value": "3"}]}
        self.home.run("vault", "edit", "x", secrets={"--json-fd": json.dumps(change)})
        after, key = self.account.one("x")
        self.assertEqual(after["login"]["uris"], [kept])
        self.assertEqual([open_text(f["value"], key) for f in after["fields"]], ["1", "3", None])
        for bad in ({"login": {"uris": [{}]}}, {"fields": [{"name": 1}]}, {"fields": [{"name": "f", "value": 2}]}):
            self.home.run("vault", "edit", "x", secrets={"--json-fd": json.dumps(bad)}, code=2)

    def test_one_time_code(self):
        self.account.add_item("x", login={"password": "p", "totp": "JBSWY3DP" "EHPK3PXP"})
        self.sync()
        before = totp("JBSWY3DP" "EHPK3PXP")
        self.assertIn(self.home.get("x/totp"), (before, totp("JBSWY3DP" "EHPK3PXP")))
        self.assertEqual(self.home.get("x/totp-seed"), "JBSWY3DP" "EHPK3PXP")

    def test_set_keeps_history_and_unknown_members(self):
        item = self.account.add_item("x", item_key=True, login={"password": "old"}, fields=[(1, "token", "t1")],
                                     more={"madeByNewerClient": {"deep": [1, 2.50, None, {"a": "b"}]}})
        key = self.account.key_of(item)
        passkey = {"credentialId": ba.seal("c", key), "counter": ba.seal("0", key), "creationDate": "2026-01-01T00:00:00Z"}
        item["login"]["fido2Credentials"] = [passkey]
        self.sync()
        self.home.set("x", "new")
        self.home.set("x/token", "t2")
        item, key = self.account.one("x")
        self.assertEqual(open_text(item["login"]["password"], key), "new")
        self.assertEqual([open_text(h["password"], key) for h in item["passwordHistory"]], ["token: t1", "old"])
        self.assertTrue(item["login"]["passwordRevisionDate"])
        self.assertEqual(item["madeByNewerClient"], {"deep": [1, 2.50, None, {"a": "b"}]})
        self.assertEqual(item["login"]["fido2Credentials"], [passkey])
        self.assertIsNotNone(item["key"])
        for i in range(6):
            self.home.set("x", f"p{i}")
        item, key = self.account.one("x")
        self.assertEqual([open_text(h["password"], key) for h in item["passwordHistory"]], ["p4", "p3", "p2", "p1", "p0"])

    def test_blob_items_are_named_and_never_written(self):
        item = self.account.add_item("blob", notes="x", data=json.dumps({"format_version": 1, "envelope": "AAAA"}))
        self.sync()
        self.home.run("vault", "get", item["id"], code=1)
        self.assertIn("newer format", self.home.errors)
        self.home.set(item["id"], "y", code=1)

    def test_edit_rename_folder_move_delete_restore(self):
        self.account.add_item("x", login={"password": "p", "uris": ["https://a.example"]}, notes="n")
        self.home.run("vault", "folder", "create", "Work/Keys")
        self.home.run("vault", "edit", "x", "--name", "y", "--folder", "Work/Keys", "--username", "me")
        item, key = self.account.one("y")
        self.assertEqual(open_text(item["login"]["username"], key), "me")
        folder = self.server.folders[item["folderId"]]
        self.assertEqual(open_text(folder["name"], self.account.key), "Work/Keys")
        self.assertEqual([x["folder"] for x in self.listed()], ["Work/Keys"])
        self.home.run("vault", "delete", "y", "--yes")
        self.assertEqual(self.listed(), [])
        self.assertEqual(len(self.listed("--trash")), 1)
        self.home.run("vault", "restore", "y")
        self.home.run("vault", "edit", "y", "--collection", "Engineering", "--yes")
        item, key = self.account.one("y", self.org)
        self.assertEqual(open_text(item["login"]["password"], key), "p")
        self.assertEqual(open_text(item["notes"], key), "n")
        self.assertEqual(open_text(item["login"]["uris"][0]["uri"], key), "https://a.example")
        self.assertEqual(self.home.get("bw://Engineering/y/password"), "p")
        self.home.run("vault", "delete", "y", "--permanently", "--yes")
        self.assertEqual(self.server.ciphers, {})

    def test_item_with_its_own_key_moves_with_it(self):
        self.account.add_item("x", item_key=True, login={"password": "p"})
        self.home.run("vault", "edit", "x", "--collection", "Engineering", "--yes")
        item, key = self.account.one("x", self.org)
        self.assertEqual(open_text(item["login"]["password"], key), "p")

    def test_attachments(self):
        content = bytes(range(256)) * 1000
        (self.home.work / "blob.bin").write_bytes(content)
        self.account.add_item("x", item_key=True, login={"password": "p"})
        self.home.run("vault", "attach", "x", "blob.bin", "--name", "ä b.bin")
        self.assertEqual(self.home.run("vault", "get", "x", "--attachment", "ä b.bin", binary=True), content)
        (attachment,) = self.server.attachments.values()
        item, key = self.account.one("x")
        self.assertEqual(open_text(attachment["fileName"], key), "ä b.bin")
        self.assertEqual(ba.open_bytes(attachment["data"], open_sealed(attachment["key"], key)), content)
        self.home.set("x", "after")
        self.assertEqual(self.home.run("vault", "get", "x/attachment:ä b.bin", binary=True), content)

    def test_which_item_is_meant(self):
        for place in (None, self.org):
            self.account.add_item("same", organization=place, collections=[self.collection["id"]] if place else [],
                                  login={"password": "org" if place else "own"})
        self.account.add_item("with/slash", login={"password": "slash"}, fields=[(0, "a/b", "deep")])
        self.account.add_item("Unique Name", login={"password": "u"})
        self.sync()
        self.home.run("vault", "get", "same", code=2)
        self.assertIn("2 items match", self.home.errors)
        for words, value in {"bw://Engineering/same/password": "org", "bw://Engineering/same": "org", "with/slash": "slash",
                             "bw://with%2Fslash/password": "slash", "unique-name": "u", "niqu": "u"}.items():
            self.assertEqual(self.home.get(words), value)
        self.assertEqual(self.home.get("with/slash", "--field", "a/b"), "deep")
        self.home.run("vault", "get", "nothing", code=2)
        self.home.run("vault", "get", "same/nothing", "--collection", "Engineering", code=2)
        self.assertIn("it has:", self.home.errors)

    def test_an_item_newer_than_the_cache_is_found(self):
        self.account.add_item("late", login={"password": "l"})
        self.assertEqual(self.home.get("late"), "l")

    def test_item_that_asks_again(self):
        self.account.add_item("x", login={"password": "p"}, reprompt=1)
        self.sync()
        self.home.run("vault", "get", "x", code=3)
        self.home.run("vault", "get", "x", code=1, secrets={"--password-fd": "wrong"})
        self.assertEqual(self.home.get("x", secrets={"--password-fd": self.account.password}), "p")

    def test_search_and_list(self):
        for i in range(3):
            self.account.add_item(f"Item {i}", item_key=i == 1, login={"password": "p", "username": f"user{i}"})
        self.sync()
        self.assertEqual(self.home.run("vault", "list").splitlines(), ["Item 0", "Item 1", "Item 2"])
        self.assertEqual(self.home.run("vault", "search", "USER1"), "Item 1")
        self.assertEqual(self.home.run("vault", "list", "--collection", "Engineering"), "")


if __name__ == "__main__":
    unittest.main()
