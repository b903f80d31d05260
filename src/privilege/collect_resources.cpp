// Which resources a call names: by its arguments, or by the object that it is a method of. What is
// not a literal names nothing, and the policy says "*".
#include "privilege/collect.h"
#include "privilege/resolve_parts.h"

#include <algorithm>
#include <array>

namespace stanch::privilege {
namespace {

// ARNs of what a service's arguments name. "%" stands for the literal.
struct Named {
    std::string_view service;
    std::string_view argument;
    std::string_view arn;
};
constexpr std::array named_resources{
    Named{"s3", "Bucket", "arn:aws:s3:::%"},
    Named{"dynamodb", "TableName", "arn:aws:dynamodb:*:*:table/%"},
    Named{"sqs", "QueueName", "arn:aws:sqs:*:*:%"},
    Named{"sqs", "QueueUrl", "%"},
    Named{"secretsmanager", "SecretId", "arn:aws:secretsmanager:*:*:secret:%-??????"},
    Named{"ssm", "Name", "arn:aws:ssm:*:*:parameter/%"},
    Named{"lambda", "FunctionName", "arn:aws:lambda:*:*:function:%"},
    Named{"kinesis", "StreamName", "arn:aws:kinesis:*:*:stream/%"},
    Named{"firehose", "DeliveryStreamName", "arn:aws:firehose:*:*:deliverystream/%"},
    Named{"logs", "logGroupName", "arn:aws:logs:*:*:log-group:%:*"},
    Named{"ecr", "repositoryName", "arn:aws:ecr:*:*:repository/%"},
};

// Where transfers take their bucket when it stands without a name; the key follows it.
constexpr std::array<std::pair<std::string_view, int>, 5> transfers{{
    {"upload_file", 1},
    {"upload_fileobj", 1},
    {"download_file", 0},
    {"download_fileobj", 0},
    {"copy", 1},
}};

bool whole(std::string_view text) {
    return !text.empty() && text.find(hole) == std::string_view::npos;
}

// "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs" → its ARN.
std::string queue_arn(std::string_view url) {
    const auto name = url.rfind('/');
    if (!url.starts_with("http") || name == std::string_view::npos || name + 1 == url.size())
        return {};
    const std::string queue(url.substr(name + 1));
    const std::string_view rest = url.substr(0, name);
    const std::string_view account = rest.substr(rest.rfind('/') + 1);
    const auto region = url.find("//sqs.");
    const auto end = url.find(".amazonaws.com");
    if (region == std::string_view::npos || end == std::string_view::npos || end < region + 6)
        return "arn:aws:sqs:*:*:" + queue;
    return "arn:aws:sqs:" + std::string(url.substr(region + 6, end - region - 6)) + ":" +
           std::string(account) + ":" + queue;
}

std::vector<std::string> arns_of(const Named& named, std::string text) {
    if (text.starts_with("arn:")) return {text};
    if (named.argument == "QueueUrl") {
        std::string arn = queue_arn(text);
        return arn.empty() ? std::vector<std::string>() : std::vector<std::string>{std::move(arn)};
    }
    if (named.service == "ssm" && text.starts_with('/')) text.erase(0, 1);
    std::string arn(named.arn);
    arn.replace(arn.find('%'), 1, text);
    return {arn};
}

} // namespace

// An argument's literal text: by name, by position, or within Params= of a presigned URL.
std::string Collector::named_argument(Module& module, Node arguments, std::string_view name,
                                      int position) {
    Node value = syntax::argument(arguments, name, position);
    if (!value)
        for (const Node pair : syntax::argument(arguments, "Params").children())
            if (pair.kind() == Kind::pair && syntax::string_value(pair.child(Field::key)) == name)
                value = pair.child(Field::value);
    return value ? std::string(resolver_.text_of(module, value)) : std::string();
}

// The bucket that CopySource= names; nothing where there is no such argument, empty where it is not
// a literal.
std::optional<std::string> Collector::copy_source(Module& module, Node arguments) {
    const Node source = syntax::argument(arguments, "CopySource", 0);
    if (!source) return std::nullopt;
    for (const Node pair : source.children())
        if (pair.kind() == Kind::pair && syntax::string_value(pair.child(Field::key)) == "Bucket")
            return std::string(resolver_.text_of(module, pair.child(Field::value)));
    const std::string text(resolver_.text_of(module, source));
    const auto slash = text.find('/');
    return slash == std::string::npos ? std::string() : text.substr(0, slash);
}

// What a resource was made with: Bucket("b") → b; Bucket("b").Object("k") → b, k.
std::vector<std::string> Collector::identifiers_of(const Value& resource, int depth) {
    std::vector<std::string> out;
    if (resource.ref == nullptr || depth > 4) return out;
    Module& module = *module_of(resource);
    const Node call = module.tree->node(resource.node);
    const AwsResource* type = resource.service->resource(resource.name);
    const Node arguments = call.child(Field::arguments);
    if (call.kind() != Kind::call) return out;
    std::vector<std::string> own;
    for (const Node argument : arguments.children())
        own.emplace_back(resolver_.text_of(module, argument.kind() == Kind::keyword_argument
                                                       ? argument.child(Field::value)
                                                       : argument));
    if (type != nullptr && own.size() < type->identifiers.size()) {
        // The rest is its parent's: the object of the call.
        const Values parents(
            resolver_.evaluate(module, call.child(Field::function).child(Field::object)));
        for (const Value& parent : parents)
            if (parent.what == Value::What::resource) out = identifiers_of(parent, depth + 1);
        if (out.empty()) return out;
    }
    out.insert(out.end(), own.begin(), own.end());
    return out;
}

std::vector<std::string> Collector::aws_resources(Module& module, Node call,
                                                  const AwsService* service,
                                                  const AwsOperation& operation,
                                                  std::span<const Value> objects) {
    std::vector<std::string> arns;
    if (service->nameless.contains(operation.name)) return arns;
    const Node arguments = call.child(Field::arguments);
    for (const Node argument : arguments.children()) {
        if (argument.kind() != Kind::keyword_argument) continue;
        const std::string_view text = resolver_.text_of(module, argument.child(Field::value));
        if (text.starts_with("arn:") && whole(text)) arns.emplace_back(text);
    }
    const std::string_view method = call.child(Field::function).kind() == Kind::attribute
                                        ? call.child(Field::function).child(Field::attribute).text()
                                        : std::string_view();
    for (const Named& each : named_resources) {
        if (each.service != service->name) continue;
        // Of SSM, documents have names too.
        if (each.service == "ssm" && operation.name.find("Parameter") == std::string_view::npos)
            continue;
        int position = -1;
        const bool of_client = std::ranges::any_of(
            objects, [](const Value& object) { return object.what == Value::What::client; });
        if (each.argument == "Bucket" && (objects.empty() || of_client))
            for (const auto& [name, at] : transfers)
                if (name == method) position = at;
        std::vector<std::string> names{named_argument(module, arguments, each.argument, position)};
        std::string key = position < 0 ? named_argument(module, arguments, "Key", -1)
                                       : named_argument(module, arguments, "Key", position + 1);
        if (names[0].empty() && !of_client) {
            // A method of dynamodb.Table("t"), of s3.Bucket("b").
            names.clear();
            for (const Value& object : objects) {
                if (object.what != Value::What::resource && object.what != Value::What::collection)
                    continue;
                const auto made = identifiers_of(object);
                if (made.empty() || !whole(made[0])) return {};
                names.push_back(made[0]);
                if (made.size() > 1 && service->name == "s3") key = made[1];
            }
        }
        for (const std::string& name : names) {
            if (!whole(name)) continue;
            for (std::string& arn : arns_of(each, name)) {
                if (each.service == "s3") {
                    std::ranges::replace(key, hole, '*');
                    arns.push_back(arn + "/" + (key.empty() ? "*" : key));
                }
                // An index and an alias are resources of their own.
                for (const auto& [argument, separator] :
                     {std::pair<std::string_view, std::string_view>{"IndexName", "/index/"},
                      {"Qualifier", ":"}}) {
                    const std::string part = named_argument(module, arguments, argument, -1);
                    if (syntax::argument(arguments, argument))
                        arns.push_back(arn + std::string(separator) + (whole(part) ? part : "*"));
                }
                arns.push_back(std::move(arn));
            }
        }
    }
    const bool copies = method.starts_with("copy") || method == "upload_part_copy";
    if (service->name == "s3" && copies && !arns.empty())
        if (const auto source = copy_source(module, arguments)) {
            // Reading and writing are two actions of one call: both on both.
            if (!whole(*source)) return {};
            arns.push_back("arn:aws:s3:::" + *source);
            arns.push_back("arn:aws:s3:::" + *source + "/*");
        }
    std::ranges::sort(arns);
    arns.erase(std::ranges::unique(arns).begin(), arns.end());
    return arns;
}

} // namespace stanch::privilege
