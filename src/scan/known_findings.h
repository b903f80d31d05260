// Known values as findings.
#pragma once

#include "core/finding.h"
#include "scan/engine.h"
#include "scan/known.h"
#include "scan/known_digests.h"

#include <string_view>
#include <vector>

namespace stanch::scan {

inline constexpr std::string_view known_rule = "known-value";

// Appends a finding for each known value in the content, by offset; of two that cover each other,
// the longer one. Path and provenance are left to the caller. A rule's finding of the same bytes
// among those from `first` on gives way: that a value is in use says more than its form.
void find_known(const KnownValues& known, const Content& content, std::size_t first,
                std::vector<Finding>& findings);

void find_known(const KnownDigests& known, const Content& content, std::size_t first,
                std::vector<Finding>& findings);

} // namespace stanch::scan
