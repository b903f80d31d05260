#include "report/redact.h"

#include "report/report.h"

#include <algorithm>
#include <vector>

namespace stanch::report {
namespace {

// A part of a text that must not be shown, and what stands in its place.
struct Cover {
    std::size_t begin;
    std::size_t end;
    std::string instead;
    bool own;
};

void cover_all(std::string_view text, const Finding& finding, bool own,
               std::vector<Cover>& covers) {
    const std::string_view value = finding.secret.reveal();
    if (value.empty()) return;
    for (std::size_t at = text.find(value); at != std::string_view::npos;
         at = text.find(value, at + value.size()))
        covers.push_back({at, at + value.size(), finding.secret.redacted(), own});
}

// Bytes of the finding in its line: what was decoded is longer there than the secret.
std::size_t size_in_line(const Finding& finding) {
    const Span& span = finding.span;
    if (span.end_line > span.line) return finding.line.size();
    const std::size_t written =
        span.end_column >= span.column ? span.end_column - span.column + 1 : 0;
    return finding.decoded_by.empty() ? finding.secret.size() : written;
}

bool share_a_line(const Finding& a, const Finding& b) {
    return a.span.line <= b.span.end_line && b.span.line <= a.span.end_line;
}

// Findings stand in the order of their lines: the neighbours are next to it.
template <class Visit>
void each_neighbour(std::span<const Finding> group, std::size_t index, Visit visit) {
    constexpr std::size_t reach = 256;
    const std::size_t from = index > reach ? index - reach : 0;
    const std::size_t to = std::min(group.size(), index + reach);
    for (std::size_t i = from; i < to; ++i)
        if (i != index && share_a_line(group[i], group[index])) visit(group[i]);
}

// A neighbour that is not written in plain is covered by its place in the line, which both have
// whole or cut alike.
void cover_place(const Finding& of, const Finding& in, std::vector<Cover>& covers) {
    if (of.decoded_by.empty() || of.span.line != in.span.line || of.span.column == 0) return;
    const std::size_t before = in.span.column - 1 - std::min(in.span.column - 1, in.secret_in_line);
    if (of.span.column <= before) return;
    const std::size_t begin = of.span.column - 1 - before;
    covers.push_back({begin, begin + size_in_line(of), of.secret.redacted(), false});
}

Shown apply(std::string_view text, std::vector<Cover> covers) {
    std::ranges::stable_sort(covers,
                             [](const Cover& a, const Cover& b) { return a.begin < b.begin; });
    Shown shown;
    std::size_t at = 0;
    for (const Cover& cover : covers) {
        if (cover.begin >= text.size()) break;
        if (cover.end <= at) continue;
        if (cover.begin >= at) {
            shown.text += printable(text.substr(at, cover.begin - at));
            if (cover.own && shown.size == 0) {
                shown.begin = shown.text.size();
                shown.size = cover.instead.size();
            }
            shown.text += cover.instead;
        }
        at = std::max(at, std::min(cover.end, text.size()));
    }
    if (at < text.size()) shown.text += printable(text.substr(at));
    return shown;
}

Shown plain(const Finding& finding, std::string_view text) {
    Shown shown{printable(text), 0, 0};
    if (finding.secret_in_line > text.size()) return shown;
    shown.begin = printable(text.substr(0, finding.secret_in_line)).size();
    shown.size = printable(text.substr(finding.secret_in_line, size_in_line(finding))).size();
    return shown;
}

} // namespace

Shown shown_line(std::span<const Finding> group, std::size_t index, bool reveal) {
    const Finding& finding = group[index];
    const std::string_view text = finding.line.reveal();
    if (reveal) return plain(finding, text);
    std::vector<Cover> covers;
    const std::size_t begin = finding.secret_in_line;
    covers.push_back({begin, begin + size_in_line(finding), finding.secret.redacted(), true});
    cover_all(text, finding, false, covers);
    each_neighbour(group, index, [&](const Finding& other) {
        cover_all(text, other, false, covers);
        cover_place(other, finding, covers);
    });
    return apply(text, std::move(covers));
}

std::string shown_match(std::span<const Finding> group, std::size_t index, bool reveal) {
    const Finding& finding = group[index];
    const std::string_view text = finding.match.reveal();
    if (reveal) return std::string(text);
    std::vector<Cover> covers;
    cover_all(text, finding, true, covers);
    // The match of something decoded may be written in a way that says it.
    if (covers.empty()) return finding.secret.redacted();
    each_neighbour(group, index,
                   [&](const Finding& other) { cover_all(text, other, false, covers); });
    return apply(text, std::move(covers)).text;
}

std::string shown_secret(const Finding& finding, bool reveal) {
    return reveal ? std::string(finding.secret.reveal()) : finding.secret.redacted();
}

} // namespace stanch::report
