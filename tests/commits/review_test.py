"""What `stanch review` writes for machines is what they read."""
import json
import os
import pathlib
import unittest
import urllib.parse

import jsonschema

from support.split_repository import Repository

SARIF = (pathlib.Path(os.environ["STANCH_SOURCE"]) /
         "build/node/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json")
NAME = "a caf\u00e9 #1 %.py"


class Review(unittest.TestCase):
    def setUp(self):
        self.repository = Repository()
        self.addCleanup(self.repository.close)
        self.repository.write("auth.py", "".join(f"x{n} = {n}\n" for n in range(40)))
        self.repository.write("gone.py", "import subprocess\nsubprocess.run('ls', shell=True)\n")
        self.repository.commit("Begin")

    def change(self):
        self.repository.write("auth.py", "password = load()\n" + "".join(f"x{n} = {n}\n" for n in range(1, 40)) +
                              "requests.get(url, verify=False)\n")
        self.repository.write(NAME, "import os\nos.system(command)\n")
        self.repository.write(".github/workflows/ci.yml", "on: push\njobs:\n  a:\n    runs-on: x\n")
        self.repository.write(b"bytes\xff.py".decode("utf-8", "surrogateescape"), "eval(text)\n")
        self.repository.write("picture.png", b"\x89PNG\0\xff")
        (self.repository.path / "gone.py").unlink()
        self.repository.git("add", "-A")

    def sarif(self, *words):
        log = json.loads(self.repository.stanch("review", "--format", "sarif", *words).stdout)
        jsonschema.Draft7Validator(json.loads(SARIF.read_text())).validate(log)
        return log["runs"][0]

    def test_sarif_validates(self):
        self.change()
        run = self.sarif()
        rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        self.assertEqual(len(rules), len(set(rules)))
        places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
        paths = {urllib.parse.unquote(place["artifactLocation"]["uri"], errors="surrogateescape") for place in places}
        self.assertLessEqual({"auth.py", NAME, ".github/workflows/ci.yml", "bytes\udcff.py"}, paths)
        self.assertTrue(all(place["region"]["startLine"] >= 1 for place in places))
        self.assertTrue(all(result["ruleId"] in rules for result in run["results"]))
        marks = [result["partialFingerprints"]["stanchReview/v1"] for result in run["results"]]
        self.assertEqual(len(marks), len(set(marks)))
        self.assertEqual(len(self.sarif("--top", "1")["results"]), 1)

    def test_sarif_of_nothing_risky_validates(self):
        self.repository.write("auth.py", "".join(f"x{n} = {n}\n" for n in range(41)))
        self.repository.git("add", "-A")
        self.assertEqual(self.sarif()["results"], [])


if __name__ == "__main__":
    unittest.main()
