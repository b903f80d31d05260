#include "env/template.h"

#include <cctype>

namespace stanch::env {
namespace {

constexpr std::size_t none = std::string_view::npos;
constexpr std::string_view invalid = "'${' without a name or a '}'";
constexpr std::string_view required = "a variable that ${…?} requires is not set";

std::size_t name_end(std::string_view text, std::size_t at) {
    const auto is_start = [](char c) {
        return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
    };
    if (at >= text.size() || !is_start(text[at])) return at;
    while (at < text.size() &&
           (is_start(text[at]) || std::isdigit(static_cast<unsigned char>(text[at])) != 0))
        ++at;
    return at;
}

// The '}' that closes the "${" at the start, or the text's last character. Every '{' counts, and
// what stands behind one is passed over, be it a '}'.
std::size_t closing(std::string_view text) {
    int open = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '}' && --open == 0) return i;
        if (text[i] == '{') {
            ++open;
            ++i;
        }
    }
    return text.size() - 1;
}

class Template {
  public:
    explicit Template(const Lookup& lookup) : lookup_(lookup) {}

    std::string expand(std::string_view text) {
        std::string out;
        for (std::size_t at = 0; at < text.size() && message.empty();) {
            if (text[at] != '$')
                out += text[at++];
            else
                at = reference(text, at, out);
        }
        return out;
    }

    std::string_view message;

  private:
    // Appends what the reference at `at` (its '$') gives, and returns where it ends.
    std::size_t reference(std::string_view text, std::size_t at, std::string& out) {
        if (text.substr(at).starts_with("$$")) {
            out += '$';
            return at + 2;
        }
        if (text.substr(at).starts_with("${")) return braced(text, at, out);
        const std::size_t end = name_end(text, at + 1);
        if (end == at + 1)
            out += '$';
        else
            out += lookup_(text.substr(at + 1, end - at - 1)).value_or("");
        return end;
    }

    std::size_t refuse(std::string_view why, std::size_t end) {
        message = why;
        return end;
    }

    std::size_t braced(std::string_view text, std::size_t at, std::string& out) {
        const std::size_t end = name_end(text, at + 2);
        if (end == at + 2 || end == text.size()) return refuse(invalid, text.size());
        const std::string_view name = text.substr(at + 2, end - at - 2);
        if (text[end] == '}') {
            out += lookup_(name).value_or("");
            return end + 1;
        }
        const std::size_t operation = end + (text[end] == ':' ? 1 : 0);
        const std::size_t newline = std::min(text.find('\n', end), text.size());
        const std::size_t last = text.substr(0, newline).rfind('}');
        if (operation >= newline || std::string_view("-+?").find(text[operation]) == none ||
            last == none || last <= operation)
            return refuse(invalid, text.size());
        const std::string_view region = text.substr(at, last + 1 - at);
        const std::size_t close = at + closing(region);
        out += operated(name, text[operation], text[end] == ':',
                        text.substr(operation + 1, close - operation - 1));
        out += expand(text.substr(close + 1, last - close));
        return last + 1;
    }

    std::string operated(std::string_view name, char operation, bool or_empty,
                         std::string_view word) {
        const auto value = lookup_(name);
        const bool present = value && !(or_empty && value->empty());
        // A word that is not used is not read either: what is wrong within it does not matter.
        if (operation == '+') return present ? expand(word) : "";
        if (present) return *value;
        if (operation == '-') return expand(word);
        message = required;
        return {};
    }

    const Lookup& lookup_;
};

} // namespace

Expansion expand_template(std::string_view text, const Lookup& lookup) {
    Template reader(lookup);
    Expansion expansion;
    expansion.text = reader.expand(text);
    expansion.message = reader.message;
    return expansion;
}

} // namespace stanch::env
