// What each rule costs a scan, and whether that is within bounds; see docs/rules.md.
#pragma once

#include "catalog/catalog.h"

#include <string>

namespace stanch::rulec {

inline constexpr double dearest_rule = 0.2;   // s/GB, both stages
inline constexpr double slowest_engine = 1.0; // GB/s, the first stage with all rules

struct PriceList {
    std::string table; // the dearest rule first
    std::vector<std::string> complaints;
};

Result<PriceList> price(const catalog::RuleSet& rules);

} // namespace stanch::rulec
