"""The dialects against their real programs, and no word of a value in any diagnostic.

A small share of what `./dev fuzz dotenv-differential` does at length, with the same inputs on every run.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

STANCH = os.environ["STANCH"]
SOURCE = pathlib.Path(os.environ["STANCH_SOURCE"])
BUILD = SOURCE / "build"
SCRIPT = SOURCE / "fuzz/dotenv_differential.py"


class Oracles(unittest.TestCase):
    def compare(self, dialect, count):
        environment = {**os.environ, "STANCH_DOTENV_BATCH": str(pathlib.Path(STANCH).parent / "dotenv_batch")}
        done = subprocess.run([sys.executable, SCRIPT, "0", dialect, "--count", str(count), "--seed", "6"], env=environment,
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn(f"{dialect}: {count} inputs, 0 differences", done.stdout)

    def test_python_dotenv(self):
        self.compare("python", 2000)

    def test_node_dotenv(self):
        self.compare("node", 2000)

    def test_compose(self):
        self.compare("compose", 2000)

    def test_docker_run(self):
        self.compare("docker", 2000)

    def test_uv(self):
        self.compare("uv", 100)

    def test_bash(self):
        self.compare("posix", 400)

    def test_dash(self):
        self.compare("dash", 400)


class Portable(unittest.TestCase):
    """What `env set` writes, read back by programs that have no dialect here, too."""

    def test_dotenvx_reads_plain_values_back(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, ".env")
            for value in ("abc-DEF_123.456", "two words", "postgres://u:" "p@h/db?a=1"):
                subprocess.run([STANCH, "env", "set", "--file", path, "KEY"], input=value, text=True, check=True,
                               capture_output=True)
                done = subprocess.run(["node", BUILD / "node/node_modules/.bin/dotenvx", "get", "KEY", "-f", path],
                                      capture_output=True, text=True)
                self.assertEqual(done.stdout.strip(), value, done.stderr)


class Quiet(unittest.TestCase):
    def test_no_diagnostic_shows_four_characters_of_a_value(self):
        environment = {**os.environ, "STANCH_DOTENV_BATCH": str(pathlib.Path(STANCH).parent / "dotenv_batch")}
        done = subprocess.run([sys.executable, SCRIPT.with_name("dotenv_quiet_differential.py"), "0", "--count", "200",
                               "--seed", "11"], env=environment, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("200 files, 0 diagnostics", done.stdout)


if __name__ == "__main__":
    unittest.main()
