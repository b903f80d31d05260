#include "git/quoted.h"

namespace stanch::git {
namespace {

constexpr std::string_view letters = "abfnrtv\\\"";
constexpr std::string_view meanings = "\a\b\f\n\r\t\v\\\"";

bool is_octal(char c) {
    return c >= '0' && c <= '7';
}

// What stands behind a backslash; its length goes off the front.
char take_escape(std::string_view& rest) {
    const std::size_t letter = rest.empty() ? std::string_view::npos : letters.find(rest[0]);
    if (letter != std::string_view::npos) {
        rest.remove_prefix(1);
        return meanings[letter];
    }
    unsigned value = 0;
    for (int digit = 0; digit < 3 && !rest.empty() && is_octal(rest[0]); ++digit) {
        value = value * 8 + static_cast<unsigned>(rest[0] - '0');
        rest.remove_prefix(1);
    }
    return static_cast<char>(value);
}

} // namespace

std::string unquoted(std::string_view text) {
    if (!text.starts_with('"')) return std::string(text);
    std::string out;
    for (std::string_view rest = text.substr(1); !rest.empty();) {
        const char c = rest[0];
        rest.remove_prefix(1);
        if (c == '"') return out;
        out += c == '\\' ? take_escape(rest) : c;
    }
    return std::string(text);
}

} // namespace stanch::git
