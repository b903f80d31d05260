// What each rule costs a scan, and whether that is within bounds; see docs/rules.md.
#pragma once

#include "catalog/catalog.h"

#include <string>

namespace stanch::rulec {

inline constexpr double dearest_rule = 0.2; // s/GB, both stages
// GB/s, the first stage with all rules. The aim is 1; what is reached today is kept from here on.
inline constexpr double slowest_engine = 0.9;

struct PriceList {
    std::string table; // the dearest rule first
    std::vector<std::string> complaints;
};

Result<PriceList> price(const catalog::RuleSet& rules);

} // namespace stanch::rulec
