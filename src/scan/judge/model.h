// The model of context: how likely a value is a secret, judged by itself, its name and what stands
// around it.
//
// A logistic regression over the features of features.h. It decides where a rule knows nothing of
// its value's form (tag "generic"); a token with a mark of its own needs no such guess. Pure and
// thread-safe.
#pragma once

#include "scan/judge/features.h"
#include "scan/pattern/regex.h"

#include <string_view>

namespace stanch::scan {

// Below this probability a value is not reported.
constexpr double least_probability = 0.5;

// Cuts the evidence for `secret`, which stands in the match `whole`, out of the text.
Evidence evidence_of(std::string_view text, const Range& whole, const Range& secret,
                     std::string_view path);

// 0 to 1.
double probability_of_secret(const Evidence& evidence);

} // namespace stanch::scan
