#include "scan/known_borders.h"

#include "scan/known_findings.h"

#include <algorithm>

namespace stanch::scan {
namespace {

constexpr std::string_view blanks = " \t\r\n";
// What stands around a literal.
constexpr std::string_view marks = " \t\r\n\"'`,;+\\()[]{}";

// "\u00XX" for each byte.
constexpr std::size_t longest_escape = 6;
// Lengths of digests are not told.
constexpr std::size_t vault_value = 4096;

std::string_view without_end(std::string_view text, std::string_view characters) {
    return text.substr(0, text.find_last_not_of(characters) + 1);
}

std::string_view without_start(std::string_view text, std::string_view characters) {
    return text.substr(std::min(text.find_first_not_of(characters), text.size()));
}

// Behind the first quote of the first line: `KEY = "…` starts with a name.
std::string_view first_literal(std::string_view text) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const std::size_t quote = line.find_first_of("\"'`");
    return without_start(quote == std::string_view::npos ? text : text.substr(quote), marks);
}

std::size_t reach_of(const ScanOptions& options) {
    std::size_t longest = 0;
    if (options.known != nullptr)
        for (const KnownValue& known : options.known->values())
            longest = std::max(longest, known.value.size());
    if (options.known_digests != nullptr && !options.known_digests->empty())
        longest = std::max(longest, vault_value);
    return longest * longest_escape;
}

bool told(const std::vector<Finding>& findings, const Finding& finding) {
    return std::ranges::any_of(
        findings, [&](const Finding& other) { return other.fingerprint == finding.fingerprint; });
}

} // namespace

std::string_view added_text(std::string_view before, std::string_view after) {
    const auto first = std::ranges::mismatch(before, after).in2 - after.begin();
    const std::size_t newline = first == 0 ? std::string_view::npos
                                           : after.rfind('\n', static_cast<std::size_t>(first) - 1);
    const std::size_t start = newline == std::string_view::npos ? 0 : newline + 1;
    before.remove_prefix(std::min(start, before.size()));
    after.remove_prefix(start);
    std::size_t same = 0;
    const std::size_t most = std::min(before.size(), after.size());
    while (same < most && before[before.size() - 1 - same] == after[after.size() - 1 - same])
        ++same;
    const std::size_t end = after.size() - same;
    // To the end of the line that the difference ends in.
    return after.substr(0, std::min(after.find('\n', end == 0 ? 0 : end - 1), after.size()));
}

KnownBorders::KnownBorders(const ScanOptions& options)
    : options_(options), reach_(reach_of(options)) {}

KnownBorders::~KnownBorders() {
    wipe(tail_);
}

void KnownBorders::next(const std::string& path, std::string_view before, std::string_view after,
                        std::vector<Finding>& findings) {
    const std::string_view text =
        without_end(without_start(added_text(before, after), blanks), blanks);
    if (text.empty() || idle()) return;
    if (!tail_.empty()) {
        search(tail_, text.substr(0, reach_), path, findings);
        search(without_end(tail_, marks), first_literal(text).substr(0, reach_), path, findings);
    }
    tail_ += text;
    if (tail_.size() > reach_) {
        std::string kept = tail_.substr(tail_.size() - reach_);
        wipe(tail_);
        tail_ = std::move(kept);
    }
    path_ = path;
}

void KnownBorders::next(git::ObjectReader& reader, const git::Change& change,
                        std::span<const git::ObjectId> old, std::vector<Finding>& findings) {
    if (idle() || !change.has_blob() || change.intent_to_add) return;
    const auto after = reader.read(change.new_id, git::ObjectType::blob);
    const auto before = old.empty() ? Result<std::string>(std::string())
                                    : reader.read(old.front(), git::ObjectType::blob);
    if (after && before) next(change.path, *before, *after, findings);
}

void KnownBorders::search(std::string_view tail, std::string_view head, const std::string& path,
                          std::vector<Finding>& findings) const {
    std::string joined(tail);
    joined += head;
    Content content;
    content.bytes = joined;
    content.path = path;
    std::vector<Finding> all;
    if (options_.known != nullptr) find_known(*options_.known, content, 0, all);
    if (options_.known_digests != nullptr) find_known(*options_.known_digests, content, 0, all);
    for (Finding& finding : all) {
        const std::size_t end = finding.offset + finding.match.size();
        if (finding.offset >= tail.size() || end <= tail.size() || told(findings, finding))
            continue;
        finding.path = path;
        finding.span = finding.match_span = Span{1, 1, 1, 1};
        finding.offset = 0;
        finding.why += ", split over " + path_ + " and " + path;
        findings.push_back(std::move(finding));
    }
    wipe(joined);
}

} // namespace stanch::scan
