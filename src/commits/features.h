// What two hunks have to do with each other, as numbers: the model's input.
#pragma once

#include "commits/facts.h"

#include <span>
#include <string_view>
#include <vector>

namespace stanch::commits {

// Names of the numbers, in their order. tools/untangle learns by position; a change here needs a
// new training.
std::span<const std::string_view> feature_names();

// The position of a name that is there.
std::size_t feature_column(std::string_view name);

// Numbers for every pair i < j, row by row: (0,1), (0,2), …, (1,2), …
std::vector<float> pair_features(const Change& change, const Facts& facts);

// The position of a pair in such a list of `count` hunks; i != j.
std::size_t pair_index(std::size_t i, std::size_t j, std::size_t count);

} // namespace stanch::commits
