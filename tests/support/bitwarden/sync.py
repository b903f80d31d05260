"""The profile, and the answer that holds everything that a user may see."""
from support.bitwarden.routing import route
from support.bitwarden.wire import now, pascal


def profile(s, user):
    orgs = []
    for m in s.confirmed(user):
        o = s.organizations[m["organizationId"]]
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
            "accountKeys": account_keys(user), "securityStamp": user["stamp"], "forcePasswordReset": False,
            "usesKeyConnector": False, "avatarColor": None, "verifyDevices": True, "creationDate": now(),
            "organizations": orgs, "providers": [], "providerOrganizations": [], "object": "profile"}


def account_keys(user):
    keys = {"publicKeyEncryptionKeyPair": {"wrappedPrivateKey": user["privateKey"], "publicKey": user["publicKey"],
                                           "Object": "publicKeyEncryptionKeyPair"}, "Object": "privateKeys"}
    if user.get("v2"):
        keys |= {"signatureKeyPair": {"wrappedSigningKey": "7.AAAA", "verifyingKey": "AAAA"},
                 "securityState": {"securityState": "AAAA", "securityVersion": 2}}
    return keys


def unlock_data(user, upper):
    kdf = user["kdf"]
    settings = {"kdfType": kdf["type"], "iterations": kdf["iterations"], "memory": kdf.get("memory"),
                "parallelism": kdf.get("parallelism")}
    data = {"kdf": settings, "masterKeyEncryptedUserKey": user["key"], "masterKeyWrappedUserKey": user["key"],
            "salt": user["email"]}
    return pascal(data) if upper else data


def everything(s, user):
    return {"object": "sync", "profile": profile(s, user),
            "folders": [f for f in s.folders.values() if f["userId"] == user["id"]],
            "collections": [c | {"object": "collectionDetails", "readOnly": False, "hidePasswords": False,
                                 "manage": True, "externalId": None, "type": 0}
                            for c in s.visible_collections(user).values()],
            "policies": [], "ciphers": [s.shown(c) for c in s.visible(user)], "domains": None,
            "sends": [x for x in s.sends.values() if x["userId"] == user["id"]],
            "userDecryption": {"masterPasswordUnlock": unlock_data(user, False), "webAuthnPrfOptions": [],
                               "userKeyId": user.get("userKeyId")}}


@route("GET", "/api/accounts/revision-date")
def revision_date(h, s):
    return h.user["revision"]


@route("GET", "/api/accounts/profile")
def get_profile(h, s):
    return profile(s, h.user)


@route("GET", "/api/sync")
def sync(h, s):
    return s.sync(h.user)


@route("GET", "/api/users/([^/]+)/public-key")
def public_key(h, s, user_id):
    return {"userId": user_id, "publicKey": s.user_of(user_id)["publicKey"], "object": "userKey"}
