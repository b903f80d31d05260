// What Bitbucket's Code Insights takes: a line for each annotation, and the report as the last line
// (developer.atlassian.com/cloud/bitbucket/rest/api-group-reports: at most 1,000 annotations a
// report, 450 characters of summary, 2,000 of details).
#include "report/json.h"
#include "report/redact.h"
#include "report/writers.h"

namespace stanch::report {
namespace {

constexpr std::uint64_t most_annotations = 1000;
constexpr std::size_t longest_summary = 450;
constexpr std::size_t longest_details = 2000;

// Bytes are at least as many as characters.
std::string limited(std::string text, std::size_t most) {
    if (text.size() <= most) return text;
    std::size_t end = most - 3;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    text.resize(end);
    return text + "…";
}

std::string_view severity_of(Confidence confidence) {
    if (confidence == Confidence::high) return "CRITICAL";
    return confidence == Confidence::medium ? "HIGH" : "MEDIUM";
}

class Insights : public Writer {
  public:
    explicit Insights(const Options& options) : reveal_(options.reveal) {}

    void add(std::span<const Finding> findings, std::string& out) override {
        for (const Finding& finding : findings)
            if (shown_ < most_annotations) out += annotation(finding) + "\n";
    }

    void end(const Summary& summary, std::string& out) override {
        const bool passed = summary.findings == 0 && summary.missed == 0;
        JsonObject report;
        report.text("title", "stanch: credentials")
            .text("report_type", "SECURITY")
            .text("reporter", "stanch")
            .text("result", passed ? "PASSED" : "FAILED")
            .text("details", limited(details(summary), longest_details))
            .raw("data", "[" + number("Credentials", summary.findings) + "," +
                             number("Not looked at", summary.missed) + "]");
        out += report.done() + "\n";
    }

  private:
    std::string annotation(const Finding& finding) {
        JsonObject object;
        // Within a report each has an id of its own, the same in every run.
        object.text("external_id", finding.fingerprint.hex() + "-" + std::to_string(++shown_))
            .text("annotation_type", "VULNERABILITY")
            .text("severity", severity_of(finding.confidence))
            .text("result", "FAILED")
            .text("summary", limited(finding.description + " " + shown_secret(finding, reveal_),
                                     longest_summary))
            .text("details",
                  limited(finding.why + ". " + finding.next + "\nNo leak? stanch allow " +
                              finding.fingerprint.hex() + " --reason '…'",
                          longest_details))
            .text("path", finding.path);
        if (finding.span.line > 0) object.number("line", finding.span.line);
        return object.done();
    }

    static std::string number(std::string_view title, std::uint64_t value) {
        JsonObject object;
        return object.text("title", title).text("type", "NUMBER").number("value", value).done();
    }

    static std::string details(const Summary& summary) {
        std::string text = summary.findings == 0 ? "No credential was found in "
                                                 : counted(summary.findings, "credential") + " in ";
        text += counted(summary.contents, "file") + " that were looked at.";
        if (summary.findings > most_annotations)
            text += " The first " + number_text(most_annotations) + " are annotated.";
        for (const Missed& missed : summary.misses)
            text += "\nCould not look at " + missed.path + ": " + missed.why + ".";
        return text;
    }

    bool reveal_;
    std::uint64_t shown_ = 0;
};

} // namespace

std::unique_ptr<Writer> bitbucket_writer(const Options& options) {
    return std::make_unique<Insights>(options);
}

} // namespace stanch::report
