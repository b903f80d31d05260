"""Granted scopes: read back from real PostgreSQL and Redis, from moto with IAM enforcement, and from mocks of the
providers' documented answers; compared with what the code needs."""
import base64
import hashlib
import hmac
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(__file__))
import servers  # noqa: E402
from project import Project, made  # noqa: E402


class PostgresTest(Project):
    def test_privileges_are_read_and_compared(self):
        server = servers.Postgres(self.folder.name)
        self.addCleanup(server.stop)
        password = made(20)
        server.sql(f"CREATE TABLE users (id int); CREATE TABLE logs (id int); CREATE ROLE app LOGIN PASSWORD '{password}'; "
                   "GRANT SELECT, INSERT ON users TO app; GRANT SELECT ON logs TO app")
        self.write("app.py", "import os, psycopg\nc = psycopg.connect(os.environ['DATABASE_URL'])\nc.execute('SELECT id FROM users')\n")
        self.write(".env", f"DATABASE_URL=postgresql://app:{password}@127.0.0.1:{server.port}/postgres\n")
        report = self.granted()
        self.assertEqual(report["granted"]["DATABASE_URL"]["state"], "known")
        self.assertEqual(report["granted"]["DATABASE_URL"]["scopes"], ["INSERT users", "SELECT logs", "SELECT users"])
        excess = [f["excess"] for f in report["findings"] if f["fault"] == "too-broad"]
        self.assertEqual(excess, [["INSERT users", "SELECT logs"]])
        self.assertIn("read-only-would-do", self.faults(report, "DATABASE_URL"))
        # The written policy is enough, and leaves nothing to complain about.
        server.sql("REVOKE ALL ON users, logs FROM app; " + "\n".join(
            line for line in self.stanch("keys", "policy", "DATABASE_URL", "--role", "app").splitlines() if line.startswith("GRANT")))
        report = self.granted()
        self.assertEqual(report["granted"]["DATABASE_URL"]["scopes"], ["SELECT users"])
        self.assertEqual(self.faults(report, "DATABASE_URL"), [])
        server.sql("ALTER ROLE app PASSWORD 'other'")
        self.assertEqual(self.granted()["granted"]["DATABASE_URL"]["state"], "dead")


class RedisTest(Project):
    def test_acl_is_read_and_compared(self):
        server = servers.Redis(self.folder.name, made(20))
        self.addCleanup(server.stop)
        password = made(20, 1)
        server.cli("ACL", "SETUSER", "app", "on", ">" + password, "~*", "+@all")
        self.write("app.py", "import os, redis\nr = redis.Redis.from_url(os.environ['REDIS_URL'])\nr.get('a')\nr.hset('h', 'k', 1)\n")
        self.write(".env", f"REDIS_URL=redis://app:{password}@127.0.0.1:{server.port}/0\n")
        report = self.granted()
        self.assertEqual(report["granted"]["REDIS_URL"]["access"], "admin")
        self.assertIn("too-broad", self.faults(report, "REDIS_URL"))
        line = self.stanch("keys", "policy", "REDIS_URL", "--role", "app").split()
        self.assertEqual(line[:3], ["ACL", "SETUSER", "app"])
        server.cli(*line)
        # What the code does is allowed by that line, and nothing else is; nor may the user read its own ACL.
        self.assertEqual(server.cli("ACL", "DRYRUN", "app", "GET", "a"), "OK")
        self.assertEqual(server.cli("ACL", "DRYRUN", "app", "HSET", "h", "k", "1"), "OK")
        self.assertIn("no permissions", server.cli("ACL", "DRYRUN", "app", "FLUSHALL"))
        self.assertIn("unknown-scopes", self.faults(self.granted(), "REDIS_URL"))
        server.cli("ACL", "SETUSER", "app", "+acl|getuser")
        report = self.granted()
        self.assertEqual(report["granted"]["REDIS_URL"]["state"], "known")
        self.assertIn("+get", report["granted"]["REDIS_URL"]["scopes"])
        server.cli("ACL", "SETUSER", "app", "resetpass")
        self.assertEqual(self.granted()["granted"]["REDIS_URL"]["state"], "dead")


SERVICE = '''
import os
import boto3

def client(name):
    return boto3.client(name, endpoint_url=os.environ["ENDPOINT"], region_name="us-east-1",
                        aws_access_key_id=os.environ["AWS_ACCESS_KEY_ID"],
                        aws_secret_access_key=os.environ["AWS_SECRET_ACCESS_KEY"])

class Store:
    def __init__(self):
        self.s3 = client("s3")

    def save(self, key, body):
        self.s3.put_object(Bucket="invoices", Key=key, Body=body)

    def load(self, key):
        return self.s3.get_object(Bucket="invoices", Key=key)["Body"].read()

    def names(self):
        return [o["Key"] for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket="invoices")
                for o in page.get("Contents", [])]

def announce(url, text):
    client("sqs").send_message(QueueUrl=url, MessageBody=text)

def tell(table, key):
    return client("dynamodb").get_item(TableName=table, Key={"id": {"S": key}}).get("Item")
'''

SERVICE_TESTS = {
    "save": lambda m, url: m.Store().save("a", b"x"),
    "load": lambda m, url: m.Store().load("seed"),
    "names": lambda m, url: m.Store().names(),
    "announce": lambda m, url: m.announce(url, "hello"),
    "tell": lambda m, url: m.tell("bills", "1"),
}


class AwsTest(Project):
    """The sample service's own tests pass under the written policy, and every action that is taken out makes one fail."""

    def setUp(self):
        super().setUp()
        self.moto = servers.Moto()
        self.addCleanup(self.moto.stop)
        self.write("service.py", SERVICE)
        import boto3
        self.root_client = lambda name: boto3.client(name, endpoint_url=self.moto.url, region_name="us-east-1",
                                                     aws_access_key_id="root", aws_secret_access_key="root")
        self.moto.free_calls(1_000_000)
        s3 = self.root_client("s3")
        s3.create_bucket(Bucket="invoices")
        s3.put_object(Bucket="invoices", Key="seed", Body=b"s")
        self.queue = self.root_client("sqs").create_queue(QueueName="q")["QueueUrl"]
        self.root_client("dynamodb").create_table(
            TableName="bills", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
        iam = self.root_client("iam")
        iam.create_user(UserName="svc")
        self.key = iam.create_access_key(UserName="svc")["AccessKey"]

    def failing(self, policy):
        """The names of the service's tests that fail under a policy."""
        self.moto.free_calls(1_000_000)
        self.root_client("iam").put_user_policy(UserName="svc", PolicyName="p", PolicyDocument=json.dumps(policy))
        self.moto.free_calls(0)
        os.environ |= {"ENDPOINT": self.moto.url, "AWS_ACCESS_KEY_ID": self.key["AccessKeyId"],
                       "AWS_SECRET_ACCESS_KEY": self.key["SecretAccessKey"]}
        module = {}
        exec(SERVICE, module)  # noqa: S102
        space = type("m", (), {k: staticmethod(v) if callable(v) and not isinstance(v, type) else v for k, v in module.items()})
        failed = set()
        for name, test in SERVICE_TESTS.items():
            try:
                test(space, self.queue)
            except Exception:  # noqa: BLE001
                failed.add(name)
        return failed

    def test_policy_is_enough_and_no_more(self):
        policy = json.loads(self.stanch("keys", "policy", "aws", code=0))
        self.assertEqual(self.failing(policy), set())
        for i, statement in enumerate(policy["Statement"]):
            for action in statement["Action"]:
                less = json.loads(json.dumps(policy))
                less["Statement"][i]["Action"].remove(action)
                if not less["Statement"][i]["Action"]:
                    del less["Statement"][i]
                self.assertNotEqual(self.failing(less), set(), f"{action} is not needed")

    def test_granted_is_read_back(self):
        self.write(".env", f"AWS_ACCESS_KEY_ID={self.key['AccessKeyId']}\nAWS_SECRET_ACCESS_KEY={self.key['SecretAccessKey']}\n")
        where = ("--endpoint", f"aws={self.moto.url}")
        reading = {"Effect": "Allow", "Action": ["iam:GetUser", "iam:List*", "iam:Get*"], "Resource": "*"}
        self.moto.free_calls(1_000_000)
        iam = self.root_client("iam")
        iam.put_user_policy(UserName="svc", PolicyName="p", PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [reading, {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}))
        arn = iam.create_policy(PolicyName="more", PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "ec2:DescribeInstances", "Resource": "*"}}))["Policy"]["Arn"]
        iam.create_group(GroupName="g")
        iam.attach_group_policy(GroupName="g", PolicyArn=arn)
        iam.add_user_to_group(GroupName="g", UserName="svc")
        self.moto.free_calls(0)
        report = self.granted(*where)
        self.assertEqual(report["granted"]["AWS_ACCESS_KEY_ID"]["state"], "known", report)
        self.assertEqual(report["granted"]["AWS_ACCESS_KEY_ID"]["scopes"],
                         ["ec2:DescribeInstances", "iam:Get*", "iam:GetUser", "iam:List*", "s3:*"])
        self.assertIn("too-broad", self.faults(report, "AWS_ACCESS_KEY_ID"))
        # A key that may not read its policies is unknown, never fine.
        self.moto.free_calls(1_000_000)
        iam.put_user_policy(UserName="svc", PolicyName="p", PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}))
        self.moto.free_calls(0)
        report = self.granted(*where)
        self.assertEqual(report["granted"]["AWS_ACCESS_KEY_ID"]["state"], "unknown")
        self.assertIn("unknown-scopes", self.faults(report, "AWS_ACCESS_KEY_ID"))


    def test_a_role_and_what_is_denied(self):
        self.moto.free_calls(1_000_000)
        iam = self.root_client("iam")
        trust = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}}
        role = iam.create_role(RoleName="job", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        iam.put_role_policy(RoleName="job", PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["iam:*RolePolicies", "iam:*RolePolicy", "sqs:SendMessage"], "Resource": "*"},
            {"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"}]}))
        made = self.root_client("sts").assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]
        self.moto.free_calls(0)
        pair = f"AWS_ACCESS_KEY_ID={made['AccessKeyId']}\nAWS_SECRET_ACCESS_KEY={made['SecretAccessKey']}\n"
        self.write(".env", pair + f"AWS_SESSION_TOKEN={made['SessionToken']}\n")
        told = self.granted("--endpoint", f"aws={self.moto.url}")["granted"]["AWS_ACCESS_KEY_ID"]
        self.assertEqual((told["state"], told["scopes"]), ("known", ["iam:*RolePolicies", "iam:*RolePolicy", "sqs:SendMessage"]), told)
        # Without its session token nothing can be said of it: it is not dead.
        self.write(".env", pair)
        told = self.granted("--endpoint", f"aws={self.moto.url}")["granted"]["AWS_ACCESS_KEY_ID"]
        self.assertEqual(told["state"], "unknown")
        self.write(".env", f"AWS_ACCESS_KEY_ID={self.key['AccessKeyId']}\nAWS_SECRET_ACCESS_KEY={'x' * 40}\n")
        told = self.granted("--endpoint", f"aws={self.moto.url}")["granted"]["AWS_ACCESS_KEY_ID"]
        self.assertEqual(told["state"], "dead")


class HttpTest(Project):
    CASES = {
        # provider: (variable, path, headers, body, scopes)
        "github": ("GITHUB_TOKEN", "/user", {"X-OAuth-Scopes": "repo, workflow"}, {}, ["repo", "workflow"]),
        "gitlab": ("GITLAB_TOKEN", "/api/v4/personal_access_tokens/self", {}, {"scopes": ["api", "read_user"], "active": True}, ["api", "read_user"]),
        "slack": ("SLACK_TOKEN", "/api/auth.test", {"X-OAuth-Scopes": "chat:write,users:read"}, {"ok": True}, ["chat:write", "users:read"]),
        "google": ("GOOGLE_TOKEN", "/tokeninfo", {}, {"scope": "https://g/auth/drive.readonly email", "exp": "1"}, ["email", "https://g/auth/drive.readonly"]),
        "sendgrid": ("SENDGRID_API_KEY", "/v3/scopes", {}, {"scopes": ["mail.send", "alerts.read"]}, ["mail.send", "alerts.read"]),
        "shopify": ("SHOPIFY_TOKEN", "/admin/oauth/access_scopes.json", {}, {"access_scopes": [{"handle": "read_orders"}]}, ["read_orders"]),
        "square": ("SQUARE_TOKEN", "/oauth2/token/status", {}, {"scopes": ["PAYMENTS_READ"]}, ["PAYMENTS_READ"]),
        "buildkite": ("BUILDKITE_TOKEN", "/v2/access-token", {}, {"scopes": ["read_builds"]}, ["read_builds"]),
        "huggingface": ("HF_TOKEN", "/api/whoami-v2", {}, {"auth": {"accessToken": {"role": "write"}}}, ["write"]),
        "npm": ("NPM_TOKEN", "/-/npm/v1/tokens", {}, {"objects": [{"readonly": True}]}, ["true"]),
    }

    def setUp(self):
        super().setUp()
        self.mock = servers.Providers()
        self.addCleanup(self.mock.server_close)
        self.addCleanup(self.mock.shutdown)

    def endpoints(self, providers):
        return [word for name in providers for word in ("--endpoint", f"{name}={self.mock.url}")]

    def test_scopes_of_every_provider_that_tells(self):
        lines = []
        for i, (provider, (variable, path, headers, body, _)) in enumerate(self.CASES.items()):
            token = made(40, i)
            self.mock.answers[path, token] = (200, headers, body)
            lines.append(f"{variable}={token}\n")
        self.write(".env", "".join(lines))
        report = self.granted(*self.endpoints(self.CASES))
        for provider, (variable, _, _, _, scopes) in self.CASES.items():
            with self.subTest(provider):
                self.assertEqual(report["granted"][variable]["state"], "known", report["granted"][variable])
                self.assertEqual(report["granted"][variable]["scopes"], scopes)

    def test_dead_tokens_and_silence(self):
        quiet = made(40, 50)
        self.mock.answers["/user", quiet] = (200, {}, {})  # a fine-grained token: no header
        busy = made(40, 51)
        self.mock.answers["/v3/scopes", busy] = (429, {"Retry-After": "1"}, {})
        openai = made(40, 52)
        self.mock.answers["/v1/models", openai] = (200, {}, {"data": []})
        self.write(".env", f"GITHUB_TOKEN={quiet}\nGITLAB_TOKEN={made(40, 53)}\nSENDGRID_KEY={busy}\nOPENAI_API_KEY={openai}\n"
                           f"DOCKERHUB_TOKEN={made(36, 54)}\nSTRIPE_KEY={'rk_' + 'test_' + made(24, 55)}\n")
        states = {k: v["state"] for k, v in self.granted(*self.endpoints(["github", "gitlab", "sendgrid", "openai"]))["granted"].items()}
        self.assertEqual(states, {"GITHUB_TOKEN": "unknown", "GITLAB_TOKEN": "dead", "SENDGRID_KEY": "unknown", "OPENAI_API_KEY": "unknown",
                                  "DOCKERHUB_TOKEN": "unknown", "STRIPE_KEY": "unknown"})

    def test_npm_does_not_say_which_token_asked(self):
        token = made(40, 60)
        self.write(".env", f"NPM_TOKEN={token}\n")
        for tokens, state in (([True, True], "known"), ([True, False], "unknown")):
            self.mock.answers["/-/npm/v1/tokens", token] = (200, {}, {"objects": [{"readonly": r} for r in tokens]})
            self.assertEqual(self.granted(*self.endpoints(["npm"]))["granted"]["NPM_TOKEN"]["state"], state)

    def test_needed_against_granted(self):
        token = made(40)
        self.mock.answers["/api/auth.test", token] = (200, {"X-OAuth-Scopes": "chat:write,admin"}, {"ok": True})
        self.write("a.py", "import os\nfrom slack_sdk import WebClient\nWebClient(token=os.environ['SLACK_TOKEN']).chat_postMessage(channel='c')\n")
        self.write(".env", f"SLACK_TOKEN={token}\n")
        report = self.granted(*self.endpoints(["slack"]))
        self.assertEqual([f["excess"] for f in report["findings"] if f["fault"] == "too-broad"], [["admin"]])
        # Nothing is asked without being told to.
        before = len(self.mock.asked)
        self.stanch("keys", "audit", "--format", "json")
        self.assertEqual(len(self.mock.asked), before)

    def test_no_value_in_any_output(self):
        token = made(40)
        self.mock.answers["/user", token] = (200, {"X-OAuth-Scopes": "repo"}, {})
        self.write("services/a/.env", f"GITHUB_TOKEN={token}\nPIN=4711\nDB_PASSWORD=hunter2x\n")
        self.write("services/b/.env", f"GITHUB_TOKEN={token}\nDB_PASSWORD=hunter2x\n")
        for words in (["audit", "--online", *self.endpoints(["github"])], ["audit", "--format", "json"], ["audit", "--format", "sarif"],
                      ["list"], ["list", "--format", "json"], ["list", "--format", "svg"], ["list", "--format", "dot"], ["list", "--all"]):
            out = self.stanch("keys", *words)
            for value in (token, "4711", "hunter2x"):
                self.assertNotIn(value, out)
                for digest in (hashlib.sha256, hashlib.sha1, hashlib.md5, lambda b: hashlib.blake2b(b, digest_size=16)):
                    self.assertNotIn(digest(value.encode()).hexdigest()[:16], out)


def macaroon(caveats, key=b"k"):
    """A token as warehouse makes it: libmacaroons version 2, binary."""
    def field(kind, data):
        return bytes([kind, len(data)]) + data
    signature = hmac.new(hmac.new(b"macaroons-key-generator", key, hashlib.sha256).digest(), b"id", hashlib.sha256).digest()
    out = b"\x02" + field(1, b"pypi.org") + field(2, b"id") + b"\0"
    for caveat in caveats:
        out += field(2, caveat) + b"\0"
        signature = hmac.new(signature, caveat, hashlib.sha256).digest()
    return "pypi-" + base64.urlsafe_b64encode(out + b"\0" + field(6, signature)).rstrip(b"=").decode()


class PypiTest(Project):
    def test_scope_is_read_and_narrowed_offline(self):
        whole = macaroon([b'[3, "user-id"]'])
        self.assertIn("all of the account", self.stanch("keys", "narrow", stdin=whole + "\n", code=0))
        narrowed = self.stanch("keys", "narrow", "--project", "demo", stdin=whole, code=0).strip()
        # The very token that its issuer would accept: the caveat chain is signed on.
        self.assertEqual(narrowed, macaroon([b'[3, "user-id"]', b'[1, ["demo"]]']))
        self.assertIn("projects: demo", self.stanch("keys", "narrow", stdin=narrowed, code=0))
        again = self.stanch("keys", "narrow", "--until", "2030-01-01", stdin=narrowed, code=0).strip()
        self.assertEqual(again, macaroon([b'[3, "user-id"]', b'[1, ["demo"]]', b"[0, 1893542399, 0]"]))
        self.stanch("keys", "narrow", stdin="pypi-AgEI", code=2)
        self.write(".env", f"PYPI_TOKEN={narrowed}\n")
        self.assertEqual(self.granted()["granted"]["PYPI_TOKEN"]["scopes"], ["project:demo"])


if __name__ == "__main__":
    unittest.main()
