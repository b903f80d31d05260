// Calls: of the project's functions and classes with their arguments, and of libraries by what they
// are known to do.
#include "privilege/resolve.h"

#include <algorithm>
#include <array>

namespace stanch::privilege {
namespace {

constexpr std::size_t most_values = 96;
constexpr int deepest_context = 5;
constexpr std::size_t most_sites = 400;
constexpr std::size_t longest_name = 160;

void add(Values& out, const Values& values) {
    for (const Value& value : values)
        if (out.size() < most_values && std::ranges::find(out, value) == out.end())
            out.push_back(value);
}

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
};

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
    if (out.empty()) out = guess_client(module, node, context);
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
        if (value.extra.empty()) return {};
        return {{.what = Value::What::resource,
                 .name = value.extra,
                 .extra = loaded,
                 .service = value.service}};
    case Value::What::factory:
        return {{.what = Value::What::resource, .name = value.name, .service = value.service}};
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
    for (const auto& [passed, position] : passes)
        if (name == passed)
            return evaluate(module, syntax::argument(arguments, "", position), context);
    const bool aws = name.starts_with("boto3") || name.starts_with("aioboto") ||
                     name.starts_with("aiobotocore") || name.starts_with("botocore");
    if (aws && (name.ends_with(".client") || name.ends_with(".create_client")))
        return make_client(module, node, context, false);
    if (aws && name.ends_with(".resource")) return make_client(module, node, context, true);
    if (name.size() + 2 > longest_name || name.find('.') == std::string_view::npos) {
        // A builtin, or something of a star import: known only where it looks like a maker of
        // clients.
        if (Values guessed = guess_client(module, node, context); !guessed.empty()) return guessed;
        if (name.size() + 2 > longest_name) return {};
    } else if (!aws) {
        if (Values guessed = guess_client(module, node, context); !guessed.empty()) return guessed;
    }
    return {{.what = Value::What::external, .name = intern(std::string(name) + "()")}};
}

const std::vector<Resolver::Site>& Resolver::sites(const Function& function) {
    const auto [slot, fresh] = sites_.try_emplace(&function);
    if (!fresh) return slot->second;
    std::vector<Site> found;
    const bool constructor = function.name == "__init__" && function.owner != nullptr;
    const auto add_calls = [&](std::string_view name, auto matches) {
        const auto known = calls_by_name_.find(name);
        if (known == calls_by_name_.end()) return;
        for (const Site& site : known->second) {
            if (found.size() >= most_sites) return;
            Node called = site.call.child(Field::function);
            if (site.shift != 0) {
                int position = 0;
                called = Node();
                for (const Node argument : site.call.child(Field::arguments).children()) {
                    const bool keyword = argument.kind() == Kind::keyword_argument;
                    ++position;
                    if (site.shift == position) called = argument;
                    if (site.shift < 0 && keyword && argument.child(Field::name).text() == "target")
                        called = argument.child(Field::value);
                }
            }
            for (const Value& value : Values(evaluate(*site.module, called, nullptr)))
                if (matches(value)) {
                    found.push_back(site);
                    break;
                }
        }
    };
    if (constructor) {
        std::vector<const Class*> makers{function.owner};
        for (const Class* below : subclasses(function.owner))
            makers.push_back(below);
        for (const Class* maker : makers) {
            // The constructor that `maker` runs is this one.
            const Class* runs = nullptr;
            for (const Class* at : ancestors(maker))
                if (runs == nullptr && at->scope->names.contains("__init__")) runs = at;
            if (runs != function.owner) continue;
            add_calls(maker->name, [&](const Value& value) {
                return value.what == Value::What::class_ && value.ref == maker;
            });
        }
        add_calls("__init__", [&](const Value& value) {
            return value.what == Value::What::function && value.ref == &function;
        });
    } else {
        add_calls(function.name, [&](const Value& value) {
            if (value.what != Value::What::function) return false;
            return value.ref == &function;
        });
    }
    std::vector<Site>& kept = sites_[&function];
    kept = std::move(found);
    return kept;
}

std::vector<const Context*> Resolver::contexts(const Function* function, int depth) {
    constexpr std::size_t most_contexts = 400;
    std::vector<const Context*> out;
    if (function == nullptr || depth == 0 || function->parameters.empty()) return {nullptr};
    for (const Site& site : sites(*function)) {
        if (site.shift != 0) continue;
        const Scope* scope = site.module->scope_of[site.call.index()];
        while (scope != nullptr && scope->function == nullptr)
            scope = scope->outer;
        for (const Context* caller :
             contexts(scope == nullptr ? nullptr : scope->function, depth - 1)) {
            if (out.size() >= most_contexts) return out;
            out.push_back(intern({.function = function,
                                  .module = site.module,
                                  .call = site.call,
                                  .caller = caller,
                                  .depth = 1}));
        }
    }
    if (out.empty()) out.push_back(nullptr);
    return out;
}

Values Resolver::parameter(const Function& function, int index, const Context* context) {
    if (depth_ > 44) {
        cut_ = 0;
        return {};
    }
    Module& own = *function.module;
    const Parameter& wanted = function.parameters[static_cast<std::size_t>(index)];
    Values out;
    for (const Context* at = context; at != nullptr; at = at->caller)
        if (at->function == &function && at->call)
            return argument_of(function, index, *at->module, at->call, at->caller, 0);
    ++depth_;
    const bool constructor = function.name == "__init__" && function.owner != nullptr;
    if (constructor && context != nullptr && context->self != nullptr) {
        const auto line = ancestors(context->self);
        const auto own_place = std::ranges::find(line, function.owner);
        const Class* runs = nullptr;
        for (const Class* at : line)
            if (runs == nullptr && at->scope->names.contains("__init__")) runs = at;
        if (runs == function.owner && context->site != nullptr && context->site->call) {
            out = argument_of(function, index, *context->site->module, context->site->call,
                              context->site->caller, 0);
            --depth_;
            return out;
        }
        // super().__init__(…) in the classes between.
        bool called = false;
        for (const Site& site : sites(function)) {
            const Scope* scope = site.module->scope_of[site.call.index()];
            while (scope != nullptr && scope->class_ptr == nullptr)
                scope = scope->outer;
            const Node callee = site.call.child(Field::function);
            const bool super = callee.kind() == Kind::attribute;
            if (super && scope != nullptr &&
                std::ranges::find(line.begin(), own_place, scope->class_ptr) != own_place) {
                called = true;
                privilege::add(
                    out, argument_of(function, index, *site.module, site.call,
                                     intern({.self = context->self, .site = context->site}), 0));
            } else if (!super && runs == function.owner) {
                for (const Value& value : Values(evaluate(*site.module, callee, nullptr)))
                    if (value.ref == context->self) {
                        called = true;
                        privilege::add(
                            out, argument_of(function, index, *site.module, site.call, nullptr, 0));
                    }
            }
        }
        if (called) {
            --depth_;
            return out;
        }
    }
    for (const Site& site : sites(function)) {
        int shift = site.shift;
        Node call = site.call;
        if (shift < 0) continue;
        privilege::add(out, argument_of(function, index, *site.module, call, nullptr, shift));
    }
    if (out.empty() && wanted.annotation) out = from_annotation(own, wanted.annotation);
    if (wanted.fallback) privilege::add(out, evaluate(own, wanted.fallback, nullptr));
    --depth_;
    return out;
}

// What `call` passes for a parameter, its default where it passes nothing.
Values Resolver::argument_of(const Function& function, int index, Module& module, Node call,
                             const Context* context, int shift) {
    const Parameter& wanted = function.parameters[static_cast<std::size_t>(index)];
    if (wanted.star) return {};
    // Called on an object or class, self is not among the arguments; Class.method(object) is rare
    // enough.
    const int position = index - (function.bound() ? 1 : 0) + shift;
    const Node arguments = call.child(Field::arguments);
    const Node given = syntax::argument(arguments, wanted.name, position);
    if (given && given.kind() != Kind::list_splat && given.kind() != Kind::dictionary_splat)
        return evaluate(module, given, context);
    Values out;
    if (wanted.fallback) out = evaluate(*function.module, wanted.fallback, nullptr);
    if (out.empty() && wanted.annotation)
        out = from_annotation(*function.module, wanted.annotation);
    return out;
}

} // namespace stanch::privilege
