#include "git/tree_entries.h"

#include "git/object.h"

#include <algorithm>

namespace stanch::git {

// False at the tree's end, and where it is damaged.
bool TreeEntries::take_one(std::string_view content, std::size_t id_size) {
    const std::uint32_t begin = starts_.back();
    TreeCursor cursor(content.substr(begin), id_size);
    TreeEntry entry;
    if (!cursor.next(entry)) {
        damaged_ = cursor.damaged();
        return false;
    }
    starts_.push_back(begin + static_cast<std::uint32_t>(cursor.offset()));
    return true;
}

void TreeEntries::read(std::string_view content, std::size_t id_size) {
    starts_.assign(1, 0);
    copied_.clear();
    damaged_ = content.size() > ~std::uint32_t{0};
    while (!damaged_ && take_one(content, id_size)) {
    }
}

// All entries of the base that the run has whole, from the one that stands where we are.
bool TreeEntries::take_over(const TreeEntries& base, const CopyRun& run) {
    const std::uint32_t begin = starts_.back();
    const std::uint64_t from = begin - run.to + run.from;
    const auto& starts = base.starts_;
    const auto first = std::ranges::lower_bound(starts, from);
    if (first == starts.end() || *first != from) return false;
    const auto last = std::prev(std::upper_bound(first, starts.end(), run.from + run.size));
    if (last == first) return false;
    copied_.push_back({size(), static_cast<std::uint32_t>(last - first),
                       static_cast<std::uint32_t>(first - starts.begin())});
    const auto moved = static_cast<std::uint32_t>(begin - from); // modulo 2^32
    const std::size_t before = starts_.size();
    starts_.resize(before + static_cast<std::size_t>(last - first));
    std::transform(first + 1, last + 1, starts_.begin() + static_cast<std::ptrdiff_t>(before),
                   [moved](std::uint32_t start) { return start + moved; });
    return true;
}

void TreeEntries::read(std::string_view content, std::size_t id_size, const TreeEntries& base,
                       std::span<const CopyRun> copies) {
    starts_.assign(1, 0);
    copied_.clear();
    damaged_ = content.size() > ~std::uint32_t{0};
    auto run = copies.begin();
    while (!damaged_ && starts_.back() < content.size()) {
        while (run != copies.end() && run->to + run->size <= starts_.back())
            ++run;
        const bool inside = run != copies.end() && run->to <= starts_.back();
        if (inside && take_over(base, *run)) continue;
        if (!take_one(content, id_size)) return;
    }
}

} // namespace stanch::git
