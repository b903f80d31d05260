// The second and third model's features for the trainer, as a library that Python's ctypes loads.
#include "commits/stack.h"
#include "commits/features.h"

#include <algorithm>

using namespace stanch::commits;

namespace {

Board board_of(std::uint32_t count, const std::uint32_t* file, const std::uint32_t* place,
               const float* lines, const std::uint8_t* kind, const float* pairs) {
    Board board;
    board.count = count;
    board.file.assign(file, file + count);
    board.place.assign(place, place + count);
    board.lines.assign(lines, lines + count);
    board.kind.assign(kind, kind + count);
    board.pairs.assign(pairs,
                       pairs + std::size_t{count} * (count - 1) / 2 * feature_names().size());
    return board;
}

Similarity similarity_of(std::uint32_t count, const float* values) {
    Similarity similarity(count);
    for (std::uint32_t i = 0; i < count; ++i)
        for (std::uint32_t j = i + 1; j < count; ++j)
            similarity.set(i, j, *values++);
    return similarity;
}

} // namespace

extern "C" {

std::uint32_t untangle_stack_width() {
    return static_cast<std::uint32_t>(stack_width());
}
std::uint32_t untangle_partition_width() {
    return static_cast<std::uint32_t>(partition_width());
}

// `values`: the first model's answers, a pair each. `out`: stack_width() floats a pair.
void untangle_stack(std::uint32_t count, const std::uint32_t* file, const std::uint32_t* place,
                    const float* lines, const std::uint8_t* kind, const float* pairs,
                    const float* values, float* out) {
    const auto rows = stack_features(board_of(count, file, place, lines, kind, pairs),
                                     similarity_of(count, values));
    std::ranges::copy(rows, out);
}

// `values`: the second model's answers. `out`: partition_width() floats for 1 to most_groups
// groups; `parts`: the group of each hunk in each of these partitions.
void untangle_partitions(std::uint32_t count, const std::uint32_t* file, const std::uint32_t* place,
                         const float* lines, const std::uint8_t* kind, const float* pairs,
                         const float* values, float* out, std::uint32_t* parts) {
    const Similarity second = similarity_of(count, values);
    const auto merges = average_linkage(second);
    const auto rows =
        partition_features(board_of(count, file, place, lines, kind, pairs), second, merges);
    std::ranges::copy(rows, out);
    for (std::size_t groups = 1; groups <= std::min<std::size_t>(count, most_groups); ++groups)
        parts = std::ranges::copy(cut(merges, count, groups), parts).out;
}
}
