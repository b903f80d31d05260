"""Attachments of items."""
import re
import secrets

from support.bitwarden.routing import error, route


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
    s.cipher_of(h.user, cipher_id)["revisionDate"] = s.now()
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
    cipher["revisionDate"] = s.now()
    s.touch()
    return {"cipher": s.shown(cipher), "object": "deleteAttachmentResponse"}


@route("GET", "/attachments/([^/]+)/([^/]+)", auth=False)
def attachment_data(h, s, cipher_id, attachment_id):
    if "Authorization" in h.headers:
        raise error("the storage must not see the token")
    return s.attachments[attachment_id]["data"]
