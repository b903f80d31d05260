// GitLab's secret detection report, version 15.2.2 of its schema
// (gitlab.com/gitlab-org/security-products/security-report-schemas,
// dist/secret-detection-report-format.json).
#include "report/json.h"
#include "report/redact.h"
#include "report/writers.h"

#include <array>
#include <ctime>

namespace stanch::report {
namespace {

constexpr std::string_view schema_version = "15.2.2";

std::string time_text(std::chrono::system_clock::time_point when) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(when);
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    std::array<char, 32> text{};
    (void)std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
    return text.data();
}

std::string_view severity_of(Confidence confidence) {
    switch (confidence) {
    case Confidence::high:
        return "Critical";
    case Confidence::medium:
        return "High";
    case Confidence::low:
        break;
    }
    return "Medium";
}

// An id that is the same in the next report: of the finding and where it stands.
std::string id_of(const Finding& finding) {
    const std::string place = finding.path + ":" + std::to_string(finding.span.line) + ":" +
                              std::to_string(finding.span.column) +
                              (finding.provenance ? ":" + finding.provenance->object : "");
    const std::string hex =
        Fingerprint::of(finding.rule, Secret(finding.fingerprint.hex()), place).hex();
    return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
           hex.substr(16, 4) + "-" + hex.substr(20);
}

std::string location(const Finding& finding) {
    JsonObject commit;
    // GitLab asks for a commit; its own analyser writes this one where there is none.
    commit.text("sha", finding.provenance && !finding.provenance->commit.empty()
                           ? finding.provenance->commit
                           : "0000000");
    if (finding.provenance) {
        commit.text("author", finding.provenance->author).text("date", finding.provenance->date);
        commit.text("message", finding.provenance->message);
    }
    JsonObject object;
    object.text("file", finding.path).raw("commit", commit.done());
    if (finding.span.line != 0)
        object.number("start_line", finding.span.line).number("end_line", finding.span.end_line);
    return object.done();
}

class Gitlab : public Writer {
  public:
    explicit Gitlab(Options options) : options_(std::move(options)) {}

    void begin(std::string& out) override {
        out += "{\"version\":" + json_string(schema_version) + ",\n\"vulnerabilities\":[";
    }

    void add(std::span<const Finding> findings, std::string& out) override {
        for (std::size_t i = 0; i < findings.size(); ++i) {
            out += first_ ? "\n" : ",\n";
            first_ = false;
            out += one(findings, i);
        }
    }

    void end(const Summary& summary, std::string& out) override {
        JsonObject tool;
        tool.text("id", "stanch").text("name", "stanch").text("version", options_.version);
        tool.raw("vendor", JsonObject().text("name", "stanch").done());
        const auto message = [](const Missed& missed) {
            return JsonObject()
                .text("level", "warn")
                .text("value", missed.path + ": " + missed.why)
                .done();
        };
        const auto ended =
            options_.started +
            std::chrono::milliseconds(static_cast<std::int64_t>(1000 * summary.seconds));
        JsonObject scan;
        scan.raw("analyzer", tool.done())
            .raw("scanner", tool.done())
            .text("type", "secret_detection");
        scan.text("start_time", time_text(options_.started)).text("end_time", time_text(ended));
        scan.raw("messages", json_list(summary.misses, message)).text("status", "success");
        out += "],\n\"scan\":" + scan.done() + "}\n";
    }

  private:
    [[nodiscard]] std::string one(std::span<const Finding> findings, std::size_t index) const {
        const Finding& finding = findings[index];
        const std::string name = finding.description.empty() ? finding.rule : finding.description;
        JsonObject identifier;
        identifier.text("type", "stanch_rule_id")
            .text("name", "stanch rule " + finding.rule)
            .text("value", finding.rule);
        JsonObject object;
        object.text("id", id_of(finding)).text("name", name.substr(0, 255));
        object.text("description", finding.why.empty() ? name : name + ": " + finding.why);
        object.text("severity", severity_of(finding.confidence));
        object.text("solution",
                    finding.next.empty() ? "Revoke it where it was issued." : finding.next);
        object.raw("identifiers", "[" + identifier.done() + "]").raw("location", location(finding));
        object.text("raw_source_code_extract", shown_match(findings, index, options_.reveal));
        return object.done();
    }

    Options options_;
    bool first_ = true;
};

} // namespace

std::unique_ptr<Writer> gitlab_writer(const Options& options) {
    return std::make_unique<Gitlab>(options);
}

} // namespace stanch::report
