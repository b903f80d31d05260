// rooms: commits core text os syntax

// A change of two arbitrary texts with an arbitrary history: hunks cut into their line groups still
// sum up, and no past edit leads a reader astray.
#include "commits/line_groups.h"
#include "commits/plan.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace {

namespace commits = stanch::commits;

std::string_view take(std::string_view& rest) {
    const std::size_t end = std::min(rest.find('\0'), rest.size());
    const std::string_view text = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return text;
}

commits::Side side(std::string_view text) {
    commits::Side out;
    if (text.empty()) return out;
    out.mode = 0100644;
    out.content = commits::Lines(std::string(text));
    return out;
}

commits::Change change_of(std::string_view old_text, std::string_view new_text) {
    commits::Change change;
    commits::FileChange file;
    file.path = "a.py";
    file.old_side = side(old_text);
    file.new_side = side(new_text);
    const auto a = static_cast<std::uint32_t>(file.old_side.content.count());
    const auto b = static_cast<std::uint32_t>(file.new_side.content.count());
    change.hunks = {{0, a > 0 ? 1U : 0U, a, b > 0 ? 1U : 0U, b}};
    file.hunks = {0};
    change.files.push_back(file);
    return change;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    const std::string_view old_text = take(rest);
    const std::string_view new_text = take(rest);
    commits::History history;
    history.commits.push_back({std::string(40, 'a'), std::string(take(rest)), {"a.py"}});
    history.edits =
        std::string(40, 'a') + "\ndiff --git a/a.py b/a.py\n+++ b/a.py\n" + std::string(rest);
    const commits::Change change = change_of(old_text, new_text);
    const commits::CutChange cut = commits::cut_hunks(change, {true});
    const commits::FileChange& file = cut.change.files[0];
    if (commits::content_with(cut.change, file, file.hunks) != file.new_side.content.text() ||
        commits::content_with(cut.change, file, {}) != file.old_side.content.text())
        __builtin_trap();
    const commits::Separated parted = commits::untangle_lines(change, history);
    if (parted.partition.group.size() != parted.change.hunks.size()) __builtin_trap();
    return 0;
}
