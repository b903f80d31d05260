// Parameters of functions that something else calls: executors, callbacks, decorators, pytest, an
// object that nobody knows.
#include "privilege/resolve_parts.h"

#include <algorithm>

namespace stanch::privilege {

// A function that another runs: submit(f, client), map(f, clients), Thread(target=f,
// args=(client,)).
Values Resolver::handed_over(const Function& function, int index, Module& module, Node call,
                             int shift) {
    const int own = index - (function.bound() ? 1 : 0);
    const Node arguments = call.child(Field::arguments);
    if (shift < 0) {
        const Node keywords = syntax::argument(arguments, "kwargs");
        Values out;
        const std::string_view name = function.parameters[static_cast<std::size_t>(index)].name;
        for (const Value& given : Values(evaluate(module, keywords, nullptr)))
            privilege::add(out, elements(given, -1, name));
        for (const Value& given :
             Values(evaluate(module, syntax::argument(arguments, "args"), nullptr)))
            if (own >= 0) privilege::add(out, elements(given, own, {}));
        return out;
    }
    const Node caller = call.child(Field::function);
    const std::string_view name =
        caller.kind() == Kind::attribute ? caller.child(Field::attribute).text() : caller.text();
    if (const auto called = called_back(function, index, module, call, shift)) return *called;
    Values given = argument_of(function, index, module, call, nullptr, shift);
    if (!name.ends_with("map")) return given;
    Values out;
    for (const Value& each : given) {
        for (const Value& element : elements(each, -1, {}))
            if (name.ends_with("starmap"))
                privilege::add(out, elements(element, own, {}));
            else
                privilege::add(out, element);
    }
    return out;
}

// What the project's own function, which was given `function` as an argument, calls it with; no
// answer where the taker is none of the project's.
std::optional<Values> Resolver::called_back(const Function& function, int index, Module& module,
                                            Node call, int shift) {
    Values out;
    bool ours = false;
    for (const Value& taker : Values(evaluate(module, call.child(Field::function), nullptr))) {
        if (taker.what != Value::What::function) continue;
        const auto& takes = *static_cast<const Function*>(taker.ref);
        ours = true;
        const auto place = static_cast<std::size_t>(shift) + (takes.bound() ? 1 : 0) - 1;
        if (place < takes.parameters.size())
            privilege::add(out,
                           called_within(takes, takes.parameters[place].name, function, index));
    }
    return ours ? std::optional(out) : std::nullopt;
}

Values Resolver::called_within(const Function& outer, std::string_view callee,
                               const Function& function, int index) {
    Values out;
    const auto known = calls_by_name_.find(callee);
    if (known == calls_by_name_.end()) return out;
    for (const Site& site : known->second) {
        const bool inside = site.module == outer.module && site.shift == 0 &&
                            site.call.index() > outer.node.index() &&
                            site.call.index() < outer.node.after();
        if (inside && site.call.child(Field::function).kind() == Kind::identifier)
            privilege::add(out, argument_of(function, index, *site.module, site.call, nullptr, 0));
    }
    return out;
}

// What calls of a method's name pass where nobody knows the object: task.run(client) of a task that
// came out of a queue. Clients only: whatever else is passed tells little.
Values Resolver::dispatched(const Function& function, int index) {
    constexpr std::size_t most_calls = 24;
    Values out;
    const auto known = calls_by_name_.find(function.name);
    if (known == calls_by_name_.end() || known->second.size() > most_calls) return out;
    for (const Site& site : std::vector<Site>(known->second)) {
        const Node callee = site.call.child(Field::function);
        if (site.shift != 0 || callee.kind() != Kind::attribute) continue;
        const Values& objects = evaluate(*site.module, callee.child(Field::object), nullptr);
        if (std::ranges::any_of(
                objects, [](const Value& object) { return object.what != Value::What::external; }))
            continue;
        for (const Value& given : argument_of(function, index, *site.module, site.call, nullptr, 0))
            if (given.what == Value::What::client || given.what == Value::What::resource ||
                given.what == Value::What::collection)
                privilege::add(out, given);
    }
    return out;
}

// What a decorator of the project passes to the function that it wraps: func(client, *args).
Values Resolver::decorated(const Function& function, int index) {
    Values out;
    for (const std::string_view name : function.decorators)
        for (const Value& value : Values(lookup(function.module->scope, name, nullptr, false))) {
            if (value.what != Value::What::function) continue;
            const auto& decorator = *static_cast<const Function*>(value.ref);
            for (const Function& each : decorator.module->functions)
                if (each.node.index() >= decorator.node.index() &&
                    each.node.index() < decorator.node.after() && !each.parameters.empty())
                    privilege::add(
                        out, called_within(decorator, each.parameters[0].name, function, index));
        }
    return out;
}

// What pytest passes to a test or fixture: the result of the fixture of that name, of this module
// or else of the nearest folder's.
Values Resolver::fixture(const Function& function, std::string_view name) {
    const bool takes =
        function.name.starts_with("test") ||
        std::ranges::find(function.decorators, "fixture") != function.decorators.end();
    const auto known = takes ? fixtures_.find(name) : fixtures_.end();
    if (known == fixtures_.end()) return {};
    const Function* best = nullptr;
    std::size_t nearest = 0;
    for (const Function* each : known->second) {
        const std::string_view path = each->module->path;
        const auto [a, b] = std::ranges::mismatch(path, function.module->path);
        const auto common = static_cast<std::size_t>(a - path.begin()) + 1;
        if (each != &function && common > nearest) {
            nearest = common;
            best = each;
        }
    }
    return best == nullptr ? Values() : results(*best, nullptr);
}

} // namespace stanch::privilege
