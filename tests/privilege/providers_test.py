"""Every provider of which granted scopes can or can't be had: what its documentation says of living, dead, busy and silent
credentials, answered by a mock; and what is never sent anywhere."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(__file__))
import servers  # noqa: E402
from project import Project, made  # noqa: E402

OK = 200
# provider: (variable, value's beginning, path, header of the credential, headers, body, scopes, access)
TELLING = {
    "gitlab": ("GITLAB_TOKEN", "glpat" + "-", "/api/v4/personal_access_tokens/self", "PRIVATE-TOKEN", {},
               {"scopes": ["read_api"], "active": True, "revoked": False, "expires_at": "2027-01-31"}, ["read_api"], "read"),
    "slack": ("SLACK_BOT_TOKEN", "xoxb" + "-", "/api/auth.test", "Authorization", {"X-OAuth-Scopes": "chat:write,users:read"},
              {"ok": True, "team": "T", "user_id": "U1"}, ["chat:write", "users:read"], "write"),
    "google": ("GOOGLE_TOKEN", "ya29" + ".", "/tokeninfo", "query", {},
               {"scope": "openid https://www.googleapis.com/auth/drive.readonly", "exp": "1900000000", "aud": "x"},
               ["https://www.googleapis.com/auth/drive.readonly", "openid"], "read"),
    "npm": ("NPM_TOKEN", "npm" + "_", "/-/npm/v1/tokens", "Authorization", {},
            {"objects": [{"token": "npm_1", "key": "k", "readonly": True, "cidr_whitelist": None}], "urls": {}}, ["true"], "read"),
    "huggingface": ("HF_TOKEN", "hf" + "_", "/api/whoami-v2", "Authorization", {},
                    {"name": "u", "auth": {"accessToken": {"role": "fineGrained", "fineGrained": {"scoped": [
                        {"entity": {"name": "u"}, "permissions": ["repo.content.read"]}]}}}},
                    ["fineGrained", "repo.content.read"], "read"),
    "sendgrid": ("SENDGRID_API_KEY", "SG" + ".", "/v3/scopes", "Authorization", {}, {"scopes": ["mail.send", "alerts.read"]},
                 ["mail.send", "alerts.read"], "write"),
    "shopify": ("SHOPIFY_TOKEN", "shpat" + "_", "/admin/oauth/access_scopes.json", "X-Shopify-Access-Token", {},
                {"access_scopes": [{"handle": "read_orders"}, {"handle": "write_products"}]}, ["read_orders", "write_products"], "write"),
    "square": ("SQUARE_TOKEN", "EAAA", "/oauth2/token/status", "Authorization", {},
               {"scopes": ["PAYMENTS_READ", "CUSTOMERS_READ"], "expires_at": "2027-01-01T00:00:00Z"},
               ["PAYMENTS_READ", "CUSTOMERS_READ"], "read"),
    "buildkite": ("BUILDKITE_TOKEN", "bkua" + "_", "/v2/access-token", "Authorization", {},
                  {"uuid": "u", "scopes": ["read_builds", "write_builds"]}, ["read_builds", "write_builds"], "write"),
}
SILENT = {
    "openai": ("OPENAI_API_KEY", "sk-proj" + "-", "/v1/models", "Authorization", {}, {"object": "list", "data": []}),
    "anthropic": ("ANTHROPIC_API_KEY", "sk-ant" + "-", "/v1/models", "x-api-key", {}, {"data": [], "has_more": False}),
}


class Providers(Project):
    def setUp(self):
        super().setUp()
        self.mock = servers.Providers()
        self.addCleanup(self.mock.server_close)
        self.addCleanup(self.mock.shutdown)

    def ask(self, provider, name, value, answer, more=""):
        """What the audit says of one credential."""
        self.mock.answers.clear()
        if answer:
            path, status, headers, body = answer
            self.mock.answers[path, value] = (status, headers, body)
        self.write(".env", f"{name}={value}\n{more}")
        report = self.granted("--endpoint", f"{provider}={self.mock.url}")
        each = report["granted"].get(name)
        if each is not None and each["state"] != "known":
            self.assertIn("dead" if each["state"] == "dead" else "unknown-scopes", self.faults(report, name))
        return each

    def ask_all(self, answers):
        """The same of many, in one run: {provider: (status, headers, body) or None for a token that is not known}."""
        self.mock.answers.clear()
        self.mock.asked.clear()
        lines, places = [], []
        for i, (provider, answer) in enumerate(answers.items()):
            name, start, path, *_ = (TELLING | SILENT)[provider]
            value = start + made(40, i)
            lines.append(f"{name}={value}\n")
            places += ["--endpoint", f"{provider}={self.mock.url}"]
            if answer:
                self.mock.answers[path, value] = answer
        self.write(".env", "".join(lines))
        report = self.granted(*places)
        return {provider: report["granted"][(TELLING | SILENT)[provider][0]] for provider in answers}

    def test_scopes_of_those_that_tell(self):
        told = self.ask_all({provider: (OK, facts[4], facts[5]) for provider, facts in TELLING.items()})
        for provider, (_, _, _, _, _, _, scopes, access) in TELLING.items():
            with self.subTest(provider):
                each = told[provider]
                self.assertEqual((each["state"], each["scopes"], each["access"]), ("known", scopes, access))
        self.assertEqual(sorted(asked[1:] for asked in self.mock.asked), sorted((facts[2], facts[3]) for facts in TELLING.values()))

    def test_dead_busy_and_broken(self):
        for answer, state in ((None, "dead"), ((429, {}, {}), "unknown"),
                              ((404, {}, {}), "unknown"), ((OK, {}, {"ok": True, "data": []}), "unknown")):
            told = self.ask_all(dict.fromkeys(TELLING | SILENT, answer))
            self.assertEqual({provider: each["state"] for provider, each in told.items()}, dict.fromkeys(told, state))
            if answer and answer[0] == 429:
                for each in told.values():
                    self.assertIn("too many requests", each["why"])
        self.assertEqual(self.ask_all({"gitlab": (503, {}, {})})["gitlab"]["state"], "unknown")

    def test_slack_says_no_with_status_200(self):
        for error, state in (("invalid_auth", "dead"), ("token_revoked", "dead"), ("account_inactive", "dead"),
                             ("ratelimited", "unknown"), ("internal_error", "unknown"), ("fatal_error", "unknown")):
            told = self.ask("slack", "SLACK_TOKEN", "xoxb" + "-" + made(30), ("/api/auth.test", OK, {}, {"ok": False, "error": error}))
            self.assertEqual((error, told["state"]), (error, state))

    def test_revoked_at_gitlab(self):
        told = self.ask("gitlab", "GITLAB_TOKEN", "glpat" + "-" + made(20),
                        ("/api/v4/personal_access_tokens/self", OK, {}, {"scopes": ["api"], "active": False}))
        self.assertEqual(told["state"], "dead")

    def test_google_refuses_with_400(self):
        told = self.ask("google", "GOOGLE_TOKEN", "ya29" + "." + made(40), ("/tokeninfo", 400, {}, {"error": "invalid_token"}))
        self.assertEqual(told["state"], "dead")

    def test_datadog_lists_the_users_keys(self):
        path, app, api = "/api/v2/current_user/application_keys", made(40, 1), made(32, 2)
        other = {"attributes": {"last4": "zzzz", "scopes": ["monitors_write"]}}

        def key(scopes):
            return {"data": [other, {"attributes": {"last4": app[-4:], "scopes": scopes}}]}

        told = self.ask("datadog", "DD_APP_KEY", app, (path, OK, {}, key(["dashboards_read"])), f"DD_API_KEY={api}\n")
        self.assertEqual((told["state"], told["scopes"], told["access"]), ("known", ["dashboards_read"], "read"))
        told = self.ask("datadog", "DD_APP_KEY", app, (path, OK, {}, key(None)), f"DD_API_KEY={api}\n")
        self.assertEqual((told["scopes"], told["access"]), (["(all of the user's)"], "write"))
        told = self.ask("datadog", "DD_APP_KEY", app, (path, OK, {}, {"data": [other]}), f"DD_API_KEY={api}\n")
        self.assertEqual(told["state"], "unknown")
        self.assertEqual(self.ask("datadog", "DD_APP_KEY", app, (path, 403, {}, {}), f"DD_API_KEY={api}\n")["state"], "dead")
        self.assertEqual(self.ask("datadog", "DD_APP_KEY", app, None)["state"], "unknown")  # without its API key
        told = self.ask("datadog", "DD_API_KEY", api, ("/api/v1/validate", OK, {}, {"valid": True}))
        self.assertEqual(told["state"], "unknown")
        self.assertEqual(self.ask("datadog", "DD_API_KEY", api, ("/api/v1/validate", 403, {}, {}))["state"], "dead")

    def test_told_without_asking(self):
        stripe = {"sk" + "_live_": "known", "sk" + "_test_": "known", "rk" + "_live_": "unknown", "pk" + "_live_": "unknown",
                  "whsec" + "_": "unknown"}
        for start, state in stripe.items():
            told = self.ask("stripe", "STRIPE_SECRET_KEY", start + made(24), None)
            self.assertEqual((start, told["state"]), (start, state))
        self.assertEqual(self.ask("slack", "SLACK_WEBHOOK_URL", "https://hooks.slack.com/services/T0/B0/" + made(24), None)["scopes"],
                         ["incoming-webhook"])
        unknown = {"DOCKERHUB_TOKEN": "dckr_pat" + "_" + made(27), "MYSQL_PASSWORD": made(20), "GOOGLE_API_KEY": "AIza" + made(35),
                   "GOOGLE_APPLICATION_CREDENTIALS": "/etc/sa.json",
                   "GOOGLE_CLIENT_SECRET": "GOCSPX-" + made(28), "SLACK_SIGNING_SECRET": made(32), "GITLAB_WEBHOOK_SECRET": made(20),
                   "GITLAB_RUNNER_TOKEN": "glrt" + "-" + made(20), "POSTGRES_PASSWORD": made(20), "REDIS_PASSWORD": made(20)}
        for i, (name, value) in enumerate(unknown.items()):
            with self.subTest(name):
                provider = name.split("_")[0].lower()
                self.assertEqual(self.ask(provider, name, value, None)["state"], "unknown")
        self.assertEqual(self.mock.asked, [])

    def test_what_is_no_credential_is_sent_nowhere(self):
        self.write(".env", "SLACK_CHANNEL=general\nGITHUB_REPOSITORY=a/b\nGITLAB_URL=https://gitlab.example.com\nREDIS_HOST=localhost\n"
                           "OPENAI_MODEL=gpt-4\nNPM_CONFIG_CACHE=/x\n")
        places = [word for name in ("slack", "github", "gitlab", "openai", "google", "npm")
                  for word in ("--endpoint", f"{name}={self.mock.url}")]
        report = self.granted(*places)
        self.assertEqual((report["granted"], self.mock.asked), ({}, []))

    def test_an_endpoint_without_asking(self):
        done = self.run_stanch("keys", "audit", "--endpoint", "gitlab=http://127.0.0.1:1", code=2)
        self.assertIn("add --online", done.stderr)


if __name__ == "__main__":
    unittest.main()
