"""Sample services against moto with IAM enforcement: their own tests pass under the policy that stanch writes for them, and
every action that is taken out of it makes one fail.

moto knows the resources of S3, of SQS by URL, IAM and STS, and none of the others': where a service names those literally,
its policy is written with --resources all. It calls CloudWatch's actions monitoring:…, which AWS does not.
"""
import copy
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(__file__))
import boto3  # noqa: E402
import servers  # noqa: E402
from project import Project  # noqa: E402

BUCKETS_AND_QUEUES = '''
import json
import boto3

store = boto3.resource("s3")
reports = store.Bucket("reports")
sqs = boto3.client("sqs")

class Orders:
    def __init__(self, table=None):
        self.table = table or boto3.resource("dynamodb").Table("orders")

    def add(self, oid):
        self.table.put_item(Item={"id": oid})

    def get(self, oid):
        return self.table.get_item(Key={"id": oid}).get("Item")

    def close(self, oid):
        self.table.update_item(Key={"id": oid}, UpdateExpression="SET closed = :c", ExpressionAttributeValues={":c": True})

    def add_all(self, ids):
        with self.table.batch_writer() as batch:
            for oid in ids:
                batch.put_item(Item={"id": oid})

def upload(path, key):
    reports.upload_file(path, key)

def download(key, path):
    store.meta.client.download_file("reports", key, path)

def listing():
    return [o.key for o in reports.objects.filter(Prefix="")]

def move(key, to):
    store.meta.client.copy_object(Bucket="archive", Key=to, CopySource={"Bucket": "reports", "Key": key})
    reports.Object(key).delete()

def enqueue(body):
    url = sqs.get_queue_url(QueueName="jobs")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps(body))
    return url

def drain(url):
    for message in sqs.receive_message(QueueUrl=url).get("Messages", []):
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return message

def notify(arn):
    boto3.client("sns").publish(TopicArn=arn, Message="x")
'''

SECRETS = '''
import boto3

class Settings:
    def __init__(self, session=None):
        session = session or boto3.Session()
        self._ssm = session.client("ssm")
        self._secrets = session.client("secretsmanager")
        self._kms = session.client("kms")

    def one(self, name):
        return self._ssm.get_parameter(Name=f"/app/{name}", WithDecryption=True)["Parameter"]["Value"]

    def all(self):
        return [p for page in self._ssm.get_paginator("get_parameters_by_path").paginate(Path="/app/") for p in page["Parameters"]]

    def save(self, name, value):
        self._ssm.put_parameter(Name="/app/" + name, Value=value, Type="String", Overwrite=True)

    def password(self):
        return self._secrets.get_secret_value(SecretId="prod/db")["SecretString"]

    def change(self, value):
        self._secrets.put_secret_value(SecretId="prod/db", SecretString=value)

    def seal(self, text):
        return self._kms.encrypt(KeyId="alias/app", Plaintext=text)["CiphertextBlob"]

    def unseal(self, blob):
        return self._kms.decrypt(CiphertextBlob=blob)["Plaintext"]

def images():
    return boto3.client("ecr").describe_images(repositoryName="web")

def log(text):
    boto3.client("logs").put_log_events(logGroupName="/app", logStreamName="s", logEvents=[{"timestamp": 1764547200000, "message": text}])

def deploy(role):
    return boto3.client("ecs").register_task_definition(
        family="web", taskRoleArn=role, containerDefinitions=[{"name": "w", "image": "x", "memory": 64}])
'''


class ServicesTest(Project):
    def setUp(self):
        super().setUp()
        self.moto = servers.Moto()
        self.addCleanup(self.moto.stop)
        self.moto.free_calls(1_000_000)
        os.environ |= {"AWS_ENDPOINT_URL": self.moto.url, "AWS_DEFAULT_REGION": "us-east-1", "AWS_MAX_ATTEMPTS": "1"}
        iam = self.admin("iam")
        iam.create_user(UserName="svc")
        self.key = iam.create_access_key(UserName="svc")["AccessKey"]

    def admin(self, name):
        return boto3.client(name, endpoint_url=self.moto.url, region_name="us-east-1", aws_access_key_id="root",
                            aws_secret_access_key="root")

    def failing(self, source, tests, policy, one_is_enough=False):
        self.moto.free_calls(1_000_000)
        self.admin("iam").put_user_policy(UserName="svc", PolicyName="p", PolicyDocument=json.dumps(policy))
        for _, prepare in tests.values():
            prepare()
        self.moto.free_calls(0)
        os.environ |= {"AWS_ACCESS_KEY_ID": self.key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": self.key["SecretAccessKey"]}
        boto3.setup_default_session()
        module = {}
        exec(source, module)  # noqa: S102
        failed = set()
        for name, (test, _) in tests.items():
            try:
                test(module)
            except Exception as problem:  # noqa: BLE001
                failed.add(f"{name}: {problem}")
                if one_is_enough:
                    break
        return failed

    def check(self, source, tests, *flags, needless=()):
        self.write("service.py", source)
        policy = json.loads(self.stanch("keys", "policy", "aws", *flags, code=0))
        self.assertEqual(self.failing(source, tests, policy), set())
        for i, statement in enumerate(policy["Statement"]):
            for action in statement["Action"]:
                less = copy.deepcopy(policy)
                less["Statement"][i]["Action"].remove(action)
                if not less["Statement"][i]["Action"]:
                    del less["Statement"][i]
                if action not in needless:
                    self.assertNotEqual(self.failing(source, tests, less, True), set(), f"{action} is not needed")
        return policy

    def test_buckets_tables_queues_and_topics(self):
        s3, table = self.admin("s3"), self.admin("dynamodb")
        for name in ("reports", "archive"):
            s3.create_bucket(Bucket=name)
        table.create_table(TableName="orders", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                           AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
        queue = self.admin("sqs").create_queue(QueueName="jobs")["QueueUrl"]
        topic = self.admin("sns").create_topic(Name="t")["TopicArn"]
        self.write("file", "text")
        file = str(self.root / "file")

        def seed():
            s3.put_object(Bucket="reports", Key="seed", Body=b"s")

        def send():
            self.admin("sqs").send_message(QueueUrl=queue, MessageBody="{}")

        def nothing():
            pass

        def drained(m):
            if m["drain"](queue) is None:
                raise AssertionError("no message")

        tests = {"add": (lambda m: m["Orders"]().add("1"), nothing), "get": (lambda m: m["Orders"]().get("1"), nothing),
                 "close": (lambda m: m["Orders"]().close("1"), nothing), "add_all": (lambda m: m["Orders"]().add_all(["2"]), nothing),
                 "upload": (lambda m: m["upload"](file, "k"), nothing), "download": (lambda m: m["download"]("seed", file + "2"), seed),
                 "listing": (lambda m: m["listing"](), nothing), "move": (lambda m: m["move"]("seed", "old"), seed),
                 "enqueue": (lambda m: m["enqueue"]({}), nothing), "drain": (drained, send), "notify": (lambda m: m["notify"](topic), nothing)}
        self.check(BUCKETS_AND_QUEUES, tests, "--resources", "all")
        # With the resources that the code names: those that moto knows are enforced, the table's name is in the policy.
        policy = json.loads(self.stanch("keys", "policy", "aws", code=0))
        allowed = {action: statement["Resource"] for statement in policy["Statement"] for action in statement["Action"]}
        self.assertEqual(allowed["dynamodb:PutItem"], ["arn:aws:dynamodb:*:*:table/orders"])
        self.assertEqual(allowed["s3:ListBucket"], ["arn:aws:s3:::reports"])
        self.assertEqual(allowed["s3:DeleteObject"], ["arn:aws:s3:::reports/*"])
        self.assertEqual(allowed["sqs:GetQueueUrl"], ["arn:aws:sqs:*:*:jobs"])
        self.assertEqual(allowed["sqs:SendMessage"], ["*"])
        unknown_to_moto = {"add", "get", "close", "add_all", "enqueue"}  # tables, and queues by name
        failed = self.failing(BUCKETS_AND_QUEUES, tests, policy)
        self.assertEqual({problem.split(":")[0] for problem in failed} - unknown_to_moto, set(), failed)

    def test_parameters_secrets_keys_images_and_logs(self):
        key = self.admin("kms").create_key()["KeyMetadata"]["KeyId"]
        self.admin("kms").create_alias(AliasName="alias/app", TargetKeyId=key)
        self.admin("ssm").put_parameter(Name="/app/x", Value="1", Type="String")
        self.admin("secretsmanager").create_secret(Name="prod/db", SecretString="s")
        self.admin("ecr").create_repository(repositoryName="web")
        self.admin("logs").create_log_group(logGroupName="/app")
        self.admin("logs").create_log_stream(logGroupName="/app", logStreamName="s")
        role = self.admin("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        blob = self.admin("kms").encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]

        def nothing():
            pass

        tests = {name: (test, nothing) for name, test in {
            "one": lambda m: m["Settings"]().one("x"), "all": lambda m: m["Settings"]().all(),
            "save": lambda m: m["Settings"]().save("y", "2"), "login": lambda m: m["Settings"]().password(),
            "change": lambda m: m["Settings"]().change("n"), "seal": lambda m: m["Settings"]().seal(b"x"),
            "unseal": lambda m: m["Settings"]().unseal(blob), "images": lambda m: m["images"](), "log": lambda m: m["log"]("x"),
            "deploy": lambda m: m["deploy"](role)}.items()}
        # AWS wants iam:PassRole for the task's role; moto does not.
        self.check(SECRETS, tests, "--resources", "all", needless={"iam:PassRole"})


if __name__ == "__main__":
    unittest.main()
