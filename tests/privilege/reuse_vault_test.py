"""The reuse check at full size: 10,000 values in 200 files and a vault, 300 of them shared, many in another dress."""
import base64
import hashlib
import json
import pathlib
import random
import string
import unittest
import urllib.parse

from vault.harness import VaultCase

LETTERS = string.ascii_letters + string.digits
SPECIAL = "+/=@%&!~"
FILES, VALUES, IN_FILES, IN_VAULT = 200, 10_000, 200, 100


def dressed(value, kind):
    quoted = urllib.parse.quote(value, safe="")
    return [value, quoted, f"postgresql://app:{quoted}@db:5432/main", f"Server=db;Uid=app;Pwd={value};Timeout=3",
            base64.b64encode(value.encode()).decode()][kind % 5]


class ReuseTest(VaultCase):
    def setUp(self):
        super().setUp()
        self.random = random.Random(11)
        self.plain = [self.made() for _ in range(VALUES - IN_FILES - IN_VAULT)]
        self.pairs = set()
        files = [[f"SECRET_{i}='{value}'\n" for i, value in enumerate(self.plain) if i % FILES == f] for f in range(FILES)]
        for i in range(IN_FILES):
            owner = i * 17
            files[(owner % FILES + 1 + i % (FILES - 1)) % FILES].append(f"OTHER_TOKEN_{i}='{dressed(self.plain[owner], i)}'\n")
            self.pairs.add((f"OTHER_TOKEN_{i}", f"SECRET_{owner}"))
        self.short = "Xq7+pz"
        files[0].append(f"PIN_PASSWORD='{self.short}'\n")
        files[1].append(f"DOOR_PASSWORD='{self.short}'\n")
        self.pairs.add(("DOOR_PASSWORD", "PIN_PASSWORD"))
        for f, lines in enumerate(files):
            path = self.home.work / f"services/s{f}/.env"
            path.parent.mkdir(parents=True)
            path.write_text("".join(lines))
        for i in range(IN_VAULT):
            owner = 5000 + i * 7
            self.account.add_item(f"crane-{i}", login={"password": dressed(self.plain[owner], i)})
            self.pairs.add((f"SECRET_{owner}", f"crane-{i}"))
        self.home.login()

    def made(self):
        return "".join(self.random.choices(LETTERS, k=26)) + "".join(self.random.choices(SPECIAL, k=4)) + self.random.choice(LETTERS)

    def test_all_found_no_false_pair_and_nothing_written(self):
        out = self.home.run("keys", "audit", "--vault", "--format", "json", code=1)
        shared = [f for f in json.loads(out)["findings"] if f["fault"] == "shared"]
        found = {tuple(sorted(self.name(place) for place in f["places"])) for f in shared}
        self.assertEqual(found, self.pairs)
        reports = {form: self.home.run("keys", "audit", "--vault", "--format", form, code=None) for form in ("human", "sarif")}
        reports["json"] = out
        for form, text in reports.items():
            (self.home.work / f"report.{form}").write_text(text)
        written = [file.read_bytes() for file in pathlib.Path(self.home.top).rglob("*")
                   if file.is_file() and file.name != ".env"]
        self.assertGreater(len(written), 3)
        for value in [self.short, *self.plain[::50], *(self.plain[5000 + i * 7] for i in range(IN_VAULT))]:
            for sign in self.signs(value):
                self.assertFalse(any(sign in text for text in written))

    def name(self, place):
        inner = place[place.index("(") + 1:-1] if "(" in place else place
        return inner.removeprefix("bw://").split("/")[0] if inner.startswith("bw://") else inner

    @staticmethod
    def signs(value):
        """The value itself, and what a guess could be held against."""
        raw = value.encode()
        yield from (raw, urllib.parse.quote(value, safe="").encode(), base64.b64encode(raw))
        for digest in (hashlib.md5, hashlib.sha1, hashlib.sha256, hashlib.sha512, hashlib.blake2b,
                       lambda b: hashlib.blake2b(b, digest_size=16), lambda b: hashlib.blake2b(b, digest_size=32)):
            yield digest(raw).hexdigest()[:16].encode()
            yield base64.b64encode(digest(raw).digest())[:16]


if __name__ == "__main__":
    unittest.main()
