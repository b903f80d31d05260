// Holds rules to their own examples, through the engine that will run them.
#pragma once

#include "catalog/catalog.h"

namespace stanch::rulec {

// Everything wrong: an example that its rule does not find, a counter-example that some rule does
// find, a field that is missing, a first stage that is too broad. One line each, with the rule and
// where it stands.
Result<std::vector<std::string>> check(const catalog::RuleSet& rules);

} // namespace stanch::rulec
