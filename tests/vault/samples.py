"""Items of every type, with what breaks clients in them; and what two clients must agree on."""
from support.canaries import canary

AWKWARD = ["", canary("plain"), "ä漢字🔑 e\u0301", "two\nlines\r\n\ttab ", 'quote " \\ \' $HOME `x` %s', "x" * 4000]
IDENTITY = ("title", "firstName", "middleName", "lastName", "address1", "address2", "address3", "city", "state", "postalCode",
            "country", "company", "email", "phone", "ssn", "username", "passportNumber", "licenseNumber")


def fields(value):
    """the four types of custom field, one name twice"""
    return [{"type": 0, "name": "text", "value": value, "linkedId": None},
            {"type": 1, "name": "hidden ä", "value": value, "linkedId": None},
            {"type": 1, "name": "hidden ä", "value": value + "2", "linkedId": None},
            {"type": 2, "name": "yes", "value": "true", "linkedId": None},
            {"type": 3, "name": "linked", "value": None, "linkedId": 100}]


def item(kind, name, **more):
    return {"type": kind, "name": name, "notes": None, "favorite": False, "reprompt": 0, "organizationId": None,
            "collectionIds": None, "folderId": None, "fields": [], "login": None, "secureNote": None, "card": None,
            "identity": None, "sshKey": None} | more


def login(name, value):
    return item(1, name, notes=value, fields=fields(value), favorite=True, login={
        "username": value, "password": value, "totp": "JBSWY3DP" "EHPK3PXP" if value else value,
        "uris": [{"uri": value or "https://example.com/a?b=c#d", "match": None}, {"uri": "https://second.example", "match": 3}]})


def samples(mark):
    yield from (login(f"{mark} login {i}", value) for i, value in enumerate(AWKWARD))
    yield item(2, f"{mark} note", notes=AWKWARD[3], secureNote={"type": 0}, fields=fields("f"))
    yield item(3, f"{mark} card", card={"cardholderName": AWKWARD[2], "brand": "Visa", "number": "4242", "expMonth": "4",
                                        "expYear": "2031", "code": "123"})
    yield item(4, f"{mark} identity", identity={name: f"{name} {AWKWARD[2]}" for name in IDENTITY})
    yield item(5, f"{mark} ssh ä", sshKey={"privateKey": "-----BEGIN " + "OPENSSH PRIVATE KEY-----\nAAAA\n", "publicKey": "ssh-ed25519 AAAA",
                                          "keyFingerprint": "SHA256:AAAA"})


def shape(x):
    """what an item says, to a person; absent, null and empty are the same to the official client"""
    out = {name: x.get(name) or None for name in ("type", "name", "notes", "reprompt", "organizationId")}
    if not out["organizationId"]:  # else each member has favourites of their own
        out["favorite"] = x.get("favorite") or None
    for part in ("login", "card", "identity", "sshKey"):
        content = x.get(part) or {}
        out[part] = {k: v for k, v in content.items() if isinstance(v, str) and v and k not in ("uri", "passwordRevisionDate")}
    out["uris"] = [(u["uri"], u.get("match")) for u in (x.get("login") or {}).get("uris") or []]
    out["fields"] = [(f["type"], f.get("name") or None, f.get("value") or None, f.get("linkedId")) for f in x.get("fields") or []]
    out["history"] = [h["password"] for h in x.get("passwordHistory") or []]
    return out
