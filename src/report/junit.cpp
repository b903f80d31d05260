// JUnit XML, as CI servers read it: a finding is a failed test case. The first line counts them, so
// that the text is held until the end.
#include "report/json.h"
#include "report/redact.h"
#include "report/writers.h"

namespace stanch::report {
namespace {

// XML 1.0 has no way to write most control characters.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : valid_utf8(text)) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\n':
            out += "&#10;";
            break;
        case '\t':
            out += "&#9;";
            break;
        default:
            out += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
        }
    }
    return out;
}

std::string attribute(std::string_view name, std::string_view value) {
    return " " + std::string(name) + "=\"" + escaped(value) + "\"";
}

class Junit : public Writer {
  public:
    explicit Junit(Options options) : options_(std::move(options)) {}

    void add(std::span<const Finding> findings, std::string& /*out*/) override {
        for (std::size_t i = 0; i < findings.size(); ++i)
            cases_ += test_case(findings, i);
    }

    void end(const Summary& summary, std::string& out) override {
        for (const Missed& missed : summary.misses)
            cases_ += "    <testcase" + attribute("classname", "stanch") +
                      attribute("name", missed.path) + ">\n      <error" +
                      attribute("type", "incomplete") + attribute("message", missed.why) +
                      "/>\n    </testcase>\n";
        const std::string counts =
            attribute("tests", std::to_string(summary.findings + summary.misses.size())) +
            attribute("failures", std::to_string(summary.findings)) +
            attribute("errors", std::to_string(summary.misses.size())) +
            attribute("time", json_decimal(summary.seconds));
        out += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" +
               attribute("name", "stanch") + counts + ">\n";
        out += "  <testsuite" + attribute("name", "stanch") + counts + ">\n" + cases_ +
               "  </testsuite>\n</testsuites>\n";
    }

  private:
    [[nodiscard]] std::string test_case(std::span<const Finding> findings,
                                        std::size_t index) const {
        const Finding& finding = findings[index];
        const std::string place = finding.path + ":" + std::to_string(finding.span.line) + ":" +
                                  std::to_string(finding.span.column);
        std::string text =
            "    <testcase" + attribute("classname", finding.rule) + attribute("name", place);
        text += attribute("file", finding.path) +
                attribute("line", std::to_string(finding.span.line)) + ">\n";
        text += "      <failure" + attribute("type", to_string(finding.confidence));
        text += attribute("message",
                          (finding.description.empty() ? finding.rule : finding.description) +
                              ": " + finding.why) +
                ">";
        text += escaped(place + ": " + shown_secret(finding, options_.reveal) + " (" +
                        finding.fingerprint.hex() + ")");
        return text + "</failure>\n    </testcase>\n";
    }

    Options options_;
    std::string cases_;
};

} // namespace

std::unique_ptr<Writer> junit_writer(const Options& options) {
    return std::make_unique<Junit>(options);
}

} // namespace stanch::report
