// For a refused commit or push: what, where and the two ways on, on one screen.
#include "report/redact.h"
#include "report/writers.h"

#include <algorithm>

namespace stanch::report {
namespace {

// A screen is 80 columns wide, and a server's lines arrive behind "remote: ".
constexpr std::size_t width = 72;

std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::size_t rows(std::string_view line) {
    return std::max<std::size_t>(1, (columns(line) + width - 1) / width);
}

// The beginning, cut between words where it can be.
std::string shortened(const std::string& text, std::size_t most) {
    if (columns(text) <= most) return text;
    std::size_t end = 0;
    for (std::size_t seen = 0; end < text.size(); ++end)
        if ((static_cast<unsigned char>(text[end]) & 0xC0) != 0x80 && ++seen == most) break;
    const std::size_t blank = text.rfind(' ', end);
    return text.substr(0, blank == std::string::npos || blank < end / 2 ? end : blank) + "…";
}

// The end of a path says more than its beginning.
std::string end_of_path(const std::string& path) {
    constexpr std::size_t most = 2 * width - 40;
    if (path.size() <= most) return path;
    const std::size_t slash = path.find('/', path.size() - most);
    std::size_t begin = slash == std::string::npos ? path.size() - most : slash;
    while (begin < path.size() && (static_cast<unsigned char>(path[begin]) & 0xC0) == 0x80)
        ++begin;
    return "…" + path.substr(begin);
}

class Brief : public Writer {
  public:
    explicit Brief(const Options& options) : rows_(options.rows), reveal_(options.reveal) {}

    void add(std::span<const Finding> findings, std::string& out) override {
        for (const Finding& finding : findings) {
            const std::string what =
                place(finding) + ": " + finding.rule + " " + shown_secret(finding, reveal_);
            const std::size_t needed = rows(what) + 2;
            // Later ones that would fit are not shown either: the first ones are, in order.
            full_ = full_ || (rows_ != 0 && shown_ != 0 && used_ + needed > rows_);
            if (full_) return;
            ++shown_;
            used_ += needed;
            out += what + "\n    " + shortened(printable(finding.why), width - 4) +
                   "\n    stanch allow " + finding.fingerprint.hex() + " --reason '…'\n";
        }
    }

    void end(const Summary& summary, std::string& out) override {
        if (summary.findings > shown_)
            out += "… and " + number_text(summary.findings - shown_) + " more\n";
    }

  private:
    static std::string place(const Finding& finding) {
        std::string text = end_of_path(printable(finding.path));
        if (finding.span.line > 0)
            text +=
                ":" + std::to_string(finding.span.line) + ":" + std::to_string(finding.span.column);
        if (finding.provenance && !finding.provenance->commit.empty())
            text += " (commit " + finding.provenance->commit.substr(0, 10) + ")";
        return text;
    }

    std::uint64_t rows_;
    bool reveal_;
    std::uint64_t shown_ = 0;
    std::uint64_t used_ = 0;
    bool full_ = false;
};

} // namespace

std::unique_ptr<Writer> brief_writer(const Options& options) {
    return std::make_unique<Brief>(options);
}

} // namespace stanch::report
