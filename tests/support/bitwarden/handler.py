"""One connection: reads a request, finds its route, sends the answer."""
import http.server
import json
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
        path = parts.path
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
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        for hook in list(self.server_state.alter):
            data = hook(self, data)
        try:
            self.send_response(status)
            if not any(k.lower() == "content-type" for k, _ in headers):
                self.send_header("Content-Type", "application/json")
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except OSError:
            self.close_connection = True
