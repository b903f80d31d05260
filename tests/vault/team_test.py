import json
import unittest

from harness import Home, VaultCase
from support import bitwarden_account as ba
from support.bitwarden_account import Account, Machine, Organization, open_text
from support.canaries import canary

MANIFEST = """
[credential.BILLING_STRIPE_KEY]
vault = "bw://Engineering/billing-stripe/password"
[credential.BILLING_STRIPE_ID]
vault = "bw://Engineering/billing-stripe/username"
[credential.SEARCH_TOKEN]
vault = "bw://Engineering/search/api token"
[credential.LOG_LEVEL]
sensitive = false
default = "info"
"""


class Team(VaultCase):
    def setUp(self):
        super().setUp()
        self.home.login()

    def with_collection(self):
        self.org = Organization(self.server, self.account)
        self.collection = self.org.add_collection("Engineering")
        self.home.run("vault", "sync", "--force")

    def test_an_organization_from_nothing_to_a_second_reader(self):
        other = Account(self.server, "second@example.com", "second password", ba.ARGON2)
        second = Home(self.server.url, other)
        self.addCleanup(second.close)
        self.home.run("vault", "org", "create", "Ours", "--collection", "First")
        self.home.run("vault", "collection", "create", "Keys")
        self.home.run("vault", "create", "db", "--collection", "Keys", secrets={"--value-fd": "shared"})
        self.home.run("vault", "create", "hidden", "--collection", "First", secrets={"--value-fd": "not shared"})
        self.home.run("vault", "member", "invite", "second@example.com", "--collection", "Keys")
        self.assertIn("accepted\tuser\tsecond@example.com", self.home.run("vault", "member"))
        second.login()
        self.assertEqual(second.run("vault", "list"), "")
        told = second.run("vault", "fingerprint")
        self.home.run("vault", "confirm", "second@example.com", "--fingerprint", "0" * 64, code=1)
        self.assertIn("another key", self.home.errors)
        self.assertIn(told, self.home.run("vault", "confirm", "second@example.com", "--fingerprint", told.upper()))
        second.run("vault", "sync")
        self.assertEqual(second.run("vault", "list"), "db")
        self.assertEqual(second.get("bw://Keys/db"), "shared")
        second.set("db", "changed by the second")
        self.assertEqual(self.home.get("db", "--sync"), "changed by the second")
        who = self.home.run("vault", "who", "db")
        self.assertIn("second@example.com", who)
        self.assertNotIn("second@example.com", self.home.run("vault", "who", "hidden"))
        self.assertEqual(self.server.unknown, [])

    def test_push_is_repeatable_and_pull_gives_it_back(self):
        self.with_collection()
        values = {"BILLING_STRIPE_KEY": canary("k1"), "BILLING_STRIPE_ID": "id ' \"", "SEARCH_TOKEN": "s\\1"}
        (self.home.work / "stanch.toml").write_text(MANIFEST)
        (self.home.work / ".env").write_text("# mine\n" + "".join(f"{k}={json.dumps(v)}\n" for k, v in values.items()) + "OTHER=x\n")
        plan = self.home.run("vault", "push", "--dry-run")
        self.assertEqual(plan.count("create\t"), 3)
        for value in values.values():
            self.assertNotIn(value, plan)
        self.home.run("vault", "push", code=2)  # nobody to ask
        self.assertEqual(self.server.ciphers, {})
        self.home.run("vault", "push", "--yes")
        self.assertEqual(set(self.account.items(self.org)), {"billing-stripe", "search"})
        item, key = self.account.one("billing-stripe", self.org)
        self.assertEqual(open_text(item["login"]["password"], key), values["BILLING_STRIPE_KEY"])
        self.assertEqual(open_text(item["login"]["username"], key), values["BILLING_STRIPE_ID"])
        revisions = {c["revisionDate"] for c in self.server.ciphers.values()}
        self.assertEqual(self.home.run("vault", "push", "--yes").count("unchanged\t"), 3)
        self.assertEqual(revisions, {c["revisionDate"] for c in self.server.ciphers.values()})
        self.home.run("vault", "sync", "--check")
        (self.home.work / ".env").write_text('BILLING_STRIPE_KEY="k2"\nOTHER=kept\n')
        drift = self.home.run("vault", "sync", "--check", code=1)
        self.assertIn("BILLING_STRIPE_KEY\tdiffers", drift)
        self.assertNotIn(canary("k1"), drift)
        self.home.run("vault", "pull", "--write", ".env")
        self.assertEqual((self.home.work / ".env").stat().st_mode & 0o777, 0o600)
        self.assertIn("OTHER=kept", (self.home.work / ".env").read_text())
        self.home.run("vault", "sync", "--check")
        shown = self.home.run("run", "--", "sh", "-c", 'printf "%s|%s" "$BILLING_STRIPE_ID" "$SEARCH_TOKEN"')
        self.assertEqual(shown, values["BILLING_STRIPE_ID"] + "|" + values["SEARCH_TOKEN"])

    def test_push_of_an_env_file_without_a_manifest(self):
        self.with_collection()
        (self.home.work / ".env").write_text("A=1\nB=two words\n")
        self.home.run("vault", "push", code=2)
        self.home.run("vault", "push", "--to", "Engineering", "--yes")
        self.home.run("vault", "push", "--to", "Engineering", "--yes")
        self.assertEqual({k: len(v) for k, v in self.account.items(self.org).items()}, {"A": 1, "B": 1})

    def test_references_in_run(self):
        self.with_collection()
        self.account.add_item("db", organization=self.org, collections=[self.collection["id"]], login={"password": canary("p w")})
        (self.home.work / ".env").write_text("DB_PASSWORD=bw://Engineering/db/password\n")
        self.assertEqual(self.home.run("run", "--", "sh", "-c", 'printf %s "$DB_PASSWORD"'), canary("p w"))
        self.home.run("vault", "lock")
        self.home.run("run", "--", "true", code=None)
        self.assertIn("vault unlock", self.home.errors)

    def test_machine_token(self):
        machine = Machine(self.server)
        app, other = machine.add_project("App"), machine.add_project("Other")
        machine.add_secret("DB", canary("from the machine"), app)
        machine.add_secret("DB", "the other one", other)
        lone = machine.add_secret("LONE", "alone")
        (self.home.work / ".env").write_text(f"A=bw://App/DB/value\nB=bw://Other/DB\nC=bw://LONE/value\nD=bw://{lone['id']}\n")
        env = {"BWS_ACCESS_TOKEN": machine.token, "BWS_SERVER_URL": self.server.url}
        shown = self.home.run("run", "--", "sh", "-c", 'printf "%s|%s|%s|%s" "$A" "$B" "$C" "$D"', **env)
        self.assertEqual(shown, canary("from the machine") + "|the other one|alone|alone")
        (self.home.work / ".env").write_text("A=bw://DB\n")
        self.home.run("run", "--", "true", code=None, **env)
        self.assertIn("2 secrets of this name", self.home.errors)
        self.home.run("run", "--", "true", code=None, **env | {"BWS_ACCESS_TOKEN": "0.bad"})
        self.assertIn("not an access token", self.home.errors)


class Sends(VaultCase):
    def setUp(self):
        super().setUp()
        self.account.add_item("x", login={"password": canary("to share ä")})
        self.home.login()
        self.outside = Home(self.server.url)
        self.addCleanup(self.outside.folder.cleanup)

    def test_text_once(self):
        link = self.home.run("vault", "share", "x", "--to", "Ann")
        self.assertTrue(link.startswith(self.server.url + "/#/send/"))
        (send,) = self.server.sends.values()
        self.assertEqual((send["maxAccessCount"], send["authType"]), (1, 2))
        self.assertEqual(self.outside.run("vault", "receive", link), canary("to share ä"))
        self.outside.run("vault", "receive", link, code=2)
        self.assertIn("as often as it may be", self.outside.errors)
        self.assertNotIn(link.rsplit("/")[-1], self.outside.errors)

    def test_password_and_file(self):
        content = bytes(range(256)) * 40
        (self.home.work / "id_ed25519").write_bytes(content)
        link = self.home.run("vault", "share", "--file", "id_ed25519", "--max-views", "0", secrets={"--send-password-fd": "pass"})
        self.outside.run("vault", "receive", link, "-o", "got", secrets={"--send-password-fd": "wrong"}, code=1)
        self.outside.run("vault", "receive", link, "-o", "got", secrets={"--send-password-fd": "pass"})
        self.assertEqual((self.outside.work / "got").read_bytes(), content)
        self.assertEqual((self.outside.work / "got").stat().st_mode & 0o777, 0o600)


class OldSends(Sends):
    server_options = {"old": True}


if __name__ == "__main__":
    unittest.main()
