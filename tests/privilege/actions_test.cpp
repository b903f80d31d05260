// IAM actions of single calls: those of the operation, and those that its arguments need.
#include "privilege/needs.h"

#include <doctest/doctest.h>

using namespace stanch::privilege;

namespace {

std::string actions(const std::string& service, const std::string& call) {
    const std::string text = "import boto3\nc = boto3.client('" + service + "')\nc." + call + "\n";
    const std::vector<Source> sources{{"a.py", text}};
    std::string out;
    for (const Need& need : find_needs(sources).needs)
        for (const std::string& action : need.permissions)
            out += (out.empty() ? "" : " ") + action;
    return out;
}

} // namespace

namespace {

// The resources of every call, in order: "a b;c;".
std::string resources(const std::string& code) {
    const std::string text = "import boto3\n" + code;
    const std::vector<Source> sources{{"a.py", text}};
    std::string out;
    for (const Need& need : find_needs(sources).needs) {
        for (std::size_t i = 0; i < need.resources.size(); ++i)
            out += (i == 0 ? "" : " ") + need.resources[i];
        out += ';';
    }
    return out;
}

} // namespace

TEST_CASE("resources are named by arguments, by position, and by the objects that methods are of") {
    CHECK(resources("c = boto3.client('s3')\nc.get_object(Bucket='b', Key='k')\n") ==
          "arn:aws:s3:::b arn:aws:s3:::b/k;");
    CHECK(resources("c = boto3.client('s3')\nc.upload_file('f', 'b', key)\n") ==
          "arn:aws:s3:::b arn:aws:s3:::b/*;");
    CHECK(resources("b = boto3.resource('s3').Bucket('b')\nb.Object('k').delete()\n") ==
          "arn:aws:s3:::b arn:aws:s3:::b/k;");
    CHECK(resources("b = boto3.resource('s3').Bucket('b')\nb.Object(key).delete()\nfor o in "
                    "b.objects.all():\n  pass\n") ==
          "arn:aws:s3:::b arn:aws:s3:::b/*;arn:aws:s3:::b arn:aws:s3:::b/*;");
    CHECK(
        resources("t = boto3.resource('dynamodb').Table('t')\nclass A:\n  def __init__(self):\n   "
                  " self.t = t\n  def go(self):\n    self.t.query(IndexName='i')\n") ==
        "arn:aws:dynamodb:*:*:table/t arn:aws:dynamodb:*:*:table/t/index/i;");
    CHECK(
        resources("def t(name):\n  return boto3.resource('dynamodb').Table(name)\nt(x).scan()\n") ==
        ";");
    CHECK(resources("boto3.client('sqs').send_message("
                    "QueueUrl='https://sqs.eu-west-1.amazonaws.com/1/q')\n") ==
          "arn:aws:sqs:eu-west-1:1:q;");
    CHECK(resources("boto3.client('lambda').invoke(FunctionName='f', Qualifier='v')\n") ==
          "arn:aws:lambda:*:*:function:f arn:aws:lambda:*:*:function:f:v;");
}

TEST_CASE("no resource where the action takes none, or where one of two is not known") {
    CHECK(resources("boto3.client('lambda').create_event_source_mapping(FunctionName='f', "
                    "EventSourceArn='arn:aws:sqs:eu-west-1:1:q')\n") == ";");
    CHECK(resources("boto3.client('ssm').get_document(Name='d')\n") == ";");
    CHECK(resources("boto3.client('elbv2').describe_target_health("
                    "TargetGroupArn='arn:aws:elasticloadbalancing:r:1:targetgroup/x/1')\n") == ";");
    // What is copied from is read: its bucket counts too.
    CHECK(resources("boto3.client('s3').copy_object(Bucket='b', Key='k', CopySource=source)\n") ==
          ";");
    CHECK(resources("boto3.client('s3').copy_object(Bucket='b', Key='k', CopySource='a/k')\n") ==
          "arn:aws:s3:::a arn:aws:s3:::a/* arn:aws:s3:::b arn:aws:s3:::b/k;");
}

TEST_CASE("what is put into a batch goes by the batch's action") {
    CHECK(resources("with boto3.resource('dynamodb').Table('t').batch_writer() as batch:\n  "
                    "batch.put_item(Item={})\n  batch.delete_item(Key={})\n") ==
          "arn:aws:dynamodb:*:*:table/t;");
}

TEST_CASE("operations whose action has another name, or that take several") {
    CHECK(actions("s3", "head_object(Bucket='b', Key='k')") == "s3:GetObject");
    CHECK(actions("s3", "list_objects_v2(Bucket='b')") == "s3:ListBucket");
    CHECK(actions("s3", "copy_object(Bucket='b', Key='k', CopySource='s/k')") ==
          "s3:GetObject s3:PutObject");
    CHECK(actions("glue", "get_column_statistics_for_table(DatabaseName='d')") == "glue:GetTable");
    CHECK(actions("glue", "batch_get_jobs(JobNames=[])") == "glue:BatchGetJobs glue:GetJob");
    CHECK(actions("redshift-data", "get_statement_result_v2(Id='i')") ==
          "redshift-data:GetStatementResult");
    CHECK(actions("lambda", "invoke(FunctionName='f')") == "lambda:InvokeFunction");
    CHECK(actions("sqs", "send_message_batch(QueueUrl=u)") == "sqs:SendMessage");
}

TEST_CASE("tags, ACLs, locks and versions need actions of their own") {
    CHECK(actions("s3", "put_object(Bucket='b', Key='k', Tagging='a=b', ACL='private')") ==
          "s3:PutObject s3:PutObjectTagging s3:PutObjectAcl");
    CHECK(actions("s3", "upload_file('f', 'b', 'k', ExtraArgs={'ACL': 'public-read'})") ==
          "s3:PutObject s3:PutObjectAcl");
    CHECK(actions("s3", "put_object(Bucket='b', Key='k', ObjectLockMode='GOVERNANCE')") ==
          "s3:PutObject s3:PutObjectRetention");
    CHECK(actions("s3", "get_object(Bucket='b', Key='k', VersionId=v)") == "s3:GetObjectVersion");
    CHECK(actions("s3", "delete_object(Bucket='b', Key='k', VersionId=v)") ==
          "s3:DeleteObjectVersion");
    CHECK(actions("ec2", "create_volume(AvailabilityZone='z', TagSpecifications=t)") ==
          "ec2:CreateVolume ec2:CreateTags");
    CHECK(actions("sqs", "create_queue(QueueName='q', tags={})") == "sqs:CreateQueue sqs:TagQueue");
    CHECK(actions("secretsmanager", "create_secret(Name='n', KmsKeyId='k')") ==
          "secretsmanager:CreateSecret kms:GenerateDataKey kms:Decrypt");
    // A value, or a word within another, is no argument.
    CHECK(actions("s3", "put_object(Bucket='ACL', Key='VersionId', Metadata={'MyACL': 'x'})") ==
          "s3:PutObject");
}

TEST_CASE("a role that is passed on needs iam:PassRole") {
    CHECK(actions("lambda", "create_function(**options)") ==
          "lambda:CreateFunction iam:PassRole"); // it can't do without
    CHECK(actions("lambda", "update_function_configuration(FunctionName='f')") ==
          "lambda:UpdateFunctionConfiguration");
    CHECK(actions("lambda", "update_function_configuration(FunctionName='f', Role=r)") ==
          "lambda:UpdateFunctionConfiguration iam:PassRole");
    CHECK(actions("ecs", "run_task(taskDefinition='t', overrides={'taskRoleArn': r})") ==
          "ecs:RunTask iam:PassRole");
    CHECK(actions("ec2", "run_instances(IamInstanceProfile={'Name': 'n'})") ==
          "ec2:RunInstances iam:PassRole");
    CHECK(actions("sts", "assume_role(RoleArn='r', RoleSessionName='s')") == "sts:AssumeRole");
    CHECK(actions("glue", "create_job(Name='n', Role='r', Command={})") ==
          "glue:CreateJob iam:PassRole");
}
