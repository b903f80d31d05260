// SARIF 2.1.0 (OASIS, docs.oasis-open.org/sarif/sarif/v2.1.0). Results are written as they come;
// the rules that they name follow at the end, in the order of first use.
#include "report/json.h"
#include "report/redact.h"
#include "report/writers.h"

#include "text/encoding.h"

#include <algorithm>
#include <map>

namespace stanch::report {
namespace {

constexpr std::string_view schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
constexpr std::string_view home = "https://github.com/stanch/stanch";

std::size_t characters(std::string_view utf8) {
    const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
    return static_cast<std::size_t>(std::ranges::count_if(utf8, begins));
}

std::string_view level_of(Confidence confidence) {
    switch (confidence) {
    case Confidence::high:
        return "error";
    case Confidence::medium:
        return "warning";
    case Confidence::low:
        break;
    }
    return "note";
}

// A path as a URI reference (RFC 3986): every segment escaped, an absolute one as file:.
std::string uri_of(std::string_view path) {
    std::string uri = path.starts_with('/') ? "file://" : "";
    while (true) {
        const std::size_t slash = path.find('/');
        uri += text::percent_encode(path.substr(0, slash));
        if (slash == std::string_view::npos) return uri;
        uri += '/';
        path.remove_prefix(slash + 1);
    }
}

// SARIF counts characters, a Finding bytes: the part of the line before the secret tells the
// difference, unless the line was cut before it.
std::size_t column_of(const Finding& finding) {
    const std::string_view line = finding.line.reveal();
    if (finding.secret_in_line + 1 != finding.span.column || finding.secret_in_line > line.size())
        return finding.span.column;
    return characters(line.substr(0, finding.secret_in_line)) + 1;
}

std::size_t end_column_of(const Finding& finding) {
    const Span& span = finding.span;
    if (span.end_line != span.line) return span.end_column;
    return column_of(finding) + (span.end_column - span.column);
}

std::string region(std::span<const Finding> findings, std::size_t index, bool reveal) {
    const Span& span = findings[index].span;
    JsonObject object;
    // SARIF's end column is the one behind the last character.
    object.number("startLine", span.line).number("startColumn", column_of(findings[index]));
    object.number("endLine", span.end_line).number("endColumn", end_column_of(findings[index]) + 1);
    const std::string snippet =
        JsonObject().text("text", shown_line(findings, index, reveal).text).done();
    return object.raw("snippet", snippet).done();
}

std::string location(std::span<const Finding> findings, std::size_t index, bool reveal) {
    const Finding& finding = findings[index];
    JsonObject physical;
    physical.raw("artifactLocation", JsonObject().text("uri", uri_of(finding.path)).done());
    if (finding.span.line != 0) physical.raw("region", region(findings, index, reveal));
    return "[" + JsonObject().raw("physicalLocation", physical.done()).done() + "]";
}

std::string properties(const Finding& finding, bool reveal) {
    JsonObject object;
    object.text("provider", finding.provider).text("confidence", to_string(finding.confidence));
    object.raw("probability", json_decimal(finding.probability)).text("why", finding.why);
    object.text("secret", shown_secret(finding, reveal));
    object.raw("decoded_by", json_list(finding.decoded_by, json_string))
        .raw("tags", json_list(finding.tags, json_string));
    if (!finding.provenance) return object.done();
    const Provenance& where = *finding.provenance;
    object.text("commit", where.commit).text("author", where.author).text("date", where.date);
    object.truth("in_head", where.in_head).text("object", where.object);
    return object.text("message", where.message)
        .raw("refs", json_list(where.refs, json_string))
        .done();
}

class Sarif : public Writer {
  public:
    explicit Sarif(Options options) : options_(std::move(options)) {}

    void begin(std::string& out) override {
        out += "{\"$schema\":" + json_string(schema) +
               ",\n\"version\":\"2.1.0\",\n\"runs\":[{\"results\":[";
    }

    void add(std::span<const Finding> findings, std::string& out) override {
        for (std::size_t i = 0; i < findings.size(); ++i) {
            out += first_ ? "\n" : ",\n";
            first_ = false;
            out += result(findings, i);
        }
    }

    void end(const Summary& summary, std::string& out) override {
        JsonObject driver;
        driver.text("name", "stanch")
            .text("version", options_.version)
            .text("semanticVersion", options_.version);
        driver.text("informationUri", home)
            .raw("rules", json_list(rules_, [](const std::string& rule) { return rule; }));
        out += "],\n\"columnKind\":\"unicodeCodePoints\",\n\"invocations\":[" +
               invocation(summary) + "],\n\"tool\":{\"driver\":";
        out += driver.done() + "}}]}\n";
    }

  private:
    std::string result(std::span<const Finding> findings, std::size_t index) {
        const Finding& finding = findings[index];
        JsonObject object;
        object.text("ruleId", finding.rule).number("ruleIndex", rule_index(finding));
        object.text("level", level_of(finding.confidence));
        object.raw("message", JsonObject().text("text", message(finding)).done());
        object.raw("locations", location(findings, index, options_.reveal));
        object.raw("partialFingerprints",
                   JsonObject().text("stanch/v1", finding.fingerprint.hex()).done());
        object.raw("rank", json_decimal(100 * finding.probability));
        return object.raw("properties", properties(finding, options_.reveal)).done();
    }

    [[nodiscard]] std::string message(const Finding& finding) const {
        std::string text = finding.description.empty() ? finding.rule : finding.description;
        text += " (" + shown_secret(finding, options_.reveal) + ")";
        if (!finding.why.empty()) text += ": " + finding.why;
        return text;
    }

    std::size_t rule_index(const Finding& finding) {
        const auto [at, is_new] = indexes_.try_emplace(finding.rule, rules_.size());
        if (!is_new) return at->second;
        const std::string text = finding.description.empty() ? finding.rule : finding.description;
        JsonObject rule;
        rule.text("id", finding.rule)
            .raw("shortDescription", JsonObject().text("text", text).done());
        const std::string next =
            finding.next.empty() ? "Revoke it where it was issued." : finding.next;
        rule.raw("help", JsonObject().text("text", next).done());
        rules_.push_back(rule.done());
        return at->second;
    }

    static std::string invocation(const Summary& summary) {
        const auto notification = [](const Missed& missed) {
            const std::string place =
                JsonObject()
                    .raw("artifactLocation", JsonObject().text("uri", uri_of(missed.path)).done())
                    .done();
            JsonObject object;
            object.text("level", "error")
                .raw("message", JsonObject().text("text", missed.why).done());
            return object
                .raw("locations", "[" + JsonObject().raw("physicalLocation", place).done() + "]")
                .done();
        };
        JsonObject object;
        object.truth("executionSuccessful", summary.missed == 0);
        return object.raw("toolExecutionNotifications", json_list(summary.misses, notification))
            .done();
    }

    Options options_;
    bool first_ = true;
    std::map<std::string, std::size_t> indexes_;
    std::vector<std::string> rules_;
};

} // namespace

std::unique_ptr<Writer> sarif_writer(const Options& options) {
    return std::make_unique<Sarif>(options);
}

} // namespace stanch::report
