#include "scan/baseline.h"

#include <algorithm>

namespace stanch::scan {
namespace {

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// A comment starts at the beginning or behind a blank: paths may hold '#'.
std::string_view without_comment(std::string_view line) {
    if (line.starts_with('#')) return {};
    const std::size_t at = line.find(" #");
    return trimmed(at == std::string_view::npos ? line : line.substr(0, at));
}

// "file:rule:line" at the end of the text; with a commit in front, that commit only.
bool is_gitleaks(std::string_view text) {
    const std::size_t last = text.rfind(':');
    if (last == std::string_view::npos || last + 1 == text.size()) return false;
    if (!std::ranges::all_of(text.substr(last + 1), [](char c) { return c >= '0' && c <= '9'; }))
        return false;
    return text.substr(0, last).find(':') != std::string_view::npos;
}

} // namespace

Result<IgnoreList> IgnoreList::parse(std::string_view text, const std::string& name) {
    IgnoreList list;
    std::size_t number = 0;
    while (!text.empty()) {
        ++number;
        const std::string_view whole = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), whole.size() + 1));
        std::string line(without_comment(trimmed(whole)));
        if (line.empty()) continue;
        const std::string where = name + ":" + std::to_string(number);
        if (!Fingerprint::parse(line) && !is_gitleaks(line))
            return fail(ErrorKind::invalid, "not a fingerprint", where,
                        "32 hex digits as reports show them, or file:rule:line");
        if (!Fingerprint::parse(line)) std::ranges::replace(line, '\\', '/');
        list.lines_.push_back({std::move(line), where, false});
    }
    return list;
}

bool IgnoreList::covers(const Finding& finding) {
    if (lines_.empty()) return false;
    const std::string ours = finding.fingerprint.hex();
    const std::string place =
        finding.path + ":" + finding.rule + ":" + std::to_string(finding.span.line);
    const std::string commit = finding.provenance ? finding.provenance->commit : std::string();
    bool covered = false;
    for (Line& line : lines_) {
        const bool same = line.text == ours || line.text == place ||
                          (!commit.empty() && line.text == commit + ":" + place);
        if (!same) continue;
        line.used = true;
        covered = true;
    }
    return covered;
}

std::vector<std::string> IgnoreList::unused() const {
    std::vector<std::string> list;
    for (const Line& line : lines_)
        if (!line.used) list.push_back(line.where);
    return list;
}

} // namespace stanch::scan
