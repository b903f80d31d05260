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
