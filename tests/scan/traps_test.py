"""Every place of a repository that can hold a secret, under a configuration that means harm: found.

Each place gets a key of its own, made at run time, so that the report says which were seen.
"""
import json
import os
import pathlib
import random
import shutil
import subprocess
import tempfile
import unittest

from support.scans import token

STANCH = os.environ["STANCH"]

HOSTILE = {
    "color.ui": "always", "log.showSignature": "true", "log.follow": "true", "log.date": "relative",
    "log.mailmap": "true", "log.decorate": "full", "log.diffMerges": "off", "diff.external": "false",
    "diff.noprefix": "true", "diff.mnemonicPrefix": "true", "diff.renames": "copies",
    "diff.algorithm": "minimal", "diff.context": "0", "diff.orderFile": "/dev/null",
    "diff.ignoreSubmodules": "all", "core.quotePath": "true", "core.pager": "false",
    "core.attributesFile": "/nonexistent", "core.fsmonitor": "false", "core.sparseCheckout": "true",
    "core.excludesFile": "/nonexistent", "core.symlinks": "false", "core.fileMode": "false",
    "core.preloadIndex": "false", "pager.log": "false", "alias.log": "!false", "grep.patternType": "perl",
    "i18n.logOutputEncoding": "UTF-16", "textconv.x": "false", "diff.x.textconv": "false",
    "filter.x.clean": "false", "filter.x.smudge": "false", "filter.x.required": "true",
}


class Repository:
    """A repository made with the real git, configured by nobody."""

    def __init__(self, folder, *init):
        self.path = pathlib.Path(folder)
        self.random = random.Random(str(folder)[-3:] + "x")
        self.keys = {}
        self.clock = 1700000000
        self.path.mkdir(parents=True, exist_ok=True)
        self.init = init
        self.git("init", "-q", "-b", "main", *init)

    def git(self, *words, data=None, at=None, names=None):
        self.clock += 60
        environment = dict(os.environ, GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL="/dev/null",
                           GIT_AUTHOR_NAME="Ada", GIT_AUTHOR_EMAIL="ada@example.org",
                           GIT_COMMITTER_NAME="Ada", GIT_AUTHOR_DATE=f"{self.clock} +0000",
                           GIT_COMMITTER_DATE=f"{self.clock} +0000",
                           **{"GIT_COMMITTER_EMAIL": "ada@example.org", **(names or {})})
        done = subprocess.run(["git", "-c", "protocol.file.allow=always", *words], cwd=at or self.path,
                              env=environment, input=data, capture_output=True)
        if done.returncode:
            raise AssertionError(f"git {words}: {done.stderr.decode()}")
        return done.stdout.decode().strip()

    def key(self, place):
        """A new GitHub token whose place is remembered."""
        text = token(self.random.random())
        self.keys[text] = place
        return text

    def write(self, name, content):
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())

    def commit(self, message="change"):
        self.git("add", "-A")
        self.git("commit", "-qm", message)


def scan(path, *words, environment=None, cached=False):
    done = subprocess.run([STANCH, "scan", "--format", "jsonl", "--reveal", *(() if cached else ("--no-cache",)),
                           *words, str(path)],
                          capture_output=True, env=dict(os.environ, **(environment or {})), timeout=120)
    findings = [json.loads(line) for line in done.stdout.decode().splitlines()]
    return done.returncode, [one for one in findings if "secret" in one], done.stderr.decode()


class Traps(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="stanch-traps-")
        self.addCleanup(shutil.rmtree, self.folder, True)

    def repository(self, name="r", *init):
        return Repository(os.path.join(self.folder, name), *init)

    def fill(self, r):
        """One key in each place."""
        r.write("README", "start\n")
        r.write(".gitattributes", "*.nodiff -diff\n*.notext -text\n*.bin binary\n*.f filter=x diff=x\n")
        r.commit()
        for suffix in ("py", "nodiff", "notext", "bin", "f"):
            r.write(f"file.{suffix}", f"k = '{r.key('blob ' + suffix)}'\n")
        r.write("utf16.txt", f"k = '{r.key('UTF-16')}'\r\n".encode("utf-16"))
        r.write("nul.dat", b"\0\1\2" + r.key("binary blob").encode() + b"\0")
        os.symlink("to-" + r.key("symlink target"), r.path / "link")
        r.write("in-" + r.key("file name") + ".txt", "x\n")
        r.write(".gitmodules", '[submodule "s"]\n\tpath = s\n\turl = https://x:'
                + r.key("submodule URL") + "@example.org/s.git\n")
        r.commit("places\n\n" + r.key("commit message"))
        r.git("-c", "filter.x.clean=cat", "rm", "-q", "file.py")
        r.git("commit", "-qm", "gone from HEAD")
        r.git("commit", "-q", "--allow-empty", "-m", "who", "--author=" + r.key("author") + " <a@example.org>",
              names={"GIT_COMMITTER_EMAIL": r.key("committer") + "@example.org"})
        r.git("tag", "-am", r.key("tag message"), "v1")
        r.git("notes", "add", "-m", r.key("note"))
        r.git("branch", "b-" + r.key("ref name"))
        r.git("remote", "add", "up", "https://u:" + r.key("remote URL") + "@example.org/r.git")
        # An evil merge: what neither side has.
        r.git("checkout", "-qb", "side", "HEAD~1")
        r.write("side", "side\n")
        r.commit()
        r.git("checkout", "-q", "main")
        r.git("merge", "-q", "--no-commit", "--no-ff", "side")
        r.write("side", f"side\n{r.key('evil merge')}\n")
        r.commit("merge")
        # A stash of three parts.
        r.write("README", f"start\n{r.key('stash index')}\n")
        r.git("add", "README")
        r.write("README", f"start\n{r.key('stash work tree')}\n")
        r.write("untracked", r.key("stash untracked") + "\n")
        r.git("stash", "push", "-q", "-u")
        # Only the reflog knows it; then nothing at all does.
        r.write("amended", r.key("reflog only") + "\n")
        r.commit()
        r.git("reset", "-q", "--hard", "HEAD~1")
        r.git("hash-object", "-w", "--stdin", data=(r.key("unreachable blob") + "\n").encode())
        # A linked worktree's commit and index.
        r.git("worktree", "add", "-q", "--detach", "../" + r.path.name + "-linked")
        linked = r.path.parent / (r.path.name + "-linked")
        (linked / "wt").write_text(r.key("linked worktree's index") + "\n")
        r.git("add", "wt", at=linked)
        # What only a submodule's own store has, two levels down.
        inner, outer = (Repository(r.path.parent / (r.path.name + name), *r.init) for name in ("-inner", "-outer"))
        for each, place in ((inner, "submodule's submodule"), (outer, "submodule")):
            each.write("gone", r.key(place) + "\n")
            each.commit()
            each.git("rm", "-q", "gone")
            if each is outer:
                each.git("submodule", "--quiet", "add", str(inner.path), "in/ner")
            each.write("here", "here\n")
            each.commit()
        r.git("submodule", "--quiet", "add", "--name", "a/b", str(outer.path), "sub")
        r.git("submodule", "--quiet", "update", "--init", "--recursive")
        r.git("reset", "-q", "--hard")
        # An LFS body, and what is staged.
        body = r.path / ".git/lfs/objects/ab/cd/abcd"
        body.parent.mkdir(parents=True)
        body.write_text(r.key("LFS body") + "\n")
        r.write("staged", r.key("staged") + "\n")
        r.git("add", "staged")
        for name, value in HOSTILE.items():
            r.git("config", name, value)

    def check(self, r, found, but=()):
        seen = {one["secret"] for one in found} | {
            key for key in r.keys for one in found if key in json.dumps(one)}
        missing = {place for key, place in r.keys.items() if key not in seen} - set(but)
        self.assertEqual(missing, set())

    def test_every_place(self):
        for form in ("sha1", "sha256"):
            r = self.repository(form, f"--object-format={form}")
            self.fill(r)
            for name, pack in (("loose", None), ("packed", ["repack", "-Adfq"]),
                               ("collected", ["-c", "gc.reflogExpire=never", "gc", "-q", "--aggressive",
                                              "--prune=never"])):
                with self.subTest(f"{form} {name}"):
                    if pack:
                        r.git(*pack)
                    code, found, errors = scan(r.path, "--history")
                    self.assertEqual(code, 1, errors)
                    self.check(r, found)

    def test_a_config_of_the_user_changes_nothing(self):
        r = self.repository()
        self.fill(r)
        home = pathlib.Path(self.folder, "home")
        home.mkdir()
        (home / ".gitconfig").write_text("".join(
            "[{}]\n\t{} = {}\n".format(*key.rsplit(".", 1), value) if key.count(".") == 1 else ""
            for key, value in HOSTILE.items()))
        code, found, _ = scan(r.path, "--history", environment={"HOME": str(home), "GIT_PAGER": "false",
                                                               "GIT_EXTERNAL_DIFF": "false"})
        self.assertEqual(code, 1)
        self.check(r, found)

    def test_a_reader_that_goes_and_a_full_disk_are_told(self):
        r = self.repository()
        r.write("a.py", "".join(f"k{i} = '{r.key(i)}'\n" for i in range(300)))
        r.commit()
        words = [STANCH, "scan", "--no-cache", "--format", "jsonl", "--history", str(r.path)]
        with open("/dev/full", "wb") as full:
            done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"part", done.stderr)
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run(words, stdout=writing, stderr=subprocess.PIPE)
        os.close(writing)
        self.assertEqual(done.returncode, 3)
        self.assertIn(b"part", done.stderr)

    def test_clones_of_every_kind(self):
        r = self.repository()
        self.fill(r)
        for index, how in enumerate((["--bare"], ["--mirror"], ["--shared"], [])):
            into = os.path.join(self.folder, f"clone{index}")
            r.git("clone", "-q", *how, str(r.path), into)
            code, found, errors = scan(into, "--history")
            self.assertEqual(code, 1, errors)
            places = {r.keys.get(one["secret"]) for one in found}
            self.assertLessEqual({"blob nodiff", "evil merge", "commit message", "tag message"}, places)

    def test_incomplete_is_never_clean(self):
        r = self.repository()
        for i in range(5):
            r.write(f"f{i}", f"text {i}\n" * 50)
            r.commit()
        r.git("config", "uploadpack.allowFilter", "true")
        code, _, errors = scan(r.path, "--history")
        self.assertEqual((code, errors.count("missing")), (0, 0))
        url = "file://" + str(r.path)
        r.git("clone", "-q", "--depth=1", url, "../shallow")
        r.git("clone", "-q", "--filter=blob:none", "--no-checkout", url, "../partial")
        r.git("clone", "-q", "--shared", str(r.path), "../shared")
        for name in ("shallow", "partial"):
            code, _, errors = scan(pathlib.Path(self.folder, name), "--history")
            self.assertEqual(code, 3, name)
            self.assertIn("git fetch" if name == "shallow" else "missing", errors)
        code, _, errors = scan(pathlib.Path(self.folder, "shallow"), "--range", "HEAD~1..HEAD")
        self.assertNotEqual(code, 0)
        blob = r.git("rev-parse", "HEAD:f1")
        os.remove(r.path / ".git/objects" / blob[:2] / blob[2:])
        code, _, errors = scan(r.path, "--history")
        self.assertEqual(code, 3)
        self.assertIn(blob, errors)
        shutil.rmtree(r.path)
        self.assertEqual(scan(pathlib.Path(self.folder, "shared"), "--history")[0], 3)

    def test_what_is_found_has_a_place(self):
        r = self.repository()
        r.write("a/b/one.py", "x = 1\n")
        r.commit("first")
        key = r.key("x")
        r.write("a/b/one.py", f"x = 1\n\nk = '{key}'\n")
        r.commit("second")
        second = r.git("rev-parse", "HEAD")
        r.git("tag", "v1")
        r.git("mv", "a", "c")
        r.commit("moved")
        r.write("c/b/one.py", "x = 1\n")
        r.commit("gone")
        _, found, _ = scan(r.path, "--history")
        first, moved = found
        self.assertEqual((first["path"], first["line"], first["column"], first["commit"], first["author"],
                          first["in_head"]), ("a/b/one.py", 3, 6, second, "Ada", False))
        self.assertEqual(first["object"], r.git("rev-parse", "v1:a/b/one.py"))
        self.assertEqual((moved["path"], moved["fingerprint"]), ("c/b/one.py", first["fingerprint"]))
        _, again, _ = scan(r.path, "--history", "-j", "1")
        self.assertEqual(again, found)


class Staged(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="stanch-staged-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.r = Repository(os.path.join(self.folder, "r"))

    def staged(self):
        before = self.state()
        code, found, errors = scan(self.r.path, "--staged")
        self.assertEqual(self.state(), before, "something was written")
        return code, [one["secret"] for one in found], errors

    def state(self):
        return sorted((str(file), file.stat().st_mtime_ns, file.stat().st_size)
                      for file in self.r.path.rglob("*") if file.is_file())

    def test_the_index_and_nothing_else(self):
        r = self.r
        old, new, work = r.key("old"), r.key("new"), r.key("work tree")
        r.write("a", f"k = '{old}'\n")
        r.commit()
        self.assertEqual(self.staged()[:2], (0, []))
        r.write("a", f"# moved\nk = '{old}'\n")
        r.git("add", "a")
        self.assertEqual(self.staged()[:2], (0, []))
        r.write("a", f"# moved\nk = '{old}'\nl = '{new}'\n")
        r.git("add", "a")
        r.write("a", f"k = '{work}'\n")
        self.assertEqual(self.staged()[:2], (1, [new]))

    def test_before_the_first_commit_without_any_identity(self):
        key = self.r.key("first")
        self.r.write("deep/er/file", key)
        self.r.git("add", "-A")
        self.assertEqual(self.staged()[:2], (1, [key]))

    def test_names_links_modes_and_intent_to_add(self):
        r = self.r
        r.write("script", "echo\n")
        r.commit()
        os.chmod(r.path / "script", 0o755)
        name, target, intended = r.key("name"), r.key("target"), r.key("intended")
        r.write("in-" + name, "x")
        os.symlink(target, r.path / "link")
        r.git("add", "-A")
        r.write("will-" + intended, "later")
        r.git("add", "-N", "will-" + intended)
        code, found, _ = self.staged()
        self.assertEqual((code, set(found)), (1, {name, target, intended}))

    def test_a_conflict_and_a_damaged_index(self):
        r = self.r
        r.write("a", "base\n")
        r.commit()
        r.git("checkout", "-qb", "side")
        key = r.key("theirs")
        r.write("a", key + "\n")
        r.commit()
        r.git("checkout", "-q", "main")
        r.write("a", "ours\n")
        r.commit()
        with self.assertRaises(AssertionError):
            r.git("merge", "-q", "side")
        self.assertEqual(self.staged()[:2], (1, [key]))
        index = r.path / ".git/index"
        content = bytearray(index.read_bytes())
        content[60] ^= 1
        index.write_bytes(content)
        self.assertNotIn(self.staged()[0], (0, 1))


class Range(unittest.TestCase):
    def test_exactly_what_it_adds(self):
        with tempfile.TemporaryDirectory(prefix="stanch-range-") as folder:
            r = Repository(os.path.join(folder, "r"))
            before, on_main, added, evil, message = (r.key(x) for x in "abcde")
            r.write("old", before)
            r.commit()
            r.git("checkout", "-qb", "topic")
            r.write("topic", added)
            r.commit("topic\n\n" + message)
            r.write("topic", "taken back\n")
            r.commit()
            r.git("checkout", "-q", "main")
            r.write("main", on_main)
            r.commit()
            r.git("checkout", "-q", "topic")
            r.git("merge", "-q", "--no-commit", "main")
            r.write("merged", evil)
            r.commit("merge")
            _, found, errors = scan(r.path, "--range", "main..topic")
            self.assertEqual({one["secret"] for one in found}, {added, evil, message}, errors)
            self.assertEqual([one["in_head"] for one in found if one["secret"] == evil], [True])
            _, found, _ = scan(r.path, "--range", "0" * 40 + "..topic")
            self.assertEqual({one["secret"] for one in found}, {before, on_main, added, evil, message})
            self.assertEqual(scan(r.path, "--range", "topic..main")[0], 0)
            self.assertEqual(scan(r.path, "--range", "nowhere..main")[0], 2)
            _, found, _ = scan(r.path, "--since", f"@{r.clock - 1}")
            self.assertEqual({one["secret"] for one in found}, {evil})

    def test_messages_and_names_do_not_leak(self):
        with tempfile.TemporaryDirectory(prefix="stanch-message-") as folder:
            r = Repository(os.path.join(folder, "r"))
            in_file, message, branch = (r.key(x) for x in "abc")
            r.write("a", in_file)
            r.commit("change\n\nkey " + message)
            r.git("branch", "b-" + branch)
            for form in ("jsonl", "json", "sarif", "csv", "gitlab", "gitleaks", "human", "junit", "html"):
                for flags in (("--history",), ("--range", "0" * 40 + "..main")):
                    done = subprocess.run([STANCH, "scan", *flags, "--no-cache", "--format", form, str(r.path)],
                                          capture_output=True)
                    with self.subTest(f"{form} {flags}"):
                        self.assertEqual([key for key in r.keys if key.encode() in done.stdout], [])

    def test_which_refs_hold_it(self):
        with tempfile.TemporaryDirectory(prefix="stanch-refs-") as folder:
            r = Repository(os.path.join(folder, "r"))
            r.write("a", r.key("a"))
            r.commit("the subject")
            r.git("tag", "v1")
            for i in range(30):
                r.git("branch", f"b{i:02}")
            r.write("a", "gone")
            r.commit()
            one = scan(r.path, "--history")[1][0]
            self.assertEqual((one["message"], one["refs"][:2], len(one["refs"]) + one["more_refs"], one["in_head"]),
                             ("the subject", ["b00", "b01"], 32, False))

    def test_tags_that_lead_to_its_commits(self):
        with tempfile.TemporaryDirectory(prefix="stanch-range-") as folder:
            r = Repository(os.path.join(folder, "r"))
            for name in "abc":
                r.write(name, "x")
                r.commit()
            old, new, outer = (r.key(x) for x in "abc")
            r.git("tag", "-am", old, "old", "HEAD~2")
            r.git("tag", "-am", new, "new", "HEAD~")
            r.git("tag", "-am", outer, "outer", "new")
            r.git("tag", "-am", "nothing", "blob", "HEAD:a")
            code, found, errors = scan(r.path, "--range", "old..")
            self.assertEqual((code, {one["secret"] for one in found}), (1, {new, outer}), errors)
            place = next(one for one in found if one["secret"] == new)
            self.assertEqual((place["path"], place["commit"], place["note"]),
                             ("tag message", r.git("rev-parse", "HEAD~"), "tag"))
            self.assertEqual(scan(r.path, "--range", "new..")[0], 0)
            self.assertEqual({one["secret"] for one in scan(r.path, "--since", f"@{r.clock - 130}")[1]}, {outer})


if __name__ == "__main__":
    unittest.main()
