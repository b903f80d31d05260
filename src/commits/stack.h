// The second and third look: numbers of a pair that need all other pairs, and numbers of a whole
// partition.
//
// The first model weighs each pair alone. The second sees what the first said of their neighbours:
// whether i and j agree about every third hunk, and how near they come in a clustering. The third
// judges partitions: of the cuts of one dendrogram, which is most like what people commit.
#pragma once

#include "commits/board.h"
#include "commits/linkage.h"

#include <cstdint>
#include <span>
#include <vector>

namespace stanch::commits {

// Columns of a row of the second model; it begins with these, then come the `carried` columns of
// the first.
std::size_t stack_width();
// For every pair i < j, row by row. `first` holds the first model's answers.
std::vector<float> stack_features(const Board& board, const Similarity& first);

// Partitions into one to this many groups are judged.
constexpr std::size_t most_groups = 6;

std::size_t partition_width();
// One row for each number of groups from 1 to min(count, most_groups). `second` holds the second
// model's answers, `merges` their dendrogram.
std::vector<float> partition_features(const Board& board, const Similarity& second,
                                      const std::vector<Merge>& merges);

} // namespace stanch::commits
