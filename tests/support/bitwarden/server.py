"""A small Bitwarden server for tests: Python's standard library, everything in memory.

It knows the routes that stanch and the official client use, checks what a real server checks (password hash, tokens,
revisions, membership), and never opens a ciphertext. Its truth is the official client, which works against it
(tests/vault/official_client_test.py). A module a subject; routes are found by importing them.

    with Server() as server:
        server.add_user(…)           # see bitwarden_account.py, which makes the keys
        server.url                   # http://127.0.0.1:PORT
        server.requests              # [(method, path)] so far
        server.before.append(hook)   # hook(handler) -> (status, body, headers) to answer in its place, or None
        server.alter.append(hook)    # hook(handler, data) -> the bytes to send as the answer's body
        server.after.append(hook)    # hook(method, path) once the change is made, before the answer is sent
"""
import http.server
import ssl
import threading

from support.bitwarden import (attachments, folders, items, organizations, secrets_manager, sends, sign_in,  # noqa: F401
                               sync)
from support.bitwarden.accents import Accent
from support.bitwarden.handler import RequestHandler
from support.bitwarden.state import State


class Server(State):
    def __init__(self, tls=None, old=False, flags=None, host="127.0.0.1", accent=None):
        super().__init__(old, flags)
        self.accent = accent or Accent()
        self.requests, self.before, self.after, self.alter, self.unknown = [], [], [], [], []
        outer = self

        class Handler(RequestHandler):
            server_state = outer

        class Listener(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, request, client_address):
                pass  # a client that was killed is part of the tests

        self.http = Listener((host, 0), Handler)
        scheme = "http"
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
            scheme = "https"
        self.url = f"{scheme}://{'localhost' if tls else host}:{self.http.server_port}{self.accent.prefix}"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.http.shutdown()
        self.http.server_close()

    def sync(self, user):
        return sync.everything(self, user)
