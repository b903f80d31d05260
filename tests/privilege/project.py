"""A project in a folder of its own, and stanch in it; what the tests of keys share."""
import json
import os
import pathlib
import random
import string
import subprocess
import tempfile
import unittest

STANCH = os.environ["STANCH"]


def made(length, seed=0):
    """A value that no scanner knows: assembled at run time."""
    return "".join(random.Random(seed).choices(string.ascii_letters + string.digits, k=length))


class Project(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="stanch-keys-")
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)

    def write(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def run_stanch(self, *words, stdin=None, code=None):
        env = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "STANCH_"))} | {"HOME": self.folder.name}
        done = subprocess.run([STANCH, *words], cwd=self.root, env=env, capture_output=True, text=True, input=stdin, timeout=100)
        if code is not None:
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def stanch(self, *words, stdin=None, code=None):
        return self.run_stanch(*words, stdin=stdin, code=code).stdout

    def granted(self, *more):
        return json.loads(self.stanch("keys", "audit", "--online", "--format", "json", *more))

    def faults(self, report, credential):
        return sorted(f["fault"] for f in report["findings"] if f["credential"] == credential)
