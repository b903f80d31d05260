#include "commits/model.h"

#include "commits/features.h"
#include "commits/stack.h"

#include <span>

namespace stanch::commits {
namespace {

// A child below 0 is a leaf: -1 is the first.
struct Split {
    std::uint16_t feature;
    std::int16_t left; // where the value is at most the threshold
    std::int16_t right;
    float threshold;
};

#include "commits/weights/pair.inc"
#include "commits/weights/partition.inc"
#include "commits/weights/stack.inc"

struct Forest {
    std::span<const Split> splits;
    std::span<const float> leaves;
    std::span<const std::int32_t> roots;

    [[nodiscard]] float answer(const float* row) const {
        float sum = 0;
        for (std::int32_t at : roots) {
            while (at >= 0) {
                const Split& split = splits[static_cast<std::size_t>(at)];
                at = row[split.feature] <= split.threshold ? split.left : split.right;
            }
            sum += leaves[static_cast<std::size_t>(-at - 1)];
        }
        return sum;
    }
};

constexpr Forest pair_forest{pair_splits, pair_leaves, pair_roots};
constexpr Forest stack_forest{stack_splits, stack_leaves, stack_roots};
constexpr Forest partition_forest{partition_splits, partition_leaves, partition_roots};

Similarity weigh(const Forest& forest, std::size_t count, const std::vector<float>& rows,
                 std::size_t width) {
    Similarity out(count);
    const float* row = rows.data();
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = i + 1; j < count; ++j, row += width)
            out.set(i, j, forest.answer(row));
    return out;
}

} // namespace

Similarity weigh_pairs(const Board& board) {
    return weigh(pair_forest, board.count, board.pairs, feature_names().size());
}

Similarity weigh_stack(const Board& board, const Similarity& first) {
    return weigh(stack_forest, board.count, stack_features(board, first), stack_width());
}

std::vector<float> judge_partitions(const Board& board, const Similarity& second,
                                    const std::vector<Merge>& merges) {
    const std::vector<float> rows = partition_features(board, second, merges);
    std::vector<float> worth;
    for (std::size_t at = 0; at < rows.size(); at += partition_width())
        worth.push_back(partition_forest.answer(rows.data() + at));
    return worth;
}

} // namespace stanch::commits
