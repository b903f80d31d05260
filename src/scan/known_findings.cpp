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

// What a match is a value of.
struct Source {
    const std::string& name;
    std::string_view origin;
    std::string_view value;
};

Finding finding_of(const Source& source, const Content& content, const KnownMatch& match) {
    const std::string_view text = content.bytes;
    const std::string& name = source.name;
    Finding finding;
    finding.rule = known_rule;
    finding.description = "The value of " + name;
    finding.span = moved(text::span_of(text, match.begin, match.end), content);
    finding.match_span = finding.span;
    finding.offset = content.offset + match.begin;
    finding.confidence = Confidence::high;
    finding.probability = 1;
    finding.why = "the value of " + name + " in " + std::string(source.origin);
    if (match.form != "plain") finding.why += ", " + std::string(match.form);
    finding.next =
        "read it from the environment: os.environ[\"" + name.substr(0, name.find(' ')) + "\"]";
    finding.secret = Secret(source.value);
    finding.match = Secret(text.substr(match.begin, match.end - match.begin));
    finding.entropy = text::shannon_entropy(finding.secret.reveal());
    if (match.form != "plain") finding.decoded_by = {std::string(match.form)};
    finding.fingerprint = Fingerprint::of(known_rule, finding.secret, name);
    show_line(finding, text, match);
    return finding;
}

bool inside(const KnownMatch& inner, const KnownMatch& outer) {
    return outer.begin <= inner.begin && inner.end <= outer.end &&
           outer.end - outer.begin > inner.end - inner.begin;
}

// Of matches that cover each other, the longer one; then in order with what rules found. A rule's
// finding of the same bytes gives way.
void settle(std::size_t first, std::vector<Finding>& findings) {
    const auto from = findings.begin() + static_cast<std::ptrdiff_t>(first);
    std::stable_sort(from, findings.end(), [](const Finding& a, const Finding& b) {
        return std::tuple(a.offset, a.rule != known_rule) <
               std::tuple(b.offset, b.rule != known_rule);
    });
    const auto gone = std::unique(from, findings.end(), [](const Finding& a, const Finding& b) {
        return a.rule == known_rule && b.offset == a.offset &&
               (b.rule != known_rule || a.fingerprint == b.fingerprint) &&
               b.secret.size() <= a.secret.size();
    });
    findings.erase(gone, findings.end());
}

template <class SourceOf>
void add(const std::vector<KnownMatch>& matches, const Content& content, std::size_t first,
         std::vector<Finding>& findings, SourceOf source_of) {
    if (matches.empty()) return;
    for (const KnownMatch& match : matches) {
        const bool covered = std::ranges::any_of(
            matches, [&](const KnownMatch& other) { return inside(match, other); });
        if (!covered) findings.push_back(finding_of(source_of(match), content, match));
    }
    settle(first, findings);
}

} // namespace

void find_known(const KnownValues& known, const Content& content, std::size_t first,
                std::vector<Finding>& findings) {
    add(known.find(content.bytes), content, first, findings, [&](const KnownMatch& match) {
        const KnownValue& value = known.values()[match.value];
        return Source{value.name, value.origin, value.value.reveal()};
    });
}

void find_known(const KnownDigests& known, const Content& content, std::size_t first,
                std::vector<Finding>& findings) {
    add(known.find(content.bytes), content, first, findings, [&](const KnownMatch& match) {
        // The value is not at hand: what stands there is.
        return Source{known.name(match.value), "the vault",
                      content.bytes.substr(match.begin, match.end - match.begin)};
    });
}

} // namespace stanch::scan
