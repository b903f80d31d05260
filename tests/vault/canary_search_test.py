"""The search that ends each run of the tests finds what it is for."""
import base64
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

from support import canaries


class Search(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="stanch-planted-")
        self.addCleanup(folder.cleanup)
        self.folder, self.mark, self.start = pathlib.Path(folder.name), canaries.new_mark(), time.time() - 1

    def found(self):
        return canaries.search(self.mark, self.start, [self.folder])

    def test_every_form_of_a_planted_value(self):
        value, key = f"before {self.mark}password".encode(), b"xy" + canaries.key_mark(self.mark) + bytes(48)
        planted = {"plain": value, "utf16": value.decode().encode("utf-16"), "hex": value.hex().encode(), "upper": key.hex().upper().encode(),
                   "url": "".join(f"%{b:02x}" for b in value).encode(), "raw key": key,
                   "url of a key": urllib.parse.quote_from_bytes(key).encode(), "url-safe": base64.urlsafe_b64encode(key)}
        for shift in range(3):
            planted[f"base64 {shift}"] = base64.b64encode(b"x" * shift + value)
            planted[f"base64 of a key {shift}"] = base64.b64encode(b"x" * shift + key)
        for name, data in planted.items():
            with self.subTest(name):
                self.assertEqual(self.found(), [])
                file = self.folder / "deep" / name
                file.parent.mkdir(exist_ok=True)
                file.write_bytes(b"\0" * 5000 + data)
                self.assertEqual(self.found(), [str(file)])
                file.unlink()

    def test_arguments_and_environment_of_a_process(self):
        for words, more in (([self.mark], {}), ([], {"X": self.mark})):
            child = subprocess.Popen([sys.executable, "-c", "input()", *words], stdin=subprocess.PIPE, env=os.environ | more)
            try:
                for _ in range(100):  # until it is that program
                    if self.found():
                        break
                    time.sleep(0.05)
                self.assertEqual({path.split("/")[2] for path in self.found()}, {str(child.pid)})
            finally:
                child.communicate(b"\n")
        self.assertEqual(self.found(), [])

    def test_older_files_are_left_out(self):
        (self.folder / "old").write_text(self.mark)
        self.start = time.time() + 5
        self.assertEqual(self.found(), [])

    def test_as_a_program(self):
        mark, home = self.folder / "mark", self.folder / "home"
        home.mkdir()
        program = [sys.executable, canaries.__file__]
        subprocess.run([*program, "mark", mark], check=True)
        (home / "leak").write_text(mark.read_text())
        kept = mark.read_text().strip()
        done = subprocess.run([*program, "search", mark], env=os.environ | {"HOME": str(home)}, capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("leak", done.stdout)
        self.assertNotIn(kept, done.stdout)


if __name__ == "__main__":
    unittest.main()
