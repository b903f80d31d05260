"""The cache of a history: the same answer, nothing secret in it, new objects found, damage survived."""
import os
import pathlib
import shutil
import tempfile
import unittest

from traps_test import Repository, scan


class Cache(unittest.TestCase):
    def setUp(self):
        folder = tempfile.mkdtemp(prefix="stanch-cache-")
        self.addCleanup(shutil.rmtree, folder, True)
        self.r = Repository(os.path.join(folder, "r"))
        self.home = pathlib.Path(folder, "cache")
        for i in range(30):
            self.r.write(f"f{i % 4}", f"{i}\n" * 100)
            self.r.commit()
        self.r.write("k", self.r.key("first") + "\n")
        self.r.commit()

    def look(self, *words, at=None):
        code, found, errors = scan(at or self.r.path, "--history", *words, cached=True,
                                   environment={"XDG_CACHE_HOME": str(self.home)})
        return code, [(one["secret"], one["path"], one["commit"], one["in_head"]) for one in found]

    def files(self):
        return [file for file in self.home.rglob("*") if file.is_file() and file.parent.name != "found"]

    def test_a_second_scan_says_the_same_and_new_objects_are_seen(self):
        first = self.look()
        self.assertEqual(len(self.files()), 1)
        self.assertEqual(self.look(), first)
        self.assertEqual(self.look("--no-cache"), first)
        self.r.write("k", "gone\n")
        self.r.write("k2", self.r.key("second") + "\n")
        self.r.commit()
        second = self.look()
        self.assertEqual(second, self.look("--no-cache"))
        self.assertEqual(len(second[1]), 2)
        self.r.git("gc", "-q", "--prune=now")
        self.assertEqual(self.look(), second)

    def test_worktrees_share_it_and_it_holds_no_secret(self):
        self.r.git("worktree", "add", "-q", "--detach", "../linked")
        first = self.look()
        self.assertEqual(self.look(at=self.r.path.parent / "linked"), first)
        (file,) = self.files()
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        for key in self.r.keys:
            self.assertNotIn(key.encode(), file.read_bytes())

    def test_clones_share_it_and_more_flags_do_not(self):
        first = self.look()
        self.r.git("clone", "-q", "--mirror", str(self.r.path), "../clone")
        self.assertEqual(self.look(at=self.r.path.parent / "clone")[0], first[0])
        (file,) = self.files()
        before = file.read_bytes()
        self.look("--no-allow")
        self.assertEqual(file.read_bytes(), before)

    def test_a_rule_that_is_added_is_not_hidden_by_it(self):
        self.r.write("own", "pw = correct-horse-battery\n")
        self.r.commit()
        before = self.look()
        rules = self.home.parent / "rules.toml"
        rules.write_text('[extend]\nuseDefault = true\n[[rules]]\nid = "own"\ndescription = "own"\n'
                         'regex = "correct-horse-[a-z]+"\nkeywords = ["correct-horse"]\n')
        after = self.look("--rules", str(rules))
        self.assertEqual([one[1] for one in after[1]], [one[1] for one in before[1]] + ["own"])
        self.assertEqual(self.look(), before)

    def test_a_damaged_one_counts_as_none(self):
        first = self.look()
        (file,) = self.files()
        whole = file.read_bytes()
        for at in range(0, len(whole), 211):
            file.write_bytes(whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1:])
            self.assertEqual(self.look(), first)
            file.write_bytes(whole[:at])
            self.assertEqual(self.look(), first)

    def object_file(self, name):
        blob = self.r.git("rev-parse", name)
        return self.r.path / ".git/objects" / blob[:2] / blob[2:]

    def test_a_scan_that_could_not_read_an_object_leaves_none(self):
        file = self.object_file("HEAD:f1")
        file.chmod(0o644)
        file.write_bytes(file.read_bytes()[:-9])
        self.assertEqual(self.look()[0], 3)
        self.assertEqual(self.files(), [])

    def test_what_is_missing_is_told_each_time_and_looked_at_once_it_is_here(self):
        file = self.object_file("HEAD:k")
        whole = file.read_bytes()
        os.remove(file)
        first = self.look()
        self.assertEqual(first, (3, []))
        self.assertEqual(len(self.files()), 1)
        self.assertEqual(self.look(), first)
        self.r.git("commit", "-q", "--allow-empty", "-m", "new")
        self.assertEqual(self.look(), first)
        file.write_bytes(whole)
        last = self.look()
        self.assertEqual((last[0], len(last[1])), (1, 1))
        self.assertEqual(last, self.look("--no-cache"))

    def test_a_shallow_clone_is_incomplete_each_time(self):
        self.r.git("clone", "-q", "--depth", "2", f"file://{self.r.path}", "../shallow")
        shallow = self.r.path.parent / "shallow"
        first = self.look(at=shallow)
        self.assertEqual((first[0], len(first[1])), (3, 1))
        self.assertEqual(len(self.files()), 1)
        self.assertEqual(self.look(at=shallow), first)
        self.r.git("fetch", "-q", "--unshallow", at=shallow)
        self.assertEqual(self.look(at=shallow), self.look("--no-cache", at=shallow))
        self.assertEqual(self.look(at=shallow)[0], 1)


if __name__ == "__main__":
    unittest.main()
