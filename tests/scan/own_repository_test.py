"""stanch finds nothing in its own work tree: fixtures are assembled at run time, rules are templates."""
import os
import subprocess
import unittest


class OwnRepository(unittest.TestCase):
    def test_nothing_is_found(self):
        source = os.environ["STANCH_SOURCE"]
        files = subprocess.run(["git", "-C", source, "ls-files", "-z"], capture_output=True, text=True, check=True)
        self.assertGreater(files.stdout.count("\0"), 300)
        done = subprocess.run([os.environ["STANCH"], "scan", source], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
