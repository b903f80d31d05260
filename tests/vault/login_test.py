import json
import threading
import unittest

from harness import VaultCase
from support.bitwarden.sign_in import totp
from support.bitwarden_account import ARGON2, PBKDF2, Account


class Login(VaultCase):
    def test_password_with_each_key_derivation(self):
        for number, kdf in enumerate((PBKDF2, ARGON2)):
            account = Account(self.server, f"Person{number}@Example.com", "pass ä漢 word", kdf)
            account.add_item("x", login={"password": "value"})
            self.home.login(account)
            self.assertEqual(self.home.get("x"), "value")
        self.assertEqual(self.server.unknown, [])

    def test_wrong_password_names_no_password(self):
        self.account.password = "wrong word"
        self.home.login(code=1)
        self.assertIn("Username or password is incorrect", self.home.errors)
        self.assertNotIn("wrong word", self.home.errors)
        self.assertIn("logged out", self.home.run("vault", "status"))

    def test_authenticator_code_and_remembered_device(self):
        self.account.user["totp"] = "JBSWY3DP" "EHPK3PXP"
        self.home.login(None, "--remember", code_fd=totp("JBSWY3DP" "EHPK3PXP"))
        self.home.run("vault", "logout")
        self.home.login()  # no code
        self.home.run("vault", "logout")
        self.account.user["remember"].clear()
        self.home.login(code_fd="000000", code=1)
        self.assertIn("Invalid TOTP code", self.home.errors)

    def test_mail_code_is_asked_for_first(self):
        self.account.user["mailCode"] = "123456"
        self.home.login(code_fd="123456")
        self.assertEqual(self.server.two_factor_mails, [self.account.email])

    def test_yubikey(self):
        self.account.user.update(yubikey="cccccccccccc", totp="JBSWY3DP" "EHPK3PXP")
        self.home.login(None, "--method", "yubikey", code_fd="cccccccccccc")

    def test_new_device_code(self):
        self.account.user["newDevice"] = "998877"
        self.home.login(code_fd="998877")

    def test_api_key_needs_no_second_factor(self):
        self.account.user["totp"] = "JBSWY3DP" "EHPK3PXP"
        self.account.add_item("x", login={"password": "value"})
        self.home.env |= {"BW_CLIENTID": "user." + self.account.id, "BW_CLIENTSECRET": self.account.user["apiKey"]}
        self.home.login(None, "--api-key")
        self.server.tokens.clear()  # as if it had expired: there is no refresh token, the grant is made again
        self.home.run("vault", "sync", "--force")
        self.assertEqual(self.home.get("x"), "value")

    def test_device_stays_the_same(self):
        devices = set()

        def note(handler):
            if handler.path.endswith("token"):
                devices.add(handler.headers.get("Device-Identifier"))
        self.server.before.append(note)
        for _ in range(2):
            self.home.login()
            self.home.run("vault", "logout")
        self.assertEqual(len(devices), 1)

    def test_weak_key_derivation_is_refused_before_the_hash_is_sent(self):
        for weak in ({"type": 0, "iterations": 1}, {"type": 0, "iterations": 4999},
                     {"type": 1, "iterations": 1, "memory": 64, "parallelism": 4},
                     {"type": 1, "iterations": 3, "memory": 8, "parallelism": 4}):
            self.account.user["kdf"] = weak
            self.server.requests.clear()
            self.home.login(code=1)
            self.assertIn("weak key derivation", self.home.errors)
            self.assertFalse([r for r in self.server.requests if "token" in r[1]])

    def test_version_2_account_is_named(self):
        self.account.user["v2"] = True
        self.home.login(code=1)
        self.assertIn("account encryption version 2", self.home.errors)

    def test_plain_http_to_another_host_is_refused(self):
        self.home.run("vault", "login", "a@example.com", "--server", "http://vault.example.com", code=1,
                      secrets={"--password-fd": "word"})
        self.assertIn("only https", self.home.errors)

    def test_locked_and_unlocked(self):
        self.account.add_item("x", login={"password": "value"})
        self.home.login()
        self.assertIn("unlocked", self.home.run("vault", "status"))
        self.home.run("vault", "lock")
        self.assertEqual(json.loads(self.home.run("vault", "status", "--json"))["status"], "locked")
        self.home.run("vault", "get", "x", code=2)
        self.assertIn("locked", self.home.errors)
        self.home.run("vault", "unlock", code=1, secrets={"--password-fd": "wrong"})
        self.assertIn("the master password is wrong", self.home.errors)
        self.home.run("vault", "unlock", secrets={"--password-fd": self.account.password})
        self.assertEqual(self.home.get("x"), "value")

    def test_unlocks_and_reads_offline(self):
        self.account.add_item("x", login={"password": "value"})
        self.home.login()
        self.home.run("vault", "lock")
        self.server.http.shutdown()
        self.assertEqual(self.home.get("x", secrets={"--password-fd": self.account.password}), "value")
        self.assertEqual(self.home.get("x"), "value")

    def test_explicit_session(self):
        self.account.add_item("x", login={"password": "value"})
        self.home.login()
        self.home.run("vault", "lock")
        session = self.home.run("vault", "unlock", "--session", secrets={"--password-fd": self.account.password})
        self.home.run("vault", "get", "x", code=2)
        self.assertEqual(self.home.get("x", STANCH_VAULT_SESSION=session), "value")
        self.home.run("vault", "get", "x", code=2, STANCH_VAULT_SESSION="A" * 86)
        self.home.run("vault", "lock")
        self.home.run("vault", "get", "x", code=2, STANCH_VAULT_SESSION=session)

    def test_session_ends_after_its_time(self):
        self.home.login()
        self.home.run("vault", "unlock", "--timeout", "1s", secrets={"--password-fd": self.account.password})
        threading.Event().wait(1.3)
        self.assertIn("locked", self.home.run("vault", "status"))

    def test_expired_token_is_renewed_once(self):
        self.home.login()
        self.server.tokens.clear()
        self.server.requests.clear()
        self.home.run("vault", "sync", "--force")
        self.assertEqual(len([r for r in self.server.requests if "token" in r[1]]), 1)
        self.server.tokens.clear()
        self.server.refresh.clear()
        self.home.run("vault", "sync", "--force", code=1)
        self.assertIn("stanch vault login", self.home.errors)

    def test_changed_stamp_logs_out(self):
        self.home.login()
        self.account.user["stamp"] = "another"
        self.home.run("vault", "sync", "--force", code=1)
        self.assertIn("logged out", self.home.run("vault", "status"))
        self.assertFalse(self.home.cache().exists())


class OldServer(VaultCase):
    """PascalCase answers, the old prelogin path, no key settings"""
    server_options = {"old": True}

    def test_everything_is_read(self):
        self.account.add_item("x", item_key=True, login={"password": "value", "username": "me"}, fields=[(1, "f", "v")])
        self.home.login()
        self.assertEqual(self.home.get("x"), "value")
        self.assertEqual(self.home.get("x/f"), "v")
        self.home.set("x", "new")
        self.account.one("x")  # still readable for the other side
        self.assertEqual(self.home.get("x"), "new")


if __name__ == "__main__":
    unittest.main()
