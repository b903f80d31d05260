// Names: scopes, imports, and what each way of binding gives.
#include "privilege/resolve_parts.h"

#include <algorithm>

namespace stanch::privilege {

Values Resolver::name(Module& module, Node node, const Context* context) {
    return lookup(module.scope_of[node.index()], node.text(), context, false, node);
}

namespace {

// The statement whose body a loop's or with's variable is for.
Node statement_of(const Binding& binding) {
    if (binding.how == Binding::How::element) {
        const Node loop = binding.node.parent();
        return loop.kind() == Kind::for_statement ? loop : Node();
    }
    if (binding.how != Binding::How::context) return {};
    Node outer = binding.node.parent();
    while (outer && outer.kind() != Kind::with_statement)
        outer = outer.parent();
    return outer;
}

bool holds(Node outer, Node inner) {
    return inner.index() > outer.index() && inner.index() < outer.after();
}

// Within a loop its variable is the loop's, whatever the same name is elsewhere, unless the body
// gives it another value.
const Binding* of_body(const std::vector<Binding>& bindings, Node use) {
    const Binding* best = nullptr;
    Node within;
    for (const Binding& binding : bindings) {
        const Node statement = statement_of(binding);
        if (!statement || !holds(statement.child(Field::body), use)) continue;
        if (best == nullptr || holds(within, statement)) {
            best = &binding;
            within = statement;
        }
    }
    if (best == nullptr) return nullptr;
    for (const Binding& binding : bindings)
        if (&binding != best && binding.node && holds(within.child(Field::body), binding.node))
            return nullptr;
    return best;
}

} // namespace

Values Resolver::lookup(Scope* scope, std::string_view name, const Context* context,
                        bool skip_classes, Node use) {
    Module& module = *scope->module;
    for (Scope* at = scope; at != nullptr; at = at->outer) {
        const bool skipped = at->class_ptr != nullptr && (skip_classes || at != scope);
        if (skipped) continue;
        const auto found = at->names.find(name);
        if (found == at->names.end()) continue;
        if (use && found->second.size() > 1)
            if (const Binding* one = of_body(found->second, use)) return bound(*one, *at, context);
        Values out;
        for (const Binding& binding : found->second)
            privilege::add(out, bound(binding, *at, context));
        return out;
    }
    for (const std::string& star : module.star_modules)
        if (Module* from = find_module(module, star))
            if (Values found = module_member(*from, name); !found.empty()) return found;
    // A builtin, or a name that comes from a star import of a library.
    return {{.what = Value::What::external, .name = intern(name)}};
}

Values Resolver::module_member(Module& module, std::string_view name) {
    // Modules may import a name from each other, and neither have it.
    for (const OpenMember& open : members_open_)
        if (open.module == &module && open.name == name) {
            cut_ = std::min(cut_, open.depth - 1);
            return {};
        }
    members_open_.push_back({&module, name, depth_});
    Values found = find_member(module, name);
    members_open_.pop_back();
    return found;
}

Values Resolver::find_member(Module& module, std::string_view name) {
    Values out;
    if (const auto found = module.scope->names.find(name); found != module.scope->names.end())
        for (const Binding& binding : found->second)
            privilege::add(out, bound(binding, *module.scope, nullptr));
    if (!out.empty()) return out;
    if (depth_ < deepest) {
        ++depth_;
        for (const std::string& star : module.star_modules)
            if (Module* from = find_module(module, star); from != nullptr && from != &module)
                privilege::add(out, module_member(*from, name));
        --depth_;
    }
    if (!out.empty() || !module.package) return out;
    if (Module* part = find_module(module, "." + std::string(name)))
        return {{.what = Value::What::module, .ref = part}};
    return out;
}

Values Resolver::bound(const Binding& binding, Scope& scope, const Context* context) {
    Module& module = *scope.module;
    Values out;
    switch (binding.how) {
    case Binding::How::value:
        if (binding.index < 0) return evaluate(module, binding.node, context);
        for (const Value& value : Values(evaluate(module, binding.node, context)))
            privilege::add(out, elements(value, binding.index, {}));
        return out;
    case Binding::How::element:
        for (const Value& value : Values(evaluate(module, binding.node, context)))
            for (const Value& element : elements(value, -1, {})) {
                if (binding.index < 0 || element.what != Value::What::container)
                    privilege::add(out, element);
                else
                    privilege::add(out, elements(element, binding.index, {}));
            }
        return out;
    case Binding::How::context: {
        const Values& managers = evaluate(module, binding.node, context);
        for (const Value& value : Values(managers)) {
            if (value.what == Value::What::instance) {
                Values entered = attribute(value, "__enter__");
                if (entered.empty() || entered[0].what != Value::What::function)
                    entered = attribute(value, "__aenter__");
                for (const Value& enter : entered)
                    if (enter.what == Value::What::function)
                        privilege::add(out, call_function(enter, module, binding.node, context));
            }
            privilege::add(out, value);
        }
        return out;
    }
    case Binding::How::annotation:
        return from_annotation(module, binding.node);
    case Binding::How::store:
        return {{.what = Value::What::holder,
                 .ref = &module,
                 .node = binding.node.index(),
                 .context = context}};
    case Binding::How::module:
        return imported(module, binding.module, "");
    case Binding::How::member:
        return imported(module, binding.module, binding.name);
    case Binding::How::function:
        return {{.what = Value::What::function, .ref = binding.function_ptr}};
    case Binding::How::class_:
        return {{.what = Value::What::class_, .ref = binding.class_ptr}};
    case Binding::How::parameter:
        return parameter(*binding.function_ptr, binding.index, context);
    case Binding::How::self:
        if (binding.function_ptr->is_class_method)
            return {{.what = Value::What::class_,
                     .ref = context != nullptr && context->self != nullptr ? context->self
                                                                           : binding.class_ptr}};
        return self_value(*binding.class_ptr, context);
    }
    return out;
}

Values Resolver::self_value(const Class& owner, const Context* context) {
    if (context != nullptr && context->self != nullptr) {
        const auto line = ancestors(context->self);
        if (std::ranges::find(line, &owner) != line.end())
            return {
                {.what = Value::What::instance, .ref = context->self, .context = context->site}};
        if (metaclass_of(context->self) == &owner) // whose objects are classes
            return {{.what = Value::What::class_, .ref = context->self}};
    }
    return {{.what = Value::What::instance, .ref = &owner}};
}

Module* Resolver::find_module(const Module& from, std::string_view dotted) {
    std::string wanted;
    if (dotted.starts_with('.')) {
        std::string_view base = from.dotted;
        std::size_t dots = dotted.find_first_not_of('.');
        if (dots == std::string_view::npos) dots = dotted.size();
        for (std::size_t up = from.package ? 1 : 0; up < dots; ++up)
            base = base.substr(0, base.rfind('.') == std::string_view::npos ? 0 : base.rfind('.'));
        wanted = std::string(base);
        if (dots < dotted.size()) (wanted += wanted.empty() ? "" : ".") += dotted.substr(dots);
        const auto same = by_last_.find(last_part(wanted));
        if (same != by_last_.end())
            for (Module* module : same->second)
                if (module->dotted == wanted) return module;
        return nullptr;
    }
    wanted = std::string(dotted);
    const auto same = by_last_.find(last_part(wanted));
    if (same == by_last_.end()) return nullptr;
    // The module whose path ends so, and which is nearest to the importing one.
    Module* best = nullptr;
    std::size_t nearest = 0;
    for (Module* module : same->second) {
        if (module->dotted != wanted && !std::string_view(module->dotted).ends_with("." + wanted))
            continue;
        const auto [a, b] = std::ranges::mismatch(module->dotted, from.dotted);
        const auto common = static_cast<std::size_t>(a - module->dotted.begin()) + 1;
        if (module != &from && common > nearest) {
            nearest = common;
            best = module;
        }
    }
    return best;
}

// The module of a whole dotted name, "package.part", whose package was not read.
Module* Resolver::named_module(std::string_view dotted) {
    if (dotted.find('(') != std::string_view::npos) return nullptr;
    const auto same = by_last_.find(last_part(dotted));
    if (same == by_last_.end()) return nullptr;
    for (Module* module : same->second)
        if (module->dotted == dotted ||
            std::string_view(module->dotted).ends_with("." + std::string(dotted)))
            return module;
    return nullptr;
}

Values Resolver::imported(Module& from, const std::string& module, const std::string& name) {
    if (name.empty()) {
        if (Module* found = find_module(from, module))
            return {{.what = Value::What::module, .ref = found}};
        return {{.what = Value::What::external, .name = intern(module)}};
    }
    if (Module* found = find_module(from, module)) {
        if (found->package)
            if (Module* part = find_module(*found, "." + name))
                return {{.what = Value::What::module, .ref = part}};
        return module_member(*found, name);
    }
    const bool dots = module.find_first_not_of('.') == std::string::npos;
    if (Module* found = find_module(from, module + (dots ? "" : ".") + name))
        return {{.what = Value::What::module, .ref = found}};
    // "from . import x" of something that was not read.
    if (module.starts_with('.'))
        return {{.what = Value::What::external, .name = intern("?." + name)}};
    return {{.what = Value::What::external, .name = intern(module + "." + name)}};
}

} // namespace stanch::privilege
