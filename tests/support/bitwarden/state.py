"""What the test server holds, and who may see what of it."""
import secrets
import threading
import time
import uuid

from support.bitwarden.routing import error
from support.bitwarden.wire import now


class State:
    url = ""

    def __init__(self, old=False, flags=None):
        self.old, self.flags = old, flags or {}
        self.users, self.ciphers, self.folders, self.sends = {}, {}, {}, {}
        self.organizations, self.collections, self.memberships = {}, {}, {}
        self.attachments, self.files, self.tokens, self.refresh = {}, {}, {}, {}
        self.machines, self.secrets, self.projects = {}, {}, {}
        self.token_life, self.two_factor_mails = 7200, []
        self.revision_mark = 0
        # Time passes between edits, else everybody would wait for what servers forgive; 0 in tests of just that.
        self.pace, self.ahead, self.lag = 10, 0, 0
        self.lock = threading.RLock()

    def add_user(self, email, password_hash, kdf, key, public_key, private_key, **more):
        user = {"id": str(uuid.uuid4()), "email": email, "name": email.split("@")[0], "hash": password_hash, "kdf": kdf,
                "key": key, "publicKey": public_key, "privateKey": private_key, "stamp": str(uuid.uuid4()),
                "apiKey": secrets.token_urlsafe(24)[:30], "totp": None, "mailCode": None, "yubikey": None,
                "remember": set(), "newDevice": None, "revision": 0} | more
        self.users[email] = user
        return user

    def between_check_and_change(self):
        """real servers don't hold a lock from the one to the other"""
        self.lock.release()
        time.sleep(self.lag)
        self.lock.acquire()

    def now(self):
        return now(self.ahead)

    def touch(self, *users):
        with self.lock:
            self.ahead += self.pace
            self.revision_mark = max(self.revision_mark + 1, int(time.time() * 1000))
            for user in users or self.users.values():
                user["revision"] = self.revision_mark

    def user_of(self, user_id):
        return next(u for u in self.users.values() if u["id"] == user_id)

    def confirmed(self, user):
        return [m for m in self.memberships.values() if m["userId"] == user["id"] and m["status"] == 2]

    def sees_all(self, membership):
        return membership["type"] in (0, 1)

    def visible_collections(self, user):
        out = {}
        for m in self.confirmed(user):
            for c in self.collections.values():
                if c["organizationId"] == m["organizationId"] and (self.sees_all(m) or c["id"] in m["collections"]):
                    out[c["id"]] = c
        return out

    def visible(self, user):
        collections = self.visible_collections(user)
        for c in list(self.ciphers.values()):
            if c["organizationId"] is None:
                if c["userId"] == user["id"]:
                    yield c
            elif any(m["organizationId"] == c["organizationId"] and self.sees_all(m) for m in self.confirmed(user)) or \
                    set(c["collectionIds"]) & collections.keys():
                yield c

    def shown(self, cipher, kind="cipherDetails"):
        out = {k: v for k, v in cipher.items() if k != "userId"}
        files = [a for a in self.attachments.values() if a["cipher"] == cipher["id"] and a["data"] is not None]
        out["attachments"] = [{"id": a["id"], "url": f"{self.url}/attachments/{cipher['id']}/{a['id']}",
                               "fileName": a["fileName"], "key": a["key"], "size": str(len(a["data"])),
                               "sizeName": f"{len(a['data'])} Bytes", "object": "attachment"} for a in files] or None
        return out | {"object": kind}

    def cipher_of(self, user, cipher_id):
        for c in self.visible(user):
            if c["id"] == cipher_id:
                return c
        raise error("Cipher doesn't exist")
