"""The hooks of a bare repository: pre-receive and update, all refs of a push, before anything of it is there."""
import subprocess
import unittest

from hook_doors_test import github_token
from hook_managers_test import Repository


class Server(Repository):
    def setUp(self):
        super().setUp()
        self.bare = self.top / "bare.git"
        self.git("init", "-q", "--bare", str(self.bare))
        self.git("remote", "add", "origin", str(self.bare))
        self.commit()
        self.stanch("hook", "install", cwd=self.bare)
        self.push("HEAD:refs/heads/main")

    def push(self, *refs, code=0):
        out = self.git("push", "-q", "--no-verify", "origin", *refs, code=code)
        self.assertNotIn(github_token(7), out)
        return out

    def leak(self, name="leak.py", branch=None):
        """a commit with a secret, on a branch of its own"""
        if branch:
            self.git("switch", "-q", "-c", branch)
        self.commit(name, f'T = "{github_token(7)}"\n')
        return self.git("rev-parse", "HEAD").strip()

    def refs(self):
        return set(self.git("for-each-ref", "--format=%(refname)", cwd=self.bare).split())

    def has(self, commit):
        return subprocess.run(["git", "cat-file", "-e", commit], cwd=self.bare, env=self.env, stderr=subprocess.DEVNULL).returncode == 0

    def use_update(self):
        self.stanch("hook", "uninstall", cwd=self.bare)
        self.stanch("hook", "install", "--hook", "update", cwd=self.bare)

    def test_nothing_of_a_refused_push_stays(self):
        commit = self.leak()
        self.assertIn("declined", self.push("HEAD:refs/heads/main", code=1))
        self.assertFalse(self.has(commit))

    def test_of_several_refs_one_leak_refuses_all_and_with_update_its_own(self):
        self.git("branch", "clean")
        self.leak(branch="bad")
        self.push("clean", "bad", code=1)
        self.assertEqual(self.refs(), {"refs/heads/main"})
        self.use_update()
        out = self.push("clean", "bad", code=1)
        self.assertIn("hook declined", out)
        self.assertEqual(self.refs(), {"refs/heads/main", "refs/heads/clean"})

    def test_deletions_new_branches_and_tags(self):
        for use in (lambda: None, self.use_update):
            use()
            self.push("HEAD:refs/heads/new", "HEAD:refs/tags/light")
            self.git("tag", "-f", "-a", "-m", "release", "annotated")
            self.push("-f", "annotated")
            self.push(":refs/heads/new", ":refs/tags/light", "HEAD:refs/heads/other")
            self.assertEqual(self.refs(), {"refs/heads/main", "refs/heads/other", "refs/tags/annotated"})
            self.git("tag", "-f", "-a", "-m", f"the token is {github_token(7)}", "told")
            self.push("told", code=1)
            self.push(":refs/heads/other", ":refs/tags/annotated")

    def test_a_forced_push_is_looked_at_from_what_the_server_has(self):
        self.commit("b.txt")
        self.push("HEAD:refs/heads/main")
        self.git("reset", "-q", "--hard", "HEAD~1")
        self.commit("c.txt")
        self.push("+HEAD:refs/heads/main")
        self.git("reset", "-q", "--hard", "HEAD~1")
        self.leak()
        self.push("+HEAD:refs/heads/main", code=1)

    def test_what_the_server_has_already_is_not_looked_at_again(self):
        self.leak()
        self.stanch("hook", "uninstall", cwd=self.bare)
        self.push("HEAD:refs/heads/main")
        self.stanch("hook", "install", cwd=self.bare)
        self.commit("b.txt")
        self.push("HEAD:refs/heads/main", "HEAD:refs/heads/new")

    def test_a_baseline_entry_of_the_push_counts_on_the_server_too(self):
        self.leak()
        out = self.push("HEAD:refs/heads/main", code=1)
        fingerprint = out.split("stanch allow ")[1].split()[0]
        (self.repo / ".stanchignore").write_text(f"{fingerprint}\n")
        self.git("add", ".stanchignore")
        self.git("commit", "-q", "-m", "by an ignore file")
        self.push("HEAD:refs/heads/ignored")
        self.git("rm", "-q", "-f", ".stanchignore")
        (self.repo / ".stanch-baseline").write_text(
            '{"fingerprint":"%s","rule":"github-token","path":"leak.py","reason":"of the simulator"}\n' % fingerprint)
        self.git("add", ".")
        self.git("commit", "-q", "--amend", "-m", "with a reason")
        self.push("HEAD:refs/heads/main")

    def test_a_damaged_baseline_lets_nothing_pass(self):
        (self.repo / ".stanch-baseline").write_text("{not a baseline\n")
        self.git("add", ".")
        self.git("commit", "-q", "-m", "x")
        self.assertIn(".stanch-baseline", self.push("HEAD:refs/heads/main", code=1))

    def test_a_missing_or_starved_program_refuses(self):
        self.commit("b.txt")
        hook = self.bare / "hooks/pre-receive"
        text = hook.read_text()
        hook.write_text(text.replace("#!/bin/sh\n", "#!/bin/sh\nulimit -v 30000\n"))
        self.push("HEAD:refs/heads/main", code=1)
        hook.write_text(text)
        self.program.rename(self.top / "gone")
        self.assertIn("the program is gone", self.push("HEAD:refs/heads/main", code=1))


if __name__ == "__main__":
    unittest.main()
