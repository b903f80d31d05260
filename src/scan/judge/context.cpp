#include "scan/judge/context.h"

#include <algorithm>
#include <array>

namespace stanch::scan {
namespace {

constexpr std::size_t look_back = 256;

bool name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
}

std::string lowered(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
    return out;
}

// The identifier that ends at `end`, skipping quotes and spaces before it.
std::string_view name_before(std::string_view text, std::size_t end) {
    while (end > 0 && !name_character(text[end - 1])) {
        if (std::string_view(" \t\"'`])").find(text[end - 1]) == std::string_view::npos) return {};
        --end;
    }
    std::size_t begin = end;
    while (begin > 0 && name_character(text[begin - 1]))
        --begin;
    return text.substr(begin, end - begin);
}

std::string_view nearest_name(std::string_view before) {
    std::size_t end = before.size();
    while (end > 0 && !name_character(before[end - 1]))
        --end;
    return name_before(before, end);
}

// A ':' that is a URL's or a slice's names nothing.
bool assigns(std::string_view before, std::size_t at) {
    if (before[at] == '=') return at == 0 || (before[at - 1] != '!' && before[at - 1] != '<');
    return before[at] == ':' && !before.substr(at).starts_with("://");
}

bool numeric(std::string_view name) {
    return std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

struct Kind {
    std::string_view part;
    std::string_view name;
};

// Parts of a path, between '/' or at a file's start.
constexpr std::array kinds = {
    Kind{"test", "a test"},        Kind{"tests", "a test"},        Kind{"testing", "a test"},
    Kind{"testdata", "a test"},    Kind{"fixtures", "a test"},     Kind{"spec", "a test"},
    Kind{"specs", "a test"},       Kind{"mocks", "a test"},        Kind{"__tests__", "a test"},
    Kind{"cassettes", "a test"},   Kind{"docs", "documentation"},  Kind{"doc", "documentation"},
    Kind{"example", "an example"}, Kind{"examples", "an example"}, Kind{"samples", "an example"},
    Kind{"demo", "an example"},
};

std::string_view kind_of_name(std::string_view name) {
    for (const std::string_view start : {"test_", "conftest."})
        if (name.starts_with(start)) return "a test";
    for (const std::string_view part : {"_test.", ".test.", ".spec.", "_spec."})
        if (name.find(part) != std::string_view::npos) return "a test";
    for (const std::string_view end : {".md", ".rst", ".adoc"})
        if (name.ends_with(end)) return "documentation";
    for (const std::string_view part : {".example", ".sample", ".template", ".dist"})
        if (name.find(part) != std::string_view::npos) return "an example";
    return {};
}

} // namespace

std::string assigned_name(std::string_view text, const Range& secret) {
    const std::size_t from = secret.begin > look_back ? secret.begin - look_back : 0;
    std::string_view before = text.substr(from, secret.begin - from);
    if (const std::size_t newline = before.rfind('\n'); newline != std::string_view::npos)
        before.remove_prefix(newline + 1);
    for (std::size_t at = before.size(); at-- > 0;) {
        if (!assigns(before, at)) continue;
        std::size_t end = at;
        while (end > 0 && std::string_view("=:+?|").find(before[end - 1]) != std::string_view::npos)
            --end;
        if (const std::string_view name = name_before(before, end); !name.empty() && !numeric(name))
            return lowered(name);
    }
    return lowered(nearest_name(before));
}

std::string_view kind_of_file(std::string_view path) {
    const std::string lower = lowered(path);
    std::string_view rest = lower;
    for (std::size_t slash = rest.find('/'); slash != std::string_view::npos;
         slash = rest.find('/')) {
        const std::string_view part = rest.substr(0, slash);
        for (const Kind& kind : kinds)
            if (part == kind.part) return kind.name;
        rest.remove_prefix(slash + 1);
    }
    return kind_of_name(rest);
}

} // namespace stanch::scan
