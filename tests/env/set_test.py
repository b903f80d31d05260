"""`stanch env set` beside others who change the same file."""
import os
import pathlib
import subprocess
import tempfile
import unittest

from dotenv import dotenv_values

STANCH = os.environ["STANCH"]


class Set(unittest.TestCase):
    def setUp(self):
        self.top = tempfile.TemporaryDirectory()
        self.addCleanup(self.top.cleanup)
        self.path = pathlib.Path(self.top.name, ".env")

    def start(self, name, value):
        return subprocess.Popen([STANCH, "env", "set", "--file", self.path, name, value], stderr=subprocess.DEVNULL)

    def test_thirty_at_once_lose_nothing(self):
        self.path.write_text("# mine\nFIRST=1\n")
        started = [self.start(f"NAME_{i}", f"value {i}") for i in range(30)]
        self.assertEqual([process.wait() for process in started], [0] * 30)
        self.assertEqual(dotenv_values(self.path), {"FIRST": "1", **{f"NAME_{i}": f"value {i}" for i in range(30)}})
        self.assertTrue(self.path.read_text().startswith("# mine\n"))
        self.assertEqual(os.listdir(self.top.name), [".env"])

    def test_a_killed_one_leaves_the_file_whole(self):
        before = "".join(f"NAME_{i}=value\n" for i in range(20000))
        self.path.write_text(before)
        for _ in range(10):
            process = self.start("NEW", "x")
            process.kill()
            process.wait()
            self.assertIn(self.path.read_text(), (before, before + "NEW=x\n"))

    def test_a_folder_that_cannot_be_written_is_told(self):
        done = subprocess.run([STANCH, "env", "set", "--file", "/proc/nothing/.env", "A", "b"], capture_output=True, text=True)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("/proc/nothing", done.stderr)


if __name__ == "__main__":
    unittest.main()
