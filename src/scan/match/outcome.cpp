#include "scan/match/outcome.h"

#include "text/lines.h"

#include <algorithm>
#include <cstring>
#include <tuple>

namespace stanch::scan {
namespace {

constexpr std::size_t shown_before = 80;  // bytes of the line that are kept before the secret
constexpr std::size_t shown_behind = 120; // and behind it

// Lines and columns of ascending offsets: newlines are counted once.
class Places {
  public:
    explicit Places(const Content& content) : content_(content), line_(content.line) {}

    Span span(const Range& range) {
        Span span;
        std::tie(span.line, span.column) = at(range.begin);
        const std::size_t last = std::max(range.begin, range.end == 0 ? 0 : range.end - 1);
        span.end_line = span.line + newlines(range.begin, last);
        span.end_column = column(last);
        return span;
    }

  private:
    std::pair<std::size_t, std::size_t> at(std::size_t offset) {
        if (offset < done_) return {line_ - newlines(offset, done_), column(offset)};
        line_ += newlines(done_, offset);
        done_ = offset;
        return {line_, column(offset)};
    }

    [[nodiscard]] std::size_t newlines(std::size_t from, std::size_t to) const {
        std::size_t count = 0;
        const char* at = content_.bytes.data() + from;
        const char* end = content_.bytes.data() + to;
        while (at < end && (at = static_cast<const char*>(std::memchr(
                                at, '\n', static_cast<std::size_t>(end - at)))) != nullptr) {
            ++count;
            ++at;
        }
        return count;
    }

    [[nodiscard]] std::size_t column(std::size_t offset) const {
        const std::size_t newline =
            offset == 0 ? std::string_view::npos : content_.bytes.rfind('\n', offset - 1);
        return newline == std::string_view::npos ? content_.column + offset : offset - newline;
    }

    const Content& content_;
    std::size_t line_;
    std::size_t done_ = 0;
};

// The line(s) of a range, cut around it.
Range shown_line(std::string_view text, const Range& secret) {
    std::size_t start = 0;
    const std::string_view lines = text::lines_around(text, secret.begin, secret.end, &start);
    Range shown{start, start + lines.size()};
    shown.begin =
        std::max(shown.begin, secret.begin > shown_before ? secret.begin - shown_before : 0);
    shown.end = std::min(shown.end, secret.end + shown_behind);
    return shown;
}

Secret secret_of(std::string_view text, const Range& range) {
    return Secret(text.substr(range.begin, range.size()));
}

std::vector<std::string> decoders(const Layer* layer) {
    std::vector<std::string> names;
    for (; layer->outer != nullptr; layer = layer->outer)
        names.insert(names.begin(), std::string(name_of(layer->encoding)));
    return names;
}

Finding finding_of(const Content& content, const Accepted& accepted, Places& places) {
    const catalog::Rule& rule = *accepted.rule->rule;
    Finding finding;
    finding.path = content.path;
    finding.span = places.span(accepted.secret);
    finding.match_span = places.span(accepted.whole);
    finding.offset = content.offset + accepted.secret.begin;
    finding.rule = rule.id;
    finding.description = rule.description;
    finding.provider = rule.provider;
    finding.tags = rule.tags;
    finding.confidence = accepted.judgement.confidence;
    finding.probability = accepted.judgement.probability;
    finding.entropy = accepted.judgement.entropy;
    finding.why = accepted.judgement.why;
    finding.next = next_step(rule);
    finding.secret = secret_of(accepted.layer->text, accepted.match.secret);
    finding.match = secret_of(accepted.layer->text, accepted.match.whole);
    const Range line = shown_line(content.bytes, accepted.secret);
    finding.line = secret_of(content.bytes, line);
    finding.secret_in_line = accepted.secret.begin - line.begin;
    finding.decoded_by = decoders(accepted.layer);
    finding.fingerprint = Fingerprint::of(rule.id, finding.secret, accepted.judgement.name);
    return finding;
}

} // namespace

Finding path_finding(const catalog::Rule& rule, std::string_view path) {
    Finding finding;
    finding.path = path;
    finding.rule = rule.id;
    finding.description = rule.description;
    finding.provider = rule.provider;
    finding.tags = rule.tags;
    finding.confidence = rule.confidence;
    finding.probability = rule.confidence == Confidence::high     ? 0.95
                          : rule.confidence == Confidence::medium ? 0.65
                                                                  : 0.25;
    finding.why =
        "the file's name is that of " + (rule.description.empty() ? rule.id : rule.description);
    finding.next = "Keep it out of the repository; if its content is a key, " +
                   (rule.rotate.empty() ? "revoke it." : rule.rotate + ".");
    finding.match = Secret("file detected: " + std::string(path));
    finding.fingerprint = Fingerprint::of(rule.id, Secret(path), "");
    return finding;
}

void append_findings(const Content& content, const std::vector<Accepted>& accepted,
                     std::vector<Finding>& findings) {
    Places places(content);
    for (const Accepted& each : accepted)
        findings.push_back(finding_of(content, each, places));
}

} // namespace stanch::scan
