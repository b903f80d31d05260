"""stanch in a home of its own, against the test server."""
import json
import os
import pathlib
import subprocess
import tempfile
import threading
import unittest

from support.bitwarden_account import Account
from support.bitwarden.server import Server

STANCH = os.environ["STANCH"]


class Home:
    """One person's machine: HOME, working folder, and a way to call stanch with secrets on descriptors."""

    def __init__(self, url, account=None, **environment):
        self.folder = tempfile.TemporaryDirectory(prefix="stanch-vault-")
        self.top = pathlib.Path(self.folder.name)
        self.work, self.home = self.top / "work", self.top / "home"
        self.work.mkdir()
        self.home.mkdir()
        (self.top / "tmp").mkdir()
        self.url, self.account = url, account
        self.env = {"PATH": os.environ["PATH"], "HOME": str(self.home), "TMPDIR": str(self.top / "tmp"), "LC_ALL": "C.UTF-8", "TERM": "dumb",
                    **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}, **environment}

    def close(self):
        self.run("vault", "lock")
        self.folder.cleanup()

    def run(self, *words, code=0, secrets=None, stdin=b"", binary=False, **environment):
        """secrets: {"--password-fd": "…"}, each handed over on a pipe of its own. Returns stdout."""
        done = self.call(*words, secrets=secrets, stdin=stdin, **environment)
        if code is not None and done.returncode != code:
            raise AssertionError(f"{words}: exit {done.returncode} instead of {code}\n{done.stderr.decode()}\n{done.stdout[:2000]}")
        self.errors = done.stderr.decode()
        return done.stdout if binary else done.stdout.decode().removesuffix("\n")

    def call(self, *words, secrets=None, stdin=b"", before=(), **environment):
        flags, ends = [], []
        for flag, value in (secrets or {}).items():
            reader, writer = os.pipe()
            data = value if isinstance(value, bytes) else value.encode()
            threading.Thread(target=feed, args=(writer, data), daemon=True).start()
            flags += [flag, str(reader)]
            ends.append(reader)
        done = subprocess.run([*before, STANCH, *words, *flags], cwd=self.work, env=self.env | environment, input=stdin,
                              capture_output=True, pass_fds=ends, timeout=120, start_new_session=True)
        for end in ends:
            os.close(end)
        return done

    def login(self, account=None, *flags, code=0, **secrets):
        account = account or self.account
        more = {"--" + name.replace("_", "-"): value for name, value in secrets.items()}
        return self.run("vault", "login", account.email, "--server", self.url, *flags, code=code,
                        secrets={"--password-fd": account.password} | more)

    def get(self, what, *flags, **more):
        return self.run("vault", "get", what, "-n", *flags, binary=True, **more).decode()

    def set(self, what, value, *flags, code=0):
        return self.run("vault", "set", what, *flags, code=code, secrets={"--value-fd": value})

    def cache(self):
        return self.home / ".cache/stanch/vault/vault.cache"


def feed(writer, data):
    try:
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(data)
    except OSError:
        pass  # a child that did not want it


class VaultCase(unittest.TestCase):
    """a server, an account and a home for each test"""
    server_options, account_options = {}, {}

    def setUp(self):
        self.server = Server(**self.server_options)
        self.server.__enter__()
        self.addCleanup(self.server.__exit__)
        self.account = Account(self.server, **self.account_options)
        self.home = Home(self.server.url, self.account)
        self.addCleanup(self.home.close)

    def listed(self, *flags):
        return json.loads(self.home.run("vault", "list", "--json", *flags))
