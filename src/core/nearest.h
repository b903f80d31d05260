// "Did you mean …?": the known word nearest to one that a person typed.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace stanch {

// The candidate with the smallest edit distance (Levenshtein), or an empty view where none is near:
// the distance may be at most 2, and at most a third of the word's length.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

} // namespace stanch
