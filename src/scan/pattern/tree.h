// A regular expression as a tree over bytes: what the first stage is derived from.
//
// Reads the syntax that RE2 and PCRE2 share (github.com/google/re2/wiki/Syntax, pcre2pattern(3))
// and what only PCRE2 has as far as it matters here. The tree may accept more than the expression
// does, never less: assertions vanish, a back reference may be anything. It is not what matches in
// the end.
#pragma once

#include "core/result.h"

#include <bitset>
#include <cstddef>
#include <limits>
#include <string_view>
#include <vector>

namespace stanch::scan {

using ByteSet = std::bitset<256>;

inline constexpr std::size_t unbounded = std::numeric_limits<std::size_t>::max();

struct Tree {
    enum class Kind {
        empty,    // also an assertion
        bytes,    // one byte of `set`
        sequence, // `parts` in a row
        choice,   // one of `parts`
        repeat,   // parts[0], `least` to `most` times
        edge,     // \b
        inside,   // \B
        start,    // ^ and \A
    };
    Kind kind = Kind::empty;
    ByteSet set;
    std::vector<Tree> parts;
    std::size_t least = 0;
    std::size_t most = 0;
};

// In bytes; `most` may be `unbounded`.
struct Width {
    std::size_t least = 0;
    std::size_t most = 0;
};
Width width_of(const Tree& tree);

struct Expression {
    Tree tree;
    std::size_t groups = 0;  // capturing ones
    bool only_pcre = false;  // look-around, back references, atomic groups, possessive quantifiers
    bool characters = false; // names characters outside ASCII: matches UTF-8, not bytes
};

// Errors say what is wrong and at which byte of the expression (where = "at 7").
Result<Expression> parse_expression(std::string_view text);

} // namespace stanch::scan
