// Expressions: what each kind of node may be, worked out once and kept.
#include "privilege/resolve_parts.h"

#include <algorithm>

namespace stanch::privilege {

void Resolver::add(Module& module) {
    modules_.push_back(&module);
    by_last_[last_part(module.dotted)].push_back(&module);
    for (const Node call : module.calls) {
        const Node function = call.child(Field::function);
        const std::string_view name = function.kind() == Kind::attribute
                                          ? function.child(Field::attribute).text()
                                          : function.text();
        calls_by_name_[name].push_back({.module = &module, .call = call});
        // Functions that are passed on with their arguments: submit(f, client), Thread(target=f,
        // args=(client,)).
        int position = 0;
        for (const Node argument : call.child(Field::arguments).children()) {
            const bool keyword = argument.kind() == Kind::keyword_argument;
            const Node value = keyword ? argument.child(Field::value) : argument;
            ++position;
            if (value.kind() == Kind::identifier || value.kind() == Kind::attribute) {
                const std::string_view passed = value.kind() == Kind::attribute
                                                    ? value.child(Field::attribute).text()
                                                    : value.text();
                if (!keyword)
                    calls_by_name_[passed].push_back(
                        {.module = &module, .call = call, .shift = position});
                else if (argument.child(Field::name).text() == "target")
                    calls_by_name_[passed].push_back(
                        {.module = &module, .call = call, .shift = -1});
            }
        }
    }
    for (const Scope& scope : module.scopes)
        for (const auto& [name, bindings] : scope.names)
            for (const Binding& binding : bindings)
                if (binding.how == Binding::How::member && binding.name != name)
                    aliases_[binding.name].insert(name);
    for (const Function& function : module.functions)
        if (std::ranges::find(function.decorators, "fixture") != function.decorators.end())
            fixtures_[function.name].push_back(&function);
    for (auto& [name, places] : module.foreign_attributes)
        for (const auto& place : places)
            foreign_[name].emplace_back(&module, place);
}

void Resolver::link() {
    memo_.clear();
    plain_.clear();
    for (Module* module : modules_)
        module->answers.assign(module->tree->size(), 0);
    waiting_.clear();
    sites_.clear();
    callees_.clear();
    ancestors_.clear();
    subclasses_.clear();
    for (Module* module : modules_)
        for (const Class& each : module->classes)
            for (const Class* above : ancestors(&each))
                if (above != &each && subclasses_[above].size() < 60)
                    subclasses_[above].push_back(&each);
}

const Context* Resolver::intern(const Context& wanted) {
    std::size_t key = wanted.call.index();
    const auto mix = [&key](const void* part) {
        key = key * 1000003 ^ reinterpret_cast<std::size_t>(part);
    };
    mix(wanted.function);
    mix(wanted.module);
    mix(wanted.caller);
    mix(wanted.self);
    mix(wanted.site);
    const auto [begin, end] = contexts_.equal_range(key);
    for (auto at = begin; at != end; ++at) {
        const Context& known = at->second;
        if (known.function == wanted.function && known.module == wanted.module &&
            known.call == wanted.call && known.caller == wanted.caller &&
            known.self == wanted.self && known.site == wanted.site)
            return &known;
    }
    return &contexts_.emplace(key, wanted)->second;
}

std::pair<Resolver::Answer*, bool> Resolver::answer(Module& module, std::uint32_t node,
                                                    const Context* context) {
    if (context == nullptr) {
        std::uint32_t& place = module.answers[node];
        const bool fresh = place == 0;
        if (fresh) {
            plain_.emplace_back();
            place = static_cast<std::uint32_t>(plain_.size());
        }
        return {&plain_[place - 1], fresh};
    }
    const auto [slot, fresh] = memo_.try_emplace(Key{&module, node, context});
    return {&slot->second, fresh};
}

const Values& Resolver::evaluate(Module& module, Node node, const Context* context) {
    constexpr std::uint8_t most_tries = 3;
    constexpr std::uint16_t most_fresh_starts = 2;
    if (!node) return nothing_;
    if (depth_ > deepest) {
        cut_ = 0;
        return nothing_;
    }
    // What stands outside every function means the same wherever one looks from.
    const Scope* scope = module.scope_of[node.index()];
    if (context != nullptr && scope->function == nullptr && !scope->comprehension &&
        scope->class_ptr == nullptr)
        context = nullptr;
    const auto [slot, fresh] = this->answer(module, node.index(), context);
    Answer& answer = *slot;
    if (answer.open_at >= 0) {
        cut_ = std::min(cut_, answer.open_at);
        return answer.values;
    }
    if (!fresh && (!answer.cut || answer.tries >= most_tries)) return answer.values;
    const int outer_cut = cut_;
    const int own = depth_;
    cut_ = not_cut;
    const std::size_t first_waiting = waiting_.size();
    answer.open_at = own;
    ++answer.tries;
    ++depth_;
    Values found = compute(module, node, context);
    --depth_;
    answer.values = std::move(found);
    answer.open_at = -1;
    answer.cut = cut_ < own;
    cut_ = std::min(outer_cut, answer.cut ? cut_ : not_cut);
    if (answer.cut) {
        waiting_.push_back(&answer);
    } else {
        // What waited for this answer can be worked out afresh, now that it is known.
        for (std::size_t i = first_waiting; i < waiting_.size(); ++i)
            if (waiting_[i]->fresh_starts++ < most_fresh_starts) waiting_[i]->tries = 0;
        waiting_.resize(first_waiting);
    }
    return answer.values;
}

Values Resolver::compute(Module& module, Node node, const Context* context) {
    Values out;
    switch (node.kind()) {
    case Kind::identifier:
        return name(module, node, context);
    case Kind::attribute:
        for (const Value& value : Values(evaluate(module, node.child(Field::object), context)))
            privilege::add(out, attribute(value, node.child(Field::attribute).text()));
        return out;
    case Kind::call:
        return call(module, node, context);
    case Kind::await:
    case Kind::parenthesized_expression:
        return evaluate(module, node.first(), context);
    case Kind::as_pattern:
        return evaluate(module, node.first(), context);
    case Kind::named_expression:
        return evaluate(module, node.child(Field::value), context);
    case Kind::assignment: // the right of a = b = value
        return evaluate(module, node.child(Field::right), context);
    case Kind::boolean_operator:
        out = evaluate(module, node.child(Field::left), context);
        privilege::add(out, evaluate(module, node.child(Field::right), context));
        return out;
    case Kind::conditional_expression: {
        // VALUE if CONDITION else VALUE
        const Node first = node.first();
        out = evaluate(module, first, context);
        privilege::add(out, evaluate(module, first.next().next(), context));
        return out;
    }
    case Kind::subscript: {
        const Node key = node.child(Field::subscript);
        // A part of a list is like the list.
        if (key.kind() == Kind::other && key.text().find(':') != std::string_view::npos)
            return evaluate(module, node.child(Field::value), context);
        const std::string literal = syntax::string_value(key).value_or("");
        int index = -1;
        if (key.kind() == Kind::integer && key.text().size() == 1) index = key.text()[0] - '0';
        for (const Value& value : Values(evaluate(module, node.child(Field::value), context)))
            privilege::add(out, elements(value, index, literal));
        return out;
    }
    case Kind::list:
    case Kind::tuple:
    case Kind::expression_list:
    case Kind::set:
    case Kind::dictionary:
    case Kind::list_comprehension:
    case Kind::set_comprehension:
    case Kind::dictionary_comprehension:
    case Kind::generator_expression:
        return {{.what = Value::What::container,
                 .ref = &module,
                 .node = node.index(),
                 .context = context}};
    case Kind::lambda:
        return {{.what = Value::What::function,
                 .ref = module.function_at[node.index()],
                 .context = context}};
    case Kind::string:
    case Kind::concatenated_string:
    case Kind::binary_operator:
        return format(module, node, context);
    default:
        return {};
    }
}

} // namespace stanch::privilege
