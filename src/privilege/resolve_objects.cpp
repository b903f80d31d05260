// Attributes of modules, classes and objects, base classes among them.
#include "privilege/resolve_parts.h"

#include <algorithm>

namespace stanch::privilege {

Values Resolver::attribute(const Value& value, std::string_view name) {
    switch (value.what) {
    case Value::What::external: {
        if (value.name.size() + name.size() > longest_name) return {};
        if (Module* part = named_module(std::string(value.name) + "." + std::string(name)))
            return {{.what = Value::What::module, .ref = part}};
        Values found = left_on(value, name);
        privilege::add(found, {.what = Value::What::external,
                               .name = intern(std::string(value.name) + "." + std::string(name))});
        return found;
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
        out = instance_attribute(type, nullptr, name, nullptr);
        if (out.empty())
            for (const Value& kept : wrapped(value, name))
                privilege::add(out, attribute(kept, name));
        return out;
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

// What the project itself put on an object of a library: threading.local().s3 = …, flask.g.s3 = …,
// app.state.s3 = …. Objects are one where they are made alike.
Values Resolver::left_on(const Value& external, std::string_view name) {
    Values out;
    const auto places = foreign_.find(name);
    if (places == foreign_.end() || depth_ > deepest) return out;
    ++depth_;
    for (const auto& [module, place] : places->second)
        for (const Value& object : Values(evaluate(*module, place.first, nullptr)))
            if (object == external) privilege::add(out, evaluate(*module, place.second, nullptr));
    --depth_;
    return out;
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
    if (out.empty()) out = field(type, site, name);
    // What stands in for it until then: client = None.
    if (std::ranges::none_of(
            out, [](const Value& value) { return value.what != Value::What::external; }))
        if (Values set = set_by_text(type, name); !set.empty()) out = std::move(set);
    if (out.empty())
        if (const auto places = foreign_.find(name); places != foreign_.end())
            for (const auto& [module, place] : places->second)
                for (const Value& object : Values(evaluate(*module, place.first, nullptr)))
                    if ((object.what == Value::What::instance ||
                         object.what == Value::What::class_) &&
                        std::ranges::find(line, static_cast<const Class*>(object.ref)) !=
                            line.end())
                        privilege::add(out, evaluate(*module, place.second, nullptr));
    if (out.empty() && after == nullptr)
        for (const Value& kept :
             wrapped({.what = Value::What::instance, .ref = type, .context = site}, name))
            privilege::add(out, attribute(kept, name));
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

// A wrapper with __getattr__ hands on what it does not have to the client that it keeps.
Values Resolver::wrapped(const Value& object, std::string_view name) {
    Values out;
    const bool class_itself = object.what == Value::What::class_;
    if ((object.what != Value::What::instance && !class_itself) || name.starts_with("__"))
        return out;
    const auto* type = static_cast<const Class*>(object.ref);
    const Class* wrapper = class_itself ? metaclass_of(type) : type;
    if (wrapper == nullptr || (class_itself && type->scope->names.contains(name))) return out;
    const Context* context = intern({.self = type, .site = object.context});
    for (const Class* at : ancestors(wrapper)) {
        if (at->scope->names.contains(name)) return {};
        if (!at->scope->names.contains("__getattr__")) continue;
        for (const auto& [kept_as, bindings] : at->attributes)
            for (const Binding& binding : bindings)
                for (const Value& kept : bound(binding, *at->scope, context))
                    if (kept.what == Value::What::client || kept.what == Value::What::resource)
                        privilege::add(out, kept);
    }
    return out;
}

const Class* Resolver::metaclass_of(const Class* type) {
    if (!type->metaclass) return nullptr;
    return class_of(*type->module, type->metaclass);
}

// setattr(self, f"{service}_client", boto3.client(service)): the name tells the service.
Values Resolver::set_by_text(const Class* type, std::string_view name) {
    Values out;
    for (const Class* at : ancestors(type))
        for (const auto& [named, given] : at->set_by_text) {
            const std::string_view pattern = text_of(*at->module, named);
            const std::size_t open = pattern.find(hole);
            if (open == std::string_view::npos || pattern.find(hole, open + 1) != pattern.npos ||
                name.size() < pattern.size() || !name.starts_with(pattern.substr(0, open)) ||
                !name.ends_with(pattern.substr(open + 1)))
                continue;
            std::string filled(name.substr(open, name.size() - pattern.size() + 1));
            const AwsService* service = aws_service(filled);
            std::ranges::replace(filled, '_', '-');
            if (service == nullptr) service = aws_service(filled);
            for (Value value : Values(evaluate(*at->module, given, nullptr))) {
                if (value.what == Value::What::client && value.service == nullptr)
                    value.service = service;
                if (value.service != nullptr || value.what == Value::What::instance)
                    privilege::add(out, value);
            }
        }
    return out;
}

namespace {

// Names with annotations in a class's body, in order: the parameters of a dataclass's constructor.
void add_fields(const Class& type, std::vector<std::string_view>& out) {
    for (const Node statement : type.node.child(Field::body).children()) {
        const Node set = statement.kind() == Kind::assignment ? statement : statement.first();
        if (set.kind() == Kind::assignment && set.child(Field::type))
            out.push_back(set.child(Field::left).text());
    }
}

} // namespace

// A dataclass's field: the constructor's argument of that name or place.
Values Resolver::field(const Class* type, const Context* site, std::string_view name) {
    std::vector<std::string_view> fields;
    const auto line = ancestors(type);
    for (auto at = line.rbegin(); at != line.rend(); ++at) {
        if ((*at)->scope->names.contains("__init__")) return {};
        add_fields(**at, fields);
    }
    const auto place = std::ranges::find(fields, name);
    const int position = place == fields.end() ? -1 : static_cast<int>(place - fields.begin());
    if (site != nullptr && site->call)
        return evaluate(*site->module,
                        syntax::argument(site->call.child(Field::arguments), name, position),
                        site->caller);
    Values out;
    const auto calls = position < 0 ? calls_by_name_.end() : calls_by_name_.find(type->name);
    if (calls == calls_by_name_.end()) return out;
    for (const Site& call : calls->second) {
        if (call.shift != 0) continue;
        const Node given = syntax::argument(call.call.child(Field::arguments), name, position);
        for (const Value& made :
             Values(evaluate(*call.module, call.call.child(Field::function), nullptr)))
            if (made.ref == type) privilege::add(out, evaluate(*call.module, given, nullptr));
    }
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
    return subclasses_[type];
}

} // namespace stanch::privilege
