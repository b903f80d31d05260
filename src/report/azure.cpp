// Issues on the summary of an Azure Pipelines run, with file and line (logging commands):
// learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands, "LogIssue".
#include "report/redact.h"
#include "report/writers.h"

namespace stanch::report {
namespace {

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '%')
            out += "%AZP25";
        else if (c == '\r')
            out += "%0D";
        else if (c == '\n')
            out += "%0A";
        else if (c == ';')
            out += "%3B";
        else if (c == ']')
            out += "%5D";
        else
            out += c;
    }
    return out;
}

class Issues : public Writer {
  public:
    explicit Issues(const Options& options) : reveal_(options.reveal) {}

    void add(std::span<const Finding> findings, std::string& out) override {
        for (const Finding& finding : findings) {
            out += "##vso[task.logissue type=";
            out += finding.confidence == Confidence::low ? "warning" : "error";
            out += ";sourcepath=" + escaped(finding.path);
            if (finding.span.line > 0)
                out += ";linenumber=" + std::to_string(finding.span.line) +
                       ";columnnumber=" + std::to_string(finding.span.column);
            out += ";code=" + escaped(finding.rule) + "]";
            out += escaped(printable(finding.description + " " + shown_secret(finding, reveal_) +
                                     ": " + finding.why + ". No leak? stanch allow " +
                                     finding.fingerprint.hex() + " --reason '…'")) +
                   "\n";
        }
    }

    void end(const Summary& summary, std::string& out) override {
        for (const Missed& missed : summary.misses)
            out +=
                "##vso[task.logissue type=error]" +
                escaped("stanch could not look at " + printable(missed.path) + ": " + missed.why) +
                "\n";
    }

  private:
    bool reveal_;
};

} // namespace

std::unique_ptr<Writer> azure_writer(const Options& options) {
    return std::make_unique<Issues>(options);
}

} // namespace stanch::report
