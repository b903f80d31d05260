"""Configuration, prelogin, tokens, second factors."""
import base64
import hmac
import secrets
import struct
import time

from support.bitwarden.routing import Refused, error, route
from support.bitwarden.sends import send_token
from support.bitwarden.sync import account_keys, unlock_data
from support.bitwarden.wire import jwt, now


def totp(key, at=None):
    counter = struct.pack(">Q", int(at or time.time()) // 30)
    digest = hmac.digest(base64.b32decode(key + "=" * (-len(key) % 8)), counter, "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start:start + 4], 'big') & 0x7FFFFFFF) % 1000000:06}"


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
    return flat | {"MasterPasswordPolicy": {"Object": "masterPasswordPolicy"}, "AccountKeys": account_keys(user),
                   "UserDecryptionOptions": {"HasMasterPassword": True, "MasterPasswordUnlock": unlock_data(user, True),
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


@route("POST", "/api/two-factor/get-authenticator")
def get_authenticator(h, s):
    api_key(h, s)  # asks for the password
    return {"enabled": bool(h.user["totp"]), "key": base64.b32encode(secrets.token_bytes(20)).decode()}


@route("PUT", "/api/two-factor/authenticator")
def set_authenticator(h, s):
    data = h.json()
    if data["token"] != totp(data["key"]):
        raise error("Invalid TOTP code!")
    h.user["totp"] = data["key"]
    return {"enabled": True, "key": data["key"]}


@route("POST", "/identity/accounts/register", auth=False)
def register(h, s):
    data = h.json()
    kdf = {"type": data["kdf"], "iterations": data["kdfIterations"]}
    if data["kdf"] == 1:
        kdf |= {"memory": data["kdfMemory"], "parallelism": data["kdfParallelism"]}
    s.add_user(data["email"], data["masterPasswordHash"], kdf, data["key"], data["keys"]["publicKey"],
               data["keys"]["encryptedPrivateKey"])
    return {"object": "register"}
