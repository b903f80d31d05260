// The second stage of one rule: from hits to matches.
//
// A rule's matches in a text are defined without hits: from the left, at the first byte where the
// expression matches within `reach` bytes, the match that RE2 prefers there; then on behind its
// end. search_rule() finds just these, in time that depends on the hits alone: every match has a
// hit whose literal begins at most `lead` bytes behind its start, so it is enough to try these
// starts for each hit, in ascending order.
#pragma once

#include "scan/match/rules.h"

#include <functional>
#include <span>

namespace stanch::scan {

struct Match {
    Range whole;
    Range secret;
};

// `hits`: of this rule. False where a match limit was met.
bool search_rule(const CompiledRule& rule, std::string_view text, std::span<const Hit> hits,
                 const std::function<void(const Match&)>& found);

// The secret of a match: the rule's group, else the first group that took part and isn't empty,
// else all.
Match match_of(const CompiledRule& rule, std::string_view text, const std::vector<Range>& groups);

} // namespace stanch::scan
