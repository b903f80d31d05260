"""The audit from the outside: what it finds, what it leaves alone, and that it writes no value."""
import json
import os
import pathlib
import random
import string
import subprocess
import tempfile
import time
import unittest
import urllib.parse

STANCH = os.environ["STANCH"]


class AuditTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="stanch-audit-")
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.random = random.Random(7)

    def made(self, length=32):
        return "".join(self.random.choices(string.ascii_letters + string.digits, k=length))

    def write(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def audit(self, *words):
        done = subprocess.run([STANCH, "keys", "audit", *words], cwd=self.root, capture_output=True, text=True, timeout=100,
                              env={"PATH": os.environ["PATH"], "HOME": str(self.root)})
        return done.returncode, done.stdout

    def faults(self):
        code, out = self.audit("--format", "json")
        return code, sorted((f["fault"], f["credential"]) for f in json.loads(out)["findings"])

    def test_one_name_with_a_value_for_each_service_is_not_shared(self):
        for name in ("a", "b"):
            self.write(f"services/{name}/.env", f"DB_PASSWORD={self.made()}\n")
            self.write(f"services/{name}/app.py", 'import os\npassword = os.environ["DB_PASSWORD"]\n')
        self.assertEqual(self.faults()[1], [])
        # One value for both is.
        for name in ("a", "b"):
            (self.root / f"services/{name}/.env").unlink()
        self.write(".env", f"DB_PASSWORD={self.made()}\n")
        self.assertEqual(self.faults()[1], [("shared", "DB_PASSWORD")])

    def test_the_address_of_a_database_is_a_credential(self):
        for name in ("a", "b"):
            self.write(f"services/{name}/app.py", 'import os\nurl = os.environ["DATABASE_URL"]\n')
        self.assertEqual(self.faults()[1], [("shared", "DATABASE_URL")])
        self.write(".env", "DATABASE_URL=sqlite:///db.sqlite3\n")
        self.assertEqual(self.faults()[1], [])

    def test_a_host_of_documentation_makes_no_placeholder(self):
        value = self.made()
        self.write("services/a/.env", f"DB_PASSWORD={value}\n")
        self.write("services/b/.env", f"MONGO_URL=mongodb+srv://app:{value}@db.example.net/main\n")
        self.write("services/c/.env", f"SQL_SECRET='Server=db.example.com;Pwd={value};'\n")
        self.write("services/d/.env", "API_KEY=your-api-key-of-example.com\n")
        self.write("services/e/.env", "API_KEY=your-api-key-of-example.com\n")
        code, out = self.audit("--format", "json")
        self.assertEqual([len(f["places"]) for f in json.loads(out)["findings"] if f["fault"] == "shared"], [3])

    def test_ten_thousand_values_in_two_hundred_files(self):
        files = [[] for _ in range(200)]
        plain = [self.made() for _ in range(9700)]
        for i, value in enumerate(plain):
            files[i % 200].append(f"SECRET_{i}={value}\n")
        for i in range(300):
            value = plain[i * 17]
            owner = (i * 17) % 200
            dressed = [value, urllib.parse.quote(value + "", safe=""), f"postgresql://app:{value}@db:5432/main",
                       f"'Server=db;Pwd={value};'"][i % 4]
            files[(owner + 1 + i % 198) % 200].append(f"OTHER_TOKEN_{i}={dressed}\n")
        for i, lines in enumerate(files):
            self.write(f"services/s{i}/.env", "".join(lines))
        begin = time.process_time()
        code, out = self.audit("--format", "json")
        self.assertEqual(code, 1)
        shared = [f for f in json.loads(out)["findings"] if f["fault"] == "shared"]
        pairs = {tuple(sorted(p[p.index("(") + 1:-1] for p in f["places"])) for f in shared}
        self.assertEqual(pairs, {tuple(sorted((f"SECRET_{i * 17}", f"OTHER_TOKEN_{i}"))) for i in range(300)})
        for value in plain[::97]:
            self.assertNotIn(value, out)

    def test_declared_read_and_present(self):
        self.write("stanch.toml", '[credential.USED_KEY]\n[credential.SPARE_KEY]\n[credential.LIVE_KEY]\nenvironments = ["production"]\n'
                                  '[credential.OLD_KEY]\nrotate = "30d"\n')
        self.write("a.py", "import os\nos.environ['USED_KEY']\nos.getenv('LOST_TOKEN')\nos.getenv('DEBUG')\nos.getenv('OLD_KEY')\nos.getenv('LIVE_KEY')\n")
        self.write(".env", f"LIVE_KEY={self.made()}\nOLD_KEY={self.made()}\n")
        past = time.time() - 40 * 86400
        os.utime(self.root / ".env", (past, past))
        self.write(".env.example", "USED_KEY=changeme\n")
        code, faults = self.faults()
        self.assertEqual(faults, [("overdue", "OLD_KEY"), ("undeclared", "LOST_TOKEN"), ("unused", "SPARE_KEY"), ("wrong-place", "LIVE_KEY")])
        self.assertEqual(code, 1)

    def test_nothing_wrong(self):
        self.write("stanch.toml", "[credential.USED_KEY]\n")
        self.write("a.py", "import os\nos.environ['USED_KEY']\n")
        self.write(".env", f"USED_KEY={self.made()}\nDEBUG=true\nPORT=8000\n")
        self.write("other/.env", "DEBUG=true\nPORT=8000\n")
        self.assertEqual(self.faults(), (0, []))

    def test_sarif_is_a_report(self):
        self.write("Dockerfile", f"FROM x\nENV API_TOKEN={self.made()}\n")
        code, out = self.audit("--format", "sarif")
        run = json.loads(out)["runs"][0]
        self.assertEqual([r["ruleId"] for r in run["results"]], ["keys-wrong-place"])
        self.assertEqual(run["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"], 2)
        self.assertEqual(code, 1)


if __name__ == "__main__":
    unittest.main()
