// boto3's objects: clients, resources, collections, and what their attributes are.
#include "privilege/resolve.h"

#include <algorithm>
#include <array>

namespace stanch::privilege {
namespace {

// Methods that boto3 adds beside those of the service's model (boto3/s3/inject.py, ec2, dynamodb):
// what they call.
struct Injected {
    std::string_view service;
    std::string_view type; // resource type; empty: the client
    std::string_view method;
    std::string_view operation;
};
constexpr std::array injected{
    Injected{"s3", "", "upload_file", "PutObject"},
    Injected{"s3", "", "upload_fileobj", "PutObject"},
    Injected{"s3", "", "download_file", "GetObject"},
    Injected{"s3", "", "download_fileobj", "GetObject"},
    Injected{"s3", "", "copy", "CopyObject"},
    Injected{"s3", "", "generate_presigned_post", "PutObject"},
    Injected{"s3", "Bucket", "upload_file", "PutObject"},
    Injected{"s3", "Bucket", "upload_fileobj", "PutObject"},
    Injected{"s3", "Bucket", "download_file", "GetObject"},
    Injected{"s3", "Bucket", "download_fileobj", "GetObject"},
    Injected{"s3", "Bucket", "copy", "CopyObject"},
    Injected{"s3", "Bucket", "load", "ListBuckets"},
    Injected{"s3", "Object", "upload_file", "PutObject"},
    Injected{"s3", "Object", "upload_fileobj", "PutObject"},
    Injected{"s3", "Object", "download_file", "GetObject"},
    Injected{"s3", "Object", "download_fileobj", "GetObject"},
    Injected{"s3", "Object", "copy", "CopyObject"},
    Injected{"s3", "ObjectSummary", "load", "HeadObject"},
    Injected{"dynamodb", "Table", "batch_writer", "BatchWriteItem"},
    Injected{"ec2", ".", "create_tags", "CreateTags"},
    Injected{"ec2", ".", "delete_tags", "DeleteTags"},
    Injected{"ec2", "Instance", "delete_tags", "DeleteTags"},
};

// An attribute of every resource that is no part of the service's answer.
bool plumbing(std::string_view name) {
    return name == "meta" || name == "get_available_subresources" || name.starts_with("__");
}

Value operation(const AwsService* service, std::string_view method, std::string_view result = {}) {
    return {.what = Value::What::operation, .name = method, .extra = result, .service = service};
}

bool makes_clients(std::string_view name) {
    return name.ends_with("client") || name.ends_with("Client") || name.ends_with("resource") ||
           name == "connect" || name.ends_with("clients") || name.ends_with("_conn") ||
           name.ends_with("connection") || name.find("boto") != std::string_view::npos ||
           name.find("client_for") != std::string_view::npos || name.ends_with("_service") ||
           name.find("aws_client") != std::string_view::npos;
}

} // namespace

Values Resolver::aws_attribute(const Value& value, std::string_view name) {
    const AwsService* service = value.service;
    if (value.what == Value::What::client) {
        if (value.name == "meta")
            return name == "client" ? Values{{.what = Value::What::client, .service = service}}
                                    : Values{};
        if (name == "meta" || name == "exceptions" || name == "get_paginator" ||
            name == "get_waiter")
            return {};
        // Of some service: the caller finds out which.
        if (service == nullptr) return {operation(nullptr, intern(name))};
        for (const Injected& added : injected)
            if (added.service == service->name && added.type.empty() && added.method == name)
                return {operation(service, service->method_of.at(added.operation))};
        if (const auto found = service->methods.find(name); found != service->methods.end())
            return {operation(service, found->first)};
        return {};
    }
    if (service == nullptr || plumbing(name)) {
        if (name == "meta" && value.what == Value::What::resource)
            return {{.what = Value::What::client, .name = "meta", .service = service}};
        return {};
    }
    if (value.what == Value::What::collection) {
        const AwsResource* type = service->resource(value.name);
        if (type != nullptr)
            if (const auto batch = type->batch.find(name); batch != type->batch.end())
                return {operation(service, service->method_of.at(batch->second))};
        return {value}; // all(), filter(…), limit(…), page_size(…), pages()
    }
    const AwsResource* type = service->resource(value.name);
    if (type == nullptr) return {};
    for (const Injected& added : injected)
        if (added.service == service->name && added.type == value.name && added.method == name)
            return {operation(service, service->method_of.at(added.operation),
                              name == batch_writer ? batch_writer : std::string_view())};
    if (const auto action = type->actions.find(name); action != type->actions.end())
        return {operation(service, service->method_of.at(action->second.operation),
                          action->second.result)};
    if (const auto collection = type->collections.find(name); collection != type->collections.end())
        return {{.what = Value::What::collection,
                 .name = collection->second.result,
                 .extra = collection->second.operation,
                 .service = service,
                 .ref = value.ref,
                 .node = value.node}};
    if (const auto part = type->parts.find(name); part != type->parts.end())
        return {{.what = Value::What::factory, .name = part->second, .service = service}};
    if (std::ranges::find(type->identifiers, name) != type->identifiers.end()) return {};
    // A reference: instance.vpc is a Vpc.
    for (const auto& [part, kind] : type->parts)
        if (aws_method_name(part) == name)
            return {{.what = Value::What::resource, .name = kind, .service = service}};
    // load(), reload(), and any attribute of the answer that they fetch.
    // What came out of a collection or an action has its answer already.
    if (!type->load.empty() && (value.extra != loaded || name == "load" || name == "reload"))
        return {operation(service, service->method_of.at(type->load))};
    return {};
}

Values Resolver::make_client(Module& module, Node call, const Context* context, bool resource) {
    const Node arguments = call.child(Field::arguments);
    Values out;
    for (const Value& name :
         Values(evaluate(module, syntax::argument(arguments, "service_name", 0), context))) {
        if (name.what != Value::What::text) continue;
        const AwsService* service = aws_service(name.name);
        if (service == nullptr) continue;
        if (resource)
            out.push_back({.what = Value::What::resource, .name = ".", .service = service});
        else
            out.push_back({.what = Value::What::client, .service = service});
    }
    if (out.empty() && !resource) out.push_back({.what = Value::What::client});
    return out;
}

// A call that nothing explains, but that says "client" and names a service: session.client("s3") of
// a session that came from somewhere else, get_boto_client("ec2").
Values Resolver::guess_client(Module& module, Node node, const Context* context,
                              std::string_view callee) {
    const std::string_view name = callee;
    if (!makes_clients(name)) return {};
    const Node arguments = node.child(Field::arguments);
    bool resource = name.ends_with("resource");
    for (const Node argument : arguments.children())
        if (syntax::string_value(argument.kind() == Kind::keyword_argument
                                     ? argument.child(Field::value)
                                     : argument) == "resource")
            resource = true;
    Values out;
    for (const Node argument : arguments.children()) {
        const Node given =
            argument.kind() == Kind::keyword_argument ? argument.child(Field::value) : argument;
        if (given.kind() == Kind::call) continue;
        for (const Value& text : Values(evaluate(module, given, context))) {
            if (text.what != Value::What::text) continue;
            const AwsService* service = aws_service(text.name);
            if (service == nullptr) continue;
            if (resource)
                out.push_back({.what = Value::What::resource, .name = ".", .service = service});
            else
                out.push_back({.what = Value::What::client, .service = service});
        }
        if (!out.empty()) return out;
    }
    // boto3_cached_conn(name): of some service.
    if (name.find("boto") != std::string_view::npos && !resource &&
        (name.ends_with("conn") || name.ends_with("client")))
        return {{.what = Value::What::client}};
    return out;
}

} // namespace stanch::privilege
