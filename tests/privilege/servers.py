"""PostgreSQL, Redis and moto for the tests, each on a loopback port of its own; and a mock of the HTTP providers."""
import glob
import http.server
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(port, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"nothing listens on {port}")


class Redis:
    def __init__(self, folder, password):
        self.port = free_port()
        self.process = subprocess.Popen(
            ["redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--requirepass", password,
             "--dir", folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.password = password
        wait_for(self.port)

    def cli(self, *words):
        return subprocess.run(["redis-cli", "-p", str(self.port), "--no-auth-warning", "-a", self.password, *words],
                              capture_output=True, text=True, check=True).stdout.strip()

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Postgres:
    def __init__(self, folder):
        self.bin = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        self.data = os.path.join(folder, "pg")
        self.port = free_port()
        self.as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        if self.as_user:
            os.chmod(folder, 0o755)
            os.mkdir(self.data)
            shutil.chown(self.data, "postgres", "postgres")
        self.run("initdb", "-N", "-A", "trust", "-U", "postgres", "-D", self.data)
        pathlib.Path(self.data, "pg_hba.conf").write_text(
            "local all postgres trust\nhost all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
        self.run("pg_ctl", "-D", self.data, "-w", "-l", os.path.join(self.data, "log"),
                 "-o", f"-h 127.0.0.1 -p {self.port} -k {self.data} -c fsync=off", "start")

    def run(self, program, *words):
        subprocess.run([*self.as_user, os.path.join(self.bin, program), *words], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, cwd="/")

    def sql(self, text):
        return subprocess.run(["psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-qAtc", text, "postgres"],
                              capture_output=True, text=True, check=True).stdout.strip()

    def stop(self):
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")


class Moto:
    def __init__(self):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.port)

    def free_calls(self, count):
        """IAM is enforced after so many calls."""
        request = urllib.request.Request(self.url + "/moto-api/reset-auth", data=str(count).encode(), method="POST",
                                         headers={"Content-Type": "text/plain"})
        urllib.request.urlopen(request).read()

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Loopback(http.server.ThreadingHTTPServer):
    """Serves from the start, at a port of its own."""

    def __init__(self, handler):
        super().__init__(("127.0.0.1", 0), handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Providers(Loopback):
    """Answers as the providers' documentation says: scopes of the tokens it knows, 401 for dead ones, 429 while busy.

    tokens: token → what it may do: (path, headers, body)
    """

    def __init__(self):
        self.answers = {}  # (path, token) → (status, headers, body)
        self.asked = []
        super().__init__(Handler)


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        path, _, query = self.path.partition("?")
        presented = {name: self.headers.get(name, "").removeprefix("Bearer ")
                     for name in ("Authorization", "PRIVATE-TOKEN", "X-Shopify-Access-Token", "x-api-key", "DD-APPLICATION-KEY", "DD-API-KEY")}
        presented["query"] = query.removeprefix("access_token=")
        header, token = next(((name, value) for name, value in presented.items() if value), ("", ""))
        self.server.asked.append((self.command, path, header))
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, headers, body = self.server.answers.get((path, token), (401, {}, {"message": "Bad credentials"}))
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = answer

    def log_message(self, *words):
        pass
