#include "commits/change.h"

#include <algorithm>

namespace stanch::commits {

Lines::Lines(std::string text) : text_(std::move(text)) {
    for (std::size_t at = 0; at < text_.size();) {
        starts_.push_back(at);
        const std::size_t newline = text_.find('\n', at);
        if (newline == std::string::npos) break;
        at = newline + 1;
    }
}

std::string_view Lines::line(std::size_t number) const {
    return lines(number, 1);
}

std::string_view Lines::lines(std::size_t first, std::size_t count) const {
    if (count == 0 || first == 0 || first > starts_.size()) return {};
    const std::size_t begin = starts_[first - 1];
    const std::size_t last = first - 1 + count;
    const std::size_t end = last < starts_.size() ? starts_[last] : text_.size();
    return std::string_view(text_).substr(begin, end - begin);
}

std::string_view Change::removed(const Hunk& hunk) const {
    return files[hunk.file].old_side.content.lines(hunk.old_start, hunk.old_lines);
}

std::string_view Change::added(const Hunk& hunk) const {
    return files[hunk.file].new_side.content.lines(hunk.new_start, hunk.new_lines);
}

} // namespace stanch::commits
