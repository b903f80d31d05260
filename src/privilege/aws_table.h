// What AWS operations are called and what they need, from the table that tools/aws_table.py writes.
//
// Services are parsed on first use: a project uses five of 445. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace stanch::privilege {

// Lets a map of strings be asked for a string_view.
struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
        return std::hash<std::string_view>()(text);
    }
};

// What an operation needs besides where an argument is given: Tagging=, ACL=, VersionId=, Role=.
struct AwsGiven {
    std::string_view argument;
    std::string_view actions; // "s3:PutObjectTagging,…"; "~s3:…" stands instead of the operation's
    bool anywhere = false;    // not only at the top: within ExtraArgs={"ACL": …} too
};

struct AwsOperation {
    std::string_view name; // "GetObject"
    bool reads = false;
    std::vector<std::string> actions; // "s3:GetObject"
    std::vector<AwsGiven> given;
};

// A boto3 resource type.
struct AwsResource {
    struct Action {
        std::string_view operation;
        std::string_view result; // resource type, or empty
    };
    std::string_view load; // operation, or empty
    std::vector<std::string_view> identifiers;
    std::unordered_map<std::string_view, Action> actions;
    std::unordered_map<std::string_view, Action> collections;
    std::unordered_map<std::string_view, std::string_view> parts; // sub-resources: name → type
    std::unordered_map<std::string_view, std::string_view>
        batch; // a collection's actions → operation
};

struct AwsService {
    std::string_view name;   // boto3's: "s3", "cognito-idp"
    std::string_view prefix; // IAM's
    // By method name: "get_object".
    std::unordered_map<std::string, AwsOperation, TextHash, std::equal_to<>> methods;
    std::unordered_map<std::string_view, std::string> method_of;    // "GetObject" → "get_object"
    std::unordered_map<std::string_view, std::string_view> waiters; // "bucket_exists" → operation
    std::unordered_set<std::string_view> nameless; // operations whose action takes no resource
    std::unordered_set<std::string_view> members;  // request member names; empty: not known
    std::unordered_map<std::string_view, AwsResource> resources; // "." is the service resource

    [[nodiscard]] const AwsOperation* method(std::string_view method) const;
    [[nodiscard]] const AwsOperation* operation(std::string_view name) const;
    [[nodiscard]] const AwsResource* resource(std::string_view type) const;
};

// nullptr where boto3 has no such service.
const AwsService* aws_service(std::string_view name);
// All client names, in order.
const std::vector<std::string_view>& aws_service_names();
// botocore's name of an operation's method: "GetObject" → "get_object".
std::string aws_method_name(std::string_view operation);

} // namespace stanch::privilege
