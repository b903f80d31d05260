"""stanch's hooks beside those of others: a hook that was there, core.hooksPath, worktrees, husky, lefthook, the
pre-commit framework; and every way in which a hook stops working, as `hook doctor` sees it."""
import os
import pathlib
import random
import shutil
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["STANCH_SOURCE"])
NODE = SOURCE / "build" / "node" / "node_modules" / ".bin"


class Repository(unittest.TestCase):
    def setUp(self):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="stanch-hooks-"))
        self.addCleanup(shutil.rmtree, self.top)
        self.program = self.top / "bin" / "stanch"
        self.program.parent.mkdir()
        shutil.copy(os.environ["STANCH"], self.program)
        (self.top / "home").mkdir()
        self.env = {"PATH": f"{self.program.parent}:{NODE}:{SOURCE}/build/venv/bin:/usr/bin:/bin",
                    "HOME": str(self.top / "home"), "LC_ALL": "C.UTF-8",
                    "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com",
                    "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.com"}
        self.repo = self.top / "repo"
        self.git("init", "-q", str(self.repo), cwd=self.top)

    def run_in(self, *words, cwd=None, code=0, **env):
        done = subprocess.run(words, cwd=cwd or self.repo, env=self.env | env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.code = done.returncode
        if code is not None:
            self.assertEqual(done.returncode, code, done.stdout)
        return done.stdout

    def git(self, *words, **options):
        return self.run_in("git", *words, **options)

    def stanch(self, *words, **options):
        return self.run_in(str(self.program), *words, **options)

    def doctor(self, *words, **options):
        """{hook: health}"""
        out = self.stanch("hook", "doctor", *words, code=None, **options)
        return {line.split()[0]: line.split()[1].rstrip(":") for line in out.splitlines() if not line.startswith(" ")}

    def script(self, path, body):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#!/bin/sh\n" + body + "\n")
        path.chmod(0o755)

    def leak(self, name):
        """a staged secret, made here"""
        key = "AK" + "IA" + "".join(random.Random(3).choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=16))
        password = "".join(random.Random(4).choices("abcdefghijkmnpqrstuvwxyz23456789", k=32))
        (self.repo / name).write_text(f"aws_access_key_id = {key}\ndb = 'postgres://app:{password}@db.internal/app'\n")
        self.git("add", name)

    def commit(self, name="a.txt", text="hello\n", **options):
        (self.repo / name).write_text(text)
        self.git("add", name)
        return self.git("commit", "-q", "-m", f"Add {name}", **options)


class Installed(Repository):
    def test_an_earlier_hook_runs_first_and_comes_back(self):
        hook = self.repo / ".git/hooks/pre-commit"
        self.script(hook, "echo earlier ran; [ ! -e ../refuse ]")
        self.stanch("hook", "install")
        self.assertIn("earlier ran", self.commit())
        (self.top / "refuse").touch()
        self.commit("b.txt", code=1)
        self.assertIn("nothing to do", self.stanch("hook", "install"))
        self.stanch("hook", "uninstall")
        self.assertIn("earlier ran", hook.read_text())
        self.assertFalse((self.repo / ".git/hooks/commit-msg").exists())

    def test_an_earlier_hook_has_its_arguments_and_its_input(self):
        self.commit()
        self.script(self.repo / ".git/hooks/pre-push", 'echo "to $1"; sed "s/^/ref /"')
        self.script(self.repo / ".git/hooks/commit-msg", 'sed "s/^/message /" "$1"')
        self.stanch("hook", "install")
        bare = self.top / "bare.git"
        self.git("init", "-q", "--bare", str(bare))
        self.assertIn("message Add b.txt", self.commit("b.txt"))
        out = self.git("push", "-q", str(bare), "HEAD:refs/heads/x", "HEAD:refs/heads/y")
        self.assertIn(f"to {bare}", out)
        self.assertEqual(out.count("ref HEAD "), 2)

    def test_an_earlier_hook_that_git_ignored_stays_ignored_and_comes_back_as_it_was(self):
        hook = self.repo / ".git/hooks/pre-commit"
        self.script(hook, "echo never; exit 1")
        hook.chmod(0o644)
        self.assertIn("it does not run, as before", self.stanch("hook", "install"))
        self.assertNotIn("never", self.commit())
        self.stanch("hook", "uninstall")
        self.assertEqual(hook.stat().st_mode & 0o777, 0o644)
        self.assertIn("never", hook.read_text())

    def test_links_are_kept_those_to_nowhere_too(self):
        hooks = self.repo / ".git/hooks"
        self.script(self.repo / "tools/check.sh", "echo linked")
        for name, target in (("pre-commit", "../../tools/check.sh"), ("commit-msg", "../../gone")):
            (hooks / name).symlink_to(target)
        self.stanch("hook", "install")
        self.assertIn("linked", self.commit())
        self.stanch("hook", "uninstall")
        for name, target in (("pre-commit", "../../tools/check.sh"), ("commit-msg", "../../gone")):
            self.assertEqual(os.readlink(hooks / name), target)

    def test_uninstall_leaves_the_folder_as_it_was(self):
        hooks = self.repo / ".git/hooks"
        self.script(hooks / "pre-push", "exit 0")
        before = {path.name: (path.read_bytes(), path.stat().st_mode) for path in hooks.iterdir()}
        config = (self.repo / ".git/config").read_text()
        self.stanch("hook", "install")
        self.stanch("hook", "uninstall")
        self.assertEqual({path.name: (path.read_bytes(), path.stat().st_mode) for path in hooks.iterdir()}, before)
        self.assertEqual((self.repo / ".git/config").read_text(), config)

    def test_core_hooks_path_is_honoured(self):
        self.git("config", "core.hooksPath", "team/hooks")
        self.stanch("hook", "install")
        script = (self.repo / "team/hooks/pre-commit").read_text()
        self.assertNotIn(str(self.top), script, "a shared hook names no path of this machine")
        self.assertEqual(set(self.doctor().values()), {"works"})

    def test_global_hooks_pass_on_to_the_repositorys_own(self):
        self.script(self.repo / ".git/hooks/prepare-commit-msg", "echo own ran")
        self.script(self.repo / ".git/hooks/pre-commit", "echo own pre-commit ran")
        self.stanch("hook", "install", "--global")
        out = self.commit()
        self.assertIn("own ran", out)
        self.assertIn("own pre-commit ran", out)
        self.stanch("hook", "uninstall", "--global")
        self.assertEqual(self.git("config", "--global", "--get", "core.hooksPath", code=1), "")

    def test_global_hooks_of_a_linked_worktree_pass_on_too(self):
        self.commit()
        self.script(self.repo / ".git/hooks/pre-commit", "echo own pre-commit ran")
        self.script(self.repo / ".git/hooks/reference-transaction", "echo transaction $1")
        self.stanch("hook", "install", "--global")
        self.git("worktree", "add", "-q", "../other")
        self.repo = self.top / "other"
        out = self.commit("b.txt")
        self.assertIn("own pre-commit ran", out)
        self.assertIn("transaction committed", out)

    def test_a_global_folder_of_ones_own_stays(self):
        mine = self.top / "home/mine"
        self.script(mine / "pre-commit", "echo mine ran")
        self.git("config", "--global", "core.hooksPath", "~/mine")
        self.stanch("hook", "install", "--global")
        self.assertEqual(set(self.doctor("--global").values()), {"works"})
        self.assertIn("mine ran", self.commit())
        self.leak("leak.py")
        self.git("commit", "-q", "-m", "x", code=1)
        self.git("reset", "-q")
        self.stanch("hook", "uninstall", "--global")
        self.assertEqual(self.git("config", "--global", "--get", "core.hooksPath").strip(), "~/mine")
        self.assertEqual([path.name for path in mine.iterdir()], ["pre-commit"])
        self.assertIn("mine ran", self.commit("b.txt"))

    def test_one_repository_among_global_hooks(self):
        self.script(self.repo / ".git/hooks/pre-commit", "echo own pre-commit ran")
        self.stanch("hook", "install", "--global")
        self.assertIn("--global", self.stanch("hook", "install"))
        self.assertIn("own pre-commit ran", self.commit())
        self.assertIn("hook uninstall --global", self.stanch("hook", "uninstall"))
        self.assertEqual(set(self.doctor().values()), {"works"})

    def test_one_repository_where_a_folder_serves_all(self):
        self.script(self.top / "home/mine/pre-commit", "echo mine ran")
        self.git("config", "--global", "core.hooksPath", "~/mine")
        self.assertIn("in every repository", self.stanch("hook", "install"))
        self.assertIn("mine ran", self.commit())

    def test_a_worktree_keeps_the_teams_folder(self):
        self.script(self.repo / "team/hooks/pre-commit", "echo team ran")
        self.script(self.repo / "team/hooks/prepare-commit-msg", "echo team prepared")
        self.git("add", "team")
        self.commit()
        self.git("config", "core.hooksPath", "team/hooks")
        self.git("worktree", "add", "-q", "../other")
        self.repo = self.top / "other"
        self.stanch("hook", "install", "--worktree")
        out = self.commit("b.txt")
        self.assertIn("team ran", out)
        self.assertIn("team prepared", out)
        self.leak("leak.py")
        self.git("commit", "-q", "-m", "x", code=1)
        self.git("reset", "-q")
        self.assertIn("nothing to do", self.stanch("hook", "install", "--worktree"))
        self.stanch("hook", "uninstall", "--worktree")
        self.assertIn("team ran", self.commit("c.txt"))

    def test_one_worktree_only(self):
        self.commit()
        self.git("worktree", "add", "-q", "../other")
        other = self.top / "other"
        self.stanch("hook", "install", "--worktree", cwd=other)
        self.assertEqual(set(self.doctor("--worktree", cwd=other).values()), {"works"})
        self.assertEqual(set(self.doctor(cwd=self.repo).values()), {"missing"})

    def test_a_missing_or_broken_program_refuses(self):
        self.stanch("hook", "install")
        self.commit()
        self.program.rename(self.top / "gone")
        self.assertIn("the program is gone", self.commit("b.txt", code=1))
        self.script(self.program, "exit 139")
        self.assertNotEqual(subprocess.run(["git", "commit", "-qm", "x"], cwd=self.repo, env=self.env).returncode, 0)
        self.program.write_bytes(b"\x7fELF broken")
        self.assertNotEqual(subprocess.run(["git", "commit", "-qm", "x"], cwd=self.repo, env=self.env,
                                           stderr=subprocess.DEVNULL).returncode, 0)

    def test_out_of_memory_refuses(self):
        self.stanch("hook", "install")
        self.leak("a.txt")
        for kilobytes in (12_000, 20_000, 30_000, 40_000, 60_000, 80_000, 120_000):
            with self.subTest(kilobytes=kilobytes):
                limited = f"ulimit -v {kilobytes}; exec git commit -q -m x"
                done = subprocess.run(["sh", "-c", limited], cwd=self.repo, env=self.env, capture_output=True)
                self.assertNotEqual(done.returncode, 0)
        self.assertEqual(self.git("log", "--oneline", "--all", code=None).count("\n"), 0)

    def test_no_space_and_no_home_do_not_open_the_door(self):
        self.stanch("hook", "install")
        self.leak("a.txt")
        for env in ({"HOME": "/dev/null/none"}, {"HOME": ""}, {"XDG_CACHE_HOME": "/dev/null/none"}, {"TMPDIR": "/dev/null/none"}):
            with self.subTest(env):
                self.git("commit", "-q", "-m", "x", code=1, **env)
        full = "ulimit -f 0; exec git commit -q -m x"
        self.assertNotEqual(subprocess.run(["sh", "-c", full], cwd=self.repo, env=self.env, capture_output=True).returncode, 0)


class Doctor(Repository):
    def test_every_way_to_stop_working_is_told(self):
        self.assertEqual(set(self.doctor().values()), {"missing"})
        self.stanch("hook", "install")
        hooks = self.repo / ".git/hooks"
        (hooks / "pre-commit").chmod(0o644)
        (hooks / "commit-msg").write_text((hooks / "commit-msg").read_text().replace("stanch hook 2", "stanch hook 1"))
        self.script(hooks / "pre-push", "exit 0")
        (hooks / "post-commit").unlink()
        told = self.doctor()
        self.assertEqual(told, {"pre-commit": "disabled", "commit-msg": "outdated", "pre-push": "shadowed",
                                "post-commit": "missing", "pre-merge-commit": "works"})
        self.git("config", "core.hooksPath", "elsewhere")
        self.assertEqual(self.doctor()["pre-merge-commit"], "shadowed")

    def test_a_program_that_is_gone_is_broken(self):
        self.stanch("hook", "install")
        moved = self.top / "stanch2"
        self.program.rename(moved)
        out = self.run_in(str(moved), "hook", "doctor", code=1)
        self.assertIn("broken", out)


class Managers(Repository):
    def test_husky(self):
        (self.repo / "package.json").write_text('{"name": "x", "private": true}\n')
        self.run_in("husky")
        self.assertEqual(self.git("config", "core.hooksPath").strip(), ".husky/_")
        self.stanch("hook", "install")
        self.assertIn("stanch hook run pre-commit", (self.repo / ".husky/pre-commit").read_text())
        self.assertEqual(set(self.doctor().values()), {"works"})
        self.assertEqual(set(self.doctor(HUSKY="0").values()), {"disabled"})
        self.commit()
        self.program.rename(self.top / "gone")
        self.commit("b.txt", code=1)

    def test_lefthook(self):
        (self.repo / "lefthook.yml").write_text("pre-commit:\n  commands:\n    own:\n      run: echo own ran\n")
        self.run_in("lefthook", "install")
        self.stanch("hook", "install")
        self.run_in("lefthook", "install")
        self.assertEqual(set(self.doctor().values()), {"works"})
        out = self.commit()
        self.assertIn("own ran", out)
        self.program.rename(self.top / "gone")
        self.commit("b.txt", code=1)

    def test_the_pre_commit_framework(self):
        (self.repo / ".pre-commit-config.yaml").write_text(
            "repos:\n- repo: local\n  hooks:\n  - {id: own, name: own hook, language: system, entry: echo, "
            "pass_filenames: false, verbose: true}\n")
        self.run_in("pre-commit", "install")
        self.git("add", ".pre-commit-config.yaml")
        self.stanch("hook", "install")
        self.assertIn("own hook", self.commit())
        self.assertEqual(set(self.doctor().values()), {"works"})
        # The framework installed afterwards keeps ours as its own earlier hook.
        self.run_in("pre-commit", "install")
        self.commit("c.txt")

    def test_as_a_hook_of_the_pre_commit_framework(self):
        hooks = self.top / "hooks"
        self.git("init", "-q", str(hooks))
        shutil.copy(SOURCE / ".pre-commit-hooks.yaml", hooks)
        for words in (("add", "."), ("commit", "-q", "-m", "hooks"), ("tag", "v1")):
            self.git(*words, cwd=hooks)
        (self.repo / ".pre-commit-config.yaml").write_text(
            f"repos:\n- repo: file://{hooks}\n  rev: v1\n  hooks: [{{id: stanch}}, {{id: stanch-commit-msg}}, "
            "{id: stanch-pre-push}]\n")
        for stage in ("pre-commit", "commit-msg", "pre-push"):
            self.run_in("pre-commit", "install", "-t", stage)
        self.git("add", ".")
        self.assertIn("stanch (staged changes)", self.commit())
        key = "AK" + "IA" + "".join(random.Random(3).choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=16))
        password = "".join(random.Random(4).choices("abcdefghijkmnpqrstuvwxyz23456789", k=32))
        message = f"log in at postgres://app:{password}@db.internal/app with {key}"
        self.git("commit", "-q", "--allow-empty", "-m", message, code=1)
        self.leak("leak.py")
        self.git("commit", "-q", "-m", "x", code=1)
        self.git("commit", "-q", "--no-verify", "-m", "x")
        bare = self.top / "bare.git"
        self.git("init", "-q", "--bare", str(bare))
        out = self.git("push", "-q", str(bare), "HEAD:refs/heads/x", code=1)
        self.assertIn("leak.py", out)
        self.assertNotIn(password, out)
        self.git("reset", "-q", "--hard", "HEAD~1")
        self.git("push", "-q", str(bare), "HEAD:refs/heads/x")
        self.program.rename(self.top / "gone")
        self.commit("d.txt", code=1)


if __name__ == "__main__":
    unittest.main()
