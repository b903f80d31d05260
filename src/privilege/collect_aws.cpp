#include "privilege/collect.h"

#include <algorithm>
#include <array>

namespace stanch::privilege {
namespace {

bool upper(char c) {
    return c >= 'A' && c <= 'Z';
}

// The call that this attribute is the function of, if any.
Node call_of(Node attribute) {
    const Node outer = attribute.parent();
    return outer.kind() == Kind::call && attribute.field() == Field::function ? outer : Node();
}

// "describe_instances" says more than "query" or "publish" does.
bool telling(std::string_view method) {
    return method.size() >= 8 && method.find('_') != std::string_view::npos;
}

std::string folded(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c != '_' && c != '-') out += upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

// Words of a receiver that tell its service: "self.ec2_client", "route53", "cfn".
bool hints_at(std::string_view receiver, std::string_view service) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 14> usual{{
        {"cloudformation", "cfn"},
        {"cloudformation", "cf_client"},
        {"secretsmanager", "secret"},
        {"stepfunctions", "sfn"},
        {"dynamodb", "ddb"},
        {"dynamodb", "dynamo"},
        {"cognito-idp", "cognito"},
        {"apigateway", "apigw"},
        {"logs", "cwl"},
        {"elbv2", "alb"},
        {"events", "eventbridge"},
        {"cloudwatch", "cw"},
        {"lambda", "awslambda"},
        {"stepfunctions", "step"},
    }};
    const std::string text = folded(receiver);
    if (text.find(folded(service)) != std::string::npos) return true;
    return std::ranges::any_of(usual, [&](const auto& each) {
        return each.first == service && receiver.find(each.second) != std::string_view::npos;
    });
}

// How well the keyword arguments of a call fit a service: -1 where one is unknown to it.
int fit(const AwsService& service, Node call, int& keywords) {
    int known = 0;
    keywords = 0;
    for (const Node argument : call.child(Field::arguments).children()) {
        // A client's methods take keywords only.
        if (argument.kind() != Kind::keyword_argument) {
            if (argument.kind() != Kind::dictionary_splat && argument.kind() != Kind::comment)
                return -1;
            continue;
        }
        ++keywords;
        const std::string_view name = argument.child(Field::name).text();
        if (service.members.contains(name) || (service.members.empty() && upper(name[0])))
            ++known;
        else if (!service.members.empty())
            return -1;
    }
    return known;
}

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
    Named{"secretsmanager", "SecretId", "arn:aws:secretsmanager:*:*:secret:%-??????"},
    Named{"ssm", "Name", "arn:aws:ssm:*:*:parameter/%"},
    Named{"lambda", "FunctionName", "arn:aws:lambda:*:*:function:%"},
    Named{"kinesis", "StreamName", "arn:aws:kinesis:*:*:stream/%"},
    Named{"firehose", "DeliveryStreamName", "arn:aws:firehose:*:*:deliverystream/%"},
    Named{"logs", "logGroupName", "arn:aws:logs:*:*:log-group:%:*"},
    Named{"ecr", "repositoryName", "arn:aws:ecr:*:*:repository/%"},
};

} // namespace

void Collector::aws_emit(Module& module, Node node, const AwsService* service,
                         const AwsOperation& operation, Certainty certainty) {
    Need found = need(module, node, "aws");
    found.service = std::string(service->name);
    found.operation = std::string(operation.name);
    found.access = operation.reads ? Access::read : Access::write;
    found.permissions = operation.actions;
    found.certainty = certainty;
    const Node call = node.kind() == Kind::call ? node : call_of(node);
    if (call) {
        // get_paginator("list_objects_v2").paginate(Bucket="b"): the arguments are the second
        // call's.
        const Node next = call.parent();
        const bool paginates =
            next.kind() == Kind::attribute && next.child(Field::attribute).text() == "paginate";
        found.resources = aws_resources(
            module, paginates && next.parent().kind() == Kind::call ? next.parent() : call,
            service);
        if (operation.passes_role && call.text().find("ole") != std::string_view::npos)
            found.permissions.emplace_back("iam:PassRole");
    }
    emit(std::move(found));
}

std::vector<std::string> Collector::aws_resources(Module& module, Node call,
                                                  const AwsService* service) {
    std::vector<std::string> arns;
    const Node arguments = call.child(Field::arguments);
    for (const Node argument : arguments.children()) {
        if (argument.kind() != Kind::keyword_argument) continue;
        const std::string_view text = resolver_.text_of(module, argument.child(Field::value));
        if (text.starts_with("arn:") && text.find(hole) == std::string_view::npos)
            arns.emplace_back(text);
    }
    for (const Named& each : named_resources) {
        if (each.service != service->name) continue;
        Node value = syntax::argument(arguments, each.argument);
        const Node function = call.child(Field::function);
        // dynamodb.Table("t").put_item(…), s3.Bucket("b").upload_file(…)
        if (!value && function.kind() == Kind::attribute) {
            const Node object = function.child(Field::object);
            const Node maker = object.child(Field::function);
            const std::string_view made = maker.child(Field::attribute).text();
            if (object.kind() == Kind::call && (made == "Table" || made == "Bucket"))
                value = syntax::argument(object.child(Field::arguments), "name", 0);
        }
        std::string text(resolver_.text_of(module, value));
        if (text.empty() || text.find(hole) != std::string::npos || text.starts_with("arn:"))
            continue;
        if (service->name == "ssm" && text.starts_with('/')) text.erase(0, 1);
        std::string arn(each.arn);
        arn.replace(arn.find('%'), 1, text);
        arns.push_back(arn);
        if (service->name == "s3") {
            std::string key(resolver_.text_of(module, syntax::argument(arguments, "Key")));
            std::ranges::replace(key, hole, '*');
            arns.push_back(arn + "/" + (key.empty() ? "*" : key));
        }
    }
    return arns;
}

std::vector<const AwsService*> Collector::aws_narrow(std::vector<const AwsService*> candidates,
                                                     std::string_view method, Node call,
                                                     std::string_view receiver) {
    std::erase_if(candidates,
                  [&](const AwsService* service) { return service->method(method) == nullptr; });
    if (candidates.size() > 1 && call)
        std::erase_if(candidates, [&](const AwsService* service) {
            int keywords = 0;
            return fit(*service, call, keywords) < 0;
        });
    if (candidates.size() > 1) {
        std::vector<const AwsService*> hinted;
        for (const AwsService* service : candidates)
            if (hints_at(receiver, service->name)) hinted.push_back(service);
        if (!hinted.empty()) candidates = std::move(hinted);
    }
    return candidates;
}

void Collector::aws_attribute(Module& module, Node node) {
    // An assignment's target, or client.operation.return_value of a mock: nothing is called.
    if (node.field() == Field::left || node.parent().kind() == Kind::attribute) {
        const Values& objects = resolver_.evaluate(module, node.child(Field::object));
        if (std::ranges::none_of(
                objects, [](const Value& object) { return object.what == Value::What::resource; }))
            return;
    }
    if (node.field() == Field::left) return;
    std::vector<const AwsService*> services;
    std::string_view method;
    bool unknown = false;
    const std::string_view written = node.child(Field::attribute).text();
    // Only what is made here counts: a bound method that was kept in an attribute was seen where it
    // was taken.
    for (const Value& object : Values(resolver_.evaluate(module, node.child(Field::object)))) {
        if (object.what != Value::What::client && object.what != Value::What::resource &&
            object.what != Value::What::collection)
            continue;
        for (const Value& value : resolver_.attribute(object, written)) {
            if (value.what == Value::What::collection && object.what == Value::What::resource) {
                if (const AwsOperation* operation = value.service->operation(value.extra))
                    aws_emit(module, node, value.service, *operation, Certainty::followed);
            } else if (value.what == Value::What::operation) {
                method = value.name;
                if (value.service == nullptr)
                    unknown = true;
                else if (std::ranges::find(services, value.service) == services.end())
                    services.push_back(value.service);
            }
        }
    }
    const Node call = call_of(node);
    const std::string_view receiver = node.child(Field::object).text();
    if (services.size() == 1)
        return aws_emit(module, node, services[0], *services[0]->method(method),
                        Certainty::followed);
    if (services.size() > 1) {
        auto narrowed = aws_narrow(services, method, call, receiver);
        if (narrowed.empty()) narrowed = services;
        if (narrowed.size() > 3) return;
        for (const AwsService* service : narrowed)
            if (const AwsOperation* operation = service->method(method))
                aws_emit(module, node, service, *operation, Certainty::followed);
        return;
    }
    if (unknown) {
        const auto narrowed = aws_narrow({used_.begin(), used_.end()}, written, call, receiver);
        if (narrowed.size() == 1)
            aws_emit(module, node, narrowed[0], *narrowed[0]->method(written), Certainty::by_shape);
        return;
    }
    aws_by_shape(module, node);
}

// Nothing is known of the receiver. The method, its keyword arguments and the receiver's name may
// leave one reading.
void Collector::aws_by_shape(Module& module, Node node) {
    const std::string_view method = node.child(Field::attribute).text();
    if (!telling(method)) return;
    const Node call = call_of(node);
    if (!call) return;
    for (const Value& object : resolver_.evaluate(module, node.child(Field::object)))
        if (object.what != Value::What::external || object.name.find('(') != std::string_view::npos)
            return;
    const std::string_view receiver = node.child(Field::object).text();
    const bool client_like = folded(receiver).find("client") != std::string::npos;
    std::vector<const AwsService*> candidates;
    for (const AwsService* service : used_)
        if (service->method(method) != nullptr) candidates.push_back(service);
    if (const AwsService* injected = decorated_with(module, node);
        injected != nullptr && injected->method(method) != nullptr) {
        int keywords = 0;
        if (fit(*injected, call, keywords) >= 0)
            aws_emit(module, node, injected, *injected->method(method), Certainty::by_shape);
        return;
    }
    std::erase_if(candidates, [&](const AwsService* service) {
        int keywords = 0;
        const int known = fit(*service, call, keywords);
        if (known < 0) return true;
        return known == 0 && !client_like && !hints_at(receiver, service->name);
    });
    candidates = aws_narrow(std::move(candidates), method, call, receiver);
    if (candidates.size() == 1)
        aws_emit(module, node, candidates[0], *candidates[0]->method(method), Certainty::by_shape);
}

// @sts_client("elbv2") above a function: what gives it a client, and of which service.
const AwsService* Collector::decorated_with(Module& module, Node node) {
    for (const Scope* scope = module.scope_of[node.index()]; scope != nullptr;
         scope = scope->outer) {
        if (scope->function == nullptr) continue;
        for (const Node call : scope->function->decorator_calls) {
            const std::string name = folded(call.child(Field::function).text());
            if (name.find("client") == std::string::npos &&
                name.find("resource") == std::string::npos &&
                name.find("boto") == std::string::npos)
                continue;
            for (const Node argument : call.child(Field::arguments).children())
                if (const auto text = syntax::string_value(argument.kind() == Kind::keyword_argument
                                                               ? argument.child(Field::value)
                                                               : argument))
                    if (const AwsService* service = aws_service(*text)) return service;
        }
    }
    return nullptr;
}

void Collector::aws_named(Module& module, Node call, const std::vector<const AwsService*>& services,
                          std::string_view receiver, const std::vector<std::string_view>& methods,
                          bool waiter) {
    for (const std::string_view method : methods) {
        std::vector<const AwsService*> fitting;
        for (const AwsService* service : services)
            if (waiter ? service->waiters.contains(method) : service->method(method) != nullptr)
                fitting.push_back(service);
        if (fitting.size() > 1) {
            std::vector<const AwsService*> hinted;
            for (const AwsService* service : fitting)
                if (hints_at(receiver, service->name)) hinted.push_back(service);
            if (!hinted.empty()) fitting = std::move(hinted);
        }
        if (fitting.size() > 2) continue;
        for (const AwsService* service : fitting) {
            const AwsOperation* operation =
                waiter ? service->operation(service->waiters.at(method)) : service->method(method);
            if (operation != nullptr)
                aws_emit(module, call, service, *operation, Certainty::followed);
        }
    }
}

// get_paginator("list_users"), get_waiter("instance_running"),
// generate_presigned_url("get_object"), and getattr(client, "list_users").
void Collector::aws_call(Module& module, Node call) {
    const Node function = call.child(Field::function);
    const Node arguments = call.child(Field::arguments);
    Node object;
    Node named;
    bool waiter = false;
    if (function.kind() == Kind::identifier && function.text() == "getattr") {
        object = syntax::argument(arguments, "", 0);
        named = syntax::argument(arguments, "", 1);
    } else if (function.kind() == Kind::attribute) {
        const std::string_view method = function.child(Field::attribute).text();
        object = function.child(Field::object);
        waiter = method == "get_waiter";
        if (method == "get_paginator")
            named = syntax::argument(arguments, "operation_name", 0);
        else if (waiter)
            named = syntax::argument(arguments, "waiter_name", 0);
        else if (method == "generate_presigned_url")
            named = syntax::argument(arguments, "ClientMethod", 0);
    }
    if (!named) return;
    aws_named_in(module, call, object, named, waiter, nullptr);
}

void Collector::aws_named_in(Module& module, Node call, Node object, Node named, bool waiter,
                             const Context* context) {
    std::vector<const AwsService*> services;
    bool unknown = true;
    for (const Value& value : Values(resolver_.evaluate(module, object, context))) {
        if (value.what == Value::What::client) {
            if (value.service != nullptr &&
                std::ranges::find(services, value.service) == services.end())
                services.push_back(value.service);
            unknown = unknown && value.service == nullptr;
        } else if (value.what != Value::What::external ||
                   value.name.find('(') != std::string_view::npos) {
            unknown = false;
        }
    }
    std::vector<std::string_view> methods;
    for (const Value& text : Values(resolver_.evaluate(module, named, context)))
        if (text.what == Value::What::text && text.name.find(hole) == std::string_view::npos)
            methods.push_back(text.name);
    if (context == nullptr && services.size() > 1 && methods.size() > 1) {
        // A helper that is called with pairs of a service and an operation: each call for itself.
        const Scope* scope = module.scope_of[call.index()];
        while (scope != nullptr && scope->function == nullptr)
            scope = scope->outer;
        for (const Context* each : resolver_.contexts(scope == nullptr ? nullptr : scope->function))
            if (each != nullptr) aws_named_in(module, call, object, named, waiter, each);
        return;
    }
    const Node function = call.child(Field::function);
    if (services.empty() && unknown && function.kind() == Kind::attribute)
        services = {used_.begin(), used_.end()};
    if (!services.empty()) aws_named(module, call, services, object.text(), methods, waiter);
}

} // namespace stanch::privilege
