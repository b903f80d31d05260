"""Bitwarden's own client (build/node, tests/node-packages) against the same server: what one writes, the other reads."""
import base64
import datetime
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from harness import VaultCase
from support import made_ca
from support.bitwarden_account import Organization

NODE = pathlib.Path(os.environ["STANCH_SOURCE"], "build/node/node_modules")
AWKWARD = ["", "plain", "ä漢字🔑", "two\nlines\n", 'quote " \\ \t end']


class OfficialClient:
    """bw in a folder of its own; its answers are small, its start takes seconds: call it rarely."""

    def __init__(self, case, account):
        self.account = account
        self.env = {"PATH": os.environ["PATH"], "HOME": case.home.top.as_posix(), "BITWARDENCLI_APPDATA_DIR": str(case.home.top / "bw"),
                    "NODE_EXTRA_CA_CERTS": str(case.ca), "BW_PASSWORD": account.password, "NODE_NO_WARNINGS": "1", "BW_NOINTERACTION": "true"}
        self.call("config", "server", case.server.url)
        self.env["BW_SESSION"] = self.call("login", account.email, "--passwordenv", "BW_PASSWORD", "--raw")

    def call(self, *words, stdin=None):
        done = subprocess.run([NODE / ".bin/node", NODE / "@bitwarden/cli/build/bw.js", *words], env=self.env, text=True,
                              input=stdin, capture_output=True, timeout=120)
        if done.returncode:
            raise AssertionError(f"bw {words}: {done.stderr} {done.stdout}")
        return done.stdout

    def json(self, *words, stdin=None):
        return json.loads(self.call(*words, stdin=stdin))

    def create(self, kind, value):
        return self.json("create", kind, stdin=encoded(value))

    def create_send(self, value):
        return self.json("send", "create", stdin=encoded(value))["accessUrl"]


def encoded(value):
    return base64.b64encode(json.dumps(value).encode()).decode()


def item(name, **more):
    return {"type": 1, "name": name, "notes": None, "favorite": False, "reprompt": 0, "organizationId": None,
            "collectionIds": None, "folderId": None, "fields": [], "login": None, "secureNote": None, "card": None,
            "identity": None} | more


class BothWays(VaultCase):
    # With the flag, bw gives items a key of their own.
    own_keys = False

    def setUp(self):
        if not (NODE / "@bitwarden/cli/build/bw.js").exists():
            raise AssertionError("bw is missing: ./dev test installs it (tests/node-packages)")
        folder = tempfile.TemporaryDirectory(prefix="stanch-ca-")
        self.addCleanup(folder.cleanup)
        self.ca, *tls = made_ca.make(folder.name)
        self.server_options = {"flags": {"cipher-key-encryption": self.own_keys}, "tls": tls}
        super().setUp()
        self.org = Organization(self.server, self.account)
        self.collection = self.org.add_collection("Engineering")
        self.account.user["userKeyId"] = None
        self.home.login(code=1)
        self.assertIn("certificate is not trusted", self.home.errors)
        self.home.login(None, "--ca-file", str(self.ca))
        self.bw = OfficialClient(self, self.account)

    def test_bw_writes_and_stanch_reads(self):
        for i, value in enumerate(AWKWARD[1:]):
            self.bw.create("item", item(f"login {i}", notes=value, login={
                "username": value, "password": value, "totp": None, "uris": [{"uri": value, "match": None}]},
                fields=[{"type": 0, "name": "text", "value": value}, {"type": 1, "name": "hid", "value": value}]))
        self.bw.create("item", item("note", type=2, notes=AWKWARD[3], secureNote={"type": 0}))
        self.bw.create("item", item("org", organizationId=self.org.id, collectionIds=[self.collection["id"]],
                                    login={"username": "u", "password": AWKWARD[2], "uris": [], "totp": None}))
        (self.home.work / "file").write_bytes(bytes(range(256)))
        made = self.bw.create("item", item("attached", login={"username": None, "password": "p", "uris": [], "totp": None}))
        self.bw.call("create", "attachment", "--file", str(self.home.work / "file"), "--itemid", made["id"])
        self.home.run("vault", "sync")
        for i, value in enumerate(AWKWARD[1:]):
            for field in ("password", "username", "notes", "uri", "text", "hid"):
                self.assertEqual(self.home.get(f"login {i}/{field}"), value)
        self.assertEqual(self.home.get("note"), AWKWARD[3])
        self.assertEqual(self.home.get("bw://Engineering/org/password"), AWKWARD[2])
        self.assertEqual(self.home.run("vault", "get", "attached", "--attachment", "file", binary=True), bytes(range(256)))
        later = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        link = self.bw.create_send({"name": "s", "type": 0, "text": {"text": AWKWARD[2], "hidden": False}, "file": None,
                                    "notes": None, "maxAccessCount": 1, "deletionDate": later, "expirationDate": None,
                                    "password": None, "disabled": False, "hideEmail": False})
        self.assertEqual(self.home.run("vault", "receive", link), AWKWARD[2])
        self.assertEqual([r for r in self.server.unknown if "events" not in r[1]], [])

    def test_stanch_writes_and_bw_reads(self):
        for i, value in enumerate(AWKWARD):
            members = {"notes": value, "login": {"username": value, "uris": [{"uri": value}] if value else []},
                       "fields": [{"name": "f", "value": value, "type": 0}]}
            self.home.run("vault", "create", f"login {i}", secrets={"--value-fd": value + "\n", "--json-fd": json.dumps(members)})
        self.home.run("vault", "create", "note", "--type", "note", secrets={"--value-fd": AWKWARD[3] + "\n"})
        self.home.run("vault", "create", "org", "--collection", "Engineering", secrets={"--value-fd": AWKWARD[2]})
        (self.home.work / "file").write_bytes(bytes(range(256)))
        self.home.run("vault", "attach", "org", "file", "--name", "ä.bin")
        self.home.run("vault", "create", "moved", secrets={"--value-fd": "m"})
        self.home.run("vault", "edit", "moved", "--collection", "Engineering", "--yes")
        self.home.set("login 1", "changed")
        self.bw.call("sync")
        found = {x["name"]: x for x in self.bw.json("list", "items")}
        for i, value in enumerate(AWKWARD):
            x = found[f"login {i}"]
            self.assertEqual(x["login"]["password"] or "", "changed" if i == 1 else value)
            self.assertEqual(x["login"]["username"] or "", value)
            self.assertEqual(x["notes"] or "", value)
            self.assertEqual(x["fields"][0]["value"] or "", value)
            self.assertEqual([u["uri"] for u in x["login"].get("uris") or []], [value] if value else [])
        self.assertEqual(found["login 1"]["passwordHistory"][0]["password"], AWKWARD[1])
        self.assertEqual(found["note"]["notes"], AWKWARD[3])
        self.assertEqual((found["org"]["login"]["password"], found["org"]["organizationId"]), (AWKWARD[2], self.org.id))
        self.assertEqual((found["moved"]["login"]["password"], found["moved"]["organizationId"]), ("m", self.org.id))
        self.bw.call("get", "attachment", "ä.bin", "--itemid", found["org"]["id"], "--output", str(self.home.work / "back"))
        self.assertEqual((self.home.work / "back").read_bytes(), bytes(range(256)))
        link = self.home.run("vault", "share", "org", secrets={"--send-password-fd": "pw"})
        self.assertEqual(self.bw.call("send", "receive", link, "--password", "pw").rstrip("\n"), AWKWARD[2])


class BothWaysWithItemKeys(BothWays):
    own_keys = True


if __name__ == "__main__":
    unittest.main()
