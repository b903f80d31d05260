"""The plan on a real terminal (a pty): every key, and that leaving changes nothing."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest

from support.terminal import Terminal

STANCH = os.environ["STANCH"]
ENVIRONMENT = {**{k: v for k, v in os.environ.items() if not k.startswith("GIT_") and k != "NO_COLOR"},
               "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "TERM": "xterm-256color",
               "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com",
               "GIT_COMMITTER_NAME": "C", "GIT_COMMITTER_EMAIL": "c@example.com"}
KEYS = {"down": b"\x1b[B", "up": b"\x1b[A", "enter": b"\r", "escape": b"\x1b", "backspace": b"\x7f", "right": b"\x1b[C",
        "left": b"\x1b[D"}


class View(Terminal):
    """`stanch split` on a terminal of 30 rows and 100 columns; `rows` are those of the last frame."""

    def __init__(self, folder, *words):
        super().__init__([STANCH, "split", *words], folder, (30, 100), ENVIRONMENT)

    def frame(self):
        """the rows of the last whole frame, colours left out"""
        whole = self.seen.rsplit(b"\x1b[J", 1)[0].rsplit(b"\x1b[H", 1)[-1].decode("utf-8", "replace")
        return [re.sub(r"\x1b\[[0-9;]*[mK]", "", row).rstrip() for row in whole.split("\r\n")]

    def wait(self, text, seconds=30):
        end = time.monotonic() + seconds
        while not any(text in row for row in self.frame()):
            if time.monotonic() > end or (not self.read_some(end - time.monotonic()) and time.monotonic() > end):
                raise AssertionError(f"no {text!r} in {self.frame()}")

    def press(self, *keys):
        for key in keys:
            before = self.seen.count(b"\x1b[J")
            self.type(KEYS.get(key, key.encode()))
            end = time.monotonic() + 30
            while self.seen.count(b"\x1b[J") == before and time.monotonic() < end:
                if not self.read_some(end - time.monotonic()):
                    break

    def parts(self):
        """[(subject, [hunks])] as they stand on the screen"""
        out = []
        for row in self.frame():
            if part := re.match(r"[> ] (\d+)\. (.*)", row):
                out.append((part[2], []))
            elif hunk := re.match(r"[> ] {5,}(\S.*)", row):
                out[-1][1].append(hunk[1])
        return out

    def at(self):
        return next(row[2:].strip() for row in self.frame() if row.startswith("> "))

    def go(self, text):
        """moves the cursor to the row that has this text"""
        for _ in range(40):
            if text in self.at():
                return
            rows = [row for row in self.frame() if re.match(r"[> ] ( {4}|\d)", row)]
            here = next(i for i, row in enumerate(rows) if row.startswith("> "))
            there = next(i for i, row in enumerate(rows) if text in row)
            self.press("down" if there > here else "up")
        raise AssertionError(f"{text!r} can't be reached in {self.frame()}")

    def end(self):
        return os.waitstatus_to_exitcode(super().end(30))


class SplitViewTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="stanch-view-")
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name)
        self.git("init", "-q", "-b", "main")
        (self.path / "a.py").write_text("".join(f"a{i} = {i}\n" for i in range(40)))
        (self.path / "b.py").write_text("b = 1\n")
        self.git("add", ".")
        self.git("commit", "-q", "-m", "Begin")
        text = (self.path / "a.py").read_text().replace("a3 = 3", "a3 = 33").replace("a30 = 30", "a30 = 300")
        (self.path / "a.py").write_text(text)
        (self.path / "b.py").write_text("b = 2\n")
        (self.path / "c.py").write_text("import os\nimport re\n")
        self.git("add", ".")

    def git(self, *words):
        return subprocess.run(["git", *words], cwd=self.path, env=ENVIRONMENT, capture_output=True, check=True,
                              text=True).stdout.strip()

    def state(self):
        return (self.git("for-each-ref"), self.git("rev-parse", "HEAD"), (self.path / ".git/index").read_bytes(),
                {p.name: p.read_bytes() for p in self.path.glob("*.py")})

    def one_part(self, view):
        """joins everything into the first part"""
        view.wait("cut into line groups")
        while len(view.parts()) > 1:
            view.go("2. ")
            view.press("J")
        self.assertEqual(4, len(view.parts()[0][1]))

    def test_leaving_changes_nothing(self):
        for words in ((), ("--staged",)):
            for key in ("q", "escape", "\x03"):
                begin = self.state()
                view = View(self.path, *words)
                self.one_part(view)
                view.go("b.py")
                view.press("M")
                os.write(view.fd, KEYS.get(key, key.encode()))
                self.assertEqual(0, view.end())
                self.assertIn(b"nothing was done", view.seen)
                self.assertEqual(begin, self.state())

    def test_every_key_then_apply(self):
        target = self.git("write-tree")
        view = View(self.path)
        self.one_part(view)
        view.go("b.py")
        view.press("M")  # above the first part: a new one
        self.assertEqual([1, 3], [len(hunks) for _, hunks in view.parts()])
        view.press("m")  # and back
        self.assertEqual([4], [len(hunks) for _, hunks in view.parts()])
        view.press("u")
        self.assertEqual([1, 3], [len(hunks) for _, hunks in view.parts()])
        view.go("@@ -31")
        view.press("p")  # part here: this hunk and what is below
        self.assertEqual([1, 1, 2], [len(hunks) for _, hunks in view.parts()])
        view.press("[")  # this part up
        self.assertEqual([1, 2, 1], [len(hunks) for _, hunks in view.parts()])
        view.press("]")
        self.assertEqual([1, 1, 2], [len(hunks) for _, hunks in view.parts()])
        view.go("1. ")
        view.press("r")
        view.wait("subject: ")
        view.press(*["backspace"] * 60, *"Set ü to two", "enter")
        self.assertEqual("Set ü to two", view.parts()[0][0])
        view.press("r", "x", "escape")
        self.assertEqual("Set ü to two", view.parts()[0][0])
        view.go("b.py")
        view.press("enter")
        self.assertIn("-b = 1", view.frame())
        self.assertIn("+b = 2", view.frame())
        view.press("escape")
        view.go("c.py")
        view.press("s")  # two imports: two line groups
        self.assertEqual([1, 1, 3], [len(hunks) for _, hunks in view.parts()])
        view.go("c.py @@ -0,0 +2")
        view.press("right")
        self.assertEqual([1, 1, 2, 1], [len(hunks) for _, hunks in view.parts()])
        view.press("a")
        self.assertEqual(0, view.end(), view.seen)
        self.assertEqual(target, self.git("rev-parse", "HEAD^{tree}"))
        self.assertEqual(["Begin", "Set ü to two"], self.git("log", "--reverse", "--format=%s").split("\n")[:2])
        self.assertEqual("5", self.git("rev-list", "--count", "HEAD"))
        self.assertEqual("import os", self.git("show", "HEAD^:c.py"))
        self.assertEqual("import os\nimport re", self.git("show", "HEAD:c.py"))


if __name__ == "__main__":
    unittest.main()
