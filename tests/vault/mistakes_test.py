"""What a person gets wrong: each is told so, with an exit code of 2 (1: refused, 3: out of reach), and nothing changes."""
import copy
import unittest

from harness import VaultCase
from support.bitwarden_account import Account, Organization


class Mistakes(VaultCase):
    def setUp(self):
        super().setUp()
        self.org = Organization(self.server, self.account)
        self.collection = self.org.add_collection("Eng")
        self.account.add_item("note", notes="n")
        self.account.add_item("db test", login={"password": "p"})
        self.account.add_item("db prod", organization=self.org, collections=[self.collection["id"]], login={"password": "q"})

    def wrong(self, code, said, *words, out="", **more):
        with self.subTest(" ".join(words)):
            held = copy.deepcopy((self.server.ciphers, self.server.folders, self.server.sends, self.server.collections))
            self.assertEqual(self.home.run("vault", *words, code=code, **more), out)
            self.assertIn(said, self.home.errors)
            self.assertEqual(held, (self.server.ciphers, self.server.folders, self.server.sends, self.server.collections))

    def test_before_and_at_the_login(self):
        url, password = self.server.url, {"--password-fd": self.account.password}
        self.wrong(2, "nobody is logged in", "get", "x")
        self.wrong(2, "'me' is not an e-mail address", "login", "me", secrets=password)
        self.wrong(2, "write https://", "login", "a@b.c", "--server", "example.com", secrets=password)
        self.wrong(1, "only https", "login", "a@b.c", "--server", "http://example.com", secrets=password)
        self.wrong(3, "no answer", "login", "a@b.c", "--server", "https://localhost:1", secrets=password)
        self.wrong(2, "no Bitwarden server at this address", "login", "a@b.c", "--server", url + "/nothere", secrets=password)
        self.wrong(1, "incorrect", "login", self.account.email, "--server", url, secrets={"--password-fd": "wrong"})
        self.wrong(3, "--password-fd", "login", self.account.email, "--server", url)
        self.wrong(3, "BW_CLIENTID", "login", self.account.email, "--server", url, "--api-key", secrets=password)
        self.wrong(2, "not a time", "login", self.account.email, "--server", url, "--timeout", "soon", secrets=password)
        self.wrong(2, "no such CA file", "login", self.account.email, "--server", url, "--ca-file", "nope", secrets=password)

    def test_items(self):
        self.home.login()
        value = {"--value-fd": "x"}
        self.wrong(2, "2 items match 'db'", "get", "db")
        self.wrong(2, "no item 'Egn' and no 'db prod' in 'Egn'", "get", "bw://Egn/db prod")
        self.wrong(2, "it has: name, password", "get", "db test/pasword")
        self.wrong(2, "a file beside it", "get", "db test", "-o", "nowhere/x")
        self.wrong(2, "needs a name", "create", "", secrets=value)
        self.wrong(2, "needs a name", "set", "note/name", secrets={"--value-fd": ""})
        self.wrong(2, "needs a name", "edit", "note", "--name", "")
        self.wrong(2, "there are: Eng", "create", "x", "--collection", "Nope", secrets=value)
        self.wrong(2, "no folder 'Nope'", "create", "x", "--folder", "Nope", secrets=value)
        self.wrong(2, "file descriptor 99 cannot be read", "create", "x", "--value-fd", "99")
        self.wrong(2, "not valid JSON", "create", "x", secrets={"--json-fd": "{bad"})
        self.wrong(2, "for logins", "create", "x", "--type", "note", "--username", "u", secrets=value)
        self.wrong(2, "for logins", "edit", "note", "--uri", "u")
        self.wrong(2, "yes or no", "edit", "note", "--favorite", "maybe")
        self.wrong(2, "'Nope'", "list", "--collection", "Nope")
        self.wrong(2, "say --yes", "delete", "note")
        self.wrong(2, "cannot open", "attach", "note", "nowhere")
        self.wrong(2, "needs a name", "folder", "create", "")
        self.wrong(2, "needs a name", "collection", "create", "")

    def test_team_and_sends(self):
        self.home.login()
        self.wrong(2, "there is nothing to push", "push")
        (self.home.work / ".env").write_text("A=1\n")
        self.wrong(2, "no collection and no folder 'Nope'", "push", "--to", "Nope", "--yes", out="create\tA\tbw://Nope/A/password")
        self.wrong(2, "neither declared", "push", "B", "--to", "Eng", "--yes")
        (self.home.work / "stanch.toml").write_text('[credential.A]\nvault = "bw:/Eng/x"\n')
        self.wrong(2, "not a reference", "push", "--yes")
        self.wrong(2, "not an e-mail address", "member", "invite", "nobody")
        self.wrong(2, "no member", "confirm", "nobody@example.com")
        self.org.add_member(Account(self.server, "late@example.com", "password"), status=0)
        self.wrong(1, "not accepted", "confirm", "late@example.com")
        self.org.add_member(Account(self.server, "here@example.com", "password"), status=1)
        with self.subTest("confirm without a terminal"):
            self.home.run("vault", "confirm", "here@example.com", code=2)
            self.assertIn("say --fingerprint WORDS", self.home.errors)
        self.wrong(1, "nothing to confirm", "confirm", self.account.email)
        self.wrong(2, "31 days", "share", "note", "--expires", "40d")
        self.wrong(2, "no link", "receive", "https://example.com/x")

    def test_without_an_organization_and_in_two(self):
        other = Account(self.server, "alone@example.com", "password")
        self.home.login(other)
        self.wrong(2, "you are in no organization", "collection", "create", "C")
        for name in ("One", "Two"):
            Organization(self.server, other, name)
        self.home.run("vault", "sync")
        self.wrong(2, "in several organizations: One, Two", "member", "invite", "a@b.c")

    def test_locked_and_over(self):
        self.home.login()
        self.home.run("vault", "lock")
        self.wrong(2, "vault unlock", "get", "note")
        self.wrong(1, "the master password is wrong", "get", "note", secrets={"--password-fd": "wrong"})
        self.wrong(2, "not a session's key", "get", "note", STANCH_VAULT_SESSION="bad")
        self.home.run("vault", "unlock", secrets={"--password-fd": self.account.password})
        self.server.tokens.clear()
        self.server.refresh.clear()
        self.wrong(1, "vault login", "set", "note", secrets={"--value-fd": "x"})
        self.assertEqual(self.home.get("note"), "n")  # what is here can still be read


if __name__ == "__main__":
    unittest.main()
