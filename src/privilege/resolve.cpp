#include "privilege/resolve.h"

#include <algorithm>

namespace stanch::privilege {
namespace {

constexpr std::size_t most_values = 96;
constexpr int deepest = 48;
constexpr std::size_t longest_name = 160;

void add(Values& out, const Value& value) {
    if (out.size() < most_values && std::ranges::find(out, value) == out.end())
        out.push_back(value);
}

void add(Values& out, const Values& values) {
    for (const Value& value : values)
        add(out, value);
}

Module* module_of(const Value& value) {
    return static_cast<Module*>(const_cast<void*>(value.ref));
}

std::string_view last_part(std::string_view dotted) {
    return dotted.substr(dotted.rfind('.') + 1);
}

} // namespace

void Resolver::add(Module& module) {
    modules_.push_back(&module);
    by_last_[last_part(module.dotted)].push_back(&module);
    for (const Node call : module.calls) {
        const Node function = call.child(Field::function);
        const std::string_view name = function.kind() == Kind::attribute
                                          ? function.child(Field::attribute).text()
                                          : function.text();
        calls_by_name_[name].push_back({&module, call, 0});
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
                    calls_by_name_[passed].push_back({&module, call, position});
                else if (argument.child(Field::name).text() == "target")
                    calls_by_name_[passed].push_back({&module, call, -1});
            }
        }
    }
    for (auto& [name, places] : module.foreign_attributes)
        for (const auto& place : places)
            foreign_[name].emplace_back(&module, place);
}

void Resolver::link() {
    memo_.clear();
    sites_.clear();
    ancestors_.clear();
    subclasses_.clear();
    subclasses_known_ = false;
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
    auto& bucket = contexts_[key];
    for (const auto& known : bucket)
        if (known->function == wanted.function && known->module == wanted.module &&
            known->call == wanted.call && known->caller == wanted.caller &&
            known->self == wanted.self && known->site == wanted.site)
            return known.get();
    return bucket.emplace_back(std::make_unique<Context>(wanted)).get();
}

const Values& Resolver::evaluate(Module& module, Node node, const Context* context) {
    constexpr std::uint8_t most_tries = 3;
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
    const auto [slot, fresh] = memo_.try_emplace(Key{&module, node.index(), context});
    Answer& answer = slot->second;
    if (answer.open_at >= 0) {
        cut_ = std::min(cut_, answer.open_at);
        return answer.values;
    }
    if (!fresh && (!answer.cut || answer.tries >= most_tries)) return answer.values;
    const int outer_cut = cut_;
    const int own = depth_;
    cut_ = not_cut;
    answer.open_at = own;
    ++answer.tries;
    ++depth_;
    Values found = compute(module, node, context);
    --depth_;
    answer.values = std::move(found);
    answer.open_at = -1;
    answer.cut = cut_ < own;
    cut_ = std::min(outer_cut, answer.cut ? cut_ : not_cut);
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

Values Resolver::name(Module& module, Node node, const Context* context) {
    return lookup(module.scope_of[node.index()], node.text(), context, false);
}

Values Resolver::lookup(Scope* scope, std::string_view name, const Context* context,
                        bool skip_classes) {
    Module& module = *scope->module;
    for (Scope* at = scope; at != nullptr; at = at->outer) {
        const bool skipped = at->class_ptr != nullptr && (skip_classes || at != scope);
        if (skipped) continue;
        const auto found = at->names.find(name);
        if (found == at->names.end()) continue;
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

Values Resolver::attribute(const Value& value, std::string_view name) {
    switch (value.what) {
    case Value::What::external: {
        if (value.name.size() + name.size() > longest_name) return {};
        return {{.what = Value::What::external,
                 .name = intern(std::string(value.name) + "." + std::string(name))}};
    }
    case Value::What::module: {
        Module& module = *module_of(value);
        Values found = module_member(module, name);
        if (found.empty())
            if (Module* part = find_module(module, module.dotted + "." + std::string(name)))
                return {{.what = Value::What::module, .ref = part}};
        return found;
    }
    case Value::What::class_: {
        const auto* type = static_cast<const Class*>(value.ref);
        Values out;
        for (const Class* at : ancestors(type)) {
            out = class_attribute(at, nullptr, nullptr, name);
            if (!out.empty()) return out;
        }
        // Class.attribute = …, or an attribute that its instances set.
        return instance_attribute(type, nullptr, name, nullptr);
    }
    case Value::What::instance:
        return instance_attribute(static_cast<const Class*>(value.ref), value.context, name,
                                  nullptr);
    case Value::What::super:
        return instance_attribute(value.self, value.context, name,
                                  static_cast<const Class*>(value.ref));
    case Value::What::container:
    case Value::What::holder:
        if (name == "get" || name == "pop" || name == "values" || name == "items" ||
            name == "copy" || name == "setdefault" || name == "popitem") {
            Value method = value;
            method.extra = intern(value.what == Value::What::holder ? "holder" : "container");
            method.what = Value::What::elements;
            method.name = intern(name);
            return {method};
        }
        return {};
    case Value::What::client:
    case Value::What::resource:
    case Value::What::collection:
        return aws_attribute(value, name);
    default:
        return {};
    }
}

Values Resolver::class_attribute(const Class* type, const Context* site, const Class* self,
                                 std::string_view name) {
    Values out;
    const auto found = type->scope->names.find(name);
    if (found == type->scope->names.end()) return out;
    const Context* context = self == nullptr ? nullptr : intern({.self = self, .site = site});
    for (const Binding& binding : found->second) {
        if (binding.how != Binding::How::function) {
            privilege::add(out, bound(binding, *type->scope, context));
            continue;
        }
        Value method{.what = Value::What::function,
                     .ref = binding.function_ptr,
                     .context = site,
                     .self = self};
        if (binding.function_ptr->property && self != nullptr) {
            const Context* inside =
                intern({.function = binding.function_ptr, .self = self, .site = site});
            privilege::add(out, results(*binding.function_ptr, inside));
        } else {
            privilege::add(out, method);
        }
    }
    return out;
}

Values Resolver::instance_attribute(const Class* type, const Context* site, std::string_view name,
                                    const Class* after) {
    Values out;
    if (type == nullptr || depth_ > deepest) return out;
    ++depth_;
    auto line = ancestors(type);
    if (after != nullptr) {
        const auto at = std::ranges::find(line, after);
        line.erase(line.begin(), at == line.end() ? at : at + 1);
    }
    const Context* context = intern({.self = type, .site = site});
    for (const Class* at : line) {
        const auto found = at->attributes.find(name);
        if (found == at->attributes.end()) continue;
        for (const Binding& binding : found->second)
            privilege::add(out, bound(binding, *at->scope, context));
    }
    for (const Class* at : line) {
        if (!out.empty()) break;
        out = class_attribute(at, site, type, name);
    }
    if (out.empty() && site != nullptr && site->call) {
        // A dataclass's field: the constructor's argument of that name.
        out = evaluate(*site->module, syntax::argument(site->call.child(Field::arguments), name),
                       site->caller);
    }
    if (out.empty())
        if (const auto places = foreign_.find(name); places != foreign_.end())
            for (const auto& [module, place] : places->second)
                for (const Value& object : Values(evaluate(*module, place.first, nullptr)))
                    if ((object.what == Value::What::instance ||
                         object.what == Value::What::class_) &&
                        std::ranges::find(line, static_cast<const Class*>(object.ref)) !=
                            line.end())
                        privilege::add(out, evaluate(*module, place.second, nullptr));
    if (out.empty() && site == nullptr && after == nullptr)
        for (const Class* below : subclasses(type)) {
            const Context* there = intern({.self = below});
            if (const auto found = below->attributes.find(name); found != below->attributes.end())
                for (const Binding& binding : found->second)
                    privilege::add(out, bound(binding, *below->scope, there));
            privilege::add(out, class_attribute(below, nullptr, below, name));
        }
    --depth_;
    return out;
}

const Class* Resolver::class_of(Module& module, Node base) {
    if (base.kind() == Kind::subscript) base = base.child(Field::value);
    for (const Value& value : Values(evaluate(module, base, nullptr)))
        if (value.what == Value::What::class_) return static_cast<const Class*>(value.ref);
    return nullptr;
}

std::vector<const Class*> Resolver::ancestors(const Class* from) {
    if (const auto known = ancestors_.find(from); known != ancestors_.end()) return known->second;
    std::vector<const Class*> line{from};
    ancestors_[from] = line;
    for (std::size_t i = 0; i < line.size() && line.size() < 40; ++i)
        for (const Node base : line[i]->bases)
            if (const Class* found = class_of(*line[i]->module, base);
                found != nullptr && std::ranges::find(line, found) == line.end())
                line.push_back(found);
    ancestors_[from] = line;
    return line;
}

const std::vector<const Class*>& Resolver::subclasses(const Class* type) {
    if (!subclasses_known_) {
        subclasses_known_ = true;
        for (Module* module : modules_)
            for (const Class& each : module->classes)
                for (const Class* above : ancestors(&each))
                    if (above != &each && subclasses_[above].size() < 60)
                        subclasses_[above].push_back(&each);
    }
    return subclasses_[type];
}

Values Resolver::elements(const Value& value, int index, std::string_view key) {
    Values out;
    switch (value.what) {
    case Value::What::external:
        if (value.name.size() + 2 > longest_name || value.name.ends_with("[]")) return {value};
        return {{.what = Value::What::external, .name = intern(std::string(value.name) + "[]")}};
    case Value::What::holder: {
        Module& module = *module_of(value);
        return evaluate(module, module.tree->node(value.node), value.context);
    }
    case Value::What::collection:
        return {{.what = Value::What::resource,
                 .name = value.name,
                 .extra = loaded,
                 .service = value.service}};
    case Value::What::elements:
        return {value};
    case Value::What::container:
        break;
    default:
        return out;
    }
    Module& module = *module_of(value);
    const Node node = module.tree->node(value.node);
    if (node.kind() == Kind::dictionary) {
        bool matched = false;
        for (const Node pair : node.children()) {
            if (pair.kind() != Kind::pair) continue;
            const auto name = syntax::string_value(pair.child(Field::key));
            if (key.empty() || !name || *name == key) {
                matched = matched || (!key.empty() && name && *name == key);
                privilege::add(out, evaluate(module, pair.child(Field::value), value.context));
            }
        }
        return out;
    }
    if (node.kind() == Kind::dictionary_comprehension)
        return evaluate(module, node.child(Field::body).child(Field::value), value.context);
    if (node.kind() == Kind::list_comprehension || node.kind() == Kind::set_comprehension ||
        node.kind() == Kind::generator_expression)
        return evaluate(module, node.child(Field::body), value.context);
    int at = 0;
    for (const Node child : node.children()) {
        if (child.kind() == Kind::comment) continue;
        if (index < 0 || at == index) privilege::add(out, evaluate(module, child, value.context));
        ++at;
    }
    return out;
}

Values Resolver::from_annotation(Module& module, Node annotation) {
    Node type = annotation;
    if (type.kind() == Kind::type) type = type.first();
    // Optional["X"], X | None, list[X]: the first name that means something.
    Values out;
    std::vector<Node> pending{type};
    for (std::size_t i = 0; i < pending.size() && i < 12; ++i) {
        const Node node = pending[i];
        std::string_view text;
        if (node.kind() == Kind::string) {
            const auto literal = syntax::string_value(node);
            text = intern(literal.value_or(""));
        } else if (node.kind() == Kind::identifier || node.kind() == Kind::attribute) {
            text = node.text();
        } else {
            for (const Node child : node.children())
                pending.push_back(child);
            continue;
        }
        Values named = lookup(module.scope, text.substr(0, text.find('.')), nullptr, false);
        for (std::size_t dot = text.find('.'); dot != std::string_view::npos;
             dot = text.find('.', dot + 1)) {
            Values next;
            const std::string_view part = text.substr(dot + 1, text.find('.', dot + 1) - dot - 1);
            for (const Value& value : named)
                privilege::add(next, attribute(value, part));
            named = std::move(next);
        }
        for (const Value& value : named) {
            if (value.what == Value::What::class_)
                privilege::add(out, {.what = Value::What::instance, .ref = value.ref});
            if (value.what != Value::What::external) continue;
            if (const auto stub = value.name.find("boto3_");
                stub != std::string_view::npos ||
                value.name.find("aiobotocore_") != std::string_view::npos) {
                const auto start = stub == std::string_view::npos
                                       ? value.name.find("aiobotocore_") + 12
                                       : stub + 6;
                std::string service(value.name.substr(start, value.name.find('.') - start));
                std::ranges::replace(service, '_', '-');
                const std::string_view last = last_part(value.name);
                const AwsService* known = aws_service(service);
                if (known == nullptr) continue;
                if (last.ends_with("Client"))
                    privilege::add(out, {.what = Value::What::client, .service = known});
                else if (last.ends_with("ServiceResource"))
                    privilege::add(out,
                                   {.what = Value::What::resource, .name = ".", .service = known});
                else if (known->resource(last) != nullptr)
                    privilege::add(
                        out,
                        {.what = Value::What::resource, .name = intern(last), .service = known});
            } else if (value.name.find('.') != std::string_view::npos &&
                       value.name.size() < longest_name) {
                privilege::add(out, {.what = Value::What::external,
                                     .name = intern(std::string(value.name) + "()")});
            }
        }
        if (!out.empty()) return out;
    }
    return out;
}

std::string_view Resolver::text_of(Module& module, Node node) {
    std::string_view text;
    for (const Value& value : evaluate(module, node)) {
        if (value.what != Value::What::text || !text.empty()) return {};
        text = value.name;
    }
    return text;
}

} // namespace stanch::privilege
