// For a refused commit or push: what, where and the two ways on, on one screen.
#include "report/redact.h"
#include "report/writers.h"

namespace stanch::report {
namespace {

class Brief : public Writer {
  public:
    explicit Brief(const Options& options) : most_(options.most), reveal_(options.reveal) {}

    void add(std::span<const Finding> findings, std::string& out) override {
        for (const Finding& finding : findings) {
            if (most_ != 0 && shown_ == most_) return;
            ++shown_;
            out += place(finding) + ": " + finding.rule + " " + shown_secret(finding, reveal_) +
                   "\n    " + printable(finding.why) + "\n    stanch allow " +
                   finding.fingerprint.hex() + " --reason '…'\n";
        }
    }

    void end(const Summary& summary, std::string& out) override {
        if (summary.findings > shown_)
            out += "… and " + number_text(summary.findings - shown_) + " more\n";
    }

  private:
    static std::string place(const Finding& finding) {
        std::string text = printable(finding.path);
        if (finding.span.line > 0)
            text +=
                ":" + std::to_string(finding.span.line) + ":" + std::to_string(finding.span.column);
        if (finding.provenance && !finding.provenance->commit.empty())
            text += " (commit " + finding.provenance->commit.substr(0, 10) + ")";
        return text;
    }

    std::uint64_t most_;
    bool reveal_;
    std::uint64_t shown_ = 0;
};

} // namespace

std::unique_ptr<Writer> brief_writer(const Options& options) {
    return std::make_unique<Brief>(options);
}

} // namespace stanch::report
