"""The gate of atomic commits at the hooks: what is too large is refused with the way out, and nobody else is troubled."""
import unittest

from hook_managers_test import Repository


def code(lines, start=0):
    return "".join(f"value_{i} = compute({i})\n" for i in range(start, start + lines))


class Gate(Repository):
    def setUp(self):
        super().setUp()
        self.commit()
        self.stanch("hook", "install")

    def message(self, *lines, code=0):
        return self.git("commit", "-q", "-m", "\n\n".join(lines), code=code)

    def stage(self, name, text):
        (self.repo / name).write_text(text)
        self.git("add", name)

    def test_a_large_commit_is_refused_with_its_measure_and_the_way_out(self):
        out = self.commit("big.py", code(312), code=1)
        for part in ("312 changed lines of code", "112 over the limit of 200", "stanch split --staged", "Stanch-Large: REASON",
                     "warn = true", "this commit is refused"):
            self.assertIn(part, out)
        self.assertLess(len(out.splitlines()), 12)
        self.assertEqual(self.git("log", "--oneline").count("\n"), 1)

    def test_a_reason_in_the_message_lets_it_pass(self):
        self.stage("big.py", code(312))
        self.message("Add the table", "Stanch-Large:", code=1)
        self.message("Add the table", "Stanch-Large: one table, generated once")

    def test_what_is_removed_counts(self):
        self.stage("big.py", code(150))
        self.message("Add one")
        self.stage("other.py", code(150, 1000))
        self.message("Add another")
        self.git("rm", "-q", "big.py", "other.py")
        self.assertIn("300 changed lines", self.message("Remove both", code=1))

    def test_moved_code_tests_and_documents_are_no_lines_to_read(self):
        self.stage("big.py", code(180))
        self.message("Add it")
        (self.repo / "package").mkdir()
        self.git("mv", "big.py", "package/moved.py")
        self.stage("notes.md", "text\n" * 900)
        self.stage("test_big.py", code(600, 5000))
        self.message("Move it, and test it")

    def test_merges_and_cherry_picks_are_not_measured_again(self):
        self.git("switch", "-q", "-c", "other")
        self.stage("big.py", code(312))
        self.message("Add it", "Stanch-Large: as agreed")
        self.git("switch", "-q", "-")
        self.commit("b.txt")
        self.git("cherry-pick", "other")
        self.git("reset", "-q", "--hard", "HEAD~1")
        self.git("merge", "-q", "--no-edit", "other")

    def test_the_project_decides(self):
        (self.repo / "stanch.toml").write_text("[commits]\nmax_lines = 20\n")
        self.assertIn("30 changed lines of code, 10 over", self.commit("b.py", code(30), code=1))
        (self.repo / "stanch.toml").write_text("[commits]\nmax_lines = 20\nwarn = true\n")
        self.assertIn("is large", self.message("Add it"))
        (self.repo / "stanch.toml").write_text("[hook]\ngate = false\n")
        self.assertEqual(self.commit("c.py", code(500)), "")
        (self.repo / "stanch.toml").write_text("[commits]\nmax_lines = -1\n")
        self.assertIn("stanch.toml:2:", self.commit("d.py", "x = 1\n", code=1))

    def test_without_the_hook_that_reads_messages_pre_commit_refuses(self):
        self.stanch("hook", "uninstall")
        self.stanch("hook", "install", "--hook", "pre-commit")
        out = self.commit("big.py", code(312), code=1)
        self.assertIn("stanch hook install --hook commit-msg", out)
        self.assertIn("this commit is refused", out)

    def test_a_push_is_held_to_the_limits_that_the_project_declares(self):
        bare = self.top / "bare.git"
        self.git("init", "-q", "--bare", str(bare))
        push = ("push", "-q", str(bare), "HEAD:refs/heads/main")
        self.stage("big.py", code(312))
        self.git("commit", "-q", "--no-verify", "-m", "Past the hook")
        self.git(*push)
        (self.repo / "stanch.toml").write_text("[commits]\n")
        self.stage("more.py", code(312, 900))
        self.git("commit", "-q", "--no-verify", "-m", "Past the hook again")
        out = self.git(*push, code=1)
        self.assertIn("stanch split --commit", out)
        self.assertEqual(out.count("is too large"), 1, out)
        self.git("commit", "-q", "--amend", "--no-verify", "-m", "With a reason\n\nStanch-Large: agreed")
        self.git(*push)


if __name__ == "__main__":
    unittest.main()
