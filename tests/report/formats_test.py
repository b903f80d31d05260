"""Every format is what its readers expect, and holds no secret."""
import csv
import io
import json
import os
import pathlib
import stat
import unittest
import xml.etree.ElementTree

import jsonschema

from support.scans import ScanCase, token

SOURCE = pathlib.Path(os.environ["STANCH_SOURCE"])
SARIF = SOURCE / "build/node/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
FORMATS = ("human", "jsonl", "json", "sarif", "csv", "junit", "gitlab", "gitleaks")
KEYS = ["path", "line", "column", "end_line", "end_column", "rule", "provider", "confidence", "probability", "why",
        "fingerprint", "secret", "decoded_by"]


class Formats(ScanCase):
    def setUp(self):
        super().setUp()
        self.secrets = [token(n) for n in (1, 2, 3)]
        self.write("a.py", f'x = "{self.secrets[0]}"; y = "{self.secrets[1]}" # <caf\u00e9 & "co">\n')
        self.write("b \u00e9#.py", b"\xe9\xff\n" + f"\t\u20acz = '{self.secrets[2]}'\n".encode())
        os.mkfifo(self.top / "pipe")

    def report(self, name, *flags):
        return self.run_stanch("scan", "-f", name, *flags)

    def test_no_format_holds_a_secret_unless_asked_in_so_many_words(self):
        for name in FORMATS:
            said = self.report(name)
            self.assertEqual(said.code, 3)
            for secret in self.secrets:
                self.assertNotIn(secret.encode(), said.out, name)
                self.assertNotIn(secret, said.err, name)
                self.assertIn(secret.encode(), self.report(name, "--reveal").out, name)

    def test_json_lines_have_the_documented_keys(self):
        findings = self.report("jsonl").findings
        self.assertEqual(len(findings), 3)
        for finding in findings:
            self.assertEqual(list(finding), KEYS)
            self.assertIn(finding["confidence"], ("high", "medium", "low"))
            self.assertRegex(finding["fingerprint"], "^[0-9a-f]{32}$")
            self.assertRegex(finding["secret"], "^ghp_\u2026....$")
        self.assertEqual(findings[0]["end_column"], findings[0]["column"] + 39)
        self.assertEqual(json.loads(self.report("json").out), findings)

    def test_sarif_validates(self):
        log = json.loads(self.report("sarif").out)
        jsonschema.Draft7Validator(json.loads(SARIF.read_text())).validate(log)
        run = log["runs"][0]
        self.assertEqual(len(run["results"]), 3)
        for result in run["results"]:
            self.assertEqual(run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"], result["ruleId"])
        uris = [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in run["results"]]
        self.assertEqual(uris, ["a.py", "a.py", "b%20%C3%A9%23.py"])
        region = run["results"][2]["locations"][0]["physicalLocation"]["region"]  # SARIF counts characters
        self.assertEqual((region["startLine"], region["startColumn"], region["endColumn"]), (2, 8, 48))
        self.assertFalse(run["invocations"][0]["executionSuccessful"])
        self.assertEqual(len(run["invocations"][0]["toolExecutionNotifications"]), 1)

    def test_gitlab_validates(self):
        report = json.loads(self.report("gitlab").out)
        schema = json.loads((SOURCE / "tests/report/gitlab-secret-detection.schema.json").read_text())
        jsonschema.Draft7Validator(schema).validate(report)
        self.assertEqual(len({v["id"] for v in report["vulnerabilities"]}), 3)

    def test_csv_and_junit_are_read_back(self):
        rows = list(csv.DictReader(io.StringIO(self.report("csv").out.decode(), newline="")))
        self.assertEqual([r["path"] for r in rows], ["a.py", "a.py", "b \u00e9#.py"])
        suite = xml.etree.ElementTree.fromstring(self.report("junit").out)[0]
        self.assertEqual((suite.get("tests"), suite.get("failures"), suite.get("errors")), ("4", "3", "1"))
        self.assertEqual(len(suite.findall("testcase/failure")), 3)

    def test_gitleaks_fields_are_byte_for_byte_those_of_gitleaks(self):
        self.write("r.toml", '[[rules]]\nid = "mine"\ndescription = "a <token> & more"\n'
                             "regex = '''tok_([a-z0-9]{12})'''\ntags = [\"x\", \"y\"]\n")
        self.write("in/c.py", "\n\tv = tok_" + "ab12" * 3 + " # \u00e9\n")
        said = self.run_stanch("scan", "in", "--rules", "r.toml", "-f", "gitleaks", "--reveal")
        secret = "ab12" * 3
        self.assertEqual(said.out.decode(), f"""[
 {{
  "RuleID": "mine",
  "Description": "a \\u003ctoken\\u003e \\u0026 more",
  "StartLine": 2,
  "EndLine": 2,
  "StartColumn": 7,
  "EndColumn": 22,
  "Match": "tok_{secret}",
  "Secret": "{secret}",
  "File": "in/c.py",
  "SymlinkFile": "",
  "Commit": "",
  "Entropy": 2,
  "Author": "",
  "Email": "",
  "Date": "",
  "Message": "",
  "Tags": [
   "x",
   "y"
  ],
  "Fingerprint": "in/c.py:mine:2"
 }}
]
""")
        self.write("none/d.py", "\n")
        self.assertEqual(self.run_stanch("scan", "none", "-f", "gitleaks").out, b"[]\n")

    def test_an_output_file_is_private_and_comes_as_a_whole(self):
        said = self.report("jsonl", "--output", "out.jsonl")
        self.assertEqual(said.out, b"")
        file = self.top / "out.jsonl"
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
        self.assertEqual(len(file.read_text().splitlines()), 3)
        self.write("broken.toml", "x = ")
        self.assertEqual(self.report("jsonl", "-o", "out.jsonl", "--rules", "broken.toml").code, 2)
        self.assertEqual(len(file.read_text().splitlines()), 3)
        self.assertEqual([p.name for p in self.top.glob("out*")], ["out.jsonl"])
        self.assertEqual(self.report("jsonl", "-o", "no/such/folder").code, 2)

    def test_a_format_that_does_not_exist(self):
        said = self.report("sarfi")
        self.assertEqual(said.code, 2)
        self.assertIn("there is no format 'sarfi'", said.err)
        self.assertIn("sarif", said.err)


if __name__ == "__main__":
    unittest.main()
