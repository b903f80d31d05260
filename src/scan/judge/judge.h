// The judge: whether a match is a secret, how sure that is, and why, in words that a person can
// check.
#pragma once

#include "catalog/checksum.h"
#include "core/finding.h"
#include "scan/match/search.h"

#include <optional>

namespace stanch::scan {

struct Case {
    const CompiledRule& rule;
    std::string_view text; // the content, or what was decoded from it
    Match match;
    std::string_view path;
    std::string_view commit;
};

struct Judgement {
    Confidence confidence = Confidence::low;
    double probability = 0;
    double entropy = 0;
    std::string why;
    std::string name; // what the value is assigned to
};

// nullopt: no secret.
std::optional<Judgement> judge(const Case& it);

// Whether an allowlist of its rule (or a global one) holds for it.
bool allowlisted(const Case& it);

// What to do about a secret of this rule: one sentence.
std::string next_step(const catalog::Rule& rule);

// Whether a rule says only "some secret": its finding gives way to any other of the same bytes.
bool generic(const catalog::Rule& rule);

} // namespace stanch::scan
