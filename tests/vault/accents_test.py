"""One day of two people with a server that says everything a little differently (support/bitwarden/accents.py)."""
import unittest

from harness import Home
from support.bitwarden.accents import ACCENTS
from support.bitwarden.server import Server
from support.bitwarden.sign_in import totp
from support.bitwarden_account import Account, open_text

SEED = "JBSWY3DP" "EHPK3PXP"


class Accents(unittest.TestCase):
    def people(self, accent):
        server = Server(accent=accent)
        server.__enter__()
        self.addCleanup(server.__exit__)
        accounts = [Account(server), Account(server, "second@example.com", "second password", totp=SEED)]
        homes = [Home(server.url, account) for account in accounts]
        for home in homes:
            self.addCleanup(home.close)
        return server, accounts, homes

    def day(self, accent):
        server, (account, _), (home, second) = self.people(accent)
        account.add_item("old", login={"password": "p0", "username": "u", "uris": ["https://e.example"]}, fields=[(1, "f", "v")])
        account.add_item("own key", item_key=True, login={"password": "p1"})
        home.login()
        self.assertEqual(home.run("vault", "list"), "old\nown key")
        self.assertEqual([home.get("old"), home.get("old/f"), home.get("old/uri"), home.get("own key")],
                         ["p0", "v", "https://e.example", "p1"])
        self.write(home, account)
        self.attach(home)
        self.together(server, home, second)
        self.sends(home)
        home.run("vault", "get", "0b1f6f0e-0000-4000-8000-000000000000", code=2)
        server.tokens.clear()  # as if they had expired
        self.assertEqual(home.get("old", "--sync"), "p2")
        home.run("vault", "lock")
        home.run("vault", "unlock", secrets={"--password-fd": account.password})
        self.assertIn("unlocked", home.run("vault", "status"))
        self.assertEqual([x for x in server.unknown if x[1] != "/missing"], [])

    def write(self, home, account):
        home.set("old", "p1")
        home.set("old", "p2")
        item, key = account.one("old")
        self.assertEqual(open_text(item["login"]["password"], key), "p2")
        self.assertEqual([open_text(h["password"], key) for h in item["passwordHistory"]], ["p1", "p0"])
        home.run("vault", "folder", "create", "F")
        home.run("vault", "edit", "old", "--folder", "F", "--favorite", "yes")
        self.assertEqual(home.get("bw://F/old"), "p2")
        home.run("vault", "folder", "rename", "F", "G")
        self.assertIn("G", home.run("vault", "folder"))
        home.run("vault", "folder", "delete", "G", "--yes")
        made = home.run("vault", "create", "new", "--username", "n", secrets={"--value-fd": "value"})
        for words in ("delete", "new", "--yes"), ("restore", "new"), ("delete", "new", "--yes"), ("delete", "new", "--permanently", "--yes"):
            home.run("vault", *words)
        home.run("vault", "get", made, code=2)
        home.run("vault", "get", made.upper(), code=2)
        self.assertEqual(home.get(item["id"]), "p2")
        self.assertEqual(home.get(item["id"].upper()), "p2")

    def attach(self, home):
        content = bytes(range(256)) * 9
        (home.work / "file").write_bytes(content)
        home.run("vault", "attach", "own key", "file")
        self.assertEqual(home.run("vault", "get", "own key", "--attachment", "file", binary=True), content)
        self.assertEqual(home.get("own key"), "p1")

    def together(self, server, home, second):
        home.run("vault", "org", "create", "Ours", "--collection", "First")
        home.run("vault", "collection", "create", "Keys")
        home.run("vault", "member", "invite", "second@example.com", "--collection", "Keys")
        second.login(code_fd=totp(SEED))
        told = second.run("vault", "fingerprint")
        home.run("vault", "confirm", "second@example.com", "--fingerprint", told)
        self.assertIn("confirmed\tuser\tsecond@example.com", home.run("vault", "member"))
        (home.work / ".env").write_text("A=1\nB=two\n")
        for said in ("create", "unchanged"):
            self.assertEqual(home.run("vault", "push", "--to", "Keys", "--yes").count(said), 2)
        self.assertEqual(home.run("vault", "list", "--collection", "Keys"), "A\nB")
        second.run("vault", "sync")
        self.assertEqual(second.get("bw://Keys/A"), "1")
        second.set("A", "by the second")
        self.assertEqual(home.get("bw://Ours/A", "--sync"), "by the second")
        self.assertIn("second@example.com", home.run("vault", "who", "A"))
        home.run("vault", "edit", "A", "--collection", "First", "--yes")
        second.run("vault", "sync")
        second.run("vault", "get", "A", code=2)
        home.run("vault", "edit", "own key", "--collection", "Keys", "--yes")
        second.run("vault", "sync")
        self.assertEqual(second.get("own key"), "p1")
        self.assertEqual(len(second.run("vault", "get", "own key", "--attachment", "file", binary=True)), 256 * 9)
        second.run("vault", "logout")

    def sends(self, home):
        link = home.run("vault", "share", "old", secrets={"--send-password-fd": "pass"})
        home.run("vault", "receive", link, secrets={"--send-password-fd": "wrong"}, code=1)
        self.assertEqual(home.run("vault", "receive", link, secrets={"--send-password-fd": "pass"}), "p2")
        home.run("vault", "receive", link, secrets={"--send-password-fd": "pass"}, code=2)
        link = home.run("vault", "share", "--file", "file")
        self.assertEqual(len(home.run("vault", "receive", link, binary=True)), 256 * 9)

    def conflict(self, accent):
        """two edits that meet: another client's lands between our look and our write"""
        server, (account, _), (home, _) = self.people(accent)
        account.add_item("x", login={"password": "p", "username": "u"})
        home.login()

        def meanwhile(handler):
            if handler.command == "PUT":
                server.before.remove(meanwhile)
                item, key = account.one("x")
                item["notes"], item["revisionDate"] = item["name"], "2031-01-01T00:00:00.123456Z"
                server.touch()
        server.before.append(meanwhile)
        home.set("x/password", "mine")
        item, key = account.one("x")
        self.assertEqual([open_text(item["notes"], key), open_text(item["login"]["password"], key)], ["x", "mine"])


def add(name, accent):
    label = name.lower().replace(" ", "_").replace(",", "").replace("/", "_").replace(".", "_")
    setattr(Accents, f"test_a_day_with_{label}", lambda self: self.day(accent))
    if any(word in name for word in ("PascalCase", "ids", "dates", "Date", "conflicts", "nothing")):
        setattr(Accents, f"test_a_conflict_with_{label}", lambda self: self.conflict(accent))


for word, spoken in ACCENTS.items():
    add(word, spoken)


if __name__ == "__main__":
    unittest.main()
