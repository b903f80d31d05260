#include "privilege/collect.h"
#include "privilege/collect_shape.h"

#include <algorithm>
#include <array>

namespace stanch::privilege {
namespace {

// Whether an argument of a call is this literal.
bool names_literally(Node call, std::string_view text) {
    for (const Node argument : call.child(Field::arguments).children()) {
        const bool keyword = argument.kind() == Kind::keyword_argument;
        if (syntax::string_value(keyword ? argument.child(Field::value) : argument) == text)
            return true;
    }
    return false;
}

bool word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Whether arguments name it anywhere: as a keyword (ACL=…) or as a key ("ACL": …).
bool named_within(std::string_view arguments, std::string_view name) {
    for (std::size_t at = arguments.find(name); at != std::string_view::npos;
         at = arguments.find(name, at + 1)) {
        std::size_t end = at + name.size();
        if (at == 0 || end >= arguments.size() || word(arguments[at - 1])) continue;
        const char before = arguments[at - 1];
        const bool key = (before == '"' || before == '\'') && arguments[end] == before;
        if (key) ++end;
        while (end < arguments.size() && (arguments[end] == ' ' || arguments[end] == '\n'))
            ++end;
        if (end < arguments.size() && arguments[end] == (key ? ':' : '=')) return true;
    }
    return false;
}

// An operation's actions, with what its arguments need.
std::vector<std::string> aws_actions(const AwsOperation& operation, Node call) {
    std::vector<std::string> own = operation.actions;
    std::vector<std::string> more;
    const Node arguments = call.child(Field::arguments);
    for (const AwsGiven& given : operation.given) {
        if (given.anywhere ? !named_within(arguments.text(), given.argument)
                           : !syntax::argument(arguments, given.argument))
            continue;
        for (std::string_view rest = given.actions; !rest.empty();) {
            const auto comma = rest.find(',');
            std::string_view action = rest.substr(0, comma);
            rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
            if (action.starts_with('~')) {
                own.clear();
                action.remove_prefix(1);
            }
            if (std::ranges::find(more, action) == more.end()) more.emplace_back(action);
        }
    }
    for (std::string& action : more)
        if (std::ranges::find(own, action) == own.end()) own.push_back(std::move(action));
    return own;
}

} // namespace

void Collector::aws_emit(Module& module, Node node, const AwsService* service,
                         const AwsOperation& operation, Certainty certainty,
                         std::span<const Value> objects) {
    Need found = need(module, node, "aws");
    found.service = std::string(service->name);
    found.operation = std::string(operation.name);
    found.access = operation.reads ? Access::read : Access::write;
    found.permissions = operation.actions;
    found.certainty = certainty;
    const Node call = node.kind() == Kind::call ? node : call_of(node);
    if (!call) found.resources = aws_resources(module, node, service, operation, objects);
    if (call) {
        // get_paginator("list_objects_v2").paginate(Bucket="b"): the arguments are the second
        // call's.
        const Node next = call.parent();
        const bool paginates =
            next.kind() == Kind::attribute && next.child(Field::attribute).text() == "paginate";
        found.resources = aws_resources(
            module, paginates && next.parent().kind() == Kind::call ? next.parent() : call, service,
            operation, objects);
        found.permissions = aws_actions(operation, call);
    }
    emit(std::move(found));
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
    std::vector<std::string_view> methods; // delete() of several types is several operations
    bool unknown = false;
    const std::string_view written = node.child(Field::attribute).text();
    // Only what is made here counts: a bound method that was kept in an attribute was seen where it
    // was taken.
    Values objects = resolver_.evaluate(module, node.child(Field::object));
    for (std::size_t i = 0, own = objects.size(); i < own; ++i)
        for (const Value& kept : resolver_.wrapped(Value(objects[i]), written))
            objects.push_back(kept);
    for (const Value& object : objects) {
        if (object.what != Value::What::client && object.what != Value::What::resource &&
            object.what != Value::What::collection)
            continue;
        for (const Value& value : resolver_.attribute(object, written)) {
            if (value.what == Value::What::collection && object.what == Value::What::resource) {
                if (const AwsOperation* operation = value.service->operation(value.extra))
                    aws_emit(module, node, value.service, *operation, Certainty::followed,
                             {&object, 1});
            } else if (value.what == Value::What::operation) {
                if (std::ranges::find(methods, value.name) == methods.end())
                    methods.push_back(value.name);
                if (value.service == nullptr)
                    unknown = true;
                else if (std::ranges::find(services, value.service) == services.end())
                    services.push_back(value.service);
            }
        }
    }
    const Node call = call_of(node);
    const std::string_view receiver = node.child(Field::object).text();
    if (services.size() == 1) {
        for (const std::string_view method : methods)
            if (const AwsOperation* operation = services[0]->method(method))
                aws_emit(module, node, services[0], *operation, Certainty::followed, objects);
        return;
    }
    if (services.size() > 1) {
        const std::string_view method = methods.back();
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
    Values objects = resolver_.evaluate(module, object, context);
    for (std::size_t i = 0, own = objects.size(); i < own; ++i)
        for (const Value& kept : resolver_.wrapped(Value(objects[i]), "get_paginator"))
            objects.push_back(kept);
    for (const Value& value : objects) {
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
    const bool by_attribute = call.child(Field::function).kind() == Kind::attribute;
    if (context == nullptr && methods.size() > 1) {
        // A helper that is called with names of operations: each call for itself.
        const Scope* scope = module.scope_of[call.index()];
        while (scope != nullptr && scope->function == nullptr)
            scope = scope->outer;
        const auto contexts = resolver_.contexts(scope == nullptr ? nullptr : scope->function);
        for (const Context* each : contexts)
            if (each != nullptr) aws_named_in(module, call, object, named, waiter, each);
        if (std::ranges::any_of(contexts, [](const Context* each) { return each != nullptr; }))
            return;
    }
    Module* place = &module;
    if (context != nullptr && methods.size() == 1) {
        // The operation is seen where its name is written.
        for (const Context* at = context; at != nullptr && at->call; at = at->caller)
            if (names_literally(at->call, methods[0])) {
                place = at->module;
                call = at->call;
                break;
            }
    }
    if (services.empty() && unknown && by_attribute) services = {used_.begin(), used_.end()};
    if (!services.empty()) aws_named(*place, call, services, object.text(), methods, waiter);
}

} // namespace stanch::privilege
