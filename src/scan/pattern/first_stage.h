// The first stage of a rule: literals of which every match of its expression holds one, and what
// must stand around each of them.
//
// What a scan of a whole disk runs is not the rule but this. All literals of all rules are looked
// for in one pass; at each, the probe asks for what the expression needs next to it: sixteen hex
// digits at once, or a run of thirty-two within seventy-six bytes. "sk_live_[A-Za-z0-9]{24,247}"
// becomes "sk_live_" and 24 letters or digits right behind it;
// "(?i:datadog)…(?:key|token)…[a-f0-9]{32}" becomes "datadog", in any case, and that run not far
// behind it. Hardly anything but a match passes, and a window that holds the match holds all that
// the probe looks at: scanning windows equals scanning everything.
//
// A user's rule may have no literal ("[a-f0-9]{40}"); then a pattern takes its place, at its price.
#pragma once

#include "scan/pattern/automaton_union.h"
#include "scan/pattern/tree.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace stanch::scan {

// `count` bytes of `set` in a row.
struct Run {
    ByteSet set;
    std::size_t count = 0;
    std::size_t latest = 0; // it starts at most so far behind the literal's end
    ByteSet between;        // what may stand between the literal and it

    friend bool operator==(const Run&, const Run&) = default;
};

struct Anchor {
    std::string
        text; // the literal, in lower case where `any_case`; or an expression for hs_compile
    bool any_case = false;
    bool expression = false; // then nothing is probed
    bool edge = false;       // no letter, digit or '_' before the literal
    Run before;              // before it, `latest` back from its begin; count 0: nothing
    std::vector<Run> behind; // in this order, one after the other
    // Long runs of base64's alphabets are looked for anyway (decode/runs.h), and they are rare: a
    // literal that every match has at one needs no search of its own.
    enum class Place : std::uint8_t {
        anywhere,
        in_run,      // its end is a part of a run of twenty: most prefixes of tokens
        before_run,  // a run of thirty-two begins, or goes on, at most `near_by` bytes behind it
        before_word, // likewise a run of twenty, in which twenty in a row are letters and digits
    };
    Place place = Place::anywhere;
    Run span; // that run, from the literal's end on; count 0: none
    // Of literals that are found often, instead of the runs. Forward it reads so far that all that
    // is looked at is at most widest_probe; backward `look_back` bytes.
    Reading forward;
    Reading backward;
    std::size_t look_back = 0;
};

struct FirstStage {
    std::vector<Anchor> anchors;
    std::size_t literal = 0; // the length of the shortest literal; 0: there is an expression
    // No match starts more than `back` bytes before the end of what the first anchor in it was
    // probed for; no match is longer than `reach`. Both at most longest_match: an unbounded
    // expression is cut there.
    std::size_t back = 0;
    std::size_t reach = 0;
    // Nor does one start more than `lead` bytes before that anchor's literal.
    std::size_t lead = 0;
};

inline constexpr std::size_t longest_match = std::size_t{16} << 10;
inline constexpr std::size_t near_by = 100;
inline constexpr std::size_t long_run = 20;
inline constexpr std::size_t longer_run = 32;
inline constexpr std::size_t shortest_literal = 3; // below, a pattern does better
inline constexpr std::size_t longest_near_word = 32;
inline constexpr std::size_t widest_probe =
    254; // Matcher::margin less a byte of context on each side

FirstStage derive_first_stage(const Tree& tree);

// Sequences in sequences and groups taken once dissolve; what is empty goes.
std::vector<Tree> flattened(const Tree& tree);

// `tree` as an expression for hs_compile.
std::string to_pattern(const Tree& tree);

// The best pattern for a sequence of parts without a literal: short, and at most widest_probe wide.
std::string best_pattern(const std::vector<Tree>& parts);

} // namespace stanch::scan
