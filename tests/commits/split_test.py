"""What `stanch split` promises: the last tree, the old state, and a crash at any point."""
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from support.split_repository import ENVIRONMENT, STANCH, Repository


def before(repository):
    lines = "".join(f"line {i}\n" for i in range(60))
    repository.write("plain.txt", lines)
    repository.write("windows.txt", lines.replace("\n", "\r\n"))
    repository.write("no_newline.txt", lines[:-1])
    repository.write("gains_newline.txt", lines[:-1])
    repository.write("mode.sh", "#!/bin/sh\n" + lines)
    repository.write("becomes_link", "text\n")
    repository.write("old name.py", lines)
    repository.write("gone.py", "x = 1\n")
    repository.write("file_then_folder", "x\n")
    repository.write("folder/then_file", "x\n")
    repository.write("image.bin", bytes(range(256)))
    repository.write("só/ünï.txt", lines)
    repository.write("pointer.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n")
    repository.git("update-index", "--add", "--cacheinfo", "160000," + "1" * 40 + ",module")
    (repository.path / "module").mkdir()
    repository.git("add", "--all", ":!module")
    repository.git("commit", "-q", "-m", "Begin")


def change(repository):
    edit = lambda text, nl: nl.join(["first", *[x + "!" if i in (5, 20, 40) else x for i, x in
                                                enumerate(text.split(nl)) if i != 30], ])
    for path, nl in (("plain.txt", "\n"), ("windows.txt", "\r\n"), ("no_newline.txt", "\n"), ("mode.sh", "\n"),
                     ("só/ünï.txt", "\n")):
        data = (repository.path / path).read_bytes().decode()
        repository.write(path, edit(data, nl))
    repository.write("no_newline.txt", (repository.path / "no_newline.txt").read_bytes() + b"\nmore\nstill none")
    repository.write("gains_newline.txt", (repository.path / "gains_newline.txt").read_bytes() + b"\n")
    (repository.path / "mode.sh").chmod(0o755)
    (repository.path / "becomes_link").unlink()
    (repository.path / "becomes_link").symlink_to("plain.txt")
    (repository.path / "old name.py").rename(repository.path / "new name.py")
    (repository.path / "gone.py").unlink()
    (repository.path / "file_then_folder").unlink()
    repository.write("file_then_folder/inner", "y\n")
    shutil.rmtree(repository.path / "folder")
    repository.write("folder", "z\n")
    repository.write("image.bin", bytes(range(255, -1, -1)))
    repository.write("empty", "")
    repository.write("pointer.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:11\nsize 2\n")
    repository.write("new.py", "def f():\n    return 1\n")


class SplitTest(unittest.TestCase):
    def setUp(self):
        self.repository = Repository()
        self.addCleanup(self.repository.close)
        before(self.repository)
        change(self.repository)

    def stage(self):
        self.repository.git("add", "--all", ":!module")
        self.repository.git("update-index", "--add", "--cacheinfo", "160000," + "2" * 40 + ",module")

    def check_history(self, old, target):
        repository = self.repository
        self.assertEqual(repository.git("rev-parse", "HEAD^{tree}"), target)
        commits = repository.git("rev-list", "--reverse", f"{old}..HEAD").split()
        trees = [repository.git("rev-parse", f"{c}^{{tree}}") for c in (old, *commits)]
        self.assertEqual(len(set(trees)), len(trees), "a part changes nothing")
        repository.git("fsck", "--strict")
        return commits

    def test_staged_at_random(self):
        self.stage()
        repository = self.repository
        old, target = repository.git("rev-parse", "HEAD"), repository.git("write-tree")
        for seed in range(12):
            begin = repository.state()
            repository.stanch("split", "--edit", seed=seed)
            after = repository.state()
            self.check_history(old, target)
            self.assertEqual(begin["index"], after["index"])
            self.assertEqual(begin["files"], after["files"])
            repository.stanch("split", "--undo")
            self.assertEqual(begin, repository.state())

    def test_work_tree_at_random(self):
        repository = self.repository
        repository.git("reset", "-q")
        old = repository.git("rev-parse", "HEAD")
        for seed in range(6):
            begin = repository.state()
            repository.stanch("split", "--work-tree", "--edit", seed=seed)
            self.assertEqual(begin["files"], repository.state()["files"])
            self.check_history(old, repository.git("write-tree"))
            self.assertEqual("", repository.git("status", "--porcelain", "--", ":!module"))
            repository.stanch("split", "--undo")
            self.assertEqual(begin, repository.state())

    def test_commit_below_others(self):
        repository = self.repository
        self.stage()
        env = {"GIT_AUTHOR_DATE": "1700000000 +0130", "GIT_COMMITTER_DATE": "1700000100 -0500"}
        subprocess.run(["git", "commit", "-q", "-m", "All at once\n\nWhy.\n\nSigned-off-by: A <a@example.com>"],
                       cwd=repository.path, env={**ENVIRONMENT, **env}, check=True)
        middle, old = repository.git("rev-parse", "HEAD"), repository.git("rev-parse", "HEAD^")
        repository.write("later.txt", "later\n")
        repository.git("add", "later.txt")
        repository.git("commit", "-q", "-m", "Later")
        tree = repository.git("rev-parse", "HEAD^{tree}")
        begin = repository.state()
        repository.stanch("split", "--commit", "HEAD^", "--edit", seed=3)
        self.assertEqual(repository.git("rev-parse", "HEAD^{tree}"), tree)
        self.assertEqual(repository.git("log", "-1", "--format=%s"), "Later")
        self.assertEqual(repository.git("rev-parse", "HEAD^^{tree}"), repository.git("rev-parse", f"{middle}^{{tree}}"))
        for commit in repository.git("rev-list", f"{old}..HEAD^").split():
            self.assertEqual(repository.git("log", "-1", "--date=raw", "--format=%an %ad %cn %cd", commit),
                             "A 1700000000 +0130 C 1700000100 -0500")
            self.assertIn("Signed-off-by: A", repository.git("log", "-1", "--format=%B", commit))
        repository.stanch("split", "--undo")
        self.assertEqual(begin, repository.state())

    def test_plan_changes_nothing(self):
        repository = self.repository
        repository.git("reset", "-q")
        begin, objects = repository.state(), repository.git("count-objects")
        plan = json.loads(repository.stanch("split", "--plan", "--format", "json").stdout)
        self.assertEqual(begin, repository.state())
        self.assertEqual(objects, repository.git("count-objects"))
        names = {(h["path"], h["old_start"], h["old_lines"], h["new_start"], h["new_lines"])
                 for part in plan["parts"] for h in part["hunks"]}
        self.assertIn(("plain.txt", 0, 0, 1, 1), {(a, b, c, d, e) for a, b, c, d, e in names})

    def test_killed_at_every_reference_update(self):
        """A reference-transaction hook kills the whole process group at the n-th call."""
        repository = self.repository
        repository.git("reset", "-q")
        hook = repository.path / ".git/hooks/reference-transaction"
        counter = repository.path / ".git/counter"
        old = repository.git("rev-parse", "HEAD")
        files = repository.state()["files"]
        for kind in ("split", "undo"):
            for at in range(1, 30):
                if hook.exists():
                    hook.unlink()
                if kind == "undo":
                    repository.stanch("split", "--work-tree", "--edit", seed=at)
                begin, tip = repository.state(), repository.git("rev-parse", "HEAD")
                counter.write_text("0")
                hook.write_text(f'#!/bin/sh\nn=$(($(cat "{counter}") + 1))\necho $n >"{counter}"\n'
                                f'[ $n -lt {at} ] || kill -9 0\n')
                hook.chmod(0o755)
                words = ["split", "--undo"] if kind == "undo" else ["split", "--work-tree", "--edit"]
                done = subprocess.run([STANCH, *words], cwd=repository.path, start_new_session=True,
                                      env={**ENVIRONMENT, "STANCH_SEED": str(at)}, capture_output=True, check=False)
                hook.unlink()
                self.clear_ref_locks()
                self.assertEqual(files, repository.state()["files"])
                head = repository.git("rev-parse", "HEAD")
                repository.git("fsck", "--strict")
                # The next call, whatever it is, ends what was interrupted.
                repository.stanch("split", "--plan", code=None)
                self.assertFalse((repository.path / ".git/index.lock").exists())
                if head == tip:
                    self.assertEqual(begin["index"], repository.state()["index"], f"{kind} {at}")
                else:
                    self.assertEqual(repository.git("rev-parse", f"{head}^{{tree}}"), repository.git("write-tree"))
                if repository.git("rev-parse", "HEAD") != old:
                    repository.stanch("split", "--undo")
                self.assertEqual(old, repository.git("rev-parse", "HEAD"))
                self.assertEqual("", repository.git("for-each-ref", "refs/stanch/backup/**/index") if kind == "undo"
                                 and done.returncode == 0 else "")
                if done.returncode == 0:
                    break
            else:
                self.fail("the hook never let it through")

    def kill_at(self, at, *words):
        """runs it with a reference-transaction hook that kills the whole process group at the n-th call"""
        hook, counter = self.repository.path / ".git/hooks/reference-transaction", self.repository.path / ".git/counter"
        counter.write_text("0")
        hook.write_text(f'#!/bin/sh\nn=$(($(cat "{counter}") + 1))\necho $n >"{counter}"\n[ $n -lt {at} ] || kill -9 0\n')
        hook.chmod(0o755)
        done = subprocess.run([STANCH, *words], cwd=self.repository.path, start_new_session=True, capture_output=True,
                              env={**ENVIRONMENT, "STANCH_SEED": str(at)}, check=False)
        hook.unlink()
        self.clear_ref_locks()
        return done.returncode

    def check_after_a_kill(self, begin, before, tree):
        """all is as it was, or as planned; the next call clears up, and undo brings the old state back"""
        repository = self.repository
        repository.git("fsck", "--strict")
        repository.stanch("split", "--plan", code=None)
        self.assertFalse((repository.path / ".git/index.lock").exists())
        now = repository.state()
        self.assertEqual(begin["files"], now["files"])
        self.assertEqual(begin["index"], now["index"])
        if repository.git("rev-parse", "HEAD") == before:
            self.assertEqual(begin, now)
            return
        self.assertEqual(tree, repository.git("rev-parse", "HEAD^{tree}"))
        repository.stanch("split", "--undo")
        self.assertEqual(begin, repository.state())

    def test_killed_at_every_reference_update_of_a_staged_change_and_a_commit(self):
        repository = self.repository
        self.stage()
        tree = repository.git("write-tree")
        for words in (["--staged"], ["--commit", "HEAD"]):
            if words[0] == "--commit":
                repository.git("commit", "-q", "-m", "All at once")
            begin, before = repository.state(), repository.git("rev-parse", "HEAD")
            for at in range(1, 30):
                code = self.kill_at(at, "split", *words, "--edit")
                self.check_after_a_kill(begin, before, tree)
                if code == 0:
                    break
            else:
                self.fail("the hook never let it through")

    def test_killed_at_any_time(self):
        repository = self.repository
        self.stage()
        tree, begin, before = repository.git("write-tree"), repository.state(), repository.git("rev-parse", "HEAD")
        started = time.monotonic()
        repository.stanch("split", "--staged", "--edit", seed=5)
        whole = time.monotonic() - started
        repository.stanch("split", "--undo")
        for step in range(12):
            process = subprocess.Popen([STANCH, "split", "--staged", "--edit"], cwd=repository.path,
                                       env={**ENVIRONMENT, "STANCH_SEED": "5"}, start_new_session=True,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(whole * (step + 0.5) / 12)
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
            self.clear_ref_locks()
            self.check_after_a_kill(begin, before, tree)

    def clear_ref_locks(self):
        """Git's own locks of the killed process: what Git tells a person to remove."""
        for lock in (self.repository.path / ".git").rglob("*.lock"):
            if lock != self.repository.path / ".git/index.lock":
                lock.unlink()

    def test_hooks_and_check(self):
        repository = self.repository
        self.stage()
        old, target = repository.git("rev-parse", "HEAD"), repository.git("write-tree")
        log = repository.path / ".git/log"
        for name, body in (("pre-commit", f'git rev-parse HEAD >>"{log}"'), ("commit-msg", 'echo "Seen: yes" >>"$1"')):
            hook = repository.path / ".git/hooks" / name
            hook.write_text("#!/bin/sh\n" + body + "\n")
            hook.chmod(0o755)
        repository.stanch("split", "--edit", seed=1)
        commits = self.check_history(old, target)
        self.assertEqual(len(log.read_text().split()), len(commits))
        for commit in commits:
            self.assertIn("Seen: yes", repository.git("log", "-1", "--format=%B", commit))
        self.assertEqual(repository.git("worktree", "list").count("\n"), 0)
        repository.stanch("split", "--undo")
        done = repository.stanch("split", "--edit", "--no-verify", "--check", "test -e new.py", seed=2)
        for commit in self.check_history(old, target):
            repository.git("cat-file", "-e", f"{commit}:new.py")
        self.assertIn(b"fails the check alone", done.stderr)

    def test_a_hook_that_refuses_stops_everything(self):
        repository = self.repository
        self.stage()
        hook = repository.path / ".git/hooks/pre-commit"
        hook.write_text("#!/bin/sh\necho no, thanks >&2\nexit 1\n")
        hook.chmod(0o755)
        begin = repository.state()
        done = repository.stanch("split", "--edit", code=1)
        self.assertIn(b"no, thanks", done.stderr)
        self.assertEqual(begin, repository.state())

    def test_signed(self):
        if not shutil.which("ssh-keygen"):
            self.fail("ssh-keygen is missing: install openssh-client")
        repository = self.repository
        self.stage()
        key = repository.path / ".git/key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        for name, value in (("gpg.format", "ssh"), ("user.signingkey", str(key)), ("commit.gpgsign", "true")):
            repository.git("config", name, value)
        repository.stanch("split", "--edit", seed=4)
        for commit in repository.git("rev-list", "HEAD^..HEAD").split():
            self.assertIn("gpgsig", repository.git("cat-file", "commit", commit))

    def test_a_partial_clone_fetches_nothing(self):
        repository = self.repository
        repository.git("config", "uploadpack.allowFilter", "true")
        for number in range(3):
            repository.write("plain.txt", f"{number}\n" + "".join(f"line {i}\n" for i in range(60)))
            repository.git("commit", "-q", "-m", f"Change {number}", "plain.txt")
        clone = Repository()
        self.addCleanup(clone.close)
        shutil.rmtree(clone.path)
        subprocess.run(["git", "clone", "-q", "--filter=blob:none", f"file://{repository.path}", clone.path], check=True,
                       env=ENVIRONMENT, capture_output=True)
        clone.git("config", "remote.origin.url", f"ext::touch {clone.path}/fetched")
        clone.git("config", "protocol.ext.allow", "always")
        for name in ("plain.txt", "gone.py"):
            clone.write(name, "changed\n" + (clone.path / name).read_text())
        clone.git("add", "-A")
        plan = json.loads(clone.stanch("split", "--staged", "--plan", "--format", "json").stdout)
        self.assertEqual(2, sum(len(part["hunks"]) for part in plan["parts"]))
        self.assertFalse((clone.path / "fetched").exists())

    def test_first_commit(self):
        repository = Repository()
        self.addCleanup(repository.close)
        repository.write("a.py", "import os\n")
        repository.write("b.py", "x = 1\n")
        repository.git("add", "-A")
        tree = repository.git("write-tree")
        repository.stanch("split", "--edit", seed=random.randrange(99))
        self.assertEqual(repository.git("rev-parse", "HEAD^{tree}"), tree)
        repository.stanch("split", "--undo")
        self.assertEqual("", repository.git("rev-parse", "--verify", "-q", "HEAD", check=False))


if __name__ == "__main__":
    unittest.main()
