// String literals: where they are, and what they mean
// (docs.python.org/3/reference/lexical_analysis.html).
#include "syntax/syntax.h"

#include <algorithm>
#include <charconv>

namespace stanch::syntax {
namespace {

bool has_letter(std::string_view prefix, char letter) {
    return prefix.find(letter) != std::string_view::npos ||
           prefix.find(static_cast<char>(letter - 'a' + 'A')) != std::string_view::npos;
}

bool is_docstring(Node node) {
    Node outer = node.parent();
    if (outer.kind() == Kind::concatenated_string) outer = outer.parent();
    return outer.kind() == Kind::expression_statement;
}

StringLiteral literal(Node node) {
    StringLiteral found{.node = node, .content_begin = node.begin(), .content_end = node.end()};
    for (const Node part : node.children()) {
        if (part.kind() == Kind::string_start) {
            const std::string_view prefix = part.text();
            found.content_begin = part.end();
            found.bytes = has_letter(prefix, 'b');
            found.raw = has_letter(prefix, 'r');
            found.formatted = has_letter(prefix, 'f');
        } else if (part.kind() == Kind::string_end) {
            found.content_end = part.begin();
        }
    }
    found.content_end = std::max(found.content_begin, found.content_end);
    found.docstring = is_docstring(node);
    return found;
}

void append_utf8(std::string& out, std::uint32_t point) {
    const auto byte = [&](std::uint32_t value) { out += static_cast<char>(value); };
    if (point < 0x80) return byte(point);
    if (point < 0x800) {
        byte(0xc0 | point >> 6);
    } else {
        if (point < 0x10000) {
            byte(0xe0 | point >> 12);
        } else {
            byte(0xf0 | point >> 18);
            byte(0x80 | (point >> 12 & 63));
        }
        byte(0x80 | (point >> 6 & 63));
    }
    byte(0x80 | (point & 63));
}

// \xhh, \uhhhh, \Uhhhhhhhh and octal: the digits at `at`; 0 where there are too few.
std::size_t numeric_escape(std::string_view text, std::size_t least, std::size_t most, int base,
                           std::uint32_t& value) {
    const std::size_t length = std::min(most, text.size());
    const auto [end, error] = std::from_chars(text.data(), text.data() + length, value, base);
    const auto used = static_cast<std::size_t>(end - text.data());
    return error == std::errc{} && used >= least ? used : 0;
}

constexpr std::string_view simple_letters = "\\'\"abfnrtv";
constexpr std::string_view simple_values = "\\'\"\a\b\f\n\r\t\v";

// One escape behind the backslash at text[0]; returns how many bytes it takes, 0 where it stands
// for itself.
std::size_t escape(std::string& out, std::string_view text, bool bytes) {
    const char letter = text[1];
    if (letter == '\n') return 2;
    if (letter == '\r') return text.size() > 2 && text[2] == '\n' ? 3 : 2;
    if (const auto simple = simple_letters.find(letter); simple != std::string_view::npos) {
        out += simple_values[simple];
        return 2;
    }
    std::uint32_t value = 0;
    std::size_t digits = 0;
    std::size_t lead = 2;
    if (letter == 'x')
        digits = numeric_escape(text.substr(2), 2, 2, 16, value);
    else if (letter == 'u' && !bytes)
        digits = numeric_escape(text.substr(2), 4, 4, 16, value);
    else if (letter == 'U' && !bytes)
        digits = numeric_escape(text.substr(2), 8, 8, 16, value);
    else if (letter >= '0' && letter <= '7')
        digits = numeric_escape(text.substr(lead = 1), 1, 3, 8, value);
    if (digits == 0 || value > 0x10ffff) return 0;
    if (bytes)
        out += static_cast<char>(value);
    else
        append_utf8(out, value);
    return lead + digits;
}

std::string unescape(std::string_view text, bool bytes) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t plain = std::min(text.find('\\'), text.size());
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        std::size_t used = text.size() > 1 ? escape(out, text, bytes) : 0;
        if (used == 0) {
            out += '\\';
            used = 1;
        }
        text.remove_prefix(used);
    }
    return out;
}

std::optional<std::string> single_value(Node node) {
    for (const Node part : node.children())
        if (part.kind() == Kind::interpolation) return std::nullopt;
    const StringLiteral found = literal(node);
    const std::string_view text = node.text().substr(found.content_begin - node.begin(),
                                                     found.content_end - found.content_begin);
    if (found.raw || text.find('\\') == std::string_view::npos) {
        if (!found.formatted) return std::string(text);
    }
    std::string value = found.raw ? std::string(text) : unescape(text, found.bytes);
    if (!found.formatted) return value;
    for (const std::string_view twice : {"{{", "}}"})
        for (std::size_t at = value.find(twice); at != std::string::npos;
             at = value.find(twice, at + 1))
            value.erase(at, 1);
    return value;
}

} // namespace

std::vector<StringLiteral> strings(const Tree& tree) {
    std::vector<StringLiteral> found;
    for (std::uint32_t i = 0; i < tree.size(); ++i)
        if (const Node node = tree.node(i); node.kind() == Kind::string)
            found.push_back(literal(node));
    return found;
}

std::optional<std::string> string_value(Node node) {
    while (node.kind() == Kind::parenthesized_expression)
        node = node.first();
    if (node.kind() == Kind::string) return single_value(node);
    if (node.kind() != Kind::concatenated_string) return std::nullopt;
    std::string joined;
    for (const Node part : node.children()) {
        if (part.kind() == Kind::comment) continue;
        const auto value = part.kind() == Kind::string ? single_value(part) : std::nullopt;
        if (!value) return std::nullopt;
        joined += *value;
    }
    return joined;
}

} // namespace stanch::syntax
