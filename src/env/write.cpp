#include "env/write.h"

#include "core/wiped.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace stanch::env {
namespace {

bool is_variable_name(std::string_view name) {
    const auto word = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
    return !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
           std::ranges::all_of(name, word);
}

std::string escaped(std::string_view value, std::string_view characters) {
    std::string out;
    for (const char c : value) {
        if (characters.find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

std::string with_newlines_named(std::string text) {
    for (std::size_t at = 0; (at = text.find_first_of("\r\n", at)) != std::string::npos; at += 2)
        text.replace(at, 1, text[at] == '\n' ? "\\n" : "\\r");
    return text;
}

// The ways to write a value, the plainest first.
std::vector<std::string> quotings(std::string_view value) {
    const std::string text(value);
    std::vector<std::string> list;
    if (value.find_first_of("\r\n") == std::string_view::npos) list.push_back(text);
    list.push_back("'" + text + "'");
    list.push_back("'" + escaped(value, "'") + "'");
    list.push_back("'" + escaped(value, "\\'") + "'");
    list.push_back("\"" + text + "\"");
    list.push_back("\"" + escaped(value, "\\\"") + "\"");
    list.push_back("\"" + escaped(value, "\\\"$`") + "\"");
    list.push_back("\"" + with_newlines_named(escaped(value, "\\\"")) + "\"");
    list.push_back("\"" + with_newlines_named(escaped(value, "\\\"$`")) + "\"");
    return list;
}

// Where the value goes: everything before and behind stays.
struct Place {
    std::string before;
    std::string after;
    bool replaced = false;
};

Place place_of(std::string_view text, std::string_view name) {
    const Document document = parse(text, Dialect::python);
    const Entry* found = nullptr;
    for (const Entry& entry : document.entries)
        if (entry.key == name) found = &entry;
    // Line ends as the last line has them.
    const std::size_t last = text.rfind('\n');
    const bool crlf = last != std::string_view::npos && last > 0 && text[last - 1] == '\r';
    if (found == nullptr) {
        const std::string newline = crlf ? "\r\n" : "\n";
        const bool open = !text.empty() && !text.ends_with('\n');
        return {std::string(text) + (open ? newline : "") + std::string(name) + "=", newline,
                false};
    }
    if (found->value) {
        const auto begin = static_cast<std::size_t>(found->raw.data() - text.data());
        return {std::string(text.substr(0, begin)),
                std::string(text.substr(begin + found->raw.size())), true};
    }
    // The name alone: the value comes behind it.
    const auto begin = static_cast<std::size_t>(found->original.data() - text.data());
    const std::size_t key = text.find(name, begin) + name.size();
    const std::size_t behind = text.substr(key).starts_with('\'') ? key + 1 : key;
    return {std::string(text.substr(0, behind)) + "=", std::string(text.substr(behind)), true};
}

using Others = std::vector<std::pair<std::string, std::string>>;

// What a program has but for this name: must not change.
Others others(std::string_view text, Dialect dialect, std::string_view name) {
    Others list;
    for (const Variable& variable : variables(parse(text, dialect), dialect))
        if (variable.name != name) list.emplace_back(variable.name, variable.value.reveal());
    return list;
}

std::optional<Secret> value_of(std::string_view text, Dialect dialect, std::string_view name) {
    for (Variable& variable : variables(parse(text, dialect), dialect))
        if (variable.name == name) return std::move(variable.value);
    return std::nullopt;
}

bool reads_back(std::string_view before, std::string_view after, Dialect dialect,
                std::string_view name, const Secret& value) {
    const auto read = value_of(after, dialect, name);
    if (!read || !read->equals(value)) return false;
    // A file that the program did not take before has no others to lose.
    const Others kept = others(before, dialect, name);
    Others now = others(after, dialect, name);
    return std::ranges::all_of(
               kept,
               [&now](const auto& pair) { return std::ranges::find(now, pair) != now.end(); }) &&
           now.size() == kept.size();
}

} // namespace

Result<Written> set_variable(std::string_view text, std::string_view name, const Secret& value,
                             std::span<const Dialect> targets) {
    if (!is_variable_name(name))
        return fail(ErrorKind::usage,
                    "a variable is named by letters, digits and '_', the first no digit");
    if (value.reveal().find('\0') != std::string_view::npos)
        return fail(ErrorKind::invalid, "a value can't hold a zero byte: no environment can");
    const Place place = place_of(text, name);
    std::optional<Written> best;
    for (std::string& quoted : quotings(value.reveal())) {
        std::string candidate = place.before + quoted + place.after;
        wipe(quoted);
        Written written;
        written.replaced = place.replaced;
        const bool right = reads_back(text, candidate, Dialect::python, name, value);
        for (const Dialect target : targets)
            if (!reads_back(text, candidate, target, name, value))
                written.misread.push_back(target);
        if (right && (!best || written.misread.size() < best->misread.size())) {
            written.text = Secret(candidate);
            best = std::move(written);
        }
        wipe(candidate);
    }
    if (!best)
        return fail(ErrorKind::refused,
                    "there is no way to write this value so that python-dotenv reads it back", {},
                    "keep it elsewhere, and write a reference: file://PATH or bw://…");
    return std::move(*best);
}

} // namespace stanch::env
