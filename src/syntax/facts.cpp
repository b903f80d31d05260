// Calls, assignments, definitions and imports: one pass over the flat tree each.
#include "syntax/syntax.h"

namespace stanch::syntax {
namespace {

bool is_name(Node node) {
    return node.kind() == Kind::identifier || node.kind() == Kind::attribute;
}

Node definition_of(Node node) {
    return node.kind() == Kind::decorated_definition ? node.child(Field::definition) : node;
}

// The targets of `a, (b, c) = x, (y, z)` one by one; an unequal pair keeps the whole value.
void match_targets(std::vector<Assignment>& out, Node statement, Node left, Node right) {
    const bool many = left.kind() == Kind::pattern_list || left.kind() == Kind::tuple_pattern ||
                      left.kind() == Kind::list_pattern;
    if (!many) {
        out.push_back({statement, std::string(left.text()), right});
        return;
    }
    const bool values = right.kind() == Kind::expression_list || right.kind() == Kind::tuple ||
                        right.kind() == Kind::list;
    Node value = values ? right.first() : right;
    for (const Node target : left.children()) {
        if (target.kind() == Kind::comment) continue;
        match_targets(out, statement, target, value);
        if (values) value = value.next();
    }
}

void add_pair(std::vector<Assignment>& out, Node node) {
    const Node key = node.child(Field::key);
    if (auto text = string_value(key))
        out.push_back({node, std::move(*text), node.child(Field::value)});
}

void add_assignment(std::vector<Assignment>& out, Node node) {
    switch (node.kind()) {
    case Kind::assignment:
    case Kind::augmented_assignment:
        if (const Node value = node.child(Field::right))
            match_targets(out, node, node.child(Field::left), value);
        break;
    case Kind::named_expression:
    case Kind::keyword_argument:
    case Kind::default_parameter:
    case Kind::typed_default_parameter:
        out.push_back(
            {node, std::string(node.child(Field::name).text()), node.child(Field::value)});
        break;
    case Kind::pair:
        add_pair(out, node);
        break;
    default:
        break;
    }
}

// "Outer.inner" for what stands at `node`: the names of the definitions around it.
std::string qualified(Node node, std::string_view name) {
    std::string path(name);
    for (Node outer = node.parent(); outer; outer = outer.parent())
        if (outer.kind() == Kind::function_definition || outer.kind() == Kind::class_definition)
            path = std::string(outer.child(Field::name).text()) + "." + path;
    return path;
}

bool in_function(Node node) {
    for (Node outer = node.parent(); outer; outer = outer.parent())
        if (outer.kind() == Kind::function_definition || outer.kind() == Kind::lambda) return true;
    return false;
}

void define(std::vector<Definition>& out, DefinitionKind kind, Node whole, Node at, Node name) {
    if (name) out.push_back({kind, qualified(at, name.text()), whole, name.begin(), name.end()});
}

void add_definition(std::vector<Definition>& out, Node node) {
    const bool function = node.kind() == Kind::function_definition;
    if (function || node.kind() == Kind::class_definition) {
        const Node outer = node.parent();
        const bool decorated =
            outer.kind() == Kind::decorated_definition && definition_of(outer) == node;
        define(out, function ? DefinitionKind::function : DefinitionKind::class_,
               decorated ? outer : node, node, node.child(Field::name));
    } else if (node.kind() == Kind::assignment && !in_function(node)) {
        const Node left = node.child(Field::left);
        if (left.kind() == Kind::identifier)
            define(out, DefinitionKind::variable, node, node, left);
        if (left.kind() == Kind::pattern_list)
            for (const Node target : left.children())
                if (target.kind() == Kind::identifier)
                    define(out, DefinitionKind::variable, node, node, target);
    }
}

std::string first_part(std::string_view dotted) {
    return std::string(dotted.substr(0, dotted.find('.')));
}

void add_imported(std::vector<Import>& out, Node statement, Node item, std::string_view module) {
    const bool from = !module.empty();
    if (item.kind() == Kind::wildcard_import) {
        out.push_back({statement, std::string(module), "*", ""});
    } else if (item.kind() == Kind::aliased_import) {
        const std::string name(item.child(Field::name).text());
        const std::string alias(item.child(Field::alias).text());
        out.push_back(from ? Import{statement, std::string(module), name, alias}
                           : Import{statement, name, "", alias});
    } else if (item.kind() == Kind::dotted_name) {
        const std::string name(item.text());
        out.push_back(from ? Import{statement, std::string(module), name, name}
                           : Import{statement, name, "", first_part(name)});
    }
}

void add_import(std::vector<Import>& out, Node node) {
    std::string_view module;
    if (node.kind() == Kind::import_from_statement)
        module = node.child(Field::module_name).text();
    else if (node.kind() == Kind::future_import_statement)
        module = "__future__";
    else if (node.kind() != Kind::import_statement)
        return;
    for (const Node item : node.children())
        if (item.field() != Field::module_name) add_imported(out, node, item, module);
}

template <class Found, class Add>
std::vector<Found> collect(const Tree& tree, Add add) {
    std::vector<Found> found;
    for (std::uint32_t i = 0; i < tree.size(); ++i)
        add(found, tree.node(i));
    return found;
}

} // namespace

std::string dotted_name(Node node) {
    if (node.kind() == Kind::identifier || node.kind() == Kind::dotted_name)
        return std::string(node.text());
    std::size_t end = 0;
    std::vector<std::string_view> parts;
    for (; node.kind() == Kind::attribute; node = node.child(Field::object)) {
        parts.push_back(node.child(Field::attribute).text());
        end += parts.back().size() + 1;
    }
    if (node.kind() != Kind::identifier) return {};
    std::string name(node.text());
    name.reserve(name.size() + end);
    for (auto part = parts.rbegin(); part != parts.rend(); ++part)
        (name += '.') += *part;
    return name;
}

std::vector<Call> calls(const Tree& tree) {
    return collect<Call>(tree, [](std::vector<Call>& out, Node node) {
        if (node.kind() != Kind::call) return;
        const Node function = node.child(Field::function);
        out.push_back(
            {node, is_name(function) ? dotted_name(function) : "", node.child(Field::arguments)});
    });
}

Node argument(Node argument_list, std::string_view keyword, int position) {
    Node positional;
    int at = 0;
    for (const Node item : argument_list.children()) {
        if (item.kind() == Kind::comment) continue;
        if (item.kind() == Kind::keyword_argument) {
            if (item.child(Field::name).text() == keyword) return item.child(Field::value);
        } else if (at++ == position) {
            positional = item;
        }
    }
    return positional;
}

std::vector<Assignment> assignments(const Tree& tree) {
    return collect<Assignment>(tree, add_assignment);
}
std::vector<Definition> definitions(const Tree& tree) {
    return collect<Definition>(tree, add_definition);
}
std::vector<Import> imports(const Tree& tree) {
    return collect<Import>(tree, add_import);
}

} // namespace stanch::syntax
