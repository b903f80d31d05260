#include "privilege/needs.h"

#include <doctest/doctest.h>
#include <map>

using namespace stanch;
using namespace stanch::privilege;

namespace {

// "3 s3 GetObject;" for every call found in files given as path → text.
std::string found(const std::map<std::string, std::string>& files) {
    std::vector<Source> sources;
    for (const auto& [path, text] : files)
        sources.push_back({path, text});
    std::string seen;
    for (const Need& need : find_needs(sources).needs)
        seen += (files.size() > 1 ? need.path + ":" : "") + std::to_string(need.line) + " " +
                need.service + " " + need.operation + ";";
    return seen;
}

std::string found(const std::string& text) {
    return found(std::map<std::string, std::string>{{"a.py", text}});
}

Need only(const std::string& text) {
    const std::vector<Source> sources{{"a.py", text}};
    const auto report = find_needs(sources);
    REQUIRE(report.needs.size() == 1);
    return report.needs[0];
}

} // namespace

TEST_CASE("clients: plain, keyword, session, async, from a helper, in a container") {
    CHECK(found("import boto3\ns3 = boto3.client('s3')\ns3.get_object(Bucket='b', Key='k')\n") ==
          "3 s3 GetObject;");
    CHECK(found("import boto3\nc = boto3.client(service_name='sqs')\nc.send_message()\n") ==
          "3 sqs SendMessage;");
    CHECK(found("from boto3 import Session\nSession().client('ec2').describe_instances()\n") ==
          "2 ec2 DescribeInstances;");
    CHECK(found("import aioboto3\nasync def f():\n  async with aioboto3.Session().client('s3') as "
                "c:\n    await c.put_object()\n") == "4 s3 PutObject;");
    CHECK(found("import boto3\ndef make(name='s3'):\n  return "
                "boto3.client(name)\nmake('iam').list_users()\nmake().list_buckets()\n") ==
          "4 iam ListUsers;5 s3 ListBuckets;");
    CHECK(found("import boto3\nc = {n: boto3.client(n) for n in ('s3', 'iam')}\nd = {'a': "
                "boto3.client('sns')}\nd['a'].publish()\n"
                "c['x'].list_roles()\n") == "4 sns Publish;5 iam ListRoles;");
    CHECK(found("import boto3\nclass A:\n  def __init__(self, c=None):\n    self.c = c or "
                "boto3.client('kms')\n  def go(self):\n    self.c.decrypt()\n") ==
          "6 kms Decrypt;");
    CHECK(found("import boto3\nclass B:\n  def __init__(self, s):\n    self.c = "
                "boto3.client(s)\nclass C(B):\n  def __init__(self):\n    super().__init__('ssm')\n"
                "  def go(self):\n    return self.c.get_parameter(Name='x')\nclass D(B):\n  "
                "pass\nD('sts').c.get_caller_identity()\n") ==
          "9 ssm GetParameter;12 sts GetCallerIdentity;");
    CHECK(found("import boto3\nclass A:\n  @property\n  def s3(self):\n    return "
                "boto3.client('s3')\n  def go(self):\n    self.s3.delete_object()\n") ==
          "7 s3 DeleteObject;");
}

TEST_CASE("clients travel between modules, as parameters, and as bound methods") {
    CHECK(
        found({{"app/aws.py",
                "import boto3\ns3 = boto3.client('s3')\ndef get(n):\n    return boto3.client(n)\n"},
               {"app/use.py",
                "from .aws import s3, get\nfrom app import "
                "aws\ns3.put_object()\nget('sqs').purge_queue()\naws.s3.copy_object()\n"}}) ==
        "app/use.py:3 s3 PutObject;app/use.py:4 sqs PurgeQueue;app/use.py:5 s3 CopyObject;");
    CHECK(found("import boto3\ndef f(client):\n  client.list_topics()\nf(boto3.client('sns'))\n") ==
          "3 sns ListTopics;");
    CHECK(found("import boto3\nc = boto3.client('ec2')\npool.submit(c.describe_vpcs, x=1)\n") ==
          "3 ec2 DescribeVpcs;");
    CHECK(found("import boto3\ndef pages(c, op):\n  return "
                "c.get_paginator(op)\npages(boto3.client('iam'), 'list_users')\n") ==
          "3 iam ListUsers;");
    CHECK(found("import boto3\nc = "
                "boto3.client('rds')\nc.get_waiter('db_instance_available').wait()\ngetattr(c, "
                "'describe_events')()\n") == "3 rds DescribeDBInstances;4 rds DescribeEvents;");
    CHECK(found("import boto3\ns = "
                "boto3.client('s3')\ns.generate_presigned_url('get_object')\ns.upload_file('a', "
                "'b', 'c')\n") == "3 s3 GetObject;4 s3 PutObject;");
    CHECK(found("from mypy_boto3_sqs import SQSClient\ndef f(q: 'SQSClient'):\n  "
                "q.receive_message()\n") == "3 sqs ReceiveMessage;");
}

TEST_CASE("a helper that takes a service and an operation: each pair for itself") {
    CHECK(found("import boto3\ndef pages(service, op):\n  return "
                "boto3.client(service).get_paginator(op)\n"
                "def all(service, op):\n  return pages(service, op)\n"
                "all('rds', 'describe_events')\nall('redshift', 'describe_clusters')\nall('ecs', "
                "'list_clusters')\n") ==
          "6 rds DescribeEvents;7 redshift DescribeClusters;8 ecs ListClusters;");
}

TEST_CASE("resources, their parts, collections and what they fetch") {
    CHECK(
        found("import boto3\nt = boto3.resource('dynamodb').Table('x')\nt.put_item(Item={})\nwith "
              "t.batch_writer() as b:\n  pass\n") ==
        "3 dynamodb PutItem;4 dynamodb BatchWriteItem;");
    CHECK(found("import boto3\nfor o in "
                "boto3.resource('s3').Bucket('b').objects.filter(Prefix='p'):\n  o.delete()\n") ==
          "2 s3 ListObjects;3 s3 DeleteObject;");
    CHECK(found("import boto3\nec2 = "
                "boto3.resource('ec2')\nec2.instances.all().terminate()\nec2.meta.client.describe_"
                "vpcs()\n") ==
          "3 ec2 DescribeInstances;3 ec2 TerminateInstances;4 ec2 DescribeVpcs;");
    CHECK(found("import boto3\nr = boto3.resource('iam').Role('x')\nprint(r.arn, r.name)\n") ==
          "3 iam GetRole;");
}

TEST_CASE("what can't be followed is read by its shape, or left out") {
    const std::string made = "import boto3\nc = boto3.client('ec2')\n";
    CHECK(found(made + "def f(x):\n  x.describe_images(Owners=[])\n") == "4 ec2 DescribeImages;");
    CHECK(found(made + "def f(x):\n  x.describe_images(owners=[])\n").empty());
    CHECK(found(made + "class A:\n  def describe_images(self): pass\nA().describe_images()\n")
              .empty());
    CHECK(found("def f(x):\n  x.describe_images(Owners=[])\n").empty());
    CHECK(only(made + "def f(x):\n  x.describe_images(Owners=[])\n").certainty ==
          Certainty::by_shape);
}

TEST_CASE("overloads, decorators that give a client, and mocks") {
    CHECK(found("import boto3\nfrom typing import overload\nfrom mypy_boto3_s3 import "
                "S3Client\n@overload\ndef make(n) -> 'S3Client': ...\n"
                "def make(n):\n  return boto3.client(n)\nmake('sqs').send_message()\n") ==
          "8 sqs SendMessage;");
    CHECK(found("import boto3\nboto3.client('elb')\n@sts_client('elbv2')\ndef f(**kwargs):\n  "
                "kwargs['client'].describe_load_balancers(Names=[])\n") ==
          "5 elbv2 DescribeLoadBalancers;");
    CHECK(found("import boto3\nc = boto3.client('s3')\nc.get_object.return_value = "
                "1\nc.get_object.assert_called_once()\nc.get_object = f\n")
              .empty());
    CHECK(found("import boto3\nc = boto3.client('kms')\ndef f(facade):\n  "
                "facade.kms.get_key_rotation_status(a, b)\n")
              .empty());
}

TEST_CASE("permissions, access, resources and evidence") {
    const Need head =
        only("import boto3\nboto3.client('s3').head_object(Bucket='bucket', Key=name)\n");
    CHECK(head.access == Access::read);
    CHECK(head.permissions == std::vector<std::string>{"s3:GetObject"});
    CHECK(head.resources ==
          std::vector<std::string>{"arn:aws:s3:::bucket", "arn:aws:s3:::bucket/*"});
    CHECK(head.evidence == "boto3.client(…).head_object(Bucket=, Key=)");
    CHECK(only("import boto3\nboto3.client('lambda').invoke()\n").permissions ==
          std::vector<std::string>{"lambda:InvokeFunction"});
    CHECK(only("import boto3\nboto3.client('apigateway').get_rest_apis()\n").permissions ==
          std::vector<std::string>{"apigateway:GET"});
}

TEST_CASE("GitHub: PyGithub, ghapi and plain HTTP") {
    CHECK(found("from github import Github\nr = "
                "Github('t').get_repo('a/b')\nr.create_issue(title='x')\n") ==
          "2 repos repos/get;3 issues issues/create;");
    CHECK(found("from ghapi.all import GhApi\napi = GhApi()\napi.issues.list_for_repo()\n") ==
          "3 issues issues/list-for-repo;");
    CHECK(
        found(
            "import requests\nBASE = "
            "'https://api.github.com'\nrequests.post(f'{BASE}/repos/{o}/{r}/issues', json={})\n") ==
        "3 issues issues/create;");
    CHECK(found("import httpx\nc = httpx.Client()\nc.get('https://api.github.com/repos/' + repo + "
                "'/pulls')\n") == "3 pulls pulls/list;");
    CHECK(only("import requests\nrequests.put('https://api.github.com/repos/a/b/contents/x')\n")
              .permissions == std::vector<std::string>{"contents:write"});
    CHECK(found("import requests\nrequests.get('https://example.com/repos/a/b')\n").empty());
}

TEST_CASE("Slack, Stripe and Redis") {
    CHECK(
        only("from slack_sdk import WebClient\nWebClient(token=t).chat_postMessage(channel='c')\n")
            .permissions == std::vector<std::string>{"chat:write"});
    CHECK(found("import slack_sdk\nc = slack_sdk.WebClient()\nc.api_call('users.info')\n") ==
          "3 users users.info;");
    CHECK(only("import stripe\nstripe.PaymentIntent.create(amount=1)\n").permissions ==
          std::vector<std::string>{"payment_intents:write"});
    CHECK(only("import stripe\nstripe.StripeClient('k').customers.retrieve('x')\n").permissions ==
          std::vector<std::string>{"customers:read"});
    CHECK(found("import redis\nr = redis.Redis.from_url(u)\nr.hget('a', 'b')\nwith r.pipeline() as "
                "p:\n  p.delete('x')\n") == "3 hash HGET;5 keyspace DEL;");
}

TEST_CASE("SQL statements and SQLAlchemy's objects") {
    CHECK(found("import psycopg\nwith psycopg.connect() as c:\n  cur = c.cursor()\n  "
                "cur.execute('SELECT a FROM t JOIN u ON true')\n"
                "  c.execute(\"INSERT INTO logs (a) VALUES (%s)\", (1,))\n") ==
          "4 t SELECT;4 u SELECT;5 logs INSERT;");
    CHECK(found("from sqlalchemy.orm import Session\nfrom sqlalchemy import select, "
                "create_engine\nclass User(Base):\n  __tablename__ = 'users'\n"
                "with Session(create_engine(u)) as s:\n  s.add(User())\n  "
                "s.execute(select(User))\n  s.query(User.id)\n") ==
          "6 users INSERT;7 users SELECT;8 users SELECT;");
}

TEST_CASE("boto3's service resource makes every type of its service") {
    CHECK(found("import boto3\ns3 = boto3.resource('s3')\no = s3.Object('b', "
                "'k')\no.upload_file('x')\no.copy({})\no.delete()\n"
                "s3.BucketVersioning('b').enable()\ns3.ObjectSummary('b', 'k').get()\n") ==
          "4 s3 PutObject;5 s3 CopyObject;6 s3 DeleteObject;7 s3 PutBucketVersioning;8 s3 "
          "GetObject;");
}

TEST_CASE("objects that are made by their own class, by field, or under another name") {
    CHECK(
        found("import boto3\nfrom typing import Any\nclass A:\n  def __init__(self, c: Any):\n    "
              "self.c = c\n  @classmethod\n  def make(cls):\n    return "
              "cls(boto3.client('ec2'))\n  def go(self):\n    self.c.allocate_address()\n") ==
        "10 ec2 AllocateAddress;");
    CHECK(
        found("import boto3\nfrom dataclasses import dataclass\n@dataclass\nclass D:\n  name: str\n"
              "  c: object\n  def go(self):\n    self.c.publish()\nD('x', "
              "boto3.client('sns')).go()\n") == "8 sns Publish;");
    CHECK(found({{"p/a.py",
                  "class S:\n  def __init__(self, c):\n    self.c = c\n  def go(self):\n    "
                  "self.c.list_queues()\n"},
                 {"p/b.py", "import boto3\nfrom .a import S as "
                            "Other\nOther(boto3.client('sqs')).go()\n"}}) ==
          "p/a.py:5 sqs ListQueues;");
    CHECK(found("import boto3\nclass A:\n  def c(self):\n    x = self.x = boto3.client('kms')\n    "
                "return x\nA().c().encrypt()\n") == "6 kms Encrypt;");
}

TEST_CASE("clients left on objects of a library, entered, injected, and passed by pytest") {
    CHECK(
        found("import boto3, threading\nclass A:\n  def __init__(self):\n    self.l = "
              "threading.local()\n  @property\n  def s3(self):\n    self.l.s3 = "
              "boto3.resource('s3')\n    return getattr(self.l, 's3', None)\n  def go(self):\n    "
              "self.s3.Bucket('b').upload_file('f', 'k')\n") == "10 s3 PutObject;");
    CHECK(
        found(
            "import aiobotocore.session\nfrom contextlib import AsyncExitStack\nasync def f():\n  "
            "c = await AsyncExitStack().enter_async_context(\n    "
            "aiobotocore.session.get_session().create_client('sqs'))\n  await "
            "c.send_message()\n") == "6 sqs SendMessage;");
    CHECK(found("import boto3\nfrom fastapi import Depends\ndef get():\n  yield "
                "boto3.client('ses')\ndef route(c=Depends(get)):\n  c.send_email()\n") ==
          "6 ses SendEmail;");
    CHECK(
        found({{"tests/conftest.py", "import boto3, pytest\n@pytest.fixture\ndef table():\n  yield "
                                     "boto3.resource('dynamodb').Table('t')\n"},
               {"tests/test_a.py", "import boto3\ndef test_it(table):\n  table.put_item()\n"}}) ==
        "tests/test_a.py:3 dynamodb PutItem;");
    CHECK(found("import boto3\nfrom threading import Thread\ndef f(c):\n  "
                "c.list_keys()\nThread(target=f, args=(boto3.client('kms'),))\n") ==
          "4 kms ListKeys;");
    CHECK(found("import boto3\ndef f(c):\n  c.list_keys()\npool.map(f, [boto3.client('kms')])\n") ==
          "3 kms ListKeys;");
}

TEST_CASE("by shape: methods passed on, transfers, and the services of the same file or folder") {
    CHECK(found("import boto3\nboto3.client('cloudformation')\ndef f(cfn_client):\n  "
                "retry(cfn_client.create_change_set, 3)\n") == "4 cloudformation CreateChangeSet;");
    CHECK(found("import boto3\nboto3.client('s3')\ndef f(s3_client, other):\n  "
                "s3_client.upload_file('a', 'b', 'c')\n  other.upload_file('a')\n") ==
          "4 s3 PutObject;");
    CHECK(found({{"a/x.py", "import boto3\nboto3.client('logs')\n"},
                 {"a/y.py", "def f(client):\n  client.start_query(queryString='q')\n"},
                 {"b/x.py",
                  "import boto3\nboto3.client('neptune-graph')\nboto3.client('cloudtrail')\n"}}) ==
          "a/y.py:2 logs StartQuery;");
    // A mock says nothing of what it stands for.
    CHECK(found("import boto3\nfrom unittest.mock import Mock\nboto3.client('athena')\nclass A:\n  "
                "def __init__(self, c):\n    self.c = c\n  def go(self):\n    "
                "self.c.start_query_execution(QueryString='q')\nA(Mock())\n") ==
          "8 athena StartQueryExecution;");
}

TEST_CASE(
    "wrappers with __getattr__, callbacks, decorators that inject, and makers from elsewhere") {
    CHECK(found({{"p/w.py", "class Retry:\n  def __init__(self, it):\n    self.__it = it\n  def "
                            "__getattr__(self, name):\n    return getattr(self.__it, name)\n"},
                 {"p/a.py", "import boto3\nfrom p.w import Retry\ndef make():\n  return "
                            "Retry(boto3.client('emr'))\ndef f():\n  c = make()\n  "
                            "c.describe_cluster()\n  c.get_paginator('list_steps')\n"}}) ==
          "p/a.py:7 emr DescribeCluster;p/a.py:8 emr ListSteps;");
    CHECK(found("import boto3\nclass A:\n  def run(self):\n    def op(c, url):\n      "
                "c.list_topics()\n    self.once(op, 'u')\n  def once(self, fn, url):\n    "
                "fn(boto3.client('sns'), url)\n") == "5 sns ListTopics;");
    CHECK(found("import boto3\ndef with_client(func):\n  def inner(*args):\n    return "
                "func(boto3.client('kms'), *args)\n  return inner\n@with_client\ndef go(c, x):\n  "
                "c.list_keys()\n") == "8 kms ListKeys;");
    CHECK(found("import boto3\nfrom cloudaux.aws.sts import boto3_cached_conn\nfrom asgiref.sync "
                "import sync_to_async\nasync def f(kind):\n"
                "  c = await sync_to_async(boto3_cached_conn)('iam', region='x')\n  "
                "c.list_users()\n  t = boto3_cached_conn('dynamodb', "
                "service_type='resource').Table('t')\n  t.scan()\n") ==
          "6 iam ListUsers;8 dynamodb Scan;");
}

TEST_CASE("a method that is patched on a class is no call, and a receiver may name its service") {
    CHECK(
        found("import boto3\nboto3.client('logs')\n@patch(MotoLogStream.put_log_events)\ndef f(): "
              "pass\n")
            .empty());
    CHECK(
        found("import boto3\nboto3.client('scheduler')\nboto3.client('databrew')\ndef f(x, p):\n  "
              "x.scheduler.create_schedule(**p)\n") == "5 scheduler CreateSchedule;");
}

TEST_CASE("template methods, options in a dictionary, and keywords that a wrapper takes") {
    CHECK(
        found(
            "import boto3\nclass Base:\n  def make(self):\n    return "
            "boto3.client(self.service)\n  def run(self):\n    c = self.make()\n    "
            "self.step(c)\n  def step(self, c):\n    pass\nclass Roles(Base):\n  service = 'iam'\n"
            "  def step(self, c):\n    c.list_roles()\n") == "13 iam ListRoles;");
    CHECK(found("import boto3\nclass A:\n  def __init__(self, client, name):\n    self.client = "
                "client\n"
                "  def go(self):\n    self.client.list_topics()\n"
                "args = dict(client=boto3.client('sns'), name='n')\nA(**args).go()\n") ==
          "6 sns ListTopics;");
    CHECK(found("import boto3\nboto3.client('iam')\ndef f(client):\n  "
                "client.list_user_policies(aws_retry=True, UserName='u')\n  "
                "client.list_user_policies(user_name='u')\n") == "4 iam ListUserPolicies;");
    CHECK(found("import boto3\nboto3.client('elb')\nboto3.client('elbv2')\nwait(lambda elbv2: "
                "op(elbv2.describe_load_balancers))\n") == "4 elbv2 DescribeLoadBalancers;");
}

TEST_CASE("modules that import a name from each other, which neither has") {
    CHECK(found({{"p/a.py", "import boto3\nfrom .b import x\nx.list_buckets()\n"},
                 {"p/b.py",
                  "import boto3\nfrom .a import x\nboto3.client('s3').list_buckets()\n"}}) ==
          "p/b.py:3 s3 ListBuckets;");
}

TEST_CASE("broken and hostile sources do no harm") {
    CHECK(found("import boto3\ndef f(:\n  boto3.client('s3').list_buckets()\n") ==
          "3 s3 ListBuckets;");
    CHECK(found("import boto3\na = b\nb = a\na.list_buckets()\ndef f(x): return "
                "f(f(x))\nf(f).get_object()\nclass A(A): x = A.x\nA.x.y\n")
              .empty());
    found("import boto3\n" + std::string(3000, '(') + "boto3.client('s3')" +
          std::string(3000, ')') + ".list_buckets()\n");
    found("import boto3\nx = boto3" + [] {
        std::string s;
        for (int i = 0; i < 3000; ++i)
            s += ".client('s3')";
        return s;
    }() + "\n");
}

TEST_CASE("resources: made elsewhere, in parts of lists, with and without an answer") {
    CHECK(found({{"a.py", "import boto3\ndef connect(n):\n  return boto3.resource(n)\n"},
                 {"b.py", "from a import connect\ndef go(i):\n  "
                          "connect('ec2').instances.filter(InstanceIds=i).start()\n"}}) ==
          "b.py:3 ec2 DescribeInstances;b.py:3 ec2 StartInstances;");
    CHECK(found("import boto3\nec2 = boto3.resource('ec2')\nall = list(ec2.instances.all())\n"
                "some, rest = all[0:2], all[2:]\nfor i in some:\n  i.stop()\n") ==
          "3 ec2 DescribeInstances;6 ec2 StopInstances;");
    CHECK(found("import boto3\nq = boto3.resource('sqs').get_queue_by_name(QueueName='x')\n"
                "q.attributes.get('Policy')\n") == "2 sqs GetQueueUrl;3 sqs GetQueueAttributes;");
    CHECK(found("import boto3\nmade = boto3.resource('ec2').create_instances(MaxCount=2)\nfor i in "
                "made:\n"
                "  i.wait_until_running()\nprint(made[0].state)\n") ==
          "2 ec2 RunInstances;4 ec2 DescribeInstances;");
}

TEST_CASE("a client given to an object that nobody knows") {
    CHECK(found("import boto3\nclass Task:\n  def run(self, queue):\n    "
                "queue.send_messages(Entries=[])\n"
                "class Worker:\n  def __init__(self, tasks):\n    self.tasks = tasks\n"
                "    self.q = boto3.resource('sqs').get_queue_by_name(QueueName='x')\n"
                "  def go(self):\n    task = self.tasks.get()\n    task.run(self.q)\n") ==
          "4 sqs SendMessageBatch;8 sqs GetQueueUrl;");
}

TEST_CASE("clients by metaclasses, by set attributes, by the maker's name, by a string of a type") {
    CHECK(
        found("import boto3\nclass Forward(type):\n  _client = None\n  def __getattr__(cls, key):\n"
              "    cls._client = boto3.client(cls.client)\n    return getattr(cls._client, key)\n"
              "class ec2(metaclass=Forward):\n  client = 'ec2'\nclass s3(metaclass=Forward):\n  "
              "client = 's3'\n"
              "ec2.describe_instances()\ns3.list_buckets()\n") ==
        "11 ec2 DescribeInstances;12 s3 ListBuckets;");
    CHECK(found("import boto3\nclass Base:\n  def register(self, names):\n    for n in names:\n"
                "      setattr(self, f'{n}_client', boto3.client(n))\nclass Job(Base):\n  "
                "init, events_client = ['events', 'sns'], None\n"
                "  def go(self):\n    self.events_client.list_rules()\n") == "9 events ListRules;");
    CHECK(found("import boto3\nclass Cache:\n  def __init__(self):\n    self.kept = {}\n"
                "  def client(self, n):\n    return self.kept.setdefault(n, {})\n"
                "def go(c: Cache):\n  s3 = c.client('s3')\n  "
                "s3.generate_presigned_url('get_object')\n") == "9 s3 GetObject;");
    CHECK(
        found(
            {{"conn.py", "import boto3\nclass Connection:\n  def __init__(self):\n"
                         "    self.client = boto3.client('athena')\n"},
             {"cur.py",
              "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n  from conn import Connection\n"
              "class Cursor:\n  def __init__(self, c: 'Connection[Any]'):\n    self.c = c\n"
              "  def go(self, call):\n    call(self.c.client.get_query_results)\n"}}) ==
        "cur.py:8 athena GetQueryResults;");
}

TEST_CASE("packages: what they hand on, and their parts where they were not read") {
    CHECK(found({{"pkg/__init__.py", "from .app import Base\n"},
                 {"pkg/app.py", "import boto3\nclass Base:\n  def __init__(self):\n    self.x = "
                                "boto3.client('sns')\n"},
                 {"job.py", "from pkg import Base\nclass Job(Base):\n  def go(self):\n    "
                            "self.x.publish()\n"}}) == "job.py:4 sns Publish;");
    CHECK(found({{"pkg/__init__.py", ""},
                 {"pkg/util.py",
                  "import boto3\ndef connect():\n  return boto3.session.Session().client('ec2')\n"},
                 {"pkg/use.py",
                  "import pkg.util\ndef go():\n  pkg.util.connect().run_instances()\n"}}) ==
          "pkg/use.py:3 ec2 RunInstances;");
}

TEST_CASE("a loop's variable is the loop's within it, and each of several operations counts") {
    CHECK(found("import boto3\nuser = boto3.resource('iam').User('x')\nfor p in "
                "user.policies.all():\n  p.delete()\n"
                "for p in user.attached_policies.all():\n  p.delete()\n") ==
          "3 iam ListUserPolicies;4 iam DeleteUserPolicy;5 iam ListAttachedUserPolicies;6 iam "
          "DeletePolicy;");
    CHECK(found("import boto3\nuser = boto3.resource('iam').User('x')\nfor p in "
                "user.policies.all():\n  pass\n"
                "q = p or boto3.resource('iam').Policy('y')\nq.delete()\n") ==
          "3 iam ListUserPolicies;6 iam DeletePolicy;6 iam DeleteUserPolicy;");
}
