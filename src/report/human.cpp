// For a terminal: findings in the order of their files, each with its line, why it was judged a
// secret, and what to do.
#include "report/redact.h"
#include "report/writers.h"

#include <array>
#include <cstdio>

namespace stanch::report {
namespace {

constexpr std::size_t widest = 160; // bytes of a line that are shown

struct Style {
    std::string_view code;
};
constexpr Style bold{"1"};
constexpr Style dim{"2"};
constexpr Style red{"1;31"};
constexpr Style yellow{"1;33"};
constexpr Style cyan{"1;36"};

Style style_of(Confidence confidence) {
    if (confidence == Confidence::high) return red;
    return confidence == Confidence::medium ? yellow : cyan;
}

// A window of the line around the secret.
Shown window(Shown shown) {
    const std::size_t newline = shown.text.find("\\n");
    if (newline != std::string::npos && newline > shown.begin) {
        shown.text.resize(newline);
        shown.text += " …";
    }
    if (shown.begin > widest / 2) {
        const std::size_t cut = shown.begin - widest / 4;
        shown.text.replace(0, cut, "…");
        shown.begin = shown.begin - cut + std::string_view("…").size();
    }
    // Indentation says nothing here.
    const std::size_t indent = std::min(shown.text.find_first_not_of(' '), shown.begin);
    shown.text.erase(0, indent);
    shown.begin -= indent;
    if (shown.text.size() > widest && shown.begin + shown.size <= widest) {
        shown.text.resize(widest);
        shown.text += "…";
    }
    return shown;
}

// Columns on the screen: continuation bytes take none.
std::size_t columns(std::string_view text) {
    std::size_t count = 0;
    for (const char c : text)
        count += (static_cast<unsigned char>(c) & 0xC0) == 0x80 ? 0 : 1;
    return count;
}

class Human : public Writer {
  public:
    explicit Human(Options options) : options_(std::move(options)) {}

    void add(std::span<const Finding> findings, std::string& out) override {
        for (std::size_t i = 0; i < findings.size(); ++i)
            one(findings, i, out);
    }

    void end(const Summary& summary, std::string& out) override {
        if (summary.findings != 0)
            out += "To keep one on purpose: 'stanch allow ID --reason TEXT', or a comment "
                   "'stanch:allow TEXT' on its line.\n";
        out += styled(summary_line(summary), bold) + "\n";
        const std::string left = left_out(summary);
        if (!left.empty()) out += left + "\n";
    }

  private:
    [[nodiscard]] std::string styled(std::string_view text, Style style) const {
        if (!options_.colour) return std::string(text);
        return "\x1b[" + std::string(style.code) + "m" + std::string(text) + "\x1b[0m";
    }

    static std::string place(const Finding& finding) {
        std::string text = printable(finding.path);
        if (finding.span.line == 0) return text;
        return text + ":" + std::to_string(finding.span.line) + ":" +
               std::to_string(finding.span.column);
    }

    void one(std::span<const Finding> findings, std::size_t index, std::string& out) const {
        const Finding& finding = findings[index];
        out += styled(place(finding), bold) + "  " + printable(finding.rule) + "  " +
               styled(to_string(finding.confidence), style_of(finding.confidence)) + "\n";
        if (!finding.line.empty()) line(findings, index, out);
        field("what", finding.description, out);
        field("why", finding.why, out);
        if (finding.provenance) field("from", origin(*finding.provenance), out);
        if (finding.provenance) field("in", holders(*finding.provenance), out);
        field("next",
              finding.next.empty() ? "revoke it where it was issued, then take it out of the code"
                                   : finding.next,
              out);
        field("id", finding.fingerprint.hex(), out);
        out += '\n';
    }

    void line(std::span<const Finding> findings, std::size_t index, std::string& out) const {
        const Shown shown = window(shown_line(findings, index, options_.reveal));
        out += "    " + shown.text + "\n";
        if (shown.size == 0) return;
        const std::size_t width =
            columns(std::string_view(shown.text).substr(shown.begin, shown.size));
        out +=
            "    " +
            std::string(columns(std::string_view(shown.text).substr(0, shown.begin)), ' ') +
            styled(std::string(width == 0 ? 1 : width, '^'), style_of(findings[index].confidence)) +
            "\n";
    }

    void field(std::string_view name, std::string_view value, std::string& out) const {
        if (value.empty()) return;
        out += "    " + styled(std::string(name) + std::string(6 - name.size(), ' '), dim) +
               printable(value) + "\n";
    }

    static std::string origin(const Provenance& where) {
        std::string text =
            where.commit.empty() ? where.note : "commit " + where.commit.substr(0, 12);
        if (!where.author.empty()) text += " by " + where.author;
        if (!where.date.empty()) text += " on " + where.date;
        if (!where.commit.empty() && !where.note.empty()) text += " (" + where.note + ")";
        if (where.commit.empty() && where.object.empty()) return text; // not out of a repository
        return text + (where.in_head ? ", still in HEAD" : ", not in HEAD any more");
    }

    // The branches and tags whose history has it.
    static std::string holders(const Provenance& where) {
        constexpr std::size_t most = 4;
        std::string text;
        for (std::size_t i = 0; i < std::min(most, where.refs.size()); ++i)
            text += (i == 0 ? "" : ", ") + where.refs[i];
        const std::size_t all = where.refs.size() + where.more_refs;
        return all <= most ? text : text + " and " + std::to_string(all - most) + " more";
    }

    static std::string seconds_text(double seconds) {
        std::array<char, 32> text{};
        (void)std::snprintf(text.data(), text.size(), seconds < 10 ? "%.2f s" : "%.0f s", seconds);
        return text.data();
    }

    static std::string summary_line(const Summary& summary) {
        std::string text =
            summary.findings == 0 ? "no secret found" : counted(summary.findings, "finding");
        if (summary.findings != 0) {
            std::string by;
            const auto part = [&](std::uint64_t n, const char* name) {
                if (n != 0) by += (by.empty() ? "" : ", ") + number_text(n) + " " + name;
            };
            part(summary.high, "high");
            part(summary.medium, "medium");
            part(summary.low, "low");
            text += " (" + by + ") in " + counted(summary.paths, "file");
        }
        return text + "; looked at " + counted(summary.contents, "file") + ", " +
               bytes_text(summary.bytes) + " in " + seconds_text(summary.seconds);
    }

    static std::string left_out(const Summary& summary) {
        std::string text;
        const auto part = [&](std::uint64_t n, const std::string& what) {
            if (n != 0) text += (text.empty() ? "" : "; ") + number_text(n) + " " + what;
        };
        part(summary.missed, "could not be looked at");
        part(summary.skipped, "left out by design (--verbose names them)");
        part(summary.allowed, "allowed by comments");
        part(summary.ignored, "ignored by list");
        part(summary.baseline, "known in the baseline");
        return text;
    }

    Options options_;
};

} // namespace

std::unique_ptr<Writer> human_writer(const Options& options) {
    return std::make_unique<Human>(options);
}

} // namespace stanch::report
