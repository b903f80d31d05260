// What may stand around a literal, as a table: read on from the literal, it says within a few bytes
// that no match goes on there.
//
// A literal like "key" is found everywhere; "key", up to a name's end, an operator and a quote is
// not. The expression's tree is made coarser (a repetition of many times is one without end), taken
// as an automaton over bytes, started wherever it can be right behind the literal, and made
// deterministic. It accepts more than the expression, never less. Read backwards, likewise, for
// what stands before the literal.
#pragma once

#include "scan/pattern/text_set.h"
#include "scan/pattern/tree.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace stanch::scan {

struct Automaton {
    static constexpr std::uint16_t dead = 0;     // nothing that goes on like this matches
    static constexpr std::uint16_t accepted = 1; // a match, or no telling any more
    static constexpr std::size_t most_states = 512;

    std::array<std::uint8_t, 256> classes{}; // bytes that no state tells apart
    std::uint16_t width = 1;                 // how many classes there are
    std::vector<std::uint16_t> next;         // next[state * width + class]
};

enum class Direction : std::uint8_t { forward, backward };

// An automaton for `parts` in a row, and for each of `texts`, which stand somewhere in
// parts[first, last), the state that it is in behind the text (before it, reading backwards).
struct Started {
    Automaton automaton;
    std::vector<std::uint16_t> starts;
};
Started automaton_of(const std::vector<Tree>& parts, std::size_t first, std::size_t last,
                     const TextSet& texts, Direction direction);

} // namespace stanch::scan
