// Parameters: what the calls of a function pass for them.
#include "privilege/resolve_parts.h"

#include <algorithm>

namespace stanch::privilege {
namespace {

constexpr std::size_t most_sites = 400;

} // namespace

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
