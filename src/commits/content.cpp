#include "commits/plan.h"

namespace stanch::commits {
namespace {

// Appends old lines [first, last); a line that has no newline gets one where more text follows.
void append(std::string& out, std::string_view text) {
    if (text.empty()) return;
    if (!out.empty() && out.back() != '\n') out += '\n';
    out += text;
}

} // namespace

std::string content_with(const Change& change, const FileChange& file,
                         const std::vector<std::uint32_t>& hunks) {
    const Lines& old_side = file.old_side.content;
    std::string out;
    std::size_t next = 1; // the first old line that is not taken yet
    for (const std::uint32_t index : hunks) {
        const Hunk& hunk = change.hunks[index];
        if (hunk.whole_file()) continue;
        // Where nothing is removed, old_start is the line before.
        const std::size_t first =
            hunk.old_lines > 0 ? hunk.old_start : std::size_t{hunk.old_start} + 1;
        append(out, old_side.lines(next, first - next));
        append(out, change.added(hunk));
        next = first + hunk.old_lines;
    }
    append(out, old_side.lines(next, old_side.count() + 1 - next));
    return out;
}

} // namespace stanch::commits
