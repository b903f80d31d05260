"""For tests of `stanch scan`: a fresh folder, secrets made at run time, and what the program says of them."""
import json
import os
import pathlib
import random
import string
import subprocess
import tempfile
import unittest
import zlib

STANCH = os.environ["STANCH"]
WORD = string.ascii_letters + string.digits
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


def token(seed=1):
    """A GitHub token with its right checksum: found wherever it stands."""
    body = "".join(random.Random(seed).choices(WORD, k=30))
    number, check = zlib.crc32(body.encode()), ""
    while number:
        number, digit = divmod(number, 62)
        check = BASE62[digit] + check
    return "gh" + "p_" + body + check.rjust(6, "0")


class Said:
    def __init__(self, done):
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")

    @property
    def findings(self):
        return [json.loads(line) for line in self.out.decode().splitlines()]

    @property
    def places(self):
        return [(f["path"], f["line"], f["column"]) for f in self.findings]

    @property
    def paths(self):
        return [f["path"] for f in self.findings]


class ScanCase(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="stanch-scan-")
        self.addCleanup(self.folder.cleanup)
        self.top = pathlib.Path(self.folder.name, "here")
        self.top.mkdir()
        home = pathlib.Path(self.folder.name, "home")
        home.mkdir()
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "XDG_"))}
        self.env = keep | {"HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1", "TERM": "dumb"}

    def write(self, name, content):
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def git(self, *arguments, cwd=None):
        who = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always"]
        subprocess.run(["git", *who, *arguments], cwd=cwd or self.top, env=self.env, check=True, capture_output=True)

    def run_stanch(self, *arguments, cwd=None, stdin=b"", timeout=120):
        return Said(subprocess.run([STANCH, *arguments], cwd=cwd or self.top, env=self.env, input=stdin,
                                   capture_output=True, timeout=timeout))

    def scan(self, *arguments, **options):
        return self.run_stanch("scan", "--format", "jsonl", *arguments, **options)
