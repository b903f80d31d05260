"""Organizations: members, collections, keys."""
import uuid

from support.bitwarden.routing import error, listed, route


def member_of(h, s, organization):
    for m in s.confirmed(h.user):
        if m["organizationId"] == organization:
            return m
    raise error("You don't have permission", 400)


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
