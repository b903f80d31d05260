// The texts of a tree, where they are few: what literals are made of.
#pragma once

#include "scan/pattern/tree.h"

#include <optional>
#include <string>
#include <vector>

namespace stanch::scan {

struct Text {
    std::string bytes; // letters in lower case where `any_case`
    bool any_case = false;

    friend bool operator==(const Text&, const Text&) = default;
};
using TextSet = std::vector<Text>;

inline constexpr std::size_t most_texts = 40;

// All texts that the tree can be; nullopt: too many. Assertions count as empty.
std::optional<TextSet> texts_of(const Tree& tree);

// Each of `heads` with each of `tails`; nullopt: too many.
std::optional<TextSet> joined(const TextSet& heads, const TextSet& tails);

// The share of a byte in source code and prose, roughly.
double byte_share(unsigned char c);

// How surprising the least surprising of the texts is in ordinary text, in bits, less what it costs
// to look for many.
double rarity(const TextSet& texts);

// How surprising a run of `count` bytes of a set is.
double rarity(const ByteSet& set, std::size_t count);

} // namespace stanch::scan
