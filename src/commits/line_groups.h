// Within a hunk: groups of lines that can stand without each other, and a change whose hunks are
// cut into them.
//
// Git joins whatever has no unchanged line between: two functions added one below the other, two
// entries of a list, two lines changed side by side. Lines added or removed are cut where a block
// of the hunk's own indentation begins behind a blank line, before a definition or a list's entry,
// and around imports; lines replaced one by one are cut between any two pairs that are alike. What
// a piece needs to parse is seen to later, as for whole hunks (keep_whole).
#pragma once

#include "commits/history.h"
#include "commits/untangle.h"

#include <cstdint>
#include <vector>

namespace stanch::commits {

// The pieces of a hunk, in their order; the hunk itself where it can't be cut.
std::vector<Hunk> line_groups(const Change& change, const Hunk& hunk);

// The same change with these of its hunks cut into their line groups.
struct CutChange {
    Change change;
    std::vector<std::uint32_t> from; // [new hunk]: which hunk it was
};
CutChange cut_hunks(const Change& change, const std::vector<bool>& which);

// A change, its facts, and what belongs together: whole hunks are put into parts first, then those
// are cut whose line groups are clearly nearer to different parts, and only those.
struct Separated {
    Change change;
    Facts facts;
    Partition partition;
};
Separated untangle_lines(const Change& change, const History& history);

} // namespace stanch::commits
