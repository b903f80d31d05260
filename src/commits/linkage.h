// Average linkage: the two groups whose members are nearest on average become one, again and again.
#pragma once

#include "commits/board.h"

#include <cstdint>
#include <vector>

namespace stanch::commits {

struct Merge {
    float similarity = 0; // the average over both groups' pairs
    std::uint32_t into = 0;
    std::uint32_t from = 0; // groups are called by their smallest hunk
};

// count - 1 merges, nearest first. O(count²) time on the usual input.
std::vector<Merge> average_linkage(const Similarity& similarity);

// [hunk]: its group, numbered from 0 in the order of their first hunks, after all but `groups - 1`
// merges.
std::vector<std::uint32_t> cut(const std::vector<Merge>& merges, std::size_t count,
                               std::size_t groups);

} // namespace stanch::commits
