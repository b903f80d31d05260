#include "scan/allow.h"

#include <algorithm>

namespace stanch::scan {
namespace {

constexpr std::size_t reach = 4096; // bytes of a line before and behind a value

bool take(std::string_view& text, std::string_view word) {
    if (!text.starts_with(word)) return false;
    text.remove_prefix(word.size());
    return true;
}

bool take_gap(std::string_view& text) {
    if (text.empty() || (text[0] != ' ' && text[0] != '-')) return false;
    text.remove_prefix(1);
    return true;
}

// "pragma: allowlist [nextline] secret" with the variants of detect-secrets.
bool has_pragma(std::string_view text, bool next_line) {
    constexpr std::string_view mark = "pragma:";
    for (std::size_t at = text.find(mark); at != std::string_view::npos;
         at = text.find(mark, at + 1)) {
        std::string_view rest = text.substr(at + mark.size());
        while (take(rest, " ")) {
        }
        if (!take(rest, "allowlist") && !take(rest, "whitelist")) continue;
        if (!take_gap(rest)) continue;
        if (next_line && !(take(rest, "nextline") && take_gap(rest))) continue;
        if (rest.starts_with("secret")) return true;
    }
    return false;
}

bool has(std::string_view text, std::string_view word) {
    return text.find(word) != std::string_view::npos;
}

// Where the line of `at` begins, or the reach of the search.
std::size_t line_begin(std::string_view content, std::size_t at) {
    const std::size_t lowest = at > reach ? at - reach : 0;
    const std::size_t newline = content.substr(lowest, at - lowest).rfind('\n');
    return newline == std::string_view::npos ? lowest : lowest + newline + 1;
}

std::string_view line_before(std::string_view content, std::size_t begin) {
    if (begin == 0 || content[begin - 1] != '\n') return {};
    const std::size_t previous = line_begin(content, begin - 1);
    return content.substr(previous, begin - 1 - previous);
}

} // namespace

bool allowed_by_comment(std::string_view content, std::size_t begin, std::size_t end) {
    if (begin >= content.size()) return false;
    end = std::clamp(end, begin, content.size());
    const std::size_t first = line_begin(content, begin);
    const std::size_t newline = content.substr(end, reach).find('\n');
    const std::size_t last =
        newline == std::string_view::npos ? std::min(content.size(), end + reach) : end + newline;
    const std::string_view lines = content.substr(first, last - first);
    return has(lines, "stanch:allow") || has(lines, "gitleaks:allow") || has_pragma(lines, false) ||
           has_pragma(line_before(content, first), true);
}

} // namespace stanch::scan
