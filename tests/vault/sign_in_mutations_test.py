"""Answers to a sign-in with bytes changed, cut out, doubled and moved: more by hand, STANCH_MUTATIONS=10000, and in shares,
STANCH_SEED=1, 2, …
"""
import json
import os
import random
import unittest

from harness import VaultCase
from support.bitwarden.sign_in import totp
from support.canaries import canary

MUTATIONS = int(os.environ.get("STANCH_MUTATIONS", "60"))
SEED = int(os.environ.get("STANCH_SEED", "7"))


class SignIn(VaultCase):
    CODES = "JBSWY3DP" "EHPK3PXP"

    def setUp(self):
        super().setUp()
        self.account.add_item("x", login={"password": canary("-x")})
        self.random = random.Random(SEED)
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
            self.account.user["totp"] = self.CODES if way == "code" else None
            self.home.env |= {"BW_CLIENTID": "user." + self.account.id, "BW_CLIENTSECRET": self.account.user["apiKey"]}
            self.altered.clear()
            self.asked.clear()
            self.server.alter[:] = [alter]
            secrets = {"--password-fd": self.account.password} | ({"--code-fd": totp(self.CODES)} if way == "code" else {})
            done = self.home.call("vault", "login", self.account.email, "--server", self.server.url,
                                  *(["--api-key"] if way == "key" else []), secrets=secrets)
            self.server.alter.clear()
            self.assertIn(done.returncode, (0, 1, 2, 3), (self.altered, done.stderr))
            self.assertNotIn(b"Sanitizer", done.stderr, self.altered)
            self.assertNotIn(canary().encode(), done.stdout + done.stderr)
            if self.asked:
                self.assertFalse(weak(self.asked[0].get("prelogin")), self.asked[0])
            if done.returncode == 0:
                logged_in += 1
                self.assertIn(self.home.call("vault", "get", "x", "-n").stdout, (b"", canary("-x").encode()), self.altered)
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

if __name__ == "__main__":
    unittest.main()
