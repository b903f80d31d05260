// Where a human eye is needed most: the hunks of a change in the order of their risk.
//
// Rules over added lines, and over removed ones where a safeguard goes: no model, so that each
// answer says why.
#pragma once

#include "commits/change.h"
#include "commits/facts.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stanch::commits {

struct Reason {
    std::string rule;       // "subprocess"
    std::string what;       // "starts a program"
    std::uint32_t line = 0; // of the new side, or of the old one for what was removed
    int weight = 0;
};

struct Risk {
    std::uint32_t hunk = 0;
    int score = 0;               // 0 and more; from 6 on high, from 3 on medium
    std::vector<Reason> reasons; // heaviest first
};

enum class RiskLevel { low, medium, high };
RiskLevel level_of(const Risk& risk);
std::string_view to_string(RiskLevel level);

// Every hunk, the riskiest first; equal ones in the order of the change.
std::vector<Risk> review(const Change& change, const Facts& facts);

} // namespace stanch::commits
