// From a TOML file to rules, before anything is extended. See catalog.h.
#pragma once

#include "catalog/catalog.h"
#include "core/config.h"

namespace stanch::catalog {

// [extend]
struct Extend {
    bool use_default = false;
    std::string path;
    std::vector<std::string> disabled_rules;
    std::string where;
};

struct RuleFile {
    Extend extend;
    RuleSet set;
};

Result<RuleFile> read_rule_file(std::string_view text, const std::string& name);

} // namespace stanch::catalog
