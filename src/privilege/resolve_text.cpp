// Strings with holes: f"…{x}…", "a" + b, "…%s" % x, "…{}".format(x).
#include "privilege/resolve.h"

namespace stanch::privilege {
namespace {

constexpr std::size_t longest_text = 4096;

// Appends what an interpolated expression is, or a hole where that is not one text.
void append(std::string& out, const Values& values) {
    if (values.size() == 1 && values[0].what == Value::What::text)
        out += values[0].name;
    else
        out += hole;
}

std::string percent_holes(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%' || i + 1 == text.size()) {
            out += text[i];
        } else if (text[i + 1] == '%') {
            out += text[++i];
        } else if (text[i + 1] == '(') {
            i = std::min(text.find(')', i), text.size() - 2) + 1;
            out += hole;
        } else {
            ++i;
            out += hole;
        }
    }
    return out;
}

} // namespace

Values Resolver::format(Module& module, Node node, const Context* context) {
    if (auto literal = syntax::string_value(node)) {
        if (literal->size() > longest_text) return {};
        return {{.what = Value::What::text, .name = intern(*literal)}};
    }
    std::string out;
    if (node.kind() == Kind::binary_operator) {
        const std::string_view sign = node.child(Field::operator_).text();
        if (sign == "+")
            return literal_sum(module, node.child(Field::left), node.child(Field::right), context);
        if (sign != "%" && sign != "/") return {};
        if (sign == "/") return {};
        const Values left = evaluate(module, node.child(Field::left), context);
        if (left.size() != 1 || left[0].what != Value::What::text) return {};
        out = percent_holes(left[0].name);
        return {{.what = Value::What::text, .name = intern(out)}};
    }
    if (node.kind() == Kind::concatenated_string) {
        for (const Node part : node.children())
            append(out, evaluate(module, part, context));
    } else {
        for (const Node part : node.children()) {
            if (part.kind() == Kind::string_content)
                out += part.text();
            else if (part.kind() == Kind::interpolation)
                append(out, evaluate(module, part.child(Field::expression), context));
        }
    }
    if (out.size() > longest_text) return {};
    return {{.what = Value::What::text, .name = intern(out)}};
}

Values Resolver::literal_sum(Module& module, Node left, Node right, const Context* context) {
    std::string out;
    append(out, evaluate(module, left, context));
    append(out, evaluate(module, right, context));
    if (out.size() > longest_text || out.find_first_not_of(hole) == std::string::npos) return {};
    return {{.what = Value::What::text, .name = intern(out)}};
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
