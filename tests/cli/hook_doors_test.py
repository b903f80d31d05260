"""Every door of a repository, as people use it: real commits, merges and pushes with the hooks installed."""
import os
import random
import string
import subprocess
import unittest

from hook_managers_test import Repository


def secret(size=40, seed=1):
    """letters and digits: an assembled value, never a literal"""
    return "".join(random.Random(seed).choices(string.ascii_letters + string.digits, k=size))


def github_token(seed=1):
    import binascii
    body = secret(30, seed)
    crc, tail = binascii.crc32(body.encode()), ""
    alphabet = string.digits + string.ascii_uppercase + string.ascii_lowercase
    while crc:
        crc, r = divmod(crc, 62)
        tail = alphabet[r] + tail
    return "gh" + "p_" + body + tail.rjust(6, "0")


class Doors(Repository):
    def setUp(self):
        super().setUp()
        self.commit()
        self.stanch("hook", "install")
        self.line = f'TOKEN = "{github_token()}"\n'

    def refused(self, out, token=None):
        self.assertIn("stanch allow", out)
        self.assertNotIn(token or github_token(), out, "a refusal never shows the value")
        self.fits_a_screen(out)

    def fits_a_screen(self, out):
        """24 rows of 80 columns, the prompt's included"""
        rows = sum(max(1, -(-len(line.rstrip()) // 80)) for line in out.splitlines())
        self.assertLess(rows, 24, out)

    def test_pre_commit(self):
        self.refused(self.commit("b.py", self.line, code=1))
        self.assertEqual(self.git("log", "--oneline").count("\n"), 1)

    def test_a_refusal_of_many_things_fits_on_a_screen(self):
        folder = self.repo / "/".join(f"{i}-a-folder-with-a-long-name" for i in range(6))
        folder.mkdir(parents=True)
        for i in range(30):
            (folder / f"{i}.py").write_text("".join(f'TOKEN_{n} = "{github_token(100 * i + n)}"\n' for n in range(5)))
            (self.repo / f".env.{i}").write_text("DEBUG=1\n")
        self.git("add", ".")
        out = self.git("commit", "-q", "-m", "x", code=1)
        self.refused(out, github_token(0))
        for part in ("0.py:1:", "stanch allow ", "… and 1", ".env.0: a .env file is not for Git", "and 28 more", "stanch env set",
                     "stanch vault set", "os.environ"):
            self.assertIn(part, out)
        bare = self.top / "bare.git"
        self.git("init", "-q", "--bare", str(bare))
        self.git("commit", "-q", "--no-verify", "-m", "x")
        self.refused(self.git("push", "-q", str(bare), "HEAD:refs/heads/x", code=1), github_token(0))
        self.stanch("hook", "install", cwd=bare)
        self.refused(self.git("push", "-q", "--no-verify", str(bare), "HEAD:refs/heads/x", code=1), github_token(0))

    def test_many_objects_that_cannot_be_read_fit_on_a_screen(self):
        for i in range(40):
            (self.repo / f"{i}.txt").write_text(f"text {i}\n")
        self.git("add", ".")
        for i in range(40):
            blob = self.git("rev-parse", f":{i}.txt").strip()
            path = self.repo / ".git/objects" / blob[:2] / blob[2:]
            path.chmod(0o644)
            path.write_bytes(b"damaged")
        out = self.stanch("hook", "run", "pre-commit", code=3)
        self.fits_a_screen(out)
        self.assertIn("more that could not be looked at", out)

    def test_only_what_is_staged_counts(self):
        self.commit("b.py", "clean\n")
        (self.repo / "b.py").write_text("clean too\n")
        self.git("add", "b.py")
        (self.repo / "b.py").write_text(self.line)
        self.git("commit", "-q", "-m", "the work tree's leak is not in it")
        self.git("add", "b.py")
        (self.repo / "b.py").write_text("clean\n")
        self.refused(self.git("commit", "-q", "-m", "but the index's is", code=1))

    def test_an_old_leak_does_not_block_a_new_change(self):
        (self.repo / "b.py").write_text(self.line)
        self.git("add", "b.py")
        self.git("commit", "-q", "--no-verify", "-m", "x")
        self.commit("b.py", self.line + "# another line\n")

    def test_a_reason_lets_it_through_and_stands_in_the_baseline(self):
        out = self.commit("b.py", self.line, code=1)
        fingerprint = out.split("stanch allow ")[1].split()[0]
        self.stanch("allow", fingerprint, "--reason", "a key of the simulator")
        self.git("add", ".stanch-baseline")
        self.git("commit", "-q", "-m", "with a reason")
        text = (self.repo / ".stanch-baseline").read_text()
        self.assertIn("b.py", text)
        self.assertNotIn(github_token(), text)

    def test_commit_message(self):
        (self.repo / "b.txt").write_text("x\n")
        self.git("add", "b.txt")
        self.refused(self.git("commit", "-q", "-m", "The token is " + github_token(), code=1))

    def test_no_verify_is_told_afterwards(self):
        (self.repo / "b.py").write_text(self.line)
        self.git("add", "b.py")
        out = self.git("commit", "-q", "--no-verify", "-m", "x")
        self.assertIn("git reset --soft HEAD~1", out)

    def test_merge(self):
        self.git("switch", "-q", "-c", "other")
        (self.repo / "b.py").write_text(self.line)
        self.git("add", "b.py")
        self.git("commit", "-q", "--no-verify", "-m", "x")
        self.git("switch", "-q", "-")
        self.commit("c.txt")
        self.refused(self.git("merge", "-q", "--no-edit", "other", code=1))

    def test_push_checks_what_is_sent(self):
        bare = self.top / "bare.git"
        self.git("init", "-q", "--bare", str(bare))
        self.git("remote", "add", "origin", str(bare))
        self.git("push", "-q", "origin", "HEAD:refs/heads/main")
        (self.repo / "b.py").write_text(self.line)
        self.git("add", "b.py")
        self.git("commit", "-q", "--no-verify", "-m", "leak")
        (self.repo / "b.py").write_text("gone\n")
        self.git("commit", "-q", "-a", "--no-verify", "-m", "taken out again, but still in the history")
        self.refused(self.git("push", "-q", "origin", "HEAD:refs/heads/main", code=1))
        self.git("reset", "-q", "--hard", "HEAD~2")
        self.commit("d.txt")
        self.git("push", "-q", "origin", "HEAD:refs/heads/main")

    def test_server(self):
        bare = self.top / "bare.git"
        self.git("init", "-q", "--bare", str(bare))
        for hook in ("pre-receive", "update"):
            with self.subTest(hook=hook):
                self.stanch("hook", "install", "--hook", hook, cwd=bare)
                self.git("push", "-q", str(bare), "HEAD:refs/heads/" + hook)
                (self.repo / f"{hook}.py").write_text(f'T = "{github_token(7)}"\n')
                self.git("add", ".")
                self.git("commit", "-q", "--no-verify", "-m", "leak")
                self.git("tag", "-f", "here")
                out = self.git("push", "-q", "--no-verify", str(bare), "HEAD:refs/heads/" + hook, "here", code=1)
                self.assertIn("declined" if hook == "pre-receive" else "hook declined", out)
                self.assertNotIn(github_token(7), out)
                self.git("reset", "-q", "--hard", "HEAD~1")
                self.stanch("hook", "uninstall", cwd=bare)

    def test_linked_worktree(self):
        self.git("worktree", "add", "-q", "../other")
        self.repo = self.top / "other"
        self.refused(self.commit("b.py", self.line, code=1))

    def test_like_a_graphical_client(self):
        self.env = {"PATH": "/usr/bin:/bin", "HOME": self.env["HOME"], "GIT_AUTHOR_NAME": "A",
                    "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "A",
                    "GIT_COMMITTER_EMAIL": "a@example.com"}
        self.refused(self.commit("b.py", self.line, code=1))
        self.git("rm", "-q", "--cached", "b.py")
        self.commit("c.txt")

    def test_known_values_need_no_rule(self):
        value = secret(24, 3)
        (self.repo / ".gitignore").write_text(".env*\n")
        (self.repo / ".env").write_text(f"LEGACY_PASSWORD={value}\n")
        self.commit("notes.txt", f"log in with {value} please\n", code=1)
        import base64
        out = self.commit("notes.txt", "data: " + base64.b64encode(f"x{value}y".encode()).decode() + "\n", code=1)
        self.assertIn("LEGACY_PASSWORD", out)
        self.assertNotIn(value, out)

    def test_no_file_that_stanch_wrote_holds_a_value(self):
        import base64
        values = [secret(size, size) for size in (8, 12, 24, 40, 300)]
        (self.repo / ".gitignore").write_text(".env*\n")
        (self.repo / ".env").write_text("".join(f"KEY_{i}={value}\n" for i, value in enumerate(values)))
        self.commit(".gitignore", ".env*\n")
        for value in values:
            self.commit("notes.txt", f"use {value}\n", code=1)
            self.commit("notes.txt", f"use {base64.b64encode(value.encode()).decode()}\n", code=1)
        self.commit("notes.txt", "clean\n")
        places = [self.repo / ".git/stanch", self.top / "home", self.repo / ".git/hooks"]
        written = [path for place in places for path in place.rglob("*") if path.is_file()]
        self.assertGreater(len(written), 3)
        for path in written:
            content = path.read_bytes()
            for value in values:
                for form in (value, base64.b64encode(value.encode()).decode()[:8], value.encode().hex()[:12], value[:8]):
                    self.assertNotIn(form.encode(), content, path)

    def test_a_value_split_over_two_files_is_refused(self):
        value = secret(40, 8)
        (self.repo / ".gitignore").write_text(".env*\n")
        (self.repo / ".env").write_text(f"ANYTHING={value}\n")
        (self.repo / "a.py").write_text(f"FIRST = '{value[:20]}'\n")
        (self.repo / "b.py").write_text(f"SECOND = '{value[20:]}'\n")
        self.git("add", "a.py", "b.py")
        out = self.git("commit", "-q", "-m", "x", code=1)
        self.assertIn("split over a.py and b.py", out)
        self.git("commit", "-q", "--no-verify", "-m", "x")
        bare = self.top / "bare.git"
        self.git("init", "-q", "--bare", str(bare))
        self.assertIn("split over", self.git("push", "-q", str(bare), "HEAD:refs/heads/x", code=1))

    def test_known_values_are_those_of_any_depth(self):
        value = secret(9, 4)
        folder = self.repo / "a/b/c/d/e"
        folder.mkdir(parents=True)
        (self.repo / ".gitignore").write_text(".env*\n")
        (folder / ".env.production").write_text(f"ANYTHING={value}\n")
        self.assertIn("ANYTHING", self.commit("notes.txt", f"use {value}\n", code=1))
        later = self.repo / "f/.env"
        later.parent.mkdir()
        later.write_text(f"OTHER_KEY={secret(20, 5)}\n")
        self.assertIn("OTHER_KEY", self.commit("notes.txt", f"use {secret(20, 5)}\n", code=1))
        self.commit("notes.txt", "clean\n")

    def test_a_pipe_for_an_env_file_and_a_link_to_nowhere_hold_nobody_up(self):
        (self.repo / ".gitignore").write_text(".env*\n")
        os.mkfifo(self.repo / ".env")
        (self.repo / ".env.local").symlink_to("gone")
        self.commit("notes.txt", "clean\n")

    def test_an_env_file_is_refused_by_its_name_and_shared_by_declaration(self):
        (self.repo / ".env.test").write_text("DEBUG=1\n")
        self.git("add", ".env.test")
        out = self.git("commit", "-q", "-m", "x", code=1)
        self.assertIn("stanch env guard --fix", out)
        self.assertIn("[env] shared", out)
        self.git("commit", "-q", "--no-verify", "-m", "past the hook")
        bare = self.top / "bare.git"
        self.git("init", "-q", "--bare", str(bare))
        self.assertIn(": .env.test: a .env file is not for Git", self.git("push", "-q", str(bare), "HEAD:refs/heads/x", code=1))
        (self.repo / "stanch.toml").write_text('[env]\nshared = [".env.test"]\n')
        self.git("push", "-q", str(bare), "HEAD:refs/heads/x")
        (self.repo / ".env.test").write_text("DEBUG=0\n")
        self.git("mv", ".env.test", "a.test")
        self.git("commit", "-q", "-m", "and back")
        self.git("mv", "a.test", ".env.test")
        self.git("commit", "-q", "-m", "declared")

    def test_a_leak_and_an_env_file_are_told_at_once(self):
        (self.repo / ".env.test").write_text("DEBUG=1\n")
        (self.repo / "app.py").write_text(f'TOKEN = "{github_token()}"\n')
        self.git("add", ".env.test", "app.py")
        out = self.git("commit", "-q", "-m", "x", code=1)
        self.refused(out, github_token())
        self.assertIn(".env.test: a .env file is not for Git", out)

    def test_an_env_file_that_lies_open_is_told_and_does_not_stop_the_commit(self):
        (self.repo / ".env").write_text("DEBUG=1\n")
        self.assertIn(".env is not ignored by any .gitignore that applies to it", self.commit("b.txt"))
        self.stanch("env", "guard", "--fix", "--no-history")
        self.assertEqual(self.commit("c.txt"), "")

    def test_what_cannot_be_scanned_is_refused(self):
        self.commit("b.txt", "some text\n")
        (self.repo / "c.txt").write_text("more\n")
        self.git("add", "c.txt")
        blob = self.git("rev-parse", ":c.txt").strip()
        path = self.repo / ".git/objects" / blob[:2] / blob[2:]
        path.chmod(0o644)
        path.write_bytes(b"damaged")
        out = self.stanch("hook", "run", "pre-commit", code=None)
        self.assertIn("c.txt", out)
        done = subprocess.run([str(self.program), "hook", "run", "pre-commit"], cwd=self.repo, env=self.env,
                              capture_output=True)
        self.assertEqual(done.returncode, 3)


if __name__ == "__main__":
    unittest.main()
