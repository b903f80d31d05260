// What GitHub shows of a job: annotations on the changed lines (workflow commands), and a summary
// page in Markdown. docs.github.com/actions/reference/workflows-and-actions/workflow-commands.
#include "report/redact.h"
#include "report/writers.h"

namespace stanch::report {
namespace {

// In a command's message, and more of it in a property.
std::string escaped(std::string_view text, bool property) {
    std::string out;
    for (const char c : text) {
        if (c == '%')
            out += "%25";
        else if (c == '\r')
            out += "%0D";
        else if (c == '\n')
            out += "%0A";
        else if (property && c == ':')
            out += "%3A";
        else if (property && c == ',')
            out += "%2C";
        else
            out += c;
    }
    return out;
}

std::string property(std::string_view name, const std::string& value) {
    return std::string(name) + "=" + escaped(value, true);
}

std::string allow_command(const Finding& finding) {
    return "stanch allow " + finding.fingerprint.hex() + " --reason '…'";
}

class Annotations : public Writer {
  public:
    explicit Annotations(const Options& options) : reveal_(options.reveal) {}

    void add(std::span<const Finding> findings, std::string& out) override {
        for (const Finding& finding : findings) {
            out += finding.confidence == Confidence::low ? "::warning " : "::error ";
            out += property("file", finding.path);
            if (finding.span.line > 0) {
                out += "," + property("line", std::to_string(finding.span.line));
                out += "," + property("endLine", std::to_string(finding.span.end_line));
                out += "," + property("col", std::to_string(finding.span.column));
            }
            out += "," + property("title", "stanch: " + finding.rule);
            const std::string message = finding.description + " " + shown_secret(finding, reveal_) +
                                        ": " + finding.why + "\n" + finding.next + "\nNo leak? " +
                                        allow_command(finding);
            out += "::" + escaped(printable_lines(message), false) + "\n";
        }
    }

    void end(const Summary& summary, std::string& out) override {
        for (const Missed& missed : summary.misses)
            out += "::error " + property("title", "stanch: incomplete") +
                   "::" + escaped(printable(missed.path) + ": " + missed.why, false) + "\n";
    }

  private:
    static std::string printable_lines(const std::string& text) {
        std::string out;
        for (std::size_t at = 0; at <= text.size();) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            out += (at == 0 ? "" : "\n") + printable(std::string_view(text).substr(at, end - at));
            at = end + 1;
        }
        return out;
    }

    bool reveal_;
};

// A cell of a table: one line, no markup of the path's own.
std::string cell(std::string_view text) {
    std::string out;
    for (const char c : printable(text)) {
        if (std::string_view("|`<>&*_[]\\").find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

class Markdown : public Writer {
  public:
    explicit Markdown(const Options& options) : reveal_(options.reveal) {}

    void add(std::span<const Finding> findings, std::string& /*out*/) override {
        for (const Finding& finding : findings)
            rows_ += "| " + cell(finding.path) + ":" + std::to_string(finding.span.line) + " | " +
                     cell(finding.rule) + " | " + cell(shown_secret(finding, reveal_)) + " | " +
                     std::string(to_string(finding.confidence)) + " | " + cell(finding.why) +
                     " | `" + finding.fingerprint.short_hex() + "` |\n";
    }

    void end(const Summary& summary, std::string& out) override {
        out += "### stanch: " +
               (summary.findings == 0 ? "no credential found"
                                      : counted(summary.findings, "credential")) +
               "\n\n";
        if (!rows_.empty())
            out += "| where | rule | secret | sure | why | fingerprint "
                   "|\n|---|---|---|---|---|---|\n" +
                   rows_ + "\n";
        if (summary.findings > 0)
            out +=
                "Rotate what was pushed: removing it from the code does not make it secret again. "
                "No leak? `stanch allow FINGERPRINT --reason '…'`\n\n";
        for (const Missed& missed : summary.misses)
            out += "- **not looked at**: " + cell(missed.path) + ": " + cell(missed.why) + "\n";
        out +=
            "\n" + counted(summary.contents, "content") + ", " + bytes_text(summary.bytes) + "\n";
    }

  private:
    bool reveal_;
    std::string rows_;
};

} // namespace

std::unique_ptr<Writer> github_writer(const Options& options) {
    return std::make_unique<Annotations>(options);
}
std::unique_ptr<Writer> markdown_writer(const Options& options) {
    return std::make_unique<Markdown>(options);
}

} // namespace stanch::report
