#include "scan/known_findings.h"

#include "text/entropy.h"
#include "text/lines.h"

#include <algorithm>
#include <tuple>

namespace stanch::scan {
namespace {

// A screen's width of the line, around the secret.
constexpr std::size_t shown_before = 80;
constexpr std::size_t shown_after = 80;

void show_line(Finding& finding, std::string_view text, const KnownMatch& match) {
    std::size_t start = 0;
    const std::string_view line = text::lines_around(text, match.begin, match.end, &start);
    const std::size_t from =
        match.begin - start > shown_before ? match.begin - shown_before : start;
    const std::size_t to = std::min(start + line.size(), match.end + shown_after);
    finding.line = Secret(text.substr(from, to - from));
    finding.secret_in_line = match.begin - from;
}

// A position in the content as one in the whole that it is a part of.
Span moved(Span span, const Content& content) {
    if (span.line == 1) span.column += content.column - 1;
    if (span.end_line == 1) span.end_column += content.column - 1;
    span.line += content.line - 1;
    span.end_line += content.line - 1;
    return span;
}

Finding finding_of(const KnownValues& known, const Content& content, const KnownMatch& match) {
    const std::string_view text = content.bytes;
    const KnownValue& value = known.values()[match.value];
    Finding finding;
    finding.rule = known_rule;
    finding.description = "The value of " + value.name;
    finding.span = moved(text::span_of(text, match.begin, match.end), content);
    finding.match_span = finding.span;
    finding.offset = content.offset + match.begin;
    finding.confidence = Confidence::high;
    finding.probability = 1;
    finding.why = "the value of " + value.name + " in " + value.origin;
    if (match.form != "plain") finding.why += ", " + std::string(match.form);
    finding.next = "read it from the environment: os.environ[\"" +
                   value.name.substr(0, value.name.find(' ')) + "\"]";
    finding.secret = value.value.copy();
    finding.match = Secret(text.substr(match.begin, match.end - match.begin));
    finding.entropy = text::shannon_entropy(finding.secret.reveal());
    if (match.form != "plain") finding.decoded_by = {std::string(match.form)};
    finding.fingerprint = Fingerprint::of(known_rule, finding.secret, value.name);
    show_line(finding, text, match);
    return finding;
}

bool inside(const KnownMatch& inner, const KnownMatch& outer) {
    return outer.begin <= inner.begin && inner.end <= outer.end &&
           outer.end - outer.begin > inner.end - inner.begin;
}

} // namespace

void find_known(const KnownValues& known, const Content& content, std::size_t first,
                std::vector<Finding>& findings) {
    const std::vector<KnownMatch> matches = known.find(content.bytes);
    if (matches.empty()) return;
    for (const KnownMatch& match : matches) {
        if (std::ranges::any_of(matches,
                                [&](const KnownMatch& other) { return inside(match, other); }))
            continue;
        findings.push_back(finding_of(known, content, match));
    }
    const auto from = findings.begin() + static_cast<std::ptrdiff_t>(first);
    std::stable_sort(from, findings.end(), [](const Finding& a, const Finding& b) {
        return std::tuple(a.offset, a.rule != known_rule) <
               std::tuple(b.offset, b.rule != known_rule);
    });
    // The same bytes, found by a rule as well.
    const auto gone = std::unique(from, findings.end(), [](const Finding& a, const Finding& b) {
        return a.rule == known_rule && b.offset == a.offset &&
               (b.rule != known_rule || a.fingerprint == b.fingerprint) &&
               b.secret.size() <= a.secret.size();
    });
    findings.erase(gone, findings.end());
}

} // namespace stanch::scan
