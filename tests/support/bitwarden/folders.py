"""A user's folders."""
import uuid

from support.bitwarden.routing import route
from support.bitwarden.wire import now


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
