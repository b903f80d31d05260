"""Items: what is kept of a request, revisions, the trash."""
import uuid

from support.bitwarden.organizations import member_of
from support.bitwarden.routing import error, route
from support.bitwarden.wire import parse_date


KEPT = ("type", "folderId", "organizationId", "name", "notes", "favorite", "reprompt", "login", "secureNote", "card",
        "identity", "sshKey", "fields", "passwordHistory", "key", "archivedDate", "data", "madeByNewerClient")


def cipher_from(h, s, data, before=None):
    cipher = before or {"id": str(uuid.uuid4()), "creationDate": s.now(), "deletedDate": None, "collectionIds": [],
                        "edit": True, "viewPassword": True, "permissions": {"delete": True, "restore": True},
                        "organizationUseTotp": True, "userId": h.user["id"]}
    if not before:
        s.between_check_and_change()
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
    cipher["revisionDate"] = s.now()
    s.ciphers[cipher["id"]] = cipher
    s.touch()
    return cipher


def fresh(cipher, data):
    known = data.get("lastKnownRevisionDate")
    # As lax as any: "2026.6.0" forgives up to two seconds (seen), Bitwarden's own up to one.
    if known and (parse_date(cipher["revisionDate"]) - parse_date(known)).total_seconds() >= 2:
        raise error("The client copy of this cipher is out of date. Resync the client and try again.")


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
        made = {"id": str(uuid.uuid4()), "name": folder["name"], "revisionDate": s.now(), "object": "folder",
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
    s.between_check_and_change()
    rewrap_attachments(s, cipher, data)
    return s.shown(cipher_from(h, s, data, cipher))


def rewrap_attachments(s, cipher, data):
    for attachment_id, sealed in (data.get("attachments2") or {}).items():
        if s.attachments[attachment_id]["cipher"] == cipher["id"]:
            s.attachments[attachment_id] |= {"fileName": sealed["fileName"], "key": sealed["key"]}


@route("PUT", "/api/ciphers/([^/]+)/share")
def share(h, s, cipher_id):
    data, cipher = h.json(), s.cipher_of(h.user, cipher_id)
    fresh(cipher, data["cipher"])
    rewrap_attachments(s, cipher, data["cipher"])
    cipher_from(h, s, data["cipher"], cipher)
    cipher["collectionIds"] = list(data["collectionIds"])
    return s.shown(cipher)


@route("PUT", "/api/ciphers/([^/]+)/collections(?:_v2)?")
def set_collections(h, s, cipher_id):
    cipher = s.cipher_of(h.user, cipher_id)
    cipher["collectionIds"] = list(h.json()["collectionIds"])
    cipher["revisionDate"] = s.now()
    s.touch()
    return {"unavailable": False, "cipher": s.shown(cipher), "object": "optionalCipherDetails"}


@route("PUT", "/api/ciphers/([^/]+)/delete")
def trash(h, s, cipher_id):
    s.cipher_of(h.user, cipher_id).update(deletedDate=s.now(), revisionDate=s.now())
    s.touch()


@route("PUT", "/api/ciphers/([^/]+)/restore")
def restore(h, s, cipher_id):
    cipher = s.cipher_of(h.user, cipher_id)
    cipher.update(deletedDate=None, revisionDate=s.now())
    s.touch()
    return s.shown(cipher)


@route("DELETE", "/api/ciphers/([^/]+)")
def delete(h, s, cipher_id):
    del s.ciphers[s.cipher_of(h.user, cipher_id)["id"]]
    s.touch()
