// Calls: of the project's functions and classes with their arguments, and of libraries by what they
// are known to do.
#include "privilege/resolve_parts.h"

#include <algorithm>
#include <array>

namespace stanch::privilege {
namespace {

constexpr int deepest_context = 5;

// Builtins and helpers that hand their argument on.
struct Passes {
    std::string_view name;
    int argument;
};
constexpr std::array passes{
    Passes{"next", 0},
    Passes{"list", 0},
    Passes{"tuple", 0},
    Passes{"iter", 0},
    Passes{"sorted", 0},
    Passes{"reversed", 0},
    Passes{"set", 0},
    Passes{"enumerate", 0},
    Passes{"typing.cast", 1},
    Passes{"cast", 1},
    Passes{"copy.copy", 0},
    Passes{"copy.deepcopy", 0},
    Passes{"contextlib.closing", 0},
    Passes{"closing", 0},
    Passes{"functools.partial", 0},
    Passes{"partial", 0},
    Passes{"asyncio.run", 0},
    Passes{"str", 0},
    Passes{"functools.cache", 0},
    Passes{"functools.lru_cache", 0},
    Passes{"asgiref.sync.sync_to_async", 0},
    Passes{"asyncio.to_thread", 0},
    Passes{"asyncio.wait_for", 0},
    Passes{"asyncio.ensure_future", 0},
    Passes{"asyncio.create_task", 0},
};

// What an action gives: "Type", "Type+" with its service's answer, "Type*" a list of such ones.
Values made_by(const Value& operation) {
    std::string_view type = operation.extra;
    if (type.empty()) return {};
    const char last = type.back();
    if (last == '+' || last == '*') type.remove_suffix(1);
    return {{.what = last == '*' ? Value::What::collection : Value::What::resource,
             .name = type,
             .extra = last == '+' ? loaded : std::string_view(),
             .service = operation.service}};
}

// Libraries' helpers that call a function of the project for its result.
bool calls_its_argument(std::string_view name) {
    return name == "fastapi.Depends" || name == "fastapi.Security" ||
           name == "fastapi.params.Depends" || name.ends_with(".SimpleLazyObject") ||
           name.ends_with(".LocalProxy") || name.ends_with("lazy_object_proxy.Proxy") ||
           name.ends_with(".run_in_threadpool") || name.ends_with("providers.Singleton") ||
           name.ends_with("providers.Factory") || name.ends_with("providers.Resource");
}

// ExitStack().enter_context(client) gives the client.
bool enters(std::string_view name) {
    return name.ends_with(".enter_context") || name.ends_with(".enter_async_context") ||
           name.ends_with(".run_until_complete");
}

} // namespace

Values Resolver::call(Module& module, Node node, const Context* context) {
    const Node function = node.child(Field::function);
    const Node arguments = node.child(Field::arguments);
    Values out;
    if (function.kind() == Kind::identifier) {
        if (function.text() == "super") {
            for (const Scope* at = module.scope_of[node.index()]; at != nullptr; at = at->outer)
                if (at->function != nullptr && at->function->owner != nullptr) {
                    const Values self = self_value(*at->function->owner, context);
                    Value above = self[0];
                    above.what = Value::What::super;
                    above.self = static_cast<const Class*>(above.ref);
                    above.ref = at->function->owner;
                    return {above};
                }
            return {};
        }
        if (function.text() == "getattr") {
            for (const Value& object :
                 Values(evaluate(module, syntax::argument(arguments, "", 0), context)))
                for (const Value& name :
                     Values(evaluate(module, syntax::argument(arguments, "", 1), context)))
                    if (name.what == Value::What::text)
                        privilege::add(out, attribute(object, name.name));
            return out;
        }
    }
    // "…".format(…) and "…".join(…)
    if (function.kind() == Kind::attribute && function.child(Field::attribute).text() == "format") {
        const Values text = evaluate(module, function.child(Field::object), context);
        if (text.size() == 1 && text[0].what == Value::What::text) {
            std::string filled;
            for (std::size_t i = 0; i < text[0].name.size(); ++i) {
                const bool open = text[0].name[i] == '{';
                filled += open ? hole : text[0].name[i];
                if (open) i = std::min(text[0].name.find('}', i), text[0].name.size());
            }
            return {{.what = Value::What::text, .name = intern(filled)}};
        }
    }
    for (const Value& value : Values(evaluate(module, function, context)))
        privilege::add(out, call_value(value, module, node, context));
    // Something of a library, or out of a cache: what the callee's name says is worth more.
    const std::string_view callee = function.kind() == Kind::attribute
                                        ? function.child(Field::attribute).text()
                                        : function.text();
    const bool one = callee.ends_with("client") || callee.ends_with("resource");
    if (std::ranges::all_of(out, [one](const Value& value) {
            return value.what == Value::What::external ||
                   (one &&
                    (value.what == Value::What::holder || value.what == Value::What::container));
        }))
        if (Values guessed = guess_client(module, node, context, callee); !guessed.empty())
            return guessed;
    return out;
}

Values Resolver::call_value(const Value& value, Module& module, Node node, const Context* context) {
    switch (value.what) {
    case Value::What::function:
        return call_function(value, module, node, context);
    case Value::What::class_: {
        const auto* type = static_cast<const Class*>(value.ref);
        const int depth = context == nullptr ? 1 : context->depth + 1;
        const Context* site = depth > deepest_context ? nullptr
                                                      : intern({.module = &module,
                                                                .call = node,
                                                                .caller = context,
                                                                .self = type,
                                                                .depth = depth});
        return {{.what = Value::What::instance, .ref = type, .context = site}};
    }
    case Value::What::instance: {
        Values out;
        for (const Value& method : attribute(value, "__call__"))
            if (method.what == Value::What::function)
                privilege::add(out, call_function(method, module, node, context));
        return out;
    }
    case Value::What::external:
        return call_external(value, module, node, context);
    case Value::What::operation:
        if (value.extra == batch_writer)
            return {{.what = Value::What::external, .name = "boto3.batch_writer()"}};
        return made_by(value);
    case Value::What::factory:
        // Where it was made says what it names: Table("orders").
        return {{.what = Value::What::resource,
                 .name = value.name,
                 .service = value.service,
                 .ref = &module,
                 .node = node.index()}};
    case Value::What::collection:
        return {value};
    case Value::What::elements: {
        Value container = value;
        container.what = value.extra == "holder" ? Value::What::holder : Value::What::container;
        container.extra = {};
        container.name = {};
        if (value.name == "get" || value.name == "pop" || value.name == "setdefault") {
            const auto key =
                syntax::string_value(syntax::argument(node.child(Field::arguments), "", 0));
            return elements(container, -1, key.value_or(""));
        }
        return {container};
    }
    default:
        return {};
    }
}

Values Resolver::call_function(const Value& value, Module& module, Node node,
                               const Context* context) {
    const auto& function = *static_cast<const Function*>(value.ref);
    const int depth = context == nullptr ? 1 : context->depth + 1;
    if (depth > deepest_context) return results(function, nullptr);
    for (const Context* at = context; at != nullptr; at = at->caller)
        if (at->function == &function && at->call == node) return {};
    return results(function, intern({.function = &function,
                                     .module = &module,
                                     .call = node,
                                     .caller = context,
                                     .self = value.self,
                                     .site = value.context,
                                     .depth = depth}));
}

Values Resolver::results(const Function& function, const Context* context) {
    Values out;
    for (const Node result : function.results)
        privilege::add(out, evaluate(*function.module, result, context));
    if (out.empty() && function.node.kind() == Kind::function_definition)
        if (const Node type = function.node.child(Field::return_type))
            return from_annotation(*function.module, type);
    return out;
}

Values Resolver::call_external(const Value& value, Module& module, Node node,
                               const Context* context) {
    const std::string_view name = value.name;
    const Node arguments = node.child(Field::arguments);
    if (name == "dict") // of its keyword arguments
        return {{.what = Value::What::container,
                 .ref = &module,
                 .node = arguments.index(),
                 .context = context}};
    for (const auto& [passed, position] : passes)
        if (name == passed)
            return evaluate(module, syntax::argument(arguments, "", position), context);
    if (enters(name)) return evaluate(module, syntax::argument(arguments, "", 0), context);
    if (calls_its_argument(name)) {
        Values made;
        for (const Value& maker :
             Values(evaluate(module, syntax::argument(arguments, "", 0), context)))
            if (maker.what == Value::What::function)
                privilege::add(made, results(*static_cast<const Function*>(maker.ref), nullptr));
        if (!made.empty()) return made;
    }
    const bool aws = name.starts_with("boto3") || name.starts_with("aioboto") ||
                     name.starts_with("aiobotocore") || name.starts_with("botocore");
    if (aws && (name.ends_with(".client") || name.ends_with(".create_client")))
        return make_client(module, node, context, false);
    if (aws && name.ends_with(".resource")) return make_client(module, node, context, true);
    if (name.size() + 2 > longest_name || name.find('.') == std::string_view::npos) {
        // A builtin, or something of a star import: known only where it looks like a maker of
        // clients.
        if (Values guessed = guess_client(module, node, context, last_part(name)); !guessed.empty())
            return guessed;
        if (name.size() + 2 > longest_name) return {};
    } else if (!aws) {
        if (Values guessed = guess_client(module, node, context, last_part(name)); !guessed.empty())
            return guessed;
    }
    return {{.what = Value::What::external, .name = intern(std::string(name) + "()")}};
}

} // namespace stanch::privilege
