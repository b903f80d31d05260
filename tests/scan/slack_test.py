import json
import os
import pathlib
import random
import string
import subprocess
import tempfile
import unittest
import zipfile
import zlib

STANCH = os.environ["STANCH"]


DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase


def token(number):
    """has the form and the checksum of a GitHub token, and is none: assembled here"""
    source = random.Random(number)
    body = "".join(source.choice(DIGITS) for _ in range(30))
    checksum, tail = zlib.crc32(body.encode()), ""
    for _ in range(6):
        checksum, digit = divmod(checksum, 62)
        tail = DIGITS[digit] + tail
    return "gh" + "p_" + body + tail


class SlackExport(unittest.TestCase):
    def scan(self, members, *flags, style="jsonl"):
        with tempfile.TemporaryDirectory() as top:
            with zipfile.ZipFile(pathlib.Path(top, "export.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
                for name, content in members.items():
                    archive.writestr(name, content if isinstance(content, str) else json.dumps(content))
            done = subprocess.run([STANCH, "scan", "--slack-export", "export.zip", "--format", style, "--reveal", *flags], cwd=top,
                                  env={"PATH": os.environ["PATH"], "HOME": top}, capture_output=True, text=True, timeout=60)
            self.errors = done.stderr
            if style != "jsonl":
                return done.returncode, done.stdout
            found = [json.loads(line) for line in done.stdout.splitlines()]
            return done.returncode, [f for f in found if "secret" in f]

    def test_messages_edits_snippets_and_canvases(self):
        a, b, c, d, e, f = (token(i) for i in range(6))
        rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": f"use {a}"}]}]}
        day = [
            {"type": "message", "user": "U1", "ts": "1767348245.000100", "text": f"use {a}", "blocks": [rich]},
            {"type": "message", "user": "U2", "ts": "1767348246.000100", "text": "edited", "edited": {"user": "U2", "ts": "1767348250.0"},
             "original": {"user": "U2", "ts": "1767348246.000100", "text": f"oh {b}"}},
            {"type": "message", "subtype": "message_deleted", "ts": "1767348247.0", "previous_message": {"user": "U1", "text": f"x {c}", "ts": "1767348240.0"}},
            {"type": "message", "user": "U9", "ts": "1767348249.0", "text": "", "files": [
                {"id": "F1", "name": "deploy.sh", "mode": "snippet", "preview": f"export TOKEN={d}\n"}]},
            {"type": "message", "subtype": "bot_message", "username": "deploy bot", "ts": "1767348251.0", "text": "",
             "attachments": [{"fallback": f"token {e} &amp; more"}]},
        ]
        export = {
            "channels.json": [{"id": "C1", "name": "billing"}],
            "users.json": [{"id": "U1", "name": "ada", "profile": {"real_name": "Ada L.", "email": "ada@example.com"}},
                           {"id": "U2", "name": "bob", "real_name": "Bob"}],
            "billing/2026-01-02.json": day,
            "canvases/plan.html": f"<p>{f}</p>"}
        code, found = self.scan(export)
        self.assertEqual(code, 1, self.errors)
        by_secret = {x["secret"]: x for x in found}
        self.assertEqual(set(by_secret), {a, b, c, d, e, f})
        self.assertEqual(len(found), 6)
        text = json.dumps(by_secret[a])
        for part in ("Ada L.", "2026-01-02T10:04:05Z", "Slack #billing"):
            self.assertIn(part, text)
        for secret in (b, c):
            self.assertIn("earlier version", json.dumps(by_secret[secret]))
        self.assertIn("Bob", json.dumps(by_secret[b]))
        self.assertEqual(self.scan(export, style="human")[1].count("stanch vault share"), 6)
        self.assertIn("deploy bot", json.dumps(by_secret[e]))

    def test_what_is_no_export(self):
        with tempfile.TemporaryDirectory() as top:
            pathlib.Path(top, "x.zip").write_text("nothing")
            for name in ("x.zip", "missing.zip"):
                done = subprocess.run([STANCH, "scan", "--slack-export", name], cwd=top, capture_output=True, text=True,
                                      env={"PATH": os.environ["PATH"], "HOME": top})
                self.assertIn(done.returncode, (2, 3))
        code, found = self.scan({"general/2026-01-02.json": "{broken", "users.json": "[1,null]"})
        self.assertEqual((code, found), (0, []))


if __name__ == "__main__":
    unittest.main()
