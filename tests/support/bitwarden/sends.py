"""Sends, by the new access tokens and the old route."""
import secrets
import time
import uuid

from support.bitwarden.attachments import multipart
from support.bitwarden.routing import Refused, error, listed, route
from support.bitwarden.wire import now, parse_date, unpadded


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
