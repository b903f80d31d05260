// Comma-separated values (RFC 4180): the keys of a JSON line as columns.
#include "report/json.h"
#include "report/writers.h"

namespace stanch::report {
namespace {

std::string field(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) return valid_utf8(text);
    std::string out = "\"";
    for (const char c : valid_utf8(text))
        out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

std::string row(std::initializer_list<std::string> fields) {
    std::string out;
    for (const std::string& text : fields)
        out += (out.empty() ? "" : ",") + field(text);
    return out + "\r\n";
}

std::string spaced(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

class Csv : public Writer {
  public:
    explicit Csv(const Options& options) : reveal_(options.reveal) {}

    void begin(std::string& out) override {
        out += row({"path",        "line",     "column",     "end_line",    "end_column",
                    "rule",        "provider", "confidence", "probability", "why",
                    "fingerprint", "secret",   "decoded_by", "commit",      "author",
                    "date",        "in_head",  "object",     "message",     "refs"});
    }
    void add(std::span<const Finding> findings, std::string& out) override {
        for (const Finding& finding : findings)
            out += one(finding);
    }
    void end(const Summary& /*summary*/, std::string& /*out*/) override {}

  private:
    [[nodiscard]] std::string one(const Finding& finding) const {
        const Provenance none;
        const Provenance& where = finding.provenance ? *finding.provenance : none;
        const std::string in_head = !finding.provenance ? "" : where.in_head ? "true" : "false";
        return row({finding.path,
                    std::to_string(finding.span.line),
                    std::to_string(finding.span.column),
                    std::to_string(finding.span.end_line),
                    std::to_string(finding.span.end_column),
                    finding.rule,
                    finding.provider,
                    std::string(to_string(finding.confidence)),
                    json_decimal(finding.probability),
                    finding.why,
                    finding.fingerprint.hex(),
                    shown_secret(finding, reveal_),
                    spaced(finding.decoded_by),
                    where.commit,
                    where.author,
                    where.date,
                    in_head,
                    where.object,
                    where.message,
                    spaced(where.refs)});
    }

    bool reveal_;
};

} // namespace

std::unique_ptr<Writer> csv_writer(const Options& options) {
    return std::make_unique<Csv>(options);
}

} // namespace stanch::report
