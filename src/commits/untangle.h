// Which hunks of a change belong together.
#pragma once

#include "commits/board.h"
#include "commits/change.h"
#include "commits/facts.h"

#include <cstdint>
#include <vector>

namespace stanch::commits {

struct Partition {
    std::vector<std::uint32_t> group; // [hunk], numbered from 0 in the order of their first hunks
    std::size_t groups = 0;
    bool ambiguous = false; // another number of groups was judged about as good
};

// What is more likely before anybody looks. Who asks for a split has a tangle, mostly; of changes
// at large, most are none.
enum class Leaning { apart, whole };

// Never fails; a change of one hunk is one group. Deterministic.
Partition untangle(const Change& change, const Facts& facts, Leaning leaning = Leaning::apart);

// All pairs of so many units are weighed in some 50 ms.
constexpr std::size_t most_units = 140;

// How much each pair of hunks belongs together, with all others in view: log-odds. For at most
// most_units hunks.
Similarity weigh_hunks(const Change& change, const Facts& facts);

// A change with so many units that all pairs would take too long is looked at more coarsely: hunks
// of one definition, one file or one directory count as one. `unit` says which unit each hunk went
// to.
struct Coarse {
    Change change; // units in place of hunks, without contents
    Facts facts;
    std::vector<std::uint32_t> unit;
};
Coarse coarsen(const Change& change, const Facts& facts, std::size_t most);

} // namespace stanch::commits
