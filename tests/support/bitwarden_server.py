"""A small Bitwarden server for tests: Python's standard library, everything in memory.

It knows the routes that stanch and the official client use, checks what a real server checks (password hash, tokens,
revisions, membership), and never opens a ciphertext. Its truth is the official client, which works against it
(tests/vault/official_client_test.py).

    with Server() as server:
        server.add_user(…)           # see bitwarden_account.py, which makes the keys
        server.url                   # http://127.0.0.1:PORT
        server.requests              # [(method, path)] so far
        server.before.append(hook)   # hook(handler) -> (status, body, headers) to answer in its place, or None
        server.after.append(hook)    # hook(method, path) once the change is made, before the answer is sent
"""
import base64
import copy
import datetime
import hashlib
import hmac
import http.server
import json
import re
import secrets
import socket
import ssl
import struct
import threading
import time
import urllib.parse
import uuid

ROUTES = []


class Refused(Exception):
    def __init__(self, status, body, headers=()):
        super().__init__(status)
        self.status, self.body, self.headers = status, body, list(headers)


def error(message, status=400):
    return Refused(status, {"message": message, "validationErrors": {"": [message]},
                            "errorModel": {"message": message, "object": "error"}, "error": "",
                            "error_description": "", "object": "error"})


def route(method, pattern, auth=True):
    def keep(function):
        ROUTES.append((method, re.compile(pattern + r"/?\Z"), auth, function))
        return function
    return keep


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def listed(items):
    return {"data": items, "object": "list", "continuationToken": None}


def totp(key, at=None):
    counter = struct.pack(">Q", int(at or time.time()) // 30)
    digest = hmac.digest(base64.b32decode(key + "=" * (-len(key) % 8)), counter, "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start:start + 4], 'big') & 0x7FFFFFFF) % 1000000:06}"


def unpadded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def jwt(claims):
    return ".".join([unpadded(b'{"alg":"none"}'), unpadded(json.dumps(claims).encode()), unpadded(b"unsigned")])


def pascal(value):
    """as servers before 2024 spelled their answers"""
    if isinstance(value, dict):
        return {k[:1].upper() + k[1:]: pascal(v) for k, v in value.items()}
    return [pascal(v) for v in value] if isinstance(value, list) else value


class Server:
    def __init__(self, tls=None, old=False, flags=None, host="127.0.0.1"):
        self.old, self.flags = old, flags or {}
        self.users, self.ciphers, self.folders, self.sends = {}, {}, {}, {}
        self.organizations, self.collections, self.memberships = {}, {}, {}
        self.attachments, self.files, self.tokens, self.refresh = {}, {}, {}, {}
        self.machines, self.secrets, self.projects = {}, {}, {}
        self.requests, self.before, self.after, self.unknown = [], [], [], []
        self.lock = threading.RLock()
        self.token_life, self.two_factor_mails = 7200, []
        self.revision_mark = 0
        outer = self

        class Handler(RequestHandler):
            server_state = outer

        class Listener(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, request, client_address):
                pass  # a client that was killed is part of the tests

        self.http = Listener((host, 0), Handler)
        scheme = "http"
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
            scheme = "https"
        self.url = f"{scheme}://{'localhost' if tls else host}:{self.http.server_port}"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.http.shutdown()
        self.http.server_close()

    # --- fixtures

    def add_user(self, email, password_hash, kdf, key, public_key, private_key, **more):
        user = {"id": str(uuid.uuid4()), "email": email, "name": email.split("@")[0], "hash": password_hash, "kdf": kdf,
                "key": key, "publicKey": public_key, "privateKey": private_key, "stamp": str(uuid.uuid4()),
                "apiKey": secrets.token_urlsafe(24)[:30], "totp": None, "mailCode": None, "yubikey": None,
                "remember": set(), "newDevice": None, "revision": 0} | more
        self.users[email] = user
        return user

    def touch(self, *users):
        with self.lock:
            self.revision_mark = max(self.revision_mark + 1, int(time.time() * 1000))
            for user in users or self.users.values():
                user["revision"] = self.revision_mark

    # --- what a user may see

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

    def profile(self, user):
        orgs = []
        for m in self.confirmed(user):
            o = self.organizations[m["organizationId"]]
            orgs.append({"id": o["id"], "name": o["name"], "key": m["key"], "status": m["status"], "type": m["type"],
                         "enabled": True, "userId": user["id"], "organizationUserId": m["id"], "useTotp": True,
                         "usePolicies": False, "useGroups": False, "useEvents": False, "useDirectory": False,
                         "use2fa": True, "useApi": True, "useResetPassword": False, "useSso": False,
                         "useKeyConnector": False, "useScim": False, "useCustomPermissions": True,
                         "usePasswordManager": True, "useSecretsManager": False, "useActivateAutofillPolicy": False,
                         "useRiskInsights": False, "useOrganizationDomains": False, "useAdminSponsoredFamilies": False,
                         "selfHost": True, "usersGetPremium": True, "seats": 10, "maxCollections": None,
                         "maxStorageGb": 10, "hasPublicAndPrivateKeys": True, "identifier": None, "ssoBound": False,
                         "providerId": None, "providerName": None, "providerType": None, "productTierType": 3,
                         "planProductType": 3, "keyConnectorEnabled": False, "keyConnectorUrl": None,
                         "resetPasswordEnrolled": False, "accessSecretsManager": False, "limitCollectionCreation": False,
                         "limitCollectionDeletion": False, "limitItemDeletion": False,
                         "allowAdminAccessToAllCollectionItems": True, "userIsManagedByOrganization": False,
                         "userIsClaimedByOrganization": False, "familySponsorshipAvailable": False,
                         "familySponsorshipFriendlyName": None, "permissions": {
                             k: False for k in ("accessEventLogs", "accessImportExport", "accessReports",
                                                "createNewCollections", "editAnyCollection", "deleteAnyCollection",
                                                "manageGroups", "managePolicies", "manageSso", "manageUsers",
                                                "manageResetPassword", "manageScim")},
                         "object": "profileOrganization"})
        return {"id": user["id"], "name": user["name"], "email": user["email"], "emailVerified": True, "premium": True,
                "premiumFromOrganization": False, "culture": "en-US", "twoFactorEnabled": bool(user["totp"]),
                "key": user["key"], "privateKey": user["privateKey"],
                "accountKeys": self.account_keys(user), "securityStamp": user["stamp"], "forcePasswordReset": False,
                "usesKeyConnector": False, "avatarColor": None, "verifyDevices": True, "creationDate": now(),
                "organizations": orgs, "providers": [], "providerOrganizations": [], "object": "profile"}

    def account_keys(self, user):
        keys = {"publicKeyEncryptionKeyPair": {"wrappedPrivateKey": user["privateKey"], "publicKey": user["publicKey"],
                                               "Object": "publicKeyEncryptionKeyPair"}, "Object": "privateKeys"}
        if user.get("v2"):
            keys |= {"signatureKeyPair": {"wrappedSigningKey": "7.AAAA", "verifyingKey": "AAAA"},
                     "securityState": {"securityState": "AAAA", "securityVersion": 2}}
        return keys

    def unlock_data(self, user, upper):
        kdf = user["kdf"]
        settings = {"kdfType": kdf["type"], "iterations": kdf["iterations"], "memory": kdf.get("memory"),
                    "parallelism": kdf.get("parallelism")}
        data = {"kdf": settings, "masterKeyEncryptedUserKey": user["key"], "masterKeyWrappedUserKey": user["key"],
                "salt": user["email"]}
        return pascal(data) if upper else data

    def sync(self, user):
        return {"object": "sync", "profile": self.profile(user),
                "folders": [f for f in self.folders.values() if f["userId"] == user["id"]],
                "collections": [c | {"object": "collectionDetails", "readOnly": False, "hidePasswords": False,
                                     "manage": True, "externalId": None, "type": 0}
                                for c in self.visible_collections(user).values()],
                "policies": [], "ciphers": [self.shown(c) for c in self.visible(user)], "domains": None,
                "sends": [s for s in self.sends.values() if s["userId"] == user["id"]],
                "userDecryption": {"masterPasswordUnlock": self.unlock_data(user, False), "webAuthnPrfOptions": [],
                                   "userKeyId": user.get("userKeyId")}}


class RequestHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_state = None

    def log_message(self, *_):
        pass

    def setup(self):
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def handle_any(self):
        state = self.server_state
        parts = urllib.parse.urlsplit(self.path)
        self.query = dict(urllib.parse.parse_qsl(parts.query))
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = parts.path
        state.requests.append((self.command, path))
        for hook in list(state.before):
            answer = hook(self)
            if answer == "drop":
                self.close_connection = True
                return
            if answer:
                return self.send(*answer)
        try:
            with state.lock:
                answer = self.answer(path)
            for hook in list(state.after):
                if hook(self.command, path) == "drop":
                    self.close_connection = True
                    return
            if isinstance(answer, bytes):
                return self.send(200, answer, [("Content-Type", "application/octet-stream")])
            if state.old and not isinstance(answer, (int, str)) and "access_token" not in (answer or {}):
                answer = pascal(answer)
            self.send(200, answer)
        except Refused as refused:
            self.send(refused.status, refused.body, refused.headers)

    do_GET = do_POST = do_PUT = do_DELETE = handle_any

    def answer(self, path):
        for method, pattern, auth, function in ROUTES:
            match = pattern.match(path) if method == self.command else None
            if match:
                self.user = self.authorize() if auth else None
                return function(self, self.server_state, *match.groups())
        self.server_state.unknown.append((self.command, path))
        raise Refused(404, {"error": {"code": 404, "reason": "Not Found", "description": "no such path"}})

    def authorize(self):
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        session = self.server_state.tokens.get(token)
        if not session or session["until"] < time.time():
            raise Refused(401, {"error": {"code": 401, "reason": "Unauthorized", "description": "log in"}})
        return session["user"]

    def form(self):
        return dict(urllib.parse.parse_qsl(self.body.decode(), keep_blank_values=True))

    def json(self):
        data = json.loads(self.body)
        return data

    def send(self, status, body=None, headers=()):
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        try:
            self.send_response(status)
            if not any(k.lower() == "content-type" for k, _ in headers):
                self.send_header("Content-Type", "application/json")
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except OSError:
            self.close_connection = True


# --- sign in

@route("GET", "/api/config", auth=False)
def config(h, s):
    return {"version": "2026.8.0", "gitHash": "0", "server": None, "settings": {"disableUserRegistration": False},
            "environment": {"vault": s.url, "api": s.url + "/api", "identity": s.url + "/identity",
                            "notifications": s.url + "/notifications", "sso": "", "cloudRegion": None},
            "featureStates": s.flags, "push": {"pushTechnology": 0, "vapidPublicKey": None}, "object": "config"}


@route("POST", "/identity/accounts/prelogin(?:/password)?", auth=False)
def prelogin(h, s):
    if s.old and h.path.endswith("/password"):
        raise Refused(404, b"<html>not here</html>", [("Content-Type", "text/html")])
    user = s.users.get(h.json()["email"].strip().lower())
    kdf = user["kdf"] if user else {"type": 0, "iterations": 600000}
    flat = {"kdf": kdf["type"], "kdfIterations": kdf["iterations"], "kdfMemory": kdf.get("memory"),
            "kdfParallelism": kdf.get("parallelism")}
    return flat if s.old else flat | {"salt": None, "kdfSettings": {
        "kdfType": kdf["type"], "iterations": kdf["iterations"], "memory": kdf.get("memory"),
        "parallelism": kdf.get("parallelism")}}


def grant(s, user, scope, refresh=True):
    access = jwt({"sub": user["id"], "email": user["email"], "name": user["name"], "email_verified": True,
                  "premium": True, "exp": int(time.time()) + s.token_life, "nbf": int(time.time()),
                  "sstamp": user["stamp"], "client_id": "cli", "jti": secrets.token_hex(4),
                  "iss": "http://localhost|login", "amr": ["Application"], "scope": scope.split()})
    s.tokens[access] = {"user": user, "until": time.time() + s.token_life}
    out = {"access_token": access, "expires_in": s.token_life, "token_type": "Bearer", "scope": scope}
    if refresh:
        out["refresh_token"] = secrets.token_urlsafe(48)
        s.refresh[out["refresh_token"]] = user
    return out


def unlocking(s, user):
    kdf = user["kdf"]
    flat = {"Key": user["key"], "PrivateKey": user["privateKey"], "Kdf": kdf["type"],
            "KdfIterations": kdf["iterations"], "KdfMemory": kdf.get("memory"),
            "KdfParallelism": kdf.get("parallelism"), "ResetMasterPassword": False, "ForcePasswordReset": False}
    if s.old:
        return flat
    return flat | {"MasterPasswordPolicy": {"Object": "masterPasswordPolicy"}, "AccountKeys": s.account_keys(user),
                   "UserDecryptionOptions": {"HasMasterPassword": True, "MasterPasswordUnlock": s.unlock_data(user, True),
                                             "Object": "userDecryptionOptions"}}


def second_factor(h, s, user, form):
    providers = {k: v for k, v in {"0": user["totp"] and (None, totp(user["totp"])),
                                   "1": user["mailCode"] and ({"Email": "m***@example.com"}, user["mailCode"]),
                                   "3": user["yubikey"] and ({"Nfc": True}, user["yubikey"])}.items() if v}
    if not providers:
        if user["newDevice"] and form.get("newDeviceOtp") != user["newDevice"]:
            raise Refused(400, {"error": "device_error", "error_description": "New device verification required",
                                "ErrorModel": {"Message": "new device verification required", "Object": "error"}})
        return {}
    token, provider = form.get("twoFactorToken"), form.get("twoFactorProvider")
    if token is None:
        raise Refused(400, {"error": "invalid_grant", "error_description": "Two factor required.",
                            "TwoFactorProviders": list(providers), "TwoFactorProviders2": {
                                k: v[0] for k, v in providers.items()}, "MasterPasswordPolicy": {}})
    if provider == "5" and token in user["remember"]:
        return {}
    if provider == "5":
        raise Refused(400, {"error": "invalid_grant", "error_description": "Two factor required.",
                            "TwoFactorProviders2": {k: v[0] for k, v in providers.items()}})
    if provider not in providers or token != providers[provider][1]:
        raise error("Invalid TOTP code!")
    if form.get("twoFactorRemember") == "1":
        remember = secrets.token_urlsafe(32)
        user["remember"].add(remember)
        return {"TwoFactorToken": remember}
    return {}


@route("POST", "/identity/connect/token", auth=False)
def token(h, s):
    form = h.form()
    kind = form.get("grant_type")
    if kind == "refresh_token":
        user = s.refresh.get(form["refresh_token"])
        if not user:
            raise Refused(400, {"error": "invalid_grant"})
        return grant(s, user, "api offline_access", refresh=False) | {"refresh_token": form["refresh_token"]}
    if kind == "send_access":
        return send_token(s, form)
    if kind == "client_credentials" and form.get("scope") == "api.secrets":
        machine = s.machines.get(form["client_id"])
        if not machine or machine["secret"] != form["client_secret"]:
            raise Refused(400, {"error": "invalid_client"})
        access = jwt({"sub": form["client_id"], "organization": machine["organization"],
                      "exp": int(time.time()) + 3600})
        s.tokens[access] = {"user": {"id": form["client_id"], "machine": machine}, "until": time.time() + 3600}
        return {"access_token": access, "expires_in": 3600, "token_type": "Bearer", "scope": "api.secrets",
                "encrypted_payload": machine["payload"]}
    if kind == "client_credentials":
        user = next((u for u in s.users.values() if "user." + u["id"] == form["client_id"]), None)
        if not user or user["apiKey"] != form["client_secret"]:
            raise error("Incorrect client_secret")
        return grant(s, user, "api", refresh=False) | unlocking(s, user)
    user = s.users.get(form["username"].strip().lower())
    if not user or not hmac.compare_digest(user["hash"], form["password"]):
        raise error("Username or password is incorrect. Try again")
    more = second_factor(h, s, user, form)
    return grant(s, user, "api offline_access") | unlocking(s, user) | more


@route("POST", "/api/two-factor/send-email-login", auth=False)
def send_email(h, s):
    data = h.json()
    user = s.users.get(data["email"].strip().lower())
    if not user or user["hash"] != data["masterPasswordHash"]:
        raise error("Username or password is incorrect. Try again")
    s.two_factor_mails.append(data["email"])


@route("POST", "/api/accounts/api-key")
def api_key(h, s):
    if h.json()["masterPasswordHash"] != h.user["hash"]:
        raise error("Invalid password")
    return {"apiKey": h.user["apiKey"], "revisionDate": now(), "object": "apiKey"}


@route("POST", "/api/accounts/key-management/user-key-id")
def user_key_id(h, s):
    h.user["userKeyId"] = h.json()["userKeyId"]


# --- sync

@route("GET", "/api/accounts/revision-date")
def revision_date(h, s):
    return h.user["revision"]


@route("GET", "/api/accounts/profile")
def get_profile(h, s):
    return s.profile(h.user)


@route("GET", "/api/sync")
def sync(h, s):
    return s.sync(h.user)


@route("GET", "/api/users/([^/]+)/public-key")
def public_key(h, s, user_id):
    return {"userId": user_id, "publicKey": s.user_of(user_id)["publicKey"], "object": "userKey"}


# --- items

KEPT = ("type", "folderId", "organizationId", "name", "notes", "favorite", "reprompt", "login", "secureNote", "card",
        "identity", "sshKey", "fields", "passwordHistory", "key", "archivedDate", "data", "madeByNewerClient")


def cipher_from(h, s, data, before=None):
    cipher = before or {"id": str(uuid.uuid4()), "creationDate": now(), "deletedDate": None, "collectionIds": [],
                        "edit": True, "viewPassword": True, "permissions": {"delete": True, "restore": True},
                        "organizationUseTotp": True, "userId": h.user["id"]}
    for name in KEPT:
        cipher[name] = data.get(name)
    for name in ("login", "secureNote", "card", "identity", "sshKey"):
        if isinstance(cipher[name], dict) and name == "login":
            cipher[name] = {"username": None, "password": None, "totp": None, "uris": None,
                            "passwordRevisionDate": None, "fido2Credentials": None,
                            "autofillOnPageLoad": None} | cipher[name]
    cipher["favorite"], cipher["reprompt"] = bool(data.get("favorite")), data.get("reprompt") or 0
    if cipher["organizationId"]:
        cipher["userId"] = None
    cipher["revisionDate"] = now()
    s.ciphers[cipher["id"]] = cipher
    s.touch()
    return cipher


def parse_date(text):
    return datetime.datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text.replace("Z", "+00:00")))


def fresh(cipher, data):
    known = data.get("lastKnownRevisionDate")
    if known and abs((parse_date(known) - parse_date(cipher["revisionDate"])).total_seconds()) > 1:
        raise error("The client copy of this cipher is out of date. Resync the client and try again.")


def member_of(h, s, organization):
    for m in s.confirmed(h.user):
        if m["organizationId"] == organization:
            return m
    raise error("You don't have permission", 400)


@route("POST", "/api/ciphers")
def create(h, s):
    data = h.json()
    if data.get("organizationId"):
        raise error("Use the create route for an organization's item")
    return s.shown(cipher_from(h, s, data))


@route("POST", "/api/ciphers/create")
def create_shared(h, s):
    data = h.json()
    member_of(h, s, data["cipher"]["organizationId"])
    if not data["collectionIds"]:
        raise error("You must select at least one collection.")
    cipher = cipher_from(h, s, data["cipher"])
    cipher["collectionIds"] = list(data["collectionIds"])
    return s.shown(cipher)


@route("POST", "/api/ciphers/import")
def bulk(h, s):
    data = h.json()
    folders = []
    for folder in data["folders"]:
        made = {"id": str(uuid.uuid4()), "name": folder["name"], "revisionDate": now(), "object": "folder",
                "userId": h.user["id"]}
        s.folders[made["id"]] = made
        folders.append(made["id"])
    places = {r["key"]: folders[r["value"]] for r in data["folderRelationships"]}
    for i, cipher in enumerate(data["ciphers"]):
        cipher_from(h, s, cipher | {"folderId": places.get(i)})


@route("GET", "/api/ciphers/([^/]+)(?:/details)?")
def get_cipher(h, s, cipher_id):
    return s.shown(s.cipher_of(h.user, cipher_id))


@route("PUT", "/api/ciphers/([^/]+)")
def edit(h, s, cipher_id):
    data, cipher = h.json(), s.cipher_of(h.user, cipher_id)
    fresh(cipher, data)
    return s.shown(cipher_from(h, s, data, cipher))


@route("PUT", "/api/ciphers/([^/]+)/share")
def share(h, s, cipher_id):
    data, cipher = h.json(), s.cipher_of(h.user, cipher_id)
    fresh(cipher, data["cipher"])
    cipher_from(h, s, data["cipher"], cipher)
    cipher["collectionIds"] = list(data["collectionIds"])
    return s.shown(cipher)


@route("PUT", "/api/ciphers/([^/]+)/collections(?:_v2)?")
def set_collections(h, s, cipher_id):
    cipher = s.cipher_of(h.user, cipher_id)
    cipher["collectionIds"] = list(h.json()["collectionIds"])
    cipher["revisionDate"] = now()
    s.touch()
    return {"unavailable": False, "cipher": s.shown(cipher), "object": "optionalCipherDetails"}


@route("PUT", "/api/ciphers/([^/]+)/delete")
def trash(h, s, cipher_id):
    s.cipher_of(h.user, cipher_id).update(deletedDate=now(), revisionDate=now())
    s.touch()


@route("PUT", "/api/ciphers/([^/]+)/restore")
def restore(h, s, cipher_id):
    cipher = s.cipher_of(h.user, cipher_id)
    cipher.update(deletedDate=None, revisionDate=now())
    s.touch()
    return s.shown(cipher)


@route("DELETE", "/api/ciphers/([^/]+)")
def delete(h, s, cipher_id):
    del s.ciphers[s.cipher_of(h.user, cipher_id)["id"]]
    s.touch()


# --- attachments

@route("POST", "/api/ciphers/([^/]+)/attachment/v2")
def attach(h, s, cipher_id):
    data, cipher = h.json(), s.cipher_of(h.user, cipher_id)
    attachment = {"id": secrets.token_hex(10), "cipher": cipher_id, "data": None, "key": data["key"],
                  "fileName": data["fileName"], "size": data["fileSize"]}
    s.attachments[attachment["id"]] = attachment
    return {"attachmentId": attachment["id"], "url": f"/ciphers/{cipher_id}/attachment/{attachment['id']}",
            "fileUploadType": 0, "cipherResponse": s.shown(cipher), "cipherMiniResponse": None,
            "object": "attachment-fileUpload"}


def multipart(h):
    boundary = re.search(r'boundary="?([^";]+)', h.headers["Content-Type"])[1].encode()
    for part in h.body.split(b"--" + boundary):
        head, _, rest = part.partition(b"\r\n\r\n")
        if b'name="data"' in head:
            return rest[:-2]
    raise error("no part named data")


@route("POST", "/api/ciphers/([^/]+)/attachment/([^/]+)")
def upload(h, s, cipher_id, attachment_id):
    data, attachment = multipart(h), s.attachments[attachment_id]
    if len(data) != attachment["size"]:
        raise error("Attachment size mismatch")
    attachment["data"] = data
    s.cipher_of(h.user, cipher_id)["revisionDate"] = now()
    s.touch()


@route("GET", "/api/ciphers/([^/]+)/attachment/([^/]+)")
def get_attachment(h, s, cipher_id, attachment_id):
    s.cipher_of(h.user, cipher_id)
    a = s.attachments[attachment_id]
    return {"id": a["id"], "url": f"{s.url}/attachments/{cipher_id}/{a['id']}?token=short-lived",
            "fileName": a["fileName"], "key": a["key"], "size": str(len(a["data"])), "sizeName": "", "object": "attachment"}


@route("DELETE", "/api/ciphers/([^/]+)/attachment/([^/]+)")
def remove_attachment(h, s, cipher_id, attachment_id):
    cipher = s.cipher_of(h.user, cipher_id)
    del s.attachments[attachment_id]
    cipher["revisionDate"] = now()
    s.touch()
    return {"cipher": s.shown(cipher), "object": "deleteAttachmentResponse"}


@route("GET", "/attachments/([^/]+)/([^/]+)", auth=False)
def attachment_data(h, s, cipher_id, attachment_id):
    if "Authorization" in h.headers:
        raise error("the storage must not see the token")
    return s.attachments[attachment_id]["data"]


# --- folders

@route("POST", "/api/folders")
def make_folder(h, s):
    folder = {"id": str(uuid.uuid4()), "name": h.json()["name"], "revisionDate": now(), "object": "folder",
              "userId": h.user["id"]}
    s.folders[folder["id"]] = folder
    s.touch()
    return folder


@route("GET", "/api/folders/([^/]+)")
def get_folder(h, s, folder_id):
    return s.folders[folder_id]


@route("PUT", "/api/folders/([^/]+)")
def rename_folder(h, s, folder_id):
    s.folders[folder_id].update(name=h.json()["name"], revisionDate=now())
    s.touch()
    return s.folders[folder_id]


@route("DELETE", "/api/folders/([^/]+)")
def delete_folder(h, s, folder_id):
    del s.folders[folder_id]
    for cipher in s.ciphers.values():
        if cipher["folderId"] == folder_id:
            cipher["folderId"] = None
    s.touch()


# --- organizations

@route("POST", "/api/organizations")
def make_organization(h, s):
    data = h.json()
    organization = {"id": str(uuid.uuid4()), "name": data["name"], "keys": data["keys"]}
    s.organizations[organization["id"]] = organization
    join(s, organization["id"], h.user, 0, 2, data["key"])
    collection = {"id": str(uuid.uuid4()), "organizationId": organization["id"], "name": data["collectionName"]}
    s.collections[collection["id"]] = collection
    s.touch()
    return {"id": organization["id"], "name": data["name"], "object": "organization"}


def join(s, organization, user, kind, status, key=None, collections=()):
    membership = {"id": str(uuid.uuid4()), "organizationId": organization, "userId": user["id"], "type": kind,
                  "status": status, "key": key, "collections": list(collections)}
    s.memberships[membership["id"]] = membership
    return membership


def collection_details(s, c):
    users = [{"id": m["id"], "readOnly": False, "hidePasswords": False, "manage": s.sees_all(m)}
             for m in s.memberships.values() if c["id"] in m["collections"]]
    return c | {"externalId": None, "users": users, "groups": [], "assigned": True, "readOnly": False,
                "hidePasswords": False, "manage": True, "unmanaged": False, "object": "collectionAccessDetails"}


@route("GET", "/api/organizations/([^/]+)/collections(?:/details)?")
def list_collections(h, s, organization):
    member_of(h, s, organization)
    return listed([collection_details(s, c) for c in s.collections.values() if c["organizationId"] == organization])


@route("GET", "/api/organizations/([^/]+)/collections/([^/]+)/details")
def get_collection(h, s, organization, collection_id):
    member_of(h, s, organization)
    return collection_details(s, s.collections[collection_id])


@route("POST", "/api/organizations/([^/]+)/collections")
def make_collection(h, s, organization):
    member_of(h, s, organization)
    data = h.json()
    collection = {"id": str(uuid.uuid4()), "organizationId": organization, "name": data["name"]}
    s.collections[collection["id"]] = collection
    for user in data.get("users") or []:
        s.memberships[user["id"]]["collections"].append(collection["id"])
    s.touch()
    return collection_details(s, collection)


@route("DELETE", "/api/organizations/([^/]+)/collections/([^/]+)")
def delete_collection(h, s, organization, collection_id):
    member_of(h, s, organization)
    del s.collections[collection_id]
    s.touch()


def member(s, m):
    user = s.user_of(m["userId"])
    return {"id": m["id"], "userId": m["userId"], "name": user["name"], "email": user["email"], "status": m["status"],
            "type": m["type"], "accessSecretsManager": False, "permissions": {}, "twoFactorEnabled": False,
            "collections": [{"id": c, "readOnly": False, "hidePasswords": False, "manage": False}
                            for c in m["collections"]], "groups": [], "hasMasterPassword": True,
            "resetPasswordEnrolled": False, "usesKeyConnector": False, "object": "organizationUserUserDetails"}


@route("GET", "/api/organizations/([^/]+)/users")
def members(h, s, organization):
    member_of(h, s, organization)
    return listed([member(s, m) for m in s.memberships.values() if m["organizationId"] == organization])


@route("GET", "/api/organizations/([^/]+)/users/([^/]+)")
def get_member(h, s, organization, membership_id):
    member_of(h, s, organization)
    return member(s, s.memberships[membership_id])


@route("POST", "/api/organizations/([^/]+)/users/invite")
def invite(h, s, organization):
    member_of(h, s, organization)
    data = h.json()
    for email in data["emails"]:
        user = s.users.get(email.strip().lower())
        if not user:
            raise error(f"User does not exist: {email}")
        join(s, organization, user, data["type"], 1, None, [c["id"] for c in data["collections"]])


@route("POST", "/api/organizations/([^/]+)/users/([^/]+)/confirm")
def confirm(h, s, organization, membership_id):
    member_of(h, s, organization)
    membership = s.memberships[membership_id]
    if membership["status"] != 1:
        raise error("User in invalid state")
    membership.update(status=2, key=h.json()["key"])
    s.touch()


@route("DELETE", "/api/organizations/([^/]+)/users/([^/]+)")
def remove_member(h, s, organization, membership_id):
    member_of(h, s, organization)
    del s.memberships[membership_id]
    s.touch()


@route("GET", "/api/organizations/([^/]+)")
def get_organization(h, s, organization):
    member_of(h, s, organization)
    return {"id": organization, "name": s.organizations[organization]["name"], "object": "organization"}


@route("GET", "/api/organizations/([^/]+)/keys")
def organization_keys(h, s, organization):
    keys = s.organizations[organization]["keys"]
    return {"publicKey": keys["publicKey"], "privateKey": keys["encryptedPrivateKey"], "object": "organizationKeys"}


# --- Sends

def send_from(h, s, data, before=None):
    send_id = before["id"] if before else str(uuid.uuid4())
    send = before or {"id": send_id, "accessId": unpadded(uuid.UUID(send_id).bytes), "accessCount": 0,
                      "userId": h.user["id"], "file": None, "password": None}
    for name in ("type", "name", "notes", "text", "key", "maxAccessCount", "expirationDate", "deletionDate", "disabled",
                 "hideEmail"):
        send[name] = data.get(name)
    if data.get("password"):
        send["password"] = data["password"]
    send["authType"] = 1 if send["password"] else 2
    send |= {"revisionDate": now(), "object": "send", "disabled": bool(send["disabled"]), "emails": None}
    s.sends[send_id] = send
    s.touch(h.user)
    return send


@route("POST", "/api/sends")
def make_send(h, s):
    return send_from(h, s, h.json())


@route("POST", "/api/sends/file/v2")
def make_file_send(h, s):
    data = h.json()
    send = send_from(h, s, data)
    send["file"] = data["file"] | {"id": secrets.token_hex(8), "size": str(data["fileLength"]), "sizeName": ""}
    return {"fileUploadType": 0, "url": f"/sends/{send['id']}/file/{send['file']['id']}", "sendResponse": send,
            "object": "send-fileUpload"}


@route("POST", "/api/sends/(?!access/)([^/]+)/file/([^/]+)")
def upload_send(h, s, send_id, file_id):
    s.files[file_id] = multipart(h)


@route("GET", "/api/sends")
def list_sends(h, s):
    return listed([x for x in s.sends.values() if x["userId"] == h.user["id"]])


@route("GET", "/api/sends/([^/]+)")
def get_send(h, s, send_id):
    return s.sends[send_id]


@route("DELETE", "/api/sends/([^/]+)")
def delete_send(h, s, send_id):
    del s.sends[send_id]
    s.touch(h.user)


def find_send(s, access_id):
    for send in s.sends.values():
        spent = send["maxAccessCount"] is not None and send["accessCount"] >= send["maxAccessCount"]
        late = send["expirationDate"] and parse_date(send["expirationDate"]) < parse_date(now())
        if send["accessId"] == access_id and not spent and not late and not send["disabled"]:
            return send
    return None


def shown_send(send):
    return {"id": send["accessId"], "type": send["type"], "name": send["name"], "text": send["text"],
            "file": send["file"], "expirationDate": send["expirationDate"], "creatorIdentifier": None,
            "object": "send-access"}


def send_token(s, form):
    if s.old:
        raise Refused(400, {"error": "unsupported_grant_type"})
    send = find_send(s, form["send_id"])
    refused = {"error": "invalid_grant", "kind": "expected_server"}
    if not send:
        raise Refused(404, refused | {"send_access_error_type": "send_id_invalid"})
    if send["password"] and not form.get("password_hash_b64"):
        raise Refused(400, {"error": "invalid_request", "kind": "expected_server",
                            "send_access_error_type": "password_hash_b64_required"})
    if send["password"] and send["password"] != form["password_hash_b64"]:
        raise Refused(404, refused | {"send_access_error_type": "password_hash_b64_invalid"})
    token = secrets.token_urlsafe(20)
    s.tokens[token] = {"user": {"send": send["id"]}, "until": time.time() + 300}
    return {"access_token": token, "expires_in": 300, "token_type": "Bearer", "scope": "api.send.access"}


def opened(send):
    send["accessCount"] += 1
    return shown_send(send)


@route("POST", "/api/sends/access")
def access_send(h, s):
    return opened(s.sends[h.user["send"]])


@route("POST", "/api/sends/access/([^/]+)", auth=False)
def access_send_old(h, s, access_id):
    send = find_send(s, access_id)
    if not send:
        raise error("Send does not exist or is no longer available", 404)
    given = h.json().get("password") if h.body else None
    if send["password"] and not given:
        raise error("Password not provided", 401)
    if send["password"] and given != send["password"]:
        raise error("Invalid password", 400)
    return opened(send)


@route("POST", "/api/sends/access/file/([^/]+)")
def file_token(h, s, file_id):
    send = s.sends[h.user["send"]]
    send["accessCount"] += 1
    return {"id": file_id, "url": f"{s.url}/sends/{send['id']}/{file_id}?t=short", "object": "send-fileDownload"}


@route("POST", "/api/sends/([^/]+)/access/file/([^/]+)", auth=False)
def file_token_old(h, s, send_id, file_id):
    send = next((x for x in s.sends.values() if send_id in (x["id"], x["accessId"])), None)
    given = h.json().get("password") if h.body else None
    if not send or (send["password"] and given != send["password"]):
        raise error("Invalid password", 400)
    send["accessCount"] += 1
    return {"id": file_id, "url": f"{s.url}/sends/{send['id']}/{file_id}?t=short", "object": "send-fileDownload"}


@route("GET", "/sends/([^/]+)/([^/]+)", auth=False)
def send_data(h, s, send_id, file_id):
    return s.files[file_id]


# --- Secrets Manager

def machine_of(h):
    if "machine" not in h.user:
        raise Refused(401, {"error": {"code": 401}})
    return h.user["machine"]


def shown_secret(s, secret, whole):
    out = {k: secret[k] for k in ("id", "organizationId", "key", "creationDate", "revisionDate")}
    out["projects"] = [{"id": p, "name": s.projects[p]["name"]} for p in secret["projects"]]
    if whole:
        out |= {"value": secret["value"], "note": secret["note"], "projectId": (secret["projects"] or [None])[0]}
    return out | {"object": "secret"}


@route("GET", "/api/organizations/([^/]+)/secrets")
def list_secrets(h, s, organization):
    machine_of(h)
    return {"secrets": [shown_secret(s, x, False) for x in s.secrets.values() if x["organizationId"] == organization],
            "projects": list(s.projects.values()), "object": "SecretsWithProjectsList"}


@route("GET", "/api/organizations/([^/]+)/projects")
def list_projects(h, s, organization):
    machine_of(h)
    return listed([p for p in s.projects.values() if p["organizationId"] == organization])


@route("GET", "/api/projects/([^/]+)/secrets")
def project_secrets(h, s, project):
    machine_of(h)
    return {"secrets": [shown_secret(s, x, False) for x in s.secrets.values() if project in x["projects"]],
            "projects": [], "object": "SecretsWithProjectsList"}


@route("GET", "/api/secrets/([^/]+)")
def get_secret(h, s, secret_id):
    machine_of(h)
    if secret_id not in s.secrets:
        raise error("Resource not found.", 404)
    return shown_secret(s, s.secrets[secret_id], True)


@route("POST", "/api/secrets/get-by-ids")
def get_by_ids(h, s):
    machine_of(h)
    return listed([shown_secret(s, s.secrets[i], True) for i in h.json()["ids"] if i in s.secrets])
