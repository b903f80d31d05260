"""One connection: reads a request, finds its route, sends the answer."""
import gzip
import http.server
import json
import re
import socket
import time
import urllib.parse

from support.bitwarden.routing import ROUTES, Refused
from support.bitwarden.wire import pascal


class RequestHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_state = None

    def log_message(self, *_):
        pass

    def date_time_string(self, timestamp=None):
        return super().date_time_string(time.time() + self.server_state.ahead)

    def setup(self):
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def handle_any(self):
        state = self.server_state
        parts = urllib.parse.urlsplit(self.path)
        self.query = dict(urllib.parse.parse_qsl(parts.query))
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.understood(parts.path)
        state.requests.append((self.command, path))
        for hook in list(state.before):
            answer = hook(self)
            if answer == "drop":
                self.close_connection = True
                return
            if answer:
                return self.send(*answer)
        try:
            with state.lock:
                answer = self.answer(path)
            for hook in list(state.after):
                if hook(self.command, path) == "drop":
                    self.close_connection = True
                    return
            if isinstance(answer, bytes):
                return self.send(200, answer, [("Content-Type", "application/octet-stream")])
            if state.old and not isinstance(answer, (int, str)) and "access_token" not in (answer or {}):
                answer = pascal(answer)
            self.send(200, answer)
        except Refused as refused:
            self.send(refused.status, refused.body, refused.headers)

    do_GET = do_POST = do_PUT = do_DELETE = handle_any

    def understood(self, path):
        accent = self.server_state.accent
        path = accent.hear(path.removeprefix(accent.prefix))
        if (self.headers.get("Content-Type") or "").startswith("application/json"):
            self.body = accent.hear(self.body.decode()).encode()
        if any(m == self.command and re.fullmatch(p, path) for m, p in accent.missing):
            return "/missing"
        return accent.moved.get(path, path)

    def answer(self, path):
        for method, pattern, auth, function in ROUTES:
            match = pattern.match(path) if method == self.command else None
            if match:
                self.user = self.authorize() if auth else None
                return function(self, self.server_state, *match.groups())
        self.server_state.unknown.append((self.command, path))
        raise Refused(404, {"error": {"code": 404, "reason": "Not Found", "description": "no such path"}})

    def authorize(self):
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        session = self.server_state.tokens.get(token)
        if not session or session["until"] < time.time():
            raise Refused(401, {"error": {"code": 401, "reason": "Unauthorized", "description": "log in"}})
        return session["user"]

    def form(self):
        return dict(urllib.parse.parse_qsl(self.body.decode(), keep_blank_values=True))

    def json(self):
        data = json.loads(self.body)
        return data

    def send(self, status, body=None, headers=()):
        accent = self.server_state.accent
        if isinstance(body, dict | list | int | str) and not headers:
            said = json.dumps(body)
            status = next((s for words, s in accent.statuses.items() if status >= 400 and words in said), status)
            body = accent.spell(self, body)
        if accent.empty and status == 200 and self.command in ("PUT", "DELETE"):
            status, body = 204, b""
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        for hook in list(self.server_state.alter):
            data = hook(self, data)
        try:
            self.write(status, data, headers, accent.transport)
        except OSError:
            self.close_connection = True

    def write(self, status, data, headers, transport):
        gzipped = transport == "gzip" and "gzip" in self.headers.get("Accept-Encoding", "")
        if transport == "closing":
            self.protocol_version, self.close_connection = "HTTP/1.0", True
        if transport == "no date":
            self.send_response_only(status)
        else:
            self.send_response(status)
        if not any(k.lower() == "content-type" for k, _ in headers):
            self.send_header("Content-Type", "application/json")
        for name, value in headers:
            self.send_header(name, value)
        if gzipped:
            data = gzip.compress(data)
            self.send_header("Content-Encoding", "gzip")
        if transport == "chunked" and status != 204:
            self.send_header("Transfer-Encoding", "chunked")
            pieces = [data[i:i + 700] for i in range(0, len(data), 700)] + [b""]
            data = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
        elif transport != "closing" and status != 204:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
