// From judged matches to findings: composite rules, precedence, positions.
#pragma once

#include "scan/engine.h"
#include "scan/judge/judge.h"
#include "scan/match/layer.h"

#include <vector>

namespace stanch::scan {

// A match that was judged a secret.
struct Accepted {
    const CompiledRule* rule = nullptr;
    const Layer* layer = nullptr;
    Match match; // in the layer's text
    Judgement judgement;
    Range whole;  // in the content: of the encoded text where it is decoded
    Range secret; // likewise
};

// Takes out what composite rules do not find their second half for, parts that are not to be
// reported, and findings that another one says better; sorts the rest by place.
void settle(std::string_view content, std::vector<Accepted>& accepted);

void append_findings(const Content& content, const std::vector<Accepted>& accepted,
                     std::vector<Finding>& findings);

// The finding of a rule that looks at paths only: as gitleaks has it, the match says so, and there
// is no secret.
Finding path_finding(const catalog::Rule& rule, std::string_view path);

} // namespace stanch::scan
