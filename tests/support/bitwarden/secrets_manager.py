"""Secrets Manager: what a machine's access token reads."""
from support.bitwarden.routing import Refused, error, listed, route


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
