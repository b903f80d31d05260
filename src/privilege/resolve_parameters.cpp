// Parameters: what the calls of a function pass for them.
#include "privilege/resolve_parts.h"

#include <algorithm>
#include <utility>

namespace stanch::privilege {
namespace {

constexpr std::size_t most_sites = 400;

} // namespace

// The function that a site calls, or hands over.
Node Resolver::called_at(const Site& site) {
    if (site.shift == 0) return site.call.child(Field::function);
    int position = 0;
    Node called;
    for (const Node argument : site.call.child(Field::arguments).children()) {
        const bool keyword = argument.kind() == Kind::keyword_argument;
        ++position;
        if (site.shift == position) called = argument;
        if (site.shift < 0 && keyword && argument.child(Field::name).text() == "target")
            called = argument.child(Field::value);
    }
    return called;
}

// The sites that write `name` as what they call, by the functions and classes that they reach.
// Worked out once, unless a cycle cut an answer short: then the next question is a new one.
const Resolver::Callees& Resolver::callees(std::string_view name) {
    static const Callees none;
    const auto written = calls_by_name_.find(name);
    if (written == calls_by_name_.end()) return none;
    CalleesAnswer& answer = callees_[name];
    if (answer.whole) return answer.callees;
    const int outer_cut = cut_;
    cut_ = not_cut;
    Callees found;
    for (const Site& site : written->second) {
        const void* last = nullptr;
        // Nothing is evaluated while this answer is looked at: no copy of it is needed.
        for (const Value& value : evaluate(*site.module, called_at(site), nullptr)) {
            if (value.what != Value::What::function && value.what != Value::What::class_) continue;
            if (std::exchange(last, value.ref) == value.ref) continue;
            auto& sites = found[value.ref];
            if (sites.empty() || sites.back().call.index() != site.call.index() ||
                sites.back().module != site.module)
                sites.push_back(site);
        }
    }
    answer.whole = cut_ == not_cut;
    answer.callees = std::move(found);
    cut_ = std::min(cut_, outer_cut);
    return answer.callees;
}

void Resolver::add_sites(std::vector<Site>& out, std::string_view name, const void* callee) {
    std::vector<std::string_view> names{name};
    if (const auto others = aliases_.find(name); others != aliases_.end())
        names.insert(names.end(), others->second.begin(), others->second.end());
    for (const std::string_view written : names) {
        const Callees& known = callees(written);
        const auto sites = known.find(callee);
        if (sites == known.end()) continue;
        for (const Site& site : sites->second)
            if (out.size() < most_sites) out.push_back(site);
    }
}

// self.step(client) in a base class calls what the class below puts in step's place.
void Resolver::add_inherited_sites(std::vector<Site>& out, const Function& function) {
    const auto known = calls_by_name_.find(function.name);
    const auto line = ancestors(function.owner);
    if (known == calls_by_name_.end() || line.size() < 2) return;
    for (const Site& site : known->second) {
        if (site.shift != 0 || out.size() >= most_sites) continue;
        const Node callee = site.call.child(Field::function);
        if (callee.kind() != Kind::attribute) continue;
        const Scope* scope = site.module->scope_of[site.call.index()];
        while (scope != nullptr && (scope->function == nullptr || !scope->function->bound()))
            scope = scope->outer;
        if (scope == nullptr || scope->function->owner == function.owner ||
            scope->function->parameters.empty() ||
            callee.child(Field::object).text() != scope->function->parameters[0].name ||
            std::ranges::find(line, scope->function->owner) == line.end())
            continue;
        out.push_back(site);
        out.back().self = function.owner;
    }
}

std::vector<Resolver::Site> Resolver::find_sites(const Function& function) {
    std::vector<Site> found;
    if (function.name != "__init__" || function.owner == nullptr) {
        add_sites(found, function.name, &function);
        if (function.bound()) add_inherited_sites(found, function);
        return found;
    }
    std::vector<const Class*> makers{function.owner};
    for (const Class* below : subclasses(function.owner))
        makers.push_back(below);
    for (const Class* maker : makers) {
        // The constructor that `maker` runs is this one.
        const Class* runs = nullptr;
        for (const Class* at : ancestors(maker))
            if (runs == nullptr && at->scope->names.contains("__init__")) runs = at;
        if (runs != function.owner) continue;
        add_sites(found, maker->name, maker);
        add_sites(found, "cls", maker);
    }
    add_sites(found, "__init__", &function);
    return found;
}

const std::vector<Resolver::Site>& Resolver::sites(const Function& function) {
    constexpr std::uint8_t most_tries = 6;
    SiteAnswer& answer = sites_[&function];
    if (answer.open_at >= 0) cut_ = std::min(cut_, answer.open_at);
    if (answer.open_at >= 0 || (answer.tries > 0 && !answer.cut) || answer.tries >= most_tries)
        return answer.sites;
    const int outer_cut = cut_;
    cut_ = not_cut;
    const int own = depth_++;
    answer.open_at = own;
    ++answer.tries;
    answer.sites = find_sites(function);
    --depth_;
    answer.open_at = -1;
    answer.cut = cut_ < own;
    cut_ = std::min(outer_cut, answer.cut ? cut_ : not_cut);
    return answer.sites;
}

std::vector<const Context*> Resolver::contexts(const Function* function, int depth) {
    constexpr std::size_t most_contexts = 400;
    std::vector<const Context*> out;
    if (function == nullptr || depth == 0 || function->parameters.empty()) return {nullptr};
    for (const Site& site : std::vector<Site>(sites(*function))) {
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
        for (const Site& site : std::vector<Site>(sites(function))) {
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
    out = passed(function, index, false);
    // What the program passes tells more than what its tests do, mocks often.
    const bool told = std::ranges::any_of(
        out, [](const Value& value) { return value.what != Value::What::external; });
    if (!told) privilege::add(out, passed(function, index, true));
    if (!told && !function.decorators.empty()) privilege::add(out, decorated(function, index));
    if (out.empty() && function.bound()) out = dispatched(function, index);
    if (wanted.annotation)
        for (const Value& said : from_annotation(own, wanted.annotation))
            if (out.empty() || said.what == Value::What::client ||
                said.what == Value::What::resource)
                privilege::add(out, said);
    if (out.empty()) out = fixture(function, wanted.name);
    if (wanted.fallback) privilege::add(out, evaluate(own, wanted.fallback, nullptr));
    --depth_;
    return out;
}

// What the program's calls of a function pass for a parameter, or else its tests' calls.
Values Resolver::passed(const Function& function, int index, bool tests) {
    Values out;
    // A copy: the list may be made anew below.
    for (const Site& site : std::vector<Site>(sites(function))) {
        if ((site.module->test && !function.module->test) != tests) continue;
        const Values given =
            site.shift == 0
                ? argument_of(function, index, *site.module, site.call,
                              site.self == nullptr ? nullptr : intern({.self = site.self}), 0)
                : handed_over(function, index, *site.module, site.call, site.shift);
        privilege::add(out, given);
    }
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
    Values out;
    const bool by_itself =
        given && given.kind() != Kind::list_splat && given.kind() != Kind::dictionary_splat;
    if (by_itself)
        out = evaluate(module, given, context);
    else
        out = spread(module, arguments, wanted.name, context);
    if (out.empty() && !by_itself && wanted.fallback)
        out = evaluate(*function.module, wanted.fallback, nullptr);
    if (out.empty() && wanted.annotation)
        out = from_annotation(*function.module, wanted.annotation);
    return out;
}

// f(**{"client": c}), f(**options)
Values Resolver::spread(Module& module, Node arguments, std::string_view name,
                        const Context* context) {
    Values out;
    for (const Node argument : arguments.children()) {
        if (argument.kind() != Kind::dictionary_splat) continue;
        for (const Value& value : Values(evaluate(module, argument.first(), context)))
            if (value.what == Value::What::container)
                privilege::add(out, elements(value, -1, name));
    }
    return out;
}

} // namespace stanch::privilege
