"""Where clients meet: the tests' own server, or (STANCH_VAULT_SERVER=https://…, STANCH_VAULT_CA=FILE) one of another make
that lets anybody sign up. Accounts are made through the API alone, so both are treated the same.
"""
import json
import os
import secrets
import ssl
import tempfile
import time
import urllib.parse
import urllib.request

from support import made_ca
from support.bitwarden.server import Server
from support.bitwarden.sign_in import totp
from support.bitwarden_account import Keys, b64
from support.canaries import canary


class Person:
    """an account of its own, fresh"""

    def __init__(self, ground, kdf):
        self.ground, self.kdf = ground, kdf
        self.email, self.password = f"Person-{secrets.token_hex(6)}@Example.com", canary("correct ä漢 ") + secrets.token_hex(6)
        self.keys = Keys(self.email, self.password, kdf)
        more = {"kdfMemory": kdf["memory"], "kdfParallelism": kdf["parallelism"]} if kdf["type"] == 1 else {}
        ground.post("/identity/accounts/register", {
            "email": self.keys.email, "name": "Person", "masterPasswordHash": self.keys.verifier, "masterPasswordHint": None,
            "key": self.keys.wrapped, "keys": {"publicKey": b64(self.keys.public), "encryptedPrivateKey": self.keys.private},
            "kdf": kdf["type"], "kdfIterations": kdf["iterations"], **more})

    def token(self):
        form = {"scope": "api offline_access", "client_id": "web", "deviceType": "9", "deviceIdentifier": secrets.token_hex(16),
                "deviceName": "test", "grant_type": "password", "username": self.keys.email, "password": self.keys.verifier}
        return self.ground.post("/identity/connect/token", urllib.parse.urlencode(form).encode())

    def api_key(self, token):
        """(client_id, client_secret)"""
        user = self.ground.ask("GET", "/api/accounts/profile", token=token)
        proof = {"masterPasswordHash": self.keys.verifier}
        return "user." + user["id"], self.ground.post("/api/accounts/api-key", proof, token)["apiKey"]

    def want_codes(self, token):
        """turns on the authenticator; its seed"""
        proof = {"masterPasswordHash": self.keys.verifier}
        seed = self.ground.post("/api/two-factor/get-authenticator", proof, token)["key"]
        self.ground.ask("PUT", "/api/two-factor/authenticator", proof | {"key": seed, "token": totp(seed)}, token)
        return seed


class Ground:
    def __init__(self, **own):
        self.folder = tempfile.TemporaryDirectory(prefix="stanch-ground-")
        self.url, self.ca, self.server = os.environ.get("STANCH_VAULT_SERVER"), os.environ.get("STANCH_VAULT_CA"), None
        if not self.url:
            self.ca, *tls = made_ca.make(self.folder.name)
            self.server = Server(tls=tls, **own)
            self.server.__enter__()
            self.url = self.server.url
        self.tls = ssl.create_default_context(cafile=self.ca)

    def close(self):
        if self.server:
            self.server.__exit__()
        self.folder.cleanup()

    def person(self, kdf):
        return Person(self, kdf)

    def ask(self, method, path, body=None, token=None):
        headers = {"Authorization": "Bearer " + token["access_token"]} if token else {}
        if body is not None and not isinstance(body, bytes):
            body, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        request = urllib.request.Request(self.url + path, body, headers, method=method)
        with urllib.request.urlopen(request, context=self.tls, timeout=60) as answer:
            return json.loads(answer.read() or b"null")

    def post(self, path, body, token=None):
        return self.ask("POST", path, body, token)


def next_code(seed):
    """a one-time code that nobody has used yet: servers take each only once"""
    used = totp(seed)
    while totp(seed) == used:
        time.sleep(1)
    return totp(seed)
