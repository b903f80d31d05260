"""What of a tree is looked at, in which order, and what is said of the rest."""
import os
import random
import socket
import subprocess
import unittest

from support.scans import ScanCase, token

LINE = f'x = "{token()}"\n'


class InGit(ScanCase):
    def setUp(self):
        super().setUp()
        self.git("init", "-q")

    def test_tracked_and_new_files_but_no_ignored_ones(self):
        self.write(".gitignore", "*.log\nout/\n")
        for name in ("tracked.py", "new.py", "a.log", "out/b.py", "out/kept.py", "sub/c.py"):
            self.write(name, LINE)
        self.git("add", "tracked.py")
        self.git("add", "-f", "out/kept.py")
        self.assertEqual(self.scan().paths, ["new.py", "out/kept.py", "sub/c.py", "tracked.py"])
        self.assertEqual(self.scan("--all-files").paths,
                         ["a.log", "new.py", "out/b.py", "out/kept.py", "sub/c.py", "tracked.py"])

    def test_an_ignored_folder_that_was_named_is_looked_at(self):
        self.write(".gitignore", "out/\n")
        self.write("out/b.py", LINE)
        self.assertEqual(self.scan().paths, [])
        self.assertEqual(self.scan("out").paths, ["out/b.py"])
        self.assertEqual(self.scan(".", cwd=self.top / "out").paths, ["b.py"])
        self.assertEqual(self.scan("out/b.py").paths, ["out/b.py"])

    def test_lists_above_the_named_folder_hold(self):
        self.write(".gitignore", "*.log\n")
        self.write("a/.gitignore", "x.py\n")
        for name in ("a/b/x.py", "a/b/y.py", "a/b/z.log"):
            self.write(name, LINE)
        self.assertEqual(self.scan("a/b").paths, ["a/b/y.py"])

    def test_info_exclude_and_the_users_own_list(self):
        self.write(".git/info/exclude", "one.py\n")
        (self.top.parent / "home/.config/git").mkdir(parents=True)
        (self.top.parent / "home/.config/git/ignore").write_text("two.py\n")
        for name in ("one.py", "two.py", "three.py"):
            self.write(name, LINE)
        self.assertEqual(self.scan().paths, ["three.py"])

    def test_submodules_and_other_repositories_go_by_their_own_lists(self):
        other = self.top.parent / "other"
        other.mkdir()
        self.git("init", "-q", cwd=other)
        (other / ".gitignore").write_text("ignored.py\n")
        (other / "a.py").write_text(LINE)
        self.git("add", "-A", cwd=other)
        self.git("commit", "-qm", "one", cwd=other)
        self.git("submodule", "add", "-q", str(other), "sub")
        self.git("clone", "-q", str(other), str(self.top / "clone"))
        self.write("sub/ignored.py", LINE)
        self.write(".gitignore", "a.py\n")
        self.assertEqual(self.scan().paths, ["clone/a.py", "sub/a.py"])

    def test_every_file_left_out_is_named(self):
        self.write(".gitignore", "a.log\nnode_modules/\n")
        self.write("a.log", LINE)
        self.write("node_modules/x.js", LINE)
        said = self.scan("--verbose")
        self.assertIn("left out: a.log: ignored by Git", said.err)
        self.assertIn("left out: node_modules/: ignored by Git", said.err)
        self.assertIn(b"3 left out by design", self.run_stanch("scan").out)

    def test_gits_own_folder_only_when_all_is_asked_for(self):
        with open(self.top / ".git/config", "a") as config:
            config.write(f"[remote \"x\"]\n\turl = https://u:{token()}@example.com/\n")
        self.assertEqual(self.scan().paths, [])
        self.assertEqual(self.scan("--all-files").paths, [".git/config"])


class OutsideOfGit(ScanCase):
    def test_everything_but_what_is_excluded(self):
        for name in ("a.py", "deep/er/b.txt", ".hidden", "skip/c.py"):
            self.write(name, LINE)
        self.write(".gitignore", "*\n")
        self.assertEqual(self.scan("--exclude", "skip/").paths, [".hidden", "a.py", "deep/er/b.txt"])

    def test_several_paths_in_the_order_they_were_given(self):
        for name in ("a/x.py", "b/y.py", "c.py"):
            self.write(name, LINE)
        self.assertEqual(self.scan("c.py", "b", "./a").paths, ["c.py", "b/y.py", "a/x.py"])
        self.assertEqual(self.scan(str(self.top / "b")).paths, [str(self.top / "b/y.py")])

    def test_standard_input(self):
        said = self.scan("--stdin", stdin=b"\n\n" + LINE.encode())
        self.assertEqual(said.places, [("stdin", 3, 6)])
        self.assertEqual(said.code, 1)

    def test_the_answer_is_the_same_for_any_number_of_threads(self):
        source = random.Random(7)
        for i in range(1500):
            lines = [LINE if source.random() < 0.05 else "nothing\n" for _ in range(source.randrange(30))]
            self.write(f"d{source.randrange(40)}/e{source.randrange(5)}/f{i}.py", "".join(lines))
        for form in ("human", "jsonl", "sarif", "csv", "gitleaks"):
            said = [self.run_stanch("scan", "-f", form, "-j", str(n)) for n in (1, 2, 7)]
            texts = {one.out.split(b"; looked at")[0].split(b'"invocations"')[0] for one in said}
            self.assertEqual(len(texts), 1, form)
            self.assertGreater(len(said[0].out), 10000)

    def test_paths_come_sorted(self):
        names = ["a-b/x", "a.py", "a/x", "a0", "b/c/d", "b/c.x", "Z"]
        for name in names:
            self.write(name, LINE)
        self.assertEqual(self.scan().paths, sorted(names))


class HardCases(ScanCase):
    def test_links_are_not_followed_but_their_targets_are_read(self):
        self.write("real/a.py", LINE)
        os.symlink("real", self.top / "link")
        os.symlink(f"https://u:{token(2)}@example.com", self.top / "odd")
        os.symlink("..", self.top / "real/up")
        said = self.scan("-v")
        self.assertEqual(said.paths, ["odd", "real/a.py"])
        self.assertEqual(said.code, 1)
        self.assertIn("left out: link: a symbolic link, not followed", said.err)

    def test_what_is_no_file_is_told_and_the_rest_looked_at(self):
        self.write("a.py", LINE)
        os.mkfifo(self.top / "pipe")
        os.symlink("loop", self.top / "loop")
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(self.top / "sock"))
            said = self.scan()
        self.assertEqual(said.code, 3)
        self.assertEqual(said.paths, ["a.py"])
        for line in ("pipe: a FIFO, not a file", "loop: a symbolic link that leads back to itself",
                     "sock: a socket, not a file"):
            self.assertIn(f"stanch: {line}", said.err)

    def test_a_fifo_or_a_kernel_file_that_was_named(self):
        os.mkfifo(self.top / "pipe")
        self.assertEqual(self.scan("pipe").code, 3)
        self.assertEqual(self.scan("/proc/self/environ").code, 3)
        said = self.scan("/proc/self", timeout=20)
        self.assertEqual(said.code, 3)
        self.assertIn("the kernel makes up", said.err)

    def test_a_path_that_does_not_exist(self):
        said = self.scan("nowhere")
        self.assertEqual(said.code, 2)
        self.assertIn("nowhere: there is no such file or folder", said.err)

    def test_an_unreadable_file_is_told_and_the_rest_looked_at(self):
        self.write("a.py", LINE)
        self.write("b.py", LINE).chmod(0)
        self.write("shut/c.py", LINE)
        (self.top / "shut").chmod(0)
        self.addCleanup((self.top / "shut").chmod, 0o700)
        if os.geteuid() == 0:  # root reads everything: become somebody else, who may reach the folder
            for path in (self.top.parent, self.top):
                path.chmod(0o755)
            command = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", os.environ["STANCH"]]
            done = subprocess.run([*command, "scan", "-f", "jsonl"], cwd=self.top, env=self.env, capture_output=True)
        else:
            done = subprocess.run([os.environ["STANCH"], "scan", "-f", "jsonl"], cwd=self.top, env=self.env,
                                  capture_output=True)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn(b'"path":"a.py"', done.stdout)
        self.assertIn(b"b.py: cannot open: Permission denied", done.stderr)
        self.assertIn(b"shut/: cannot open: Permission denied", done.stderr)

    def test_a_hostile_name_does_not_reach_the_terminal(self):
        self.write("a\x1b[2Jb\n.py", LINE)
        said = self.run_stanch("scan")
        self.assertNotIn(b"\x1b", said.out)
        self.assertIn(b"a\\x1b[2Jb\\n.py:1:6", said.out)

    def test_very_deep_folders_are_told(self):
        deep = self.top
        for _ in range(60):
            deep = deep / ("d" * 30)
        os.makedirs(deep)
        descriptor = os.open(deep, os.O_RDONLY)
        for _ in range(400):  # deeper than a path may be long
            os.mkdir("e", dir_fd=descriptor)
            inner = os.open("e", os.O_RDONLY, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        os.close(descriptor)
        self.write("a.py", LINE)
        said = self.scan()
        self.assertEqual((said.code, said.paths), (3, ["a.py"]))
        self.assertIn("more than 400 folders deep", said.err)
        subprocess.run(["rm", "-rf", str(self.top / ("d" * 30))], check=True)


if __name__ == "__main__":
    unittest.main()
