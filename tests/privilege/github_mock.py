"""GitHub as far as tokens go: classic, fine-grained, of apps; dead ones, exhausted ones; scopes in headers, as
docs.github.com says ("Scopes for OAuth apps", "Rate limits for the REST API", "Permissions required for fine-grained
personal access tokens"). Every answer is held against GitHub's own description of its API (@octokit/openapi).
"""
import dataclasses
import functools
import http.server
import json
import os
import pathlib
import re

import jsonschema
from servers import Loopback

OPENAPI = pathlib.Path(os.environ["STANCH_SOURCE"], "build/node/openapi-23.0.2/api.github.com.json")

# Path of the description → how a classic token's scopes and a fine-grained one's permissions are accepted.
ROUTES = {
    ("GET", "/user"): ("", ""),
    ("GET", "/rate_limit"): ("", ""),
    ("GET", "/installation/repositories"): ("", "metadata=read"),
    ("GET", "/repos/{owner}/{repo}"): ("repo", "metadata=read"),
    ("GET", "/repos/{owner}/{repo}/issues"): ("repo", "issues=read"),
    ("POST", "/repos/{owner}/{repo}/issues"): ("repo", "issues=write"),
    ("GET", "/repos/{owner}/{repo}/contents/{path}"): ("repo", "contents=read"),
    ("GET", "/user/repos"): ("repo", "metadata=read"),
    ("GET", "/orgs/{org}/members"): ("read:org", "members=read"),
}


@dataclasses.dataclass
class Token:
    kind: str = "classic"  # classic, fine-grained, installation, app-user
    scopes: str = ""
    permissions: tuple = ()
    dead: bool = False
    exhausted: str = ""  # "primary", "secondary"


@functools.cache
def description():
    """The OpenAPI document, its nullable made JSON Schema's."""
    document = json.loads(OPENAPI.read_text())

    def nullable(node):
        if isinstance(node, dict):
            for value in node.values():
                nullable(value)
            if node.pop("nullable", False) is True:
                inner = dict(node)
                node.clear()
                node["anyOf"] = [inner, {"type": "null"}]
        elif isinstance(node, list):
            for value in node:
                nullable(value)

    nullable(document["components"]["schemas"])
    return document


def resolved(node):
    while isinstance(node, dict) and "$ref" in node:
        target = description()
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def response_of(verb, path, status):
    answers = description()["paths"][path][verb.lower()]["responses"]
    return resolved(answers[str(status)]) if str(status) in answers else None


def example_of(verb, path, status):
    content = response_of(verb, path, status)["content"]["application/json"]
    example = resolved(next(iter(content["examples"].values())))["value"] if "examples" in content else content["example"]

    # GitHub's example of a repository lacks a field that its schema requires.
    def with_language(node):
        if isinstance(node, dict):
            for value in node.values():
                with_language(value)
            if "full_name" in node:
                node.setdefault("language", None)
        return node

    return with_language(example)


def complain(verb, path, status, body):
    """What GitHub's description says against an answer: a text, or nothing."""
    answer = response_of(verb, path, status)
    # Refusals that a route's description does not list have the form of the others.
    schema = ({"$ref": "#/components/schemas/basic-error"} if answer is None
              else answer.get("content", {}).get("application/json", {}).get("schema", {}))
    document = {"components": description()["components"], **schema}
    errors = jsonschema.Draft7Validator(document).iter_errors(body)
    return "; ".join(f"{'/'.join(map(str, e.path))}: {e.message[:200]}" for e in errors)


class Github(Loopback):
    def __init__(self, base=""):
        self.base = base  # "/api/v3" of an enterprise server
        self.tokens = {}
        self.answered = []  # (verb, path of the description, status, body)
        self.faults = []
        super().__init__(Handler)

    @property
    def url(self):
        return super().url + self.base


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        path = self.path.partition("?")[0].removeprefix(self.server.base)
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        route = next((at for verb, at in ROUTES if verb == self.command and
                      re.fullmatch(re.sub(r"{\w+}", "[^/]+", at), path)), None)
        if not self.headers.get("User-Agent"):
            return self.send(route or "/user", 403, {}, {"message": "Request forbidden by administrative rules"})
        if route is None:
            return self.send("/user", 404, {}, error("Not Found", 404))
        secret = re.sub("^(Bearer|token) ", "", self.headers.get("Authorization", ""))
        token = self.server.tokens.get(secret)
        if token is None or token.dead:
            return self.send(route, 401, {}, error("Bad credentials", 401))
        if token.exhausted == "primary":
            return self.send(route, 403, {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1900000000"},
                             error("API rate limit exceeded for user ID 1.", 403))
        if token.exhausted == "secondary":
            return self.send(route, 429, {"retry-after": "60"}, error("You have exceeded a secondary rate limit.", 429))
        scope, permission = ROUTES[self.command, route]
        headers = {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "4999"}
        if token.kind == "classic":
            headers |= {"X-OAuth-Scopes": token.scopes, "X-Accepted-OAuth-Scopes": scope}
            allowed = not scope or scope in token.scopes.split(", ")
        else:
            headers |= {"X-Accepted-GitHub-Permissions": permission}
            allowed = not permission or permission == "metadata=read" or permission in token.permissions
            if token.kind == "app-user":
                headers |= {"X-OAuth-Scopes": "", "X-Accepted-OAuth-Scopes": ""}
        if token.kind == "installation" and route.startswith("/user"):
            return self.send(route, 403, headers, error("Resource not accessible by integration", 403))
        if token.kind != "installation" and route.startswith("/installation"):
            return self.send(route, 403, headers, error("You must authenticate with an installation access token", 403))
        if not allowed:
            return self.send(route, 403, headers, error("Resource not accessible by personal access token", 403))
        status = 201 if self.command == "POST" else 200
        return self.send(route, status, headers, example_of(self.command, route, status))

    def send(self, route, status, headers, body):
        verb = self.command if (self.command, route) in ROUTES else "GET"
        self.server.answered.append((verb, route, status, body))
        fault = complain(verb, route, status, body)
        if fault:
            self.server.faults.append(f"{verb} {route} {status}: {fault}")
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = answer

    def log_message(self, *words):
        pass


def error(message, status):
    return {"message": message, "documentation_url": "https://docs.github.com/rest", "status": str(status)}
