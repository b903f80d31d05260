// Which part must come before which, and how far a group of hunks stands on its own feet.
#pragma once

#include "commits/plan.h"

#include <cstdint>
#include <vector>

namespace stanch::commits {

// needs[i]: hunks that must not come later than hunk i, because i uses what they bring, or they let
// go of what i takes away. Only names that are rare enough to mean the same thing.
std::vector<std::vector<std::uint32_t>> hunk_needs(const Change& change, const Facts& facts);

// Groups in an order that breaks the fewest needs; equal ones stay in the order of their first
// hunks.
std::vector<std::uint32_t> order_groups(const std::vector<std::vector<std::uint32_t>>& needs,
                                        const std::vector<std::uint32_t>& group,
                                        std::size_t groups);

// Moves and joins until every part's state of the tree parses, and its imports of changed modules
// resolve, wherever both ends of the change do. `group` is [hunk]: position of its part; positions
// stay without gaps.
void keep_whole(const Change& change, const Facts& facts, std::vector<std::uint32_t>& group,
                std::size_t& groups);

} // namespace stanch::commits
