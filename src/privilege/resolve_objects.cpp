// Attributes of modules, classes and objects, base classes among them.
#include "privilege/resolve_parts.h"

#include <algorithm>

namespace stanch::privilege {

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

} // namespace stanch::privilege
