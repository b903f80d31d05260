// What stands in a container, or comes out of one.
#include "privilege/resolve_parts.h"

#include <algorithm>

namespace stanch::privilege {

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
    case Value::What::client:
    case Value::What::resource:
        // Nobody takes a client apart: it is the first part of what was not followed whole.
        return index == 0 ? Values{value} : Values();
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
    if (node.kind() == Kind::argument_list) {
        for (const Node argument : node.children())
            if (argument.kind() == Kind::keyword_argument &&
                (key.empty() || argument.child(Field::name).text() == key))
                privilege::add(out, evaluate(module, argument.child(Field::value), value.context));
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

} // namespace stanch::privilege
