// The JSON report of gitleaks v8: its fields, in its order, written as Go's encoding/json writes
// them (an indent of one space, '<', '>' and '&' escaped). Secrets are redacted unless --reveal is
// given.
#include "report/json.h"
#include "report/redact.h"
#include "report/writers.h"

#include <array>
#include <charconv>

namespace stanch::report {
namespace {

std::string go_string(std::string_view bytes) {
    std::string out;
    const std::string json = json_string(bytes);
    for (std::size_t i = 0; i < json.size(); ++i) {
        const std::string_view rest = std::string_view(json).substr(i);
        if (json[i] == '<')
            out += "\\u003c";
        else if (json[i] == '>')
            out += "\\u003e";
        else if (json[i] == '&')
            out += "\\u0026";
        else if (rest.starts_with("\xE2\x80\xA8"))
            out += "\\u2028";
        else if (rest.starts_with("\xE2\x80\xA9"))
            out += "\\u2029";
        else
            out += json[i];
        if (rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9")) i += 2;
    }
    return out;
}

// The shortest decimal that reads back as the same float32.
std::string go_float(double value) {
    std::array<char, 64> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(),
                                   static_cast<float>(value), std::chars_format::fixed);
    return {text.data(), end.ptr};
}

class GitleaksObject {
  public:
    void text(std::string_view key, std::string_view value) { raw(key, go_string(value)); }
    void raw(std::string_view key, std::string_view value) {
        members_ += members_.empty() ? "\n" : ",\n";
        members_.append("  \"").append(key).append("\": ").append(value);
    }
    [[nodiscard]] std::string done() const { return " {" + members_ + "\n }"; }

  private:
    std::string members_;
};

std::string tags(const Finding& finding) {
    std::vector<std::string> all = finding.tags;
    for (const std::string& decoder : finding.decoded_by)
        all.push_back("decoded:" + decoder);
    if (!finding.decoded_by.empty())
        all.push_back("decode-depth:" + std::to_string(finding.decoded_by.size()));
    if (all.empty()) return "[]";
    std::string text;
    for (const std::string& tag : all)
        text += (text.empty() ? "\n   " : ",\n   ") + go_string(tag);
    return "[" + text + "\n  ]";
}

// Columns of a file's later lines count the newline before them as one, those of its first line do
// not.
std::size_t column(const Finding& finding, std::size_t line, std::size_t column_in_line) {
    return column_in_line + (line > 1 && !finding.provenance ? 1 : 0);
}

class Gitleaks : public Writer {
  public:
    explicit Gitleaks(Options options) : options_(std::move(options)) {}

    void begin(std::string& out) override { out += '['; }
    void add(std::span<const Finding> findings, std::string& out) override {
        for (std::size_t i = 0; i < findings.size(); ++i) {
            out += first_ ? "\n" : ",\n";
            first_ = false;
            out += one(findings, i);
        }
    }
    void end(const Summary& /*summary*/, std::string& out) override {
        out += first_ ? "]\n" : "\n]\n";
    }

  private:
    [[nodiscard]] std::string one(std::span<const Finding> findings, std::size_t index) const {
        const Finding& finding = findings[index];
        const Span& span = finding.match_span;
        const Provenance none;
        const Provenance& where = finding.provenance ? *finding.provenance : none;
        GitleaksObject object;
        object.text("RuleID", finding.rule);
        object.text("Description", finding.description);
        object.raw("StartLine", std::to_string(span.line));
        object.raw("EndLine", std::to_string(span.end_line));
        object.raw("StartColumn", std::to_string(column(finding, span.line, span.column)));
        object.raw("EndColumn", std::to_string(column(finding, span.end_line, span.end_column)));
        object.text("Match", finding.match.empty() ? "file detected: " + finding.path
                                                   : shown_match(findings, index, options_.reveal));
        object.text("Secret", finding.secret.empty() ? "" : shown_secret(finding, options_.reveal));
        object.text("File", finding.path);
        object.text("SymlinkFile", "");
        object.text("Commit", where.commit);
        object.raw("Entropy", go_float(finding.entropy));
        object.text("Author", where.author);
        object.text("Email", where.email);
        object.text("Date", where.date);
        object.text("Message", where.message);
        object.raw("Tags", tags(finding));
        object.text("Fingerprint", (where.commit.empty() ? "" : where.commit + ":") + finding.path +
                                       ":" + finding.rule + ":" + std::to_string(span.line));
        return object.done();
    }

    Options options_;
    bool first_ = true;
};

} // namespace

std::unique_ptr<Writer> gitleaks_writer(const Options& options) {
    return std::make_unique<Gitleaks>(options);
}

} // namespace stanch::report
