"""Places of a repository that are easily forgotten, and shapes that few tools make: found, or loudly incomplete."""
import glob
import hashlib
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import zipfile
import zlib
from io import BytesIO

from traps_test import Repository, scan


def loose(r, kind, content):
    body = f"{kind} {len(content)}\0".encode() + content
    name = hashlib.sha1(body).hexdigest()
    file = r.path / ".git/objects" / name[:2] / name[2:]
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(zlib.compress(body))
    return name


class HiddenPlaces(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="stanch-hidden-"))
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.r = self.make("r")

    def make(self, name, *init):
        r = Repository(self.folder / name, *init)
        r.write("a", "start\n")
        r.commit()
        return r

    def found(self, *flags, at=None):
        code, found, errors = scan(at or self.r.path, *(flags or ("--history",)))
        self.assertEqual(code, 1, errors)
        missing = [place for key, place in self.r.keys.items() if not any(key in str(one) for one in found)]
        self.assertEqual(missing, [])

    def test_names(self):
        r = self.r
        r.write("x\n" + r.key("behind a newline"), "x\n")
        r.write(r.key("before a newline") + "\nx", "x\n")
        r.commit()
        blob = r.git("rev-parse", "HEAD:a")
        r.git("mktree", data=f"100644 blob {blob}\tin-{r.key('tree without a commit')}\n".encode())
        r.write("in-" + r.key("staged"), "start\n")
        r.git("add", "-A")
        r.write("in-" + r.key("intended"), "start\n")
        r.git("add", "-N", ".")
        r.git("worktree", "add", "-q", "--detach", "../linked")
        (self.folder / "linked" / ("in-" + r.key("linked index"))).write_text("start\n")
        r.git("add", "-A", at=self.folder / "linked")
        r.git("symbolic-ref", "refs/remotes/o/HEAD", "refs/remotes/o/" + r.key("target of a symbolic ref"))
        (r.path / ".git/logs/refs/heads" / ("b-" + r.key("reflog of no ref"))).write_text("")
        self.found()

    def test_files_of_the_git_directory(self):
        r = self.r
        r.git("update-ref", "--create-reflog", "-m", r.key("reflog message"), "refs/heads/x", "HEAD")
        for name in ("rr-cache/0123/preimage", "objects/info/http-alternates", "rebase-merge/patch", "MERGE_MSG",
                     "config.worktree", "annex/objects/a/b"):
            file = r.path / ".git" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(r.key(name) + "\n")
        name = loose(r, "blob", r.key("interrupted write").encode())
        file = r.path / ".git/objects" / name[:2] / name[2:]
        file.rename(file.parent / "tmp_obj_AB12cd")
        self.found()
        moved = self.folder / "moved"
        shutil.move(r.path / ".git", moved)
        (r.path / ".git").mkdir()
        for entry in os.listdir(moved):  # as git-new-workdir does
            if entry in ("HEAD", "index"):
                shutil.copy(moved / entry, r.path / ".git" / entry)
            elif entry in ("config", "refs", "logs", "objects", "info", "hooks", "rr-cache"):
                os.symlink(moved / entry, r.path / ".git" / entry)
        r.keys = {key: place for key, place in r.keys.items() if place in ("reflog message", "rr-cache/0123/preimage")}
        self.found()

    def test_locks_that_an_interrupted_update_left(self):
        file = self.r.path / ".git/refs/heads/feature.lock"
        file.write_text(self.r.key("a ref's lock") + "\n")
        self.found()

    def test_messages_in_utf16(self):
        r = self.r
        tree, head = r.git("rev-parse", "HEAD^{tree}"), r.git("rev-parse", "HEAD")
        for form in ("UTF-16", "UTF-16LE"):
            people = f"tree {tree}\nparent {head}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n"
            text = f"{people}encoding {form}\n\n".encode() + f"key {r.key(form)}\n".encode(form)
            r.git("update-ref", "refs/heads/" + form, loose(r, "commit", text))
        self.found()
        r.keys = {key: place for key, place in r.keys.items() if place == "UTF-16"}
        self.found("--range", "main..UTF-16")

    def test_texts_in_utf32(self):
        for form in ("utf-32", "utf-32-le", "utf-32-be"):
            self.r.write(form, f"k = '{self.r.key(form)}'\n".encode(form))
        self.r.write("marked", b"\0\0\xfe\xff" + self.r.key("big-endian mark").encode("utf-32-be"))
        self.r.git("add", "-A")
        self.found("--staged")
        self.r.commit()
        self.found()
        self.r.write("large", ("x" * (5 << 20)).encode("utf-32"))
        self.assertEqual(scan(self.r.path)[0], 3)

    def test_git_inside_of_git(self):
        r = self.r
        for form in ("sha1", "sha256"):
            inner = self.make("inner-" + form, f"--object-format={form}")
            inner.keys = r.keys
            lines = [f"{form} {i}" for i in range(300)]
            for i in range(6):
                lines[40 * i] = f"k = '{r.key(f'{form} {i}')}'"
                inner.write("k", "\n".join(lines))
                inner.commit()
            inner.git("bundle", "create", "-q", str(r.path / (form + ".bundle")), "--all")
        shutil.copytree(self.folder / "inner-sha1/.git", r.path / "loose.git")
        r.commit()
        self.found()
        r.git("gc", "-q")
        self.found()

    def test_a_submodule_with_a_store_in_the_work_tree(self):
        inner = Repository(self.r.path / "sub")
        inner.write("k", self.r.key("gone") + "\n")
        inner.commit()
        inner.git("rm", "-q", "k")
        inner.git("commit", "-qm", "gone")
        self.r.git("add", "sub")
        self.r.git("commit", "-qm", "sub")
        self.found()

    def test_a_zip_that_runs(self):
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("m.py", f"k = '{self.r.key('zip')}'\n")
        self.r.write("app", b"#!/usr/bin/env python3\n" + packed.getvalue())
        self.r.commit()
        self.found()

    def test_packs_of_every_kind(self):
        r = self.r
        lines = [f"line {i}" for i in range(400)]
        for i in range(20):
            lines[i * 20] = f"k = '{r.key(i)}'" if i % 3 == 0 else f"changed {i}"
            r.write("k", "\n".join(lines))
            r.commit()
        ids = [line.split()[0] for line in r.git("cat-file", "--batch-all-objects", "--batch-check").splitlines()]
        store, (_, wanted, _) = r.path / ".git/objects", scan(r.path, "--history")

        def pack(some, *flags):
            return r.git("pack-objects", "-q", *flags, ".git/objects/pack/pack", data="\n".join(some).encode())

        def kinds():
            for flags in (("--depth=250", "--window=250", "--delta-base-offset"), ("--window=0",), ("--window=50",),
                          ("--index-version=1",), ("--index-version=2,0x100",), ("--compression=0",)):
                yield " ".join(flags), lambda flags=flags: pack(ids, "--no-reuse-delta", *flags)
            yield "one object each", lambda: [pack([one]) for one in ids]
            yield "of another name", lambda: [os.rename(file, str(file).replace("pack-", "other-"))
                                              for _ in (pack(ids),) for file in store.glob("pack/pack-*")]
            yield "multi-pack-index", lambda: ([pack(ids[i::5]) for i in range(5)],
                                               r.git("multi-pack-index", "write"))
            yield "multi-pack-index alone", lambda: ([pack(ids[i::5]) for i in range(5)],
                                                     r.git("multi-pack-index", "write"),
                                                     [file.unlink() for file in store.glob("pack/*.idx")])
            for flags in ((), ("--delta-base-offset",), ("--window=0",)):
                yield "no index " + " ".join(flags), lambda flags=flags: (
                    pack(ids, "--no-reuse-delta", *flags), [file.unlink() for file in store.glob("pack/*.idx")])
        kept = self.folder / "kept"
        shutil.copytree(store, kept)
        for name, make in kinds():
            shutil.rmtree(store)
            shutil.copytree(kept, store)
            make()
            for folder in glob.glob(str(store / "??")):
                shutil.rmtree(folder)
            with self.subTest(name):
                code, found, errors = scan(r.path, "--history")
                self.assertEqual((code, found), (1, wanted), errors)

    def test_what_fetches_and_pushes_leave(self):
        r = self.r
        lines = [f"line {i}" for i in range(400)]
        r.write("k", "\n".join(lines))
        r.commit()
        other = self.folder / "other"
        r.git("clone", "-q", ".", str(other))
        lines[50] = f"k = '{r.key('on the way')}'"
        (other / "k").write_text("\n".join(lines))
        r.git("commit", "-qam", "new", at=other)
        thin = subprocess.run(["git", "-C", str(other), "pack-objects", "-q", "--thin", "--stdout", "--revs"],
                              input=b"HEAD\n^HEAD~\n", capture_output=True, check=True).stdout
        folder = r.path / ".git/objects/pack"
        folder.mkdir(exist_ok=True)

        def alone(name, content, *flags):
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            with self.subTest(name):
                code, found, errors = scan(r.path, "--history", *flags)
                if code != 3:
                    self.assertEqual([key for key in r.keys if key not in str(found)], [], errors)
                if file.parent != folder:
                    shutil.rmtree(file.parent)
                else:
                    file.unlink()
                return code
        self.assertEqual(alone("tmp_pack_Ab12cd", thin), 1)
        self.assertEqual(alone("tmp_pack_Ab12cd", thin[:-20]), 1)
        self.assertEqual(alone("tmp_pack_Ab12cd", thin[:-21]), 3)
        self.assertEqual(alone("tmp_pack_Ab12cd", thin[:8] + bytes(4) + thin[12:-20]), 1)  # fast-import's
        self.assertEqual(alone(".tmp-12-pack-0123.pack", thin), 1)
        self.assertEqual(alone("../tmp_objdir-incoming-x1/pack/tmp_pack_1", thin), 1)
        blob = f"k = '{r.key('blob')}'".encode()
        body = f"blob {len(blob)}\0".encode() + blob
        name, r.keys = hashlib.sha1(body).hexdigest(), {key: place for key, place in r.keys.items() if place == "blob"}
        self.assertEqual(alone(f"../tmp_objdir-incoming-x2/{name[:2]}/{name[2:]}", zlib.compress(body)), 1)
        self.assertEqual(alone("pack-0123.keep", blob), 1)
        (folder / "tmp_pack_Ab12cd").write_bytes(thin[:40])
        self.assertEqual(scan(r.path, "--history")[0], 3)

    def test_quoted_alternates(self):
        r = self.r
        r.write("k", r.key("elsewhere"))
        r.commit()
        store = self.folder / "al ter\nnate"
        shutil.move(r.path / ".git/objects", store)
        (r.path / ".git/objects/info").mkdir(parents=True)
        (r.path / ".git/objects/info/alternates").write_text('"' + str(store).replace("\n", "\\n") + '"\n')
        self.found()

    def test_what_is_not_known_is_loud(self):
        for key, value in (("extensions.refstorage", "reftable"), ("extensions.newthing", "true"),
                           ("core.repositoryformatversion", "2")):
            r = self.make(key)
            r.git("config", "core.repositoryformatversion", "1")
            r.git("config", key, value)
            for flag in ("--history", "--staged"):
                with self.subTest(f"{key} {flag}"):
                    self.assertEqual(scan(r.path, flag)[0], 3)

    def test_a_damaged_repository_does_not_lead_to_the_one_around_it(self):
        inner = Repository(self.r.path / "in")
        inner.write("k", "x\n")
        inner.commit()
        os.remove(inner.path / ".git/HEAD")
        self.assertEqual(scan(inner.path, "--history")[0], 3)

    def test_staged_without_an_index(self):
        r = self.r
        r.git("clone", "-q", "--bare", ".", "../bare.git")
        self.assertEqual(scan(self.folder / "bare.git", "--staged")[0], 2)
        done = subprocess.run([os.environ["STANCH"], "scan", "--staged"], cwd=r.path, capture_output=True,
                              env=dict(os.environ, GIT_INDEX_FILE="/nonexistent"))
        self.assertEqual(done.returncode, 3)
        tree = r.git("rev-parse", "HEAD^{tree}")
        r.write("k", "x\n")
        r.git("add", "k")
        os.remove(r.path / ".git/objects" / tree[:2] / tree[2:])
        self.assertEqual(scan(r.path, "--staged")[0], 3)


if __name__ == "__main__":
    unittest.main()
