// The first stage of a rule: short patterns of which every match of its expression contains one.
//
// What a scan of a whole disk runs is not the rule but this: no captures, no assertions but \b, a
// bounded width, and runs cut to what is needed to be rare ("sk_live_[A-Za-z0-9]{24,247}" becomes
// sixteen characters behind the prefix). A window that holds the match holds the pattern, so
// scanning windows equals scanning everything.
#pragma once

#include "scan/pattern/tree.h"

#include <string>

namespace stanch::scan {

struct FirstStage {
    std::vector<std::string> patterns; // for hs_compile with no flags
    // The literal that must occur, of the worst pattern: 0 means that every byte is a candidate.
    std::size_t literal = 0;
    std::size_t width = 0; // the widest pattern, in bytes
    // No match starts more than `back` bytes before the end of the first pattern in it; no match is
    // longer than `reach`. Both at most longest_match: an unbounded expression is cut there.
    std::size_t back = 0;
    std::size_t reach = 0;
};

inline constexpr std::size_t longest_match = std::size_t{16} << 10;
inline constexpr std::size_t widest_pattern =
    254; // Matcher::margin less a byte of context on each side

FirstStage derive_first_stage(const Tree& tree);

// The length of the longest run of bytes (in one case or both) of which every text of `tree` has
// one.
std::size_t literal_of(const Tree& tree);

// `tree` as an expression for hs_compile.
std::string to_pattern(const Tree& tree);

} // namespace stanch::scan
