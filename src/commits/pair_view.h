// What the numbers of a pair are worked out from, and the functions that do it, a subject each.
#pragma once

#include "commits/facts.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace stanch::commits {

// Words of both, in one pass.
template <class A, class B, class Each>
void meet(const A& a, const B& b, Each each) {
    auto i = a.begin();
    auto j = b.begin();
    const auto key = [](const auto& entry) {
        if constexpr (requires { entry.first; })
            return entry.first;
        else
            return entry;
    };
    while (i != a.end() && j != b.end()) {
        if (key(*i) < key(*j))
            ++i;
        else if (key(*j) < key(*i))
            ++j;
        else
            each(*i++, *j++);
    }
}

// The sum over the words of both: each one's counts and the square of its weight.
inline float shared_weight(const Bag& a, const Bag& b, const std::vector<float>& weight) {
    float sum = 0;
    meet(a, b, [&](const auto& x, const auto& y) {
        sum += x.second * y.second * weight[x.first] * weight[x.first];
    });
    return sum;
}

inline float ratio(float value, float whole) {
    return whole > 0 ? value / whole : 0.0F;
}

// A hunk with what every comparison needs.
struct Measured {
    float all_rarity = 0;
    float all_background = 0;
    float all_both = 0;
    float changed_both = 0;
    float changed_rarity = 0;
    float parts = 0;
    float changed_parts = 0;
    float context = 0;
    float topics = 0;
    float echoes = 0;
    float exact = 0;
    float shape = 0;
    float body = 0;
    float scope = 0;
    float lines = 0;
    float balance = 0;
    std::uint32_t rank = 0; // among its file's hunks
    std::uint32_t middle = 0;
};

// A change, its facts, and what is worked out once.
struct PairView {
    PairView(const Change& change, const Facts& facts);

    const Change& change;
    const Facts& facts;
    std::vector<float> both; // [word]: rarity among the hunks and in the files around, as one
    std::vector<Measured> measured;
    float lines = 0; // ln(1 + changed lines)
    float changelog_hunks = 0;
};

// Where the numbers go, one behind the other.
class Row {
  public:
    explicit Row(float* next) : next_(next) {}
    void put(float value) { *next_++ = value; }
    void put(bool value) { *next_++ = value ? 1.0F : 0.0F; }
    void put_ordered(float a, float b) {
        put(std::max(a, b));
        put(std::min(a, b));
    }

  private:
    float* next_;
};

// In the order of feature_names().
void fill_words(const PairView& view, std::size_t i, std::size_t j, Row& row);
void fill_names(const PairView& view, std::size_t i, std::size_t j, Row& row);
void fill_place(const PairView& view, std::size_t i, std::size_t j, Row& row);
void fill_paths(const PairView& view, std::size_t i, std::size_t j, Row& row);
void fill_kinds(const PairView& view, std::size_t i, std::size_t j, Row& row);
void fill_history(const PairView& view, std::size_t i, std::size_t j, Row& row);
void fill_edits(const PairView& view, std::size_t i, std::size_t j, Row& row);
void fill_sizes(const PairView& view, std::size_t i, std::size_t j, Row& row);
// Behind what needs all pairs (see pair_features()).
void fill_past(const PairView& view, std::size_t i, std::size_t j, Row& row);
void fill_files(const PairView& view, std::size_t i, std::size_t j, Row& row);
void fill_change(const PairView& view, Row& row);
void fill_calls(const PairView& view, std::size_t i, std::size_t j, Row& row);
void fill_looks(const PairView& view, std::size_t i, std::size_t j, Row& row);
void fill_style(const PairView& view, std::size_t i, std::size_t j, Row& row);

} // namespace stanch::commits
