// A change as the model sees it: one entry a hunk, and the numbers of every pair.
#pragma once

#include "commits/change.h"
#include "commits/facts.h"

#include <cstdint>
#include <span>
#include <vector>

namespace stanch::commits {

struct Board {
    std::size_t count = 0;            // of hunks
    std::vector<std::uint32_t> file;  // [hunk]
    std::vector<std::uint32_t> place; // [hunk]: its directory's number
    std::vector<float> lines;         // [hunk]
    std::vector<std::uint8_t> kind;   // [hunk]: FileKind
    std::vector<float> pairs;         // pair_features()
};

Board make_board(const Change& change, const Facts& facts);

// A symmetric matrix of similarities, in log-odds: above 0, two hunks rather belong together.
class Similarity {
  public:
    Similarity() = default;
    explicit Similarity(std::size_t count) : count_(count), values_(count * count) {}
    [[nodiscard]] std::size_t count() const { return count_; }
    [[nodiscard]] float at(std::size_t i, std::size_t j) const { return values_[i * count_ + j]; }
    [[nodiscard]] const float* row(std::size_t i) const { return values_.data() + i * count_; }
    void set(std::size_t i, std::size_t j, float value) {
        values_[i * count_ + j] = values_[j * count_ + i] = value;
    }

  private:
    std::size_t count_ = 0;
    std::vector<float> values_;
};

} // namespace stanch::commits
