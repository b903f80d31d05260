// Large contents, in overlapping pieces. A finding belongs to the piece in whose middle its
// beginning lies, so that each is told once and has half an overlap of context on either side.
#include "scan/look.h"

#include "text/lines.h"

#include <algorithm>
#include <cstring>

namespace stanch::scan {
namespace {

// What is kept of the present piece for the next one: both need context around the seam.
constexpr std::size_t kept = 2 * Content::overlap;

// Where a piece begins.
struct Start {
    std::uint64_t offset = 0;
    std::size_t line = 1;
    std::size_t column = 1;

    void pass(std::string_view passed) {
        offset += passed.size();
        line += text::count_newlines(passed);
        const std::size_t newline = passed.rfind('\n');
        column =
            newline == std::string_view::npos ? column + passed.size() : passed.size() - newline;
    }
};

// Of the findings from `first` on, only those that begin in [begin, end).
void keep_between(std::vector<Finding>& findings, std::size_t first, std::uint64_t begin,
                  std::uint64_t end) {
    const auto foreign = [&](const Finding& finding) {
        return finding.offset < begin || finding.offset >= end;
    };
    const auto from = findings.begin() + static_cast<std::ptrdiff_t>(first);
    findings.erase(std::remove_if(from, findings.end(), foreign), findings.end());
}

} // namespace

void Worker::State::piece(const Content& content, const Place& place, std::uint64_t begin,
                          std::uint64_t end, Outcome& outcome) {
    const std::size_t first = outcome.findings.size();
    hits.clear();
    match().find(content.bytes, 0, hits);
    match().confirm(content, hits, outcome.findings);
    look_for_known(content, first, outcome);
    keep_between(outcome.findings, first, begin, end);
    settle(place, content, first, outcome);
    outcome.counts.bytes += end - begin;
}

void Worker::State::pieces(const Place& place, std::span<char> buffer, std::size_t filled,
                           ByteStream& stream, Outcome& outcome) {
    const std::size_t first = outcome.findings.size();
    match().look_at_path(place.path, outcome.findings);
    settle(place, {}, first, outcome);
    ++outcome.counts.contents;
    Start start;
    for (std::uint64_t begin = 0;;) {
        const bool last = filled < buffer.size();
        const std::uint64_t end = start.offset + filled - (last ? 0 : Content::overlap);
        Content content;
        content.bytes = {buffer.data(), filled};
        content.path = place.path;
        content.offset = start.offset;
        content.line = start.line;
        content.column = start.column;
        piece(content, place, begin, end, outcome);
        if (last) return;
        begin = end;
        start.pass(content.bytes.substr(0, filled - kept));
        std::memmove(buffer.data(), buffer.data() + filled - kept, kept);
        const auto more = stream.read(buffer.subspan(kept));
        if (!more) return outcome.miss(more.error());
        filled = kept + *more;
    }
}

} // namespace stanch::scan
