"""Bitwarden's key hierarchy a second time, in Python (cryptography, argon2-cffi): what stanch wrote is read with this,
and what this wrote is read by stanch. Nothing here is shared with the C++ side.
"""
import base64
import hashlib
import hmac
import os
import secrets
import uuid

import argon2.low_level
from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import padding as rsa_padding
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand
from cryptography.hazmat.primitives.serialization import load_der_public_key

from support import canaries
from support.bitwarden.organizations import join
from support.bitwarden.wire import now

PBKDF2 = {"type": 0, "iterations": 600000}
FAST = {"type": 0, "iterations": 5000}
ARGON2 = {"type": 1, "iterations": 2, "memory": 16, "parallelism": 2}


def b64(data):
    return base64.b64encode(data).decode()


def seal_raw(data, key):
    iv = os.urandom(16)
    padder = padding.PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(key[:32]), modes.CBC(iv)).encryptor()
    ciphertext = encryptor.update(padder.update(data) + padder.finalize()) + encryptor.finalize()
    return iv, ciphertext, hmac.digest(key[32:], iv + ciphertext, "sha256")


def seal(text, key):
    if text is None:
        return None
    data = text if isinstance(text, bytes) else text.encode()
    return "2." + "|".join(b64(part) for part in seal_raw(data, key))


def seal_bytes(data, key):
    iv, ciphertext, mac = seal_raw(data, key)
    return b"\2" + iv + mac + ciphertext


def open_raw(iv, ciphertext, mac, key):
    assert hmac.compare_digest(hmac.digest(key[32:], iv + ciphertext, "sha256"), mac), "wrong MAC"
    decryptor = Cipher(algorithms.AES(key[:32]), modes.CBC(iv)).decryptor()
    unpadder = padding.PKCS7(128).unpadder()
    return unpadder.update(decryptor.update(ciphertext) + decryptor.finalize()) + unpadder.finalize()


def open_sealed(text, key):
    if text is None:
        return None
    assert text.startswith("2."), text[:2]
    return open_raw(*(base64.b64decode(part) for part in text[2:].split("|")), key)


def open_text(text, key):
    return None if text is None else open_sealed(text, key).decode()


def open_bytes(data, key):
    assert data[0] == 2
    return open_raw(data[1:17], data[49:], data[17:49], key)


def expand(key, info, size):
    return HKDFExpand(hashes.SHA256(), size, info).derive(key)


def master_key(password, email, kdf):
    if kdf["type"] == 0:
        return hashlib.pbkdf2_hmac("sha256", password.encode(), email.encode(), kdf["iterations"], 32)
    salt = hashlib.sha256(email.encode()).digest()
    return argon2.low_level.hash_secret_raw(password.encode(), salt, kdf["iterations"], kdf["memory"] * 1024,
                                            kdf["parallelism"], 32, argon2.low_level.Type.ID)


def wrap_rsa(key, public_key):
    sealed = load_der_public_key(public_key).encrypt(key, OAEP)
    return "4." + b64(sealed)


OAEP = rsa_padding.OAEP(rsa_padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)


class Keys:
    """what a registration makes up: the user key, an RSA pair, and both as the server gets them"""

    def __init__(self, email, password, kdf):
        self.email, self.kdf = email.strip().lower(), kdf
        master = master_key(password, self.email, kdf)
        self.key = canaries.key()
        self.rsa = rsa.generate_private_key(65537, 2048)
        self.public = self.rsa.public_key().public_bytes(serialization.Encoding.DER,
                                                         serialization.PublicFormat.SubjectPublicKeyInfo)
        private = self.rsa.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8,
                                         serialization.NoEncryption())
        self.wrapped = seal(self.key, expand(master, b"enc", 32) + expand(master, b"mac", 32))
        self.private = seal(private, self.key)
        self.verifier = b64(hashlib.pbkdf2_hmac("sha256", master, password.encode(), 1, 32))


class Account:
    """a registered user, with the keys in hand"""

    def __init__(self, server, email="owner@example.com", password=canaries.canary("correct horse"), kdf=None, **more):
        self.server, self.email, self.password, self.kdf = server, email, password, kdf or FAST
        keys = Keys(email, password, self.kdf)
        self.key, self.rsa, self.public = keys.key, keys.rsa, keys.public
        self.user = server.add_user(keys.email, keys.verifier, self.kdf, keys.wrapped, b64(self.public), keys.private, **more)

    @property
    def id(self):
        return self.user["id"]

    def add_item(self, name, item_key=False, organization=None, collections=(), **parts):
        """parts: notes, login={…}, fields=[…], sshKey={…} with plain text inside"""
        outer = organization.key if organization else self.key
        key = canaries.key() if item_key else outer
        kind = next((k for k in ("login", "secureNote", "card", "identity", "sshKey") if k in parts), "secureNote")
        number = {"login": 1, "secureNote": 2, "card": 3, "identity": 4, "sshKey": 5}[kind]
        item = {"id": str(uuid.uuid4()), "type": number, "name": seal(name, key), "notes": seal(parts.get("notes"), key),
                "key": seal(key, outer) if item_key else None, "favorite": False, "reprompt": parts.get("reprompt", 0),
                "organizationId": organization.id if organization else None, "collectionIds": list(collections),
                "folderId": parts.get("folderId"), "fields": None, "passwordHistory": None, "login": None,
                "secureNote": None, "card": None, "identity": None, "sshKey": None, "creationDate": self.server.now(),
                "revisionDate": self.server.now(), "deletedDate": None, "archivedDate": None, "edit": True,
                "viewPassword": True, "permissions": {"delete": True, "restore": True}, "organizationUseTotp": True,
                "userId": None if organization else self.id, "data": parts.get("data")}
        if kind == "login":
            item["login"] = {"uris": None, "passwordRevisionDate": None, "fido2Credentials": None,
                             "autofillOnPageLoad": None}
            for field in ("username", "password", "totp"):
                item["login"][field] = seal(parts["login"].get(field), key)
            if "uris" in parts["login"]:
                item["login"]["uris"] = [
                    {"uri": seal(u, key), "match": None,
                     "uriChecksum": seal(b64(hashlib.sha256(u.encode()).digest()), key)} for u in parts["login"]["uris"]]
        elif kind == "secureNote":
            item["secureNote"] = {"type": 0}
        else:
            item[kind] = {name: seal(value, key) for name, value in parts[kind].items()}
        if "fields" in parts:
            item["fields"] = [{"type": t, "name": seal(n, key), "value": seal(v, key), "linkedId": None}
                              for t, n, v in parts["fields"]]
        item |= parts.get("more", {})
        self.server.ciphers[item["id"]] = item
        self.server.touch()
        return item

    def add_folder(self, name):
        folder = {"id": str(uuid.uuid4()), "name": seal(name, self.key), "revisionDate": now(), "object": "folder",
                  "userId": self.id}
        self.server.folders[folder["id"]] = folder
        self.server.touch(self.user)
        return folder

    def key_of(self, item, organization=None):
        outer = organization.key if organization else self.key
        return open_sealed(item["key"], outer) if item["key"] else outer

    def items(self, organization=None):
        """{name: (item, key)} of what the server holds now"""
        out = {}
        for item in self.server.ciphers.values():
            if item["organizationId"] == (organization.id if organization else None):
                if organization or item["userId"] == self.id:
                    key = self.key_of(item, organization)
                    out.setdefault(open_text(item["name"], key), []).append((item, key))
        return out

    def one(self, name, organization=None):
        (found,) = self.items(organization)[name]
        return found


class Organization:
    def __init__(self, server, owner, name="Team"):
        self.server, self.name, self.key = server, name, canaries.key()
        self.id = str(uuid.uuid4())
        server.organizations[self.id] = {"id": self.id, "name": name, "keys": {
            "publicKey": b64(owner.public), "encryptedPrivateKey": seal(b"not used", self.key)}}
        self.membership = join(server, self.id, owner.user, 0, 2, wrap_rsa(self.key, owner.public))
        server.touch()

    def add_collection(self, name):
        collection = {"id": str(uuid.uuid4()), "organizationId": self.id, "name": seal(name, self.key)}
        self.server.collections[collection["id"]] = collection
        self.server.touch()
        return collection

    def add_member(self, account, status=1, kind=2, collections=()):
        key = wrap_rsa(self.key, account.public) if status == 2 else None
        self.server.touch()
        return join(self.server, self.id, account.user, kind, status, key, collections)


class Machine:
    """a Secrets Manager machine account and its access token"""

    def __init__(self, server):
        self.server, self.id, self.organization = server, str(uuid.uuid4()), str(uuid.uuid4())
        self.key, material, secret = canaries.key(), os.urandom(16), secrets.token_urlsafe(22)[:30]
        prk = hmac.digest(b"bitwarden-accesstoken", material, "sha256")
        token_key = expand(prk, b"sm-access-token", 64)
        payload = seal(f'{{"encryptionKey":"{b64(self.key)}"}}', token_key)
        server.machines[self.id] = {"secret": secret, "organization": self.organization, "payload": payload}
        self.token = f"0.{self.id}.{secret}:{b64(material)}"

    def add_project(self, name):
        project = {"id": str(uuid.uuid4()), "organizationId": self.organization, "name": seal(name, self.key),
                   "creationDate": now(), "revisionDate": now(), "read": True, "write": True, "object": "project"}
        self.server.projects[project["id"]] = project
        return project

    def add_secret(self, name, value, *projects):
        secret = {"id": str(uuid.uuid4()), "organizationId": self.organization, "key": seal(name, self.key),
                  "value": seal(value, self.key), "note": seal("", self.key), "projects": [p["id"] for p in projects],
                  "creationDate": now(), "revisionDate": now()}
        self.server.secrets[secret["id"]] = secret
        return secret


def send_key(material):
    return HKDF(hashes.SHA256(), 64, b"bitwarden-send", b"send").derive(material)
