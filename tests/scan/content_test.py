"""Encodings, large contents, containers: found where a person would look for it."""
import io
import json
import sqlite3
import struct
import subprocess
import tarfile
import unittest
import zipfile

from support.scans import ScanCase, token

LINE = f'x = "{token()}"\n'


class Encodings(ScanCase):
    def one(self, content):
        self.write("f.txt", content)
        return [(line, column) for _, line, column in self.scan("f.txt").places]

    def test_marks_and_encodings(self):
        text = "caf\u00e9 \u20ac\r\n" + LINE.replace("\n", "\r\n")
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
            self.assertEqual(self.one(text.encode(encoding)), [(2, 6)], encoding)
        self.assertEqual(self.one(b"\xfe\xff" + text.encode("utf-16-be")), [(2, 6)])
        self.assertEqual(self.one(LINE.encode("utf-8-sig")), [(1, 6)])
        self.assertEqual(self.one("caf\u00e9\r\n".encode("latin-1") + LINE.encode()), [(2, 6)])

    def test_without_a_last_newline_and_among_binary_bytes(self):
        self.assertEqual(self.one("\n" + LINE.rstrip()), [(2, 6)])
        self.assertEqual(self.one(b"\x7fELF\0\1\2\0" * 100 + LINE.encode() + b"\0" * 50)[0][0], 1)

    def test_utf16_larger_than_the_buffer(self):
        lines = "".join(f"line {i} \u20ac\n" for i in range(300_000))
        self.assertEqual(self.one((lines + LINE).encode("utf-16")), [(300_001, 6)])


class Large(ScanCase):
    def test_one_line_without_end(self):
        size = 30_000_000
        self.write("f.txt", b"a b " * (size // 4) + LINE.encode() + LINE.encode())
        self.assertEqual([p[1:] for p in self.scan("f.txt").places], [(1, size + 6), (2, 6)])

    def test_secrets_on_and_around_every_seam(self):
        piece, kept = 4 << 20, 128 << 10
        content = bytearray(b"." * (3 * piece))
        for i in range(0, len(content), 97):
            content[i] = 10
        seams = [piece + n * (piece - kept) for n in range(2)]
        starts = sorted({seam + shift for seam in seams for shift in (-200_000, -131_200, -65_600, -65_540, -100, -20, 100)})
        for start in starts:
            content[start : start + 60] = f'\nx = "{token(start)}"\n'.ljust(60).encode()
        self.write("f.txt", bytes(content))
        wanted = [(bytes(content[: start + 1]).count(b"\n") + 1, 6) for start in starts]
        self.assertEqual([p[1:] for p in self.scan("f.txt").places], wanted)

    def test_memory_stays_flat(self):
        self.write("f.txt", b"")
        with open(self.top / "f.txt", "r+b") as file:
            file.truncate(1 << 30)
            file.seek(1 << 30)
            file.write(LINE.encode())
        code = "import resource,subprocess,sys;subprocess.run(sys.argv[1:]);print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        done = subprocess.run(["python3", "-c", code, __import__("os").environ["STANCH"], "scan", "-f", "csv", "f.txt"],
                              capture_output=True, text=True, cwd=self.top, env=self.env, check=True)
        self.assertIn("github", done.stdout)
        if "asan" not in __import__("os").environ["STANCH"] and "tsan" not in __import__("os").environ["STANCH"]:
            self.assertLess(int(done.stdout.split()[-1]), 64 << 10)


def zipped(members, **options):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, **options) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return data.getvalue()


def tarred(members, mode="w:gz"):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode=mode) as file:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))
    return data.getvalue()


class Archives(ScanCase):
    def test_zip_tar_and_what_packs_one_file(self):
        line = LINE.encode()
        self.write("a.whl", zipped({"pkg/b.py": b"\n" + line, "pkg/\u00e9.py": line}))
        self.write("b.tar", tarred({"x/y.py": line}, "w"))
        for mode, name in (("w:gz", "c.tgz"), ("w:bz2", "d.tar.bz2"), ("w:xz", "e.tar.xz")):
            self.write(name, tarred({"x/y.py": line}, mode))
        self.write("log", line)
        for command in (["gzip", "-k", "log"], ["xz", "-k", "log"], ["zstd", "-q", "log"]):
            subprocess.run(command, cwd=self.top, check=True)
        subprocess.run(["7z", "a", "-bd", "f.7z", "log"], cwd=self.top, check=True, capture_output=True)
        (self.top / "log").unlink()
        self.assertEqual(self.scan().places, [
            ("a.whl!pkg/b.py", 2, 6), ("a.whl!pkg/\u00e9.py", 1, 6), ("b.tar!x/y.py", 1, 6), ("c.tgz!x/y.py", 1, 6),
            ("d.tar.bz2!x/y.py", 1, 6), ("e.tar.xz!x/y.py", 1, 6), ("f.7z!log", 1, 6), ("log.gz!log", 1, 6),
            ("log.xz!log", 1, 6), ("log.zst!log", 1, 6)])

    def test_archives_in_archives_like_an_image(self):
        layer = tarred({"etc/app/config.py": LINE.encode()})
        image = tarred({"blobs/sha256/abc": layer, "manifest.json": b"{}"}, "w")
        self.write("image.tar", image)
        self.write("deep.zip", zipped({"image.tar": image}))
        self.write("odd.zip", zipped({"utf16.txt": LINE.encode("utf-16"), "a.7z": b"7z\xbc\xaf\x27\x1c broken"}))
        said = self.scan()
        self.assertEqual(said.paths, ["deep.zip!image.tar!blobs/sha256/abc!etc/app/config.py",
                                      "image.tar!blobs/sha256/abc!etc/app/config.py", "odd.zip!utf16.txt"])
        self.assertEqual(said.code, 3)
        self.assertIn("odd.zip!a.7z: broken archive", said.err)

    def test_large_members_and_large_nested_archives(self):
        filler = b"0123456789abcde\n" * 400_000
        self.write("a.zip", zipped({"big.txt": filler + LINE.encode()}))
        stored = io.BytesIO()
        with zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as file:
            file.writestr("big.txt", filler + LINE.encode())
        self.write("b.tar.gz", tarred({"in.zip": stored.getvalue()}))
        self.assertEqual(self.scan().places, [("a.zip!big.txt", 400_001, 6), ("b.tar.gz!in.zip!big.txt", 400_001, 6)])

    def test_bombs_are_stopped_and_said(self):
        zeros = bytes(50 << 20)
        bomb = zipped({"zeros": zeros})
        self.write("bomb.zip", zipped({f"{i}.zip": bomb for i in range(20)}))
        self.write("a.py", LINE)
        self.write("stanch.toml", "[scan]\narchive_bytes = 100_000_000\narchive_members = 5\n")
        said = self.scan()
        self.assertEqual((said.code, said.paths), (3, ["a.py"]))
        self.assertIn("unpacks to more than the limit", said.err)
        self.write("many.zip", zipped({f"{i}": b"x" for i in range(9)}))
        self.assertIn("many.zip: has more members than the limit", self.scan("many.zip").err)
        nested = LINE.encode()
        for i in range(12):
            nested = zipped({f"{i}.zip": nested})
        self.write("deep.zip", nested)
        self.write("stanch.toml", "")
        self.assertIn("an archive more than 8 levels deep", self.scan("deep.zip").err)

    def test_broken_and_encrypted_ones_are_told(self):
        self.write("plain.txt", LINE)
        subprocess.run(["7z", "a", "-bd", "-psecret", "locked.zip", "plain.txt"], cwd=self.top, check=True, capture_output=True)
        self.write("cut.tgz", tarred({"a.txt": LINE.encode(), "b.txt": b"".join(struct.pack(">I", i * 2654435761 % 2**32) for i in range(200_000))})[:-20000])
        self.write("not.gz", b"\x1f\x8b\x08no gzip at all " + LINE.encode())
        said = self.scan()
        self.assertEqual(said.code, 3)
        self.assertIn("locked.zip!plain.txt: encrypted", said.err)
        self.assertIn("cut.tgz", said.err)
        self.assertEqual(said.paths, ["cut.tgz!a.txt", "not.gz", "plain.txt"])

    def test_bytes_that_only_look_packed(self):
        self.write("story.txt", b"BZh is how this story begins\n" + LINE.encode())
        said = self.scan()
        self.assertEqual((said.code, said.places), (1, [("story.txt", 2, 6)]))


class Notebooks(ScanCase):
    def test_cells_and_outputs(self):
        def stream(text):
            return {"output_type": "stream", "name": "stdout", "text": text}
        cells = [
            {"cell_type": "markdown", "metadata": {}, "source": ["# hi\n", "there"]},
            {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": ["import os\n", LINE],
             "outputs": [stream(["ok\n"]), stream(["a\n", "b\n", LINE.replace(token(), token(2))])]},
            {"cell_type": "code", "metadata": {}, "execution_count": 2, "source": "y = 1\n" + LINE.replace(token(), token(3)),
             "outputs": [{"output_type": "execute_result", "metadata": {}, "execution_count": 2,
                          "data": {"text/plain": ["'" + token(4) + "'"], "application/json": {"token": token(5)}}}]},
        ]
        self.write("n.ipynb", json.dumps({"cells": cells, "metadata": {"key": token(6)}, "nbformat": 4, "nbformat_minor": 5}))
        self.assertEqual([p[:2] for p in self.scan().places], [
            ("n.ipynb!cell 2", 2), ("n.ipynb!cell 2 output 2", 3), ("n.ipynb!cell 3", 2), ("n.ipynb!cell 3 output 1", 1),
            ("n.ipynb!cell 3 output 1 application/json", 1), ("n.ipynb!metadata", 1)])

    def test_what_is_no_notebook_is_plain_text(self):
        self.write("a.ipynb", "{ not json\n" + LINE)
        self.write("b.ipynb", json.dumps({"a": [LINE]}))
        self.assertEqual([p[:2] for p in self.scan().places], [("a.ipynb", 2), ("b.ipynb", 1)])


class Databases(ScanCase):
    def make(self, name, rows=3, journal="delete"):
        database = sqlite3.connect(self.top / name)
        database.execute(f"PRAGMA journal_mode={journal}")
        database.execute('CREATE TABLE "my users" (id INTEGER, note TEXT, token BLOB)')
        for i in range(rows):
            database.execute('INSERT INTO "my users" VALUES (?, ?, ?)', (i, "nothing", token(i + 1).encode() if i == rows - 1 else b"x"))
        database.commit()
        database.close()

    def test_rows_of_tables(self):
        self.make("app.db")
        self.make("wal.sqlite3", journal="wal")
        self.assertEqual([p[:2] for p in self.scan().places],
                         [("app.db!my users.token", 3), ("wal.sqlite3!my users.token", 3)])

    def test_a_large_one_and_one_in_an_archive(self):
        self.make("app.db", rows=200_000)
        self.make("small.db")
        self.write("x.zip", zipped({"s.db": (self.top / "small.db").read_bytes()}))
        (self.top / "small.db").unlink()
        self.assertEqual([p[:2] for p in self.scan().places],
                         [("app.db!my users.token", 200_000), ("x.zip!s.db!my users.token", 3)])

    def test_a_broken_one_is_told_and_matched_raw(self):
        self.write("b.db", b"SQLite format 3\0" + b"\1" * 4000 + LINE.encode())
        said = self.scan()
        self.assertEqual((said.code, said.paths), (3, ["b.db"]))
        self.assertIn("b.db: broken SQLite database", said.err)


if __name__ == "__main__":
    unittest.main()
