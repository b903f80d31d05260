"""GitHub's kinds of tokens, read back from a mock whose every answer fits GitHub's own description of its API."""
import os
import sys
import unittest
import urllib.error
import urllib.request

sys.path.insert(0, os.path.dirname(__file__))
import github_mock  # noqa: E402
from github_mock import Token  # noqa: E402
from project import Project, made  # noqa: E402

CLASSIC, FINE, INSTALLATION, APP_USER, REFRESH = "ghp" + "_", "github_pat" + "_", "ghs" + "_", "ghu" + "_", "ghr" + "_"


class GithubTest(Project):
    def setUp(self):
        super().setUp()
        self.github = self.mock("")

    def mock(self, base):
        server = github_mock.Github(base)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server

    def token(self, prefix, seed, **facts):
        secret = prefix + made(36, seed)
        self.github.tokens[secret] = Token(**facts)
        return secret

    def ask(self, server=None, **tokens):
        self.write(".env", "".join(f"{name}={value}\n" for name, value in tokens.items()))
        return self.granted("--endpoint", f"github={(server or self.github).url}")

    def test_every_answer_fits_the_description(self):
        tokens = {self.token(CLASSIC, 1, scopes="repo, read:org"): "classic", self.token(CLASSIC, 2, dead=True): "dead",
                  self.token(FINE, 3, kind="fine-grained", permissions=("issues=read",)): "fine",
                  self.token(INSTALLATION, 4, kind="installation", permissions=("issues=write",)): "installation",
                  self.token(CLASSIC, 5, exhausted="primary"): "exhausted", self.token(CLASSIC, 6, exhausted="secondary"): "busy"}
        for verb, path in github_mock.ROUTES:
            for secret in tokens:
                request = urllib.request.Request(self.github.url + path.replace("{path}", "README.md").replace("{", "").replace("}", ""),
                                                 method=verb, headers={"Authorization": "Bearer " + secret, "User-Agent": "t"})
                try:
                    urllib.request.urlopen(request).read()
                except urllib.error.HTTPError as refused:
                    refused.read()
        statuses = {status for _, _, status, _ in self.github.answered}
        self.assertEqual(statuses, {200, 201, 401, 403, 429})
        self.assertEqual(self.github.faults, [])
        # The check itself sees what does not fit.
        self.assertNotEqual(github_mock.complain("GET", "/user", 200, {"login": 1}), "")

    def test_each_kind_of_token(self):
        report = self.ask(
            GITHUB_TOKEN=self.token(CLASSIC, 1, scopes="admin:org, repo"), NO_SCOPES_TOKEN=self.token(CLASSIC, 2),
            FINE_TOKEN=self.token(FINE, 3, kind="fine-grained"), APP_TOKEN=self.token(INSTALLATION, 4, kind="installation"),
            USER_TOKEN=self.token(APP_USER, 5, kind="app-user"), OLD_TOKEN=self.token(CLASSIC, 6, dead=True),
            BUSY_TOKEN=self.token(CLASSIC, 7, exhausted="primary"), BUSIER_TOKEN=self.token(CLASSIC, 8, exhausted="secondary"),
            REFRESH_TOKEN=REFRESH + made(76, 9))
        told = {name: (each["state"], each.get("scopes")) for name, each in report["granted"].items()}
        self.assertEqual({name: state for name, (state, _) in told.items()}, {
            "GITHUB_TOKEN": "known", "NO_SCOPES_TOKEN": "known", "FINE_TOKEN": "unknown", "APP_TOKEN": "unknown",
            "USER_TOKEN": "unknown", "OLD_TOKEN": "dead", "BUSY_TOKEN": "unknown", "BUSIER_TOKEN": "unknown",
            "REFRESH_TOKEN": "unknown"})
        self.assertEqual(told["GITHUB_TOKEN"][1], ["admin:org", "repo"])
        self.assertEqual(told["NO_SCOPES_TOKEN"][1], [])
        for name in ("FINE_TOKEN", "APP_TOKEN", "USER_TOKEN", "BUSY_TOKEN", "REFRESH_TOKEN"):
            self.assertIn("unknown-scopes", self.faults(report, name))
        self.assertEqual(self.github.faults, [])

    def test_granted_against_needed(self):
        self.write("bot.py", "import os\nfrom github import Github\n"
                             "Github(os.environ['GITHUB_TOKEN']).get_repo('o/r').create_issue(title='t')\n")
        report = self.ask(GITHUB_TOKEN=self.token(CLASSIC, 1, scopes="admin:org, repo, workflow"))
        excess = [f["excess"] for f in report["findings"] if f["fault"] == "too-broad"]
        self.assertEqual(excess, [["admin:org", "workflow"]])

    def test_an_enterprise_server(self):
        self.github = self.mock("/api/v3")
        report = self.ask(GITHUB_TOKEN=self.token(CLASSIC, 1, scopes="repo"))
        self.assertEqual(report["granted"]["GITHUB_TOKEN"]["scopes"], ["repo"])


if __name__ == "__main__":
    unittest.main()
