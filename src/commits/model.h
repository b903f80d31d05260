// The trained ensembles of trees: tables that tools/untangle/train.py writes, compiled in.
#pragma once

#include "commits/board.h"
#include "commits/linkage.h"

#include <vector>

namespace stanch::commits {

// Log-odds that one commit wrote both hunks, from each pair alone.
Similarity weigh_pairs(const Board& board);
// The same, with all other pairs in view.
Similarity weigh_stack(const Board& board, const Similarity& first);
// [groups - 1]: what the partition into so many groups is worth: the mean of expected accuracy and
// expected adjusted Rand index.
std::vector<float> judge_partitions(const Board& board, const Similarity& second,
                                    const std::vector<Merge>& merges);

} // namespace stanch::commits
