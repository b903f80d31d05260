"""Bitwarden's own client, as a program: its start takes seconds, so after signing in one `bw serve` answers for it."""
import base64
import json
import os
import pathlib
import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

NODE = pathlib.Path(os.environ["STANCH_SOURCE"], "build/node/node_modules")
BW = [NODE / ".bin/node", NODE / "@bitwarden/cli/build/bw.js"]


class OfficialClient:
    def __init__(self, folder, ground, person):
        if not BW[1].exists():
            raise AssertionError("bw is missing: ./dev test installs it (tests/node-packages)")
        self.folder = pathlib.Path(folder)
        self.env = {"PATH": os.environ["PATH"], "HOME": str(folder), "BITWARDENCLI_APPDATA_DIR": str(self.folder / "bw"),
                    "NODE_EXTRA_CA_CERTS": str(ground.ca), "BW_PASSWORD": person.password, "NODE_NO_WARNINGS": "1",
                    "BW_NOINTERACTION": "true"}
        self.call("config", "server", ground.url)
        # Where a server doesn't know the newest client's key ids, this fails and yet logs in.
        self.run("login", person.email, "--passwordenv", "BW_PASSWORD", "--raw")
        self.run("unlock", "--passwordenv", "BW_PASSWORD", "--raw")
        self.env["BW_SESSION"] = self.call("unlock", "--passwordenv", "BW_PASSWORD", "--raw")
        self.port, self.server = free_port(), None

    def run(self, *words, stdin=None):
        return subprocess.run([*BW, *words], env=self.env, text=True, input=stdin, capture_output=True, timeout=120)

    def call(self, *words, stdin=None):
        done = self.run(*words, stdin=stdin)
        if done.returncode:
            raise AssertionError(f"bw {words}: {done.stderr} {done.stdout}")
        return done.stdout

    # --- bw serve

    def serve(self):
        self.server = subprocess.Popen([*BW, "serve", "--port", str(self.port)], env=self.env, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
        for _ in range(600):
            try:
                return self.ask("GET", "/status")
            except OSError:
                time.sleep(0.1)
        raise AssertionError("bw serve does not answer")

    def close(self):
        if self.server:
            self.server.terminate()
            self.server.wait()

    def ask(self, method, path, body=None, kind="application/json"):
        """bw serve keeps what it was told a moment ago in the background: until then it says 'Not found.'"""
        for _ in range(40):
            try:
                return self.ask_once(method, path, body, kind)
            except LookupError as error:
                last = error
                time.sleep(0.25)
        raise AssertionError(str(last))

    def ask_once(self, method, path, body, kind):
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        request = urllib.request.Request(f"http://localhost:{self.port}{path}", data, {"Content-Type": kind}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                content = answer.read()
        except urllib.error.HTTPError as error:
            said = error.read()[:500]
            kind = LookupError if b"Not found." in said else AssertionError
            raise kind(f"bw {method} {path}: {error.code} {said}") from None
        if answer.headers.get_content_type() != "application/json":
            return content
        return json.loads(content).get("data")

    def sync(self):
        self.ask("POST", "/sync?force=true")

    def item(self, item_id, until=lambda item: True):
        """The item once `until` is true of it: after a sync, too, bw serve decrypts in the background, and answers from what
        it had until then. What never becomes true is returned as it is: the test's own comparison says what is wrong."""
        for _ in range(80):
            item = self.ask("GET", f"/object/item/{item_id}")
            if until(item):
                break
            time.sleep(0.25)
        return item

    def has_no(self, item_id):
        for _ in range(80):
            try:
                self.ask_once("GET", f"/object/item/{item_id}", None, "application/json")
            except LookupError:
                return True
            time.sleep(0.25)
        return False

    def create(self, item):
        return self.ask("POST", "/object/item", item)

    def edit(self, item):
        return self.ask("PUT", f"/object/item/{item['id']}", item)

    def attach(self, item, name, content):
        boundary = secrets.token_hex(16)
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n' \
               "Content-Type: application/octet-stream\r\n\r\n"
        body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        return self.ask("POST", f"/attachment?itemid={item}", body, f"multipart/form-data; boundary={boundary}")

    def attachment(self, item, attachment_id):
        return self.ask("GET", f"/object/attachment/{urllib.parse.quote(attachment_id)}?itemid={item}")

    def phrase(self):
        return self.ask("GET", "/object/fingerprint/me")["data"]

    # --- Sends, by the command line

    def send(self, value):
        return json.loads(self.call("send", "create", stdin=base64.b64encode(json.dumps(value).encode()).decode()))["accessUrl"]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]
